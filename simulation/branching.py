"""What would have been: a new episode that shares the past of another one.

The branch lives the shared past again from the replies on record, so it has a log, a journal and a
store of its own and needs the other episode for nothing but the replies that are asked for in the
same words later on. What was done to the other from outside is done to the branch, too: they
differ in what is done to the branch besides, and in what follows from it.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from simulation.episode.archive import is_kept
from simulation.episode.episode import Episode
from simulation.episode.events import Branched
from simulation.episode.folder import default_folder
from simulation.episode.log import EpisodeWriter
from simulation.episode.recording import Recording
from simulation.episode.retrace import Retracing
from simulation.episode.sink import Scribe
from simulation.errors import ConfigError, EpisodeError
from simulation.interventions import Timed, as_rows, done_in
from simulation.kernel.ids import Phase
from simulation.language.base import LanguageModel
from simulation.memory.chroma import collection_name
from simulation.past import Branch, Past, check_lived_here, model_of, planned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.mind.budget import Limits


def begin_branch(
    path: str | Path,
    at: int,
    *,
    interventions: Iterable[Timed],
    fresh: bool,
    model: object = None,
    out: str | Path | None,
    limits: Limits,
) -> Past:
    """The shared past, ready to be lived again into a new folder.

    Where another ``model`` than the episode's answers, none of its later replies is used again.

    Raises:
        EpisodeError: There is no such episode, it is damaged, it has no such tick, or the branch
            cannot be written.
        ConfigError: Something is to be done in the shared past.
    """
    episode = Episode.open(path)
    check_lived_here(episode)
    episode.log.check_current()
    if not 1 <= at <= episode.ticks:
        hint = f"Ticks 0 to {episode.ticks - 1} were lived; a branch begins after one of them."
        raise EpisodeError("no tick to branch at", where=path, value=at, hint=hint)
    more = tuple(interventions)
    for timed in more:
        if timed.at < at:
            what = f"{timed.do.as_text()} is in the past that is shared"
            raise ConfigError(what, where="at", value=timed.at, allowed=[f"{at} or later"])
    folder = Path(out) if out is not None else _free_folder(episode)
    branch = Branch(
        of=episode.folder,
        at=at,
        run_id=f"{folder.absolute().name}-{uuid4().hex[:12]}",
        script=(*_known(episode, at), *more),
        because=tuple(f"{timed.at}: {timed.do.as_text()}" for timed in more),
    )
    name = model.name if isinstance(model, LanguageModel) else model
    fresh = fresh or name not in (None, model_of(episode))
    writer = EpisodeWriter(
        folder, spec=episode.spec, run=_options(episode, branch, fresh, folder, limits)
    )
    try:
        recording = Recording.of(episode.log, at - 1, model_of(episode))
        if fresh:
            recording.before(at)
        sink = Retracing(episode.log, recording, writer, until=at, keep=True)
        return Past(episode=episode, recording=recording, sink=sink, writer=writer, branch=branch)
    except BaseException:
        writer.close()
        raise


def name_in_parent(branch: Branch, child: Path) -> str:
    """Note in the other episode, too, that there is a branch.

    Returns:
        Why that could not be done; empty: it was, or the other one is not written to.
    """
    if is_kept(branch.of):
        return ""
    try:
        with EpisodeWriter.reopen(branch.of) as writer:
            scribe = Scribe(max(0, writer.last_tick), Phase.CLOSE, 0, "")
            scribe.note(
                Branched, role="child", other=child.name, at=branch.at, because=branch.because
            )
            writer.commit(writer.last_tick, scribe.events, scribe.contents)
    except EpisodeError as error:
        return f"{branch.of.name} does not name its branch: {error}"
    return ""


def _known(episode: Episode, at: int) -> tuple[Timed, ...]:
    """What was done to an episode from a tick on, and what is still planned for it."""
    done = [
        Timed(at=tick, do=asked.intervention, scripted=asked.scripted)
        for tick, asked in done_in(episode)
        if tick >= at
    ]
    return (*done, *(timed for timed in planned(episode) if timed.at >= episode.ticks))


def _free_folder(episode: Episode) -> Path:
    world, seed = Path(episode.spec.world).name, episode.seed
    if is_kept(episode.folder):
        return default_folder(world, seed or 0)
    return default_folder(world, seed or 0, base=episode.folder.parent)


def _options(
    episode: Episode, branch: Branch, fresh: bool, folder: Path, limits: Limits
) -> dict[str, object]:
    of = os.path.relpath(episode.folder, folder.absolute())
    return {
        **episode.run,
        "budget": asdict(limits),
        "run_id": branch.run_id,
        "collection": collection_name(branch.run_id),
        "interventions": as_rows(branch.script),
        "branch": {"of": of, "at": branch.at, "because": branch.because, "fresh": fresh},
    }
