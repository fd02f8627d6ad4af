"""What somebody outside a society can do to it: typed, on record, and written in a line.

===============================  ==============================================================
``whisper WHO "WORDS"``          a thought comes to one mind: the inner voice of Park et al.
                                 (2023, §3.1.2)
``announce "WORDS" [in PLACE]``  something happens that everybody there notices, or everybody
``change THING NAME=VALUE``      an object's state; several at once
``move WHO to PLACE``            a body is somewhere else, and has dropped what it was doing
``add PERSONA [in PLACE]``       somebody comes to live here: a persona that ships, or a YAML file
``remove WHO``                   somebody leaves for good
``set LEVER=VALUE``              a lever of the world, with all that hangs on it
``persona WHO FIELD=VALUE``      somebody is another person from now on; or ``persona WHO FILE``
``chance NUMBER``                whatever is left to chance falls otherwise: the same past, another
                                 future
===============================  ==============================================================

Names with blanks stand in quotation marks. An intervention holds all that is needed to do it
again, so that an episode can be repeated without the files that it once came from.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

import personas
from personas import Persona
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST: Final = 1000
"""Characters of a whisper or an announcement."""


def _printable(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ValueError("should say something")
    if any(not sign.isprintable() for sign in text):
        raise ValueError("should be plain text, without control characters")
    return text


Name = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_printable)]
Words = Annotated[str, Field(max_length=LONGEST), AfterValidator(_printable)]


class _Intervention(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Whisper(_Intervention):
    """A thought comes to somebody, as if from within."""

    kind: Literal["whisper"] = "whisper"
    who: Name
    words: Words

    def as_text(self) -> str:
        """As it can be written."""
        return f"whisper {_quoted(self.who)} {_in_marks(self.words)}"


class Announce(_Intervention):
    """Something happens that everybody in a place notices; everywhere, if no place is given."""

    kind: Literal["announce"] = "announce"
    words: Words
    place: Name | Literal[""] = ""

    def as_text(self) -> str:
        """As it can be written."""
        return f"announce {_in_marks(self.words)}" + (f" in {self.place}" if self.place else "")


class Change(_Intervention):
    """An object is in another state."""

    kind: Literal["change"] = "change"
    thing: Name
    values: Annotated[dict[Name, bool | int | float | str], Field(min_length=1, max_length=40)]

    def as_text(self) -> str:
        """As it can be written."""
        return f"change {_quoted(self.thing)} {_assignments(self.values)}"


class Move(_Intervention):
    """A body is in another place, and does nothing for the moment."""

    kind: Literal["move"] = "move"
    who: Name
    place: Name

    def as_text(self) -> str:
        """As it can be written."""
        return f"move {_quoted(self.who)} to {self.place}"


class Add(_Intervention):
    """Somebody comes to live in the world."""

    kind: Literal["add"] = "add"
    persona: Persona
    place: Name | Literal[""] = ""
    """Where they appear; empty: at home."""

    def as_text(self) -> str:
        """As it can be written, where the persona's file lies at hand."""
        return f"add {self.persona.id}" + (f" in {self.place}" if self.place else "")


class Remove(_Intervention):
    """Somebody leaves the world for good."""

    kind: Literal["remove"] = "remove"
    who: Name

    def as_text(self) -> str:
        """As it can be written."""
        return f"remove {_quoted(self.who)}"


class Lever(_Intervention):
    """Levers of the world stand elsewhere: what the world made of them at its start changes."""

    kind: Literal["set"] = "set"
    values: Annotated[dict[Name, str], Field(min_length=1, max_length=40)]

    def as_text(self) -> str:
        """As it can be written."""
        return f"set {_assignments(self.values)}"


class Become(_Intervention):
    """Somebody is another person from now on, with the same id and the same memories."""

    kind: Literal["persona"] = "persona"
    who: Name
    persona: Persona | None = None
    """The whole of it; None: the same but for ``values``."""
    values: Annotated[dict[Name, str], Field(max_length=40)] = {}
    """Fields by name, with dots inside: ``big_five.openness``."""

    def as_text(self) -> str:
        """As it can be written, where the persona's file lies at hand."""
        rest = _assignments(self.values) if self.persona is None else f"{self.persona.id}.yaml"
        return f"persona {_quoted(self.who)} {rest}"

    def apply(self, persona: Persona) -> Persona:
        """Who they are now.

        Raises:
            ConfigError: No persona has such a field or such a value.
        """
        if self.persona is not None:
            if self.persona.id != persona.id:
                hint = "Somebody keeps their id, as others remember them by it."
                what, allowed = f"another person's id, {self.persona.id}", [persona.id]
                raise ConfigError(what, where="persona", allowed=allowed, hint=hint)
            return self.persona
        data: Any = persona.model_dump(mode="json")
        for name, value in self.values.items():
            _put(data, name, value)
        try:
            return Persona.model_validate(data)
        except ValidationError as error:
            raise _refused("persona", error) from error


class Chance(_Intervention):
    """Chance falls otherwise from the next tick on; nobody notices anything.

    Branches of one past that differ in this number alone are replicates of one another.
    """

    kind: Literal["chance"] = "chance"
    number: Annotated[int, Field(ge=0, lt=2**32)]

    def as_text(self) -> str:
        """As it can be written."""
        return f"chance {self.number}"


Intervention = Annotated[
    Whisper | Announce | Change | Move | Add | Remove | Lever | Become | Chance,
    Field(discriminator="kind"),
]
INTERVENTION: Final[TypeAdapter[Intervention]] = TypeAdapter(Intervention)
"""Reads an intervention back from ``details`` of the event that records it."""


class Form(NamedTuple):
    """How an intervention is written."""

    usage: str
    about: str
    read: Callable[[list[str], Path | None], dict[str, Any]]


def parse(text: str, *, where: str = "--do", folder: Path | None = None) -> Intervention:
    """An intervention out of a line.

    Args:
        text: As in the table above.
        where: Where it stands, for an error.
        folder: Where files that it names are looked for; None: the working directory.

    Raises:
        ConfigError: It is none.
        FileError: A persona's file cannot be used.

    Examples:
        >>> parse('whisper Ana "the tide is early"').words
        'the tide is early'
        >>> parse("move ana to the quay").place
        'the quay'
    """
    try:
        verb, *words = shlex.split(text)
    except ValueError as error:
        what = f"not an intervention ({str(error).lower() if text.strip() else 'empty'})"
        hint = "Quotation marks come in pairs."
        raise ConfigError(what, where=where, value=text, allowed=FORMS, hint=hint) from error
    form = FORMS.get(verb)
    if form is None:
        raise ConfigError("unknown intervention", where=where, value=verb, allowed=FORMS)
    try:
        return INTERVENTION.validate_python({"kind": verb} | form.read(words, folder))
    except ValidationError as error:
        raise _refused(f"{where} {verb}", error) from error
    except _UnlikeForm as error:
        hint = f"Write {form.usage}."
        raise ConfigError(f"{verb}: {error}", where=where, value=text, hint=hint) from error


class _UnlikeForm(ValueError):
    """The words do not have the form of the intervention."""


def _whisper(words: list[str], _: Path | None) -> dict[str, Any]:
    who, *said = _at_least(words, 2)
    return {"who": who, "words": " ".join(said)}


def _announce(words: list[str], _: Path | None) -> dict[str, Any]:
    said, *rest = _at_least(words, 1)
    return {"words": said, "place": _after("in", rest)}


def _change(words: list[str], _: Path | None) -> dict[str, Any]:
    first = next((n for n, word in enumerate(words) if "=" in word), len(words))
    values = {name: _typed(value) for name, value in _pairs(words[first:]).items()}
    return {"thing": " ".join(_at_least(words[:first], 1)), "values": values}


def _move(words: list[str], _: Path | None) -> dict[str, Any]:
    who, *rest = _at_least(words, 3)
    return {"who": who, "place": _after("to", rest)}


def _add(words: list[str], folder: Path | None) -> dict[str, Any]:
    name, *rest = _at_least(words, 1)
    return {"persona": _persona(name, folder), "place": _after("in", rest)}


def _remove(words: list[str], _: Path | None) -> dict[str, Any]:
    return {"who": " ".join(_at_least(words, 1))}


def _set(words: list[str], _: Path | None) -> dict[str, Any]:
    return {"values": _pairs(words)}


def _become(words: list[str], folder: Path | None) -> dict[str, Any]:
    who, *rest = _at_least(words, 2)
    if len(rest) == 1 and "=" not in rest[0]:
        return {"who": who, "persona": _persona(rest[0], folder)}
    return {"who": who, "values": _pairs(rest)}


def _chance(words: list[str], _: Path | None) -> dict[str, Any]:
    (number,) = _at_least(words, 1)[:1]
    if len(words) > 1:
        raise _UnlikeForm(f"{words[1]!r} stands where nothing more belongs")
    return {"number": _typed(number)}


FORMS: Final[dict[str, Form]] = {
    "whisper": Form('whisper WHO "WORDS"', "a thought comes to somebody", _whisper),
    "announce": Form('announce "WORDS" [in PLACE]', "everybody there notices it", _announce),
    "change": Form("change THING NAME=VALUE …", "an object's state", _change),
    "move": Form("move WHO to PLACE", "somebody is elsewhere", _move),
    "add": Form("add PERSONA [in PLACE]", "somebody comes to live here", _add),
    "remove": Form("remove WHO", "somebody leaves for good", _remove),
    "set": Form("set LEVER=VALUE …", "a lever of the world", _set),
    "persona": Form("persona WHO FIELD=VALUE …", "somebody is another person", _become),
    "chance": Form("chance NUMBER", "what is left to chance falls otherwise", _chance),
}
"""By the word that each begins with."""


def _at_least(words: list[str], count: int) -> list[str]:
    if len(words) < count:
        raise _UnlikeForm("something is missing")
    return words


def _after(preposition: str, words: list[str]) -> str:
    """The name behind a preposition; empty where there are no words."""
    if words and (words[0] not in (preposition, "at", "on") or len(words) < 2):
        raise _UnlikeForm(f"{words[0]!r} stands where {preposition!r} and a name belong")
    return " ".join(words[1:])


def _pairs(words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise _UnlikeForm(f"{word!r} is not NAME=VALUE")
        if name in found:
            raise _UnlikeForm(f"{name} is given twice")
        found[name] = value
    if not found:
        raise _UnlikeForm("something is missing")
    return found


def _typed(text: str) -> bool | int | float | str:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _persona(name: str, folder: Path | None) -> Persona:
    path = Path(name) if folder is None else folder / name
    looks_like_file = path.suffix in (".yaml", ".yml") or len(path.parts) > 1
    return personas.load_file(path) if looks_like_file else personas.load(name)


def _put(data: Any, name: str, value: str) -> None:
    """Set a field that may lie within another one."""
    *path, last = name.split(".")
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    if not isinstance(data, dict) or last not in data:
        allowed = sorted(data) if isinstance(data, dict) else ()
        what = "no such field of a persona"
        raise ConfigError(what, where="persona", value=name, allowed=allowed)
    data[last] = _typed(value)


def _refused(where: str, error: ValidationError) -> ConfigError:
    detail = error.errors(include_url=False)[0]
    said = detail["msg"].removeprefix("Value error, ")
    field = ".".join(str(part) for part in detail["loc"] if part not in FORMS)
    return ConfigError(f"{field}: {said[:1].lower()}{said[1:]}", where=where, value=detail["input"])


def _quoted(name: str) -> str:
    return shlex.quote(name)


def _in_marks(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _assignments(values: dict[str, Any]) -> str:
    def shown(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    return " ".join(shlex.quote(f"{name}={shown(value)}") for name, value in values.items())
