"""Budgets (Deckungskreise) judged as a whole: positions of one budget cover one another. Euro."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dashboard.cockpits.budget import Ask, Line
from dashboard.cockpits.budget_choice import PRODUCT, BudgetChoice
from metrics.result import Cell, MetricResult, Number

CIRCLE, TITLE = "deckungskreis", "deckungskreis_titel"
BALANCE = "deckungskreis_balance_eur"
USED, BOUND = "deckungskreis_use_share", "deckungskreis_bound_share"
UNCOVERED = "budget_uncovered_eur"
LIST = "budget_positions"

Key = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Circles:
    """The budgets a slice belongs to, each whole: with its positions in other products.

    `short` are those whose frame does not last, `uncovered` what they miss together; None is unknown.
    """

    lines: tuple[Line, ...]
    uncovered: Number | None
    result: MetricResult

    @property
    def short(self) -> tuple[Line, ...]:
        """Budgets whose forecast exceeds their frame, the largest gap first."""
        missing = [line for line in self.lines if line.balance is not None and line.balance < 0]
        return tuple(sorted(missing, key=lambda line: line.balance or 0))

    @property
    def unknown(self) -> int:
        """Budgets with a position nobody has estimated."""
        return sum(line.balance is None for line in self.lines)


def read_circles(ask: Ask, choice: BudgetChoice) -> Circles:
    """Ask for the budgets of a slice; a budget is never cut to one product."""
    own, whole, at = choice.where(), _whole(choice), choice.at
    mine = {_key(row) for row in ask(USED, by=(CIRCLE, TITLE), where=own, at=at).rows}
    used, bound, balance = (
        ask(metric, by=(CIRCLE, TITLE), where=whole, at=at) for metric in (USED, BOUND, BALANCE)
    )
    bounds, balances = _by_key(bound), _by_key(balance)
    rows = [row for row in used.rows if _key(row) in mine]
    lines = [_line(row, bounds.get(_key(row)), balances.get(_key(row))) for row in rows]
    open_rows = ask(UNCOVERED, by=(CIRCLE, TITLE), where=whole, at=at).rows
    missing = [row.value for row in open_rows if _key(row) in mine and row.value is not None]
    uncovered = sum((Decimal(str(value)) for value in missing), Decimal(0)) if missing else None
    return Circles(tuple(sorted(lines, key=lambda line: -line.frame)), uncovered, balance)


def forecast_days(positions: Sequence[Mapping[str, Any]]) -> tuple[date, ...]:
    """Return the days the forecasts behind the positions were made on, the oldest first."""
    return tuple(sorted({item["forecast_made_on"] for item in positions if item["forecast_made_on"]}))


def _whole(choice: BudgetChoice) -> dict[str, str]:
    return {name: value for name, value in choice.where().items() if name != PRODUCT}


def _key(row: Cell) -> Key:
    return row.keys[CIRCLE], row.keys[TITLE]


def _by_key(result: MetricResult) -> Mapping[Key, Cell]:
    return {_key(row): row for row in result.rows}


def _line(used: Cell, bound: Cell | None, balance: Cell | None) -> Line:
    frame, ist = used.denominator or 0, used.numerator or 0
    taken = (bound.numerator if bound else None) or ist
    left = balance.value if balance else None
    return Line(
        name=f"{used.keys[CIRCLE]} · {used.keys[TITLE]}",
        frame=frame,
        ist=ist,
        obligo=_minus(taken, ist),
        available=_minus(frame, taken),
        forecast=None if left is None else _minus(frame, left),
        balance=left,
        rating=balance.rating if balance else "neu",
        cut={CIRCLE: used.keys[CIRCLE]},
    )


def _minus(whole: Number, part: Number) -> Decimal:
    return Decimal(str(whole)) - Decimal(str(part))
