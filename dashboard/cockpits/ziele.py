"""The goals of digitalisation: how the figures linked to each of them stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.components.key_figure import worst
from metrics.result import Rating

Cut = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Linked:
    """A figure linked to a goal: by an effect that names it, or as a Leitkennzahl of the town."""

    goal: int
    metric_id: str
    where: Mapping[str, str]
    rating: Rating

    @property
    def cut(self) -> Cut:
        """What is counted once even when effect and Leitkennzahl name it both."""
        return self.metric_id, frozenset(self.where.items())


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal with the worst rating of its figures; `rating` None: no figure yet.

    Figures without Soll count, but do not rate; they are never averaged.
    """

    number: int
    title: str
    rating: Rating | None
    figures: int


def goals_of(rows: Sequence[Mapping[str, Any]], linked: Sequence[Linked]) -> tuple[Goal, ...]:
    """Return all goals in their official order; `rows` are those of the record list `goals`."""
    found = []
    for row in rows:
        own = {item.cut: item.rating for item in linked if item.goal == row["goal"]}
        rated: list[Rating] = [rating for rating in own.values() if rating != "neu"]
        rating = worst(rated) or ("neu" if own else None)
        found.append(Goal(row["goal"], str(row["title"]), rating, len(own)))
    return tuple(found)
