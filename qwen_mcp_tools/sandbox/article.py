"""A long article: a year of running a job queue, told week by week."""

from collections.abc import Iterator

_OPENINGS = (
    "The week began with {jobs:,} jobs in the log and no alarm, which is how we like weeks to begin.",
    "On Monday the log had grown to {size} GB, a third more than the month before.",
    "Nobody was on call by plan this week, since {name} was ill and the others were travelling.",
    "We had announced a quiet week. It was not one.",
    "After the holiday the first worker refused to start, and the second did not say why.",
    "The review of last week's incident took the whole of Monday morning, and was worth it.",
)
_EVENTS = (
    "At {hour}:40 the disk of the second machine filled up. The cause was not the log itself but the "
    "traces that a forgotten setting kept; they were deleted by hand, and the setting now has a limit "
    "that is written down beside it.",
    "{name} found that a job which reads customers' files waited for a lock while it held a "
    "connection to the database. With {count} workers that was never seen; with {more} it stopped "
    "everything for eleven minutes.",
    "A supplier's interface began to answer with status 429 at {hour} o'clock. Our retries were "
    "polite, but there were {jobs:,} of them, and politeness times ten thousand is still a crowd. "
    "We now share one budget of requests among all workers.",
    "A certificate ran out on the internal mail server. Every job that sends mail failed at once, "
    "was put aside after five tries, and was started anew by one command on the next day. Nothing "
    "was lost, and {name} wrote the command into the handbook.",
    "The clock of one machine was {count} seconds late after a restart. Jobs with a deadline were "
    "listed as expired although they were not, and the report to the customer said so too. Clocks "
    "are watched now.",
    "We moved the log to a faster disk while the workers ran. The plan had {count} steps; step four "
    "was wrong. Because the log is a folder of plain files, going back was a matter of one rename.",
)
_LESSONS = (
    "What we learned: a limit that nobody wrote down is found by the customer first.",
    "What we learned: the second cause of an incident is usually the tool that hid the first.",
    "What we learned: a retry without a budget is a way to share an outage with others.",
    "What we learned: an alarm that comes every night is a lamp, and nobody looks at lamps.",
    "What we learned: a number is only useful beside the number of the week before.",
    "What we learned: whoever writes the handbook should be the one who did it wrong.",
)
_FIGURES = (
    "In figures: {jobs:,} jobs ended, {failed} were put aside, the longest waited {wait} minutes, and "
    "the median one {median} milliseconds. The workers used {size} hours of processor time, of which "
    "about a tenth went into writing the log. Compared with the plan for the year we are {count} "
    "per cent ahead in volume and level in cost."
)
_MUSINGS = (
    "It is tempting to answer every surprise with a new setting. We try to answer it with a default "
    "instead, since a setting must be known to be used, and a default works for those who never "
    "heard of the surprise. This week we took two settings away, and nobody has asked for them.",
    "A colleague from another team asked why we do not use a broker. We do use one elsewhere. The "
    "honest reason is that we know how this log fails, and can read it with a pager when it does. "
    "Knowing how a thing fails is worth more to a small team than knowing how fast it is.",
    "Reading our own notes from spring, we found three promises that we had not kept and one that we "
    "had kept without noticing. We struck out two of the three, on the ground that a promise that "
    "nobody misses was not one, and put the third on the board with a name beside it.",
    "The most useful tool of this week was a sheet of paper on which {name} drew what waits for what. "
    "There were four boxes and nine arrows, and one arrow that went the wrong way. No program we own "
    "would have shown it, because each of them sees only its own box.",
)
_NAMES = ("Ana", "Bo", "Chidi", "Dana", "Emre", "Fen", "Gita", "Hugo", "Ines")
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
    facts = {
        "jobs": 61_000 + number * 1_733,
        "size": 40 + number * 3 % 29,
        "name": _NAMES[number % len(_NAMES)],
        "hour": 7 + number % 12,
        "count": 3 + number % 7,
        "more": 12 + number % 9,
        "failed": number * 7 % 23,
        "wait": 2 + number % 14,
        "median": 80 + number * 11 % 60,
    }
    yield f'<h2 id="week-{number}">Week {number}</h2>'
    for choice in (_OPENINGS, _EVENTS, _MUSINGS):
        yield f"<p>{choice[number % len(choice)].format(**facts)}</p>"
    yield f"<p>{_EVENTS[(number + 3) % len(_EVENTS)].format(**facts)}</p>"
    yield f"<p>{_FIGURES.format(**facts)} {_LESSONS[number % len(_LESSONS)]}</p>"
