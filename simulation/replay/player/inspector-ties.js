/**
 * Somebody among others: positions, relationships, what they know and from whom.
 */

import { shortText } from "./dom.js";
import { personPart } from "./inspector-life.js";
import { chartSteps } from "./panels/charts.js";
import { kitEmpty, kitFigure, kitNode, kitPlural, kitTable, kitWords } from "./panels/kit.js";
import { momentLink, momentPages, momentPerson, momentTick } from "./panels/moments.js";
import { traceUpTo } from "./panels/trace.js";

/** Where they stand on each topic, over time, in public and in private. */
export function personStances(context, agent, life, society) {
  const charts = new Map();
  let key = -1;
  const part = personPart("stances", "Positions", (tick, note) => {
    const known = traceUpTo(life.stances, tick);
    for (const chart of charts.values()) chart.move(tick);
    if (known === key) return null;
    key = known;
    if (known === 0) return [kitEmpty(life.stances.length ? "No position has been taken up to now." : "No position on any topic is in the log.")];
    const topics = new Map();
    for (const row of life.stances.slice(0, known)) {
      if (!topics.has(row[1])) topics.set(row[1], []);
      topics.get(row[1]).push(row);
    }
    note(kitPlural(topics.size, "topic"));
    return [...topics].map(([topic, rows]) => {
      if (!charts.has(topic)) charts.set(topic, chartSteps(context.reel, { label: "", height: 150 }));
      return personTopic(context, charts.get(topic), topic, rows, society, tick);
    });
  }, {
    destroy() {
      for (const chart of charts.values()) chart.destroy();
    },
  });
  return part;
}

function personTopic(context, chart, id, rows, society, tick) {
  const topic = society.topics.find((one) => one.id === id);
  const named = topic?.options?.length ? topic.options : personNamed(rows);
  const height = (value) => (named ? (value === null ? null : named.indexOf(String(value))) : typeof value === "number" ? value : null);
  const open = rows.filter((row) => !row[3]);
  const closed = rows.filter((row) => row[3]);
  const points = (list) => list.map((row) => [row[0], height(row[2])]).filter((point) => point[1] !== null && point[1] >= (named ? 0 : -Infinity));
  const last = (list) => (list.length ? list[list.length - 1][2] : undefined);
  chart.draw({
    series: [{ label: "", points: points(open), marks: points(closed), style: 0, dots: true }],
    from: 0, to: Math.max(1, context.reel.last), until: tick, now: tick, names: named,
    low: named ? 0 : -1, high: named ? Math.max(1, named.length - 1) : 1, unit: named ? "" : "position, −1 to 1",
    label: `Position over time: ${kitPlural(open.length, "change")}, ${kitPlural(closed.length, "private answer")}`,
  });
  const stand = last(open);
  const secret = last(closed);
  return kitNode("div", { class: "person-topic" },
    kitNode("h4", { class: "kit-label" }, kitWords(topic?.statement || id, { limit: 200 })),
    kitNode("p", {}, stand === undefined ? null : ["Stands at ", kitNode("strong", {}, personPosition(stand))],
      secret === undefined ? null : [stand === undefined ? "In private: " : "; in private: ", kitNode("strong", {}, personPosition(secret)), " ◇"]),
    chart.element,
    momentPages([...rows].reverse(), 4, ([, , position, secretly, event]) => kitNode("div", { class: "person-step" },
      kitNode("span", { class: "kit-figure" }, personPosition(position)), secretly ? kitNode("span", { class: "sp-chip" }, "private ◇") : null,
      momentLink(context, event, null, { nameless: true }))));
}

function personNamed(rows) {
  const names = [...new Set(rows.map((row) => row[2]).filter((value) => typeof value === "string"))];
  return names.length > 0 ? names : null;
}

function personPosition(position) {
  if (position === null || position === undefined) return "undecided";
  return typeof position === "number" ? kitFigure(position).replace("-", "−") : kitWords(position, { limit: 60 });
}

/** What others are to them, the closest first. */
export function personRelations(context, agent, life) {
  let key = -1;
  return personPart("relations", "Relationships", (tick, note) => {
    const known = traceUpTo(life.relations, tick);
    if (known === key) return null;
    key = known;
    if (known === 0) {
      return [kitEmpty(life.relations.length ? "No relationship has been thought about up to now." : "This person's log holds no summaries of relationships; the tab Network shows who dealt with whom.")];
    }
    const latest = new Map();
    for (const row of life.relations.slice(0, known)) latest.set(row[1], row);
    const rows = [...latest.values()].sort((a, b) => b[2] - a[2]);
    note(`${kitPlural(rows.length, "person", "people")}, closeness from −5 to 5`);
    return [momentPages(rows, 10, ([when, other, closeness, summary, event]) => kitNode("div", { class: "person-relation" },
      kitNode("div", { class: "kit-row" }, momentPerson(context, other), personCloseness(closeness), momentTick(context, when, event)),
      kitWords(summary, { tag: "p", limit: 260 })))];
  });
}

function personCloseness(closeness) {
  const value = Math.max(-5, Math.min(5, Number(closeness) || 0));
  return kitNode("span", { class: "person-close" },
    kitNode("span", { class: value < 0 ? "person-scale person-cold" : "person-scale", css: { "--size": Math.abs(value) / 5 }, "aria-hidden": "true" }),
    kitNode("span", { class: "kit-figure" }, `${value > 0 ? "+" : value < 0 ? "−" : ""}${kitFigure(Math.abs(value), 1)}`));
}

/** Which facts they know by now, and how they came to. */
export function personKnows(context, agent, life, society) {
  let key = -1;
  return personPart("knows", "Knows", (tick, note) => {
    const known = traceUpTo(life.knows, tick);
    if (known === key) return null;
    key = known;
    note(`${known} of ${society.facts.length} facts of this world`);
    if (known === 0) return [kitEmpty(society.facts.length ? "None of this world's facts has reached them up to now." : "This world seeds no facts.")];
    const rows = life.knows.slice(0, known).reverse().map(([when, id, source, teller, event]) => {
      const fact = society.facts.find((one) => one.id === id);
      return [
        kitNode("span", {}, fact?.false ? kitNode("span", { class: "news-false" }, "false ") : null, kitWords(fact?.statement || id, { limit: 200 })),
        kitNode("span", {}, source === "seeded" ? "from the start" : shortText(source, 40), teller >= 0 ? [" by ", momentPerson(context, teller)] : null),
        momentTick(context, when, event),
      ];
    });
    return [kitTable("What they know by now", ["Fact", "How", "Since"], rows)];
  });
}
