"""Keys, tokens and passwords, left out of whatever is written down or shown.

Two things are taken for a secret: what looks like one (an API key, a bearer token, the user and
password of an address), and the value of any environment variable whose name says that it is one.
Texts of providers, replies, error lines and tracebacks pass through :func:`redact` before anybody
keeps them.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

HIDDEN: Final = "[secret]"
"""What stands in a secret's place."""
SHORTEST: Final = 8
"""Characters of a value in the environment that is taken for a secret: below that it is a word."""

_SECRET_NAME: Final = re.compile(
    r"(?:^|_)(?:api_?)?(?:key|keys|token|tokens|secret|secrets|password|passwd|passphrase|pass|pwd"
    r"|credential|credentials|cred|creds|auth|bearer|cookie|session|dsn)(?:$|_(?:id|file)?\d*$)"
    r"|(?:apikey|secret|token|password|credential)",
    re.IGNORECASE,
)
_NO_SECRETS: Final = frozenset({"PWD", "OLDPWD", "DESKTOP_SESSION", "GDMSESSION"})
"""Names that only look as if they were such: folders and desktops."""
_SHAPES: Final = (
    # user:password@ in an address
    (re.compile(r"(?<=://)[^\s/?#@'\"<>]+@"), f"{HIDDEN}@"),
    # Authorization: Bearer …, Proxy-Authorization: Basic …
    (re.compile(r"\b(bearer|basic)(\s+)[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1\2{HIDDEN}"),
    # x-api-key: …, "api_key": "…", access_token=…, ?key=…
    (
        re.compile(
            r"((?:\b|_)(?:api[-_ ]?key|apikey|(?:access|auth|refresh|id|session)[-_]?token"
            r"|token|key|secret|client[-_]secret|password|passwd|authorization|set-cookie|cookie)"
            r"(?:[\"']|\\\")?\s*(?:[:=]|\bprovided:)\s*(?:b?[\"']|\\\")?)"
            r"(?!bearer\b|basic\b|\[secret\])[^\s,;&\"'}{)\\]{8,}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    # keys by how their issuers begin them
    (
        re.compile(
            r"\b(?:sk|pk|rk|gsk|xai|hf|pplx|r8|fw|nvapi|csk|tgp|key|or)[-_][A-Za-z0-9_*-]{10,}"
            r"|\bAIza[\w-]{20,}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bgh[pousr]_\w{20,}"
            r"|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bxox[a-z]-[\w-]{10,}"
            r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"
        ),
        HIDDEN,
    ),
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S
        ),
        HIDDEN,
    ),
)
_NEEDLES: Final = re.compile(
    r"://|bearer|basic|key|token|secret|passw|authorization|cookie|AIza|AKIA|ASIA|eyJ|PRIVATE"
    r"|[a-z0-9]{2,6}[-_]\w{9}|gh[pousr]_|xox",
    re.IGNORECASE,
)
"""Most texts hold none of these, and are let through at once."""


def redact(text: str, environ: Mapping[str, str] | None = None) -> str:
    """The text without secrets.

    Args:
        text: What somebody wrote who may have known one.
        environ: Where secrets are looked up; None: the environment of this process.

    Examples:
        >>> redact("POST https://me:hunter22@host/v1 failed", {})
        'POST https://[secret]@host/v1 failed'
        >>> redact("Incorrect API key provided: sk-abcdefghijklmnop", {})
        'Incorrect API key provided: [secret]'
        >>> redact("they said correct-horse", {"VAULT_TOKEN": "correct-horse"})
        'they said [secret]'
    """
    known = _known(_secret_values(os.environ if environ is None else environ))
    if known is not None:
        text = known.sub(HIDDEN, text)
    return redact_shapes(text)


def redact_shapes(text: str) -> str:
    """The text without what looks like a secret, whatever the environment holds.

    For names that must come out alike on every machine.
    """
    if not _NEEDLES.search(text):
        return text
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def is_secret_name(name: str) -> bool:
    """Whether an environment variable of this name holds a secret.

    Examples:
        >>> [n for n in ("OPENAI_API_KEY", "KEYBOARD", "DB_PASSWORD", "PATH") if is_secret_name(n)]
        ['OPENAI_API_KEY', 'DB_PASSWORD']
    """
    return name.upper() not in _NO_SECRETS and bool(_SECRET_NAME.search(name))


def safe_traceback(error: BaseException) -> str:
    """The traceback of an error and of what led to it, without secrets."""
    return redact("".join(traceback.format_exception(error)))


def hide_from_tracebacks() -> None:
    """Let what this process prints when it dies of an error hold no secrets, in any thread."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = show


def _secret_values(environ: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        value.strip()
        for name, value in environ.items()
        if len(value.strip()) >= SHORTEST and is_secret_name(name)
    )


@lru_cache(maxsize=8)
def _known(values: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern of all of them, the longest first; also as they stand in an address or in JSON."""
    if not values:
        return None
    spelled = {
        form
        for value in values
        for form in (
            value,
            quote(value, safe=""),
            quote_plus(value),
            json.dumps(value)[1:-1],
            repr(value)[1:-1],
        )
    }
    ordered = sorted(spelled, key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, ordered)))
