"""Secret: a key, a token or a password, which nothing shows by accident."""

from collections.abc import Iterator
from typing import NoReturn
from urllib.parse import unquote


class Secret:
    """A value that no `repr`, log line, copy of the settings as a `dict` or pickle shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, for the one request that it is meant for."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __deepcopy__(self, _: object) -> "Secret":
        return self  # `dataclasses.asdict` copies what it does not know.

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


def credentials_in(url: str) -> Iterator[str]:
    """Yield user and password of `url`, and the password alone, as written and as sent."""
    userinfo, at, _ = url.rpartition("://")[2].partition("/")[0].rpartition("@")
    if at:
        for written in (userinfo, unquote(userinfo)):
            yield written
            yield written.partition(":")[2]
