"""Texts to vectors: the embedded default, one for tests, and any LangChain ``Embeddings``."""

from __future__ import annotations

import logging
import re
from abc import ABC, abstractmethod
from collections import OrderedDict
from functools import cache
from hashlib import blake2b
from inspect import getfile
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from simulation.errors import ConfigError, ModelError, SimulationError
from simulation.memory.vectors import Int16s, VectorError, checked, to_int16

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langchain_core.embeddings import Embeddings

_LINE: Final = 120
"""Characters of a text, or of somebody else's words, in an error."""
_CACHED_TEXTS: Final = 4096
"""How many texts keep their vector: 2 MB at 256 components."""


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into stored vectors. The same text always gives the same vector."""

    @property
    def name(self) -> str:
        """As a user would name it; it goes into the episode."""
        ...

    @property
    def dimension(self) -> int:
        """How many components a vector has."""
        ...

    def embed(self, texts: Sequence[str]) -> Int16s:
        """Return one row per text, each scaled by :func:`simulation.memory.to_int16`."""
        ...


class CachedEmbedder(ABC):
    """What embedders have in common: checks, whole numbers and a cache by text.

    A subclass gives :meth:`_raw`, floats of any length for texts that are not blank.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._cache: OrderedDict[str, Int16s] = OrderedDict()
        self._lock = Lock()

    @property
    @abstractmethod
    def dimension(self) -> int:
        """How many components a vector has."""

    @abstractmethod
    def _raw(self, texts: Sequence[str]) -> npt.ArrayLike:
        """Return one row of floats per text."""

    def embed(self, texts: Sequence[str]) -> Int16s:
        """Return one row per text; only texts that are not in the cache are computed.

        Raises:
            VectorError: If a text is blank, or the vectors cannot be used.
        """
        wanted = list(texts)
        for text in wanted:
            if not text or text.isspace():
                msg = f"{self.name}: a blank text has no direction: {text!r}"
                raise VectorError(msg)
        if not wanted:
            return np.empty((0, self.dimension), np.int16)
        with self._lock:
            rows = {text: self._cache[text] for text in wanted if text in self._cache}
        missing = [text for text in dict.fromkeys(wanted) if text not in rows]
        if missing:
            rows |= zip(missing, self._compute(missing), strict=True)
        self._keep({text: rows[text] for text in wanted})
        return np.stack([rows[text] for text in wanted])

    def _compute(self, texts: Sequence[str]) -> Int16s:
        rows = self._rows(texts)
        if rows.shape != (len(texts), self.dimension):
            msg = (
                f"{self.name}: {len(texts)} texts need {len(texts)} vectors of {self.dimension} "
                f"components, got {' x '.join(map(str, rows.shape))}"
            )
            raise VectorError(msg)
        return rows

    def _rows(self, texts: Sequence[str]) -> Int16s:
        try:
            # A bad reply can hold half a character pair, which no tokenizer takes.
            whole = [text.encode(errors="replace").decode() for text in texts]
            rows = to_int16(self._raw(whole))
        except VectorError as error:
            msg = f"{self.name}: {error}"
            raise VectorError(msg) from error
        if rows.ndim != 2:
            msg = f"{self.name}: gave one vector where {len(texts)} texts need one each"
            raise VectorError(msg)
        return rows

    def _keep(self, rows: dict[str, Int16s]) -> None:
        with self._lock:
            for text, row in rows.items():
                # A copy, so that one kept row does not hold on to the whole batch.
                self._cache[text] = row.copy() if row.base is not None else row
                self._cache.move_to_end(text)
            while len(self._cache) > _CACHED_TEXTS:
                self._cache.popitem(last=False)


class WordLlamaEmbedder(CachedEmbedder):
    """The embedded default: 256 components, offline, 0.1 ms a sentence in batches.

    The model (16 MB) is loaded at the first text and shared by the process.
    """

    def __init__(self) -> None:
        super().__init__("wordllama")

    @property
    def dimension(self) -> int:
        """256."""
        return 256

    def _raw(self, texts: Sequence[str]) -> npt.ArrayLike:
        with _WORDLLAMA:
            return _load_wordllama().embed(list(texts))


class HashEmbedder(CachedEmbedder):
    """Words and letter triples, hashed: no model, no dependency, the same on every machine.

    Texts that share words are close; it knows no synonyms. Made for tests and demonstrations.

    Examples:
        >>> HashEmbedder().embed(["The mill is shut."]).shape
        (1, 256)
    """

    def __init__(self, dimension: int = 256) -> None:
        super().__init__("hash")
        if dimension < 8:
            raise ConfigError("a hashed vector needs 8 components or more", value=dimension)
        self._dimension = dimension

    @property
    def dimension(self) -> int:
        """As given."""
        return self._dimension

    def _raw(self, texts: Sequence[str]) -> npt.ArrayLike:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> npt.NDArray[np.float64]:
        row = np.zeros(self._dimension)
        words: list[str] = re.findall(r"\w+", text.casefold())
        for word in words:
            self._add(row, f"w:{word}", 1.0)
            padded = f"<{word}>"
            for start in range(len(padded) - 2):
                self._add(row, f"t:{padded[start : start + 3]}", 0.25)
        for left, right in pairwise(words):
            self._add(row, f"p:{left} {right}", 0.5)
        if not row.any():
            # Nothing but signs, or features that cancel out: the text itself is the feature.
            self._add(row, f"x:{text}", 1.0)
        return row

    def _add(self, row: npt.NDArray[np.float64], feature: str, weight: float) -> None:
        digest = int.from_bytes(
            blake2b(feature.encode(errors="surrogatepass"), digest_size=8).digest(), "little"
        )
        row[(digest >> 1) % self._dimension] += weight if digest & 1 else -weight


class LangChainEmbedder(CachedEmbedder):
    """Any LangChain ``Embeddings``, checked before a vector is used.

    Args:
        embeddings: The LangChain object.
        name: As it should be called in the episode; by default its class.
        dimension: How many components it gives; by default it is asked.
    """

    def __init__(self, embeddings: Embeddings, *, name: str = "", dimension: int = 0) -> None:
        super().__init__(name or type(embeddings).__name__)
        self._embeddings = embeddings
        self._dimension = dimension

    @property
    def dimension(self) -> int:
        """As given, or as the first vector has it."""
        if not self._dimension:
            self._dimension = self._rows(["dimension"]).shape[1]
        return self._dimension

    def _raw(self, texts: Sequence[str]) -> npt.ArrayLike:
        try:
            return self._embeddings.embed_documents(list(texts))
        except Exception as error:
            msg = f"{self.name}: {_named(error)}"
            raise ModelError(msg) from error


_EMBEDDERS: Final[dict[str, Callable[[], Embedder]]] = {
    "hash": HashEmbedder,
    "wordllama": WordLlamaEmbedder,
}


def open_embedder(embedder: str | Embedder | Embeddings = "wordllama") -> Embedder:
    """Return the embedder of this name; wrap LangChain's; our own kind passes through.

    Raises:
        ConfigError: If it is none of these.
    """
    if isinstance(embedder, str):
        if embedder not in _EMBEDDERS:
            raise ConfigError("no such embedder", value=embedder, allowed=sorted(_EMBEDDERS))
        return _EMBEDDERS[embedder]()
    if isinstance(embedder, CachedEmbedder):
        return embedder
    from langchain_core.embeddings import Embeddings  # noqa: PLC0415 - 0.4 s, rarely needed

    if isinstance(embedder, Embeddings):
        return LangChainEmbedder(embedder)
    if not _embeds(embedder):
        hint = "Give a name, an Embedder or a LangChain Embeddings."
        raise ConfigError("not an embedder", value=embedder, hint=hint)
    return embedder


def embed_text(embedder: Embedder, text: str, dimension: int) -> Int16s:
    """Return the vector of one text, checked, whoever made the embedder.

    Raises:
        VectorError: If what it gave can be no memory's vector.
        ModelError: If it failed in another way.
    """
    try:
        return checked(embedder.embed([text])[0], dimension)
    except Exception as error:
        told = str(error) if isinstance(error, SimulationError) else _named(error)
        told = told.removeprefix(f"{embedder.name}: ")
        msg = f"the embedder {embedder.name!r} failed on {_line(text)!r}: {_line(told)}"
        raise (VectorError if isinstance(error, VectorError) else ModelError)(msg) from error


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"


def _embeds(given: object) -> bool:
    return isinstance(given, Embedder)


_WORDLLAMA: Final = Lock()
"""Held while the shared model loads or reads: its tokenizer keeps state."""


@cache
def _load_wordllama() -> Any:
    # Its import sets up the root logger, and then every library's chatter reaches the terminal.
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama  # noqa: PLC0415 - 0.3 s

    root.handlers[:] = handlers
    root.setLevel(level)
    # Its own look-up misses the tokenizer that its package carries; this keeps it offline.
    folder = Path(getfile(wordllama)).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
