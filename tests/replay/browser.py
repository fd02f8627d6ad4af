"""A real browser for tests of the player, and what a test sees in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS: Final = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
)  # fmt: skip
WIDE: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
SCREENSHOTS: Final = Path(os.environ.get("SOCIARIUM_SCREENSHOTS", "screenshots"))
"""Where pictures of the player are kept, to be looked at."""


def find_browser() -> str | None:
    """The browser of this machine: ``$CHROMIUM``, or one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started() -> Generator[Browser]:
    """Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium here; `apt-get install chromium`, or name one with CHROMIUM=PATH")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Watched:
    """A page, with everything on it that should not be there.

    Args:
        page: Just made, nothing opened yet.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.troubles.append("dialog"), dialog.dismiss())[0])
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.requests.append(request.url)

    def open(self, url: str, ready: str = ".sp canvas") -> Watched:
        """Open a page and wait until the player stands, or something else does."""
        self.page.goto(url)
        self.page.wait_for_selector(ready, state="visible")
        return self

    def until(self, holds: Callable[[], bool], seconds: float = 15) -> None:
        """Wait until something holds. A page's policy lets nothing evaluate a text within it."""
        for _ in range(int(seconds * 20)):
            if holds():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"it never held; {self.troubles}")

    @property
    def tick(self) -> int:
        """The tick that is shown."""
        return int(self.page.get_by_role("slider").first.input_value())

    @property
    def link(self) -> dict[str, str]:
        """The link to the present moment, as it stands in the address after a while."""
        self.page.wait_for_timeout(900)
        found = parse_qs(urlsplit(self.page.url).fragment)
        return {name: values[0] for name, values in found.items()}

    def panel(self, name: str) -> Locator:
        """A panel, opened."""
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    @property
    def pwned(self) -> bool:
        """Whether a text of an episode was run."""
        return bool(self.page.evaluate("'pwned' in window"))

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than what it is shown in."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(script))

    def picture(self, name: str) -> None:
        """Keep a picture of the page as it stands."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
