"""Beginnings that many prompts share: worked examples are kept once, not with every question."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import islice, pairwise
from os.path import commonprefix
from typing import TYPE_CHECKING, Final

from simulation.episode.events import Asked

if TYPE_CHECKING:
    from simulation.episode.episode import Episode

_LOOKED_AT: Final = 2000
"""Questions from which beginnings are found."""
_OF_EACH: Final = 12
"""Of each purpose and model."""
_SHORTEST: Final = 200
"""Letters that are worth it."""


class Heads:
    """The beginnings of the prompts of an episode.

    Args:
        episode: Whose; what was asked when they are first needed is looked at.
    """

    def __init__(self, episode: Episode) -> None:
        self._episode = episode

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The beginnings, longest first."""
        prompts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for call in islice(self._episode.each(Asked), _LOOKED_AT):
            known = prompts[call.purpose, call.model]
            if len(known) < _OF_EACH and call.prompt not in known:
                known.append(call.prompt)
        found: set[str] = set()
        for names in prompts.values():
            contents = self._episode.log.contents(names)
            texts = sorted(contents[name] for name in names if name in contents)
            for pair in pairwise(texts):
                shared = commonprefix(pair)  # noqa: RUF071 - of letters, not of paths
                cut = shared.rfind("\n") + 1
                if cut >= _SHORTEST:
                    found.add(shared[:cut])
        return tuple(sorted(_worth(found), key=lambda text: (-len(text), text)))

    def cut(self, prompt: str) -> str | dict[str, int | str]:
        """A prompt as what it shares with others, by number, and the rest."""
        for number, head in enumerate(self.texts):
            if prompt.startswith(head):
                return {"head": number, "tail": prompt[len(head) :]}
        return prompt


def _worth(found: set[str]) -> set[str]:
    """Those that are not a few letters more than another one."""
    kept: list[str] = []
    for text in sorted(found, key=len):
        if not any(text.startswith(known) and len(text) - len(known) < _SHORTEST for known in kept):
            kept.append(text)
    return set(kept)
