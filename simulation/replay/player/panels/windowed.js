/**
 * A list of thousands of rows of which only those in view are in the page.
 *
 * Arrow keys, Page Up and Down, Home and End move along it; Enter opens the row that has the focus.
 */

import { kitNode } from "./kit.js";

/** Rows kept above and below those in view. */
const WINDOWED_SPARE = 4;

/**
 * @param {{label: string, rowHeight: number, height?: number, build: (index: number) => HTMLElement}} options
 *   `build` gives a row's button; rows are asked for when they come into view.
 */
export function windowedList(options) {
  const { label, rowHeight, build } = options;
  const inner = kitNode("div", { class: "windowed-inner", role: "list", "aria-label": label });
  const element = kitNode("div", { class: "windowed", tabindex: 0, role: "group", "aria-label": `${label}: arrow keys move along it`, css: { "--height": `${options.height ?? 340}px`, "--row": `${rowHeight}px` } }, inner);
  const rows = new Map();
  let count = 0;
  let active = 0;
  let asked = 0;
  let top = 0;
  let room = options.height ?? 340;

  const draw = () => {
    asked = 0;
    const from = Math.max(0, Math.floor(top / rowHeight) - WINDOWED_SPARE);
    const to = Math.min(count, Math.ceil((top + room) / rowHeight) + WINDOWED_SPARE);
    for (const [index, row] of rows) {
      if (index < from || index >= to) {
        if (row.contains(element.getRootNode().activeElement)) element.focus({ preventScroll: true });
        row.remove();
        rows.delete(index);
      }
    }
    for (let index = from; index < to; index += 1) if (!rows.has(index)) place(index);
  };
  const place = (index) => {
    const button = build(index);
    button.tabIndex = index === active ? 0 : -1;
    button.addEventListener("focus", () => activate(index));
    const row = kitNode("div", {
      class: "windowed-row", role: "listitem", "aria-setsize": count, "aria-posinset": index + 1, css: { "--top": `${index * rowHeight}px` },
    }, button);
    rows.set(index, row);
    const after = [...rows.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    inner.insertBefore(row, after === undefined ? null : rows.get(after));
  };
  const activate = (index) => {
    const before = rows.get(active)?.firstElementChild;
    if (before) before.tabIndex = -1;
    active = index;
    const now = rows.get(active)?.firstElementChild;
    if (now) now.tabIndex = 0;
  };
  const later = () => {
    [top, room] = [element.scrollTop, element.clientHeight || room];
    if (!asked) asked = requestAnimationFrame(draw);
  };
  const move = (index) => {
    const to = Math.max(0, Math.min(count - 1, index));
    if (count === 0) return;
    reveal(to);
    top = element.scrollTop;
    draw();
    activate(to);
    rows.get(to)?.firstElementChild.focus({ preventScroll: true });
  };
  const reveal = (index) => {
    const [at, height] = [index * rowHeight, element.clientHeight];
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at + rowHeight > element.scrollTop + height) element.scrollTop = at + rowHeight - height;
  };
  const keys = {
    ArrowDown: () => active + 1, ArrowUp: () => active - 1, Home: () => 0, End: () => count - 1,
    PageDown: () => active + Math.floor(element.clientHeight / rowHeight), PageUp: () => active - Math.floor(element.clientHeight / rowHeight),
  };
  element.addEventListener("scroll", later, { passive: true });
  element.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    if (!key || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    move(event.target === element ? (event.key === "ArrowDown" ? active : key()) : key());
  });
  return {
    element,
    /** There are so many rows now; those in view are built again. */
    set(number) {
      count = number;
      active = Math.min(active, Math.max(0, count - 1));
      top = Math.min(top, Math.max(0, count * rowHeight - room));
      for (const row of rows.values()) row.remove();
      rows.clear();
      inner.style.setProperty("--all", `${count * rowHeight}px`);
      element.classList.toggle("windowed-few", count * rowHeight < (options.height ?? 340));
      draw();
    },
    reveal,
    draw,
    destroy() {
      cancelAnimationFrame(asked);
    },
  };
}
