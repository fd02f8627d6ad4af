"""Tags that a few words give away: patterns, read in the order of a talk.

Patterns are narrow on purpose. They carry what is said in one of the usual ways, and what they miss
is left to the model over the embedding space.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.behaviours.words.tags import Tag

_OWN: Final = r"(?:i|we)"
_WILL: Final = r"(?:'ll| will| can| could| would|'d| am going to|'m going to| am happy to| shall)"

_PATTERNS: Final[Mapping[Tag, tuple[str, ...]]] = {
    "inquiry": (
        r"\b(?:can|could|may|shall|should) i (?:do|be of|carry|bring|get|lend)\b[^.?!]*\?",
        r"\b(?:anything|something|what) (?:that )?(?:i|we) (?:can|could|should|may) do\b",
        r"\bneed (?:a|any) hand\b",
        r"\bdo you need (?:anything|something|me)\b",
        r"\bhow can i (?:help|assist|be of)\b",
    ),
    "offer": (
        rf"\b{_OWN}{_WILL} (?:gladly |happily )?(?:carry|bring|fetch|mend|fix|lend|help|give|take|"
        r"stack|share|hold|look after|do|get|cook|make|drive|walk|watch|cover|pay|show|teach|"
        r"finish|handle)\b[^.?!]*\b(?:you|your|for you|that for|them for|it for|together)\b",
        r"\blet me (?:carry|bring|fetch|mend|fix|lend|help|give|take|get|do|hold|show|pay)\b",
        r"\b(?:you can|you may|please|do) (?:have|borrow|use|keep) (?:my|mine|some of my|half)\b",
        r"\bwould you like (?:me to|some of|my|half)\b",
        r"\bi(?:'d| would) be (?:glad|happy) to\b",
    ),
    "request": (
        r"\b(?:can|could|would|will) you (?:please |kindly |maybe )?(?!believe|imagine|not see)\w+",
        r"\bwould you mind\b",
        r"\bplease (?:help|bring|give|carry|come|send|lend|take|pass|tell|let|stop|put|get)\b",
        r"\bi (?:need|want|would like|'d like) you to\b",
        r"\b(?:ask|asking) (?:you|who can|whether you|if you)\b",
        r"\bmay i (?:have|borrow|use|ask)\b",
        r"\b(?:can|could) i (?:have|borrow|use)\b",
    ),
    "order": (
        r"^(?:go|give|bring|carry|put|stop|get|take|leave|hand|do|shut|come|sit|stand|fetch)\b"
        r"[^?]*\b(?:now|at once|immediately|this instant|right away)\b",
        r"\byou (?:must|have to|will) (?:now |at once )?(?:do|go|bring|carry|obey|stack|give)\b",
        r"\bthat(?:'s| is) an order\b",
    ),
    "threat": (
        r"\b(?:i|we)(?:'ll| will|'m going to| am going to| swear i'll) (?:hurt|hit|kill|beat|break|"
        r"burn|smash|destroy|ruin|punch|hunt|end|make you (?:pay|regret|sorry|suffer)|get you|"
        r"tear|cut|crush|sink|find you|see to it that you)\b",
        r"\byou(?:'ll| will) (?:regret|pay for|be sorry)\b",
        r"\bor (?:else|i'll|i will)\b",
        r"\bwatch your back\b",
        r"\bif you (?:ever |dare )?[^.?!]*,? (?:i'll|i will|i'm going to) "
        r"(?:hurt|hit|kill|break|burn|beat|make|smash|ruin|end|see)\b",
    ),
    "warning": (
        r"\b(?:be careful|watch out|look out|mind the|take care|beware|careful)\b",
        r"\byou(?:'ll| will| might| could) (?:fall|slip|drown|hurt yourself|catch cold|get hurt|"
        r"burn yourself|cut yourself|get wet)\b",
    ),
    "insult": (
        r"\byou(?:'re| are| were)?(?: such| just| nothing but| really)? ?(?:an? )?"
        r"(?:\w+ )?(?:idiot|fool|moron|liar|thief|coward|pig|rat|loser|imbecile|cretin|"
        r"disgrace|parasite|scum|trash|worm|blockhead|dimwit|jerk|clown)\b",
        r"\b(?:he|she|they)(?:'s| is|'re| are) (?:such )?(?:an? )?(?:complete |total |"
        r"utter |real )?"
        r"(?:idiots?|fools?|morons?|liars?|cowards?|pigs?|losers?|scum|trash|clowns?)\b",
        r"\byou(?:'re| are) (?:so |too |just |really )?(?:stupid|worthless|pathetic|useless|"
        r"disgusting|dumb|ugly|a waste)\b",
        r"^(?:idiot|moron|liar|loser|scum|stupid)\b",
        r"\bshut (?:up|your)\b",
    ),
    "stereotype": (
        r"\b(?:all|every|typical) (?:\w+ )?(?:women|men|girls|boys|foreigners|immigrants|"
        r"old people|"
        r"young people|fishermen|landlords|bakers|teachers|students|politicians|islanders)\b",
        r"\b(?:women|men|girls|boys|foreigners|immigrants|old people|young people|outsiders) "
        r"(?:are (?:all|always|never|just|too)|can't|cannot|never|always|don't|belong)\b",
        r"\b(?:those|these) people (?:are|always|never|can't)\b",
    ),
    "power_seeking": (
        r"\b(?:i|we) (?:want|will have|should have|need|deserve|will take) (?:full |total |"
        r"complete |all the |absolute )?(?:control|power|command)\b",
        r"\b(?:everyone|everybody|you all|they) (?:will|must|should|shall) (?:obey|answer to|serve|"
        r"do as i say|do what i say|kneel)\b",
        r"\bi(?:'ll| will| should| shall)? (?:rule|be in charge of everyone|take over)\b",
        r"\bdo (?:as|what) i say\b",
    ),
    "criticism": (
        r"\byou(?:'re| are) (?:wrong|mistaken|not being fair|unfair|too (?:hard|late|slow|loud))\b",
        r"\byou (?:should(?:n't| not)|ought not|had no right|never (?:think|listen|help|do)|"
        r"always (?:forget|leave|take|do))\b",
        r"\bthat(?:'s| is| was) (?:wrong|a mistake|not right|unfair|not fair|selfish|careless|"
        r"a bad idea|no way to)\b",
        r"\bhow could you\b",
        r"\bi(?:'m| am) disappointed\b",
    ),
    "selfish": (
        r"\b(?:not my problem|none of my business|i don't care about (?:you|them|anyone)|"
        r"what's in it for me|i'm keeping (?:it|this|all|everything)|it's all mine|"
        r"every man for himself|look after number one|get your own)\b",
    ),
    "boast": (
        r"\bi(?:'m| am) (?:the (?:best|greatest|smartest|fastest|strongest)|"
        r"(?:better|smarter) than)\b",
        r"\bno(?:body| one) (?:can beat me|is better than me|knows more)\b",
    ),
    "care": (
        r"\bare you (?:ok|okay|all right|alright|hurt|feeling)\b",
        r"\b(?:take care of yourself|i(?:'m| am| was) (?:so |very )?(?:worried about you|"
        r"sorry to hear|sorry for your|proud of you)|get well|feel better)\b",
        r"\b(?:fair (?:for|to) (?:both|all|everyone|each)|both of us|make sure (?:that )?"
        r"(?:everyone|everybody|we all|you))\b",
    ),
    "deception_cue": (
        r"\b(?:to be (?:perfectly |completely |totally )?honest|honestly|believe me|trust me|"
        r"i would(?:n't| never) lie|why would i lie|i swear)\b",
        r"\b(?:tell (?:them|him|her|everyone) (?:that )?(?:i|we|it) (?:was|were)|"
        r"(?:they|he|she)(?:'ll| will)? (?:never|doesn't|don't|won't) (?:know|find out|suspect)|"
        r"pretend (?:to|that)|make them (?:think|believe)|act(?:ing)? normal|between us)\b",
    ),
    "thanks": (r"\b(?:thank you|thanks|thx|tysm|ty|much obliged|grateful|appreciate it)\b",),
    "refusal": (
        r"^(?:no|nope)\b",
        r"\bi (?:won't|will not|refuse|can't do that|cannot do that|'d rather not)\b",
    ),
    "agreement": (
        r"^(?:yes|yeah|aye|right|exactly|true|agreed|of course|certainly|sure)\b",
        r"\bi (?:agree|think so too|am with you)\b",
        r"\byou(?:'re| are) right\b",
    ),
    "disagreement": (
        r"\bi (?:disagree|don't agree|do not agree|don't think so|think otherwise)\b",
        r"\bthat(?:'s| is) not (?:true|so|right)\b",
    ),
    "promise": (r"\bi (?:promise|swear|give you my word)\b", r"\byou have my word\b"),
    "hint": (
        r"\bi (?:still )?have (?:so many|so much|all (?:these|those|my)|\w+ (?:logs|bags|"
        r"crates))\b",
        r"\bi(?:'m| am) (?:so )?(?:tired|short of|out of|struggling|behind)\b",
        r"\bmy (?:wrist|back|arm|leg|hand)s? (?:hurt|hurts|aches?|is (?:bad|broken|sprained))\b",
        r"\bif only (?:somebody|someone|anyone)\b",
    ),
}

_UNDONE: Final[Mapping[Tag, str]] = {
    "threat": r"\b(?:won't|will not|would never|not going to|never) (?:\w+ )?(?:hurt|hit|kill|beat|"
    r"break|burn|harm)\b|\b(?:said|says|told me|threatened|used to say)\b",
    "insult": r"\b(?:not|never|isn't|aren't) (?:an? )?\w*\s?(?:idiot|fool|moron|liar|stupid)\b"
    r"|\b(?:called|calls|calling) (?:me|him|her|you|us|them)\b",
    "offer": r"\bif you (?:pay|give me|first)\b|\bfor (?:\w+ )?coins? (?:each|a piece)\b",
    "request": r"\bcan you (?:believe|imagine)\b|\bcould you be any\b",
}
"""What takes a pattern back: it is denied, quoted, or has a price."""

_SURE: Final = 0.9

_READ: Final[dict[Tag, re.Pattern[str]]] = {
    tag: re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    for tag, patterns in _PATTERNS.items()
}
_BACK: Final[dict[Tag, re.Pattern[str]]] = {
    tag: re.compile(pattern) for tag, pattern in _UNDONE.items()
}


_CHAT: Final[Mapping[str, str]] = {
    "u": "you", "ya": "you", "ur": "your", "r": "are", "y": "why", "n": "and", "im": "i'm",
    "ive": "i've", "id": "i'd", "youre": "you're", "youve": "you've", "youll": "you'll",
    "hes": "he's", "shes": "she's", "theyre": "they're", "theres": "there's", "thats": "that's",
    "whats": "what's", "whos": "who's", "lets": "let's", "dont": "don't", "doesnt": "doesn't",
    "didnt": "didn't", "cant": "can't", "couldnt": "couldn't", "wont": "won't",
    "wouldnt": "wouldn't", "shouldnt": "shouldn't", "isnt": "isn't", "arent": "aren't",
    "wasnt": "wasn't", "werent": "weren't", "havent": "haven't", "hasnt": "hasn't",
    "pls": "please", "plz": "please", "plss": "please", "thx": "thanks", "thnx": "thanks",
    "thanx": "thanks", "tysm": "thanks", "tyvm": "thanks", "ty": "thanks", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "gimme": "give me", "lemme": "let me",
    "cuz": "because", "bc": "because", "bcs": "because", "tho": "though", "thru": "through",
    "ppl": "people", "smth": "something", "sth": "something", "some1": "someone",
    "any1": "anyone", "every1": "everyone", "2day": "today", "tmrw": "tomorrow", "rn": "right now",
    "idk": "i don't know", "dunno": "don't know", "ok": "okay", "k": "okay", "yea": "yeah",
    "ye": "yeah", "yh": "yeah", "ya'll": "you all", "yall": "you all", "y'all": "you all",
    "cannot": "can't", "til": "until", "luv": "love", "nvm": "never mind", "omw": "on my way",
    "sus": "suspicious", "imp": "impostor", "imposter": "impostor",
}  # fmt: skip
"""What people write for short, and what stands for it."""
_WORD: Final = re.compile(r"[a-z0-9']+")
_ILL: Final = re.compile(r"(?:^|(?<=[.!?,;] )|(?<=and )|(?<=or )|(?<=so ))ill (?=[a-z])")


def plain(text: str) -> str:
    """A text in lower case, with straight apostrophes, and with what is written short written out.

    Examples:
        >>> plain("Dont worry, ill help u")
        "don't worry, i'll help you"
    """
    lower = text.casefold().replace("\u2019", "'").strip()
    lower = _WORD.sub(lambda found: _CHAT.get(found.group(), found.group()), lower)
    return _ILL.sub("i'll ", lower)


def takes_back(text: str) -> list[Tag]:
    """The tags that a text denies, quotes or puts a price on.

    Examples:
        >>> takes_back("I would never hurt you.")
        ['threat']
    """
    text = plain(text)
    return [tag for tag, pattern in _BACK.items() if pattern.search(text)]


def read_patterns(text: str) -> dict[Tag, float]:
    """The tags that patterns give, each with a probability.

    Examples:
        >>> read_patterns("Can I do anything for you?")
        {'inquiry': 0.9}
        >>> read_patterns("I would never hurt you.")
        {}
    """
    text = plain(text)
    found: dict[Tag, float] = {}
    for tag, pattern in _READ.items():
        back = _BACK.get(tag)
        if pattern.search(text) and not (back and back.search(text)):
            found[tag] = _SURE
    if "inquiry" in found:
        found.pop("offer", None)
        found.pop("request", None)
    return found
