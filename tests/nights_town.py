"""A small town after two nights: in the second one cases came late and the definition counts twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.cli.stores import open_services
from dashboard.settings import Settings, load_settings
from tests.tiny_city import DAY, NOON, PORTAL, refresh, write_cases, write_city, write_rows
from tests.web_city import PEOPLE, navigate, page_html, use_link
from warehouse.ledger import Ledger

NEXT = DAY + timedelta(days=1)
FIRST, SECOND, LATE = "20", "52", "2026-06-09"
METRIC = """/* ---
label = "Entschiedene Vorgänge"
number = "STA-07"
question = "Wie viele?"
kind = "sum"
population = "antrag"
unit = "count"
better = "none"
over_time = "sum"
dimensions = ["channel", "org_unit_id"]
scope = "organisation"
numerator_text = "Vorgänge"
meaning = "Vorgänge."
revised = 2020-01-15
{more}
--- */
SELECT CAST(date_trunc('month', decided_on) AS DATE) AS period, org_unit_id, channel,
    {count} AS numerator{n}
FROM core."case"
WHERE decided_on IS NOT NULL
GROUP BY ALL
"""
UNITS = (
    ("S", "", "Stadt", "Stadt", "stadt", "01.01.2020", ""),
    ("FD50", "S", "Soziales", "FD 50", "fachdienst", "01.01.2020", ""),
    ("FD60", "S", "Bau", "FD 60", "fachdienst", "01.01.2020", ""),
)
HEAD = ("unit_id", "parent_id", "name", "short", "kind", "valid_from", "valid_to")


def define(settings: Settings, count: str, *, more: str = "", n: str = "") -> None:
    """Write the one metric of the town; `more` stands in its head."""
    folder = settings.city / "metrics"
    folder.mkdir(exist_ok=True)
    (folder / "decided.sql").write_text(METRIC.format(count=count, more=more, n=n), encoding="utf-8")


def make_nights(folder: Path) -> Settings:
    """Write the town and do both nights; the metric stands on the start page."""
    write_city(folder)
    (folder / "portal.toml").write_text(PORTAL + '[[leitkennzahlen]]\nmetric = "decided"\n', encoding="utf-8")
    settings = load_settings(folder, {})
    write_rows(settings.city / "organisation.csv", HEAD, UNITS)
    define(settings, "count(*)")
    assert refresh(settings).state == "published"
    write_cases(settings.city, 26)
    define(settings, "2 * count(*)")
    assert refresh(settings, day=NEXT, now=NOON + timedelta(days=1)).state == "published"
    return settings


def settle_threads() -> None:
    """Wait for the drawing ahead of a new snapshot: it must not go on reading when the test is over."""
    for thread in threading.enumerate():
        if thread.name == "warm-cache":
            thread.join(30)


class Visit:
    """The served town; people read its pages as the browser asks for them."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.ledger = settings, Ledger(settings.ledger_url)
        for login, role, _ in PEOPLE:
            units = ("FD60",) if role == "fachbereichsleitung" else ()
            if self.ledger.account_by_login(login) is None:
                add_account(
                    self.ledger, settings, login=login, name=login, function="", role=role, units=units
                )
        self.services = open_services(settings)
        self.server = create_app(settings, self.services)

    def client(self, login: str) -> Any:
        """A signed-in browser."""
        client = self.server.test_client()
        token = issue_link(self.ledger, self.settings, known_account(self.ledger, login))
        assert use_link(client, token).status_code == 303
        return client

    def read(self, address: str, login: str = "leitung") -> str:
        """What a page answers, as text."""
        path, _, query = address.partition("?")
        answer = navigate(self.client(login), path, f"?{query}" if query else "")
        assert answer.status_code == 200, (address, answer.status_code)
        settle_threads()
        return page_html(answer)
