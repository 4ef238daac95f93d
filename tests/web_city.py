"""A server with three made-up pages, so that guard and sign-in are tested without the cockpits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from dash import Input, Output, dcc, html
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.guard import current_viewer, form_token
from dashboard.auth.rights import ALL_COCKPITS, EVERYBODY
from dashboard.auth.viewer import Viewer
from dashboard.page import Page, PageModule
from dashboard.services import Services
from dashboard.settings import Settings, create_secret, load_settings
from metrics.catalog import Catalog
from warehouse.errors import ConfigError
from warehouse.ledger import Ledger
from warehouse.store import SnapshotReader

ORIGIN = {"Origin": "http://localhost"}
PASSWORD = "Regenschirm tanzt im Ratssaal 7"
PEOPLE = (
    ("leitung", "leitung", ()),
    ("fachbereich", "fachbereichsleitung", ("DEZ4",)),
    ("controlling", "controlling", ()),
    ("verwaltung", "verwaltung", ()),
)
CANARY = "geheimnis-der-budgetseite"


@dataclass
class WebCity:
    """Server, ledger and settings of one test; `drawn` collects what pages were asked to draw."""

    settings: Settings
    ledger: Ledger
    server: Flask
    drawn: list[tuple[str, Viewer, Mapping[str, str]]] = field(default_factory=list)

    def client(self) -> FlaskClient:
        """A browser without cookies."""
        return self.server.test_client()

    def signed_in(self, login: str) -> FlaskClient:
        """A browser that used a one-time link."""
        client = self.client()
        assert use_link(client, self.token(login)).status_code == 303
        return client

    def token(self, login: str) -> str:
        """A fresh one-time token."""
        return issue_link(self.ledger, self.settings, known_account(self.ledger, login))


def make_web_city(folder: Path, portal: str = "") -> WebCity:
    """Write a city with one account per role and start its server."""
    (folder / "portal.toml").write_text('name = "Webstadt"\nags = "01001000"\n' + portal, encoding="utf-8")
    create_secret(folder)
    settings = load_settings(folder, {})
    ledger = Ledger(settings.ledger_url)
    for login, role, units in PEOPLE:
        add_account(
            ledger, settings, login=login, name=f"Person {login}", function="", role=role, units=units,
            password=PASSWORD if login == "leitung" else None,
        )  # fmt: skip
    reader = SnapshotReader(settings.warehouse_dir, temp_directory=settings.temp_dir)
    services = Services(settings, cast("Catalog", SimpleNamespace(metrics={}, lists={})), reader, ledger)
    drawn: list[tuple[str, Viewer, Mapping[str, str]]] = []
    pages = (
        _page(Page("start", "/", "Lagebild", roles=ALL_COCKPITS), drawn),
        _page(Page("budget", "/budget", "Budget streng", roles=frozenset({"leitung", "controlling"})), drawn),
        _page(Page("quellen", "/quellen", "Quellen", roles=EVERYBODY), drawn),
    )
    return WebCity(settings, ledger, create_app(settings, services, pages, _frame), drawn)


def _page(page: Page, drawn: list[Any]) -> PageModule:
    def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Any:
        drawn.append((page.id, viewer, params))
        if params.get("bruch") == "unerwartet":
            raise ZeroDivisionError("inneres")
        if params.get("bruch") == "einstellung":
            raise ConfigError("inneres", code="x")
        return html.Div([html.H1(page.title), html.P(CANARY if page.id == "budget" else "Inhalt")])

    def register(app: Any, services: Services) -> None:
        @app.callback(Output(f"{page.id}-aus", "children"), Input(f"{page.id}-ein", "value"))
        def answer(value: Any) -> str:
            if value == "bruch":
                raise ZeroDivisionError("inneres")
            return f"{current_viewer().role}:{value}"

    return PageModule(page, cast("Any", SimpleNamespace(PAGE=page, layout=layout, register=register)))


def _frame(services: Services, viewer: Viewer, page: Page, params: Mapping[str, str], content: Any) -> Any:
    return html.Div([dcc.Link(page.title, href=page.path), content, html.Span(form_token(), id="csrf")])


def use_link(client: FlaskClient, token: str) -> TestResponse:
    """Open a one-time link and press its button."""
    page = client.get(f"/anmelden/link/{token}")
    csrf = hidden(page, "csrf")
    return client.post("/anmelden/link", data={"csrf": csrf, "token": token}, headers=ORIGIN)


def use_password(client: FlaskClient, login: str, password: str, **more: str) -> TestResponse:
    """Fill in the sign-in form."""
    csrf = hidden(client.get("/anmelden"), "csrf")
    data = {"csrf": csrf, "login": login, "passwort": password, **more}
    return client.post("/anmelden", data=data, headers=ORIGIN)


def hidden(page: TestResponse, name: str) -> str:
    """Value of a hidden field."""
    return page.text.split(f'name="{name}" value="')[1].split('"')[0]


def callback(client: FlaskClient, page: str, value: object = "x", **headers: str) -> TestResponse:
    """Post the callback of a page directly."""
    body = {
        "output": f"{page}-aus.children",
        "outputs": {"id": f"{page}-aus", "property": "children"},
        "inputs": [{"id": f"{page}-ein", "property": "value", "value": value}],
        "changedPropIds": [f"{page}-ein.value"],
        "state": [],
    }
    return client.post("/_dash-update-component", json=body, headers={**ORIGIN, **headers})


def navigate(client: FlaskClient, path: str, search: str = "") -> TestResponse:
    """Post the routing callback as the browser does after a click."""
    body = {
        "output": "rahmen.children",
        "outputs": {"id": "rahmen", "property": "children"},
        "inputs": [
            {"id": "ort", "property": "pathname", "value": path},
            {"id": "ort", "property": "search", "value": search},
        ],
        "changedPropIds": ["ort.pathname"],
        "state": [],
    }
    return client.post("/_dash-update-component", json=body, headers=ORIGIN)


def page_html(answer: TestResponse) -> str:
    """What a browser is given of a page, references to characters resolved."""
    children = answer.get_json()["response"]["rahmen"]["children"]
    return unescape(str(children["props"]["html"]))


def field_of(page: str, name: str) -> str:
    """Value of a field of a page as a browser is given it."""
    fields = (field for field in re.findall(r"<input [^>]*>", page) if f' name="{name}"' in field)
    return str(re.findall(r' value="([^"]*)"', next(fields))[0])
