"""How the text of a variable is read; a `ValueError` says what it takes."""

import os
import re
from collections.abc import Callable


def words(value: str) -> tuple[str, ...]:
    """Return the words of a list that commas or spaces part."""
    return tuple(word for word in value.replace(",", " ").split() if word)


def folders(value: str) -> tuple[str, ...]:
    """Return the folders of a list written as PATH is."""
    return tuple(folder.strip() for folder in value.split(os.pathsep) if folder.strip())


def switch(value: str) -> bool:
    """Return whether it says on."""
    if value.lower() not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError("1 or 0")
    return value.lower() in {"1", "true", "yes", "on"}


def seconds(value: str) -> float:
    """Return a number of seconds, 1 to 600."""
    try:
        number = float(value)
    except ValueError:
        number = 0
    if not 1 <= number <= 600:
        raise ValueError("a number of seconds from 1 to 600")
    return number


def port(value: str) -> int:
    """Return a port's number."""
    if not value.isdecimal() or not 0 <= int(value) <= 65535:
        raise ValueError("a port from 0 to 65535")
    return int(value)


def host_ports(value: str) -> frozenset[str]:
    """Return exact `host:port` pairs, in small letters."""
    found = frozenset(map(str.lower, words(value)))
    if not all(re.fullmatch(r".+:[0-9]{1,5}", each) for each in found):
        raise ValueError("exact host:port pairs such as localhost:3000")
    return found


def base_url(value: str) -> str:
    """Return an http(s) URL without a slash at its end."""
    if not value.startswith(("http://", "https://")) or " " in value:
        raise ValueError("a URL that starts with http:// or https://")
    return value.rstrip("/")


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return what takes one of `allowed`, in any case, and gives it as it is written here."""

    def read(value: str) -> str:
        for word in allowed:
            if value.lower() == word.lower():
                return word
        raise ValueError(f"one of {', '.join(allowed)}")

    return read
