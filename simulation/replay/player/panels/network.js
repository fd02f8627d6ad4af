/**
 * The panel Network: who dealt with whom up to now.
 */

import { kitButton, kitCount, kitEmpty, kitNode, kitPlural, kitSection, kitSet, kitShare, kitTable, kitUnique } from "./kit.js";
import { momentList, momentPerson, momentTick } from "./moments.js";
import { NETWORK_DRAWN, networkDrawing } from "./network_drawing.js";
import { societyPanel } from "./society.js";
import { traceUpTo } from "./trace.js";

/** What the kinds of ties say of one person and another. */
const NETWORK_KINDS = {
  talk: ["Talk", "said something to"], knowledge: ["Knowledge", "told a fact to"], help: ["Help", "did something for"],
  harm: ["Harm", "damaged something of"], influence: ["Influence", "was heard before a change of position by"],
};
const NETWORK_ROWS = 25;

/**
 * @param {import("./panel.js").Context} context
 * @returns {import("./panel.js").Panel}
 */
export function createNetworkPanel(context) {
  return societyPanel(context, {
    id: "network", title: "Network", heading: "Ties between people", reading: "Reading the ties…",
    build: (_, society, kept) => networkView(context, society.ties ?? {}, kept ?? ""),
  });
}

/** Counts of ties up to a tick: forward they are added, backward counted anew. */
export function networkCounts(ties) {
  let done = 0;
  let pairs = new Map();
  return (tick) => {
    const until = traceUpTo(ties, tick);
    if (until < done) [done, pairs] = [0, new Map()];
    for (; done < until; done += 1) {
      const [when, one, two, event] = ties[done];
      if (one < 0 || two < 0 || one === two) continue;
      const key = one * 65536 + two;
      const pair = pairs.get(key) ?? { one, two, times: 0, last: when, events: [] };
      pair.times += 1;
      pair.last = when;
      pair.events.push(event);
      pairs.set(key, pair);
    }
    return { until, pairs };
  };
}

function networkView(context, ties, first) {
  const { reel } = context;
  const kinds = [...new Set([...Object.keys(NETWORK_KINDS), ...Object.keys(ties)])].filter((kind) => Array.isArray(ties[kind]));
  let kind = kinds.includes(first) ? first : kinds.find((one) => ties[one].length > 0) ?? "talk";
  let counts = networkCounts(ties[kind] ?? []);
  let chosen = null;
  let key = "";
  let limit = NETWORK_ROWS;
  const drawing = networkDrawing(context, {
    pair: (pair) => choose(pair),
    person: (agent) => context.select({ agent, event: -1 }),
  });
  const figures = kitNode("p", { class: "network-figures", role: "status" });
  const detail = kitNode("div", { class: "network-detail" });
  const table = kitNode("div", {});
  const bar = kitNode("div", { class: "kit-tabs", role: "radiogroup", "aria-label": "Kind of tie" });
  const group = kitUnique("network");
  const buttons = kinds.map((one) => {
    const input = kitNode("input", { type: "radio", name: group, value: one, checked: one === kind, on: { change: () => change(one) } });
    return kitNode("label", { class: "kit-tab" }, input, `${NETWORK_KINDS[one]?.[0] ?? one} `, kitNode("span", { class: "kit-note" }, kitCount(ties[one].length)));
  });
  kitSet(bar, ...buttons);
  const change = (one) => {
    kind = one;
    counts = networkCounts(ties[kind]);
    [key, chosen, limit] = ["", null, NETWORK_ROWS];
    kitSet(detail);
    drawing.kind(ties[kind]);
    update(context.store.state);
  };
  const choose = (pair) => {
    chosen = pair;
    drawing.choose(pair);
    networkDetail(context, detail, pair, kind);
  };
  const update = (state) => {
    const { until, pairs } = counts(state.tick);
    drawing.person(state.agent);
    const now = `${kind}/${until}/${limit}`;
    if (now === key) return;
    key = now;
    const all = networkRanked(pairs, Math.max(limit, NETWORK_DRAWN));
    networkFigures(figures, reel, pairs.size, until, ties[kind]);
    drawing.draw(all, pairs, state.tick);
    networkTable(context, table, all, pairs.size, kind, limit, choose, () => {
      limit += 100;
      update(context.store.state);
    });
    if (chosen) {
      const same = pairs.get(chosen.one * 65536 + chosen.two);
      if (same && same.times !== Number(detail.dataset.times)) networkDetail(context, detail, same, kind);
    }
  };
  drawing.kind(ties[kind] ?? []);
  return {
    element: kitNode("div", {}, bar, figures, drawing.element, detail, kitSection("As a table", {}, table)),
    update,
    keep: () => kind,
    destroy: () => drawing.destroy(),
  };
}

/** The most frequent pairs, in order: a counting sort, since there may be a million. */
function networkRanked(pairs, most) {
  const steps = [];
  for (const pair of pairs.values()) (steps[pair.times] ??= []).push(pair);
  const ranked = [];
  for (let times = steps.length - 1; times > 0 && ranked.length < most; times -= 1) {
    if (steps[times]) for (const pair of steps[times]) if (ranked.length < most) ranked.push(pair);
  }
  return ranked;
}

function networkFigures(figures, reel, found, until, ties) {
  const people = reel.cast.length;
  const possible = people * (people - 1);
  const text = found === 0
    ? (ties.length === 0 ? "None of this kind in the episode." : "None up to now.")
    : `${kitPlural(until, "event")} up to now make ${kitPlural(found, "tie")} of ${kitCount(possible)} possible from one to another of N = ${kitCount(people)}: density ${kitShare(found / Math.max(1, possible))}.`;
  if (figures.textContent !== text) figures.textContent = text;
}

function networkDetail(context, box, pair, kind) {
  box.dataset.times = String(pair.times);
  kitSet(box, kitNode("div", { class: "kit-row" }, momentPerson(context, pair.one), kitNode("span", {}, NETWORK_KINDS[kind]?.[1] ?? kind), momentPerson(context, pair.two),
    kitNode("span", { class: "kit-note" }, kitPlural(pair.times, "time"))),
  momentList(context, [...pair.events].reverse(), { step: 8, nameless: true }));
}

function networkTable(context, box, all, found, kind, limit, choose, more) {
  if (all.length === 0) {
    kitSet(box, kitEmpty("There is nothing to list."));
    return;
  }
  const rows = all.slice(0, limit).map((pair) => [
    momentPerson(context, pair.one), momentPerson(context, pair.two), kitCount(pair.times), momentTick(context, pair.last, pair.events[pair.events.length - 1]),
    kitButton("events", () => {
      choose(pair);
    }, { class: "kit-button kit-small", "aria-label": `Events between ${context.reel.agentName(pair.one)} and ${context.reel.agentName(pair.two)}` }),
  ]);
  const caption = `Who ${NETWORK_KINDS[kind]?.[1] ?? kind} whom, the most often first`;
  const active = box.getRootNode().activeElement;
  const focused = active && box.contains(active) ? active.getAttribute("aria-label") : null;
  kitSet(box, kitTable(caption, ["From", "To", { text: "Times", number: true }, "Latest", ""], rows),
    found > limit && kitButton(`100 more of ${kitCount(found)}`, more, { class: "kit-button kit-small" }));
  if (focused) [...box.querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === focused)?.focus({ preventScroll: true });
}
