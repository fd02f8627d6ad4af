/**
 * Search in everything that was said, piece by piece, with a count and the way to the next.
 */

import { upperBound } from "../reel.js";
import { kitButton, kitCount, kitNode } from "./kit.js";
import { SliceTurn, sliceEach, slicePaced, slicePause } from "./slices.js";

/** Places that are kept; more are counted. */
const TALK_MOST = 20000;

/**
 * @param {{found: (words: string) => void, go: (event: number) => void}} told `found`: what to mark; `go`: show that utterance
 */
export function talkSearch(context, told) {
  const { reel, parts } = context;
  const turn = new SliceTurn();
  const status = kitNode("span", { class: "kit-note", role: "status" });
  const input = kitNode("input", { type: "search", class: "sp-search", placeholder: "search what was said", "aria-label": "Search what was said" });
  const previous = kitButton("‹", () => step(-1), { class: "kit-button kit-small", "aria-label": "Previous place found", disabled: true });
  const next = kitButton("›", () => step(1), { class: "kit-button kit-small", "aria-label": "Next place found", disabled: true });
  let found = [];
  let at = -1;
  let whole = true;

  const tell = () => {
    previous.disabled = next.disabled = found.length === 0;
    const count = `${kitCount(found.length)}${whole ? "" : "…"}`;
    if (!input.value.trim()) status.textContent = "";
    else if (found.length === 0) status.textContent = whole ? "nowhere" : "searching…";
    else status.textContent = at >= 0 ? `${kitCount(at + 1)} of ${count}` : `${count} found`;
  };
  const step = (by) => {
    if (found.length === 0) return;
    if (at < 0) {
      const { state } = context.store;
      const here = state.event >= 0 ? state.event : reel.countUpTo(state.tick) - 1;
      const after = upperBound(found, here);
      at = by > 0 ? after % found.length : (after - 1 + found.length) % found.length;
    } else at = (at + by + found.length) % found.length;
    tell();
    told.go(found[at]);
  };
  const look = async () => {
    const wanted = turn.begin();
    const words = input.value.trim().toLowerCase();
    const mine = [];
    [found, at, whole] = [mine, -1, words === ""];
    tell();
    told.found(words);
    if (!words) return;
    const all = reel.eventsOfType("said");
    let [from, chunk] = [0, -1];
    while (from < all.length && wanted()) {
      chunk = parts.chunkOf(all[from]);
      const base = chunk * reel.core.chunk;
      const lines = await parts.lines(chunk);
      if (!wanted()) return;
      const end = upperBound(all, base + reel.core.chunk - 1);
      const start = from;
      const done = await sliceEach(end - start, (index) => {
        const event = all[start + index];
        const line = lines[event - base];
        if (mine.length < TALK_MOST && line && String(line[5] ?? line[2]).toLowerCase().includes(words)) mine.push(event);
      }, wanted);
      if (!done) return;
      from = end;
      tell();
      await slicePause();
    }
    if (!wanted()) return;
    whole = true;
    tell();
  };
  const start = () => look().catch((fault) => {
    status.textContent = `The search stopped: ${fault.message}`;
  });
  const paced = slicePaced(start, 250);
  input.addEventListener("input", () => paced());
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  return {
    element: kitNode("div", { class: "kit-row talk-search", role: "search" }, input, previous, next, status),
    focus() {
      input.focus();
      input.select();
    },
    /** There is more to search now. */
    again() {
      if (input.value.trim()) start();
    },
    destroy() {
      turn.stop();
      paced.stop();
    },
  };
}
