"""Nightly export of the finance system: cp1252, semicolon, decimal comma, control line at the end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dashboard.demo.budget import adopted_on, forecast_days, forecast_months, payments, plan_months
from dashboard.demo.budget_years import MOVEMENTS, POSITIONS, YEARS, Position
from dashboard.demo.streams import german_months
from dashboard.demo.tables import german_amount, german_date, write_csv

PLAN_NAMES = {"ergebnisplan": "Ergebnisplan", "finanzplan": "Finanzplan"}
KOMPONENTE_NAMES = {
    "ansatz": "Ansatz",
    "nachtrag": "Nachtrag",
    "uebertrag": "Übertrag",
    "ueberplanmaessig": "üpl.",
    "ausserplanmaessig": "apl.",
    "umschichtung": "Umschichtung",
    "sperre": "Sperre",
}
PLACE = ("Haushaltsjahr", "Plan", "Produkt", "Position")
AMOUNT = "Betrag in €"
TRAILER = "Summe"
ENCODING = "cp1252"

FinanceRow = tuple[list[object], int]


def write_finance_export(folder: Path, as_of: date, seed: int) -> None:
    """Write the four files of one night into the delivery folder."""
    day = as_of.isoformat()
    _write(
        folder / f"Haushaltsplan_{day}.csv", ("Bezeichnung", "Bestandteil", "Beschlossen"), plan_rows(as_of)
    )
    header = ("Beleg", "Sachkonto", "Kostenstelle", "Buchungstag")
    _write(folder / f"Buchungen_{day}.csv", header, booking_rows(as_of, seed))
    _write(folder / f"Auftraege_{day}.csv", ("Auftrag", "Bestellt", "Abgerechnet"), order_rows(as_of, seed))
    _write(folder / f"Monatswerte_{day}.csv", ("Monat", "Art", "Stand"), month_rows(as_of, seed))


def _write(path: Path, middle: tuple[str, ...], rows: list[FinanceRow]) -> None:
    total = sum(cents for _, cents in rows)
    lines = ([*fields, german_amount(cents)] for fields, cents in rows)
    header = (*PLACE, *middle, AMOUNT)
    trailer = [TRAILER, *[""] * (len(header) - 2), german_amount(total)]
    write_csv(path, header, lines, encoding=ENCODING, trailer=trailer)


def _place(position: Position, year: int) -> list[object]:
    return [year, PLAN_NAMES[position.plan_art], position.produkt, position.number]


def plan_rows(as_of: date) -> list[FinanceRow]:
    """Ansatz and every movement decided by `as_of`, in cents."""
    rows: list[FinanceRow] = []
    for year in YEARS:
        for position in POSITIONS:
            moves = [
                (m.komponente, m.decided_on, m.amount)
                for m in MOVEMENTS
                if (m.year, m.number, m.produkt) == (year, position.number, position.produkt)
                and position.plan_art == "ergebnisplan"
            ]
            moves.insert(0, ("ansatz", adopted_on(year), position.ansatz_of(year)))
            rows += [
                (
                    [*_place(position, year), position.name_in(year), KOMPONENTE_NAMES[k], german_date(day)],
                    amount * 100,
                )
                for k, day, amount in moves
                if day <= as_of
            ]
    return rows


def booking_rows(as_of: date, seed: int) -> list[FinanceRow]:
    """Bookings up to and including `as_of`."""
    return [
        (
            [
                *_place(p.position, p.year),
                p.belege,
                p.position.sachkonto,
                p.position.kostenstelle,
                german_date(p.booked_on),
            ],
            p.cents,
        )
        for p in payments(seed)
        if p.booked_on <= as_of
    ]


def order_rows(as_of: date, seed: int) -> list[FinanceRow]:
    """Orders up to `as_of`; settled as far as the invoice was booked by then."""
    return [
        (
            [
                *_place(p.position, p.year),
                f"A{p.belege}",
                german_date(p.ordered_on),
                german_date(p.booked_on) if p.booked_on <= as_of else "",
            ],
            p.cents,
        )
        for p in payments(seed)
        if p.ordered_on is not None and p.ordered_on <= as_of
    ]


def month_rows(as_of: date, seed: int) -> list[FinanceRow]:
    """Monthly plan of every adopted year and every forecast version made by `as_of`."""
    rows: list[FinanceRow] = []
    for year in YEARS:
        versions = [(n, day) for n, day in enumerate(forecast_days(year)) if day <= as_of]
        for position in POSITIONS:
            if adopted_on(year) <= as_of:
                rows += _months(position, year, "Plan", adopted_on(year), plan_months(position, year))
            for number, day in versions:
                rows += _months(
                    position, year, "Prognose", day, forecast_months(position, year, number, seed)
                )
    return rows


def _months(position: Position, year: int, kind: str, made_on: date, cents: list[int]) -> list[FinanceRow]:
    stand = german_date(made_on)
    place = _place(position, year)
    return [
        ([*place, month, kind, stand], amount)
        for month, amount in zip(german_months(year), cents, strict=True)
    ]
