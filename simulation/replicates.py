"""Pairs of branches of one past: what a change brings about, with chance kept apart from it.

::

    pairs = paired_branches(day, "11:00", village.till_attended(), pairs=20, ticks=10)
    pairs.frame()            # a row a branch
    pairs.effects()          # for each measure the mean difference of the pairs, with its interval

Of each pair, one branch is left alone and in the other something is done. In both, chance falls as
their number says (:class:`~simulation.kernel.intervention.Chance`), so they differ in what was done
and in what follows from it. All are episodes of their own, and those that are there already are not
lived again.

What such pairs can say is said of this one past: the pairs are replicates of a moment, not of a
village. For that, take several seeds, as :mod:`simulation.experiment` does.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.episode.episode import Episode
from simulation.episode.events import Acted, Decided, Learned, Moved, Said
from simulation.episode.folder import default_folder
from simulation.episode.timeline import tick_at
from simulation.errors import ConfigError
from simulation.interventions import Timed
from simulation.kernel.intervention import Chance, Intervention, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from simulation.analysis.statistics.result import Result
    from simulation.language.base import LanguageModel

ARMS: Final = ("as it was", "changed")
"""Of each pair: the one that is left alone, and the one in which something is done."""
MEASURES: Final = (
    "utterances", "facts passed on", "choices", "acts", "steps", "could break a norm",
    "broke a norm",
)  # fmt: skip
"""What is counted in the ticks that the branches do not share with anybody."""
MOST: Final = 1000


class _Task(NamedTuple):
    """A branch to be lived, as a worker is handed it."""

    of: Path
    at: int
    until: int
    script: tuple[Timed, ...]
    out: Path


class Branched(NamedTuple):
    """A branch that was lived."""

    pair: int
    arm: str
    """One of :data:`ARMS`."""
    folder: Path


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Branches in pairs."""

    of: Episode
    """Whose past they share."""
    at: int
    """The first tick that they do not share."""
    ticks: int
    """How many they lived."""
    done: tuple[str, ...]
    """What was done in the changed arm, as it can be written."""
    branches: tuple[Branched, ...]

    def __repr__(self) -> str:
        return (
            f"<{self.count} pairs of branches of {self.of.folder.name} at {self.of.time(self.at)}>"
        )

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return len(self.branches) // len(ARMS)

    def frame(self, measures: dict[str, Callable[[Episode], float]] | None = None) -> pd.DataFrame:
        """A row a branch: pair, arm, its measures, and its folder.

        Args:
            measures: Name → a number of an episode; None: :data:`MEASURES`, counted from the tick
                of the branch on.
        """
        import pandas as pd  # noqa: PLC0415 - half a second

        rows: list[dict[str, Any]] = []
        for branch in self.branches:
            episode = Episode.open(branch.folder)
            numbers = (
                counted(episode, self.at)
                if measures is None
                else {name: float(measure(episode)) for name, measure in measures.items()}
            )
            rows.append({"pair": branch.pair, "arm": branch.arm, **numbers,
                         "episode": str(branch.folder)})  # fmt: skip
        return pd.DataFrame(rows)

    def effects(self, frame: pd.DataFrame | None = None) -> dict[str, Result]:
        """For each measure the mean difference of the pairs, changed minus as it was.

        Args:
            frame: Of :meth:`frame`; None: the usual measures.
        """
        from simulation.analysis.statistics.effects import (  # noqa: PLC0415 - scipy
            paired_difference,
        )

        table = self.frame() if frame is None else frame
        found: dict[str, Result] = {}
        for name in [name for name in table.columns if name not in ("pair", "arm", "episode")]:
            wide = table.pivot_table(index="pair", columns="arm", values=name)
            first, second = (wide[arm].astype(float).tolist() for arm in ARMS)
            found[name] = paired_difference(first, second)
        return found


def paired_branches(
    episode: Episode,
    at: int | str,
    do: Iterable[Intervention | str],
    *,
    pairs: int = 20,
    ticks: int = 10,
    out: str | Path = "branches",
    jobs: int | None = None,
    model: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pairs:
    """Live so many pairs of branches.

    Args:
        episode: Whose past is shared.
        at: The first tick that is not: a number or an hour.
        do: What is done in the changed arm at that tick, typed or as a line.
        pairs: How many; each has chance of its own.
        ticks: How long each branch lives on.
        out: The folder that they go to; branches that are there already are not lived again.
        jobs: Processes at the same time; None: one for each core.
        model: Who answers; None: the model of the episode.
        progress: Is told (branches lived, branches in all).

    Raises:
        ConfigError: No pairs, no ticks, nothing that is done, or something that cannot be done.
        EpisodeError: There is no such tick, or a folder in ``out`` holds something else.
    """
    moment = tick_at(episode, at) if isinstance(at, str) else at
    things = tuple(parse(one, where="do") if isinstance(one, str) else one for one in do)
    for value, name, least, most in ((pairs, "pairs", 1, MOST), (ticks, "ticks", 1, 10**6)):
        if not least <= value <= most:
            what = "so many cannot be lived"
            raise ConfigError(what, where=name, value=value, allowed=[f"{least} to {most}"])
    if not things:
        hint = "Name what is done in the changed arm: do=[\"whisper ada '…'\"]."
        raise ConfigError("the arms of a pair would not differ", where="do", hint=hint)
    branches: list[Branched] = []
    tasks: list[_Task] = []
    for pair in range(pairs):
        for arm, more in zip(ARMS, ((), things), strict=True):
            folder = Path(out) / f"{pair:03d}-{arm.replace(' ', '-')}"
            script = tuple(Timed(at=moment, do=one) for one in (Chance(number=pair), *more))
            branches.append(Branched(pair, arm, folder))
            tasks.append(_Task(episode.folder, moment, moment + ticks, script, folder))
    _live_all([task for task in tasks if not _lived(task)], jobs, model, progress)
    texts = tuple(one.as_text() for one in things)
    return Pairs(of=episode, at=moment, ticks=ticks, done=texts, branches=tuple(branches))


def branch_of(
    episode: Episode,
    at: int | str,
    do: Iterable[Intervention | str],
    *,
    ticks: int = 10,
    out: str | Path | None = None,
    model: str | None = None,
) -> Episode:
    """Live one branch for so long, and open it; for ``episode.replay(branch)`` and the like.

    Args:
        episode: Whose past is shared.
        at: The first tick that is not: a number or an hour.
        do: What is done at that tick, typed or as a line.
        ticks: How long the branch lives on.
        out: Its folder; None: a new one. A branch that is there already is not lived again.
        model: Who answers; None: the model of the episode.

    Raises:
        ConfigError: Something cannot be done, or something else is in the folder.
        EpisodeError: There is no such tick.
    """
    moment = tick_at(episode, at) if isinstance(at, str) else at
    things = [parse(one, where="do") if isinstance(one, str) else one for one in do]
    script = tuple(Timed(at=moment, do=one) for one in things)
    folder = Path(out) if out is not None else default_folder("branch", episode.seed or 0)
    task = _Task(episode.folder, moment, moment + ticks, script, folder)
    if not _lived(task):
        _live(task, model)
    return Episode.open(folder)


def counted(episode: Episode, since: int) -> dict[str, float]:
    """What :data:`MEASURES` names, counted from a tick on."""
    from simulation.analysis.norms import temptations  # noqa: PLC0415 - only where it is asked for

    kinds = (Said, Decided, Acted, Moved)
    counts = Counter(type(event) for event in episode.iter_events(kinds, since=since))
    told = sum(bool(event.teller) for event in episode.each(Learned, since=since))
    tempted = [row for row in temptations(episode) if row.tick >= since]
    numbers = (counts[Said], told, counts[Decided], counts[Acted], counts[Moved],
               len({row.event for row in tempted}),
               len({row.event for row in tempted if row.broken}))  # fmt: skip
    return dict(zip(MEASURES, map(float, numbers), strict=True))


def _lived(task: _Task) -> bool:
    """Whether a branch is there already, and whether it is this one.

    Raises:
        ConfigError: Something else is there.
    """
    if not task.out.exists():
        return False
    there = Episode.open(task.out)
    branch = there.run.get("branch") or {}
    wanted = [f"{one.at}: {one.do.as_text()}" for one in task.script]
    same = branch.get("at") == task.at and list(branch.get("because") or ()) == wanted
    if not same or there.ticks != task.until:
        hint = "Give another folder with out=, or remove this one."
        raise ConfigError("another branch is there already", where=str(task.out), hint=hint)
    return True


def _live_all(
    tasks: Sequence[_Task],
    jobs: int | None,
    model: str | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Live branches, several at the same time where there are cores."""
    count = min(jobs or os.cpu_count() or 1, len(tasks))
    if count <= 1:
        for number, task in enumerate(tasks, start=1):
            _live(task, model)
            if progress is not None:
                progress(number, len(tasks))
        return
    # No fork: the thread of a loop would not survive it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        futures = [pool.submit(_live, task, model) for task in tasks]
        for number, future in enumerate(futures, start=1):
            future.result()
            if progress is not None:
                progress(number, len(tasks))


def _live(task: _Task, model: str | None) -> None:
    from simulation.simulation import Simulation  # noqa: PLC0415 - Mesa, half a second

    began = Episode.open(task.of).began
    name = model or (began.model if began else "")
    opened = _opened(name) if name else None
    with Simulation.branch(
        task.of, task.at, interventions=task.script, model=opened, out=task.out
    ) as simulation:
        simulation.run(task.until)


@lru_cache(maxsize=1)
def _opened(name: str) -> LanguageModel:
    """A model that a process opens once for all of its branches."""
    from simulation.language.names import open_model  # noqa: PLC0415 - LangChain

    return open_model(name)
