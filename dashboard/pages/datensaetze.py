"""Datensätze: lists of what is counted, page by page, with search, order and filters in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_drill
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.datensaetze import View, chosen_words, pages_of, read_view
from dashboard.cockpits.einheiten import Units
from dashboard.components.attributes import data
from dashboard.components.filters import Choice, filter_bar, menu, segments
from dashboard.components.icon import icon
from dashboard.components.layout import card, page_head, print_action, quiet_link, region, text_link
from dashboard.components.records import pager, record_table, search_form, sizes
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.drill_link import DRILL, LISTS, list_address
from dashboard.figures.chart import Column
from dashboard.page import Page
from metrics.definition import ORG_LEVELS
from metrics.drill import metrics_of_list
from metrics.records import Records
from metrics.result import Scope

if TYPE_CHECKING:
    from dashboard.services import Services

LIST = "liste"
PAGE = Page("datensaetze", LISTS, "Datensätze", "Fuß", "table", ALL_COCKPITS, 930, parts=(LIST,))


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """One page of the list the address names; without one all lists there are."""
    if LIST not in params:
        return _stack(page_head(PAGE.title, rest=INTRO), region("Listen", _lists(services)))
    known = services.catalog.lists.get(params[LIST])
    if known is None:
        words = empty(messages_drill.NO_LIST, link=("Alle Listen", LISTS))
        return _stack(page_head(PAGE.title), region("Auskunft", card("Keine Liste", words)))
    units = Units.of(services.records(viewer, "org_units", limit=10_000))
    view = read_view(params, known.id, known.definition, units)
    found = _read(services, viewer, view)
    if not found.rows and view.page > 1:
        view = replace(view, page=1)
        found = _read(services, viewer, view)
    return _page(services, viewer, view, found, units)


INTRO = "Jede Liste zeigt die einzelnen Datensätze, die hinter Kennzahlen stehen, mit Quelle und Zeile."


def register(app: Any, services: Services) -> None:
    """Everything the page shows stands in the address."""
    del app, services


def _read(services: Services, viewer: Viewer, view: View) -> Records:
    return services.records(
        viewer,
        view.list_id,
        where=view.conditions,
        limit=view.size,
        offset=view.offset,
        order=view.sorting,
        search=view.search,
    )


def _page(services: Services, viewer: Viewer, view: View, found: Records, units: Units) -> Component:
    words = messages_drill.rows_title(found.total)
    whose = _whose(view, viewer.scope, units)
    head = page_head(view.definition.label, bold=f"{words}.", rest=whose, actions=[print_action()])
    return _stack(
        head,
        _controls(view, units, _unit_choices(services, viewer, view, units)),
        region("Liste", _list_card(services, view, found, units, words)),
        region("Kennzahlen", _counted_in(services, view)),
    )


def _whose(view: View, scope: Scope, units: Units) -> str:
    if view.definition.scope == "city":
        return "Die Liste gilt für die ganze Stadt."
    return "" if scope.units is None else f"Gezeigt wird nur Ihr Bereich: {units.words(scope)}."


def _unit_choices(services: Services, viewer: Viewer, view: View, units: Units) -> list[Choice]:
    """Units that have records, as far as the viewer sees them."""
    if view.definition.scope != "organisation":
        return []
    present = next((value for value in view.unit.values() if value), None)
    mine = _seen(viewer.scope, units)
    options = [unit for unit, level in units.levels.items() if level == ORG_LEVELS[-1] and unit in mine]
    options = [*sorted(set(options) | {present} if present in units.names else options, key=units.names.get)]  # type: ignore[arg-type, list-item]
    everything = Choice("alle", view.address(unit={}, unit_params={}), present is None)
    return [
        everything,
        *(
            Choice(units.names[unit], view.address(unit_params={"einheit": unit}), unit == present)
            for unit in options
        ),
    ]


def _seen(scope: Scope, units: Units) -> set[str]:
    if scope.units is None:
        return set(units.levels)
    return {unit for unit in units.levels if scope.units & set(units.line(unit))}


def _controls(view: View, units: Units, unit_choices: list[Choice]) -> Component:
    parts: list[Component] = [search_form(view)]
    if len(unit_choices) > 2:
        parts.append(menu("Einheit", unit_choices))
    if len(view.definition.columns) > len(view.columns) or view.every:
        options = [
            Choice("wichtigste Spalten", view.address(every=False, page=view.page), not view.every),
            Choice("alle Spalten", view.address(every=True, page=view.page), view.every),
        ]
        parts.append(segments("Spalten", options))
    parts.append(menu("Zeilen je Seite", [Choice(*entry) for entry in sizes(view)]))
    return html.Div([filter_bar(*parts), *_chosen(view, units)])


def _chosen(view: View, units: Units) -> list[Component]:
    chosen = chosen_words(view, units)
    if not chosen:
        return []
    items = [
        html.Li(
            html.A(
                [
                    f"{label}: {words}",
                    icon("close", small=True),
                    html.Span(" entfernen", className="visually-hidden"),
                ],
                href=href,
                className="chip",
            )
        )
        for label, words, href in chosen
    ]
    reset = html.Li(text_link("Auswahl zurücksetzen", list_address(view.list_id)))
    return [html.Ul([*items, reset], className="chips")]


def _list_card(services: Services, view: View, found: Records, units: Units, words: str) -> Component:
    if not found.rows:
        why = "Keine Datensätze für diese Auswahl." if view.is_narrowed else "Noch keine Datensätze."
        link = ("Auswahl zurücksetzen", list_address(view.list_id)) if view.is_narrowed else None
        return card(view.definition.label, empty(why, link=link))
    first = view.offset + 1
    last = view.offset + len(found.rows)
    subtitle = f"{formats.number(first)} bis {formats.number(last)} von {words}"
    page = f"Seite {view.page} von {pages_of(found.total, view.size)}"
    body = record_table(view, found, units, services.settings.zone)
    told = html.Div([body, pager(view, found.total)], **data(announce=f"{words}, {page}"))
    return card(view.definition.label, told, subtitle=subtitle, flush=True)


def _counted_in(services: Services, view: View) -> Component:
    metrics = metrics_of_list(services.catalog, view.list_id)
    if not metrics:
        return card("Zählt in", empty("Auf dieser Liste beruht noch keine Kennzahl."))
    items = [
        html.Li(text_link(f"{m.definition.number} {m.definition.label}", f"{DRILL}/{m.id}")) for m in metrics
    ]
    return card("Kennzahlen, die diese Datensätze zählen", html.Ul(items, className="plain-list"))


def _lists(services: Services) -> Component:
    heads = (Column("Liste"), Column("Gilt für"), Column("Spalten", "right"), Column("Kennzahlen", "right"))
    rows = [
        (
            html.A(item.definition.label, href=list_address(item.id), className="row-link"),
            "Einheiten" if item.definition.scope == "organisation" else "ganze Stadt",
            formats.number(len(item.definition.columns)),
            formats.number(len(metrics_of_list(services.catalog, item.id))),
        )
        for item in sorted(services.catalog.lists.values(), key=lambda item: item.definition.label)
    ]
    foot = [quiet_link("Kennzahlen und ihre Definitionen", "/kennzahlen")]
    return card("Alle Listen", table("Listen von Datensätzen", heads, rows), foot=foot, flush=True)


def _stack(*parts: Component) -> Component:
    return html.Div(list(parts), className="stack drill-page")
