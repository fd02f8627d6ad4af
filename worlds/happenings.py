"""What happens in a town without anybody's act: the tide, the hours, sounds from afar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.kernel.clock import minutes_of
from simulation.kernel.effect import Effect
from simulation.kernel.rules import Change
from worlds.objects import key_of
from worlds.uses import Scene, effects_of, hold, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.kernel.view import WorldView
    from worlds.objects import Objects
    from worlds.schema import Town
    from worlds.walking import Walking


def tide(walking: Walking, view: WorldView) -> Iterator[Change]:
    """Bring those ashore who stand on cells that are closed now."""
    for room in walking.flooded(view):
        wet = walking.tides[room.id]
        for agent in view.agents:
            here = view.cell(agent)
            if here in wet and room.ashore:
                cell = walking.spot(view, agent, room.ashore)
                shore = walking.rooms[room.ashore]
                yield Change(
                    text=f"{view.name(agent)} comes in from {room.name} with wet feet.",
                    effects=(Effect(agent, "cell", here, cell, agent, None),),
                    place=shore.id,
                )


def hours(town: Town, view: WorldView) -> Iterator[Change]:
    """What the file says about this minute of the day."""
    clock = view.stage.clock
    now = clock.minute_of_day(view.tick)
    for event in town.events:
        if not 0 <= now - minutes_of(event.at) < clock.tick_minutes:
            continue
        thing = next((thing for thing in town.things if thing.id == event.of), None)
        scene = Scene(view, "", thing)
        if hold(event.when, scene):
            text = told(event.text, view, event.of, thing.state if thing else {})
            yield Change(text=text, effects=effects_of(event.effects, scene), place=event.place)


def sounds(objects: Objects, view: WorldView) -> Iterator[Change]:
    """What begins to be heard of uses that were begun in the last tick."""
    if not objects.loud:
        return
    for agent in view.agents:
        activity = view.activity(agent)
        if activity is None or activity.since != view.tick - 1:
            continue
        sound = objects.loud.get(key_of(activity.action))
        for place in sound.places if sound else ():
            yield Change(text=sound.text if sound else "", place=place)
