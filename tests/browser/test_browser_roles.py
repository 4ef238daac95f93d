"""Several people at once: nobody changes what another sees, and nobody sees more than the role allows."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.chromium import Desk, Person

MENU = ".filter-bar details.menu"
COCKPITS = (
    "/",
    "/ozg-fortschritt",
    "/reifegrad",
    "/budget",
    "/wirkungen",
    "/dms-rollout",
    "/massnahmen",
    "/ressourcen",
)


def _chosen(person: Person, label: str) -> str:
    return person.page.locator(MENU, has_text=label).first.locator("summary").inner_text()


def test_filters_of_one_browser_never_change_another(desk: Desk) -> None:
    with desk.person("leitung") as one, desk.person("controlling") as two:
        one.open("/ozg-fortschritt")
        before = two.open("/ozg-fortschritt").inner_text("#inhalt")
        for choice in (2, 5, 7):
            menu = one.page.locator(MENU, has_text="Themenfeld").first
            menu.locator("summary").click()
            one.do(menu.locator("a").nth(choice).click)
            assert two.open("/ozg-fortschritt").inner_text("#inhalt") == before
        assert "alle" in _chosen(two, "Themenfeld") and "alle" not in _chosen(one, "Themenfeld")
        assert one.trouble.everything() + two.trouble.everything() == []


def _pair(person: Person, number: str) -> tuple[int, int]:
    """Return „X von Y“ of the tile with this number."""
    text = person.page.locator(".tile:visible", has_text=number).inner_text()
    found = re.search(r"([\d.]+) von ([\d.]+)", text)
    assert found, text
    return int(found[1].replace(".", "")), int(found[2].replace(".", ""))


def test_a_department_sees_its_own_units_and_no_other(desk: Desk) -> None:
    answer = json.loads(
        desk.portal.isek(
            *("query", "ozg_online_share", "--by", "fachdienst", "--as", "fachbereich", "--format", "json")
        )
    )
    own = {row["fachdienst"].replace("FD", "FD ") for row in answer["rows"]}
    assert 0 < len(own) < 8
    with desk.person("leitung") as city, desk.person("fachbereich") as part:
        city.open("/")
        part.open("/")
        whole, share = _pair(city, "OZG-01"), _pair(part, "OZG-01")
        assert share[0] < whole[0] and share[1] < whole[1]
        assert share == (
            sum(row["numerator"] for row in answer["rows"]),
            sum(row["denominator"] for row in answer["rows"]),
        )
        for path in ("/reifegrad", "/ozg-fortschritt"):
            page = part.open(path)
            page.evaluate("document.querySelectorAll('.table-button').forEach(b => b.click())")
            rows = page.locator("#inhalt table, .filter-bar .menu-list").all_text_contents()
            named = set(re.findall(r"FD \d\d", " ".join(rows)))
            assert named <= own, path
            assert not named or path != "/reifegrad" or named == own
        assert part.trouble.everything() == []


def test_a_foreign_unit_in_the_address_gives_a_department_nothing_more(desk: Desk) -> None:
    with desk.person("fachbereich") as part:
        plain = part.open("/reifegrad").inner_text("#inhalt")
        foreign = part.open("/reifegrad?einheit=FD32").inner_text("#inhalt")
        assert "FD 32" not in foreign
        assert foreign == plain or "Filter zurücksetzen" in foreign


@pytest.mark.parametrize("path", COCKPITS)
def test_administration_opens_no_cockpit(desk: Desk, path: str) -> None:
    with desk.person("verwaltung") as person:
        if path == "/":
            person.open("/")
            assert person.page.locator("#titel").inner_text() == "Datenquellen & Läufe"
            assert set(person.paths().values()) == {"Datenquellen & Läufe", "Kennzahlen"}
            return
        answer = person.page.goto(person.portal.base + path)
        assert answer and answer.status == 403
        assert "Berechtigung" in person.page.inner_text("body")
        assert not person.page.locator(".tile, .chart-card").count()


def test_administration_reads_definitions_without_values(desk: Desk) -> None:
    values = {desk.portal.figure(metric)["value"] for metric in ("ozg_online_share", "measure_overdue_share")}
    shown = {f"{float(value) * 100:.1f}".replace(".", ",") for value in values}
    with desk.person("leitung") as person:
        text = person.open("/kennzahlen").inner_text("#inhalt")
        assert all(value in text for value in shown), "the check below would find nothing"
    with desk.person("verwaltung") as person:
        text = person.open("/kennzahlen").inner_text("#inhalt")
        assert "OZG-01" in text
        assert not [value for value in shown if value in text]
        drawer = person.open("/kennzahlen?zahl=ozg_online_share").inner_text("body")
        assert not [value for value in shown if value in drawer]
        assert person.trouble.everything() == []
