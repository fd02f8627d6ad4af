from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browser import WIDE, Watched, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Watch = Callable[..., Watched]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of a module."""
    with started() as browser:
        yield browser


@pytest.fixture
def watch(chromium: Browser) -> Iterator[Watch]:
    """Opens pages, each in a profile of its own."""
    contexts: list[Any] = []

    def opened(url: str, ready: str = ".sp canvas", **options: Any) -> Watched:
        settings: dict[str, Any] = {"viewport": WIDE, **options}
        contexts.append(chromium.new_context(**settings))
        return Watched(contexts[-1].new_page()).open(url, ready)

    yield opened
    for context in contexts:
        context.close()
