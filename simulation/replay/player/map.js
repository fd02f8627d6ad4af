/**
 * The map: what is where at the moment, drawn on one canvas only when something has changed.
 */
import { button, el, icon, shortText } from "./dom.js";
import { createCamera } from "./map_camera.js";
import { listenToMap } from "./map_input.js";
import { createNetwork } from "./map_network.js";
import { daylight, overlayColours } from "./map_palette.js";
import { createPeople, createTaken } from "./map_people.js";
import { createSigns } from "./map_signs.js";
import { createTalk } from "./map_talk.js";
import { createTerrain } from "./map_terrain.js";
import { createTextStore } from "./map_text.js";
import { createWalk } from "./map_walk.js";

const MAP_MOST_SCALE = 96;
const MAP_FOLLOW_SCALE = 22;
const MAP_TILE_MILLISECONDS = 9;

/**
 * @param {object} given
 * @param {ReturnType<import("./reel.js").createReel>} given.reel
 * @param {ReturnType<import("./parts.js").createParts>} given.parts
 * @param {ReturnType<import("./state.js").createStore>} given.store
 * @param {number} given.side which reel it is
 * @param {{along: number, rate: number}} given.clock
 * @param {(agent: number) => void} given.pick somebody was clicked, -1: nobody
 * @param {() => void} given.wake ask for a frame
 * @param {boolean} given.gentle the wheel zooms only with the focus on the map
 * @param {any[]} given.others the reels of all maps
 * @param {(camera: any) => void} given.steered somebody moved or zoomed this map
 */
export function createMap({ reel, parts, store, side, clock, pick, wake, gentle, others, steered }) {
  const ground = reel.stage.kind === "network" ? createNetwork(reel.stage) : createTerrain(reel.stage);
  const camera = createCamera(ground.bounds, { most: MAP_MOST_SCALE });
  const texts = createTextStore();
  const walk = createWalk(reel, ground);
  const people = createPeople(reel, texts);
  const talk = createTalk(reel, parts, texts);
  const signs = createSigns(reel.stage, ground, texts);
  const taken = createTaken();
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { class: "sp-map-canvas", tabindex: "0", role: "img", "aria-label": "Map" }));
  const tip = el("div", { class: "sp-map-tip", hidden: true });
  const element = el("div", { class: "sp-map" }, canvas, tip);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const still = window.matchMedia?.("(prefers-reduced-motion: reduce)");
  let dirty = true;

  const touched = () => {
    dirty = true;
    wake();
  };
  /** What zooming keeps where it is: the selected resident if they are seen, else the middle. */
  const centre = () => {
    const one = people.drawn.find(({ agent }) => agent === chosen(store.state));
    const seen = one && one.x > 0 && one.y > 0 && one.x < camera.width && one.y < camera.height;
    return seen ? [one.x, one.y] : [camera.width / 2, camera.height / 2];
  };
  const tools = el("div", { class: "sp-map-tools", role: "group", "aria-label": "Map view" },
    button("Zoom in", () => { camera.zoomAt(...centre(), 1.35, true); steered(camera); touched(); }, { icon: icon("M8 3v10M3 8h10") }),
    button("Zoom out", () => { camera.zoomAt(...centre(), 1 / 1.35, true); steered(camera); touched(); }, { icon: icon("M3 8h10") }),
    button("See everything", () => { camera.fit(true); store.set({ follow: false }); steered(camera); touched(); }, { icon: icon("M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3"), key: "0" }));
  element.append(tools);
  const deaf = listenToMap(canvas, camera, {
    gentle,
    moved: () => { steered(camera); touched(); },
    dragged: () => { if (store.state.follow) store.set({ follow: false }); },
    tapped: (x, y, touch) => pick(people.hit(x, y, touch)),
    hovered: (x, y) => mapHover(canvas, tip, people.hit(x, y, false), reel, x, y, camera),
  });
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  const sized = () => {
    const box = element.getBoundingClientRect();
    const dpr = Math.min(3, window.devicePixelRatio || 1);
    if (box.width < 2 || box.height < 2) return;
    if (camera.resize(box.width, box.height, dpr) || canvas.width !== Math.round(box.width * dpr)) {
      canvas.width = Math.round(box.width * dpr);
      canvas.height = Math.round(box.height * dpr);
      touched();
    }
  };
  const watcher = new ResizeObserver(sized);
  watcher.observe(element);

  /** The selected resident as this reel numbers them; -1: nobody, or not here. */
  const chosen = (state) => {
    if (state.side === side || state.agent < 0) return state.agent;
    return reel.agentIndex.get(others[state.side]?.cast[state.agent]?.id) ?? -1;
  };
  const asleepAt = (tick) => (agent) => /^(sleep|go to bed|lie down)/.test(talk.doing(agent, tick));

  function follow(state, along) {
    const agent = state.follow ? chosen(state) : -1;
    const out = [0, 0];
    if (agent < 0 || !walk.at(agent, along, out)) return;
    const scale = camera.goal?.scale ?? camera.scale;
    const wanted = camera.fitted ? Math.max(scale, camera.snap(MAP_FOLLOW_SCALE)) : scale;
    camera.fitted = false;
    camera.go({ x: out[0], y: out[1], scale: wanted }, !still?.matches && (wanted !== camera.scale || Math.hypot(out[0] - camera.x, out[1] - camera.y) > 1.5));
  }

  function paint(state, along, dark) {
    const { dpr } = camera;
    const selected = chosen(state);
    const colours = overlayColours(dark);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = colours.void;
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    const missing = ground.draw(ctx, camera, dark, performance.now() + MAP_TILE_MILLISECONDS);
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    const drawn = people.place(walk, along, camera, selected);
    if (state.night && reel.stage.kind !== "network") mapLight(ctx, camera, signs, reel, drawn, state.tick + along);
    if (selected >= 0) people.trail(ctx, walk.trail(selected, state.tick, 24), camera, people.colour(selected));
    taken.reset();
    signs.things(ctx, camera, dpr, dark, taken);
    if (drawn.length <= 120) for (const { x, y } of drawn) taken.claim(x - people.radius * 0.5, y - people.radius * 0.55, people.radius, people.radius * 1.1, true);
    people.draw(ctx, dpr, dark, selected, drawn.length <= 60 ? asleepAt(state.tick) : () => false);
    if (state.bubbles) talk.draw(ctx, drawn, { dpr, dark, radius: people.radius, selected, camera, taken, most: camera.width < 500 || camera.scale < 6 ? 5 : 12 });
    const near = drawn.length <= 40 && camera.scale >= 10;
    people.names(ctx, {
      dpr, dark, selected, taken, show: state.names, width: camera.width,
      doing: (agent) => (state.activity && (agent === selected || near) ? talk.doing(agent, state.tick) : ""),
    });
    if (state.names) signs.places(ctx, camera, dpr, dark, taken.claim);
    return missing;
  }

  return {
    element,
    canvas,
    camera,
    people,
    /** Something has changed. */
    touch: touched,
    /** One frame. True: another should follow. @param {boolean} dark @param {number} milliseconds since the last */
    frame(dark, milliseconds) {
      const { state } = store;
      const moving = camera.step(still?.matches ? 1000 : milliseconds);
      if (!dirty && !moving && clock.rate === 0) return false;
      dirty = false;
      const along = still?.matches ? 0 : clock.along;
      const tick = Math.min(state.tick, reel.last);
      const apart = Math.round(((people.radius * 1.75) / camera.scale) * 8) / 8;
      walk.prepare(tick, apart);
      talk.prepare(tick, clock.rate, `${state.loaded}:${state.grown}`);
      follow(state, along);
      if (paint({ ...state, tick }, along, dark)) dirty = true;
      return dirty || Boolean(camera.goal);
    },
    /** Another look of the page. */
    repaint() {
      texts.clear();
      touched();
    },
    /** See the same part as another map of the same size. */
    mirror(other) {
      const { bounds } = ground;
      if (bounds.right !== other.bounds.right || bounds.bottom !== other.bounds.bottom) return;
      camera.fitted = other.fitted;
      camera.go(other.goal ?? other, Boolean(other.goal));
      touched();
    },
    /** Bring somebody into view. */
    show(agent) {
      const out = [0, 0];
      if (agent < 0 || !walk.at(agent, clock.along, out)) return;
      const seen = camera.seen(-2);
      if (out[0] < seen.left || out[0] > seen.right || out[1] < seen.top || out[1] > seen.bottom) camera.go({ x: out[0], y: out[1] }, true);
      touched();
    },
    resize: sized,
    destroy() {
      watcher.disconnect();
      deaf();
      texts.clear();
      ground.clear();
    },
  };
}

/** The light of the hour over the map, and lamps. */
function mapLight(ctx, camera, signs, reel, drawn, tick) {
  const light = daylight(reel.minuteOfDay(tick));
  if (light.alpha <= 0.004) return;
  ctx.fillStyle = light.colour;
  ctx.fillRect(0, 0, camera.width, camera.height);
  if (light.night <= 0 || drawn.length > 300) return;
  const occupied = new Set();
  for (const { x, y } of drawn) {
    const world = camera.toWorld(x, y);
    occupied.add(reel.placeAt(Math.floor(world.y), Math.floor(world.x)));
  }
  signs.lights(ctx, camera, light.night, occupied);
}

/** Who is under the pointer. */
function mapHover(canvas, tip, agent, reel, x, y, camera) {
  canvas.classList.toggle("sp-over", agent >= 0);
  tip.hidden = agent < 0;
  if (agent < 0) return;
  const person = reel.cast[agent];
  tip.textContent = [reel.agentName(agent), shortText(person.occupation, 40)].filter(Boolean).join(", ");
  tip.style.left = `${Math.max(0, Math.min(camera.width - 140, x + 12))}px`;
  tip.style.top = `${y + 14}px`;
}
