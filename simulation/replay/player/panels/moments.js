/**
 * Links to moments and people, the same in every panel.
 */

import { kitAdd, kitButton, kitEmpty, kitName, kitNode } from "./kit.js";
import { shortText } from "../dom.js";
import { traceKind } from "./trace.js";

/** An agent's name with its colour; a click selects them. */
export function momentPerson(context, agent, letters = 40) {
  const one = context.reel.cast[agent];
  if (!one) return kitNode("span", { class: "kit-person" }, agent === -1 ? "the world" : "nobody known");
  const name = kitName(one.name || one.id, letters);
  return kitButton([momentDot(one), name], () => context.select({ agent, event: -1 }), {
    class: "kit-person kit-link", title: `Select ${shortText(one.name, letters)}`,
  });
}

/** A resident's colour. */
export function momentDot(agent) {
  return kitNode("span", { class: "kit-dot", css: { "--hue": Number(agent?.hue) || 0 }, "aria-hidden": "true" });
}

/** The hour of a tick; a click goes there. */
export function momentTick(context, tick, event = -1) {
  const go = () => (event >= 0 ? context.select({ event }) : context.seek(tick));
  return kitButton(context.reel.when(tick), go, { class: "kit-hour kit-link", title: `Go to tick ${tick}` });
}

/**
 * A moment: its hour, whose it is, what it was; a click goes there.
 *
 * @param {any[]|null} line The event's line; null: it is read.
 * @param {{nameless?: boolean}} [options] `nameless`: whose it is goes without saying
 */
export function momentLink(context, event, line = null, options = {}) {
  const { reel, parts } = context;
  const words = kitNode("bdi", { class: "kit-words kit-two", dir: "auto" });
  const kind = kitNode("span", { class: "kit-kind" }, traceKind(reel.kindOf(event)));
  const fill = (known) => {
    words.textContent = known ? shortText(known[2] || known[1], 240) : "This event is not there.";
  };
  const held = line ?? parts.line(event);
  if (held) fill(held);
  else parts.lineOf(event).then(fill, () => fill(null));
  const who = reel.cast[reel.agentOf(event)];
  const whose = options.nameless ? null : kitNode("span", { class: "kit-person" }, who ? momentDot(who) : null, who ? kitName(who.name) : "the world");
  return kitButton([kitNode("span", { class: "kit-hour" }, reel.when(reel.tickOf(event))), whose, kind, words],
    () => context.select({ event }), { class: "sp-moment kit-moment", data: { event } });
}

/** A list of moments, so many at first and more by a button. */
export function momentList(context, events, options = {}) {
  const { step = 12, empty = "Nothing." } = options;
  if (events.length === 0) return kitEmpty(empty);
  return momentPages(events, step, (event) => momentLink(context, event, null, options));
}

/** A list of anything, cut into pages with a button for the next. */
export function momentPages(rows, step, build, attributes = {}) {
  const list = kitNode("ul", { class: "kit-list", ...attributes });
  const box = kitNode("div", {}, list);
  let shown = 0;
  const more = kitButton("", () => grow(), { class: "kit-button kit-small" });
  const grow = () => {
    const end = Math.min(rows.length, shown + step);
    for (; shown < end; shown += 1) kitAdd(list, kitNode("li", {}, build(rows[shown], shown)));
    more.textContent = `${Math.min(step, rows.length - shown)} more of ${rows.length}`;
    if (shown >= rows.length) more.remove();
    else box.append(more);
  };
  grow();
  return box;
}
