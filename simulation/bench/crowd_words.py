"""Words for made-up episodes: sentences without sense, as long and as varied as ordinary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

_STARTS: Final = ("An", "Be", "Ci", "Da", "El", "Fa", "Gi", "Ha", "Il", "Jo", "Ka", "Li", "Mo",
                  "Ne", "Ol", "Pe", "Ra", "Se", "Ti", "Vi")  # fmt: skip
_ENDS: Final = ("la", "ro", "na", "mir", "den", "sa", "vo", "lin", "ra", "to", "bel", "ka", "nis",
                "dor", "fa", "gus", "hel", "jan", "lo", "mey")  # fmt: skip
NAMES: Final = tuple(start + end for end in _ENDS for start in _STARTS)

_VERBS: Final = (
    "mend", "carry", "count", "paint", "clean", "fetch", "sharpen", "fold", "stack", "weigh",
    "tie", "open", "close", "warm", "cool", "measure", "turn", "polish", "sort", "wash", "oil",
    "lift", "label", "wrap", "hang", "plant", "water", "pick", "dry", "grind", "mix", "bake",
)  # fmt: skip
_THINGS: Final = (
    "nets", "ropes", "lamps", "crates", "sails", "tiles", "bowls", "ladders", "baskets", "coats",
    "kettles", "ledgers", "barrels", "planks", "candles", "apples", "letters", "shutters", "oars",
    "hooks", "loaves", "jars", "maps", "clocks", "boots", "chairs", "needles", "stones", "herbs",
    "bricks", "wheels", "bells", "buckets", "brushes", "curtains", "drums", "eggs", "forks",
)  # fmt: skip
_WHERE: Final = (
    "behind the old mill", "on the quay", "near the well", "under the arch", "in the yard",
    "beside the gate", "by the window", "at the long table", "on the upper floor", "in the shade",
    "along the wall", "next to the stove", "on the hill", "at the corner", "in the cellar",
)  # fmt: skip
_WHEN: Final = (
    "before noon", "after the rain", "at dusk", "every other day", "once more", "since the spring",
    "until supper", "in the early hours", "when the bell rings", "as long as it is light",
)  # fmt: skip
_HOW: Final = (
    "slowly", "with both hands", "without a word", "twice", "as best as one can", "in turn",
    "all alone", "with an eye on the door", "from memory", "by the light of a lamp",
)  # fmt: skip
_TRADES: Final = ("potter", "weaver", "clerk", "baker", "smith", "gardener", "carter", "tailor")
_LEADS: Final = (
    "I was going to", "Somebody has to", "You could", "We never", "It is time to", "Let me",
    "They asked me to", "Nobody wants to", "I saw you", "One day I will",
)  # fmt: skip
SHARED_HEAD: Final = "\n\n".join(
    f"Example {number}. It is {8 + number}:{10 + 4 * number} and somebody is {where}. "
    f"The {thing} are ready, {how}. So they decide to {verb} the {thing} {when}"
    for number, (where, thing, how, verb, when) in enumerate(
        zip(_WHERE[:10], _THINGS[:10], _HOW, _VERBS[:10], _WHEN, strict=True)
    )
)
"""What all prompts begin with, as examples do."""


class Words:
    """Draws sentences.

    Args:
        chance: What they are drawn by.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def doing(self) -> str:
        """A verb phrase."""
        pick = self._chance.choice
        return f"{pick(_VERBS)} the {pick(_THINGS)} {pick(_WHERE)}"

    def sentence(self, name: str) -> str:
        """A sentence about somebody."""
        pick = self._chance.choice
        return f"{name} sees the {pick(_THINGS)} {pick(_WHERE)}, {pick(_HOW)}, {pick(_WHEN)}."

    def line(self) -> str:
        """Something that is said."""
        pick = self._chance.choice
        return f"{pick(_LEADS)} {self.doing()} {pick(_WHEN)}, {pick(_HOW)}."

    def habit(self) -> str:
        """The end of ``is a potter who …``."""
        pick = self._chance.choice
        return f"likes to {pick(_VERBS)} {pick(_THINGS)} {pick(_HOW)}"

    def trade(self) -> str:
        """A trade."""
        return self._chance.choice(_TRADES)
