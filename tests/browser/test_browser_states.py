"""States a page can be in, each made for real: a slow answer, newer data, a run, a failing card, old data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from dashboard.settings import Settings
from tests.browser.chromium import DESKTOP, MOBILE, Desk, Person
from tests.browser.examine import axe_findings, faults_in_every_look, sideways
from tests.browser.portal import serving
from tests.nights_town import NEXT, make_nights
from tests.tiny_city import DAY, NOON, refresh
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse
from warehouse.store import open_draft

LAST = NEXT + timedelta(days=10)
SETTINGS = [(DESKTOP, "light"), (DESKTOP, "dark"), (MOBILE, "light"), (MOBILE, "dark")]


class Held:
    """Questions of the page that get no answer yet."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def hold(self, route: Route) -> None:
        self.routes.append(route)

    def let_go(self) -> None:
        for route in self.routes:
            route.continue_()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> Iterator[tuple[Desk, Settings]]:
    """The town of two nights, served; its second night could not read one source."""
    settings = make_nights(tmp_path_factory.mktemp("zustaende") / "stadt")
    with sqlite3.connect(settings.city / "fachverfahren.sqlite") as con:
        con.execute("ALTER TABLE vorgang RENAME TO umbenannt")
    con.close()
    assert refresh(settings, day=LAST, now=NOON + timedelta(days=11)).state == "published"
    with serving(settings.city) as portal:
        portal.isek(
            "user", "add", "leitung", "--name", "L. Probe", "--function", "Probe", "--role", "leitung"
        )
        yield Desk(portal, desk.browser), settings


@pytest.fixture
def person(town: tuple[Desk, Settings]) -> Iterator[Person]:
    with town[0].person("leitung") as someone:
        yield someone
        assert someone.trouble.everything() == []


def test_loading_shows_nothing_for_a_moment_then_the_skeleton_then_a_sentence(person: Person) -> None:
    page = person.page
    held = Held()
    page.route("**/_dash-update-component*", held.hold)
    page.goto(person.portal.base + "/", wait_until="domcontentloaded")
    first = page.locator(".first-load")
    expect(first).to_have_attribute("aria-busy", "true")
    expect(first).to_be_visible()
    expect(first).to_contain_text("Wird geladen")
    expect(first).to_have_css("animation-delay", "0.3s")
    expect(page.locator(".first-load-slow")).to_have_css("animation-delay", "10s")
    held.let_go()
    page.unroute("**/_dash-update-component*", held.hold)
    expect(page.locator("#titel")).to_be_visible()
    expect(first).to_have_count(0)


def test_a_slow_move_keeps_the_cards_as_a_skeleton_and_says_so_after_ten_seconds(person: Person) -> None:
    page = person.open("/")
    page.clock.install()
    held = Held()
    page.route("**/_dash-update-component*", held.hold)
    before = page.locator(".tile").first.bounding_box()
    page.locator(".nav-item[href='/datenquellen']").click()
    expect(page.locator("#inhalt[aria-busy]")).to_have_count(0)
    page.clock.run_for(400)
    expect(page.locator("#inhalt")).to_have_attribute("aria-busy", "true")
    assert page.locator(".tile").first.bounding_box() == before, "nothing moves while it loads"
    expect(page.locator(".tile .value").first).to_have_css("opacity", "1")
    expect(page.locator(".tile-main > *").first).to_have_css("opacity", "0")
    expect(page.locator(".slow-note")).to_have_count(0)
    page.clock.run_for(10_000)
    expect(page.locator(".slow-note")).to_contain_text("Das dauert länger als üblich")
    held.let_go()
    page.unroute("**/_dash-update-component*", held.hold)
    expect(page.locator("#titel")).to_have_text("Datenquellen & Läufe")
    expect(page.locator(".slow-note")).to_have_count(0)
    expect(page.locator("#inhalt[aria-busy]")).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), SETTINGS)
def test_an_old_partial_state_is_named_in_header_bar_and_tile(
    town: tuple[Desk, Settings], size: tuple[int, int], theme: str
) -> None:
    with town[0].person("leitung", size, theme) as someone:
        page = someone.open("/")
        expect(page.locator(".data-state")).to_contain_text("von 3 Quellen aktuell")
        expect(page.locator(".data-state .sign-warn")).to_be_visible()
        expect(page.locator(".info-bar")).to_contain_text("Die Daten sind älter als 2 Tage.")
        expect(page.locator(".info-bar a")).to_have_text("Grund und Stand ansehen")
        expect(page.locator(".is-stale:visible, .compact-stale:visible").first).to_contain_text(
            "Stand 10.06."
        )
        expect(page.locator("#inhalt")).to_contain_text("Noch keine Leistungen eingestuft.")
        assert axe_findings(page) == [] and sideways(page) == []
        page = someone.open(f"/?bericht={DAY.isoformat()}")
        expect(page.locator(".stichtag-bar")).to_contain_text("Stand wie berichtet am 09.06.2026")
        expect(page.locator(".info-bar")).to_have_count(1)
        assert axe_findings(page) == [] and sideways(page) == []
        page = someone.open("/?bericht=2026-01-01")
        expect(page.locator("#inhalt [role=alert]")).to_contain_text("ist nicht mehr aufbewahrt")
        assert axe_findings(page) == [] and someone.trouble.everything() == []


def test_the_switch_is_worked_by_keyboard_and_the_report_survives_a_move(person: Person) -> None:
    page = person.open("/")
    page.locator("summary", has_text="Stichtag").focus()
    page.keyboard.press("Enter")
    for _ in range(3):  # the current state, the last report, the one before it
        page.keyboard.press("ArrowDown")
    person.do(lambda: page.keyboard.press("Enter"))
    assert page.url.endswith(f"?bericht={DAY.isoformat()}")
    assert page.evaluate("document.activeElement.textContent").startswith("Stichtag")
    person.do(page.locator(".nav-item[href*='/budget']").click)
    assert f"bericht={DAY.isoformat()}" in page.url
    expect(page.locator(".stichtag-bar")).to_be_visible()
    person.do(page.locator(".stichtag-bar a", has_text="Zum aktuellen Stand").click)
    assert "bericht" not in page.url
    expect(page.locator(".stichtag-bar")).to_have_count(0)


def test_a_running_run_is_in_the_header_and_newer_data_is_offered_without_moving_anything(
    town: tuple[Desk, Settings], person: Person
) -> None:
    settings, page = town[1], person.open("/")
    expect(page.locator(".run-clock")).to_be_hidden()
    with Warehouse(settings.warehouse_dir).lock():
        Ledger(settings.ledger_url).start_run("r-browser", business_date=LAST, trigger="hand")
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(page.locator(".run-clock")).to_contain_text("Lauf seit")
        assert axe_findings(page) == []
    place = page.locator("#titel").bounding_box()
    _night(settings)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    offer = page.locator("#neue-daten")
    expect(offer).to_contain_text("Neue Daten verfügbar")
    expect(page.locator(".run-clock")).to_be_hidden()
    assert page.locator("#titel").bounding_box() == place
    assert axe_findings(page) == []
    offer.get_by_role("button", name="Neu laden").click()
    person.wait()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#neue-daten")).to_have_count(0)


def test_m9_the_end_of_a_session_is_told_and_one_key_keeps_it_with_what_was_typed(person: Person) -> None:
    page = person.open("/barriere-melden?seite=/budget")
    page.fill("#barriere-text", "Halb geschrieben")
    page.focus("#barriere-text")
    real = page.evaluate("fetch('/puls').then(a => a.json())")
    assert real["rest"] > 1500 and real["verlaengerbar"]
    soon = {**real, "rest": 100}
    page.route("**/puls", lambda route: route.fulfill(json=soon), times=1)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    box = page.get_by_role("alertdialog")
    expect(box).to_contain_text("Ihre Sitzung endet um")
    expect(box.get_by_role("button")).to_be_focused()
    assert axe_findings(page) == []
    with page.expect_response("**/sitzung/verlaengern") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    expect(box).to_have_count(0)
    expect(page.locator("#barriere-text")).to_be_focused()
    expect(page.locator("#barriere-text")).to_have_value("Halb geschrieben")


def test_m9_n6_what_was_typed_is_still_there_after_signing_in_again(town: tuple[Desk, Settings]) -> None:
    with town[0].person("leitung") as someone:
        page = someone.open("/barriere-melden?seite=/budget")
        page.fill("#barriere-text", "Nicht verloren")
        cookies = page.context.cookies()
        page.context.clear_cookies(name="isek")
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        over = page.locator("#sitzung-vorbei")
        expect(over).to_contain_text("Ihre Sitzung ist beendet")
        assert faults_in_every_look(page) == []
        assert "/anmelden?ziel=" in (over.locator("a").get_attribute("href") or "")
        page.context.add_cookies(cookies)
        someone.open("/barriere-melden?seite=/budget")
        expect(page.locator("#barriere-text")).to_have_value("Nicht verloren")


def test_m3_a_barrier_is_reported_with_the_keyboard_alone(person: Person) -> None:
    page = person.open("/?stichtag=2026-05-31")
    page.locator(".nav-foot a", has_text="Barriere melden").focus()
    person.do(lambda: page.keyboard.press("Enter"))
    expect(page.locator("#barriere-seite")).to_have_value("/?stichtag=2026-05-31")
    page.locator("#barriere-seite").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Die Liste lässt sich nicht öffnen.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**gemeldet=*")
    person.wait()
    expect(page.locator(".card [role=status]")).to_contain_text("Ihre Meldung ist gespeichert")
    assert axe_findings(page) == []


def test_a_card_that_fails_says_so_with_a_number_and_a_retry_while_the_rest_works(
    town: tuple[Desk, Settings],
) -> None:
    """The newest snapshot lacks the table of one card. Last, because the town stays like this."""
    settings = town[1]
    _publish_without(settings, "core.appointment")
    with town[0].person("leitung") as someone:
        page = someone.open("/")
        card = page.locator(".card", has=page.locator("h3", has_text="Nächste Termine"))
        expect(card.locator("[role=alert]")).to_contain_text("Anzeige nicht möglich. Daten unverändert.")
        expect(card).to_contain_text("Vorgangsnummer")
        expect(page.locator(".tile .value").first).to_be_visible()
        assert axe_findings(page) == []
        with page.expect_navigation():
            card.get_by_role("button", name="Erneut versuchen").click()
        someone.wait()
        expect(page.locator(".tile .value").first).to_be_visible()
        answer = page.goto(someone.portal.base + "/ausfuhr/termine?als=pdf")
        assert answer and answer.status == 503
        expect(page.locator("main")).to_contain_text("Vorgangsnummer")
        assert faults_in_every_look(page) == []


def _night(settings: Settings) -> None:
    assert refresh(settings, day=LAST, now=NOON + timedelta(days=11, hours=3)).state == "published"


def _publish_without(settings: Settings, view: str) -> None:
    warehouse = Warehouse(settings.warehouse_dir)
    with warehouse.lock():
        draft = warehouse.new_draft()
        name = warehouse.next_name(NOON + timedelta(days=11, hours=5))
        con = open_draft(draft, temp_directory=settings.temp_dir)
        con.execute(f"DROP VIEW {view}")
        con.execute("UPDATE meta.snapshot SET name = $1", [name])
        con.close()
        warehouse.publish(draft, name)
