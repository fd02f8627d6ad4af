"""A Chroma server: how its address is written, and whether it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final, Self
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import urlopen

from simulation.errors import ConfigError

MEMORY: Final = "memory"
"""What asks for a store that is gone with the run."""
_PORT: Final = 8000
_SECONDS: Final = 5.0
"""How long a server may take to say that it is there."""
_HEARTBEAT: Final = "nanosecond heartbeat"


@dataclass(frozen=True, kw_only=True)
class ChromaServer:
    """Where a Chroma server listens.

    Examples:
        >>> ChromaServer.parse("http://localhost").url
        'http://localhost:8000'
    """

    host: str
    port: int = _PORT
    tls: bool = False

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read ``http://HOST:PORT`` or ``https://HOST:PORT``.

        Raises:
            ConfigError: If it is something else.
        """
        parts = urlsplit(url)
        port = _port(parts, url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError("not the address of a Chroma server", value=url, hint=_HINT)
        if parts.username or parts.password:
            hint = "Set CHROMA_CLIENT_AUTH_PROVIDER and CHROMA_CLIENT_AUTH_CREDENTIALS."
            what = "a password does not belong into an address"
            raise ConfigError(what, value=f"{parts.scheme}://…@{parts.hostname}", hint=hint)
        if parts.path.strip("/") or parts.query or parts.fragment:
            what = "the address of a Chroma server ends with its port"
            raise ConfigError(what, value=url, hint=_HINT)
        return cls(host=parts.hostname, port=port, tls=parts.scheme == "https")

    @property
    def url(self) -> str:
        """The address, in full."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.tls else ''}://{host}:{self.port}"

    def check(self) -> None:
        """Ask whether it is there.

        Raises:
            ConfigError: If it does not answer, or as something else.
        """
        try:
            with urlopen(f"{self.url}/api/v2/heartbeat", timeout=_SECONDS) as reply:
                answer = json.load(reply)
        except (URLError, HTTPException, OSError, ValueError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            what = f"no Chroma server answers there ({reason})"
            raise ConfigError(what, value=self.url, hint=_START) from error
        if not isinstance(answer, dict) or _HEARTBEAT not in answer:
            raise ConfigError("that is no Chroma server", value=self.url, hint=_START)


def check_place(place: str | None) -> ChromaServer | None:
    """Check what was asked for as the place of a store, and that a server there answers.

    Args:
        place: ``memory``, a server's address, or None for the episode's own folder.

    Returns:
        The server, if it is one.

    Raises:
        ConfigError: If it is none of these, or the server does not answer.
    """
    if place is None or place == MEMORY:
        return None
    server = ChromaServer.parse(place)
    server.check()
    return server


_HINT: Final = f"Give {MEMORY!r} or an address like http://localhost:{_PORT}."
_START: Final = f"Start one with `chroma run --port {_PORT}`."


def _port(parts: SplitResult, url: str) -> int:
    try:
        return _PORT if parts.port is None else parts.port
    except ValueError as error:
        raise ConfigError("not a port", value=url, hint=_HINT) from error
