/**
 * Names of rooms and of things, and the light in rooms at night.
 */
import { safeText, shortText } from "./dom.js";
import { overlayColours, textHash } from "./map_palette.js";

const SIGNS_THINGS_FROM = 22;
const SIGNS_MARKS_FROM = 15;

/**
 * @param {object} stage
 * @param {{at?: {x: number, y: number, name: string}[], radius?: number}} ground
 * @param {ReturnType<import("./map_text.js").createTextStore>} texts
 */
export function createSigns(stage, ground, texts) {
  const places = (stage.places ?? []).map((place, index) => signPlace(place, ground.at?.[index], ground.radius ?? 0)).filter(Boolean);
  const things = (stage.things ?? []).filter((thing) => Array.isArray(thing.cell)).slice(0, 4000);

  const put = (ctx, picture, x, y, dpr) =>
    ctx.drawImage(picture.canvas, Math.round((x - picture.width / 2) * dpr) / dpr, Math.round((y - picture.height / 2) * dpr) / dpr, picture.width, picture.height);

  return {
    /** Names of places, where they fit and nothing else stands. @param {CanvasRenderingContext2D} ctx in CSS pixels */
    places(ctx, camera, dpr, dark, claim) {
      const colours = overlayColours(dark);
      for (const place of places) {
        const x = camera.toScreenX(place.x);
        const y = camera.toScreenY(place.y);
        if (x < -100 || y < -20 || x > camera.width + 100 || y > camera.height + 20) continue;
        const size = camera.scale >= 26 ? 15 : camera.scale >= 12 ? 13 : 11;
        const wide = place.width * camera.scale;
        const fits = place.name.length * size * 0.56 <= wide;
        const picture = texts.label(fits || place.below ? place.name : place.lines, { size, weight: 600, colour: colours.label, halo: colours.halo, dpr });
        if (picture.width > Math.max(wide * 1.25, 44) && !place.below && camera.scale < 20) continue;
        if (place.below && camera.scale < 4) continue;
        const top = signSpots(place, y, picture.height, camera.scale).find((spot) => claim(x - picture.width / 2, spot - picture.height / 2, picture.width, picture.height - 2));
        if (top === undefined) continue;
        ctx.globalAlpha = 0.86;
        put(ctx, picture, x, top, dpr);
        ctx.globalAlpha = 1;
      }
    },
    /** Marks of things, and their names when near. */
    things(ctx, camera, dpr, dark, taken) {
      if (camera.scale < SIGNS_MARKS_FROM) return;
      const colours = overlayColours(dark);
      for (const thing of things) {
        const x = camera.toScreenX(thing.cell[1] + 0.5);
        const y = camera.toScreenY(thing.cell[0] + 0.5);
        if (x < -60 || y < -20 || x > camera.width + 60 || y > camera.height + 20) continue;
        const size = Math.round(Math.max(6, Math.min(26, camera.scale * 0.62)));
        const mark = safeText(thing.mark, 16);
        if (mark) put(ctx, texts.label(mark, { size, colour: colours.label, halo: "rgba(0,0,0,0)", dpr }), x, y, dpr);
        else signBox(ctx, x, y, size, thing, dpr);
        if (camera.scale < SIGNS_THINGS_FROM) continue;
        const name = texts.label(shortText(thing.name || thing.id, 26), { size: 11, weight: 450, colour: colours.label, halo: colours.halo, dpr });
        if (taken.claim(x - name.width / 2, y + size * 0.6, name.width, name.height - 2)) put(ctx, name, x, y + size * 0.6 + name.height / 2, dpr);
      }
    },
    /** Warm light in the rooms where somebody is, at night. */
    lights(ctx, camera, strength, occupied) {
      if (stage.kind === "network" || strength <= 0) return;
      ctx.fillStyle = `rgba(255,205,125,${(0.3 * strength).toFixed(3)})`;
      for (const index of occupied) {
        const place = stage.places?.[index];
        if (!place?.inside || !place.box) continue;
        const [row0, col0, row1, col1] = place.box;
        const x = camera.toScreenX(col0);
        const y = camera.toScreenY(row0);
        ctx.fillRect(x, y, (col1 - col0 + 1) * camera.scale, (row1 - row0 + 1) * camera.scale);
      }
    },
  };
}

function signPlace(place, node, radius) {
  const name = shortText(place.name || place.id, 30).replace(/^the /, "");
  if (!name) return null;
  if (node) return { name, x: node.x, y: node.y, width: 12, below: radius };
  if (!place.box) return null;
  const [row0, col0, row1, col1] = place.box;
  const width = col1 - col0 + 1;
  const lines = signLines(name);
  if (place.inside || !place.label) return { name, lines, x: (col0 + col1 + 1) / 2, y: place.inside ? row0 + 0.15 : (row0 + row1 + 1) / 2, width, height: row1 - row0 + 1, inside: place.inside };
  return { name, lines, x: place.label[1] + 0.5, y: place.label[0] + 0.5, width };
}

/** Where the name of a place may stand, best first: the middle of the text. */
function signSpots(place, y, height, scale) {
  if (place.below) return [y + place.below * scale + height / 2];
  if (!place.inside) return [y, y - height * 1.4, y + height * 1.4];
  const bottom = y + (place.height - 0.3) * scale - height / 2;
  return [y + height / 2, bottom, y - scale * 0.15 - height / 2];
}

/** A name in two lines, parted at the space nearest to its middle. */
function signLines(name) {
  const spaces = [...name.matchAll(/ /g)].map((found) => found.index);
  if (!spaces.length) return name;
  const best = spaces.reduce((one, two) => (Math.abs(two - name.length / 2) < Math.abs(one - name.length / 2) ? two : one));
  return `${name.slice(0, best)}\n${name.slice(best + 1)}`;
}

/** A thing without a mark: a small crate in a colour of its own. */
function signBox(ctx, x, y, size, thing) {
  const hue = textHash(String(thing.id ?? "")) % 360;
  const half = Math.max(3, Math.min(10, size * 0.36));
  ctx.fillStyle = `hsl(${hue} 30% 58%)`;
  ctx.strokeStyle = `hsl(${hue} 32% 34%)`;
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  ctx.roundRect(x - half, y - half * 0.8, half * 2, half * 1.6, 2);
  ctx.fill();
  ctx.stroke();
}
