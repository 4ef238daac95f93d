"""View „Liste“: the records themselves, with heads that sort, pages, search and the choice of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard import formats, texts
from dashboard.cockpits.datensaetze import cell_words, is_number, pages_of, record_href
from dashboard.components.attributes import aria, data
from dashboard.components.entry import text_field
from dashboard.components.filters import Choice, segments
from dashboard.components.icon import icon
from dashboard.components.layout import card_foot, card_head, text_link
from dashboard.components.states import empty
from dashboard.explorer.desk import Desk
from dashboard.explorer.parameter import EXPLORER, PAGE, SEARCH
from dashboard.explorer.selection import found_words, naming, place_words, records_of
from dashboard.explorer.state import params_of
from metrics.recordlist import RecordDefinition
from metrics.records import Records

if TYPE_CHECKING:
    from dash.development.base_component import Component

ROWS, USUAL_COLUMNS = 50, 8


def listing_part(desk: Desk) -> Component:
    """Records behind the question or behind the chosen cell; a sentence where there is no list of them."""
    found, why = _read(desk)
    if found is not None and not found.rows and desk.state.page > 1:
        desk = replace(desk, state=replace(desk.state, page=1))
        found, why = _read(desk)
    if found is None:
        body = empty(why or NO_LIST, link=("Als Pivot ansehen", desk.seen(view="pivot", page=1)))
        return html.Section(
            [card_head("Keine Liste"), html.Div(body, className="card-body")], className="card record-listing"
        )
    definition = desk.services.catalog.record_list(found.list_id).definition
    title = found_words(desk, found)
    parts = [card_head(title, _subtitle(desk, found)), _controls(desk, definition)]
    notes = [html.P(note, className="field-note") for note in found.notes]
    shown = [_body(desk, definition, found), *notes]
    parts.append(html.Div(shown, className="card-body card-body-flush"))
    parts.append(card_foot(_source(desk), _pager(desk, found.total)))
    last = pages_of(found.total, ROWS)
    return html.Section(
        parts,
        className="card record-listing",
        **data(announce=f"{title}, Seite {desk.state.page} von {last}"),
    )


NO_LIST = "Zu dieser Kennzahl gibt es keine Liste einzelner Datensätze."


def _read(desk: Desk) -> tuple[Records | None, str]:
    state = desk.state
    offset = (state.page - 1) * ROWS
    return records_of(desk, state.cell, limit=ROWS, offset=offset, order=order_of(desk), search=state.search)


def order_of(desk: Desk) -> list[str] | None:
    """The column asked for, if the list has it."""
    wanted = desk.state.sorting
    known = desk.services.catalog.lists.get(_list_id(desk))
    return [wanted] if known is not None and wanted.removeprefix("-") in known.definition.columns else None


def _list_id(desk: Desk) -> str:
    if desk.is_list:
        return desk.dataset.subject
    place = desk.state.cell[2] if desk.state.cell else 0
    metric = desk.services.catalog.metrics.get(desk.question.measures[place].subject)
    behind = metric.definition.records if metric is not None else None
    return behind.list if behind is not None else ""


def _subtitle(desk: Desk, found: Records) -> str:
    first = (desk.state.page - 1) * ROWS
    span = f"{formats.number(first + 1)} bis {formats.number(first + len(found.rows))}" if found.rows else ""
    where = place_words(desk, desk.state.cell) if desk.state.cell else ""
    return " · ".join(part for part in (where, span) if part)


def _controls(desk: Desk, definition: RecordDefinition) -> Component:
    every = desk.state.every_column
    parts: list[Component] = [_search(desk)]
    if len(definition.columns) > USUAL_COLUMNS:
        parts.append(
            segments("Spalten", [
                Choice("wichtigste Spalten", desk.seen(every_column=False), not every),
                Choice("alle Spalten", desk.seen(every_column=True), every),
            ])
        )  # fmt: skip
    if desk.state.cell is not None:
        parts.append(text_link("Auswahl der Zelle aufheben", desk.seen(cell=None, page=1)))
    return html.Div(parts, className="listing-controls")


def _search(desk: Desk) -> Component:
    kept = {name: text for name, text in params_of(desk.state).items() if name not in (SEARCH, PAGE)}
    hidden = [dcc.Input(type="hidden", name=name, value=text) for name, text in kept.items()]
    field = text_field("In der Liste suchen", SEARCH, desk.state.search, "explorer-suche")
    button = html.Button([icon("search", small=True), html.Span("Suchen")], type="submit", className="button")
    return html.Form(
        [*hidden, field, button], action=EXPLORER, method="GET", className="search-form", role="search",
        **aria(label="In der Liste suchen"),
    )  # fmt: skip


def _body(desk: Desk, definition: RecordDefinition, found: Records) -> Component:
    if not found.rows:
        return empty(
            "Keine Datensätze für diese Auswahl.",
            link=("Suche und Auswahl aufheben", desk.seen(cell=None, search="", page=1)),
        )
    names = naming(definition)
    if not desk.state.every_column:
        names = names[:USUAL_COLUMNS]
    else:
        names = (*names, *(name for name in definition.key if name not in names))
    parts = [
        html.Caption(definition.label, className="visually-hidden"),
        html.Thead(html.Tr([_head(desk, definition, name) for name in names])),
        html.Tbody([_row(desk, definition, found.list_id, names, row) for row in found.dicts()]),
    ]
    table = html.Table(parts, className="table table-records")
    return html.Div([table], className="table-scroll", **data(caption=definition.label))


def _head(desk: Desk, definition: RecordDefinition, name: str) -> Component:
    column = definition.columns[name]
    present = desk.state.sorting or next(iter(definition.order), "")
    mine, falling = present.removeprefix("-") == name, present.startswith("-")
    turned = name if not mine or falling else f"-{name}"
    arrow = [icon("down", small=True)] if mine else []
    link = html.A([column.label, *arrow], href=desk.seen(sorting=turned, page=1), className="sort-link")
    spoken = ("descending" if falling else "ascending") if mine else None
    align = "to-right" if is_number(column) else "to-left"
    return html.Th(link, scope="col", className=align, **aria(sort=spoken))


def _row(
    desk: Desk, definition: RecordDefinition, list_id: str, names: tuple[str, ...], row: Mapping[str, Any]
) -> Component:
    zone, units = desk.services.settings.zone, desk.words.units
    texts_ = [cell_words(definition.columns[name], row[name], units, zone) for name in names]
    href = record_href(definition, list_id, row)
    head: Component | str = html.A(texts_[0], href=href, className="row-link") if href else texts_[0]
    cells = [
        html.Td(words, className="to-right" if is_number(definition.columns[name]) else "to-left")
        for name, words in zip(names[1:], texts_[1:], strict=True)
    ]
    return html.Tr([html.Th(head, scope="row", className="to-left"), *cells])


def _source(desk: Desk) -> Component:
    stand = formats.day(desk.today)
    return html.Span(f"Stand {stand} · {texts.plural(ROWS, 'Zeile', 'Zeilen')} je Seite")


def _pager(desk: Desk, total: int) -> Component:
    page, last = desk.state.page, pages_of(total, ROWS)
    steps = [("Erste Seite", 1), ("Vorige Seite", page - 1)] if page > 1 else []
    after = [("Nächste Seite", page + 1), ("Letzte Seite", last)] if page < last else []
    told = html.Span(f"Seite {formats.number(page)} von {formats.number(last)}")
    links, more = ([_page_link(desk, *entry) for entry in entries] for entries in (steps, after))
    return html.Nav([*links, told, *more], className="pager", **aria(label="Seiten der Liste"))


def _page_link(desk: Desk, label: str, number: int) -> Component:
    return text_link(label, desk.seen(page=number))
