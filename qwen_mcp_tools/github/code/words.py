"""The checks that a search's arguments pass: nothing may turn into a qualifier by accident."""

import re

_LANGUAGE = re.compile(r"[\w+#.' ()/-]*")
_PATTERN = re.compile(r'[^"\s\x00-\x1f]*(?: [^"\s\x00-\x1f]+)*')


def check_text(text: str) -> str:
    """Return `text` on one line if there is something to look for."""
    if not text.strip():
        raise ValueError("must not be empty")
    return " ".join(text.split()) if not text.startswith("/") else text


def check_language(text: str) -> str:
    """Return `text` if it can be the name of a language."""
    if not _LANGUAGE.fullmatch(text):
        raise ValueError('must be the name of a language such as "python" or "c++"')
    return text.strip()


def check_pattern(text: str) -> str:
    """Return `text` if it can be a folder, a file name or a glob in a repository."""
    if not _PATTERN.fullmatch(text.strip()) or ".." in text.split("/") or "{" in text:
        raise ValueError(
            'must be a folder, a file name or a glob such as "src/**/*.py", without braces'
        )
    return text.strip()
