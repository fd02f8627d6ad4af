/**
 * The parts of an answer to "why did they do that": memories, options, calls, effects.
 */

import { shortText } from "./dom.js";
import {
  kitCount, kitEmpty, kitFigure, kitFold, kitMoney, kitName, kitNode, kitSeconds, kitSet, kitShare, kitTable, kitValue, kitVerbatim, kitWords,
} from "./panels/kit.js";
import { momentTick } from "./panels/moments.js";

const WHY_SCORES = ["recency", "importance", "relevance"];

/** Memories shown before the others are folded away. */
const WHY_MEMORIES = 6;

/** What made a choice, in words. */
const WHY_ORIGINS = {
  model: "drawn from the probabilities that the language model gave",
  rules: "drawn from the weights of the mind's rules; no model was asked",
  uniform: "drawn at random, every option alike",
  scripted: "written in a script",
  human: "made by a person at the keyboard",
  "reused plan": "taken from a plan learned earlier; no model was asked",
  fallback: "a safe answer in place of a reply that could not be used",
  refusal: "a safe answer, since the model refused",
};

/** What made a choice, as a sentence's end. */
export function whyOrigin(origin) {
  return Object.hasOwn(WHY_ORIGINS, origin) ? WHY_ORIGINS[origin] : shortText(origin, 40);
}

/**
 * Memories as they were retrieved, best first, each with the parts of its score.
 *
 * @param {any[]} memories `[event, text, total, recency, importance, relevance]`
 * @param {number[]} [kept] Those that the prompt had room for; without it all.
 */
export function whyMemories(context, memories, kept = undefined) {
  const scored = memories.filter((one) => one[2] !== null);
  const most = Math.max(0.001, ...scored.map((one) => Math.max(one[2], one[3] + one[4] + one[5])));
  const inPrompt = kept ? new Set(kept) : null;
  const rows = memories.map((one, at) => whyMemory(context, one, at, most, inPrompt));
  const legend = kitNode("p", { class: "why-legend" }, ...WHY_SCORES.map((name) => kitNode("span", {},
    kitNode("span", { class: `why-swatch why-${name}`, "aria-hidden": "true" }), name)));
  const rest = rows.splice(WHY_MEMORIES);
  return kitNode("div", {}, scored.length > 0 && legend, kitNode("ol", { class: "why-memories" }, ...rows),
    rest.length > 0 && kitFold(`${rest.length} more that were retrieved`, () => kitNode("ol", { class: "why-memories" }, ...rest)));
}

function whyMemory(context, memory, at, most, inPrompt) {
  const [event, text, total, ...parts] = memory;
  const known = Number.isInteger(event) && event >= 0 && event < context.reel.count;
  const head = kitNode("div", { class: "kit-row" },
    known && momentTick(context, context.reel.tickOf(event), event),
    inPrompt && !inPrompt.has(event) && kitNode("span", { class: "kit-note" }, "retrieved, left out of the prompt for want of room"));
  const item = kitNode("li", { class: "why-memory" }, head, kitWords(text, { limit: 260 }));
  if (total === null || total === undefined) return item;
  const figures = WHY_SCORES.map((name, index) => `${name} ${kitFigure(parts[index])}`).join(", ");
  const bar = kitNode("div", { class: "why-score", role: "img", "aria-label": `Score ${kitFigure(total)} of memory ${at + 1}: ${figures}` },
    ...WHY_SCORES.map((name, index) => kitNode("span", {
      class: `why-piece why-${name}`, css: { "--share": Math.max(0, parts[index] ?? 0) / most }, title: `${name} ${kitFigure(parts[index])}`,
    })));
  const line = kitNode("div", { class: "why-figures" }, kitNode("strong", {}, kitFigure(total)),
    ...WHY_SCORES.map((name, index) => kitNode("span", {}, kitNode("span", { class: `why-swatch why-${name}`, "aria-hidden": "true" }),
      kitNode("span", { class: "kit-off" }, `${name} `), kitFigure(parts[index]))));
  item.append(bar, line);
  return item;
}

/**
 * The options in the order shown, with their probabilities before and after correction.
 *
 * @param {any} mind With options, chosen, origin, exponent.
 */
export function whyOptions(mind) {
  const corrected = mind.options.some((one) => one[1] !== null && one[2] !== null && Math.abs(one[1] - one[2]) > 0.0005);
  const weighed = mind.options.some((one) => one[2] !== null || one[1] !== null);
  const order = mind.options.map((_, at) => at);
  const top = new Set([...order].sort((a, b) => whyWeight(mind.options[b]) - whyWeight(mind.options[a])).slice(0, 6));
  if (mind.chosen !== null && mind.chosen !== undefined) top.add(mind.chosen);
  const few = mind.options.length <= 8 ? order : order.filter((at) => top.has(at));
  const list = kitNode("ol", { class: "why-options" }, ...few.map((at) => whyOption(mind, at, corrected, weighed)));
  const rest = order.filter((at) => !few.includes(at));
  const legend = corrected && kitNode("p", { class: "why-legend" },
    kitNode("span", {}, kitNode("span", { class: "why-swatch why-corrected" }), "corrected, drawn from"),
    kitNode("span", {}, kitNode("span", { class: "why-swatch why-raw" }), "raw, as the mind gave it"));
  const said = kitNode("p", {}, kitNode("strong", {}, `Origin: ${shortText(mind.origin ?? "unknown", 30)}. `), `The choice was ${whyOrigin(mind.origin)}.`,
    corrected && mind.exponent !== null && mind.exponent !== undefined
      ? ` The content-free prior was taken off with exponent ${mind.exponent}.` : null);
  return kitNode("div", {}, said, legend, list, rest.length > 0 && kitFold(
    `${rest.length} less likely options`,
    () => kitNode("ol", { class: "why-options" }, ...rest.map((at) => whyOption(mind, at, corrected, weighed))),
  ));
}

function whyWeight(option) {
  return option[2] ?? option[1] ?? 0;
}

function whyOption(mind, at, corrected, weighed) {
  const [text, raw, after] = mind.options[at];
  const chosen = at === mind.chosen;
  const share = after ?? raw;
  const figures = weighed ? kitNode("span", { class: "why-shares" }, kitNode("strong", {}, kitShare(share)),
    corrected && kitNode("span", { class: "kit-note" }, `raw ${kitShare(raw)}`)) : null;
  const bar = weighed && kitNode("span", { class: "why-track", "aria-hidden": "true" },
    kitNode("span", { class: "why-bar", css: { "--share": share ?? 0 } }),
    corrected && kitNode("span", { class: "why-tick", css: { "--share": raw ?? 0 } }));
  return kitNode("li", { class: chosen ? "why-option why-chosen" : "why-option", value: null },
    kitNode("span", { class: "why-line" },
      chosen && kitNode("span", { class: "why-mark" }, "✔ chosen"), kitWords(text, { limit: 200 }), figures),
    bar);
}

/** What a mind perceived: a term and what it was for each line, or plain words. */
export function whyPercept(percept) {
  const rows = percept.split("\n").map((line) => /^([A-Z][\w ,]{1,24}): ([^]*)$/.exec(line));
  if (rows.some((row) => row === null)) return kitWords(percept, { tag: "p", limit: 1200, class: "sp-text" });
  return kitNode("dl", { class: "why-facts" }, ...rows.flatMap(([, term, text]) => [
    kitNode("dt", {}, term), kitNode("dd", {}, kitWords(text, { limit: 500 })),
  ]));
}

/** A plan's items, as the log has them. */
export function whyPlan(items) {
  return kitNode("ol", { class: "kit-lines" }, ...items.slice(0, 60).map((item) => kitNode("li", {},
    item.at && kitNode("span", { class: "kit-hour" }, shortText(item.at, 8), " "),
    kitWords(item.doing ?? item.focus ?? item.what ?? kitValue(item), { limit: 160 }),
    kitNode("span", { class: "kit-note" }, item.place ? ` ${shortText(item.place, 40).replaceAll("_", " ")}` : "", item.minutes ? ` ${kitCount(item.minutes)} min` : ""))));
}

/** One question to a language model and its answer, to the letter. */
export function whyCall(context, call) {
  const tokens = `${kitCount(call.promptTokens)} → ${kitCount(call.replyTokens)} tokens`;
  const head = [
    kitName(call.purpose ?? "", 30), " ", kitName(call.model ?? "", 60), " ",
    kitNode("span", { class: "kit-note" }, `${tokens} · ${kitSeconds(call.seconds)} · ${kitMoney(call.cost)}${call.repair ? ` · repair ${call.repair}` : ""}`),
  ];
  return kitFold(head, () => [
    call.repair ? kitNode("p", {}, `The same had been asked ${call.repair} time${call.repair === 1 ? "" : "s"} before and was answered badly.`) : null,
    whyPrompt(context, call.prompt),
    call.options?.length ? whyWeights(call) : null,
    kitVerbatim("Reply", call.reply ?? ""),
    whyCosts(call),
  ]);
}

/** The prompt; what it shares with others of its purpose is fetched and stands in front of the rest. */
function whyPrompt(context, prompt) {
  if (typeof prompt !== "object" || prompt === null) return kitVerbatim("Prompt", prompt ?? "");
  const box = kitNode("div", {}, kitNode("p", { class: "kit-note" }, "Reading the prompt…"));
  whyHeads(context).then((heads) => {
    const head = String(heads[prompt.head] ?? "");
    kitSet(box, kitVerbatim("Prompt", prompt.tail ?? "", { before: head }));
  }, (fault) => kitSet(box, kitNode("p", { class: "sp-trouble", role: "alert" }, `The prompt's beginning cannot be read: ${fault.message}`)));
  return box;
}

const WHY_HEADS = new WeakMap();

/** Beginnings that prompts share, asked for once. */
function whyHeads(context) {
  if (!WHY_HEADS.has(context.parts)) {
    const asked = Promise.resolve().then(() => (context.parts.heads ?? context.source.heads).call(context.parts.heads ? context.parts : context.source));
    asked.catch(() => WHY_HEADS.delete(context.parts));
    WHY_HEADS.set(context.parts, asked);
  }
  return WHY_HEADS.get(context.parts);
}

/** The model's log weights beside the options that they stand for. */
function whyWeights(call) {
  const weights = whyLogs(call.reply);
  if (!weights || weights[0].length !== call.options.length) {
    return kitFold(`${call.options.length} options to choose from`, () => kitNode("ol", { class: "kit-lines" },
      ...call.options.map((option) => kitNode("li", {}, kitWords(option, { limit: 200 })))));
  }
  const heads = ["Option", { text: "log p", number: true }];
  if (weights[1]) heads.push({ text: "log p, content-free", number: true });
  return kitTable("What the reply gives each option", heads, call.options.map((option, at) => [
    kitWords(option, { limit: 160 }), kitFigure(weights[0][at]), ...(weights[1] ? [kitFigure(weights[1][at])] : []),
  ]));
}

function whyLogs(reply) {
  let read;
  try {
    read = JSON.parse(reply);
  } catch (fault) {
    if (fault instanceof SyntaxError) return null;
    throw fault;
  }
  const rows = Array.isArray(read?.[0]) ? read : [read];
  const fine = rows.every((row) => Array.isArray(row) && row.every((one) => typeof one === "number"));
  return fine ? rows : null;
}

function whyCosts(call) {
  const facts = [
    ["Prompt tokens", kitCount(call.promptTokens)], ["Reply tokens", kitCount(call.replyTokens)],
    ["Seconds", kitSeconds(call.seconds)], ["Cost", kitMoney(call.cost)], ["Repairs before", kitCount(call.repair)],
  ];
  if (call.cachedTokens !== undefined) facts.splice(1, 0, ["Of those from a cache", kitCount(call.cachedTokens)]);
  return whyList(facts);
}

/** Terms and what they are. */
export function whyList(facts) {
  return kitNode("dl", { class: "why-facts" }, ...facts.flatMap(([term, value]) => [
    kitNode("dt", {}, term), kitNode("dd", {}, value instanceof Node ? value : kitWords(value, { limit: 240 })),
  ]));
}

/** What changed by the world's rules. */
export function whyEffects(effects) {
  const rows = effects.slice(0, 60).map((one) => [
    kitWords(one.target, { limit: 60 }), kitWords(String(one.attribute ?? "").replaceAll("_", " "), { limit: 60 }),
    kitWords(kitValue(one.before), { limit: 80 }), kitWords(kitValue(one.after), { limit: 80 }),
    kitWords(whyOwner(one), { limit: 90 }),
  ]);
  if (rows.length === 0) return kitEmpty("Nothing in the world was changed by it.");
  return kitTable(`What it changed (${effects.length})`, ["What", "Property", "Before", "After", "Owner"], rows);
}

/** Whose it was, and whether they agreed. */
function whyOwner(effect) {
  if (!effect.owner) return "nobody";
  const agreed = { true: ", agreed", false: ", did not agree" }[String(effect.consent)] ?? "";
  return `${effect.owner}${agreed}`;
}
