/**
 * Where the parts of a reel come from: the page itself, bytes that somebody hands over, or a server.
 */

const SOURCE_ARRAYS = { Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array };
const SOURCE_COLUMNS = ["first", "type", "agent", "place", "stepFirst", "stepTick", "stepRow", "stepCol"];

/** Bytes out of gzip. @param {Uint8Array} bytes @param {string} part its name, for an error */
async function sourceInflated(bytes, part) {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await new Response(stream).arrayBuffer();
  } catch {
    throw new Error(`the part ${part} is damaged: it cannot be unpacked`);
  }
}

/** @param {ArrayBuffer} buffer @param {string} part */
function sourceJson(buffer, part) {
  try {
    return JSON.parse(new TextDecoder().decode(buffer));
  } catch {
    throw new Error(`the part ${part} is damaged: it is no JSON`);
  }
}

/** The Core with its columns as typed arrays. @param {any} core @param {ArrayBuffer} buffer */
export function coreWithColumns(core, buffer) {
  if (!core || typeof core !== "object" || !Array.isArray(core.columns) || !Array.isArray(core.cast) || !core.clock) throw new Error("the part core is damaged");
  const columns = {};
  let at = 0;
  for (const { name, dtype, length } of core.columns) {
    const Kind = SOURCE_ARRAYS[dtype];
    const bytes = Kind ? Kind.BYTES_PER_ELEMENT * length : NaN;
    if (!(length >= 0) || !(at + bytes <= buffer.byteLength)) throw new Error(`the part columns is damaged at ${String(name).slice(0, 40)}`);
    columns[name] = new Kind(buffer.slice(at, at + bytes));
    at += Math.ceil(bytes / 4) * 4;
  }
  const missing = SOURCE_COLUMNS.find((name) => !columns[name]);
  if (missing) throw new Error(`the part columns is damaged: ${missing} is missing`);
  if (columns.first.length < core.ticks + 1 || columns.stepFirst.length < core.cast.length + 1) throw new Error("the part columns does not fit the part core");
  return { chunk: 2000, types: [], settings: {}, ...core, columns };
}

/** A source of which only one thing is known: how to get the bytes of a part. @param {(part: string) => Promise<ArrayBuffer>} bytesOf */
function sourceOf(bytesOf) {
  const json = async (part) => sourceJson(await bytesOf(part), part);
  return {
    async open() {
      const [core, columns] = await Promise.all([json("core"), bytesOf("columns")]);
      return coreWithColumns(core, columns);
    },
    lines: (chunk) => json(`lines/${chunk}`),
    minds: (chunk) => json(`minds/${chunk}`),
    life: (agent) => json(`life/${agent}`),
    society: () => json("society"),
    heads: () => json("heads"),
  };
}

/** Text of base64 as bytes. @param {string} text @param {string} part */
function sourceBytes(text, part) {
  try {
    if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(text.trim());
    const letters = atob(text.trim());
    const bytes = new Uint8Array(letters.length);
    for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
    return bytes;
  } catch {
    throw new Error(`the part ${part} is damaged: it is no base64`);
  }
}

/**
 * A reel that stands in the page. @param {number} number 0, or 1 for the second of two @param {Document} page
 */
export function embeddedSource(number, page = document) {
  /** @type {Map<string, Element>} */
  const elements = new Map();
  for (const element of page.querySelectorAll(`script[data-reel="${number}"]`)) elements.set(element.getAttribute("data-part") ?? "", element);
  return sourceOf(async (part) => {
    const element = elements.get(part);
    if (!element) throw new Error(`the part ${part} is missing in this page`);
    return sourceInflated(sourceBytes(element.textContent ?? "", part), part);
  });
}

/** How many reels stand in the page. */
export function embeddedReels(page = document) {
  return [0, 1].filter((number) => page.querySelector(`script[data-reel="${number}"][data-part="core"]`)).length;
}

/**
 * A reel that a notebook hands over: the length of an index, the index as JSON, and the parts.
 * @param {DataView|ArrayBuffer|Uint8Array} given
 */
export function bytesSource(given) {
  const view = given instanceof ArrayBuffer ? new Uint8Array(given) : new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  let index = {};
  let begin = 4;
  let damaged = "";
  try {
    const length = new DataView(view.buffer, view.byteOffset).getUint32(0, true);
    index = JSON.parse(new TextDecoder().decode(view.subarray(4, 4 + length)));
    begin = 4 + length;
  } catch {
    damaged = "the reel is damaged: its index cannot be read";
  }
  return sourceOf(async (part) => {
    if (damaged) throw new Error(damaged);
    const place = index[part];
    if (!Array.isArray(place)) throw new Error(`the part ${part} is missing`);
    return sourceInflated(view.slice(begin + place[0], begin + place[0] + place[1]), part);
  });
}
