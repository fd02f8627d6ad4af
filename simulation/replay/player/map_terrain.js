/**
 * The ground of a grid, drawn once into tiles for each zoom and then only copied.
 */
import { safeText } from "./dom.js";
import { drawCell, drawTexture } from "./map_cells.js";
import { lookColours, overlayColours, shade } from "./map_palette.js";
import { drawDoor, drawShadow, drawWall } from "./map_walls.js";

const TERRAIN_TILE = 512;
const TERRAIN_MOST = 4096; // cells
const TERRAIN_KEPT = 26e6; // pixels
const TERRAIN_BEYOND = { name: "beyond", base: [222, 216, 196], ink: [198, 190, 166], soft: true };
const TERRAIN_STANDING = new Set(["wall", "floor", "door"]);

/**
 * @param {object} stage of kind grid
 */
export function createTerrain(stage) {
  const rows = Math.max(1, Math.min(TERRAIN_MOST, Number(stage.rows) || 1));
  const cols = Math.max(1, Math.min(TERRAIN_MOST, Number(stage.cols) || 1));
  const { looks, at } = terrainLooks(stage, rows, cols);
  const look = (row, col) => {
    const inside = row >= 0 && col >= 0 && row < rows && col < cols;
    const found = looks[at[Math.max(0, Math.min(rows - 1, row)) * cols + Math.max(0, Math.min(cols - 1, col))]];
    return !inside && TERRAIN_STANDING.has(found.name) ? TERRAIN_BEYOND : found; // the ground goes on beyond the edge
  };
  /** @type {Map<string, HTMLCanvasElement>} */
  const tiles = new Map();
  /** @type {Map<boolean, HTMLCanvasElement>} */
  const overviews = new Map();

  return {
    bounds: { left: 0, top: 0, right: cols, bottom: rows },
    rows,
    cols,
    /** Whether somebody can stand there, as far as looks tell. */
    open(row, col) {
      return row >= 0 && col >= 0 && row < rows && col < cols && looks[at[row * cols + col]].walkable;
    },
    /**
     * Draw what is seen; true when tiles are missing still and another frame should follow.
     * @param {CanvasRenderingContext2D} ctx in device pixels @param {ReturnType<import("./map_camera.js").createCamera>} camera
     * @param {number} until when to stop drawing new tiles (performance.now())
     */
    draw(ctx, camera, dark, until) {
      const { x: originX, y: originY, device } = camera.origin();
      const level = terrainLevel(device);
      const cells = Math.max(1, Math.min(level < 6 ? 64 : 32, Math.floor(TERRAIN_TILE / level)));
      const seen = camera.seen(0);
      const shown = [];
      let missing = false;
      for (let tileRow = Math.floor(seen.top / cells); tileRow * cells < seen.bottom; tileRow += 1)
        for (let tileCol = Math.floor(seen.left / cells); tileCol * cells < seen.right; tileCol += 1) {
          const key = `${level}:${dark ? 1 : 0}:${tileRow}:${tileCol}`;
          let tile = tiles.get(key);
          tiles.delete(key);
          if (!tile && performance.now() < until) tile = terrainTile(look, tileRow * cells, tileCol * cells, cells, level, dark);
          if (tile) {
            tiles.set(key, tile);
            shown.push({ tile, row: tileRow * cells, col: tileCol * cells });
          } else missing = true;
        }
      terrainTrim(tiles, shown.length);
      if (missing) {
        ctx.imageSmoothingEnabled = false;
        ctx.drawImage(terrainOverview(overviews, dark, looks, at, rows, cols), -originX, -originY, cols * device, rows * device);
      }
      ctx.imageSmoothingEnabled = device !== level;
      for (const { tile, row, col } of shown) {
        const left = Math.round(col * device) - originX;
        const top = Math.round(row * device) - originY;
        if (device === level) ctx.drawImage(tile, left, top);
        else {
          const right = Math.round((col + tile.width / level) * device) - originX;
          const bottom = Math.round((row + tile.height / level) * device) - originY;
          ctx.drawImage(tile, left, top, right - left, bottom - top);
        }
      }
      terrainBeyond(ctx, dark, -originX, -originY, Math.round(cols * device), Math.round(rows * device));
      return missing;
    },
    /** Forget drawn tiles. */
    clear() {
      tiles.clear();
    },
  };
}

/** Whole device pixels a cell for tiles: as large as shown, or a little larger. */
function terrainLevel(device) {
  if (device >= 3) return Math.ceil(device - 0.001);
  return Math.max(1, Math.ceil(device));
}

/** For each cell the number of its look. */
function terrainLooks(stage, rows, cols) {
  const looks = [];
  const numbers = new Map();
  const at = new Uint16Array(rows * cols);
  const legend = stage.legend ?? {};
  const ground = stage.ground ?? {};
  const numberOf = (glyph) => {
    const key = glyph ?? "";
    if (!numbers.has(key)) {
      const said = legend[key];
      const place = ground[key] ?? -1;
      const name = safeText(said?.look ?? (key === " " || !key ? "ground" : "ground"), 40);
      numbers.set(key, looks.length);
      const colours = lookColours(name, place);
      looks.push({ ...colours, walkable: said ? said.walkable !== false : true });
    }
    return numbers.get(key);
  };
  for (let row = 0; row < rows; row += 1) {
    const glyphs = Array.from(String(stage.plan?.[row] ?? ""));
    for (let col = 0; col < cols; col += 1) at[row * cols + col] = numberOf(glyphs[col]);
  }
  return { looks, at };
}

/** One pixel a cell; shown until tiles are ready. */
function terrainOverview(overviews, dark, looks, at, rows, cols) {
  const found = overviews.get(dark);
  if (found) return found;
  const canvas = document.createElement("canvas");
  canvas.width = cols;
  canvas.height = rows;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const pixels = ctx.createImageData(cols, rows);
  for (let cell = 0; cell < at.length; cell += 1) {
    const { base } = looks[at[cell]];
    pixels.data.set([base[0], base[1], base[2], 255], cell * 4);
  }
  ctx.putImageData(pixels, 0, 0);
  terrainDim(ctx, canvas, dark);
  overviews.set(dark, canvas);
  return canvas;
}

function terrainDim(ctx, canvas, dark) {
  const { dim } = overlayColours(dark);
  if (!dim) return;
  ctx.fillStyle = dim;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
}

/** The longest unused go, so that not too many pixels are kept. */
function terrainTrim(tiles, shown) {
  let pixels = 0;
  for (const tile of tiles.values()) pixels += tile.width * tile.height;
  for (const [key, tile] of tiles) {
    if (pixels <= TERRAIN_KEPT || tiles.size <= shown) return;
    tiles.delete(key);
    pixels -= tile.width * tile.height;
  }
}

/** What lies beyond the edge of the plan is paler. */
function terrainBeyond(ctx, dark, left, top, width, height) {
  const { width: right, height: bottom } = ctx.canvas;
  ctx.fillStyle = overlayColours(dark).beyond;
  const [x0, y0, x1, y1] = [Math.max(0, left), Math.max(0, top), Math.min(right, left + width), Math.min(bottom, top + height)];
  ctx.fillRect(0, 0, right, y0);
  ctx.fillRect(0, y1, right, bottom - y1);
  ctx.fillRect(0, y0, x0, y1 - y0);
  ctx.fillRect(x1, y0, right - x1, y1 - y0);
}

/** Draw the cells of one tile, ground first, then shadows, then what stands. */
function terrainTile(look, row0, col0, cells, size, dark) {
  const canvas = document.createElement("canvas");
  canvas.width = cells * size;
  canvas.height = cells * size;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  ctx.fillStyle = shade([222, 216, 196], 1);
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.lineCap = "round";
  const brush = { ctx, size, look };
  for (const draw of [drawCell, drawTexture, drawShadow, drawWall, drawDoor])
    for (let row = -1; row <= cells; row += 1)
      for (let col = -1; col <= cells; col += 1) draw(brush, row0 + row, col0 + col, col * size, row * size);
  terrainDim(ctx, canvas, dark);
  return canvas;
}
