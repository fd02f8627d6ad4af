/**
 * What all panels are built of: elements, words that may be hostile or endless, links to moments.
 *
 * Text goes in as text nodes only. Words out of an episode stand in `.kit-words`, which isolates
 * their direction and breaks anywhere, so that no name or notice can break a layout.
 */

import { safeText, shortText } from "../dom.js";

const KIT_SVG = "http://www.w3.org/2000/svg";

/** Longest words shown uncut, in UTF-16 units. */
export const KIT_LIMIT = 420;

/** Figures with commas; made once, since making one takes longer than using it. */
const KIT_NUMBER = new Intl.NumberFormat("en-US");

/** Longest words shown at all. */
const KIT_LONGEST = 1000000;

/**
 * An element. Attributes: `class`, `on: {click}`, `data: {…}`, `css: {"--x": "1"}`, or any
 * attribute's name; null, undefined and false are left out.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(string|number|Node|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function kitNode(tag, attributes = {}, ...children) {
  return kitFill(document.createElement(tag), attributes, children);
}

/** An SVG element; arguments as for kitNode. */
export function kitSvg(tag, attributes = {}, ...children) {
  return kitFill(document.createElementNS(KIT_SVG, tag), attributes, children);
}

function kitFill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.setAttribute("class", value);
    else if (name === "on") for (const [type, act] of Object.entries(value)) node.addEventListener(type, act);
    else if (name === "data") for (const [key, held] of Object.entries(value)) node.dataset[key] = safeText(held, 2000);
    else if (name === "css") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, String(text));
    else if (name === "value") node.value = value;
    else if (name === "d") node.setAttribute(name, value);
    else node.setAttribute(name, value === true ? "" : safeText(value, 2000));
  }
  kitAdd(node, ...children);
  return node;
}

/** Append children; false and null are skipped. */
export function kitAdd(node, ...children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : safeText(child));
  }
}

/** Put these children in place of what is there. */
export function kitSet(node, ...children) {
  node.replaceChildren();
  kitAdd(node, ...children);
}

/** A button; `act` is called on click. */
export function kitButton(text, act, attributes = {}) {
  return kitNode("button", { type: "button", class: "kit-button", on: { click: act }, ...attributes }, text);
}

/** A section with a heading of level 3 (or `level`). */
export function kitSection(title, attributes, ...children) {
  const { level = 3, note = "", ...rest } = attributes;
  const heading = kitNode(`h${level}`, { class: "kit-heading" }, title, note && kitNode("span", { class: "kit-note" }, note));
  return kitNode("section", { class: "kit-section", ...rest }, heading, ...children);
}

/** A line that says why there is nothing. */
export function kitEmpty(text) {
  return kitNode("p", { class: "kit-empty" }, text);
}

/**
 * Words from an episode: isolated, cut when long, with a button that shows all.
 *
 * @param {string} text
 * @param {{limit?: number, tag?: string, class?: string, mark?: string}} [options] `mark`: what is found in them
 */
export function kitWords(text, options = {}) {
  const { limit = KIT_LIMIT, tag = "span", mark = "" } = options;
  const raw = String(text ?? "");
  const words = safeText(raw.slice(0, limit * 2 + 40));
  const node = kitNode(tag, { class: `kit-words ${options.class ?? ""}`.trim(), dir: "auto" });
  if (raw.length <= limit * 2 + 40 && words.length <= limit) {
    kitMark(node, words, mark);
    return node;
  }
  const shown = kitNode("span", {});
  let open = false;
  const button = kitButton("", () => {
    open = !open;
    paint();
  }, { class: "kit-more" });
  const paint = () => {
    kitSet(shown);
    kitMark(shown, open ? safeText(raw, KIT_LONGEST) : `${kitCut(words, limit)}…`, mark);
    node.classList.toggle("kit-long", open);
    button.textContent = open ? "show less" : `show all ${kitCount(raw.length)} characters`;
    button.setAttribute("aria-expanded", String(open));
  };
  paint();
  kitAdd(node, shown, " ", button);
  return node;
}

/** A name in one short line, its direction its own. */
export function kitName(name, letters = 40) {
  return kitNode("bdi", { class: "kit-name", dir: "auto" }, shortText(name, letters));
}

/** The first `limit` units of words, no surrogate pair torn apart. */
export function kitCut(words, limit) {
  if (words.length <= limit) return words;
  const last = words.charCodeAt(limit - 1);
  return words.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

function kitMark(node, words, mark) {
  if (!mark) {
    node.append(words);
    return;
  }
  const low = words.toLowerCase();
  const same = low.length === words.length;
  const wanted = mark.toLowerCase();
  let from = 0;
  for (let found = 0; same && found < 200; found += 1) {
    const at = low.indexOf(wanted, from);
    if (at < 0) break;
    node.append(words.slice(from, at), kitNode("mark", {}, words.slice(at, at + wanted.length)));
    from = at + wanted.length;
  }
  node.append(words.slice(from));
}

/**
 * Words in a fixed pitch, copied with a button.
 *
 * @param {{before?: string}} [options] `before`: what stands in front and is folded away; it is copied with the rest
 */
export function kitVerbatim(label, text, options = {}) {
  const before = String(options.before ?? "");
  const words = String(text ?? "");
  const said = kitNode("span", { class: "kit-note", role: "status" });
  const copy = kitButton("copy", async () => {
    said.textContent = (await kitCopied(before + words, body)) ? "copied" : "selected: press Ctrl+C";
  }, { class: "kit-button kit-small", "aria-label": `Copy ${label}` });
  const pre = (name, held) => kitNode("pre", { class: "kit-pre", tabindex: 0, "aria-label": name }, kitWords(held, { limit: 6000 }));
  const body = pre(label, words);
  const head = kitNode("div", { class: "kit-row" }, kitNode("span", { class: "kit-label" }, label),
    kitNode("span", { class: "kit-note" }, `${kitCount(before.length + words.length)} characters`), copy, said);
  const shared = before && kitFold(`its first ${kitCount(before.length)} characters: worked examples, shared with other questions`, () => pre(`${label}, its beginning`, before));
  return kitNode("div", { class: "kit-verbatim" }, head, shared, body);
}

async function kitCopied(words, body) {
  if (navigator.clipboard && window.isSecureContext) {
    const done = await navigator.clipboard.writeText(words).then(() => true, () => false);
    if (done) return true;
  }
  const area = kitNode("textarea", { class: "kit-off", value: words, readonly: true, "aria-hidden": "true" });
  body.after(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) window.getSelection()?.selectAllChildren(body);
  return copied;
}

/** Something folded away; its content is built when it is first opened. */
export function kitFold(summary, build, open = false) {
  const node = kitNode("details", { class: "kit-fold" }, kitNode("summary", {}, ...[summary].flat()));
  let built = false;
  const fill = () => {
    if (built || !node.open) return;
    built = true;
    kitAdd(node, ...[build()].flat());
  };
  node.addEventListener("toggle", fill);
  if (open) {
    node.open = true;
    fill();
  }
  return node;
}

/**
 * A table with a caption, scrolled sideways by itself where it is too wide.
 *
 * @param {string} caption
 * @param {(string|{text: string, number?: boolean})[]} heads
 * @param {any[][]} rows The first cell of each names the row.
 */
export function kitTable(caption, heads, rows, attributes = {}) {
  const columns = heads.map((head) => (typeof head === "string" ? { text: head } : head));
  const head = kitNode("tr", {}, ...columns.map((one) => kitNode("th", { scope: "col", class: one.number && "kit-figure" }, one.text)));
  const body = rows.map((cells) => kitNode("tr", {}, ...cells.map((cell, at) => (at === 0
    ? kitNode("th", { scope: "row" }, cell)
    : kitNode("td", { class: columns[at].number && "kit-figure" }, cell)))));
  const table = kitNode("table", { class: "kit-table" }, kitNode("caption", {}, caption),
    kitNode("thead", {}, head), kitNode("tbody", {}, ...body));
  return kitNode("div", { class: "kit-scroll", tabindex: 0, role: "region", "aria-label": caption, ...attributes }, table);
}

/** 12345.6 as `12,346`. */
export function kitCount(value) {
  return KIT_NUMBER.format(Math.round(Number(value) || 0));
}

/** A figure with so many digits; `–` where there is none. */
export function kitFigure(value, digits = 2) {
  return typeof value === "number" && Number.isFinite(value) ? value.toFixed(digits) : "–";
}

/** 0.1234 as `12 %`; small shares keep a digit, so that few is not none. */
export function kitShare(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  const share = value * 100;
  if (share > 0 && share < 0.1) return "< 0.1 %";
  if (share < 100 && share > 99.9) return "> 99.9 %";
  return `${share !== 0 && (share < 10 || (share > 99 && share < 100)) ? share.toFixed(1) : Math.round(share)} %`;
}

/** Seconds, in the unit that reads best. */
export function kitSeconds(value) {
  const seconds = Number(value) || 0;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** US dollars. */
export function kitMoney(value) {
  const money = Number(value) || 0;
  return money === 0 ? "0 USD" : `${money < 0.01 ? money.toFixed(5) : money.toFixed(2)} USD`;
}

/** `1 call`, `2 calls`. */
export function kitPlural(count, one, many = `${one}s`) {
  return `${kitCount(count)} ${count === 1 ? one : many}`;
}

/** A value of any shape in words: `place quay; near Ada, Bram`. */
export function kitValue(value, depth = 0) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (depth > 3) return "…";
  if (Array.isArray(value)) {
    const plain = value.every((one) => typeof one !== "object" || one === null);
    return value.slice(0, 60).map((one) => kitValue(one, depth + 1)).join(plain ? ", " : " | ") || "(none)";
  }
  return Object.entries(value).slice(0, 40).map(([name, one]) => `${name.replaceAll("_", " ")} ${kitValue(one, depth + 1)}`).join("; ") || "(none)";
}

let kitSerial = 0;

/** A name that nothing else in the page has. */
export function kitUnique(word) {
  kitSerial += 1;
  return `${word}-${kitSerial}`;
}
