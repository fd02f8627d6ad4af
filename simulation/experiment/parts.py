"""What an experiment file is made of: arms, measures, checks, and what is known from elsewhere."""

from __future__ import annotations

from typing import Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Baseline = Literal[
    "uniform",
    "rules",
    "no persona",
    "names rotated",
    "situation-blind",
    "placebo messages",
    "loaded menu",
    "isolates",
]
"""Arms that take something away or put something in its place; docs/experiments.md tells each:
chance for a mind, a classic theory for a model, nobody in particular for people, names that go with
other lives, a menu without a situation, words beside the point, labels that name what is studied,
people among recorded others."""

BASELINES: Final[tuple[Baseline, ...]] = get_args(Baseline)
READS_WORDS: Final[tuple[Baseline, ...]] = ("situation-blind", "loaded menu")
"""Baselines that change what a model reads; minds that read nothing have no such arm."""


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
    """The share that a measure is compared with, where there is one."""
    n: int | None = Field(default=None, ge=1)
    """How many people it rests on; without it the share is taken as exact, and that is said."""
    measure: str | None = None
    """The measure that stands for the same thing here; without it nothing is compared."""
    arm: str | None = None
    """The arm that stands for the same condition; without it, the control."""
    within: float = Field(default=0.1, gt=0, lt=1)
    """How near to the share counts as alike."""


class Arm(Part):
    """A condition."""

    set: dict[str, str] = {}
    """Levers of the world."""
    mind: str | None = None
    """The kind of mind, where it differs."""
    options: dict[str, str] = {}
    """Settings of the minds, where they differ."""
    baseline: Baseline | None = None
    """What is taken away, or put in its place."""
    of: str | None = None
    """The arm that this one is a baseline of: its levers, mind, messages and people hold here too,
    where nothing else is said. Without it, isolates and placebo messages go by the control."""
    do: tuple[str, ...] = ()
    """Interventions, each with its moment: ``08:30 whisper ada "…"``."""
    labels: dict[str, str] = {}
    """For a loaded menu: an act (``logs:into_shed``, a verb, or an option's own words) → the words
    in which it is offered. No other arm may have any."""
    agents: int | None = Field(default=None, ge=1)
    """How many people, where it differs."""
    what: str = ""
    """In words."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if bool(self.labels) != (self.baseline == "loaded menu"):
            raise ValueError("labels and the baseline 'loaded menu' go together")
        return self


class Measured(Part):
    """One number that every run is brought to. Name one kind."""

    goal: str | None = None
    """The share of unasked opportunities at which this goal of others was worked for."""
    delivered: str | None = None
    """What a goal gained by deeds of others, in units of its attribute."""
    harm: str | None = None
    """The share of opportunities at which this act was done: ``gate:force``; ``any``: all."""
    act: str | None = None
    """How often an act was done: ``till:coins``, or a verb; ``logs:into_shed by felix or esi``."""
    ever: str | None = None
    """Whether an act was done at all, 1 or 0: its mean over runs is the share of runs."""
    first: str | None = None
    """The tick at which an act was first done; a run without it is censored at its end."""
    knows: str | None = None
    """The share of people who know a fact at the end, those who began with it left out; ``chest or
    chest_place``: one of them; ``chest by overheard``: from that source (``told``, ``overheard``,
    ``read``)."""
    position: str | None = None
    """The mean position on a topic at the end, of those who have one; a named option's share is
    ``TOPIC=OPTION``."""
    shifted: str | None = None
    """The share of looks at a position, after hearing another one, at which it had gone over;
    ``any``: on any topic."""
    answered: str | None = None
    """The share of answers that are ``right``, ``wrong`` or an answer itself: ``wrong, aloud``,
    ``yes, on a slip, first``; of each person and topic the last one, unless ``first`` is said."""
    changed: str | None = None
    """The share of answers that were otherwise at first and are so at last: ``to right, aloud``;
    ``any``: those that differ."""
    reverted: str | None = None
    """The share of positions that moved and went back: ``any``, or a topic."""
    found: str | None = None
    """How often detectors found a kind of behaviour: ``compliance``, ``realignment``."""
    yea_saying: str | None = None
    """accept(p) + accept(not p) - 1 over topics ``NAME`` and ``NAME_not``: the accepting answer,
    ``yes, aloud``."""
    spent: str | None = None
    """How much an attribute of an object fell in all: ``mussels.baskets``."""
    exhausted: str | None = None
    """The tick at which an attribute of an object came to nothing: ``mussels.baskets``; censored at
    the end where it never did."""

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


class Understood(Part):
    """A check that what an arm changes reached the minds. Give ``text``, or ``ask``."""

    what: str
    """What should have been understood, in words."""
    text: str | None = None
    """Words that stand in what a mind reads before it decides, in ``arms`` and nowhere else."""
    arms: tuple[str, ...] = ()
    """The arms in which ``text`` should stand."""
    least: float = Field(default=0.05, gt=0, le=1)
    """The share of choices before which ``text`` has to have been read in each of these arms, and
    may not have been read in any other."""
    ask: str | None = None
    """A sentence that the mind is to finish after its recorded situation: ``In the lane there``."""
    answers: dict[str, str] = {}
    """For each arm that is asked, the right ending; those of the other arms are the wrong ones."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if (self.text is None) == (self.ask is None):
            raise ValueError("give text with arms, or ask with answers")
        if self.text is not None and not self.arms:
            raise ValueError("arms: name those in which the text should stand")
        if self.ask is not None and len(set(self.answers.values())) < 2:
            raise ValueError("answers: give an ending for each arm, two different ones or more")
        return self

    @property
    def about(self) -> tuple[str, ...]:
        """The arms that it is about."""
        return self.arms or tuple(self.answers)


class Expected(Part):
    """What is expected, for the number of runs that it takes to find it."""

    measure: str
    control: float
    """The mean of the control."""
    arm: float
    """The mean of the other arm."""
    spread: float | None = Field(default=None, gt=0)
    """The standard deviation between runs; without it a share of so many ``opportunities``."""
    opportunities: int = Field(default=10, ge=1)
    """Of a run, where the measure is a share."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.spread is None and not (0 <= self.control <= 1 and 0 <= self.arm <= 1):
            raise ValueError("spread: means that are no shares need one")
        return self
