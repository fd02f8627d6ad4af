"""Inequality, norms and polarisation on the command line: the second half of ``measure``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.cli.console import out, say, table

if TYPE_CHECKING:
    from simulation.analysis.inequality import Inequality
    from simulation.analysis.norms import Kept
    from simulation.analysis.polarisation import Polarisation
    from simulation.episode.episode import Episode


class Measure(NamedTuple):
    """A measure as it is shown and as it is written for programs."""

    show: Callable[[Episode, int], None]
    as_json: Callable[[Episode, int], Any]


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Rows set in a little; an id is never broken, as one wants to copy it."""
    from rich.padding import Padding

    made = table(columns, rows)
    for column in made.columns:
        column.no_wrap = True
    out().print(Padding(made, (0, 0, 0, 2)))


# Inequality --------------------------------------------------------------------------------------


def _inequality_as_json(episode: Episode, tick: int) -> list[dict[str, Any]]:
    from simulation.analysis.inequality import inequality, lorenz

    return [
        {
            "of": found.of,
            "total": found.total,
            "gini_at_start": _rounded(found.at_start),
            "gini": _rounded(found.gini),
            "richest_fifth": _rounded(found.richest_fifth),
            "lorenz": [
                [round(x, 4), round(y, 4)]
                for x, y in lorenz(amount.amount for amount in found.amounts)
            ],
            "why": found.why,
            "amounts": [amount._asdict() for amount in found.amounts],
        }
        for found in inequality(episode, tick)
    ]


def _show_inequality(episode: Episode, tick: int) -> None:
    from simulation.analysis.inequality import inequality

    say(f"Inequality: who has how much after {episode.time(tick)}")
    rows = [_inequality_row(episode, found) for found in inequality(episode, tick)]
    print_table(["of", "in all", "Gini before", "Gini", "richest fifth has", "the most"], rows)


def _inequality_row(episode: Episode, found: Inequality) -> list[str]:
    if found.why:
        return [found.of, f"{found.total:g}", "-", "-", "-", found.why]
    most = found.amounts[-1]
    return [
        found.of,
        f"{found.total:g}",
        _number(found.at_start),
        _number(found.gini),
        "-" if found.richest_fifth is None else f"{found.richest_fifth:.0%}",
        f"{episode.name(most.agent)}, {most.amount:g}",
    ]


# Norms -------------------------------------------------------------------------------------------


def _norms_as_json(episode: Episode, tick: int) -> list[dict[str, Any]]:
    from simulation.analysis.norms import norms

    return [
        found._asdict()
        | {
            "knowing": found.knowing._asdict(),
            "unknowing": found.unknowing._asdict(),
            "temptations": [row._asdict() for row in found.temptations],
        }
        for found in norms(episode, tick)
    ]


def _show_norms(episode: Episode, tick: int) -> None:
    from simulation.analysis.norms import norms

    say(f"Norms: what was left undone, and what was not, by {episode.time(tick)}")
    found = norms(episode, tick)
    if not found:
        say("This world declares no norms.")
    for one in found:
        say("")
        say(f"{one.norm} ({one.kind}): {one.knowers} of {one.people} know it")
        if one.why:
            say(one.why, indent=2)
            continue
        say(f"kept by those who know it: {_kept(one.knowing)}", indent=2)
        say(f"kept by those who do not: {_kept(one.unknowing)}", indent=2)
        answered = f"{one.answered} of {one.seen}" if one.seen else "none was seen by anybody"
        say(f"breaches met with reproach: {answered}", indent=2)
        if one.breaches:
            say(f"choices that broke it: {' '.join(one.breaches)}", indent=2)


def _kept(found: Kept) -> str:
    if found.share is None or found.low is None or found.high is None:
        return "no choice"
    between = f"95 % between {found.low:.0%} and {found.high:.0%}"
    return f"{found.kept} of {found.choices} choices ({found.share:.0%}, {between})"


# Polarisation ------------------------------------------------------------------------------------


def _polarisation_as_json(episode: Episode, tick: int) -> list[dict[str, Any]]:
    from simulation.analysis.polarisation import polarisation

    before = {found.topic: found for found in polarisation(episode, -1)}
    names = ("polarisation", "dispersion", "bimodality", "fractionalisation", "effective",
             "homophily")  # fmt: skip
    return [
        {"topic": found.topic, "statement": found.statement, "undecided": found.undecided}
        | {name: _rounded(getattr(found, name)) for name in names}
        | {"polarisation_at_start": _rounded(before[found.topic].polarisation)}
        | {"why": found.why, "positions": [held._asdict() for held in found.held]}
        for found in polarisation(episode, tick)
    ]


def _show_polarisation(episode: Episode, tick: int) -> None:
    from simulation.analysis.polarisation import polarisation

    say(f"Polarisation: how far apart people stand after {episode.time(tick)}")
    before = {found.topic: found for found in polarisation(episode, -1)}
    found = polarisation(episode, tick)
    if not found:
        say("This world has no topics.")
    for one in found:
        say("")
        say(f"{one.topic}: {one.statement}")
        if one.why:
            say(one.why, indent=2)
        else:
            say(_apart(one, before[one.topic]), indent=2)
        rows = [
            [
                episode.name(held.agent),
                "undecided" if held.position is None else _position(held.position),
                "the start" if held.tick < 0 else episode.time(held.tick),
                held.event,
            ]
            for held in one.held
        ]
        if rows:
            print_table(["who", "position", "since", "event"], rows)


def _apart(one: Polarisation, before: Polarisation) -> str:
    parts = [
        f"polarisation {_number(before.polarisation)} → {_number(one.polarisation)}",
        *(
            f"{word} {value:.2f}"
            for word, value in (
                ("dispersion", one.dispersion),
                ("excess kurtosis", one.bimodality),
                ("fractionalisation", one.fractionalisation),
                ("effective positions", one.effective),
                ("homophily of talk", one.homophily),
            )
            if value is not None
        ),
        f"{one.undecided} undecided",
    ]
    return ", ".join(parts)


def _position(position: float | str) -> str:
    return position if isinstance(position, str) else f"{position:+.2f}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


MORE: Final = {
    "inequality": Measure(_show_inequality, _inequality_as_json),
    "norms": Measure(_show_norms, _norms_as_json),
    "polarisation": Measure(_show_polarisation, _polarisation_as_json),
}
"""The measures of this half, by name."""
