"""Living one run of an experiment, and bringing it to a row of the table."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from simulation.behaviours.behaviours import observe
from simulation.episode.episode import Episode
from simulation.errors import SimulationError
from simulation.experiment.isolates import matched, recorded_others, society_of
from simulation.experiment.measures import Lived, measure_all
from simulation.experiment.plan import Run, mind_of, options_of, whole, world_of
from simulation.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulation.experiment.schema import Design
    from simulation.simulation import Simulation

ISOLATES: Final = "isolates.json"
"""Names those who lived alone, when all have, beside their episodes."""
RUNS: Final = "runs"
"""The folder of the episodes, within that of the experiment."""
Row = dict[str, Any]


def lived(design: Design, run: Run, out: Path) -> tuple[Row | None, str]:
    """Live a run, or the rest of it; the row of the table, or what went wrong."""
    try:
        alone = design.arms[run.arm].baseline == "isolates"
        found = _isolates(design, run, out) if alone else _together(design, run, out)
    except SimulationError as error:
        return None, redact(str(error))
    except Exception as error:  # noqa: BLE001 - one run must not end the others
        return None, redact(f"{type(error).__name__}: {error}")
    row = {
        "run": run.key,
        "arm": run.arm,
        "seed": run.seed,
        "model": run.model,
        "paraphrase": run.paraphrase,
        "world": run.world or design.worlds[0],
    }
    return row | found | {"episode": f"{RUNS}/{run.key}"}, ""


def seed_of(design: Design, run: Run, apart: str = "") -> int:
    """The seed of a run: the same in all arms, so that runs of one seed are pairs.

    Args:
        design: The experiment.
        run: The run.
        apart: Something that gives other draws for the same seed; empty: the pair's own.
    """
    world = run.world or design.worlds[0]
    text = f"{world}|{run.seed}" + (f"|{apart}" if apart else "")
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big")


def _together(design: Design, run: Run, out: Path) -> Row:
    episode = _episode(design, run, out / RUNS / run.key, seed_of(design, run))
    return measure_all((Lived(episode, observe(episode)),), design.measures)


def _isolates(design: Design, run: Run, out: Path) -> Row:
    """Everybody lives alone among the others as they were in the run that this one goes by."""
    source, folder = _source(design, run, out), out / RUNS / run.key
    people = _finished(folder, design.ticks) or _live_alone(design, run, folder, source)
    alone: list[Lived] = []
    for agent in people:
        episode = Episode.open(folder / agent)
        alone.append(Lived(episode, observe(episode), agent))
    row = measure_all(tuple(alone), design.measures)
    return row | {"matched": matched(source, {one.whose: one.episode for one in alone})}


def _live_alone(design: Design, run: Run, folder: Path, source: Episode) -> list[str]:
    """An episode for each person; returns who they are."""
    society = society_of(source)
    for agent in society.people:
        seed = seed_of(design, run, f"alone {agent}")
        _episode(
            design,
            run,
            folder / agent,
            seed,
            lambda simulation, who=agent: recorded_others(simulation, society, who),
        )
    told = {"people": society.people, "ticks": design.ticks}
    (folder / ISOLATES).write_text(json.dumps(told), encoding="utf-8")
    return list(society.people)


def _finished(folder: Path, ticks: int) -> list[str]:
    """Who has lived alone to the end, where all have; nobody, where some have not."""
    try:
        told = json.loads((folder / ISOLATES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return list(told["people"]) if told["ticks"] >= ticks else []


def _source(design: Design, run: Run, out: Path) -> Episode:
    of = whole(design, run.arm).of or ""
    other = Run(arm=of, seed=run.seed, model=run.model, world=run.world, paraphrase=run.paraphrase)
    folder = out / RUNS / other.key
    if folder.exists():
        episode = Episode.open(folder)
        if episode.ticks >= design.ticks:
            return episode
    raise SimulationError(f"the run that it goes by, {other.key}, is not finished")


def _episode(
    design: Design,
    run: Run,
    folder: Path,
    seed: int,
    prepare: Callable[[Simulation], None] = lambda simulation: None,
) -> Episode:
    """The finished episode of a run."""
    from simulation.simulation import Simulation  # noqa: PLC0415 - Mesa, half a second

    if folder.exists():
        episode = Episode.open(folder)
        if episode.ticks >= design.ticks:
            return episode
        with Simulation.resume(folder) as simulation:
            prepare(simulation)
            return simulation.run(design.ticks)
    spec, script = world_of(design, run.arm, run.world)
    with Simulation(
        spec,
        run.model,
        seed,
        mind=mind_of(design, design.arms[run.arm]),
        out=folder,
        options=options_of(design, run),
        interventions=script,
        chroma="memory",
    ) as simulation:
        prepare(simulation)
        return simulation.run(design.ticks)
