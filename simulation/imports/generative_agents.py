"""A recording of the released generative_agents code as an episode.

::

    imported = import_generative_agents("compressed_storage/July1_the_ville…", out="episodes/ville")
    Episode.open(imported.folder).dialogue
"""

from __future__ import annotations

import os
import re
from collections import Counter
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.episode.log import EpisodeWriter
from simulation.episode.sink import content_hash
from simulation.errors import FileError
from simulation.imports.ground import Spot
from simulation.imports.maze import find_maze, read_maze
from simulation.imports.minds import Inner, read_inner
from simulation.imports.people import ids_of, persona, places_of
from simulation.imports.recording import take
from simulation.imports.traces import trace
from simulation.imports.writing import Tale
from simulation.kernel.spec import WorldSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulation.imports.ground import Ground
    from simulation.imports.recording import Taken

FORMAT: Final = "generative_agents"
WORLD: Final = "simulation.imports.world:Recorded"
_A_MINUTE: Final = 60
_BATCH: Final = 500
"""Vectors that are written at once."""
_UNLIVED: Final = (
    "This is a recording made by other software: it was read, not lived here. Traits, bedtimes "
    "and ways of speaking that it does not have are neutral, and it names no facts, so that "
    "nothing can be said of how one spreads."
)
_SPREAD: Final = (
    "Each conversation stands in the recording as a whole, for as long as it lasted: at which "
    "step a line was said is not on record, so the lines are spread over that time evenly, in "
    "order."
)


class Imported(NamedTuple):
    """What came of an import."""

    folder: Path
    """The episode."""
    title: str
    people: int
    steps: int
    seconds: int
    """Of a step."""
    compressed: bool
    """Whether it was a demo, without what did not change."""
    maze: str
    """The folder of the maze files; empty: the map is made of paths and addresses."""
    counts: dict[str, int]
    """Events by what they are."""
    notes: tuple[str, ...]
    """What whoever reads the episode should know; the log has them, too."""


def import_generative_agents(
    path: str | Path,
    *,
    maze: str | Path | None = None,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Read a recording into a new episode.

    Args:
        path: The folder with ``master_movement.json`` and ``meta.json``, or the one with
            ``movement`` and ``reverie``.
        maze: The folder ``matrix`` of the map; None: that of the released code, where the
            recording lies in it, else a map is made of the paths.
        out: Where the episode is to be; None: ``episodes/NAME``.
        progress: Is told (done, of) after each step that was written.

    Raises:
        FileError: It is no such recording, or a file of it cannot be used.
        EpisodeError: The episode cannot be written.
    """
    taken = take(path)
    inner = {name: read_inner(taken.folder, name) for name in taken.paths}
    matrix = find_maze(maze, taken.folder.path, taken.meta.maze_name)
    title = _title(taken)
    ground = trace(taken, _known(inner), title) if matrix is None else read_maze(matrix, title)
    _check_inside(taken, ground)
    ids = ids_of(list(taken.paths))
    notes = tuple(_notes(taken, inner, matrix is not None))
    spec = _spec(taken, inner, ids, ground, title)
    tale = Tale(taken, inner, ids, ground, notes, version("sociarium"))
    folder = _free_folder(taken.folder.path) if out is None else Path(out)
    with EpisodeWriter(folder, spec=spec, run=_run(taken, inner)) as writer:
        for tick, events, contents in tale.steps(progress):
            writer.commit(tick, events, contents)
            if tick == 0:
                _keep_vectors(writer, inner)
    return Imported(
        folder,
        title,
        len(ids),
        taken.steps,
        taken.seconds,
        taken.compressed,
        "" if matrix is None else str(matrix.path),
        dict(tale.counts),
        notes,
    )


def _title(taken: Taken) -> str:
    """What the world is called: as addresses begin, else the maze's name."""
    first: Counter[str] = Counter()
    for path in taken.paths.values():
        for _, frame in path:
            world, colon, _ = frame.address.partition(":")
            if colon and not world.startswith("<"):
                first[world.strip()] += 1
    named = first.most_common(1)[0][0] if first else taken.meta.maze_name.replace("_", " ")
    return named[:80] or "a recorded world"


def _known(inner: Mapping[str, Inner]) -> list[Spot]:
    return [
        Spot(sector, arena)
        for one in inner.values()
        for sector, arenas in one.known.items()
        for arena in arenas
    ]


def _check_inside(taken: Taken, ground: Ground) -> None:
    rows, columns = ground.size
    for name, path in taken.paths.items():
        for step, frame in path:
            row, column = frame.cell
            if row >= rows or column >= columns:
                what = f"step {step}: {name} is off the map of {columns} by {rows} tiles"
                hint = "Is it the maze of this recording?"
                where = taken.folder.path
                raise FileError(what, where=where, value=list(frame.movement), hint=hint)


def _notes(taken: Taken, inner: Mapping[str, Inner], has_maze: bool) -> list[str]:
    notes = [_UNLIVED, _SPREAD, *taken.notes]
    if taken.start.second:
        notes.append(f"It began at {taken.start:%H:%M:%S}; hours are counted from the full minute.")
    if not has_maze:
        notes.append(
            "The maze files were not at hand: rooms are where people stayed while at an address, "
            "and nothing is known of cells on which nobody was. --maze PATH gives the real map."
        )
    sizes = sorted({one.dimension for one in inner.values() if one.dimension})
    if sizes:
        notes.append(
            f"The vectors of memories have {sizes[0]:,} components and are kept; what made them is "
            "not on record, so an interview makes its own with the default embedder."
        )
    else:
        notes.append("The recording has no vectors of memories; they are made when asked for.")
    return notes


def _spec(
    taken: Taken,
    inner: Mapping[str, Inner],
    ids: Mapping[str, str],
    ground: Ground,
    title: str,
) -> WorldSpec:
    whole = taken.seconds % _A_MINUTE == 0
    cast = tuple(
        persona(name, agent, inner[name].scratch, ground, places_of(taken.paths[name], ground))
        for name, agent in ids.items()
    )
    recorded = {
        "format": FORMAT,
        "name": taken.folder.path.resolve().name,
        "forked_from": taken.meta.fork_sim_code,
        "maze": taken.meta.maze_name,
        "start": taken.start.isoformat(),
        "people": {ids[name]: _told(inner[name]) for name in ids},
    }
    return WorldSpec(
        world=WORLD,
        title=title,
        cast=cast,
        start=f"{taken.start:%H:%M}",
        tick_minutes=taken.seconds // _A_MINUTE if whole else 1,
        tick_seconds=None if whole else taken.seconds,
        ticks=taken.steps,
        data={"map": ground.town, "recorded": recorded},
    )


def _told(one: Inner) -> dict[str, str]:
    """What the recording itself says of a person, in its own words."""
    names = ("innate", "learned", "currently", "lifestyle", "daily_plan_req")
    return {name: str(getattr(one.scratch, name)) for name in names}


def _run(taken: Taken, inner: Mapping[str, Inner]) -> dict[str, Any]:
    return {
        "mind": FORMAT,
        "model": "",
        "seed": None,
        "imported": {
            "format": FORMAT,
            "name": taken.folder.path.resolve().name,
            "steps": taken.steps,
            "seconds": taken.seconds,
            "dimensions": max((one.dimension for one in inner.values()), default=0),
        },
    }


def _keep_vectors(writer: EpisodeWriter, inner: Mapping[str, Inner]) -> None:
    batch: dict[str, bytes] = {}
    for one in inner.values():
        for key, vector in one.vectors.items():
            batch[content_hash(key)] = vector.astype("<i2").tobytes()
            if len(batch) >= _BATCH:
                writer.journal_vectors(batch)
                batch = {}
    if batch:
        writer.journal_vectors(batch)


def _free_folder(recording: Path, base: str = "episodes") -> Path:
    """``episodes/NAME``, with a number where that is taken."""
    words: Sequence[str] = re.findall(r"[A-Za-z0-9]+", recording.resolve().name)
    name = "-".join(words)[:60].strip("-") or "recording"
    for number in count(1):
        folder = Path(base) / (name if number == 1 else f"{name}-{number}")
        if not os.path.lexists(folder):
            return folder
    raise AssertionError  # pragma: no cover - the numbers do not end
