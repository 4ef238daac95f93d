"""What the start page shows: Leitkennzahlen with bar and course, decisions, dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from dashboard import formats, texts
from dashboard.components.bullet import Bar
from dashboard.components.key_figure import KeyFigure, key_figure, soll_words, with_bar
from metrics.definition import Definition
from metrics.question import add_months
from metrics.result import MetricResult, Number, Rating

Ask = Callable[..., MetricResult]
# The figures the bar of a budget balance is made of.
FRAME, IST, OBLIGO = "budget_frame_eur", "budget_ist_eur", "budget_obligo_eur"
BUDGET_CUT = ("produkt", "plan_art", "haushaltsjahr", "position_id", "position")
COURSE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Lead:
    """One Leitkennzahl: the finished figure, its cut, the page it leads to."""

    figure: KeyFigure
    where: Mapping[str, str]
    value: Number | None
    soll: str
    cockpit: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What waits for a decision: a proposal, or a figure that demands one and has none (no date then)."""

    title: str
    text: str
    owner: str
    due_on: date | None
    rating: Rating


@dataclass(frozen=True, slots=True)
class Appointment:
    """A date ahead."""

    on_date: date
    title: str
    detail: str


def lead(
    ask: Ask,
    definition: Definition,
    metric_id: str,
    *,
    where: Mapping[str, str],
    at: date,
    zone: ZoneInfo,
    label: str | None = None,
    cockpit: str | None = None,
) -> Lead:
    """Ask for a figure at the Stichtag and its months before; `ask` is the door for one viewer."""
    cut = dict(where) or None
    result = ask(metric_id, where=cut, at=at)
    history = ask(
        metric_id, by=("period",), between=(add_months(at.replace(day=1), -COURSE_MONTHS), at), where=cut
    )
    past = None if at == result.business_date else at
    figure = key_figure(result, definition, zone=zone, label=label, history=history, on=past)
    if definition.unit == "eur" and definition.kind == "sum" and set(where) <= set(BUDGET_CUT):
        figure = _with_budget_bar(figure, ask, cut, at)
    total = result.total
    soll = soll_words(total, definition, past) if total else ""
    return Lead(figure, where, total.value if total else None, soll, cockpit)


def _with_budget_bar(figure: KeyFigure, ask: Ask, where: Mapping[str, str] | None, at: date) -> KeyFigure:
    """Ist, then Obligo against the frame; the mark is the elapsed part of the year."""
    totals = [ask(metric_id, where=where, at=at).total for metric_id in (FRAME, IST, OBLIGO)]
    frame, ist, obligo = (float(t.value) if t and t.value is not None else 0.0 for t in totals)
    if frame <= 0:
        return figure
    elapsed = formats.year_elapsed(at)
    bound = formats.percent((ist + obligo) / frame)
    words = f"Ist + Obligo {bound} · Jahr zu {formats.percent(elapsed)} vorbei"
    return with_bar(
        figure, Bar(((ist / frame, "ist"), (obligo / frame, "obligo")), 1.0, float(elapsed)), words
    )


def most_urgent(leads: Sequence[Lead]) -> Lead | None:
    """Return the first figure with the worst rating that needs attention, None when all is in plan."""
    flagged = [item for item in leads if item.figure.rating in ("krit", "warn")]
    return min(flagged, key=lambda item: texts.URGENCY.index(item.figure.rating), default=None)


def by_urgency(leads: Sequence[Lead]) -> tuple[list[Lead], list[Lead], list[Lead]]:
    """Return figures to act upon or to watch (worst first), those in plan, those without rating."""
    flagged = [item for item in leads if item.figure.rating in ("krit", "warn")]
    flagged.sort(key=lambda item: texts.URGENCY.index(item.figure.rating))
    good = [item for item in leads if item.figure.rating == "gut"]
    return flagged, good, [item for item in leads if item.figure.rating == "neu"]


def decisions(
    rows: Sequence[Mapping[str, Any]],
    leads: Sequence[Lead],
    at: date,
    *,
    owners: Mapping[str, str],
    limit: int = 3,
) -> list[Decision]:
    """Return open proposals known at the Stichtag (the newest per figure), most urgent first.

    A Leitkennzahl rated „handeln“ without an open proposal stands there too: silence would hide it.
    """
    ratings = {item.figure.metric_id: item.figure.rating for item in leads}
    newest: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["recorded_on"]):
        if row["recorded_on"] <= at <= row["due_on"]:
            newest[row["metric_id"]] = row
    found = [
        Decision(
            row["title"], row["text"] or "", row["owner"] or "", row["due_on"], ratings.get(metric, "neu")
        )
        for metric, row in newest.items()
    ]
    found += [
        _unanswered(item, owners) for item in leads if item.figure.rating == "krit" and not _has(item, newest)
    ]
    found.sort(key=lambda item: (texts.URGENCY.index(item.rating), item.due_on or date.min))
    return found[:limit]


def _has(item: Lead, newest: Mapping[str, object]) -> bool:
    return item.figure.metric_id in newest


def _unanswered(item: Lead, owners: Mapping[str, str]) -> Decision:
    figure = item.figure
    text = "Noch kein Vorschlag der zuständigen Stelle."
    return Decision(figure.label, text, owners.get(figure.metric_id, ""), None, figure.rating)


def appointments(rows: Sequence[Mapping[str, Any]], at: date, limit: int = 4) -> list[Appointment]:
    """Return the next dates from the Stichtag on."""
    ahead = sorted(
        (row for row in rows if row["on_date"] >= at), key=lambda row: (row["on_date"], row["title"])
    )
    return [Appointment(row["on_date"], row["title"], row["detail"] or "") for row in ahead[:limit]]
