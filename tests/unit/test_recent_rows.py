"""Short answers of a published file are kept by their words and values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from warehouse.remembering import RecentRows


def test_the_same_words_and_values_are_read_once_and_each_caller_gets_a_list_of_its_own() -> None:
    rows, reads = RecentRows(), []

    def read() -> list[tuple[Any, ...]]:
        reads.append(1)
        return [(1,)]

    first = rows.get_or_read("SELECT ?", [1], read)
    first.append((2,))
    assert rows.get_or_read("SELECT ?", [1], read) == [(1,)] and len(reads) == 1


def test_values_that_are_equal_but_of_another_kind_are_other_questions() -> None:
    rows = RecentRows()
    for number, value in enumerate((1, True, "1", 1.0, Decimal(1), None)):
        assert rows.get_or_read("SELECT ?", [value], lambda number=number: [(number,)]) == [(number,)]  # type: ignore[misc]
    assert rows.get_or_read("SELECT ? ", [1], lambda: [("other",)]) == [("other",)]


def test_long_answers_are_not_kept_and_the_one_asked_for_longest_ago_makes_room() -> None:
    rows = RecentRows(answers=2, rows=3)
    rows.get_or_read("long", (), lambda: [(1,)] * 4)
    assert len(rows) == 0
    for name in ("a", "b", "a", "c"):
        rows.get_or_read(name, (), lambda: [(1,)] * 3)
    assert len(rows) == 2
    assert rows.get_or_read("a", (), lambda: [(2,)]) == [(1,)] * 3
    assert rows.get_or_read("b", (), lambda: [(2,)]) == [(2,)]


def test_what_fails_is_asked_again() -> None:
    rows = RecentRows()
    for _ in range(2):
        try:
            rows.get_or_read("x", (), lambda: [(1 // 0,)])
        except ZeroDivisionError:
            continue
        raise AssertionError("kept")
    assert rows.get_or_read("x", (), lambda: [(3,)]) == [(3,)]
