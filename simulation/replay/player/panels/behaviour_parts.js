/**
 * One finding with its evidence, and rates with their intervals.
 */

import { shortText } from "../dom.js";
import { kitCount, kitEmpty, kitFold, kitNode, kitShare, kitTable, kitValue, kitWords } from "./kit.js";
import { momentList, momentPerson, momentTick } from "./moments.js";

/** A detector's term as words. */
export function behaviourWord(term) {
  return shortText(term, 60).replaceAll("_", " ");
}

/** A finding: what, who, when, and the events that it rests on. */
export function behaviourCard(context, one) {
  const known = ["volunteering", "conformity", "destruction"].includes(one.family) ? one.family : "other";
  const fields = Object.entries(one.fields ?? {}).filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0));
  return kitNode("article", { class: `behaviour-card behaviour-${known}` },
    kitNode("div", { class: "kit-row" }, momentTick(context, one.tick, one.events[0] ?? -1),
      kitNode("span", { class: "behaviour-kind" }, `${behaviourWord(one.family)}: ${behaviourWord(one.kind)}${one.subtype ? `, ${behaviourWord(one.subtype)}` : ""}`),
      one.confidence < 1 && kitNode("span", { class: "kit-note", title: "1: it follows from the world's rules; less: it was read out of words" }, `confidence ${one.confidence.toFixed(2)}`)),
    kitNode("div", { class: "kit-row" }, one.actor >= 0 && momentPerson(context, one.actor),
      one.target >= 0 && [kitNode("span", { class: "kit-note" }, "towards"), momentPerson(context, one.target)]),
    kitWords(one.text, { tag: "p", limit: 300 }),
    kitFold(`Evidence: ${one.events.length} event${one.events.length === 1 ? "" : "s"}${fields.length ? `, ${fields.length} fields` : ""}`, () => [
      momentList(context, one.events, { step: 10 }),
      fields.length > 0 && kitNode("dl", { class: "why-facts" }, ...fields.flatMap(([name, value]) => [
        kitNode("dt", {}, behaviourWord(name)), kitNode("dd", {}, kitWords(kitValue(value), { limit: 200 })),
      ])),
    ]));
}

/** Rates with their opportunities and intervals. */
export function behaviourRates(rates) {
  if (rates.length === 0) return kitEmpty("No choice in this episode was an opportunity for anything that the detectors count.");
  const sorted = [...rates].sort((a, b) => a.family.localeCompare(b.family) || b.opportunities - a.opportunities);
  const rows = sorted.slice(0, 80).map((rate) => [
    kitNode("span", {}, `${behaviourWord(rate.family)}: `, kitWords(behaviourWord(rate.act), { limit: 80 })),
    `${kitCount(rate.taken)} of ${kitCount(rate.opportunities)}`,
    behaviourInterval(rate),
    rate.share === null ? "–" : `${kitShare(rate.share)}`,
    rate.low === null || rate.low === undefined ? "–" : `${kitShare(rate.low)} to ${kitShare(rate.high)}`,
    rate.excluded === undefined ? "–" : kitCount(rate.excluded),
  ]);
  return kitNode("div", {},
    kitNode("p", { class: "kit-note" }, "An opportunity is a choice whose options held the act and another one. The interval is Wilson's, 95 %; choices of one episode hang together, so it describes this run and is no effect."),
    kitTable(`Rates${rates.length > 80 ? `: the first 80 of ${rates.length}` : ""}`, [
      "Act", { text: "Taken", number: true }, "0 to 100 %", { text: "Share", number: true }, { text: "95 % interval", number: true }, { text: "Left out", number: true },
    ], rows));
}

function behaviourInterval(rate) {
  if (typeof rate.share !== "number") return kitNode("span", {});
  return kitNode("span", { class: "behaviour-interval", "aria-hidden": "true" },
    kitNode("span", { class: "behaviour-whisker", css: { "--low": rate.low ?? rate.share, "--high": rate.high ?? rate.share } }),
    kitNode("span", { class: "behaviour-point", css: { "--share": rate.share } }));
}
