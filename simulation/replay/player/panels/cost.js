/**
 * The panel Cost: what language models were asked for, and what it took.
 */

import { shortText } from "../dom.js";
import { chartSteps } from "./charts.js";
import { kitCount, kitEmpty, kitMoney, kitNode, kitPlural, kitSeconds, kitSection, kitSet, kitShare, kitTable, kitUnique, kitWords } from "./kit.js";
import { societyPanel } from "./society.js";
import { traceUpTo } from "./trace.js";

/** Rows of `society.costs`. */
const COST_TICK = 0;
const COST_PURPOSE = 1;
const COST_SUMS = ["calls", "promptTokens", "cachedTokens", "replyTokens", "seconds", "usd"];
const COST_SHOWN = { calls: "calls", tokens: "tokens", seconds: "seconds", usd: "USD" };

/**
 * @param {import("./panel.js").Context} context
 * @returns {import("./panel.js").Panel}
 */
export function createCostPanel(context) {
  return societyPanel(context, {
    id: "cost", title: "Cost", heading: "Model calls and cost", reading: "Reading what was asked…",
    build: (_, society, kept) => costView(context, society.costs ?? [], kept ?? "calls"),
  });
}

function costView(context, costs, first) {
  const { reel } = context;
  if (costs.length === 0) {
    const mind = reel.core.mind ? ` The minds of this episode are of the kind “${shortText(reel.core.mind, 40)}”` : "";
    const why = mind ? `${mind}.` : "";
    return { element: kitEmpty(`No question to a language model is on record: no tokens, no seconds, no money.${why}`), update() {}, keep: () => first };
  }
  const chart = chartSteps(reel, { label: "Asked of models over time", height: 220 });
  const table = kitNode("div", {});
  const total = kitNode("p", { class: "network-figures", role: "status" });
  let unit = first;
  let key = "";
  const group = kitUnique("cost");
  const bar = kitNode("div", { class: "kit-tabs", role: "radiogroup", "aria-label": "What is drawn" }, ...Object.keys(COST_SHOWN).map((name) => kitNode("label", { class: "kit-tab" },
    kitNode("input", { type: "radio", name: group, value: name, checked: name === unit, on: { change: () => {
      unit = name;
      key = "";
      update(context.store.state.tick);
    } } }), COST_SHOWN[name])));
  const ends = costEnds(costs);
  const update = (tick) => {
    chart.move(tick);
    const known = traceUpTo(costs, tick);
    const now = `${known}/${unit}`;
    if (now === key) return;
    key = now;
    const rows = costRows(costs, known);
    chart.draw(costData(reel, costs, known, unit, tick, ends));
    const sum = costSum(rows, "now");
    const all = costSum(rows, "all");
    total.textContent = `Up to now ${kitPlural(sum[0], "call")}, ${kitCount(sum[1] + sum[3])} tokens, ${kitSeconds(sum[4])}, ${kitMoney(sum[5])}; in all ${kitPlural(all[0], "call")}, ${kitCount(all[1] + all[3])} tokens, ${kitSeconds(all[4])}, ${kitMoney(all[5])}.`;
    kitSet(table, costTable("Up to now, by purpose; tokens read and written", rows, "now"), costTable("In the whole episode", rows, "all"));
  };
  return {
    element: kitNode("div", {}, total, kitSection("Over time", { note: "added up since the start" }, bar, chart.element), kitSection("By purpose", {}, table)),
    update: (state) => update(state.tick),
    keep: () => unit,
    destroy: () => chart.destroy(),
  };
}

function costAmount(row, unit) {
  if (unit === "tokens") return row[4] + row[6];
  return row[3 + COST_SUMS.indexOf(unit)];
}

/** How much of each there is in the end: the axis stays the same while time goes on. */
function costEnds(costs) {
  const sums = {};
  for (const unit of Object.keys(COST_SHOWN)) {
    const by = new Map();
    for (const row of costs) by.set(row[COST_PURPOSE], (by.get(row[COST_PURPOSE]) ?? 0) + costAmount(row, unit));
    sums[unit] = { by, most: Math.max(0, ...by.values()) };
  }
  return sums;
}

function costData(reel, costs, known, unit, tick, ends) {
  const { by, most } = ends[unit];
  const purposes = [...by].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 8).map(([purpose]) => purpose);
  const points = new Map(purposes.map((purpose) => [purpose, [[0, 0]]]));
  for (const row of costs.slice(0, known)) {
    const line = points.get(row[COST_PURPOSE]);
    if (!line) continue;
    const last = line[line.length - 1];
    const sum = last[1] + costAmount(row, unit);
    if (last[0] === row[COST_TICK]) last[1] = sum;
    else line.push([row[COST_TICK], sum]);
  }
  return {
    series: purposes.map((purpose, style) => ({ label: purpose, points: points.get(purpose), style })),
    from: 0, to: Math.max(1, reel.last), until: tick, now: tick, low: 0, high: most || 1, unit: `${COST_SHOWN[unit]}, by purpose`,
    label: `${COST_SHOWN[unit]} up to now by purpose: ${purposes.map((purpose) => `${shortText(purpose, 30)} ${kitCount(points.get(purpose).at(-1)[1])}`).join(", ")}`,
  };
}

/** Sums by purpose and model: up to now and in all. */
function costRows(costs, known) {
  const purposes = new Map();
  const rows = [];
  costs.forEach((cost, at) => {
    const [, purpose, model] = cost;
    if (!purposes.has(purpose)) purposes.set(purpose, new Map());
    const models = purposes.get(purpose);
    if (!models.has(model)) {
      models.set(model, { purpose, model, now: [0, 0, 0, 0, 0, 0], all: [0, 0, 0, 0, 0, 0] });
      rows.push(models.get(model));
    }
    const row = models.get(model);
    for (let part = 0; part < COST_SUMS.length; part += 1) {
      row.all[part] += cost[3 + part];
      if (at < known) row.now[part] += cost[3 + part];
    }
  });
  return rows.sort((a, b) => b.all[0] - a.all[0]);
}

function costSum(rows, which) {
  return rows.reduce((sum, row) => sum.map((value, part) => value + row[which][part]), [0, 0, 0, 0, 0, 0]);
}

function costTable(caption, rows, which) {
  const cells = ([calls, prompt, cached, reply, seconds, usd]) => [kitCount(calls), kitCount(prompt), prompt > 0 ? kitShare(cached / prompt) : "–", kitCount(reply), kitSeconds(seconds), kitMoney(usd)];
  const listed = rows.filter((row) => row[which][0] > 0);
  if (listed.length === 0) return kitEmpty("No model has been asked up to now.");
  const models = new Set(rows.map((row) => row.model)).size > 1;
  return kitTable(caption, ["Purpose", { text: "Calls", number: true }, { text: "Read", number: true }, { text: "Cached", number: true }, { text: "Written", number: true }, { text: "Time", number: true }, { text: "Cost", number: true }], [
    ...listed.map((row) => [kitNode("span", {}, kitWords(row.purpose, { limit: 40 }), models && kitNode("span", { class: "kit-note" }, " ", kitWords(row.model, { limit: 40 }))), ...cells(row[which])]),
    ...(listed.length > 1 ? [["Sum", ...cells(costSum(rows, which))]] : []),
  ]);
}
