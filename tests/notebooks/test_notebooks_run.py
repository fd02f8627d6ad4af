"""The notebooks: every cell of each runs in a kernel, and holds calls alone.

The fast suite runs the two that take seconds; ``pytest -m slow tests/notebooks`` all five as they
stand. What takes minutes is shortened in the fast suite by the numbers in ``SHORTER``.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, Final

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS: Final = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
QUICK: Final = ("2_reading_the_log", "3_your_own_world_and_persona")
SHORTER: Final = {
    "4_an_experiment_from_question_to_figure": {
        "seeds: 0..7": "seeds: 0..1",
        "ticks: 100": "ticks: 30",
    },
}
LOGIC: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If,
                ast.Lambda)  # fmt: skip


def cells(notebook: Path) -> list[str]:
    content = json.loads(notebook.read_text("utf-8"))
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]


def executed(notebook: Path, folder: Path, shorter: dict[str, str]) -> Any:
    """The notebook after a kernel has run every cell of it in an empty folder."""
    read: Any = nbformat.read(notebook, as_version=4)
    for long, short in shorter.items():
        assert any(long in cell.source for cell in read.cells), f"{long} is not in {notebook.name}"
        for cell in read.cells:
            cell.source = cell.source.replace(long, short)
    client = NotebookClient(
        read, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return read


def images(read: Any) -> int:
    outputs = [output for cell in read.cells for output in cell.get("outputs", ())]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def test_there_are_five_and_the_first_has_six_cells() -> None:
    assert [path.stem[0] for path in NOTEBOOKS] == list("12345")
    assert len(cells(NOTEBOOKS[0])) == 6


@pytest.mark.parametrize("name", [*QUICK, *SHORTER])
def test_a_short_notebook_runs_and_shows_a_figure(name: str, tmp_path: Path) -> None:
    notebook = next(path for path in NOTEBOOKS if path.stem == name)
    assert images(executed(notebook, tmp_path, SHORTER.get(name, {}))) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs_as_it_stands(notebook: Path, tmp_path: Path) -> None:
    assert images(executed(notebook, tmp_path, {})) >= 1


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_hold_calls_and_no_logic(notebook: Path) -> None:
    for source in cells(notebook):
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, LOGIC)]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(notebook: Path) -> None:
    content = json.loads(notebook.read_text("utf-8"))
    assert not any(cell.get("outputs") for cell in content["cells"])
