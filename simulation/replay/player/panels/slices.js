/**
 * Long work in short slices: no task holds the page for more than a few milliseconds.
 */

/** Milliseconds of work before the page gets a turn. */
const SLICE_BUDGET = 10;

/** A turn for the page: input and frames first. */
export function slicePause() {
  return new Promise((resume) => {
    setTimeout(resume, 0);
  });
}

/**
 * Visit `count` numbers in order, with turns for the page in between.
 *
 * @param {number} count
 * @param {(index: number) => boolean | void} visit Gives false to stop.
 * @param {() => boolean} [wanted] Asked after each pause; false stops.
 * @returns {Promise<boolean>} Whether all were visited.
 */
export async function sliceEach(count, visit, wanted = () => true) {
  let until = performance.now() + SLICE_BUDGET;
  for (let index = 0; index < count; index += 1) {
    if (visit(index) === false) return false;
    if ((index & 255) === 255 && performance.now() > until) {
      await slicePause();
      if (!wanted()) return false;
      until = performance.now() + SLICE_BUDGET;
    }
  }
  return true;
}

/** Only the latest of several asynchronous efforts may go on. */
export class SliceTurn {
  constructor() {
    this.number = 0;
  }

  /** Begin; what was begun before is no longer wanted. Gives a function that says whether this still is. */
  begin() {
    this.number += 1;
    const mine = this.number;
    return () => mine === this.number;
  }

  /** Nothing is wanted any more. */
  stop() {
    this.number += 1;
  }
}

/**
 * At most one call in `pause` milliseconds, and always one with the latest arguments.
 *
 * @param {(...all: any[]) => void} act
 * @param {number} pause
 */
export function slicePaced(act, pause) {
  let timer = 0;
  let latest = [];
  let last = -Infinity;
  const run = () => {
    timer = 0;
    last = performance.now();
    act(...latest);
  };
  const paced = (...all) => {
    latest = all;
    if (timer) return;
    const wait = last + pause - performance.now();
    if (wait <= 0) run();
    else timer = setTimeout(run, wait);
  };
  paced.stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  return paced;
}
