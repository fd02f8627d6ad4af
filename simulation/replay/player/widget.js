/** The player in a notebook: anywidget hands over a model whose `reels` are packed bytes. */
import { mountPlayer } from "./player.js";
import { bytesSource } from "./sources.js";

/**
 * Hides the picture that stands for the player in an export: it is the next output of the same cell.
 * @param {HTMLElement} el
 */
function widgetHideStill(el) {
  const cell = el.closest(".jp-OutputArea, .output_wrapper, .output");
  const still = cell?.querySelector(".sociarium-still");
  if (still instanceof HTMLElement) still.hidden = true;
  return Boolean(still);
}

/**
 * Shows the reels of a model in an element of a notebook.
 * @param {{model: {get(name: string): any, set(name: string, value: any): void, save_changes(): void, on(name: string, act: () => void): void}, el: HTMLElement}} where
 * @returns {() => void} what takes it away again
 */
function widgetRender({ model, el }) {
  const sources = model.get("reels").map((/** @type {DataView} */ bytes) => bytesSource(bytes));
  const player = mountPlayer(el, sources, {
    hash: false,
    height: model.get("height"),
    start: { tick: model.get("tick"), agent: model.get("agent") },
    onMoment(/** @type {number} */ tick, /** @type {string} */ agent) {
      model.set("tick", tick);
      model.set("agent", agent);
      model.save_changes();
    },
  });
  model.on("change:goal", () => {
    const goal = model.get("goal");
    player.seek(goal.tick, goal.agent);
  });
  let tries = 0;
  const hiding = window.setInterval(() => {
    tries += 1;
    if (widgetHideStill(el) || tries > 20) window.clearInterval(hiding);
  }, 250);
  return () => {
    window.clearInterval(hiding);
    player.destroy();
  };
}

export default { render: widgetRender };
