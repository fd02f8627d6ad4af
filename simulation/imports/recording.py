"""What the released code of generative agents leaves on disk, as typed objects.

Two forms of the same::

    a demo, compressed              a simulation, as it ran
    master_movement.json            movement/0.json, movement/1.json …
    meta.json                       reverie/meta.json
    (nothing)                       environment/0.json …
    personas/NAME/bootstrap_memory/{scratch,spatial_memory}.json
    personas/NAME/bootstrap_memory/associative_memory/{nodes,embeddings,kw_strength}.json

In both, a step says of each person a tile ``[x, y]``, an emoji, what is done ``@`` which address,
and the whole conversation that they are in. The demo leaves out who did not change.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter

from simulation.errors import FileError
from simulation.imports.files import Folder, Read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEPS: Final = 1_000_000
"""Steps that are read at most."""
WIDEST: Final = 1_000
"""Tiles that a map has at most in each direction."""
PEOPLE: Final = 1_000
_TIMES: Final = ("%B %d, %Y, %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%B %d, %Y")
_NAME: Final = r"^[^\s/\\\x00-\x1f]([^/\\\x00-\x1f]*[^\s/\\\x00-\x1f])?$"


def _or_empty(value: object) -> object:
    return "" if value is None else value


Name = Annotated[str, StringConstraints(pattern=_NAME, min_length=1, max_length=40)]
"""What a person is called, which names a folder, too: no slashes."""
Text = Annotated[str, BeforeValidator(_or_empty)]
Tile = Annotated[int, Field(ge=0, lt=WIDEST)]
Line = tuple[str, str]
"""Who said what."""


class Meta(Read):
    """``meta.json``."""

    fork_sim_code: Text = ""
    start_date: Text = ""
    curr_time: Text = ""
    sec_per_step: Annotated[int, Field(ge=1, le=86_400)]
    maze_name: Text = ""
    persona_names: Annotated[tuple[Name, ...], Field(min_length=1, max_length=PEOPLE)]
    step: Annotated[int, Field(ge=0, le=STEPS)] = 0


class Frame(Read):
    """One person at one step."""

    movement: tuple[Tile, Tile]
    """x and y."""
    pronunciatio: Text = ""
    """An emoji or two."""
    description: Text = ""
    """``sleeping @ the Ville:Hobbs Cafe:cafe:counter``."""
    chat: list[Line] | None = None
    """All lines of the conversation that they are in."""

    @property
    def cell(self) -> tuple[int, int]:
        """(row, column)."""
        return self.movement[1], self.movement[0]

    @property
    def doing(self) -> str:
        """What is done."""
        return self.description.partition(" @ ")[0].strip()

    @property
    def address(self) -> str:
        """Where it is done: ``the Ville:Hobbs Cafe:cafe:counter``, ``<persona> Ada Lovelace``."""
        return self.description.partition(" @ ")[2].strip()


class _Movement(Read):
    """``movement/N.json``."""

    persona: dict[str, Frame]


class _Stand(Read):
    """One person in ``environment/N.json``."""

    x: Tile
    y: Tile


_META: Final = TypeAdapter(Meta)
_MASTER: Final = TypeAdapter(dict[Annotated[int, Field(ge=0, lt=STEPS)], dict[str, Frame]])
_MOVEMENT: Final = TypeAdapter(_Movement)
_ENVIRONMENT: Final = TypeAdapter(dict[str, _Stand])

Path_ = list[tuple[int, Frame]]
"""What changed of a person: (step, frame), in order."""


class Taken(NamedTuple):
    """A recording without its people's inner life."""

    folder: Folder
    meta: Meta
    compressed: bool
    steps: int
    """How many there are."""
    start: datetime
    """When step 0 was."""
    seconds: int
    """Of a step."""
    paths: dict[str, Path_]
    """By the person's name."""
    stood: dict[str, tuple[int, int]]
    """The cell where each was before the first step, where that is on record."""
    notes: tuple[str, ...]
    """What the recording does not agree on with itself."""

    def tick(self, time: datetime) -> int:
        """The step in which a time lies; it may be before the first or after the last."""
        return int((time - self.start).total_seconds() // self.seconds)


def take(path: str | Path) -> Taken:
    """Read what was done, step by step.

    Raises:
        FileError: It is no such recording, or a file of it cannot be used.
    """
    folder = Folder(path)
    compressed = folder.has("master_movement.json")
    if not compressed and not folder.has("movement"):
        hint = "It should hold master_movement.json, or a folder `movement` beside `reverie`."
        raise FileError("no recording of generative_agents", where=path, hint=hint)
    meta = folder.read(_META, *(("meta.json",) if compressed else ("reverie", "meta.json")))
    if len(set(meta.persona_names)) < len(meta.persona_names):
        raise FileError("persona_names: a name stands there twice", where=folder.path)
    paths: dict[str, Path_] = {name: [] for name in meta.persona_names}
    last = -1
    for step, frames in _compressed(folder) if compressed else _uncompressed(folder):
        last = step
        for name, frame in frames.items():
            if name not in paths:
                what = f"step {step} has somebody who is not among the persona_names"
                raise FileError(what, where=folder.path, value=name, allowed=paths)
            if not paths[name] or paths[name][-1][1] != frame:
                paths[name].append((step, frame))
    if last < 0:
        raise FileError("the recording has no step", where=folder.path)
    start, seconds, notes = _times(folder, meta, last + 1)
    return Taken(
        folder, meta, compressed, last + 1, start, seconds, paths, _stood(folder, paths), notes
    )


def _compressed(folder: Folder) -> Iterator[tuple[int, dict[str, Frame]]]:
    master = folder.read(_MASTER, "master_movement.json")
    yield from sorted(master.items())


def _uncompressed(folder: Folder) -> Iterator[tuple[int, dict[str, Frame]]]:
    for step, name in folder.numbered("movement"):
        if step >= STEPS:
            what = f"is beyond the {STEPS:,} steps that are read"
            raise FileError(what, where=folder.path / "movement" / name)
        yield step, folder.read(_MOVEMENT, "movement", name).persona


def _stood(folder: Folder, paths: dict[str, Path_]) -> dict[str, tuple[int, int]]:
    if not folder.has("environment", "0.json"):
        return {}
    found = folder.read(_ENVIRONMENT, "environment", "0.json")
    return {name: (stand.y, stand.x) for name, stand in found.items() if name in paths}


def moment(text: str, where: str | Path) -> datetime:
    """A time as a recording writes it.

    Raises:
        FileError: It is none.
    """
    for form in _TIMES:
        try:
            # That code knows no time zones.
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    hint = "It should be like 'February 13, 2023, 09:30:00' or '2023-02-13 09:30:00'."
    raise FileError("no time as recorded", where=where, value=text, hint=hint)


def _times(folder: Folder, meta: Meta, steps: int) -> tuple[datetime, int, tuple[str, ...]]:
    """When it began and how long a step is, where the file agrees with itself and where not."""
    where = folder.path
    now = moment(meta.curr_time, where) if meta.curr_time else None
    start = moment(meta.start_date, where) if meta.start_date else None
    if now is None and start is None:
        raise FileError("meta.json has neither start_date nor curr_time", where=where)
    try:
        counted = None if now is None else now - timedelta(seconds=meta.sec_per_step * meta.step)
    except OverflowError as error:
        what = "curr_time, sec_per_step and step lead out of the calendar"
        raise FileError(what, where=where, value=meta.curr_time) from error
    if start is None:
        return _known(counted), meta.sec_per_step, ()
    if now is None or counted == start:
        return start, meta.sec_per_step, ()
    exact = (now - start).total_seconds() / steps
    seconds = round(exact)
    if 1 <= seconds <= 86_400 and abs(exact - seconds) <= 0.01 * seconds:
        said = f"{meta.step:,} steps of {meta.sec_per_step:,} s"
        note = (
            f"meta.json says {said}, which does not lead from {meta.start_date} to "
            f"{meta.curr_time}; its {steps:,} recorded steps of {seconds:,} s do, and are taken."
        )
        return start, seconds, (note,) if seconds != meta.sec_per_step else ()
    return (
        _known(counted),
        meta.sec_per_step,
        (f"meta.json counts its {meta.step:,} steps from {counted}, not from {meta.start_date}.",),
    )


def _known(time: datetime | None) -> datetime:
    if time is None:  # pragma: no cover - one of the two is always there
        raise FileError("meta.json has no time")
    return time
