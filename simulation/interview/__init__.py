"""Asking an agent at any tick of an episode, and scoring what it answers. Nothing is written."""
