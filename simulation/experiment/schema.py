"""The schema of an experiment file.

::

    title: Who carries Gudrun's logs
    hypothesis: The need is met more often when it is asked for.
    world: village
    agents: 7
    ticks: 180
    seeds: 0..9
    arms:
      unasked: {set: {logs: unasked}}
      asked: {set: {logs: asked}}
    control: unasked
    measures:
      carried: {goal: logs}
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Baseline = Literal["uniform", "rules", "no persona", "names rotated"]
"""Arms that take something away: chance in place of a mind, a classic theory in place of a model,
no difference between people, names that go with other lives."""

_SPAN: Final = re.compile(r"\s*(\d+)\s*\.\.\s*(\d+)\s*")
_MOST: Final = 10_000


def _seeds(given: Any) -> Any:
    """``0..9`` is the ten seeds from 0 to 9."""
    match = _SPAN.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return given
    first, last = int(match[1]), int(match[2])
    if not first <= last < first + _MOST:
        raise ValueError(f"write FIRST..LAST, at most {_MOST} of them")
    return list(range(first, last + 1))


class Part(BaseModel):
    """What all parts of an experiment file share: frozen, and strict about their fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Known(Part):
    """What is known from elsewhere."""

    source: str
    """Author, year, and where."""
    finding: str
    """In a sentence, with its figures."""
    share: float | None = Field(default=None, ge=0, le=1)
    """The share that the measure is compared with, where there is one."""
    n: int | None = Field(default=None, ge=1)
    """How many people it rests on."""


class Arm(Part):
    """A condition."""

    set: dict[str, str] = {}
    """Levers of the world."""
    mind: str | None = None
    """The kind of mind, where it differs."""
    baseline: Baseline | None = None
    """What is taken away."""
    do: tuple[str, ...] = ()
    """Interventions, each with its moment: ``08:30 whisper ada "…"``."""
    agents: int | None = Field(default=None, ge=1)
    """How many people, where it differs."""
    what: str = ""
    """In words."""


class Measured(Part):
    """One number that every run is brought to. Name one kind."""

    goal: str | None = None
    """The share of unasked opportunities at which this goal of others was worked for."""
    delivered: str | None = None
    """What a goal gained by deeds of others, in units of its attribute."""
    harm: str | None = None
    """The share of opportunities at which this act was done: ``gate:force``; ``any``: all."""
    act: str | None = None
    """How often an act was done: ``till:coins``, or a verb."""
    first: str | None = None
    """The tick at which an act was first done; a run without it is censored at its end."""
    knows: str | None = None
    """The share of people who know a fact at the end, those who began with it left out."""
    position: str | None = None
    """The mean position on a topic at the end, of those who have one; a named option's share is
    ``TOPIC=OPTION``."""
    shifted: str | None = None
    """The share of looks at a position, after hearing another one, at which it had gone over."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if len(self._named) != 1:
            kinds = ", ".join(type(self).model_fields)
            raise ValueError(f"name one kind of measure: {kinds}")
        return self

    @property
    def kind(self) -> str:
        """Which kind it is."""
        return self._named[0]

    @property
    def _named(self) -> list[str]:
        return [name for name in type(self).model_fields if getattr(self, name) is not None]

    @property
    def of(self) -> str:
        """What it is about."""
        return str(getattr(self, self.kind))


class Design(Part):
    """An experiment file."""

    title: str
    hypothesis: str
    """In a sentence that a run can speak against."""
    literature: tuple[Known, ...] = ()
    """What is known of people, or of other models."""
    weak_model: str = ""
    """What a small model cannot carry of this, in a sentence."""
    world: str
    """An entry point's name, a folder, or ``module:Class``."""
    agents: int | None = Field(default=None, ge=1)
    ticks: int = Field(ge=1)
    start: str | None = None
    """The hour of tick 0."""
    mind: str = "generative"
    models: tuple[str, ...] = Field(default=("local",), min_length=1)
    set: dict[str, str] = {}
    """Levers that all arms share."""
    options: dict[str, str] = {}
    """Settings of the minds, as ``--option`` has them."""
    probes: tuple[str, ...] = ()
    """When people are asked in private: ``limit every 60``."""
    seeds: Annotated[tuple[int, ...], BeforeValidator(_seeds)] = Field(min_length=1)
    """A list, or ``0..9``."""
    arms: dict[str, Arm] = Field(min_length=1)
    control: str | None = None
    """The arm that the others are compared with; without it, none are."""
    measures: dict[str, Measured] = Field(min_length=1)
    margin: float | None = Field(default=None, gt=0)
    """Differences smaller than this count as none, for the test of equivalence."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.control is not None and self.control not in self.arms:
            raise ValueError(
                f"control: {self.control!r} is no arm; there are {', '.join(self.arms)}"
            )
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError("seeds: one of them stands there twice")
        return self
