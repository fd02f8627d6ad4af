"""The events of an episode: one class per concept.

An event says what happened, to whom, where, and which earlier events caused it. Together with
the model replies of the journal they are the whole record: memories, relations, behaviours and
the replay are computed from them.

Fields that differ between two runs of the same seed and replies (seconds, versions, paths) are
named in ``volatile`` and left out of the canonical export; so is a class marked ``incidental``.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

SCHEMA_VERSION = 2
"""Raised by one whenever the shape of an event or a table changes; 2 adds minds' inner life."""

Origin = Literal[
    "model", "rules", "uniform", "scripted", "human", "reused plan", "fallback", "refusal"
]
"""What made a decision. Fallbacks and refusals never count in a rate."""


class Happening(BaseModel):
    """What all events share."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        ser_json_inf_nan="strings",
    )
    volatile: ClassVar[frozenset[str]] = frozenset()
    incidental: ClassVar[bool] = False

    id: str
    """``tick.phase.rank.ordinal``: where it stands in the episode."""
    tick: int
    """Sim time, in ticks since the start; what is so before the first tick has 0, too."""
    agent: str = ""
    """Whose event it is; empty: the world's."""
    place: str = ""
    """The place's id where it happened."""
    causes: tuple[str, ...] = ()
    """Ids of the events without which it would not have happened."""


class Began(Happening):
    """The episode starts: everything needed to run it again."""

    type: Literal["began"] = "began"
    schema_version: int = SCHEMA_VERSION
    """The version of the log's shape."""
    world: str
    """The world's name."""
    seed: int
    """The seed of all random streams."""
    mind: str
    """The kind of mind."""
    model: str
    """The language model's name; empty where minds need none."""
    settings: dict[str, str]
    """The world's levers, all of them."""
    cast: tuple[str, ...]
    """Agents in the order of the roster."""
    start: str
    """The hour of tick 0."""
    tick_minutes: int
    """Sim minutes that a tick stands for."""
    options: dict[str, str] = {}
    """The mind's settings: retrieval strategy, prior exponent, embedder."""


class Provenance(Happening):
    """Versions, hashes and paths of this run; recorded, never canonical."""

    type: Literal["provenance"] = "provenance"
    incidental: ClassVar[bool] = True
    facts: dict[str, str]
    """Package versions, the weights' hash, the platform."""


class Joined(Happening):
    """A persona comes to live in the world."""

    type: Literal["joined"] = "joined"
    name: str
    """As people call them."""
    cell: tuple[int, int]
    """(row, column) on the grid."""


class Changed(Happening):
    """The world changes by itself: the tide, the hour, somebody without a mind."""

    type: Literal["changed"] = "changed"
    text: str
    """What could be seen, as a sentence."""
    effects: tuple[dict[str, Any], ...] = ()
    """What changed: target, attribute, before, after, owner, consent."""


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


class Acted(Happening):
    """An action took place, with what it changed."""

    type: Literal["acted"] = "acted"
    action: dict[str, Any]
    """The typed action."""
    deed: str
    """What was done, in the past tense: ``carried a log into the shed``."""
    since: int
    """The tick at which it was begun."""
    effects: tuple[dict[str, Any], ...] = ()
    """What changed: target, attribute, before, after, owner, consent."""


class Failed(Happening):
    """An action could not take place; the agent perceives the reason next."""

    type: Literal["failed"] = "failed"
    action: dict[str, Any]
    """The typed action."""
    reason: str
    """Why, as a clause."""


class Moved(Happening):
    """A body went from one cell to another."""

    type: Literal["moved"] = "moved"
    cell: tuple[int, int]
    """(row, column) where it is now."""
    to: str = ""
    """Where it is heading: a place's or a person's id."""


class Said(Happening):
    """Somebody said something; it is heard one tick later."""

    type: Literal["said"] = "said"
    to: str = ""
    """A person's id; empty: all in earshot."""
    text: str
    """The words."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that the words carry; a generated tail is never credited with one."""
    told: tuple[str, ...] = ()
    """Who was addressed and in earshot."""
    overheard: tuple[str, ...] = ()
    """Who was in earshot and not addressed."""
    given: str = ""
    """The clause that the engine supplied, where it did."""
    about: str = ""
    """What it is about, where the world's rules know the subject (``request:logs``)."""
    positions: tuple[tuple[str, float | str], ...] = ()
    """(topic, position) for each position that the words take."""
    talk: str = ""
    """Id of the conversation: the id of the event that opened it."""
    last: bool = False
    """Whether the speaker meant it to close the talk."""
    call: str = ""
    """Id of the model call behind the words."""


class TalkEnded(Happening):
    """A conversation is over for this agent."""

    type: Literal["talk_ended"] = "talk_ended"
    talk: str
    """Id of the conversation."""
    partner: str
    """With whom it was opened."""
    others: tuple[str, ...] = ()
    """Who else took part."""
    turns: int
    """Utterances by all."""
    reason: str
    """Why it ended."""


class Learned(Happening):
    """An agent comes to know a fact, from a source."""

    type: Literal["learned"] = "learned"
    fact: str
    """The fact's id."""
    source: Literal["seeded", "told", "overheard", "read", "saw", "inferred"]
    """How."""
    teller: str = ""
    """From whom, where it was said."""


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
    trigger: Literal["person", "object", "event", "words", "appointment"]
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


class Warned(Happening):
    """Something outside the society went wrong: a store that lags, a full disk."""

    type: Literal["warned"] = "warned"
    incidental: ClassVar[bool] = True
    text: str
    """What, and what follows from it."""


class Ended(Happening):
    """The run stops here; the episode is whole up to this tick."""

    type: Literal["ended"] = "ended"
    incidental: ClassVar[bool] = True
    reason: Literal["finished", "interrupted", "budget", "error"]
    """Why."""
    text: str = ""
    """More of it, where there is more."""


Event = Annotated[
    Began
    | Provenance
    | Joined
    | Changed
    | Decided
    | Acted
    | Failed
    | Moved
    | Said
    | TalkEnded
    | Learned
    | Remembered
    | Recalled
    | Planned
    | Reflected
    | Reacted
    | Felt
    | Needed
    | Related
    | TookStance
    | Asked
    | FellBack
    | Warned
    | Ended,
    Field(discriminator="type"),
]
"""Any one of the events, told apart by ``type``."""

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes an event as JSON."""
