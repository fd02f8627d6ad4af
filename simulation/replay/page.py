"""One HTML file that holds a player and what it plays: it needs nothing from anywhere.

The policy in its head allows the two texts that stand in it and nothing else: no request, no frame,
no script that an episode could smuggle in. Parts of reels are base64, so no text of an episode is
ever read as HTML.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, Final

from simulation.replay.bundle import script, style
from simulation.replay.reel import digest, packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulation.replay.reel import Reel

MOST: Final = 2
"""Reels that one page can show beside each other."""


def page(reels: Sequence[Reel]) -> str:
    """A page that plays one reel, or two in step.

    Args:
        reels: What is played; the second is compared with the first.
    """
    title = " · ".join(f"{reel.core()['title']}, {reel.core()['name']}" for reel in reels)
    data = "\n".join(
        f'<script type="application/octet-stream" data-reel="{number}" data-part="{name}">'
        f"{text}</script>"
        for number, reel in enumerate(reels)
        for name, text in _encoded(reel)
    )
    return _page(title, policy("'none'"), "", data)


def live_page(title: str) -> str:
    """A page that asks the server that sent it for its reel; see ``simulation.replay.live``."""
    meta = '<meta name="sociarium-live" content="1">'
    return _page(title, policy("'self'"), meta, "")


def policy(connect: str) -> str:
    """The content security policy of a page.

    Args:
        connect: Where it may ask: ``'none'``, or ``'self'`` where a server sent it.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{digest(_script().encode())}'",
            f"style-src '{digest(style().encode())}'",
            "img-src data: blob:",
            f"connect-src {connect}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _script() -> str:
    """The player as it stands in a page. Nothing in it may end the element that it stands in."""
    text = script("boot.js")
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError("a module of the player holds a mark that would end its element")
    return text


def _page(title: str, allowed: str, meta: str, data: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{escape(allowed)}">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Sociarium">
{meta}
<title>{escape(title)}</title>
<style>{style()}</style>
</head>
<body>
<div id="sociarium"><noscript>This page plays an episode and needs JavaScript.</noscript></div>
{data}
<script type="module">{_script()}</script>
</body>
</html>
"""


def _encoded(reel: Reel) -> Iterator[tuple[str, str]]:
    for name, part in reel.parts():
        yield name, base64.b64encode(packed(part)).decode()
