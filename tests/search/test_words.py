"""What a search makes of texts: languages, dates, addresses, passages, and queries that fit."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.search.addresses import page_of, without_tracking
from qwen_mcp_tools.search.dates import day_of, days_of
from qwen_mcp_tools.search.hits import LONGEST_PASSAGE, plain, written
from qwen_mcp_tools.search.scripts import language_of
from qwen_mcp_tools.search.shortening import MOST_CHARACTERS, MOST_WORDS, shortened
from qwen_mcp_tools.search.telling import MOST_SENTENCES, about, telling


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("asyncio timeout", ""),
        ("größe ändern", ""),
        ("异步 超时", "zh-hans"),
        ("異步 逾時", "zh-hant"),
        ("超时 timeout", "zh-hans"),
        ("what does 你好 mean", ""),
        ("日本語の文字", "ja"),
        ("비동기", "ko"),
        ("как отменить задачу", "ru"),
        ("як скасувати їх", "uk"),
        ("ασύγχρονος", "el"),
        ("אסינכרוני", "he"),
        ("غير متزامن", "ar"),
        ("अतुल्यकालिक", "hi"),
        ("แบบอะซิงโครนัส", "th"),
        ("", ""),
        ("12 + 34", ""),
    ],
)
def test_a_script_tells_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-30T05:41:00", "2026-06-30"),
        ("2026-06-30", "2026-06-30"),
        ("June 30, 2026", "2026-06-30"),
        ("Jun 3, 2026", "2026-06-03"),
        ("30 June 2026", "2026-06-30"),
        ("2026年6月3日", "2026-06-03"),
        ("Febtober 31, 2026", "Febtober 31, 2026"),
        ("February 31, 2026", "February 31, 2026"),
        ("9999 years ago", "9999 years ago"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_a_date_is_written_one_way(text: str, day: str) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [("3 days ago", 3), ("a week ago", 7), ("2 weeks ago", 14), ("yesterday", 1), ("5 min ago", 0)],
)
def test_an_age_is_a_date(text: str, days: int) -> None:
    before, day, after = datetime.now(UTC), day_of(text), datetime.now(UTC)

    assert day in {str((now - timedelta(days=days)).date()) for now in (before, after)}


@given(st.text(max_size=40))
def test_no_text_for_a_date_is_too_odd(text: str) -> None:
    assert isinstance(day_of(text), str)


def test_a_range_and_a_span_are_days() -> None:
    first, last = days_of("week")

    assert last - first == timedelta(days=7)
    assert days_of("2026-01-01..2026-06-30") == (date(2026, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://a.example/?utm_source=x&q=1&fbclid=2", "https://a.example/?q=1"),
        ("https://a.example/p?spm=a2c4g.1", "https://a.example/p"),
        ("https://a.example/p#:~:text=some", "https://a.example/p"),
        ("https://a.example/p#part:~:text=some", "https://a.example/p#part"),
        ("https://a.example/?q=a%20b&&c#part", "https://a.example/?q=a%20b&&c#part"),
        ("https://a.example/?spmx=1&gclidish=2", "https://a.example/?spmx=1&gclidish=2"),
    ],
)
def test_what_only_follows_readers_is_cut_from_an_address(url: str, clean: str) -> None:
    assert without_tracking(url) == clean


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("http://www.a.example/p/", "https://a.example/p#part", True),
        ("https://a.example/p?b=1&a=2", "https://a.example/p?a=2&b=1&utm_medium=x", True),
        ("https://a.example/p?a=1", "https://a.example/p?a=2", False),
        ("https://a.example/#/one", "https://a.example/#/two", False),
        ("https://a.example/P", "https://a.example/p", False),
    ],
)
def test_two_addresses_may_be_one_page(one: str, other: str, is_same: bool) -> None:
    assert (page_of(one) == page_of(other)) is is_same


def test_operators_are_kept_when_a_query_is_cut() -> None:
    text = f'{"word " * 60} site:a.example -forum "a whole phrase" OR filetype:pdf'
    cut = shortened(text)

    assert cut.startswith("word word ")
    assert cut.endswith('site:a.example -forum "a whole phrase" OR filetype:pdf')
    assert len(cut.split()) <= MOST_WORDS


def test_an_operator_that_does_not_fit_leaves_the_others_and_the_words() -> None:
    phrase = f'"{"long " * 60}"'

    assert shortened(f"one {phrase} two site:a.example") == "one two site:a.example"


def test_a_phrase_of_too_many_words_is_cut_to_those_that_fit() -> None:
    cut = shortened(f'"{"w " * 90}"')

    assert cut.split() == ['"w', *["w"] * (MOST_WORDS - 1)]


def test_sites_beside_a_query_take_their_room() -> None:
    cut = shortened("word " * 100, "site:a.example OR site:b.example")

    assert len(cut.split()) == MOST_WORDS - 3


@given(st.text(min_size=1, max_size=1000).filter(str.strip), st.text("ab :", max_size=300))
def test_a_cut_query_is_within_the_limits(text: str, beside: str) -> None:
    cut = shortened(text, beside)

    assert len(cut) <= MOST_CHARACTERS
    assert len(cut.split()) <= MOST_WORDS
    assert cut.strip()


def test_a_query_that_fits_is_left_as_it_is() -> None:
    assert shortened('a -"b c"d  e') == 'a -"b c"d  e'


def test_the_most_telling_sentences_are_chosen() -> None:
    snippet = "A timeout ends a job."
    more = [
        "Nothing about it here. The limit of a timeout is in seconds. Falcons fly.",
        "A timeout ends a job.",
        "A timeout ends the job.",
    ]

    assert telling("timeout limit", [snippet, *more], 300) == (
        "A timeout ends a job. … The limit of a timeout is in seconds."
    )


def test_no_more_sentences_are_looked_at_than_can_be_compared() -> None:
    few = [f"Kestrel {number} has no end." for number in range(MOST_SENTENCES - 2)]
    last = "The limit stands last."

    assert last in telling("limit", ["Jobs.", " ".join([*few, last])], 400)
    assert last not in telling("limit", ["Jobs. Runs. Ends.", " ".join([*few, last])], 400)
    assert last not in telling("limit", ["Jobs. " * 500, last], 400)


@pytest.mark.parametrize("take", [plain, written])
def test_of_a_passage_without_end_the_first_part_is_taken(take: Callable[[str], str]) -> None:
    assert take("word " * 100_000) == take(("word " * 100_000)[:LONGEST_PASSAGE])


def test_all_sentences_together_fit_the_room() -> None:
    names = "alpha beta gamma delta epsilon zeta".split()
    more = [f"{name} {name}ish {name}like timeout." for name in names]

    assert len(telling("timeout", ["A timeout ends a job.", " ".join(more)], 80)) <= 80


def test_a_long_sentence_is_cut_around_the_first_word_asked_for() -> None:
    sentence = f"{'before ' * 50}the limit is here {'after ' * 50}"
    text = telling("limit", [sentence], 120)

    assert text.startswith("…")
    assert text.endswith("…")
    assert "the limit is here" in text
    assert len(text) <= 120


@given(st.text(max_size=20), st.lists(st.text(max_size=300), max_size=4), st.integers(60, 400))
def test_no_text_is_longer_than_its_room(query: str, passages: list[str], room: int) -> None:
    assert len(telling(query, passages, room)) <= room


@pytest.mark.parametrize(
    ("query", "text", "is_about"),
    [
        ("kestrel timeout", "Timeouts of a job", True),
        ("kestrel timeout limit", "Timeouts of a job", False),
        ("异步 超时", "异步任务的处理", True),
        ("-kestrel site:a.example", "kestrel", False),
    ],
)
def test_a_text_is_about_a_query_that_shares_half_of_its_words(
    query: str, text: str, is_about: bool
) -> None:
    assert about(query, text) is is_about
