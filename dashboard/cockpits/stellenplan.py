"""Stellenplan of a product by grade: posts, not persons. Extents in Vollzeitstellen (VZÄ), cost in Euro."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dashboard.cockpits.budget import Ask
from dashboard.cockpits.budget_choice import PRODUCT, BudgetChoice
from metrics.result import Cell, MetricResult, Number

FILLED, TEMPORARY = "post_filled_share", "post_temporary_share"
LEAVING, COST = "post_kw_share", "post_cost_eur"
GRADE = "grade"
LIST = "posts"


@dataclass(frozen=True, slots=True)
class Grade:
    """Posts of one grade, or all of them. `filled` and `cost` are None where nobody said; `known` is the
    extent whose filling is known."""

    name: str
    fte: Number
    filled: Number | None
    known: Number | None
    temporary: Number
    leaving: Number
    cost: Number | None

    @property
    def vacant(self) -> Decimal | None:
        """What is known to be unfilled."""
        if self.filled is None or self.known is None:
            return None
        return Decimal(str(self.known)) - Decimal(str(self.filled))


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """The posts of a slice on its Stichtag; `workplace_eur` is what their workplaces cost beside them."""

    grades: tuple[Grade, ...]
    total: Grade
    workplace_eur: Number | None
    filled: MetricResult


def read_staff(ask: Ask, choice: BudgetChoice) -> StaffPlan:
    """Ask for the posts of the chosen product (or all) on the Stichtag."""
    where = {} if choice.product is None else {PRODUCT: choice.product}
    about, more = (
        {"where": where, "at": choice.at},
        {"where": {**where, "kostenart": "personal"}, "at": choice.at},
    )
    metrics = {FILLED: about, TEMPORARY: about, LEAVING: about, COST: more}
    by_grade = {metric: ask(metric, by=(GRADE,), **asked) for metric, asked in metrics.items()}
    whole = {metric: ask(metric, **asked).total for metric, asked in metrics.items()}
    cells = {metric: {row.keys[GRADE] or "": row for row in found.rows} for metric, found in by_grade.items()}
    names = sorted(cells[LEAVING], key=rank, reverse=True)
    grades = [_grade(name, {metric: found.get(name) for metric, found in cells.items()}) for name in names]
    places = ask(COST, where={**where, "kostenart": "arbeitsplatz"}, at=choice.at).total
    return StaffPlan(
        tuple(grades), _grade("Stellen gesamt", whole), places.value if places else None, by_grade[FILLED]
    )


def rank(grade: str) -> tuple[int, str]:
    """Higher groups first; „9b“ stands between 9 and 10."""
    number = re.search(r"\d+", grade)
    return (int(number.group()) if number else 0, grade)


def _grade(name: str, cells: Mapping[str, Cell | None]) -> Grade:
    filled, leaving = cells[FILLED], cells[LEAVING]
    temporary, cost = cells[TEMPORARY], cells[COST]
    return Grade(
        name=name,
        fte=(leaving.denominator if leaving else None) or 0,
        filled=filled.numerator if filled else None,
        known=filled.denominator if filled else None,
        temporary=(temporary.numerator if temporary else None) or 0,
        leaving=(leaving.numerator if leaving else None) or 0,
        cost=cost.value if cost else None,
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """Posts of one task and grade that end on a day; `leaves` = they fall away (kw)."""

    task: str
    grade: str
    fte: Decimal
    on: date
    leaves: bool


def endings(posts: Sequence[Mapping[str, Any]], after: date) -> tuple[Ending, ...]:
    """Return what ends after a day, the next first; equal posts are counted together."""
    found: dict[tuple[date, str, str, bool], Decimal] = {}
    for post in posts:
        on = post["kw_ab"] or post["befristet_bis"]
        if on is not None and on > after:
            key = (on, post["bezeichnung"], post[GRADE], bool(post["kw"]))
            found[key] = found.get(key, Decimal(0)) + Decimal(str(post["fte"]))
    return tuple(Ending(task, grade, fte, on, kw) for (on, task, grade, kw), fte in sorted(found.items()))


def cost_bases(posts: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], int]:
    """Return the Stände of the cost behind the posts, and for how many posts nobody states a cost."""
    stated = {str(post["stand"]) for post in posts if post["cost_eur"] is not None}
    return tuple(sorted(stated)), sum(post["cost_eur"] is None for post in posts)
