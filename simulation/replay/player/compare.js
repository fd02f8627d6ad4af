/**
 * Two reels in step: which map the panels are about, and how the two differ at the moment.
 */
import { bdi, button, el, shortText } from "./dom.js";
import { headWhat } from "./head.js";

/**
 * @param {{store: any, sides: {reel: any, map: {element: HTMLElement}}[], seek(tick: number): void}} given
 */
export function createCompare({ store, sides, seek }) {
  const [one, two] = sides.map(({ reel }) => reel);
  const choosers = sides.map(({ reel }, side) =>
    button(`Look into ${shortText(reel.core.name, 60)}`, () => compareTo(store, sides, side), {
      class: "sp-side-name", icon: el("span", {}, bdi(shortText(reel.core.name, 60)), el("span", { class: "sp-note" }, compareLevers(reel, sides[1 - side].reel) || headWhat(reel))), "aria-pressed": "false",
    }));
  const frames = sides.map(({ map }, side) => el("div", { class: "sp-stage-side" }, choosers[side], map.element));
  const differs = el("p", { class: "sp-differs", role: "note" });
  const branch = two.core.branch ?? one.core.branch;
  const parting = branch && Number.isFinite(branch.at)
    ? button(`They part at ${one.when(branch.at)}`, () => seek(branch.at), { class: "sp-moment", title: shortText((branch.because ?? []).join("; "), 300) })
    : null;
  const element = el("section", { class: "sp-stage sp-stage-two", "aria-label": "Maps" }, ...frames, el("div", { class: "sp-differs-line" }, differs, parting));
  const pairs = one.cast.map((agent, index) => [index, two.agentIndex.get(agent.id) ?? -1]).filter(([, other]) => other >= 0);
  let shown = "";

  return {
    element,
    update(state) {
      const key = `${state.tick}:${state.side}:${one.ticks}:${two.ticks}`;
      if (key === shown) return;
      shown = key;
      choosers.forEach((chooser, side) => chooser.setAttribute("aria-pressed", String(side === state.side)));
      frames.forEach((frame, side) => frame.classList.toggle("sp-chosen", side === state.side));
      differs.textContent = compareWords(one, two, pairs, state.tick);
    },
  };
}

/** Panels are about the other reel now; who was looked at is looked for there. */
export function compareTo(store, sides, side) {
  const { state } = store;
  if (state.side === side) return;
  const id = sides[state.side].reel.cast[state.agent]?.id;
  store.set({ side, agent: id === undefined ? -1 : sides[side].reel.agentIndex.get(id) ?? -1, event: -1 });
}

/** What is set otherwise than in the other. */
function compareLevers(reel, other) {
  const mine = reel.core.settings ?? {};
  const theirs = other.core.settings ?? {};
  const levers = Object.keys(mine).filter((name) => mine[name] !== theirs[name]).map((name) => `${name}=${mine[name]}`);
  for (const name of ["seed", "mind", "model"]) if (reel.core[name] !== other.core[name]) levers.push(`${name} ${reel.core[name]}`);
  return shortText(levers.join(", "), 80);
}

function compareWords(one, two, pairs, tick) {
  const a = [0, 0];
  const b = [0, 0];
  let elsewhere = 0;
  for (const [first, second] of pairs) {
    const here = one.whereInto(first, Math.min(tick, one.last), a);
    const there = two.whereInto(second, Math.min(tick, two.last), b);
    if (here !== there || (here && one.placeAt(a[0], a[1]) !== two.placeAt(b[0], b[1]))) elsewhere += 1;
  }
  if (tick > Math.min(one.last, two.last)) return "One of the two has ended.";
  return elsewhere ? `${elsewhere} of ${pairs.length} are in another place.` : `All ${pairs.length} are in the same places.`;
}
