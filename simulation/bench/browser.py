"""Chromium without a window, to measure what a person would see of a page."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS: Final = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
"""Software rendering, and nothing that asks for a network."""
SIZE: Final = {"width": 1280, "height": 800}
_OPENED: Final = 120_000
"""Milliseconds after which a page that shows nothing is given up."""
_WATCH: Final = """
(() => {
  const seen = { first: null, tasks: [], frames: [] };
  Object.defineProperty(window, "benchSeen", { value: seen });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) seen.tasks.push([task.startTime, task.duration]);
  }).observe({ type: "longtask", buffered: true });
  const drawn = (canvas) => {
    if (!canvas || canvas.width < 2) return false;
    const small = document.createElement("canvas");
    small.width = small.height = 8;
    const brush = small.getContext("2d", { willReadFrequently: true });
    brush.drawImage(canvas, 0, 0, 8, 8);
    const { data } = brush.getImageData(0, 0, 8, 8);
    for (let at = 4; at < data.length; at += 4)
      if (data[at] !== data[0] || data[at + 1] !== data[1]) return true;
    return false;
  };
  const look = (now) => {
    seen.frames.push(now);
    if (seen.first === null && drawn(document.querySelector("canvas.sp-map-canvas")))
      seen.first = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
"""Notes when the map is first drawn, each frame, and each task of the page over 50 ms."""
_PLAY: Final = """
async ([speed, milliseconds]) => {
  const { store } = window.sociarium;
  store.set({ tick: 0, speed, playing: true });
  await new Promise((done) => setTimeout(done, 500));
  const begin = performance.now(), before = window.benchSeen.frames.length;
  await new Promise((done) => setTimeout(done, milliseconds));
  const frames = window.benchSeen.frames.length - before;
  const seconds = (performance.now() - begin) / 1000;
  store.set({ playing: false });
  return frames / seconds;
}
"""
_SCRUB: Final = """
async (steps) => {
  const { seek, sides } = window.sociarium;
  const last = sides[0].reel.last;
  await new Promise((done) => setTimeout(done, 300));
  const begin = performance.now(), before = window.benchSeen.frames.length;
  for (let step = 0; step < steps; step += 1) {
    seek(Math.round(last * Math.abs(Math.sin(step / 9))));
    await new Promise((done) => requestAnimationFrame(done));
  }
  await new Promise((done) => setTimeout(done, 300));
  const frames = window.benchSeen.frames.slice(Math.max(before - 1, 0));
  const gaps = frames.slice(1).map((now, at) => now - frames[at]);
  const tasks = window.benchSeen.tasks.filter(([start]) => start >= begin).map(([, long]) => long);
  return [Math.max(0, ...gaps), Math.max(0, ...tasks)];
}
"""


class Opened(NamedTuple):
    """How a page came up."""

    first: float
    """Milliseconds from the navigation to the first drawing of the map."""
    task: float
    """The longest task until all stood, in milliseconds; 0: none over 50."""


def missing() -> str:
    """What is missing to drive a browser, and how it comes; empty: nothing."""
    try:
        import_module("playwright.sync_api")
    except ImportError:
        return "not measured: pip install 'sociarium[bench]'"
    if browser_path() is None:
        return "not measured: apt-get install chromium, or CHROMIUM=PATH"
    return ""


def browser_path() -> str | None:
    """The browser of this machine: ``$CHROMIUM``, or one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browser() -> Generator[Any]:
    """A browser, closed at the end."""
    api: Any = import_module("playwright.sync_api")
    with api.sync_playwright() as running:
        started = running.chromium.launch(
            executable_path=browser_path(), args=list(ARGUMENTS), headless=True
        )
        try:
            yield started
        finally:
            started.close()


class Watched:
    """A page with an episode in it, watched while it opens, plays and is scrubbed.

    Args:
        running: The browser.
        file: The page.
    """

    def __init__(self, running: Any, file: Path) -> None:
        # A page's own policy lets no text be evaluated in it, which is how these are measured.
        self._context = running.new_context(viewport=SIZE, bypass_csp=True)
        self.page = self._context.new_page()
        self.page.set_default_timeout(_OPENED)
        self.page.add_init_script(_WATCH)
        self.page.goto(file.absolute().as_uri(), wait_until="commit")
        self.page.wait_for_function("window.sociarium && window.benchSeen.first !== null")

    def opened(self) -> Opened:
        """How it came up; waits a second for what is loaded behind."""
        self.page.wait_for_timeout(1000)
        seen = self.page.evaluate("[window.benchSeen.first, window.benchSeen.tasks]")
        return Opened(seen[0], max((duration for _, duration in seen[1]), default=0.0))

    def play(self, speed: float, seconds: float) -> float:
        """Frames a second while it plays at a speed."""
        return float(self.page.evaluate(_PLAY, [speed, 1000 * seconds]))

    def scrub(self, steps: int) -> float:
        """The longest stall in milliseconds while the time is dragged to and fro."""
        gap, task = self.page.evaluate(_SCRUB, steps)
        return max(float(gap), float(task))

    def close(self) -> None:
        """Close the page."""
        self._context.close()
