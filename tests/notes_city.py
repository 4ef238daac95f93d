"""The example city behind a server whose ledger belongs to one test, with a person for every right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.sessions import viewer_of
from dashboard.auth.viewer import Viewer
from dashboard.services import Services
from tests.example_city import ExampleCity
from tests.web_city import ORIGIN, use_link
from warehouse.ledger import Ledger
from warehouse.store import SnapshotReader

PEOPLE = (
    ("leitung", "leitung", ()),
    ("dez1", "fachbereichsleitung", ("DEZ1",)),
    ("dez3", "fachbereichsleitung", ("DEZ3",)),
    ("controlling", "controlling", ()),
    ("zweite", "controlling", ()),
    ("verwaltung", "verwaltung", ()),
)


@dataclass
class NotesCity:
    """Server, services and signed-in browsers; every form gets a fresh number unless it brings one."""

    services: Services
    server: Flask
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    sent: int = 0

    @property
    def ledger(self) -> Ledger:
        return self.services.ledger

    def viewer(self, login: str) -> Viewer:
        return viewer_of(known_account(self.ledger, login))

    def client(self, login: str) -> FlaskClient:
        if login not in self.clients:
            client = self.server.test_client()
            token = issue_link(self.ledger, self.services.settings, known_account(self.ledger, login))
            assert use_link(client, token).status_code == 303
            self.clients[login] = client
        return self.clients[login]

    def post(self, login: str, path: str, fields: Mapping[str, Any]) -> TestResponse:
        """Send a form as its page would: with the token of the session and a number."""
        client = self.client(login)
        account = known_account(self.ledger, login)
        self.sent += 1
        form = {
            "csrf": self.ledger.sessions_of(account.id)[0].csrf,
            "nummer": f"formular-nummer-{self.sent:04d}",
            **fields,
        }
        return client.post(path, data=form, headers=ORIGIN)


def make_notes_city(folder: Path, city: ExampleCity) -> NotesCity:
    """Start a server over the published figures of the example city."""
    ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
    reader = SnapshotReader(city.settings.warehouse_dir, temp_directory=city.settings.temp_dir)
    services = Services(city.settings, city.catalog, reader, ledger)
    for login, role, units in PEOPLE:
        add_account(
            ledger, city.settings, login=login, name=f"Person {login}", function="", role=role, units=units
        )
    return NotesCity(services, create_app(city.settings, services))
