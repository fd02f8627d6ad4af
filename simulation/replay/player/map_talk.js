/**
 * What people say and do at the moment, as the map shows it.
 */
import { shortText } from "./dom.js";
import { overlayColours } from "./map_palette.js";
import { createTaken } from "./map_people.js";
import { upperBound } from "./reel.js";

const TALK_SECONDS = 3.2;
const TALK_DOING = ["decided", "acted", "moved", "slept"];

/**
 * @param {ReturnType<import("./reel.js").createReel>} reel
 * @param {ReturnType<import("./parts.js").createParts>} parts
 * @param {ReturnType<import("./map_text.js").createTextStore>} texts
 */
export function createTalk(reel, parts, texts) {
  const room = createTaken();
  let key = "";
  /** @type {{event: number, agent: number, age: number}[]} newest first, one for each person */
  let spoken = [];
  /** @type {Map<number, string>} */
  let doing = new Map();

  return {
    get spoken() {
      return spoken;
    },
    /** Find what was said of late. @param {number} ticksASecond 0 when paused */
    prepare(tick, ticksASecond, version) {
      const back = ticksASecond > 0 ? Math.max(1, Math.min(30, Math.round(ticksASecond * TALK_SECONDS))) : 1;
      const wanted = `${tick}:${back}:${version}`;
      if (wanted === key) return;
      key = wanted;
      doing = new Map();
      spoken = [];
      const said = reel.eventsOfType("said");
      const end = upperBound(said, reel.countUpTo(tick) - 1);
      if (ticksASecond > 0) parts.line(Math.min(reel.count - 1, reel.countUpTo(tick + Math.ceil(ticksASecond * 4)))); // what comes next
      const oldest = reel.eventsIn(Math.max(0, tick - back))[0];
      const seen = new Set();
      for (let at = end - 1; at >= 0 && said[at] >= oldest && spoken.length < 60; at -= 1) {
        const agent = reel.agentOf(said[at]);
        if (agent < 0 || seen.has(agent)) continue;
        seen.add(agent);
        spoken.push({ event: said[at], agent, age: tick - reel.tickOf(said[at]) });
      }
    },
    /** What somebody is in the middle of, in a few words. */
    doing(agent, tick) {
      if (!doing.has(agent)) doing.set(agent, talkDoing(reel, parts, agent, tick));
      return doing.get(agent) ?? "";
    },
    /**
     * Draw bubbles above their speakers.
     * @param {CanvasRenderingContext2D} ctx in CSS pixels @param {{agent: number, x: number, y: number}[]} drawn
     */
    draw(ctx, drawn, { dpr, dark, radius, selected, camera, taken, most }) {
      const colours = overlayColours(dark);
      const at = new Map(drawn.map((one) => [one.agent, one]));
      const order = [...spoken].sort((one, two) => Number(two.agent === selected) - Number(one.agent === selected) || two.event - one.event);
      let shown = 0;
      room.reset();
      const chosen = at.get(selected);
      if (chosen) room.claim(chosen.x - radius, chosen.y - radius, radius * 2, radius * 2);
      for (const { event, agent } of order) {
        const speaker = at.get(agent);
        const line = speaker && parts.line(event);
        if (!line) continue;
        const hearer = at.get(line[4]);
        if (hearer) talkThread(ctx, speaker, hearer, colours);
        const words = line[5] ?? line[2];
        const picture = shown < most ? texts.bubble(words, colours, dpr, agent === selected) : null;
        const x = picture ? Math.max(2, Math.min(camera.width - picture.width - 2, speaker.x - picture.width / 2)) : 0;
        const y = picture ? Math.max(2, speaker.y - radius - picture.height - 1) : 0;
        if (picture && room.claim(x, y, picture.width, picture.height - 6, agent === selected)) {
          taken.claim(x, y, picture.width, picture.height - 6, true);
          ctx.drawImage(picture.canvas, Math.round(x * dpr) / dpr, Math.round(y * dpr) / dpr, picture.width, picture.height);
          shown += 1;
        } else if (radius >= 6) talkDots(ctx, speaker, radius, colours);
      }
    },
  };
}

/** A thin line from who speaks to who is spoken to. */
function talkThread(ctx, from, to, colours) {
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.quadraticCurveTo((from.x + to.x) / 2, (from.y + to.y) / 2 - 14, to.x, to.y);
  ctx.strokeStyle = colours.ring;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1.6;
  ctx.setLineDash([4, 4]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Where there is no room for words: that somebody speaks. */
function talkDots(ctx, speaker, radius, colours) {
  const x = speaker.x + radius * 0.8;
  const y = speaker.y - radius * 0.9;
  ctx.beginPath();
  ctx.roundRect(x - 8, y - 6, 16, 11, 5);
  ctx.fillStyle = colours.bubble;
  ctx.strokeStyle = colours.bubbleLine;
  ctx.lineWidth = 1;
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = colours.bubbleText;
  for (const shift of [-4, 0, 4]) ctx.fillRect(x + shift - 1, y - 1.5, 2, 2);
}

/** The newest choice, deed or walk as words without the name. */
function talkDoing(reel, parts, agent, tick) {
  const event = reel.lastOf(agent, tick, TALK_DOING, 40);
  if (event < 0) return "";
  const line = parts.line(event);
  if (!line) return "";
  const text = String(line[2] ?? "").slice(0, 300);
  const chosen = /^chooses to (.*?)(?: \([^()]*, of \d+\))?$/s.exec(text);
  return shortText(chosen ? chosen[1] : text, 34);
}
