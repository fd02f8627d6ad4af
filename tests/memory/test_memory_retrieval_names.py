"""Strategies by name, with parameters in one string, from here and from other packages."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulation.errors import ConfigError
from simulation.memory.retrieval import (
    Forgetting,
    Park,
    ParkCode,
    Retrieved,
    ShortLongTerm,
    check_retrieval,
    list_retrieval,
    open_retrieval,
)
from simulation.memory.retrieval.contract import RetrievalContractError

if TYPE_CHECKING:
    from simulation.memory.stream import MemoryStream
    from simulation.memory.vectors import Int16s

ROOT = Path(__file__).parents[2]


def test_a_string_sets_parameters() -> None:
    assert open_retrieval("park:decay=0.99,relevance=2") == Park(decay=0.99, relevance=2)
    assert open_retrieval(" park_code : decay = 0.995 ") == ParkCode(decay=0.995)
    assert open_retrieval("forgetting:hours=1") == Forgetting(hours=1)
    assert open_retrieval("short_long_term:items=5,uses=2") == ShortLongTerm(items=5, uses=2)
    assert open_retrieval("park:") == Park()


def test_a_strategy_itself_passes_through() -> None:
    mine = Park(decay=0.9)
    assert open_retrieval(mine) is mine


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("parc", "no such way to retrieve memories: 'parc'; allowed: park, park_code, .*'park'"),
        ("park:decy=1", "parameter of 'park': 'decy'; allowed: decay, importance, .*'decay'"),
        ("park:name=x", "no such parameter of 'park': 'name'"),
        ("recent:decay=1", "no such parameter of 'recent': 'decay'. It has none"),
        ("park:decay", "park: a parameter needs one value: 'decay'. Write park:decay=VALUE"),
        ("park:decay=1,decay=1", "needs one value"),
        ("park:decay=fast", "park: decay: not a number: 'fast'"),
        ("park:decay=0", "decay: decay is above 0 and at most 1: 0.0"),
        ("park:relevance=-1", "relevance: a weight is zero or more"),
        ("park_code:recency=nan", "recency: a weight is zero or more"),
        ("short_long_term:items=2.5", "short_long_term: items: not a whole number: '2.5'"),
        ("short_long_term:uses=-1", "uses: a number is zero or more: -1"),
        ("forgetting:hours=0", "hours: a unit of time is above 0: 0.0"),
    ],
)
def test_what_cannot_be_set_is_told_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        open_retrieval(text)
    assert "\n" not in str(caught.value)


def test_the_list_says_what_each_is_and_what_can_be_set() -> None:
    infos = {info.name: info for info in list_retrieval()}
    assert list(infos)[:6] == [
        "park", "park_code", "forgetting", "short_long_term", "recent", "none",
    ]  # fmt: skip
    assert infos["forgetting"].parameters == "hours=24.0"
    assert infos["none"].parameters == ""
    assert all(info.what.endswith(".") for info in infos.values())


OTHER_PACKAGE = '''
from dataclasses import dataclass

from simulation.memory.retrieval import Recent


@dataclass(frozen=True, kw_only=True)
class Gist(Recent):
    """Somebody's own way."""

    sharp: bool = False
    mood: str = "calm"
    name: str = "gist"
'''
ASK = """
from simulation.memory import list_retrieval, open_retrieval
print(open_retrieval("gist:sharp=true,mood=glad"))
print(list_retrieval()[-1])
for wrong in ("gist:sharp=maybe", "lost"):
    try:
        open_retrieval(wrong)
    except Exception as error:
        print(type(error).__name__, error)
"""


def test_another_package_brings_a_strategy(tmp_path: Path) -> None:
    (tmp_path / "gist_package.py").write_text(OTHER_PACKAGE)
    info = tmp_path / "gist_package-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: gist-package\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[sociarium.retrieval]\ngist = gist_package:Gist\nlost = gist_package:Lost\n"
    )
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", ASK.replace("list_retrieval()[-1]", "0")],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "Gist(name='gist', sharp=True, mood='glad')",
        "0",
        "ConfigError gist: sharp: not true or false: 'maybe'; allowed: true, false",
        "ConfigError retrieval: the strategy of gist_package:Lost cannot be loaded "
        "(module 'gist_package' has no attribute 'Lost'): 'lost'",
    ], done.stderr


@dataclass(kw_only=True)
class Odd:
    """Breaks the contract in one way or another."""

    way: str
    name: str = "odd"
    asked: int = 0

    def retrieve(
        self,
        stream: MemoryStream,
        query_vector: Int16s,
        now_tick: int,
        limit: int,
        tick_minutes: float,
    ) -> Retrieved:
        del query_vector, now_tick, tick_minutes
        self.asked += 1
        number = len(stream) if self.way == "greedy" else max(0, min(limit, len(stream)))
        indices = np.arange(number)
        scores = -np.arange(number).astype(np.float64)
        terms = [np.zeros(number)] * 3
        if self.way == "moody" and self.asked % 2:
            indices = indices[::-1]
        if self.way == "worst first":
            scores = -scores
        if self.way == "twice":
            indices = indices * 0
        if self.way == "unscaled":
            terms[1] = terms[1] + 7
        if self.way == "meddling":
            stream.touch(indices, 200)
        return Retrieved(indices, scores, *terms)


@pytest.mark.parametrize(
    ("way", "problem"),
    [
        ("greedy", "a limit of 0 must give nothing"),
        ("moody", "must be the first of all|must say the same"),
        ("worst first", "the best score must come first"),
        ("twice", "a memory must come once"),
        ("unscaled", "importance must be within 0 and 1"),
        ("meddling", "must not change the stream"),
    ],
)
def test_a_strategy_that_breaks_the_contract_is_found_out(way: str, problem: str) -> None:
    with pytest.raises(RetrievalContractError, match=problem):
        check_retrieval(lambda: Odd(way=way))


def test_a_strategy_that_keeps_it_passes() -> None:
    check_retrieval(lambda: Odd(way="well"))
