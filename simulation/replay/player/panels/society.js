/**
 * What the panels share that tell of the society as a whole: loading, and loading again when it grows.
 */

import { kitEmpty, kitNode, kitSet } from "./kit.js";
import { SliceTurn } from "./slices.js";

/** Milliseconds between two readings while a world is still going on: each costs the server. */
const SOCIETY_PAUSE = 5000;

/**
 * A panel over `parts.society()`.
 *
 * @param {import("./panel.js").Context} context
 * @param {{id: string, title: string, heading: string, reading: string,
 *   build: (context: any, society: any, kept: any) => {element: HTMLElement, update(state: any): void, destroy?(): void, keep?(): any}}} how
 *   `kept`: what the view before gave as `keep()`, so that choices outlive a reading
 * @returns {import("./panel.js").Panel}
 */
export function societyPanel(context, how) {
  const body = kitNode("div", {});
  const element = kitNode("div", { class: `${how.id} kit-panel` }, kitNode("h2", { class: "kit-off" }, how.heading), body);
  const turn = new SliceTurn();
  let grown = -1;
  let view = null;
  let timer = 0;
  let last = 0;
  const load = async () => {
    timer = 0;
    last = performance.now();
    const wanted = turn.begin();
    const society = await context.parts.society();
    if (!wanted()) return;
    const kept = view?.keep?.();
    view?.destroy?.();
    view = how.build(context, society, kept);
    kitSet(body, view.element);
    view.update(context.store.state);
  };
  const read = () => load().catch((fault) => {
    if (!view) kitSet(body, kitNode("p", { class: "sp-trouble", role: "alert" }, `${how.heading} cannot be read: ${fault.message}`));
  });
  return {
    id: how.id,
    title: how.title,
    element,
    update(state) {
      if (grown < 0) {
        kitSet(body, kitEmpty(how.reading));
        read();
      } else if (grown !== state.grown && !timer) timer = setTimeout(read, Math.max(0, last + SOCIETY_PAUSE - performance.now()));
      grown = state.grown;
      view?.update(state);
    },
    destroy() {
      clearTimeout(timer);
      turn.stop();
      view?.destroy?.();
    },
  };
}
