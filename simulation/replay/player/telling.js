/**
 * The present moment in a sentence or two, for those who listen to the page.
 */
import { shortText } from "./dom.js";

const TELLING_KINDS = ["talk", "deed", "failure", "reflection", "reaction", "world", "plan", "fact"];

/** @param {any} reel @param {any} parts @param {{tick: number, agent: number}} state @returns {string} */
export function momentWords(reel, parts, state) {
  const [from, to] = reel.eventsIn(state.tick);
  const said = [];
  for (let event = from; event < to && said.length < 3; event += 1) {
    const agent = reel.agentOf(event);
    if (state.agent >= 0 && agent !== state.agent) continue;
    if (!TELLING_KINDS.includes(reel.kindOf(event))) continue;
    const text = parts.line(event)?.[2];
    if (text) said.push(`${agent >= 0 ? `${reel.agentName(agent)} ` : ""}${shortText(text, 120)}`);
  }
  if (!said.length && state.agent >= 0) {
    const cell = reel.where(state.agent, state.tick);
    const place = cell ? reel.placeName(reel.placeAt(cell.row, cell.col)) : "";
    said.push(`${reel.agentName(state.agent)}: ${place || "not here"}`);
  }
  return [`${reel.when(state.tick)}.`, ...said.map((one) => (/[.!?”]$/.test(one) ? one : `${one}.`))].join(" ");
}
