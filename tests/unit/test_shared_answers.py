"""Answers shared between the processes of one portal: the same key only, young only, whole only."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.answers import Asked, Key
from dashboard.auth.viewer import ROLES
from dashboard.frame.moment import Moment
from dashboard.shared_answers import SharedAnswers, name_of, start_of
from metrics.result import Scope

WORD = st.sampled_from(["", "a", "b", "a,b", "FD10", "/"])
PARAMS = st.lists(st.tuples(WORD, WORD), max_size=2).map(tuple)
SCOPE = st.one_of(st.just(Scope.city()), st.lists(WORD, max_size=2).map(lambda units: Scope.of(*units)))
MOMENT = st.builds(Moment, st.dates(date(2026, 6, 9), date(2026, 6, 10)), WORD, st.booleans())
KEY = st.builds(Key, WORD, st.just(1), MOMENT, st.builds(Asked, st.sampled_from(ROLES), SCOPE, WORD, PARAMS))


def key(path: str = "/", snapshot: str = "s1", units: tuple[str, ...] = ("FD10",)) -> Key:
    """A key that differs in one thing."""
    asked = Asked("fachbereichsleitung", Scope.of(*units), path, ())
    return Key(snapshot, 1, Moment(date(2026, 6, 9), "", False), asked)


@given(KEY, KEY)
def test_h8_equal_names_are_equal_keys(one: Key, other: Key) -> None:
    assert (name_of(one) == name_of(other)) == (one == other)


def test_another_process_reads_what_one_has_kept_and_nothing_else(tmp_path: Path) -> None:
    mine, other = (SharedAnswers(tmp_path, "a" * 40, 600) for _ in range(2))
    mine.put(key(), "vor ä".encode(), b"nach", 7)
    found = other.get(key())
    assert found is not None and found.plain(b"|") == "vor ä|nach".encode() and found.trail == 7
    assert (
        other.get(key("/budget")) is other.get(key(snapshot="s2")) is other.get(key(units=("FD11",))) is None
    )
    assert SharedAnswers(tmp_path, "b" * 40, 600).get(key()) is None, "another start of the portal"


def test_nothing_is_older_than_its_time_and_earlier_snapshots_are_cleared_away(tmp_path: Path) -> None:
    clock = [1_000_000.0]
    answers = SharedAnswers(tmp_path, "a" * 40, 600, now=lambda: clock[0])
    answers.put(key(), b"x", b"y", None)
    clock[0] += 599
    assert answers.get(key()) is not None
    clock[0] += 1
    assert answers.get(key()) is None
    os.utime(next(tmp_path.iterdir()), (0, 0))
    answers.put(key(snapshot="s2"), b"x", b"y", None)
    assert [folder.name for folder in tmp_path.iterdir()] == [f"{'a' * 12}-s2"]


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"made": 1}', b"\xff\n\xff", None])
def test_a_file_that_is_cut_off_or_damaged_counts_as_nothing(tmp_path: Path, damage: bytes | None) -> None:
    answers = SharedAnswers(tmp_path, "a" * 40, 600)
    answers.put(key(), b"x" * 5000, b"y", None)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-9] if damage is None else damage)
    assert answers.get(key()) is None
    answers.put(key(), b"x", b"y", None)
    assert answers.get(key()) is not None


def test_files_are_for_the_own_user_and_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        answers = SharedAnswers(tmp_path / "antworten", "a" * 40, 600)
        answers.put(key(), b"x", b"y", None)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "antworten").rglob("*")} == {0}
    (tmp_path / "datei").write_text("")
    SharedAnswers(tmp_path / "datei", "a" * 40, 600).put(key(), b"x", b"y", None)


def test_a_changed_file_of_the_town_is_another_start(tmp_path: Path) -> None:
    (tmp_path / "cockpits").mkdir()
    (tmp_path / "cockpits" / "bau.toml").write_text("a")
    (tmp_path / "inbox").mkdir()
    before = start_of(tmp_path, "x")
    (tmp_path / "inbox" / "neu.toml").write_text("a")
    assert start_of(tmp_path, "x") == before != start_of(tmp_path, "y")
    os.utime(tmp_path / "cockpits" / "bau.toml", (1, 1))
    assert start_of(tmp_path, "x") != before
