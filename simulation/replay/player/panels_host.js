/**
 * The tabs beside the map: makes panels, shows one, and tells it what has changed.
 */
import { bdi, button, clear, el, icon, safeText, shortText, throttle } from "./dom.js";
import { PANELS } from "./panels/index.js";
import { guardedPanel } from "./panels/panel.js";

const HOST_DOM = { bdi, button, clear, el, icon, safeText, shortText, throttle };
let hostNumber = 0;

/**
 * @param {any} store
 * @param {{reel: any, parts: any, source: any}[]} sides
 * @param {{seek(tick: number, agent?: number): void, select(what: object): void}} acts
 */
export function createPanels(store, sides, acts) {
  hostNumber += 1;
  const prefix = `sp${hostNumber}`;
  const tabs = el("div", { class: "sp-tabs", role: "tablist", "aria-label": "Panels" });
  const body = el("div", { class: "sp-panels" });
  const element = el("aside", { class: "sp-side", "aria-label": "What lies behind" }, tabs, body);
  /** @type {Map<number, {panels: any[], stale: Map<string, Set<string>>}>} */
  const made = new Map();
  let shown = { side: -1, id: "" };
  let last = store.state;

  function panelsOf(side) {
    const found = made.get(side);
    if (found) return found;
    const { reel, parts, source } = sides[side];
    const context = { reel, parts, source, store, dom: HOST_DOM, ...acts, open: (id) => store.set({ panel: id }) };
    const panels = PANELS.map((create) => hostMade(create, context)).filter(Boolean);
    for (const panel of panels) Object.assign(panel.element, { hidden: true, id: `${prefix}-panel-${side}-${panel.id}` });
    const group = { panels, stale: new Map(panels.map((panel) => [panel.id, new Set(Object.keys(last))])) };
    made.set(side, group);
    for (const panel of panels) {
      panel.element.setAttribute("role", "tabpanel");
      panel.element.setAttribute("aria-labelledby", `${prefix}-tab-${panel.id}`);
      panel.element.setAttribute("tabindex", "0");
      panel.element.classList.add("sp-panel");
      body.append(panel.element);
    }
    return group;
  }

  function drawTabs(panels) {
    tabs.replaceChildren(...panels.map((panel) => {
      const chosen = panel.id === shown.id;
      const tab = el("button", { type: "button", role: "tab", id: `${prefix}-tab-${panel.id}`, "aria-selected": String(chosen), "aria-controls": panel.element.id, tabindex: chosen ? "0" : "-1" }, panel.title);
      tab.addEventListener("click", () => store.set({ panel: panel.id }));
      return tab;
    }));
  }
  tabs.addEventListener("keydown", (event) => {
    const all = [...tabs.children];
    const at = all.indexOf(/** @type {Element} */ (event.target));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const tab = /** @type {HTMLElement} */ (all[(to + all.length) % all.length]);
    tab.click();
    /** @type {HTMLElement} */ (tabs.children[(to + all.length) % all.length]).focus();
  });

  function refresh() {
    const { state } = store;
    const group = panelsOf(state.side);
    const panel = group.panels.find((one) => one.id === state.panel) ?? group.panels[0];
    if (!panel) return;
    if (shown.side !== state.side || shown.id !== panel.id) {
      for (const [, { panels }] of made) for (const one of panels) one.element.hidden = one !== panel;
      shown = { side: state.side, id: panel.id };
      const focused = tabs.contains(tabs.getRootNode().activeElement);
      drawTabs(group.panels);
      if (focused) /** @type {HTMLElement|null} */ (tabs.querySelector("[aria-selected=true]"))?.focus();
    }
    const changed = group.stale.get(panel.id);
    if (!changed.size) return;
    group.stale.set(panel.id, new Set());
    panel.update(state, sides[state.side].reel, changed);
  }
  const later = throttle(refresh, 250);

  return {
    element,
    /** Make the panels of the side that is shown, and show one. */
    start: refresh,
    /** @param {any} state @param {Set<string>} changed */
    update(state, changed) {
      last = state;
      for (const { stale } of made.values()) for (const [, names] of stale) for (const name of changed) names.add(name);
      if (!made.size) return;
      if (state.playing && !changed.has("playing") && !changed.has("panel")) later();
      else {
        later.cancel();
        refresh();
      }
    },
    /** Put the cursor into the search of the transcript. */
    search() {
      store.set({ panel: "talk" });
      made.get(store.state.side)?.panels.find((panel) => panel.id === "talk")?.focusSearch?.();
    },
    destroy() {
      later.cancel();
      for (const { panels } of made.values()) for (const panel of panels) panel.destroy();
    },
  };
}

function hostMade(create, context) {
  try {
    return guardedPanel(create, context, el);
  } catch (error) {
    console.error(error);
    return null;
  }
}
