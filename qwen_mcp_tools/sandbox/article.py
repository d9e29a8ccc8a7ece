"""A long article: a year of running a job queue, told week by week."""

from collections.abc import Iterator, Sequence

from qwen_mcp_tools.sandbox.written import written

WEEKS = 52


def long_article() -> str:
    """Return the article as HTML, a heading and five paragraphs a week: about 70,000 characters."""
    weeks = "\n".join("\n".join(_week(number)) for number in range(1, WEEKS + 1))
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        "<title>A year of running a job queue</title>"
        '<meta property="article:published_time" content="2026-10-05T08:00:00Z"></head><body>'
        '<div class="nav"><a href="/">Home</a></div><article><h1>A year of running a job queue</h1>'
        "<p>Fifty-two weeks, told as they came: what broke, what it cost, what we changed.</p>"
        f"{weeks}<p>That was the year. The log holds it all, and so do we.</p></article>"
        "<footer>All names are changed.</footer></body></html>"
    )


def _week(number: int) -> Iterator[str]:
    told = written("article")
    facts = {
        "jobs": 61_000 + number * 1_733,
        "size": 40 + number * 3 % 29,
        "name": _turn(told["names"], number),
        "hour": 7 + number % 12,
        "count": 3 + number % 7,
        "more": 12 + number % 9,
        "failed": number * 7 % 23,
        "wait": 2 + number % 14,
        "median": 80 + number * 11 % 60,
    }
    yield f'<h2 id="week-{number}">Week {number}</h2>'
    for choice in (told["openings"], told["events"], told["musings"]):
        yield f"<p>{_turn(choice, number).format(**facts)}</p>"
    yield f"<p>{_turn(told['events'], number + 3).format(**facts)}</p>"
    yield f"<p>{told['figures'].format(**facts)} {_turn(told['lessons'], number)}</p>"


def _turn(choices: Sequence[str], number: int) -> str:
    return choices[number % len(choices)]
