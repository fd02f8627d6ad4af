/**
 * Reflections as trees: a conclusion, and below it the memories and conclusions that it rests on.
 */

import { personPart } from "./inspector-life.js";
import { kitEmpty, kitNode, kitPlural, kitWords } from "./panels/kit.js";
import { momentLink, momentPages, momentTick } from "./panels/moments.js";
import { traceUpTo } from "./panels/trace.js";

/** How deep a tree is opened at most: a conclusion that rests on itself ends somewhere. */
const REFLECTION_DEPTH = 12;

/** What an agent concluded up to now. */
export function personReflections(context, agent, life) {
  let key = -1;
  let read = null;
  let found = null;
  return personPart("reflections", "Reflections", (tick, note) => {
    const known = traceUpTo(life.reflections, tick, (row) => row[1]);
    if (known === key) return null;
    key = known;
    if (known === 0) return [kitEmpty(life.reflections.length ? "Nothing has been concluded up to now." : "This person has not reflected in this episode.")];
    note(kitPlural(known, "conclusion"));
    if (read !== life.memories) [read, found] = [life.memories, reflectionIndex(life)];
    const rows = life.reflections.slice(0, known).reverse();
    return [momentPages(rows, 6, (row) => reflectionNode(context, row, found, 0), { class: "kit-list reflection-tree" })];
  });
}

/** By event: reflections, and the memories in which they are kept. */
function reflectionIndex(life) {
  const reflections = new Map(life.reflections.map((row) => [row[0], row]));
  const memories = new Map(life.memories.map((row) => [row[0], row]));
  for (const row of life.memories) {
    if (row[2] !== "reflection") continue;
    const kept = row[5].find((event) => reflections.has(event));
    if (kept !== undefined && !reflections.has(row[0])) reflections.set(row[0], reflections.get(kept));
  }
  return { reflections, memories };
}

function reflectionNode(context, row, found, depth) {
  const [event, tick, insight, question, level, evidence] = row;
  const head = kitNode("summary", {}, kitWords(insight, { limit: 260 }), " ",
    kitNode("span", { class: "kit-note" }, `depth ${level}, rests on ${evidence.length}${row[6] === false ? ", a plain summary: the thought could not be used" : ""}`));
  const fold = kitNode("details", { class: "kit-fold reflection-node" }, head);
  fold.addEventListener("toggle", () => {
    if (!fold.open || fold.childElementCount > 1) return;
    fold.append(
      kitNode("p", { class: "kit-note" }, "Concluded ", momentTick(context, tick, event), question ? [" when asked: ", kitWords(question, { limit: 200 })] : null),
      reflectionEvidence(context, evidence, found, depth + 1),
    );
  });
  return fold;
}

function reflectionEvidence(context, evidence, found, depth) {
  if (evidence.length === 0) return kitEmpty("No evidence is on record.");
  return kitNode("ul", { class: "kit-list reflection-evidence", "aria-label": "Evidence" }, ...evidence.slice(0, 60).map((event) => {
    const deeper = found.reflections.get(event);
    if (deeper && depth < REFLECTION_DEPTH) return kitNode("li", {}, reflectionNode(context, deeper, found, depth));
    return kitNode("li", {}, momentLink(context, event, null, { nameless: true }), reflectionRoots(context, found.memories.get(event)));
  }));
}

/** What a memory itself rests on. */
function reflectionRoots(context, memory) {
  if (!memory || memory[5].length === 0) return null;
  const fold = kitNode("details", { class: "kit-fold" }, kitNode("summary", {}, kitPlural(memory[5].length, "event"), " behind this memory"));
  fold.addEventListener("toggle", () => {
    if (fold.open && fold.childElementCount === 1) {
      fold.append(kitNode("ul", { class: "kit-list" }, ...memory[5].slice(0, 40).map((event) => kitNode("li", {}, momentLink(context, event)))));
    }
  });
  return fold;
}
