"""The gates of the mind for a whole experiment: asked once, and kept beside its runs."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from simulation.errors import SimulationError
from simulation.experiment.asking import Interviewer
from simulation.experiment.gates import Gate, not_asked
from simulation.experiment.mind_gates import MindGates, foils_of
from simulation.experiment.sampling import asking_runs, choices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from simulation.experiment.plan import Run
    from simulation.experiment.schema import Design
    from simulation.language.base import LanguageModel

GATES: Final = "gates.json"
"""What was asked and answered, in the folder of the experiment."""


def ask_the_minds(
    design: Design,
    out: Path,
    finished: Collection[str],
    *,
    models: Mapping[str, LanguageModel] | None = None,
    progress: Callable[[str], None] = lambda what: None,
) -> list[Gate]:
    """The gates of every model of an experiment.

    Args:
        design: The experiment.
        out: Its folder.
        finished: The runs that are done.
        models: Models that are given as objects, by their names.
        progress: Is told which model is asked.
    """
    found: dict[str, list[Gate]] = {}
    kept = _kept(out)
    for name in design.models:
        runs = asking_runs(design, name, finished)
        if not runs:
            found[name] = not_asked(_why_not(design, finished))
            continue
        key = _key(design, name, runs)
        known = kept.get(name)
        if known is None or known.get("key") != key:
            progress(name)
            known = _ask(design, runs, out, (models or {}).get(name, name))
            if known["rows"]:
                kept[name] = known | {"key": key}
                _keep(out, kept)
        found[name] = [Gate(**gate) for gate in known["gates"]]
    return _by_model(found)


def gates_kept(design: Design, out: Path, finished: Collection[str]) -> list[Gate]:
    """The same without asking anybody: what was asked before, or that nothing was."""
    found: dict[str, list[Gate]] = {}
    kept = _kept(out)
    for name in design.models:
        runs = asking_runs(design, name, finished)
        known = kept.get(name)
        if not runs:
            found[name] = not_asked(_why_not(design, finished))
        elif known is None or known.get("key") != _key(design, name, runs):
            found[name] = not_asked("the same command without --no-gates asks it")
        else:
            found[name] = [Gate(**gate) for gate in known["gates"]]
    return _by_model(found)


def _why_not(design: Design, finished: Collection[str]) -> str:
    if not finished:
        return "no run is finished"
    minds = sorted({arm.mind or design.mind for arm in design.arms.values()})
    return f"no choice was made by a model (minds: {', '.join(minds)})"


def _ask(
    design: Design, runs: Sequence[Run], out: Path, model: str | LanguageModel
) -> dict[str, Any]:
    known = choices_of(design, runs, out)
    if not known:
        gates, rows = not_asked("no recorded choice could be asked again"), []
    else:
        try:
            with Interviewer(model) as interviewer:
                minds = MindGates(design, known, interviewer)
                gates, rows = minds.all(), minds.rows
        except SimulationError as error:
            gates, rows = not_asked(f"it could not be asked: {error}"), []
    told = [{"name": gate.name, "state": gate.state, "figure": gate.figure} for gate in gates]
    return {"gates": told, "rows": rows}


def _by_model(found: Mapping[str, list[Gate]]) -> list[Gate]:
    """In one list; with the name of the model where there are several."""
    if len(found) == 1:
        return list(next(iter(found.values())))
    return [
        Gate(f"{gate.name} ({model})", gate.state, gate.figure)
        for model, several in found.items()
        for gate in several
    ]


def _key(design: Design, model: str, runs: Sequence[Run]) -> str:
    """What the answers hang on."""
    told = [
        model,
        design.hypothesis,
        foils_of(design),
        [check.model_dump() for check in design.understood],
        design.paraphrases,
        [run.key for run in runs],
    ]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _kept(out: Path) -> dict[str, dict[str, Any]]:
    try:
        kept = json.loads((out / GATES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(out: Path, kept: Mapping[str, Any]) -> None:
    (out / GATES).write_text(json.dumps(kept, indent=1), encoding="utf-8")
