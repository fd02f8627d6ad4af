"""The files of a recording, read with care: a recording comes from strangers."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from simulation.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

LARGEST: Final = 512 * 1024 * 1024
"""Bytes of a file that is read; the largest embeddings of the released demos have 160 MB."""
LONGEST: Final = 100_000
"""Characters that are kept of a text."""
_NUMBERED: Final = re.compile(r"(0|[1-9][0-9]{0,8})\.json")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Read(BaseModel):
    """What all parts of a recording share: unknown fields are passed over, numbers are finite."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", allow_inf_nan=False, use_attribute_docstrings=True
    )


class Folder:
    """A folder of a recording.

    Args:
        path: Where it is.

    Raises:
        FileError: There is no such folder.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_dir():
            what = "is no folder" if self.path.exists() else "there is no such folder"
            hint = "Give the folder that holds the recording."
            raise FileError(what, where=self.path, hint=hint)
        self._root = self.path.resolve()

    def has(self, *parts: str) -> bool:
        """Whether there is such a file or folder."""
        return self.path.joinpath(*parts).exists()

    def read(self, kind: TypeAdapter[T], *parts: str) -> T:
        """A file of JSON, as what it should hold.

        Raises:
            FileError: It is missing, leads out of the recording, is too large, or holds
                something else.
        """
        path = self.file(*parts)
        try:
            return kind.validate_python(_cleaned(json.loads(path.read_bytes())))
        except RecursionError as error:
            raise FileError("is nested too deeply", where=path) from error
        except ValidationError as error:
            raise _not_this(path, error) from error
        except OSError as error:
            raise FileError(f"cannot be read ({error.strerror})", where=path) from error
        except ValueError as error:
            raise FileError(f"is not JSON ({error})", where=path) from error

    def rows(self, *parts: str) -> list[list[str]]:
        """The rows of a CSV file, without the blanks around its cells.

        Raises:
            FileError: It is missing, leads out of the recording, is too large, or is no CSV.
        """
        path = self.file(*parts)
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                # A maze is one row of as many cells as it has.
                csv.field_size_limit(LONGEST)
                return [[cell.strip() for cell in row] for row in csv.reader(file) if row]
        except OSError as error:
            raise FileError(f"cannot be read ({error.strerror})", where=path) from error
        except (ValueError, csv.Error) as error:
            raise FileError(f"is not CSV ({error})", where=path) from error

    def numbered(self, folder: str) -> list[tuple[int, str]]:
        """The files ``0.json``, ``1.json`` … of a folder, in the order of their numbers."""
        place = self.path / folder
        if not place.is_dir():
            return []
        found = [(_NUMBERED.fullmatch(entry.name), entry.name) for entry in place.iterdir()]
        return sorted((int(match[1]), name) for match, name in found if match)

    def file(self, *parts: str) -> Path:
        """Where a file is, if it can be read.

        Raises:
            FileError: It is missing, leads out of the recording, or is too large.
        """
        path = self.path.joinpath(*parts)
        try:
            if not path.resolve().is_relative_to(self._root):
                raise FileError("leads out of the recording", where=path)
            if not path.is_file():
                hint = "Is the recording whole?"
                raise FileError("a file of the recording is missing", where=path, hint=hint)
            size = path.stat().st_size
        except (OSError, ValueError, RuntimeError) as error:
            raise FileError(f"cannot be read ({error})", where=path) from error
        if size > LARGEST:
            what = f"is too large: {size / 1e6:,.0f} MB, at most {LARGEST / 1e6:,.0f} are read"
            raise FileError(what, where=path)
        return path


def _cleaned(value: Any) -> Any:
    """The same without halves of characters, which no file of ours could hold."""
    if isinstance(value, str):
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value[:LONGEST])
    if isinstance(value, list):
        rows: list[Any] = value
        if rows and isinstance(rows[0], float):
            return rows
        return [_cleaned(one) for one in rows]
    if isinstance(value, dict):
        fields: dict[str, Any] = value
        return {_cleaned(name): _cleaned(one) for name, one in fields.items()}
    return value


def _not_this(path: Path, error: ValidationError) -> FileError:
    first = error.errors(include_url=False)[0]
    where = " ".join(_shown(first["loc"]))
    told = first["msg"][:1].lower() + first["msg"][1:]
    return FileError(f"{where}: {told}" if where else told, where=path, value=first["input"])


def _shown(location: Sequence[int | str]) -> list[str]:
    return [str(part)[:60] for part in location]
