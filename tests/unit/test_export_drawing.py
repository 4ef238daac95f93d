"""Charts without a browser: the same marks as on the screen, at the place of their values, in valid SVG."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from dash import html
from defusedxml import ElementTree

from dashboard.export.facts import Facts
from dashboard.export.picture import svg_text
from dashboard.export.throttle import IN_WINDOW, WINDOW_S, BusyError, TooManyError, Turns
from dashboard.export.typeset import SHOWN, pdf_bytes, png_bytes, printable
from dashboard.export.view import Card, Picture
from dashboard.figures.chart import Chart
from dashboard.figures.diverging_units import diverging_units
from dashboard.figures.levels import LevelRow
from dashboard.figures.month_columns import Month, month_columns
from dashboard.figures.run_timeline import RunStep, run_timeline
from dashboard.figures.s_curve import Forecast, SCurve, s_curve
from dashboard.figures.share_bars import ShareRow, share_bars
from dashboard.figures.stacked_themenfeld import stacked_themenfeld
from dashboard.figures.step_bars import StepRow, step_bars
from dashboard.figures.still.axes import NotDrawableError
from dashboard.figures.still.drawing import draw
from dashboard.figures.still.words import plain
from dashboard.figures.waterfall import Step, waterfall

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)">&amp;#{x} "\'{{7*7}} {0.__class__} \x00\ufffe'
START = datetime(2026, 6, 9, 1, 15, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
LEVELS = tuple(LevelRow(name, {"0": 4, "1": 3, "2": 2, "3": 5, "4": 6}) for name in ("A", "B", "C"))
STEPS = (Step("Ansatz", 900, "plan"), Step("Ist", -400, "ist"), Step("verfügbar", 500, "verfuegbar"))


def _curve(title: str = "") -> Chart:
    points = [(date(2025, month, 1), month / 24) for month in range(1, 13)]
    goal = [(date(2025, 1, 1), 0.1), (date(2027, 12, 31), 0.8)]
    forecast = Forecast(date(2027, 12, 31), 0.6, 0.5, 0.7)
    events = [(date(2025, 6, 1), title or "Frist")]
    return s_curve(SCurve(points, goal, forecast, "Rückstand 8", "Soll 9", "Ist 5", events=events))


def _run() -> Chart:
    steps = [
        RunStep(f"{n}. Schritt", START + timedelta(minutes=n), START + timedelta(minutes=n + 1), "gut")
        for n in range(5)
    ]
    return run_timeline(steps, zone=ZONE, caption="Lauf")


def _months() -> Chart:
    found = [Month(date(2026, n, 1), plan_eur=80, ist_eur=70, forecast_eur=90) for n in (1, 2)]
    return month_columns(found, caption="Monate")


CHARTS: dict[str, tuple[Callable[[], Chart], int]] = {
    "stages": (lambda: stacked_themenfeld(LEVELS, soll=0.45), 3 * 5),
    "units": (lambda: diverging_units(LEVELS), 3 * 5),
    "steps": (lambda: step_bars([StepRow("A", 3, 10, 12), StepRow("B", 5, 90, 60)], caption="S"), 2),
    "waterfall": (lambda: waterfall(STEPS, caption="W"), 3),
    "run": (_run, 5),
    "months": (_months, 2 * 3),
    "shares": (lambda: share_bars([ShareRow("A", 2, 4), ShareRow("B", 1, 4)], first="F", noun="N"), 2 * 2),
}


def _drawn(chart: Chart, width: float = 760) -> str:
    return draw(chart.figure, width, chart.height).alone()


def _card(chart: Chart, title: str = "Titel") -> Card:
    picture = Picture(chart.figure, chart.height, chart.description)
    return Card(
        "k",
        title,
        title,
        (("ist", title), ("rg0", "Null")),
        (picture,),
        (chart.table,),
        title,
        (),
        html.Div(),
    )


def _facts(city: str = "Kleinstadt") -> Facts:
    return Facts(
        city, "Portal", "Seite", "/", (("Stichtag", "09.06.2026"),), date(2026, 6, 9), "09.06.2026", "L1",
        "S1", "K. Probe", START, ZONE, "Beispieldaten", cast("Any", SimpleNamespace(metrics={})),
    )  # fmt: skip


def _all(svg: str, kind: str, named: str) -> list[Any]:
    return [e for e in ElementTree.fromstring(svg).iter(f"{SVG}{kind}") if e.get("class") == named]


@pytest.mark.parametrize("name", CHARTS)
def test_a_drawing_has_as_many_bars_as_the_figure_has_values(name: str) -> None:
    make, count = CHARTS[name]
    assert len(_all(_drawn(make()), "rect", "bar")) == count


@pytest.mark.parametrize("name", sorted(set(CHARTS) - {"months"}))
def test_every_row_of_the_table_is_named_in_the_drawing(name: str) -> None:
    chart = CHARTS[name][0]()
    said = " ".join("".join(e.itertext()) for e in ElementTree.fromstring(_drawn(chart)).iter(f"{SVG}text"))
    for row in chart.table.rows:
        assert row[0].split(" ")[0][:3] in said


def test_bars_are_as_long_as_their_values() -> None:
    bars = _all(_drawn(CHARTS["steps"][0]()), "rect", "bar")
    three, five = (float(bar.get("width")) for bar in bars)
    assert three / five == pytest.approx(3 / 5, abs=0.01)


def test_stacked_parts_touch_and_fill_the_row() -> None:
    rows: dict[str, list[tuple[float, float]]] = {}
    for bar in _all(_drawn(CHARTS["stages"][0]()), "rect", "bar"):
        rows.setdefault(bar.get("y"), []).append((float(bar.get("x")), float(bar.get("width"))))
    assert len(rows) == 3
    for parts in rows.values():
        for (x, wide), (after, _) in zip(sorted(parts), sorted(parts)[1:], strict=False):
            assert x + wide == pytest.approx(after, abs=0.2)


def test_a_curve_has_ist_soll_forecast_its_band_and_its_points() -> None:
    svg = _drawn(_curve())
    assert len(_all(svg, "polyline", "curve")) == 4, "Soll, Ist, Prognose and the gap of today"
    assert len(_all(svg, "polygon", "area")) == 1
    dashed = [e.get("stroke-dasharray") for e in _all(svg, "polyline", "curve")]
    assert {"9 7", "3 3"} <= set(dashed)
    assert len(_all(svg, "circle", "mark")) == 2
    assert len(_all(svg, "polygon", "mark")) == 1, "the goal is an open diamond"


def test_the_ist_ends_where_its_value_says() -> None:
    (ist,) = (e for e in _all(_drawn(_curve()), "polyline", "curve") if e.get("stroke-width") == "3")
    ys = [float(pair.split(",")[1]) for pair in ist.get("points").split()]
    assert ys == sorted(ys, reverse=True), "a rising share climbs"


def test_forecasts_are_hatched_in_light_colours_only() -> None:
    svg = _drawn(CHARTS["months"][0]())
    assert "<pattern" in svg and "url(#" in svg
    assert "#1A1D30" not in svg.upper(), "the dark scheme never leaves the screen"


@pytest.mark.parametrize(
    "figure",
    [
        {"data": [{"type": "heatmap", "z": [[1]]}], "layout": {}},
        {"data": [], "layout": {"xaxis": {"type": "log"}}},
        {"data": [], "layout": {"xaxis2": {}}},
    ],
)
def test_a_figure_with_unknown_marks_is_refused_rather_than_drawn_by_half(figure: dict[str, Any]) -> None:
    with pytest.raises(NotDrawableError):
        draw(figure, 700, 300)


def test_a_narrow_place_gets_the_narrow_figure() -> None:
    assert "OZG erfüllt" in _drawn(diverging_units(LEVELS), 760)
    assert "OZG erfüllt" not in _drawn(diverging_units(LEVELS), 400)


def test_a_picture_burns_in_title_subtitle_legend_foot_and_source() -> None:
    svg = svg_text(_card(_curve(), "Ende 2027 fehlen 25 Prozentpunkte"), _facts())
    said = "".join(ElementTree.fromstring(svg).itertext())
    for words in (
        "Ende 2027 fehlen",
        "Null",
        "Kleinstadt",
        "Datenstand 09.06.2026",
        "Beispieldaten",
        "Stichtag",
    ):
        assert words in said
    root = ElementTree.fromstring(svg)
    assert root.find(f"{SVG}title").text == "Ende 2027 fehlen 25 Prozentpunkte"
    assert root.find(f"{SVG}desc").text.startswith("Liniendiagramm")
    assert "data:font/woff2;base64," in svg and "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_i5_i10_texts_of_sources_are_text_in_svg_and_nothing_else() -> None:
    chart = stacked_themenfeld([LevelRow(EVIL, {"0": 1, "3": 2})], soll=0.5)
    svg = svg_text(_card(chart, EVIL), _facts(EVIL))
    kinds = {e.tag.removeprefix(SVG) for e in ElementTree.fromstring(svg).iter()}
    assert kinds <= {
        "svg",
        "title",
        "desc",
        "defs",
        "style",
        "pattern",
        "rect",
        "g",
        "line",
        "text",
        "tspan",
        "circle",
    }
    assert "{{7*7}} {0.__class__}" in "".join(ElementTree.fromstring(svg).itertext())
    attributes = {name for e in ElementTree.fromstring(svg).iter() for name in e.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]


def test_a_png_has_twice_the_pixels() -> None:
    svg = svg_text(_card(_curve()), _facts(), fonts=False)
    png = png_bytes(svg, "Titel")
    high = float(re.search(r'height="(\d+)"', svg).group(1))  # type: ignore[union-attr]
    wide_px, high_px = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert png.startswith(b"\x89PNG")
    assert (wide_px, high_px) == (pytest.approx(1520, abs=2), pytest.approx(2 * high, abs=3))


def test_i10_typesetting_takes_texts_of_sources_as_text() -> None:
    evil = '#panic("x") #import "/etc/passwd" $x$ *fett* @ref <label> \\ ' + EVIL
    block = {"art": "text", "text": evil, "look": ""}
    table = {"art": "tabelle", "titel": evil, "koepfe": [[evil, "left"]], "zeilen": [[evil]], "summe": None}
    content = {
        "titel": evil, "seite": evil, "stadt": evil, "satz_fett": evil, "satz": evil, "filter": evil,
        "stand": evil, "beispiel": evil, "fuss": evil, "anlage": [],
        "bloecke": [{"art": "bereich", "titel": evil}, block, table],
    }  # fmt: skip
    assert pdf_bytes(content).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["".join(sorted(SHOWN)), "\U0001f600 日本 x\u0301 \ue000 \x07 \u200b"])
def test_no_sign_of_a_source_can_stop_the_paper(text: str) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9"><text font-family="Fira Sans">'
        f"{plain(text)}</text></svg>"
    )
    image = {"art": "bild", "svg": svg, "alt": text, "breite": 90, "hoehe": 9}
    content = {
        "titel": text, "seite": "", "stadt": "", "satz_fett": "", "satz": text, "filter": "", "stand": "",
        "beispiel": "", "fuss": "", "bloecke": [image], "anlage": [],
    }  # fmt: skip
    assert pdf_bytes(content).startswith(b"%PDF")


def test_signs_without_a_font_are_marked_and_composed_ones_kept() -> None:
    assert printable({"a": ["u\u0308ber 日"], "n": 3}) == {"a": ["über \ufffd"], "n": 3}


def test_two_work_at_once_and_the_third_waits_its_turn() -> None:
    turns = Turns(at_once=2, queue_s=0.01)
    with turns.turn("a"), turns.turn("b"), pytest.raises(BusyError), turns.turn("c"):
        pass
    with turns.turn("c"):
        pass


def test_a_session_is_slowed_down_alone_and_only_for_a_while() -> None:
    now = [0.0]
    turns = Turns(clock=lambda: now[0])
    for _ in range(IN_WINDOW):
        with turns.turn("viel"):
            pass
    with pytest.raises(TooManyError) as caught, turns.turn("viel"):
        pass
    assert caught.value.wait_s == WINDOW_S
    with turns.turn("andere"):
        pass
    now[0] = WINDOW_S
    with turns.turn("viel"):
        pass
