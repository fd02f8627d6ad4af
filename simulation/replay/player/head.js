/**
 * The line above the map: what this is, when it is, who is looked at, and how it is shown.
 */
import { bdi, button, el, icon, shortText } from "./dom.js";
import { reelTitle } from "./reel.js";

const HEAD_THEMES = { auto: "light", light: "dark", dark: "auto" };
const HEAD_LAYERS = [["names", "Names"], ["bubbles", "Speech"], ["activity", "What they do"], ["night", "Day and night"]];
const HEAD_SUN = "M8 5a3 3 0 100 6 3 3 0 000-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1";
const HEAD_MOON = "M13 10A5.6 5.6 0 016 3a5.6 5.6 0 107 7z";

/**
 * @param {{store: any, sides: {reel: any}[], choose(agent: number): void}} given
 */
export function createHead({ store, sides, choose }) {
  const hour = el("span", { class: "sp-hour" });
  const day = el("span", { class: "sp-day" });
  const title = el("h1", { class: "sp-title" }, bdi(reelTitle(sides[0].reel)));
  const what = el("p", { class: "sp-what" }, headWhat(sides[0].reel));
  const who = /** @type {HTMLSelectElement} */ (el("select", { class: "sp-who", "aria-label": "Resident" }));
  const follow = button("Follow the resident on the map", () => store.set({ follow: !store.state.follow }), { class: "sp-toggle sp-follow", icon: icon("M8 1v3M8 12v3M1 8h3M12 8h3M8 5a3 3 0 100 6 3 3 0 000-6"), key: "f", "aria-pressed": "false" });
  const theme = button("Light or dark", () => store.set({ theme: HEAD_THEMES[store.state.theme] }), { class: "sp-toggle sp-theme", icon: icon(HEAD_SUN) });
  const help = button("Keys", () => store.set({ help: true }), { class: "sp-toggle sp-wide-only", icon: "?", key: "?" });
  const boxes = HEAD_LAYERS.map(([name, label]) => {
    const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", data: { layer: name } }));
    box.addEventListener("change", () => store.set({ [name]: box.checked }));
    return { name, box, label: el("label", {}, box, el("span", {}, label)) };
  });
  const layers = /** @type {HTMLDetailsElement} */ (el("details", { class: "sp-layers" },
    el("summary", { "aria-label": "What the map shows", title: "What the map shows" }, icon("M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3")),
    el("div", { class: "sp-layers-card" }, boxes.map(({ label }) => label))));
  layers.addEventListener("focusout", (event) => { if (event.relatedTarget && !layers.contains(/** @type {Node} */ (event.relatedTarget))) layers.open = false; });
  layers.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !layers.open) return;
    event.preventDefault();
    event.stopPropagation();
    layers.open = false;
    layers.querySelector("summary")?.focus();
  });
  who.addEventListener("change", () => choose(Number(who.value)));
  const element = el("header", { class: "sp-head" },
    el("div", { class: "sp-head-title" }, title, what),
    el("div", { class: "sp-clock" }, hour, day),
    el("div", { class: "sp-head-tools" }, who, follow, layers, theme, help));
  let listed = "";
  let moment = "";

  return {
    element,
    update(state) {
      const { reel } = sides[state.side];
      const now = `${reel.label(state.tick)}|${reel.days > 1 ? `day ${reel.day(state.tick)}` : ""}`;
      if (now !== moment) {
        moment = now;
        [hour.textContent, day.textContent] = now.split("|");
      }
      const list = `${state.side}:${reel.cast.length}`;
      if (list !== listed) {
        listed = list;
        who.replaceChildren(...headPeople(reel));
      }
      if (who.value !== String(state.agent)) who.value = String(state.agent);
      follow.disabled = state.agent < 0;
      follow.setAttribute("aria-pressed", String(state.follow));
      const label = `Look: ${state.theme === "auto" ? "as the system" : state.theme}`;
      if (theme.title !== label) {
        theme.title = label;
        theme.setAttribute("aria-label", label);
        theme.replaceChildren(state.theme === "auto" ? headAuto() : icon(state.theme === "dark" ? HEAD_MOON : HEAD_SUN));
      }
      for (const { name, box } of boxes) box.checked = state[name];
    },
  };
}

function headAuto() {
  return icon("M8 2a6 6 0 100 12A6 6 0 008 2M8 2v12M8 4.5h3.5M8 7h5M8 9.5h5M8 12h3");
}

/** Everybody, by name; residents that share a name have their id. */
function headPeople(reel) {
  const names = reel.cast.map((_, agent) => ({ agent, name: reel.agentName(agent) }));
  names.sort((one, two) => one.name.localeCompare(two.name) || one.agent - two.agent);
  return [el("option", { value: "-1" }, "everybody"), ...names.map(({ agent, name }) => el("option", { value: String(agent) }, name))];
}

/** What made this episode, in a line. */
export function headWhat(reel) {
  const { core } = reel;
  const model = core.model && core.mind === "generative" ? `${core.mind} · ${core.model}` : core.mind;
  const parts = [core.name, core.seed !== undefined && core.seed !== null ? `seed ${core.seed}` : "", model ? `mind ${model}` : ""];
  if (core.live) parts.push("live");
  else if (core.ended && core.ended !== "finished") parts.push(core.ended);
  return shortText(parts.filter(Boolean).join(" · "), 110);
}
