"""Which recorded choices the gates are asked about: the same ones each time, from every arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.episode.episode import Episode
from simulation.errors import ConfigError, EpisodeError
from simulation.experiment.living import RUNS
from simulation.experiment.plan import Run, mind_of, options_of, runs_of
from simulation.experiment.questions import Recorded
from simulation.kernel.streams import Streams
from simulation.minds import GENERATIVE
from simulation.redecide import recorded_choices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from simulation.experiment.schema import Design

SAMPLE: Final = 24
"""Choices that each gate asks about, for each model."""
RUNS_READ: Final = 4
"""Runs of an arm that choices are drawn from, the first seeds first."""


def asking_runs(design: Design, model: str, finished: Collection[str]) -> list[Run]:
    """The finished runs in which this model made choices that one could ask about again."""
    return [
        run
        for run in runs_of(design)
        if run.model == model
        and run.key in finished
        and mind_of(design, design.arms[run.arm]) == GENERATIVE
        and design.arms[run.arm].baseline not in ("situation-blind", "isolates")
    ]


def choices_of(design: Design, runs: Sequence[Run], out: Path) -> dict[str, list[Recorded]]:
    """Arm → its recorded choices in a drawn order; arms without any are left out."""
    found: dict[str, list[Recorded]] = {}
    for arm in dict.fromkeys(run.arm for run in runs):
        of_arm = [run for run in runs if run.arm == arm][:RUNS_READ]
        known = [one for run in of_arm for one in _recorded(design, run, out)]
        Streams(0).stream(arm, 0, "gates").shuffle(known)
        if known:
            found[arm] = known
    return found


def in_turn(found: Iterable[list[Recorded]], most: int = SAMPLE) -> list[Recorded]:
    """As many choices from one arm as from the other, at most so many in all."""
    queues = [list(known) for known in found if known]
    drawn: list[Recorded] = []
    while queues and len(drawn) < most:
        for queue in list(queues):
            if len(drawn) < most:
                drawn.append(queue.pop(0))
            if not queue:
                queues.remove(queue)
    return drawn


def _recorded(design: Design, run: Run, out: Path) -> Iterator[Recorded]:
    folder = out / RUNS / run.key
    try:
        episode = Episode.open(folder)
        choices = recorded_choices(episode, "decide")
    except (EpisodeError, ConfigError):
        return  # it made no choice that could be asked again
    exponent = options_of(design, run).exponent
    for choice in choices:
        yield Recorded(choice, episode, run.key, run.arm, run.paraphrase, exponent)
