"""Suites, their figures and the command that measures them."""

from __future__ import annotations

import json
from itertools import count, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from simulation.bench import Figure, corpus, find_suite, p50, suite_names
from simulation.bench.peers import Node, retrieve_node_by_node
from simulation.cli.app import app
from simulation.errors import ConfigError
from simulation.memory.recording import Recording


def test_a_module_with_measures_is_a_suite() -> None:
    assert "memory" in suite_names()
    assert not {"corpus", "figure", "peers", "suites", "timing"} & set(suite_names())
    suite = find_suite("memory")
    assert suite.what == "Retrieval, appending and size of memories, beside other ways to remember."
    labels = [measure.label for measure in suite.measures()]
    assert labels[:3] == ["appending", "size", "retrieval from 1,000"]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", ["memories", "figure", "../memory", ""])
def test_what_is_no_suite_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(ConfigError, match=r"no such suite: .*; allowed: .*memory"):
        find_suite(name)


def test_a_goal_is_met_from_the_right_side() -> None:
    assert Figure(name="time", value=4.0, goal=5).met is True
    assert Figure(name="time", value=6.0, goal=5).met is False
    assert Figure(name="share", value=0.9, goal=0.8, at_least=True).met is True
    assert Figure(name="share", value=0.7, goal=0.8, at_least=True).met is False
    assert Figure(name="time", value=4.0).met is None
    assert Figure(name="time", value=None, goal=5).met is None


def test_a_figure_is_a_row_of_six() -> None:
    assert Figure(name="append", value=3.00046, unit="µs", goal=5).row("memory") == {
        "suite": "memory", "name": "append", "value": 3.0, "unit": "µs", "goal": 5, "met": True,
    }  # fmt: skip
    assert Figure(name="peer", value=None, unit="not here").row("memory")["value"] is None


def test_the_median_leaves_out_the_first_call() -> None:
    calls = count()
    assert p50(lambda: next(calls)) >= 0
    assert 6 <= next(calls) <= 301


def test_the_memories_measured_with_are_all_different_and_always_the_same() -> None:
    texts = [corpus.memory(number).text for number in range(10_000)]
    assert len(set(texts)) == len(texts)
    assert texts[123] == corpus.memory(123).text
    assert (corpus.vectors(50) == corpus.vectors.__wrapped__(50)).all()
    stream = corpus.stream(40)
    assert len(stream) == 40
    assert int(stream.recalls.sum()) > 0
    first, *more = islice(corpus.queries(40), corpus.QUERIES + 1)
    assert (first == more[-1]).all()


@given(st.integers(1, 60), st.integers(0, 999))
def test_the_released_codes_way_is_what_its_recordings_give(number: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [
        Node(
            name=f"n{at}",
            accessed=at,
            importance=int(rng.integers(1, 5)),
            vector=rng.normal(size=8).tolist(),
        )
        for at in range(number)
    ]
    recording = Recording(
        ids=[row.name for row in rows],
        kinds=["event" for _ in rows],
        created=[row.accessed for row in rows],
        importance=[row.importance for row in rows],
        vectors=[row.vector for row in rows],
    )
    query = rng.normal(size=8).tolist()
    found = retrieve_node_by_node(rows, query, number, limit=number // 2 + 1)
    wanted = recording.retrieve(query, now=number, limit=number // 2 + 1)
    assert [node.name for node in found] == wanted
    assert {row.name: row.accessed for row in rows} == recording.last_access


def test_an_unknown_suite_is_one_line() -> None:
    done = CliRunner().invoke(app, ["bench", "memoire"])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("error: no such suite: 'memoire'; allowed: ")
    assert line.endswith("did you mean 'memory'?")


def test_appending_is_measured_with_its_goal() -> None:
    [appending, *_] = find_suite("memory").measures()
    [figure] = appending.run()
    assert (figure.name, figure.unit, figure.goal) == ("append", "µs", 5.0)
    assert figure.value is not None
    assert figure.value > 0


@pytest.mark.slow
def test_the_memory_suite_as_json() -> None:
    done = CliRunner().invoke(app, ["bench", "memory", "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert {frozenset(row) for row in rows} == {
        frozenset({"suite", "name", "value", "unit", "goal", "met"})
    }
    assert {row["suite"] for row in rows} == {"memory"}
    names = {row["name"] for row in rows}
    assert {"append", "park, 1,000", "park, 10,000"} <= names
    assert {"Chroma, 1,000", "Concordia, 1,000", "released code / park_code, 10,000"} <= names
    assert done.stderr == ""
