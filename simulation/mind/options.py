"""The settings of a generative mind. All of them are written into the episode."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Part = Literal[
    "observation",
    "reflection",
    "planning",
    "reacting",
    "inner_state",
    "stance",
    "relationships",
    "reuse",
]
"""A part of the mind that can be switched off, for an ablation."""
PARTS: Final[tuple[Part, ...]] = get_args(Part)

FOR_EXPERIMENTS: Final = ("prompts", "blind", "labels")
"""Settings that the arms of an experiment make, and no command line."""

EXPONENTS = (0.0, 0.5, 1.0)
"""Shares of the prior that can be declared."""


def _declared(exponent: float) -> float:
    if exponent not in EXPONENTS:
        raise ValueError(f"must be one of {', '.join(str(value) for value in EXPONENTS)}")
    return exponent


def _in_order(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(part for part in PARTS if part in parts)


def _listed(given: Any) -> Any:
    """``stance, reflection`` is both, as an experiment file writes it."""
    if not isinstance(given, str):
        return given
    return tuple(part.strip() for part in given.split(",") if part.strip())


class MindOptions(BaseModel):
    """Numbers and names that change how a generative mind works.

    Examples:
        >>> MindOptions(without=("planning", "reflection")).without
        ('reflection', 'planning')
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    exponent: Annotated[float, AfterValidator(_declared)] = 0.5
    """Share of the content-free prior that is taken off a choice. Declared before a run and never
    tuned on an outcome that is studied."""
    without: Annotated[tuple[Part, ...], BeforeValidator(_listed), AfterValidator(_in_order)] = ()
    """Parts of the mind that are switched off."""
    retrieval: str = "park"
    """Name of the retrieval strategy, with its parameters."""
    retrieved: int = Field(default=6, ge=1)
    """Memories retrieved for a decision or an utterance."""
    percept_tokens: int = Field(default=22, ge=10)
    """Budget of the percept in a prompt, in tokens."""
    memory_tokens: int = Field(default=24, ge=0)
    """Budget of the memories in a prompt; the lowest-ranked are left out first."""
    shortlist: int = Field(default=12, ge=2, le=40)
    """Options shown at most."""
    attention: int = Field(default=8, ge=1)
    """Observations taken in per tick at most (Park et al. 2023: the nearest eight)."""
    novelty_minutes: int = Field(default=60, ge=1)
    """An identical sight within this time is not noticed again."""
    reflection_threshold: float = Field(default=100.0, gt=0)
    """Importance that must gather before a reflection. The paper's 150 comes to two or
    three reflections a day; so does this, as a resident here notes fewer and lighter things."""
    reflection_window: int = Field(default=100, ge=1)
    """Latest memories that questions are drawn from (the paper's 100)."""
    reflection_questions: int | None = Field(default=None, ge=1, le=10)
    """Questions asked of the memories in a reflection; None: the paper's 3 with a chat model, 1
    with a completion model."""
    reflection_insights: int | None = Field(default=None, ge=1, le=10)
    """Insights drawn for each question at most; None: the paper's 5 with a chat model, 1 with a
    completion model."""
    reflection_evidence: int = Field(default=4, ge=1)
    """Memories that are laid before a completion model for an insight; a chat model sees four
    times as many and cites some."""
    reflection_depth: int = Field(default=5, ge=1)
    """How many levels of reflections on reflections there may be."""
    insight_closeness: float = Field(default=0.35, ge=-1, le=1)
    """An insight is kept only if it is this close (cosine) to what it rests on."""
    tail_likeness: float = Field(default=0.15, ge=-1, le=1)
    """What a weak model adds to the answer of an interview is said only if it is this close to it
    (cosine)."""
    talk_turns: int = Field(default=3, ge=1)
    """Utterances that one side makes in a talk at most."""
    talk_party: int = Field(default=4, ge=2)
    """People in one conversation at most."""
    decompose_from: int = Field(default=60, ge=10)
    """Planned activities of so many minutes and more are taken apart into steps."""
    step_minutes: int = Field(default=15, ge=5)
    """Minutes of a step at most, as far as the model keeps to it (the paper's 5 to 15)."""
    reuse_likeness: float = Field(default=0.97, ge=-1, le=1)
    """A learned decomposition is used again for an activity this close (cosine) to its own."""
    salience: float = Field(default=5.0, ge=0, le=10)
    """From this salience, something new is reacted to."""
    reaction_minutes: int = Field(default=30, ge=1)
    """An activity is broken into at most once in this time."""
    relationship_tokens: int = Field(default=100, ge=20)
    """Length of what is kept of another person (Affordable Generative Agents: about 100)."""
    temperature: float = Field(default=0.6, ge=0)
    """Of generated words."""
    probes: tuple[str, ...] = ()
    """When people are asked in private where they stand: ``limit every 60``, ``all at 0,300``; see
    :mod:`simulation.probing`. Nothing in their life hangs on it."""
    prompts: dict[str, str] = {}
    """Prompt files in other words: name (``decide``, ``utter``) → text; see
    :mod:`simulation.mind.wording`. For experiments, as are the two below."""
    blind: bool = False
    """Whether decisions are made without the situation: the same menu, nothing of the moment."""
    labels: dict[str, str] = {}
    """Acts (``logs:into_shed``, a verb, or an option's own words) → the words in which they are
    offered."""

    def has(self, part: Part) -> bool:
        """Whether a part of the mind is switched on."""
        return part not in self.without


def estimate_tokens(text: str) -> int:
    """Tokens of an English text, roughly: four characters each, and never fewer than its words."""
    return max(len(text) // 4, len(text.split()))
