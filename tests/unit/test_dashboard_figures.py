"""Each chart: both schemes, one sentence, and a table with the values of the drawing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard import formats, theme
from dashboard.figures.before_after import BeforeAfter, small_multiple
from dashboard.figures.chart import Chart
from dashboard.figures.diverging_units import diverging_units
from dashboard.figures.levels import LevelRow
from dashboard.figures.month_columns import Month, month_columns
from dashboard.figures.reifegrad_columns import reifegrad_columns
from dashboard.figures.run_timeline import RunStep, run_timeline
from dashboard.figures.s_curve import Forecast, SCurve, s_curve
from dashboard.figures.stacked_themenfeld import stacked_themenfeld
from dashboard.figures.step_bars import StepRow, step_bars
from dashboard.figures.svg import Spot, sparkline, sparkline_svg
from dashboard.figures.waterfall import Step, spans, waterfall

BERLIN = ZoneInfo("Europe/Berlin")
ROWS = (
    LevelRow("Umwelt", {"0": 27, "1": 33, "2": 17, "3": 47, "4": 23}),
    LevelRow("Gesundheit <b>", {"0": 23, "1": 24, "2": 12, "3": 8, "4": 1, "ohne": 4}, "warn"),
)
CURVE = SCurve(
    ist=[(date(2024, 1, 31), 0.163), (date(2026, 6, 9), 0.393)],
    soll=[(date(2024, 1, 31), 0.157), (date(2026, 6, 9), 0.45), (date(2027, 12, 31), 0.8)],
    forecast=Forecast(date(2027, 12, 31), 0.63, 0.56, 0.7),
    gap_note="Rückstand 89",
    soll_note="Soll 701",
    ist_note="Ist 612",
    rating="warn",
)
STEPS = (
    Step("Ansatz\n2026", 939_800, "plan"),
    Step("Übertrag", 46_200, "plan"),
    Step("Verfügungs-\nrahmen", 986_000, "summe"),
    Step("Ist", -418_350, "ist"),
    Step("Obligo", -187_420, "obligo"),
    Step("verfügbar", 380_230, "verfuegbar"),
    Step("Bedarf", -402_900, "prognose"),
    Step("fehlt", -22_670, "saldo"),
)
MONTHS = (
    Month(date(2026, 5, 1), 78_000, 89_000, flagged=True),
    Month(date(2026, 6, 1), 80_000, 41_000, 92_000),
    Month(date(2026, 7, 1), 80_000, None, 85_000),
)
EFFECT = BeforeAfter(
    "Wohngeld",
    [(date(2024, m, 1), 40.0 + m) for m in range(1, 7)] + [(date(2025, m, 1), 26.0) for m in range(1, 7)],
    date(2024, 8, 1),
    "days",
    goal=21,
    before=(date(2024, 1, 1), date(2024, 6, 1), 43.5),
    after=(date(2025, 1, 1), date(2025, 6, 1), 26),
)
START = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
RUN = (
    RunStep("1 Abholen", START, START + timedelta(minutes=5), "20 Quellen", "warn"),
    RunStep("2 Freigeben", START + timedelta(minutes=5), START + timedelta(minutes=6), "veröffentlicht"),
)

FULL: dict[str, Callable[[], Chart]] = {
    "curve": lambda: s_curve(CURVE),
    "stacked": lambda: stacked_themenfeld(ROWS, soll=0.45),
    "diverging": lambda: diverging_units(ROWS),
    "columns": lambda: reifegrad_columns(
        ROWS[0].counts, {"0": 30, "3": 40}, now_label="09.06.2026", before_label="31.12.2025"
    ),
    "waterfall": lambda: waterfall(STEPS, caption="Budget"),
    "months": lambda: month_columns(MONTHS, caption="Aufwand je Monat"),
    "effect": lambda: small_multiple(EFFECT),
    "steps": lambda: step_bars([StepRow("Technik", 24, 96, 60, "krit")], caption="Projekte"),
    "run": lambda: run_timeline(RUN, zone=BERLIN, caption="Lauf"),
}
EMPTY: dict[str, Callable[[], Chart]] = {
    "curve": lambda: s_curve(SCurve(ist=[(date(2026, 6, 9), 0.0)])),
    "stacked": lambda: stacked_themenfeld([]),
    "diverging": lambda: diverging_units([]),
    "columns": lambda: reifegrad_columns({}, None, now_label="heute"),
    "waterfall": lambda: waterfall([], caption="Budget"),
    "months": lambda: month_columns([], caption="Monate"),
    "effect": lambda: small_multiple(BeforeAfter("Neu", [], date(2026, 1, 1), "days")),
    "steps": lambda: step_bars([], caption="Projekte"),
    "run": lambda: run_timeline([], zone=BERLIN, caption="Lauf"),
}


def cells(chart: Chart) -> set[str]:
    return {
        cell
        for row in (*chart.table.rows, *((chart.table.total,) if chart.table.total else ()))
        for cell in row
    }


@pytest.mark.parametrize("name", FULL)
def test_every_chart_has_a_sentence_and_a_table_as_wide_as_its_head(name: str) -> None:
    chart = FULL[name]()
    assert chart.description.endswith(".")
    assert chart.table.caption
    assert chart.table.rows
    assert {len(row) for row in chart.table.rows} == {len(chart.table.columns)}


@pytest.mark.parametrize("name", FULL)
def test_the_dark_scheme_changes_colours_only(name: str) -> None:
    changes = FULL[name]().figure["layout"]["meta"]["dunkel"]
    assert changes
    known = {*theme.DUNKEL.values()}
    assert all(any(value == color or value.endswith(color) for color in known) for _, value in changes)


@pytest.mark.parametrize("name", FULL)
def test_a_chart_is_plain_json_without_values_plotly_cannot_draw(name: str) -> None:
    json.dumps(FULL[name]().figure, allow_nan=False)


@pytest.mark.parametrize("name", EMPTY)
def test_a_chart_without_data_is_empty_and_not_broken(name: str) -> None:
    chart = EMPTY[name]()
    json.dumps(chart.figure, allow_nan=False)
    assert chart.description


@pytest.mark.parametrize("name", FULL)
def test_narrow_changes_point_at_existing_parts_of_the_layout(name: str) -> None:
    figure = FULL[name]().figure
    for path, _ in figure["layout"]["meta"]["schmal"]:
        part: Any = figure
        for key in path[:-1]:
            part = part[key]
        assert isinstance(part, dict | list)


@pytest.mark.parametrize("name", ["stacked", "diverging"])
def test_counts_printed_in_bars_stand_in_the_table(name: str) -> None:
    chart = FULL[name]()
    printed = {t for trace in chart.figure["data"] for t in trace.get("text", []) if t}
    assert printed
    assert printed <= cells(chart)


def test_bars_of_a_row_fill_it_exactly() -> None:
    for name in ("stacked", "diverging"):
        data = FULL[name]().figure["data"]
        for row in range(len(ROWS)):
            assert sum(abs(trace["x"][row]) for trace in data) == pytest.approx(1)


@pytest.mark.parametrize(("name", "count"), [("columns", 5), ("waterfall", 8), ("months", 3), ("steps", 1)])
def test_numbers_printed_beside_columns_stand_in_the_table(name: str, count: int) -> None:
    chart = FULL[name]()
    printed = [n["text"] for n in chart.figure["layout"]["annotations"]]
    values = cells(chart)
    if name == "months":
        values = {formats.thousand_eur(m.deviation_eur, plus=True, unit=False) for m in MONTHS}
    bare = {v.lstrip("+") for v in values} | values
    assert sum(text in bare or text.lstrip("+") in bare for text in printed) >= count


def test_curves_show_the_points_of_the_table() -> None:
    chart = FULL["curve"]()
    ist = next(t for t in chart.figure["data"] if t["line"].get("width") == 3)
    assert [formats.percent(y) for y in ist["y"]] == [row[1] for row in chart.table.rows if row[1] != "–"]
    assert "Soll 45,0\u00a0%" in chart.description


def test_an_effect_shows_both_means_and_the_goal_in_words_and_table() -> None:
    chart = FULL["effect"]()
    assert f"Mittel zuletzt 26{formats.NBSP}Tage" in chart.description
    assert [row[0].split(",")[0] for row in chart.table.rows[-3:]] == [
        "Mittel vorher",
        "Mittel zuletzt",
        "Ziel",
    ]


def test_a_waterfall_runs_from_level_to_level() -> None:
    found = spans(STEPS)
    assert found[1] == (939_800, 986_000)
    assert found[3] == (567_650, 986_000)
    assert found[4] == (380_230, 567_650)
    assert found[6] == (-22_670, 380_230)
    assert found[7] == (-22_670, 0)


def test_only_a_missing_rest_is_red() -> None:
    short = waterfall([Step("fehlt", -5, "saldo")], caption="x").figure["data"][0]["marker"]["color"]
    rest = waterfall([Step("bleibt", 5, "saldo")], caption="x").figure["data"][0]["marker"]["color"]
    assert short == theme.HELL["krit"]
    assert rest != theme.HELL["krit"]


def test_labels_of_sources_are_shown_as_written() -> None:
    ticks = stacked_themenfeld(ROWS).figure["layout"]["yaxis"]["ticktext"]
    assert ticks[1] == "Gesundheit &lt;b&gt;"


def test_a_course_has_both_schemes_one_name_and_keeps_gaps() -> None:
    picture = sparkline([1, None, 3, 4], alt="Verlauf: von 1 auf 4", soll=None).to_plotly_json()["props"]
    assert picture["aria-label"] == "Verlauf: von 1 auf 4"
    assert picture["role"] == "img"
    images = [i.to_plotly_json()["props"] for i in picture["children"]]
    assert [i["className"] for i in images] == ["only-light", "only-dark"]
    assert all(i["alt"] == "" and i["src"].startswith("data:image/svg+xml,") for i in images)
    assert sparkline_svg([1, None, 3, 4], None, theme.HELL, 84, 28).count("<polyline") == 1


def test_an_event_crosses_the_picture_and_a_comment_its_place_in_the_course() -> None:
    bare = sparkline_svg([1, 2, 3], None, theme.HELL, 84, 28)
    event = sparkline_svg([1, 2, 3], None, theme.HELL, 84, 28, [Spot(1, event=True)])
    comment = sparkline_svg([1, 2, 3], None, theme.HELL, 84, 28, [Spot(2, event=False)])
    assert "M42.0 0.0V28.0" in event and "M80.0 0.0V9.0" in comment
    assert "V28.0" not in bare and "V9.0" not in bare


def test_a_course_without_values_draws_nothing() -> None:
    assert "<path" not in sparkline_svg([None, None], 3, theme.HELL, 84, 28)
