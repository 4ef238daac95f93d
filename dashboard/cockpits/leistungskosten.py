"""Money beside output: cost of a case, running cost of a solution, printed totals recomputed. Euro."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dashboard.cockpits.budget import Ask
from metrics.result import MetricResult, Number

UNIT_COST, RUNNING, MATCHES = (
    "service_unit_cost_eur",
    "solution_running_cost_eur",
    "printed_total_match_share",
)
PRINTED = "printed_totals"
SAVED, ESTIMATED = "ersparnis", "geschaetzt"


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What a procedure cost in twelve full months, what it decided, and the cost of one decision."""

    name: str
    cost: Number | None
    cases: Number | None
    each: Number | None


def unit_costs(result: MetricResult) -> tuple[UnitCost, ...]:
    """Return an answer by leistung, the dearest case first."""
    rows = [UnitCost(r.keys["leistung"] or "", r.numerator, r.denominator, r.value) for r in result.rows]
    return tuple(sorted(rows, key=lambda row: -(row.each or 0)))


@dataclass(frozen=True, slots=True)
class SolutionCost:
    """A solution in twelve full months: what it costs, what it saves (positive), and the rest.

    `saved` is None where nobody said; `estimated` is the part of the cost nobody has booked.
    """

    name: str
    cost: Decimal
    saved: Decimal | None
    estimated: Decimal

    @property
    def rest(self) -> Decimal:
        """Cost minus what is saved."""
        return self.cost - (self.saved or 0)


def read_solutions(ask: Ask, at: date) -> tuple[tuple[SolutionCost, ...], MetricResult]:
    """Ask for the running cost of every solution, the dearest first."""
    result = ask(RUNNING, by=("solution", "kostenart", "method"), at=at)
    found: dict[str, SolutionCost] = {}
    for row in result.rows:
        name, amount = row.keys["solution"] or "", Decimal(str(row.value or 0))
        old = found.get(name, SolutionCost(name, Decimal(0), None, Decimal(0)))
        saves = row.keys["kostenart"] == SAVED
        guessed = not saves and row.keys["method"] == ESTIMATED
        found[name] = SolutionCost(
            name,
            old.cost + (0 if saves else amount),
            (old.saved or Decimal(0)) - amount if saves else old.saved,
            old.estimated + (amount if guessed else 0),
        )
    return tuple(sorted(found.values(), key=lambda item: -item.rest)), result


def mismatches(rows: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return the printed totals that their single values contradict, the largest difference first."""
    wrong = [row for row in rows if row["agrees"] is False]
    return tuple(sorted(wrong, key=lambda row: -abs(row["difference_eur"])))


def together(items: Sequence[SolutionCost]) -> SolutionCost:
    """Return all solutions as one; the savings nobody told are left out, not guessed."""
    told = [item.saved for item in items if item.saved is not None]
    return SolutionCost(
        "gesamt",
        sum((item.cost for item in items), Decimal(0)),
        sum(told, Decimal(0)) if told else None,
        sum((item.estimated for item in items), Decimal(0)),
    )
