/**
 * Turns seconds into ticks. The moment that is shown is a tick and a part of the way to the next.
 */

/** Sim seconds a second that can be chosen. */
const CLOCK_SPEEDS = [1, 10, 30, 60, 120, 300, 600];
const CLOCK_LONGER = [1800, 3600, 7200, 14400, 43200, 86400];
const CLOCK_LONGEST_FRAME = 250;
/** Live: ticks behind the newest that are walked through; more are skipped. */
const CLOCK_BEHIND = 8;

/** The speeds that make sense for a length of a tick, in minutes: 1 × to ten ticks a second at least. */
export function clockSpeeds(tickMinutes) {
  const most = Math.max(600, tickMinutes * 600);
  return [...CLOCK_SPEEDS, ...CLOCK_LONGER.filter((speed) => speed <= most)];
}

/** A speed at which about one tick passes a second. */
export function clockFirstSpeed(tickMinutes) {
  return clockSpeeds(tickMinutes).find((speed) => speed >= tickMinutes * 60) ?? 60;
}

/**
 * @param {ReturnType<import("./state.js").createStore>} store
 * @param {() => number} last the last tick that can be shown
 * @param {() => number} tickMinutes
 * @param {boolean} live whether there will be more
 */
export function createClock(store, last, tickMinutes, live = false) {
  const clock = {
    /** How much of the way to the next tick has passed, from 0 to 1. */
    along: 0,
    /** Ticks a second; 0 when paused. */
    get rate() {
      if (store.state.head) return 1;
      return store.state.playing ? store.state.speed / (tickMinutes() * 60) : 0;
    },
    /** Go to a tick. */
    seek(tick) {
      clock.along = 0;
      store.set({ tick: Math.max(0, Math.min(last(), Math.round(Number(tick) || 0))) });
    },
    /** A frame passes; true while more is to come. */
    frame(milliseconds) {
      if (store.state.head) return clock.chase(milliseconds);
      if (!store.state.playing) return false;
      const passed = (Math.min(CLOCK_LONGEST_FRAME, milliseconds) / 1000) * clock.rate;
      const moment = store.state.tick + clock.along + passed;
      if (moment >= last()) {
        clock.along = 0;
        store.set({ tick: last(), playing: false, head: live });
        return false;
      }
      clock.along = moment - Math.floor(moment);
      store.set({ tick: Math.floor(moment) });
      return true;
    },
    /** Live: go on to the newest moment, faster the further it is. */
    chase(milliseconds) {
      const behind = last() - store.state.tick - clock.along;
      if (behind <= 0) return false;
      const from = behind > CLOCK_BEHIND ? last() - 1 : store.state.tick + clock.along;
      const moment = Math.min(last(), from + (Math.min(CLOCK_LONGEST_FRAME, milliseconds) / 1000) * Math.max(1.2, behind * 1.5));
      clock.along = moment - Math.floor(moment);
      store.set({ tick: Math.floor(moment) });
      return moment < last();
    },
    /** Play or pause; at the end, from the start, or on to what comes where there is more to come. */
    toggle() {
      const { playing, tick, head } = store.state;
      if (playing || head) return store.set({ playing: false, head: false });
      if (tick >= last() && !live) clock.seek(0);
      return store.set(tick >= last() && live ? { head: true } : { playing: true });
    },
    /** A faster or slower speed. @param {number} step 1 or -1 */
    faster(step) {
      const speeds = clockSpeeds(tickMinutes());
      const at = speeds.findIndex((speed) => speed >= store.state.speed);
      store.set({ speed: speeds[Math.max(0, Math.min(speeds.length - 1, (at < 0 ? speeds.length - 1 : at) + step))] });
    },
  };
  return clock;
}
