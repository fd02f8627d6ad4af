"""Experiments that are ready to run in the worlds that ship: YAML files."""
