"""Orders of long exports on the web: place, look, cancel, fetch, delete; another person's order is a 404."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, current_app, jsonify, make_response, redirect, request, send_file

from dashboard.auth.forms import Forms
from dashboard.auth.guard import ORDERS_STATE, Guard, current_viewer, form_token, same_token
from dashboard.auth.viewer import Viewer
from dashboard.export.explorer_asked import PAGE as EXPLORER_PAGE
from dashboard.export.explorer_asked import listing
from dashboard.export.explorer_route import (
    AT_ONCE_ROWS,
    ORDERS,
    TYPES,
    NotMadeError,
    file_name,
    not_made,
    read,
)
from dashboard.export.limit import MOST_ROWS
from dashboard.export.order_run import LOST_RIGHT, has_right
from dashboard.export.order_words import rows_words, state_words
from dashboard.export.orders import MOST_WAITING, OPEN, FullQueueError, Order, OrderBook
from dashboard.page import LONGEST_SEARCH, read_params
from warehouse.errors import AccessError, ConfigError, RetriableError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.services import Services

log = logging.getLogger("isek.export")
FULL = f"Von Ihnen warten schon {MOST_WAITING} Exporte. Bitte warten Sie, bis einer fertig ist."
NOT_NOTED = (
    "Der Server kann die Bestellung gerade nicht speichern. Bitte versuchen Sie es später noch einmal oder "
    "sagen Sie der Fachadministration Bescheid."
)
AGAIN_S = 60
WRITTEN = frozenset({"xlsx", "csv", "csv-int", "parquet"})


class _NotNotedError(Exception):
    """The disk takes no order."""


@dataclass(frozen=True, slots=True)
class OrderRoutes:
    """The views, bound to one server."""

    services: Services
    guard: Guard
    forms: Forms
    book: OrderBook

    def install(self, server: Flask) -> None:
        """Add the routes; the page itself is drawn by the application."""
        server.add_url_rule(ORDERS, "orders", self.page, methods=["GET"])
        server.add_url_rule(ORDERS_STATE, "order_states", self.states, methods=["GET"])
        server.add_url_rule(ORDERS, "order_place", self.place, methods=["POST"])
        server.add_url_rule(f"{ORDERS}/<order_id>/datei", "order_file", self.fetch, methods=["GET"])
        server.add_url_rule(f"{ORDERS}/<order_id>/abbrechen", "order_cancel", self.cancel, methods=["POST"])
        server.add_url_rule(f"{ORDERS}/<order_id>/loeschen", "order_remove", self.remove, methods=["POST"])

    def page(self) -> Any:
        """The page „Exporte“, behind the same door as every page."""
        self.guard.require_page(current_viewer(), ORDERS)
        return current_app.view_functions["/<path:path>"](path=ORDERS.lstrip("/"))

    def states(self) -> Response:
        """How far the open orders of this person are, for the page that asks by itself."""
        viewer = current_viewer()
        self.guard.require_page(viewer, ORDERS)
        places = {order.id: place for place, order in enumerate(self.book.queue(), start=1)}
        mine = [order for order in self.book.of(viewer.account_id) if order.state in OPEN]
        told = [
            {
                "id": order.id,
                "state": state_words(order, places),
                "rows": rows_words(order),
                "done": order.done,
            }
            for order in mine
        ]
        return jsonify(told)

    def place(self) -> BaseResponse:
        """Take in an order for a view; the address is read again, nothing of it is believed."""
        viewer = self._checked()
        search, form = request.form.get("ansicht", ""), request.form.get("als", "")
        if len(search) > LONGEST_SEARCH or form not in WRITTEN:
            abort(400)
        try:
            self._take(viewer, dict(read_params(search)), form)
        except ValueError:
            abort(400)
        except NotMadeError as refused:
            if refused.status == 503:
                return self._later("Gerade nicht möglich", refused.sentence, 503)
            return make_response(self.forms.message("Export nicht möglich", refused.sentence), refused.status)
        except FullQueueError:
            return self._later("Zu viele Exporte", FULL, 429)
        except _NotNotedError:
            return self._later("Gerade nicht möglich", NOT_NOTED, 503)
        return redirect(ORDERS, code=303)

    def _take(self, viewer: Viewer, params: dict[str, str], form: str) -> None:
        asked = read(self.services, viewer, params, form)
        if not asked.is_list:
            raise NotMadeError(400, "Nur lange Listen entstehen im Hintergrund.")
        try:
            found = listing(self.services, viewer, asked)
        except (ConfigError, AccessError, RetriableError) as error:
            raise not_made(error) from None
        if not AT_ONCE_ROWS < found.source.total <= MOST_ROWS:
            raise NotMadeError(413, "Diese Liste ist für den Hintergrund zu kurz oder zu lang.")
        account = self.services.ledger.account(viewer.account_id)
        if account is None:
            abort(403)
        order = Order(
            account=account.id, login=account.login, role=account.role, units=tuple(account.units),
            params=params, form=form, title=found.title, name=file_name(found.facts, found.title, form),
            total=found.source.total, snapshot=self.services.snapshot().name,
            placed_at=self.book.now(),
        )  # fmt: skip
        try:
            self.book.place(order)
        except OSError:
            log.exception("an order could not be noted")
            raise _NotNotedError from None
        self._note(viewer, "export.ordered", order)

    def fetch(self, order_id: str) -> BaseResponse:
        """The finished file, for whoever ordered it and still may see it."""
        viewer = current_viewer()
        order = self._own(viewer, order_id)
        path = self.book.file(order)
        expired = order.expires_at is not None and order.expires_at <= self.book.now()
        if path is None or expired:
            abort(404)
        if not has_right(self.services.ledger, order):
            return make_response(self.forms.message("Export nicht möglich", LOST_RIGHT), 403)
        try:
            file = path.open("rb")
        except FileNotFoundError:  # its day was over just now
            abort(404)
        self._note(viewer, "export.made", order)
        response: Response = send_file(
            file, mimetype=TYPES[order.form].partition(";")[0], as_attachment=True, download_name=order.name,
            conditional=False, etag=False, max_age=None,
        )  # fmt: skip
        response.headers["Content-Type"] = TYPES[order.form]
        response.content_length = order.size
        return response

    def cancel(self, order_id: str) -> BaseResponse:
        """Nobody wants it any more."""
        order = self._own(self._checked(), order_id)
        self.book.cancel(order)
        return redirect(ORDERS, code=303)

    def remove(self, order_id: str) -> BaseResponse:
        """Delete an order that is over, with its file."""
        order = self._own(self._checked(), order_id)
        if order.ended_at is None:
            abort(409)
        self.book.remove(order)
        return redirect(ORDERS, code=303)

    def _later(self, title: str, sentence: str, status: int) -> Response:
        response = make_response(self.forms.message(title, sentence), status)
        response.headers["Retry-After"] = str(AGAIN_S)
        return response

    def _checked(self) -> Viewer:
        viewer = current_viewer()
        self.guard.require_page(viewer, ORDERS)
        if not same_token(form_token(), request.form.get("csrf")):
            abort(403)
        return viewer

    def _own(self, viewer: Viewer, order_id: str) -> Order:
        self.guard.require_page(viewer, ORDERS)
        order = self.book.get(order_id)
        if order is None or order.account != viewer.account_id:
            abort(404)
        return order

    def _note(self, viewer: Viewer, what: str, order: Order) -> None:
        told = {
            "page": EXPLORER_PAGE.id, "path": EXPLORER_PAGE.path, "card": "", "format": order.form,
            "filters": order.params, "snapshot": order.snapshot, "role": viewer.role, "bytes": order.size,
            "rows": order.total, "order": order.id,
        }  # fmt: skip
        self.services.ledger.record(viewer.login or viewer.account_id, what, told)
