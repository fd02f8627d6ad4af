"""A map out of the maze files of the released code: matrices of numbers, and what they stand for.

::

    maze_meta_info.json                  maze_width, maze_height
    maze/collision_maze.csv              0: can be walked on (and so on for sector, arena,
                                         game_object and spawning_location)
    special_blocks/sector_blocks.csv     32135, the Ville, artist's co-living space (and so on)

A matrix is one row of as many numbers as the maze has tiles.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, TypeAdapter

from simulation.errors import FileError
from simulation.imports.files import Folder, Read
from simulation.imports.ground import GROWTH, Ground, Groundwork, Spot
from simulation.imports.recording import WIDEST

if TYPE_CHECKING:
    from simulation.imports.ground import Cell

_INFO: Final = "maze_meta_info.json"
_ALL: Final = "<all>"
_FREE: Final = "0"


class MazeInfo(Read):
    """``maze_meta_info.json``."""

    world_name: str = ""
    maze_width: Annotated[int, Field(ge=1, le=WIDEST)]
    maze_height: Annotated[int, Field(ge=1, le=WIDEST)]


_READ_INFO: Final = TypeAdapter(MazeInfo)


def find_maze(given: str | Path | None, recording: Path, name: str) -> Folder | None:
    """The folder of the maze files: the one given, else where the released code keeps them.

    Args:
        given: ``matrix``, or a folder that holds it; None: look beside the recording.
        recording: The recording's folder.
        name: The maze's, as ``meta.json`` has it.

    Raises:
        FileError: A folder was given, and no maze is in it.
    """
    named = name if name and name not in (".", "..") and not set(name) & set("/\\\0") else ""
    if given is None:
        frontend = recording.resolve().parent.parent
        place = frontend / "static_dirs" / "assets" / named / "matrix"
        return Folder(place) if named and (place / _INFO).is_file() else None
    base = Path(given)
    for place in (base, base / "matrix", *((base / named / "matrix",) if named else ())):
        if (place / _INFO).is_file():
            return Folder(place)
    hint = "Give the folder `matrix` of the released code's assets."
    raise FileError(f"holds no {_INFO}", where=base, hint=hint)


def read_maze(folder: Folder, title: str) -> Ground:
    """The map that the maze files draw.

    Raises:
        FileError: A file is missing, or the matrices do not fit each other.
    """
    info = folder.read(_READ_INFO, _INFO)
    width = info.maze_width
    layers = {
        layer: _matrix(folder, layer, width * info.maze_height)
        for layer in ("collision", "sector", "arena", "game_object")
    }
    sectors, arenas, things = (
        _blocks(folder, name) for name in ("sector_blocks", "arena_blocks", "game_object_blocks")
    )
    work = Groundwork(info.maze_height, width, info.world_name or title, GROWTH)
    for number, blocked in enumerate(layers["collision"]):
        cell = (number // width, number % width)
        sector = sectors.get(layers["sector"][number], ())
        arena = arenas.get(layers["arena"][number], ())
        spot = Spot(*(arena or sector)) if arena or sector else None
        thing = things.get(layers["game_object"][number], ())
        _lay(work, cell, spot, thing[-1] if thing else "", blocked=blocked != _FREE)
    return work.done(str(folder.path))


def _lay(work: Groundwork, cell: Cell, spot: Spot | None, thing: str, *, blocked: bool) -> None:
    if blocked:
        work.blocked(cell, built=spot is not None)
    elif spot is None:
        work.outside(cell)
    else:
        work.room(cell, spot)
    if thing and spot is not None:
        work.thing(cell, Spot(spot.sector, spot.arena, thing))


def _matrix(folder: Folder, layer: str, size: int) -> list[str]:
    parts = ("maze", f"{layer}_maze.csv")
    cells = [cell for row in folder.rows(*parts) for cell in row if cell]
    if len(cells) != size:
        what = f"has {len(cells):,} cells where {_INFO} says {size:,}"
        raise FileError(what, where=folder.path.joinpath(*parts))
    return cells


def _blocks(folder: Folder, name: str) -> dict[str, tuple[str, ...]]:
    """What each number stands for, without the world: (sector), (sector, arena), (thing)."""
    parts = ("special_blocks", f"{name}.csv")
    found: dict[str, tuple[str, ...]] = {}
    for row in folder.rows(*parts):
        named = tuple(cell for cell in row[2:] if cell and cell != _ALL)
        if not named:
            what = "a row names nothing"
            raise FileError(what, where=folder.path.joinpath(*parts), value=", ".join(row))
        found[row[0]] = named[:2]
    return found
