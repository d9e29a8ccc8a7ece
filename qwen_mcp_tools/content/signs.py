"""What the words of a text say about it: the marks of prose, of controls and of notices."""

import re

LONGEST = 400
"""No more of a text than that is looked at."""
START = 150
"""Words of notices and the like count at the start of a text only."""

_SENTENCE_END = re.compile(r"[.!?;:](?:\s|$|[”\"'])|[。！？；：]")
_COMMA = re.compile(r"[,，、]")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-Z]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FURTHER = re.compile(
    r"\b(?:related|recommended|you (?:may|might)(?: also)? (?:like|enjoy|be interested)|similar"
    r"|more (?:from|in|like|on|stories|articles|posts|to explore)|popular|trending|recent(?:ly)?"
    r"|latest|customers also|also (?:bought|viewed|like)|next|read (?:more|next)|keep reading|share"
    r"|follow us|newsletter|subscribe|sign up|stay|join|about the author|leave a (?:reply|comment)"
    r"|comments?|reviews?|tags|categories|archives|links|contact|get in touch|table of contents"
    r"|on this page|contents|navigation|menu|search|help|company|resources|legal|filter|sort"
    r"|see also|suggested)\b|相关|推荐|热门|最新|评论|分享|上一篇|下一篇",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"cookie|consent|privacy policy|gdpr|terms of (?:use|service)|all rights reserved|copyright|©"
    r"|javascript|browser|版权所有|备案|隐私",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"(?:read more|learn more|see more|show (?:more|less|all)|view (?:all|more|details)|load more"
    r"|add to (?:cart|bag|basket|wishlist)|buy now|shop now|get started|sign (?:in|up)|log ?in"
    r"|register|subscribe|share|reply|quote|report|like|follow|save|print|email|copy(?: link)?|next"
    r"|previous|prev|back(?: to top)?|menu|search|close|skip to.*|download|edit|contact us"
    r"|try .*free.*|book .*|home|more|help|submit|apply|clear(?: all)?|filters?|sort by.*|compare"
    r"|quick (?:view|shop|add)|select options|choose.*|view)\W*$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? \d{1,4}"
    r"|\b\d{4}-\d\d-\d\d|\d+ (?:second|minute|hour|day|week|month|year)s? ago"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\d年\d{1,2}月",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:usd|eur|€|£|元)", re.IGNORECASE)
_COUNT = re.compile(
    r"\d+ (?:posts?|repl(?:y|ies)|views?|likes?|comments?|results?|products?|items?|reviews?"
    r"|topics?|messages|points)\b|^(?:posts|joined|location|reputation|member|moderator|messages)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:by|posted|written|author|updated|published|last (?:updated|edited|modified))\b"
    r"|.{0,20}min(?:ute)?s? read",
    re.IGNORECASE,
)


def announces_further(text: str) -> bool:
    """Say whether a short text, such as a heading, announces other things than the content."""
    return len(text) < 80 and bool(_FURTHER.search(text))


def signs_of(text: str) -> dict[str, float]:
    """Return the signs of `text` by their names; shares are between 0 and 1, or a word's."""
    whole, text = len(text), text[:LONGEST]
    size = len(text)
    words = len(_WORD.findall(text)) or 1
    if not text.isascii():
        # A Chinese word has two characters or so and no space behind it.
        words += len(_CJK.findall(text)) // 2
    ends = len(_SENTENCE_END.findall(text))
    is_short = words < 20
    return {
        "length": min(whole, 2000),
        "words": words,
        "word length": size / words,
        "sentences": ends,
        "sentence ends": ends / words,
        "commas": len(_COMMA.findall(text)) / words,
        "is ended": text[-1:] in '.!?。！？:;"”',
        "digits": len(_DIGIT.findall(text)) / size,
        "capitals": len(_CAPITAL.findall(text)) / words,
        "further": announces_further(text),
        "notice": bool(_NOTICE.search(text, 0, START)),
        "action": words < 8 and bool(_ACTION.match(text)),
        "date": is_short and bool(_DATE.search(text)),
        "price": bool(_PRICE.search(text, 0, START)),
        "count": words < 12 and bool(_COUNT.search(text)),
        "credit": is_short and bool(_CREDIT.match(text)),
    }
