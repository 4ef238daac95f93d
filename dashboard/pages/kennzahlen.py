"""Kennzahlen: the catalogue, made from the definitions the figures are counted by."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, messages_nachweis, texts
from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import kennzahlen
from dashboard.cockpits.lieferungen import deliverers
from dashboard.cockpits.places import Place, places_of, shown_on
from dashboard.cockpits.steckbrief import one_per_source, sheet
from dashboard.components.address import address, origin_address
from dashboard.components.attributes import aria, data
from dashboard.components.filters import choices, filter_bar, menu, reset_link
from dashboard.components.guard import guarded
from dashboard.components.icon import badge, icon, status
from dashboard.components.layout import card, page_head, region, text_link
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column
from dashboard.page import Page, allowed_pages, discover_pages
from dashboard.pages._steckbrief import sheet_card
from dashboard.town_pages import portal_pages
from metrics.catalog import Catalog, Metric
from metrics.lineage import loads_of
from metrics.result import Load, MetricResult
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("kennzahlen", "/kennzahlen", "Kennzahlen", "Nachweis", "kennzahlen", EVERYBODY, 95)
ASKED, SEARCH = "kennzahl", "suche"
AREA, POPULATION, SOURCE = "bereich", "grundgesamtheit", "quelle"
FILTERS = (AREA, POPULATION, SOURCE)
NO_CHOICE: Mapping[str, None] = dict.fromkeys((SEARCH, *FILTERS))
SEARCHED = "Gesucht wird in Nummer, Name, Bedeutung, Grundgesamtheit, Quellen, Zuständigen und Seiten."
NONE_CHOSEN = "Keine Kennzahlen für diese Auswahl."


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part of the page needs: the door, who asks, the address, what is looked for."""

    services: Services
    viewer: Viewer
    params: Mapping[str, str]
    choice: kennzahlen.Choice
    about: Mapping[str, kennzahlen.About]
    places: Mapping[str, tuple[Place, ...]]

    @property
    def catalog(self) -> Catalog:
        """All definitions."""
        return self.services.catalog

    def day(self, result: MetricResult) -> str:
        """Datenstand of a figure as day."""
        if result.as_of is None:
            return formats.MISSING
        return formats.day(result.as_of.astimezone(self.services.settings.zone).date())


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The catalogue, above it the sheet of the figure asked for."""
    desk = _desk(services, viewer, params)
    ask = (lambda metric_id: services.query(viewer, metric_id)) if viewer.sees_figures else None
    groups = kennzahlen.areas(desk.catalog, desk.choice, ask, desk.day, desk.about)
    shown, total = kennzahlen.count(groups), len(kennzahlen.current(desk.catalog))
    bold = messages_nachweis.catalogue(shown, total, desk.choice.words, desk.choice.is_set)
    rest = "" if desk.choice.is_set else "Jede wird nach genau dieser Beschreibung gezählt."
    parts = [page_head(PAGE.title, bold=bold, rest=rest)]
    metric = services.catalog.metrics.get(params.get(ASKED, ""))
    if metric is not None:
        title, sheet_of = metric.definition.label, metric
        parts.append(region("Steckbrief", guarded(title, lambda: _sheet(desk, sheet_of))))
    found = html.Div(_catalogue(desk, groups), **data(announce=bold))
    return html.Div([*parts, _search(desk), _filters(desk), found, _further(viewer)], className="stack")


def _desk(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Desk:
    places = _places(services)
    used = {metric_id: tuple(p.title for p in found) for metric_id, found in places.items()}
    subjects = {name for metric in services.catalog.metrics.values() for name in metric.subjects}
    about = kennzahlen.abouts(services.catalog, deliverers(services, subjects), used)
    sources = {name for item in about.values() for name in item.sources}
    choice = kennzahlen.Choice(
        kennzahlen.cleaned(params.get(SEARCH)),
        _known(params, AREA, {metric.area for metric in services.catalog.metrics.values()}),
        _known(params, POPULATION, services.catalog.populations),
        _known(params, SOURCE, sources),
    )
    return Desk(services, viewer, params, choice, about, places)


def _known(params: Mapping[str, str], name: str, allowed: Container[str]) -> str | None:
    value = params.get(name)
    return value if value in allowed else None


def _places(services: Services) -> Mapping[str, tuple[Place, ...]]:
    """Read once for each published state; before the first one there is nothing to be shown."""
    try:
        name = services.snapshot().name
    except IsekError:
        return {}
    return services.cache.get_or_compute(
        ("places", name), lambda: shown_on(services, portal_pages(services), except_for=PAGE.id)
    )


def _places_of(desk: Desk, metric: Metric) -> tuple[Place, ...]:
    """The places of one figure with its cards."""
    if metric.id not in desk.places:
        return ()
    return places_of(desk.services, metric.id, portal_pages(desk.services), except_for=PAGE.id)


def _search(desk: Desk) -> Component:
    """A plain form: works by keyboard and without script, leaves an address that restores the search."""
    kept = [
        dcc.Input(type="hidden", name=name, value=value)
        for name, value in desk.params.items()
        if name in (ASKED, *FILTERS)
    ]
    field = dcc.Input(
        id="kennzahl-suche", type="search", name=SEARCH, value=desk.choice.words, className="field",
        maxLength=80,
    )  # fmt: skip
    button = html.Button([icon("search", small=True), html.Span("Suchen")], type="submit", className="button")
    label = html.Label("Kennzahl suchen", htmlFor="kennzahl-suche", className="field-label")
    return html.Form(
        [label, *kept, field, button, html.P(SEARCHED, className="field-note")],
        action=PAGE.path, method="GET", className="search-form", role="search",
        **aria(label="Im Verzeichnis der Kennzahlen"),
    )  # fmt: skip


def _filters(desk: Desk) -> Component:
    metrics = kennzahlen.current(desk.catalog)
    areas = [(area, kennzahlen.AREAS.get(area, area)) for area in kennzahlen.area_order(metrics)]
    populations = {m.definition.population: desk.about[m.id].population for m in metrics}
    sources = {name: title for m in metrics for name, title in desk.about[m.id].sources.items()}
    menus = [
        _menu(desk, "Bereich", AREA, areas),
        _menu(desk, "Grundgesamtheit", POPULATION, _by_title(populations)),
        _menu(desk, "Quelle", SOURCE, _by_title(sources)),
    ]
    reset = reset_link(PAGE.path, desk.params, (SEARCH, *FILTERS))
    return filter_bar(*menus, *([reset] if reset else []))


def _by_title(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda item: item[1].casefold())


def _menu(desk: Desk, label: str, name: str, options: Sequence[tuple[str, str]]) -> Component:
    return menu(label, choices(PAGE.path, desk.params, name, [(None, texts.ALL), *options]))


def _further(viewer: Viewer) -> Component:
    known = {page.path for page in allowed_pages(discover_pages(), viewer)}
    links = (
        ("Was die Tabellen enthalten, aus denen gezählt wird: Datenmodell", "/datenmodell"),
        ("Was Ratsvorlagen sagen und was daran nicht zusammenpasst: Vorlagen & Aussagen", "/vorlagen"),
        ("Rechnungen mit Annahmen, die sich ändern lassen: Modelle", "/modelle"),
        ("Zahlen, die für eine Vorlage festgeschrieben sind: Festgeschriebene Zahlen", "/zahl"),
    )
    items = [html.Li(text_link(label, href)) for label, href in links if href in known]
    return card("Dazu gehört", html.Ul(items, className="plain-list"))


def _catalogue(desk: Desk, groups: tuple[kennzahlen.Area, ...]) -> Component:
    if not groups:
        what = f"Keine Kennzahl passt zu „{desk.choice.words}“." if desk.choice.words else NONE_CHOSEN
        link = ("Suche und Filter zurücksetzen", address(PAGE.path, desk.params, **NO_CHOICE))
        return card("Verzeichnis", empty(what, link=link))
    return region("Verzeichnis", [_area(group, desk) for group in groups], class_name="stack")


def _area(group: kennzahlen.Area, desk: Desk) -> Component:
    columns = [Column("Nummer"), Column("Kennzahl"), Column("Frage, Grundgesamtheit und Fassung")]
    if desk.viewer.sees_figures:
        columns += [Column("Wert", "right"), Column("Bewertung"), Column("Datenstand"), Column("Herkunft")]
    rows = [_row(entry, desk.params) for entry in group.entries]
    body = table(f"Kennzahlen: {group.title}", columns, rows, class_name="table-catalogue")
    return card(group.title, body, flush=True)


def _row(entry: kennzahlen.Entry, params: Mapping[str, str]) -> list[Component | str]:
    href = f"{address(PAGE.path, params, kennzahl=entry.id)}#{entry.id}"
    cells: list[Component | str] = [
        entry.number,
        html.A(entry.label, href=href, className="row-link"),
        html.Div([entry.question, html.Span(entry.note, className="row-note")]),
    ]
    if entry.value is None:
        return cells
    return [*cells, *_value_cells(entry.id, entry.value, params)]


def _value_cells(metric_id: str, value: kennzahlen.Value, params: Mapping[str, str]) -> list[Component | str]:
    if value.text == formats.MISSING:
        note = value.note or formats.MISSING
        return [formats.MISSING, note, value.stand, formats.MISSING]
    stand: Component | str = status("warn", f"veraltet, {value.stand}") if value.stale else value.stand
    origin = html.A(
        ["Woher?", html.Span(" Woher kommt diese Zahl?", className="visually-hidden")],
        href=origin_address(PAGE.path, params, metric_id),
        className="quiet-link",
    )
    return [html.Strong(value.text), status(value.rating), stand, origin]


def _sheet(desk: Desk, metric: Metric) -> Component:
    services, viewer = desk.services, desk.viewer
    loads, today = _loads(services, metric)
    places = _places_of(desk, metric)
    used = [place.words for place in places]
    found = sheet(
        metric, services.catalog, one_per_source(loads), used, today=today, zone=services.settings.zone
    )
    value = None
    if viewer.sees_figures:
        value = kennzahlen.present_value(metric, lambda i: services.query(viewer, i), desk.day)
    head = [] if value is None else [_present(value)]
    close = address(PAGE.path, desk.params, kennzahl=None)
    known = {page.path for page in allowed_pages(portal_pages(services), viewer)}
    return sheet_card(found, head, places, known, close_href=close)


def _present(value: kennzahlen.Value) -> Component:
    words: list[Component | str] = [html.Strong(value.text), " ", badge(value.rating)]
    words += [f" Datenstand {value.stand}"] if not value.note else [f" {value.note}"]
    return html.P(words, className="sheet-value")


def _loads(services: Services, metric: Metric) -> tuple[tuple[Load, ...], Any]:
    try:
        snapshot = services.snapshot()
    except IsekError:
        return (), None
    return loads_of(snapshot, metric.subjects), snapshot.business_date


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services
