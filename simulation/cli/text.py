"""Text for a terminal: words that come from files and models are shown, never obeyed."""

from __future__ import annotations

from simulation.episode import plain as safe


def plain(text: str) -> str:
    r"""The whole text on one line, without characters that a terminal would act on.

    Examples:
        >>> plain("a\x1b[31m red\r\nletter")
        'a [31m red letter'
    """
    return safe.plain(text, limit=max(len(text), 1))


def shortened(text: str, limit: int) -> str:
    """The text on one line of at most ``limit`` characters.

    Examples:
        >>> shortened("one two three", 8)
        'one two…'
    """
    line = plain(text)
    return line if len(line) <= limit else line[: max(limit - 1, 0)].rstrip() + "…"


def amount_of_bytes(size: float) -> str:
    """A size as a person reads it.

    Examples:
        >>> amount_of_bytes(135_168), amount_of_bytes(12)
        ('135 kB', '12 B')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:,.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
