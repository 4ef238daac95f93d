"""Dates of committees, deadlines and go-lives: what is next, and what the filters of the page choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

BODY, SPAN = "gremium", "zeitraum"
FILTERS = (BODY, SPAN)
NEXT, QUARTER, YEAR, PAST = "naechste", "quartal", "jahr", "vergangene"
SPANS: tuple[tuple[str | None, str], ...] = (
    (None, "ab heute"),
    (QUARTER, "nächste 3 Monate"),
    (YEAR, "nächste 12 Monate"),
    (PAST, "vergangene 12 Monate"),
)
OTHER = "ohne Gremium"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One date: the day, the committee or occasion, what it is about."""

    on_date: date
    title: str
    detail: str


def appointments(rows: Sequence[Mapping[str, Any]]) -> list[Appointment]:
    """Return dates in the order of their days."""
    found = [Appointment(row["on_date"], row["title"], row["detail"] or "") for row in rows]
    return sorted(found, key=lambda item: (item.on_date, item.title, item.detail))


def coming(dates: Sequence[Appointment], at: date, limit: int | None = None) -> list[Appointment]:
    """Return the next dates from a day on."""
    return [item for item in dates if item.on_date >= at][:limit]


def bodies(dates: Sequence[Appointment]) -> list[str]:
    """Committees and occasions with several dates, as the filter offers them; single ones under „alle“."""
    counts: dict[str, int] = {}
    for item in dates:
        counts[item.title] = counts.get(item.title, 0) + 1
    return sorted((title for title, count in counts.items() if count > 1), key=str.casefold)


def chosen(dates: Sequence[Appointment], params: Mapping[str, str], at: date) -> list[Appointment]:
    """Return the dates the filters of the address leave; values nobody offers count as not set."""
    body = params.get(BODY)
    wanted = [d for d in dates if body not in bodies(dates) or d.title == body]
    span = params.get(SPAN)
    if span == PAST:
        return [d for d in reversed(wanted) if at - timedelta(days=365) <= d.on_date < at]
    ahead = coming(wanted, at)
    days = {QUARTER: 92, YEAR: 365}.get(span or "")
    return ahead if days is None else [d for d in ahead if d.on_date <= at + timedelta(days=days)]
