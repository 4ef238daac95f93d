"""A reorganisation: figures stay under the old tree and can be read under another one, as far as they can.

On the first of January 2025 Tiefbau (FD66) took in Grünflächen (FD67), Soziales (FD50) became FD55, Schule
(FD40) was divided into FD41 and FD42, Ordnung (FD32) moved to another Dezernat, and FD90 was closed with
nobody to carry on its work.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import load_catalog
from metrics.query import query
from metrics.records import records
from metrics.result import Scope
from tests.small_city import Rows, small_city
from warehouse.errors import AccessError, ConfigError
from warehouse.store import Snapshot

CATALOG = load_catalog(None)
CITY = Scope.city()
DAY, EVE = date(2025, 1, 1), date(2024, 12, 31)
FOUNDED, TODAY = date(2020, 1, 1), date(2026, 6, 9)
NO = "nicht_uebertragbar"
DMS = "dms_workplace_share"

UNITS = [
    ("stadt", None, "stadt", FOUNDED, None),
    ("D1", "stadt", "dezernat", FOUNDED, None),
    ("D2", "stadt", "dezernat", FOUNDED, None),
    ("FD66", "D1", "fachdienst", FOUNDED, EVE),
    ("FD66", "D1", "fachdienst", DAY, None),
    ("FD67", "D2", "fachdienst", FOUNDED, EVE),
    ("FD50", "D2", "fachdienst", FOUNDED, EVE),
    ("FD55", "D2", "fachdienst", DAY, None),
    ("FD40", "D2", "fachdienst", FOUNDED, EVE),
    ("FD41", "D2", "fachdienst", DAY, None),
    ("FD42", "D2", "fachdienst", DAY, None),
    ("FD32", "D1", "fachdienst", FOUNDED, EVE),
    ("FD32", "D2", "fachdienst", DAY, None),
    ("FD90", "D1", "fachdienst", FOUNDED, EVE),
]
MAPPING = [("FD67", "FD66"), ("FD50", "FD55"), ("FD40", "FD41"), ("FD40", "FD42")]
# Workplaces before and after: powers of two, so that a sum says what it is made of.
BEFORE = {"FD66": 1, "FD67": 2, "FD50": 4, "FD40": 8, "FD32": 16, "FD90": 32}
AFTER = {"FD66": 64, "FD55": 128, "FD41": 256, "FD42": 512, "FD32": 1024}


def _units(lines: list[tuple[Any, ...]]) -> Rows:
    names = ("unit_id", "parent_id", "kind", "valid_from", "valid_to")
    return [{"name": line[0], "short": line[0], **dict(zip(names, line, strict=True))} for line in lines]


def _mapping(pairs: list[tuple[str, str]], day: date = DAY) -> list[dict[str, Any]]:
    return [{"from_unit_id": old, "to_unit_id": new, "valid_from": day} for old, new in pairs]


def _reports(month: date, places: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"org_unit_id": unit, "report_month": month, "workplaces": count, "workplaces_connected": 0}
        for unit, count in places.items()
    ]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    measures = [
        {"measure_id": unit, "org_unit_id": unit, "goal": 1, "kind": "eigen", "recorded_on": FOUNDED}
        for unit in ("FD66", "FD55", "FD41")
    ]
    rows: dict[str, Rows] = {
        "org_unit": _units(UNITS),
        "org_mapping": _mapping(MAPPING),
        "dms_unit": [*_reports(date(2024, 12, 1), BEFORE), *_reports(date(2026, 5, 1), AFTER)],
        "measure": measures,
    }
    return small_city(tmp_path_factory.mktemp("umbau"), rows)


def _places(snapshot: Snapshot, level: str, *, scope: Scope = CITY, **asked: Any) -> dict[str | None, Any]:
    cells = query(CATALOG, snapshot, DMS, scope=scope, by=[level], **asked).rows
    return {cell.keys[level]: cell.denominator for cell in cells}


def test_figures_of_the_past_keep_the_units_of_the_past(snapshot: Snapshot) -> None:
    assert _places(snapshot, "org_unit_id", at=EVE) == BEFORE


def test_under_the_new_tree_the_merged_add_up_and_the_divided_are_not_transferable(
    snapshot: Snapshot,
) -> None:
    assert _places(snapshot, "org_unit_id", at=EVE, org_as_of=TODAY) == {
        "FD66": 1 + 2,
        "FD55": 4,
        "FD32": 16,
        NO: 8 + 32,
    }


def test_under_the_new_tree_a_unit_that_moved_stands_in_its_new_dezernat(snapshot: Snapshot) -> None:
    assert _places(snapshot, "dezernat", at=EVE, org_as_of=TODAY) == {"D1": 1 + 2, "D2": 4 + 16, NO: 8 + 32}
    assert _places(snapshot, "dezernat", at=EVE, org_as_of=EVE) == {"D1": 1 + 16 + 32, "D2": 2 + 4 + 8}


def test_under_the_old_tree_parts_come_together_and_a_merged_unit_is_not_divided(snapshot: Snapshot) -> None:
    assert _places(snapshot, "org_unit_id", org_as_of=EVE) == {
        "FD50": 128,
        "FD40": 256 + 512,
        "FD32": 1024,
        NO: 64,
    }


def test_the_tree_of_today_changes_nothing_about_figures_of_today(snapshot: Snapshot) -> None:
    assert _places(snapshot, "org_unit_id", org_as_of=TODAY) == AFTER


def test_months_on_both_sides_of_the_reorganisation_stand_under_one_tree(snapshot: Snapshot) -> None:
    cells = query(
        CATALOG,
        snapshot,
        DMS,
        scope=CITY,
        by=["fachdienst", "period"],
        between=(date(2024, 12, 1), date(2026, 5, 31)),
        org_as_of=TODAY,
    ).rows
    merged = {cell.period: cell.denominator for cell in cells if cell.keys["fachdienst"] == "FD66"}
    assert (merged[date(2024, 12, 1)], merged[date(2026, 5, 1)]) == (3, 64)


def test_rows_that_name_the_unit_of_today_are_not_carried_over_twice(snapshot: Snapshot) -> None:
    """Measures know their unit of today even for the Stichtag of 2024: FD55 stays FD55 there."""

    def measures(on: date) -> dict[str | None, Any]:
        cells = query(
            CATALOG, snapshot, "measure_done_share", scope=CITY, by=["org_unit_id"], at=EVE, org_as_of=on
        ).rows
        return {cell.keys["org_unit_id"]: cell.denominator for cell in cells}

    assert measures(TODAY) == {"FD66": 1, "FD55": 1, "FD41": 1}
    assert measures(EVE) == {NO: 1, "FD50": 1, "FD40": 1}


@pytest.mark.parametrize("units", [("D1",), ("D2",), ("FD66",), ("FD67",), ("FD41",), ("FD50", "FD32"), ()])
@pytest.mark.parametrize("on", [EVE, TODAY])
@pytest.mark.parametrize("at", [EVE, TODAY])
def test_another_tree_shows_a_head_the_same_rows_as_the_tree_of_the_rights(
    snapshot: Snapshot, units: tuple[str, ...], on: date, at: date
) -> None:
    mine = Scope.of(*units)
    plain = _places(snapshot, "org_unit_id", scope=mine, at=at)
    other = _places(snapshot, "org_unit_id", scope=mine, at=at, org_as_of=on)
    assert sum(other.values()) == sum(plain.values())


def test_the_head_of_the_merged_unit_does_not_see_what_came_from_elsewhere(snapshot: Snapshot) -> None:
    """The rights say FD66; the former FD67 still stands under D2 in the tree of the rights."""
    assert _places(snapshot, "org_unit_id", scope=Scope.of("FD66"), at=EVE, org_as_of=TODAY) == {"FD66": 1}
    assert _places(snapshot, "dezernat", scope=Scope.of("D1"), at=EVE, org_as_of=TODAY) == {"D1": 1, NO: 32}


def test_a_unit_is_carried_over_only_when_all_that_makes_up_the_other_is(tmp_path: Path) -> None:
    """A gives a part to B: under the new tree B would be B and a part of A, which nobody can compute."""
    lines = [("A", None, "fachdienst", FOUNDED, None), ("B", None, "fachdienst", FOUNDED, None)]
    rows = {"org_unit": _units(lines), "org_mapping": _mapping([("A", "A"), ("A", "B")])}
    city = small_city(tmp_path, {**rows, "dms_unit": _reports(date(2024, 12, 1), {"A": 1, "B": 2})})
    assert _places(city, "org_unit_id", at=EVE, org_as_of=TODAY) == {NO: 3}
    assert _places(city, "org_unit_id", at=EVE, org_as_of=EVE) == {"A": 1, "B": 2}


def test_what_was_divided_and_put_together_again_can_be_carried_over(tmp_path: Path) -> None:
    lines = [
        ("A", None, "fachdienst", FOUNDED, EVE),
        ("B", None, "fachdienst", DAY, date(2025, 12, 31)),
        ("C", None, "fachdienst", DAY, date(2025, 12, 31)),
        ("D", None, "fachdienst", date(2026, 1, 1), None),
    ]
    again = _mapping([("B", "D"), ("C", "D")], date(2026, 1, 1))
    rows = {"org_unit": _units(lines), "org_mapping": [*_mapping([("A", "B"), ("A", "C")]), *again]}
    city = small_city(tmp_path, {**rows, "dms_unit": _reports(date(2024, 12, 1), {"A": 7})})
    assert _places(city, "org_unit_id", at=EVE, org_as_of=date(2025, 6, 1)) == {NO: 7}
    assert _places(city, "org_unit_id", at=EVE, org_as_of=TODAY) == {"D": 7}


def test_a_planned_reorganisation_can_be_tried_before_its_day(tmp_path: Path) -> None:
    ahead = date(2027, 1, 1)
    lines = [
        ("A", None, "fachdienst", FOUNDED, date(2026, 12, 31)),
        ("B", None, "fachdienst", FOUNDED, None),
    ]
    rows = {"org_unit": _units(lines), "org_mapping": _mapping([("A", "B")], ahead)}
    city = small_city(tmp_path, {**rows, "dms_unit": _reports(date(2026, 5, 1), {"A": 1, "B": 2})})
    assert _places(city, "org_unit_id", org_as_of=ahead) == {"B": 3}
    assert _places(city, "org_unit_id") == {"A": 1, "B": 2}


@pytest.mark.parametrize(
    ("metric_id", "asked"),
    [
        (DMS, {"by": []}),
        (DMS, {"by": ["org_unit_id"], "where": {"dezernat": "D1"}}),
        (DMS, {"by": ["org_unit_id"], "org_as_of": date(2019, 12, 31)}),
        ("ozg_bundle_online_share", {"by": ["themenfeld"]}),
    ],
)
def test_another_tree_is_refused_where_it_would_say_nothing_or_hide_something(
    snapshot: Snapshot, metric_id: str, asked: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError) as caught:
        query(CATALOG, snapshot, metric_id, **{"scope": CITY, "org_as_of": TODAY, **asked})
    assert caught.value.code == "other_tree"


def test_small_numbers_are_not_shown_under_another_tree(snapshot: Snapshot) -> None:
    guarded = [m for m in CATALOG.metrics.values() if m.definition.min_cell and m.definition.by_organisation]
    assert guarded
    for metric in guarded:
        with pytest.raises(AccessError) as caught:
            query(CATALOG, snapshot, metric.id, scope=CITY, by=["org_unit_id"], org_as_of=TODAY)
        assert caught.value.code == "protected"


def test_the_list_of_transitions_says_what_can_be_carried_over(snapshot: Snapshot) -> None:
    rows = records(CATALOG, snapshot, "org_mappings", scope=CITY).dicts()
    assert {(row["from_unit_id"], row["to_unit_id"]): row["uebertragbar"] for row in rows} == {
        ("FD67", "FD66"): True,
        ("FD50", "FD55"): True,
        ("FD40", "FD41"): False,
        ("FD40", "FD42"): False,
    }
