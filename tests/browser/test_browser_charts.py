"""Every chart has a name, one sentence, and a table with the values of its figure; axe sees none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from dashboard.page import discover_pages
from tests.browser.chromium import Desk, Person
from tests.browser.examine import nameless_drawings, table_faults

COCKPITS = (
    "/",
    "/ozg-fortschritt",
    "/ozg-fortschritt?art=buendel",
    "/reifegrad",
    "/budget",
    "/budget?plan_art=finanzplan",
    "/wirkungen",
    "/ressourcen",
    "/dms-rollout",
    "/massnahmen",
    "/massnahmen?ansicht=fahrplan",
    "/datenquellen",
    "/cockpit/bauantraege",
    "/cockpit/buergerservice",
)
# Pages on which no chart is drawn today: one that gets a chart is examined all the same.
OTHERS = (
    *sorted({item.page.path for item in discover_pages()} - set(COCKPITS)),
    "/aufgliederung/ozg_online_share",
    "/aufgliederung/reifegrad_distribution?nach=fachdienst",
    "/modelle?modell=ozg_fortschritt",
    "/kennzahlen?kennzahl=ozg_online_share",
)
# A table may print 0,393 as 39,3 %, 62.016 € as 62 T€, and 3.082 ms as 3,1 seconds.
SCALES = (1.0, 0.01, 1000.0)
Column = list[tuple[float, float] | None]
Series = tuple[list[float], ...]
_NUMBER = re.compile(r"[−-]?\d[\d.]*(?:,(\d+))?")
_FIGURES = """
() => [...document.querySelectorAll('.js-plotly-plot')].map(graph => {
  const figure = graph.closest('figure');
  const named = id => (document.getElementById(figure.getAttribute(id)) || {}).textContent || '';
  return {
    card: graph.closest('[data-chart]').dataset.chart,
    name: named('aria-labelledby'),
    sentence: named('aria-describedby'),
    hidden: Boolean(graph.closest('[aria-hidden=true]')),
    traces: graph.data.map(t => ({
      values: [...(t.orientation === 'h' ? t.x : t.y)], text: [...(t.text || [])],
      base: t.orientation === 'h' ? [] : [...(t.base || [])], fill: t.fill || '',
    })),
  };
})
"""
# Every card with a drawing, also the small ones of a town cockpit that the server draws.
_CARDS = """
() => [...document.querySelectorAll('figure.chart, figure:has(.chart-drawing)')].map(figure => {
  const named = id => (document.getElementById(figure.getAttribute(id)) || {}).textContent || '';
  return { card: figure.closest('[data-chart]').dataset.chart, name: named('aria-labelledby'),
    sentence: named('aria-describedby') };
})
"""
_PRESS = "() => document.querySelectorAll('.table-button').forEach(b => b.click())"
_TABLES = """
() => Object.fromEntries([...document.querySelectorAll('[data-chart]:has(table)')].map(c => [
  c.dataset.chart,
  { caption: c.querySelector('caption').textContent,
    heads: [...c.querySelectorAll('thead th')].map(h => h.scope),
    rows: [...c.querySelectorAll('tbody tr, tfoot tr')].map(r => [...r.children].map(d => d.textContent)) },
]))
"""


@pytest.fixture(scope="module")
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("controlling") as someone:
        yield someone


@pytest.mark.parametrize("path", [*COCKPITS, *OTHERS])
def test_each_chart_is_named_described_and_has_a_table_with_its_values(person: Person, path: str) -> None:
    page = person.open(path)
    figures: list[dict[str, Any]] = page.evaluate(_FIGURES)
    cards: list[dict[str, str]] = page.evaluate(_CARDS)
    assert bool(cards) == (path in COCKPITS), (
        "a cockpit without a chart, or a chart on a page not listed above"
    )
    assert {figure["card"] for figure in figures} <= {card["card"] for card in cards}
    page.evaluate(_PRESS)
    assert table_faults(page) + nameless_drawings(page) == []
    tables = page.evaluate(_TABLES)
    for figure in figures:
        chart = figure["card"]
        assert figure["name"].strip(), f"{chart} has no name"
        assert re.search(r"\d|ohne Werte", figure["sentence"]), (
            f"{chart}: no number in „{figure['sentence']}“"
        )
        assert figure["hidden"], f"{chart}: the drawing itself is read out"
        table = tables[chart]
        assert table["caption"].strip() and set(table["heads"]) == {"col"}, chart
        missing = [s for s in series(figure["traces"]) if not in_a_column(s, table["rows"])]
        assert not missing, f"{chart}: not in its table: {missing}\n{table['rows']}"
    for card in cards:
        assert card["name"].strip() and re.search(r"\d|ohne Werte", card["sentence"]), card
        assert tables[card["card"]]["rows"], f"{card['card']} has no table"
    page.evaluate(_PRESS)


def series(traces: Sequence[dict[str, Any]]) -> list[Series]:
    """Return each series of a figure as drawn values, printed numbers, and ends of stacked bars.

    Traces of one bar each (every bar with a look of its own) are one series. Points that only mark the
    end of another trace, the outline of a band and a frame of 100 % carry no value of their own.
    """
    drawn = [t for t in traces if not t["fill"]]
    single = [t for t in drawn if len(t["values"]) == 1]
    found = [t for t in drawn if len(t["values"]) > 2 and set(t["values"]) != {1}]
    if len(single) > 3:
        found.append({"values": [t["values"][0] for t in single], "text": [], "base": []})
    return [(_values(t["values"]), _printed(t["text"]), _tops(t)) for t in found]


def _values(values: Sequence[Any]) -> list[float]:
    """Return values without the zeros that stand for „no bar here“."""
    return [abs(float(v)) for v in values if isinstance(v, int | float) and v]


def _tops(trace: dict[str, Any]) -> list[float]:
    """Return where stacked bars end: the part still open of a month ends at the month's forecast."""
    pairs = zip(trace["values"], trace["base"], strict=False)
    return [float(value) + float(base) for value, base in pairs if value]


def _printed(texts: Sequence[str]) -> list[float]:
    return [abs(number) for text in texts if (parsed := parse(text)) for number in [parsed[0]]]


def parse(text: str) -> tuple[float, float] | None:
    """Return the first number of a German text and half of its last digit."""
    found = _NUMBER.search(text)
    if not found:
        return None
    number = float(found[0].replace(".", "").replace(",", ".").replace("−", "-"))
    return number, 0.5 * 10 ** -len(found[1] or "")


def in_a_column(wanted: Series, rows: Sequence[Sequence[str]]) -> bool:
    """True when one column, or the share two columns make, holds the series in its order."""
    plain = [[parse(row[i]) for row in rows if len(row) > i] for i in range(1, max(map(len, rows)))]
    columns = [*plain, *(_shares(part, whole) for part in plain for whole in plain if part is not whole)]
    return not any(wanted) or any(
        _in_order(values, column, scale)
        for values in wanted
        if values
        for column in columns
        for scale in SCALES
    )


def _shares(part: Column, whole: Column) -> Column:
    """Return the shares of two columns of whole numbers; a bar in percent with counts in its table."""
    return [
        (a[0] / b[0], 1e-9) if a and b and b[0] and a[1] == b[1] == 0.5 else None
        for a, b in zip(part, whole, strict=False)
    ]


def _in_order(values: Sequence[float], column: Column, scale: float) -> bool:
    rest = iter([cell for cell in column if cell])
    return all(
        any(abs(value - abs(number) * scale) <= half * scale * 1.001 for number, half in rest)
        for value in values
    )


def test_the_comparison_notices_a_wrong_and_a_misplaced_value() -> None:
    rows = [["Jan", "62,0 %"], ["Feb", "71,5 %"], ["Mär", "–"]]
    assert in_a_column(([0.62, 0.7149],), rows)
    assert not in_a_column(([0.62, 0.7161],), rows)
    assert not in_a_column(([0.7149, 0.62],), rows)
