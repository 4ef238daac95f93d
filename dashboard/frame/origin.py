"""The origin panel the address asks for; every page has it without doing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard.citation_link import PATH, citation_address
from dashboard.components.address import address, origin_day, origin_question
from dashboard.components.origin import Origin, drawer_failed, origin_drawer
from dashboard.drill_link import DRILL, LISTS, drill_address, list_address
from dashboard.frame.remarks import proposal_link, remark_panel
from dashboard.page import cockpit_named
from metrics.citation import cite
from metrics.drill import records_behind
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.page import Page
    from dashboard.services import Services
    from metrics.catalog import Metric
    from metrics.passport import Passport
    from metrics.result import MetricResult

UNKNOWN = "Diese Kennzahl gibt es nicht, oder für diese Auswahl fehlt die Berechtigung."


def requested_origin(
    services: Services, viewer: Viewer, page: Page, pages: Sequence[Page], params: Mapping[str, str]
) -> Component | None:
    """Return the panel for `?zahl=<metric_id>&zahl.<dimension>=<value>`, None when none is asked for."""
    asked = origin_question(params)
    if asked is None:
        return None
    metric_id, where = asked
    at = origin_day(params)
    close_href = address(page.path, params)
    if metric_id not in services.catalog.metrics:
        return drawer_failed(UNKNOWN, close_href=close_href)
    try:
        result = services.query(viewer, metric_id, where=where or None, at=at)
        catalog = services.catalog_for(viewer, metric_id)
    except IsekError:
        return drawer_failed(UNKNOWN, close_href=close_href)
    metric = catalog.metric(metric_id)
    definition = metric.definition
    passport = _passport(services, viewer, metric_id, where, at)
    panel = remark_panel(services, viewer, page.path, params)
    population = catalog.populations.get(definition.population)
    origin = Origin(
        result=result,
        definition=definition,
        target=catalog.targets.get(metric_id),
        zone=services.settings.zone,
        population=f"{population.title}: {population.definition}" if population else "",
        used_in=_used_in(services, metric_id, pages),
        where=where,
        catalog_href=_catalog(pages, metric_id),
        passport=passport,
        cite_href=_stable(passport, pages),
        drill_href=drill_address(metric_id, where, at=at) if _has(pages, DRILL) else None,
        records=_records(services, viewer, metric, where, result) if _has(pages, LISTS) else None,
        remarks=panel,
        propose_href=proposal_link(services, viewer, pages, metric_id, where),
    )
    return origin_drawer(origin, close_href=close_href)


def _passport(
    services: Services, viewer: Viewer, metric_id: str, where: Mapping[str, str], at: date | None
) -> Passport | None:
    """The panel says where a figure comes from even when it cannot prove it."""
    try:
        return services.passport(viewer, metric_id, where=where, at=at).passport
    except IsekError:
        return None


def _stable(passport: Passport | None, pages: Sequence[Page]) -> str | None:
    """Only what the snapshot itself keeps is found again; a definition changed by day counts from tonight."""
    if passport is None or not passport.definition.kept_with_snapshot:
        return None
    return citation_address(cite(passport)) if any(page.path == PATH for page in pages) else None


def _used_in(services: Services, metric_id: str, pages: Sequence[Page]) -> list[str]:
    """Pages known to show the figure: the start page and its cockpit among the Leitkennzahlen."""
    found = []
    for figure in services.settings.leitkennzahlen:
        if figure.metric == metric_id:
            known = (cockpit_named(pages, name) for name in ("start", figure.cockpit))
            found += [page.title for page in known if page]
    return list(dict.fromkeys(found))


def _catalog(pages: Sequence[Page], metric_id: str) -> str | None:
    page = next((p for p in pages if p.id == "kennzahlen"), None)
    return f"{page.path}?kennzahl={metric_id}#{metric_id}" if page else None


def _has(pages: Sequence[Page], path: str) -> bool:
    return any(page.path == path for page in pages)


def _records(
    services: Services, viewer: Viewer, metric: Metric, where: Mapping[str, str], result: MetricResult
) -> tuple[int, str] | None:
    """Number and address of the records behind the figure; None where no list holds them."""
    period = next((row.period for row in result.rows if row.period), None)
    year = (period or result.business_date).year
    behind = records_behind(services.catalog, metric, where, year)
    if behind is None:
        return None
    try:
        total = services.count_records(viewer, behind.list_id, behind.where)
    except IsekError:
        return None
    return (total, list_address(behind.list_id, behind.where)) if total else None
