"""The recorded day of Tidemark that ships with the package.

Ten people, 900 minutes, the embedded model, seed 7. What is promised:

- It opens, is shown, replayed, measured, interviewed and analysed with every later version: a log
  is read by whatever version reads its schema.
- It can be branched and verified with the version that ships it: that lives the past again, and a
  mind that thinks otherwise than the one that lived it would part from it. Whoever changes what
  minds do records another day, with ``python -m worlds.village.record``; a test says when.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulation.episode.archive import Archived, unpacked

if TYPE_CHECKING:
    from simulation.episode.episode import Episode

NAME: Final = "tidemark"
"""By which commands know it: ``sociarium replay tidemark``."""
DAY: Final = Archived(NAME, Path(__file__).with_name("days") / "tidemark.tar.xz")
SEED: Final = 7
COMMAND: Final = "python -m worlds.village.record"


def recorded(cache: Path | None = None) -> Episode:
    """Open the recorded day; the first time, it is unpacked into the per-user cache.

    Args:
        cache: The folder of caches; None: the user's own.

    Raises:
        EpisodeError: It is damaged, or cannot be unpacked.
    """
    from simulation.episode.episode import Episode  # noqa: PLC0415 - only where it is asked for

    return Episode.open(unpacked(DAY, cache))
