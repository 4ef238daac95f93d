"""A hidden figure on pages: a word in its place, nothing in length, colour, order or text that tells it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dash.development.base_component import Component

from dashboard.cli.figure_table import columns
from dashboard.cockpits.kennzahlen import present_value
from dashboard.cockpits.steckbrief import sheet
from dashboard.components.key_figure import course, key_figure
from dashboard.components.origin import Origin, origin_drawer
from dashboard.components.tile import compact_list, tile
from metrics.catalog import Catalog, Metric, load_catalog
from metrics.result import Cell, MetricResult

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = date(2025, 1, 1)
HIDDEN = Cell(YEAR, {}, None, suppressed=True)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(None)


@pytest.fixture
def metric(catalog: Catalog) -> Metric:
    return catalog.metric("case_long_count")


def _answer(*cells: Cell, by: tuple[str, ...] = ()) -> MetricResult:
    return MetricResult(
        metric_id="case_long_count", rows=cells, by=by, between=None, snapshot="s",
        business_date=date(2026, 6, 9), as_of=datetime(2026, 6, 9, 1, 15, tzinfo=UTC), stale_sources=(),
        coverage=None, nature="beispiel",
    )  # fmt: skip


def _words(component: Any) -> str:
    """Everything a component sends to the browser, attributes included."""
    if isinstance(component, Component):
        return json.dumps(component.to_plotly_json(), default=_words, ensure_ascii=False)
    return json.dumps([_words(item) for item in component]) if isinstance(component, list) else str(component)


def test_k6_a_hidden_figure_of_a_protected_table_is_a_word_without_bar_or_rating(metric: Metric) -> None:
    figure = key_figure(_answer(HIDDEN), metric.definition, zone=BERLIN)
    assert (figure.value, figure.unit, figure.bar, figure.rating) == ("geschützt", "", None, "neu")
    assert figure.reference == "aus Datenschutzgründen nicht ausgewiesen"


def test_k6_a_figure_hidden_to_protect_another_looks_like_one_hidden_for_its_own_sake(
    metric: Metric,
) -> None:
    """„< 5“ beside a word would tell an attacker which cells are small."""
    large = replace(HIDDEN, keys={"channel": "online"})
    small = replace(HIDDEN, keys={"channel": "telefon"})
    answer = _answer(large, small, by=("channel",))
    (values,) = [column.texts for column in columns(metric.definition, answer) if column.head == "Wert"]
    assert values == ["geschützt", "geschützt"]


def test_k6_without_protected_tables_the_total_says_its_limit(metric: Metric) -> None:
    alone = metric.definition.model_copy(update={"protect": None})
    assert key_figure(_answer(HIDDEN), alone, zone=BERLIN).value == "<\u00a05"


@pytest.mark.parametrize("value", [None, 777_123])
def test_k6_tile_list_and_drawer_send_no_figure_to_the_browser(metric: Metric, value: int | None) -> None:
    """Even a careless cell that still holds its value shows none of it."""
    careless = Cell(YEAR, {}, value, numerator=value, n=value, suppressed=True)
    answer = _answer(careless)
    figure = key_figure(answer, metric.definition, zone=BERLIN)
    sent = _words(tile(figure, origin_href="/?zahl=x")) + _words(compact_list([(figure, None)]))
    origin = Origin(answer, metric.definition, None, BERLIN)
    sent += _words(origin_drawer(origin, close_href="/"))
    assert "777123" not in sent and "777.123" not in sent
    assert "geschützt" in sent


def test_k6_a_course_leaves_hidden_months_out(metric: Metric) -> None:
    rows = [Cell(date(2024, 1, 1), {}, 40), HIDDEN]
    shown = course(_answer(*rows, by=("period",)), metric.definition)
    assert shown.values == (40, None) and "noch keine Werte" in shown.sentence


def test_k6_the_list_of_figures_says_protected_and_why(metric: Metric) -> None:
    value = present_value(metric, lambda _: _answer(HIDDEN), lambda _: "09.06.2026")
    assert (value.text, value.rating, value.note) == (
        "geschützt", "neu", "aus Datenschutzgründen nicht ausgewiesen",
    )  # fmt: skip


def test_the_sheet_of_a_protected_figure_names_its_published_cuts(catalog: Catalog, metric: Metric) -> None:
    facts = dict(sheet(metric, catalog, (), (), today=None, zone=BERLIN).facts)
    assert facts["Zeitbezug"] == "Summe eines Jahres"
    assert facts["Kleine Zahlen"].startswith("unter 5 Fällen nicht ausgewiesen, auch nicht, was")
    assert "Veröffentlicht: ganze Stadt; " in facts["Kleine Zahlen"] and " × " in facts["Kleine Zahlen"]
