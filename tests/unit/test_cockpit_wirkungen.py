"""Effects: Belegstärke by the written rule, windows before and after, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import messages_wirkungen as words
from dashboard.cockpits import wirkungen
from dashboard.cockpits.ziele import Linked, goals_of
from metrics.catalog import load_catalog
from metrics.definition import Definition
from metrics.result import Cell, MetricResult

TODAY = date(2026, 6, 9)


@pytest.mark.parametrize(
    ("basis", "before", "after", "cases", "level"),
    [
        ("vollerhebung", 12, 12, None, "hoch"),
        ("vollerhebung", 12, 12, 30, "hoch"),
        ("vollerhebung", 12, 12, 29, "gering"),
        ("vollerhebung", 11, 12, 500, "mittel"),
        ("vollerhebung", 12, 3, 500, "mittel"),
        ("stichprobe", 12, 12, 500, "mittel"),
        ("stichprobe", 12, 12, 29, "gering"),
        ("einzelquelle", 12, 12, 9999, "gering"),
        ("unbekannt", 12, 12, 9999, "mittel"),
    ],
)
def test_the_evidence_follows_the_written_rule(
    basis: str, before: int, after: int, cases: int | None, level: str
) -> None:
    assert wirkungen.evidence(basis, before, after, cases) == level


@given(st.sampled_from(sorted(wirkungen.BASES)), st.integers(0, 12), st.integers(0, 12), st.integers(0, 100))
def test_more_months_and_cases_never_weaken_the_evidence(
    basis: str, before: int, after: int, cases: int
) -> None:
    order = ("gering", "mittel", "hoch")
    less = wirkungen.evidence(basis, before, after, cases)
    more = wirkungen.evidence(basis, before + 1, after + 1, cases + 1)
    assert order.index(more) >= order.index(less)


def test_a_month_counts_as_full_only_from_its_first_to_its_last_day() -> None:
    assert wirkungen.last_full_month(TODAY) == date(2026, 5, 1)
    assert wirkungen.last_full_month(date(2026, 6, 30)) == date(2026, 6, 1)
    assert wirkungen.first_full_month(date(2026, 2, 1)) == date(2026, 2, 1)
    assert wirkungen.first_full_month(date(2026, 2, 2)) == date(2026, 3, 1)


class Door:
    """Answers with one value a month and notes the periods it was asked for."""

    def __init__(self, monthly: Mapping[date, float], **more: Any) -> None:
        self.monthly, self.more = monthly, more
        self.windows: list[tuple[date, date]] = []

    def __call__(self, metric_id: str, **question: Any) -> MetricResult:
        between = question.get("between")
        inside = {
            month: value
            for month, value in self.monthly.items()
            if between is None or between[0] <= month <= between[1]
        }
        if "period" in question.get("by", ()):
            rows = tuple(Cell(month, {}, value, value, 1, n=40) for month, value in inside.items())
        else:
            if between:
                self.windows.append(between)
            total = sum(inside.values()) if inside else None
            rows = (Cell(None, {}, total, total, len(inside), n=40 * len(inside), **self.more),)
        made = datetime(2026, 6, 9, tzinfo=UTC)
        return MetricResult(metric_id, rows, (), between, "s", TODAY, made, (), None, "beispiel")


def months(first: date, count: int) -> list[date]:
    return [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(count)
    ]


def expected(introduced_on: date, basis: str = "vollerhebung") -> wirkungen.Expected:
    return wirkungen.Expected(
        "E1", "Papier", "Blatt", 1, "politik", "paper_sheets_count", None, introduced_on, "DMS", basis
    )


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return load_catalog(tmp_path_factory.mktemp("leer")).metric("paper_sheets_count").definition


def measured(door: Door, definition: Definition, introduced_on: date) -> wirkungen.Effect:
    item = expected(introduced_on)
    return wirkungen.measure(door, definition, item, rule=None, start=wirkungen.start_of([item]), today=TODAY)


def test_the_windows_are_twelve_months_before_and_the_last_twelve(paper: Definition) -> None:
    door = Door(dict.fromkeys(months(date(2023, 1, 1), 41), 20_000.0))
    effect = measured(door, paper, date(2024, 8, 15))
    assert door.windows == [
        (date(2023, 8, 1), date(2024, 7, 31)),
        (date(2025, 6, 1), date(2026, 5, 31)),
    ]
    assert effect.before and effect.after
    assert (effect.before.value, effect.after.value, effect.change) == (20_000, 20_000, 0)
    assert effect.wanted is False, "no change is not the wanted change"
    assert (effect.evidence, effect.scale) == ("hoch", 1000)


def test_a_month_without_data_does_not_make_an_amount_look_small(paper: Definition) -> None:
    known = [m for m in months(date(2023, 1, 1), 41) if m != date(2025, 9, 1)]
    effect = measured(Door(dict.fromkeys(known, 100.0)), paper, date(2024, 2, 1))
    assert effect.after and effect.after.value == 100
    assert effect.after.months == 11
    assert effect.evidence == "mittel"


def test_a_late_source_moves_the_window_to_its_last_month(paper: Definition) -> None:
    effect = measured(Door(dict.fromkeys(months(date(2023, 1, 1), 38), 10.0)), paper, date(2024, 2, 1))
    assert effect.after and effect.after.last == date(2026, 2, 1)


@pytest.mark.parametrize("introduced_on", [date(2026, 5, 2), date(2026, 9, 1)])
def test_without_a_full_month_there_is_no_comparison(paper: Definition, introduced_on: date) -> None:
    effect = measured(Door(dict.fromkeys(months(date(2025, 1, 1), 17), 10.0)), paper, introduced_on)
    assert effect.after is None
    assert (effect.change, effect.relative, effect.wanted, effect.evidence) == (None, None, None, None)


def test_no_values_at_all_are_no_zero(paper: Definition) -> None:
    effect = measured(Door({}), paper, date(2024, 2, 1))
    assert (effect.points, effect.before, effect.after, effect.running) == ((), None, None, 0)


def test_stocks_are_weighed_by_their_size_and_medians_are_not_averaged(tmp_path: Path) -> None:
    definition = load_catalog(tmp_path).metric("dms_workplace_share").definition
    rows = [Cell(None, {}, 0.5, 5, 10), Cell(None, {}, 0.9, 81, 90)]
    assert wirkungen._of_stocks(definition, rows) == (0.86, None)
    median = definition.model_copy(update={"kind": "quantile"})
    assert wirkungen._of_stocks(median, rows) == (None, None)


def test_goals_take_the_worst_rating_and_count_a_figure_once() -> None:
    rows = [{"goal": 1, "title": "A"}, {"goal": 2, "title": "B"}, {"goal": 3, "title": "C"}]
    linked = [
        Linked(1, "x", {}, "gut"),
        Linked(1, "x", {}, "gut"),
        Linked(1, "y", {"p": "1"}, "warn"),
        Linked(1, "z", {}, "neu"),
        Linked(2, "z", {}, "neu"),
    ]
    found = [(goal.rating, goal.figures) for goal in goals_of(rows, linked)]
    assert found == [("warn", 3), ("neu", 1), (None, 0)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((-15.2, -0.371, "days", 0), "−15 Tage (−37 %)"),
        ((0.259, None, "percent", 1), "+25,9 Prozentpunkte"),
        ((-0.8, None, "grade", 1), "−0,8 Noten"),
        ((-160_700.0, -0.283, "sheets", 0, 1000), "−161 Tsd. (−28 %)"),
        ((0, 0.0, "days", 0), "0 Tage (0 %)"),
        ((None, None, "days", 0), ""),
    ],
)
def test_a_change_is_told_with_its_sign(arguments: tuple[Any, ...], text: str) -> None:
    assert plain(words.change_words(*arguments)) == text


def test_reasons_without_comparison_are_told_apart() -> None:
    def reason(running: int, points: bool, before: bool, on: date) -> str:
        return words.no_comparison(running, points, before, on, TODAY)

    assert reason(0, False, False, date(2024, 1, 1)) == "noch keine Werte"
    assert reason(0, True, True, date(2026, 9, 1)) == "Einführung am 01.09.2026"
    assert reason(0, True, True, date(2026, 6, 2)) == "noch kein voller Monat seit Einführung"
    assert reason(5, True, False, date(2026, 1, 1)) == "keine Werte vor der Einführung"


def test_a_short_comparison_says_so() -> None:
    assert words.short_after(1, 1) == "erst 1 Monat seit Einführung"
    assert words.short_after(20, 11) == "Werte aus 11 von 12 Monaten"
    assert words.short_after(20, 12) == ""


def test_what_the_rating_speaks_about_is_told_beside_it() -> None:
    assert words.current_words(26, 23.3, "days", 0, "lower") == "jetzt 26, Soll höchstens 23"
    assert words.current_words(0.442, 0.42, "percent", 1, "higher") == "jetzt 44,2, Soll 42,0"
    assert (
        words.current_words(413_674, 385_753, "sheets", 0, "lower", 1000) == "jetzt 414, Soll höchstens 386"
    )
    assert words.current_words(3, None, "days", 0, "lower") == "jetzt 3, ohne Soll"
    assert words.current_words(None, 4, "days", 0, "lower") == "zurzeit kein Wert"


def test_names_are_short_only_while_they_stay_apart() -> None:
    assert words.short_names(["Wohngeld: Dauer", "Papier"]) == ["Wohngeld", "Papier"]
    assert words.short_names(["Wohngeld: Dauer", "Wohngeld: Quote"]) == ["Wohngeld: Dauer", "Wohngeld: Quote"]


def test_counts_of_goals_and_hidden_effects_read_as_german() -> None:
    assert words.goals_title(6) == "Sechs Ziele der Digitalisierung"
    assert words.goals_title(1) == "Ein Ziel der Digitalisierung"
    assert words.goals_title(12) == "12 Ziele der Digitalisierung"
    assert words.goal_words(None, 0) == ("noch offen", "keine Kennzahl")
    assert words.hidden(0, "Fachdienst") == ""
    assert words.hidden(1, "Fachdienst").startswith("1 Wirkung ist nicht gezeigt")
