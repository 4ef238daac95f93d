"""Person-days and posts: what the plan needs, what is there, and how the Stellenplan is filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dashboard.cockpits import stellenplan
from dashboard.cockpits.modell_worte import decimal
from dashboard.figures.quarter_columns import Quarter
from dashboard.figures.staff_steps import Staff
from dashboard.messages_ressourcen import Part, may_tell_filled
from metrics.models.parameter import Estimate
from metrics.question import add_months
from metrics.result import Cell, MetricResult, Number

Ask = Callable[..., MetricResult]
COVER, NEEDED, AVAILABLE = "capacity_cover_share", "capacity_needed_pt", "capacity_available_pt"
ROLE = "role"
ROLES: Mapping[str, str] = {"organisatorisch": "organisatorisch", "technisch": "technisch"}
MONTHS_OF_QUARTER = 3
STAFF_MONTHS = 30


@dataclass(frozen=True, slots=True)
class Year:
    """The person-days of a year: all roles together or the chosen one, and each role."""

    year: int
    whole: Part
    parts: tuple[Part, ...]
    cell: Cell | None
    result: MetricResult


def read_year(ask: Ask, today: date, role: str | None) -> Year:
    """Ask for the cover of the year of a day."""
    where = {ROLE: role} if role else {}
    result = ask(COVER, where=where)
    cell = result.total
    parts = tuple(_part(row.keys[ROLE] or "", row) for row in ask(COVER, by=(ROLE,)).rows)
    return Year(today.year, _part(role or "", cell), () if role else parts, cell, result)


def _part(role: str, cell: Cell | None) -> Part:
    return Part(role, cell.denominator if cell else None, cell.numerator if cell else None)


def window(today: date) -> tuple[date, date]:
    """The years shown: the one before, this one, and the next as far as it is planned."""
    return date(today.year - 1, 1, 1), date(today.year + 1, 12, 31)


def quarters(
    needed: MetricResult, available: MetricResult, factors: Mapping[str, Estimate], today: date
) -> tuple[Quarter, ...]:
    """Quarters of answers by period and role; what a scenario needs is told from the current one on."""
    need, there = _by_quarter(needed.rows), _by_quarter(available.rows)
    return tuple(
        _quarter(first, need.get(first, []), there.get(first, []), factors, today) for first in sorted(need)
    )


def _by_quarter(cells: Sequence[Cell]) -> dict[date, list[Cell]]:
    found: dict[date, list[Cell]] = {}
    for cell in cells:
        if cell.period is not None and cell.value is not None:
            found.setdefault(quarter_of(cell.period), []).append(cell)
    return found


def quarter_of(day: date) -> date:
    """First day of the quarter of a day."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _quarter(
    first: date, need: Sequence[Cell], there: Sequence[Cell], factors: Mapping[str, Estimate], today: date
) -> Quarter:
    months = {cell.period for cell in need} & {cell.period for cell in there}
    ahead = add_months(first, MONTHS_OF_QUARTER) > today
    middle, low, high = _scenario(need, factors) if ahead and factors else (None, None, None)
    return Quarter(
        first, _sum(need), _sum(there), low, middle, high, complete=len(months) == MONTHS_OF_QUARTER
    )


def _sum(cells: Sequence[Cell]) -> Number | None:
    values = [Fraction(str(cell.value)) for cell in cells if cell.value is not None]
    return decimal(sum(values, Fraction(0))) if values else None


def _scenario(
    cells: Sequence[Cell], factors: Mapping[str, Estimate]
) -> tuple[Number | None, Number | None, Number | None]:
    """Middle, low and high of the need; None where the scenario is what was planned, without any span."""
    one = Estimate.exactly(1)
    total = Estimate.exactly(0)
    for cell in cells:
        total += Estimate.exactly(Fraction(str(cell.value))) * factors.get(cell.keys[ROLE] or "", one)
    planned = sum((Fraction(str(cell.value)) for cell in cells), Fraction(0))
    if (total.value, total.low, total.high) == (planned, planned, planned):
        return None, None, None
    return decimal(total.value), decimal(total.low), decimal(total.high)


@dataclass(frozen=True, slots=True)
class Grade:
    """Posts of one grade (or all): planned extent, limited in time, falling away."""

    name: str
    planned: Number
    temporary: Number
    leaving: Number


@dataclass(frozen=True, slots=True)
class Posts:
    """The Stellenplan of the viewer's units: by month, by grade, and the answers they rest on."""

    months: tuple[Staff, ...]
    grades: tuple[Grade, ...]
    total: Grade | None
    filled: Number | None
    known: Number | None
    plan: MetricResult
    result: MetricResult


def read_posts(ask: Ask, today: date) -> Posts:
    """Ask for the posts; how far fewer than ten are filled is not even kept."""
    between = (add_months(today.replace(day=1), -STAFF_MONTHS), today)
    plan = ask(stellenplan.LEAVING, by=("period",), between=between)
    filled = ask(stellenplan.FILLED, by=("period",), between=between)
    by_month = {cell.period: cell for cell in filled.rows}
    months = tuple(_month(cell, by_month.get(cell.period)) for cell in plan.rows if cell.period)
    now = ask(stellenplan.FILLED)
    total = _grade("Stellen gesamt", ask(stellenplan.LEAVING).total, ask(stellenplan.TEMPORARY).total)
    told = now.total if now.total and may_tell_filled(now.total.denominator) else None
    return Posts(
        months,
        _grades(ask),
        total,
        told.numerator if told else None,
        told.denominator if told else None,
        plan,
        now,
    )


def _month(plan: Cell, filled: Cell | None) -> Staff:
    told = filled is not None and may_tell_filled(filled.denominator)
    return Staff(plan.period or date.min, plan.denominator, filled.numerator if filled and told else None)


def _grades(ask: Ask) -> tuple[Grade, ...]:
    temporary = {
        row.keys[stellenplan.GRADE]: row for row in ask(stellenplan.TEMPORARY, by=(stellenplan.GRADE,)).rows
    }
    leaving = ask(stellenplan.LEAVING, by=(stellenplan.GRADE,)).rows
    names = sorted((row.keys[stellenplan.GRADE] or "" for row in leaving), key=stellenplan.rank, reverse=True)
    cells = {row.keys[stellenplan.GRADE]: row for row in leaving}
    found = (_grade(name, cells[name or None], temporary.get(name or None)) for name in names)
    return tuple(grade for grade in found if grade is not None)


def _grade(name: str, leaving: Cell | None, temporary: Cell | None) -> Grade | None:
    if leaving is None or leaving.denominator is None:
        return None
    limited = temporary.numerator if temporary and temporary.numerator is not None else 0
    return Grade(name or "ohne Gruppe", leaving.denominator, limited, leaving.numerator or 0)
