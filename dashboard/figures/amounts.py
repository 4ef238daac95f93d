"""How amounts of any metric are printed in charts: one unit and one scale for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard import formats
from metrics.result import Number

# Amounts from here on are read in thousands.
THOUSANDS_FROM = {"eur": 10_000, "count": 100_000, "sheets": 100_000}
UNIT_HEADS = {
    "percent": "Prozent",
    "count": "Anzahl",
    "eur": "Euro",
    "days": "Tage",
    "minutes": "Minuten",
    "grade": "Schulnote",
    "sheets": "Blatt",
    "pt": "Personentage",
    "hours": "Stunden",
    "kg": "kg",
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Unit and digits of a metric, and whether its amounts are printed in thousands."""

    unit: str
    decimals: int = 0
    thousands: bool = False

    @classmethod
    def of(cls, unit: str, decimals: int, values: Iterable[Number | None]) -> Amounts:
        """Choose the scale by the largest amount."""
        largest = max((abs(float(v)) for v in values if v is not None), default=0.0)
        return cls(unit, decimals, largest >= THOUSANDS_FROM.get(unit, float("inf")))

    @property
    def head(self) -> str:
        """Unit for a subtitle or the head of a column: „Prozent“, „Tage“, „T€“."""
        if self.thousands:
            return "T€" if self.unit == "eur" else f"{UNIT_HEADS[self.unit]} in Tausend"
        return UNIT_HEADS.get(self.unit, self.unit)

    def bare(self, value: Number | None) -> str:
        """The amount without its unit, as it stands beside a mark."""
        if value is None:
            return formats.MISSING
        if self.thousands:
            return formats.number(float(value) / 1000)
        return formats.parts(value, self.unit, self.decimals)[0]

    def full(self, value: Number | None) -> str:
        """The amount with its unit, never scaled: tables and sentences hold the exact figure."""
        return formats.amount(value, self.unit, self.decimals)

    def tick(self, value: float) -> str:
        """An amount on an axis, with the percent sign of shares."""
        if self.unit == "percent":
            return formats.percent(value, 0 if round(value * 100, 6) == round(value * 100) else 1)
        return formats.number(value / 1000 if self.thousands else value, 0 if value == round(value) else 1)


def ticks(top: float, most: int = 4) -> list[float]:
    """Round steps from zero up to `top`, at most `most` of them above zero."""
    if top <= 0:
        return [0.0]
    step = _round_step(top / most)
    return [round(step * i, 10) for i in range(int(top / step + 1e-9) + 1)]


def _round_step(least: float) -> float:
    power = 10.0 ** _exponent(least)
    return next(power * s for s in (1, 2, 2.5, 5, 10) if power * s >= least * (1 - 1e-9))


def _exponent(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])


def span(values: Sequence[Number | None]) -> tuple[float, float]:
    """Lowest (never above zero) and highest (never below zero) of the values."""
    known = [float(v) for v in values if v is not None]
    return min([0.0, *known]), max([0.0, *known])
