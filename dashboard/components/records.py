"""Tables of single records: heads that sort, rows that lead to a record, pages, search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.cockpits.datensaetze import (
    SIZES,
    USUAL_SIZE,
    View,
    cell_words,
    is_number,
    pages_of,
    record_href,
)
from dashboard.cockpits.einheiten import Units
from dashboard.components.attributes import aria, data
from dashboard.components.icon import icon
from dashboard.components.layout import text_link
from dashboard.drill_link import LISTS, ROWS, SEARCH
from metrics.records import Records


def record_table(
    view: View, found: Records, units: Units, zone: ZoneInfo, *, sortable: bool = True
) -> Component:
    """Table of the columns shown; its first cell names the record and leads to it."""
    caption = view.definition.label
    heads = [_head(view, name, sortable) for name in view.columns]
    parts = [
        html.Caption(caption, className="visually-hidden"),
        html.Thead(html.Tr(heads)),
        html.Tbody([_row(view, row, units, zone) for row in found.dicts()]),
    ]
    table = html.Table(parts, className="table table-records")
    return html.Div([table], className="table-scroll", **data(caption=caption))


def _head(view: View, name: str, sortable: bool) -> Component:
    column = view.definition.columns[name]
    align = "to-right" if is_number(column) else "to-left"
    if not sortable:
        return html.Th(column.label, scope="col", className=align)
    present = (view.order or next(iter(view.definition.order), "")) or ""
    mine = present.removeprefix("-") == name
    falling = mine and present.startswith("-")
    arrow = [icon("down", small=True)] if mine else []
    turned = name if not mine or falling else f"-{name}"
    link = html.A([column.label, *arrow], href=view.address(order=turned), className="sort-link")
    spoken = {True: "descending", False: "ascending"}[falling] if mine else None
    return html.Th(link, scope="col", className=align, **aria(sort=spoken))


def _row(view: View, row: Mapping[str, object], units: Units, zone: ZoneInfo) -> Component:
    first, *rest = view.columns
    columns = view.definition.columns
    href = record_href(view.definition, view.list_id, row)
    name = cell_words(columns[first], row[first], units, zone)
    head: Component | str = html.A(name, href=href, className="row-link") if href else name
    cells: list[Component] = [html.Th(head, scope="row", className="to-left")]
    for column in rest:
        words = cell_words(columns[column], row[column], units, zone)
        cells.append(html.Td(words, className="to-right" if is_number(columns[column]) else "to-left"))
    return html.Tr(cells)


def pager(view: View, total: int) -> Component:
    """„Seite 2 von 32“ between its neighbours; links, so that back works."""
    last = pages_of(total, view.size)
    parts: list[Component] = []
    if view.page > 1:
        parts += [
            text_link("Erste Seite", view.address(page=1)),
            text_link("Vorige Seite", view.address(page=view.page - 1)),
        ]
    parts.append(html.Span(f"Seite {formats.number(view.page)} von {formats.number(last)}"))
    if view.page < last:
        parts += [
            text_link("Nächste Seite", view.address(page=view.page + 1)),
            text_link("Letzte Seite", view.address(page=last)),
        ]
    return html.Nav(parts, className="pager", **aria(label="Seiten der Liste"))


def search_form(view: View) -> Component:
    """A plain form: works by keyboard, leaves an address that restores the search."""
    kept = [dcc.Input(type="hidden", name=name, value=text) for name, text in view.fields().items()]
    field = dcc.Input(
        id="liste-suche", type="search", name=SEARCH, value=view.search, className="field", maxLength=100
    )
    size = [dcc.Input(type="hidden", name=ROWS, value=str(view.size))] if view.size != USUAL_SIZE else []
    button = html.Button([icon("search", small=True), html.Span("Suchen")], type="submit", className="button")
    label = html.Label("In der Liste suchen", htmlFor="liste-suche", className="field-label")
    return html.Form(
        [label, *kept, *size, field, button],
        action=f"{LISTS}/{view.list_id}",
        method="GET",
        className="search-form",
        role="search",
        **aria(label=f"In der Liste {view.definition.label}"),
    )


def sizes(view: View) -> Sequence[tuple[str, str, bool]]:
    """Return (words, address, present) for the rows of a page."""
    return [(formats.number(size), view.address(size=size), size == view.size) for size in SIZES]
