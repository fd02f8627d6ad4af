"""Which language a text is in, without a network: py3langid, asked with doubt in favour.

A short line, a dialect or a foreign greeting must pass, so a text counts as another language only
where that one is much more likely than the persona's: by more than ``MARGIN`` in log probability,
and by more than one for each byte.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

MARGIN: Final = 25.0
"""Natural logarithm of how much more likely another language must be. Measured on 70 lines:
dialects and short lines differ by up to 17, other languages of 20 bytes and more from 29 on."""

_CODES: Final[dict[str, str]] = {
    "afrikaans": "af", "albanian": "sq", "amharic": "am", "arabic": "ar ary arz", "armenian": "hy",
    "azerbaijani": "az", "basque": "eu", "belarusian": "be", "bengali": "bn", "bosnian": "bs hr sr",
    "breton": "br", "bulgarian": "bg", "burmese": "my", "cantonese": "yue zh", "catalan": "ca",
    "chinese": "zh yue wuu", "croatian": "hr bs sr", "czech": "cs", "danish": "da", "dutch": "nl",
    "english": "en pcm", "estonian": "et", "faroese": "fo", "finnish": "fi", "french": "fr",
    "galician": "gl", "georgian": "ka", "german": "de lb", "greek": "el", "gujarati": "gu",
    "hausa": "ha", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is",
    "igbo": "ig", "indonesian": "id ms", "irish": "ga", "italian": "it", "japanese": "ja",
    "javanese": "jv", "kannada": "kn", "kazakh": "kk", "khmer": "km", "korean": "ko",
    "kurdish": "ku sdh", "lao": "lo", "latin": "la", "latvian": "lv", "lithuanian": "lt",
    "luxembourgish": "lb de", "macedonian": "mk", "malay": "ms id", "malayalam": "ml",
    "maltese": "mt", "mandarin": "zh", "marathi": "mr", "mongolian": "mn", "nepali": "ne",
    "norwegian": "no nn", "pashto": "ps", "persian": "fa", "farsi": "fa", "polish": "pl",
    "portuguese": "pt", "punjabi": "pa", "romanian": "ro", "russian": "ru", "serbian": "sr hr bs",
    "shona": "sn", "sinhala": "si", "slovak": "sk", "slovene": "sl", "slovenian": "sl",
    "somali": "so", "spanish": "es", "swahili": "sw", "swedish": "sv", "tagalog": "tl",
    "tamil": "ta", "telugu": "te", "thai": "th", "tibetan": "dz", "turkish": "tr",
    "ukrainian": "uk", "urdu": "ur", "uzbek": "uz", "vietnamese": "vi", "welsh": "cy",
    "xhosa": "xh", "yoruba": "yo", "zulu": "zu",
}  # fmt: skip
"""What the languages are called in English, with the codes of those too near to be told apart."""


def known_languages(name: str) -> tuple[str, ...]:
    """The codes of the languages in a name, none of which may be known.

    Examples:
        >>> known_languages("Swiss German")
        ('de', 'lb')
        >>> known_languages("the language of birds")
        ()
    """
    words = re.findall(r"\w+", name.casefold())
    return tuple(code for word in words for code in _CODES.get(word, "").split())


def is_other_language(text: str, codes: Sequence[str]) -> bool:
    """Whether a text is in none of these languages, or in none at all, as far as can be told.

    Examples:
        >>> is_other_language("Yes, at seven.", ["en"])
        False
        >>> is_other_language("Ich glaube, dass wir morgen noch einmal schauen.", ["en"])
        True
    """
    if not codes:
        return False
    weights = _weights(text)
    return max(weights.values()) - max(weights[code] for code in codes) > _margin(text)


def _margin(text: str) -> float:
    return max(MARGIN, float(len(text.encode("utf-8", "replace"))))


def _weights(text: str) -> dict[str, float]:
    """The log probability of a text in each language, up to a constant."""
    ranked = cast("list[tuple[Any, Any]]", _identifier().rank(text))
    return {str(code): float(weight) for code, weight in ranked}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - half a second

    return LanguageIdentifier.from_model_file(MODEL_FILE)
