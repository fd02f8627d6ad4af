/**
 * What the timeline shows that does not move: how much happened when, hours, nights, and markers by lanes.
 */
import { LANES, markersOf } from "./markers.js";
import { MAP_FONT } from "./map_text.js";

const TIMELINE_LANE = 9;
const TIMELINE_AXIS = 17;
const TIMELINE_STEPS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080];

/** Height of the lanes and of the axis, in CSS pixels. */
export const TIMELINE_BELOW = LANES.length * TIMELINE_LANE + TIMELINE_AXIS;

/** Where a tick stands. */
export function timelineX(tick, last, width) {
  return last > 0 ? (tick / last) * width : 0;
}

/**
 * Draw everything that stands still.
 * @param {CanvasRenderingContext2D} ctx in CSS pixels
 * @param {{width: number, height: number, reels: any[], societies: any[], last: number, colours: Record<string, string>, agent: number, side: number}} what
 */
export function drawTimeline(ctx, { width, height, reels, societies, last, colours, agent, side }) {
  ctx.clearRect(0, 0, width, height);
  const chart = height - TIMELINE_BELOW;
  timelineNights(ctx, reels[0], width, chart, last, colours);
  timelineHours(ctx, reels[0], width, height, last, colours);
  const half = reels.length > 1 ? chart / 2 : chart;
  reels.forEach((reel, number) => timelineBars(ctx, reel, width, last, { top: number * half, height: half, colours, agent: number === side ? agent : -1 }));
  LANES.forEach((lane, number) => {
    const middle = chart + (number + 0.5) * TIMELINE_LANE;
    ctx.fillStyle = colours.line;
    ctx.fillRect(0, Math.round(middle), width, 1);
    timelineLane(ctx, lane, markersOf(reels[side] ?? reels[0], societies[side], lane.id), { width, last, middle, colours, agent });
  });
}

/** Nights are darker. */
function timelineNights(ctx, reel, width, height, last, colours) {
  ctx.fillStyle = colours.night;
  const from = reel.minute(0);
  const to = reel.minute(last);
  for (let day = Math.floor(from / 1440) - 1; day <= Math.floor(to / 1440) && day < 400; day += 1) {
    const begin = timelineX((day * 1440 + 1260 - from) / reel.core.clock.tickMinutes, last, width);
    const end = timelineX((day * 1440 + 1800 - from) / reel.core.clock.tickMinutes, last, width);
    if (end > 0 && begin < width) ctx.fillRect(Math.max(0, begin), 0, Math.min(width, end) - Math.max(0, begin), height);
  }
}

function timelineHours(ctx, reel, width, height, last, colours) {
  const from = reel.minute(0);
  const minutes = Math.max(1, last * reel.core.clock.tickMinutes);
  const step = TIMELINE_STEPS.find((one) => (one / minutes) * width >= 58) ?? TIMELINE_STEPS.at(-1);
  ctx.font = `11px ${MAP_FONT}`;
  ctx.textBaseline = "middle";
  for (let minute = Math.ceil(from / step) * step; minute <= from + minutes; minute += step) {
    const tick = (minute - from) / reel.core.clock.tickMinutes;
    const x = timelineX(tick, last, width);
    ctx.fillStyle = colours.line;
    ctx.fillRect(Math.round(x), 0, 1, height - TIMELINE_AXIS + 4);
    const day = Math.floor(minute / 1440) + 1;
    const label = step >= 1440 || (minute % 1440 === 0 && reel.days > 1) ? `day ${day}` : reel.label(tick).slice(0, 5);
    const wide = ctx.measureText(label).width;
    ctx.fillStyle = colours.muted;
    ctx.textAlign = "left";
    ctx.fillText(label, Math.max(0, Math.min(width - wide, x - wide / 2)), height - TIMELINE_AXIS / 2);
  }
}

function timelineBars(ctx, reel, width, last, { top, height, colours, agent }) {
  const bins = Math.max(1, Math.min(reel.ticks, Math.floor(width / 3)));
  const counts = reel.histogram(bins, ["talk", "deed", "failure", "reflection", "reaction", "plan", "stance", "fact", "world"]);
  const own = agent >= 0 ? reel.histogram(bins, ["talk", "deed", "failure", "reflection", "reaction", "plan", "stance", "fact", "world"], agent) : null;
  const sorted = Array.from(counts).sort((one, two) => one - two);
  const most = Math.max(3, sorted[Math.floor(sorted.length * 0.985)] ?? 1);
  const span = timelineX(reel.last, last, width);
  const wide = span / bins;
  const draw = (list, colour) => {
    ctx.fillStyle = colour;
    for (let bin = 0; bin < bins; bin += 1) {
      if (!list[bin]) continue;
      const tall = Math.max(1, Math.sqrt(Math.min(1, list[bin] / most)) * (height - 3));
      ctx.fillRect(bin * wide, top + height - tall, Math.max(1, wide - (wide > 2.4 ? 0.8 : 0)), tall);
    }
  };
  draw(counts, own ? colours.barFaint : colours.bar);
  if (own) draw(own, colours.accent);
}

function timelineLane(ctx, lane, marks, { width, last, middle, colours, agent }) {
  const colour = colours[lane.id];
  let previous = -9;
  for (const mark of marks) {
    const x = timelineX(mark.tick, last, width);
    const own = agent < 0 || mark.agents.includes(agent);
    if (lane.shape !== "bar" && x - previous < 2 && !own) continue;
    previous = x;
    ctx.globalAlpha = own ? 1 : 0.28;
    ctx.fillStyle = colour;
    ctx.strokeStyle = colour;
    if (lane.shape === "bar") {
      const end = timelineX(mark.until ?? mark.tick, last, width);
      ctx.fillRect(x, middle - 2.5, Math.max(2, end - x), 5);
    } else drawMark(ctx, lane.shape, x, middle, 3.6);
  }
  ctx.globalAlpha = 1;
}

/** A mark: shapes differ, not only colours. */
export function drawMark(ctx, shape, x, y, size) {
  ctx.beginPath();
  if (shape === "circle") ctx.arc(x, y, size, 0, Math.PI * 2);
  else if (shape === "up") {
    ctx.moveTo(x - size, y + size * 0.85);
    ctx.lineTo(x, y - size);
    ctx.lineTo(x + size, y + size * 0.85);
  } else if (shape === "diamond") {
    ctx.moveTo(x, y - size * 1.15);
    ctx.lineTo(x + size * 1.15, y);
    ctx.lineTo(x, y + size * 1.15);
    ctx.lineTo(x - size * 1.15, y);
  } else if (shape === "cross") {
    ctx.lineWidth = 2;
    ctx.moveTo(x - size * 0.85, y - size * 0.85);
    ctx.lineTo(x + size * 0.85, y + size * 0.85);
    ctx.moveTo(x + size * 0.85, y - size * 0.85);
    ctx.lineTo(x - size * 0.85, y + size * 0.85);
    ctx.stroke();
    return;
  } else ctx.rect(x - size * 1.4, y - size * 0.6, size * 2.8, size * 1.2);
  ctx.fill();
}

/** The mark nearest to a point of the lanes; null: none. */
export function markNear(x, y, { width, height, reel, society, last }) {
  const lane = LANES[Math.floor((y - (height - TIMELINE_BELOW)) / TIMELINE_LANE)];
  if (!lane) return null;
  let best = null;
  let nearest = 6;
  for (const mark of markersOf(reel, society, lane.id)) {
    const from = timelineX(mark.tick, last, width);
    const to = timelineX(mark.until ?? mark.tick, last, width);
    const apart = x < from ? from - x : x > to ? x - to : 0;
    if (apart < nearest) [best, nearest] = [{ ...mark, lane }, apart];
  }
  return best;
}
