"""Weigh words by walking the trie of their tokens, one forward per branching node.

The words of a menu share first tokens seldom, so a menu mostly costs the one forward at the
root. Where several words go the same way for a while, the tokens that they share are free and
the node where they part costs a forward.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Path = tuple[int, ...]
"""The tokens from the root to a node."""


class NextToken(Protocol):
    """The next-token distribution at a node."""

    def logp(self, token: int) -> float:
        """Log probability of a token; a floor for tokens too rare to be listed."""
        ...


Ask = Callable[[Path], NextToken]
"""Run the model once, with these tokens after the prompt."""


@dataclass
class _Node:
    children: dict[int, _Node] = field(default_factory=dict[int, "_Node"])
    ends: bool = False
    """Whether a word ends here."""

    @property
    def branches(self) -> bool:
        return len(self.children) + self.ends > 1


def weigh(words: Sequence[Path], ask: Ask) -> list[float]:
    """Give each word its log probability among the ways that the trie offers.

    The root is asked even if it has one child, so that a word's weight there does not depend on
    the rest of the menu. A word that is a prefix of another gets what the longer ones leave.

    Args:
        words: The tokens of each word, none empty; repeated words get equal weights.
        ask: Gives the distribution at a node.
    """
    root = _build(words)
    weights: dict[Path, float] = {}
    _walk(root, (), 0.0, ask, weights)
    return [weights[word] for word in words]


def _build(words: Sequence[Path]) -> _Node:
    root = _Node()
    for word in words:
        if not word:
            raise ValueError("a word without tokens cannot be weighed")
        node = root
        for token in word:
            node = node.children.setdefault(token, _Node())
        node.ends = True
    return root


def _walk(node: _Node, path: Path, weight: float, ask: Ask, into: dict[Path, float]) -> None:
    steps: Mapping[int, float] = dict.fromkeys(node.children, 0.0)
    end = 0.0
    if node.branches or not path:
        following = ask(path)
        steps = {token: following.logp(token) for token in node.children}
        if node.ends:
            going_on = sum(math.exp(step) for step in steps.values())
            end = math.log(max(1.0 - going_on, 1e-6))
    if node.ends:
        into[path] = weight + end
    for token, child in node.children.items():
        _walk(child, (*path, token), weight + steps[token], ask, into)
