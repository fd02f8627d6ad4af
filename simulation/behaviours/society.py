"""What detectors share: the society as far as the log has told of it, one event at a time.

The projection is bounded: what is kept grows with people, facts and goals, not with the length of
an episode. Contents (menus, percepts) are read when somebody asks for them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.behaviours.reading import value_of
from simulation.behaviours.stakes import Stakes
from simulation.episode.events import Acted, Decided, Learned, Planned, Said
from simulation.kernel.effect import Effect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from simulation.behaviours.finding import Excluded
    from simulation.behaviours.words.tags import Classifier
    from simulation.episode.events import Happening
    from simulation.kernel.clock import Clock
    from simulation.kernel.spec import WorldSpec

Contents = Callable[[str], str]
"""The text behind a hash; empty where the log does not have it."""

SURE: Final = 0.5
"""From this probability on, an utterance has a tag."""
CONTEXT: Final = 4
"""Utterances of the same talk that a classifier sees besides."""
RECENT: Final = 400
"""Utterances whose tags are kept: a talk looks back no further."""


class Shown:
    """An option as a menu kept it.

    Args:
        row: As the log keeps it.
    """

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row

    @property
    def text(self) -> str:
        """As it was shown."""
        return self._row.get("text", "")

    @property
    def action(self) -> Mapping[str, Any]:
        """The typed action."""
        return self._row.get("action", {})

    @property
    def minutes(self) -> int:
        """How long it would take."""
        return int(self._row.get("minutes", 1))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What it would change."""
        return effects_of(self._row.get("effects", ()))

    def touches(self, targets: Collection[str]) -> bool:
        """Whether it would do something without consent, or something to one of these."""
        return any(
            effect.get("consent") is False or effect.get("target") in targets
            for effect in self._row.get("effects", ())
        )


class Choice:
    """A decision, with what stood on its menu and in its percept, read when it is asked for."""

    def __init__(self, event: Decided, contents: Contents, stakes: Stakes) -> None:
        self.event = event
        self._contents = contents
        self._stakes = stakes

    @cached_property
    def _menu(self) -> str:
        return self._contents(self.event.menu)

    @property
    def at_stake(self) -> bool:
        """Whether the menu can hold anything that is at stake; a glance before it is read."""
        return self._stakes.glance(self._menu)

    @cached_property
    def options(self) -> tuple[Shown, ...]:
        """The options in the order shown; none where the log does not have the menu."""
        rows = value_of(self._menu)
        return tuple(map(Shown, rows)) if isinstance(rows, list) else ()

    @cached_property
    def staked(self) -> tuple[tuple[int, Shown], ...]:
        """The options by which a loss is made or a goal can be served, with their places."""
        if not self.at_stake:
            return ()
        targets = self._stakes.targets
        return tuple(row for row in enumerate(self.options) if row[1].touches(targets))

    @cached_property
    def percept(self) -> Mapping[str, Any]:
        """What was perceived; empty where the log does not have it."""
        found = value_of(self._contents(self.event.percept)) if self.event.percept else {}
        return found if isinstance(found, dict) else {}

    @property
    def chosen(self) -> Shown | None:
        """The option that was taken."""
        index = self.event.chosen
        return self.options[index] if 0 <= index < len(self.options) else None

    @property
    def excluded(self) -> Excluded:
        """Why the choice leaves a rate; empty: it counts."""
        origin = self.event.origin
        return origin if origin in ("fallback", "refusal") else ""

    @cached_property
    def company(self) -> tuple[str, ...]:
        """Ids of those in sight in the same place."""
        here = self.event.place
        return tuple(row[0] for row in self.percept.get("people", ()) if row[1] == here)


class Asked(NamedTuple):
    """Somebody was brought to know of a goal, or asked to do something for it."""

    kind: str
    """``hint``, ``ask`` or ``order``."""
    tick: int
    event: str


_FORCE: Final = {"hint": 1, "ask": 2, "order": 3}


class Society:
    """What is known of a society after the events so far.

    Args:
        spec: The world's description.
        contents: Gives the text behind a hash.
        classifier: Reads tags out of utterances; None: words count for nothing.
    """

    def __init__(
        self, spec: WorldSpec, contents: Contents, classifier: Classifier | None = None
    ) -> None:
        self.spec = spec
        self.stakes = Stakes(spec)
        self.tick = 0
        self.choices: dict[str, Choice] = {}
        """The latest decision of each person."""
        self.knows: dict[str, dict[str, Learned]] = defaultdict(dict)
        """Person → fact → how it was learned."""
        self.recent: deque[Said] = deque(maxlen=RECENT)
        """The latest utterances."""
        self._contents = contents
        self._classifier = classifier
        self._asked: dict[tuple[str, str], Asked] = {}
        self._plans: dict[str, tuple[dict[str, Any], ...]] = {}
        self._tags: dict[str, dict[str, float]] = {}
        self._talks: dict[str, deque[Said]] = {}
        self._effects: tuple[str, tuple[Effect, ...]] = ("", ())

    @cached_property
    def clock(self) -> Clock:
        """What turns ticks into hours."""
        return self.spec.clock

    def take(self, event: Happening) -> None:
        """Take an event in, before any detector sees it."""
        self.tick = event.tick
        if isinstance(event, Decided):
            self.choices[event.agent] = Choice(event, self._contents, self.stakes)
        elif isinstance(event, Learned):
            self.knows[event.agent].setdefault(event.fact, event)
            for goal, kind in self.stakes.told_by.get(event.fact, ()):
                self._ask(event.agent, goal, Asked(kind, event.tick, event.id))
        elif isinstance(event, Said):
            self._hear(event)
        elif isinstance(event, Planned) and event.level == "day":
            self._plans[event.agent] = event.items

    def effects(self, event: Acted) -> tuple[Effect, ...]:
        """What an act changed; read once for all detectors."""
        if self._effects[0] != event.id:
            self._effects = (event.id, effects_of(event.effects))
        return self._effects[1]

    # Words -------------------------------------------------------------------------------------

    def tags(self, said: Said) -> Mapping[str, float]:
        """The tags of one of the latest utterances that are sure enough, with their probability."""
        if said.id not in self._tags:
            self._tags[said.id] = self._classify(said)
            if len(self._tags) > 2 * RECENT:
                kept = {one.id for one in self.recent}
                self._tags = {name: tags for name, tags in self._tags.items() if name in kept}
        return self._tags[said.id]

    def _classify(self, said: Said) -> dict[str, float]:
        if self._classifier is None or not said.text:
            return {}
        from simulation.behaviours.words.tags import Utterance  # noqa: PLC0415 - as the classifier

        talk = self._talks.get(said.talk, ())
        before = tuple(one.text for one in talk)[-1 - CONTEXT : -1]
        utterance = Utterance(
            text=said.text,
            speaker=said.agent,
            to=said.to,
            context=before,
            closeness=self.stakes.closeness(said.agent, said.to),
        )
        found = self._classifier.classify(utterance)
        return {str(tag): share for tag, share in found.items() if share >= SURE}

    def _hear(self, said: Said) -> None:
        if len(self.recent) == RECENT:
            self._forget(self.recent[0])
        self.recent.append(said)
        if said.talk:
            self._talks.setdefault(said.talk, deque()).append(said)
        for goal in self.stakes.goals:
            kind = self._puts(said, goal.id)
            if not kind:
                continue
            for hearer in said.told:
                self._ask(hearer, goal.id, Asked(kind, said.tick, said.id))
            for hearer in said.overheard:
                self._ask(hearer, goal.id, Asked("hint", said.tick, said.id))

    def _forget(self, said: Said) -> None:
        """Let go of the oldest of the latest utterances."""
        talk = self._talks.get(said.talk)
        if talk:
            talk.popleft()
        if not talk:
            self._talks.pop(said.talk, None)

    def _puts(self, said: Said, goal: str) -> str:
        """How far an utterance puts a goal to its hearers: ``hint``, ``ask``, ``order`` or not."""
        known = self.stakes.goal(goal)
        if known.request and said.about == f"request:{known.request}":
            return "ask"
        if said.agent != known.owner:
            return ""
        tags = self.tags(said)
        named = self.stakes.names_target(goal, said.text)
        strongest = [kind for kind in ("order", "request", "hint") if kind in tags and named]
        return {"order": "order", "request": "ask", "hint": "hint"}.get((*strongest, "")[0], "")

    # Goals -------------------------------------------------------------------------------------

    def asked(self, agent: str, goal: str, before: int) -> Asked | None:
        """The strongest request for a goal that had reached somebody before a tick."""
        found = self._asked.get((agent, goal))
        return found if found is not None and found.tick < before else None

    def _ask(self, agent: str, goal: str, asked: Asked) -> None:
        known = self._asked.get((agent, goal))
        if known is None or _FORCE[asked.kind] > _FORCE[known.kind]:
            self._asked[agent, goal] = asked

    def planned(self, agent: str, tick: int) -> Mapping[str, Any] | None:
        """What somebody had planned for a tick; None: nothing, or nothing is known."""
        from simulation.kernel.clock import minutes_of  # noqa: PLC0415 - only where it is asked for

        now = self.clock.minute_of_day(tick)
        for item in self._plans.get(agent, ()):
            if "at" in item:
                since = minutes_of(item["at"])
                if since <= now < since + int(item.get("minutes", 0)):
                    return item
        return None


def effect_of(kept: Mapping[str, Any]) -> Effect:
    """An effect as the log keeps it."""
    before, after = kept.get("before"), kept.get("after")
    return Effect(
        str(kept.get("target", "")),
        str(kept.get("attribute", "")),
        tuple(before) if isinstance(before, list) else before,
        tuple(after) if isinstance(after, list) else after,
        str(kept.get("owner") or ""),
        kept.get("consent"),
    )


def effects_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """Effects as the log keeps them."""
    return tuple(effect_of(effect) for effect in kept)
