/**
 * Links to moments and people, the same in every panel.
 */

import { kitButton, kitCut, kitNode } from "./kit.js";
import { traceAgent, traceBook, traceClock, traceTick } from "./trace.js";

/** What the kinds of events are called. */
const LINK_KINDS = {
  talk: "said", deed: "did", failure: "could not", walk: "went", plan: "planned", reflection: "concluded", fact: "learned",
  stance: "position", world: "world", run: "run", choice: "chose", reaction: "noticed", feeling: "felt", relation: "relation",
  memory: "remembered", call: "asked a model", fallback: "fell back",
};

/** A kind of event in words. */
export function linkKind(kind) {
  return LINK_KINDS[kind] ?? kind;
}

/** Go to an event: the playhead to its tick, the selection to it. */
export function linkGo(context, core, event) {
  const agent = core.columns.agent[event];
  context.seek(traceTick(core, event));
  context.select(agent >= 0 ? { agent, event } : { event });
}

/** An agent's name with its colour; a click selects them. */
export function linkPerson(context, core, agent) {
  const one = traceAgent(core, agent);
  const dot = kitNode("span", { class: "kit-dot", css: { "--hue": one.hue ?? 0 }, "aria-hidden": "true" });
  const name = kitNode("bdi", { class: "kit-name" }, kitCut(one.name, 60));
  if (agent < 0 || !core.cast[agent]) return kitNode("span", { class: "kit-person" }, dot, name);
  return kitButton([dot, name], () => context.select({ agent, event: null }), { class: "kit-person kit-link", title: `Select ${kitCut(one.name, 60)}` });
}

/** The hour of a tick; a click goes there. */
export function linkTick(context, core, tick) {
  return kitButton(traceClock(core, tick), () => context.seek(tick), { class: "kit-hour kit-link", title: `Go to tick ${tick}` });
}

/**
 * A moment: its hour, whose it is, what it was; a click goes there.
 *
 * @param {any[]} line The event's line; null: it is read when it is there.
 */
export function linkMoment(context, core, event, line = null, options = {}) {
  const words = kitNode("span", { class: "kit-words kit-two", dir: "auto" });
  const kind = kitNode("span", { class: "kit-kind" });
  const fill = (known) => {
    kind.textContent = known ? linkKind(known[1]) : "?";
    words.textContent = known ? kitCut(known[2] || known[1], 240) : "This event is not there.";
  };
  if (line) fill(line);
  else traceBook(context.source).line(core, event).then(fill, () => fill(null));
  const agent = core.columns.agent[event];
  const who = traceAgent(core, agent);
  const dot = kitNode("span", { class: "kit-dot", css: { "--hue": who.hue ?? 0 }, "aria-hidden": "true" });
  return kitButton([
    kitNode("span", { class: "kit-hour" }, traceClock(core, traceTick(core, event))),
    options.anonymous ? null : kitNode("span", { class: "kit-person" }, agent >= 0 && dot, kitNode("bdi", { class: "kit-name" }, kitCut(who.name, 40))),
    kind, words,
  ], () => linkGo(context, core, event), { class: "kit-moment" });
}

/** A list of moments, so many at first and more by a button. */
export function linkMoments(context, core, events, options = {}) {
  const { step = 12, lines = null, empty = "Nothing." } = options;
  if (events.length === 0) return kitNode("p", { class: "kit-empty" }, empty);
  const list = kitNode("ul", { class: "kit-list" });
  const box = kitNode("div", {}, list);
  let shown = 0;
  const more = kitButton("", () => grow(), { class: "kit-button kit-small" });
  const grow = () => {
    const end = Math.min(events.length, shown + step);
    for (; shown < end; shown += 1) {
      list.append(kitNode("li", {}, linkMoment(context, core, events[shown], lines?.[shown] ?? null, options)));
    }
    more.textContent = `${Math.min(step, events.length - shown)} more of ${events.length}`;
    if (shown >= events.length) more.remove();
    else box.append(more);
  };
  grow();
  return box;
}
