"""One figure is the same everywhere: tile, band, chart table, command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.browser.chromium import Desk, Person

_TABLE = """
chart => {
  const card = document.querySelector(`[data-chart="${chart}"]`);
  if (!card.querySelector('table')) card.querySelector('.table-button').click();
  return [...card.querySelectorAll('tbody tr, tfoot tr')].map(r => [...r.children].map(c => c.textContent));
}
"""


@pytest.fixture(scope="module")
def person(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung") as someone:
        yield someone


def _tile(person: Person, number: str) -> str:
    person.open("/")
    text: str = person.page.locator(".tile:visible", has_text=number).inner_text()
    return text.replace("\xa0", " ")


def _table(person: Person, path: str, chart: str) -> list[list[str]]:
    rows: list[list[str]] = person.open(path).evaluate(_TABLE, chart)
    return [[cell.replace("\xa0", " ") for cell in row] for row in rows]


def _german(value: Any, digits: int = 0, scale: int = 1) -> str:
    """Write a number as German offices do; on purpose not with the product's own formats."""
    rounded = (Decimal(str(value)) * scale).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    whole, _, part = f"{abs(rounded):f}".partition(".")
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", whole)
    return ("−" if rounded < 0 else "") + grouped + ("," + part if part else "")


def test_services_online_are_the_same_in_tile_band_curve_and_query(person: Person) -> None:
    row = person.portal.figure("ozg_online_share")
    share, pair = (
        _german(row["value"], 1, 100),
        f"{_german(row['numerator'])} von {_german(row['denominator'])}",
    )
    tile = _tile(person, "OZG-01")
    assert f"{share} %" in tile and pair in tile
    table = _table(person, "/ozg-fortschritt", "ozg-verlauf")
    today = next(r for r in table if r[0] == "09.06.2026")
    assert today[1] == f"{share} %"
    band = person.page.locator(".band").first.inner_text().replace("\xa0", " ")
    assert re.sub(r"\s+", " ", band).count(pair) == 1 and f"{share} %" in band


def test_end_to_end_services_are_the_same_in_tile_sentence_and_query(person: Person) -> None:
    share = _german(person.portal.figure("ozg_end_to_end_share")["value"], 1, 100)
    assert f"{share} %" in _tile(person, "RG-02")
    lead = person.open("/reifegrad").inner_text(".page-head").replace("\xa0", " ")
    assert f"{share} % laufen Ende-zu-Ende" in lead


def test_the_balance_of_the_budget_is_the_same_in_tile_waterfall_table_and_query(person: Person) -> None:
    money = _german(person.portal.figure("budget_forecast_balance_eur", "produkt=111240")["value"])
    assert money in _tile(person, "BUD-01")
    table = _table(person, "/budget", "budget-wasserfall")
    assert table[-1][1].startswith(money)
    total = person.page.locator("#inhalt table tfoot tr").first.inner_text()
    assert money in total


def test_available_money_is_the_same_in_sentence_waterfall_table_and_query(person: Person) -> None:
    where = ("produkt=111240", "plan_art=ergebnisplan", "haushaltsjahr=2026")
    money = _german(person.portal.figure("budget_available_eur", *where)["value"])
    table = _table(person, "/budget", "budget-wasserfall")
    assert next(r for r in table if r[0] == "verfügbar")[1].startswith(money)
    assert f"{money} € sind verfügbar" in person.page.inner_text(".page-head").replace("\xa0", " ")
    assert money in person.page.locator("#inhalt table tfoot tr").first.inner_text()


def test_overdue_measures_are_the_same_in_tile_origin_panel_and_query(person: Person) -> None:
    row = person.portal.figure("measure_overdue_share")
    pair = f"{_german(row['numerator'])} von {_german(row['denominator'])}"
    share = f"{_german(row['value'], 1, 100)} %"
    tile = re.sub(r"\s+", " ", _tile(person, "MAS-02"))
    assert pair in tile and share in tile
    person.do(person.page.locator(".tile:visible", has_text="MAS-02").locator("a[data-origin]").click)
    panel = person.page.inner_text(".drawer").replace("\xa0", " ")
    assert share in panel or pair in re.sub(r"\s+", " ", panel)


def test_the_columns_of_reifegrad_add_up_to_the_services_of_the_tile(person: Person) -> None:
    row = person.portal.figure("ozg_online_share")
    table = _table(person, "/reifegrad", "reifegrad-stufen")
    numbers = [int(re.sub(r"\D", "", r[2])) for r in table if r[0][:1].isdigit()]
    assert sum(numbers) == row["denominator"] and sum(numbers[3:]) == row["numerator"]
