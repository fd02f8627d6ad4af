"""``sociarium measure``: what can be counted in an episode without asking a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from simulation.cli.console import say, say_json
from simulation.cli.measured import MORE, Measure, print_table
from simulation.cli.options import Debug, Episode, Json, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.analysis.acquaintance import Density, Knows
    from simulation.analysis.cascades import Cascade
    from simulation.analysis.coordination import Coordination, Guest
    from simulation.analysis.diffusion import Knower
    from simulation.episode.episode import Episode as Recorded

What = Annotated[
    str | None,
    typer.Argument(
        metavar="[diffusion|density|coordination|inequality|norms|polarisation]",
        help="One measure; without it, all of them.",
        autocompletion=lambda: list(_MEASURES),
    ),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="WHEN", help="When this tick or hour (14:05) was over."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "measure",
        epilog=examples(
            "sociarium measure episodes/village-7-1",
            "sociarium measure episodes/village-7-1 diffusion --at 12:00",
            "sociarium measure episodes/village-7-1 density --json",
            "sociarium measure episodes/village-7-1 polarisation --at 20:00",
        ),
    )(measure)


def measure(
    episode: Episode,
    what: What = None,
    *,
    at: At = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Count how facts spread, who knows of whom, who came, who has what, and what is left undone.

    And how far apart people stand. Every number is computed from the log and comes with the ids of
    the events behind it.
    """
    from simulation.episode.episode import Episode as Recorded
    from simulation.episode.timeline import tick_at

    if what is not None and what not in _MEASURES:
        raise ConfigError("unknown measure", value=what, allowed=_MEASURES)
    recorded = Recorded.open(episode)
    tick = recorded.moment(None if at is None else tick_at(recorded, at))
    wanted = list(_MEASURES) if what is None else [what]
    if not recorded.ticks and not as_json:
        say("No tick was lived: this is how things stood before the first.")
    if as_json:
        measured = {name: _MEASURES[name].as_json(recorded, tick) for name in wanted}
        say_json({"tick": tick, "time": recorded.time(tick), **measured})
        return
    for number, name in enumerate(wanted):
        if number:
            say("")
        _MEASURES[name].show(recorded, tick)


# Diffusion ---------------------------------------------------------------------------------------


def _diffusion_as_json(episode: Recorded, tick: int) -> list[dict[str, Any]]:
    from simulation.analysis.cascades import cascade
    from simulation.analysis.diffusion import spread

    return [
        {
            "fact": measured.fact,
            "statement": measured.statement,
            "people": measured.people,
            "share_at_start": round(measured.share_at_start, 4),
            "share": round(measured.share, 4),
            "shape": _shape_as_json(cascade(measured)),
            "knowers": [knower._asdict() for knower in measured.knowers],
        }
        for measured in spread(episode, tick)
    ]


def _shape_as_json(found: Cascade) -> dict[str, Any]:
    names = ("roots", "depth", "breadth", "virality", "reproduction", "half_time", "why")
    return {name: getattr(found, name) for name in names}


def _shape(episode: Recorded, found: Cascade) -> str:
    """The shape of a cascade in a line."""
    if found.why:
        return found.why
    half = "not reached" if found.half_time is None else episode.time(found.half_time)
    return (
        f"depth {found.depth}, breadth {found.breadth}, structural virality {found.virality:.2f}, "
        f"told by each knower {found.reproduction:.2f}, half of all by {half}"
    )


def _show_diffusion(episode: Recorded, tick: int) -> None:
    from simulation.analysis.cascades import cascade
    from simulation.analysis.diffusion import spread

    say(f"Diffusion: who knows what after {episode.time(tick)}")
    for measured in spread(episode, tick):
        say("")
        known = f"{len(measured.knowers)} of {measured.people}"
        shares = f"{measured.share_at_start:.0%} → {measured.share:.0%}"
        say(f"{measured.fact}: {measured.statement}")
        say(f"{known} know it ({shares})", indent=2)
        say(_shape(episode, cascade(measured)), indent=2)
        if measured.knowers:
            rows = [_knower_row(episode, knower) for knower in measured.knowers]
            print_table(["who", "since", "how", "event", "conversation"], rows)


def _knower_row(episode: Recorded, knower: Knower) -> list[str]:
    teller = f" by {episode.name(knower.teller)}" if knower.source == "told" else ""
    if knower.source == "overheard":
        teller = f" from {episode.name(knower.teller)}"
    since = "the start" if knower.source == "seeded" else episode.time(knower.tick)
    how = f"{knower.source}{teller}"
    return [episode.name(knower.agent), since, how, knower.event, knower.talk]


# Density -----------------------------------------------------------------------------------------


def _density_as_json(episode: Recorded, tick: int) -> dict[str, Any]:
    from simulation.analysis.acquaintance import relationship_density

    change = relationship_density(episode, tick)
    return {
        "people": len(change.now.people),
        "at_start": _moment_as_json(change.start),
        "now": _moment_as_json(change.now),
    }


def _moment_as_json(moment: Density) -> dict[str, Any]:
    relations = [
        {"tick": edge.tick, "knows": [edge.one._asdict(), edge.other._asdict()]}
        for edge in moment.relations
    ]
    return {
        "density": round(moment.density, 4),
        "edges": len(moment.relations),
        "relations": relations,
    }


def _show_density(episode: Recorded, tick: int) -> None:
    from simulation.analysis.acquaintance import relationship_density

    start, now = relationship_density(episode, tick)
    say(f"Relationship density after {episode.time(tick)}: {start.density:.3f} → {now.density:.3f}")
    people = len(now.people)
    edges = f"{len(start.relations)} → {len(now.relations)}"
    say(f"{edges} of {people * (people - 1) // 2} pairs of {people} people know of each other.")
    rows = [
        [
            f"{episode.name(edge.one.who)} and {episode.name(edge.other.who)}",
            "the start" if edge.tick < 0 else episode.time(edge.tick),
            _evidence(edge.one),
            _evidence(edge.other),
        ]
        for edge in now.relations
    ]
    if rows:
        say("")
        print_table(["who", "since", "evidence of the first", "of the second"], rows)


def _evidence(knows: Knows) -> str:
    return knows.how if knows.how == "tie" else f"{knows.how} {knows.evidence}"


# Coordination ------------------------------------------------------------------------------------


def _coordination_as_json(episode: Recorded, tick: int) -> list[dict[str, Any]]:
    from simulation.analysis.coordination import coordination

    return [
        {
            "fact": measured.fact,
            "statement": measured.statement,
            "place": measured.place,
            "begins": measured.begins,
            "ends": measured.ends,
            "begun": measured.begun,
            "hosts": list(measured.hosts),
            "share": None if measured.share is None else round(measured.share, 4),
            "came": len(measured.came),
            "invited": [_guest_as_json(guest) for guest in measured.invited],
        }
        for measured in coordination(episode, tick)
    ]


def _guest_as_json(guest: Guest) -> dict[str, Any]:
    return {
        "came": guest.came,
        "ticks": guest.ticks,
        "tick": guest.tick,
        "event": guest.event,
        "knows": guest.knower._asdict(),
    }


def _show_coordination(episode: Recorded, tick: int) -> None:
    from simulation.analysis.coordination import coordination

    say(f"Coordination: of the invited, who had come by {episode.time(tick)}")
    measures = coordination(episode, tick)
    if not measures:
        say("No fact of this world speaks of an appointment.")
    for measured in measures:
        say("")
        say(f"{measured.fact}: {measured.statement}")
        say(_came(measured), indent=2)
        rows = [_guest_row(episode, measured, guest) for guest in measured.invited]
        if rows:
            print_table(["invited", "knew", "event", "came", "minutes", "event"], rows)


def _came(measured: Coordination) -> str:
    if not measured.invited:
        return "nobody was invited"
    if not measured.begun:
        return f"{len(measured.invited)} are invited so far, it has not begun"
    return f"{len(measured.came)} of {len(measured.invited)} came ({measured.share:.0%})"


def _guest_row(episode: Recorded, measured: Coordination, guest: Guest) -> list[str]:
    came = "" if guest.tick is None else episode.time(guest.tick)
    knew = "the start" if guest.knower.source == "seeded" else episode.time(guest.knower.tick)
    if measured.begun and not guest.came:
        came = "no"
    return [
        episode.name(guest.knower.agent),
        knew,
        guest.knower.event,
        came,
        str(round(guest.ticks * episode.clock.minutes_a_tick)) if guest.came else "",
        guest.event,
    ]


_MEASURES: Final = {
    "diffusion": Measure(_show_diffusion, _diffusion_as_json),
    "density": Measure(_show_density, _density_as_json),
    "coordination": Measure(_show_coordination, _coordination_as_json),
    **MORE,
}
