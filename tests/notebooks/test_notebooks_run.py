from __future__ import annotations

import ast
import asyncio
import inspect
import json
import os
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def cells(notebook: Path) -> list[str]:
    content = json.loads(notebook.read_text("utf-8"))
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]


async def run_like_a_notebook(notebook: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, source in enumerate(cells(notebook)):
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: CodeType = compile(source, f"{notebook.name}[{number}]", "exec", flags=flags)
        result = FunctionType(code, names)()
        if inspect.iscoroutine(result):
            await result
    return names


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_of_a_notebook_runs_under_a_running_loop(notebook: Path, tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        names = asyncio.run(run_like_a_notebook(notebook))
    finally:
        os.chdir(before)
    assert names["episode"].ticks == 120


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(notebook: Path) -> None:
    content = json.loads(notebook.read_text("utf-8"))
    assert not any(cell.get("outputs") for cell in content["cells"])
