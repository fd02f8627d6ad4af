"""The schema of an experiment file.

::

    title: Who carries Gudrun's logs
    hypothesis: The need is met more often when it is asked for.
    world: village
    agents: 7
    ticks: 180
    seeds: 0..9
    paraphrases: {plain: {}, second: {decide: second}}
    arms:
      unasked: {set: {logs: unasked}}
      asked: {set: {logs: asked}}
      alone: {baseline: isolates, of: unasked}
    control: unasked
    measures:
      carried: {goal: logs}
    understood:
      - {what: her request was heard, text: Gudrun asks, arms: [asked]}
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from simulation.experiment.parts import Arm, Expected, Known, Measured, Part, Understood

_SPAN: Final = re.compile(r"\s*(\d+)\s*\.\.\s*(\d+)\s*")
_MOST: Final = 10_000
PLAIN: Final = "plain"
"""The paraphrase in the minds' own words."""


def _seeds(given: Any) -> Any:
    """``0..9`` is the ten seeds from 0 to 9."""
    match = _SPAN.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return given
    first, last = int(match[1]), int(match[2])
    if not first <= last < first + _MOST:
        raise ValueError(f"write FIRST..LAST, at most {_MOST} of them")
    return list(range(first, last + 1))


class Design(Part):
    """An experiment file."""

    title: str
    hypothesis: str
    """In a sentence that a run can speak against."""
    literature: tuple[Known, ...] = ()
    """What is known of people, or of other models."""
    weak_model: str = ""
    """What a small model cannot carry of this, in a sentence."""
    world: str | tuple[str, ...]
    """An entry point's name, a folder, or ``module:Class``; or several, for worlds that have the
    same levers."""
    agents: int | None = Field(default=None, ge=1)
    ticks: int = Field(ge=1)
    start: str | None = None
    """The hour of tick 0."""
    mind: str = "generative"
    models: tuple[str, ...] = Field(default=("local",), min_length=1)
    paraphrases: dict[str, dict[str, str]] = Field(default={PLAIN: {}}, min_length=1)
    """Name → for each prompt (``decide``, ``utter``, …) the file that words it otherwise: beside
    the experiment file, the name of one that ships, or the text itself. ``{}``: as it is."""
    set: dict[str, str] = Field(default={})
    """Levers that all arms share."""
    options: dict[str, str] = Field(default={})
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
    understood: tuple[Understood, ...] = ()
    """Checks that what the arms change reached the minds; without any, that gate fails."""
    foils: tuple[str, ...] = ()
    """Other hypotheses that somebody might guess, in words like those of ``hypothesis``; none:
    those of the experiments that ship."""
    expected: Expected | None = None
    """For ``--power``."""
    vary: dict[str, tuple[str, ...]] = Field(default={})
    """For ``--sensitivity``: levers and ``option.NAME`` → values in their order."""

    @property
    def worlds(self) -> tuple[str, ...]:
        """All of them."""
        return (self.world,) if isinstance(self.world, str) else self.world

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for arm, where in self._arms_named():
            if arm not in self.arms:
                raise ValueError(f"{where}: {arm!r} is no arm; there are {', '.join(self.arms)}")
        for measure, where in self._measures_named():
            if measure not in self.measures:
                allowed = ", ".join(self.measures)
                raise ValueError(f"{where}: {measure!r} is no measure; there are {allowed}")
        for name in ("seeds", "models", "worlds"):
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise ValueError(f"{name}: one of them stands there twice")
        if not self.worlds:
            raise ValueError("world: name one or more")
        self._are_baselines_of_something()
        return self

    def _arms_named(self) -> list[tuple[str, str]]:
        """Every arm that is named somewhere, and where."""
        found = [(self.control, "control")] if self.control is not None else []
        found += [(arm.of, f"arms.{name}.of") for name, arm in self.arms.items() if arm.of]
        found += [(known.arm, "literature.arm") for known in self.literature if known.arm]
        return found + [(arm, "understood") for check in self.understood for arm in check.about]

    def _measures_named(self) -> list[tuple[str, str]]:
        found = [(one.measure, "literature.measure") for one in self.literature if one.measure]
        return found + ([(self.expected.measure, "expected")] if self.expected else [])

    def _are_baselines_of_something(self) -> None:
        for name, arm in self.arms.items():
            source = arm.of or (self.control if needs_source(arm) else None)
            if needs_source(arm) and source is None:
                raise ValueError(f"arms.{name}: say which arm it is the baseline of, with of")
            if source == name or (source and needs_source(self.arms[source])):
                raise ValueError(f"arms.{name}: it cannot be a baseline of {source!r}")
            if source and self.arms[source].of:
                raise ValueError(f"arms.{name}: {source!r} is itself a baseline of another arm")


def needs_source(arm: Arm) -> bool:
    """Whether an arm is made from what another one holds or what came of it."""
    return arm.baseline == "isolates" or (arm.baseline == "placebo messages" and not arm.do)
