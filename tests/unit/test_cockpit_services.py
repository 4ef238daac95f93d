"""View models of OZG-Fortschritt and Reifegrad in their edge cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from dashboard import messages
from dashboard.cockpits import ozg, ozg_band
from dashboard.cockpits import reifegrad as view
from dashboard.cockpits.ozg import Course, Standing
from dashboard.cockpits.selection import Selection, known_params, read_selection
from dashboard.figures.levels import LevelRow
from dashboard.figures.step_bars import StepRow
from metrics.models.progress import complete_months, observed
from metrics.projection import PaceBand
from metrics.result import Cell, MetricResult
from metrics.targets import Point, Rule

TODAY = date(2026, 6, 9)
RULE = Rule(
    path=(
        Point(on=date(2025, 12, 31), value=Decimal("0.4")),
        Point(on=date(2027, 12, 31), value=Decimal("0.8")),
    )
)


def answer(*rows: Cell, by: tuple[str, ...] = ()) -> MetricResult:
    return MetricResult("m", rows, by, None, "s", TODAY, None, (), None, "beispiel")


def month(year: int, number: int, online: int, total: int = 100, known: int | None = None) -> Cell:
    first = date(year, number, 1)
    return Cell(first, {}, online / total, online, total, known=total if known is None else known)


def standing(online: int, target: float | None, total: int = 100) -> Standing:
    return Standing(TODAY, online, total, online / total, target, "warn" if target else "neu")


def test_months_of_filling_the_list_are_not_the_citys_progress() -> None:
    rows = observed(answer(month(2021, 7, 1, known=20), month(2021, 8, 3, known=70), month(2021, 9, 7)))
    assert [row.numerator for row in rows] == [7]


def test_the_month_that_runs_is_no_pace() -> None:
    rows = (month(2026, 4, 10), month(2026, 5, 16), month(2026, 6, 18))
    assert complete_months(rows, TODAY, None) == [6]
    assert complete_months(rows, date(2026, 6, 30), {date(2026, 5, 1): 7}) == [7, 0]


def test_the_course_ends_on_the_stichtag_and_runs_on_to_the_goal() -> None:
    history = answer(*(month(2025 + (n // 12), n % 12 + 1, 20 + n) for n in range(18)))
    course = ozg.course(history, TODAY, RULE)
    assert course.ist[-1] == (TODAY, 0.37)
    assert course.goal == (date(2027, 12, 31), 0.8)
    assert course.outlook is not None
    assert course.band == PaceBand(*[Fraction(1)] * 4)
    assert 0.55 < float(course.outlook.value) < 0.56
    assert course.needed is not None
    assert 2.2 < float(course.needed) < 2.4


def test_without_history_or_target_nothing_is_promised() -> None:
    assert ozg.course(answer(), TODAY, RULE) == Course((), (), None, None, None, None)
    course = ozg.course(answer(month(2026, 5, 10), month(2026, 6, 11)), TODAY, None)
    assert (course.soll, course.goal, course.needed, course.forecast) == ((), None, None, None)


def test_the_soll_has_a_value_on_every_day_of_the_ist_and_keeps_its_corners() -> None:
    days = [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31)]
    points = dict(ozg.soll_points(RULE, days, date(2026, 1, 31)))
    assert date(2025, 11, 30) not in points, "before the path begins nothing is promised"
    assert points[date(2025, 12, 31)] == 0.4
    assert points[date(2027, 12, 31)] == 0.8


def test_a_path_that_ended_is_held_to_the_stichtag() -> None:
    ended = Rule(path=(Point(on=date(2020, 1, 1), value=Decimal("0.5")),))
    assert ozg.soll_points(ended, [date(2026, 1, 31)], TODAY)[-1] == (TODAY, 0.5)


@pytest.mark.parametrize(
    ("at", "before"),
    [
        (TODAY, date(2026, 4, 30)),
        (date(2026, 5, 31), date(2026, 4, 30)),
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2026, 1, 15), date(2025, 11, 30)),
    ],
)
def test_a_trend_compares_at_least_a_whole_month(at: date, before: date) -> None:
    assert ozg.month_before(at) == before


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (-84, -71, "09.06.2026: −71 · wächst"),
        (-60, -71, "09.06.2026: −71 · schrumpft"),
        (-71, -71, "09.06.2026: −71 · unverändert"),
        (3, -2, "09.06.2026: −2 · mehr als damals"),
        (-1, 2, "09.06.2026: +2 · weniger als damals"),
    ],
)
def test_the_gap_says_where_it_moves(now: int, before: int, text: str) -> None:
    past = Standing(TODAY, 500 + before, 1000, None, 0.5, "warn")
    assert ozg_band.gap_trend(now, past) == text


def test_a_gap_without_target_is_a_dash_and_not_zero() -> None:
    entry = ozg_band.gap_entry(standing(10, None), standing(9, None), None)
    assert (entry.value, entry.context, entry.rating) == ("–", "kein Soll vereinbart", None)


def test_a_lead_is_called_a_lead() -> None:
    entry = ozg_band.gap_entry(standing(60, 0.5), standing(50, 0.5), None)
    assert (entry.label, entry.value) == ("Vorsprung zum Soll", "+10")
    assert ozg_band.soll_words(standing(60, 0.5))[0] == "Vorsprung 10"


@pytest.mark.parametrize(
    ("needed", "text"),
    [
        (Fraction(0), "Ziel für 12/2027 erreicht"),
        (None, "Frist verstrichen"),
        (Fraction(63, 2), "31,5 je Monat"),
    ],
)
def test_the_needed_pace_knows_reached_and_missed_goals(needed: Fraction | None, text: str) -> None:
    course = Course((), (), None, None, (date(2027, 12, 31), 0.8), needed)
    assert ozg_band.pace_entry(2.0, course, 6, None).context.endswith(text)


def test_the_band_names_its_span() -> None:
    course = Course(
        (), (), PaceBand(Fraction(15, 2), Fraction(12), Fraction(18), Fraction(18)), None, None, None
    )
    text = ozg_band.band_note(course)
    assert text == "Prognose bei 12,0, Band bei 7,5 bis 18,0 Leistungen je Monat"
    assert "fehlen" in ozg_band.band_note(Course((), (), None, None, None, None))


def test_the_bottleneck_exceeds_its_target_most_in_parts_of_it() -> None:
    rows = [
        StepRow("Test", 9, 30, 15, "krit"),
        StepRow("Umsetzung", 20, 98, 60, "krit"),
        StepRow("Aufnahme", 5, 10, 30, "gut"),
    ]
    assert ozg.bottleneck(rows) == "Test"
    assert ozg.bottleneck(rows[2:]) is None
    assert messages.bottleneck(None, True) == "Kein Schritt liegt über seinem Soll"
    assert messages.bottleneck(None, False) == "Laufende Projekte nach Schritt"


def test_themenfelder_with_different_targets_have_no_common_line() -> None:
    cells = [
        Cell(None, {"themenfeld": name}, 0.5, 1, 2, target=target, deviation=0.5 - target)
        for name, target in (("a", 0.4), ("b", 0.6))
    ]
    assert ozg.above_target(answer(*cells)) == (0, 2, None)
    assert ozg.above_target(answer(*cells[:1])) == (1, 1, 0.4)
    assert ozg.above_target(answer()) == (0, 0, None)


def level_row(name: str, online: int, total: int) -> LevelRow:
    return LevelRow(name, {"3": online, "0": total - online})


def test_laggards_are_named_only_when_no_other_unit_is_below_the_limit() -> None:
    rows = [
        level_row(name, share, 100) for name, share in zip("abcdef", (70, 60, 50, 16, 13, 8), strict=True)
    ]
    found = view.laggards(rows, {"d": "Bauaufsicht"})
    assert found == view.Laggards(("f", "e", "Bauaufsicht"), 17)
    tie = [level_row(name, 10, 100) for name in "abcdef"]
    assert view.laggards(tie, {}) is None
    assert view.laggards(rows[:1], {}) is None


def test_a_title_that_would_be_too_long_is_neutral() -> None:
    names = ["Kinder- und Jugendhilfe", "Tiefbau und Grünflächen", "Bürgerservice"]
    assert messages.units_below(names, 17, "Amt") == "Reifegrad nach Amt"
    assert messages.units_below(["Bauaufsicht"], 17, "Amt") == "Bauaufsicht liegt unter 17\u00a0%"


def move(origin: str, to: str, count: int, kind: str) -> Cell:
    return Cell(None, {"from_level": origin, "to_level": to, "wechsel": kind}, count)


def test_the_matrix_keeps_every_service_once() -> None:
    moved = view.matrix(
        answer(
            move("2", "3", 5, "neu_online"),
            move("4", "3", 2, "zurueckgestuft"),
            move("neu", "ohne", 1, "neu_erfasst"),
        )
    )
    assert moved is not None
    assert sum(row.total for row in moved.rows) == 8
    assert moved.levels[-1] == "ohne"
    assert [row.level for row in moved.rows] == ["0", "1", "2", "3", "4", "neu"]
    assert (moved.count("neu_online"), moved.count("zurueckgestuft")) == (5, 2)
    assert view.matrix(answer()) is None


def test_a_first_assessment_on_another_scale_is_not_newly_online() -> None:
    moved = view.matrix(
        answer(move("ohne", "3", 7, "neu_online"), move("2", "3", 1, "neu_online")), "ozg_2_0"
    )
    assert moved is not None
    assert moved.count("neu_online") == 0
    assert (moved.count("neu_erfasst"), moved.count("hoeher")) == (7, 1)


def test_scales_without_assessments_are_not_offered() -> None:
    cells = [Cell(None, {"reifegrad_modell": "ozg_2_0"}, 1, 9, 9, bucket="ohne")]
    assert view.models_in(answer(*cells)) == ("ozg_1_1",)
    cells.append(Cell(None, {"reifegrad_modell": "x"}, 1, 1, 9, bucket="3"))
    assert view.models_in(answer(*cells)) == ("ozg_1_1", "x")
    assert view.model_name("x") == "Skala x"


def test_the_mean_leaves_out_what_is_not_assessed() -> None:
    assert view.mean_level({"0": 1, "4": 1, "ohne": 50}) == 2
    assert view.mean_level({"ohne": 3}) is None


def test_only_offered_values_become_a_selection() -> None:
    fields = [(None, "alle"), ("Umwelt", "Umwelt")]
    chosen = read_selection(
        {"themenfeld": "Umwelt", "einheit": "FD1", "stichtag": "2026-05-31", "art": "buendel"},
        TODAY,
        fields,
        [],
    )
    assert chosen == Selection(date(2026, 5, 31), TODAY, "Umwelt", None)
    assert known_params({"einheit": "FD1", "art": "buendel"}, chosen) == {
        "themenfeld": "Umwelt",
        "stichtag": "2026-05-31",
        "art": "buendel",
    }
    assert read_selection({"stichtag": "2026-05-30"}, TODAY, fields, []).is_today


@pytest.mark.parametrize(
    ("gap", "before", "title"),
    [
        (-84, -71, "Das Soll steigt schneller als das Ist"),
        (-60, -71, "Das Ist holt gegenüber dem Soll auf"),
        (-60, None, "Das Ist liegt unter dem Soll"),
        (0, -1, "Das Ist liegt auf dem Soll"),
        (4, 2, "Das Ist liegt über dem Soll"),
        (None, None, "Leistungen online ab Reifegrad 3"),
    ],
)
def test_the_curve_claims_only_what_the_gaps_show(gap: int | None, before: int | None, title: str) -> None:
    assert messages.curve(gap, before) == title


def test_bundles_name_their_counting_rule() -> None:
    assert messages.bundles(186, 372).bold == "186 von 372 OZG-Leistungen sind online."
    assert "sobald eine eigene Einzelleistung" in messages.bundles(186, 372).rest
    assert messages.bundles(0, 3).bold == "Keine der 3 OZG-Leistungen ist online."
    assert messages.bundles(1, 3).bold == "1 von 3 OZG-Leistungen ist online."
    assert messages.bundles(None, 0).bold == "Für diese Auswahl liegen keine OZG-Leistungen vor."


def test_a_single_themenfeld_is_not_called_all_of_them() -> None:
    assert messages.fields_above(1, 1, 0.45) == "Das Themenfeld liegt über dem Soll von 45\u00a0%"
    assert messages.fields_above(0, 1, 0.45) == "Das Themenfeld liegt nicht über dem Soll von 45\u00a0%"


def test_titles_of_moves_and_lists_follow_the_count() -> None:
    assert messages.moves(0) == "Keine Leistung ist neu online"
    assert messages.moves(1) == "1 Leistung ist neu online"
    assert messages.moves(1102) == "1.102 Leistungen sind neu online"
    assert messages.almost(0) == "Keine Leistung steht kurz vor Reifegrad 3"
    assert messages.other_scale(0, 9, "Skala x").bold.startswith("Für diese Auswahl ist keine")
