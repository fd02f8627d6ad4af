"""Labelled utterances: those for training, and those for testing, written apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.behaviours.words.tags import TAGS, Tag
from simulation.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE: Final = Path(__file__).parent
TRAINING: Final = _HERE / "utterances.yaml"
TEST: Final = _HERE / "test_set.yaml"
PLAIN: Final = "plain"


class Labelled(NamedTuple):
    """An utterance, and the tags that a reader gave it."""

    text: str
    tags: frozenset[Tag]


def read_labelled(path: Path) -> list[Labelled]:
    """The utterances of a file: keys name tags, below them stands an utterance a line.

    Raises:
        FileError: It is not such a file.
    """
    import yaml  # noqa: PLC0415 - rarely needed

    try:
        held: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise FileError(f"cannot be read ({type(error).__name__})", where=path) from error
    if not isinstance(held, dict):
        raise FileError("tags with utterances are wanted", where=path)
    return [row for key, lines in held.items() for row in _rows(path, str(key), str(lines))]


def _rows(path: Path, key: str, lines: str) -> Iterator[Labelled]:
    names = [] if key == PLAIN else key.split()
    tags: frozenset[Tag] = frozenset(tag for tag in TAGS if tag in names)
    for name in names:
        if name not in tags:
            raise FileError("no such tag", where=path, value=name, allowed=[PLAIN, *TAGS])
    for line in lines.splitlines():
        if line.strip():
            yield Labelled(line.strip(), tags)
