/**
 * The panel Talk: what was said, by conversation, with search over all of it.
 */

import { shortText } from "../dom.js";
import { upperBound } from "../reel.js";
import { kitButton, kitCount, kitEmpty, kitName, kitNode, kitPlural, kitSet, kitWords } from "./kit.js";
import { momentPerson } from "./moments.js";
import { SliceTurn, sliceEach, slicePaced } from "./slices.js";
import { talkSearch } from "./talk_search.js";

/** Utterances shown before and after the present one at first, and added by a button. */
const TALK_AROUND = [40, 20];
const TALK_MORE = 60;

/** Ticks between two words to all that still belong together. */
const TALK_NEAR = 10;

/**
 * @param {import("./panel.js").Context} context
 * @returns {import("./panel.js").Panel}
 */
export function createTalkPanel(context) {
  const { reel } = context;
  const view = talkView(context);
  const search = talkSearch(context, {
    found: (words) => view.mark(words),
    go: (event) => {
      view.follow(true);
      context.select({ event });
      view.goTo(event);
    },
  });
  const people = kitNode("select", { class: "kit-select", "aria-label": "Who speaks or is spoken to", on: { change: () => filter() } }, kitNode("option", { value: "-1" }, "everybody"));
  reel.cast.forEach((agent, at) => people.append(kitNode("option", { value: String(at) }, shortText(agent.name || agent.id, 40))));
  const turn = new SliceTurn();
  const status = kitNode("p", { class: "kit-note", role: "status" });
  const filter = async () => {
    const wanted = turn.begin();
    const person = Number(people.value);
    const all = reel.eventsOfType("said");
    if (person < 0) {
      status.textContent = kitPlural(all.length, "utterance");
      view.rows(all);
      return;
    }
    const found = await talkOf(context, all, person, wanted, (share) => {
      status.textContent = `Reading the transcript… ${Math.round(share * 100)} %`;
    });
    if (!found) return;
    status.textContent = `${kitCount(found.length)} of ${kitPlural(all.length, "utterance")}, by or to ${reel.agentName(person)}`;
    view.rows(found);
  };
  const trouble = (fault) => {
    status.textContent = `The transcript cannot be read: ${fault.message}`;
  };
  const controls = kitNode("div", { class: "talk-controls" }, search.element, kitNode("div", { class: "kit-row" }, people, view.toggle), status);
  const element = kitNode("div", { class: "talk kit-panel" }, kitNode("h2", { class: "kit-off" }, "Transcript"), controls, view.element);
  let grown = -1;
  return {
    id: "talk",
    title: "Talk",
    element,
    update(state) {
      if (grown !== state.grown) {
        grown = state.grown;
        filter().catch(trouble);
        search.again();
      }
      view.now(state.tick, state.event);
    },
    focusSearch: () => search.focus(),
    destroy() {
      turn.stop();
      search.destroy();
      view.destroy();
    },
  };
}

/** Utterances by somebody or to them; null: no longer wanted. */
async function talkOf(context, all, person, wanted, tell) {
  const { reel, parts } = context;
  const found = [];
  let chunk = -1;
  let lines = [];
  let until = performance.now() + 8;
  for (let at = 0; at < all.length; at += 1) {
    const event = all[at];
    if (parts.chunkOf(event) !== chunk) {
      chunk = parts.chunkOf(event);
      lines = await parts.lines(chunk);
      if (!wanted()) return null;
      if (performance.now() > until) {
        tell(at / all.length);
        await sliceEach(0, () => {});
        until = performance.now() + 8;
      }
    }
    const line = lines[event - chunk * reel.core.chunk];
    if (reel.agentOf(event) === person || line?.[4] === person) found.push(event);
  }
  return found;
}

/** The transcript around the playhead. */
function talkView(context) {
  const { reel, parts } = context;
  const list = kitNode("div", { class: "talk-list", role: "log", "aria-live": "off", "aria-label": "Transcript", tabindex: 0 });
  const turn = new SliceTurn();
  const box = kitNode("input", { type: "checkbox", checked: true });
  const toggle = kitNode("label", { class: "kit-check" }, box, "follow the playhead");
  let rows = new Uint32Array(0);
  let [from, to] = [0, 0];
  let tick = 0;
  let words = "";
  let selected = -1;
  let current = null;
  let drawn = new Map();

  /** The utterance that was selected, while time stands at it; else the latest. */
  const anchor = () => {
    const last = Math.max(0, upperBound(rows, reel.countUpTo(tick) - 1) - 1);
    if (selected < 0 || reel.tickOf(selected) !== tick) return last;
    const at = Math.max(0, upperBound(rows, selected) - 1);
    return rows[at] === selected ? at : last;
  };
  const fill = async (low, high, keep) => {
    const wanted = turn.begin();
    [from, to] = [Math.max(0, low), Math.min(rows.length, high)];
    const chunks = new Set(Array.from(rows.slice(from, to), (event) => parts.chunkOf(event)));
    const texts = new Map(await Promise.all([...chunks].map(async (chunk) => [chunk, await parts.lines(chunk)])));
    if (!wanted()) return;
    const bottom = list.scrollHeight - list.scrollTop;
    drawn = new Map();
    current = null;
    kitSet(list, ...talkPage(context, rows, from, to, texts, words, drawn, (step) => fill(from - (step < 0 ? TALK_MORE : 0), to + (step > 0 ? TALK_MORE : 0), step).catch(trouble)));
    if (keep < 0) list.scrollTop = list.scrollHeight - bottom;
    point(keep === 0);
  };
  const trouble = (fault) => kitSet(list, kitNode("p", { class: "sp-trouble", role: "alert" }, `The transcript cannot be read: ${fault.message}`));
  const around = (at) => fill(at - TALK_AROUND[0], at + TALK_AROUND[1], 0).catch(trouble);
  const point = (scroll) => {
    const limit = reel.countUpTo(tick);
    for (const [event, row] of drawn) row.classList.toggle("talk-later", event >= limit);
    const event = rows.length ? rows[anchor()] : -1;
    const row = event >= 0 && event < limit ? drawn.get(event) : undefined;
    if (current !== row) {
      current?.classList.remove("talk-current");
      current?.removeAttribute("aria-current");
      row?.classList.add("talk-current");
      row?.setAttribute("aria-current", "true");
      current = row ?? null;
      if (row && (scroll || box.checked)) talkScroll(list, row);
    } else if (scroll && row) talkScroll(list, row);
  };
  const pace = slicePaced(() => {
    const at = anchor();
    if (box.checked && rows.length > 0 && !drawn.has(rows[at])) around(at);
    else point(false);
  }, 200);
  box.addEventListener("change", () => pace());
  return {
    element: list,
    toggle,
    follow(on) {
      box.checked = on;
    },
    rows(found) {
      rows = found;
      if (rows.length === 0) {
        turn.stop();
        drawn = new Map();
        kitSet(list, kitEmpty(reel.eventsOfType("said").length ? "No utterance fits the filter." : "Nobody said anything in this episode."));
        return;
      }
      around(anchor());
    },
    now(at, event) {
      if (at === tick && event === selected && drawn.size > 0) return;
      [tick, selected] = [at, event];
      pace();
    },
    goTo(event) {
      const at = Math.max(0, upperBound(rows, event) - 1);
      if (rows[at] === event && !drawn.has(event)) around(at);
    },
    mark(found) {
      if (found === words) return;
      words = found;
      if (rows.length > 0) fill(from, to, 1).catch(trouble);
    },
    destroy() {
      turn.stop();
      pace.stop();
    },
  };
}

function talkScroll(list, row) {
  const [top, height] = [row.getBoundingClientRect().top - list.getBoundingClientRect().top, list.clientHeight];
  if (top < 40 || top > height - 90) list.scrollTop += top - height * 0.4;
}

/** Utterances from one to another, by conversation. */
function talkPage(context, rows, from, to, texts, words, drawn, more) {
  const groups = new Map();
  let last = -1;
  for (let at = from; at < to; at += 1) {
    const event = rows[at];
    const chunk = context.parts.chunkOf(event);
    const line = texts.get(chunk)?.[event - chunk * context.reel.core.chunk];
    if (!line) continue;
    const opened = talkOpened(context.reel, groups, last, event, line);
    if (!groups.has(opened)) groups.set(opened, []);
    groups.get(opened).push([event, line]);
    last = opened;
  }
  return [
    from > 0 && kitButton(`earlier (${kitCount(from)})`, () => more(-1), { class: "kit-button kit-small talk-more" }),
    ...[...groups.values()].map((group) => talkGroup(context, group, words, drawn)),
    to < rows.length && kitButton(`later (${kitCount(rows.length - to)})`, () => more(1), { class: "kit-button kit-small talk-more" }),
  ];
}

/** The conversation of an utterance; what somebody says to all in one place, one after the other, is one. */
function talkOpened(reel, groups, last, event, line) {
  const opened = line[6] ?? event;
  const before = groups.get(last);
  if (opened !== event || line[4] >= 0 || !before) return opened;
  const [one, said] = before[before.length - 1];
  const same = said[4] < 0 && reel.agentOf(one) === reel.agentOf(event) && reel.placeOf(one) === reel.placeOf(event);
  return same && reel.tickOf(event) - reel.tickOf(one) <= TALK_NEAR ? last : opened;
}

function talkGroup(context, group, words, drawn) {
  const { reel } = context;
  const [event] = group[0];
  const who = new Set(group.flatMap(([one, line]) => [reel.agentOf(one), line[4]]).filter((agent) => agent >= 0));
  const names = [...who].slice(0, 5).map((agent) => reel.agentName(agent)).join(", ") + (who.size > 5 ? ` and ${who.size - 5} more` : "");
  const place = reel.placeOf(event) >= 0 ? reel.placeName(reel.placeOf(event)) : "";
  const head = kitNode("h3", { class: "talk-head" }, kitNode("span", { class: "kit-hour" }, reel.when(reel.tickOf(event))), " ", who.size > 1 && kitName(names, 80),
    place && kitNode("span", { class: "kit-note" }, who.size > 1 ? " at " : "at ", kitName(place, 40)));
  return kitNode("section", { class: "talk-group" }, head, kitNode("ol", { class: "talk-lines" }, ...group.map(([one, line]) => {
    const row = talkRow(context, one, line, words);
    drawn.set(one, row);
    return row;
  })));
}

function talkRow(context, event, line, words) {
  const { reel } = context;
  const go = () => context.select({ event });
  const hour = kitButton(reel.when(reel.tickOf(event)), go, { class: "kit-hour kit-link", title: "Go to this moment" });
  return kitNode("li", { class: "talk-row", data: { event }, on: { click: (clicked) => clicked.target.closest("button, summary") ?? go() } },
    kitNode("span", { class: "talk-who" }, momentPerson(context, reel.agentOf(event)), line[4] >= 0 && kitNode("span", { class: "kit-note" }, "to ", kitName(reel.agentName(line[4]))), hour),
    kitWords(line[5] ?? line[2], { tag: "p", limit: 400, mark: words, class: "talk-words" }));
}
