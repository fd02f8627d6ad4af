/**
 * People on the map: discs with initials or an emoji, names, rings, trails.
 */
import { safeText, shortText } from "./dom.js";
import { agentColour, overlayColours } from "./map_palette.js";
import { MAP_FONT, textPicture } from "./map_text.js";

/** Discs that are smaller have no letters. */
const PEOPLE_LETTERS_FROM = 7.5;

/**
 * How large discs are, in CSS pixels: larger when near, smaller when there are many.
 * @param {number} scale CSS pixels a cell @param {number} many people
 */
export function discRadius(scale, many) {
  const least = many <= 30 ? 11 : many <= 80 ? 9 : many <= 250 ? 6 : many <= 600 ? 4.5 : 3.5;
  return Math.round(Math.max(least, Math.min(26, scale * 0.62)) * 2) / 2;
}

/**
 * @param {ReturnType<import("./reel.js").createReel>} reel
 * @param {ReturnType<import("./map_text.js").createTextStore>} texts
 */
export function createPeople(reel, texts) {
  const out = [0, 0];
  /** Where each was drawn: agent, x, y in CSS pixels. @type {{agent: number, x: number, y: number}[]} */
  let drawn = [];
  let radius = 11;

  const people = {
    get drawn() {
      return drawn;
    },
    get radius() {
      return radius;
    },
    /**
     * Find who is seen and where; before anything is drawn.
     * @param {any} walk @param {number} along @param {any} camera
     */
    place(walk, along, camera, selected) {
      drawn = [];
      radius = discRadius(camera.scale, reel.cast.length);
      const margin = radius * 2 + 40;
      for (let agent = 0; agent < reel.cast.length; agent += 1) {
        if (!walk.at(agent, along, out)) continue;
        const x = camera.toScreenX(out[0]);
        const y = camera.toScreenY(out[1]);
        if (x > -margin && y > -margin && x < camera.width + margin && y < camera.height + margin) drawn.push({ agent, x, y });
      }
      if (drawn.length <= 400) drawn.sort((one, two) => one.y - two.y || one.agent - two.agent);
      const chosen = drawn.findIndex((one) => one.agent === selected);
      if (chosen >= 0) drawn.push(...drawn.splice(chosen, 1));
      return drawn;
    },
    /** Draw discs. @param {CanvasRenderingContext2D} ctx in CSS pixels */
    draw(ctx, dpr, dark, selected, asleep) {
      const colours = overlayColours(dark);
      for (const { agent, x, y } of drawn) {
        const picture = people.picture(agent, dpr, dark);
        const half = picture.width / 2;
        if (asleep(agent)) ctx.globalAlpha = 0.62;
        ctx.drawImage(picture.canvas, Math.round((x - half) * dpr) / dpr, Math.round((y - half) * dpr) / dpr, picture.width, picture.height);
        ctx.globalAlpha = 1;
        if (agent === selected) peopleRing(ctx, x, y, radius, colours);
      }
    },
    /** The disc of somebody. */
    picture(agent, dpr, dark) {
      const person = reel.cast[agent];
      const whose = radius < PEOPLE_LETTERS_FROM ? `${Math.round((Number(person.hue) || 0) / 6)}:${person.mark ? 1 : 0}` : agent;
      return texts.keep(`d:${whose}:${radius}:${dpr}:${dark ? 1 : 0}`, () => peopleDisc(person, radius, dpr, dark));
    },
    /** Draw names, and what people do, where there is room. Returns boxes that are taken. */
    names(ctx, { dpr, dark, selected, doing, show, taken, width }) {
      const colours = overlayColours(dark);
      const few = drawn.length <= 60 || radius >= 11;
      const order = [...drawn].reverse();
      for (const { agent, x, y } of order) {
        if (agent !== selected && !(show && few)) continue;
        const size = radius >= 15 ? 13 : 12;
        const name = texts.label(shortText(reel.agentName(agent), 22), { size, weight: 650, colour: colours.label, halo: colours.halo, dpr });
        const top = y + radius + 1;
        const put = (picture, y0) => {
          const x0 = x > 0 && x < width ? Math.max(2, Math.min(width - picture.width - 2, x - picture.width / 2)) : x - picture.width / 2;
          if (!taken.claim(x0, y0, picture.width, picture.height - 3, agent === selected)) return false;
          ctx.drawImage(picture.canvas, Math.round(x0 * dpr) / dpr, Math.round(y0 * dpr) / dpr, picture.width, picture.height);
          return true;
        };
        if (!put(name, top)) {
          put(name, y - radius - name.height + 2);
          continue;
        }
        const act = doing(agent);
        if (!act) continue;
        const line = texts.label(act, { size: 11, weight: 450, colour: colours.label, halo: colours.halo, dpr, italic: true });
        put(line, top + name.height - 3);
      }
    },
    /** Who is at a point of the canvas; -1: nobody. */
    hit(x, y, touch) {
      let best = -1;
      let nearest = Math.max(radius, touch ? 20 : 8) ** 2;
      for (const one of drawn) {
        const apart = (one.x - x) ** 2 + (one.y - y) ** 2;
        if (apart <= nearest) [best, nearest] = [one.agent, apart];
      }
      return best;
    },
    /** The way that somebody came. */
    trail(ctx, points, camera, colour) {
      if (points.length < 2) return;
      ctx.lineWidth = Math.max(2, radius * 0.24);
      ctx.lineJoin = "round";
      ctx.lineCap = "round";
      ctx.strokeStyle = colour;
      for (let number = 1; number < points.length; number += 1) {
        ctx.globalAlpha = 0.1 + (0.6 * number) / points.length;
        ctx.beginPath();
        ctx.moveTo(camera.toScreenX(points[number - 1][0]), camera.toScreenY(points[number - 1][1]));
        ctx.lineTo(camera.toScreenX(points[number][0]), camera.toScreenY(points[number][1]));
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
    },
    colour: (agent) => agentColour(reel.cast[agent]?.hue),
  };
  return people;
}

function peopleRing(ctx, x, y, radius, colours) {
  for (const [width, colour, far] of [[6, colours.ringOuter, 3.4], [3, colours.ring, 3.4]]) {
    ctx.beginPath();
    ctx.arc(x, y, radius + far, 0, Math.PI * 2);
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
}

/** A disc with a shadow, a rim, and initials or an emoji. */
function peopleDisc(person, radius, dpr, dark) {
  const side = Math.ceil(radius * 2 + 8);
  return textPicture(side, side, dpr, (ctx) => peopleDrawn(ctx, person, radius, side / 2, dark));
}

function peopleDrawn(ctx, person, radius, middle, dark) {
  const colour = agentColour(person?.hue);
  const mark = safeText(person?.mark, 16);
  ctx.beginPath();
  ctx.arc(middle, middle + 1.2, radius + 0.6, 0, Math.PI * 2);
  ctx.fillStyle = "rgba(20,16,12,0.28)";
  ctx.fill();
  ctx.beginPath();
  ctx.arc(middle, middle, radius, 0, Math.PI * 2);
  ctx.fillStyle = mark ? (dark ? "#f3efe6" : "#fffdf8") : colour;
  ctx.fill();
  ctx.lineWidth = radius > 7 ? 2 : 1;
  ctx.strokeStyle = mark ? colour : "#ffffff";
  ctx.beginPath();
  ctx.arc(middle, middle, radius - ctx.lineWidth / 2, 0, Math.PI * 2);
  ctx.stroke();
  if (radius >= PEOPLE_LETTERS_FROM) {
    const text = mark || shortText(person?.initials || person?.name || person?.id || "?", 2);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = mark ? "#1d1f24" : "#ffffff";
    ctx.font = `${mark ? 400 : 700} ${Math.round(radius * (mark ? 1.15 : 0.86))}px ${MAP_FONT}`;
    ctx.fillText(text, middle, middle + radius * 0.06, radius * 1.7);
  }
}

/** Boxes that are taken, so that texts do not lie over each other. */
export function createTaken() {
  /** @type {number[][]} */
  let boxes = [];
  return {
    reset() {
      boxes = [];
    },
    /** Take a box if it is free. */
    claim(x, y, width, height, force = false) {
      if (!force) for (const box of boxes) if (x < box[2] && x + width > box[0] && y < box[3] && y + height > box[1]) return false;
      boxes.push([x, y, x + width, y + height]);
      return true;
    },
  };
}
