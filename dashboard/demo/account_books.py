"""Budget book and Kostenrechnung: products, Deckungskreise, printed totals, cost of services and solutions.

All amounts are invented, except that the totals printed in the book follow from the Ansätze; one of them
is misprinted on purpose, so that the comparison has something to find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from dashboard.demo.budget import PAYROLL, adopted_on
from dashboard.demo.budget_years import POSITIONS, PRODUKT, YEARS, Position
from dashboard.demo.streams import months, next_month, split_cents, stream
from dashboard.demo.tables import german_amount, german_date, write_csv

PLANS = {"ergebnisplan": "Ergebnisplan", "finanzplan": "Finanzplan"}
SIDES = {"ergebnisplan": "Aufwand", "finanzplan": "Auszahlung"}
COST_FROM = date(2023, 1, 1)
# A month is closed in the Kostenrechnung on the 20th of the next one.
CLOSED_AFTER = timedelta(days=20)
# Printed too high by 9.000: the position of the year before was added up instead of the own.
MISPRINTED = {(2024, PRODUKT, "ergebnisplan"): 9000}

GROUP = ("NI", "111", "Verwaltungssteuerung und -service", "FD11")
PRODUCTS = (
    (PRODUKT, date(2021, 1, 1), date(2022, 12, 31), "Digitalisierung", *GROUP, "nein", ""),
    (PRODUKT, date(2023, 1, 1), None, "Digitalisierung", *GROUP, "ja", "Haushaltssatzung 2023"),
    ("111250", date(2021, 1, 1), None, "Informationstechnik", *GROUP, "nein", ""),
)
CIRCLES = {
    (PRODUKT, "ergebnisplan"): ("D11-2", "Sachaufwand Digitalisierung"),
    (PRODUKT, "finanzplan"): ("D11-7", "Investitionen Digitalisierung"),
    ("111250", "ergebnisplan"): ("D11-3", "Rechenzentrum"),
    ("111250", "finanzplan"): ("D11-8", "Investitionen Informationstechnik"),
}
CIRCLE_HEADER = (
    *("Haushaltsjahr", "Plan", "Produkt", "Position"),
    *("Deckungskreis", "Bezeichnung", "Deckung", "Vermerk"),
)
PRINTED_HEADER = ("Dokument", "Haushaltsjahr", "Plan", "Richtung", "Produkt", "Fundstelle", "Betrag in €")
STAFF_CIRCLE = ("D11-1", "Personalaufwand FD 11")


@dataclass(frozen=True, slots=True)
class Solution:
    """A solution in operation: yearly cost by kind in Euro, and what is only estimated."""

    id: str
    name: str
    introduced: date
    yearly: tuple[tuple[str, int], ...]
    estimated: tuple[str, ...] = ("Betreuung",)


SOLUTIONS: tuple[Solution, ...] = (
    Solution("L01", "Bürgerportal", date(2024, 2, 1), (("Betrieb", 20000), ("Betreuung", 31200))),
    Solution(
        "L02",
        "Online-Antrag Wohngeld",
        date(2024, 8, 1),
        (("Lizenz", 9600), ("Wartung", 4200), ("Betreuung", 7400), ("Ersparnis", 13200)),
    ),
    Solution(
        "L03",
        "Digitale Bauakte",
        date(2024, 12, 1),
        (("Lizenz", 38400), ("Betrieb", 12000), ("Betreuung", 18600), ("Ersparnis", 24000)),
    ),
    Solution(
        "L04", "Terminvergabe", date(2024, 5, 1), (("Lizenz", 7200), ("Ersparnis", 10800)), ("Ersparnis",)
    ),
    Solution("L05", "ISEK-Portal", date(2021, 7, 1), (("Betrieb", 10000), ("Betreuung", 74200))),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Yearly cost of a procedure in Euro as of 2026, and the unit that bears it."""

    procedure: str
    name: str
    unit: str
    yearly: int
    produkt: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Procedure, its name and its unit."""
        return self.procedure, self.name, self.unit


COSTS: tuple[Cost, ...] = (
    Cost("wohngeld", "Wohngeld", "FD50", 548_000, "346100"),
    Cost("bauantrag", "Baugenehmigung", "FD63", 872_000, "521100"),
    Cost("melde", "Meldewesen", "FD32", 214_000, "122200"),
    Cost("ausweis", "Ausweise", "FD32", 231_000, "122200"),
    Cost("gewerbe", "Gewerbe", "FD32", 96_000, "122300"),
)
KINDS = (("Personal", 0.71), ("Sachkosten", 0.17), ("Umlage", 0.12))


def write_budget_book(folder: Path, as_of: date) -> None:
    """Write products, Deckungskreise and printed totals of the budgets adopted by `as_of`."""
    day = as_of.isoformat()
    header = ("Produkt", "gültig ab", "gültig bis", "Bezeichnung", "Land", "Produktgruppe", "Gruppe")
    more = ("Fachdienst", "wesentlich", "Beschluss")
    write_csv(folder / f"Produkte_{day}.csv", (*header, *more), product_rows(as_of), encoding="utf-8-sig")
    write_csv(folder / f"Deckungskreise_{day}.csv", CIRCLE_HEADER, circle_rows(as_of), encoding="utf-8-sig")
    write_csv(
        folder / f"Gedruckte_Summen_{day}.csv", PRINTED_HEADER, printed_rows(as_of), encoding="utf-8-sig"
    )


def product_rows(as_of: date) -> Iterator[tuple[object, ...]]:
    """Products in every version whose budget was adopted by `as_of`."""
    for number, since, until, *rest in PRODUCTS:
        if adopted_on(since.year) <= as_of:
            yield number, german_date(since), german_date(until), *rest


def circle_rows(as_of: date) -> Iterator[tuple[object, ...]]:
    """Positions with their budget; staff of both products forms one of its own."""
    for year in YEARS:
        for position in POSITIONS if adopted_on(year) <= as_of else ():
            circle = (
                STAFF_CIRCLE if position.number == PAYROLL else CIRCLES[position.produkt, position.plan_art]
            )
            note = f"Haushaltsplan {year}, Haushaltsvermerke"
            yield (
                year,
                PLANS[position.plan_art],
                position.produkt,
                position.number,
                *circle,
                "gegenseitig",
                note,
            )


def printed_rows(as_of: date) -> Iterator[tuple[object, ...]]:
    """Totals as the book prints them: per product and plan, and of each plan as a whole."""
    for year in YEARS:
        if adopted_on(year) > as_of:
            continue
        for plan in PLANS:
            for produkt in (PRODUKT, "111250", "gesamt"):
                cents = sum(p.ansatz_of(year) for p in POSITIONS if _belongs(p, plan, produkt)) * 100
                cents += MISPRINTED.get((year, produkt, plan), 0) * 100
                place = "Gesamtplan" if produkt == "gesamt" else f"Teilhaushalt 11, Produkt {produkt}"
                yield (
                    f"Haushaltsplan {year}",
                    year,
                    PLANS[plan],
                    SIDES[plan],
                    produkt,
                    place,
                    german_amount(cents),
                )


def _belongs(position: Position, plan: str, produkt: str) -> bool:
    return position.plan_art == plan and produkt in (position.produkt, "gesamt")


def write_cost_accounts(folder: Path, as_of: date, seed: int) -> None:
    """Write the closed months of the Kostenrechnung."""
    day = as_of.isoformat()
    header = ("Verfahren", "Leistung", "Fachdienst", "Monat", "Kostenart", "Produkt", "Betrag in €")
    write_csv(folder / f"Leistungskosten_{day}.csv", header, service_rows(as_of, seed), encoding="utf-8-sig")
    header = ("Kennung", "Lösung", "eingeführt am", "Monat", "Kostenart", "Grundlage", "Betrag in €")
    write_csv(folder / f"Loesungskosten_{day}.csv", header, solution_rows(as_of), encoding="utf-8-sig")


def _closed(first: date, as_of: date, after: timedelta = CLOSED_AFTER) -> Iterator[date]:
    return (month for month in months(first, as_of) if next_month(month) + after <= as_of)


def service_rows(as_of: date, seed: int) -> Iterator[tuple[object, ...]]:
    """Cost of each procedure per closed month, by kind; 2,5 % more each year."""
    for cost in COSTS:
        for month in _closed(COST_FROM, as_of):
            chance = stream(seed, "service_cost", cost.procedure, month)
            growth = 1.025 ** (month.year - 2026)
            total = round(cost.yearly * 100 / 12 * growth * float(chance.normal(1, 0.03)))
            parts = split_cents(total, np.array([share for _, share in KINDS]))
            for (kind, _), cents in zip(KINDS, parts, strict=True):
                yield (*cost.place, german_date(month), kind, cost.produkt, german_amount(cents))


def solution_rows(as_of: date) -> Iterator[tuple[object, ...]]:
    """Running cost of each solution per full month since its introduction."""
    for solution in SOLUTIONS:
        # Contracts and hours are told with the end of the month, long before the accounts close.
        for month in _closed(solution.introduced, as_of, timedelta(0)):
            for kind, yearly in solution.yearly:
                basis = "geschätzt" if kind in solution.estimated else "gebucht"
                cents = split_cents(yearly * 100, np.ones(12))[month.month - 1]
                start = german_date(solution.introduced)
                yield solution.id, solution.name, start, german_date(month), kind, basis, german_amount(cents)
