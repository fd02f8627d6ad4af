"""Turns of phrase that carry a speech act in many words: who would do what to whom.

They are no tags. The linear model weighs them, so that "I'll mend your net", "I'll break your neck"
and "I'll be back" part by what is done and to whom, and not by the words that were seen before.
"""

from __future__ import annotations

import re
from typing import Final

_I: Final = r"(?:i|we|my \w+|let me|let us)"
_WILL: Final = (
    r"(?:'ll|ll| will| can| could| would|'d| may| might| shall|'m going to| am going to|"
    r"'m gonna| gonna|'m happy to|'d be \w+ to| would \w+ )"
)
_GIVE: Final = (
    r"(?:give|lend|share|bring|carry|fetch|mend|fix|repair|help|show|teach|cook|bake|drive|walk|"
    r"watch|cover|pay|treat|pick|drop|send|get|grab|take|hold|look|clean|wash|paint|write|read|"
    r"review|support|back|heal|craft|build|make|buy|put you up|ask|call|speak|talk|stay|sit|come|"
    r"go|keep|mind|donate|spare|swap|finish|handle|do|offer|run|haul|translate|res|revive|tank)"
)
_HARM: Final = (
    r"(?:kill|murder|hurt|hit|beat|break|burn|smash|bash|destroy|ruin|punch|kick|slap|stab|shoot|"
    r"strangle|choke|cut|slit|slash|crush|tear|rip|drown|hang|whip|wring|knock|bury|end|finish|"
    r"hunt|track|catch|find|hack|leak|expose|sue|fire|attack|wipe|bleed|make|get|come (?:for|"
    r"after|"
    r"to)|see to it|scratch|bite|blow|put (?:a|an|you in)|set the|skin|gut|poison|sink|invade)"
)
_BODY: Final = (
    r"(?:face|head|neck|throat|teeth|nose|jaw|bones?|fingers?|legs?|arms?|eyes?|skull|tongue|"
    r"back|"
    r"brains?|ass|knees?|guts|heart|hands?)"
)
_THINGS: Final = (
    r"(?:one|two|three|half|some|as many|as much|all|any|whatever|more|extra|my|mine|it)"
)

CUES: Final[dict[str, str]] = {
    "i would give": rf"\b{_I}{_WILL}? ?(?:gladly |happily |also |just |even |always )?{_GIVE}\b",
    "i would give you": rf"\b{_I}{_WILL} ?(?:\w+ )?{_GIVE}\b[^.?!]*\b(?:you|your|u|ur|them|him|"
    rf"her)\b",
    "for you": r"\b(?:for|to|with|after) (?:you|u|your)\b",
    "i would harm": rf"\b(?:i|we|they|someone|my \w+){_WILL} ?(?:\w+ )?{_HARM}\b",
    "harm you": rf"\b{_HARM} (?:you|u|ya|your|ur|every|all)\b",
    "your body": rf"\b(?:your|ur) (?:\w+ )?{_BODY}\b",
    "harm your body": rf"\b{_HARM}\b[^.?!]*\b(?:your|ur) (?:\w+ )?{_BODY}\b",
    "if you i will": rf"\bif (?:you|u)\b[^.?!]*\b(?:i|we|my \w+){_WILL}",
    "or i will": r"\bor (?:else|i|we|my|you(?:'re|'ll| die| will))\b",
    "and i will": r"\b(?:again|once more|one more \w+|come here|come closer|try "
    r"it)[^.?!]*\b(?:and|or)\b",
    "you end badly": r"\byou(?:'re|r| are|'ll| will|'d)? (?:\w+ )?(?:be |going to |gonna )?"
    r"(?:dead|die|regret|suffer|bleed|pay|sorry|hang|wish|get hurt|a dead)\b",
    "your family": r"\byour (?:family|kids?|children|wife|husband|daughter|son|mother|house|home|"
    r"shop|car|dog|cat|job|life|lands?)\b",
    "you would be hurt": r"\byou(?:'ll| will| could| might| may|'d| would) (?:\w+ )?(?:fall|"
    r"slip|drown|"
    r"hurt yourself|catch|burn|cut|break|end up|be sick|lose|freeze|get (?:wet|sick|lost|"
    r"hurt))\b",
    "dangerous": r"\b(?:dangerous|poison\w*|slippery|icy|steep|sharp|unsafe|safe|collapse|"
    r"thieves|"
    r"storm|risky|hot|live wire|bites?|careful|beware|watch (?:out|your step|it)|mind (?:the|"
    r"your)|"
    r"look out|stay (?:off|away)|keep (?:away|off|your hands off))\b",
    "do not do": r"(?:^|[,;:.!?] )(?:please )?(?:don't|do not|dont|never|better not) \w+",
    "you may have": rf"\b(?:you|u)(?: can| may| could|'re welcome to| are welcome to| should)? "
    rf"(?:have|take|keep|use|borrow|get|sit|sleep|stay|play|ride)\b[^.?!]*\b{_THINGS}?\b",
    "take some": rf"(?:^|[,;:.!?] )(?:please |here |just |so )?(?:take|have|use|keep|grab|borrow|"
    rf"help me eat) (?:{_THINGS}|another|this|the last)\b",
    "here": r"^here\b|\bhere (?:you|u|is|are|'s|,)|\bhere, ",
    "want some": r"\b(?:do you |d'you |would you |you )?(?:want|need|like|fancy|care for) "
    r"(?:a|an|some|any|my|me to|one|half|help)\b[^.?!]*\?",
    "shall i": r"\b(?:shall|should|may|can|could|let|how about|why don't|want me to|me to) "
    r"(?:i|we|me)\b",
    "i have spare": r"\bi(?:'ve| have|'ve got| got)? (?:\w+ ){0,3}(?:spare|extra|too many|too "
    r"much|"
    r"plenty|left over|another|two)\b",
    "i do not need it": r"\bi don'?t (?:\w+ )?need (?:it|this|that|them|much|the)\b",
    "could you": r"\b(?:can|could|will|would|won't|can't|might|may) (?:you|u|someone|somebody|"
    r"anyone|"
    r"anybody|we|i|they)\b",
    "could you do": r"(?:^|[,;:.!?] |\bhey |\bso |\band )(?:can|could|will|would|won't) (?:you|u|"
    r"someone|somebody|anyone) (?:please |pls |maybe |possibly )?(?!see|hear|imagine|believe|"
    r"swim|"
    r"play|be|like|rather|want|need)\w+",
    "may i have": r"\b(?:can|could|may|might) (?:i|we) (?:please )?(?:have|get|borrow|use|take|"
    r"ask|"
    r"trouble|leave|come|see|sit)\b",
    "please": r"\b(?:please|pls|plz|kindly)\b",
    "mind": r"\b(?:would|do) (?:you|u) mind\b|^mind \w+ing\b|\bmind if\b|\bif you (?:could|"
    r"would)\b",
    "i ask": r"\b(?:i'm asking|i ask|asking you|i beg|i need (?:you|someone|somebody)|i want you|"
    r"i'd (?:love|appreciate|like) (?:it )?(?:if )?you|appreciate it if|grateful if|would it be "
    r"(?:ok|okay|possible|all right|alright)|is it (?:ok|okay|possible)|hoping you|wonder if|"
    r"chance you|willing to|able to|do you think (?:you|i))\b",
    "show me": r"\b(?:give|show|tell|lend|send|bring|pass|hand|call|let|get|teach|help|buy|"
    r"invite) me\b",
    "begins with a verb": r"^(?:now |then |you there,? |you,? |hey,? |soldier,? )?(?:go|come|"
    r"give|"
    r"bring|take|put|stop|get|leave|hand|do|shut|sit|stand|fetch|send|open|close|drop|pick|hold|"
    r"move|turn|stay|run|fill|line|tidy|clean|wash|eat|fire|attack|defend|push|fall|finish|"
    r"report|"
    r"tell|keep|back|step|let|be|wait|hurry|clear|follow|listen|obey|kneel|read|start|show)\b",
    "at once": r"\b(?:now|at once|immediately|right away|this (?:minute|second|instant)|go go|"
    r"before you|by nightfall|until i|when i say|don't argue|that's an order)\b",
    "you must": r"\b(?:you|u|everyone|everybody|all of you)(?:'ll| will| must| have to|'re to| "
    r"are to|"
    r" shall| are not to)\b|\bnobody (?:leaves|moves|touches|speaks|does)\b|\beveryone (?:out|"
    r"to|in)\b",
    "you did": r"\byou (?:\w+ )?(?:left|forgot|took|broke|spent|used|missed|made|let|ignored|"
    r"lied|"
    r"promised|shouted|said|told|charged|wasted|played|rushed|never|always|didn't|didnt|weren't|"
    r"failed|kept|keep|were supposed|had no|could have|should(?:n't)? have|shouldn't|ought)\b",
    "how could you": r"\b(?:how could you|why (?:did|do|didn't|don't|would) you|what were you)\b",
    "it is wrong": r"\b(?:wrong|unfair|not fair|isn't (?:right|fair)|mistakes?|careless|sloppy|"
    r"disappointed|unacceptable|irresponsible|uncalled|misses|missed the point|badly|awful|"
    r"not happy|weak|unsourced|pointless|too (?:long|slow|late|salty|hard|strict))\b",
    "your work": r"\byour (?:work|plan|idea|report|essay|article|argument|code|edit|summary|tone|"
    r"speech|drawings?|behaviou?r|attitude|proposal|translation|opinion|comment)\b",
    "you are": r"\b(?:you|u|he|she|they)(?:'re|r| are| is|'s| were)\b",
    "you a": r"\byou (?:\w+,? ){0,3}\w+[!.]?$|^what an? \w+",
    "all of a group": r"\b(?:all|every|those|these|most)? ?(?:women|woman|men|girls|boys|"
    r"foreigners|"
    r"immigrants|refugees|migrants|muslims|christians|jews|blacks|whites|asians|arabs|gypsies|"
    r"gays|"
    r"lesbians|mexicans|indians|chinese|americans|germans|russians|old (?:folks|people)|"
    r"teenagers|"
    r"kids (?:today|nowadays)|young people|poor|rich|politicians|lawyers|bankers|blondes|"
    r"southerners|northerners|city people|country folk|islanders|fishermen|liberals|"
    r"conservatives|"
    r"feminists|atheists|catholics|disabled|homeless|people from \w+|those people|their kind)\b",
    "all me": r"\b(?:all|everything|everyone|everybody|whole|total|full|only one|"
    r"every)\b[^.?!]*\b(?:me|"
    r"mine|my|i)\b|\b(?:i|me|my|mine)\b[^.?!]*\b(?:all|everything|everyone|whole|total|every)\b",
    "command": r"\b(?:control|power|command|charge|rule|obey|throne|king|queen|boss|master|"
    r"orders|"
    r"authority|permission|take over|overrule|bow|kneel|belong to me|last word|leader|chief)\b",
    "not sharing": r"\b(?:not|n't|dont|wont|never) (?:\w+ )?(?:share|sharing|give|giving|lend|"
    r"help|"
    r"helping|lifting|sparing|care|owe)\b",
    "not my": r"\b(?:not|isn't|none of) (?:my|mine|our)\b|\b(?:your|their) (?:own|problem|"
    r"troubles?|"
    r"mess)\b|\bget your own\b|\bfind your own\b|\bon your own\b|\bwhat(?:'s| do i| is) (?:in "
    r"it|get)\b",
    "keep it": r"\b(?:keep|keeping|take|taking|grab|need|want|kept|ate|sell) (?:it |them "
    r")?(?:all|"
    r"everything|the whole|every|most|the (?:biggest|best|money|rest|credit)|for myself|mine)\b",
    "let them": r"\b(?:let|leave|if) (?:them|him|her|the others?|somebody else|someone else|"
    r"others|"
    r"the \w+) (?:\w+ )?(?:starve|freeze|do|sort|clean|pay|carry|behind|wait|die|work|stay)\b",
    "are you well": r"\b(?:are|r) (?:you|u) (?:ok|okay|all right|alright|hurt|well|feeling|"
    r"managing|"
    r"holding|sure you)\b|\bhow (?:are|is|was|did) (?:you|your)\b[^.?!]*(?:hold|feel|hand|leg|"
    r"mother|"
    r"sleep|better|today|interview|arm|back|go)\b|\bdid you (?:eat|sleep|get home)\b",
    "sorry": r"\b(?:so sorry|i'm sorry (?:that|about|for|to hear|you)|poor (?:thing|you)|"
    r"worried|my heart|"
    r"thoughts are|hope (?:you|your|ur)\b|look after yourself|take care of|not your fault|wasn't "
    r"your fault|brave|proud of you|been through|go through|get some (?:rest|sleep)|you look "
    r"(?:tired|pale|sad|worn))\b",
    "both of us": r"\b(?:both|fair|equal\w*|each of us|everyone|everybody|nobody|no one|together|"
    r"family|split|divide)\b",
    "no": r"^(?:no|nope|nah|never|not)\b",
    "i will not": r"\b(?:i|we) (?:won't|wont|will not|can't|cant|cannot|refuse|decline|must "
    r"decline|"
    r"have to (?:say no|decline)|don't (?:want|think i can)|prefer not|would sooner|must "
    r"refuse)\b|"
    r"\bi'm not (?:going|doing|coming|signing|interested)\b|\bi'd (?:rather|prefer) not\b|"
    r"\b(?:no way|no chance|not a chance|out of the question|forget it|not interested)\b",
    "i agree": r"\b(?:agree|agreed|deal|good point|a point|fair enough|fine by me|makes sense|"
    r"sounds "
    r"(?:good|fair|like)|works for|in favour|in favor|think so too|you're right|right you are|"
    r"exactly|absolutely|sure|of course|let's (?:do|go))\b",
    "i differ": r"\b(?:disagree|don't (?:agree|think|believe)|dont think|can't agree|not "
    r"(?:true|so|"
    r"right|sure|convinced|what)|incorrect|mistaken|doubts?|opposite|contrary|otherwise|against|"
    r"differ|wrong about)\b",
    "my word": r"\b(?:promise|swear|word|vow|guarantee|pledge|rely on|count on|rest assured|"
    r"never tell|"
    r"won't forget|without fail|honour|cross my heart)\b",
    "best": r"\bi(?:'m|m| am| was|'ve)? (?:\w+ )?(?:the )?(?:best|greatest|fastest|strongest|"
    r"smartest|"
    r"genius|brilliant|perfect|better|smarter|cleverest|beat|won|built|too good)\b|\bmy \w+ "
    r"(?:is|are) "
    r"(?:bigger|better|faster|stronger|cleverer)\b|\b(?:like i do|than (?:you|yours|any))\b",
    "i am short": r"\bi(?:'m|'ve| have| am|t's)? (?:\w+ ){0,2}(?:out of|no|nothing|nobody|"
    r"nowhere|alone|"
    r"on my own|short|stuck|lost|struggling|behind|exhausted|broke|run out|only got)\b|\b(?:my|"
    r"our) "
    r"(?:\w+ )?(?:back|knees?|arms?|hands?|eyes|wrist|leg|car|laptop|phone|glasses)\b|\btoo "
    r"(?:big|"
    r"heavy|much|far)\b|\bleft to\b|\bare ill\b",
    "third": r"\b(?:he|she|they|him|her)\b",
    "past": r"\b\w+ed\b|\b(?:was|were|had|said|told|went|came|took|gave|got)\b",
    "question": r"\?\s*$",
}
"""By name: a regular expression over a text in lower case."""

_COMPILED: Final = tuple(re.compile(pattern) for pattern in CUES.values())


def read_cues(text: str) -> list[bool]:
    """Which cues of :data:`CUES` stand in a text in lower case, in their order."""
    return [pattern.search(text) is not None for pattern in _COMPILED]
