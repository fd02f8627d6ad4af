from __future__ import annotations

import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from simulation import memory

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "simulation" / "memory").glob("[a-z]*.py"))


def test_every_name_that_is_promised_is_there() -> None:
    assert len(set(memory.__all__)) == len(memory.__all__)
    for name in memory.__all__:
        assert getattr(memory, name) is not None
        assert name in dir(memory)
    with pytest.raises(AttributeError, match="no attribute 'Amnesia'"):
        _ = memory.Amnesia  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_text_are_true(name: str) -> None:
    assert doctest.testmod(import_module(f"simulation.memory.{name}")).failed == 0


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = """
import sys
import simulation.memory as memory
assert "numpy" not in sys.modules
memory.ChromaStore(None, "run").close()
memory.WordLlamaEmbedder()
assert not {"chromadb", "langchain_core", "wordllama"} & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
