/**
 * Walls with a lit top and a front, doors, and the shadow that they throw; in device pixels.
 */
import { cellNoise, shade } from "./map_palette.js";

const WALLS_TOP = shade([104, 93, 88], 1);
const WALLS_LIT = shade([104, 93, 88], 1.24);
const WALLS_DIM = shade([104, 93, 88], 0.82);
const WALLS_FRONT = shade([150, 128, 112], 1);
const WALLS_BRICK = shade([150, 128, 112], 0.9);
const WALLS_FOOT = shade([150, 128, 112], 0.8);

/** The shadow of a wall on the cell south or east of it. @param {import("./map_cells.js").Brush} brush */
export function drawShadow({ ctx, size, look }, row, col, x, y) {
  const here = look(row, col).name;
  if (here === "wall" || size < 4) return;
  if (look(row - 1, col).name === "wall") {
    ctx.fillStyle = "rgba(50,38,28,0.2)";
    ctx.fillRect(x, y, size, Math.round(size * 0.22));
    ctx.fillStyle = "rgba(50,38,28,0.1)";
    ctx.fillRect(x, y + Math.round(size * 0.22), size, Math.round(size * 0.16));
  }
  if (look(row, col - 1).name === "wall") {
    ctx.fillStyle = "rgba(50,38,28,0.13)";
    ctx.fillRect(x, y, Math.round(size * 0.16), size);
  }
}

/** A wall seen a little from the south. @param {import("./map_cells.js").Brush} brush */
export function drawWall({ ctx, size, look }, row, col, x, y) {
  if (look(row, col).name !== "wall") return;
  const wallAt = (down, right) => look(row + down, col + right).name === "wall";
  ctx.fillStyle = WALLS_TOP;
  ctx.fillRect(x, y, size, size);
  if (size < 5) return;
  const rim = Math.max(1, Math.round(size * 0.08));
  const front = wallAt(1, 0) ? 0 : Math.round(size * 0.46);
  if (front) {
    const top = y + size - front;
    ctx.fillStyle = WALLS_FRONT;
    ctx.fillRect(x, top, size, front);
    ctx.fillStyle = WALLS_FOOT;
    ctx.fillRect(x, y + size - rim, size, rim);
    if (size >= 12) {
      ctx.fillStyle = WALLS_BRICK;
      const line = Math.max(1, Math.round(size * 0.035));
      ctx.fillRect(x, top + Math.round(front / 2), size, line);
      ctx.fillRect(x + Math.round(size * (0.2 + cellNoise(row, col) * 0.2)), top, line, Math.round(front / 2));
      ctx.fillRect(x + Math.round(size * (0.6 + cellNoise(row, col, 1) * 0.2)), top + Math.round(front / 2), line, Math.round(front / 2));
    }
  }
  ctx.fillStyle = WALLS_LIT;
  if (!wallAt(-1, 0)) ctx.fillRect(x, y, size, rim);
  if (!wallAt(0, -1)) ctx.fillRect(x, y, rim, size - front);
  ctx.fillStyle = WALLS_DIM;
  if (!wallAt(0, 1)) ctx.fillRect(x + size - rim, y, rim, size - front);
}

/** A door that stands open, with its threshold. @param {import("./map_cells.js").Brush} brush */
export function drawDoor({ ctx, size, look }, row, col, x, y) {
  if (look(row, col).name !== "door" || size < 5) return;
  const inRow = look(row, col - 1).name === "wall" || look(row, col + 1).name === "wall";
  const jamb = Math.max(1, Math.round(size * 0.12));
  const leaf = Math.max(2, Math.round(size * 0.2));
  ctx.fillStyle = "rgba(70,48,30,0.22)";
  ctx.fillRect(x, y, size, size);
  ctx.fillStyle = "#8a5a36";
  if (inRow) {
    ctx.fillRect(x, y, jamb, size);
    ctx.fillRect(x + size - jamb, y, jamb, size);
    ctx.fillStyle = "#b07a4c";
    ctx.fillRect(x + jamb, y + Math.round(size * 0.36), leaf, size - Math.round(size * 0.36));
  } else {
    ctx.fillRect(x, y, size, jamb);
    ctx.fillRect(x, y + size - jamb, size, jamb);
    ctx.fillStyle = "#b07a4c";
    ctx.fillRect(x + Math.round(size * 0.2), y + jamb, size - Math.round(size * 0.2), leaf);
  }
}
