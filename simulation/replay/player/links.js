/**
 * Deep links: the moment, the resident and the event in the address of the page.
 */
import { throttle } from "./dom.js";

/** What an address asks for. @param {string} hash `#t=540&a=ada&e=00540.2.001.000` */
export function readLink(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, "").slice(0, 500));
  const tick = said.get("t");
  return { tick: tick !== null && /^\d{1,9}$/.test(tick) ? Number(tick) : null, agent: said.get("a") ?? "", event: said.get("e") ?? "" };
}

/** The event of an id, or -1. @param {any} reel @param {any} parts @param {string} id */
export async function eventOfId(reel, parts, id) {
  const tick = /^(\d{1,9})\.\d/.exec(id)?.[1];
  if (tick === undefined || Number(tick) > reel.last) return -1;
  const [from, to] = reel.eventsIn(Number(tick));
  for (let event = from; event < to; event += 1) if ((await parts.lineOf(event))?.[0] === id) return event;
  return -1;
}

/**
 * Keep the address at where we are.
 * @param {any} store @param {() => {reel: any, parts: any}} side
 */
export function keepLink(store, side) {
  const write = throttle(() => {
    const { tick, agent, event, head } = store.state;
    const { reel, parts } = side();
    const said = new URLSearchParams(head ? {} : { t: String(tick) }); // the newest moment has no link
    if (agent >= 0 && reel.cast[agent]) said.set("a", String(reel.cast[agent].id).slice(0, 80));
    const line = event >= 0 ? parts.line(event) : undefined;
    if (line) said.set("e", line[0]);
    try {
      history.replaceState(history.state, "", String(said) || location.hash ? `#${said}` : location.pathname);
    } catch {
      write.cancel(); // a page in a sandbox has no history of its own
    }
  }, 700);
  const end = store.subscribe((_, changed) => {
    if (changed.has("tick") || changed.has("agent") || changed.has("event")) write();
  });
  return () => {
    end();
    write.cancel();
  };
}
