/**
 * Starts the player in a page: with the reels that stand in it, or with the server that sent it.
 */
import { el, safeText } from "./dom.js";
import { mountPlayer } from "./player.js";
import { servedSource } from "./served.js";
import { embeddedReels, embeddedSource } from "./sources.js";

/** What this browser lacks, in words; empty: nothing. */
function bootMissing() {
  const needs = {
    DecompressionStream: typeof DecompressionStream === "function",
    ResizeObserver: typeof ResizeObserver === "function",
    "canvas with rounded corners": typeof CanvasRenderingContext2D === "function" && "roundRect" in CanvasRenderingContext2D.prototype,
  };
  return Object.keys(needs).filter((name) => !needs[name]).join(", ");
}

function bootPlayer() {
  const root = document.getElementById("sociarium") ?? document.body;
  const fail = (text) => root.replaceChildren(el("div", { class: "sp sp-page" }, el("p", { class: "sp-trouble sp-fatal", role: "alert" }, text)));
  const missing = bootMissing();
  if (missing) return void fail(`This browser is too old for the player (it lacks: ${missing}). A browser of 2023 or later shows it.`);
  const live = document.querySelector('meta[name="sociarium-live"]');
  const reels = embeddedReels();
  if (!live && !reels) return void fail("There is no episode in this page. The file may have been cut off; make it again with sociarium replay EPISODE --html FILE.");
  root.replaceChildren();
  try {
    const sources = live ? [servedSource()] : Array.from({ length: reels }, (_, number) => embeddedSource(number));
    const player = mountPlayer(root, sources, { hash: true });
    player.ready.then((made) => Object.assign(window, { sociarium: made }), (error) => console.error(error));
  } catch (error) {
    fail(`The player cannot start: ${safeText(error?.message ?? error, 300)}`);
  }
}

bootPlayer();
