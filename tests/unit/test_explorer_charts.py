"""The explorer's charts: what is in the pivot is drawn, what is hidden leaves no trace, limits are said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from dash.development.base_component import Component
from defusedxml import ElementTree

from dashboard import formats, theme
from dashboard.cockpits.einheiten import Units
from dashboard.explorer.axis import complete
from dashboard.explorer.chart import PARTLY_OPEN, chart_view, suggestion
from dashboard.explorer.chart_rule import Kind, refusal
from dashboard.explorer.drawable import MOST_LINKS, Sheet
from dashboard.explorer.drawing import drawn
from dashboard.explorer.state import State
from dashboard.explorer.words import Words
from dashboard.export.facts import Facts
from dashboard.export.picture import svg_text
from dashboard.export.tree import words as spoken
from dashboard.export.typeset import png_bytes
from dashboard.export.view import Card, exportable, read_card
from dashboard.figures.datum import Datum, Line, Noticed, round_steps
from dashboard.figures.point_cloud import MOST_POINTS
from dashboard.figures.still.drawing import fitted
from dashboard.figures.tiles import MOST_TILES
from dashboard.markup import Written, written
from metrics.explore.catalog import Dataset, Field
from metrics.explore.question import Measure, Path, PivotQuestion
from metrics.explore.result import CellKey, Head, MeasureInfo, Pivot, PivotCell

THEMES = ("Bauen & Wohnen", "Familie", "Umwelt <b>")
LEVELS = ("0", "1", "2")
COUNT = MeasureInfo(Measure("cases", "numerator"), "Leistungen", "Leistungen", "count", 0, "sum", "cases")
SHARE = MeasureInfo(Measure("quota"), "Online-Quote", "Online-Quote", "percent", 1, "share", "quota")
MONEY = MeasureInfo(Measure("money"), "Ansatz", "Ansatz", "eur", 0, "sum", "money")
DATA = Dataset(
    "bestand:proben", "bestand", "Proben", ("cases", "quota", "money"),
    (
        Field("themenfeld", "text"), Field("step", "text"), Field("month", "time", "time"),
        Field("fachdienst", "unit", "organisation"),
    ),
    (COUNT, SHARE, MONEY),
)  # fmt: skip
PROTECTED = SimpleNamespace(definition=SimpleNamespace(least_cases=0, protect=None, min_cell=5))
CATALOG: Any = SimpleNamespace(metrics=dict.fromkeys(("cases", "quota", "money"), PROTECTED), populations={})
WORDS = Words(CATALOG, DATA, Units({}, {}, {}, {}))
SECRET = 987_654_321
HIDDEN = PivotCell("suppressed", reason="geschützt")
KINDS: tuple[Kind, ...] = ("balken", "gestapelt", "linie", "kacheln", "punkte")


def pivot(
    cells: dict[CellKey, PivotCell],
    *,
    rows: tuple[str, ...] = ("themenfeld",),
    columns: tuple[str, ...] = (),
    measures: tuple[MeasureInfo, ...] = (COUNT,),
    **asked: Any,
) -> Pivot:
    question = PivotQuestion(
        DATA.id, tuple(info.measure for info in measures), rows=rows, columns=columns, **asked
    )
    return Pivot(
        question, _heads([key[0] for key in cells]), _heads([key[1] for key in cells]), measures, cells,
        "s1", date(2026, 6, 9), datetime(2026, 6, 9, tzinfo=UTC), (), "beispiel",
    )  # fmt: skip


def _heads(paths: list[Path]) -> tuple[Head, ...]:
    every = dict.fromkeys(paths)
    return (*(Head(path) for path in every if path), Head(()))


def value(number: float, **more: Any) -> PivotCell:
    return PivotCell("value", number, number, **more)


def by_theme(*numbers: PivotCell, **more: Any) -> Pivot:
    cells: dict[CellKey, PivotCell] = {
        ((name,), (), 0): cell for name, cell in zip(THEMES, numbers, strict=True)
    }
    return pivot({**cells, ((), (), 0): value(9_999)}, **more)


def two_fields(hidden: PivotCell = HIDDEN, **more: Any) -> Pivot:
    """Three Themenfelder against three steps with their totals; the cell in the middle is hidden."""
    cells: dict[CellKey, PivotCell] = {}
    for at, name in enumerate(THEMES):
        for step in LEVELS:
            cells[(name,), (step,), 0] = value(10 * at + int(step) + 1)
        cells[(name,), (), 0] = value(5_000)
    cells[(THEMES[1],), ("1",), 0] = hidden
    cells[(), (), 0] = value(9_999)
    return pivot(cells, columns=("step",), **more)


def courses(hidden: PivotCell = HIDDEN, **more: Any) -> Pivot:
    """January, February and April of two Themenfelder; March is missing, February of one hidden."""
    cells: dict[CellKey, PivotCell] = {}
    for at, name in enumerate(THEMES[:2]):
        for number, month in enumerate(("2026-01", "2026-02", "2026-04")):
            cells[(name,), (month,), 0] = value(0.1 * (at + 1) + 0.01 * number)
        cells[(name,), (), 0] = value(0.9)
    cells[(THEMES[0],), ("2026-02",), 0] = hidden
    return pivot(cells, columns=("month",), measures=(SHARE,), **more)


def points(hidden: PivotCell = HIDDEN, count: int = 6) -> Pivot:
    cells: dict[CellKey, PivotCell] = {}
    for at in range(count):
        cells[(f"Feld {at}",), (), 0] = value(0.1 + at / count / 2)
        cells[(f"Feld {at}",), (), 1] = value(1_000 * (at + 1))
    cells[("Feld 1",), (), 1] = hidden
    return pivot(cells, measures=(SHARE, MONEY))


def sample(kind: Kind, hidden: PivotCell = HIDDEN) -> Pivot:
    if kind == "balken":
        return by_theme(value(30), hidden, value(10))
    if kind == "linie":
        return courses(hidden)
    return points(hidden) if kind == "punkte" else two_fields(hidden)


def draw(kind: Kind, shown: Pivot) -> Noticed:
    assert refusal(kind, shown, WORDS) is None
    return drawn(kind, Sheet.of(shown, WORDS, State(shown.question)))


def traces(result: Noticed) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", result.chart.figure["data"])


def notes(result: Noticed) -> list[str]:
    return [note["text"] for note in result.chart.figure["layout"]["annotations"]]


def view(kind: str, shown: Pivot) -> Component:
    return chart_view(State(shown.question, view="diagramm", chart=kind), shown, WORDS)


def card_of(kind: str, shown: Pivot) -> Card:
    found = exportable([view(kind, shown)])
    ((key, node),) = found.items()
    return read_card(key, node)


FACTS = Facts(
    "Kleinstadt", "Portal", "Explorer", "/explorer", (), date(2026, 6, 9), "09.06.2026", "L1", "S1", "K. P.",
    datetime(2026, 6, 9, tzinfo=UTC), ZoneInfo("Europe/Berlin"), "Beispieldaten", CATALOG,
)  # fmt: skip


# What is in the pivot is drawn.


def test_bars_are_as_long_as_their_values_in_the_order_of_the_pivot_and_without_the_total() -> None:
    result = draw("balken", by_theme(value(30), value(-15), value(60)))
    (bars,) = traces(result)
    assert bars["y"] == [0, 1, 2]
    assert [length / bars["x"][0] for length in bars["x"]] == pytest.approx([1, -0.5, 2])
    assert [row[:2] for row in result.chart.table.rows] == [
        (THEMES[0], "30"), (THEMES[1], "−15"), (THEMES[2], "60"),
    ]  # fmt: skip
    assert result.chart.figure["layout"]["yaxis"]["ticktext"][2] == "Umwelt &lt;b&gt;"


def one_group_opened() -> Pivot:
    cells: dict[CellKey, PivotCell] = {
        (("Bauen",), (), 0): value(30),
        (("Bauen", "a"), (), 0): value(10),
        (("Bauen", "b"), (), 0): value(20),
        (("Umwelt",), (), 0): value(5),
    }
    return pivot(cells, rows=("themenfeld", "step"), open_paths=frozenset({("Bauen",)}))


def test_parts_of_one_opened_group_never_stand_beside_groups_that_are_closed() -> None:
    shown = one_group_opened()
    result = draw("balken", shown)
    assert [row[0] for row in result.chart.table.rows] == ["Bauen", "Umwelt"]
    assert PARTLY_OPEN in spoken(view("balken", shown))
    refused = refusal("gestapelt", shown, WORDS)
    assert refused is not None and refused.opens, "a bar without parts would look like one without values"


def test_groups_that_are_all_opened_are_drawn_as_their_parts_and_not_beside_them() -> None:
    cells = {**one_group_opened().cells, (("Umwelt", "c"), (), 0): value(5)}
    shown = pivot(cells, rows=("themenfeld", "step"))
    assert [row[0] for row in draw("balken", shown).chart.table.rows] == ["a", "b", "c"]
    assert PARTLY_OPEN not in spoken(view("balken", shown))
    assert refusal("gestapelt", shown, WORDS) is None


def test_members_of_the_same_name_are_told_apart_by_their_group() -> None:
    cells: dict[CellKey, PivotCell] = {
        (("Bauen", "a"), (), 0): value(10), (("Umwelt", "a"), (), 0): value(5),
    }  # fmt: skip
    result = draw("balken", pivot(cells, rows=("themenfeld", "step")))
    assert [row[0] for row in result.chart.table.rows] == ["Bauen · a", "Umwelt · a"]


def test_several_measures_stand_in_lanes_of_their_own_scale_and_columns_on_one_scale() -> None:
    cells: dict[CellKey, PivotCell] = {
        ((THEMES[at],), (), measure): value(amount)
        for at, pair in enumerate(((100, 1), (50, 2)))
        for measure, amount in enumerate(pair)
    }
    counts, money = traces(draw("balken", pivot(cells, measures=(COUNT, MONEY))))
    assert counts["x"][1] / counts["x"][0] == pytest.approx(0.5)
    assert money["x"][1] / money["x"][0] == pytest.approx(2)
    first, _, third = traces(draw("balken", two_fields(value(12))))
    assert third["x"][2] / first["x"][0] == pytest.approx(23)


def test_what_figures_are_compared_with_lies_behind_them_and_in_the_table() -> None:
    shown = by_theme(value(30, base=60), value(20), value(10, base=5), against="previous_year")
    result = draw("balken", shown)
    behind, bars = traces(result)
    assert [length / bars["x"][0] for length in behind["x"]] == pytest.approx([2, 5 / 30])
    assert behind["y"] == [0, 2]
    assert [row[2] for row in result.chart.table.rows] == ["60", "–", "5"]
    assert ("vj", "Vorjahr") in result.legend


def test_stacked_parts_have_the_lengths_of_their_values() -> None:
    result = draw("gestapelt", two_fields(value(12)))
    assert [trace["x"] for trace in traces(result)] == [[1, 11, 21], [2, 12, 22], [3, 13, 23]]
    assert result.chart.table.rows[1] == (THEMES[1], "11", "12", "13")
    assert "36" in notes(result)


def test_shares_of_a_row_are_stacked_to_one_hundred_percent() -> None:
    cells: dict[CellKey, PivotCell] = {
        ((THEMES[0],), (step,), 0): PivotCell("value", amount, amount / 40)
        for step, amount in zip(LEVELS, (10, 10, 20), strict=True)
    }
    result = draw("gestapelt", pivot(cells, columns=("step",), show="row_share"))
    assert [trace["x"][0] for trace in traces(result)] == [0.25, 0.25, 0.5]
    assert result.chart.figure["layout"]["xaxis"]["range"] == [0, 1]
    assert result.chart.table.rows == ((THEMES[0], "25,0\u00a0%", "25,0\u00a0%", "50,0\u00a0%"),)


def test_a_missing_month_is_a_gap_and_never_zero() -> None:
    result = draw("linie", courses())
    one, other = traces(result)
    assert one["y"] == [0.1, None, None, pytest.approx(0.12)]
    assert other["y"] == [0.2, pytest.approx(0.21), None, pytest.approx(0.22)]
    assert one["connectgaps"] is False
    assert [row[0] for row in result.chart.table.rows] == ["Jan. 2026", "Feb. 2026", "März 2026", "Apr. 2026"]
    assert result.chart.table.rows[2] == ("März 2026", "–", "–")
    assert result.chart.table.rows[1] == ("Feb. 2026", "<\u00a05", "21,0\u00a0%")


@pytest.mark.parametrize(
    ("name", "periods", "every"),
    [
        ("year", ["2023", "2025"], ["2023", "2024", "2025"]),
        ("quarter", ["2025-Q3", "2026-Q1"], ["2025-Q3", "2025-Q4", "2026-Q1"]),
        ("month", ["2025-11", "2026-01"], ["2025-11", "2025-12", "2026-01"]),
        ("year", ["0001", "9999"], ["0001", "9999"]),
        ("month", [], []),
        ("month", ["ohne"], ["ohne"]),
    ],
)
def test_periods_are_complete_from_the_first_to_the_last(
    name: str, periods: list[str], every: list[str]
) -> None:
    assert complete(name, periods) == every


def test_tiles_share_one_axis() -> None:
    first, _, third = traces(draw("kacheln", two_fields(value(12))))
    assert third["y"][2] / first["y"][0] == pytest.approx(23)
    (course,) = traces(draw("kacheln", courses()))
    rises = [high for high in course["y"] if high is not None]
    # Two points of the first tile (one is hidden, one month missing), three of the second.
    assert len(rises) == 5
    assert (rises[3] - rises[2]) == pytest.approx((rises[1] - rises[0]) / 2)


def test_points_lie_where_both_measures_say() -> None:
    result = draw("punkte", points(value(2_000)))
    (cloud,) = traces(result)
    assert cloud["x"] == pytest.approx([0.1 + at / 12 for at in range(6)])
    assert cloud["y"] == [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]
    assert result.chart.table.rows[0] == ("Feld 0", "10,0\u00a0%", "1.000\u00a0€")
    assert cloud["hovertext"][0] == "<b>Feld 0</b><br>Online-Quote: 10,0\u00a0%<br>Ansatz: 1.000\u00a0€"


def test_stages_of_the_reifegrad_keep_their_notation_and_are_never_joined() -> None:
    stages = ("0", "1", "2", "3", "4", None)
    cells: dict[CellKey, PivotCell] = {
        (("Bauen",), (stage,), 0): value(10 * (at + 1)) for at, stage in enumerate(stages)
    }
    shown = pivot(cells, columns=("bucket",))
    rated = replace(WORDS, data=replace(DATA, choose={"reifegrad_modell": "ozg_1_1"}))
    kinds: tuple[Kind, ...] = ("gestapelt", "kacheln")
    for kind in kinds:
        result = drawn(kind, Sheet.of(shown, rated, State(shown.question)))
        swatches = ["rg0", "rg1", "rg2", "rg3", "rg4", "rg-ohne"]
        assert [swatch for swatch, _ in result.legend] == swatches
        assert [trace["marker"]["color"] for trace in traces(result)[:5]] == [
            theme.HELL[s] for s in swatches[:5]
        ]
    other = replace(shown, question=replace(shown.question, choose={"reifegrad_modell": "ozg_2_0"}))
    legend = drawn("gestapelt", Sheet.of(other, rated, State(other.question))).legend
    assert legend[-1] == ("uebrige", "Übrige")


# What is hidden leaves no trace.


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_figure_changes_nothing_whatever_it_is(kind: Kind) -> None:
    def carried(secret: float) -> Noticed:
        cell = PivotCell("suppressed", secret, secret, secret, secret, secret, 0.5, "geschützt")
        return draw(kind, sample(kind, cell))

    large, small, bare = (carried(SECRET), carried(-3), draw(kind, sample(kind)))
    assert large == small == bare
    assert str(SECRET) not in json.dumps(large.chart.figure)


@pytest.mark.parametrize("kind", ["balken", "gestapelt", "linie", "kacheln"])
def test_a_hidden_figure_is_its_mark_in_the_drawing_and_in_the_table(kind: Kind) -> None:
    result = draw(kind, sample(kind))
    assert any("&lt;\u00a05" in text for text in notes(result))
    assert any("<\u00a05" in row for row in result.chart.table.rows)
    assert any(words.startswith("<\u00a05: aus Datenschutzgründen") for words in result.notices)


@pytest.mark.parametrize("kind", KINDS)
def test_no_link_leads_to_a_hidden_cell(kind: Kind) -> None:
    result = draw(kind, sample(kind))
    ways = json.dumps([t.get("customdata") for t in traces(result)]) + json.dumps(
        dict(result.chart.table.links)
    )
    hidden = {"balken": "Familie;;0", "linie": "Wohnen;2026-02;0", "punkte": "Feld+1;;1"}.get(
        kind, "Familie;1;0"
    )
    assert "/explorer?" in ways
    assert hidden not in ways


def test_a_mark_stands_at_the_same_place_for_every_hidden_figure() -> None:
    result = draw("linie", courses())
    marks = [n for n in result.chart.figure["layout"]["annotations"] if n["text"] == "&lt;\u00a05"]
    assert [(mark["x"], mark["y"]) for mark in marks] == [(1, 0.0)]


def test_a_point_with_a_hidden_figure_is_left_out_and_said() -> None:
    result = draw("punkte", points())
    assert len(traces(result)[0]["x"]) == 5
    assert "1 Zeile ist nicht gezeichnet, weil eine Zahl geschützt ist." in result.notices


def test_a_hidden_figure_with_a_value_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="hidden"):
        Datum(value=3, hidden=True)


def test_a_refused_figure_is_left_out_with_its_reason() -> None:
    refused = PivotCell("refused", reason="Diese Kennzahl kennt das Merkmal nicht.")
    result = draw("balken", by_theme(value(30), refused, value(10)))
    assert [row[0] for row in result.chart.table.rows] == [THEMES[0], THEMES[2]]
    assert "1 Wert ist nicht gezeichnet: Diese Kennzahl kennt das Merkmal nicht." in result.notices


# Limits are kept and said.


def test_at_most_two_thousand_points_are_drawn_and_said() -> None:
    result = draw("punkte", points(value(1), count=MOST_POINTS + 7))
    assert len(traces(result)[0]["x"]) == MOST_POINTS
    assert any(f"{MOST_POINTS} von {MOST_POINTS + 7} Punkten" in words for words in result.notices)


def _wide(members: int, info: MeasureInfo, rows: int = 2) -> Pivot:
    cells: dict[CellKey, PivotCell] = {
        ((f"Zeile {row}",), (f"Teil {at}",), 0): value((at + 1) / 100)
        for row in range(rows)
        for at in range(members)
    }
    return pivot(cells, columns=("step",), measures=(info,))


def test_at_most_twenty_four_tiles_are_drawn_and_said() -> None:
    result = draw("kacheln", _wide(2, SHARE, rows=MOST_TILES + 3))
    assert len(traces(result)[0]["x"]) == MOST_TILES
    assert any(f"ersten {MOST_TILES} von {MOST_TILES + 3} Kacheln" in words for words in result.notices)
    assert len(result.chart.table.rows) == MOST_TILES + 3


def test_beyond_five_parts_the_smaller_ones_become_uebrige() -> None:
    result = draw("gestapelt", _wide(8, COUNT))
    assert [words for _, words in result.legend] == [*(f"Teil {at}" for at in range(3, 8)), "Übrige"]
    assert [trace["x"][0] for trace in traces(result)] == pytest.approx([0.04, 0.05, 0.06, 0.07, 0.08, 0.06])
    assert traces(result)[-1]["marker"]["color"] == theme.HELL["uebrige"]
    assert len(result.chart.table.columns) == 9
    assert any("„Übrige“" in words for words in result.notices)


def test_what_does_not_add_up_is_cut_and_never_joined() -> None:
    result = draw("kacheln", _wide(8, SHARE))
    assert [words for _, words in result.legend] == [f"Teil {at}" for at in range(5)]
    assert any("stehen in der Tabelle" in words for words in result.notices)
    assert "Übrige" not in json.dumps(result.chart.figure, ensure_ascii=False)


def test_a_period_that_is_not_over_ends_a_line_with_a_hollow_point() -> None:
    whole, partial = draw("linie", courses()), draw("linie", replace(courses(), unfinished="2026-04"))
    assert len(traces(whole)) == 2 and not any("Hohler Punkt" in told for told in whole.notices)
    _, line, point = traces(partial)[:3]
    assert (line["y"][-1], point["y"]) == (None, traces(whole)[0]["y"][-1:])
    assert point["marker"]["color"] != line["marker"]["color"] == point["marker"]["line"]["color"]
    assert any("Hohler Punkt" in told for told in partial.notices)
    earlier = draw("linie", replace(courses(), unfinished="2026-05"))
    assert len(traces(earlier)) == 2


def _many_courses(info: MeasureInfo) -> Pivot:
    cells: dict[CellKey, PivotCell] = {
        ((f"Reihe {at}",), (f"2026-0{month}",), 0): value(at + month) for at in range(7) for month in (1, 2)
    }
    return pivot(cells, columns=("month",), measures=(info,))


def test_lines_beyond_five_are_joined_only_where_figures_add_up() -> None:
    counts, shares = draw("linie", _many_courses(COUNT)), draw("linie", _many_courses(SHARE))
    assert [len(traces(counts)), len(traces(shares))] == [6, 5]
    assert traces(counts)[-1]["y"] == [5 + 6 + 2, 5 + 6 + 4]
    assert "„Übrige“" in counts.notices[0] and "nicht addieren" in shares.notices[0]


def test_uebrige_is_hidden_as_soon_as_one_of_its_parts_is() -> None:
    shown = _many_courses(COUNT)
    cells = {**shown.cells, (("Reihe 6",), ("2026-01",), 0): HIDDEN}
    assert traces(draw("linie", replace(shown, cells=cells)))[-1]["y"] == [None, 15]


def test_bars_beyond_forty_stand_in_the_table() -> None:
    cells: dict[CellKey, PivotCell] = {((f"Zeile {at}",), (), 0): value(at) for at in range(45)}
    result = draw("balken", pivot(cells))
    assert len(traces(result)[0]["x"]) == 40
    assert len(result.chart.table.rows) == 45
    assert "Gezeichnet sind die ersten 40 von 45 Zeilen; alle stehen in der Tabelle." in result.notices


def test_a_chart_of_very_many_cells_stays_small_and_its_rows_still_lead_on() -> None:
    few, many = draw("kacheln", _wide(3, SHARE)), draw("kacheln", _wide(3, SHARE, rows=MOST_LINKS))
    assert all(traces(few)[0]["customdata"]) and not any(traces(many)[0]["customdata"])
    result = draw("balken", by_theme(value(1), value(2), value(3)))
    assert set(result.chart.table.links) == set(THEMES)


# Refusals and suggestions.


@pytest.mark.parametrize(
    ("kind", "shown", "reason"),
    [
        ("gestapelt", two_fields(measures=(SHARE,)), "lässt sich nicht stapeln"),
        ("gestapelt", by_theme(value(1), value(2), value(3)), "braucht es zwei Felder"),
        ("gestapelt", two_fields(value(-5)), "Werte unter null"),
        ("gestapelt", two_fields(show="difference", against="previous_year"), "Differenzen"),
        ("linie", two_fields(), "fehlt die Zeit"),
        ("kacheln", by_theme(value(1), value(2), value(3)), "brauchen zwei Felder"),
        ("punkte", two_fields(), "brauchen zwei Werte"),
        ("balken", pivot({((), (), 0): value(1)}, rows=()), "nur eine Zahl"),
    ],
)
def test_a_chart_that_makes_no_sense_is_refused_with_its_reason(
    kind: Kind, shown: Pivot, reason: str
) -> None:
    found = refusal(kind, shown, WORDS)
    assert found is not None and reason in found.reason
    assert found.reason in spoken(view(kind, shown))


def test_a_hidden_figure_below_zero_decides_nothing() -> None:
    assert refusal("gestapelt", two_fields(PivotCell("suppressed", -7, -7)), WORDS) is None


def test_closed_rows_can_be_opened_for_tiles() -> None:
    shown = by_theme(value(1), value(2), value(3), rows=("themenfeld", "step"))
    found = refusal("kacheln", shown, WORDS)
    assert found is not None and found.opens
    assert "Alle Zeilen aufklappen" in spoken(view("kacheln", shown))


def test_two_opened_row_fields_are_drawn_against_each_other() -> None:
    cells: dict[CellKey, PivotCell] = {}
    for at, name in enumerate(THEMES):
        cells[(name,), (), 0] = value(500)
        for step in LEVELS:
            cells[(name, step), (), 0] = value(10 * at + int(step) + 1)
    result = draw("gestapelt", pivot(cells, rows=("themenfeld", "step")))
    assert [trace["x"] for trace in traces(result)] == [[1, 11, 21], [2, 12, 22], [3, 13, 23]]


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        (by_theme(value(1), value(2), value(3)), "balken"),
        (two_fields(), "gestapelt"),
        (courses(), "linie"),
        (points(), "punkte"),
        (two_fields(measures=(SHARE,)), "kacheln"),
        (by_theme(value(1), value(2), value(3), rows=("themenfeld", "step")), "balken"),
    ],
)
def test_the_fitting_chart_is_drawn_with_the_reason_it_was_suggested(shown: Pivot, kind: Kind) -> None:
    found, why = suggestion(shown, WORDS)
    assert found == kind
    assert refusal(found, shown, WORDS) is None
    assert why in spoken(view("", shown))


# Every chart is one of the house's.


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_has_a_sentence_a_table_and_both_schemes(kind: Kind) -> None:
    chart = draw(kind, sample(kind)).chart
    json.dumps(chart.figure, allow_nan=False)
    assert chart.description.endswith(".")
    assert {len(row) for row in chart.table.rows} == {len(chart.table.columns)}
    changes = chart.figure["layout"]["meta"]["dunkel"]
    assert changes
    assert all(any(after.endswith(color) for color in theme.DUNKEL.values()) for _, after in changes)


@pytest.mark.parametrize("kind", KINDS)
def test_a_narrow_card_shows_the_same_figures(kind: Kind) -> None:
    figure = draw(kind, sample(kind)).chart.figure
    narrow = fitted(figure, 290)
    assert [len(t["x"]) for t in narrow["data"]] == [len(t["x"]) for t in figure["data"]]
    if kind == "balken":
        one, other = narrow["data"][0]["x"]
        assert one / other == pytest.approx(3)


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_is_exported_with_its_table_and_what_was_left_out(kind: Kind) -> None:
    shown = sample(kind)
    card = card_of(kind, shown)
    svg = svg_text(card, FACTS, fonts=False)
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    table = draw(kind, shown).chart.table
    assert [(found.columns, found.rows) for found in card.tables] == [(table.columns, table.rows)]
    assert "geschützt" in card.foot or "Datenschutzgründen" in card.foot
    assert card.metrics


def test_a_chart_becomes_a_png() -> None:
    card = card_of("gestapelt", two_fields())
    assert png_bytes(svg_text(card, FACTS, fonts=False), card.title).startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", KINDS)
def test_the_view_is_written_as_text_without_the_renderer(kind: Kind) -> None:
    page = written(view(kind, sample(kind)))
    assert isinstance(page, Written)
    assert page.html.count('aria-current="true"') >= 1
    assert len(page.figures) == 1


def test_an_answer_without_any_figure_says_so() -> None:
    empty = pivot({((), (), 0): PivotCell("empty")})
    assert "Keine Werte für diese Auswahl." in spoken(view("balken", empty))


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [
        (0, 10, [0, 2.5, 5, 7.5, 10]),
        (-0.4, 0.5, [-0.25, 0, 0.25, 0.5]),
        (90, 98, [90, 92, 94, 96, 98]),
        (-6, -2, [-6, -5, -4, -3, -2]),
    ],
)
def test_ticks_are_round_and_hold_zero(low: float, high: float, steps: list[float]) -> None:
    assert round_steps(low, high) == pytest.approx(steps)


def test_marks_of_a_line_are_those_of_hidden_figures() -> None:
    line = Line("a", (Datum(1.0, "1", "1"), Datum.protected("< 5"), Datum()))
    assert (line.known, line.marks) == ([1.0], ["< 5"])
    assert line.data[2].text == formats.MISSING
