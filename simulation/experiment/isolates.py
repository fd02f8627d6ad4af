"""Isolates with matched exposure: one person lives, and the others do what they once did.

What others say reaches somebody as it did in a whole society, wherever they are now, and what
others do is done again at the same place and time; but nothing that the person does changes what
others do, and no answer is an answer to them. What is then the same in both needs no society; what
differs has come about between people, and only that is called emergent.

The person draws afresh, from streams of their own. With the old draws they would do what they did,
since their mind is a function of what it perceives, and the comparison would say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.episode.events import Said
from simulation.kernel.action import Action, Say
from simulation.language.recorded import RecordedModel, style_of
from simulation.past import Past

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.episode.episode import Episode
    from simulation.episode.sink import Scribe
    from simulation.kernel.lockstep import Thought
    from simulation.kernel.percept import Percept
    from simulation.simulation import Simulation

Tape = dict[int, Action]
"""What somebody set about, by tick."""
Hearers = dict[tuple[int, str], tuple[tuple[str, ...], tuple[str, ...]]]
"""By tick and speaker: who was told, and who overheard it."""


@dataclass
class Society:
    """What people did together, to be done again around one of them."""

    tapes: dict[str, Tape]
    hearers: Hearers
    people: tuple[str, ...] = ()
    """Those who lived of their own accord; a world directs its confederates itself."""


class RecordedMind:
    """Sets about what somebody once set about, at the same ticks, whatever happens.

    Args:
        tape: What and when.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    async def think(self, percept: Percept, scribe: Scribe) -> Action | None:
        """The recorded act of this tick; nothing is written, since nothing is decided."""
        del scribe
        return self._tape.get(percept.tick)


def society_of(episode: Episode) -> Society:
    """What everybody set about in an episode, found by living it again without a model.

    Raises:
        Diverged: It did not come out the same.
    """
    from simulation.simulation import Simulation  # noqa: PLC0415 - Mesa, half a second

    past = Past.to_repeat(episode.folder)
    hearers = {(said.tick, said.agent): (said.told, said.overheard) for said in episode.each(Said)}
    found = Society({agent: {} for agent in episode.agents}, hearers)
    with Simulation(
        past.episode.spec,
        RecordedModel(past.recording, style_of(past.episode)),
        past.seed,
        mind=past.named_mind(),
        out=past.episode.folder,
        options=past.options,
        embedder=past.embedder(),
        past=past,
    ) as simulation:
        world = simulation.world
        prepare = world.prepare

        def listen(thoughts: Mapping[str, Thought]) -> None:
            for agent, thought in thoughts.items():
                if thought.action is not None:
                    found.tapes[agent][world.tick] = _by_itself(thought.action)
            prepare(thoughts)

        world.prepare = listen
        found.people = tuple(agent for agent in world.bodies if world.directs(agent) is None)
        simulation.run(past.ticks)
    return found


def recorded_others(simulation: Simulation, society: Society, who: str) -> None:
    """Let everybody but one person do what they did, and be heard by those who heard it."""
    minds = simulation.world.minds
    for agent in minds:
        if agent != who:
            minds[agent] = RecordedMind(society.tapes[agent])
    simulation.world.hearers = {key: of for key, of in society.hearers.items() if key[1] != who}


def matched(source: Episode, alone: Mapping[str, Episode]) -> float | None:
    """The share of what others said to or near people that each heard again; None: nothing was."""
    heard = again = 0
    for agent, episode in alone.items():
        before, now = _heard(source, agent), _heard(episode, agent)
        heard += len(before)
        again += len(before & now)
    return round(again / heard, 6) if heard else None


def _heard(episode: Episode, agent: str) -> set[tuple[int, str, str]]:
    return {
        (said.tick, said.agent, said.text)
        for said in episode.each(Said)
        if said.agent != agent and agent in (*said.told, *said.overheard)
    }


def _by_itself(action: Action) -> Action:
    """An act without the call behind its words, which is in another episode."""
    return action.model_copy(update={"call": ""}) if isinstance(action, Say) else action
