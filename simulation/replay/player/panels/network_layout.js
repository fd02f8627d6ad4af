/**
 * Where people stand in a drawing of their ties: the same every time.
 */

import { sliceEach } from "./slices.js";

/** Up to so many stand in a circle. */
export const NETWORK_CIRCLE = 60;

const NETWORK_TURN = Math.PI * (3 - Math.sqrt(5));
const NETWORK_ROUNDS = 50;

/**
 * Places from 0 to 1 for `count` people.
 *
 * A circle, in the order of the cast; of many a small force layout from a fixed beginning, so that
 * those who have ties stand near one another.
 *
 * @param {[number, number, number][]} pairs Two people and how often.
 * @returns {Promise<Float64Array>} x and y in turn.
 */
export async function networkLayout(count, pairs, wanted) {
  const spots = new Float64Array(count * 2);
  const circle = count <= NETWORK_CIRCLE;
  for (let at = 0; at < count; at += 1) {
    const angle = circle ? (at / count) * 2 * Math.PI - Math.PI / 2 : at * NETWORK_TURN;
    const far = circle ? 0.5 : 0.5 * Math.sqrt((at + 0.5) / count);
    spots[at * 2] = 0.5 + far * Math.cos(angle);
    spots[at * 2 + 1] = 0.5 + far * Math.sin(angle);
  }
  if (circle) return spots;
  const ideal = 0.8 / Math.sqrt(count);
  const push = new Float64Array(count * 2);
  for (let round = 0; round < NETWORK_ROUNDS; round += 1) {
    const heat = 0.04 * (1 - round / NETWORK_ROUNDS) + 0.002;
    push.fill(0);
    const cells = networkCells(spots, count, ideal * 2);
    if (!(await sliceEach(count, (at) => networkRepel(spots, push, cells, at, ideal), wanted))) return spots;
    await sliceEach(pairs.length, (at) => networkPull(spots, push, pairs[at], ideal), wanted);
    networkMove(spots, push, count, heat);
  }
  return networkFit(spots, count);
}

/** Who stands in which cell of a grid: only neighbours push. */
function networkCells(spots, count, size) {
  const cells = new Map();
  for (let at = 0; at < count; at += 1) {
    const key = `${Math.floor(spots[at * 2] / size)}/${Math.floor(spots[at * 2 + 1] / size)}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(at);
  }
  return { cells, size };
}

function networkRepel(spots, push, { cells, size }, at, ideal) {
  const [x, y] = [spots[at * 2], spots[at * 2 + 1]];
  const [column, row] = [Math.floor(x / size), Math.floor(y / size)];
  for (let dx = -1; dx <= 1; dx += 1) {
    for (let dy = -1; dy <= 1; dy += 1) {
      for (const other of cells.get(`${column + dx}/${row + dy}`) ?? []) {
        if (other === at) continue;
        const [ex, ey] = [x - spots[other * 2], y - spots[other * 2 + 1]];
        const square = Math.max(1e-6, ex * ex + ey * ey);
        const force = (ideal * ideal) / square;
        push[at * 2] += ex * force;
        push[at * 2 + 1] += ey * force;
      }
    }
  }
}

function networkPull(spots, push, [one, two, times], ideal) {
  const [ex, ey] = [spots[one * 2] - spots[two * 2], spots[one * 2 + 1] - spots[two * 2 + 1]];
  const force = Math.min(1, (Math.sqrt(ex * ex + ey * ey) / ideal) * 0.1 * Math.min(3, 1 + Math.log(times)));
  push[one * 2] -= ex * force;
  push[one * 2 + 1] -= ey * force;
  push[two * 2] += ex * force;
  push[two * 2 + 1] += ey * force;
}

function networkMove(spots, push, count, heat) {
  for (let at = 0; at < count; at += 1) {
    const [dx, dy] = [push[at * 2] + (0.5 - spots[at * 2]) * 0.01, push[at * 2 + 1] + (0.5 - spots[at * 2 + 1]) * 0.01];
    const size = Math.max(1e-9, Math.hypot(dx, dy));
    spots[at * 2] += (dx / size) * Math.min(size, heat);
    spots[at * 2 + 1] += (dy / size) * Math.min(size, heat);
  }
}

function networkFit(spots, count) {
  for (const axis of [0, 1]) {
    let [low, high] = [Infinity, -Infinity];
    for (let at = 0; at < count; at += 1) {
      low = Math.min(low, spots[at * 2 + axis]);
      high = Math.max(high, spots[at * 2 + axis]);
    }
    for (let at = 0; at < count; at += 1) spots[at * 2 + axis] = (spots[at * 2 + axis] - low) / (high - low || 1);
  }
  return spots;
}
