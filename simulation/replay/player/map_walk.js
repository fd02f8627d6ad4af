/**
 * Where everybody is between two ticks: along the way around walls, apart from each other.
 */
import { upperBound } from "./reel.js";

const WALK_MILLISECONDS = 5;
const WALK_FURTHEST = 60000;

/**
 * @param {ReturnType<import("./reel.js").createReel>} reel
 * @param {{open(row: number, col: number): boolean, bounds: object, at?: {x: number, y: number}[], radius?: number}} ground
 */
export function createWalk(reel, ground) {
  const network = Boolean(ground.at);
  let now = walkFrame(0);
  let next = walkFrame(0);
  /** @type {Map<number, Float32Array>} ways around walls in this tick */
  let ways = new Map();
  let gap = 0;
  let trail = { key: "", points: /** @type {number[][]} */ ([]) };

  function fill(frame, tick, apart) {
    const many = reel.cast.length;
    if (frame.here.length !== many) Object.assign(frame, walkFrame(many));
    frame.tick = tick;
    frame.events = reel.count;
    frame.apart = apart;
    const out = [0, 0];
    for (let agent = 0; agent < many; agent += 1) {
      const there = reel.whereInto(agent, tick, out);
      frame.here[agent] = there ? 1 : 0;
      if (!there) continue;
      const node = network ? ground.at[out[0]] : undefined;
      if (network && !node) frame.here[agent] = 0;
      frame.x[agent] = node ? node.x : out[1] + 0.5;
      frame.y[agent] = node ? node.y : out[0] + 0.5;
      frame.cell[agent] = network ? out[0] : out[0] * 65536 + out[1];
    }
    walkApart(frame, apart, network ? ground.radius : 0);
    return frame;
  }

  return {
    /** Make ready for a tick. @param {number} apart how far apart people should stand, in cells */
    prepare(tick, apart) {
      const last = reel.last;
      const stale = (frame, wanted) => frame.tick !== wanted || frame.apart !== apart || frame.here.length !== reel.cast.length || (frame.events !== reel.count && wanted >= last - 1);
      if (!stale(now, tick) && !stale(next, Math.min(last, tick + 1))) return;
      if (!stale(next, tick)) [now, next] = [next, now];
      else fill(now, tick, apart);
      fill(next, Math.min(last, tick + 1), apart);
      gap = apart;
      ways = network ? new Map() : walkWays(now, next, ground);
    },
    /** How far apart people stand now. */
    get apart() {
      return gap;
    },
    /**
     * Where somebody is, into out [x, y] in world units; false: not there.
     * @param {number} agent @param {number} along from 0 to 1 between the ticks @param {Float64Array|number[]} out
     */
    at(agent, along, out) {
      const before = now.here[agent];
      const after = next.here[agent];
      if (!(along < 0.5 ? before : after)) return false;
      if (!before || !after || along <= 0) {
        const frame = before && (along < 0.5 || !after) ? now : next;
        out[0] = frame.x[agent] + frame.dx[agent];
        out[1] = frame.y[agent] + frame.dy[agent];
        return true;
      }
      const shiftX = now.dx[agent] + (next.dx[agent] - now.dx[agent]) * along;
      const shiftY = now.dy[agent] + (next.dy[agent] - now.dy[agent]) * along;
      const way = ways.get(agent);
      if (way) walkAlong(way, along, out);
      else {
        out[0] = now.x[agent] + (next.x[agent] - now.x[agent]) * along;
        out[1] = now.y[agent] + (next.y[agent] - now.y[agent]) * along;
      }
      out[0] += shiftX;
      out[1] += shiftY;
      return true;
    },
    /** Where somebody has been of late, as [x, y] pairs. */
    trail(agent, tick, many) {
      const key = `${agent}:${tick}:${many}:${reel.count}`;
      if (trail.key === key) return trail.points;
      const { stepFirst, stepTick, stepRow, stepCol } = reel.core.columns;
      const end = upperBound(stepTick, tick, stepFirst[agent], stepFirst[agent + 1]);
      const points = [];
      for (let at = Math.max(stepFirst[agent], end - many); at < end; at += 1) {
        const node = network ? ground.at[stepRow[at]] : undefined;
        if (stepRow[at] < 0) continue;
        const to = node ? [node.x, node.y] : [stepCol[at] + 0.5, stepRow[at] + 0.5];
        if (!network && points.length) walkBetween(points, to, ground);
        points.push(to);
      }
      trail = { key, points };
      return points;
    },
  };
}

function walkFrame(many) {
  return {
    tick: -1, events: -1, apart: -1, here: new Uint8Array(many), x: new Float32Array(many), y: new Float32Array(many),
    dx: new Float32Array(many), dy: new Float32Array(many), cell: new Int32Array(many),
  };
}

/** Spread those who share a cell, then push apart those who still overlap. */
function walkApart(frame, apart, radius) {
  frame.dx.fill(0);
  frame.dy.fill(0);
  const cells = new Map();
  for (let agent = 0; agent < frame.here.length; agent += 1) {
    if (!frame.here[agent]) continue;
    const list = cells.get(frame.cell[agent]);
    if (list) list.push(agent);
    else cells.set(frame.cell[agent], [agent]);
  }
  for (const list of cells.values()) {
    if (list.length < 2) continue;
    const widest = Math.max(radius * 0.9, Math.min(apart * 0.62 * Math.sqrt(list.length), 2.2));
    list.forEach((agent, number) => {
      const turn = list.length < 7 ? (number / list.length) * Math.PI * 2 : number * 2.399963;
      const far = list.length < 7 ? (list.length === 2 ? apart * 0.5 : apart * 0.58) : widest * Math.sqrt((number + 0.5) / list.length);
      frame.dx[agent] = Math.cos(turn) * Math.min(far, widest);
      frame.dy[agent] = Math.sin(turn) * Math.min(far, widest);
    });
  }
  if (radius === 0 && cells.size <= 400) walkPush(frame, apart);
}

/** A few rounds of pushing apart; people of neighbouring cells do not hide each other. */
function walkPush(frame, apart) {
  const people = [];
  for (let agent = 0; agent < frame.here.length; agent += 1) if (frame.here[agent]) people.push(agent);
  if (people.length > 500) return;
  const most = Math.max(0.45, apart * 0.8);
  for (let round = 0; round < 3; round += 1) {
    const order = [...people].sort((one, two) => frame.y[one] + frame.dy[one] - frame.y[two] - frame.dy[two] || one - two);
    for (let from = 0; from < order.length; from += 1)
      for (let to = from + 1; to < order.length; to += 1) {
        const [one, two] = [order[from], order[to]];
        const downward = frame.y[two] + frame.dy[two] - frame.y[one] - frame.dy[one];
        if (downward >= apart) break;
        const sideways = frame.x[two] + frame.dx[two] - frame.x[one] - frame.dx[one];
        const far = Math.hypot(sideways, downward);
        if (far >= apart || Math.abs(sideways) >= apart) continue;
        const push = (apart - far) / 2;
        const [towardX, towardY] = far > 0.001 ? [sideways / far, downward / far] : [1, 0];
        walkShift(frame, one, -towardX * push, -towardY * push, most);
        walkShift(frame, two, towardX * push, towardY * push, most);
      }
  }
}

function walkShift(frame, agent, dx, dy, most) {
  frame.dx[agent] = Math.max(-most, Math.min(most, frame.dx[agent] + dx));
  frame.dy[agent] = Math.max(-most, Math.min(most, frame.dy[agent] + dy));
}

/** For those whose straight way crosses a wall: the way around it. */
function walkWays(now, next, ground) {
  const ways = new Map();
  const until = performance.now() + WALK_MILLISECONDS;
  for (let agent = 0; agent < now.here.length; agent += 1) {
    if (!now.here[agent] || !next.here[agent] || now.cell[agent] === next.cell[agent]) continue;
    if (walkStraight(now.x[agent], now.y[agent], next.x[agent], next.y[agent], ground)) continue;
    const way = performance.now() < until ? walkAround(now.x[agent], now.y[agent], next.x[agent], next.y[agent], ground) : null;
    if (way) ways.set(agent, way);
    else {
      const [x, y] = [now.x[agent], now.y[agent]];
      ways.set(agent, Float32Array.of(x, y, x, y, next.x[agent], next.y[agent], next.x[agent], next.y[agent]));
    }
  }
  return ways;
}

function walkStraight(fromX, fromY, toX, toY, ground) {
  const steps = Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)) * 2);
  for (let step = 1; step < steps; step += 1) {
    const x = fromX + ((toX - fromX) * step) / steps;
    const y = fromY + ((toY - fromY) * step) / steps;
    if (!ground.open(Math.floor(y), Math.floor(x))) return false;
  }
  return true;
}

/** Put the corners of the way to a point behind the points of a trail. */
function walkBetween(points, to, ground) {
  const [fromX, fromY] = points[points.length - 1];
  if (walkStraight(fromX, fromY, to[0], to[1], ground)) return;
  const way = walkAround(fromX, fromY, to[0], to[1], ground);
  for (let at = 2; way && at < way.length - 2; at += 2) points.push([way[at], way[at + 1]]);
}

/** Breadth first, from where they go to where they are, as x, y, x, y, …; null: no way. */
function walkAround(fromX, fromY, toX, toY, ground) {
  const { right: cols, bottom: rows } = ground.bounds;
  const start = Math.floor(fromY) * cols + Math.floor(fromX);
  const goal = Math.floor(toY) * cols + Math.floor(toX);
  if (rows * cols > WALK_FURTHEST * 4) return null;
  const came = new Int32Array(rows * cols).fill(-1);
  const queue = new Int32Array(Math.min(rows * cols, WALK_FURTHEST));
  let [head, tail] = [0, 1];
  queue[0] = goal;
  came[goal] = goal;
  while (head < tail && came[start] < 0) {
    const cell = queue[head++];
    const row = Math.floor(cell / cols);
    const col = cell % cols;
    for (const [down, right] of [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [1, -1], [-1, 1], [-1, -1]]) {
      const [r, c] = [row + down, col + right];
      if (r < 0 || c < 0 || r >= rows || c >= cols || tail >= queue.length) continue;
      const to = r * cols + c;
      if (came[to] >= 0 || (to !== start && !ground.open(r, c))) continue;
      if (down && right && !(ground.open(row, c) && ground.open(r, col))) continue;
      came[to] = cell;
      queue[tail++] = to;
    }
  }
  if (came[start] < 0) return null;
  const points = [fromX, fromY];
  for (let cell = came[start]; cell !== goal; cell = came[cell]) points.push((cell % cols) + 0.5, Math.floor(cell / cols) + 0.5);
  points.push(toX, toY);
  return Float32Array.from(points);
}

/** A point of a way. @param {Float32Array} way */
function walkAlong(way, along, out) {
  const legs = way.length / 2 - 1;
  const at = Math.min(legs - 1e-6, along * legs);
  const leg = Math.floor(at);
  const part = at - leg;
  out[0] = way[leg * 2] + (way[leg * 2 + 2] - way[leg * 2]) * part;
  out[1] = way[leg * 2 + 1] + (way[leg * 2 + 3] - way[leg * 2 + 1]) * part;
}
