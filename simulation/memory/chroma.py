"""The durable store: one ChromaDB collection per run, on disk, in memory or on a server.

Chroma is asked after a run, beside it, or by other tools; never by a tick. A folder whose writer
was killed may be damaged for good, so it is never repaired: :meth:`ChromaStore.rebuild` makes a
new one from what the episode has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import uuid4

import numpy as np

from simulation.errors import ConfigError
from simulation.memory.background import BackgroundStore
from simulation.memory.keywords import keywords_of
from simulation.memory.process import ProcessTable
from simulation.memory.record import Kind, Memory
from simulation.memory.server import ChromaServer
from simulation.memory.store import EMPTY, Hit, Row, StoreError, Where
from simulation.memory.vectors import SCALE, Int16s, from_int16

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_FLUSH_EVERY: Final = 2_000
"""Rows between two waits while rebuilding, so that a long episode need not fit in the queue."""

Metadata = Mapping[str, Any]


class ChromaStore(BackgroundStore):
    """Keeps the memories of one run in ChromaDB, written in batches from a thread.

    Args:
        place: The folder of the database, made if it is missing; or a server, also by its address
            ``http://HOST:PORT``; None keeps it in memory until the store is closed.
        run_id: Names the collection, so that runs can share a place.
        process: Whether the database, or the client of a server, gets a process of its own, so
            that it slows no tick. Without one, a short run saves its start of about a second; but
            then connections to a server stay open until the end, as Chroma has no way to close
            them.
    """

    def __init__(
        self, place: str | Path | ChromaServer | None, run_id: str, *, process: bool = True
    ) -> None:
        self.place = _place(place)
        self.collection = collection_name(run_id)
        if self.place is None:
            # All databases in memory are one in Chroma, and two runs may well have one name.
            self.collection += f"-{uuid4().hex[:12]}"
        open_table = partial(ChromaTable, self.place, self.collection)
        apart = process and self.place is not None
        super().__init__(partial(ProcessTable, open_table) if apart else open_table)

    @classmethod
    def rebuild(
        cls, path: str | Path, run_id: str, rows: Iterable[Row], high_water: int | None = None
    ) -> ChromaStore:
        """Write all rows, in the order of their ticks, into a new folder and return its store.

        Args:
            path: A folder that does not exist yet, or is empty.
            run_id: As for the store that is replaced.
            rows: From the episode; may be a generator.
            high_water: The last tick that they cover; by default the last row's.

        Raises:
            ConfigError: If the folder is in use.
            StoreError: If Chroma cannot write there either.
        """
        folder = Path(path)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigError(
                "a memory store is rebuilt in a new folder, this one is in use",
                value=str(folder),
                hint="Name one that does not exist yet.",
            )
        store = cls(folder, run_id)
        last = EMPTY
        for number, row in enumerate(rows, start=1):
            store.put(*row)
            last = row.tick
            if number % _FLUSH_EVERY == 0:
                store.flush()
        store.seal(last if high_water is None else high_water)
        store.flush()
        if store.fault is not None:
            store.close()
            msg = f"the memory store could not be rebuilt in {str(folder)!r}: {store.fault}"
            raise StoreError(msg)
        return store


class ChromaTable:
    """A Chroma collection as a :class:`~simulation.memory.background.Table`."""

    def __init__(self, place: Path | ChromaServer | None, name: str) -> None:
        self._place = place
        self._name = name
        with self._told():
            self._client = _open_client(place)
            self._collection: Collection = self._client.get_or_create_collection(
                name,
                configuration={"hnsw": {"space": "cosine"}},
                # Our vectors are always given: Chroma's own embedder would download a model.
                embedding_function=None,
            )
        self.high_water = int((self._collection.metadata or {}).get("high_water", EMPTY))

    def write(self, rows: Sequence[Row], high_water: int) -> None:
        """Upsert, then move the mark: a kill in between costs a repetition, never a memory."""
        with self._told():
            if rows:
                wide = from_int16(np.stack([row.vector for row in rows])) / SCALE
                self._collection.upsert(
                    ids=[row.memory.id for row in rows],
                    embeddings=cast("Any", wide),
                    documents=[_whole(row.memory.text) for row in rows],
                    metadatas=cast("Any", [_to_metadata(row.memory) for row in rows]),
                )
            if high_water > self.high_water:
                self._collection.modify(metadata={"high_water": high_water})
                self.high_water = high_water

    def query(self, vector: Int16s, limit: int, where: Where) -> list[Hit]:
        """Ask Chroma's index, which is approximate for large collections."""
        size = self.count()
        if not size:
            return []
        with self._told():
            found = self._collection.query(
                query_embeddings=cast("Any", [from_int16(vector) / SCALE]),
                n_results=min(limit, size),
                where=cast("Any", _to_chroma(where)),
                include=["documents", "metadatas", "distances"],
            )
        columns = (found["documents"], found["metadatas"], found["distances"])
        texts, metadatas, distances = (column[0] if column else [] for column in columns)
        return [
            Hit(_to_memory(one, cast("str", text), cast("Metadata", about)), 1.0 - float(far))
            for one, text, about, far in zip(
                found["ids"][0], texts, metadatas, cast("list[float]", distances), strict=True
            )
        ]

    def get(self, ids: Sequence[str]) -> list[Memory]:
        """Look ids up."""
        with self._told():
            found = self._collection.get(ids=list(ids), include=["documents", "metadatas"])
        return [
            _to_memory(one, text, about)
            for one, text, about in zip(
                found["ids"], found["documents"] or [], found["metadatas"] or [], strict=True
            )
        ]

    def count(self) -> int:
        """Count the rows."""
        with self._told():
            return self._collection.count()

    def close(self) -> None:
        """Drop what was only in memory and stop the client, which lets go of the files."""
        if self._place is None:
            self._client.delete_collection(self._name)
        cast("Any", self._client).close()

    @contextmanager
    def _told(self) -> Generator[None]:
        """Say which server it was that failed; of a folder, Chroma's own words are enough."""
        try:
            yield
        except Exception as error:
            if not isinstance(self._place, ChromaServer):
                raise
            msg = f"the Chroma server at {self._place.url} failed: {error}"
            raise StoreError(msg) from error


def collection_name(run_id: str) -> str:
    """Return the collection of a run. What Chroma does not allow in a name is replaced.

    Examples:
        >>> collection_name("village-seed7")
        'run-village-seed7'
    """
    plain = re.sub(r"[^a-zA-Z0-9_-]+", "-", run_id).strip("-_")[:200]
    if plain != run_id or not plain:
        # Two ids must not become one name.
        plain = f"{plain}-{blake2b(run_id.encode(), digest_size=4).hexdigest()}".lstrip("-")
    return f"run-{plain}"


def _place(given: str | Path | ChromaServer | None) -> Path | ChromaServer | None:
    if given is None or isinstance(given, ChromaServer):
        return given
    if isinstance(given, str) and given.startswith(("http://", "https://")):
        return ChromaServer.parse(given)
    return Path(given).resolve()


def _open_client(place: Path | ChromaServer | None) -> ClientAPI:
    import chromadb  # noqa: PLC0415 - two seconds
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False)
    if place is None:
        return chromadb.EphemeralClient(settings)
    if isinstance(place, ChromaServer):
        return chromadb.HttpClient(place.host, place.port, place.tls, settings=settings)
    return chromadb.PersistentClient(str(place), settings)


def _whole(text: str) -> str:
    # A bad reply can hold half a character pair; that must not stop the store.
    return text.encode(errors="replace").decode()


def _to_metadata(memory: Memory) -> dict[str, str | int | float | list[str]]:
    searchable: dict[str, list[str]] = {}
    if keywords := keywords_of(_whole(memory.text)):  # Chroma takes no empty list
        searchable["keywords"] = list(keywords)
    return {
        "agent": memory.agent,
        "tick": memory.created,
        "kind": memory.kind,
        "place": memory.place,
        "importance": float(memory.importance),
        "fact": memory.fact,
        "source": memory.source,
        "about": _whole(memory.about),
        "count": memory.count,
        "spoken": _whole(memory.spoken),
        "people": json.dumps(memory.people, ensure_ascii=False),
        "evidence": json.dumps(memory.evidence, ensure_ascii=False),
        "last_access": memory.last_access,
        "recalls": memory.recalls,
        **searchable,
    }


def _to_memory(memory_id: str, text: str, metadata: Metadata) -> Memory:
    return Memory(
        id=memory_id,
        agent=metadata["agent"],
        kind=cast("Kind", metadata["kind"]),
        text=text,
        spoken=metadata["spoken"],
        created=metadata["tick"],
        importance=metadata["importance"],
        place=metadata["place"],
        people=tuple(json.loads(metadata["people"])),
        evidence=tuple(json.loads(metadata["evidence"])),
        fact=metadata["fact"],
        source=metadata["source"],
        about=metadata["about"],
        count=metadata["count"],
        # Folders that older versions wrote have neither.
        last_access=metadata.get("last_access", -1),
        recalls=metadata.get("recalls", 0),
    )


def _to_chroma(where: Where) -> dict[str, Any] | None:
    equal = {"agent": where.agent, "kind": where.kind, "place": where.place, "fact": where.fact}
    limits: list[dict[str, Any]] = [
        {key: {"$eq": value}} for key, value in equal.items() if value is not None
    ]
    if where.since is not None:
        limits.append({"tick": {"$gte": where.since}})
    if where.until is not None:
        limits.append({"tick": {"$lte": where.until}})
    if where.importance is not None:
        limits.append({"importance": {"$gte": float(where.importance)}})
    limits += [{"keywords": {"$contains": keyword}} for keyword in where.keywords]
    return {"$and": limits} if len(limits) > 1 else next(iter(limits), None)
