"""A million amounts of money from file to figure: exact to the cent."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from dashboard.settings import load_settings
from metrics.catalog import load_catalog
from metrics.query import query
from metrics.result import Scope
from tests.tiny_city import line, refresh, snapshot, write_city, write_rows

ROWS = 1_000_000
KASSE = """
title = "Kasse"
owner = "FD 20"
kind = "files"
nature = "echt"
[[table]]
feeds = "booking"
path = "inbox/buchungen.csv"
constants = { haushaltsjahr = "2026", plan_art = "ergebnisplan", produkt = "111240", position_id = "1" }
"""
PLAN = """
title = "Haushaltsplan"
owner = "FD 20"
kind = "files"
nature = "echt"
[[table]]
feeds = "budget_plan"
path = "inbox/plan.csv"
"""


def test_c13_a_million_amounts_add_up_to_the_cent(tmp_path: Path) -> None:
    city = write_city(tmp_path)
    chance = random.Random(13)
    cents = [chance.choice((-1, 1)) * chance.randrange(10 ** chance.randrange(1, 9)) for _ in range(ROWS)]
    amounts = (f"{'-' if c < 0 else ''}{abs(c) // 100},{abs(c) % 100:02}" for c in cents)
    rows = ((f"B{n}", "03.02.2026", amount) for n, amount in enumerate(amounts))
    write_rows(tmp_path / "inbox/buchungen.csv", ("booking_id", "booked_on", "amount_eur"), rows)
    plan = ("111240", "1", "Position 1", "2026", "ergebnisplan", "ansatz", "01.12.2025", "100,00")
    head = ("produkt", "position_id", "position", "haushaltsjahr", "plan_art", "komponente", "decided_on")
    write_rows(tmp_path / "inbox/plan.csv", (*head, "amount_eur"), [plan])
    (tmp_path / "sources/kasse.toml").write_text(KASSE, encoding="utf-8")
    (tmp_path / "sources/plan.toml").write_text(PLAN, encoding="utf-8")
    assert line(refresh(load_settings(tmp_path, {})), "kasse").published == ROWS
    result = query(load_catalog(tmp_path), snapshot(city), "budget_ist_eur", scope=Scope.city())
    assert result.rows[0].numerator == Decimal(sum(cents)) / 100
