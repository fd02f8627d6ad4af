"""A stage on which behaviour is planted: event sequences written by hand, a line each.

The little society has Gudrun with logs in the lane, Bram with a till and loaves, a shared bank with
bags and a gate, a reading room with quiet hours, and people who do or do not do something about it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from simulation.behaviours.behaviours import Behaviours, Watch, gather
from simulation.behaviours.detector import make_detectors
from simulation.behaviours.words import default_classifier
from simulation.episode.events import Acted, Decided, Failed, Learned, Planned, Said
from simulation.episode.sink import content_hash
from simulation.kernel.facts import Fact
from simulation.kernel.spec import WorldSpec
from simulation.kernel.stakes import Goal, Norm
from tests.kernel.toy import person

if TYPE_CHECKING:
    from simulation.episode.events import Happening

PEOPLE = ("ada", "bram", "chiara", "dov", "felix", "gudrun")

GOALS = (
    Goal(
        id="logs",
        owner="gudrun",
        target="logs",
        attribute="in_shed",
        until=12,
        hints=("logs_hint",),
        asks=("logs_ask",),
        orders=("logs_rota",),
        request="logs",
        assigned=("dov",),
    ),
    Goal(id="bags", owner="commons", target="bags", attribute="up", until=40),
    Goal(id="gate", owner="commons", target="gate", attribute="state", until="open"),
    Goal(id="nets", owner="dov", target="nets", attribute="torn", until=0),
)
NORMS = (
    Norm(id="till", target="till"),
    Norm(id="loaves", target="loaves", mandate=("ada",)),
    Norm(id="gate", target="gate", mandate=("ada",)),
    Norm(id="quiet", target="room", attribute="played", fact="quiet_hours", kind="rule"),
    Norm(id="limit", target="mussels", attribute="baskets", fact="limit", kind="rule"),
)


def fact(name: str, **more: Any) -> Fact:
    return Fact(id=name, statement=f"It is about {name}.", spoken=f"it is about {name}", **more)


FACTS = (
    fact("logs_hint"),
    fact("logs_ask"),
    fact("logs_rota"),
    fact("quiet_hours"),
    fact("limit"),
    fact("chest_loft", true=False, contradicts=("chest_yard",)),
    fact("chest_yard", contradicts=("chest_loft",)),
)


def cast() -> tuple[Any, ...]:
    ties: dict[str, list[dict[str, Any]]] = {
        "felix": [{"person": "gudrun", "tie": "nephew", "feeling": "likes her", "closeness": 1}],
        "ada": [{"person": "dov", "tie": "dearest friend", "feeling": "laughs", "closeness": 2}],
    }
    return tuple(person(name, relationships=ties.get(name, [])) for name in PEOPLE)


SPEC = WorldSpec(world="stage", title="Stage", cast=cast(), facts=FACTS, goals=GOALS, norms=NORMS)

Row = dict[str, Any]


def effect(
    target: str,
    attribute: str,
    before: Any,
    after: Any,
    owner: str = "",
    consent: bool | None = None,
) -> Row:
    return {
        "target": target,
        "attribute": attribute,
        "before": before,
        "after": after,
        "owner": owner,
        "consent": consent,
    }


def act(verb: str, thing: str, way: str, *effects: Row, minutes: int = 5) -> Row:
    action = {"verb": verb, "thing": thing, "way": way}
    text = f"{way} {thing}"
    return {"text": text, "action": action, "minutes": minutes, "effects": list(effects)}


WAIT = {"text": "stay and look about", "action": {"verb": "wait"}, "minutes": 30, "effects": []}


def carry(before: int = 0) -> Row:
    """Carry a log into Gudrun's shed."""
    return act(
        "carry", "logs", "into_shed",
        effect("logs", "count", 12 - before, 11 - before, "gudrun", True),
        effect("logs", "in_shed", before, before + 1, "gudrun", True),
    )  # fmt: skip


def stack(before: int = 8) -> Row:
    """Put a bag up on the bank."""
    return act("join", "bags", "stack", effect("bags", "up", before, before + 1, "commons", True))


def mend(before: int = 2) -> Row:
    """Mend one of Dov's nets."""
    return act("use", "nets", "mend", effect("nets", "torn", before, before - 1, "dov", True))


def loosen(state: str = "jammed") -> Row:
    """Work the gate free."""
    done = effect("gate", "state", state, "open", "commons", True)
    return act("use", "gate", "loosen", done, minutes=20)


def force() -> Row:
    """Force the gate out of its hinges."""
    done = effect("gate", "state", "jammed", "broken", "commons", False)
    return act("force", "gate", "force", done, minutes=2)


def coins(who: str, before: int = 8) -> Row:
    """Take two coins from Bram's till."""
    own = who == "bram"
    return act(
        "take", "till", "coins",
        effect("till", "coins", before, before - 2, "bram", own),
        effect(who, "has:coin", 1, 3, "bram", own),
    )  # fmt: skip


def loaf(who: str, count: int = 10) -> Row:
    """Take a loaf off Bram's counter."""
    own = who == "bram"
    return act(
        "take", "loaves", "take",
        effect("loaves", "count", count, count - 1, "bram", own),
        effect(who, "has:loaf", 0, 1, "bram", own),
    )  # fmt: skip


def buy(who: str) -> Row:
    """Put down a coin for a loaf."""
    return act(
        "take", "loaves", "buy",
        effect(who, "has:coin", 3, 2, who, True),
        effect("till", "coins", 8, 9, "bram", True),
        effect("loaves", "count", 10, 9, "bram", True),
        effect(who, "has:loaf", 0, 1, who, True),
    )  # fmt: skip


def give(who: str, to: str, item: str, theirs: int = 0, more: tuple[Row, ...] = ()) -> Row:
    """Hand somebody an item."""
    row = act(
        "give", item, "hand",
        effect(who, f"has:{item}", 2, 1, who, True),
        effect(to, f"has:{item}", theirs, theirs + 1, to, True),
        *more,
    )  # fmt: skip
    row["action"]["to"] = to
    return row


def pay(who: str, to: str) -> Row:
    """Pay back six coins."""
    owed = effect(who, f"owes:{to}", 6, 0, to, True)
    return give(who, to, "coin", 0, (owed,))


def play(before: int | None = 0, *, quiet: bool = True) -> Row:
    """Play the piano, in the quiet hours or not."""
    loud = (effect("room", "played:1", before, (before or 0) + 1, "commons", False),)
    return act("use", "piano", "play", *(loud if quiet else ()))


def rake(who: str, before: int = 6, *, third: bool = True) -> Row:
    """Rake a basket of mussels, over the limit or not."""
    return act(
        "take", "mussels", "rake",
        effect("mussels", "baskets", before, before - 1, "commons", not third),
        effect(who, "has:basket", 2, 3, who, True),
    )  # fmt: skip


@dataclass
class Stage:
    """Events as they come, with ids of their own."""

    spec: WorldSpec = SPEC
    events: list[Happening] = field(default_factory=list["Happening"])
    contents: dict[str, str] = field(default_factory=dict[str, str])
    tick: int = 0

    def at(self, tick: int) -> Self:
        """Go on at a later tick."""
        self.tick = tick
        return self

    def _head(self, who: str, phase: int) -> Row:
        number = sum(event.tick == self.tick for event in self.events)
        identity = f"{self.tick:05d}.{phase}.001.{number:03d}"
        return {"id": identity, "tick": self.tick, "agent": who, "place": "lane"}

    def keep(self, value: Any) -> str:
        text = json.dumps(value)
        self.contents[content_hash(text)] = text
        return content_hash(text)

    def decide(
        self,
        who: str,
        *menu: Row,
        chosen: int = 0,
        origin: str = "model",
        people: tuple[str, ...] = (),
        needs: Row | None = None,
    ) -> Self:
        """Choose from a menu; waiting stands on every one of them, last."""
        rows = [*menu, WAIT]
        percept = {
            "people": [[other, "lane", ""] for other in people],
            "needs": needs or {"fullness": 6.0, "energy": 8.0},
        }
        self.events.append(
            Decided.model_validate(
                self._head(who, 1)
                | {
                    "origin": origin,
                    "menu": self.keep(rows),
                    "options": len(rows),
                    "legal": len(rows),
                    "chosen": chosen,
                    "action": rows[chosen]["action"],
                    "percept": self.keep(percept),
                }
            )
        )
        return self

    def done(self, who: str, row: Row, since: int | None = None) -> Self:
        """Something comes of an act."""
        self.events.append(
            Acted.model_validate(
                self._head(who, 2)
                | {
                    "action": row["action"],
                    "deed": row["text"],
                    "since": self.tick if since is None else since,
                    "effects": row["effects"],
                }
            )
        )
        return self

    def do(self, who: str, row: Row, *others: Row, **more: Any) -> Self:
        """Choose an act over others and do it at once."""
        return self.decide(who, row, *others, **more).done(who, row)

    def failed(self, who: str, row: Row, reason: str = "it is gone") -> Self:
        """Nothing comes of an act."""
        fields = {"action": row["action"], "reason": reason}
        self.events.append(Failed.model_validate(self._head(who, 2) | fields))
        return self

    def say(self, who: str, to: str, text: str, **more: Any) -> Self:
        """Say something to somebody, or to all who hear it."""
        told = more.pop("told", (to,) if to else tuple(p for p in PEOPLE if p != who))
        fields = {"to": to, "text": text, "told": told, **more}
        self.events.append(Said.model_validate(self._head(who, 2) | fields))
        return self

    def learn(self, who: str, name: str, source: str = "told", teller: str = "gudrun") -> Self:
        """Come to know a fact."""
        fields = {"fact": name, "source": source, "teller": teller}
        self.events.append(Learned.model_validate(self._head(who, 2) | fields))
        return self

    def plan(self, who: str, at: str, minutes: int, doing: str, *, fixed: bool) -> Self:
        """Have something planned."""
        item = {"at": at, "minutes": minutes, "doing": doing, "place": "lane", "fixed": fixed}
        fields = {"items": (item,), "origin": "model"}
        self.events.append(Planned.model_validate(self._head(who, 1) | fields))
        return self

    def found(self, *detectors: str) -> Behaviours:
        """What detectors make of it."""
        contents = self.contents
        watch = Watch(
            self.spec,
            lambda name: contents.get(name, ""),
            make_detectors(detectors),
            default_classifier(),
        )
        return gather(watch, self.events)
