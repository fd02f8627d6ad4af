/**
 * The panel News: how the facts that a world was seeded with go round.
 */

import { shortText } from "../dom.js";
import { chartSteps } from "./charts.js";
import { kitAdd, kitCount, kitEmpty, kitNode, kitSection, kitSet, kitShare, kitTable, kitWords } from "./kit.js";
import { momentTick } from "./moments.js";
import { newsTree } from "./news_tree.js";
import { societyPanel } from "./society.js";
import { traceUpTo } from "./trace.js";

/** Lines that can be told apart in one chart. */
const NEWS_LINES = 8;

/**
 * @param {import("./panel.js").Context} context
 * @returns {import("./panel.js").Panel}
 */
export function createNewsPanel(context) {
  return societyPanel(context, {
    id: "news", title: "News", heading: "How facts went round", reading: "Reading who knew what…",
    build: (_, society, kept) => newsView(context, society.facts ?? [], kept ?? new Set()),
  });
}

function newsView(context, facts, open) {
  if (facts.length === 0) {
    return { element: kitEmpty("This world seeds no facts, so there is no news to follow."), update() {}, destroy() {} };
  }
  const { reel } = context;
  const chart = chartSteps(reel, { label: "Holders of each fact over time", height: 240 });
  const drawn = facts.map((fact, at) => [fact, at]).sort((a, b) => b[0].learned.length - a[0].learned.length || a[1] - b[1]).slice(0, NEWS_LINES);
  const table = kitNode("div", {});
  const trees = kitNode("div", {});
  const shown = facts.map((fact, at) => newsFact(context, fact, drawn.findIndex((one) => one[1] === at), open));
  kitAdd(trees, ...shown.map((one) => one.element));
  let key = "";
  return {
    element: kitNode("div", {},
      kitSection("Who knows", { note: `N = ${kitCount(reel.cast.length)} people` }, chart.element,
        facts.length > drawn.length && kitNode("p", { class: "kit-note" }, `The ${drawn.length} that reached most of ${facts.length} facts are drawn.`), table),
      kitSection("Who told whom", {}, trees)),
    update({ tick }) {
      const counts = facts.map((fact) => traceUpTo(fact.learned, tick));
      const now = counts.join();
      chart.move(tick);
      if (now !== key || tick >= reel.last) {
        chart.draw(newsData(reel, drawn, tick));
      }
      if (now === key) return;
      key = now;
      kitSet(table, newsTable(context, facts, counts));
      shown.forEach((one, at) => one.update(counts[at]));
    },
    destroy: () => chart.destroy(),
    keep: () => open,
  };
}

/** How many held each fact, up to now. */
function newsData(reel, drawn, tick) {
  const series = drawn.map(([fact], style) => {
    const until = traceUpTo(fact.learned, tick);
    const points = fact.learned.slice(0, until).map((row, at) => [row[0], at + 1]);
    return { label: `${fact.false ? "⚠ " : ""}${shortText(fact.id, 30).replaceAll("_", " ")}`, points, style };
  });
  const high = Math.max(2, reel.cast.length);
  return {
    series, from: 0, to: Math.max(1, reel.last), until: tick, now: tick, low: 0, high, unit: "people who know", aside: true,
    label: `How many of ${reel.cast.length} people knew each fact: ${series.map((one) => `${one.label} ${one.points.length}`).join(", ")}`,
  };
}

function newsTable(context, facts, counts) {
  const people = context.reel.cast.length;
  const rows = facts.map((fact, at) => {
    const known = counts[at];
    const latest = known > 0 ? fact.learned[known - 1] : null;
    return [
      kitNode("span", {}, fact.false ? kitNode("span", { class: "news-false" }, "⚠ false ") : null, kitWords(fact.statement || fact.id, { limit: 160 })),
      kitNode("span", {}, kitNode("strong", {}, kitCount(known)), ` ${kitShare(known / Math.max(1, people))}`),
      known > 0 ? kitCount(fact.learned.slice(0, known).filter((row) => row[3] >= 0).length) : "–",
      latest ? momentTick(context, latest[0], latest[4]) : "–",
    ];
  });
  return kitTable(`Up to now, of ${kitCount(people)} people`, ["Fact", { text: "Know it", number: true }, { text: "By word", number: true }, "Latest"], rows);
}

function newsFact(context, fact, style, open) {
  const note = kitNode("span", { class: "kit-note" });
  const body = kitNode("div", {});
  const head = kitNode("summary", {}, style >= 0 && kitNode("span", { class: `news-swatch chart-style-${style}`, "aria-hidden": "true" }),
    fact.false && kitNode("span", { class: "news-false" }, "⚠ false "), kitWords(fact.statement || fact.id, { limit: 160 }), " ", note);
  const fold = kitNode("details", { class: "kit-fold news-fact", open: open.has(fact.id) }, head, body);
  let known = 0;
  let built = -1;
  const fill = () => {
    if (!fold.open || built === known) return;
    built = known;
    kitSet(body, newsTree(context, fact.learned.slice(0, known)));
  };
  fold.addEventListener("toggle", () => {
    if (fold.open) open.add(fact.id);
    else open.delete(fact.id);
    fill();
  });
  return {
    element: fold,
    update(count) {
      known = count;
      note.textContent = count === 0 ? "nobody knows it yet" : `${count} know it`;
      fill();
    },
  };
}
