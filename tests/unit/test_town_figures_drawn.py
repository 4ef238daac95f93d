"""Drawings of a town's charts: the table holds what is drawn, hidden figures leave no trace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard.components.town_cards import course_svg
from dashboard.figures.amounts import Amounts, ticks
from dashboard.figures.period_columns import PeriodColumn, period_columns
from dashboard.figures.s_curve import Forecast
from dashboard.figures.stacked_parts import REST, PartRow, gathered, leading_part, stacked_parts
from dashboard.figures.value_bars import ValueRow, value_bars
from dashboard.figures.value_line import Course, value_line
from dashboard.theme import HELL

COUNT, DAYS = Amounts("count"), Amounts("days")


def plain(text: Any) -> Any:
    """A text or the cells of a row with plain blanks."""
    return text.replace("\u00a0", " ") if isinstance(text, str) else tuple(plain(cell) for cell in text)


def months(count: int, **more: Any) -> list[PeriodColumn]:
    return [PeriodColumn(date(2025 + n // 12, n % 12 + 1, 1), 10 + n, **more) for n in range(count)]


def test_columns_stand_in_the_table_with_what_they_are_compared_with() -> None:
    chart = period_columns(months(12, last_year=9, target=11), COUNT, caption="Anträge")
    assert [column.label for column in chart.table.columns] == ["Monat", "Ist", "Soll", "Vorjahr"]
    assert chart.table.rows[0] == ("01/2025", "10", "11", "9")
    assert "Zuletzt 12/2025 21, Soll 11, im Vorjahr 9." in chart.description
    assert len(chart.figure["data"]) == 3


def test_of_many_columns_only_the_last_one_carries_its_figure() -> None:
    assert len(period_columns(months(24), COUNT, caption="x").figure["layout"]["annotations"]) == 1
    assert len(period_columns(months(12), COUNT, caption="x").figure["layout"]["annotations"]) == 12


def test_a_hidden_month_has_no_height_and_says_why() -> None:
    chart = period_columns([PeriodColumn(date(2026, 5, 1), None, hidden="geschützt")], COUNT, caption="x")
    assert chart.figure["data"][-1]["y"] == [0.0] and chart.table.rows == (("05/2026", "geschützt"),)


def test_bars_beyond_the_limit_stand_in_the_table_only() -> None:
    rows = [ValueRow(f"R{n}", 20 - n) for n in range(15)]
    chart = value_bars(rows, DAYS, first="Art", caption="x", limit=10)
    assert len(chart.figure["data"][0]["x"]) == 10 and len(chart.table.rows) == 15
    assert plain(chart.description) == "Balken, 15 Zeilen nach Art: von R14 6 Tage bis R0 20 Tage."


def test_beside_hidden_rows_no_least_value_is_claimed() -> None:
    rows = [ValueRow("A", 30), ValueRow("B", 20), ValueRow("C", None, hidden="geschützt")]
    told = plain(value_bars(rows, DAYS, first="Art", caption="x").description)
    assert told == "Balken, 3 Zeilen nach Art: höchster gezeigter Wert A 30 Tage."


def test_bars_with_a_target_show_mark_rating_and_both_figures() -> None:
    chart = value_bars([ValueRow("A", 30, 20, "krit"), ValueRow("B", None)], DAYS, first="Art", caption="x")
    assert len(chart.figure["layout"]["shapes"]) == 1
    assert plain(chart.table.rows) == (
        ("A", "30 Tage", "20 Tage", "handeln"),
        ("B", "–", "–", "ohne Bewertung"),
    )


def test_parts_beyond_five_become_the_rest_and_the_table_keeps_all() -> None:
    names, row = list("abcdefg"), PartRow("X", (7, 6, 5, 4, 3, 2, 1))
    shown, joined = gathered(names, [row])
    assert shown == (*"abcde", REST) and joined[0].amounts == (7, 6, 5, 4, 3, 3)
    chart = stacked_parts(names, [row], first="Art", caption="x")
    assert len(chart.figure["data"]) == 6 and chart.table.rows[0] == ("X", *"7654321", "28")
    assert chart.figure["data"][5]["marker"]["color"] == HELL["uebrige"]


def test_a_hidden_row_of_parts_keeps_its_secret_and_no_largest_part_is_claimed() -> None:
    rows = [PartRow("A", (1, 2)), PartRow("B", (), "geschützt")]
    assert leading_part(["x", "y"], rows) is None
    assert stacked_parts(["x", "y"], rows, first="Art", caption="c").table.rows[1] == (
        "B",
        *["geschützt"] * 3,
    )
    assert leading_part(["x", "y"], rows[:1]) == ("y", pytest.approx(2 / 3))


def test_a_line_keeps_gaps_and_tells_ist_target_and_forecast() -> None:
    ist = [(date(2026, 4, 30), 30), (date(2026, 5, 31), None), (date(2026, 6, 9), 28)]
    soll = [(date(2026, 1, 1), 25), (date(2027, 12, 31), 20)]
    chart = value_line(Course(ist, soll, Forecast(date(2027, 12, 31), 22, 20, 26)), DAYS, caption="Dauer")
    assert list(chart.table.rows[2]) == ["31.05.2026", "–", "–", "–"]
    assert plain(chart.table.rows[-1]) == ("31.12.2027", "–", "20 Tage", "22 Tage (20 Tage bis 26 Tage)")
    assert "Ist 06/2026 28 Tage, Soll 24 Tage, Prognose 12/2027 22 Tage." in plain(chart.description)
    line = next(t for t in chart.figure["data"] if t.get("connectgaps") is False)
    assert line["y"] == [30.0, None, 28.0]


def test_large_amounts_are_drawn_in_thousands_and_told_in_full() -> None:
    euros = Amounts.of("eur", 0, [250_000, None])
    assert (euros.head, euros.bare(250_400), euros.full(250_400)) == ("T€", "250", "250.400\u00a0€")
    assert Amounts.of("eur", 0, [900]).head == "Euro" and Amounts.of("days", 0, []).head == "Tage"


@pytest.mark.parametrize(
    ("top", "steps"),
    [(0, [0.0]), (0.2, [0, 0.05, 0.1, 0.15, 0.2]), (37, [0, 10, 20, 30]), (1600, [0, 500, 1000, 1500])],
)
def test_ticks_are_round(top: float, steps: list[float]) -> None:
    assert ticks(top) == pytest.approx(steps)


def test_a_small_course_keeps_its_gaps() -> None:
    assert course_svg([1, 2, None, 3, 4], (0, 4), HELL).count("<polyline") == 2
    assert "<circle" not in course_svg([None, None], (0, 1), HELL)
