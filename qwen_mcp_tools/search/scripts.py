"""Which language a text is likely in, told by its script alone."""

import re

_SCRIPTS = {
    "ja": "\u3040-\u30ff",
    "ko": "\u1100-\u11ff\uac00-\ud7af",
    "zh": "\u3400-\u9fff\uf900-\ufaff",
    "uk": "\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491",
    "ru": "\u0400-\u04ff",
    "el": "\u0370-\u03ff",
    "he": "\u0590-\u05ff",
    "ar": "\u0600-\u06ff",
    "hi": "\u0900-\u097f",
    "th": "\u0e00-\u0e7f",
}
"""In the order in which they decide: one kana makes Han characters Japanese."""

_PARTS = re.compile(f"[{_SCRIPTS['zh']}{_SCRIPTS['ja']}]{{1,2}}|[^\\W\\d_]+")
"""Words, and what stands for one where words are not set apart."""

TRADITIONAL = frozenset({"tw", "hk", "mo"})
"""Where Chinese is written in the traditional script."""

ENOUGH = 0.3
"""The part of a text's words that must be foreign: "what does 你好 mean" is English."""


def language_of(text: str) -> str:
    """Return a code such as "ja" or "zh-hant", empty where the script belongs to many languages."""
    words = _PARTS.findall(text)
    foreign = [word for word in words if any(map(_script_of, word))]
    if not foreign or len(foreign) < ENOUGH * len(words):
        return ""
    found = {_script_of(character) for word in foreign for character in word}
    language = next(each for each in _SCRIPTS if each in found)
    return _written("".join(foreign)) if language == "zh" else language


def _script_of(character: str) -> str:
    return next((each for each, set_ in _SCRIPTS.items() if re.match(f"[{set_}]", character)), "")


def _written(text: str) -> str:
    """Return which Chinese script `text` is in: GB 2312 has the simplified forms only."""
    han = re.sub(r"[^\u4e00-\u9fff]", "", text)
    return "zh-hant" if not _fits(han, "gb2312") and _fits(han, "big5") else "zh-hans"


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
