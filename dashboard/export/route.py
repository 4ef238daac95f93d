"""The route of exports: draws the page for the person who asks, with the filters of the address.

So an export holds the figures of the page, its rights and what it hides, by construction. It changes nothing
but the audit trail, which gets a line for each file that leaves the portal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dash.development.base_component import Component
from flask import Flask, Response, make_response, request

from dashboard.auth.forms import Forms
from dashboard.auth.guard import Guard, current_session, current_viewer
from dashboard.auth.viewer import Viewer
from dashboard.explorer.parameter import EXPLORER
from dashboard.export.csv_text import csv_bytes
from dashboard.export.explorer_route import NotMadeError, is_explorer
from dashboard.export.explorer_route import answer as explorer_answer
from dashboard.export.facts import Facts, facts, file_name
from dashboard.export.offer import CARD, EXPORT, FORMAT, PART
from dashboard.export.order_route import OrderRoutes
from dashboard.export.orders import OrderBook
from dashboard.export.paper import paper
from dashboard.export.picture import svg_text
from dashboard.export.throttle import BusyError, TooManyError, Turns
from dashboard.export.typeset import pdf_bytes, png_bytes
from dashboard.export.view import Card, exportable, read_card
from dashboard.export.workbook import xlsx_bytes
from dashboard.figures.chart import TableData
from dashboard.figures.still.axes import NotDrawableError
from dashboard.page import LONGEST_PATH, LONGEST_SEARCH, Page, PageModule, path_params, read_params
from dashboard.stichtag import begin, is_gone
from warehouse.errors import ContractError

if TYPE_CHECKING:
    from dashboard.services import Services

MOST_CELLS = 2_000_000
MOST_HEIGHT_PX = 12_000
AGAIN_S = 20
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}


TOO_LONG = "Die Adresse ist zu lang."


class RefusedError(Exception):
    """An export that is not made: status and German sentence."""

    def __init__(self, status: int, sentence: str, wait_s: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.wait_s = status, sentence, wait_s


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: page, its parameters, card („“ for the whole page), format, number of the table."""

    item: PageModule
    path: str
    params: Mapping[str, str]
    card: str
    form: str
    part: int


@dataclass(frozen=True, slots=True)
class Exports:
    """The view of the route, bound to one server."""

    services: Services
    guard: Guard
    forms: Forms
    turns: Turns

    def install(self, server: Flask) -> None:
        """Add the route to the server, and those of what is written in the background."""
        server.add_url_rule(f"{EXPORT}/", "export_start", self.answer, methods=["GET"])
        server.add_url_rule(f"{EXPORT}/<path:place>", "export", self.answer, methods=["GET"])
        book = OrderBook(self.services.settings.run_dir)
        OrderRoutes(self.services, self.guard, self.forms, book).install(server)

    def answer(self, place: str = "") -> Response:
        """Return the file, or a page that says why there is none."""
        viewer, session = current_viewer(), current_session()
        try:
            if is_explorer(place, request.args):
                return self._explorer(viewer, session.id_hash if session else "")
            wish = self._wish(viewer, f"/{place}")
            with self.turns.turn(session.id_hash if session else ""):
                return self._file(viewer, wish)
        except RefusedError as refused:
            return self._refuse(refused)
        except NotDrawableError:
            sentence = "Dieses Diagramm gibt es nur am Bildschirm. Seine Werte gibt es als Excel und CSV."
            return self._refuse(RefusedError(404, sentence))
        except TooManyError as error:
            sentence = "Sie haben in kurzer Zeit sehr viel exportiert. Bitte warten Sie einige Minuten."
            return self._refuse(RefusedError(429, sentence, error.wait_s))
        except BusyError:
            sentence = "Gerade laufen mehrere Exporte. Bitte versuchen Sie es gleich noch einmal."
            return self._refuse(RefusedError(503, sentence, AGAIN_S))

    def _wish(self, viewer: Viewer, path: str) -> Wish:
        if len(path) > LONGEST_PATH:
            raise RefusedError(400, TOO_LONG)
        params = _params()
        item = self.guard.require_page(viewer, path)
        card, form, part = params.pop(CARD, ""), params.pop(FORMAT, ""), params.pop(PART, "1")
        if form not in TYPES:
            raise RefusedError(400, "Dieses Format gibt es nicht. Möglich sind xlsx, csv, svg, png und pdf.")
        if bool(card) == (form == "pdf"):
            raise RefusedError(
                400, "Eine Karte gibt es als xlsx, csv, svg oder png, eine ganze Seite als pdf."
            )
        if not (part.isdecimal() and part.isascii() and len(part) < 4):
            raise RefusedError(400, "Die Nummer der Tabelle ist keine Zahl.")
        return Wish(item, path, params, card, form, int(part))

    def _file(self, viewer: Viewer, wish: Wish) -> Response:
        page = replace(wish.item.page, path=wish.path) if wish.item.page.parts else wish.item.page
        content = self._drawn(viewer, wish)
        about = facts(self.services, viewer, page, wish.params, content)
        card = _card(content, wish.card) if wish.card else None
        body = _made(content, about, card, wish)
        self._note(viewer, page, wish, about, len(body))
        response = make_response(body)
        response.headers["Content-Type"] = TYPES[wish.form]
        name = file_name(about, page, card, wish.form)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _explorer(self, viewer: Viewer, session: str) -> Response:
        """Files of the explorer itself: its pivot or its list, not what is drawn of them."""
        self.guard.require_page(viewer, EXPLORER)
        params = _params()
        form = params.pop(FORMAT, "")
        with self.turns.turn(session):
            try:
                return explorer_answer(self.services, self.forms, viewer, params, form)
            except NotMadeError as refused:
                wait_s = AGAIN_S if refused.status == 503 else 0
                raise RefusedError(refused.status, refused.sentence, wait_s) from None

    def _drawn(self, viewer: Viewer, wish: Wish) -> Component:
        try:
            wanted = begin(self.services, wish.item.page, wish.params)
        except ContractError as error:
            if not is_gone(error):
                raise
            raise RefusedError(404, "Von diesem Tag ist kein Stand aufbewahrt.") from None
        params = {**wanted, **path_params(wish.item.page, wish.path)}
        content: Component = wish.item.module.layout(self.services, viewer, params)
        return content

    def _note(self, viewer: Viewer, page: Page, wish: Wish, about: Facts, size: int) -> None:
        told = {
            "page": page.id, "path": wish.path, "card": wish.card, "format": wish.form,
            "filters": dict(wish.params), "snapshot": about.snapshot, "role": viewer.role, "bytes": size,
        }  # fmt: skip
        self.services.ledger.record(viewer.login or viewer.account_id, "export.made", told)

    def _refuse(self, refused: RefusedError) -> Response:
        title = {404: "Ansicht nicht gefunden", 429: "Zu viele Exporte", 503: "Gerade nicht möglich"}
        words = title.get(refused.status, "Export nicht möglich")
        response = make_response(self.forms.message(words, refused.sentence), refused.status)
        if refused.wait_s:
            response.headers["Retry-After"] = str(refused.wait_s)
        return response


def _params() -> dict[str, str]:
    """Return the parameters of the address; what is too long or too much is refused."""
    search = request.query_string.decode("utf-8", "replace")
    if len(search) > LONGEST_SEARCH:
        raise RefusedError(400, TOO_LONG)
    try:
        return dict(read_params(search))
    except ValueError:
        raise RefusedError(400, "Die Adresse enthält zu viele Angaben.") from None


def _card(content: Component, key: str) -> Card:
    node = exportable(content).get(key)
    if node is None:
        raise RefusedError(
            404, "Diese Karte gibt es in der Ansicht nicht. Vielleicht blendet ein Filter sie aus."
        )
    return read_card(key, node)


def _made(content: Component, about: Facts, card: Card | None, wish: Wish) -> bytes:
    if card is None:
        return pdf_bytes(paper(content, about))
    makers: Mapping[str, Callable[[], bytes]] = {
        "xlsx": lambda: xlsx_bytes(_with_tables(card), about),
        "csv": lambda: csv_bytes(_table(card, wish.part)),
        "svg": lambda: svg_text(_with_pictures(card), about).encode(),
        "png": lambda: png_bytes(svg_text(_with_pictures(card), about, fonts=False), card.title, times=2),
    }
    return makers[wish.form]()


def _with_tables(card: Card) -> Card:
    if not card.tables:
        raise RefusedError(404, "Diese Karte hat keine Tabelle.")
    if sum(len(table.rows) * len(table.columns) for table in card.tables) > MOST_CELLS:
        raise RefusedError(413, "Die Tabelle ist für einen Export zu groß. Bitte setzen Sie einen Filter.")
    return card


def _table(card: Card, part: int) -> TableData:
    tables = _with_tables(card).tables
    if not 1 <= part <= len(tables):
        raise RefusedError(404, "Diese Tabelle gibt es in der Karte nicht.")
    return tables[part - 1]


def _with_pictures(card: Card) -> Card:
    if not card.pictures:
        raise RefusedError(404, "Diese Karte hat kein Diagramm.")
    if sum(picture.height for picture in card.pictures) > MOST_HEIGHT_PX:
        raise RefusedError(413, "Das Diagramm ist für ein Bild zu groß. Bitte setzen Sie einen Filter.")
    return card
