/**
 * One small observable store. What is seen depends on it and on nothing else.
 *
 * @typedef {object} State
 * @property {number} tick the tick that is shown, whole
 * @property {boolean} playing
 * @property {number} speed sim seconds a second
 * @property {number} side which reel the panels are about: 0, or 1 when two are compared
 * @property {number} agent index of the selected resident, -1: nobody
 * @property {number} event index of the selected event, -1: none
 * @property {boolean} follow the map keeps the selected resident in the middle
 * @property {string} kind what "next" and "previous" look for
 * @property {boolean} own jump only to what the selected resident takes part in
 * @property {"auto"|"light"|"dark"} theme
 * @property {string} panel id of the open panel
 * @property {boolean} names @property {boolean} bubbles @property {boolean} activity @property {boolean} night layers of the map
 * @property {boolean} help whether the keys are shown
 * @property {boolean} head live: stay with the newest tick
 * @property {number} loaded goes up when a part of a reel has arrived
 * @property {number} grown goes up when a live reel has grown
 * @property {string} trouble one line to show, or empty
 */

/** @returns {State} */
export function firstState() {
  return {
    tick: 0, playing: false, speed: 60, side: 0, agent: -1, event: -1, follow: false, kind: "notable", own: false,
    theme: "auto", panel: "why", names: true, bubbles: true, activity: true, night: true, help: false,
    head: false, loaded: 0, grown: 0, trouble: "",
  };
}

/**
 * @param {State} first
 * @returns {{readonly state: State, set(patch: Partial<State>): void, subscribe(heard: (state: State, changed: Set<string>) => void): () => void}}
 */
export function createStore(first) {
  let state = { ...first };
  /** @type {Set<(state: State, changed: Set<string>) => void>} */
  const heards = new Set();
  return {
    get state() {
      return state;
    },
    set(patch) {
      const changed = new Set(Object.keys(patch).filter((name) => patch[name] !== state[name]));
      if (!changed.size) return;
      state = { ...state, ...patch };
      for (const heard of [...heards]) heard(state, changed);
    },
    subscribe(heard) {
      heards.add(heard);
      return () => heards.delete(heard);
    },
  };
}
