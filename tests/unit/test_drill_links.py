"""Addresses of the drill path come back as what they were made of, and carry nobody's rights."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from dashboard.chosen import choice_params, read, read_choice, written
from dashboard.drill_link import drill_address, list_address, read_key, record_address, unit_params

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
