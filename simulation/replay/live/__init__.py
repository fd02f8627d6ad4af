"""The live view: the player on a run that goes on, with a hand on it.

``README.md`` in this folder says what the page and the server say to each other.
"""
