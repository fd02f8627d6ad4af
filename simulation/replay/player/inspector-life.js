/**
 * Somebody's day from within: the plan, the needs, what they feel.
 */

import { chartSpark } from "./panels/charts.js";
import { kitAdd, kitEmpty, kitFigure, kitNode, kitPlural, kitSet, kitWords } from "./panels/kit.js";
import { momentPages, momentTick } from "./panels/moments.js";
import { traceUpTo } from "./panels/trace.js";

/**
 * A part of a person that can be folded away.
 *
 * @param {string} name
 * @param {(tick: number, note: (text: string) => void) => (Node|null)[] | null} build Gives what is new; null: as before.
 */
export function personPart(name, title, build, { open = true, destroy = undefined } = {}) {
  const note = kitNode("span", { class: "kit-note" });
  const body = kitNode("div", { class: "person-part" });
  const fold = kitNode("details", { class: "person-fold", data: { part: name }, open },
    kitNode("summary", {}, kitNode("h3", { class: "kit-heading" }, title), note), body);
  let latest = 0;
  const update = (tick) => {
    latest = tick;
    const made = build(tick, (text) => {
      if (note.textContent !== text) note.textContent = text;
    }, fold.open);
    if (made) kitSet(body, ...made);
  };
  fold.addEventListener("toggle", () => {
    if (fold.open) update(latest);
  });
  return { element: kitNode("section", { class: "kit-section" }, fold), update, destroy };
}

/** The plan of the day, the present item marked. */
export function personPlan(context, agent, life) {
  let key = "";
  return personPart("plan", "Plan", (tick, note) => {
    const known = traceUpTo(life.plans, tick);
    const day = personLatest(life.plans, known, (plan) => plan[1] === "day");
    const fine = personLatest(life.plans, known, (plan) => plan[1] !== "day");
    const minute = context.reel.minuteOfDay(tick);
    const present = day ? personPresent(day[3], minute) : -1;
    const inner = fine && (!day || fine[0] >= day[0]) ? fine : null;
    const now = `${known}/${present}/${inner ? personPresent(inner[3], minute) : ""}`;
    if (now === key) return null;
    key = now;
    if (!day && !inner) return [kitEmpty("No plan has been made up to now.")];
    const versions = life.plans.slice(0, known).filter((plan) => plan[1] === "day").length;
    note(day ? `${kitPlural(versions, "version")}, latest of ${context.reel.when(day[0])}` : "");
    return [
      day && day[2] ? kitNode("p", { class: "kit-note" }, "Changed: ", kitWords(day[2], { limit: 200 })) : null,
      day && personItems(context, day, present, "Plan of the day"),
      inner && personFine(context, inner, minute),
    ];
  });
}

function personLatest(rows, count, wanted) {
  for (let at = count - 1; at >= 0; at -= 1) if (wanted(rows[at])) return rows[at];
  return null;
}

function personFine(context, plan, minute) {
  return kitNode("div", { class: "person-fine" }, kitNode("h4", { class: "kit-label" }, "In detail, ", momentTick(context, plan[0], plan[4])),
    personItems(context, plan, personPresent(plan[3], minute), "In detail"));
}

function personMinute(item) {
  const match = /^(\d{1,2}):(\d{2})/.exec(String(item[2] ?? ""));
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** The item that the hour falls into; -1: none. */
function personPresent(items, minute) {
  let found = -1;
  items.forEach((item, at) => {
    const from = personMinute(item);
    if (from !== null && from <= minute && (!item[3] || minute < from + item[3])) found = at;
  });
  return found;
}

function personItems(context, plan, present, label) {
  const focus = plan[3].filter((item) => personMinute(item) === null);
  const timed = plan[3].map((item, at) => [item, at]).filter(([item]) => personMinute(item) !== null);
  const list = kitNode("ol", { class: "person-plan", "aria-label": label }, ...timed.map(([item, at]) => kitNode("li", {
    class: at === present ? "person-item person-present" : "person-item", "aria-current": at === present ? "time" : null,
  },
  kitNode("span", { class: "kit-hour" }, item[2]), kitNode("span", { class: "person-what" }, kitWords(item[0], { limit: 160 }),
    item[1] && kitNode("span", { class: "kit-note" }, kitWords(item[1], { limit: 60 }))),
  item[3] ? kitNode("span", { class: "kit-note kit-figure" }, `${item[3]} min`) : kitNode("span"),
  at === present && kitNode("span", { class: "kit-off" }, "now"))));
  const box = kitNode("div", {});
  if (focus.length > 0) kitAdd(box, kitNode("p", {}, kitNode("span", { class: "kit-label" }, "On their mind: "), kitWords(focus.map((item) => item[0]).join("; "), { limit: 300 })));
  kitAdd(box, list);
  return box;
}

/** Needs from 0 (empty) to 10 (satisfied), as far as they crossed a mark. */
export function personNeeds(context, agent, life) {
  let key = "";
  return personPart("needs", "Needs", (tick, note) => {
    const known = traceUpTo(life.needs, tick);
    const now = `${known}/${Math.floor(tick / Math.max(1, context.reel.ticks / 100))}`;
    if (now === key) return null;
    key = now;
    if (life.needs.length === 0) return [kitEmpty("The log holds no needs of this person: none crossed a mark, or this kind of mind has none.")];
    if (known === 0) return [kitEmpty("No need has crossed a mark up to now.")];
    note("of 10, when one crossed a mark");
    const needs = new Map();
    for (const row of life.needs.slice(0, known)) {
      if (!needs.has(row[1])) needs.set(row[1], []);
      needs.get(row[1]).push(row);
    }
    return [kitNode("ul", { class: "person-needs" }, ...[...needs].map(([need, rows]) => personNeed(need, rows, tick)))];
  });
}

function personNeed(need, rows, tick) {
  const last = rows[rows.length - 1];
  const points = rows.map((row) => [row[0], Number(row[2])]);
  return kitNode("li", { class: "person-need" },
    kitNode("span", { class: "person-label" }, kitWords(need, { limit: 24 }), last[3] && kitNode("span", { class: "person-felt" }, "felt")),
    kitNode("meter", { min: 0, max: 10, low: 3, high: 6, optimum: 9, value: Number(last[2]) || 0, "aria-label": `${need}: ${kitFigure(Number(last[2]), 1)} of 10` }),
    kitNode("span", { class: "kit-figure" }, kitFigure(Number(last[2]), 1)),
    chartSpark(points, { from: 0, to: tick, low: 0, high: 10, label: `${need} up to now: ${rows.length} marks crossed` }));
}

/** What they feel, and what made them feel so. */
export function personFeelings(context, agent, life) {
  let key = -1;
  return personPart("feelings", "Feelings", (tick, note) => {
    const known = traceUpTo(life.feelings, tick);
    if (known === key) return null;
    key = known;
    if (known === 0) {
      return [kitEmpty(life.feelings.length ? "No feeling has changed up to now." : "The log holds no feelings of this person.")];
    }
    const rows = life.feelings.slice(0, known).reverse();
    note(`${kitPlural(known, "change")} up to now`);
    return [momentPages(rows, 5, ([when, emotion, intensity, reason], at) => kitNode("div", { class: "person-feeling" },
      momentTick(context, when), at === 0 ? kitNode("strong", {}, kitWords(emotion, { limit: 30 })) : kitWords(emotion, { limit: 30 }),
      kitNode("span", { class: "kit-figure kit-note" }, `${kitFigure(Number(intensity), 1)} of 10`), kitWords(reason, { limit: 160, class: "kit-note" })))];
  });
}
