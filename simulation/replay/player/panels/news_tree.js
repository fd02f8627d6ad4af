/**
 * Who told whom: a tree of people, from those who knew it first.
 */

import { shortText } from "../dom.js";
import { kitEmpty, kitNode } from "./kit.js";
import { momentPerson, momentTick } from "./moments.js";

/** Steps that are set in further; deeper ones stand below one another. */
const NEWS_DEEP = 7;
const NEWS_MOST = 200;

/** How somebody came to know a fact. */
const NEWS_SOURCES = new Map([
  ["seeded", "knew it from the start"], ["saw", "saw it"], ["read", "read it"], ["inferred", "worked it out"], ["told", "was told"], ["overheard", "overheard it"],
]);

/**
 * @param {[number, number, string, number, number][]} learned Tick, agent, source, teller, event: up to now.
 */
export function newsTree(context, learned) {
  if (learned.length === 0) return kitEmpty("Nobody knows it up to now.");
  const holders = new Set();
  const told = new Map();
  const roots = [];
  for (const row of learned.slice(0, NEWS_MOST)) {
    const [, agent, , teller] = row;
    if (teller >= 0 && teller !== agent && holders.has(teller)) {
      if (!told.has(teller)) told.set(teller, []);
      told.get(teller).push(row);
    } else roots.push(row);
    holders.add(agent);
  }
  return kitNode("div", {}, newsBranch(context, roots, told, 0, new Set()),
    learned.length > NEWS_MOST && kitNode("p", { class: "kit-note" }, `The first ${NEWS_MOST} of ${learned.length} are shown.`));
}

function newsBranch(context, rows, told, depth, seen) {
  return kitNode("ul", { class: depth > 0 && depth < NEWS_DEEP ? "news-tree news-in" : "news-tree" }, ...rows.map((row) => {
    const [tick, agent, source, teller, event] = row;
    if (seen.has(agent)) return null;
    seen.add(agent);
    const how = teller >= 0 && depth === 0 ? kitNode("span", {}, `${shortText(source, 40)} by `, momentPerson(context, teller), ", who is not known to hold it") : newsSource(source);
    const next = told.get(agent) ?? [];
    return kitNode("li", {}, kitNode("div", { class: "kit-row" }, momentPerson(context, agent), momentTick(context, tick, event), kitNode("span", { class: "kit-note" }, how)),
      next.length > 0 && newsBranch(context, next, told, depth + 1, seen));
  }));
}

function newsSource(source) {
  return NEWS_SOURCES.get(source) ?? shortText(source, 40);
}
