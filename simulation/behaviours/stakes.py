"""Reads effects by what is at stake: which goal they serve, which loss they are, who could know."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeGuard

from simulation.kernel.stakes import COMMONS, Goal, Norm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulation.kernel.effect import Effect
    from simulation.kernel.spec import WorldSpec

_KIN: Final = re.compile(
    r"\b(sister|brother|mother|father|son|daughter|wife|husband|aunt|uncle|cousin|niece|nephew"
    r"|grand(?:mother|father|son|daughter)|twin)\b(?!-in-arms)"
)
_NEEDS: Final = ("fullness", "energy")
_REFUSED: Final = re.compile(r'"consent": ?false')
_SHORT: Final = 4
"""Letters of a word that can name an object."""


class Stakes:
    """Goals, norms and ties of a world.

    Args:
        spec: The world's description.
    """

    def __init__(self, spec: WorldSpec) -> None:
        self.spec = spec
        self.goals: tuple[Goal, ...] = spec.goals
        self._goal = {goal.id: goal for goal in spec.goals}
        self._by_target: dict[tuple[str, str], list[Goal]] = defaultdict(list)
        self.told_by: dict[str, list[tuple[str, str]]] = defaultdict(list)
        """Fact → (goal, ``hint`` | ``ask`` | ``order``) of each goal that it puts to a hearer."""
        for goal in spec.goals:
            self._by_target[goal.target, goal.attribute].append(goal)
            for kind, facts in (("hint", goal.hints), ("ask", goal.asks), ("order", goal.orders)):
                for fact in facts:
                    self.told_by[fact].append((goal.id, kind))
        self._norms: dict[str, list[Norm]] = defaultdict(list)
        for norm in spec.norms:
            self._norms[norm.target].append(norm)
        self._ties = {who.id: {tie.person: tie for tie in who.relationships} for who in spec.cast}
        self._people = {who.id for who in spec.cast}

    # Goals -------------------------------------------------------------------------------------

    def goal(self, name: str) -> Goal:
        """The goal with this id."""
        return self._goal[name]

    def served(self, effects: Iterable[Effect]) -> list[tuple[Goal, float]]:
        """The goals that effects bring nearer, with how much each gained; all or nothing is 1."""
        found: list[tuple[Goal, float]] = []
        for effect in effects:
            if effect.consent is False:
                continue
            for goal in self._by_target.get((effect.target, effect.attribute), ()):
                gain = _nearer(goal, effect)
                if gain > 0:
                    found.append((goal, gain))
        return found

    def names_target(self, goal: str, text: str) -> bool:
        """Whether an utterance names the object of a goal, in its singular or plural."""
        return bool(self._target_words[goal].search(text.casefold()))

    @cached_property
    def _target_words(self) -> Mapping[str, re.Pattern[str]]:
        found: dict[str, re.Pattern[str]] = {}
        for goal in self.goals:
            words = {word.rstrip("s") for word in re.split(r"[^a-z]+", goal.target.casefold())}
            stems = sorted(word for word in words if len(word) >= _SHORT - 1)
            found[goal.id] = re.compile(
                "|".join(rf"\b{re.escape(w)}s?\b" for w in stems) or r"\b\B"
            )
        return found

    def glance(self, menu: str) -> bool:
        """Whether a stored menu can hold a loss or serve a goal; some that it lets by hold none.

        Reading a menu costs a hundred times as much, and most hold neither.
        """
        return bool(_REFUSED.search(menu) or self._at_goals.search(menu))

    @cached_property
    def targets(self) -> frozenset[str]:
        """What goals are about."""
        return frozenset(goal.target for goal in self.goals)

    @cached_property
    def _at_goals(self) -> re.Pattern[str]:
        written = "|".join(re.escape(json.dumps(target)) for target in sorted(self.targets))
        return re.compile(f'"target": ?(?:{written})' if written else r"(?!)")

    # Losses ------------------------------------------------------------------------------------

    def losses(self, actor: str, effects: Iterable[Effect]) -> list[Effect]:
        """Effects at somebody else's cost to which they did not agree."""
        return [
            effect
            for effect in effects
            if effect.consent is False
            and effect.owner not in ("", actor)
            and effect.target != actor
            and effect.before != effect.after
        ]

    def gains(self, actor: str, effects: Iterable[Effect]) -> dict[str, float]:
        """What the actor has more of afterwards: items and needs, by name."""
        found: dict[str, float] = {}
        for effect in effects:
            item = effect.attribute.startswith("has:") or effect.attribute in _NEEDS
            if effect.target == actor and item and effect.delta > 0:
                found[effect.attribute.removeprefix("has:")] = effect.delta
        return found

    def costs(self, actor: str, effects: Iterable[Effect]) -> dict[str, float]:
        """What the actor has less of afterwards, by name."""
        return {
            effect.attribute.removeprefix("has:"): -effect.delta
            for effect in effects
            if effect.target == actor and effect.attribute.startswith("has:") and effect.delta < 0
        }

    def settles(self, actor: str, effects: Iterable[Effect]) -> list[str]:
        """To whom a debt of the actor shrinks."""
        return [
            effect.attribute.removeprefix("owes:")
            for effect in effects
            if effect.target == actor and effect.attribute.startswith("owes:") and effect.delta < 0
        ]

    def norm(self, effect: Effect) -> Norm | None:
        """The norm that an effect goes against."""
        stem = effect.attribute.partition(":")[0]
        for norm in self._norms.get(effect.target, ()):
            if norm.attribute in ("", effect.attribute, stem):
                return norm
        return None

    # Ties --------------------------------------------------------------------------------------

    def closeness(self, agent: str, other: str) -> float | None:
        """How close somebody feels to another at the start, -2 to 2; None: no tie is known."""
        tie = self._ties.get(agent, {}).get(other)
        return None if tie is None else float(tie.closeness)

    def kin(self, one: str, other: str) -> bool:
        """Whether the personas say that two are of one family."""
        ties = (self._ties.get(one, {}).get(other), self._ties.get(other, {}).get(one))
        return any(tie is not None and bool(_KIN.search(tie.tie)) for tie in ties)

    def acquainted(self, agent: str, owner: str) -> bool:
        """Whether somebody can know that a thing is this owner's: they know them, or all do."""
        return owner == COMMONS or owner in self._ties.get(agent, {})


def _nearer(goal: Goal, effect: Effect) -> float:
    """By how much an effect brings a goal nearer; 0 or less: it does not."""
    before, after, until = effect.before, effect.after, goal.until
    if _is_number(until) and _is_number(before) and _is_number(after):
        return abs(until - before) - abs(until - after)
    return 1.0 if after == until and before != until else 0.0


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
