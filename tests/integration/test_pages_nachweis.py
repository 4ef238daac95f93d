"""The pages of proof on a small city that really ran: who sees what, what is said when something broke."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tiny_city import DAY, NOON, refresh, write_appointments, write_cases, write_city, write_rows
from web_city import ORIGIN, PEOPLE, field_of, navigate, page_html, use_link

from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.viewer import Viewer, scope_of
from dashboard.cli.stores import open_services
from dashboard.jobs import start
from dashboard.page import PageModule, discover_pages
from dashboard.pages import barrierefreiheit, hilfe, kennzahlen, quellen
from dashboard.services import Services
from dashboard.settings import Settings, load_settings
from warehouse.errors import AccessError, RetriableError
from warehouse.ledger import Ledger
from warehouse.pointer import snapshot_path
from warehouse.publish import Warehouse

MODULES = (quellen, kennzahlen, hilfe, barrierefreiheit)
PATHS = [module.PAGE.path for module in MODULES]
ROLES = {login: role for login, role, _ in PEOPLE}
BAD_VALUE = "31.02.2026"


@dataclass
class Town:
    """A refreshed city with its server."""

    settings: Settings
    services: Services
    server: Flask

    def client(self, login: str) -> FlaskClient:
        """A browser that is signed in."""
        client = self.server.test_client()
        token = issue_link(self.ledger, self.settings, known_account(self.ledger, login))
        assert use_link(client, token).status_code == 303
        return client

    @property
    def ledger(self) -> Ledger:
        """The ledger of the city."""
        return self.services.ledger

    def text(self, login: str, path: str, search: str = "") -> str:
        """The answer of a page as one text."""
        answer = navigate(self.client(login), path, search)
        assert answer.status_code == 200
        return page_html(answer).replace("\xa0", " ")


def open_town(folder: Path) -> Town:
    """Open the server of a written city."""
    settings = load_settings(folder, {})
    services = open_services(settings)
    for login, role, units in PEOPLE:
        add_account(services.ledger, settings, login=login, name=login, function="", role=role, units=units)
    pages = tuple(PageModule(module.PAGE, module) for module in MODULES)
    server = create_app(settings, services, pages, lambda s, v, p, q, content: content)
    return Town(settings, services, server)


def with_a_bad_row(folder: Path) -> None:
    """Ten appointments and one on a day that does not exist."""
    head = ("appointment_id", "on_date", "title", "detail")
    rows = [(f"T{n}", f"{n + 1:02d}.06.2026", f"Sitzung {n}", "Haushalt") for n in range(10)]
    write_rows(folder / "inbox" / "termine.csv", head, [*rows, ("T99", BAD_VALUE, "Sitzung", "Haushalt")])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A city after one good night with one refused row."""
    folder = tmp_path_factory.mktemp("stadt")
    write_city(folder)
    with_a_bad_row(folder)
    assert refresh(load_settings(folder, {})).state == "published"
    yield open_town(folder)


@pytest.mark.parametrize("login", ROLES)
@pytest.mark.parametrize("path", PATHS)
def test_every_role_may_read_the_pages_of_proof(town: Town, login: str, path: str) -> None:
    assert town.client(login).get(path).status_code == 200
    assert "kann gerade nicht gezeigt werden" not in town.text(login, path)


@pytest.mark.parametrize("path", PATHS)
def test_the_pages_of_proof_leave_as_paper_and_their_cards_as_tables(town: Town, path: str) -> None:
    client = town.client("controlling")
    paper = client.get(f"/ausfuhr{path}?als=pdf")
    assert (paper.status_code, paper.get_data()[:4]) == (200, b"%PDF")
    links = re.findall(r'"(/ausfuhr[^"]+als=(?:xlsx|csv|svg)[^"]*)"', town.text("controlling", path))
    assert links or path in ("/hilfe", "/barrierefreiheit")
    for link in links:
        assert client.get(link).status_code == 200, link


def test_nobody_reads_them_without_signing_in(town: Town) -> None:
    assert [town.server.test_client().get(path).status_code for path in PATHS] == [303] * len(PATHS)


def test_verwaltung_reads_definitions_and_never_asks_for_a_figure(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: Any, **__: Any) -> Any:
        raise AssertionError("a figure was asked for")

    monkeypatch.setattr(town.services, "query", ask)
    monkeypatch.setattr(town.services, "records", ask)
    text = town.text("verwaltung", "/kennzahlen", "?kennzahl=row_rejected_share")
    assert all(metric.definition.label in text for metric in town.services.catalog.metrics.values())
    assert "Prüfsumme der Definition" in text
    assert "ohne Bewertung" not in text
    assert "/vorlagen" not in text


@pytest.mark.parametrize("metric_id", ["row_rejected_share", "ozg_online_share"])
def test_the_door_is_closed_to_verwaltung_also_for_figures_of_the_whole_city(
    town: Town, metric_id: str
) -> None:
    viewer = Viewer("x", "", "", "", "verwaltung", scope_of("verwaltung", ()))
    with pytest.raises(AccessError):
        town.services.query(viewer, metric_id)
    with pytest.raises(AccessError):
        town.services.records(viewer, "statements")


def test_others_see_the_present_value_with_rating_and_origin(town: Town) -> None:
    text = town.text("leitung", "/kennzahlen", "?suche=DQ-02")
    assert "1 Kennzahl passt zu „DQ-02“." in text
    assert "zahl=row_rejected_share" in text
    assert "OZG-01" not in text


@pytest.mark.parametrize(
    ("login", "sees"),
    [("leitung", False), ("fachbereich", False), ("controlling", True), ("verwaltung", True)],
)
def test_refused_values_are_for_those_who_clear_them_up(town: Town, login: str, sees: bool) -> None:
    text = town.text(login, "/datenquellen", "?quelle=termine")
    assert "Der Wert ist kein Datum" in text
    assert (BAD_VALUE in text) is sees
    assert "11 gelesen = 10 übernommen + 1 abgelehnt + 0 doppelt" in text


def test_an_unknown_source_or_figure_in_the_address_is_ignored(town: Town) -> None:
    assert "Einzelheiten" not in town.text("leitung", "/datenquellen", "?quelle=gibt-es-nicht")
    assert "Steckbrief" not in town.text("leitung", "/kennzahlen", "?kennzahl=gibt_es_nicht")


def test_the_own_role_comes_first_in_the_help(town: Town) -> None:
    text = town.text("controlling", "/hilfe")
    assert "Ihre Rolle ist Controlling." in text
    assert text.index("Erste Schritte: Controlling") < text.index("Erste Schritte: Leitung")


def test_without_an_address_no_mail_is_promised(town: Town) -> None:
    assert "mailto:" not in town.text("leitung", "/barrierefreiheit")
    settings = town.settings.model_copy(update={"contact_mail": "portal@stadt.example"})
    services = Services(settings, town.services.catalog, town.services.reader, town.ledger)
    viewer = Viewer("x", "", "", "", "leitung", scope_of("leitung", ()))
    assert "mailto:portal@stadt.example" in str(barrierefreiheit.layout(services, viewer, {}))


def csrf(client: FlaskClient) -> str:
    """The token in the form of the page."""
    deadline = time.monotonic() + 60
    while "/laeufe/starten" not in (page := page_html(navigate(client, "/datenquellen"))):
        assert time.monotonic() < deadline
    return field_of(page, "csrf")


def post(client: FlaskClient, token: str) -> Any:
    """Press the button."""
    return client.post("/laeufe/starten", data={"csrf": token}, headers=ORIGIN)


@pytest.mark.parametrize("login", ["leitung", "fachbereich"])
def test_only_controlling_and_verwaltung_start_runs(town: Town, login: str) -> None:
    assert "Lauf jetzt starten" not in town.text(login, "/datenquellen")
    assert post(town.client(login), "x").status_code == 403
    assert town.server.test_client().post("/laeufe/starten", headers=ORIGIN).status_code == 401


def test_a_forged_start_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    client = town.client("controlling")
    assert post(client, "falsch").status_code == 403
    token = csrf(client)
    foreign = client.post("/laeufe/starten", data={"csrf": token}, headers={"Origin": "http://boese.example"})
    assert foreign.status_code == 403


def test_while_a_run_is_going_on_nobody_can_start_another(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    client = town.client("controlling")
    token = csrf(client)
    with Warehouse(town.settings.warehouse_dir).lock():
        assert "Lauf jetzt starten" not in town.text("controlling", "/datenquellen")
        with pytest.raises(RetriableError):
            start.start_refresh(town.settings, {})
        assert post(client, token).location == "/datenquellen"
    assert town.ledger.audit_events(limit=1)[0].what == "run.request_refused"


def test_a_run_started_by_a_person_runs_by_itself_and_the_trail_names_the_person(tmp_path: Path) -> None:
    write_city(tmp_path)
    assert refresh(load_settings(tmp_path, {})).state == "published"
    town = open_town(tmp_path)
    client = town.client("verwaltung")
    answer = post(client, csrf(client))
    assert answer.status_code == 303
    assert answer.location.startswith("/datenquellen?angefordert=")
    requested = next(e for e in town.ledger.audit_events() if e.what == "run.requested")
    assert requested.who == "verwaltung"
    for _ in range(1200):
        newest = town.ledger.runs(limit=1)[0]
        if newest.trigger == "hand" and newest.state != "running" and newest.started_at > NOON:
            break
        time.sleep(0.1)
    assert newest.state == "published"
    assert "von Hand" in town.text("verwaltung", "/datenquellen")


def test_a_broken_source_is_told_with_reason_what_holds_and_what_it_touches(tmp_path: Path) -> None:
    settings = write_city(tmp_path)
    assert refresh(settings).state == "published"
    with sqlite3.connect(tmp_path / "fachverfahren.sqlite") as con:
        con.execute("DROP TABLE vorgang")
    con.close()
    later = NOON + timedelta(days=1)
    assert refresh(settings, day=DAY + timedelta(days=1), now=later).state == "published"
    text = open_town(tmp_path).text("leitung", "/datenquellen")
    assert "1 von 3 Quellen braucht Aufmerksamkeit" in text
    assert "Wohngeld: nicht geladen" in text
    assert "Es gelten die Werte vom 09.06.2026." in text
    assert "Betrifft: Kosten je Vorgang, Bearbeitungsdauer und 2 weitere Kennzahlen" in text
    assert "14 Nächte: 1 erfolgreich, 1 fehlgeschlagen, 12 kein Lauf" in text


def test_a_held_delivery_is_told_with_reason_and_next_step_and_remarks_stand_in_the_detail(
    tmp_path: Path,
) -> None:
    settings = write_city(tmp_path)
    write_cases(tmp_path, 100)
    refresh(settings)
    write_cases(tmp_path, 3)
    head = ("appointment_id", "on_date", "title", "detail", "raum")
    rows = [(f"T{n}", "01.06.2026", "Sitzung", "", "12") for n in range(10)]
    write_rows(tmp_path / "inbox/termine.csv", head, rows)
    refresh(settings)
    town = open_town(tmp_path)
    text = town.text("leitung", "/datenquellen")
    assert "Wohngeld: zurückgehalten" in text
    assert "Nur 3 Zeilen geliefert, üblich sind 100" in text
    assert "isek source release wohngeld" in text and "Es gelten die Werte vom 09.06.2026." in text
    detail = town.text("leitung", "/datenquellen", "?quelle=termine")
    assert "Hinweise zur letzten Lieferung" in detail and "raum" in detail


def test_of_many_hints_the_most_urgent_are_shown_and_the_others_are_one_link_away(tmp_path: Path) -> None:
    settings = write_city(tmp_path)
    for number in range(4):
        (tmp_path / "sources" / f"kaputt_{number}.toml").write_text("title = 1\n", encoding="utf-8")
    refresh(settings)
    town = open_town(tmp_path)
    few, every = (
        town.text("leitung", "/datenquellen"),
        town.text("leitung", "/datenquellen", "?hinweise=alle"),
    )
    assert "4 Hinweise zum letzten Lauf" in few
    assert "3 von 4" in few
    assert "kaputt_3: noch nie geladen" not in few
    assert "kaputt_3: noch nie geladen" in every


def test_failed_and_killed_runs_are_listed_with_their_reason(tmp_path: Path) -> None:
    settings = write_city(tmp_path)
    assert refresh(settings).state == "published"
    town = open_town(tmp_path)
    for number, reason in ((1, "Die Prüfung des Ganzen ist gescheitert."), (2, None)):
        moment = NOON + timedelta(hours=number)
        town.ledger.start_run(f"lauf-{number}", business_date=DAY, trigger="night", started_at=moment)
        if reason:
            town.ledger.finish_run(f"lauf-{number}", state="failed", finished_at=moment, reason=reason)
    text = town.text("leitung", "/datenquellen")
    assert "Die Prüfung des Ganzen ist gescheitert." in text
    assert "Der Prozess des Laufs endete ohne Abschluss" in text
    assert "Der letzte Lauf wurde nicht freigegeben, es gilt der Stand davor" in text
    assert "nichts davon freigegeben" in text


def test_disturbances_of_the_portal_itself_are_said_without_an_address(tmp_path: Path) -> None:
    refresh(write_city(tmp_path))
    town = open_town(tmp_path)
    bad = {"post": ("gestört", "x@stadt.example"), "schedule": ("stumm", None)}
    town.ledger.note_conditions({**bad, "night": ("ausgeblieben", None)}, NOON)
    town.ledger.note_conditions({"night": ("in Ordnung", None)}, NOON)
    text = town.text("leitung", quellen.PAGE.path)
    assert "Benachrichtigungen gehen nicht hinaus, gemeldet am 09.06.2026, 12:00 Uhr." in text
    assert "Der Zeitplan der Nacht meldet sich nicht" in text and "keinen Nachtlauf" not in text
    assert "x@stadt.example" not in text and "nicht lesbar" not in text


def test_e3_an_older_snapshot_that_stands_in_is_said(tmp_path: Path) -> None:
    settings = write_city(tmp_path)
    refresh(settings)
    newest = str(refresh(settings, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1)).snapshot)
    path = snapshot_path(settings.warehouse_dir, newest)
    path.chmod(0o600)
    path.write_bytes(b"")
    text = open_town(tmp_path).text("leitung", quellen.PAGE.path)
    assert f"Der Datenstand {newest} ist nicht lesbar; gezeigt wird der ältere Stand" in text


def test_before_the_first_release_the_page_says_why_there_is_none(tmp_path: Path) -> None:
    write_city(tmp_path)
    town = open_town(tmp_path)
    assert "Noch gab es keinen Lauf." in town.text("verwaltung", "/datenquellen")
    town.ledger.start_run("lauf-1", business_date=DAY, trigger="night", started_at=NOON)
    town.ledger.finish_run("lauf-1", state="failed", finished_at=NOON, reason="Der Speicher ist voll.")
    text = town.text("verwaltung", "/datenquellen")
    assert "Noch ist kein Lauf freigegeben." in text
    assert "Der Speicher ist voll." in text
    assert "Kennzahlen sind beschrieben." in town.text("leitung", "/kennzahlen")


def test_a_source_that_never_delivered_is_told_too(tmp_path: Path) -> None:
    settings = write_city(tmp_path)
    (tmp_path / "sources" / "kaputt.toml").write_text("title = 1\n", encoding="utf-8")
    assert refresh(settings).state == "published"
    text = open_town(tmp_path).text("controlling", "/datenquellen")
    assert "kaputt: noch nie geladen" in text
    assert "Es gibt noch keine Werte." in text


def test_the_incremental_rows_of_a_source_are_those_in_force(tmp_path: Path) -> None:
    settings = write_city(tmp_path)
    refresh(settings)
    write_appointments(tmp_path, 12)
    refresh(settings, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1))
    viewer = Viewer("x", "", "", "", "leitung", scope_of("leitung", ()))
    found = quellen._facts(open_services(settings), viewer, ())
    assert found.stock["termine"] == 12


def test_the_pages_are_found_and_stand_in_their_places() -> None:
    found = {item.page.id: item.page for item in discover_pages()}
    assert (found["quellen"].group, found["kennzahlen"].group) == ("Nachweis", "Nachweis")
    assert {found["hilfe"].group, found["barrierefreiheit"].group} == {"Fuß"}
