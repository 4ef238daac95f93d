"""What waits for a decision: figures rated „handeln“ or „beobachten“ with the proposal of their owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dashboard import messages_entscheidungen as sentences
from dashboard import texts
from dashboard.cockpits.lagebild import Lead
from dashboard.figure_rights import Cut, cut_of, cut_where, units
from dashboard.proposals import known_on, proposals_for
from metrics.result import Rating
from warehouse.errors import IsekError
from warehouse.ledger import Proposal

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Rated:
    """A figure that may wait for a decision; `unit` is the short name of its unit where that is not plain."""

    cut: Cut
    label: str
    rating: Rating
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One point: a figure with what its owner proposes, or with none (no date then)."""

    cut: Cut
    title: str
    text: str
    owner: str
    due_on: date | None
    rating: Rating
    note: str = ""


def decisions(
    proposals: Sequence[Proposal], figures: Sequence[Rated], at: date, *, owners: Mapping[str, str]
) -> list[Decision]:
    """Return the points of a day: „handeln“ first, then by deadline.

    A figure leaves the list by itself when it is in plan again, and as long as something decided about it has
    time. Rated „handeln“ it stands there even without a proposal, because silence would hide it; rated
    „beobachten“ only with one. A proposal whose deadline is over answers nothing any more.
    """
    newest = {Cut(p.metric, p.unit): p for p in known_on(list(proposals), at)}
    found = [
        _point(figure, newest.get(figure.cut), at, owners.get(figure.cut.metric, "")) for figure in figures
    ]
    points = [point for point in found if point is not None]
    return sorted(points, key=_urgency)


def _urgency(point: Decision) -> tuple[int, date, str]:
    return texts.URGENCY.index(point.rating), point.due_on or date.min, point.title


def _point(figure: Rated, proposal: Proposal | None, at: date, owner: str) -> Decision | None:
    if figure.rating not in ("krit", "warn"):
        return None
    decided = proposal.decided if proposal else None
    if decided is not None and decided.decided_on > at:
        decided = None
    if proposal is not None and at <= proposal.due_on:
        return None if decided else _proposed(figure, proposal, at)
    if figure.rating == "warn":
        return None
    if proposal is None:
        text = sentences.NO_PROPOSAL
    elif decided:
        text = sentences.decided_late(decided.decided_on, proposal.due_on)
    else:
        text = sentences.expired(proposal.due_on)
    return Decision(figure.cut, _named(figure.label, figure), text, owner, None, figure.rating)


def _proposed(figure: Rated, proposal: Proposal, at: date) -> Decision:
    noted = proposal.noted
    return Decision(
        cut=figure.cut,
        title=_named(proposal.title, figure),
        text=proposal.text,
        owner=proposal.owner,
        due_on=proposal.due_on,
        rating=figure.rating,
        note=sentences.noted(noted.decided_on) if noted and noted.decided_on <= at else "",
    )


def _named(title: str, figure: Rated) -> str:
    return f"{title} ({figure.unit})" if figure.unit else title


def rated_figures(
    services: Services, viewer: Viewer, leads: Sequence[Lead], proposals: Sequence[Proposal], at: date
) -> list[Rated]:
    """The Leitkennzahlen, and every other figure somebody made a proposal about, as rated at a day."""
    found: dict[Cut, Rated] = {}
    for lead in leads:
        figure = lead.figure
        cut = cut_of(services, viewer, figure.metric_id, lead.where) or Cut(figure.metric_id)
        found.setdefault(cut, Rated(cut, figure.label, figure.rating))
    shorts = units(services, viewer) if proposals else {}
    for cut in dict.fromkeys(Cut(p.metric, p.unit) for p in proposals):
        if cut not in found and (rated := _rated(services, viewer, cut, shorts, at)) is not None:
            found[cut] = rated
    return list(found.values())


def waiting_metrics(services: Services, viewer: Viewer) -> frozenset[str]:
    """Figures that may wait for a decision: the Leitkennzahlen and those somebody made a proposal about."""
    leading = {figure.metric for figure in services.settings.leitkennzahlen}
    return frozenset(leading | {proposal.metric for proposal in proposals_for(services, viewer)})


def _rated(services: Services, viewer: Viewer, cut: Cut, shorts: Mapping[str, str], at: date) -> Rated | None:
    definition = services.catalog.metric(cut.metric).definition
    try:
        total = services.query(
            viewer, cut.metric, where=cut_where(services, viewer, cut) or None, at=at
        ).total
    except IsekError:
        return None
    rating: Rating = total.rating if total else "neu"
    return Rated(cut, definition.short or definition.label, rating, shorts.get(cut.unit, cut.unit))
