"""What agents remember: records, streams, retrieval, embeddings and the durable store.

Names are looked up at their first use, so that importing this package imports nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.memory.background import BackgroundStore, Table
    from simulation.memory.chroma import ChromaStore
    from simulation.memory.contract import check_memory_store, check_reopening
    from simulation.memory.embeddings import (
        Embedder,
        HashEmbedder,
        LangChainEmbedder,
        WordLlamaEmbedder,
        open_embedder,
    )
    from simulation.memory.keywords import keywords_of
    from simulation.memory.record import KINDS, Kind, Memory, about_key
    from simulation.memory.recording import Recording
    from simulation.memory.retrieval import (
        Forgetful,
        Forgetting,
        Park,
        ParkCode,
        Recent,
        RetrievalStrategy,
        Retrieved,
        ShortLongTerm,
        check_retrieval,
        list_retrieval,
        open_retrieval,
    )
    from simulation.memory.store import Hit, ListStore, MemoryStore, Row, StoreError, Where
    from simulation.memory.stream import MemoryStream, Remembered
    from simulation.memory.vectors import VectorError, from_int16, similarity, to_int16

__all__ = [
    "KINDS",
    "BackgroundStore",
    "ChromaStore",
    "Embedder",
    "Forgetful",
    "Forgetting",
    "HashEmbedder",
    "Hit",
    "Kind",
    "LangChainEmbedder",
    "ListStore",
    "Memory",
    "MemoryStore",
    "MemoryStream",
    "Park",
    "ParkCode",
    "Recent",
    "Recording",
    "Remembered",
    "RetrievalStrategy",
    "Retrieved",
    "Row",
    "ShortLongTerm",
    "StoreError",
    "Table",
    "VectorError",
    "Where",
    "WordLlamaEmbedder",
    "about_key",
    "check_memory_store",
    "check_reopening",
    "check_retrieval",
    "from_int16",
    "keywords_of",
    "list_retrieval",
    "open_embedder",
    "open_retrieval",
    "similarity",
    "to_int16",
]

_HOMES = {
    "background": ("BackgroundStore", "Table"),
    "chroma": ("ChromaStore",),
    "contract": ("check_memory_store", "check_reopening"),
    "embeddings": (
        "Embedder",
        "HashEmbedder",
        "LangChainEmbedder",
        "WordLlamaEmbedder",
        "open_embedder",
    ),
    "keywords": ("keywords_of",),
    "record": ("KINDS", "Kind", "Memory", "about_key"),
    "recording": ("Recording",),
    "retrieval": (
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
        "open_retrieval",
    ),
    "store": ("Hit", "ListStore", "MemoryStore", "Row", "StoreError", "Where"),
    "stream": ("MemoryStream", "Remembered"),
    "vectors": ("VectorError", "from_int16", "similarity", "to_int16"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
