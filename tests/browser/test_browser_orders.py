"""A list ordered as a file: written in the background, watched, fetched, deleted, by clicks."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from dashboard.export.orders import Order, OrderBook
from dashboard.settings import load_settings
from tests.browser.chromium import MOBILE, Desk
from tests.browser.examine import axe_findings, cut_text, sideways, small_targets
from tests.browser.portal import Portal
from tests.browser.test_browser_views import sent
from warehouse.ledger import Ledger
from warehouse.pointer import read_pointer

TITLE = "Einzelleistungen"
TOTAL = 1_452


def _placed(portal: Portal, login: str) -> None:
    """An order as the page of a list places it; no list of the example city is long enough to offer one."""
    settings = load_settings(portal.folder, {})
    ledger = Ledger(settings.ledger_url)
    account = ledger.account_by_login(login)
    assert account is not None
    OrderBook(settings.run_dir).place(
        Order(
            account=account.id, login=login, role=account.role, units=tuple(account.units),
            params={"daten": "liste:services", "ansicht": "liste"}, form="csv-int", title=TITLE,
            name="2026-06-09_explorer_einzelleistungen_international.csv", total=TOTAL,
            snapshot=read_pointer(settings.warehouse_dir) or "", placed_at=datetime.now(UTC),
        )
    )  # fmt: skip
    ledger.close()


def test_an_order_is_watched_fetched_and_deleted(desk: Desk) -> None:
    with desk.person("controlling") as person:
        page = person.open("/ausfuhr/auftraege")
        expect(page.locator("#inhalt")).to_contain_text("keine Exporte bestellt")
        _placed(desk.portal, "controlling")
        person.open("/ausfuhr/auftraege")
        row = page.locator(".orders tbody tr", has_text=TITLE)
        expect(row).to_have_count(1)
        # The page looks for itself until the file is there.
        file = row.get_by_role("link", name=re.compile(r"\.csv"))
        expect(file).to_be_visible(timeout=60_000)
        person.wait()
        expect(row).to_contain_text("1.452 von 1.452")
        assert axe_findings(page) == []
        with page.expect_download() as fetched:
            file.click()
        text = fetched.value.path().read_text(encoding="utf-8-sig")
        heads, *rows = csv.reader(io.StringIO(text, newline=""))
        assert len(rows) == TOTAL
        assert {len(line) for line in rows} == {len(heads)}

        page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
        person.wait()
        assert (sideways(page), cut_text(page), small_targets(page)) == ([], [], [])
        sent(person, row.get_by_role("button", name="Löschen").click)
        expect(row).to_have_count(0)
        expect(page.locator("#inhalt")).to_contain_text("keine Exporte bestellt")
        assert person.trouble.everything() == []
