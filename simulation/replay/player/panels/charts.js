/**
 * Step lines over time, drawn at the width that there is, with their names beside them.
 *
 * Lines differ by colour and by dash, so that no one has to tell colours apart.
 *
 * @typedef {object} ChartSeries
 * @property {string} label
 * @property {[number, number][]} points Tick and value, in order; a value holds until the next.
 * @property {number} style 0 to 7
 * @property {[number, number][]} [marks] Hollow marks besides the line.
 * @property {boolean} [dots] A dot at each point.
 */

import { shortText } from "../dom.js";
import { kitNode, kitSet, kitSvg } from "./kit.js";

const CHART_PAD = { top: 20, bottom: 34, left: 44, right: 12 };
const CHART_LETTER = 6.4;

/**
 * A chart that draws itself again when its width changes.
 *
 * @param {{minute(tick: number): number, label(tick: number): string, when(tick: number): string, core: any}} reel Names ticks.
 * @param {{height?: number, label: string}} options
 */
export function chartSteps(reel, options) {
  const svg = kitSvg("svg", { class: "chart", role: "img", "aria-label": options.label });
  const element = kitNode("div", { class: "chart-box" }, svg);
  const height = options.height ?? 210;
  let latest = null;
  let width = 0;
  let hand = null;
  const paint = () => {
    if (!latest || width === 0) return;
    hand = chartPaint(svg, latest, reel, width, height);
    hand.move(latest.now);
  };
  const watch = new ResizeObserver((entries) => {
    const room = Math.floor(entries[entries.length - 1].contentRect.width);
    if (room === 0 || Math.abs(Math.max(220, room) - width) < 2) return;
    width = Math.max(220, room);
    paint();
  });
  watch.observe(element);
  return {
    element,
    /** Draw what is given: {series, from, to, now, low, high, unit, names?, aside?}. */
    draw(data) {
      latest = data;
      if (data.label) svg.setAttribute("aria-label", data.label);
      paint();
    },
    /** Only the present moves on. */
    move(now) {
      if (!latest) return;
      latest.now = now;
      hand?.move(now);
    },
    destroy() {
      watch.disconnect();
    },
  };
}

function chartPaint(svg, data, reel, width, height) {
  const named = data.series.filter((one) => one.label && one.points.length + (one.marks?.length ?? 0) > 0);
  const longest = Math.max(0, ...named.map((one) => shortText(one.label, 22).length));
  const left = data.names ? Math.min(width * 0.3, 10 + CHART_LETTER * Math.max(...data.names.map((name) => shortText(name, 14).length))) : CHART_PAD.left;
  const right = longest > 0 ? Math.min(width * 0.38, 14 + longest * CHART_LETTER) : CHART_PAD.right;
  const box = { left: Math.max(28, left), top: CHART_PAD.top, right: width - right, bottom: height - CHART_PAD.bottom };
  const span = Math.max(1, data.to - data.from);
  const range = data.high - data.low || 1;
  const x = (tick) => box.left + ((tick - data.from) / span) * (box.right - box.left);
  const y = (value) => box.bottom - ((value - data.low) / range) * (box.bottom - box.top);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  kitSet(svg, chartGrid(data, box, x, y, reel), ...data.series.map((one, at) => chartLine(one, data, x, (value) => y(value) + chartAside(data, at, y))), chartLabels(named, data, box, y, right));
  const line = kitSvg("line", { class: "chart-now", y1: box.top - 6, y2: box.bottom });
  svg.append(line);
  return {
    move(now) {
      const at = x(Math.min(data.to, Math.max(data.from, now)));
      line.setAttribute("x1", String(at));
      line.setAttribute("x2", String(at));
    },
  };
}

function chartGrid(data, box, x, y, reel) {
  const group = kitSvg("g", { class: "chart-grid", "aria-hidden": "true" });
  const values = data.names ? data.names.map((_, at) => at) : chartTicks(data.low, data.high, 4);
  for (const value of values) {
    group.append(
      kitSvg("line", { x1: box.left, x2: box.right, y1: y(value), y2: y(value) }),
      kitSvg("text", { x: box.left - 6, y: y(value) + 4, class: "chart-left" }, data.names ? shortText(data.names[value], 14) : chartShort(value)),
    );
  }
  for (const tick of chartHours(data, reel, Math.max(1, Math.floor((box.right - box.left) / 62)))) {
    const anchor = tick === data.from ? "chart-start" : x(tick) > box.right - 14 ? "chart-end" : "chart-middle";
    group.append(kitSvg("text", { x: x(tick), y: box.bottom + 16, class: anchor }, reel.label(tick)));
  }
  group.append(kitSvg("text", { x: box.right, y: box.bottom + 30, class: "chart-end chart-unit" }, "sim time"));
  if (data.unit) group.append(kitSvg("text", { x: 2, y: 9, class: "chart-start chart-unit" }, data.unit));
  return group;
}

/** Minutes between two names on the axis of time. */
const CHART_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 7200, 14400];

/** Ticks at round hours, so many at most. */
function chartHours(data, reel, most) {
  const [first, last] = [reel.minute(data.from), reel.minute(data.to)];
  const step = CHART_STEPS.find((one) => (last - first) / one <= most) ?? (last - first) / most;
  if (last - first < 2) return [data.from, data.to];
  const ticks = [];
  for (let minute = Math.ceil(first / step) * step; minute <= last; minute += step) ticks.push(data.from + ((minute - first) / (last - first)) * (data.to - data.from));
  const room = ((data.to - data.from) / most) * 0.8;
  if (ticks.length > 0 && ticks[0] - data.from > room) ticks.unshift(data.from);
  return ticks.map(Math.round);
}

/** Round values between two, about so many. */
function chartTicks(low, high, count) {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.99) ?? rough;
  const whole = Number.isInteger(low) && Number.isInteger(high) && high - low > 2 ? Math.max(1, step) : step;
  const ticks = [];
  for (let value = Math.ceil(low / whole) * whole; value <= high + whole * 1e-6; value += whole) ticks.push(Number(value.toPrecision(10)));
  return ticks;
}

function chartShort(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  return size < 0.01 && size > 0 ? value.toExponential(0) : String(Number(value.toPrecision(3)));
}

/** Lines that share their values stand a little beside one another. */
function chartAside(data, at, y) {
  if (!data.aside) return 0;
  const step = Math.min(2.4, (y(data.low) - y(data.low + 1)) / (data.series.length + 1));
  return (at - (data.series.length - 1) / 2) * step;
}

function chartLine(one, data, x, y) {
  const group = kitSvg("g", { class: `chart-series chart-style-${one.style % 8}` });
  const points = one.points.filter((point) => typeof point[1] === "number");
  if (points.length > 0) group.append(kitSvg("path", { class: "chart-path", d: chartPath(points, data, x, y) }));
  if (one.dots && points.length <= 120) {
    for (const [tick, value] of points) group.append(kitSvg("circle", { class: "chart-dot", cx: x(tick), cy: y(value), r: 3 }));
  }
  for (const [tick, value] of (one.marks ?? []).slice(-120)) {
    if (typeof value !== "number") continue;
    const [at, up] = [x(tick), y(value)];
    group.append(kitSvg("path", { class: "chart-mark", d: `M${at},${up - 5}L${at + 5},${up}L${at},${up + 5}L${at - 5},${up}Z` }));
  }
  return group;
}

/** Steps to the right end; of many points in one pixel the last. */
function chartPath(points, data, x, y) {
  const parts = [];
  let last = null;
  let pixel = -1;
  for (let at = 0; at < points.length; at += 1) {
    const [tick, value] = points[at];
    const here = x(tick);
    const next = at + 1 < points.length ? x(points[at + 1][0]) : Infinity;
    if (Math.floor(next) === Math.floor(here) && Math.floor(here) === pixel) continue;
    pixel = Math.floor(here);
    parts.push(last === null ? `M${here.toFixed(1)},${y(value).toFixed(1)}` : `H${here.toFixed(1)}V${y(value).toFixed(1)}`);
    last = value;
  }
  const end = Math.min(data.to, Math.max(points[points.length - 1][0], data.until ?? data.to));
  parts.push(`H${x(end).toFixed(1)}`);
  return parts.join("");
}

/** Names at the right end, pushed apart where they would meet. */
function chartLabels(named, data, box, y, room) {
  const group = kitSvg("g", { class: "chart-names" });
  const letters = Math.max(3, Math.floor((room - 12) / CHART_LETTER));
  const spots = named.map((one) => {
    const values = [...one.points, ...(one.points.length ? [] : one.marks ?? [])];
    return { one, at: y(Number(values[values.length - 1][1]) || 0) };
  }).sort((a, b) => a.at - b.at);
  let floor = box.top - 6;
  for (const spot of spots) {
    spot.at = Math.max(spot.at, floor + 13);
    floor = spot.at;
  }
  let roof = box.bottom + 12;
  for (const spot of spots.reverse()) {
    spot.at = Math.min(spot.at, roof - 13);
    roof = spot.at;
    group.append(kitSvg("text", { x: box.right + 7, y: spot.at + 4, class: `chart-name chart-style-${spot.one.style % 8}` }, shortText(spot.one.label, letters)));
  }
  return group;
}

/** A small line of one figure up to now. */
export function chartSpark(points, { from, to, low, high, label }) {
  const [width, height] = [120, 24];
  const x = (tick) => 2 + ((tick - from) / Math.max(1, to - from)) * (width - 4);
  const y = (value) => height - 3 - ((value - low) / (high - low || 1)) * (height - 6);
  const svg = kitSvg("svg", { class: "chart-spark chart-style-0", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  if (points.length > 0) {
    const [tick, value] = points[points.length - 1];
    svg.append(kitSvg("path", { class: "chart-path", d: chartPath(points, { to }, x, y) }), kitSvg("circle", { class: "chart-dot", cx: x(Math.max(tick, to)), cy: y(value), r: 2.5 }));
  }
  return svg;
}
