/**
 * The timeline: where we are in the day, and where it is worth going.
 */
import { button, el, icon, safeText, throttle } from "./dom.js";
import { LANES } from "./markers.js";
import { TIMELINE_BELOW, drawTimeline, markNear, timelineX } from "./timeline_drawing.js";

const TIMELINE_SHAPES = { bar: "M2 6h12v4H2z", circle: "M8 3a5 5 0 100 10A5 5 0 008 3", up: "M8 3l5.5 10h-11z", diamond: "M8 2l6 6-6 6-6-6z", cross: "M3.5 3.5l9 9M12.5 3.5l-9 9" };
const TIMELINE_COLOURS = {
  line: "--sp-line", muted: "--sp-muted", bar: "--sp-bar", barFaint: "--sp-bar-faint", accent: "--sp-accent", night: "--sp-night", talk: "--sp-talk",
  reflection: "--sp-reflection", volunteering: "--sp-volunteering", conformity: "--sp-conformity", destruction: "--sp-destruction",
};

/**
 * What the shapes of the timeline mean; each is a button that looks for its kind.
 * @param {{store: any, jump(way: 1): void}} given
 */
export function createLegend({ store, jump }) {
  const keys = LANES.map((lane) =>
    button(`Next: ${lane.title.toLowerCase()}`, () => {
      store.set({ kind: lane.id });
      jump(1);
    }, { class: `sp-key sp-key-${lane.id}`, icon: el("span", {}, icon(TIMELINE_SHAPES[lane.shape]), lane.title), data: { lane: lane.id } }));
  return { element: el("div", { class: "sp-legend", role: "group", "aria-label": "Marks of the timeline" }, keys) };
}

/**
 * @param {object} given
 * @param {any} given.store
 * @param {{reel: any, parts: any}[]} given.sides
 * @param {() => number} given.last
 * @param {(tick: number) => void} given.seek
 * @param {(what: {event: number}) => void} given.select
 */
export function createTimeline({ store, sides, last, seek, select }) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { class: "sp-time-canvas", "aria-hidden": "true" }));
  const head = el("div", { class: "sp-time-head", "aria-hidden": "true" });
  const tip = el("div", { class: "sp-time-tip", hidden: true });
  const range = /** @type {HTMLInputElement} */ (el("input", { class: "sp-time-range", type: "range", min: "0", max: String(last()), step: "1", value: "0", "aria-label": "Moment" }));
  const element = el("div", { class: "sp-time" }, canvas, head, range, tip);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let width = 0;
  let height = 0;
  let known = "";
  const reel = () => sides[store.state.side]?.reel ?? sides[0].reel;
  const society = () => (sides[store.state.side] ?? sides[0]).parts.societyNow();

  const paint = throttle(() => {
    const box = element.getBoundingClientRect();
    if (box.width < 2) return;
    const dpr = Math.min(3, window.devicePixelRatio || 1);
    [width, height] = [box.width, box.height];
    canvas.width = Math.round(width * dpr);
    canvas.height = Math.round(height * dpr);
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    const style = getComputedStyle(element);
    const colours = Object.fromEntries(Object.entries(TIMELINE_COLOURS).map(([name, variable]) => [name, style.getPropertyValue(variable).trim() || "#888"]));
    const { agent, side } = store.state;
    drawTimeline(ctx, { width, height, reels: sides.map((one) => one.reel), societies: sides.map((one) => one.parts.societyNow()), last: last(), colours, agent, side });
    place();
  }, 120);
  let due = 0;
  /** Soon, in a task of its own: it may take a while. */
  const draw = () => {
    if (due) return;
    due = window.setTimeout(() => {
      due = 0;
      paint();
    }, 16);
  };
  const place = () => {
    const { tick } = store.state;
    head.style.transform = `translateX(${timelineX(tick, last(), width).toFixed(1)}px)`;
    head.style.height = `${Math.max(10, height - 14)}px`;
    if (range.max !== String(last())) range.max = String(last());
    if (Number(range.value) !== tick) range.value = String(tick);
  };
  const announce = throttle(() => range.setAttribute("aria-valuetext", reel().when(store.state.tick)), 500);
  const at = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const tickAt = (x) => Math.round(Math.max(0, Math.min(1, x / Math.max(1, width))) * last());
  const markAt = ({ x, y }) => (y >= height - TIMELINE_BELOW ? markNear(x, y, { width, height, reel: reel(), society: society(), last: last() }) : null);

  let held = false;
  const go = throttle((x) => seek(tickAt(x)), 30);
  element.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const mark = markAt(at(event));
    event.preventDefault();
    range.focus({ preventScroll: true });
    if (mark && mark.event >= 0) {
      select({ event: mark.event });
      if (mark.tick !== store.state.tick) seek(mark.tick);
      return;
    }
    held = true;
    element.setPointerCapture(event.pointerId);
    seek(tickAt(at(event).x));
  });
  element.addEventListener("pointermove", (event) => {
    const point = at(event);
    if (held) go(point.x);
    if (event.pointerType === "mouse" || held) timelineTip(tip, reel(), held ? null : markAt(point), tickAt(point.x), point.x, width);
  });
  for (const name of ["pointerup", "pointercancel"])
    element.addEventListener(name, () => {
      held = false;
      tip.hidden = true;
    });
  element.addEventListener("pointerleave", () => { if (!held) tip.hidden = true; });
  range.addEventListener("input", () => seek(Number(range.value)));
  const watcher = new ResizeObserver(() => draw());
  watcher.observe(element);

  return {
    element,
    /** What has changed. @param {Set<string>} changed */
    update(changed) {
      const arrived = sides.map((one) => (one.parts.societyNow() ? 1 : 0)).join();
      if (["grown", "agent", "side", "theme"].some((name) => changed.has(name)) || arrived !== known) draw();
      known = arrived;
      if (changed.has("tick") || changed.has("grown")) {
        place();
        announce();
      }
    },
    draw,
    destroy() {
      watcher.disconnect();
      window.clearTimeout(due);
      for (const one of [paint, announce, go]) one.cancel();
    },
  };
}

function timelineTip(tip, reel, mark, tick, x, width) {
  tip.hidden = false;
  const names = mark ? mark.agents.filter((agent) => agent >= 0).slice(0, 4).map((agent) => reel.agentName(agent)).join(", ") : "";
  tip.textContent = mark ? safeText([`${reel.when(mark.tick)} ${mark.lane.title}`, names, mark.text].filter(Boolean).join(" · "), 200) : reel.when(Math.min(tick, reel.last));
  const half = Math.min(tip.offsetWidth, width) / 2;
  tip.style.left = `${Math.max(half, Math.min(width - half, x))}px`;
}
