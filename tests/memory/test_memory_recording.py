"""``park_code``: the released code's retrieval, on its recordings and on our own streams.

The reference is written here once more, from the description, without the project's code.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streams import EAST, HOUR, NORTH, NORTH_EAST, stream_of

from simulation.errors import ConfigError, FileError
from simulation.memory.recording import NodeKind, Recording
from simulation.memory.retrieval import ParkCode, open_retrieval

Node = dict[str, Any]


def spread(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    return [0.5 if high == low else (value - low) / (high - low) for value in values]


def reference(
    nodes: list[Node],
    query: list[float],
    now: Any,
    limit: int = 30,
    decay: float = 0.99,
    weights: tuple[float, float, float] = (1, 1, 1),
) -> list[str]:
    """The best nodes by the description; ``nodes`` are in the order in which they were added."""
    newest_first = list(reversed(nodes))
    queue = [node for node in newest_first if node["kind"] == "event"]
    queue += [node for node in newest_first if node["kind"] == "thought"]
    queue = [node for node in queue if "idle" not in node["key"]]
    queue.sort(key=lambda node: node["access"])
    if not queue:
        return []
    norm = np.linalg.norm
    recency = spread([decay**rank for rank in range(1, len(queue) + 1)])
    importance = spread([node["importance"] for node in queue])
    relevance = spread(
        [np.dot(node["vector"], query) / (norm(node["vector"]) * norm(query)) for node in queue]
    )
    of_recency, of_relevance, of_importance = weights
    scores = [
        of_recency * a * 0.5 + of_relevance * b * 3 + of_importance * c * 2
        for a, b, c in zip(recency, relevance, importance, strict=True)
    ]
    ranks = sorted(range(len(queue)), key=lambda rank: scores[rank], reverse=True)[:limit]
    for rank in ranks:
        queue[rank]["access"] = now
    return [queue[rank]["id"] for rank in ranks]


def recording_of(nodes: list[Node], **more: Any) -> Recording:
    return Recording(
        ids=[node["id"] for node in nodes],
        kinds=[node["kind"] for node in nodes],
        created=[node["access"] for node in nodes],
        importance=[node["importance"] for node in nodes],
        vectors=[node["vector"] for node in nodes],
        keys=[node["key"] for node in nodes],
        **more,
    )


def node(number: int, kind: NodeKind, access: Any, importance: int, vector: list[float]) -> Node:
    return {
        "id": f"node_{number}", "kind": kind, "access": access, "importance": importance,
        "vector": vector, "key": f"Key {number}",
    }  # fmt: skip


def test_the_released_formula_worked_by_hand() -> None:
    # Three candidates, oldest access first: node_1 (access 1), node_3 (2), node_2 (5).
    #   recency 0.99, 0.9801, 0.970299        scaled: 1, (0.9801 - 0.970299) / 0.019701, 0
    #   importance 2, 6, 4                    scaled: 0, 1, 0.5
    #   cosine to (1, 0): 1, 0, 0.6           scaled: 1, 0, 0.6
    #   0.5 recency + 3 relevance + 2 importance: 3.5, 2.2487437, 2.8
    nodes = [
        node(1, "event", 1, 2, [1.0, 0.0]),
        node(2, "thought", 5, 4, [0.6, 0.8]),
        node(3, "event", 2, 6, [0.0, 1.0]),
        node(4, "chat", 0, 9, [1.0, 0.0]),
    ]
    recording = recording_of(nodes)
    assert recording.retrieve([1.0, 0.0], now=7) == ["node_1", "node_2", "node_3"]
    assert recording.last_access == {"node_1": 7, "node_2": 7, "node_3": 7, "node_4": 0}
    assert recording.retrieve([1.0, 0.0], now=7, limit=1) == ["node_1"]


def test_ties_keep_the_order_of_the_released_lists() -> None:
    # All alike: only the rank differs, and the first in the queue has the highest recency. At
    # equal access the queue is events newest first, then thoughts newest first.
    kinds: list[NodeKind] = ["event", "thought", "event", "thought", "event"]
    nodes = [node(n, kind, 3, 5, [1.0, 2.0]) for n, kind in enumerate(kinds, start=1)]
    wanted = ["node_5", "node_3", "node_1", "node_4", "node_2"]
    assert recording_of(nodes).retrieve([2.0, 1.0], now=9) == wanted
    flat = recording_of(nodes, strategy=ParkCode(decay=1.0))
    assert flat.retrieve([2.0, 1.0], now=9) == wanted


def test_what_was_returned_moves_to_the_end_of_the_queue() -> None:
    nodes = [node(n, "event", n, 5, [1.0, 2.0]) for n in range(1, 5)]
    recording = recording_of(nodes)
    assert recording.retrieve([1.0, 1.0], now=8, limit=2) == ["node_1", "node_2"]
    # Now 3 and 4 are the oldest; 1 and 2 have one access, and the newer node comes first.
    assert recording.retrieve([1.0, 1.0], now=9, limit=4) == [
        "node_3", "node_4", "node_2", "node_1",
    ]  # fmt: skip


drawn_nodes = st.lists(
    st.tuples(
        st.sampled_from(["event", "event", "thought", "chat"]),
        st.integers(0, 4),  # access
        st.integers(1, 4),  # importance
        st.integers(0, 5),  # which vector
        st.booleans(),  # idle?
    ),
    max_size=80,
)


@given(drawn_nodes, st.integers(0, 2**32 - 1), st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_every_order_is_that_of_the_reference_ties_included(
    drawn: list[tuple[NodeKind, int, int, int, bool]], seed: int, queries: list[int]
) -> None:
    vectors: list[list[float]] = np.random.default_rng(seed).normal(size=(6, 24)).tolist()
    nodes = [
        {
            "id": f"node_{number}", "kind": kind, "access": access, "importance": importance,
            "vector": vectors[which], "key": f"{number} is idle" if idle else f"Key {number}",
        }
        for number, (kind, access, importance, which, idle) in enumerate(drawn, start=1)
    ]  # fmt: skip
    recording = recording_of(nodes)
    for turn, which in enumerate(queries):
        got = recording.retrieve(vectors[which], now=3 + turn, limit=7)
        assert got == reference(nodes, vectors[which], 3 + turn, limit=7)


START = datetime(2023, 2, 13)  # noqa: DTZ001 - recordings know no time zones


def write_recording(folder: Path, number: int = 400, size: int = 1536) -> list[Node]:
    """A folder as the released code writes it; returns its nodes for the reference."""
    rng = np.random.default_rng(7)
    nodes: list[Node] = []
    files: Node = {}
    embeddings: dict[str, list[float]] = {"What does Ada like?": rng.normal(size=size).tolist()}
    for count in range(1, number + 1):
        kind = str(rng.choice(["event", "event", "thought", "chat"]))
        topic = int(rng.integers(0, 90))
        key = f"the stove is idle ({topic})" if topic < 9 else f"Ada is busy with {topic}"
        embeddings.setdefault(key, rng.normal(0.01, 0.02, size=size).tolist())
        # Several nodes are of one minute, as perceptions of one step are.
        created = START + timedelta(seconds=600 * (count // 3))
        files[f"node_{count}"] = {
            "node_count": count, "type_count": count, "type": kind, "depth": 0,
            "created": created.strftime("%Y-%m-%d %H:%M:%S"),
            "expiration": None, "subject": "Ada", "predicate": "is", "object": "busy",
            "description": key, "embedding_key": key, "poignancy": int(rng.integers(1, 9)),
            "keywords": ["Ada"], "filling": [],
        }  # fmt: skip
        nodes.append(
            {
                "id": f"node_{count}", "kind": kind, "access": created, "key": key,
                "importance": files[f"node_{count}"]["poignancy"], "vector": embeddings[key],
            }
        )  # fmt: skip
    folder.mkdir(parents=True)
    # The released code writes the newest node first.
    (folder / "nodes.json").write_text(json.dumps(dict(reversed(files.items()))))
    (folder / "embeddings.json").write_text(json.dumps(embeddings))
    return nodes


def test_a_recorded_folder_gives_the_ordered_thirty(tmp_path: Path) -> None:
    folder = tmp_path / "associative_memory"
    nodes = write_recording(folder)
    recording = Recording.read(folder)
    texts = ["What does Ada like?", "Ada is busy with 33", "Ada is busy\nwith 33"]
    for turn, text in enumerate(texts * 3):
        now = START + timedelta(days=2, hours=turn // 2)
        vector = json.loads((folder / "embeddings.json").read_text())[text.replace("\n", " ")]
        wanted = reference(nodes, vector, now)
        assert len(wanted) == 30
        assert recording.retrieve(text, now=now.strftime("%Y-%m-%d %H:%M:%S")) == wanted


def test_weights_and_decay_are_those_that_were_recorded(tmp_path: Path) -> None:
    folder = tmp_path / "bootstrap_memory" / "associative_memory"
    nodes = write_recording(folder, number=60, size=8)
    assert Recording.read(folder).strategy == ParkCode()
    scratch = {"recency_w": 4, "relevance_w": 0.7, "importance_w": 3, "recency_decay": 0.9}
    (folder.parent / "scratch.json").write_text(json.dumps(scratch))
    recording = Recording.read(folder)
    assert recording.strategy == ParkCode(recency=4, relevance=0.7, importance=3, decay=0.9)
    text = "What does Ada like?"
    vector = json.loads((folder / "embeddings.json").read_text())[text]
    wanted = reference(nodes, vector, START, decay=0.9, weights=(4, 0.7, 3))
    assert recording.retrieve(text, now="February 13, 2023, 00:00:00") == wanted
    assert Recording.read(folder, strategy=ParkCode(decay=0.99)).strategy == ParkCode()


def test_a_recording_without_candidates_gives_nothing() -> None:
    chat = node(1, "chat", 1, 5, [1.0, 0.0])
    idle = node(2, "event", 1, 5, [1.0, 0.0]) | {"key": "the bed is idle"}
    assert recording_of([chat, idle]).retrieve("Key 1", now=2) == []
    assert recording_of([]).retrieve([1.0], now=2) == []


def test_a_query_that_was_not_recorded_is_refused() -> None:
    recording = recording_of([node(1, "event", 1, 5, [1.0, 0.0])])
    with pytest.raises(ConfigError, match="no recorded embedding of this text: 'Hm'"):
        recording.retrieve("Hm", now=2)
    with pytest.raises(ConfigError, match="a query needs 2 components here: 3"):
        recording.retrieve([1.0, 0.0, 0.0], now=2)
    with pytest.raises(ConfigError, match=r"not a time as recorded: 'noon'\. Write it"):
        recording.retrieve("Key 1", now="noon")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"keys": ["one"]}, "keys: 2 nodes need as many: 1"),
        ({"kinds": ["event", "dream"]}, "kinds: no such kind of node: 'dream'"),
        ({"ids": ["a", "a"]}, "ids: a node's id is there twice"),
        ({"vectors": [[1.0], [0.0]]}, "b: its vector is empty, zero"),
        ({"vectors": [[1.0], ["x"]]}, "b: its vector is not a list of numbers"),
        ({"vectors": [[1.0], [1.0, 2.0]]}, "vectors: all vectors need as many components"),
    ],
)
def test_nodes_that_make_no_sense_are_refused(change: dict[str, Any], problem: str) -> None:
    given: dict[str, Any] = {
        "ids": ["a", "b"], "kinds": ["event", "event"], "created": [1, 2],
        "importance": [1, 2], "vectors": [[1.0], [2.0]],
    } | change  # fmt: skip
    with pytest.raises(ConfigError, match=problem):
        Recording(**given)


def test_a_folder_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nodes\.json: cannot be read \(No such file"):
        Recording.read(tmp_path)
    (tmp_path / "nodes.json").write_text("{")
    with pytest.raises(FileError, match=r"nodes\.json: not JSON"):
        Recording.read(tmp_path)
    (tmp_path / "nodes.json").write_text('{"node_2": {}}')
    (tmp_path / "embeddings.json").write_text("[]")
    with pytest.raises(FileError, match=r"embeddings\.json: not an object"):
        Recording.read(tmp_path)
    (tmp_path / "embeddings.json").write_text("{}")
    with pytest.raises(FileError, match="not a recorded memory: KeyError at 'node_1'"):
        Recording.read(tmp_path)


def test_park_code_on_a_stream_takes_events_and_thoughts_that_are_not_idle() -> None:
    kinds = ("observation", "dialogue", "reflection", "fact", "plan", "observation")
    texts = ["Bo bakes.", "Bo spoke.", "Bo bakes well.", "Bo is out.", "To bake.", "Bo is idle."]
    stream = stream_of(*[(1, 5, EAST)] * 6, kinds=kinds, texts=texts)
    found = open_retrieval("park_code").retrieve(stream, EAST, 9, 30, HOUR)
    # Equal but for the rank: events newest first (3, 0), then thoughts newest first (4, 2). Two
    # terms are flat, 0.5 each, so scores are 1.5 + 1 + half of the scaled 0.99, 0.9801, 0.970299
    # and 0.96059601: 1, 0.6633110, 0.3299889 and 0.
    assert found.indices.tolist() == [3, 0, 4, 2]
    assert found.scores == pytest.approx([3.0, 2.8316555, 2.6649945, 2.5], abs=1e-7)
    assert found.relevance.tolist() == [0.5] * 4


@pytest.mark.parametrize("far", [60, 65_535, 65_536, 10**9])
def test_park_code_sorts_accesses_however_far_apart(far: int) -> None:
    stream = stream_of((0, 5, EAST), (far, 5, EAST), (3, 5, EAST), (far, 5, EAST))
    found = open_retrieval("park_code").retrieve(stream, EAST, far, 4, HOUR)
    assert found.indices.tolist() == [0, 2, 3, 1]


def test_park_code_on_a_stream_agrees_with_the_recording() -> None:
    rows = [(3, 2, EAST), (1, 7, NORTH), (1, 7, NORTH), (2, 4, NORTH_EAST), (2, 4, NORTH_EAST)]
    stream = stream_of(*rows)
    nodes = [
        node(number, "event", access, importance, vector.tolist())
        for number, (access, importance, vector) in enumerate(rows)
    ]
    # Whole numbers of 2048 are no unit vectors, so the cosines differ a little; the order does not.
    for tick, query in enumerate((EAST, NORTH, NORTH_EAST, EAST), start=5):
        found = open_retrieval("park_code").retrieve(stream, query, tick, 3, HOUR)
        stream.touch(found.indices, tick)
        wanted = reference(nodes, query.tolist(), tick, limit=3)
        assert [f"node_{index}" for index in found.indices] == wanted
