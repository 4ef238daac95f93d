"""A small city with the explorer, many bookings and a process that writes ordered exports."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.export.explorer_route import ORDERS
from dashboard.export.order_work import run_orders
from dashboard.export.orders import Order, OrderBook
from dashboard.pages import explorer, exporte
from dashboard.services import Services
from dashboard.settings import load_settings
from metrics.catalog import load_catalog
from tests.export_town import ExportTown, export_town
from tests.services_city import OneSnapshot, services_city
from tests.web_city import ORIGIN, hidden
from warehouse.ledger import Ledger

BOOKINGS = {"daten": "liste:bookings", "ansicht": "liste"}


@dataclass(frozen=True)
class Desk:
    """The served city and the order book of its people."""

    town: ExportTown
    book: OrderBook

    def export(self, client: FlaskClient, form: str, **params: str) -> TestResponse:
        """Ask for a file of the explorer."""
        return client.get("/ausfuhr/explorer", query_string={**params, "als": form})

    def order(self, client: FlaskClient, form: str = "csv", **params: str) -> TestResponse:
        """Press the button of the page that offers a long export."""
        page = self.export(client, form, **{**BOOKINGS, **params})
        assert page.status_code == 200 and "Im Hintergrund erstellen" in page.text, page.text
        sent = {name: hidden(page, name) for name in ("csrf", "als")}
        sent["ansicht"] = hidden(page, "ansicht").replace("&amp;", "&")
        return client.post(ORDERS, data=sent, headers=ORIGIN)

    def token(self, client: FlaskClient) -> str:
        """The token forms of this session carry."""
        return hidden(self.export(client, "csv", **BOOKINGS), "csrf")

    def press(self, client: FlaskClient, order: Order, what: str) -> TestResponse:
        """Press a button of the page „Exporte“."""
        sent = {"csrf": self.token(client)}
        return client.post(f"{ORDERS}/{order.id}/{what}", data=sent, headers=ORIGIN)

    def fetch(self, client: FlaskClient, order: Order) -> TestResponse:
        """Fetch a finished file."""
        return client.get(f"{ORDERS}/{order.id}/datei")

    def newest(self) -> Order:
        """The order placed last."""
        return self.book.all()[0]

    def work(self) -> None:
        """Write what waits, as the process does; in a thread, so that signals stay those of the tests."""
        settings, services = self.town.services.settings, self.town.services
        thread = threading.Thread(target=run_orders, args=(settings, lambda: services), kwargs={"once": True})
        thread.start()
        thread.join()


def make_desk(folder: Path, bookings: int) -> Desk:
    """Build the city with so many bookings."""
    town = export_town(folder, services_city, (explorer, exporte))
    add_bookings(town.services, bookings)
    return Desk(town, OrderBook(town.services.settings.run_dir))


def add_bookings(services: Services, count: int) -> None:
    """Put bookings straight into the table the list reads."""
    connection: Any = services.snapshot()._connection
    connection.execute(
        """INSERT INTO stage.booking (booking_id, haushaltsjahr, plan_art, produkt, position_id, sachkonto,
        kostenstelle, booked_on, amount_eur)
        SELECT 'B' || i, 2020 + i % 6, 'ergebnisplan', CAST(i % 400 AS VARCHAR), 'P' || i % 50,
            'Konto ' || i % 900, 'KST', DATE '2020-01-01' + CAST(i % 2000 AS INTEGER),
            CAST(i * 7 % 1000000 AS DECIMAL(18, 2)) / 100 - 4000
        FROM range(?) AS numbers(i)""",
        [count],
    )


def main(city: str, bookings: str) -> None:
    """Be the process for exports of a city another process has built."""
    os.umask(0o077)
    settings = load_settings(Path(city), {})
    scratch = Path(city).parent / f"arbeiter-{os.getpid()}"
    scratch.mkdir()
    snapshot = services_city(scratch).snapshot()

    def opened() -> Services:
        reader: Any = OneSnapshot(snapshot)
        services = Services(settings, load_catalog(settings.city), reader, Ledger(settings.ledger_url))
        add_bookings(services, int(bookings))
        return services

    run_orders(settings, opened, once=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
