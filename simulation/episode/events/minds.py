"""What goes on within: decisions, memories, plans, feelings, positions."""

from __future__ import annotations

from typing import Any, Literal

from simulation.episode.events.happening import Happening, Origin


class Decided(Happening):
    """A mind chose among what was legal: the record of an opportunity."""

    type: Literal["decided"] = "decided"
    origin: Origin
    """What made the choice."""
    menu: str
    """Content hash of the options in the order shown, each with its effects by the rules."""
    options: int
    """How many there were."""
    legal: int
    """How many acts were legal before the short list was drawn."""
    chosen: int
    """Index of the chosen option."""
    action: dict[str, Any]
    """The typed action."""
    raw: tuple[float, ...] | None = None
    """Probability of each option as the mind gave it."""
    corrected: tuple[float, ...] | None = None
    """The same after the correction for the content-free prior; what was sampled from."""
    exponent: float | None = None
    """The declared exponent of that correction."""
    percept: str = ""
    """Content hash of what was perceived."""
    memories: tuple[str, ...] = ()
    """Ids of the memories that were in the prompt."""
    dropped: tuple[str, ...] = ()
    """Ids of retrieved memories that the token budget left out."""
    call: str = ""
    """Id of the model call behind it."""


class Remembered(Happening):
    """A memory enters an agent's stream, or an identical one is counted again."""

    type: Literal["remembered"] = "remembered"
    kind: Literal["observation", "dialogue", "plan", "reflection", "fact"]
    """What kind of memory."""
    text: str
    """What is remembered, in the third person."""
    spoken: str = ""
    """The same as the agent would say it."""
    importance: float
    """From 1 to 10."""
    rated: Literal["rule", "cache", "model"] = "rule"
    """Where the importance came from."""
    people: tuple[str, ...] = ()
    """Ids of the people in it."""
    evidence: tuple[str, ...] = ()
    """Ids of the events and memories that it rests on."""
    fact: str = ""
    """Id of the fact that it holds, or empty."""
    source: str = ""
    """``saw``, ``told:NAME``, ``overheard:NAME``, ``read``, ``seeded``, ``inferred``; ``summary``
    for what stands in for a thought that could not be used."""
    again: str = ""
    """Id of the identical memory that this one only counts again."""
    fresh: bool = False
    """Whether an identical one is never counted as this one again."""
    vector: str = ""
    """Content hash of the text whose embedding the journal keeps."""


class Recalled(Happening):
    """Memories were retrieved: their last access is now."""

    type: Literal["recalled"] = "recalled"
    purpose: str
    """What for."""
    query: str
    """Content hash of what was looked for."""
    strategy: str
    """Name of the retrieval strategy."""
    memories: tuple[str, ...]
    """Ids, best first."""
    scores: tuple[tuple[float, float, float, float], ...]
    """For each: total, recency, importance, relevance."""


class Planned(Happening):
    """An agent makes or changes its plan."""

    type: Literal["planned"] = "planned"
    items: tuple[dict[str, Any], ...]
    """What, where, from when, for how long."""
    origin: Origin
    """What made it; ``reused plan``: learned earlier, which saved a model call."""
    reason: str = ""
    """Why it was changed, or empty for the morning's."""
    level: Literal["day", "hour", "minutes"] = "day"
    """How fine the items are."""
    of: str = ""
    """What was taken apart, for a level below the day."""
    reused: str = ""
    """Id of the event in which a reused decomposition was learned."""
    memories: tuple[str, ...] = ()
    """Ids of the memories that it was made from."""


class Reflected(Happening):
    """An agent draws a conclusion from what it remembers."""

    type: Literal["reflected"] = "reflected"
    insight: str
    """The conclusion that was kept."""
    evidence: tuple[str, ...]
    """Ids of the memories it cites."""
    question: str = ""
    """What was asked of the memories."""
    depth: int = 1
    """1 above plain memories, one more than the deepest reflection it cites."""
    proposed: str = ""
    """What the model wrote."""
    closeness: float = 0.0
    """Cosine of the proposal to its evidence."""
    kept: bool = False
    """Whether the proposal was kept; otherwise the insight is a plain summary."""


class Reacted(Happening):
    """Something salient broke into what an agent was doing, and it went on or did not."""

    type: Literal["reacted"] = "reacted"
    trigger: Literal["person", "object", "event", "words", "appointment", "thought"]
    """What kind of thing drew the attention."""
    salience: float
    """How much, from 0 to 10; the threshold is a setting."""
    response: Literal["continue", "talk", "tell", "join", "leave", "wait", "act"]
    """What the agent did about it."""


class Felt(Happening):
    """An agent's emotion or mood changes, by a rule of appraisal."""

    type: Literal["felt"] = "felt"
    emotion: str
    """One of the seven: neutral, happy, sad, angry, afraid, surprised, disgusted."""
    before: str
    """The emotion until now."""
    intensity: float
    """From 0 to 10."""
    reason: str
    """Which rule of appraisal spoke."""


class Needed(Happening):
    """A need of an agent crosses a mark: it is felt, or it is met again."""

    type: Literal["needed"] = "needed"
    need: str
    """fullness, social, fun, health or energy."""
    level: float
    """From 0 (empty) to 10 (satisfied)."""
    felt: bool
    """Whether it is felt from now on."""


class Related(Happening):
    """What an agent makes of another person, after a conversation with them."""

    type: Literal["related"] = "related"
    other: str
    """The other person's id."""
    closeness: float
    """From -5 (cannot bear) over 0 to 5 (very close)."""
    before: float
    """The same until now."""
    summary: str
    """What the other is to this agent, in about a hundred tokens."""
    origin: Origin
    """What made the summary."""
    memories: tuple[str, ...] = ()
    """Ids of the memories that it draws on."""
    call: str = ""
    """Id of the model call behind it."""


class Probed(Happening):
    """Where somebody says in private that they stand; it is not remembered and moves nothing."""

    type: Literal["probed"] = "probed"
    topic: str
    """The topic's id."""
    position: float | str | None
    """A number from -1 to 1, or one of the topic's named options; None: they have none."""
    options: tuple[str, ...] = ()
    """The named options, in the order of ``probabilities``."""
    probabilities: tuple[float, ...] = ()
    """What the mind gives each option, where it does."""
    origin: Origin
    """What the answer comes from."""
    memories: tuple[str, ...] = ()
    """Ids of the memories that were in the prompt."""
    call: str = ""
    """Id of the model call behind it."""


class TookStance(Happening):
    """An agent's own position on a topic is formed or moves."""

    type: Literal["took_stance"] = "took_stance"
    topic: str
    """The topic's id."""
    before: float | str | None
    """The position until now; None: there was none."""
    after: float | str | None
    """A number from -1 to 1, or one of the topic's named options; None: still undecided."""
    options: tuple[str, ...] = ()
    """The named options, in the order of ``probabilities``."""
    probabilities: tuple[float, ...] = ()
    """What the mind gave each option, where it did."""
    origin: Origin
    """What made it."""
    heard: tuple[str, ...] = ()
    """Ids of the utterances on this topic since the last time."""
    memories: tuple[str, ...] = ()
    """Ids of the memories that were in the prompt."""
    call: str = ""
    """Id of the model call behind it."""
