/**
 * The Core of a reel with its indexes: who is where, what happened when. Typed arrays, no texts.
 */
import { safeText, shortText } from "./dom.js";

/** The kind of line that each type of event is. */
const REEL_KINDS = {
  said: "talk", talk_ended: "talk", acted: "deed", failed: "failure", moved: "walk", planned: "plan",
  reflected: "reflection", learned: "fact", took_stance: "stance", probed: "stance", reacted: "reaction",
  felt: "feeling", needed: "feeling", related: "relation", changed: "world", joined: "world", left: "world",
  intervened: "world", began: "run", branched: "run", warned: "run", ended: "run", decided: "choice",
  remembered: "memory", asked: "call", fell_back: "fallback",
};
const REEL_DAY = 1440;

/**
 * The first index in [from, to) where `list[index] > value`.
 * @param {ArrayLike<number>} list @param {number} value @param {number} from @param {number} to
 */
export function upperBound(list, value, from = 0, to = list.length) {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (list[middle] > value) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * @param {object} core as a source opens it
 */
export function createReel(core) {
  const reel = {
    core,
    /** @type {object[]} */ cast: [],
    /** @type {object} */ stage: {},
    ticks: 0,
    /** how many events */ count: 0,
    /** index of an agent by id @type {Map<string, number>} */ agentIndex: new Map(),
    /** @type {Map<string, any>} */ memo: new Map(),
    /** @type {Int32Array} */ hints: new Int32Array(0),

    /** A live reel has more now. */
    grow(grown) {
      reel.core = grown;
      reel.cast = grown.cast ?? [];
      reel.stage = grown.stage ?? {};
      reel.ticks = grown.ticks;
      reel.count = grown.columns.type.length;
      reel.memo = new Map();
      reel.agentIndex = new Map(reel.cast.map((agent, index) => [agent.id, index]));
      if (reel.hints.length !== reel.cast.length) reel.hints = new Int32Array(reel.cast.length);
    },

    /** The last tick that can be shown. */
    get last() {
      return Math.max(0, reel.ticks - 1);
    },
    /** What somebody is called. */
    agentName(agent) {
      return shortText(reel.cast[agent]?.name || reel.cast[agent]?.id || "", 40);
    },
    /** What a place is called. */
    placeName(place) {
      const found = reel.stage.places?.[place];
      return found ? shortText(found.name || found.id, 60) : "";
    },
    /** Minutes since midnight of day 1. */
    minute(tick) {
      return reel.core.clock.startMinutes + tick * reel.core.clock.tickMinutes;
    },
    minuteOfDay(tick) {
      const minute = reel.minute(tick) % REEL_DAY;
      return minute < 0 ? minute + REEL_DAY : minute;
    },
    /** The day, from 1. */
    day(tick) {
      return Math.floor(reel.minute(tick) / REEL_DAY) + 1;
    },
    /** How many days the reel spans. */
    get days() {
      return reel.day(reel.last);
    },
    /** The hour as on a clock face: `08:05`, or `08:05:10` where a tick is shorter than a minute. */
    label(tick) {
      const minute = reel.minuteOfDay(tick);
      const two = (number) => String(Math.floor(number)).padStart(2, "0");
      const hour = `${two(minute / 60)}:${two(minute % 60)}`;
      return reel.core.clock.tickMinutes % 1 ? `${hour}:${two(Math.round((minute % 1) * 60) % 60)}` : hour;
    },
    /** The hour, with the day where there are several. */
    when(tick) {
      return reel.days > 1 ? `day ${reel.day(tick)}, ${reel.label(tick)}` : reel.label(tick);
    },

    /** The tick of an event. */
    tickOf(event) {
      return Math.max(0, upperBound(reel.core.columns.first, event) - 1);
    },
    /** Its type, as in the log: `said`. */
    typeOf(event) {
      return reel.core.types[reel.core.columns.type[event]] ?? "";
    },
    /** The kind of line it is: `talk`. */
    kindOf(event) {
      return REEL_KINDS[reel.typeOf(event)] ?? "run";
    },
    agentOf(event) {
      return reel.core.columns.agent[event] ?? -1;
    },
    placeOf(event) {
      return reel.core.columns.place[event] ?? -1;
    },
    /** Events of a tick: from the first to before the second. @returns {[number, number]} */
    eventsIn(tick) {
      const first = reel.core.columns.first;
      const at = Math.max(0, Math.min(tick, reel.ticks - 1));
      return reel.ticks ? [first[at], first[at + 1] ?? reel.count] : [0, 0];
    },
    /** How many events there are up to the end of a tick. */
    countUpTo(tick) {
      return reel.eventsIn(tick)[1];
    },

    /** Events of one agent (-1: the world), in order. @returns {Uint32Array} */
    eventsOf(agent) {
      return reelGroups(reel, "agents", reel.cast.length + 1, () => {
        const column = reel.core.columns.agent;
        return (event) => column[event] + 1;
      })[agent + 1] ?? new Uint32Array(0);
    },
    /** Events of a type (`said`), in order. @returns {Uint32Array} */
    eventsOfType(type) {
      const column = reel.core.columns.type;
      return reelGroups(reel, "types", reel.core.types.length, () => (event) => column[event])[reel.core.types.indexOf(type)] ?? new Uint32Array(0);
    },
    /** Events of a kind of line (`talk`), in order. @returns {Uint32Array} */
    eventsOfKind(kind) {
      return reelMemo(reel, `kind:${kind}`, () => {
        const lists = reel.core.types.filter((type) => (REEL_KINDS[type] ?? "run") === kind).map((type) => reel.eventsOfType(type));
        const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
        let at = 0;
        for (const list of lists) {
          all.set(list, at);
          at += list.length;
        }
        return lists.length > 1 ? all.sort() : all;
      });
    },
    /**
     * The last event of somebody up to the end of a tick that is of one of these types; -1: none.
     * @param {number} agent @param {number} tick @param {string[]} types @param {number} furthest how many events to look back
     */
    lastOf(agent, tick, types, furthest = 60) {
      const list = reel.eventsOf(agent);
      const end = upperBound(list, reel.countUpTo(tick) - 1);
      for (let at = end - 1; at >= 0 && at >= end - furthest; at -= 1) if (types.includes(reel.typeOf(list[at]))) return list[at];
      return -1;
    },

    /**
     * Where somebody is at the end of a tick, into `out` [row, col]; false: not there.
     * @param {number} agent @param {number} tick @param {number[]|Float64Array} out
     */
    whereInto(agent, tick, out) {
      const { stepFirst, stepTick, stepRow, stepCol } = reel.core.columns;
      const from = stepFirst[agent];
      const to = stepFirst[agent + 1];
      let at = reel.hints[agent];
      if (!(at >= from && at < to && stepTick[at] <= tick && (at + 1 >= to || stepTick[at + 1] > tick))) {
        if (at + 1 >= from && at + 1 < to && stepTick[at + 1] <= tick && (at + 2 >= to || stepTick[at + 2] > tick)) at += 1;
        else at = upperBound(stepTick, tick, from, to) - 1;
        if (at < from) return false;
        reel.hints[agent] = at;
      }
      if (stepRow[at] < 0) return false;
      out[0] = stepRow[at];
      out[1] = stepCol[at];
      return true;
    },
    /** The same as an object. @returns {{row: number, col: number}|null} */
    where(agent, tick) {
      const out = [0, 0];
      return reel.whereInto(agent, tick, out) ? { row: out[0], col: out[1] } : null;
    },
    /** Index of the place that a cell is in, -1: none. */
    placeAt(row, col) {
      if (reel.stage.kind === "network") return row;
      return reelMemo(reel, "placeAt", () => reelPlaces(reel.stage))(row, col);
    },

    /**
     * Counts per time bin. @param {number} bins @param {string[]} kinds all when empty @param {number} agent -2: everybody
     * @returns {Uint32Array}
     */
    histogram(bins, kinds = [], agent = -2) {
      return reelMemo(reel, `histogram:${bins}:${kinds.join()}:${agent}`, () => reelHistogram(reel, bins, kinds, agent));
    },
  };
  reel.grow(core);
  return reel;
}

/** @template T @param {{memo: Map<string, any>}} reel @param {string} key @param {() => T} make @returns {T} */
function reelMemo(reel, key, make) {
  if (!reel.memo.has(key)) reel.memo.set(key, make());
  return reel.memo.get(key);
}

/** Events in groups, each in order: one counting sort. */
function reelGroups(reel, key, groups, keyed) {
  return reelMemo(reel, key, () => {
    const of = keyed();
    const sizes = new Uint32Array(groups);
    for (let event = 0; event < reel.count; event += 1) sizes[of(event)] += 1;
    const lists = Array.from(sizes, (size) => new Uint32Array(size));
    sizes.fill(0);
    for (let event = 0; event < reel.count; event += 1) {
      const group = of(event);
      const list = lists[group];
      if (list) list[sizes[group]++] = event;
    }
    return lists;
  });
}

function reelHistogram(reel, bins, kinds, agent) {
  const counts = new Uint32Array(bins);
  const { first, type } = reel.core.columns;
  const wanted = reel.core.types.map((name) => !kinds.length || kinds.includes(REEL_KINDS[name] ?? "run"));
  const whose = reel.core.columns.agent;
  for (let tick = 0; tick < reel.ticks; tick += 1) {
    const bin = Math.min(bins - 1, Math.floor((tick * bins) / reel.ticks));
    for (let event = first[tick]; event < first[tick + 1]; event += 1)
      if (wanted[type[event]] && (agent === -2 || whose[event] === agent)) counts[bin] += 1;
  }
  return counts;
}

/** Which place a cell is in: by the ground where the plan says so, else the smallest box. */
function reelPlaces(stage) {
  const plan = (stage.plan ?? []).map((row) => Array.from(row));
  const ground = stage.ground ?? {};
  const places = stage.places ?? [];
  return (row, col) => {
    const named = ground[plan[row]?.[col]];
    if (named !== undefined && named >= 0) return named;
    let best = -1;
    let smallest = Infinity;
    places.forEach(({ box }, index) => {
      if (!box || row < box[0] || row > box[2] || col < box[1] || col > box[3]) return;
      const size = (box[2] - box[0] + 1) * (box[3] - box[1] + 1);
      if (size < smallest) [best, smallest] = [index, size];
    });
    return best;
  };
}

/** The name of a reel as a short text. */
export function reelTitle(reel) {
  return shortText(reel.core.title || reel.core.world || reel.core.name, 60) || safeText("Episode");
}
