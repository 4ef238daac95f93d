"""What the start page shows first: Leitkennzahlen with bar and course."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dashboard import formats, texts
from dashboard.cockpits.marken import marks_of
from dashboard.components.bullet import Bar
from dashboard.components.key_figure import KeyFigure, key_figure, soll_words, with_bar, with_marks
from metrics.definition import Definition
from metrics.question import add_months
from metrics.result import MetricResult, Number
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

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


def leads_of(services: Services, viewer: Viewer, at: date) -> list[Lead]:
    """The Leitkennzahlen of the town at a day, as far as the viewer may see them."""
    found = []
    for wanted in services.settings.leitkennzahlen:
        metric = services.catalog.metrics.get(wanted.metric)
        if metric is None:
            continue
        try:
            item = lead(
                partial(services.query, viewer),
                metric.definition,
                wanted.metric,
                where=wanted.where,
                at=at,
                zone=services.settings.zone,
                label=wanted.label,
                cockpit=wanted.cockpit,
            )
        except IsekError:
            continue  # a figure outside the viewer's rights is absent, not broken
        found.append(_marked(services, viewer, item, at))
    return found


def _marked(services: Services, viewer: Viewer, item: Lead, at: date) -> Lead:
    """The figure with what people noted about the months its course shows."""
    first = add_months(at.replace(day=1), -COURSE_MONTHS)
    marks = marks_of(services, viewer, (item.figure.metric_id,), item.where, first=first, last=at)
    return replace(item, figure=with_marks(item.figure, marks))


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
