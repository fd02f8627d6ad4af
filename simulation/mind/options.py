"""The settings of a generative mind. All of them are written into the episode."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

EXPONENTS = (0.0, 0.5, 1.0)
"""Shares of the prior that can be declared."""


def _declared(exponent: float) -> float:
    if exponent not in EXPONENTS:
        raise ValueError(f"must be one of {', '.join(str(value) for value in EXPONENTS)}")
    return exponent


class MindOptions(BaseModel):
    """Numbers and names that change how a generative mind works."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    exponent: Annotated[float, AfterValidator(_declared)] = 0.5
    """Share of the content-free prior that is taken off a choice. Declared before a run and never
    tuned on an outcome that is studied."""
    retrieval: str = "park"
    """Name of the retrieval strategy."""
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
    reflection_evidence: int = Field(default=4, ge=1)
    """Memories that an insight rests on."""
    insight_closeness: float = Field(default=0.35, ge=-1, le=1)
    """An insight is kept only if it is this close (cosine) to what it rests on."""
    tail_likeness: float = Field(default=0.15, ge=-1, le=1)
    """What a weak model adds to a given clause is said only if it is this close to it (cosine)."""
    talk_turns: int = Field(default=3, ge=1)
    """Utterances that one side makes in a talk at most."""
    temperature: float = Field(default=0.6, ge=0)
    """Of generated words."""


def estimate_tokens(text: str) -> int:
    """Tokens of an English text, roughly: four characters each, and never fewer than its words."""
    return max(len(text) // 4, len(text.split()))
