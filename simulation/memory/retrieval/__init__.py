"""Which memories come to mind: named strategies, each an exact score over all of a stream.

``park``             recency + importance + relevance (Park et al. 2023)
``park_code``        the same as the code that was released with the paper computes it
``forgetting``       retention times relevance (MemoryBank, Zhong et al. 2023)
``short_long_term``  what is new or was used, by relevance + importance (RecAgent, Wang et al. 2023)
``recent``           the newest: a control
``none``             nothing: a control

One string names a strategy with its parameters, for the command line and the episode:
``park:decay=0.99,relevance=2``.
"""

from __future__ import annotations

from simulation.memory.retrieval.baselines import Forgetful, Recent
from simulation.memory.retrieval.contract import check_retrieval
from simulation.memory.retrieval.forgetting import Forgetting
from simulation.memory.retrieval.names import list_retrieval, open_retrieval
from simulation.memory.retrieval.park import Park
from simulation.memory.retrieval.park_code import ParkCode
from simulation.memory.retrieval.short_long_term import ShortLongTerm
from simulation.memory.retrieval.strategy import (
    RetrievalStrategy,
    Retrieved,
    nothing,
    scaled,
    top,
)

__all__ = [
    "Forgetful",
    "Forgetting",
    "Park",
    "ParkCode",
    "Recent",
    "RetrievalStrategy",
    "Retrieved",
    "ShortLongTerm",
    "check_retrieval",
    "list_retrieval",
    "nothing",
    "open_retrieval",
    "scaled",
    "top",
]
