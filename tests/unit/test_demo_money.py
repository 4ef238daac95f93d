"""Stellenplan, Deckungskreise and Kostenrechnung of Musterstadt agree with its budget and sources."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from dashboard.demo.account_books import (
    MISPRINTED,
    circle_rows,
    printed_rows,
    product_rows,
    service_rows,
    solution_rows,
)
from dashboard.demo.budget_years import POSITIONS, PRODUKT, YEARS
from dashboard.demo.city import SEED, TEMPLATE
from dashboard.demo.staff import POSTS, filled_rows, post_rows

DAY, LATER = date(2026, 6, 9), date(2026, 11, 20)
EARLIER = (date(2022, 1, 31), date(2024, 10, 15), DAY)


def _euro(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def _costs() -> dict[tuple[str, str], Decimal]:
    path = TEMPLATE / "inbox" / "rechnungsgrundlagen" / "personalkosten.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (r["grade"], r["kostenart"]): _euro(r["cost_eur"]) for r in csv.DictReader(file, delimiter=";")
        }


@pytest.mark.parametrize(("year", "count"), [(2025, 10), (2026, 6)])
def test_the_posts_of_111240_are_as_many_as_its_budget_pays(year: int, count: int) -> None:
    day = date(year, 6, 30)
    assert sum(p.produkt == PRODUKT and (p.ends is None or p.ends >= day) for p in POSTS) == count


def test_six_posts_and_their_workplaces_cost_the_ansatz_of_2026() -> None:
    costs = _costs()
    posts = [p for p in POSTS if p.produkt == PRODUKT and (p.ends is None or p.ends > date(2026, 1, 1))]
    personal = sum((costs[post.grade, "personal"] for post in posts), Decimal(0))
    places = len(posts) * costs["alle", "arbeitsplatz"]
    (ansatz,) = (p.ansatz_of(2026) for p in POSITIONS if (p.produkt, p.number) == (PRODUKT, "010"))
    assert (personal, places, personal + places) == (481_600, 58_200, ansatz)


def test_every_grade_has_a_cost_and_every_cost_a_source() -> None:
    assert {(post.grade, "personal") for post in POSTS} <= set(_costs())
    folder = TEMPLATE / "inbox" / "rechnungsgrundlagen"
    for name in ("personalkosten", "bestandteile"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert rows and all(row["quelle"] for row in rows), name


def test_every_position_of_an_adopted_year_belongs_to_one_budget() -> None:
    counts = Counter(row[:4] for row in circle_rows(DAY))
    assert set(counts.values()) == {1}
    assert len(counts) == len(POSITIONS) * sum(year <= DAY.year for year in YEARS)
    plans: dict[object, set[object]] = {}
    for row in circle_rows(DAY):
        if row[4] != "D11-1":
            plans.setdefault(row[4], set()).add(row[1])
    assert all(len(found) == 1 for found in plans.values()), "running costs never cover investments"


def test_printed_totals_are_those_of_the_plan_but_for_the_one_misprint() -> None:
    wrong = {}
    for _, year, plan, _, produkt, _, amount in printed_rows(DAY):
        plan_art = {"Ergebnisplan": "ergebnisplan", "Finanzplan": "finanzplan"}[str(plan)]
        lines = [p for p in POSITIONS if p.plan_art == plan_art and produkt in (p.produkt, "gesamt")]
        difference = _euro(str(amount)) - sum(p.ansatz_of(int(str(year))) for p in lines)
        if difference:
            wrong[year, produkt, plan_art] = difference
    assert wrong == MISPRINTED


@pytest.mark.parametrize("day", EARLIER)
def test_the_books_only_ever_gain_lines(day: date) -> None:
    for rows in (post_rows, filled_rows, circle_rows, printed_rows, product_rows, solution_rows):
        then = list(rows(day))
        assert then and set(then) <= set(rows(LATER)), rows.__name__
    assert set(service_rows(day, SEED)) <= set(service_rows(LATER, SEED))


def test_a_month_is_told_only_after_the_kostenrechnung_closed_it() -> None:
    assert "01.05.2026" not in {row[3] for row in service_rows(DAY, SEED)}
    assert "01.05.2026" in {row[3] for row in service_rows(date(2026, 6, 21), SEED)}
    assert "01.01.2024" not in {row[3] for row in solution_rows(DAY) if row[1] == "Bürgerportal"}
