/**
 * The memory stream: everything remembered up to now, newest first, with search.
 */

import { personPart } from "./inspector-life.js";
import { shortText } from "./dom.js";
import { kitButton, kitEmpty, kitFigure, kitNode, kitPlural } from "./panels/kit.js";
import { SliceTurn, sliceEach } from "./panels/slices.js";
import { traceUpTo } from "./panels/trace.js";
import { windowedList } from "./panels/windowed.js";

/** Rows of `life.memories`: event, tick, kind, text, importance, evidence, count. */
const [MEMORY_EVENT, MEMORY_TICK, MEMORY_KIND, MEMORY_TEXT, MEMORY_WEIGHT, , MEMORY_COUNT] = [0, 1, 2, 3, 4, 5, 6];

/** The stream of one agent. */
export function personMemories(context, agent, life) {
  const turn = new SliceTurn();
  let rows = [];
  let key = "";
  let known = 0;
  const search = kitNode("input", { type: "search", class: "sp-search", placeholder: "search memories", "aria-label": "Search memories", on: { input: () => filter() } });
  const kinds = kitNode("select", { class: "kit-select", "aria-label": "Kind of memory", on: { change: () => filter() } }, kitNode("option", { value: "" }, "every kind"));
  const status = kitNode("p", { class: "kit-note", role: "status" });
  const list = windowedList({ label: "Memories, newest first", rowHeight: 58, height: 348, build: (index) => memoryRow(context, rows[index]) });
  const offered = new Set();
  const offer = () => {
    for (const row of life.memories) {
      const kind = row[MEMORY_KIND];
      if (offered.has(kind) || offered.size >= 30) continue;
      offered.add(kind);
      kinds.append(kitNode("option", { value: kind }, shortText(kind, 30)));
    }
  };

  const filter = async () => {
    const wanted = turn.begin();
    const words = search.value.trim().toLowerCase();
    const kind = kinds.value;
    const found = [];
    const whole = await sliceEach(known, (step) => {
      const row = life.memories[known - 1 - step];
      if (kind && row[MEMORY_KIND] !== kind) return;
      if (words && !row[MEMORY_TEXT].toLowerCase().includes(words)) return;
      found.push(row);
    }, wanted);
    if (!whole) return;
    rows = found;
    list.set(rows.length);
    status.textContent = words || kind ? `${found.length} of ${kitPlural(known, "memory", "memories")} match` : kitPlural(known, "memory", "memories");
  };
  const controls = kitNode("div", { class: "kit-row" }, search, kinds);
  return personPart("memories", "Memories", (tick, note, open) => {
    known = traceUpTo(life.memories, tick, (row) => row[MEMORY_TICK]);
    note(kitPlural(known, "memory", "memories"));
    const now = `${known}/${open}`;
    if (now === key || !open) return null;
    key = now;
    if (life.memories.length === 0) return [kitEmpty("The log holds no memories of this person: this kind of mind keeps none.")];
    const first = !list.element.isConnected;
    offer();
    filter();
    return first ? [controls, status, list.element] : null;
  }, {
    destroy() {
      turn.stop();
      list.destroy();
    },
  });
}

function memoryRow(context, row) {
  const count = row[MEMORY_COUNT] > 1 ? `×${row[MEMORY_COUNT]}` : "";
  return kitButton([
    kitNode("span", { class: "memory-top" },
      kitNode("span", { class: "kit-hour" }, context.reel.when(row[MEMORY_TICK])),
      kitNode("span", { class: `sp-chip memory-kind memory-${memoryKnown(row[MEMORY_KIND])}` }, shortText(row[MEMORY_KIND], 24)),
      kitNode("span", { class: "kit-note", title: "Importance, from 1 to 10" }, kitNode("span", { class: "kit-off" }, "importance "), `${kitFigure(row[MEMORY_WEIGHT], 1)} of 10`),
      count && kitNode("span", { class: "kit-note", title: "How often it was remembered" }, count)),
    kitNode("bdi", { class: "memory-text", dir: "auto" }, shortText(row[MEMORY_TEXT], 300)),
  ], () => context.select({ event: row[MEMORY_EVENT] }), { class: "memory-row", title: shortText(row[MEMORY_TEXT], 600) });
}

function memoryKnown(kind) {
  return ["observation", "dialogue", "plan", "reflection", "fact"].includes(kind) ? kind : "other";
}
