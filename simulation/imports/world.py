"""The world of a recording: it has a map and no rules, as it was not lived here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.errors import WorldError
from simulation.kernel.world import World

if TYPE_CHECKING:
    from simulation.kernel.plan import Plan
    from simulation.kernel.rules import Rules
    from simulation.kernel.spec import WorldSpec
    from simulation.kernel.view import Stage


class Recorded(World):
    """Where a recording made by other software took place."""

    @classmethod
    def load(cls, *, agents: int | None = None, **settings: str) -> WorldSpec:
        """There is none without a recording.

        Raises:
            WorldError: Always.
        """
        del agents, settings
        raise _unlivable()

    @classmethod
    def plan_of(cls, spec: WorldSpec) -> Plan:
        """The plan out of the map in the description."""
        from worlds.mapfile import build_plan  # noqa: PLC0415 - worlds import the kernel
        from worlds.town_spec import town_of  # noqa: PLC0415

        return build_plan(town_of(spec))

    @classmethod
    def rules_of(cls, spec: WorldSpec, stage: Stage) -> Rules:
        """Its rules are not known.

        Raises:
            WorldError: Always.
        """
        del spec, stage
        raise _unlivable()


def _unlivable() -> WorldError:
    hint = "It can be read and watched: replay, show, network, interview."
    return WorldError("a recording made by other software has no rules to live by", hint=hint)
