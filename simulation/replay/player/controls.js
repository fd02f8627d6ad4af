/**
 * Play, pause, step, speed, and what to jump to.
 */
import { button, el, icon } from "./dom.js";
import { JUMPS } from "./markers.js";
import { clockSpeeds } from "./clock.js";

const CONTROL_ICONS = {
  play: "M4.5 2.5l9 5.5-9 5.5z", pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z", back: "M10 3L5 8l5 5", on: "M6 3l5 5-5 5",
  back10: "M8 3L3 8l5 5M13 3L8 8l5 5", on10: "M3 3l5 5-5 5M8 3l5 5-5 5", before: "M4 3v10M13 3L7 8l6 5z", after: "M12 3v10M3 3l6 5-6 5z",
};

/** A speed in words: what passes in a second. */
export function speedWords(speed) {
  if (speed < 60) return `${speed} s`;
  if (speed < 3600) return `${speed / 60} min`;
  return `${speed / 3600} h`;
}

/**
 * @param {{store: any, clock: any, tickMinutes: number, acts: {step(ticks: number): void, jump(way: 1|-1): void}}} given
 */
export function createControls({ store, clock, tickMinutes, acts }) {
  const shape = (name) => icon(CONTROL_ICONS[name]);
  const play = button("Play", () => clock.toggle(), { class: "sp-play", icon: shape("play"), key: "space" });
  const speed = /** @type {HTMLSelectElement} */ (el("select", { class: "sp-speed", "aria-label": "Speed", title: "How much time passes in a second (+ and −)" },
    clockSpeeds(tickMinutes).map((one) => el("option", { value: String(one) }, `${one}× · ${speedWords(one)}/s`))));
  const kind = /** @type {HTMLSelectElement} */ (el("select", { class: "sp-kind", "aria-label": "What to jump to", title: "What next and previous look for" },
    JUMPS.map(([value, label]) => el("option", { value }, label))));
  const own = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
  speed.addEventListener("change", () => store.set({ speed: Number(speed.value) }));
  kind.addEventListener("change", () => store.set({ kind: kind.value }));
  own.addEventListener("change", () => store.set({ own: own.checked }));
  const ownLabel = el("label", { class: "sp-own", title: "Only what the selected resident takes part in" }, own, el("span", {}, "only theirs"));
  const element = el("div", { class: "sp-controls", role: "group", "aria-label": "Playing" },
    el("div", { class: "sp-buttons" },
      button("Ten ticks back", () => acts.step(-10), { icon: shape("back10"), key: "shift ←", class: "sp-wide-only" }),
      button("One tick back", () => acts.step(-1), { icon: shape("back"), key: "←" }),
      play,
      button("One tick on", () => acts.step(1), { icon: shape("on"), key: "→" }),
      button("Ten ticks on", () => acts.step(10), { icon: shape("on10"), key: "shift →", class: "sp-wide-only" })),
    speed,
    el("div", { class: "sp-jump", role: "group", "aria-label": "Jump" },
      button("Previous of this kind", () => acts.jump(-1), { icon: shape("before"), key: "p" }),
      kind,
      button("Next of this kind", () => acts.jump(1), { icon: shape("after"), key: "n" }),
      ownLabel));
  let shown = null;
  return {
    element,
    update(state) {
      if (shown !== (state.playing || state.head)) {
        shown = state.playing || state.head;
        play.replaceChildren(shape(shown ? "pause" : "play"));
        play.setAttribute("aria-label", shown ? "Pause" : "Play");
        play.title = shown ? "Pause (space)" : "Play (space)";
      }
      if (speed.value !== String(state.speed)) speed.value = String(state.speed);
      if (kind.value !== state.kind) kind.value = state.kind;
      own.checked = Boolean(state.own);
      ownLabel.hidden = state.agent < 0;
    },
  };
}
