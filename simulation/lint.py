"""Words that must not reach a mind: those that name what is studied.

A model that reads "you may help" or "a kind person" has been told the outcome, and a finding about
helping says nothing any more. So prompts, worked examples, personas, maps, notices and labels of
options are searched for the words below, in tests and, for sentences that a small model adds, while
it runs. Physical words (carry, give, take, force, leave, say) are what remains.

The search knows whole words only: ``kindling`` is firewood and ``cheating`` is not tea. Where a
word has an innocent sense as well ("kind of", "the boat lies", "a fair wind", "I can't help it"),
it is rejected all the same: a small model does not tell the senses apart, and another word is near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Construct:
    """Something that is studied, and the words that would give it away."""

    name: str
    reason: str
    """Why its words may not stand in a text that a mind reads."""
    patterns: tuple[str, ...]
    """Regular expressions for whole words, lower case."""


ConstructLexicon = tuple[Construct, ...]

LEXICON: Final[ConstructLexicon] = (
    Construct(
        name="volunteering",
        reason="counted from what is done for another's aim, unasked",
        patterns=(
            r"(?:un)?help(?:s|ed|er|ers|ing|ful|fully|fulness|less|lessly)?",
            r"volunt(?:eer|ary|arily)\w*",
            r"(?:un)?kind(?:er|est|ly|ness|nesses|hearted\w*|s)?",
            r"generous\w*|generosity|charit(?:y|able|ably|ies)|uncharitable",
            r"altruis\w*|selfless\w*|unselfish\w*|self-sacrific\w*",
            r"pro-?social\w*|benevolen\w*|compassion\w*|empath(?:y|ic|etic|ise|ize)\w*",
            r"good deeds?|good samaritans?|favou?rs?|do-gooders?",
            r"(?:un)?co-?operati(?:on|ve|vely|veness)|(?:un)?co-?operat(?:e|es|ed|ing|or|ors)",
        ),
    ),
    Construct(
        name="taking without consent",
        reason="the world knows the owner and the consent; the act is called take",
        patterns=(
            r"steal(?:s|ing|er|ers)?|stole|stolen|thie(?:f|ves|ving|very)|theft\w*",
            r"rob(?:s|bed|bing|ber|bers|bery|beries)?|burgl\w+|loot(?:s|ed|ing|er|ers)?",
            r"poach(?:es|ed|ing|er|ers)?|pilfer\w*|shoplift\w*|embezzl\w*|crooks?",
        ),
    ),
    Construct(
        name="destruction",
        reason="counted from loss to another or to the commons",
        patterns=(
            r"vandal\w*|destr(?:oy\w*|uct\w*)|sabotag\w*|saboteurs?|wreck(?:s|ed|er|ers|ing)?",
            r"damag(?:e|es|ed|ing)|harm(?:s|ed|ing|ful|fully|less|lessly)?|malic(?:e|ious\w*)",
            r"violen(?:t|tly|ce)|aggress\w*|attack(?:s|ed|er|ers|ing)?|abus(?:e|es|ed|ing|ive)",
            r"anti-?social\w*|overharvest\w*|over-?exploit\w*|tragedy of the commons",
        ),
    ),
    Construct(
        name="conformity",
        reason="counted from positions before and after those of others are known",
        patterns=(
            r"(?:non-?)?conform\w*|(?:dis)?obe(?:y\w*|dien\w*)",
            r"(?:non-?)?compl(?:y|ies|ied|ying|ian\w*)|non-?compliance",
            r"peer pressure|group pressure|social pressure|bandwagons?",
            r"follow(?:s|ed|ing)? the (?:crowd|herd|group|majority)|herd mentality",
            r"go(?:es|ing)? along with|went along with|fit(?:s|ting)? in with",
        ),
    ),
    Construct(
        name="norms and morals",
        reason="what counts as breaking a norm is the world's to know",
        patterns=(
            r"(?:im|a)?moral(?:s|ly|ity|ise\w*|ize\w*)?|(?:un)?ethic(?:s|al|ally)?",
            r"(?:social )?norms|norm[- ]?break\w*|rule[- ]?break\w*|law[- ]?break\w*",
            r"evil(?:s|ly)?|wicked\w*|villain\w*|virtu(?:e|es|ous\w*)|sin(?:s|ned|ful|ner|ners)?",
            r"crim(?:e|es|inal|inals|inally)|guilt(?:y|ily)?|culprits?|wrongdo\w*|misbehav\w*",
            r"(?:un)?fair(?:ly|ness|er|est)?|(?:in|un)?just(?:ice|ices)|unjust\w*",
        ),
    ),
    Construct(
        name="truthfulness",
        reason="what was said is held against what the speaker knew",
        patterns=(
            r"(?:dis)?honest(?:y|ly)?|lie|lies|lied|lying|liars?|cheat(?:s|ed|ing|er|ers)?",
            r"dece(?:it\w*|iv\w*|pti\w*)|betray\w*|treacher\w*|(?:un)?truthful\w*|hypocri\w*",
            r"rumou?r(?:s|ed)?|gossip(?:s|ed|ing|y)?|free-?rid(?:e|es|er|ers|ing)",
        ),
    ),
    Construct(
        name="hostility",
        reason="an insult, a threat or a slight is a tag put on a saying afterwards",
        patterns=(
            r"bull(?:y|ies|ied|ying)|cruel(?:ly|ty|ties|er|est)?|rude(?:ly|ness|r|st)?",
            r"(?:un)?selfish\w*|greed(?:y|ily|iness)?|egois\w*|egoti\w*|spite(?:s|d|ful|fully)?",
            r"insult(?:s|ed|ing)?|threat(?:s|en\w*)?|hostil(?:e|ity)|reveng\w*|vengeful\w*",
        ),
    ),
)
"""What is studied so far. A world that studies something else passes a longer one."""


class LoadedWord(NamedTuple):
    """A word that gives something studied away."""

    word: str
    """As it stands in the text."""
    construct: str
    """What it names."""
    position: int
    """The index of its first character."""


class LoadedLine(NamedTuple):
    """A loaded word and the place to mend."""

    name: str
    """What the text was called, mostly its file."""
    line: int
    word: str
    construct: str

    def __str__(self) -> str:
        """``PATH:LINE: 'word' names …``, one line that says what to do."""
        what = f"{self.word!r} names {self.construct}"
        return f"{self.name}:{self.line}: {what}. Say what can be seen instead."


def _compile(lexicon: ConstructLexicon) -> re.Pattern[str]:
    groups = (
        f"(?P<c{number}>{'|'.join(construct.patterns)})" for number, construct in enumerate(lexicon)
    )
    words = "|".join(groups).replace(" ", r"\s+")  # prose breaks its lines anywhere
    # Hyphens, underscores and digits separate words as a blank does: "kind-ish", "help_gudrun".
    return re.compile(rf"(?<![^\W_0-9])(?:{words})(?![^\W_0-9])", re.IGNORECASE)


_COMPILED: Final = _compile(LEXICON)


def find_loaded_words(text: str, lexicon: ConstructLexicon = LEXICON) -> list[LoadedWord]:
    """Every loaded word of a text, in order.

    Examples:
        >>> find_loaded_words("carry the kindling inside")
        []
        >>> find_loaded_words("help Gudrun")
        [LoadedWord(word='help', construct='volunteering', position=0)]
    """
    pattern = _COMPILED if lexicon is LEXICON else _compile(lexicon)
    return [
        LoadedWord(match[0], lexicon[int((match.lastgroup or "c0")[1:])].name, match.start())
        for match in pattern.finditer(text)
    ]


def check_texts(texts: Mapping[str, str], lexicon: ConstructLexicon = LEXICON) -> list[LoadedLine]:
    """Every loaded word of some texts with its line; an empty list means that all may be shown."""
    return [
        LoadedLine(name, text.count("\n", 0, found.position) + 1, found.word, found.construct)
        for name, text in texts.items()
        for found in find_loaded_words(text, lexicon)
    ]
