"""What the documents show is what the program does."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


SNIPPETS = [(page, code) for page in PAGES for code in blocks(page, "python")]


@pytest.mark.parametrize(
    ("page", "code"), SNIPPETS, ids=[f"{page.stem}-{n}" for n, (page, _) in enumerate(SNIPPETS)]
)
def test_python_in_the_documents_runs(
    page: Path, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, page.name, "exec"), scope)


def test_the_readme_has_exactly_two_commands_each_on_one_line() -> None:
    commands = [
        text for kind in ("sh", "bash", "console") for text in blocks(ROOT / "README.md", kind)
    ]
    assert len(commands) == 2
    assert all(text.count("\n") == 1 for text in commands)
    assert commands[0].rstrip().endswith("sociarium run village")
    assert commands[1].rstrip().endswith(".venv/bin/pytest -n auto --dist loadscope")
    assert all(text.startswith("python3 -m venv .venv && ") for text in commands)


def test_links_between_documents_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[><=]", need)[0] for need in project["dependencies"]}
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}" not in explained} == set()
    assert sys.version_info >= (3, 11)
