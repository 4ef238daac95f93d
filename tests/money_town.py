"""Random posts, budgets, printed totals and cost for the laws that hold for every figure."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from tests.small_city import Rows

PLANS = ("ergebnisplan", "finanzplan")
COSTS = (("EG 10", "personal", 700), ("EG 12", "personal", 900), ("alle", "arbeitsplatz", 97))


def money_town(chance: random.Random, units: list[str]) -> dict[str, Rows]:
    """Rows of the subjects about posts and budgets as a whole; the same for the same state of `chance`."""
    return {
        "deckungskreis": [
            _circle(year, plan, produkt, position, chance.choice("AB"))
            for year in (2025, 2026)
            for plan in PLANS
            for produkt in ("111240", "111250")
            for position in ("P1", "P2")
        ],
        "post": [_post(number, chance, units) for number in range(30)],
        "post_filled": [
            {"post_id": str(number), "valid_from": _day(chance)}
            | {"filled_fte": Decimal(chance.randrange(3)) / 2}
            for number in range(40)
            if number % 4
        ],
        "personnel_cost": [
            {"grade": grade, "kostenart": kind, "valid_from": date(2024, 1, 1), "cost_eur": Decimal(amount)}
            for grade, kind, amount in COSTS
        ],
        "printed_total": [
            {"document": "Plan", "bezug": "eigener_haushalt", "city": "M", "haushaltsjahr": year}
            | {"betrag_typ": "ansatz", "plan_art": plan, "richtung": "aufwand", "produkt": "111240"}
            | {"amount_eur": Decimal(chance.randrange(900))}
            for year in (2025, 2026)
            for plan in PLANS
        ],
        "service_cost": [
            {"procedure": chance.choice(("wohngeld", "bauantrag")), "org_unit_id": unit, "kostenart": kind}
            | {"month": date(2026, month, 1), "amount_eur": Decimal(chance.randrange(9000)) / 100}
            for unit in units
            for month in range(1, 6)
            for kind in ("personal", "sach")
        ],
        "solution_cost": [
            {"solution_id": name, "solution": name, "introduced_on": date(2025, 3, 10), "kostenart": kind}
            | {"month": date(2025 + m // 12, m % 12 + 1, 1), "method": chance.choice(("gebucht", "erhoben"))}
            | {"amount_eur": Decimal(chance.randrange(9000)) / 100}
            for name in ("X", "Y")
            for kind in ("lizenz", "ersparnis")
            for m in range(18)
        ],
    }  # fmt: skip


def _day(chance: random.Random) -> date:
    return date(chance.randrange(2024, 2027), chance.randrange(1, 13), 1)


def _circle(year: int, plan: str, produkt: str, position: str, name: str) -> dict[str, Any]:
    return {
        "haushaltsjahr": year,
        "plan_art": plan,
        "produkt": produkt,
        "position_id": position,
        "deckungskreis": name,
        "deckungskreis_titel": f"Budget {name}",
    }


def _post(number: int, chance: random.Random, units: list[str]) -> dict[str, Any]:
    return {
        "post_id": str(number),
        "valid_from": _day(chance),
        "valid_to": chance.choice((None, None, date(2026, 3, 31))),
        "bezeichnung": "x",
        "produkt": chance.choice(("111240", "111250")),
        "org_unit_id": chance.choice(units),
        "grade": chance.choice(("EG 10", "EG 12", "A 11")),
        "fte": Decimal(chance.randrange(1, 3)) / 2,
        "befristet_bis": chance.choice((None, date(2027, 12, 31))),
        "kw": chance.choice((None, True, False)),
    }
