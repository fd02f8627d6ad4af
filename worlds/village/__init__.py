"""Tidemark: a village of ten behind a tidal causeway.

::

    from worlds import village

    spec = village.load(agents=5, till="attended")
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from personas import Persona
    from simulation.episode.episode import Episode
    from simulation.kernel.intervention import Intervention
    from simulation.kernel.spec import WorldSpec

__all__ = ["load", "recorded", "till_attended"]

NOON = "12:00"


def load(agents: int | None = None, **settings: str) -> WorldSpec:
    """Describe the village; nothing is built and no seed is chosen.

    Args:
        agents: How many of the ten residents, in the order of the roster; None: all.
        settings: Levers, such as ``logs="asked"``; see ``settings`` in ``tidemark.yaml``.

    Raises:
        ConfigError: An unknown lever or value, or more than ten people.
    """
    from worlds.town_spec import load_town  # noqa: PLC0415 - keeps `import village` light

    file = Path(__file__).with_name("tidemark.yaml")
    spec = load_town(file, "village", agents=agents, settings=settings)
    cast = spec.cast
    if spec.settings["till"] != "unattended":
        cast = tuple(_at_the_counter(who) for who in cast)
    if spec.settings["morning"] == "free":
        cast = tuple(_free_until_noon(who) for who in cast)
    return spec if cast is spec.cast else spec.model_copy(update={"cast": cast})


def recorded() -> Episode:
    """A day of all ten on the embedded model that ships with the package, open for reading.

    The first time it is unpacked into the per-user cache; see :mod:`worlds.village.day`.

    Raises:
        EpisodeError: It is damaged, or cannot be unpacked.
    """
    from worlds.village.day import recorded as day  # noqa: PLC0415 - keeps `import village` light

    return day()


def till_attended() -> tuple[Intervention, ...]:
    """What lets the till be attended from an hour on, in a day that began otherwise.

    The lever is set, Bram is somebody who sells bread on through his walk at eleven, and he stands
    behind the counter; for :func:`simulation.replicates.paired_branches`.
    """
    from simulation.kernel.intervention import Become, Lever, Move  # noqa: PLC0415 - as above

    bram = next(persona for persona in load(till="attended").cast if persona.id == "bram")
    return (
        Lever(values={"till": "attended"}),
        Become(who="bram", persona=bram),
        Move(who="bram", place="bakehouse"),
    )


def _free_until_noon(persona: Persona) -> Persona:
    """Somebody without anything to do before noon; Gudrun keeps to her step beside the logs."""
    later = tuple(row for row in persona.habits if row.at >= NOON)
    if persona.id == "gudrun" or not later:
        return persona
    return persona.model_copy(update={"habits": later})


def _at_the_counter(persona: Persona) -> Persona:
    """Bram without his walk at eleven: he sells bread on through it."""
    if persona.id != "bram":
        return persona
    counter = persona.habits[0]
    rows = tuple(
        row.model_copy(update={"place": counter.place, "doing": counter.doing})
        if row.at == "11:00"
        else row
        for row in persona.habits
    )
    return persona.model_copy(update={"habits": rows})
