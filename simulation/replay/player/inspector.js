/**
 * The panel Why: what was behind an act, as far as the log tells.
 */

import { shortText } from "./dom.js";
import { whyCauses, whyConsequences } from "./inspector-links.js";
import { whyCall, whyEffects, whyList, whyMemories, whyOptions, whyOrigin, whyPercept, whyPlan } from "./inspector-parts.js";
import { kitAdd, kitButton, kitEmpty, kitFold, kitNode, kitSection, kitSet, kitValue, kitWords } from "./panels/kit.js";
import { momentLink, momentPerson, momentTick } from "./panels/moments.js";
import { SliceTurn } from "./panels/slices.js";
import { TRACE_DOINGS, traceBack, traceDecision, traceDoing, traceKind, traceOn } from "./panels/trace.js";

/** Fields that have a part of their own. */
const WHY_TOLD = new Set([
  "effects", "inPrompt", "dropped", "action", "deed", "text", "since", "menu", "percept", "memories", "call", "options", "chosen",
  "raw", "corrected", "exponent", "origin", "given", "items", "evidence", "heard", "insight",
]);

/** What a fallback is, said once. */
const WHY_FELL = "No thought of this person: what stands here is a safe answer in place of one.";

/**
 * @param {import("./panels/panel.js").Context} context
 * @returns {import("./panels/panel.js").Panel}
 */
export function createWhyPanel(context) {
  const { reel } = context;
  const head = kitNode("header", { class: "why-head" });
  const body = kitNode("div", { class: "why-body" });
  const element = kitNode("div", { class: "why kit-panel" }, head, body);
  const turn = new SliceTurn();
  let shown = "";
  const show = async (event) => {
    const wanted = turn.begin();
    body.setAttribute("aria-busy", "true");
    const story = await whyRead(context, event);
    if (!wanted()) return;
    kitSet(head, ...whyHead(context, event, story));
    kitSet(body, ...whyStory(context, event, story, wanted));
    body.removeAttribute("aria-busy");
  };
  return {
    id: "why",
    title: "Why",
    element,
    update(state) {
      const event = whyWhich(reel, state);
      const key = `${event}/${event < 0 ? state.agent : ""}`;
      if (key === shown) return;
      shown = key;
      if (event < 0 || event >= reel.count) {
        turn.stop();
        whyNothing(context, state, head, body);
        return;
      }
      show(event).catch((fault) => {
        shown = "";
        kitSet(body, kitNode("p", { class: "sp-trouble", role: "alert" }, `This moment cannot be read: ${fault.message}`));
      });
    },
    destroy() {
      turn.stop();
    },
  };
}

/** The event that was clicked, until time goes on; then what the selected resident does. */
function whyWhich(reel, state) {
  if (state.event >= 0 && (state.agent < 0 || reel.tickOf(state.event) === state.tick)) return state.event;
  return state.agent >= 0 ? traceDoing(reel, state.agent, state.tick) : -1;
}

function whyNothing(context, state, head, body) {
  const chosen = state.agent >= 0;
  kitSet(head, kitNode("h2", { class: "why-title" }, chosen ? "Nothing done yet" : "Why did they do that?"));
  kitSet(body, chosen
    ? kitNode("p", {}, momentPerson(context, state.agent), " has done nothing that can be seen up to this tick.")
    : kitNode("p", {}, "Select a resident, on the map or in this list, or any event in the other tabs."));
  if (chosen) return;
  const people = kitNode("ul", { class: "kit-people", "aria-label": "Residents" });
  context.reel.cast.slice(0, 60).forEach((_, agent) => people.append(kitNode("li", {}, momentPerson(context, agent))));
  kitAdd(body, people);
}

/** Everything that is known of an event and of the choice behind it. */
async function whyRead(context, event) {
  const { reel, parts } = context;
  const [line, mind] = await Promise.all([parts.lineOf(event), parts.mind(event)]);
  const causes = line?.[3] ?? [];
  const decision = traceDecision(reel, event, causes, mind?.fields?.since);
  const behind = decision >= 0 && decision !== event ? await parts.mind(decision) : null;
  const [asked, recalled] = await Promise.all([mind?.calls?.length ? [] : whyAskedFor(context, event, causes), whyRecalled(context, event, mind)]);
  const reasons = decision >= 0 && decision !== event ? (await parts.lineOf(decision))?.[3] ?? [] : [];
  return { line, mind: mind ?? {}, causes, decision, behind: behind ?? {}, asked, recalled, reasons, fallbacks: await whyFallbacks(context, event, decision) };
}

/** Questions to a model that an event names as its cause. */
async function whyAskedFor({ reel, parts }, event, causes) {
  if (reel.typeOf(event) === "decided") return [];
  const calls = causes.filter((cause) => reel.typeOf(cause) === "asked").slice(-12);
  return (await Promise.all(calls.map((call) => parts.mind(call)))).flatMap((mind) => mind?.calls ?? []);
}

/** For what each type of event memories are retrieved. */
const WHY_RECALLED = { said: "utter", reflected: "reflect", took_stance: "stance", probed: "stance" };

/** What was retrieved for an event just before it, in the same tick. */
async function whyRecalled({ reel, parts }, event, mind) {
  const purpose = Object.hasOwn(WHY_RECALLED, reel.typeOf(event)) ? WHY_RECALLED[reel.typeOf(event)] : "";
  if (!purpose || mind?.memories?.length) return null;
  const [agent, [from]] = [reel.agentOf(event), reel.eventsIn(reel.tickOf(event))];
  for (let at = event - 1; at >= from; at -= 1) {
    if (reel.agentOf(at) !== agent || reel.typeOf(at) !== "recalled") continue;
    const found = await parts.mind(at);
    if (found?.fields?.purpose === purpose) return found;
  }
  return null;
}

/** What fell back in the tick of the event or of the choice behind it. */
async function whyFallbacks(context, event, decision) {
  const { reel, parts } = context;
  const agent = reel.agentOf(event);
  const found = new Map();
  for (const one of [event, decision]) {
    if (one < 0 || agent < 0) continue;
    const [from, to] = reel.eventsIn(reel.tickOf(one));
    for (let at = from; at < to; at += 1) {
      if (reel.agentOf(at) === agent && reel.typeOf(at) === "fell_back") found.set(at, null);
    }
  }
  await Promise.all([...found.keys()].map(async (at) => found.set(at, { line: await parts.lineOf(at), mind: await parts.mind(at) })));
  return found;
}

function whyHead(context, event, { line }) {
  const { reel } = context;
  const agent = reel.agentOf(event);
  const place = reel.placeOf(event) >= 0 ? reel.placeName(reel.placeOf(event)) : "";
  const step = (text, label, other) => kitButton(text, () => context.select({ event: other }), {
    class: "kit-button kit-small", "aria-label": label, title: label, disabled: other < 0,
  });
  const near = agent < 0 ? null : kitNode("span", { class: "why-near" },
    step("‹", "What they did before", traceBack(reel, agent, event, TRACE_DOINGS)),
    step("›", "What they did next", traceOn(reel, agent, event, TRACE_DOINGS)));
  const where = place ? [" ", kitNode("span", { class: "kit-note" }, "at ", kitWords(place, { limit: 60 }))] : [];
  return [
    kitNode("div", { class: "kit-row why-where" }, momentTick(context, reel.tickOf(event), event), agent >= 0 && momentPerson(context, agent), ...where, near),
    kitNode("h2", { class: "why-title" }, kitNode("span", { class: "kit-kind" }, traceKind(reel.kindOf(event))), " ",
      line ? kitWords(line[2] || line[1], { limit: 300 }) : "This event is not in the episode."),
  ];
}

function whyStory(context, event, story, wanted) {
  const { mind, behind, decision, fallbacks } = story;
  const choice = mind.options?.length ? mind : behind;
  const memories = [mind, story.recalled, behind].filter((one) => one?.memories?.length);
  const calls = [...(mind.calls ?? []), ...story.asked, ...(behind.calls ?? [])];
  const percept = mind.percept || behind.percept;
  return [
    whyFell(context, story, choice, fallbacks),
    context.reel.typeOf(event) === "reflected" && whySummary(mind.fields ?? {}),
    mind.fields?.effects?.length > 0 && kitSection("By the world's rules", {}, whyEffects(mind.fields.effects)),
    mind.fields?.items?.length > 0 && kitSection("What was planned", {}, whyPlan(mind.fields.items)),
    percept && kitSection("What was perceived", {}, whyPercept(percept)),
    memories.length > 0 && kitSection("What was remembered", {
      note: "retrieved by recency, importance, relevance",
    }, ...memories.flatMap((one) => [
      memories.length > 1 && kitNode("h4", { class: "kit-label" }, one === behind ? "For the choice" : mind.fields?.told ? "For the words" : "For this"),
      whyMemories(context, one.memories, one.inPrompt),
    ])),
    choice.options?.length > 0 && kitSection("What could have been done", {
      note: `${choice.options.length} option${choice.options.length === 1 ? "" : "s"}${choice.options.length > 8 ? ", the likeliest of them" : ""}, in the order shown`,
    }, choice === behind && kitNode("div", { class: "why-choice" }, "Chosen ", momentLink(context, decision, null, { nameless: true })), whyOptions(choice)),
    whyAsked(context, event, calls, story),
    kitSection("What led to it", {}, whyCauses(context, [...story.causes, ...story.reasons.filter((one) => one !== event)], decision === event ? -1 : decision)),
    kitSection("What followed", {}, whyConsequences(context, event, wanted)),
    whyRest(mind),
  ];
}

function whyAsked(context, event, calls, story) {
  if (calls.length > 0) {
    return kitSection("What the model was asked, to the letter", {}, ...calls.map((call) => whyCall(context, call)));
  }
  if (context.reel.agentOf(event) < 0) return null;
  const origin = story.mind.origin ?? story.behind.origin;
  const why = context.reel.core.model ? "No language model was asked for this" : "No question to a language model is on record in this episode";
  return kitSection("What the model was asked", {}, kitEmpty(`${why}${origin ? `. It was ${whyOrigin(origin).split(";")[0]}` : ""}.`));
}

function whyFell(context, story, choice, fallbacks) {
  const safe = ["fallback", "refusal"].includes(choice.origin ?? "");
  if (!safe && fallbacks.size === 0) return null;
  const items = [...fallbacks].map(([event, known]) => {
    const fields = known?.mind?.fields ?? {};
    return kitNode("li", {}, momentLink(context, event, known?.line ?? null, { nameless: true }),
      fields.reason && kitNode("p", {}, "Why: ", kitWords(fields.reason, { limit: 300 })),
      fields.reply && kitNode("p", {}, "It had said: ", kitWords(fields.reply, { limit: 300 })));
  });
  return kitNode("section", { class: "why-fell", "aria-label": "What fell back" },
    kitNode("h3", { class: "kit-heading" }, safe ? "This fell back" : "Something fell back at this tick"),
    kitNode("p", {}, safe ? WHY_FELL : "A reply could not be used; a safe answer took its place."),
    items.length > 0 && kitNode("ul", { class: "kit-list" }, ...items));
}

/** A thought that could not be used, and what stands in its place. */
function whySummary(fields) {
  if (fields.kept || !fields.proposed) return null;
  return kitNode("section", { class: "why-fell", "aria-label": "What fell back" },
    kitNode("h3", { class: "kit-heading" }, "A plain summary in place of a thought"),
    kitNode("p", {}, "What the model wrote was not kept: too far from the evidence, a copy of it, or too short. It was: ", kitWords(fields.proposed, { limit: 300 })));
}

/** What else the event says. */
function whyRest(mind) {
  const facts = Object.entries(mind.fields ?? {})
    .filter(([name, value]) => !WHY_TOLD.has(name) && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0))
    .slice(0, 40)
    .map(([name, value]) => [shortText(name, 40).replaceAll("_", " "), kitValue(value)]);
  if (facts.length === 0) return null;
  return kitSection("What else the log says of it", {}, kitFold(`${facts.length} field${facts.length === 1 ? "" : "s"}`, () => whyList(facts), facts.length <= 6));
}
