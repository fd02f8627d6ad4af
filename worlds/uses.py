"""Carries out what a map file says about the uses of its objects: tests and effects.

Everything here is a pure function of a :class:`Scene`: the view, who acts, on what, towards whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simulation.kernel.effect import Effect, Value
from simulation.kernel.rules import Resolution
from worlds import needs
from worlds.words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simulation.kernel.view import WorldView
    from worlds.schema import Outcome, Test, Thing, Use


@dataclass(frozen=True, slots=True)
class Scene:
    """What a test or an effect is about."""

    view: WorldView
    actor: str
    thing: Thing | None = None
    person: str = ""
    words: str = ""

    def target(self, of: str) -> str:
        """The id behind ``self``, ``actor`` and ``person``."""
        if of == "actor":
            return self.actor
        if of == "person":
            return self.person
        if of == "self":
            return self.thing.id if self.thing else ""
        return of

    def fill(self, text: str) -> str:
        """Put in whom and when the placeholders mean."""
        if "{" not in text:
            return text
        day = self.view.stage.clock.day(self.view.tick)
        return text.format(actor=self.actor, person=self.person, day=day, words=self.words)

    def owner(self) -> str:
        """Whose the object is."""
        return self.view.text(self.thing.id, "owner") if self.thing else ""


def first_failure(tests: Iterable[Test], scene: Scene) -> Test | None:
    """The first test that does not hold; None: all hold."""
    for test in tests:
        if not _ANSWERS[test.question](test, scene):
            return test
    return None


def hold(tests: Iterable[Test], scene: Scene) -> bool:
    """Whether all hold."""
    return first_failure(tests, scene) is None


def minutes_of_use(use: Use, scene: Scene) -> int:
    """How long one round takes this actor."""
    for pace in use.paces:
        if hold(pace.when, scene):
            return pace.minutes
    return use.minutes


def effects_of(use_effects: Iterable[Outcome], scene: Scene) -> tuple[Effect, ...]:
    """What changes, with owner and consent as the world knows them."""
    return tuple(_effect(row, scene) for row in use_effects if hold(row.when, scene))


def outcome(use: Use, scene: Scene) -> Resolution:
    """What comes of one round whose tests hold."""
    deed = use.deed
    if "{" in deed:
        deed = deed.format(person=scene.view.name(scene.person))
    return Resolution(
        effects=effects_of(use.effects, scene),
        deed=deed,
        learned=use.learned,
        notable=use.notable,
    )


def told(text: str, view: WorldView, thing: str, state: Mapping[str, object]) -> str:
    """A sentence with the attributes of a thing put in, numbers as words."""
    if "{" not in text:
        return text
    values = {name: view.get(thing, name) for name in state}
    shown = {
        name: number(value) if isinstance(value, (int, float)) else value
        for name, value in values.items()
    }
    return text.format(**shown)


def _effect(row: Outcome, scene: Scene) -> Effect:
    target = scene.target(row.of)
    if row.need is not None:
        return needs.change(scene.view, target, row.need, row.add or 0)
    attribute = f"has:{row.holds}" if row.holds else scene.fill(row.attribute or "")
    before = scene.view.get(target, attribute)
    after: Value = row.set
    if row.add is not None:
        total = (before if isinstance(before, (int, float)) else 0) + row.add
        after = int(total) if float(total).is_integer() else total
    elif isinstance(after, str):
        after = scene.fill(after)
    owner = _owner(row, target, scene)
    return Effect(target, attribute, before, after, owner, _consent(row, owner, scene))


def _owner(row: Outcome, target: str, scene: Scene) -> str:
    if row.owner is not None:
        return scene.target(row.owner) if row.owner in ("actor", "person") else row.owner
    if target in (scene.actor, scene.person):
        return target
    return scene.owner() if row.of == "self" else scene.view.text(target, "owner")


def _consent(row: Outcome, owner: str, scene: Scene) -> bool | None:
    if not owner:
        return None
    if owner == scene.actor:
        return True
    if row.consent_if:
        return hold(row.consent_if, scene)
    return row.consent


def _compare(test: Test, value: Value) -> bool:
    if test.at_least is not None or test.at_most is not None:
        amount = value if isinstance(value, (int, float)) else 0
        low = test.at_least if test.at_least is not None else float("-inf")
        high = test.at_most if test.at_most is not None else float("inf")
        return low <= amount <= high
    if test.among:
        return str(value) in test.among
    return value == test.equals


def _attribute(test: Test, scene: Scene) -> bool:
    value = scene.view.get(scene.target(test.of), scene.fill(test.attribute or ""))
    return _compare(test, value)


def _holds(test: Test, scene: Scene) -> bool:
    who = scene.actor if test.of == "self" else scene.target(test.of)
    count = scene.view.holds(who, test.holds or "")
    if test.at_least is None and test.at_most is None:
        return count >= 1
    return _compare(test, count)


def _need(test: Test, scene: Scene) -> bool:
    return _compare(test, needs.level(scene.view, scene.actor, test.need or "energy"))


def _hours(test: Test, scene: Scene) -> bool:
    window = test.hours
    clock = scene.view.stage.clock
    return window is None or clock.between(scene.view.tick, window.since, window.until)


def _setting(test: Test, scene: Scene) -> bool:
    return scene.view.stage.settings.get(test.setting or "") in test.among


def _present(test: Test, scene: Scene) -> bool:
    who = test.present or ""
    view = scene.view
    return (
        who in view.stage.cast
        and view.place_id(who) == view.place_id(scene.actor)
        and not view.asleep(who)
    )


def _absent(test: Test, scene: Scene) -> bool:
    who = test.absent or ""
    view = scene.view
    return who not in view.stage.cast or view.place_id(who) != view.place_id(scene.actor)


_ANSWERS: Final[Mapping[str, Callable[[Test, Scene], bool]]] = {
    "attribute": _attribute,
    "holds": _holds,
    "need": _need,
    "hours": _hours,
    "setting": _setting,
    "actor": lambda test, scene: scene.actor in (test.actor or ()),
    "not_actor": lambda test, scene: scene.actor not in (test.not_actor or ()),
    "person": lambda test, scene: scene.person in (test.person or ()),
    "owner": lambda test, scene: (scene.owner() == scene.actor) == test.owner,
    "present": _present,
    "absent": _absent,
    "place": lambda test, scene: scene.view.place_id(scene.actor) == test.place,
    "not_knows": lambda test, scene: not scene.view.get(scene.actor, f"knows:{test.not_knows}"),
    "knows": lambda test, scene: bool(scene.view.get(scene.actor, f"knows:{test.knows}")),
}
