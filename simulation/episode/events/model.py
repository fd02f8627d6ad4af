"""What language models were asked, what they answered, and what went wrong on the way."""

from __future__ import annotations

from typing import ClassVar, Literal

from simulation.episode.events.happening import Happening


class Asked(Happening):
    """A language model was asked, and what it answered."""

    type: Literal["asked"] = "asked"
    volatile: ClassVar[frozenset[str]] = frozenset({"seconds", "cached_tokens", "cost"})
    purpose: str
    """Why: decide, utter, rate, reflect, plan, …"""
    ordinal: int
    """The how-manieth call of this agent, tick and purpose."""
    repair: int = 0
    """How often the same had been asked before and was answered badly."""
    model: str
    """Who was asked."""
    prompt: str
    """Content hash of the prompt."""
    options: tuple[str, ...] = ()
    """What could be chosen, for a choice."""
    reply: str
    """The answer: words, a number, or log weights as JSON."""
    prompt_tokens: int = 0
    """Tokens read, cached ones included."""
    cached_tokens: int = 0
    """Of those, how many a prefix cache held."""
    reply_tokens: int = 0
    """Tokens written."""
    forwards: int = 1
    """Requests to the model behind this one answer."""
    seconds: float = 0.0
    """Wall time."""
    cost: float = 0.0
    """Money, in US dollars, where a price is known."""


class FellBack(Happening):
    """A model failed or was refused; a safe answer took its place."""

    type: Literal["fell_back"] = "fell_back"
    purpose: str
    """What it was asked for."""
    reason: str
    """What went wrong."""
    reply: str = ""
    """What it said, shortened."""


class Retried(Happening):
    """A request did not get through and is sent again."""

    type: Literal["retried"] = "retried"
    incidental: ClassVar[bool] = True
    purpose: str
    """What was asked for."""
    ordinal: int
    """The how-manieth call of this agent, tick and purpose."""
    attempt: int
    """How often it had been sent, from 1."""
    fault: str
    """The kind of fault: ``timeout``, ``rate_limited``, ``server_error``, ``dropped``, …"""
    text: str = ""
    """What was said about it, without secrets."""
    wait: float = 0.0
    """Seconds until it is sent again."""


class CircuitChanged(Happening):
    """So many requests failed that none is sent for a while, or the model answers again."""

    type: Literal["circuit_changed"] = "circuit_changed"
    incidental: ClassVar[bool] = True
    state: Literal["open", "trying", "closed"]
    """``open``: nothing is sent; ``trying``: one is sent to see; ``closed``: all is well."""
    text: str = ""
    """Why."""
