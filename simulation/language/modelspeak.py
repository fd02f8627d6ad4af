"""What models say when they step out of the person: refusals, and talk of themselves.

A person may be sorry, may be unable to come and may decline. So apology and "cannot" count for
nothing here; the formulas do that no villager uses ("as a language model", "fulfill your
request"). A formula in one language is looked for in every reply, whatever the persona speaks.
"""

# ruff: noqa: RUF001 - many scripts

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

_IT: Final = r"(?:that|this|such|your|the)"
_ASKED: Final = r"(?:request|task|question|topic|query|prompt|scenario|conversation|role-?play)"
_CANNOT: Final = (
    r"i(?:'m| am| must|'ll)? ?(?:sorry,? (?:but )?i )?"
    r"(?:cannot|can not|can't|couldn't|won't|will not|unable to|not able to|not allowed to"
    r"|not programmed to|not designed to|decline to)(?: \w+ly)?"
)
_THING: Final = (
    r"(?:ai|a\.i\.|artificial intelligence|(?:large )?language model|llm|chatbot|virtual assistant)"
)

SELF: Final[dict[str, tuple[str, ...]]] = {
    "English": (
        rf"\b(?:as|being) an? (?:\w+[ -]){{0,3}}{_THING}\b",
        rf"\bi(?:'m| am)(?: (?!not\b)\w+){{0,2}} an? (?:\w+[ -]){{0,3}}{_THING}\b",
        r"\b(?:trained|developed|created) by (?:openai|anthropic|google|meta|mistral|microsoft)\b",
        r"\bi(?:'m| am) (?:chatgpt|gpt-?\d|deepseek|qwen|gemini|copilot)\b",
        r"\bmy (?:training data|knowledge cut-?off|programming (?:do|pre|for|all|lim)\w+)",
        r"\b(?:my|usage|safety|content|community) (?:guidelines|polic(?:y|ies))\b",
        r"\bi (?:do not|don't) (?:\w+ )?have (?:personal (?:feelings|opinions|beliefs|emotions"
        r"|preferences|experiences)|a physical (?:body|form))\b",
        r"\b(?:stay(?:ing)?|remain(?:ing)?) in character\b|\bbreak(?:ing)? character\b",
        r"\bthe user(?:'s)? (?:\w+ )?(?:ask\w*|wants|wrote|message|request|prompt|input)\b",
        r"\b(?:this|your|the (?:given|provided|above)) (?:prompt|role-?play|persona)\b",
        r"\b(?:based on|from|in|given) the (?:provided|given|above) (?:text|information|context"
        r"|memories|conversation|details|scenario)\b",
        r"\byou (?:need|have|would like|'d like) (?:any )?(?:further|additional|more) "
        r"(?:assistance|information|questions|clarification)\b",
        r"\b(?:provide|clarify|specify)(?: me with)?(?: \w+){0,3} (?:context|information|details"
        r"|clarification)\b",
        r"\bhow (?:can|may) i assist you\b|\bi(?:'m| am) here to (?:assist|provide|answer)\b",
    ),
    "German": (
        r"\bals (?:eine? )?(?:\w+ ){0,2}(?:ki\b|sprachmodell|künstliche intelligenz|ki-\w+)",
        r"\bich bin (?:\w+ ){0,2}eine? (?:\w+ ){0,2}(?:ki\b|sprachmodell|künstliche intell|ki-\w+)",
    ),
    "French": (
        r"\ben tant qu(?:e |')(?:une? )?(?:\w+ )?(?:ia\b|modèle|intelligence artif|assistant ia)",
        r"\bje (?:ne )?suis (?:\w+ ){0,2}une? (?:\w+ )?(?:ia\b|modèle de lang|intelligence artif)",
    ),
    "Spanish": (
        r"\bcomo (?:una? )?(?:ia\b|modelo de lenguaje|inteligencia artificial|asistente de ia)",
        r"\bsoy (?:\w+ ){0,2}una? (?:ia\b|modelo de lenguaje|inteligencia artificial)",
    ),
    "Portuguese": (
        r"\bcomo (?:uma? )?(?:ia\b|modelo de linguagem|inteligência artificial)",
        r"\bsou (?:\w+ ){0,2}uma? (?:ia\b|modelo de linguagem|inteligência artificial)",
    ),
    "Italian": (
        r"\b(?:come|in quanto)(?: un[ao']?)? ?(?:ia\b|modello linguist|modello di ling"
        r"|intelligenza artif)",
        r"\bsono (?:\w+ ){0,2}un[ao']? ?(?:ia\b|modello linguist|modello di ling|intelligenza art)",
    ),
    "Dutch": (
        r"\bals (?:een )?(?:ai\b|ai-\w+|taalmodel|kunstmatige intelligentie)",
        r"\bik ben (?:\w+ )?een (?:ai\b|ai-\w+|taalmodel|kunstmatige)",
    ),
    "Swedish": (r"\bsom (?:en )?(?:ai\b|ai-\w+|språkmodell|artificiell intelligens)",),
    "Polish": (
        r"\bjako (?:ai\b|model językowy|sztuczna inteligencja|asystent ai)",
        r"\bjestem (?:\w+ )?(?:modelem językowym|sztuczną inteligencją)",
    ),
    "Turkish": (
        r"\bbir (?:yapay zek[aâ]|dil modeli|ai)\b[^.!?]{0,30}\b(?:olarak|olduğum)",
        r"\bben (?:\w+ )?bir (?:yapay zek[aâ]|dil modeli)",
    ),
    "Indonesian": (
        r"\bsebagai (?:sebuah )?(?:ai\b|model bahasa|kecerdasan buatan|asisten virtual)",
        r"\bsaya (?:\w+ )?(?:sebuah )?(?:model bahasa|kecerdasan buatan)",
    ),
    "Vietnamese": (r"\blà (?:một )?(?:ai\b|mô hình ngôn ngữ|trí tuệ nhân tạo|trợ lý ai)",),
    "Russian": (
        r"\bкак (?:большая )?(?:языковая модель|искусственный интеллект|ии\b|нейросеть)",
        r"\bя\b[ —-]{0,3}(?:\w+ ){0,2}(?:языковая модель|искусственный интеллект|ии\b|нейросеть)",
    ),
    "Chinese": (
        r"作为(?:一个|一名|一款)?.{0,4}(?:ai|人工智能|语言模型)",
        r"我(?:只)?是(?:一个|一名|一款)?.{0,4}(?:ai|人工智能|语言模型)",
    ),
    "Japanese": (
        r"(?:ai|人工知能|言語モデル)(?:アシスタント)?(?:として|なので|ですので)",
        r"私は.{0,6}(?:ai|人工知能|言語モデル)",
    ),
    "Korean": (
        r"(?:ai|인공지능|언어 ?모델)(?: ?어시스턴트)?(?:로서|으로서|이기 때문|이므로|라서)",
        r"저는 .{0,6}(?:ai|인공지능|언어 ?모델)",
    ),
    "Arabic": (
        r"(?:بصفتي|باعتباري|كوني) (?:نموذج|ذكاء|مساعد)",
        r"(?:كنموذج|أنا (?:مجرد )?نموذج) (?:لغ|ذكاء)",
        r"أنا (?:مجرد )?ذكاء اصطناعي",
    ),
    "Hindi": (
        r"(?:एआई|ai|भाषा मॉडल|कृत्रिम बुद्धिमत्ता)[^।]{0,12}(?:के रूप में|होने के नाते)",
        r"मैं (?:\S+ ){0,2}(?:एआई|ai|भाषा मॉडल|कृत्रिम बुद्धि)",
    ),
}
"""Where a model speaks of itself as one, of its instructions, or to its user."""

REFUSAL: Final[dict[str, tuple[str, ...]]] = {
    "English": (
        rf"\b{_CANNOT} (?:assist|help)(?: you)? (?:with|in) (?:{_IT} {_ASKED}|that|this)[.!]*$",
        rf"\b{_CANNOT} assist(?: you)? with (?:that|this|your)\b",
        rf"\b{_CANNOT} (?:fulfil|fulfill|process|continue(?: with)?|answer) {_IT} {_ASKED}\b",
        rf"\b{_CANNOT} (?:comply with|engage in|participate in) {_IT}\b",
        rf"\b{_CANNOT} (?:role-?play|generate|create|produce|write)"
        r"(?: (?:that|this|such|an?|any|content|texts?|responses?|as|in)\b|[.,!]|$)",
        rf"\b{_CANNOT} provide (?:that|this|such|information|assistance|advice|content|guidance)\b",
    ),
    "German": (
        r"\bkann (?:ich )?[^.!?]{0,30}(?:dieser|deiner|ihrer|der) (?:anfrage|bitte)\b[^.!?]{0,20}"
        r"(?:nicht|kein)",
        r"\bkann ich (?:\w+ )?(?:leider )?nicht (?:weiter)?(?:helfen|behilflich sein)[.!]*$",
        r"\bich kann (?:\w+ ){0,2}(?:dabei|damit) (?:leider )?nicht (?:weiter)?helfen[.!]*$",
    ),
    "French": (
        r"\bje ne peux pas [^.!?]{0,40}(?:demande|requête)\b",
        r"\bje ne peux pas (?:vous |t')?aider (?:avec|à faire) (?:cela|ça)[.!]*$",
    ),
    "Spanish": (
        r"\bno puedo [^.!?]{0,40}(?:solicitud|petición)\b",
        r"\bno puedo (?:ayudar(?:te|le|os|les)?|asistir\w*) con (?:eso|esto|ello)[.!]*$",
    ),
    "Portuguese": (
        r"\bnão posso [^.!?]{0,40}(?:solicitação|pedido)\b",
        r"\bnão posso ajudar(?:-te|-lo|-la)? com isso[.!]*$",
    ),
    "Italian": (
        r"\bnon posso [^.!?]{0,40}(?:richiesta)\b",
        r"\bnon posso (?:aiutart[ie]|aiutarla|assistert[ie]) (?:con|in) (?:questo|ciò)[.!]*$",
    ),
    "Dutch": (r"\bkan (?:ik )?[^.!?]{0,30}(?:verzoek|aanvraag)\b",),
    "Polish": (r"\bnie mogę [^.!?]{0,40}(?:prośb|żądani)",),
    "Turkish": (r"\b(?:talebi?niz|isteğiniz|bu istek|bu talep)\w*[^.!?]{0,30}(?:emem|emiyorum)",),
    "Indonesian": (r"\btidak (?:bisa|dapat) [^.!?]{0,30}permintaan\b",),
    "Russian": (
        r"\bне могу [^.!?]{0,30}(?:запрос|просьб)",
        r"\bне могу помочь (?:вам )?(?:с этим|в этом)[.!]*$",
    ),
    "Chinese": (
        r"(?:无法|不能|没办法).{0,8}(?:请求|要求|此类内容|这类内容)",
        r"(?:无法|不能)(?:协助|提供帮助)",
    ),
    "Japanese": (
        r"(?:ご要望|ご依頼|リクエスト|その要求|その内容|ご質問).{0,20}"
        r"(?:できません|できかねます|いたしかねます)",
    ),
    "Korean": (r"(?:요청|요구|내용)[^.!?]{0,20}(?:수 없|어렵|드릴 수)",),
    "Arabic": (r"لا (?:أستطيع|يمكنني)[^.!؟]{0,30}(?:طلب|الطلب)",),
    "Hindi": (r"(?:अनुरोध|निवेदन)[^।]{0,30}नहीं",),
}
"""Where a model declines to do what it was asked, and not what another person asked."""


def speaks_of_itself(text: str) -> bool:
    """Whether the words come from a model that speaks as one.

    Examples:
        >>> speaks_of_itself("As an AI language model, I have no plans for supper.")
        True
        >>> speaks_of_itself("As a smith I have no plans for supper.")
        False
    """
    return _compiled("self").search(_plain(text)) is not None


def refuses(text: str) -> bool:
    """Whether the words decline a request in the way that models do.

    Examples:
        >>> refuses("I'm sorry, but I can't assist with that.")
        True
        >>> refuses("I cannot come, I'm sorry.")
        False
    """
    return _compiled("refusal").search(_plain(text)) is not None


def _plain(text: str) -> str:
    """One spelling for what looks alike: full-width letters, curly quotes, case and blanks."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("ʼ", "'")
    return " ".join(text.casefold().split())


@cache
def _compiled(which: str) -> re.Pattern[str]:
    table = SELF if which == "self" else REFUSAL
    formulas = (formula for formulas in table.values() for formula in formulas)
    return re.compile("|".join(f"(?:{_plain_formula(formula)})" for formula in formulas))


def _plain_formula(formula: str) -> str:
    """A formula in the spelling of :func:`_plain`: Hindi and Korean letters compose otherwise."""
    return unicodedata.normalize("NFKC", formula)
