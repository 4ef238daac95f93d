"""How much of a wide pivot a sheet takes, and what it says about the rest."""

from __future__ import annotations

import re

from dashboard.components.table import table
from dashboard.explorer.paper import fitted
from dashboard.figures.chart import Column
from dashboard.markup import write


def test_a_narrow_pivot_is_printed_as_it_stands() -> None:
    paper = fitted([8] * 7, [6])
    assert (paper.look, paper.left_out, paper.note) == ("", frozenset(), "")


def test_more_columns_get_smaller_letters_before_any_is_left_out() -> None:
    looks = [fitted([5] * count, [count - 1]).look for count in (10, 18, 25)]
    assert looks == ["", "paper-small", "paper-smallest"]
    assert not fitted([5] * 25, [24]).left_out


def test_what_no_letters_make_fit_stays_off_the_sheet_but_never_the_totals_and_the_sheet_says_so() -> None:
    paper = fitted([5] * 1300, [1298, 1299])
    shown = [place for place in range(1300) if place not in paper.left_out]
    assert shown[-2:] == [1298, 1299]
    assert shown[:-2] == list(range(len(shown) - 2)) and len(shown) > 20
    assert paper.note == (
        f"Auf Papier stehen {len(shown)} von 1.300 Spalten. "
        "Alle Spalten enthält der Export als Excel oder CSV."
    )


def test_cells_of_stacked_records_carry_the_name_of_their_column() -> None:
    heads, rows = (Column("Name"), Column("Stand", "right")), [("Bauvoranfrage", "3")]
    assert re.search(
        r'<td[^>]* data-label="Stand"[^>]*>3</td>', write(table("Liste", heads, rows, stacked=True)).html
    )
    assert "data-label" not in write(table("Liste", heads, rows)).html
