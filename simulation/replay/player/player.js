/**
 * The player: puts the map, the timeline, the panels and the keys together around one store.
 */
import { clockFirstSpeed, createClock } from "./clock.js";
import { compareTo, createCompare } from "./compare.js";
import { createControls } from "./controls.js";
import { el, safeText, throttle } from "./dom.js";
import { createHead } from "./head.js";
import { createHelp, listenToKeys } from "./keyboard.js";
import { eventOfId, keepLink, readLink } from "./links.js";
import { createLiveBar } from "./live_bar.js";
import { createMap } from "./map.js";
import { markersOf, nextMarker } from "./markers.js";
import { createPanels } from "./panels_host.js";
import { createParts } from "./parts.js";
import { createReel } from "./reel.js";
import { createStore, firstState } from "./state.js";
import { momentWords } from "./telling.js";
import { createLegend, createTimeline } from "./timeline.js";

const PLAYER_ANNOUNCE = 6000;

/**
 * Show one reel, or two in step, in an element.
 * @param {HTMLElement|ShadowRoot} root
 * @param {object[]} sources one or two; see `sources.js`
 * @param {{hash?: boolean, height?: number, theme?: "auto"|"light"|"dark", start?: {tick?: number, agent?: string, event?: string}, onMoment?: (tick: number, agent: string) => void}} [options]
 *   `hash`: the moment stands in the address of the page, which is the player's own
 * @returns {{ready: Promise<object>, seek(tick: number, agent?: string|number): void, destroy(): void}}
 */
export function mountPlayer(root, sources, options = {}) {
  const shell = el("div", { class: options.hash ? "sp sp-page" : "sp sp-cell" }, el("p", { class: "sp-loading", role: "status" }, "Opening …"));
  if (options.height) shell.style.height = `${options.height}px`;
  root.append(shell);
  /** @type {any} */
  let player = null;
  let gone = false;
  const ready = playerOpen(sources).then(
    (opened) => {
      if (gone) return null;
      player = playerMade(shell, opened, options);
      return player;
    },
    (error) => {
      shell.replaceChildren(el("p", { class: "sp-trouble sp-fatal", role: "alert" }, `This episode cannot be shown: ${safeText(error?.message ?? error, 300)}.`));
      throw error;
    },
  );
  ready.catch(() => {});
  return {
    ready,
    seek: (tick, agent) => void ready.then((made) => made?.seek(tick, agent), () => {}),
    destroy() {
      gone = true;
      player?.destroy();
      shell.remove();
    },
  };
}

async function playerOpen(sources) {
  return Promise.all(sources.slice(0, 2).map(async (source) => ({ source, core: await source.open() })));
}

function playerMade(shell, opened, options) {
  const root = el("div", { class: "sp-frame" });
  const reels = opened.map(({ core }) => createReel(core));
  const live = Boolean(opened[0].source.follow) && opened.length === 1;
  const tickMinutes = reels[0].core.clock.tickMinutes || 1;
  const store = createStore({ ...firstState(), theme: options.theme ?? playerTheme(), speed: clockFirstSpeed(tickMinutes), head: live, tick: live ? reels[0].last : 0 });
  const last = () => Math.max(...reels.map((reel) => reel.last));
  const clock = createClock(store, last, () => tickMinutes, live);
  const media = window.matchMedia?.("(prefers-color-scheme: dark)");
  const dark = () => (store.state.theme === "auto" ? Boolean(media?.matches) : store.state.theme === "dark");
  let frameAsked = 0;
  let frameLast = 0;
  const wake = () => {
    if (!frameAsked) frameAsked = requestAnimationFrame(frame);
  };
  const arrived = throttle((trouble) => store.set({ loaded: store.state.loaded + 1, ...(trouble ? { trouble } : {}) }), 60);
  const sides = opened.map(({ source }, side) => {
    const reel = reels[side];
    const parts = createParts(source, reel, arrived);
    const map = createMap({ reel, parts, store, side, clock, wake, gentle: !options.hash, others: reels, pick: (agent) => pick(side, agent),
      steered: (camera) => sides.forEach((other) => other.map !== map && other.map.mirror(camera)) });
    return { source, reel, parts, map };
  });
  const here = () => sides[store.state.side];

  const seek = (tick, agent) => {
    if (live) store.set({ head: false });
    clock.seek(tick);
    const chosen = typeof agent === "string" ? here().reel.agentIndex.get(agent) : agent;
    if (chosen !== undefined) select({ agent: chosen });
  };
  const select = ({ agent, event }) => {
    const { reel, map } = here();
    if (event !== undefined && event >= 0 && event < reel.count) {
      const whose = reel.agentOf(event);
      if (live) store.set({ head: false });
      clock.along = 0;
      store.set({ event, agent: agent ?? (whose >= 0 ? whose : store.state.agent), tick: reel.tickOf(event), playing: false });
    } else if (agent !== undefined) store.set({ agent: agent >= 0 && agent < reel.cast.length ? agent : -1, event: -1, follow: agent >= 0 && store.state.follow });
    requestAnimationFrame(() => map.show(store.state.agent));
  };
  const pick = (side, agent) => {
    compareTo(store, sides, side);
    select({ agent });
  };
  const jump = (way) => {
    const { reel, parts } = here();
    const { kind, tick, event, own, agent } = store.state;
    const mark = nextMarker(markersOf(reel, parts.societyNow(), kind), tick, event, way, own ? agent : -1);
    if (!mark) return void tell(`no ${way > 0 ? "later" : "earlier"} one`);
    if (mark.event >= 0) select({ event: mark.event });
    if (mark.tick !== store.state.tick) seek(mark.tick);
  };
  const step = (ticks) => {
    store.set({ playing: false });
    seek(store.state.tick + ticks);
  };

  const head = createHead({ store, sides, choose: (agent) => select({ agent }) });
  const compare = sides.length > 1 ? createCompare({ store, sides, seek }) : null;
  const stage = compare ? compare.element : el("section", { class: "sp-stage", "aria-label": "Map" }, sides[0].map.element);
  const timeline = createTimeline({ store, sides, last, seek, select });
  const controls = createControls({ store, clock, tickMinutes, acts: { step, jump } });
  const panels = createPanels(store, sides, { seek, select });
  const help = createHelp(() => store.set({ help: false }));
  const bar = live ? createLiveBar({ store, side: sides[0] }) : null;
  const trouble = el("p", { class: "sp-trouble sp-trouble-line", role: "alert", hidden: true });
  const spoken = el("div", { class: "sp-visually-hidden", role: "status", "aria-live": "polite" });
  const toast = el("p", { class: "sp-toast", role: "status", hidden: true });
  const foot = el("footer", { class: "sp-foot" }, controls.element, timeline.element, createLegend({ store, jump }).element);
  root.append(head.element, stage, foot, panels.element, help.element, trouble, toast, spoken);
  if (bar) head.element.after(bar.element);
  shell.replaceChildren(root);
  let toasted = 0;
  const tell = (text) => {
    toast.hidden = false;
    toast.textContent = text;
    window.clearTimeout(toasted);
    toasted = window.setTimeout(() => { toast.hidden = true; }, 1600);
  };

  const announce = throttle(() => {
    spoken.textContent = momentWords(here().reel, here().parts, store.state);
  }, PLAYER_ANNOUNCE);
  const settled = playerDebounce(() => {
    if (!store.state.playing) spoken.textContent = momentWords(here().reel, here().parts, store.state);
  }, 500);
  const moment = options.onMoment ? throttle(() => options.onMoment(store.state.tick, here().reel.cast[store.state.agent]?.id ?? ""), 400) : null;

  function look() {
    shell.dataset.theme = dark() ? "dark" : "light";
    for (const { map } of sides) map.repaint();
    timeline.draw();
  }
  const everything = new Set(Object.keys(store.state));
  function changedTo(state, changed) {
    if (changed.has("theme")) look();
    if (changed.has("theme")) playerRemember(state.theme);
    if (changed.has("trouble")) {
      trouble.textContent = safeText(state.trouble, 300);
      trouble.hidden = !state.trouble;
    }
    head.update(state);
    compare?.update(state);
    controls.update(state);
    timeline.update(changed);
    bar?.update(state);
    help.update(state);
    panels.update(state, changed);
    if (changed.has("tick") || changed.has("agent")) {
      if (state.playing) announce();
      else settled();
      moment?.();
    }
    for (const { map } of sides) map.touch();
  }
  const unheard = store.subscribe(changedTo);

  function frame(now) {
    frameAsked = 0;
    const passed = frameLast ? Math.min(1000, now - frameLast) : 16;
    frameLast = now;
    let more = clock.frame(passed);
    for (const { map } of sides) more = map.frame(dark(), passed) || more;
    if (more) wake();
    else frameLast = 0;
  }

  const turn = (way) => {
    const many = here().reel.cast.length;
    if (many) select({ agent: (store.state.agent + way + many + (store.state.agent < 0 && way < 0 ? 1 : 0)) % many });
  };
  const deaf = listenToKeys(root, options.hash ? document : shell, {
    toggle: () => clock.toggle(), back: () => step(-1), on: () => step(1), back10: () => step(-10), on10: () => step(10),
    first: () => step(-last()), last: () => step(last()), next: () => jump(1), previous: () => jump(-1), faster: () => clock.faster(1), slower: () => clock.faster(-1),
    follow: () => store.state.agent >= 0 && store.set({ follow: !store.state.follow }), search: () => panels.search(), help: () => store.set({ help: !store.state.help }),
    fit: () => { store.set({ follow: false }); for (const { map } of sides) { map.camera.fit(true); map.touch(); } },
    agentBefore: () => turn(-1), agentAfter: () => turn(1),
    escape: () => (store.state.help ? store.set({ help: false }) : store.state.agent >= 0 && select({ agent: -1 })),
  });
  const relook = () => store.state.theme === "auto" && look();
  media?.addEventListener("change", relook);
  const unlinked = options.hash ? keepLink(store, here) : () => {};
  const rehash = () => void playerGo(readLink(location.hash), here(), { seek, select, store });
  if (options.hash) window.addEventListener("hashchange", rehash);

  shell.dataset.theme = dark() ? "dark" : "light";
  const start = options.start ?? (options.hash ? readLink(location.hash) : {});
  void playerGo(start, here(), { seek, select, store });
  changedTo(store.state, everything);
  wake();
  const soon = window.setTimeout(() => {
    panels.start();
    for (const { parts } of sides) parts.society().catch(() => {});
  }, 30);
  const unfollowed = live ? playerFollow(sides[0], store, bar) : () => {};

  return {
    store,
    sides,
    seek,
    select,
    destroy() {
      window.clearTimeout(soon);
      window.clearTimeout(toasted);
      cancelAnimationFrame(frameAsked);
      frameAsked = -1;
      for (const one of [arrived, announce, settled, moment]) one?.cancel();
      for (const end of [unheard, deaf, unlinked, unfollowed]) end();
      media?.removeEventListener("change", relook);
      window.removeEventListener("hashchange", rehash);
      timeline.destroy();
      panels.destroy();
      for (const { map } of sides) map.destroy();
    },
  };
}

/** Go where an address or a notebook says. */
async function playerGo({ tick, agent, event }, side, { seek, select, store }) {
  const found = agent ? side.reel.agentIndex.get(agent) ?? -1 : -1;
  if (Number.isFinite(tick) && tick !== null && (tick !== store.state.tick || tick > 0)) seek(tick);
  if (found >= 0 && found !== store.state.agent) select({ agent: found });
  if (!event) return;
  const index = await eventOfId(side.reel, side.parts, event).catch(() => -1);
  if (index >= 0) select({ event: index, ...(found >= 0 ? { agent: found } : {}) });
}

/** Take in what a live reel has more. */
function playerFollow({ source, reel, parts }, store, bar) {
  return source.follow(
    ({ core }) => {
      const before = reel.count;
      reel.grow(core);
      parts.grown(before);
      store.set({ grown: store.state.grown + 1 });
      parts.society().catch(() => {});
    },
    (state) => bar.stands(state),
    (told) => bar.tell(told),
  );
}

function playerDebounce(act, wait) {
  let timer = 0;
  const called = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, wait);
  };
  called.cancel = () => window.clearTimeout(timer);
  return called;
}

function playerTheme() {
  try {
    const kept = localStorage.getItem("sociarium-theme");
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto"; // a page in a sandbox keeps nothing
  }
}

function playerRemember(theme) {
  try {
    localStorage.setItem("sociarium-theme", theme);
  } catch {
    return; // a page in a sandbox keeps nothing
  }
}
