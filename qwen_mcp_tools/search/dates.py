"""Dates as engines write them, as `2026-06-30`."""

import re
from datetime import UTC, date, datetime, timedelta

SPANS = {"day": 1, "week": 7, "month": 31, "year": 366}
"""The words for how fresh a page must be, and how many days they reach back."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[t ].*)?", re.ASCII)
_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2}), (\d{4})|(\d{1,2}) ([a-z]{3,9})\.? (\d{4})", re.ASCII)
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII)
_AGO = re.compile(r"(\d{1,4}|an?|one) ?([a-z]+?)s? ago", re.ASCII)
_DAYS = {
    "second": 0.0, "sec": 0.0, "minute": 0.0, "min": 0.0, "hour": 1 / 24, "hr": 1 / 24, "h": 1 / 24,
    "day": 1.0, "d": 1.0, "week": 7.0, "w": 7.0, "month": 30.44, "mo": 30.44, "year": 365.25,
    "y": 365.25,
}  # fmt: skip


def day_of(text: str) -> str:
    """Return the day that `text` names, "3 days ago" counted from today; else `text` itself."""
    plain = " ".join(text.lower().split())
    try:
        day = _named(plain) or _before_today(plain)
    except (ValueError, OverflowError):
        day = None
    return day.isoformat() if day else text


def days_of(freshness: str) -> tuple[date, date]:
    """Return the first and the last day of a range "2026-01-01..2026-06-30", or of a span."""
    first, dots, last = freshness.partition("..")
    if dots:
        return date.fromisoformat(first), date.fromisoformat(last)
    today = datetime.now(UTC).date()
    return today - timedelta(days=SPANS[freshness]), today


def _named(text: str) -> date | None:
    if found := _ISO.fullmatch(text):
        return date.fromisoformat(found[1])
    if found := _CHINESE.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY.fullmatch(text):
        month, day, year = found[1] or found[5], found[2] or found[4], found[3] or found[6]
        return date(int(year), _MONTHS.index(month[:3]) + 1, int(day))
    return None


def _before_today(text: str) -> date | None:
    found = _AGO.fullmatch(text)
    if text == "yesterday":
        days = 1.0
    elif found and found[2] in _DAYS:
        count = int(found[1]) if found[1].isdecimal() else 1
        days = count * _DAYS[found[2]]
    else:
        return None
    return (datetime.now(UTC) - timedelta(days=days)).date()
