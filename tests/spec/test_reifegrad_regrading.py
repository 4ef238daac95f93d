"""The catalogue of the example city under another model: what the ruler moved and what the town did.

Until a Monday in March the services are graded in model 1.1 and get better in it. On that day all of them are
graded anew in model 2.0, by a look of its own; from then on only 2.0 is kept, and services go on improving.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from dashboard.demo.catalog import read_offered
from dashboard.demo.city import SEED
from dashboard.demo.reifegrad import MODEL, Assessment, Timelines
from metrics.catalog import load_catalog
from metrics.query import query
from metrics.records import records
from metrics.result import MetricResult, Scope
from tests.small_city import small_city
from warehouse.store import Snapshot

CITY = Scope.city()
CATALOG = load_catalog(None)
REGRADED, TODAY = date(2026, 3, 2), date(2026, 6, 9)
NEW_LEVEL = {0: 0, 1: 1, 2: 1, 3: 2, 4: 5}
"""The stricter look of 2.0 in this case: a level 3 of model 1.1 does not meet the threshold any more."""

Life = list[Assessment]


@pytest.fixture(scope="module")
def lives() -> dict[str, Life]:
    """Assessments in model 1.1 of every own service, as they would have gone on without a new ruler."""
    own = [service for service in read_offered() if service.zustaendigkeit == "eigen"]
    found: dict[str, Life] = {service.key: [] for service in own}
    for item in Timelines(own, SEED).until(TODAY):
        if item.model == MODEL:
            found[item.key].append(item)
    return found


def _row(item: Assessment, model: str, level: int, day: date) -> dict[str, Any]:
    return {
        "service_id": item.key,
        "reifegrad_modell": model,
        "reifegrad": level,
        "end_to_end": item.end_to_end,
        "assessed_on": day,
        "method": item.method,
    }


def _assessments(life: Life) -> list[dict[str, Any]]:
    before = [item for item in life if item.on < REGRADED]
    after = [item for item in life if item.on >= REGRADED]
    anew = [_row(before[-1], "ozg_2_0", NEW_LEVEL[before[-1].level], REGRADED)] if before else []
    return [
        *(_row(item, MODEL, item.level, item.on) for item in before),
        *anew,
        *(_row(item, "ozg_2_0", NEW_LEVEL[item.level], item.on) for item in after if item.on > REGRADED),
    ]


@pytest.fixture(scope="module")
def snapshot(lives: dict[str, Life], tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    service = {"org_unit_id": "FD10", "themenfeld": "Bauen", "zustaendigkeit": "eigen", "bezeichnung": "x"}
    rows = {
        "service": [service | {"service_id": key, "valid_from": date(2021, 7, 1)} for key in lives],
        "assessment": [row for life in lives.values() for row in _assessments(life)],
    }
    return small_city(tmp_path_factory.mktemp("spill"), rows, business_date=TODAY)


def _changes(snapshot: Snapshot, model: str, first: date, last: date, *by: str) -> dict[Any, int]:
    result: MetricResult = query(
        CATALOG,
        snapshot,
        "reifegrad_change_count",
        scope=CITY,
        by=("aenderung", *by),
        where={"reifegrad_modell": model},
        between=(first, last),
    )
    return {tuple(cell.keys.values()): int(cell.value or 0) for cell in result.rows}


def _moves(lives: dict[str, Life], first: date, last: date, level: dict[int, int]) -> Counter[str]:
    """The same by hand: each later assessment in a window against the one before, both on one scale."""
    found: Counter[str] = Counter()
    for life in lives.values():
        for past, now in pairwise(life):
            if first <= now.on <= last:
                step = level[now.level] - level[past.level]
                found["verbessert" if step > 0 else "verschlechtert" if step < 0 else "bestaetigt"] += 1
    return found


def test_progress_before_the_new_ruler_is_progress(lives: dict[str, Life], snapshot: Snapshot) -> None:
    window = (date(2025, 7, 1), date(2026, 2, 28))
    found = _changes(snapshot, MODEL, *window)
    by_hand = _moves(lives, *window, {level: level for level in range(5)})
    assert by_hand["verbessert"] > 20
    assert {kind: count for (kind,), count in found.items() if kind != "erstmals"} == dict(by_hand)


def test_the_day_of_the_new_ruler_improves_nothing_and_worsens_nothing(
    lives: dict[str, Life], snapshot: Snapshot
) -> None:
    graded = [life for life in lives.values() if life and life[0].on < REGRADED]
    found = _changes(snapshot, "ozg_2_0", date(2026, 3, 1), date(2026, 3, 31))
    assert found["neu_bewertet",] == len(graded) > 1200
    march = (date(2026, 3, 3), date(2026, 3, 31))
    assert found.get(("verbessert",), 0) == _moves(lives, *march, NEW_LEVEL)["verbessert"]
    assert found.get(("verschlechtert",), 0) == _moves(lives, *march, NEW_LEVEL)["verschlechtert"]


def test_progress_after_it_is_measured_with_the_new_ruler_alone(
    lives: dict[str, Life], snapshot: Snapshot
) -> None:
    window = (date(2026, 4, 1), date(2026, 5, 31))
    found = _changes(snapshot, "ozg_2_0", *window)
    by_hand = _moves(lives, *window, NEW_LEVEL)
    assert by_hand["verbessert"] > 5
    assert {kind: count for (kind,), count in found.items() if kind != "erstmals"} == dict(by_hand)
    assert _changes(snapshot, MODEL, *window) == {}


def test_the_crosswalk_says_which_new_levels_it_explains(lives: dict[str, Life], snapshot: Snapshot) -> None:
    last = [[item.level for item in life if item.on < REGRADED][-1:] for life in lives.values()]
    levels = Counter(level for found in last for level in found)
    march = _changes(snapshot, "ozg_2_0", date(2026, 3, 1), date(2026, 3, 31), "umrechnung")
    assert {key[1]: count for key, count in march.items() if key[0] == "neu_bewertet"} == {
        "nicht_uebertragbar": levels[0] + levels[1] + levels[2],
        "darunter": levels[3],
        "passt": levels[4],
    }


def test_the_list_names_each_service_that_was_graded_anew(lives: dict[str, Life], snapshot: Snapshot) -> None:
    where = {"aenderung": "neu_bewertet"}
    found = records(CATALOG, snapshot, "reifegrad_changes", scope=CITY, where=where, limit=10_000)
    assert {row["service_id"] for row in found.dicts()} == {
        key for key, life in lives.items() if life and life[0].on < REGRADED
    }
    assert {(row["from_modell"], row["reifegrad_modell"]) for row in found.dicts()} == {(MODEL, "ozg_2_0")}
