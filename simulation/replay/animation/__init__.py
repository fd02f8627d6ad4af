"""Stills and films of an episode, drawn with matplotlib: for a paper, a slide, a message.

What the command line calls (``--png TICK``, ``--gif FILE``, ``--mp4 FILE``)::

    still(episode, tick) -> Figure                     one moment, not saved yet
    save_still(episode, tick, path) -> Path            the same as a PNG, SVG or PDF, by the suffix
    animate(episode, path, since=None, until=None,     a film, .gif or .mp4 by the suffix
            fps=12, seconds=None, progress=None) -> Film

``tick``, ``since`` and ``until`` are ticks (``until`` is not shown any more); None is the first and
the end. ``progress(done, frames)`` is called after every frame. A long episode is sampled, every
k-th tick, so that the film lasts 25 seconds at most; ``seconds`` asks for another length, and where
that is long, people walk between the ticks. :attr:`Film.note` says in a sentence what was left out.
Errors are :class:`~simulation.errors.ConfigError` (a suffix, a span, a missing package) and
:class:`~simulation.errors.FileError` (a file that cannot be written): one line, exit code 2.

The stage is the one that the player draws, a :class:`~simulation.replay.reel.Reel`'s, in the
player's colours.
"""

from __future__ import annotations

from simulation.replay.animation.film import Film, animate, save_still, still

__all__ = ["Film", "animate", "save_still", "still"]
