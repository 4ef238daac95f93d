"""Addresses of the drill path come back as what they were made of, and carry nobody's rights."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from dashboard.chosen import choice_params, read, read_choice, written
from dashboard.components.address import origin_address
from dashboard.components.drill_rows import breakdown_of
from dashboard.drill_link import drill_address, list_address, read_key, record_address, unit_params
from dashboard.figures.chart import Chart, TableData, columns, in_order, linked

STRANGE = ("a|b", "!", "~", "a/b", "100 %", "ä ö", "a=b&c", "#x", "..", "%2F", "", "＊")


@pytest.mark.parametrize("value", [None, "~", "~~x", "ohne", *STRANGE])
def test_a_value_comes_back_from_an_address(value: str | None) -> None:
    assert read(written(value)) == value


def test_several_values_of_a_column_are_numbered_and_keep_their_order() -> None:
    where = {"reifegrad": ["3", "4", None], "kind": "ozg"}
    params = choice_params(where)
    assert params == {"reifegrad": "3", "reifegrad~2": "4", "reifegrad~3": "~", "kind": "ozg"}
    assert read_choice(params, {"reifegrad", "kind"}) == {"reifegrad": ("3", "4", None), "kind": ("ozg",)}
    assert read_choice({**params, "fremd": "x", "kind~0": "y", "kind~x": "z"}, {"kind"}) == {"kind": ("ozg",)}


@pytest.mark.parametrize("value", STRANGE)
def test_a_key_of_any_signs_names_exactly_one_record(value: str) -> None:
    href = record_address("liste", [value, None, 7, True, date(2026, 6, 9)])
    assert href is not None
    segment = href.rsplit("/", 1)[1]
    assert href.count("/") == 3, "a slash in a key never makes another path"
    assert read_key(unquote(segment)) == (value, None, "7", "true", "2026-06-09")


def test_a_key_too_long_for_an_address_has_none() -> None:
    assert record_address("liste", ["x" * 401]) is None


def test_the_deepest_unit_stands_in_the_address() -> None:
    assert unit_params({"dezernat": "DEZ4", "fachdienst": "FD61"}) == {"einheit": "FD61"}
    assert unit_params({"dezernat": "DEZ4", "fachdienst": None}) == {"einheit": "DEZ4", "direkt": "ja"}
    assert unit_params({"dezernat": None}) == {"einheit": "~"}


def test_an_address_carries_filters_and_the_day() -> None:
    href = drill_address("m", {"fachdienst": "FD61", "themenfeld": "Bauen & Wohnen"}, at=date(2026, 3, 31))
    assert urlsplit(href).path == "/aufgliederung/m"
    query = dict(parse_qsl(urlsplit(href).query))
    assert query == {"einheit": "FD61", "themenfeld": "Bauen & Wohnen", "stichtag": "2026-03-31"}
    assert list_address("services", {}) == "/datensaetze/services"


def test_a_unit_is_named_the_same_whatever_the_answer_calls_its_column() -> None:
    assert drill_address("x", {"org_unit_id": "FD10"}) == drill_address("x", {"fachdienst": "FD10"})
    assert list_address("x", {"org_unit_id": "FD10", "art": "a"}) == "/datensaetze/x?einheit=FD10&art=a"


def test_a_breakdown_takes_figure_cut_and_day_from_the_question_for_its_origin() -> None:
    where = {"fachdienst": "FD63", "themenfeld": "Bauen & Wohnen"}
    origin = origin_address(
        "/ozg-fortschritt", {"themenfeld": "x"}, "ozg_online_share", where, at=date(2026, 3, 31)
    )
    assert breakdown_of(origin) == drill_address("ozg_online_share", where, at=date(2026, 3, 31))
    assert breakdown_of(None) is None and breakdown_of("/budget?produkt=1") is None


def test_marks_and_rows_lead_to_the_same_address_and_rows_without_one_to_none() -> None:
    rows = (("A", "1"), ("B", "2"), ("C", "3"))
    table = TableData("t", columns("Name", "Wert"), rows)
    chart = Chart({"layout": {"meta": {"dunkel": []}}}, "s", table, 100, in_order("y", ["A", "B", "C"]))
    found = linked(chart, {"A": "/a", "C": "/c", "fremd": "/x"})
    assert found.table.links == {"A": "/a", "C": "/c"}
    assert found.figure["layout"]["meta"] == {
        "dunkel": [],
        "wege": {"achse": "y", "orte": [[0, "/a"], [1, ""], [2, "/c"]]},
    }
    assert "wege" not in chart.figure["layout"]["meta"], "charts are shared and stay as they are"
