"""Turns pydantic's account of what is wrong with a file into one line that a person can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from simulation.errors import FileError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

Loc: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and indices from the root of a file."""

_NEEDS_FIELDS: Final = {"model_type", "model_attributes_type", "dict_type", "dataclass_type"}
_NEEDS_LIST: Final = {"list_type", "tuple_type", "set_type"}
_Schema: TypeAlias = Mapping[str, Any]


def explain(
    error: ValidationError, model: type[BaseModel], path: str, line_of: Callable[[Loc], int]
) -> FileError:
    """The error to mend first, in full, with the lines of the others.

    A field that nobody knows comes first, since a slip of the pen in its name also makes the
    right field missing; then whatever stands highest in the file.
    """
    details = sorted(
        error.errors(include_url=False),
        key=lambda d: (d["type"] != "extra_forbidden", line_of(d["loc"])),
    )
    first, others = details[0], details[1:]
    where = f"{path}:{line_of(first['loc'])}"
    also = _also([line_of(d["loc"]) for d in others])
    schema = model.model_json_schema()
    if first["type"] == "extra_forbidden":
        return _unknown_field(first, schema, where, also)
    if first["type"] == "missing":
        hint = _hint("Add it", _about(schema, first["loc"]), also)
        return FileError(f"field {_name(first['loc'])} is missing", where=where, hint=hint)
    what = f"field {_name(first['loc'])}: {_what(first)}"
    hint = _hint("Correct it", _about(schema, first["loc"]), also)
    if first["type"] == "value_error" and not isinstance(first["input"], str | int | float):
        return FileError(what, where=where, hint=hint)  # its own words name the row to mend
    return FileError(what, where=where, value=first["input"], allowed=_allowed(first), hint=hint)


def _unknown_field(detail: ErrorDetails, schema: _Schema, where: str, also: str) -> FileError:
    *owner, name = detail["loc"]
    fields = [key for node in _nodes(schema, owner) for key in node.get("properties", {})]
    inside = f" in {_name(tuple(owner))}" if owner else ""
    return FileError(
        f"unknown field{inside}",
        where=where,
        value=name,
        allowed=fields,
        hint=" ".join(filter(None, ["Rename or remove it.", also])),
    )


def _name(loc: Loc) -> str:
    """``habits[2].at``; the root is ``the file``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".") or "(the whole file)"


def _what(detail: ErrorDetails) -> str:
    if detail["type"] in _NEEDS_FIELDS:
        return "should hold fields, one `name: value` to a line"
    if detail["type"] in _NEEDS_LIST:
        return "should be a list, one `- item` to a line"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return (message[:1].lower() + message[1:]).removeprefix("input ")


def _allowed(detail: ErrorDetails) -> list[str]:
    """The values of a ``Literal`` or an enum, out of pydantic's sentence about them."""
    if detail["type"] not in {"literal_error", "enum"}:
        return []
    return re.findall(r"'([^']*)'", detail.get("ctx", {}).get("expected", ""))


def _about(schema: _Schema, loc: Loc) -> str:
    """What the field is for, from the string under it; empty if it has none."""
    if not loc:
        return ""
    for node in _nodes(schema, loc[:-1]):
        described: _Schema = node.get("properties", {}).get(loc[-1], {})
        if "description" in described:
            return " ".join(described["description"].split())
    return ""


def _hint(do: str, about: str, also: str) -> str:
    told = f"{do}: {about}" if about else f"{do}."
    return f"{told} {also}".strip()


def _also(lines: Iterable[int]) -> str:
    numbers = [str(line) for line in lines]
    if not numbers:
        return ""
    shown = ", ".join(dict.fromkeys(numbers[:5])) + (", …" if len(numbers) > 5 else "")
    return f"({len(numbers)} more to mend, from line {shown})"


def _nodes(schema: _Schema, loc: Iterable[str | int]) -> list[_Schema]:
    """The parts of a JSON Schema that can describe the value at ``loc``."""
    found = _open(schema, schema)
    for part in loc:
        inner = [child for node in found for child in _children(node, part)]
        if inner:  # else the part names a member of a union, and is no step into the file
            found = [node for child in inner for node in _open(child, schema)]
    return found


def _children(node: _Schema, part: str | int) -> Iterable[_Schema]:
    if isinstance(part, int):
        candidates = [*node.get("prefixItems", [])[part : part + 1], node.get("items")]
    else:
        candidates = [node.get("properties", {}).get(part), node.get("additionalProperties")]
    return [child for child in candidates if isinstance(child, Mapping)]


def _open(node: _Schema, root: _Schema) -> list[_Schema]:
    """A node with its references and unions resolved."""
    if "$ref" in node:
        return _open(root["$defs"][node["$ref"].rsplit("/", 1)[-1]], root)
    members = [*node.get("anyOf", []), *node.get("oneOf", []), *node.get("allOf", [])]
    return [node, *(opened for member in members for opened in _open(member, root))]
