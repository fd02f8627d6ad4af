"""What counts as a supported answer: it cites a piece that truly answers the question.

As Park et al. (2023) check every *yes* against the agent's memory, an answer here counts only by
what can be located: an event of the log, or a part of the persona. Nothing is asked of a model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from simulation.interview.conditions import LIVED, PART_OF
from simulation.interview.question import AROUND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulation.episode.episode import Episode
    from simulation.interview.grounds import Ground
    from simulation.interview.knowledge import Knowledge

Support = Literal[
    "persona.who", "persona.age", "persona.traits", "persona.goals", "persona.relationships",
    "memory.other", "memory.fact", "memory.past", "memory.told", "memory.news",
    "intention.hour", "intention.later", "intention.next", "intention.last", "intention.any",
    "reflection.other", "reflection.person", "reflection.self", "reflection.any",
]  # fmt: skip
SUPPORTS: Final[tuple[Support, ...]] = get_args(Support)


class Target(NamedTuple):
    """What the questions to one agent are about; the same under every condition."""

    other: str
    """Id of the person whom the agent has most conclusions and memories of; empty: nobody."""
    fact: str
    """Id of the fact that they were told last, else of one that they know; empty: none."""
    past: int
    """Minute of the day of the last thing they did."""
    hour: int
    """Minute of the day at which what is planned next begins."""
    later: int
    """The same for what comes after that."""
    now: int
    """Minute of the day at which they are asked."""
    last: int
    """Minute of the day at which the last thing in the plan begins."""
    agent: str
    names: Mapping[str, str]
    """What people are called, by id."""
    concerned: tuple[str, ...] = ()
    """Ids of the people whom the fact is about."""

    def words(self) -> dict[str, str]:
        """What stands for the placeholders of a question; what there is none of is left out."""
        found = {name: _label(getattr(self, name)) for name in ("past", "hour", "later")}
        if self.other:
            found["other"] = self.names[self.other]
        if self.fact:
            whom = ["you" if who == self.agent else self.names[who] for who in self.concerned]
            about = f" that concerns {' and '.join(whom)}" if whom else ""
            found["topic"] = self.fact.replace("_", " ") + about
        return found


def find_target(episode: Episode, knowledge: Knowledge, tick: int) -> Target:
    """Choose what to ask an agent about, from all that it knows when a tick is over."""
    agent, now = knowledge.persona.id, episode.clock.minute_of_day(tick)
    grounds = knowledge.everything()
    spans = sorted({ground.span for ground in grounds if ground.span is not None})
    ahead = [since for since, _ in spans if since > now]
    behind = [since for since, _ in reversed(spans) if since <= now]
    hours = [*ahead, *behind, (now + 60) % 1440, (now + 120) % 1440]
    deeds = [deed.minute for deed in knowledge.latest_deeds() if deed.minute is not None]
    fact = _latest_news(grounds)
    concerned = {fact.id: fact.concerns for fact in episode.spec.facts}
    return Target(
        other=_most_known(episode, grounds, agent),
        fact=fact,
        past=deeds[-1] if deeds else now,
        hour=hours[0],
        later=hours[1],
        now=now,
        last=spans[-1][0] if spans else now,
        agent=agent,
        names=episode.names,
        concerned=tuple(who for who in concerned.get(fact, ()) if who in episode.names),
    )


def supports(support: Support, ground: Ground, target: Target) -> bool:
    """Whether a piece answers a question of this kind."""
    kind, _, which = support.partition(".")
    if kind == "persona":
        return ground.source == "persona" and ground.field.partition(".")[0] == which
    return _TESTS[kind](ground, which, target)


def _memory(ground: Ground, which: str, target: Target) -> bool:
    if ground.source not in LIVED:
        return False
    return {
        "other": _names(ground, target),
        "fact": bool(target.fact) and ground.fact == target.fact,
        "past": ground.minute is not None
        and abs(ground.minute - target.past) <= AROUND
        and ground.text.startswith(f"{target.names[target.agent]} "),
        "told": ground.told,
        "news": ground.told or bool(ground.fact),
    }[which]


def _intention(ground: Ground, which: str, target: Target) -> bool:
    if ground.source not in ("intention", "plan"):
        return False
    if which == "any":
        return True
    minute = target.hour if which == "next" else getattr(target, which)
    if which == "next" and minute <= target.now:
        return False
    if ground.span is None:
        return ground.source == "plan" and ground.text.endswith(f" at {_label(minute)}.")
    since, until = ground.span
    return since == minute if which in ("next", "last") else since <= minute < until


def _reflection(ground: Ground, which: str, target: Target) -> bool:
    """A conclusion; where one stands on a topic is none about people or days."""
    if ground.source == "relation":
        return which == "person" or (which == "other" and _names(ground, target))
    if ground.source != "reflection":
        return False
    return {
        "other": _names(ground, target),
        "person": bool(ground.people),
        "self": ground.text.startswith(f"{target.names[target.agent]} "),
        "any": True,
    }[which]


_TESTS: Final[Mapping[str, Callable[[Ground, str, Target], bool]]] = {
    "memory": _memory,
    "intention": _intention,
    "reflection": _reflection,
}


def _names(ground: Ground, target: Target) -> bool:
    """Whether the other is in it."""
    if not target.other:
        return False
    return target.other in ground.people or target.names[target.other] in ground.text


def _most_known(episode: Episode, grounds: Sequence[Ground], agent: str) -> str:
    """Who is in most conclusions, and then in most memories; ties go by the roster."""
    others = [other for other in episode.agents if other != agent]

    def known(other: str) -> tuple[int, int]:
        about = [g for g in grounds if other in g.people]
        drawn = sum(PART_OF[ground.source] == "reflection" for ground in about)
        return drawn, sum(ground.source in LIVED for ground in about)

    best = max(others, key=known, default="")
    return best if best and any(known(best)) else ""


def _latest_news(grounds: Sequence[Ground]) -> str:
    facts = [ground for ground in grounds if ground.source == "fact" and ground.fact]
    news = max(facts, key=lambda ground: (ground.told, ground.tick), default=None)
    return news.fact if news else ""


def _label(minute: int) -> str:
    hour, minute = divmod(minute, 60)
    return f"{hour % 24:02d}:{minute:02d}"
