"""What is said when no engine answers: each trouble once, each mend once."""

from collections.abc import Iterable, Iterator

from qwen_mcp_tools.errors import UpstreamError

MOST_MENDS = 2


class NoAnswerError(UpstreamError):
    """Every engine that was asked failed."""

    def __init__(self, troubles: Iterable[UpstreamError]) -> None:
        self.troubles = tuple(_each(troubles))
        names: dict[str, list[str]] = {}
        for each in self.troubles:
            names.setdefault(each.trouble, []).append(each.service)
        told = "; ".join(f"{', '.join(who)}: {trouble}" for trouble, who in names.items())
        mends = dict.fromkeys(each.mend for each in self.troubles if each.mend)
        super().__init__("No search engine", f"answers ({told})", "; ".join([*mends][:MOST_MENDS]))


def _each(troubles: Iterable[UpstreamError]) -> Iterator[UpstreamError]:
    for trouble in troubles:
        yield from trouble.troubles if isinstance(trouble, NoAnswerError) else (trouble,)
