/**
 * Safe elements and safe text. Everything that a reel says is hostile; it goes in as text only.
 */

/** Controls and formatting characters that change how the text around them is shown. */
const DOM_UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g;
/** More marks on one letter than any language writes. */
const DOM_MARKS = /(\p{M}{4})\p{M}+/gu;
/** Halves of a pair that stand alone. */
const DOM_LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const DOM_LONGEST = 200000;

/**
 * Any value as text without control characters, bidi overrides, lone surrogates and towers of marks.
 * @param {unknown} value
 * @param {number} [longest] cut there, in UTF-16 units, with an ellipsis
 * @returns {string}
 */
export function safeText(value, longest = DOM_LONGEST) {
  let text = typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
  const cut = text.length > longest;
  if (cut) text = text.slice(0, longest);
  text = text.replace(DOM_UNSAFE, "").replace(DOM_MARKS, "$1").replace(DOM_LONE, "");
  return cut ? `${text}…` : text;
}

/**
 * One line of at most so many letters; cut before anybody measures it.
 * @param {unknown} value
 * @param {number} longest in code points
 * @returns {string}
 */
export function shortText(value, longest = 80) {
  const text = safeText(value, longest * 4).replace(/\s+/g, " ").trim();
  if (text.length <= longest) return text;
  const letters = Array.from(text);
  return letters.length <= longest ? text : `${letters.slice(0, longest - 1).join("").trimEnd()}…`;
}

/**
 * An element. `class`, `text`, `on: {click: f}`, `data: {k: v}`, booleans and plain attributes; no
 * markup, no inline style, no handler attributes.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node|string|null|undefined|false)} children strings go in as text
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) domSet(made, name, value);
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    made.append(child instanceof Node ? child : safeText(child));
  }
  return made;
}

/** @param {HTMLElement} made @param {string} name @param {any} value */
function domSet(made, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") made.className = value;
  else if (name === "text") made.textContent = safeText(value);
  else if (name === "on") for (const [event, heard] of Object.entries(value)) made.addEventListener(event, heard);
  else if (name === "data") for (const [key, held] of Object.entries(value)) made.dataset[key] = safeText(held, 2000);
  else if (/^on|^style$|^srcdoc$/i.test(name)) throw new Error(`refused attribute ${name}`);
  else if (/^(href|src|action|formaction)$/i.test(name) && !/^(#|blob:|data:image\/png)/.test(value)) throw new Error(`refused address in ${name}`);
  else made.setAttribute(name, value === true ? "" : safeText(value, 4000));
}

/**
 * Text of a reel, isolated from the direction of what stands around it.
 * @param {unknown} value
 * @param {{longest?: number, class?: string}} [how]
 */
export function bdi(value, how = {}) {
  const made = document.createElement("bdi");
  made.dir = "auto";
  if (how.class) made.className = how.class;
  made.textContent = safeText(value, how.longest ?? DOM_LONGEST);
  return made;
}

/**
 * A real button with a name that is read aloud.
 * @param {string} label what it does
 * @param {(event: Event) => void} act
 * @param {Record<string, any>} [props] `icon`: shown in place of the label; `key`: shown in the tip
 * @returns {HTMLButtonElement}
 */
export function button(label, act, props = {}) {
  const { icon, key, ...rest } = props;
  const shown = icon === undefined ? label : icon;
  const made = el("button", { type: "button", title: key ? `${label} (${key})` : label, "aria-label": label, ...rest });
  made.append(shown instanceof Node ? shown : safeText(shown));
  made.addEventListener("click", act);
  return /** @type {HTMLButtonElement} */ (made);
}

const DOM_SVG = "http://www.w3.org/2000/svg";

/**
 * An icon of 16 × 16 from one path.
 * @param {string} path
 * @returns {SVGElement}
 */
export function icon(path) {
  const svg = document.createElementNS(DOM_SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "sp-icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const drawn = document.createElementNS(DOM_SVG, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/** Take out all children. @param {Element} element */
export function clear(element) {
  element.replaceChildren();
  return element;
}

/**
 * Call at most once in so many milliseconds, and once more at the end.
 * @template {(...args: any[]) => void} F
 * @param {F} act
 * @param {number} wait milliseconds
 * @returns {F & {cancel(): void}}
 */
export function throttle(act, wait) {
  let timer = 0;
  let last = -Infinity;
  /** @type {any[]} */
  let args = [];
  const fire = () => {
    timer = 0;
    last = performance.now();
    act(...args);
  };
  const called = /** @type {any} */ ((...given) => {
    args = given;
    if (timer) return;
    const left = wait - (performance.now() - last);
    if (left <= 0) fire();
    else timer = window.setTimeout(fire, left);
  });
  called.cancel = () => {
    window.clearTimeout(timer);
    timer = 0;
  };
  return called;
}
