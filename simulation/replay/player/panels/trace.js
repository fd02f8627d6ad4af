/**
 * Where an event stands, what is said of it, and which others it hangs together with.
 *
 * Texts come in chunks; a few are kept. Searches go chunk by chunk, so that an episode of half a
 * million events is never read at once.
 */

import { sliceEach } from "./slices.js";

/** How many chunks of texts are kept per source. */
const TRACE_KEPT = 40;

/** How many events back a decision is looked for. */
const TRACE_BACK = 400000;

const TRACE_BOOKS = new WeakMap();

/** How many events there are. */
export function traceCount(core) {
  return core.columns.type.length;
}

/** The tick of an event. */
export function traceTick(core, event) {
  const first = core.columns.first;
  let low = 0;
  let high = first.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (first[middle] <= event) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, Math.max(0, first.length - 2));
}

/** The index after the last event up to and with a tick. */
export function traceUntil(core, tick) {
  const first = core.columns.first;
  const at = Math.min(Math.max(0, Math.floor(tick)) + 1, first.length - 1);
  return first[at];
}

/** The type of an event: `said`, `acted`, … */
export function traceType(core, event) {
  return core.types[core.columns.type[event]] ?? "";
}

/** The code of a type, -1 where no event has it. */
export function traceCode(core, type) {
  return core.types.indexOf(type);
}

/** An agent of the cast; a stand-in for an index that has none. */
export function traceAgent(core, agent) {
  return core.cast[agent] ?? { id: "", name: agent === -1 ? "the world" : `no. ${agent}`, initials: "·", mark: "", hue: 0 };
}

/** A place's name, empty for -1. */
export function tracePlace(core, place) {
  return place >= 0 ? core.stage.places[place]?.name ?? "" : "";
}

/**
 * The latest event before `before` that `wanted` accepts, looked for backwards; -1: there is none.
 *
 * @param {(type: number, index: number) => boolean} wanted
 */
export function traceBack(core, agent, before, wanted, bound = TRACE_BACK) {
  const { agent: whose, type } = core.columns;
  const end = Math.max(0, before - bound);
  for (let index = Math.min(before, whose.length) - 1; index >= end; index -= 1) {
    if (whose[index] === agent && wanted(type[index], index)) return index;
  }
  return -1;
}

/** The decision that an agent had taken last when something happened; -1: none is known. */
export function traceDecision(core, event, since = null) {
  const code = traceCode(core, "decided");
  if (code < 0) return -1;
  if (core.columns.type[event] === code) return event;
  const agent = core.columns.agent[event];
  if (agent < 0) return -1;
  const before = since === null ? event : Math.min(event, traceUntil(core, since));
  return traceBack(core, agent, before, (type) => type === code);
}

/** Texts and minds of one source, with what was read kept. */
class TraceBook {
  constructor(source) {
    this.source = source;
    this.kept = new Map();
  }

  /** All lines of a chunk. */
  lines(core, chunk) {
    return this.part("lines", core, chunk);
  }

  /** What was behind the events of a chunk. */
  minds(core, chunk) {
    return this.part("minds", core, chunk);
  }

  /** One event's line, null where there is none. */
  async line(core, event) {
    const lines = await this.lines(core, Math.floor(event / core.chunk));
    return lines[event % core.chunk] ?? null;
  }

  /** What was behind one event, null where nothing was. */
  async mind(core, event) {
    const minds = await this.minds(core, Math.floor(event / core.chunk));
    return minds[event] ?? null;
  }

  part(name, core, chunk) {
    const whole = (chunk + 1) * core.chunk <= traceCount(core);
    const key = `${name}/${chunk}${whole ? "" : `/${traceCount(core)}`}`;
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const asked = Promise.resolve(this.source[name](chunk));
    asked.catch(() => this.kept.delete(key));
    this.kept.set(key, asked);
    if (this.kept.size > TRACE_KEPT) this.kept.delete(this.kept.keys().next().value);
    return asked;
  }
}

/** The book of a source: one for all panels. */
export function traceBook(source) {
  let book = TRACE_BOOKS.get(source);
  if (!book) {
    book = new TraceBook(source);
    TRACE_BOOKS.set(source, book);
  }
  return book;
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
export async function traceConsequences(source, core, event, from, chunks, found, wanted) {
  const book = traceBook(source);
  const last = Math.floor((traceCount(core) - 1) / core.chunk);
  const end = Math.min(last, from + chunks - 1);
  for (let chunk = from; chunk <= end; chunk += 1) {
    const lines = await book.lines(core, chunk);
    if (!wanted()) return -1;
    const base = chunk * core.chunk;
    const whole = await sliceEach(lines.length, (at) => {
      const causes = lines[at]?.[3];
      if (base + at > event && causes && causes.includes(event)) found(base + at, lines[at]);
    }, wanted);
    if (!whole) return -1;
  }
  return end >= last ? -1 : end + 1;
}

/** Whose the latest doing is that an agent is seen at up to a tick; -1: none. */
export function traceDoing(core, agent, tick) {
  const codes = new Set(["acted", "said", "failed"].map((type) => traceCode(core, type)));
  codes.delete(-1);
  return traceBack(core, agent, traceUntil(core, tick), (type) => codes.has(type));
}

/** Where an agent is at a tick, as a place's index; -1 where that is not known. */
export function traceWhere(core, agent, tick) {
  const places = core.columns.place;
  const last = traceBack(core, agent, traceUntil(core, tick), (_, index) => places[index] >= 0);
  return last < 0 ? -1 : places[last];
}

/** A tick as an hour: `07:31`, with the day where an episode has several. */
export function traceClock(core, tick) {
  const { startMinutes, tickMinutes } = core.clock;
  const minutes = Math.floor(startMinutes + tick * tickMinutes);
  const day = Math.floor(minutes / 1440) + 1;
  const two = (value) => String(value).padStart(2, "0");
  const hour = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
  const days = Math.floor((startMinutes + core.ticks * tickMinutes) / 1440);
  return days > 0 ? `day ${day}, ${hour}` : hour;
}
