"""Opens a stable link: the figure of a kept snapshot, computed again, or the pinned one from the archive.

Whoever may not see a figure gets the very answer of one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.services import require_data_access
from metrics.citation import Citation, part_for
from metrics.passport import Passport
from metrics.passport_archive import shown_today
from metrics.passport_issue import issue
from metrics.passport_json import read_passport_text
from metrics.protect.published import units_of
from metrics.recorded import as_recorded, loosens
from metrics.result import Scope
from warehouse.errors import AccessError, ContractError, IsekError
from warehouse.store import DatabaseError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from warehouse.ledger import Ledger, PinnedFigure
    from warehouse.store import Snapshot


@dataclass(frozen=True, slots=True)
class Cited:
    """A passport and, when it was pinned, the entry of the archive; `archived`: it was read from there."""

    passport: Passport
    pin: PinnedFigure | None
    archived: bool


def cited(services: Services, viewer: Viewer, citation: Citation) -> Cited:
    """Return what a citation names, for a viewer who may see it.

    Raises AccessError (no_figure) alike for what is unknown, gone or not allowed.
    """
    require_data_access(viewer)
    try:
        snapshot = services.archive.named(citation.snapshot)
    except ContractError:
        return _archived(services, viewer, citation)
    try:
        passport = _computed(services, viewer, citation, snapshot)
    except (IsekError, DatabaseError):
        # Refused, unknown, or no longer readable by this version: what was pinned stays readable.
        return _archived(services, viewer, citation)
    return Cited(passport, _pin_of(services.ledger, citation), archived=False)


def _computed(services: Services, viewer: Viewer, citation: Citation, snapshot: Snapshot) -> Passport:
    used = as_recorded(services.catalog, snapshot, citation.metric)
    kind = _kind(services, citation.metric, used.catalog.metric(citation.metric).definition.scope)
    return issue(
        services.catalog,
        snapshot,
        citation.metric,
        scope=scope_for(services, viewer, citation.units, kind),
        by=citation.by,
        between=citation.between,
        where={name: list(values) for name, values in citation.where.items()} or None,
        at=None if citation.stichtag == snapshot.business_date else citation.stichtag,
        archive=services.archive,
        as_published=True,
        history=services.history(citation.metric),
    ).passport


def scope_for(services: Services, viewer: Viewer, units: tuple[str, ...] | None, kind: str) -> Scope:
    """Return the scope a cited figure is asked with; AccessError when it reaches beyond the viewer's own.

    A link to the figure of the whole city never answers with a part of it: that is another figure.
    """
    mine = viewer.scope.units
    if units is None and (mine is None or kind == "city"):
        return viewer.scope
    if units is not None and (mine is None or set(units) <= units_of(services.snapshot(), viewer.scope)):
        return Scope.of(*units)
    raise _no_figure()


def _archived(services: Services, viewer: Viewer, citation: Citation) -> Cited:
    found = archived_part(services.ledger, citation)
    if found is None:
        raise _no_figure()
    passport, pin = found
    if not may_see(services, viewer, passport):
        raise _no_figure()
    return Cited(shown_today(services.catalog, passport, viewer.scope), pin, archived=True)


def may_see(services: Services, viewer: Viewer, passport: Passport) -> bool:
    """Whether an archived figure lies within a viewer's rights of today."""
    wording = passport.definition
    if loosens(services.catalog, wording, passport.metric, viewer.scope):
        return False
    if wording.min_cell and viewer.scope.units is not None:
        # The door decides such cuts while a draft is built; the archive cannot ask it any more.
        return False
    try:
        kind = _kind(services, passport.metric, wording.scope)
        scope_for(services, viewer, passport.question.units, kind)
    except IsekError:
        return False
    return viewer.sees_figures


def _kind(services: Services, metric_id: str, then: str) -> str:
    """Rights are those of today: a figure that knows units then or now is not everybody's."""
    today = services.catalog.metrics.get(metric_id)
    return "organisation" if today is not None and today.definition.scope == "organisation" else then


def archived_part(ledger: Ledger, citation: Citation) -> tuple[Passport, PinnedFigure] | None:
    """Return the pinned cells a citation asks for, the latest pin first; None when there are none."""
    for pin in ledger.pinned_figures(metric=citation.metric, snapshot=citation.snapshot):
        if part := part_for(read_passport_text(pin.passport), citation):
            return part, pin
    return None


def _pin_of(ledger: Ledger, citation: Citation) -> PinnedFigure | None:
    found = archived_part(ledger, citation)
    return found[1] if found else None


def _no_figure() -> AccessError:
    return AccessError(
        "Diese Zahl gibt es nicht, oder für sie fehlt die Berechtigung",
        code="no_figure",
        next_step="Die Adresse prüfen; festgeschriebene Zahlen bleiben zehn Jahre",
    )
