/**
 * Which earlier and later events one hangs together with.
 *
 * Searches go chunk by chunk, so that an episode of half a million events is never read at once.
 */

import { shortText } from "../dom.js";
import { upperBound } from "../reel.js";
import { sliceEach } from "./slices.js";

/** What the kinds of events are called. */
const TRACE_KINDS = {
  talk: "said", deed: "did", failure: "failed", walk: "went", plan: "planned", reflection: "concluded", fact: "learned",
  stance: "position", world: "world", run: "run", choice: "decided", reaction: "noticed", feeling: "felt", relation: "relation",
  memory: "remembered", call: "asked a model", fallback: "fell back",
};

/** A kind of event in words. */
export function traceKind(kind) {
  return Object.hasOwn(TRACE_KINDS, kind) ? TRACE_KINDS[kind] : shortText(kind, 24);
}

/**
 * The latest event of an agent before `before` that has one of these types; -1: there is none.
 *
 * @param {string[]} types
 * @param {number} before An event's index, itself not meant.
 */
export function traceBack(reel, agent, before, types) {
  const list = reel.eventsOf(agent);
  for (let at = upperBound(list, before - 1) - 1; at >= 0; at -= 1) if (types.includes(reel.typeOf(list[at]))) return list[at];
  return -1;
}

/** The next event of an agent after `after` that has one of these types; -1: there is none. */
export function traceOn(reel, agent, after, types) {
  const list = reel.eventsOf(agent);
  for (let at = upperBound(list, after); at < list.length; at += 1) if (types.includes(reel.typeOf(list[at]))) return list[at];
  return -1;
}

/** What an agent can be seen to do. */
export const TRACE_DOINGS = ["acted", "said", "failed"];

/** The latest thing that an agent can be seen to have done up to a tick; -1: none. */
export function traceDoing(reel, agent, tick) {
  return traceBack(reel, agent, reel.countUpTo(tick), TRACE_DOINGS);
}

/** What follows from a choice that was made before, and not from itself. */
const TRACE_DECIDED = new Set(["acted", "failed", "said", "moved", "reacted", "decided"]);

/**
 * The choice behind an event: itself, one that it names, or the latest that its agent had made; -1: none.
 *
 * @param {number[]} causes
 * @param {number | undefined} since The tick at which it was begun, where that is known.
 */
export function traceDecision(reel, event, causes, since) {
  if (!TRACE_DECIDED.has(reel.typeOf(event))) return -1;
  if (reel.typeOf(event) === "decided") return event;
  const named = causes.find((cause) => reel.typeOf(cause) === "decided");
  if (named !== undefined) return named;
  const agent = reel.agentOf(event);
  if (agent < 0) return -1;
  const before = Number.isInteger(since) ? Math.min(event, reel.countUpTo(since)) : event;
  return traceBack(reel, agent, before, ["decided"]);
}

/**
 * Later events that name one as their cause.
 *
 * @param {number} from The first chunk to look at.
 * @param {number} chunks How many at most.
 * @param {(event: number, line: any[]) => void} found
 * @param {() => boolean} wanted
 * @returns {Promise<number>} The chunk to go on with; -1: all were looked at.
 */
export async function traceConsequences(context, event, from, chunks, found, wanted) {
  const { reel, parts } = context;
  const last = Math.max(0, parts.chunks - 1);
  const end = Math.min(last, from + chunks - 1);
  for (let chunk = from; chunk <= end; chunk += 1) {
    const lines = await parts.lines(chunk);
    if (!wanted()) return -1;
    const base = chunk * reel.core.chunk;
    const whole = await sliceEach(lines.length, (at) => {
      const causes = lines[at]?.[3];
      if (base + at > event && causes && causes.includes(event)) found(base + at, lines[at]);
    }, wanted);
    if (!whole) return -1;
  }
  return end >= last ? -1 : end + 1;
}

/** Where an agent is at a tick, as a place's index; -1 where that is not known. */
export function traceWhere(reel, agent, tick) {
  const cell = reel.where(agent, tick);
  const here = cell ? reel.placeAt(cell.row, cell.col) : -1;
  if (here >= 0 || !cell) return here;
  const list = reel.eventsOf(agent);
  for (let at = upperBound(list, reel.countUpTo(tick) - 1) - 1; at >= 0; at -= 1) if (reel.placeOf(list[at]) >= 0) return reel.placeOf(list[at]);
  return -1;
}

/** How many rows, in order of the tick in front of each, are up to and with a tick. */
export function traceUpTo(rows, tick, of = (row) => row[0]) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(rows[middle]) > tick) high = middle;
    else low = middle + 1;
  }
  return low;
}
