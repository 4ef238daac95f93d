"""Kennzahlen: the catalogue, made from the definitions the figures are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, messages_nachweis
from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import kennzahlen
from dashboard.cockpits.aussagen import Statement, statement
from dashboard.cockpits.steckbrief import one_per_source, sheet
from dashboard.cockpits.usage import used_on
from dashboard.components.address import address, origin_address
from dashboard.components.guard import guarded
from dashboard.components.icon import badge, icon, status
from dashboard.components.layout import card, page_head, region, text_link
from dashboard.components.states import empty, forbidden
from dashboard.components.table import late_table, table
from dashboard.figures.chart import Column, TableData
from dashboard.page import Page, PageModule, discover_pages
from dashboard.pages._steckbrief import sheet_card
from metrics.catalog import Metric
from metrics.lineage import loads_of
from metrics.result import Load, MetricResult
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("kennzahlen", "/kennzahlen", "Kennzahlen", "Nachweis", "kennzahlen", EVERYBODY, 95)
ASKED, SEARCH = "kennzahl", "suche"
STATEMENTS = "statements"
ASK_FOR_DATA = "Fachadministration"


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The catalogue, above it the sheet of the figure asked for, below it what other towns say."""
    words = kennzahlen.cleaned(params.get(SEARCH))
    groups = _areas(services, viewer, words)
    total = kennzahlen.count(_areas(services, viewer, "")) if words else kennzahlen.count(groups)
    bold = messages_nachweis.catalogue(kennzahlen.count(groups), total, words)
    rest = "" if words else "Jede wird nach genau dieser Beschreibung gezählt."
    parts = [page_head(PAGE.title, bold=bold, rest=rest)]
    metric = services.catalog.metrics.get(params.get(ASKED, ""))
    if metric is not None:
        title = metric.definition.label
        sheet_of = metric
        parts.append(region("Steckbrief", guarded(title, lambda: _sheet(services, viewer, sheet_of, params))))
    parts += [
        _search(words, params),
        _catalogue(groups, viewer, words, params),
        _statements(services, viewer),
    ]
    return html.Div(parts, className="stack")


def _areas(services: Services, viewer: Viewer, words: str) -> tuple[kennzahlen.Area, ...]:
    ask = (lambda metric_id: services.query(viewer, metric_id)) if viewer.sees_figures else None
    return kennzahlen.areas(services.catalog, words, ask, lambda result: _day(services, result))


def _day(services: Services, result: MetricResult) -> str:
    if result.as_of is None:
        return formats.MISSING
    return formats.day(result.as_of.astimezone(services.settings.zone).date())


def _search(words: str, params: Mapping[str, str]) -> Component:
    """A plain form: works by keyboard, leaves an address that restores the search."""
    kept = [
        dcc.Input(type="hidden", name=name, value=value) for name, value in params.items() if name == ASKED
    ]
    field = dcc.Input(
        id="kennzahl-suche", type="search", name=SEARCH, value=words, className="field", maxLength=80
    )
    button = html.Button([icon("search", small=True), html.Span("Suchen")], type="submit", className="button")
    reset = [text_link("Suche zurücksetzen", address(PAGE.path, params, suche=None))] if words else []
    label = html.Label("Kennzahl suchen", htmlFor="kennzahl-suche", className="field-label")
    return html.Form(
        [label, *kept, field, button, *reset], action=PAGE.path, method="GET", className="search-form",
        role="search",
    )  # fmt: skip


def _catalogue(
    groups: tuple[kennzahlen.Area, ...], viewer: Viewer, words: str, params: Mapping[str, str]
) -> Component:
    if not groups:
        link = ("Suche zurücksetzen", address(PAGE.path, params, suche=None))
        return card("Verzeichnis", empty(f"Keine Kennzahl passt zu „{words}“.", link=link))
    cards = [_area(group, viewer, params) for group in groups]
    return region("Verzeichnis", cards, class_name="stack")


def _area(group: kennzahlen.Area, viewer: Viewer, params: Mapping[str, str]) -> Component:
    columns = [Column("Nummer"), Column("Kennzahl"), Column("Frage")]
    if viewer.sees_figures:
        columns += [Column("Wert", "right"), Column("Bewertung"), Column("Datenstand"), Column("Herkunft")]
    rows = [_row(entry, params) for entry in group.entries]
    body = table(f"Kennzahlen: {group.title}", columns, rows, class_name="table-catalogue")
    return card(group.title, body, flush=True)


def _row(entry: kennzahlen.Entry, params: Mapping[str, str]) -> list[Component | str]:
    href = f"{address(PAGE.path, params, kennzahl=entry.id)}#{entry.id}"
    cells: list[Component | str] = [
        entry.number,
        html.A(entry.label, href=href, className="row-link"),
        entry.question,
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


def _sheet(services: Services, viewer: Viewer, metric: Metric, params: Mapping[str, str]) -> Component:
    loads, today = _loads(services, metric)
    pages = discover_pages()
    titles = [item.page.title for item in _shown_on(services, metric.id, pages)]
    found = sheet(
        metric, services.catalog, one_per_source(loads), titles, today=today, zone=services.settings.zone
    )
    value = None
    if viewer.sees_figures:
        value = kennzahlen.present_value(
            metric, lambda i: services.query(viewer, i), lambda r: _day(services, r)
        )
    head = [] if value is None else [_present(value)]
    return sheet_card(found, head, close_href=address(PAGE.path, params, kennzahl=None))


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


def _shown_on(services: Services, metric_id: str, pages: tuple[PageModule, ...]) -> list[PageModule]:
    leading = any(figure.metric == metric_id for figure in services.settings.leitkennzahlen)
    named = {item.page.id for item in used_on(metric_id, pages, except_for=PAGE.id)}
    return [p for p in pages if p.page.id in named or (leading and p.page.id == "start")]


STATEMENT_COLUMNS = (
    *(Column("Stadt"), Column("Vorlage"), Column("Gegenstand"), Column("Wert", "right"), Column("Einheit")),
    *(Column("Grundgesamtheit"), Column("Stichtag"), Column("Art der Angabe")),
)


def _statements(services: Services, viewer: Viewer) -> Component:
    title = "Aussagen aus Ratsvorlagen anderer Städte"
    return region(title, guarded(title, lambda: _statement_card(services, viewer, title)))


def _statement_card(services: Services, viewer: Viewer, title: str) -> Component:
    if not viewer.sees_figures:
        return card(title, forbidden(ASK_FOR_DATA))
    records = services.records(viewer, STATEMENTS, limit=500)
    if not records.rows:
        return card(title, empty("Noch sind keine Vorlagen erfasst."))
    rows = [_statement_cells(statement(row)) for row in records.dicts()]
    subtitle = "Wie die Vorlagen es sagen; „–“ heißt: nicht angegeben"
    metric_foot = f"{len(rows)} von {formats.number(records.total)} Aussagen, keine ist ein Wert dieser Stadt"
    body = late_table(TableData(title, STATEMENT_COLUMNS, tuple(rows)), class_name="table-statements")
    return card(title, body, subtitle=subtitle, foot=[metric_foot], flush=True)


def _statement_cells(item: Statement) -> tuple[str, ...]:
    return (
        item.city, item.paper, item.topic, item.value, item.unit, item.population, item.day, item.status,
    )  # fmt: skip


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services
