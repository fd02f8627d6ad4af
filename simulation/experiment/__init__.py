"""Experiments: conditions, seeds and models in one file, every run an episode."""
