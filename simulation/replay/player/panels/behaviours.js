/**
 * The panel Behaviours: what detectors found, with its evidence and its denominators.
 */

import { shortText } from "../dom.js";
import { behaviourCard, behaviourRates, behaviourWord } from "./behaviour_parts.js";
import { kitCount, kitEmpty, kitNode, kitPlural, kitSection, kitSet, kitTable } from "./kit.js";
import { momentPages } from "./moments.js";
import { societyPanel } from "./society.js";
import { traceUpTo } from "./trace.js";

/** Families that there are detectors for, and which are told of even when nothing was found. */
const BEHAVIOUR_FAMILIES = ["volunteering", "conformity", "destruction"];

/**
 * @param {import("./panel.js").Context} context
 * @returns {import("./panel.js").Panel}
 */
export function createBehavioursPanel(context) {
  return societyPanel(context, {
    id: "behaviours", title: "Behaviours", heading: "What emerged", reading: "Looking for what emerged…",
    build: (_, society, kept) => behaviourView(context, society, kept),
  });
}

function behaviourView(context, society, before) {
  const { reel } = context;
  const findings = [...(society.findings ?? [])].sort((a, b) => a.tick - b.tick);
  const rates = society.rates ?? [];
  const chosen = before ?? { family: "", kind: "", person: -1, past: true };
  const families = [...new Set([...BEHAVIOUR_FAMILIES, ...findings.map((one) => one.family)])];
  const counts = kitNode("div", {});
  const list = kitNode("div", {});
  const status = kitNode("p", { class: "kit-note", role: "status" });
  let tick = 0;
  let key = "";
  const select = (label, name, options) => {
    const box = kitNode("select", { class: "kit-select", "aria-label": label, on: { change: () => {
      chosen[name] = name === "person" ? Number(box.value) : box.value;
      if (name === "family") {
        chosen.kind = "";
        kind.replaceWith(kind = kinds());
      }
      update(tick);
    } } }, ...options.map(([value, text]) => kitNode("option", { value: String(value) }, text)));
    box.value = String(chosen[name]);
    return box;
  };
  const kinds = () => select("Kind", "kind", [["", "every kind"], ...[...new Set(findings.filter((one) => !chosen.family || one.family === chosen.family).map((one) => one.kind))].sort().map((one) => [one, behaviourWord(one)])]);
  const family = select("Family", "family", [["", "every family"], ...families.map((one) => [one, behaviourWord(one)])]);
  let kind = kinds();
  const person = select("Whose", "person", [[-1, "everybody"], ...reel.cast.map((agent, at) => [at, shortText(agent.name || agent.id, 40)])]);
  const past = kitNode("input", { type: "checkbox", checked: chosen.past, on: { change: () => {
    chosen.past = past.checked;
    update(tick);
  } } });
  const update = (at) => {
    tick = at;
    const known = traceUpTo(findings, tick, (one) => one.tick);
    const now = `${known}/${JSON.stringify(chosen)}`;
    if (now === key) return;
    key = now;
    kitSet(counts, behaviourCounts(findings, known));
    const fits = (chosen.past ? findings.slice(0, known) : findings).filter((one) => behaviourFits(one, chosen)).reverse();
    status.textContent = `${kitPlural(fits.length, "finding")}${chosen.past ? " up to now" : " in the whole episode"}`;
    kitSet(list, fits.length > 0
      ? momentPages(fits, 15, (one) => behaviourCard(context, one), { class: "kit-list behaviour-list" })
      : behaviourNone(findings, rates, chosen));
  };
  return {
    element: kitNode("div", {},
      kitSection("Counts", { note: "up to now, and in all" }, counts),
      kitSection("Findings", {}, kitNode("div", { class: "kit-row" }, family, kind, person, kitNode("label", { class: "kit-check" }, past, "up to now only")), status, list),
      kitSection("Rates", { note: "of the whole episode" }, behaviourRates(rates))),
    update: (state) => update(state.tick),
    keep: () => chosen,
  };
}

function behaviourFits(one, chosen) {
  return (!chosen.family || one.family === chosen.family) && (!chosen.kind || one.kind === chosen.kind)
    && (chosen.person < 0 || one.actor === chosen.person || one.target === chosen.person);
}

function behaviourCounts(findings, known) {
  if (findings.length === 0) return kitEmpty("No detector found anything in this episode. What they looked at stands under Rates.");
  const rows = new Map();
  findings.forEach((one, at) => {
    const name = `${one.family}/${one.kind}/${one.subtype ?? ""}`;
    const row = rows.get(name) ?? { one, now: 0, all: 0 };
    row.all += 1;
    if (at < known) row.now += 1;
    rows.set(name, row);
  });
  const sorted = [...rows.values()].sort((a, b) => behaviourRank(a.one) - behaviourRank(b.one) || b.all - a.all);
  const most = Math.max(...sorted.map((row) => row.all));
  return kitTable(`${kitCount(known)} of ${kitPlural(findings.length, "finding")} up to now`, ["Family and kind", { text: "Up to now", number: true }, { text: "In all", number: true }, "Now, of all"],
    sorted.map(({ one, now, all }) => [
      kitNode("span", {}, kitNode("span", { class: `behaviour-swatch behaviour-${behaviourFamily(one.family)}`, "aria-hidden": "true" }),
        `${behaviourWord(one.family)}: `, kitNode("strong", {}, behaviourWord(one.kind)), one.subtype ? `, ${behaviourWord(one.subtype)}` : ""),
      kitCount(now), kitCount(all),
      kitNode("span", { class: "behaviour-track", "aria-hidden": "true" }, kitNode("span", { class: `behaviour-all behaviour-${behaviourFamily(one.family)}`, css: { "--share": all / most } }),
        now > 0 && kitNode("span", { class: `behaviour-now behaviour-${behaviourFamily(one.family)}`, css: { "--share": now / most } })),
    ]));
}

function behaviourRank(one) {
  const at = BEHAVIOUR_FAMILIES.indexOf(one.family);
  return at < 0 ? BEHAVIOUR_FAMILIES.length : at;
}

function behaviourFamily(family) {
  return BEHAVIOUR_FAMILIES.includes(family) ? family : "other";
}

/** Why nothing is listed. */
function behaviourNone(findings, rates, chosen) {
  const later = findings.filter((one) => behaviourFits(one, chosen)).length;
  if (chosen.past && later > 0) return kitEmpty(`Nothing of this up to now; ${kitPlural(later, "finding")} later in the episode.`);
  const of = rates.filter((rate) => !chosen.family || rate.family === chosen.family);
  const chances = of.reduce((sum, rate) => sum + rate.opportunities, 0);
  const what = chosen.family ? behaviourWord(chosen.family) : "what the detectors look for";
  if (findings.length > 0 && !(chosen.family && !findings.some((one) => one.family === chosen.family))) return kitEmpty("No finding fits the filter.");
  if (chances > 0) return kitEmpty(`None found of ${what}, though there were ${kitPlural(chances, "opportunity", "opportunities")}: choices at which it could have been done and something else was.`);
  return kitEmpty(`None found of ${what}, and no choice in this episode offered it: without an opportunity there is no rate, and silence says nothing of the people.`);
}
