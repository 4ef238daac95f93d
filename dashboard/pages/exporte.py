"""Exporte: what somebody ordered, how far it is, and the finished files for a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, live
from dashboard.auth.guard import form_token
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.attributes import aria, data
from dashboard.components.layout import card, link_action, page_head, region, text_link
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.export.explorer_route import FORM_WORDS, ORDERS
from dashboard.export.order_words import rows_words, state_words
from dashboard.export.order_work import lock_path
from dashboard.export.orders import KEPT, OPEN, Order, OrderBook
from dashboard.figures.chart import Column
from dashboard.jobs.locks import is_held
from dashboard.page import Page
from dashboard.texts import plural

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("auftraege", ORDERS, "Exporte", "Fuß", "table", ALL_COCKPITS, 925)
HEADS = (
    *(Column(head) for head in ("Inhalt", "Format", "Bestellt", "Stand")),
    Column("Zeilen", "right"),
    *(Column(head) for head in ("Datei", "Löschung", "Handlung")),
)
NOTHING = (
    "Sie haben keine Exporte bestellt. Lange Listen des Explorers entstehen im Hintergrund und liegen "
    "dann einen Tag lang hier."
)
SILENT = "Der Dienst für Exporte läuft gerade nicht. Bitte sagen Sie der Fachadministration Bescheid."


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The orders of this person, the newest first; other people's are not even counted by name."""
    del params
    live.note("orders")
    book = OrderBook(services.settings.run_dir)
    mine = book.of(viewer.account_id)
    is_open = any(order.state in OPEN for order in mine)
    head = page_head(
        PAGE.title,
        bold=_lead(mine),
        rest=f"Fertige Dateien werden nach {KEPT.total_seconds() / 3600:.0f} Stunden gelöscht.",
        actions=[link_action("Stand aktualisieren", ORDERS)] if is_open else [],
    )
    if not mine:
        body = card("Bestellungen", empty(NOTHING, link=("Zum Explorer", "/explorer")))
        return html.Div([head, region("Verzeichnis", body)], className="stack")
    silent = is_open and not is_held(lock_path(services.settings))
    warning = [html.P(SILENT, role="alert", className="orders-silent")] if silent else []
    places = {order.id: place for place, order in enumerate(book.queue(), start=1)}
    rows = [_row(services, order, places) for order in mine]
    body = card("Bestellungen", table("Bestellte Exporte", HEADS, rows), flush=True)
    return html.Div([head, *warning, region("Verzeichnis", body)], className="stack orders")


def register(app: Any, services: Services) -> None:
    """Forms and files have routes of their own, see dashboard/export/order_route.py."""
    del app, services


def _lead(mine: Sequence[Order]) -> str:
    ready = sum(order.state == "fertig" for order in mine)
    waiting = sum(order.state in OPEN for order in mine)
    done = plural(ready, "Datei liegt bereit", "Dateien liegen bereit", "Noch keine Datei liegt bereit")
    return f"{done}, {plural(waiting, 'Export ist', 'Exporte sind', 'kein Export ist')} in Arbeit."


def _row(services: Services, order: Order, places: Mapping[str, int]) -> tuple[Component | str, ...]:
    zone = services.settings.zone
    return (
        order.title,
        FORM_WORDS[order.form],
        formats.stand(order.placed_at, zone),
        _state(order, places),
        html.Span(rows_words(order), **data(order_rows=order.id)),
        _file(order),
        formats.stand(order.expires_at, zone) if order.expires_at else formats.MISSING,
        _action(order),
    )


def _state(order: Order, places: Mapping[str, int]) -> Component | str:
    said = state_words(order, places)
    if order.state not in OPEN:
        return said
    parts: list[Component | str] = [html.Span(said, **data(order_state=order.id))]
    if order.state == "laeuft":
        marks = {**aria(label=f"{order.title}: Fortschritt"), **data(order_bar=order.id)}
        parts += [" ", html.Progress(value=str(order.done), max=str(order.total), **marks)]
    return html.Span(parts)


def _file(order: Order) -> Component | str:
    if order.state != "fertig":
        return formats.MISSING
    size = max(order.size / 1_000_000, 0.1)
    return text_link(f"{order.name} ({formats.number(size, 1)} MB)", f"{ORDERS}/{order.id}/datei")


def _action(order: Order) -> Component:
    """A plain form: cancel what is open, delete what is over."""
    word, way = ("Abbrechen", "abbrechen") if order.state in OPEN else ("Löschen", "loeschen")
    button = html.Button(word, type="submit", className="button", **aria(label=f"{order.title}: {word}"))
    token = dcc.Input(type="hidden", name="csrf", value=form_token())
    return html.Form([token, button], action=f"{ORDERS}/{order.id}/{way}", method="POST")
