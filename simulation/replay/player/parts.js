/**
 * The parts of a reel that are loaded when needed, each asked for once and kept for a while.
 *
 * @typedef {[string, string, string, number[], number, string?]} Line id, kind, text, causes, to, words
 */

const PARTS_KEPT = 24;

/**
 * @param {object} source
 * @param {{core: {chunk: number}, count: number, kindOf(event: number): string}} reel
 * @param {(trouble: string) => void} arrived called when something came, with a line of trouble or ""
 */
export function createParts(source, reel, arrived) {
  /** @type {Map<string, {promise: Promise<any>, value: any, loading: boolean, stale: boolean, keep: boolean}>} */
  const held = new Map();

  function ask(key, load, keep = false) {
    const found = held.get(key);
    if (found && (!found.stale || found.loading)) {
      if (!keep) {
        held.delete(key);
        held.set(key, found);
      }
      return found;
    }
    const made = { promise: Promise.resolve(), value: found?.value, loading: true, stale: false, keep };
    made.promise = Promise.resolve().then(load).then(
      (value) => {
        made.value = value;
        made.loading = false;
        if (held.get(key) === made) arrived("");
        return value;
      },
      (error) => {
        made.loading = false;
        arrived(`A part of this episode cannot be read (${key}): ${error?.message || error}`);
        throw error;
      },
    );
    made.promise.catch(() => {});
    held.set(key, made);
    partsTrim(held);
    return made;
  }
  const chunkOf = (event) => Math.floor(event / reel.core.chunk);
  const parts = {
    /** Which chunk an event is in. */
    chunkOf,
    /** How many chunks there are. */
    get chunks() {
      return Math.ceil(reel.count / reel.core.chunk);
    },
    /** The texts of a chunk. @returns {Promise<Line[]>} */
    lines: (chunk) => ask(`lines/${chunk}`, () => source.lines(chunk)).promise,
    /** The text of an event if it is there; asks for it else, and `loaded` goes up when it came. @returns {Line|undefined} */
    line(event) {
      if (event < 0 || event >= reel.count) return undefined;
      const chunk = chunkOf(event);
      const { value } = ask(`lines/${chunk}`, () => source.lines(chunk));
      return value?.[event - chunk * reel.core.chunk];
    },
    /** The same, waited for. @returns {Promise<Line|undefined>} */
    async lineOf(event) {
      const chunk = chunkOf(event);
      return (await parts.lines(chunk))[event - chunk * reel.core.chunk];
    },
    /** What was behind an event. @returns {Promise<object|null>} */
    async mind(event) {
      const chunk = chunkOf(event);
      const minds = await ask(`minds/${chunk}`, () => source.minds(chunk)).promise;
      const mind = minds?.[event] ?? null;
      for (const call of mind?.calls ?? []) call.prompt = await parts.wholePrompt(call);
      return mind;
    },
    /** The prompt of a call as it was sent: what it shares with others, and the rest. @returns {Promise<string>} */
    async wholePrompt(call) {
      const { prompt } = call;
      if (!prompt || typeof prompt !== "object") return prompt ?? "";
      const heads = await ask("heads", () => source.heads(), true).promise;
      return (heads?.[prompt.head] ?? "") + (prompt.tail ?? "");
    },
    /** One agent's inner history. @returns {Promise<object>} */
    life: (agent) => ask(`life/${agent}`, () => source.life(agent)).promise,
    /** Findings, facts, ties, costs. @returns {Promise<object>} */
    society: () => ask("society", () => source.society(), true).promise,
    /** The same if it is there. */
    societyNow: () => ask("society", () => source.society(), true).value,
    /** What an event led to, among the next chunks. @returns {Promise<number[]>} */
    async consequences(event, ahead = 2) {
      const found = [];
      const from = chunkOf(event);
      for (let chunk = from; chunk <= Math.min(from + ahead, parts.chunks - 1); chunk += 1) {
        const effects = await ask(`effects/${chunk}`, async () => partsEffects(await parts.lines(chunk), chunk * reel.core.chunk)).promise;
        found.push(...(effects.get(event) ?? []));
      }
      return found;
    },
    /** A live reel has grown: what may be longer now is asked for again, and shown as it was until then. */
    grown(before) {
      const open = Math.floor(before / reel.core.chunk);
      for (const [key, entry] of held) {
        const [name, number] = key.split("/");
        if (["life", "society", "heads"].includes(name) || Number(number) >= open) entry.stale = true;
      }
    },
  };
  return parts;
}

/** @param {Line[]} lines @param {number} base index of the first */
function partsEffects(lines, base) {
  const effects = new Map();
  lines.forEach((line, index) => {
    for (const cause of line?.[3] ?? []) {
      const list = effects.get(cause) ?? [];
      list.push(base + index);
      effects.set(cause, list);
    }
  });
  return effects;
}

/** The longest unused go first. */
function partsTrim(held) {
  let extra = held.size - PARTS_KEPT * 3;
  for (const [key, entry] of held) {
    if (extra <= 0) return;
    if (entry.keep || entry.value === undefined) continue;
    held.delete(key);
    extra -= 1;
  }
}
