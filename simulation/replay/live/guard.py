"""Who may speak to the live view: a browser of this machine that has the token, and no other site.

A server on 127.0.0.1 is in reach of every page that a browser shows, and of everybody who has an
account on the machine. So each request has to name this server as its ``Host`` (a name that an
attacker had resolved to 127.0.0.1 is another one), comes from no other site, and carries a secret.
The page itself holds nothing of an episode; calls carry the token in a header, which no other
site can make a browser send.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOKEN_HEADER: Final = b"x-sociarium-token"
"""The header in which calls carry the token."""
_BYTES: Final = 32
"""Of chance in a secret."""

HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), usb=()"),
)
"""What every answer carries; none allows another origin anything."""
CLOSED: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of what is no page."""


class Refused(Exception):
    """A request that is not answered."""


class Entry(NamedTuple):
    """What becomes of a request for the page."""

    move_to: str = ""
    """Where it is sent on to; empty: it gets the page."""


class Guard:
    """Knows the secrets of one server, and looks at every request.

    Args:
        port: Where the server listens, on 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(_BYTES)
        """What calls carry."""
        self._for_page = secrets.token_urlsafe(_BYTES)
        # Cookies of 127.0.0.1 go to every port: this one opens the page alone, which holds nothing.
        self._cookie = f"sociarium-live-{port}"
        self._once: set[str] = set()
        self._hosts = frozenset({f"127.0.0.1:{port}".encode(), f"localhost:{port}".encode()})

    def once(self) -> str:
        """A token that opens the page one time.

        The command line of a browser can be read by everybody on the machine; this is worth nothing
        once the browser has used it.
        """
        made = secrets.token_urlsafe(_BYTES)
        self._once.add(made)
        return made

    @property
    def set_cookie(self) -> tuple[bytes, bytes]:
        """The header that lets the page be loaded again when the token has left its address."""
        value = f"{self._cookie}={self._for_page}; Path=/; HttpOnly; SameSite=Strict"
        return b"set-cookie", value.encode()

    def check_place(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Refuse a request that was meant for another server, or comes from another origin.

        Raises:
            Refused: It was.
        """
        hosts = _values(headers, b"host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            raise Refused("this server has another name: use the address that it printed")
        for origin in _values(headers, b"origin"):
            if origin.lower() != b"http://" + hosts[0].lower():
                raise Refused("a request from another origin")

    def check_call(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Refuse a call that does not carry the token, or that another site brought about.

        Raises:
            Refused: It does not, or one did.
        """
        self.check_place(headers)
        sites = _values(headers, b"sec-fetch-site")
        if any(site not in (b"same-origin", b"none") for site in sites):
            raise Refused("a request from another site")
        tokens = _values(headers, TOKEN_HEADER)
        if len(tokens) != 1 or not _same(tokens[0], self.token):
            raise Refused("no token, or another one: open the address that the run printed")

    def enter(self, headers: Sequence[tuple[bytes, bytes]], query: bytes) -> Entry:
        """Let somebody in to the page.

        Args:
            headers: Of the request.
            query: What stands behind the question mark.

        Raises:
            Refused: They have no token and no cookie.
        """
        self.check_place(headers)
        tokens = _tokens(query)
        if len(tokens) == 1:
            if _same(tokens[0], self.token):
                return Entry()
            used = next((one for one in self._once if _same(tokens[0], one)), None)
            if used is not None:
                self._once.remove(used)
                return Entry(f"/?token={self.token}")
        elif not tokens and any(
            _same(cookie, self._for_page) for cookie in _cookies(headers, self._cookie)
        ):
            return Entry()
        raise Refused("no token, or another one: open the address that the run printed")


def _values(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]


def _tokens(query: bytes) -> list[bytes]:
    try:
        found = parse_qs(query.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return [b""]
    return [value.encode("utf-8", "replace") for value in found.get("token", ())]


def _cookies(headers: Sequence[tuple[bytes, bytes]], name: str) -> Iterable[bytes]:
    for header in _values(headers, b"cookie"):
        for pair in header.split(b";"):
            key, _, value = pair.strip().partition(b"=")
            if key == name.encode():
                yield value


def _same(given: bytes, secret: str) -> bool:
    return hmac.compare_digest(given, secret.encode())
