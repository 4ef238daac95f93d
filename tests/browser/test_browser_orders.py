"""A list too long for one answer: ordered, written in the background, fetched, deleted, all by clicks."""

from __future__ import annotations

import csv
import io
import re

from playwright.sync_api import expect

from tests.browser.chromium import MOBILE, Desk
from tests.browser.controller import LISTS, Controller
from tests.browser.examine import axe_findings, cut_text, sideways, small_targets
from tests.browser.test_browser_views import sent

TITLE = "Anträge je Monat, Verfahren und Kanal"


def test_a_long_list_is_ordered_watched_fetched_and_deleted(desk: Desk) -> None:
    with desk.person("controlling") as person:
        controller, page = Controller(person), person.page
        controller.begin(TITLE, LISTS)
        controller.view("Liste")
        page.locator(".explorer-export > summary").click()
        page.locator(".explorer-export a", has_text="CSV (international)").click()
        page.wait_for_selector("text=Im Hintergrund erstellen")
        offered = re.search(r"([\d.]+) Zeilen", page.inner_text("main, body"))
        assert offered is not None
        total = int(offered[1].replace(".", ""))
        assert total > 5_000
        page.click("text=Im Hintergrund erstellen")
        page.wait_for_url("**/ausfuhr/auftraege*")
        person.wait()
        row = page.locator(".orders tbody tr", has_text=TITLE)
        expect(row).to_have_count(1)
        # The page looks for itself until the file is there.
        file = row.get_by_role("link", name=re.compile(r"\.csv"))
        expect(file).to_be_visible(timeout=60_000)
        person.wait()
        expect(row).to_contain_text(f"{offered[1]} von {offered[1]}")
        assert axe_findings(page) == []
        with page.expect_download() as fetched:
            file.click()
        text = fetched.value.path().read_text(encoding="utf-8-sig")
        heads, *rows = csv.reader(io.StringIO(text, newline=""))
        assert len(rows) == total and {len(line) for line in rows} == {len(heads)}

        page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
        person.wait()
        assert (sideways(page), cut_text(page), small_targets(page)) == ([], [], [])
        sent(person, row.get_by_role("button", name="Löschen").click)
        expect(row).to_have_count(0)
        expect(page.locator("#inhalt")).to_contain_text("keine Exporte bestellt")
        assert person.trouble.everything() == []
