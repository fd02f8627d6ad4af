/**
 * How a cell of the ground is drawn, in device pixels.
 */
import { cellNoise, shade } from "./map_palette.js";

/** Grounds are a little lighter here and darker there, but for those of one piece. */
const CELL_TONES = [0.99, 0.995, 1, 1.004, 1.008];
const CELL_EVEN = new Set(["floor", "door", "water"]);
const CELLS_AROUND = [[-1, -1], [-1, 1], [1, 1], [1, -1]];

/**
 * @typedef {object} Brush
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} size device pixels a cell
 * @property {(row: number, col: number) => {name: string, base: number[], ink: number[], soft: boolean}} look
 */

/** The ground of a cell and its rounded corners. @param {Brush} brush */
export function drawCell(brush, row, col, x, y) {
  const { ctx, size } = brush;
  const look = brush.look(row, col);
  if (look.name === "wall") return;
  look.tones ??= CELL_TONES.map((tone) => shade(look.base, CELL_EVEN.has(look.name) ? 1 : tone));
  ctx.fillStyle = look.tones[Math.floor(cellNoise(row, col) * CELL_TONES.length)];
  ctx.fillRect(x, y, size, size);
  if (size < 5) return;
  if (look.soft) cellCorners(brush, look, row, col, x, y);
  if (look.name === "water") cellShore(brush, row, col, x, y);
}

/** What lies or grows on a cell; it may reach into its neighbours, so it is drawn when all ground is. @param {Brush} brush */
export function drawTexture(brush, row, col, x, y) {
  if (brush.size < 5) return;
  const look = brush.look(row, col);
  CELL_TEXTURES[look.name]?.(brush, look, row, col, x, y);
}

/** Where two other soft grounds meet around a corner, they round it. */
function cellCorners({ ctx, size, look: lookAt }, look, row, col, x, y) {
  for (const [down, right] of CELLS_AROUND) {
    const vertical = lookAt(row + down, col);
    const sideways = lookAt(row, col + right);
    if (vertical.name === look.name || vertical.name !== sideways.name || !vertical.soft) continue;
    if (lookAt(row + down, col + right).name !== vertical.name) continue;
    const radius = size * 0.5;
    const cornerX = right < 0 ? x : x + size;
    const cornerY = down < 0 ? y : y + size;
    ctx.fillStyle = shade(vertical.base, 1);
    ctx.beginPath();
    ctx.moveTo(cornerX, cornerY);
    ctx.lineTo(cornerX - right * radius, cornerY);
    ctx.quadraticCurveTo(cornerX, cornerY, cornerX, cornerY - down * radius);
    ctx.closePath();
    ctx.fill();
  }
}

/** A lighter rim where water meets land. */
function cellShore({ ctx, size, look }, row, col, x, y) {
  const rim = Math.max(1, Math.round(size * 0.16));
  ctx.fillStyle = "rgba(255,255,255,0.26)";
  const land = (down, right) => look(row + down, col + right).name !== "water";
  if (land(-1, 0)) ctx.fillRect(x, y, size, rim);
  if (land(1, 0)) ctx.fillRect(x, y + size - rim, size, rim);
  if (land(0, -1)) ctx.fillRect(x, y, rim, size);
  if (land(0, 1)) ctx.fillRect(x + size - rim, y, rim, size);
}

function cellDots({ ctx, size }, look, row, col, x, y, many, radius) {
  ctx.fillStyle = shade(look.ink, 1);
  for (let number = 0; number < many; number += 1) {
    if (cellNoise(row, col, number + 7) > 0.55) continue;
    const dotX = x + cellNoise(row, col, number * 2 + 20) * size;
    const dotY = y + cellNoise(row, col, number * 2 + 21) * size;
    ctx.fillRect(Math.round(dotX), Math.round(dotY), radius, radius);
  }
}

function cellTuft({ ctx, size }, colour, centreX, centreY) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = Math.max(1, size * 0.06);
  ctx.beginPath();
  for (const lean of [-0.16, 0, 0.16]) {
    ctx.moveTo(centreX + lean * size * 0.3, centreY);
    ctx.lineTo(centreX + lean * size, centreY - size * (lean ? 0.2 : 0.28));
  }
  ctx.stroke();
}

/** Foliage from above: a shadow, a crown and its lit side. */
function cellCrown({ ctx, size }, look, centreX, centreY, radius) {
  ctx.fillStyle = "rgba(40,60,30,0.16)";
  cellDisc(ctx, centreX + size * 0.08, centreY + size * 0.12, radius);
  ctx.fillStyle = shade(look.ink, 0.96);
  cellDisc(ctx, centreX, centreY, radius);
  ctx.fillStyle = shade(look.ink, 1.16);
  cellDisc(ctx, centreX - radius * 0.26, centreY - radius * 0.3, radius * 0.58);
}

function cellDisc(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, Math.PI * 2);
  ctx.fill();
}

/** @type {Record<string, (brush: Brush, look: any, row: number, col: number, x: number, y: number) => void>} */
const CELL_TEXTURES = {
  water({ ctx, size }, look, row, col, x, y) {
    if (cellNoise(row, col, 3) > 0.2) return;
    const left = x + size * (0.1 + cellNoise(row, col, 4) * 0.3);
    const top = y + size * (0.3 + cellNoise(row, col, 5) * 0.4);
    ctx.strokeStyle = shade(look.ink, 1);
    ctx.lineWidth = Math.max(1, size * 0.07);
    ctx.beginPath();
    ctx.moveTo(left, top);
    ctx.quadraticCurveTo(left + size * 0.15, top - size * 0.14, left + size * 0.3, top);
    ctx.quadraticCurveTo(left + size * 0.45, top + size * 0.1, left + size * 0.6, top);
    ctx.stroke();
  },
  grass(brush, look, row, col, x, y) {
    if (brush.size >= 9 && cellNoise(row, col, 3) < 0.28)
      cellTuft(brush, shade(look.ink, 1.02), x + brush.size * (0.3 + cellNoise(row, col, 4) * 0.4), y + brush.size * (0.5 + cellNoise(row, col, 5) * 0.4));
  },
  growth(brush, look, row, col, x, y) {
    const { size, ctx } = brush;
    const kind = cellNoise(row, col, 3);
    const centreX = x + size * (0.3 + cellNoise(row, col, 4) * 0.4);
    const centreY = y + size * (0.3 + cellNoise(row, col, 5) * 0.4);
    if (kind < 0.16) cellCrown(brush, look, centreX, centreY, size * (0.26 + cellNoise(row, col, 6) * 0.14));
    else if (kind < 0.52 && size >= 9) cellTuft(brush, shade(look.ink, 1.04), centreX, centreY + size * 0.15);
    else if (kind < 0.57 && size >= 12) {
      ctx.fillStyle = kind < 0.545 ? "#f3e7a8" : "#efdfe6";
      cellDisc(ctx, centreX, centreY, size * 0.07);
    }
  },
  sand(brush, look, row, col, x, y) {
    if (brush.size >= 8) cellDots(brush, look, row, col, x, y, 5, Math.max(1, Math.round(brush.size * 0.06)));
  },
  path(brush, look, row, col, x, y) {
    if (brush.size >= 8) cellDots(brush, look, row, col, x, y, 3, Math.max(1, Math.round(brush.size * 0.09)));
  },
  ground(brush, look, row, col, x, y) {
    if (brush.size >= 8) cellDots(brush, look, row, col, x, y, 2, Math.max(1, Math.round(brush.size * 0.07)));
  },
  rock(brush, look, row, col, x, y) {
    if (brush.size >= 6 && cellNoise(row, col, 3) < 0.5) cellDots(brush, look, row, col, x, y, 3, Math.max(1, Math.round(brush.size * 0.16)));
  },
  paving({ ctx, size }, look, row, col, x, y) {
    if (size < 8) return;
    const line = Math.max(1, Math.round(size * 0.045));
    const half = Math.round(size / 2);
    ctx.fillStyle = shade(look.ink, 1.06);
    ctx.fillRect(x, y, size, line);
    ctx.fillRect(x, y + half, size, line);
    ctx.fillRect(x + ((row + col) % 2 ? half : 0), y, line, half);
    ctx.fillRect(x + ((row + col) % 2 ? 0 : half), y + half, line, size - half);
  },
  floor({ ctx, size }, look, row, col, x, y) {
    if (size < 8) return;
    const line = Math.max(1, Math.round(size * 0.04));
    const third = size / 3;
    ctx.fillStyle = shade(look.ink, 1);
    for (let board = 0; board < 3; board += 1) {
      const top = Math.round(y + board * third);
      ctx.fillRect(x, top, size, line);
      if (cellNoise(row, col, board + 11) < 0.3) ctx.fillRect(x + Math.round(size * cellNoise(row, col, board + 14)), top, line, Math.round(third));
    }
  },
};
