/**
 * The keys, and the page that tells them.
 */
import { button, el } from "./dom.js";

const KEYS_TOLD = [
  ["space", "play or pause"], ["← →", "one tick back or on"], ["shift ← →", "ten ticks"], ["home end", "the first or the last tick"],
  ["n p", "next or previous of the kind chosen"], ["+ −", "faster or slower"], ["f", "follow the selected resident"], ["[ ]", "previous or next resident"],
  ["0", "see the whole map"], ["/", "search what was said"], ["esc", "close, or select nobody"], ["?", "this page"],
];

/**
 * @param {HTMLElement} root where keys are heard
 * @param {EventTarget} target the root, or the document where the player is alone in its page
 * @param {Record<string, () => void>} acts by name
 */
export function listenToKeys(root, target, acts) {
  const heard = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const element = from instanceof Element ? from : null;
    if (event.key === "Escape") return void acts.escape?.();
    if (element?.closest?.("textarea, select, [contenteditable=true], [role=tablist], [role=listbox], [role=grid], [role=tree]")) return;
    if (element?.matches?.("input") && !element.matches(".sp-time-range, [type=checkbox]")) return;
    if ((event.key === " " || event.key === "Enter") && element?.closest?.("button, summary, a, label, input[type=checkbox]")) return;
    const name = keyName(event);
    if (!acts[name]) return;
    if (/arrow|home|end/i.test(event.key) && element?.closest?.(".sp-side")) return;
    event.preventDefault();
    acts[name]();
  };
  target.addEventListener("keydown", heard);
  return () => target.removeEventListener("keydown", heard);
}

function keyName(event) {
  const names = { " ": "toggle", ArrowLeft: "back", ArrowRight: "on", Home: "first", End: "last", n: "next", p: "previous", "+": "faster", "=": "faster", "-": "slower", f: "follow", "/": "search", "?": "help", 0: "fit", "[": "agentBefore", "]": "agentAfter" };
  const name = names[event.key] ?? names[event.key.toLowerCase()] ?? "";
  return event.shiftKey && (name === "back" || name === "on") ? `${name}10` : name;
}

/** The page of keys. @param {() => void} close */
export function createHelp(close) {
  const done = button("Close", close, { class: "sp-help-close" });
  const element = el("div", { class: "sp-help", hidden: true, role: "dialog", "aria-modal": "true", "aria-label": "Keys" },
    el("div", { class: "sp-help-card" }, el("h2", {}, "Keys"),
      el("dl", { class: "sp-keys" }, KEYS_TOLD.flatMap(([keys, what]) => [el("dt", {}, keys.split(" ").map((key) => el("kbd", {}, key))), el("dd", {}, what)])),
      el("p", { class: "sp-note" }, "On the map: drag to move, wheel or pinch to zoom, click somebody to ask why."), done));
  element.addEventListener("click", (event) => { if (event.target === element) close(); });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    event.preventDefault();
    done.focus();
  });
  let before = null;
  return {
    element,
    update(state) {
      if (element.hidden !== state.help) return;
      element.hidden = !state.help;
      if (state.help) {
        before = element.getRootNode().activeElement;
        done.focus();
      } else before?.focus?.();
    },
  };
}
