"""The player's modules as one: in the order of their imports, in a single scope.

A page that is opened from a disk cannot import its scripts from beside it, and a notebook wants one
text. So the modules keep to a few forms (named imports, exported declarations, names that are
unique over all of them; ``simulation/replay/player/README.md``), and joining them needs no tool.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_IMPORT: Final = re.compile(
    r'^import\s*(?:\{[^}]*\}\s*from\s*)?"(\.[^"]+)";[ \t]*\n?', re.MULTILINE
)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class|let)\b)", re.MULTILINE)


def player() -> Traversable:
    """The folder of the player's modules and styles."""
    return files("simulation.replay") / "player"


@lru_cache(maxsize=8)
def script(entry: str) -> str:
    """A module with everything that it imports, as one module.

    Args:
        entry: Its file: ``boot.js``.

    Raises:
        ValueError: Modules import each other in a circle.
    """
    joined: dict[str, str] = {}
    _join(entry, joined, ())
    return "\n".join(joined.values())


def _join(name: str, joined: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"modules import each other: {' → '.join((*above, name))}")
    if name in joined:
        return
    text = player().joinpath(name).read_text(encoding="utf-8")
    for path in _IMPORT.findall(text):
        _join(_beside(name, path), joined, (*above, name))
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    joined[name] = f"// {name}\n{body}"


def _beside(name: str, path: str) -> str:
    """The module that a relative path means.

    Examples:
        >>> _beside("panels/talk.js", "../dom.js"), _beside("boot.js", "./panels/index.js")
        ('dom.js', 'panels/index.js')
    """
    folder = name.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            folder.pop()
        elif part != ".":
            folder.append(part)
    return "/".join(folder)


@lru_cache(maxsize=1)
def style() -> str:
    """All style sheets, the base first."""
    sheets = sorted(
        (sheet for sheet in player().iterdir() if sheet.name.endswith(".css")),
        key=lambda sheet: (sheet.name != "player.css", sheet.name),
    )
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
