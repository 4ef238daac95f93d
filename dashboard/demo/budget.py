"""Bookings, orders, plans and forecasts of the finance system, consistent to the cent.

A booking beside the payroll is preceded by an order; the order is Obligo until the booking settles it.
So Ist, Obligo and forecast of every day follow from one list of payments a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from dashboard.demo.budget_years import (
    CONCERN_2026,
    EXPECTED_SHAPE,
    MIDYEAR,
    MOVEMENTS,
    PLAN_SHAPE,
    POSITIONS,
    PRODUKT,
    REFERENCE,
    REFERENCE_SACH,
    YEARS,
    Position,
)
from dashboard.demo.streams import next_month, nth_weekday, split_cents, stream, working_day

PAYROLL = "010"


@dataclass(frozen=True, slots=True)
class Payment:
    """One booking in cents and, beside the payroll, the day of its order."""

    position: Position
    year: int
    number: int
    ordered_on: date | None
    booked_on: date
    cents: int

    @property
    def belege(self) -> str:
        """Document number, leading zeros included."""
        short = f"{self.position.produkt[-3:]}{self.position.number}"
        return f"0{self.year % 100}{short}{self.number:05d}"


def frame_eur(position: Position, year: int, day: date) -> int:
    """Verfügungsrahmen of a position on a day: Ansatz and all movements decided by then."""
    moved = sum(
        m.amount
        for m in MOVEMENTS
        if (m.year, m.number, m.produkt) == (year, position.number, position.produkt)
        and m.decided_on <= day
        and position.plan_art == "ergebnisplan"
    )
    return position.ansatz_of(year) + moved


def adopted_on(year: int) -> date:
    """Day the council adopted the budget: second Tuesday of December of the year before."""
    return nth_weekday(year - 1, 12, 1, 2)


@lru_cache(maxsize=4)
def payments(seed: int) -> tuple[Payment, ...]:
    """All bookings of all years; later ones are cut off by whoever writes a day's export."""
    made: list[Payment] = []
    for year in YEARS:
        for position in POSITIONS:
            made += _year(position, year, seed)
    return tuple(sorted(made, key=lambda p: (p.booked_on, p.position.produkt, p.position.number, p.number)))


def _year(position: Position, year: int, seed: int) -> list[Payment]:
    chance = stream(seed, "payments", position.produkt, position.number, year)
    end = date(year, 12, 31)
    total = (frame_eur(position, year, end) + position.over_of(year)) * 100
    middle = MIDYEAR.get(position.number) if year == REFERENCE.year and position.produkt == PRODUKT else None
    if position.number == PAYROLL:
        booked = _payroll(year, total, middle.ist * 100 if middle else None)
        return [Payment(position, year, n, None, day, cents) for n, (day, cents) in enumerate(booked, 1)]
    orders = _reference_orders(position, total, chance) if middle else _orders(year, total, chance)
    orders.sort(key=lambda order: order[1])
    return [Payment(position, year, n, *order) for n, order in enumerate(orders, 1)]


def _payroll(year: int, total: int, until_june: int | None) -> list[tuple[date, int]]:
    """Twelve payments on the third of the month; November carries the Jahressonderzahlung."""
    days = [working_day(date(year, month, 3)) for month in range(1, 13)]
    weights = np.array([1.0] * 10 + [1.7, 1.0])
    if until_june is None:
        return list(zip(days, split_cents(total, weights), strict=True))
    early = split_cents(until_june, weights[:6])
    return list(zip(days, early + split_cents(total - until_june, weights[6:]), strict=True))


def _orders(year: int, total: int, chance: np.random.Generator) -> list[tuple[date, date, int]]:
    """Orders and their bookings of an ordinary year, more towards its end."""
    count = int(chance.integers(34, 52))
    month_weights = np.array(PLAN_SHAPE) / sum(PLAN_SHAPE)
    months = chance.choice(12, count, p=month_weights) + 1
    parts = split_cents(total, chance.lognormal(0, 0.7, count))
    made = []
    for month, cents in zip(months, parts, strict=True):
        booked = min(working_day(date(year, int(month), int(chance.integers(5, 28)))), date(year, 12, 30))
        ordered = max(booked - timedelta(days=int(chance.integers(18, 120))), date(year, 1, 4))
        made.append((min(ordered, booked), booked, cents))
    return made


def _reference_orders(
    position: Position, total: int, chance: np.random.Generator
) -> list[tuple[date, date, int]]:
    """2026: booked before 9 June, bound on 9 June, and ordered later add up to the written state."""
    middle = MIDYEAR[position.number]
    start = date(REFERENCE.year, 1, 2)
    made = []
    for month, part in enumerate(split_cents(middle.ist * 100, np.array(REFERENCE_SACH)), start=1):
        last = 8 if month == REFERENCE.month else 27
        for cents in split_cents(part, chance.uniform(0.5, 1.5, 3)):
            booked = min(working_day(date(REFERENCE.year, month, int(chance.integers(4, last)))), REFERENCE)
            made.append((max(start, booked - timedelta(days=int(chance.integers(14, 90)))), booked, cents))
    for cents in split_cents(middle.obligo * 100, chance.uniform(0.5, 1.5, 5)):
        ordered = REFERENCE - timedelta(days=int(chance.integers(6, 120)))
        made.append((ordered, _later(chance.integers(8, 130)), cents))
    # A position that gave money away in July cannot take back what it had already ordered.
    rest = max(0, total - (middle.ist + middle.obligo) * 100)
    for cents in split_cents(rest, chance.uniform(0.5, 1.5, 9)):
        booked = _later(chance.integers(45, 200))
        made.append((max(REFERENCE + timedelta(days=2), booked - timedelta(days=40)), booked, cents))
    return made


def _later(days: np.int64) -> date:
    return working_day(REFERENCE + timedelta(days=int(days)))


def forecast_days(year: int) -> list[date]:
    """Days on which the offices renewed their forecast: first working day after the 4th, each month."""
    return [working_day(date(year, month, 5)) for month in range(1, 13)]


def expected_cents(position: Position, year: int, version: int) -> int:
    """Year-end figure the office expected in forecast `version` (0 January … 11 December)."""
    # The offices know what the council will decide in the same month, so the frame is that of its end.
    frame = frame_eur(position, year, next_month(date(year, version + 1, 1)) - timedelta(days=1))
    if year == REFERENCE.year and position.produkt == PRODUKT:
        peak = MIDYEAR[position.number].over
        if version < len(CONCERN_2026):
            return round((frame + peak * CONCERN_2026[version]) * 100)
        final = position.over_of(year) + frame_eur(position, year, date(year, 12, 31)) - frame
        share = (version - 5) / 6
        return round((frame + peak * (1 - share) + final * share) * 100)
    return round((frame + position.over_of(year) * EXPECTED_SHAPE[version]) * 100)


def forecast_months(position: Position, year: int, version: int, seed: int) -> list[int]:
    """Twelve months in cents: booked months as booked, open months share what is still expected."""
    day = forecast_days(year)[version]
    booked = [0] * 12
    for payment in _by_position(seed)[(position.produkt, position.number, position.plan_art, year)]:
        if payment.booked_on.month < day.month:
            booked[payment.booked_on.month - 1] += payment.cents
    rest = max(0, expected_cents(position, year, version) - sum(booked))
    shape = np.array(_shape(position)[day.month - 1 :], dtype=np.float64)
    return booked[: day.month - 1] + split_cents(rest, shape)


def plan_months(position: Position, year: int) -> list[int]:
    """Monthly plan in cents: the Ansatz and the Übertrag that was expected with it."""
    total = frame_eur(position, year, date(year, 2, 28)) * 100
    return split_cents(total, np.array(_shape(position), dtype=np.float64))


def _shape(position: Position) -> tuple[float, ...]:
    if position.number != PAYROLL:
        return PLAN_SHAPE
    return (1.0, 1.0, 1.05, 1.05, 1.1, 1.15, 1.15, 1.15, 1.2, 1.2, 1.3, 1.2)


@lru_cache(maxsize=4)
def _by_position(seed: int) -> dict[tuple[str, str, str, int], list[Payment]]:
    found: dict[tuple[str, str, str, int], list[Payment]] = {
        (p.produkt, p.number, p.plan_art, year): [] for p in POSITIONS for year in YEARS
    }
    for payment in payments(seed):
        p = payment.position
        found[(p.produkt, p.number, p.plan_art, payment.year)].append(payment)
    return found
