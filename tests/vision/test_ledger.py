"""How many calls were made with a key, by the plan's own windows."""

import logging
import sys
from datetime import datetime
from pathlib import Path

import pytest

from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.vision.ledger import BEIJING, Counts, Ledger

KEY = Secret("sk-sp-0123456789abcdef")


def at(day: int, hour: int = 12, month: int = 11, minute: int = 0) -> float:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING).timestamp()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(str(tmp_path))


def test_without_calls_there_are_none(ledger: Ledger) -> None:
    assert ledger.counts(KEY) == Counts(0, 0, 0)


def test_calls_count_in_five_hours_the_week_and_the_month(ledger: Ledger) -> None:
    # 25 November 2026 is a Wednesday.
    for moment in (at(2), at(22, 23), at(23, 0), at(25, 6), at(25, 7, minute=1), at(25, 11)):
        ledger.note(KEY, moment)

    assert ledger.counts(KEY, at(25, 12)) == Counts(five_hours=2, week=4, month=6)


def test_the_week_reaches_back_over_the_end_of_a_month(ledger: Ledger) -> None:
    for moment in (at(29, 23), at(30, 1), at(30, 23), at(1, 1, month=12)):
        ledger.note(KEY, moment)

    assert ledger.counts(KEY, at(1, 2, month=12)) == Counts(five_hours=2, week=3, month=1)


def test_each_key_has_its_own_count(ledger: Ledger) -> None:
    ledger.note(KEY, at(25))

    assert ledger.counts(Secret("sk-sp-another"), at(25)) == Counts(0, 0, 0)


def test_two_servers_count_into_the_same_file(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger(str(tmp_path))
    for each in (ledger, other, ledger):
        each.note(KEY, at(25))

    assert other.counts(KEY, at(25)).month == 3


def test_no_file_shows_the_key(ledger: Ledger, tmp_path: Path) -> None:
    ledger.note(KEY, at(25))
    (file,) = (each for each in tmp_path.rglob("*") if each.is_file())

    assert "sk-sp" not in f"{file} {file.read_text(encoding='ascii')}"
    assert "0123456789abcdef" not in file.name


def test_what_no_window_reaches_is_forgotten(ledger: Ledger, tmp_path: Path) -> None:
    for moment in (at(1, month=8), at(1, month=10), at(1, month=11)):
        ledger.note(KEY, moment)
    kept = sorted(each.name[-11:] for each in tmp_path.rglob("*.txt"))

    assert kept == ["2026-10.txt", "2026-11.txt"]


def test_a_folder_that_cannot_be_written_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    caplog.set_level(logging.WARNING)
    ledger = Ledger(str(tmp_path / "file"))
    ledger.note(KEY)

    assert ledger.counts(KEY) == Counts(0, 0, 0)
    assert "calls can't be counted" in caplog.text


def test_a_line_that_was_cut_off_is_passed_over(ledger: Ledger, tmp_path: Path) -> None:
    ledger.note(KEY, at(25))
    (file,) = tmp_path.rglob("*.txt")
    file.write_text(f"{file.read_text(encoding='ascii')}x1\n\n", encoding="ascii")

    assert ledger.counts(KEY, at(25)).month == 1


@pytest.mark.parametrize(
    "line", [b"\xff", b"7" * 5000, b"99999999999", b"\xc2\xb2", b"1 2", b"1_0", b"-5"]
)
def test_a_line_that_is_no_call_costs_no_other_its_count(
    ledger: Ledger, tmp_path: Path, line: bytes
) -> None:
    ledger.note(KEY, at(25))
    (file,) = tmp_path.rglob("*.txt")
    file.write_bytes(line + b"\n" + file.read_bytes())

    assert ledger.counts(KEY, at(25)) == Counts(1, 1, 1)


@pytest.mark.parametrize("folder", ["~nobody-of-that-name/state", "a\0b"])
def test_a_folder_that_cannot_be_costs_no_answer(
    folder: str, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = Ledger(folder)
    ledger.note(KEY)

    assert ledger.counts(KEY) == Counts(0, 0, 0)
    assert "calls can't be counted" in caplog.text


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own folder")
def test_without_a_folder_of_ones_own_the_systems_place_for_state_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    Ledger().note(KEY, at(25))

    assert len([*(tmp_path / "qwen-mcp-tools" / "calls").glob("*-2026-11.txt")]) == 1
