"""Every module imports lightly, shows what it says it shows, and its examples hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import personas
import simulation
import worlds

ROOT = Path(__file__).parents[2]
PACKAGES = (simulation, worlds, personas)
MODULES = sorted(
    module.name
    for package in PACKAGES
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith("__main__")
)
HEAVY = ("mesa", "chromadb", "pandas", "langchain_core", "wordllama", "xllamacpp", "networkx")


def examples(name: str) -> list[doctest.DocTest]:
    module = importlib.import_module(name)
    found = doctest.DocTestFinder(exclude_empty=True).find(module, name)
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", [package.__name__ for package in PACKAGES] + MODULES)
def test_the_examples_of_a_module_hold(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in examples(name):
        runner.run(test, out=told.append)
    assert runner.failures == 0, "".join(told)


def test_there_are_examples() -> None:
    assert sum(len(examples(name)) for name in MODULES) > 20


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_shows_is_sorted_and_there(package: object) -> None:
    shown: list[str] = getattr(package, "__all__", [])
    assert shown == sorted(shown)
    for name in shown:
        assert getattr(package, name) is not None


def test_the_door_knows_no_other_name() -> None:
    assert dir(simulation) == simulation.__all__
    with pytest.raises(AttributeError, match="has no attribute 'Town'"):
        getattr(simulation, "Town")  # noqa: B009 - that it is looked up is the point


@pytest.mark.parametrize("name", ["simulation", "worlds", "worlds.village", "personas"])
def test_a_package_imports_lightly(name: str) -> None:
    code = f"import sys, {name}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT, text=True, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == []
