/**
 * What a panel is. A panel module exports `createXPanel(context)`, and `panels/index.js` names it.
 *
 * @typedef {object} Context what a panel is given; a new panel is made for each reel
 * @property {ReturnType<import("../reel.js").createReel>} reel the Core with its indexes; the same object when it grows
 * @property {ReturnType<import("../parts.js").createParts>} parts lines, minds, lives and the society, cached
 * @property {object} source the raw source (reel.md); use `parts` where you can
 * @property {ReturnType<import("../state.js").createStore>} store
 * @property {typeof import("../dom.js")} dom el, bdi, button, icon, clear, safeText, shortText, throttle
 * @property {(tick: number, agent?: number) => void} seek go to a tick (and select somebody)
 * @property {(what: {agent?: number, event?: number}) => void} select select somebody or an event;
 *   selecting an event also goes to its tick and selects whose it is
 * @property {(id: string) => void} open show another panel by id
 *
 * @typedef {object} Panel
 * @property {string} id short, lower case, unique: why, person, talk, network, news, behaviours, cost
 * @property {string} title the tab: Why, Person, Talk, Network, News, Behaviours, Cost
 * @property {HTMLElement} element its root; the player puts it into a tabpanel and scrolls it
 * @property {(state: import("../state.js").State, reel: object, changed: Set<string>) => void} update called only while
 *   the panel is shown: when it is opened (`changed` is then everything), and when something changed, at most
 *   4 times a second while playing. It must return within about 20 ms; load what is missing and wait for `loaded`.
 * @property {() => void} [focusSearch] put the cursor into its search box (key `/`; the panel `talk` has one)
 * @property {() => void} destroy take away what it holds (timers, listeners outside its element)
 */

/**
 * A panel that cannot be shown says so in place of taking the player with it.
 * @param {(context: Context) => Panel} create
 * @param {Context} context
 * @param {typeof import("../dom.js").el} el
 * @returns {Panel}
 */
export function guardedPanel(create, context, el) {
  const panel = create(context);
  const update = panel.update.bind(panel);
  panel.update = (state, reel, changed) => {
    try {
      update(state, reel, changed);
    } catch (error) {
      panel.element.replaceChildren(el("p", { class: "sp-trouble", role: "alert" }, `This panel cannot be shown: ${error.message}`));
      console.error(error);
    }
  };
  return panel;
}
