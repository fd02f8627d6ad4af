"""Each kind of event in words that continue a name: ``took a chair``, ``to Bram: “Good morning.”``.

Whatever comes from a model, a persona or a map passes :func:`~simulation.episode.plain.plain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from simulation.episode.events import (
    Acted,
    Asked,
    Began,
    Branched,
    Changed,
    Decided,
    Ended,
    Failed,
    FellBack,
    Felt,
    Happening,
    Intervened,
    Joined,
    Learned,
    Left,
    Moved,
    Needed,
    Planned,
    Probed,
    Reacted,
    Reflected,
    Related,
    Remembered,
    Said,
    TalkEnded,
    TookStance,
    Warned,
)
from simulation.episode.menu import menu_texts
from simulation.episode.plain import place_name, place_names, plain, shown_position

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from simulation.episode.episode import Episode
    from simulation.episode.timeline import Kind

    Tell = Callable[["Teller", Any], str | None]

_SHOWN_OPTIONS: Final = 3
_LONGEST_OPTION: Final = 100
_MENUS_KEPT: Final = 1000
_SAME_WALK: Final = 2
"""Ticks between two steps of one walk, at most."""


class Told(NamedTuple):
    """An event in words."""

    kind: Kind
    text: str
    more: tuple[str, ...] = ()


class Teller:
    """Tells the events of one episode, in order; it remembers who is walking where."""

    def __init__(self, episode: Episode) -> None:
        self.episode = episode
        self.facts = {fact.id: fact.statement for fact in episode.spec.facts}
        self.topics = {topic.id: topic.statement for topic in episode.spec.topics}
        self.places = place_names(episode.spec.data)
        self.walks: dict[str, tuple[str, int]] = {}
        self._menus: dict[str, list[str]] = {}

    def tell(self, event: Happening) -> Told | None:
        """The event in words; None where there is nothing to say."""
        kind, teller = TELLERS[type(event)]
        text = teller(self, event)
        if text is None:
            return None
        more: tuple[str, ...] = ()
        if isinstance(event, Decided):
            more = self.options(event)
        elif isinstance(event, Planned):
            more = tuple(_item(self, item) for item in event.items)
        return Told(kind, text, more)

    def name(self, agent: str) -> str:
        """What somebody is called."""
        return plain(self.episode.name(agent), 60)

    def place(self, place: str) -> str:
        """What a place, or the person at whom a walk ends, is called."""
        return self.name(place) if place in self.episode.names else place_name(self.places, place)

    def fact(self, fact: str) -> str:
        """What a fact says."""
        return plain(self.facts.get(fact, fact))

    def menu(self, event: Decided) -> list[str]:
        """The options of a choice as they were shown."""
        if event.menu not in self._menus:
            self.read_menus((event.menu,))
        return self._menus[event.menu]

    def read_menus(self, names: Collection[str]) -> None:
        """Read menus that will be told of, by their hashes: many at once are read sooner."""
        if len(self._menus) > _MENUS_KEPT:
            self._menus.clear()
        texts = self.episode.log.contents(names)
        self._menus.update({name: menu_texts(texts.get(name, "")) for name in names})

    def options(self, event: Decided) -> tuple[str, ...]:
        """The likeliest options of a choice with their probabilities, and the one taken."""
        shares = event.corrected or event.raw
        menu = self.menu(event)
        if shares is None or len(shares) != len(menu):
            return ()
        order = sorted(range(len(menu)), key=lambda index: (-shares[index], index != event.chosen))
        shown = order[:_SHOWN_OPTIONS]
        if event.chosen not in shown and 0 <= event.chosen < len(menu):
            shown.append(event.chosen)
        return tuple(
            f"{'>' if index == event.chosen else ' '} {shares[index]:4.0%}  "
            f"{plain(menu[index], _LONGEST_OPTION)}"
            for index in shown
        )


def _said(teller: Teller, event: Said) -> str:
    to = f"to {teller.name(event.to)}" if event.to else "to all"
    if not event.told:
        to += ", out of earshot" if event.to else ", with nobody in earshot"
    heard = ", ".join(teller.name(agent) for agent in event.overheard)
    return f"{to}: “{plain(event.text)}”" + (f" (overheard by {heard})" if heard else "")


def _talk_ended(teller: Teller, event: TalkEnded) -> str:
    words = "utterance" if event.turns == 1 else "utterances"
    why = plain(event.reason, 120)
    return f"ended the talk with {teller.name(event.partner)} ({event.turns} {words}): {why}"


def _acted(teller: Teller, event: Acted) -> str:
    teller.walks.pop(event.agent, None)
    return plain(event.deed)


def _failed(_: Teller, event: Failed) -> str:
    verb = plain(str(event.action.get("verb", "do it")), 20)
    return f"could not {verb}: {plain(event.reason)}"


def _moved(teller: Teller, event: Moved) -> str | None:
    if event.causes:
        return f"is in {teller.place(event.place)} all at once"
    to, tick = teller.walks.get(event.agent, ("", event.tick - _SAME_WALK - 1))
    teller.walks[event.agent] = (event.to, event.tick)
    if event.to == to and event.tick - tick <= _SAME_WALK:
        return None
    return f"walks to {teller.place(event.to)}" if event.to else "walks on"


def _joined(teller: Teller, event: Joined) -> str:
    return f"is in {teller.place(event.place)}" if event.place else "is here"


def _left(_: Teller, event: Left) -> str:
    return f"{plain(event.name, 60)} leaves for good"


def _intervened(_: Teller, event: Intervened) -> str:
    return f"from outside: {plain(event.text)}"


def _branched(_: Teller, event: Branched) -> str:
    other = plain(event.other, 120)
    if event.role == "child":
        return f"{other} goes its own way from tick {event.at} on"
    why = f": {plain('; '.join(event.because))}" if event.because else ""
    return f"shares the past of {other} up to tick {event.at}{why}"


def _changed(_: Teller, event: Changed) -> str | None:
    return plain(event.text) or None


def _learned(teller: Teller, event: Learned) -> str:
    by = teller.name(event.teller) if event.teller else ""
    ways = {
        "seeded": "has known from the start",
        "told": f"learns from {by}" if by else "is told",
        "overheard": f"overhears from {by}" if by else "overhears",
        "read": "reads",
        "saw": "sees",
        "inferred": "works out",
    }
    return f"{ways[event.source]}: {teller.fact(event.fact)}"


def _planned(_: Teller, event: Planned) -> str:
    if event.of:
        how = " as learned before" if event.reused else ""
        if event.level == "minutes" and event.reason:
            return f"keeps “{plain(event.of, 90)}” whole{how}:"
        return f"takes “{plain(event.of, 90)}” apart{how}:"
    if event.reason:
        return f"changes the plan ({plain(event.reason, 80)}):"
    return "plans the day:" if event.items else "plans nothing"


def _item(teller: Teller, item: Mapping[str, Any]) -> str:
    what = plain(str(item.get("doing") or item.get("focus") or item.get("what") or ""), 90)
    where = str(item.get("place") or item.get("where") or "")
    at = plain(str(item.get("at", "")), 20)
    parts = [at, what, f"({teller.place(where)})" if where else ""]
    return " ".join(part for part in parts if part)


def _reflected(_: Teller, event: Reflected) -> str:
    return f"concludes: {plain(event.insight)}"


def _reacted(_: Teller, event: Reacted) -> str:
    what = {
        "person": "somebody who comes",
        "object": "a thing that has changed",
        "event": "what happens",
        "words": "what is said",
        "appointment": "an appointment",
        "thought": "a thought that comes",
    }
    did = "goes on all the same" if event.response == "continue" else f"answers: {event.response}"
    return f"looks up at {what[event.trigger]} and {did}"


def _felt(_: Teller, event: Felt) -> str:
    return f"is {plain(event.emotion, 20)} ({plain(event.reason, 80)})"


def _needed(_: Teller, event: Needed) -> str:
    how = "lacks" if event.felt else "no longer lacks"
    return f"{how} {plain(event.need, 20)} ({event.level:g} of 10)"


def _related(teller: Teller, event: Related) -> str:
    change = event.closeness - event.before
    step = f", {change:+g}" if change else ""
    how = f"closeness {event.closeness:g}{step}"
    return f"makes this of {teller.name(event.other)} ({how}): {plain(event.summary)}"


def _took_stance(teller: Teller, event: TookStance) -> str | None:
    if event.heard and event.before == event.after:
        return None
    topic = plain(teller.topics.get(event.topic, event.topic), 120)
    voices = len(event.heard)
    after = f"{shown_position(event.before)} → " if event.before is not None else ""
    heard = f", after {voices} {'voice' if voices == 1 else 'voices'}" if voices else ""
    return f"on “{topic}”: {after}{shown_position(event.after)}{heard}"


def _probed(teller: Teller, event: Probed) -> str:
    topic = plain(teller.topics.get(event.topic, event.topic), 120)
    return f"asked in private on “{topic}”: {shown_position(event.position)}"


def _began(teller: Teller, event: Began) -> str:
    model = f", model {plain(event.model, 60)}" if event.model else ""
    title = plain(teller.episode.spec.title, 80)
    return f"{title} begins: seed {event.seed}, mind {plain(event.mind, 60)}{model}"


def _ended(_: Teller, event: Ended) -> str:
    return f"The run ends here: {event.reason}" + (f" ({plain(event.text)})" if event.text else "")


def _warned(_: Teller, event: Warned) -> str:
    return f"Warning: {plain(event.text)}"


def _decided(teller: Teller, event: Decided) -> str:
    menu = teller.menu(event)
    chosen = menu[event.chosen] if 0 <= event.chosen < len(menu) else str(event.action)
    return f"chooses to {plain(chosen, _LONGEST_OPTION)} ({event.origin}, of {event.options})"


def _remembered(_: Teller, event: Remembered) -> str | None:
    if event.again:
        return None
    return f"remembers: {plain(event.text)} ({event.kind}, importance {event.importance:g})"


def _asked(_: Teller, event: Asked) -> str:
    tokens = f"{event.prompt_tokens} + {event.reply_tokens} tokens"
    purpose, reply = plain(event.purpose, 20), plain(event.reply, 120)
    return f"asks the model ({purpose}, {tokens}, {event.seconds:.2f} s): {reply}"


def _fell_back(_: Teller, event: FellBack) -> str:
    return f"falls back ({plain(event.purpose, 20)}): {plain(event.reason)}"


TELLERS: Final = cast(
    "dict[type[Happening], tuple[Kind, Tell]]",
    {
        Said: ("talk", _said),
        TalkEnded: ("talk", _talk_ended),
        Acted: ("deed", _acted),
        Failed: ("failure", _failed),
        Moved: ("walk", _moved),
        Planned: ("plan", _planned),
        Reflected: ("reflection", _reflected),
        Learned: ("fact", _learned),
        TookStance: ("stance", _took_stance),
        Probed: ("stance", _probed),
        Reacted: ("reaction", _reacted),
        Felt: ("feeling", _felt),
        Needed: ("feeling", _needed),
        Related: ("relation", _related),
        Changed: ("world", _changed),
        Joined: ("world", _joined),
        Left: ("world", _left),
        Intervened: ("world", _intervened),
        Began: ("run", _began),
        Branched: ("run", _branched),
        Warned: ("run", _warned),
        Ended: ("run", _ended),
        Decided: ("choice", _decided),
        Remembered: ("memory", _remembered),
        Asked: ("call", _asked),
        FellBack: ("fallback", _fell_back),
    },
)
"""For each class of event: the kind of line, and what makes its words."""
