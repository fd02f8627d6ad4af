/**
 * The run itself, while it goes on: play, pause, step, and the things that can be done to it.
 */
import { button, el, icon, safeText, shortText } from "./dom.js";

const LIVE_STATES = { playing: "running", pausing: "pausing", paused: "paused", over: "over", waiting: "about to begin", lost: "no connection" };

/** A word as a shell would need it. @param {string} text */
export function quotedWord(text) {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\"'\"'")}'`;
}

/**
 * @param {{store: any, side: {reel: any, source: any}}} given
 */
export function createLiveBar({ store, side }) {
  const { source } = side;
  const status = el("span", { class: "sp-live-state" });
  const answer = el("p", { class: "sp-live-answer", role: "status" });
  const tell = ({ ok, text }) => {
    answer.textContent = shortText(text, 400);
    answer.classList.toggle("sp-live-no", ok === false);
  };
  const command = async (what) => tell(await source.control(what));
  const play = button("Run on", () => command({ do: "play" }), { icon: icon("M4.5 2.5l9 5.5-9 5.5z"), class: "sp-live-play" });
  const pause = button("Pause the run", () => command({ do: "pause" }), { icon: icon("M4 2.5h3v11H4zM9 2.5h3v11H9z"), class: "sp-live-pause" });
  const step = button("Live one tick", () => command({ do: "step" }), { icon: icon("M3 3l6 5-6 5zM12 3v10"), class: "sp-live-step" });
  const head = button("To the newest moment", () => store.set({ head: !store.state.head, playing: false }), { icon: "live", class: "sp-toggle sp-live-head", "aria-pressed": "true" });
  const how = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": "What is done to the run" }, el("option", { value: "whisper" }, "whisper to"), el("option", { value: "announce" }, "announce")));
  const who = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": "To whom" }));
  const words = /** @type {HTMLInputElement} */ (el("input", { type: "text", maxlength: "500", "aria-label": "Words", placeholder: "words …", autocomplete: "off" }));
  const send = el("button", { type: "submit" }, "send");
  const form = el("form", { class: "sp-live-form", "aria-label": "Reach into the run" }, how, who, words, send);
  how.addEventListener("change", () => { who.hidden = how.value !== "whisper"; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = safeText(words.value, 500).trim();
    if (!said) return void words.focus();
    const target = how.value === "whisper" ? [quotedWord(String(who.value))] : [];
    const reply = await source.control({ do: "intervene", text: [how.value, ...target, `'${said.replaceAll("'", "'\"'\"'")}'`].join(" ") });
    tell(reply);
    if (reply.ok) words.value = "";
  });
  const element = el("div", { class: "sp-live", role: "group", "aria-label": "The run" },
    el("div", { class: "sp-live-buttons" }, el("span", { class: "sp-live-dot", "aria-hidden": "true" }), status, play, pause, step, head), form, answer);
  let listed = -1;

  return {
    element,
    tell,
    /** Where the run stands. */
    stands(state) {
      const told = LIVE_STATES[state.state] ?? safeText(state.state, 30);
      status.textContent = state.ended && state.state === "over" ? `${told} (${safeText(state.ended, 30)})` : told;
      element.dataset.state = safeText(state.state, 12);
      for (const one of [play, pause, step]) one.disabled = state.state === "over";
      play.hidden = state.state === "playing";
      pause.hidden = state.state !== "playing";
    },
    update(state) {
      head.setAttribute("aria-pressed", String(state.head));
      if (listed !== side.reel.cast.length) {
        listed = side.reel.cast.length;
        who.replaceChildren(...side.reel.cast.map((agent, index) => el("option", { value: safeText(agent.id, 80) }, side.reel.agentName(index))));
      }
    },
  };
}
