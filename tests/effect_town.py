"""Random effects, effort, training and council items for the laws that hold for every figure."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.small_city import Rows

CHANNELS = ("online", "post", "telefon")
PROCEDURES = ("wohngeld", "bauantrag")
PARAMETERS = {
    "trips_per_online_application": 0.5,
    "km_per_trip": 9,
    "co2_g_per_km": 160,
    "co2_g_per_sheet": 4.8,
    "wage_eur_per_hour_verwaltung": 40,
}


def effect_town(chance: random.Random, units: list[str]) -> dict[str, Rows]:
    """Rows of the subjects about effects and decisions; the same for the same state of `chance`."""
    return {
        "effect": [_effect(number, chance) for number in range(8)],
        "effect_value": [
            {"effect_id": f"E{number}", "role": role, "recorded_on": _day(chance)}
            | {"amount": Decimal(chance.randrange(1, 90)), "method": "gemessen", "source": "Liste"}
            | {"confidence": chance.choice(("hoch", "mittel", "gering"))}
            for number in range(8)
            for role in ("ausgangswert", "erwartet", "erreicht")
        ],
        "effort_rate": [
            {"procedure": procedure, "channel": channel, "addressee": who, "valid_from": date(2024, 1, 1)}
            | {"minutes": Decimal(chance.randrange(90)), "cost_eur": Decimal(chance.randrange(500)) / 100}
            | {"method": "erhoben", "source": "Liste"}
            for procedure in PROCEDURES
            for channel in CHANNELS
            for who in ("verwaltung", "buerger")
        ],
        "training": [
            {"org_unit_id": unit, "topic": topic, "report_month": date(2026, month, 1)}
            | {"people_planned": 20, "people_trained": chance.randrange(21)}
            for unit in units
            for topic in ("dms", "ki")
            for month in (4, 5)
        ],
        "file_scan": [
            {"org_unit_id": unit, "report_month": date(2026, month, 1), "files_planned": 400}
            | {"files_scanned": chance.randrange(401)}
            for unit in units
            for month in (4, 5)
        ],
        "council_item": [_council_item(number, chance, units) for number in range(20)],
        "deadline": [
            {"about": "ratsauftrag", "object_id": f"R{number}", "stated_on": date(2025, 7, 1)}
            | {"source": "Beschluss", "kind": "bis", "due_on": _day(chance).replace(day=1)}
            | {"precision": chance.choice(("tag", "monat", "quartal", "halbjahr"))}
            for number in range(20)
        ],
    }


def decided_parameters(city: Path) -> Path:
    """Write what such a town has decided into `city`; returns it."""
    tables = [
        f'[{name}]\nvalues = [{{ value = {value}, valid_from = 2015-01-01, source = "Tabelle" }}]\n'
        for name, value in PARAMETERS.items()
    ]
    city.mkdir(exist_ok=True)
    (city / "parameters.toml").write_text("\n".join(tables), encoding="utf-8")
    return city


def _effect(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "effect_id": f"E{number}",
        "position": number,
        "goal": chance.randrange(1, 7),
        "perspective": chance.choice(("buerger", "verwaltung", "politik")),
        "metric_id": "paper_sheets_count" if number == 0 else "m",
        "introduced_on": date(2025, 1, 10),
        "basis": "stichprobe",
        "reach": chance.choice(("intern", "extern")),
    }


def _council_item(number: int, chance: random.Random, units: list[str]) -> dict[str, Any]:
    decided = _day(chance)
    status = chance.choice(("erledigt", "in_bearbeitung", "offen"))
    return {
        "item_id": f"R{number}",
        "kind": "beschluss",
        "org_unit_id": chance.choice(units),
        "submitted_on": decided - timedelta(days=30),
        "decided_on": decided,
        "outcome": chance.choice(("angenommen", "abgelehnt")),
        "status": status,
        "done_on": decided + timedelta(days=chance.randrange(300)) if status == "erledigt" else None,
    }


def _day(chance: random.Random) -> date:
    return date(2025, 1, 1) + timedelta(days=chance.randrange(500))
