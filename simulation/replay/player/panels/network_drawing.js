/**
 * Ties as a drawing: people as dots, what one did towards another as a bow from one to the other.
 */

import { shortText } from "../dom.js";
import { kitCount, kitNode, kitSet, kitSvg } from "./kit.js";
import { NETWORK_CIRCLE, networkLayout } from "./network_layout.js";
import { SliceTurn } from "./slices.js";

/** Bows drawn at most: the most frequent. */
export const NETWORK_DRAWN = 400;
/** Up to so many all have their names written. */
const NETWORK_NAMED = 26;
const NETWORK_SIZE = { width: 440, height: 380, pad: 52 };

/**
 * @param {{pair: (pair: any) => void, person: (agent: number) => void}} told What is clicked.
 */
export function networkDrawing(context, told) {
  const { reel } = context;
  const { width, height } = NETWORK_SIZE;
  const bows = kitSvg("g", { class: "network-bows" });
  const dots = kitSvg("g", { class: "network-dots" });
  const svg = kitSvg("svg", { class: "network-drawing", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Drawing of the ties; the table below says the same" }, bows, dots);
  const note = kitNode("p", { class: "kit-note" });
  const element = kitNode("figure", { class: "network-figure" }, svg, note);
  const turn = new SliceTurn();
  let spots = null;
  let latest = null;
  let person = -1;
  let chosen = "";

  const at = (agent) => networkSpot(spots, agent);
  const paint = () => {
    if (!spots || !latest) return;
    const [all, pairs, tick] = latest;
    const few = all.slice(0, NETWORK_DRAWN);
    const most = few[0]?.times ?? 1;
    kitSet(bows, ...few.slice().reverse().map((pair) => networkBow(context, pair, at, most, tick, told, chosen)));
    if (dots.childElementCount === 0) kitSet(dots, ...networkDots(reel, at, told));
    networkBusy(reel, dots, pairs);
    light();
    const text = pairs.size > few.length ? `The ${few.length} most frequent of ${kitCount(pairs.size)} ties are drawn.` : "Wider: more often. The narrow end is the one who did it.";
    if (note.textContent !== text) note.textContent = text;
  };
  const light = () => {
    svg.classList.toggle("network-lit", person >= 0);
    for (const bow of bows.children) bow.classList.toggle("network-of", bow.dataset.one === String(person) || bow.dataset.two === String(person));
    for (const dot of dots.children) dot.classList.toggle("network-me", dot.dataset.agent === String(person));
  };
  return {
    element,
    /** Other ties are drawn: places are found for them. */
    kind(ties) {
      const wanted = turn.begin();
      const counted = new Map();
      if (reel.cast.length > NETWORK_CIRCLE) {
        for (const [, one, two] of ties.slice(0, 200000)) {
          if (one < 0 || two < 0 || one === two) continue;
          const key = Math.min(one, two) * 65536 + Math.max(one, two);
          counted.set(key, (counted.get(key) ?? 0) + 1);
        }
      }
      const pairs = [...counted].map(([key, times]) => [Math.floor(key / 65536), key % 65536, times]);
      networkLayout(reel.cast.length, pairs, wanted).then((found) => {
        if (!wanted()) return;
        spots = found;
        kitSet(dots);
        paint();
      });
    },
    draw(all, pairs, tick) {
      latest = [all, pairs, tick];
      paint();
    },
    person(agent) {
      if (agent === person) return;
      person = agent;
      light();
    },
    choose(pair) {
      chosen = `${pair.one}/${pair.two}`;
      for (const bow of bows.children) bow.classList.toggle("network-chosen", `${bow.dataset.one}/${bow.dataset.two}` === chosen);
    },
    destroy() {
      turn.stop();
    },
  };
}

function networkSpot(spots, agent) {
  const { width, height, pad } = NETWORK_SIZE;
  return [pad + spots[agent * 2] * (width - 2 * pad), 30 + spots[agent * 2 + 1] * (height - 60)];
}

/** A bow that grows wider towards the one whom it is about. */
function networkBow(context, pair, at, most, tick, told, chosen) {
  const [x0, y0] = at(pair.one);
  const [x1, y1] = at(pair.two);
  const [dx, dy] = [x1 - x0, y1 - y0];
  const far = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [-dy / far, dx / far];
  const bend = Math.min(26, far * 0.14);
  const [mx, my] = [(x0 + x1) / 2 + nx * bend, (y0 + y1) / 2 + ny * bend];
  const wide = 0.8 + 4.2 * Math.sqrt(pair.times / most);
  const [ex, ey] = [x1 - (dx / far) * 8, y1 - (dy / far) * 8];
  const shape = `M${networkTwo(x0, y0)}Q${networkTwo(mx + nx * wide * 0.4, my + ny * wide * 0.4)} ${networkTwo(ex + nx * wide, ey + ny * wide)}L${networkTwo(ex - nx * wide, ey - ny * wide)}Q${networkTwo(mx - nx * wide * 0.4, my - ny * wide * 0.4)} ${networkTwo(x0, y0)}Z`;
  const fresh = tick - pair.last <= Math.max(1, context.reel.ticks / 60);
  const names = `${context.reel.agentName(pair.one)} → ${context.reel.agentName(pair.two)}: ${pair.times}`;
  const classes = ["network-bow", fresh && "network-fresh", chosen === `${pair.one}/${pair.two}` && "network-chosen"].filter(Boolean).join(" ");
  return kitSvg("path", { class: classes, d: shape, data: { one: pair.one, two: pair.two }, on: { click: () => told.pair(pair) } }, kitSvg("title", {}, names));
}

function networkTwo(x, y) {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}

function networkDots(reel, at, told) {
  const size = reel.cast.length > NETWORK_CIRCLE ? 3 : 7;
  return reel.cast.map((agent, index) => {
    const [x, y] = at(index);
    const right = x >= NETWORK_SIZE.width / 2;
    return kitSvg("g", { class: "network-dot", data: { agent: index }, css: { "--hue": Number(agent.hue) || 0 }, on: { click: () => told.person(index) } },
      kitSvg("circle", { cx: x, cy: y, r: size }),
      kitSvg("text", { x: x + (right ? size + 4 : -size - 4), y: y + 4, class: right ? "chart-start" : "chart-left" }, shortText(agent.name || agent.id, 12)),
      kitSvg("title", {}, reel.agentName(index)));
  });
}

/** Who has ties stands out; of many only the busiest are named. */
function networkBusy(reel, dots, pairs) {
  const times = new Float64Array(reel.cast.length);
  for (const pair of pairs.values()) {
    times[pair.one] += pair.times;
    times[pair.two] += pair.times;
  }
  const crowded = reel.cast.length > NETWORK_NAMED;
  const least = crowded ? [...times].sort((a, b) => b - a)[NETWORK_NAMED / 2] : -1;
  for (let at = 0; at < dots.children.length; at += 1) {
    const list = dots.children[at].classList;
    list.toggle("network-alone", times[at] === 0);
    list.toggle("network-nameless", times[at] <= least);
  }
}
