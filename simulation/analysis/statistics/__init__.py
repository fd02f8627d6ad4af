"""Statistics over runs: the unit is the run, never the agent, whose choices hang together."""
