"""A small city behind the whole application, so that exports are fetched as a browser fetches them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.viewer import Role, Viewer
from dashboard.export.tree import tables
from dashboard.export.view import exportable
from dashboard.page import PageModule
from dashboard.services import Services
from dashboard.settings import create_secret, load_settings
from tests.services_city import viewer_of
from tests.web_city import use_link
from warehouse.ledger import Ledger

PEOPLE: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("leitung", ()),
    ("controlling", ()),
    ("fachbereichsleitung", ("D1",)),
    ("verwaltung", ()),
)


@dataclass(frozen=True)
class ExportTown:
    """Services, ledger and server of one city; one account per role."""

    services: Services
    ledger: Ledger
    server: Flask

    def client(self, role: str) -> FlaskClient:
        """A browser signed in with a role."""
        client = self.server.test_client()
        token = issue_link(self.ledger, self.services.settings, known_account(self.ledger, role))
        assert use_link(client, token).status_code == 303
        return client

    def content(self, page: Any, role: Role, **params: str) -> Any:
        """The page as it is drawn for a role."""
        return page.layout(self.services, self.viewer(role), params)

    def viewer(self, role: Role) -> Viewer:
        """The person of a role."""
        return viewer_of(role, *dict(PEOPLE)[role])


def export_town(
    folder: Path, build: Callable[..., Services], pages: tuple[Any, ...], *, example: bool = True
) -> ExportTown:
    """Put the application on top of a small city."""
    services = build(folder)
    city = services.settings.city
    sign = "example = true\n" if example else ""
    (city / "portal.toml").write_text(f'name = "Kleinstadt"\nags = "01001000"\n{sign}', encoding="utf-8")
    create_secret(city)
    kept = {"budget": services.settings.budget, "leitkennzahlen": services.settings.leitkennzahlen}
    services.settings = load_settings(city, {}).model_copy(update=kept)
    services.ledger = Ledger(services.settings.ledger_url)
    for role, units in PEOPLE:
        add_account(
            services.ledger, services.settings, login=role, name=f"Person {role}", function="",
            role=role, units=units,
        )  # fmt: skip
    found = tuple(PageModule(page.PAGE, page) for page in pages)
    server = create_app(services.settings, services, found, lambda s, v, p, q, content: content)
    return ExportTown(services, services.ledger, server)


def fetch(client: FlaskClient, path: str, card: str, form: str, **params: str) -> TestResponse:
    """Ask for an export."""
    chosen = {"karte": card, "als": form, **params} if card else {"als": form, **params}
    return client.get(f"/ausfuhr{path}", query_string=chosen)


def shown_rows(content: Any, card: str) -> list[list[str]]:
    """Rows of a card's first table as the screen shows them."""
    table = tables(exportable(content)[card])[0]
    return [[str(text) for text in row] for row in table.rows]


def csv_rows(answer: TestResponse) -> list[list[str]]:
    """Lines of an exported CSV."""
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def workbook(answer: TestResponse) -> Any:
    """An exported workbook."""
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))
