"""What of its memory an agent may answer from: the conditions of the paper's ablation.

Park et al. (2023, §6) interview the same agents with parts of their memory stream out of reach. A
condition here names the parts that are left:

============================  =====================================================
``full``                      everything
``no-reflection``             what happened and what was planned
``no-reflection-no-planning`` what happened
``nothing``                   no memory at all, only the name
============================  =====================================================

As in the paper, who somebody is counts as a memory from before the first tick, so ``nothing``
takes it away as well; the habits of an ordinary day count as planning.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

from simulation.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

Part = Literal["observation", "planning", "reflection"]
"""The three parts of a memory stream that the ablation takes apart."""

Condition = Literal["full", "no-reflection", "no-reflection-no-planning", "nothing"]
CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
"""From the most to the least that is known."""

PARTS: Final[Mapping[Condition, frozenset[Part]]] = MappingProxyType(
    {
        "full": frozenset({"observation", "planning", "reflection"}),
        "no-reflection": frozenset({"observation", "planning"}),
        "no-reflection-no-planning": frozenset({"observation"}),
        "nothing": frozenset(),
    }
)

Source = Literal[
    "observation", "dialogue", "fact", "plan", "reflection",
    "persona", "habit", "intention", "relation", "stance", "feeling",
]  # fmt: skip
"""What an answer can rest on: a kind of memory, or what else somebody has in mind."""

LIVED: Final[tuple[Source, ...]] = ("observation", "dialogue", "fact")
"""What happened to somebody, as against what they made of it."""

PART_OF: Final[Mapping[Source, Part]] = MappingProxyType(
    {
        "observation": "observation",
        "dialogue": "observation",
        "fact": "observation",
        "persona": "observation",
        "feeling": "observation",
        "plan": "planning",
        "habit": "planning",
        "intention": "planning",
        "reflection": "reflection",
        "relation": "reflection",
        "stance": "reflection",
    }
)


def check_condition(name: str) -> Condition:
    """The condition of this name.

    Raises:
        ConfigError: There is none.
    """
    for condition in CONDITIONS:
        if condition == name:
            return condition
    raise ConfigError("unknown condition", where="condition", value=name, allowed=CONDITIONS)
