/**
 * The colours of the map. Calm, and told apart by lightness too, not by hue alone.
 */

/** Base colours by look, and what is drawn upon them. */
const PALETTE_LOOKS = {
  grass: { base: [196, 213, 162], ink: [140, 170, 106], soft: true },
  growth: { base: [169, 196, 138], ink: [111, 150, 88], soft: true },
  water: { base: [137, 184, 209], ink: [186, 219, 234], soft: true },
  sand: { base: [233, 217, 176], ink: [206, 184, 136], soft: true },
  path: { base: [224, 209, 178], ink: [198, 179, 143], soft: true },
  paving: { base: [217, 211, 200], ink: [190, 182, 169], soft: true },
  ground: { base: [222, 216, 196], ink: [198, 190, 166], soft: true },
  rock: { base: [176, 174, 170], ink: [143, 141, 138], soft: true },
  floor: { base: [226, 204, 170], ink: [203, 178, 141], soft: false },
  door: { base: [214, 188, 150], ink: [126, 84, 50], soft: false },
  wall: { base: [92, 84, 84], ink: [120, 110, 107], soft: false },
};
/** Other words for the same looks. */
const PALETTE_SAME = {
  lawn: "grass", meadow: "grass", field: "grass", tree: "growth", bush: "growth", forest: "growth", sea: "water",
  river: "water", beach: "sand", road: "path", street: "path", stone: "paving", pavement: "paving", earth: "ground", plain: "ground",
  mountain: "rock", cliff: "rock", indoors: "floor", room: "floor", wood: "floor",
};
/** Floors of rooms: boards, tiles and rugs. */
const PALETTE_FLOORS = [
  [227, 203, 166], [222, 208, 186], [217, 196, 170], [214, 205, 192], [231, 211, 178], [208, 199, 181], [223, 196, 165], [212, 209, 198],
];

/** A colour with its parts times a factor. @param {number[]} rgb @param {number} by */
export function shade(rgb, by) {
  return `rgb(${rgb.map((part) => Math.max(0, Math.min(255, Math.round(part * by)))).join(",")})`;
}

/** The same number for the same place, from 0 to 1. */
export function cellNoise(row, col, salt = 0) {
  let hash = (row * 374761393 + col * 668265263 + salt * 2147483647) | 0;
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** A number for a text. @param {string} text */
export function textHash(text) {
  let hash = 2166136261;
  for (let at = 0; at < Math.min(text.length, 200); at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return hash >>> 0;
}

/**
 * How a look is drawn. Unknown looks get a quiet colour of their own.
 * @param {string} look @param {number} place index, for floors
 */
export function lookColours(look, place = -1) {
  const name = PALETTE_LOOKS[look] ? look : PALETTE_SAME[look];
  if (name === "floor" && place >= 0) {
    const base = PALETTE_FLOORS[place % PALETTE_FLOORS.length];
    return { name: "floor", base, ink: base.map((part) => part * 0.9), soft: false };
  }
  if (name) return { name, ...PALETTE_LOOKS[name] };
  const hash = textHash(look || "ground");
  const base = [200 + (hash & 15), 198 + ((hash >> 4) & 15), 186 + ((hash >> 8) & 15)];
  return { name: "other", base, ink: base.map((part) => part * 0.9), soft: true };
}

/** Colours of what lies over the ground, in a light or a dark page. */
export function overlayColours(dark) {
  return dark
    ? { dim: "rgba(14,18,30,0.34)", label: "#f4efe4", halo: "rgba(20,18,16,0.72)", bubble: "#22262f", bubbleText: "#eef0f4", bubbleLine: "#565f70",
        ring: "#8ab4ff", ringOuter: "#0e1116", void: "#12151b", beyond: "rgba(18,21,27,0.3)", faint: "rgba(255,255,255,0.5)", node: "#2b313d", edge: "#4a5364", nodeLine: "#76829a" }
    : { dim: "", label: "#2e2a25", halo: "rgba(255,253,247,0.82)", bubble: "#fffefa", bubbleText: "#22252b", bubbleLine: "#8d8677",
        ring: "#1c5fd0", ringOuter: "#ffffff", void: "#e9e6dd", beyond: "rgba(245,243,238,0.3)", faint: "rgba(30,26,20,0.45)", node: "#ffffff", edge: "#b9b4a6", nodeLine: "#7d786c" };
}

/** The colour of somebody's disc, dark enough for white letters. @param {number} hue */
export function agentColour(hue) {
  const turned = ((Number(hue) || 0) % 360 + 360) % 360;
  for (let light = 46; light > 20; light -= 2) if (paletteContrast(turned, 0.52, light / 100) >= 4.8) return `hsl(${turned} 52% ${light}%)`;
  return `hsl(${turned} 52% 24%)`;
}

/** Contrast of white with a colour, as WCAG counts it. */
function paletteContrast(hue, saturation, light) {
  const chroma = (1 - Math.abs(2 * light - 1)) * saturation;
  const part = (offset) => {
    const along = (offset + hue / 30) % 12;
    const value = light - (chroma / 2) * Math.max(-1, Math.min(along - 3, 9 - along, 1));
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 1.05 / (0.2126 * part(0) + 0.7152 * part(8) + 0.0722 * part(4) + 0.05);
}

/** The light of the hour: a colour to lay over the map, and how dark it is from 0 to 1. */
export function daylight(minuteOfDay) {
  const hour = minuteOfDay / 60;
  const stops = [
    [0, 18, 26, 68, 0.52], [4.5, 18, 26, 68, 0.5], [6, 120, 90, 120, 0.24], [7.2, 255, 190, 120, 0.1], [8.5, 255, 255, 255, 0], [16.5, 255, 255, 255, 0],
    [18.5, 255, 170, 90, 0.12], [20, 130, 80, 120, 0.26], [21.5, 30, 34, 84, 0.44], [24, 18, 26, 68, 0.52],
  ];
  let at = 0;
  while (at < stops.length - 2 && stops[at + 1][0] <= hour) at += 1;
  const [from, to] = [stops[at], stops[at + 1]];
  const along = Math.max(0, Math.min(1, (hour - from[0]) / (to[0] - from[0])));
  const mix = (index) => from[index] + (to[index] - from[index]) * along;
  const alpha = mix(4);
  const night = Math.max(0, Math.min(1, (alpha - 0.2) / 0.3));
  return { colour: `rgba(${Math.round(mix(1))},${Math.round(mix(2))},${Math.round(mix(3))},${alpha.toFixed(3)})`, alpha, night };
}
