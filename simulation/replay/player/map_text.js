/**
 * Text on a canvas: drawn once into small pictures, then copied; cut before it is measured.
 */
import { safeText, shortText } from "./dom.js";

export const MAP_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Color Emoji", sans-serif';
const TEXT_KEPT = 1500;
/** One canvas on which every picture is drawn; a picture of its own for each would take a millisecond. */
let textScratch = null;

/**
 * Small pictures of text. Sizes are CSS pixels; pictures are drawn for a ratio of device pixels.
 */
export function createTextStore() {
  /** @type {Map<string, {canvas: CanvasImageSource, width: number, height: number}>} */
  const held = new Map();
  const measure = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

  function keep(key, make) {
    let found = held.get(key);
    if (found) {
      held.delete(key);
      held.set(key, found);
      return found;
    }
    found = make();
    held.set(key, found);
    if (held.size > TEXT_KEPT) {
      const [oldest, picture] = held.entries().next().value;
      picture.canvas.close?.();
      held.delete(oldest);
    }
    return found;
  }

  const store = {
    measure,
    keep,
    clear() {
      for (const picture of held.values()) picture.canvas.close?.();
      held.clear();
    },
    /**
     * A line or a few with a halo. @param {string} text safe and short already; `\n` parts lines
     * @param {{size: number, weight?: number, colour: string, halo: string, dpr: number, italic?: boolean}} how
     */
    label(text, how) {
      return keep(`l:${how.size}:${how.weight}:${how.colour}:${how.dpr}:${how.italic ? 1 : 0}:${text}`, () => {
        const font = `${how.italic ? "italic " : ""}${how.weight ?? 500} ${how.size}px ${MAP_FONT}`;
        measure.font = font;
        const lines = text.split("\n");
        const width = Math.min(400, Math.ceil(Math.max(...lines.map((line) => measure.measureText(line).width)))) + 8;
        const height = Math.ceil(how.size * (1.5 + (lines.length - 1) * 1.12));
        return textPicture(width, height, how.dpr, (ctx) => {
          ctx.font = font;
          ctx.textAlign = "center";
          ctx.textBaseline = "middle";
          ctx.lineJoin = "round";
          ctx.lineWidth = Math.max(2.5, how.size * 0.26);
          ctx.strokeStyle = how.halo;
          ctx.fillStyle = how.colour;
          const lineY = (number) => height / 2 + (number - (lines.length - 1) / 2) * how.size * 1.12;
          lines.forEach((line, number) => ctx.strokeText(line, width / 2, lineY(number), 400));
          lines.forEach((line, number) => ctx.fillText(line, width / 2, lineY(number), 400));
        });
      });
    },
    /**
     * A speech bubble with its tail below. @param {string} words anything
     * @param {{bubble: string, bubbleText: string, bubbleLine: string}} colours
     */
    bubble(words, colours, dpr, strong) {
      return keep(`b:${dpr}:${colours.bubble}:${strong ? 1 : 0}:${words.length}:${words.slice(0, 240)}`, () => {
        const size = 12.5;
        const font = `${size}px ${MAP_FONT}`;
        measure.font = font;
        const lines = wrapText(words, 176, 3, (text) => measure.measureText(text).width);
        const width = Math.ceil(Math.max(24, ...lines.map((line) => measure.measureText(line).width))) + 18;
        const body = Math.ceil(lines.length * size * 1.28) + 11;
        const height = body + 8;
        return textPicture(width, height, dpr, (ctx) => {
          textBubble(ctx, width, body, colours, strong);
          ctx.font = font;
          ctx.textAlign = "center";
          ctx.textBaseline = "middle";
          ctx.fillStyle = colours.bubbleText;
          lines.forEach((line, number) => ctx.fillText(line, width / 2, 6 + size * 1.28 * (number + 0.5), width));
        });
      });
    },
  };
  return store;
}

/**
 * A picture of so many CSS pixels.
 * @param {number} width @param {number} height @param {number} dpr @param {(ctx: CanvasRenderingContext2D) => void} draw
 */
export function textPicture(width, height, dpr, draw) {
  const bitmaps = typeof OffscreenCanvas === "function";
  const canvas = bitmaps ? (textScratch ??= new OffscreenCanvas(8, 8)) : document.createElement("canvas");
  canvas.width = Math.max(1, Math.ceil(width * dpr));
  canvas.height = Math.max(1, Math.ceil(height * dpr));
  const ctx = /** @type {any} */ (canvas.getContext("2d"));
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  draw(ctx);
  return { canvas: bitmaps ? canvas.transferToImageBitmap() : canvas, width: canvas.width / dpr, height: canvas.height / dpr };
}

function textBubble(ctx, width, body, colours, strong) {
  const middle = width / 2;
  ctx.beginPath();
  ctx.roundRect(1, 1, width - 2, body - 2, 9);
  ctx.fillStyle = colours.bubble;
  ctx.strokeStyle = strong ? colours.ring : colours.bubbleLine;
  ctx.lineWidth = strong ? 1.6 : 1;
  ctx.fill();
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(middle - 5, body - 1.6);
  ctx.lineTo(middle, body + 6);
  ctx.lineTo(middle + 5, body - 1.6);
  ctx.fill();
  ctx.beginPath();
  ctx.moveTo(middle - 5, body - 1);
  ctx.lineTo(middle, body + 6);
  ctx.lineTo(middle + 5, body - 1);
  ctx.stroke();
}

/**
 * Words in lines no wider than so much; a word that is too long is broken; what is left over is cut with an ellipsis.
 * @param {string} words @param {number} width @param {number} most lines @param {(text: string) => number} measure
 */
export function wrapText(words, width, most, measure) {
  const lines = [];
  let line = "";
  let left = shortText(words, 160);
  while (left) {
    const [word] = /^\S+\s*|^\s+/.exec(left) ?? [left];
    const trial = line + word;
    if (measure(trial.trimEnd()) <= width) {
      line = trial;
      left = left.slice(word.length);
      continue;
    }
    if (!line) {
      const letters = Array.from(word);
      let fits = letters.length;
      while (fits > 1 && measure(letters.slice(0, fits).join("")) > width) fits -= 1;
      line = letters.slice(0, fits).join("");
      left = left.slice(line.length);
    }
    lines.push(line.trimEnd());
    line = "";
    if (lines.length === most) break;
  }
  if (line && lines.length < most) lines.push(line.trimEnd());
  else if (left.trim() && lines.length) {
    let last = `${lines[lines.length - 1]}…`;
    while (last.length > 2 && measure(last) > width) last = `${Array.from(last).slice(0, -2).join("")}…`;
    lines[lines.length - 1] = last;
  }
  return lines.length ? lines : [safeText(words, 1) || "…"];
}
