"""From ``--do`` and ``--interventions`` to what is done to a run, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.cli.console import err
from simulation.lint import find_loaded_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from simulation.interventions import Timed
    from simulation.kernel.spec import WorldSpec


def read_interventions(
    spec: WorldSpec, lines: Sequence[str] | None, script: Path | None, *, at: int | None = None
) -> tuple[Timed, ...]:
    """Everything that is to be done, in the order of the ticks.

    Args:
        spec: The world, whose clock turns hours into ticks.
        lines: Each with its moment before it.
        script: A YAML file.
        at: The tick of a line that names no moment; None: each has to.

    Raises:
        BadInput: One of them is none.
    """
    from simulation.interventions import parse_timed, read_script
    from simulation.kernel.clock import Clock

    clock = Clock(start=spec.start, tick_minutes=spec.tick_minutes)
    found = [parse_timed(line, clock, at=at) for line in lines or ()]
    if script is not None:
        found += read_script(script, clock)
    say_what_is_named(timed.do.as_text() for timed in found)
    return tuple(sorted(found, key=lambda timed: timed.at))


def say_what_is_named(texts: Iterable[str]) -> None:
    """Say it where an intervention names what is to be studied: that may make it happen."""
    for text in texts:
        words = ", ".join(sorted({found.word for found in find_loaded_words(text)}))
        if words:
            note = f"Note: {words} in {text!r} names or values what people may do of themselves."
            err().print(note, soft_wrap=True, markup=False, highlight=False)
