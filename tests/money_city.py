"""A city with two products, three years of budget and three effects, small enough to add up by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dashboard.services import Services
from dashboard.settings import Budget, KeyFigure
from tests.services_city import services_city
from tests.small_city import Rows

TARGETS = """
[budget_forecast_balance_eur]
owner = "FD 20"
path = [{ on = 2021-01-01, value = 0 }]
tolerance_abs = 100
applies_to = "each"

[application_online_share]
owner = "FD 32"
path = [{ on = 2024-01-31, value = 0.2 }, { on = 2027-12-31, value = 0.6 }]
tolerance_points = 0.05
"""
E26 = {"haushaltsjahr": 2026, "plan_art": "ergebnisplan", "produkt": "111240"}


def plan(position: str, amount: int, komponente: str = "ansatz", **other: Any) -> Mapping[str, Any]:
    """One component of a frame."""
    names = {"position_id": position, "position": f"Position {position}", "komponente": komponente}
    return {**E26, **names, "decided_on": date(2025, 12, 1), "amount_eur": Decimal(amount), **other}


def booking(position: str, amount: int, on: date, number: str, **other: Any) -> Mapping[str, Any]:
    """One booking."""
    names = {"position_id": position, "booked_on": on, "amount_eur": Decimal(amount)}
    return {**E26, **names, "booking_id": number, **other}


def month(position: str, number: int, kind: str, amount: int, **other: Any) -> Mapping[str, Any]:
    """Plan or forecast of a month."""
    names = {"position_id": position, "month": date(2026, number, 1), "kind": kind}
    return {**E26, **names, "made_on": date(2026, 5, 1), "amount_eur": Decimal(amount), **other}


def money_rows() -> dict[str, Rows]:
    """Position 1: 1.200 + 100, position 2: 600. Ist 700 + 200, Obligo 150, Prognose 1.600 and 590."""
    finance = {"plan_art": "finanzplan"}
    last: dict[str, Any] = {"haushaltsjahr": 2025}
    other = {"produkt": "111250"}
    return {
        "budget_plan": [
            plan("1", 1200),
            plan("1", 100, "uebertrag"),
            plan("2", 600),
            plan("9", 500, **finance),
            plan("1", 900, decided_on=date(2024, 12, 1), **last),
            plan("1", 50, **other),
        ],
        "booking": [
            booking("1", 700, date(2026, 2, 3), "B1"),
            booking("2", 200, date(2026, 6, 3), "B2"),
            booking("1", 1000, date(2025, 8, 1), "B3", **last),
            booking("1", 20, date(2026, 1, 5), "B4", **last),
        ],
        "commitment": [
            {**E26, "position_id": "2", "commitment_id": "C1", "ordered_on": date(2026, 3, 1)}
            | {"amount_eur": Decimal(150)}
        ],
        "budget_month": [
            *(month("1", number, "plan", 100) for number in range(1, 13)),
            month("1", 2, "prognose", 700),
            month("1", 6, "prognose", 400),
            month("1", 7, "prognose", 500),
            month("2", 6, "prognose", 590),
        ],
        "city_budget": [
            _city("Freiburg", 2015, "ertrag", 90_000_000),
            _city("Freiburg", 2015, "aufwand", 100_000_000),
        ],
        "goal": [{"goal": n, "title": f"Ziel {n}"} for n in (1, 2, 3)],
        **effect_rows(),
    }


def _city(city: str, year: int, side: str, amount: int) -> Mapping[str, Any]:
    return {
        "city": city, "haushaltsjahr": year, "richtung": side, "betrag_typ": "ergebnis",
        "document": "jahresabschluss_2015", "amount_eur": Decimal(amount),
    }  # fmt: skip


def effect_rows() -> dict[str, Rows]:
    """Applications: 20 of 100 a month before 02/2024, 50 of 100 after; two other effects without figures."""
    months = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(41)]
    applications = [
        {
            "procedure": "wohngeld",
            "org_unit_id": "FD32",
            "month": m,
            "channel": channel,
            "applications": count,
        }
        for m in months
        for channel, count in _counts(m)
    ]
    return {
        "application_month": applications,
        "effect": [
            effect("E1", 1, "application_online_share", "Anträge: online", goal=1),
            effect("E2", 2, "search_minutes", "Suchzeit", goal=2, perspective="verwaltung"),
            effect("E3", 3, "gibt_es_nicht", "Unbekannt", goal=2),
        ],
    }


def _counts(m: date) -> tuple[tuple[str, int], ...]:
    online = 50 if m >= date(2024, 2, 1) else 20
    return (("online", online), ("post", 100 - online))


def effect(effect_id: str, position: int, metric_id: str, title: str, **other: Any) -> Mapping[str, Any]:
    """One row of the catalogue of effects."""
    return {
        "effect_id": effect_id, "position": position, "metric_id": metric_id, "title": title,
        "subtitle": "Messgröße", "goal": 1, "perspective": "buerger", "introduced_on": date(2024, 2, 1),
        "introduced_by": "Bürgerportal", "basis": "vollerhebung", **other,
    }  # fmt: skip


def money_city(folder: Path, rows: Mapping[str, Rows] | None = None, targets: str = TARGETS) -> Services:
    """Build the city in memory; product 111240 is what the town wants to see."""
    services = services_city(folder, rows=money_rows() if rows is None else rows, targets=targets)
    figure = KeyFigure(metric="budget_forecast_balance_eur", where={"produkt": "111240"}, goal=3)
    changes = {"budget": Budget(produkt="111240"), "leitkennzahlen": (figure,)}
    services.settings = services.settings.model_copy(update=changes)
    return services
