"""The tables of an episode as files: JSON lines, CSV, Parquet.

Numbers and texts are what they are; what is nested (options, effects, causes) is a JSON text in CSV
and Parquet, so that a column has one type however long the episode is. A row is written when it is
read: no file needs more memory than a batch.
"""

from __future__ import annotations

import csv
import importlib
import json
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal, get_args

from simulation.episode.export import escaped
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulation.episode.records import Table

Format = Literal["jsonl", "csv", "parquet"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
_ROWS: Final = 20_000
"""Rows of a group in a Parquet file."""


def write_table(table: Table, file: BinaryIO, form: Format) -> None:
    """Write a table into an open file.

    Raises:
        ConfigError: Parquet is wanted, and pyarrow is not installed.
        EpisodeError: The episode is damaged.
    """
    _WRITERS[form](table, file)


def check_format(form: str) -> Format:
    """The format of that name, if files can be written in it here.

    Raises:
        ConfigError: There is no such format, or its package is not installed.
    """
    for known in FORMATS:
        if form == known:
            if known == "parquet":
                _pyarrow("pyarrow")
            return known
    raise ConfigError("unknown format", where="--format", value=form, allowed=FORMATS)


def _write_lines(table: Table, file: BinaryIO) -> None:
    for record in table.records:
        ordered = {name: record[name] for name in table.columns}
        file.write(f"{escaped(_json(ordered))}\n".encode())


def _write_csv(table: Table, file: BinaryIO) -> None:
    """UTF-8 and line feeds, whatever the platform and the locale say."""
    line = StringIO()
    writer = csv.writer(line, lineterminator="\n")
    rows = ([_cell(record[name]) for name in table.columns] for record in table.records)
    for row in _after(list(table.columns), rows):
        writer.writerow(row)
        file.write(line.getvalue().encode("utf-8", "backslashreplace"))
        line.seek(0)
        line.truncate()


def _after(first: list[Any], rest: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield first
    yield from rest


def _write_parquet(table: Table, file: BinaryIO) -> None:
    arrow, parquet = _pyarrow("pyarrow"), _pyarrow("pyarrow.parquet")
    types = {str: arrow.string(), int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_()}
    fields = [(name, types[table.scalars.get(name, str)]) for name in table.columns]
    schema = arrow.schema(fields)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(table.records, _ROWS)):
            columns = [
                arrow.array([_value(record[name], name in table.scalars) for record in some], kind)
                for name, kind in fields
            ]
            writer.write_table(arrow.Table.from_arrays(columns, schema=schema))


def _pyarrow(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        hint = "Install it: pip install 'sociarium[parquet]'."
        raise ConfigError("Parquet needs pyarrow", where="--format", hint=hint) from error


def _cell(value: Any) -> Any:
    """A value in a CSV file."""
    return _json(value) if isinstance(value, list | tuple | dict) else value


def _value(value: Any, scalar: bool) -> Any:
    """A value in a Parquet file."""
    text = value if scalar or value is None else _json(value)
    # Arrow's texts are UTF-8, which has no bytes for a lone surrogate.
    return text.encode("utf-8", "backslashreplace").decode() if isinstance(text, str) else text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_WRITERS: Final[Mapping[Format, Callable[[Table, BinaryIO], None]]] = {
    "jsonl": _write_lines,
    "csv": _write_csv,
    "parquet": _write_parquet,
}
