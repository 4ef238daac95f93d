"""Programs that ask the interface of a served example city, and people who give them tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.api.route import PROGRAMS
from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link
from dashboard.auth.sessions import viewer_of
from dashboard.auth.tokens import Tokens
from dashboard.auth.viewer import Viewer
from dashboard.cli.stores import open_reader
from dashboard.search.pace import Pace
from dashboard.services import Services
from metrics.catalog import load_catalog
from tests.example_city import ExampleCity
from tests.web_city import use_link
from warehouse.ledger import Account, Ledger

API = "/api/v1"
ACCOUNTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("leitung", "leitung", ()),
    ("controlling", "controlling", ()),
    ("bauamt", "fachbereichsleitung", ("DEZ4",)),
    ("meldeamt", "fachbereichsleitung", ("FD32",)),
    ("verwaltung", "verwaltung", ()),
)


@dataclass
class Programs:
    """A server over the example city with a ledger of its own."""

    server: Flask
    services: Services
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        """Where accounts and tokens are kept."""
        return self.services.ledger

    def account(self, login: str) -> Account:
        """One of the people."""
        found = self.ledger.account_by_login(login)
        assert found is not None
        return found

    def viewer(self, login: str) -> Viewer:
        """The same as pages see them."""
        return viewer_of(self.account(login))

    def token(self, login: str) -> str:
        """The token a person uses for everything."""
        if login not in self.tokens:
            self.tokens[login] = self.fresh(login)
        return self.tokens[login]

    def fresh(self, login: str, units: Sequence[str] | None = None, days: int = 90) -> str:
        """A token of its own."""
        secret, _ = Tokens(self.ledger).issue(
            self.viewer(login), name="Auswertung", days=days, units=units, number=secrets.token_urlsafe(24)
        )
        return secret

    def ask(
        self,
        token: str | None,
        path: str,
        query: Any = None,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
    ) -> TestResponse:
        """One request of a program."""
        sent = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        client = self.server.test_client()
        return client.open(f"{API}{path}", method=method, query_string=query, headers=sent)

    def browser(self, login: str) -> FlaskClient:
        """A signed-in browser."""
        client = self.server.test_client()
        token = issue_link(self.ledger, self.services.settings, self.account(login))
        assert use_link(client, token).status_code == 303
        return client


def programs(city: ExampleCity, ledger_url: str) -> Programs:
    """Serve the example city with a ledger at another address; who tests may ask as fast as it goes."""
    settings, ledger = city.settings, Ledger(ledger_url)
    services = Services(settings, load_catalog(settings.city), open_reader(settings), ledger)
    for login, role, units in ACCOUNTS:
        add_account(ledger, settings, login=login, name=login.title(), function="", role=role, units=units)
    server = create_app(settings, services)
    server.extensions[PROGRAMS].pace = Pace(100_000)
    return Programs(server, services)
