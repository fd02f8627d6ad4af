/**
 * Causes as links to earlier moments, consequences as links to later ones.
 */

import { kitButton, kitCount, kitEmpty, kitNode, kitSet } from "./panels/kit.js";
import { momentLink, momentList } from "./panels/moments.js";
import { traceConsequences } from "./panels/trace.js";

/** Chunks of events that are looked at before one is asked whether to go on. */
const WHY_CHUNKS = 6;

/** Consequences listed at once, and those that a button adds. */
const WHY_FIRST = 10;
const WHY_MOST = 400;

/** The moments without which it would not have happened. */
export function whyCauses(context, causes, decision) {
  const all = [...new Set(causes)].filter((one) => one >= 0 && one < context.reel.count).sort((a, b) => b - a);
  if (decision >= 0 && !all.includes(decision)) all.unshift(decision);
  return momentList(context, all, {
    empty: "The log names no earlier event as its cause: it began with the mind, the plan or the world itself.",
  });
}

/**
 * The moments that name it as their cause, looked for onward from it.
 *
 * @param {() => boolean} wanted Whether this is still what is looked at.
 */
export function whyConsequences(context, event, wanted) {
  const list = kitNode("ul", { class: "kit-list" });
  const foot = kitNode("div", { class: "kit-row" });
  const status = kitNode("p", { class: "kit-note", role: "status" }, "Looking ahead…");
  const rest = [];
  let count = 0;
  const look = async (from) => {
    kitSet(foot);
    status.textContent = "Looking ahead…";
    const next = await traceConsequences(context, event, from, WHY_CHUNKS, (later, line) => {
      count += 1;
      if (count <= WHY_FIRST) list.append(kitNode("li", {}, momentLink(context, later, line)));
      else if (rest.length < WHY_MOST) rest.push([later, line]);
    }, wanted);
    if (!wanted()) return;
    tell(next);
  };
  const all = () => rest.length > 0 && kitButton(`${kitCount(rest.length)} more`, (clicked) => {
    for (const [later, line] of rest.splice(0)) list.append(kitNode("li", {}, momentLink(context, later, line)));
    clicked.currentTarget.remove();
  }, { class: "kit-button kit-small" });
  const tell = (next) => {
    const known = Math.min(context.reel.count, next < 0 ? context.reel.count : next * context.reel.core.chunk);
    if (next < 0) {
      status.textContent = count > 0 ? `${count} in the whole episode.` : "";
      kitSet(foot, all());
      if (count === 0) kitSet(list, kitNode("li", {}, kitEmpty("No later event names it as its cause.")));
      return;
    }
    status.textContent = `${count} up to event ${kitCount(known)} of ${kitCount(context.reel.count)}.`;
    kitSet(foot, all(), kitButton("look further", () => start(next), { class: "kit-button kit-small" }));
  };
  const start = (from) => look(from).catch((fault) => {
    if (wanted()) status.textContent = `What followed could not be read: ${fault.message}`;
  });
  start(Math.floor(event / context.reel.core.chunk));
  return kitNode("div", {}, list, status, foot);
}
