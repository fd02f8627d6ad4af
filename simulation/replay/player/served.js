/**
 * A reel that a server on this machine is still adding to; `simulation/replay/live/README.md` tells its calls.
 */
import { coreWithColumns } from "./sources.js";

const SERVED_KEY = "sociarium-token";
const SERVED_LONGEST_WAIT = 30000;

/** The token of this page: from its address, which then loses it, or from the session. */
function servedToken() {
  const given = new URLSearchParams(location.search).get("token");
  try {
    if (given) {
      sessionStorage.setItem(SERVED_KEY, given);
      history.replaceState(null, "", location.pathname + location.hash);
    }
    return given ?? sessionStorage.getItem(SERVED_KEY) ?? "";
  } catch {
    return given ?? "";
  }
}

const servedPause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** @returns {object} a source with `follow` and `control` */
export function servedSource() {
  const token = servedToken();
  const ask = async (path, more = {}) => {
    const response = await fetch(path, { ...more, headers: { "X-Sociarium-Token": token, ...more.headers }, cache: "no-store", credentials: "same-origin" });
    if (response.ok) return response;
    const told = await response.json().catch(() => ({}));
    throw Object.assign(new Error(told.text || `the server answers ${response.status}`), { status: response.status });
  };
  const json = async (part) => (await ask(`part/${part}`)).json();

  async function open() {
    for (let again = 0; ; again += 1) {
      try {
        const core = await json("core");
        const columns = await (await ask(`part/columns?ticks=${core.ticks}`)).arrayBuffer();
        return coreWithColumns(core, columns);
      } catch (error) {
        if (error.status === 404 && again < 600) await servedPause(500);
        else if (error.status !== 410 || again > 5) throw error;
      }
    }
  }

  return {
    open,
    lines: (chunk) => json(`lines/${chunk}`),
    minds: (chunk) => json(`minds/${chunk}`),
    life: (agent) => json(`life/${agent}`),
    society: () => json("society"),
    heads: () => json("heads"),
    /** @param {{do: string, text?: string}} command @returns {Promise<{ok: boolean, text: string}>} */
    async control(command) {
      try {
        const response = await ask("command", { method: "POST", body: JSON.stringify(command), headers: { "Content-Type": "application/json" } });
        return await response.json();
      } catch (error) {
        return { ok: false, text: error.status ? error.message : "the server does not answer; is the run still there?" };
      }
    },
    /**
     * Hear of what happens until the returned function is called.
     * @param {(growth: {core: object}) => void} onGrowth @param {(state: any) => void} [onState] @param {(told: {ok: boolean, text: string}) => void} [onTold]
     */
    follow(onGrowth, onState = () => {}, onTold = () => {}) {
      const stop = new AbortController();
      let [seen, ended, busy, due] = [-1, "", false, false];
      const refresh = async () => {
        due = true;
        if (busy) return;
        busy = true;
        while (due && !stop.signal.aborted) {
          due = false;
          await open().then((core) => onGrowth({ core }), (error) => onTold({ ok: false, text: error.message }));
        }
        busy = false;
      };
      const hear = (kind, data) => {
        if (kind === "told") onTold(data);
        else if (kind === "state") {
          onState(data);
          if (data.ticks !== seen || data.ended !== ended) refresh();
          [seen, ended] = [data.ticks, data.ended];
        }
      };
      servedListen(() => ask("growth", { signal: stop.signal }), hear, () => onState({ state: "lost" }), stop.signal);
      return () => stop.abort();
    },
  };
}

/** Read the stream, and try again when it breaks. */
async function servedListen(begin, hear, lost, signal) {
  let wait = 1000;
  while (!signal.aborted) {
    try {
      const reader = (await begin()).body.getReader();
      const decoder = new TextDecoder();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        wait = 1000;
        text += decoder.decode(value, { stream: true });
        const frames = text.split("\n\n");
        text = frames.pop() ?? "";
        for (const frame of frames) servedFrame(frame, hear);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 403) wait = SERVED_LONGEST_WAIT;
    }
    lost();
    await servedPause(wait);
    wait = Math.min(SERVED_LONGEST_WAIT, wait * 2);
  }
}

function servedFrame(frame, hear) {
  const kind = /^event: (\w+)$/m.exec(frame)?.[1];
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  if (kind && data) hear(kind, JSON.parse(data));
}
