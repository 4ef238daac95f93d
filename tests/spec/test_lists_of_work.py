"""Record lists behind effects, deadlines, council items and rankings, on cases computed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from metrics.catalog import load_catalog
from metrics.records import records
from metrics.result import Scope
from tests.small_city import Rows, small_city

CATALOG = load_catalog(None)
TODAY = date(2026, 6, 9)
RANKING = """
title = "TOP 2"
decided = "Liste 03/2025"
valid_from = 2025-03-01
places = 2
[criteria.demand]
title = "Nachfrage"
weight = {demand}
[criteria.gain]
title = "Prozessgewinn"
weight = {gain}
"""


def read(
    folder: Path,
    rows: dict[str, Rows],
    name: str,
    scope: Scope | None = None,
    files: dict[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Rows of a list of a small town."""
    for path, text in (files or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    snapshot = small_city(folder, rows, city=folder if files else None)
    found = records(CATALOG, snapshot, name, scope=scope or Scope.city())
    return [dict(row) for row in found.dicts()]


@pytest.mark.parametrize("name", sorted(CATALOG.lists))
def test_every_record_list_can_be_read_from_an_empty_town(name: str, tmp_path: Path) -> None:
    read(tmp_path, {}, name)


def scored(service: str, criterion: str, points: int, on: date = date(2025, 3, 1)) -> dict[str, Any]:
    names = {"ranking_id": "top", "object_id": service, "criterion": criterion, "assessed_on": on}
    return {**names, "points": Decimal(points), "method": "erhoben"}


def service(name: str, unit: str) -> dict[str, Any]:
    return {"service_id": name, "bezeichnung": name, "org_unit_id": unit, "zustaendigkeit": "eigen"}


SCORES: Rows = [
    scored("A", "demand", 90),
    scored("A", "gain", 30),
    scored("B", "demand", 50),
    scored("B", "gain", 80),
    scored("C", "demand", 100),
    scored("D", "demand", 10, date(2024, 1, 1)),
    scored("D", "demand", 60),
    scored("D", "gain", 60),
    scored("D", "gain", 99, date(2026, 7, 1)),
]
SERVICES: Rows = [service(n, u) for n, u in (("A", "FD10"), ("B", "FD20"), ("C", "FD32"), ("D", "FD32"))]


def places(folder: Path, demand: int, gain: int, scope: Scope | None = None) -> dict[str, Any]:
    folder.mkdir()
    text = RANKING.format(demand=demand, gain=gain)
    rows = {"ranking_score": SCORES, "service": SERVICES}
    found = read(folder, rows, "ranking_places", scope, {"rankings/top.toml": text})
    return {row["object_id"]: (row["place"], row["points"], row["is_named"]) for row in found}


def test_a_ranking_is_weights_times_points_and_follows_changed_weights(tmp_path: Path) -> None:
    # 3 : 1 — A (270 + 30) / 4 = 75, D (180 + 60) / 4 = 60, B (150 + 80) / 4 = 57.5. C lacks a criterion.
    assert places(tmp_path / "one", 3, 1) == {
        "A": (1, Decimal("75"), True),
        "D": (2, Decimal("60"), True),
        "B": (3, Decimal("57.5"), False),
        "C": (None, None, False),
    }
    # 1 : 3 — B 72.5, D 60, A 45.
    found = places(tmp_path / "two", 1, 3)
    assert {name: place for name, (place, *_) in found.items()} == {"B": 1, "D": 2, "A": 3, "C": None}


def test_a_person_of_one_unit_sees_the_place_within_the_whole_city(tmp_path: Path) -> None:
    assert {n: p[0] for n, p in places(tmp_path / "one", 3, 1, Scope.of("D2")).items()} == {"C": None, "D": 2}


COUNCIL: Rows = [
    {
        "item_id": item, "kind": "antrag", "title": item, "paper_no": "AN/0001/25", "org_unit_id": "FD10",
        "submitted_on": date(2025, 6, 1), "status": "in_bearbeitung", "outcome": outcome,
    }
    for item, outcome in (("R1", "angenommen"), ("R2", "angenommen"), ("R3", "abgelehnt"), ("R4", None))
]  # fmt: skip


def named(item: str, stated: date, precision: str, due: date, kind: str = "bis") -> dict[str, Any]:
    return {
        "about": "ratsauftrag", "object_id": item, "stated_on": stated, "source": f"Quelle {stated}",
        "kind": kind, "precision": precision, "due_on": due,
    }  # fmt: skip


def test_a_vague_deadline_ends_with_its_period_and_every_deadline_keeps_its_source(tmp_path: Path) -> None:
    deadlines: Rows = [
        named("R1", date(2025, 7, 1), "quartal", date(2026, 4, 1)),
        named("R2", date(2025, 7, 1), "quartal", date(2026, 4, 1)),
        named("R2", date(2026, 1, 1), "quartal", date(2026, 2, 14)),
        named("R3", date(2025, 7, 1), "tag", date(2025, 9, 1)),
    ]
    found = {
        row["item_id"]: row
        for row in read(tmp_path, {"council_item": COUNCIL, "deadline": deadlines}, "council_items")
    }
    assert (found["R1"]["due_end"], found["R1"]["is_overdue"]) == (date(2026, 6, 30), False)
    assert (found["R2"]["due_end"], found["R2"]["is_overdue"]) == (date(2026, 3, 31), True)
    assert (found["R2"]["due_source"], found["R2"]["deadlines"]) == ("Quelle 2026-01-01", 2)
    assert found["R3"]["is_overdue"] is False, "what was refused is not overdue"
    assert (found["R4"]["due_kind"], found["R4"]["is_overdue"]) == (None, False)


@pytest.mark.parametrize(
    ("precision", "due", "end"),
    [
        ("tag", date(2026, 2, 14), date(2026, 2, 14)),
        ("monat", date(2028, 2, 1), date(2028, 2, 29)),
        ("quartal", date(2026, 10, 1), date(2026, 12, 31)),
        ("quartal", date(2026, 3, 31), date(2026, 3, 31)),
        ("halbjahr", date(2026, 6, 30), date(2026, 6, 30)),
        ("halbjahr", date(2026, 7, 1), date(2026, 12, 31)),
        ("jahr", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_last_day_of_every_precision(tmp_path: Path, precision: str, due: date, end: date) -> None:
    rows: dict[str, Rows] = {
        "council_item": COUNCIL[:1],
        "deadline": [named("R1", date(2025, 7, 1), precision, due, "fortlaufend_bis")],
    }
    (found,) = read(tmp_path, rows, "council_items")
    assert (found["due_end"], found["due_kind"], found["due_precision"]) == (
        end,
        "fortlaufend_bis",
        precision,
    )


def test_a_parameter_without_value_is_listed_as_missing(tmp_path: Path) -> None:
    text = '[km_per_trip]\nvalues = [{ value = 7.5, valid_from = 2021-01-01, source = "Annahme" }]\n'
    rows = {
        row["parameter_id"]: row for row in read(tmp_path, {}, "parameters", None, {"parameters.toml": text})
    }
    assert (rows["km_per_trip"]["amount"], rows["km_per_trip"]["source"]) == (Decimal("7.5"), "Annahme")
    missing = rows["co2_g_per_km"]
    assert (missing["amount"], missing["source"], missing["title"]) == (
        None,
        None,
        "CO₂ je Kilometer eines Weges",
    )
