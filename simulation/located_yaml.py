"""YAML that remembers on which line everything stands.

Two steps, kept apart so that a file can be looked at before it is judged::

    located = read_yaml("personas/ada.yaml")     # syntax: FileError with PATH:LINE
    persona = validate(located, Persona)         # fields: FileError with PATH:LINE

The dialect is the core schema of YAML 1.2, read by PyYAML's safe parser: ``22:00`` is a text and
not the number 1320, ``no`` is a text and not false, and no tag builds an object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from simulation.errors import FileError
from simulation.field_errors import Loc, explain

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

MAX_BYTES: Final = 1_000_000
"""A file that a person edits is far smaller; beyond this it is the wrong file."""
MAX_NODES: Final = 50_000
"""Values in a file once its aliases are written out: a few lines of aliases can stand for 10⁹."""
MAX_DEPTH: Final = 32

ModelT = TypeVar("ModelT", bound=BaseModel)
_PREFIX: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True, kw_only=True)
class Located:
    """What a YAML file holds, and where."""

    path: str
    """The file, as it is shown to the person who wrote it."""
    data: object
    """Plain Python: dict, list, str, int, float, bool, None."""
    lines: Mapping[Loc, int] = field(repr=False)
    """The line of each value by its path of keys and indices; a field stands where its key does."""

    def line_of(self, loc: Loc) -> int:
        """The line of the nearest value on the way to ``loc``.

        A field that is missing stands where its owner does. Parts that the file does not know,
        such as the names that pydantic gives to the members of a union, are passed over.
        """
        known: Loc = ()
        for part in loc:
            if (*known, part) in self.lines:
                known = (*known, part)
        return self.lines[known]

    def where(self, loc: Loc = ()) -> str:
        """``PATH:LINE`` of a value, for an error of one's own."""
        return f"{self.path}:{self.line_of(loc)}"


def read_yaml(path: str | Path) -> Located:
    """Read the one YAML document in a file.

    Raises:
        FileError: The file cannot be read, is not UTF-8, or is not one YAML document.
    """
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise FileError("no such file", where=path, hint="Check the path.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot be read ({reason})", where=path, hint="Check the path.") from error
    if len(raw) > MAX_BYTES:
        what = f"larger than {MAX_BYTES:,} bytes"
        raise FileError(what, where=path, value=len(raw), hint="Is it the right file?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = raw[error.start : error.start + 1]
        hint = "Save the file as UTF-8."
        raise FileError("not UTF-8", where=f"{path}:{line}", value=byte, hint=hint) from error
    return parse_yaml(text, path)


def parse_yaml(text: str, path: str | Path) -> Located:
    """The same for a text in hand; ``path`` is what errors call it."""
    node = _compose(text, str(path))
    walk = _Walk(path=str(path))
    data = walk.value(node, ())
    return Located(path=walk.path, data=data, lines=walk.lines)


def validate(located: Located, model: type[ModelT]) -> ModelT:
    """Build ``model`` from a file, or say which line to mend and how.

    Raises:
        FileError: A field is wrong, missing or unknown; the first one is told in full.
    """
    try:
        return model.model_validate(located.data)
    except ValidationError as error:
        raise explain(error, model, located.path, located.line_of) from error


class _CoreLoader(yaml.SafeLoader):
    """PyYAML's safe parser with the plain scalars of YAML 1.2 instead of 1.1."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - the base class declares it so


for _kind, _pattern, _first in (
    ("null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)", list("tTfF")),
    ("int", r"[-+]?[0-9]{1,18}", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _CoreLoader.add_implicit_resolver(f"{_PREFIX}{_kind}", re.compile(rf"^{_pattern}\Z"), _first)


def _compose(text: str, path: str) -> Node:
    """The node tree; depth is bounded before PyYAML's composer, which recurses, sees it."""
    try:
        _check_depth(text, path)
        node = _CoreLoader(text).get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = "a character that YAML does not allow"
        value = chr(error.character) if isinstance(error.character, int) else error.character
        hint = "Remove it."
        raise FileError(what, where=f"{path}:{line}", value=value, hint=hint) from error
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, path) from error
    if node is None:
        hint = "`sociarium new` writes a commented template."
        raise FileError("the file is empty", where=f"{path}:1", hint=hint)
    return node


def _check_depth(text: str, path: str) -> None:
    loader = _CoreLoader(text)
    depth = 0
    try:
        while loader.check_event():
            event = loader.get_event()
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _too_deep(f"{path}:{event.start_mark.line + 1}")
    except (ValueError, OverflowError) as error:  # an escape such as \Uffffffff is no character
        where = f"{path}:{loader.line + 1}"
        hint = "Look for a backslash or a % sign."
        raise FileError(f"not valid YAML ({error})", where=where, hint=hint) from error


def _too_deep(where: str) -> FileError:
    hint = "Look for an unclosed bracket, or an alias that holds itself."
    return FileError(f"nested more than {MAX_DEPTH} deep", where=where, hint=hint)


def _syntax_error(error: yaml.MarkedYAMLError, path: str) -> FileError:
    mark = error.problem_mark or error.context_mark
    where = path if mark is None else f"{path}:{mark.line + 1}"
    problem = error.problem or error.context or "cannot be parsed"
    if "\\t" in problem:
        return FileError("a tab", where=where, hint="Indent with spaces.")
    if "another document" in problem:
        hint = "Keep one document: remove the line `---` and what follows."
        return FileError("more than one YAML document", where=where, hint=hint)
    hint = "Check indentation, colons and quotes there and on the line above."
    return FileError(f"not valid YAML ({problem})", where=where, hint=hint)


@dataclass(kw_only=True)
class _Walk:
    """Turns nodes into plain values and notes their lines; aliases are written out, and counted."""

    path: str
    lines: dict[Loc, int] = field(default_factory=dict[Loc, int])

    def value(self, node: Node, loc: Loc) -> object:
        self.lines.setdefault(loc, self._line(node))
        if len(self.lines) > MAX_NODES:
            raise FileError(f"more than {MAX_NODES:,} values", where=self._where(node))
        if len(loc) > MAX_DEPTH:
            raise _too_deep(self._where(node))
        if isinstance(node, MappingNode):
            self._expect_tag(node, "map")
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            self._expect_tag(node, "seq")
            return [self.value(item, (*loc, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[Hashable, object]:
        result: dict[Hashable, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                hint = "Write the key as one word."
                raise FileError("a key that is not a text", where=self._where(key_node), hint=hint)
            key = self._scalar(key_node)
            if key in result:
                first = self.lines[(*loc, _part(key))]
                what = f"a key that stands on line {first} already"
                hint = "Remove one of the two."
                raise FileError(what, where=self._where(key_node), value=key, hint=hint)
            inner = (*loc, _part(key))
            self.lines[inner] = self._line(key_node)
            result[key] = self.value(value_node, inner)
        return result

    def _scalar(self, node: Node) -> str | int | float | bool | None:
        text: str = node.value
        kind = node.tag.removeprefix(_PREFIX)
        try:
            text.encode()  # an escape can spell half a character, which no file could hold
            if kind == "null":
                return None
            if kind == "bool":
                return {"true": True, "false": False}[text.lower()]
            if kind == "int":
                return int(text)
            if kind == "float":
                return float(text)
        except (ValueError, KeyError) as error:
            hint = "Write it as plain text, or correct it."
            what = f"not a {kind}"
            raise FileError(what, where=self._where(node), value=text, hint=hint) from error
        self._expect_tag(node, "str")
        return text

    def _expect_tag(self, node: Node, kind: str) -> None:
        if node.tag != f"{_PREFIX}{kind}":
            hint = "Remove the tag: values are plain text, numbers, lists and fields."
            raise FileError("a tag", where=self._where(node), value=node.tag, hint=hint)

    def _line(self, node: Node) -> int:
        return node.start_mark.line + 1

    def _where(self, node: Node) -> str:
        return f"{self.path}:{self._line(node)}"


def _part(key: Hashable) -> str | int:
    return key if isinstance(key, int) else str(key)
