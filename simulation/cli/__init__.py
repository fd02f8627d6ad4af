"""The ``sociarium`` command: one small module for each subcommand.

Nothing heavy is imported before a command is known to need it, so help, completion and most
errors come at once.
"""

from __future__ import annotations

from simulation.cli.app import main

__all__ = ["main"]
