"""The page of an episode: what was found, how the society is, and what it all rests on."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.behaviours.behaviours import Behaviours, observe
from simulation.behaviours.finding import FAMILIES
from simulation.behaviours.telling import told, why_nothing
from simulation.cli.text import plain
from simulation.episode.events import Provenance
from simulation.report import sections
from simulation.report.evidence import Evidence
from simulation.report.rendering import environment, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulation.episode.episode import Episode, Graph

SHOWN: Final = 60
"""Findings of a family at most; the rest are counted."""
TREES: Final = 2
"""Facts whose way is drawn: those that most were told."""

GRAPHS: Final[tuple[tuple[Graph, str], ...]] = (
    ("talk", "Who talked to whom"),
    ("knowledge", "Who told whom a fact"),
    ("influence", "Who moved whom"),
)
"""The networks that are drawn."""


class Drawn(NamedTuple):
    """A figure on the page."""

    title: str
    image: str


def episode_page(episode: Episode) -> str:
    """The report of an episode as HTML."""
    found = observe(episode)
    evidence = Evidence(episode)
    families = [_family(name, found, episode, evidence) for name in FAMILIES]
    head = sections.numbers(episode, found, evidence)
    rates = sections.rates(found, evidence)
    tables = {anchor: (title, make(episode, evidence)) for anchor, title, make in sections.SOCIETY}
    events = evidence.told()
    return environment().get_template("episode.html").render(
        episode=episode,
        began=episode.began,
        ended=episode.ended,
        facts=_provenance(episode),
        version=version("sociarium"),
        head=head,
        families=families,
        rates=rates,
        tables=tables,
        doubts=why_nothing(found, episode, list(FAMILIES)),
        figures=_figures(episode, found),
        lists=evidence.lists,
        cited=events,
        known={name for name, _ in events},
        left_out=evidence.left_out,
        time=episode.time,
        plain=plain,
    )  # fmt: skip


def _family(name: str, found: Behaviours, episode: Episode, evidence: Evidence) -> dict[str, Any]:
    """The findings of a family, with their events."""
    findings = [one for one in found.findings if one.family == name]
    for one in findings[:SHOWN]:
        evidence.cite(one.events)
    rows = [{"one": one, "told": plain(told(one, episode))} for one in findings[:SHOWN]]
    return {"name": name, "count": len(findings), "findings": rows}


def _provenance(episode: Episode) -> list[tuple[str, str]]:
    facts = next((event.facts for event in episode.each(Provenance)), {})
    return [(plain(name), plain(text)) for name, text in sorted(facts.items())]


def _figures(episode: Episode, found: Behaviours) -> dict[str, list[Drawn]]:
    """The figures of each section."""
    from simulation.plots import episode as of_episode  # noqa: PLC0415 - matplotlib
    from simulation.plots import opportunities, society  # noqa: PLC0415 - with it

    made: dict[str, list[tuple[str, Figure]]] = {
        "day": [
            ("The day as a score", of_episode.score(episode, found)),
            ("Where people walked", of_episode.heat(episode)),
        ],
        "rates": [
            ("Rates", of_episode.rates(episode, found)),
            *(
                (f"From choices to deeds: {family}",
                 opportunities.funnel({"": (episode, found)}, family))
                for family in ("volunteering", "destruction")
            ),
        ],
        "spread": [
            ("How facts spread", of_episode.diffusion(episode)),
            *(
                (f"Who told whom: {fact}", society.tree(episode, fact))
                for fact in _told_most(episode)
            ),
        ],
        "ties": [
            (title, of_episode.graph(episode, episode.graph(kind), title))
            for kind, title in GRAPHS
        ],
        "stands": [
            ("Positions over time", society.polarisation(episode)),
            ("In private and in public", opportunities.ladder(episode, found)),
        ],
        "shares": [("Who has how much", society.lorenz(episode))],
    }  # fmt: skip
    return {
        section: [Drawn(title, inside(figure)) for title, figure in figures]
        for section, figures in made.items()
    }


def _told_most(episode: Episode) -> list[str]:
    """The facts that most people had from somebody."""
    from simulation.analysis.diffusion import spread  # noqa: PLC0415 - only where asked for

    counts = {
        one.fact: sum(bool(knower.teller) for knower in one.knowers) for one in spread(episode)
    }
    ranked = sorted(counts, key=lambda fact: (-counts[fact], fact))
    return [fact for fact in ranked if counts[fact]][:TREES]
