/**
 * The moments worth jumping to, by kind: what the timeline marks and what "next" looks for.
 */
import { shortText } from "./dom.js";

/** Lanes of the timeline: each kind has a colour of its own and a shape of its own. */
export const LANES = [
  { id: "talk", title: "Conversations", shape: "bar" },
  { id: "reflection", title: "Reflections", shape: "circle" },
  { id: "volunteering", title: "Volunteering", shape: "up" },
  { id: "conformity", title: "Conformity", shape: "diamond" },
  { id: "destruction", title: "Destruction", shape: "cross" },
];

/** What "next" and "previous" can look for. */
export const JUMPS = [
  ["notable", "anything notable"], ["talk", "conversation"], ["said", "utterance"], ["reflection", "reflection"], ["volunteering", "volunteering"],
  ["conformity", "conformity"], ["destruction", "destruction"], ["deed", "deed"], ["failure", "failure"], ["plan", "plan"], ["choice", "choice"],
  ["fact", "something learned"], ["stance", "stance"], ["reaction", "reaction"], ["relation", "relationship"], ["world", "change in the world"], ["run", "start, branch or end"],
];
const MARKER_FAMILIES = ["volunteering", "conformity", "destruction"];
const MARKER_QUIET_MINUTES = 6;

/**
 * Events of a kind in order.
 * @param {ReturnType<import("./reel.js").createReel>} reel
 * @param {any} society undefined while it is not there
 * @param {string} kind of JUMPS
 * @returns {{event: number, tick: number, text: string, agents: number[]}[]}
 */
export function markersOf(reel, society, kind) {
  const found = kind === "notable" || MARKER_FAMILIES.includes(kind) ? society?.findings?.length ?? -1 : "";
  const key = `markers:${kind}:${found}`;
  if (!reel.memo.has(key)) reel.memo.set(key, markersMade(reel, society, kind));
  return reel.memo.get(key);
}

function markersMade(reel, society, kind) {
  if (kind === "notable") {
    const all = ["talk", "reflection", ...MARKER_FAMILIES].flatMap((one) => markersOf(reel, society, one));
    return all.sort((one, two) => one.tick - two.tick || one.event - two.event);
  }
  if (MARKER_FAMILIES.includes(kind)) return markersFound(reel, society, kind);
  if (kind === "talk") return markersTalks(reel);
  const events = kind === "said" ? reel.eventsOfType("said") : reel.eventsOfKind(kind);
  return markersPlain(reel, events);
}

function markersPlain(reel, events) {
  let tick = 0;
  return Array.from(events, (event) => {
    while (tick < reel.last && reel.core.columns.first[tick + 1] <= event) tick += 1;
    return { event, tick, text: "", agents: [reel.agentOf(event)] };
  });
}

function markersFound(reel, society, family) {
  return (society?.findings ?? [])
    .filter((finding) => finding.family === family && Number.isFinite(finding.tick))
    .map((finding) => {
      const event = finding.events?.at(-1) ?? -1;
      return { event, tick: Math.max(0, Math.min(reel.last, finding.tick)), text: shortText(finding.text, 90), agents: [finding.actor, finding.target ?? -1] };
    })
    .sort((one, two) => one.tick - two.tick || one.event - two.event);
}

/** Where somebody speaks in a place in which nobody spoke of late. */
function markersTalks(reel) {
  const quiet = Math.max(1, Math.round(MARKER_QUIET_MINUTES / reel.core.clock.tickMinutes));
  const last = new Map();
  const found = [];
  let tick = 0;
  for (const event of reel.eventsOfType("said")) {
    while (tick < reel.last && reel.core.columns.first[tick + 1] <= event) tick += 1;
    const place = reel.placeOf(event);
    const agent = reel.agentOf(event);
    const open = last.get(place);
    if (open && tick - open.until <= quiet) {
      open.until = tick;
      if (!open.agents.includes(agent)) open.agents.push(agent);
      continue;
    }
    const begun = { event, tick, until: tick, text: reel.placeName(place), agents: [agent] };
    last.set(place, begun);
    found.push(begun);
  }
  return found;
}

/**
 * The next or previous one from where we are; null: none.
 * @param {{event: number, tick: number, agents: number[]}[]} marks @param {number} tick @param {number} event the selected one
 * @param {1|-1} way @param {number} agent only those of somebody; -1: of anybody
 */
export function nextMarker(marks, tick, event, way, agent = -1) {
  const after = (mark) => {
    if (mark.tick !== tick) return mark.tick > tick;
    return event >= 0 && mark.event >= 0 && mark.event > event && marks.some((one) => one.event === event);
  };
  const before = (mark) => {
    if (mark.tick !== tick) return mark.tick < tick;
    return event >= 0 && mark.event >= 0 && mark.event < event && marks.some((one) => one.event === event);
  };
  const fits = (mark) => agent < 0 || mark.agents.includes(agent);
  if (way > 0) return marks.find((mark) => fits(mark) && after(mark)) ?? null;
  for (let at = marks.length - 1; at >= 0; at -= 1) if (fits(marks[at]) && before(marks[at])) return marks[at];
  return null;
}
