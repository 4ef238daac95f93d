"""What the cockpits of measures and of the DMS ask for and compute, without a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from dashboard.cockpits import dms, massnahmen
from dashboard.cockpits.massnahmen import Choice, Offered, Paging, read_choice, turned
from dashboard.figures.roadmap import RoadRow, days, roadmap
from dashboard.figures.share_bullets import BulletRow, share_bullets
from dashboard.figures.state_bars import StateRow, state_bars
from dashboard.figures.step_line import Step, StepLine, Wave, step_line
from metrics.result import Cell, MetricResult

TODAY = date(2026, 6, 9)
OFFERED = Offered(
    ((None, "alle 2"), ("1", "1 Kunden"), ("2", "2 Prozesse")),
    ((None, "alle"), ("FD10", "FD 10")),
    massnahmen.reach_options(frozenset({"intern", "beides", None})),
    ((None, "alle"), ("dms", "DMS")),
)


def answer(rows: list[Cell], *by: str) -> MetricResult:
    return MetricResult("m", tuple(rows), by, None, "s", TODAY, datetime(2026, 6, 9), (), None, "beispiel")


def connected(month: date, unit: str, part: int, whole: int = 10) -> Cell:
    return Cell(month, {"org_unit_id": unit}, part / whole, numerator=part, denominator=whole)


MONTHS = [date(2026, month, 1) for month in range(1, 7)]


def test_a_wave_is_the_month_in_which_a_unit_first_has_half_of_its_workplaces() -> None:
    courses = {"FD1": (6, 7, 8, 8, 9, 9), "FD2": (0, 4, 5, 9, 9, 9), "FD3": (0, 0, 6, 2, 7, 7)}
    cells = [
        connected(month, unit, part)
        for unit, parts in courses.items()
        for month, part in zip(MONTHS, parts, strict=True)
    ]
    waves = dms.waves_of(answer(cells), {"FD2": "FD 2"}, TODAY, numbered=True)
    # FD1 was live before the first month known; FD3 falls back and is not counted again.
    assert waves == [Wave(date(2026, 3, 1), 1, ("FD 2", "FD3"))]
    assert dms.waves_of(answer(cells), {}, date(2026, 2, 28), numbered=True) == []
    alone = dms.waves_of(answer(cells), {}, TODAY, numbered=False)
    assert [wave.label for wave in alone] == ["03/2026"]


def test_waves_ahead_come_from_the_calendar_and_go_on_counting() -> None:
    calendar = [
        {"on_date": date(2026, 7, 1), "title": "DMS-Welle 7 geht live"},
        {"on_date": date(2026, 6, 1), "title": "DMS-Welle 6 geht live"},
        {"on_date": date(2026, 8, 1), "title": "Ratsversammlung"},
    ]
    ahead = dms.planned_waves(calendar, TODAY, 6, numbered=True)
    assert ahead == [Wave(date(2026, 7, 1), 7, planned=True)]
    assert dms.only_units([Wave(TODAY, 1, ("FD 2",)), Wave(TODAY, 2, ("FD 3",))], frozenset({"FD 3"})) == [
        Wave(TODAY, 2, ("FD 3",))
    ]


def test_the_pace_needs_a_year_and_the_need_a_goal_that_is_still_missed() -> None:
    steps = (Step(date(2025, 6, 1), 400, 800), Step(date(2026, 6, 1), 580, 800))
    assert dms.pace(steps) == 15
    assert dms.pace(steps[1:]) is None and dms.pace(()) is None
    # 220 missing in 205 days, which are 6.74 months.
    found = dms.needed(steps, (date(2026, 12, 31), 1.0), TODAY)
    assert found == pytest.approx(220 / (205 / (365.25 / 12)))
    assert dms.needed(steps, None, TODAY) is None
    assert dms.needed(steps, (date(2026, 12, 31), 0.7), TODAY) is None
    assert dms.needed(steps, (date(2026, 6, 20), 1.0), TODAY) is None, "less than a month has no pace"


def test_a_unit_of_the_address_counts_only_when_it_is_offered() -> None:
    offered = {"dezernat": [(None, "alle"), ("D1", "Dez. 1")], "fachdienst": [(None, "alle")]}
    choice = dms.read_choice({"dezernat": "D1", "einheit": "FD99", "stichtag": "2026-05-31"}, TODAY, offered)
    assert choice.where == {"dezernat": "D1"} and choice.at == date(2026, 5, 31)
    assert choice.params == {"dezernat": "D1", "stichtag": "2026-05-31"}
    assert dms.read_choice({"stichtag": "2026-05-30"}, TODAY, offered).at == TODAY


def test_what_nobody_offers_is_no_choice_and_the_rest_survives_the_address() -> None:
    asked = {
        "ansicht": "liste", "ziel": "2", "einheit": "FD10", "status": "geplant", "wirkung": "intern",
        "paket": "dms", "suche": "  a   b ", "sortierung": "-due_on", "seite": "7",
    }  # fmt: skip
    choice = read_choice(asked, OFFERED)
    assert choice == Choice("liste", "2", "FD10", "geplant", "intern", "dms", "a b", "-due_on", 7)
    assert read_choice(choice.params, OFFERED) == choice
    odd = {
        "ansicht": "x", "ziel": "9", "einheit": "FD32", "status": "x", "wirkung": "extrem",
        "paket": "x", "sortierung": "title; DROP", "seite": "-3",
    }  # fmt: skip
    assert read_choice(odd, OFFERED) == Choice() and Choice().params == {}


def test_what_works_on_both_sides_counts_for_either_and_is_not_rated() -> None:
    choice = Choice(goal="1", reach="intern")
    assert choice.cut == {"goal": "1", "reach": ["intern", "beides"]}
    assert choice.rated_cut is None, "the rated figures do not know where a measure works"
    assert Choice(goal="1", unit="FD10").rated_cut == {"goal": "1", "fachdienst": "FD10"}
    assert massnahmen.reach_options(frozenset({None})) == (), "nobody says where measures work"


def test_a_column_sorts_up_then_down_and_always_from_the_first_page() -> None:
    choice = Choice(order="title", page=4)
    assert turned(choice, "title") == replace(choice, order="-title", page=1)
    assert turned(choice, "due_on").order == "due_on"
    assert massnahmen.order_of(Choice(order="-due_on")) == ("-due_on", "measure_id")
    assert massnahmen.order_of(Choice()) == ("urgency", "due_on", "measure_id")


@pytest.mark.parametrize(
    ("page", "total", "expected"),
    [
        (1, 0, (1, 1, 0, 0)),
        (1, 50, (1, 1, 1, 50)),
        (2, 51, (2, 2, 51, 51)),
        (99, 51, (2, 2, 51, 51)),
        (61, 3046, (61, 61, 3001, 3046)),
    ],
)
def test_pages_are_counted_and_one_beyond_the_end_is_the_last(
    page: int, total: int, expected: tuple[int, ...]
) -> None:
    paging = Paging.of(Choice(page=page), total, 50)
    assert (paging.page, paging.pages, paging.first, paging.last) == expected


def states(unit: str, **counts: int) -> list[Cell]:
    return [
        Cell(None, {"fachdienst": unit}, 0, numerator=count, bucket=state) for state, count in counts.items()
    ]


def test_units_stand_by_their_overdue_share_and_the_rest_adds_up() -> None:
    cells = [cell for n in range(8) for cell in states(f"U{n}", abgeschlossen=10, ueberfaellig=n)]
    units = massnahmen.unit_counts(answer(cells), None)
    rows = massnahmen.state_rows(units, {"U7": "Sieben"}, "Einheiten")
    assert [row.label for row in rows] == ["Sieben", "U6", "U5", "U4", "U3", "übrige 3 Einheiten"]
    assert rows[-1].counts["ueberfaellig"] == 0 + 1 + 2 and rows[-1].total == 33
    assert [row.label for row in rows[-1].inside] == ["U2", "U1", "U0"]
    few = massnahmen.state_rows(units[:6], {}, "Einheiten")
    assert len(few) == 6, "a single other unit keeps its name"
    chart = state_bars(rows, first="Amt")
    assert "darunter U2" in [row[0] for row in chart.table.rows]
    assert chart.table.total is not None and chart.table.total[-2] == "108"
    assert "Sieben 41,2" in chart.description


def test_only_units_to_act_upon_with_the_highest_shares_are_named() -> None:
    def unit(name: str, late: int, rating: Any) -> massnahmen.UnitCounts:
        return massnahmen.UnitCounts(name, {"ueberfaellig": late, "geplant": 10}, rating)

    rated = [unit("a", 5, "krit"), unit("b", 4, "krit"), unit("c", 1, "gut")]
    assert massnahmen.worst_units(rated) == ["a", "b"]
    assert massnahmen.worst_units([unit("a", 5, "warn"), unit("b", 4, "krit")]) == []
    assert massnahmen.worst_units([unit("a", 5, "neu")]) == []


def package(**other: Any) -> dict[str, Any]:
    row = {"package_id": "p", "title": "Paket", "started_on": date(2025, 2, 1), "done_on": None}
    plan = {"planned_from": date(2025, 1, 1), "planned_to": date(2025, 12, 31)}
    return {**row, **plan, "forecast_to": date(2026, 12, 31), **other}


def test_a_package_is_late_by_its_forecast_or_once_its_plan_has_passed() -> None:
    late = package()
    passed = package(forecast_to=None)
    in_time = package(planned_to=date(2027, 1, 31))
    done = package(done_on=date(2026, 3, 1))
    waiting = package(started_on=None)
    assert [massnahmen.is_late(row, TODAY) for row in (late, passed, in_time, done, waiting)] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert massnahmen.late_packages([late, passed, in_time, done, waiting], TODAY) == (2, 3, False)


def test_the_roadmap_draws_ist_until_today_and_the_forecast_from_there() -> None:
    (row,) = massnahmen.package_rows(
        [package()], [{"package_id": "p", "title": "M", "planned_on": TODAY, "reached_on": None}], TODAY
    )
    assert row.ist == (date(2025, 2, 1), TODAY) and row.forecast == (TODAY, date(2026, 12, 31))
    assert row.points[0].reached is False
    chart = roadmap([row], TODAY, first="Paket", caption="Fahrplan")
    plan, ist, forecast, over = chart.figure["data"]
    assert plan["x"] == [365] and plan["base"] == [date(2025, 1, 1).toordinal()]
    assert forecast["marker"]["pattern"]["shape"] == "/" and over["x"] == []
    assert [ist["x"][0], forecast["x"][0]] == [days(row.ist), days(row.forecast)]
    (cells,) = chart.table.rows
    assert cells[1:3] == ("01.01.2025–31.12.2025", "365") and "M 09.06.2026 (offen)" in cells
    assert "Länger als geplant: 1" in chart.description


def test_a_measure_has_no_ist_because_nobody_reports_its_beginning() -> None:
    measure = {
        "measure_id": "M1", "title": "a", "planned_from": date(2026, 1, 1), "due_on": date(2026, 5, 31),
        "done_on": None, "state": "ueberfaellig",
    }  # fmt: skip
    row = massnahmen.measure_road(measure, TODAY)
    assert row.ist is None and row.over == (date(2026, 5, 31), TODAY)
    done = massnahmen.measure_road({**measure, "done_on": date(2026, 5, 1), "state": "abgeschlossen"}, TODAY)
    assert done.over is None and [point.on for point in done.points] == [date(2026, 5, 1)]
    bare = massnahmen.measure_road(
        {**measure, "planned_from": None, "due_on": None, "state": "geplant"}, TODAY
    )
    assert bare.plan is None and bare.over is None


def test_a_project_runs_until_today_and_beyond_its_plan_in_red() -> None:
    project = {
        "project_id": "P1", "title": "a", "started_on": date(2026, 1, 1), "planned_on": date(2026, 5, 1),
        "done_on": None, "state": "ueberfaellig",
    }  # fmt: skip
    row = massnahmen.project_road(project, TODAY)
    assert row.ist == (date(2026, 1, 1), date(2026, 5, 1)) and row.over == (date(2026, 5, 1), TODAY)
    assert massnahmen.project_road({**project, "planned_on": None}, TODAY).ist == (date(2026, 1, 1), TODAY)


def test_charts_without_values_say_so() -> None:
    assert "ohne Werte" in roadmap([], TODAY, first="a", caption="b").description
    assert "ohne Werte" in state_bars([StateRow("a", {})], first="Amt").description
    assert "ohne Werte" in share_bullets([], first="Amt", part="a", whole="b").description
    assert "ohne Werte" in step_line(StepLine(())).description
    assert roadmap([RoadRow("a")], TODAY, first="a", caption="b").table.rows == (("a",),)


def test_a_step_line_reaches_the_stichtag_and_is_compared_with_the_soll_of_that_day() -> None:
    steps = [Step(date(2026, 5, 1), 40, 100), Step(date(2026, 6, 1), 60, 100)]
    soll = [(date(2026, 6, 1), 0.5), (date(2026, 6, 11), 0.7), (date(2026, 12, 31), 1.0)]
    chart = step_line(StepLine(steps, soll, at=date(2026, 6, 11)))
    assert "Soll 70,0\u00a0%" in chart.description
    (row,) = [row for row in chart.table.rows if row[0] == "11.06.2026"]
    assert row[1:5] == ("60", "100", "60,0\u00a0%", "70,0\u00a0%")


def test_a_step_line_stands_beside_its_soll_and_names_the_waves_in_the_table() -> None:
    steps = (Step(date(2026, 5, 1), 40, 80), Step(date(2026, 6, 1), 60, 80))
    soll = ((date(2026, 5, 1), 0.6), (date(2026, 6, 1), 0.7), (date(2026, 12, 31), 1.0))
    chart = step_line(StepLine(steps, soll, [Wave(date(2026, 6, 1), 3, ("FD 1",))]))
    assert chart.table.rows[1] == ("01.06.2026", "60", "80", "75,0\u00a0%", "70,0\u00a0%", "Welle 3: FD 1")
    assert chart.table.rows[2][1:4] == ("–", "–", "–")
    lines = [trace for trace in chart.figure["data"] if trace["mode"] == "lines"]
    assert [line["line"].get("shape") for line in lines] == [None, "hv"]
    bullets = share_bullets([BulletRow("a", 3, 4, 0.5)], first="Amt", part="an", whole="alle")
    assert bullets.table.rows == (("a", "3", "4", "75,0\u00a0%", "50,0\u00a0%"),)
    assert len(bullets.figure["layout"]["shapes"]) == 1


def test_the_address_of_a_choice_holds_only_what_was_chosen() -> None:
    assert Choice(view="tafel", state="geplant").params == {"ansicht": "tafel", "status": "geplant"}
    assert read_choice({"seite": "007"}, OFFERED).page == 7
