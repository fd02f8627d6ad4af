"""``python -m simulation.cli``: the command without its script."""

from __future__ import annotations

from simulation.cli.app import main

main()
