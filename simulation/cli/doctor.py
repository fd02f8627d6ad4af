"""``sociarium doctor``: what is installed, reachable and missing, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from simulation.cli.console import out, say, say_json, table
from simulation.cli.door import FAILED
from simulation.cli.options import Debug, Json, examples

if TYPE_CHECKING:
    from simulation.doctor import Finding

_MARKS = {"ok": "ok", "missing": "MISSING", "optional": "-"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog=examples("sociarium doctor", "sociarium doctor --json"))(doctor)


def doctor(as_json: Json = False, debug: Debug = False) -> None:
    """Say what is installed, reachable and missing, and what to do.

    Exit code 1 only if `sociarium run village` cannot work.
    """
    from simulation.doctor import examine

    report = examine()
    if as_json:
        say_json(report.as_json())
    else:
        out().print(table(["", "what", "how it is"], map(_row, report.findings)))
        say("")
        say(
            "`sociarium run village` can run."
            if report.well
            else "`sociarium run village` cannot run yet: see MISSING above."
        )
    if not report.well:
        raise typer.Exit(FAILED)


def _row(finding: Finding) -> list[str]:
    told = f"{finding.detail}. {finding.advice}" if finding.advice else finding.detail
    return [_MARKS[finding.state], finding.name, told]
