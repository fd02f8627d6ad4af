/**
 * The panel Person: somebody as they are at this tick, nothing of it from later.
 */

import { personFeelings, personNeeds, personPlan } from "./inspector-life.js";
import { personMemories } from "./inspector-memory.js";
import { personReflections } from "./inspector-reflections.js";
import { personKnows, personRelations, personStances } from "./inspector-ties.js";
import { kitEmpty, kitFold, kitName, kitNode, kitSet, kitWords } from "./panels/kit.js";
import { momentLink } from "./panels/moments.js";
import { SliceTurn } from "./panels/slices.js";
import { traceDoing, traceWhere } from "./panels/trace.js";
import { shortText } from "./dom.js";

/** The parts of a person, in order. Each gives {element, update(tick), destroy?}. */
const PERSON_PARTS = [
  personPlan, personNeeds, personFeelings, personStances, personRelations, personKnows, personMemories, personReflections,
];

/**
 * @param {import("./panels/panel.js").Context} context
 * @returns {import("./panels/panel.js").Panel}
 */
export function createPersonPanel(context) {
  const { reel, parts } = context;
  const choice = personChoice(context);
  const head = kitNode("header", { class: "person-head" });
  const body = kitNode("div", { class: "person-body" });
  const element = kitNode("div", { class: "person kit-panel" }, choice.element, head, body);
  const turn = new SliceTurn();
  let shown = null;
  let built = [];
  /** What the parts read; when a world goes on it is filled anew, and what they show stays where it is. */
  let held = null;
  const away = () => {
    for (const part of built) part.destroy?.();
    built = [];
  };
  const build = async (agent, tick) => {
    const wanted = turn.begin();
    body.setAttribute("aria-busy", "true");
    const [life, society] = await Promise.all([parts.life(agent), parts.society()]);
    if (!wanted()) return;
    if (held?.agent === agent) {
      Object.assign(held.life, life);
      Object.assign(held.society, society);
    } else {
      held = { agent, life: { ...life }, society: { ...society } };
      const open = personOpen(body);
      away();
      built = PERSON_PARTS.map((make) => make(context, agent, held.life, held.society));
      kitSet(body, ...built.map((part) => part.element));
      personReopen(body, open);
    }
    body.removeAttribute("aria-busy");
    const now = context.store.state.tick;
    for (const part of built) part.update(Number.isInteger(now) ? now : tick);
  };
  return {
    id: "person",
    title: "Person",
    element,
    update(state) {
      const { agent, tick } = state;
      choice.show(agent);
      if (!reel.cast[agent]) {
        turn.stop();
        shown = held = null;
        away();
        delete head.dataset.agent;
        kitSet(head, kitNode("h2", { class: "why-title" }, "Nobody is selected"));
        kitSet(body, kitEmpty("Choose a resident above, or click one on the map."));
        return;
      }
      personHead(context, head, agent, tick);
      const key = `${agent}/${state.grown}`;
      if (shown !== key) {
        if (shown?.split("/")[0] !== String(agent)) {
          held = null;
          kitSet(body, kitEmpty("Reading this life…"));
        }
        shown = key;
        build(agent, tick).catch((fault) => {
          shown = null;
          kitSet(body, kitNode("p", { class: "sp-trouble", role: "alert" }, `This life cannot be read: ${fault.message}`));
        });
        return;
      }
      for (const part of built) part.update(tick);
    },
    destroy() {
      turn.stop();
      away();
    },
  };
}

/** Which folds are open, by the heading that they stand under. */
function personOpen(body) {
  return [...body.querySelectorAll("details[data-part]")].map((one) => [one.dataset.part, one.open]);
}

function personReopen(body, open) {
  for (const [part, was] of open) {
    const fold = [...body.querySelectorAll("details[data-part]")].find((one) => one.dataset.part === part);
    if (fold) fold.open = was;
  }
}

/** A box to choose somebody in, for those who do not click on maps. */
function personChoice(context) {
  const select = kitNode("select", {
    class: "kit-select", "aria-label": "Resident", on: { change: () => context.select({ agent: Number(select.value), event: -1 }) },
  }, kitNode("option", { value: "-1" }, "choose a resident…"));
  context.reel.cast.forEach((agent, at) => select.append(kitNode("option", { value: String(at) }, shortText(agent.name || agent.id, 40))));
  return {
    element: kitNode("div", { class: "kit-row" }, select),
    show(agent) {
      const value = String(context.reel.cast[agent] ? agent : -1);
      if (select.value !== value) select.value = value;
    },
  };
}

/** Who it is, and where and at what just now; only what differs is touched. */
function personHead(context, head, agent, tick) {
  const { reel } = context;
  if (head.dataset.agent !== String(agent) || head.childElementCount < 2) {
    head.dataset.agent = String(agent);
    kitSet(head, ...personWho(reel.cast[agent]), kitNode("div", { class: "person-now" }));
  }
  const now = head.lastElementChild;
  const place = traceWhere(reel, agent, tick);
  const here = reel.where(agent, tick);
  const doing = traceDoing(reel, agent, tick);
  const key = `${place}/${here !== null}/${doing}`;
  if (now.dataset.key !== key) {
    now.dataset.key = key;
    kitSet(now, kitNode("p", {}, kitNode("strong", { class: "person-hour" }), " ",
      here ? ["at ", kitName(place >= 0 ? reel.placeName(place) : "an open place", 60)] : "not in the world",
      doing < 0 ? ". Nothing done yet that can be seen." : ". Last seen:"),
    doing >= 0 && momentLink(context, doing, null, { nameless: true }));
  }
  const hour = now.querySelector(".person-hour");
  const text = reel.when(tick);
  if (hour.textContent !== text) hour.textContent = text;
}

function personWho(one) {
  const facts = [one.occupation, Number(one.age) > 0 ? `${one.age} years` : ""].filter(Boolean);
  const about = kitNode("div", {},
    kitNode("h2", { class: "person-name" }, kitName(one.name || one.id, 60)),
    facts.length > 0 && kitWords(facts.join(" · "), { tag: "p", limit: 120, class: "kit-note" }));
  const face = kitNode("span", { class: "person-face", css: { "--hue": Number(one.hue) || 0 }, "aria-hidden": "true" }, shortText(one.mark || one.initials || "", 3));
  return [
    kitNode("div", { class: "person-top" }, face, about),
    one.who && kitWords(one.who, { tag: "p", limit: 300 }),
    one.traits?.length > 0 && kitNode("p", { class: "person-traits" }, ...one.traits.slice(0, 12).map((trait) => kitNode("span", { class: "sp-chip" }, kitName(trait, 40)))),
    one.biography && one.biography !== one.who && kitFold("Biography", () => kitWords(one.biography, { tag: "p", limit: 2000, class: "sp-text" })),
  ];
}
