"""Runs an experiment: every run an episode, on all cores, and resumable."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulation.errors import ConfigError
from simulation.experiment.living import RUNS, lived
from simulation.experiment.plan import Run, check, mind_of, runs_of
from simulation.experiment.schema import Design
from simulation.experiment.wordings import read_paraphrases
from simulation.located_yaml import read_yaml, validate
from simulation.minds import GENERATIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

DESIGN: Final = "experiment.json"
TABLE: Final = "runs.csv"
_READ: Final = frozenset(
    {
        "title",
        "hypothesis",
        "literature",
        "weak_model",
        "margin",
        "control",
        "measures",
        "understood",
        "foils",
        "expected",
        "vary",
    }
)
"""What of a design is read off its runs, and changes none of them."""


def lived_design(folder: Path) -> Design:
    """The design of an experiment that was run.

    Raises:
        ConfigError: The folder holds none, or it is damaged.
    """
    try:
        return Design.model_validate_json((folder / DESIGN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        hint = "Give the folder that `sociarium experiment` wrote."
        raise ConfigError("no experiment that can be read", where=folder, hint=hint) from error


def read_design(path: str | Path) -> Design:
    """An experiment from its file, checked against its world.

    Raises:
        FileError: The file cannot be used; the line is named.
        BadInput: An arm or a measure names what its world does not have.
    """
    design = validate(read_yaml(path), Design)
    told = read_paraphrases(design.paraphrases, Path(path).parent)
    design = design.model_copy(update={"paraphrases": told})
    check(design)
    return design


@dataclass
class Outcome:
    """What came of running an experiment."""

    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """One for each run that is finished."""
    failed: dict[str, str] = field(default_factory=dict[str, str])
    """Run → what went wrong."""
    interrupted: bool = False

    def frame(self) -> pd.DataFrame:
        """One row a run: arm, seed, model, measures, and where its episode is."""
        import pandas as pd  # noqa: PLC0415 - half a second

        return pd.DataFrame(self.rows)


class Experiment:
    """A design and the folder that its runs go to.

    Args:
        design: What is to be run.
        out: The folder; runs that are there already are not run again.

    Raises:
        ConfigError: The folder holds another experiment.

    Examples:
        >>> experiment = Experiment(read_design("helping.yaml"), "helping")  # doctest: +SKIP
        >>> experiment.run().frame()  # doctest: +SKIP
    """

    def __init__(self, design: Design, out: str | Path) -> None:
        check(design)
        self.design = design
        self.out = Path(out)
        self._stop = threading.Event()
        self._claim()

    @property
    def runs(self) -> list[Run]:
        """Every run."""
        return runs_of(self.design)

    def stop(self) -> None:
        """Begin no more runs; those under way are ended after the minute in hand, and kept."""
        self._stop.set()

    def run(
        self, *, jobs: int | None = None, progress: Callable[[int, int, str], None] | None = None
    ) -> Outcome:
        """Run what is not finished yet, and write the table.

        Args:
            jobs: Runs at the same time; None: one for each core, or one where the embedded model
                is asked, which uses all cores by itself.
            progress: Is told (runs finished, runs in all, what was finished).
        """
        outcome = Outcome()
        waiting = self.runs
        total = len(waiting)
        count = jobs or self._usual_jobs()
        done = 0

        def finish(run: Run, row: dict[str, Any] | None, error: str) -> None:
            nonlocal done
            done += 1
            if row is not None:
                outcome.rows.append(row)
            elif error:
                outcome.failed[run.key] = error
            if progress is not None:
                progress(done, total, run.key)

        if count == 1:
            for run in waiting:
                if self._stop.is_set():
                    break
                finish(run, *lived(self.design, run, self.out))
        else:
            alone = [run for run in waiting if self._is_alone(run)]
            self._in_parallel([run for run in waiting if run not in alone], count, finish)
            self._in_parallel(alone, count, finish)
        outcome.interrupted = self._stop.is_set() and done < total
        order = {run.key: number for number, run in enumerate(self.runs)}
        outcome.rows.sort(key=lambda row: order[row["run"]])
        self._write(outcome)
        return outcome

    def _in_parallel(
        self,
        waiting: list[Run],
        count: int,
        finish: Callable[[Run, dict[str, Any] | None, str], None],
    ) -> None:
        """Keep so many processes busy. No fork: a loop's thread would not survive it."""
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, mp_context=context, initializer=_be_quiet) as pool:
            running: dict[Future[tuple[dict[str, Any] | None, str]], Run] = {}
            queue = iter(waiting)
            while True:
                while len(running) < count and not self._stop.is_set():
                    run = next(queue, None)
                    if run is None:
                        break
                    running[pool.submit(lived, self.design, run, self.out)] = run
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    run = running.pop(future)
                    try:
                        finish(run, *future.result())
                    except Exception as error:  # noqa: BLE001 - a process that died is a failed run
                        finish(run, None, f"{type(error).__name__}: {error}")

    def results(self) -> pd.DataFrame:
        """The table as it was written last.

        Raises:
            ConfigError: Nothing was run yet.
        """
        import pandas as pd  # noqa: PLC0415 - half a second

        if not (self.out / TABLE).is_file():
            raise ConfigError("nothing was run yet", where=self.out, hint="Run it first.")
        return pd.read_csv(self.out / TABLE)

    def _is_alone(self, run: Run) -> bool:
        """Whether it is made from what came of another run, which has to be lived before."""
        return self.design.arms[run.arm].baseline == "isolates"

    def _usual_jobs(self) -> int:
        minds = {mind_of(self.design, arm) for arm in self.design.arms.values()}
        local = any(model.startswith("local") for model in self.design.models)
        if local and GENERATIVE in minds:
            return 1
        return os.cpu_count() or 1

    def _claim(self) -> None:
        """Note the design in the folder, or compare it with the one that is there."""
        text = self.design.model_dump_json(indent=1)
        path = self.out / DESIGN
        if path.is_file():
            before = lived_design(self.out).model_dump(mode="json")
            changed = _changed(before, json.loads(text))
            if changed:
                raise ConfigError(
                    f"the folder holds runs of another design ({', '.join(changed)} changed)",
                    where=self.out,
                    hint="Give another folder with --out, or take the change back.",
                )
        try:
            (self.out / RUNS).mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            what = f"cannot be written ({error.strerror})"
            raise ConfigError(what, where=self.out, hint="Give another folder.") from error

    def _write(self, outcome: Outcome) -> None:
        (self.out / TABLE).write_text(outcome.frame().to_csv(index=False), encoding="utf-8")


def _changed(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What of a design cannot differ between two goes: everything but seeds that were added."""
    names = [name for name in now if before.get(name) != now[name]]
    added = set(before.get("seeds", ())) <= set(now["seeds"])
    return [name for name in names if name not in _READ and not (name == "seeds" and added)]


def _be_quiet() -> None:
    """Let a worker leave Ctrl-C to its parent, and no library print what it logs."""
    import signal  # noqa: PLC0415 - in a worker only

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger().addHandler(logging.NullHandler())
