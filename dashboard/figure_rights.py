"""Which cut of a figure a viewer speaks about, may see, and answers for: asked before words about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.services import require_data_access
from metrics.definition import ORG_COLUMN, ORG_LEVELS
from metrics.protect.published import units_of
from warehouse.errors import AccessError, IsekError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

WHOLE = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A metric and the unit it is cut to; `unit` "" is the whole city."""

    metric: str
    unit: str = WHOLE


def cut_of(services: Services, viewer: Viewer, metric_id: str, where: Mapping[str, str] | None) -> Cut | None:
    """The cut a viewer looks at with these conditions; None when it is several units at once."""
    metric = services.catalog.metrics.get(metric_id)
    if metric is None or metric.definition.scope == "city":
        return Cut(metric_id)
    chosen = [where[name] for name in (ORG_COLUMN, *reversed(ORG_LEVELS)) if where and name in where]
    if chosen:
        return Cut(metric_id, chosen[0])
    own = viewer.scope.units
    if own is None:
        return Cut(metric_id)
    return Cut(metric_id, next(iter(own))) if len(own) == 1 else None


def may_see(services: Services, viewer: Viewer, cut: Cut) -> bool:
    """Whether the figure of a cut is shown to the viewer at all; the same answer for what does not exist."""
    metric = services.catalog.metrics.get(cut.metric)
    if metric is None or not viewer.sees_figures:
        return False
    if metric.definition.scope == "city":
        return cut.unit == WHOLE
    if cut.unit == WHOLE:
        return viewer.scope.units is None
    return cut.unit in own_units(services, viewer) and not _is_protected(services, viewer, cut)


def require_sight(services: Services, viewer: Viewer, cut: Cut) -> None:
    """AccessError(code="no_figure") alike for what is unknown and what is not allowed."""
    require_data_access(viewer)
    if not may_see(services, viewer, cut):
        raise AccessError("Diese Zahl gibt es nicht, oder für sie fehlt die Berechtigung", code="no_figure")


def own_units(services: Services, viewer: Viewer) -> frozenset[str]:
    """Units a viewer may look at one by one, those below them included."""
    snapshot = services.snapshot()
    if viewer.scope.units is None:
        return frozenset(units(services, viewer))
    key = ("own_units", snapshot.name, viewer.scope)
    return services.cache.get_or_compute(key, lambda: units_of(snapshot, viewer.scope))


def answers_for(services: Services, viewer: Viewer, metric_id: str) -> bool:
    """Whether the unit that owns a metric (targets.toml) lies in the viewer's own part of the town."""
    target = services.catalog.targets.get(metric_id)
    if target is None or viewer.scope.units is None:
        return False
    mine = own_units(services, viewer)
    return any(
        unit in mine for unit, short in units(services, viewer).items() if target.owner in (unit, short)
    )


def units(services: Services, viewer: Viewer) -> dict[str, str]:
    """Short names by id of all units there are or were."""
    rows = services.records(viewer, "org_units", limit=10_000).dicts()
    return {str(row["unit_id"]): str(row["short"] or row["name"]) for row in rows}


def cut_where(services: Services, viewer: Viewer, cut: Cut) -> dict[str, str]:
    """Conditions for the door that ask for a cut."""
    if cut.unit == WHOLE or viewer.scope.units == frozenset((cut.unit,)):
        return {}
    rows = services.records(viewer, "org_units", limit=10_000).dicts()
    kinds = {str(row["unit_id"]): str(row["kind"]) for row in rows}
    level = kinds.get(cut.unit)
    return {level if level in ORG_LEVELS else ORG_COLUMN: cut.unit}


def _is_protected(services: Services, viewer: Viewer, cut: Cut) -> bool:
    """Small numbers: words about a cut the door refuses would tell what it hides."""
    if not services.catalog.metric(cut.metric).definition.min_cell:
        return False
    try:
        services.query(viewer, cut.metric, where=cut_where(services, viewer, cut) or None)
    except IsekError:
        return True
    return False
