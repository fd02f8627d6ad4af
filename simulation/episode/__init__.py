"""The episode: one append-only log, from which everything else is computed."""
