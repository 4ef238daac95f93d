"""„Barriere melden“: kept in the audit trail, mailed where the town said, slowed down, safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.accessibility import land_of
from dashboard.jobs.barrier import Report, mail_later
from dashboard.settings import Settings, load_settings
from tests.mail_server import MailServer
from tests.nights_town import Visit, settle_threads
from tests.tiny_city import PORTAL, write_city
from tests.web_city import ORIGIN, navigate, page_html
from warehouse.errors import ConfigError

WORDS = "Mit der Tastatur komme ich nicht in die Liste.\nZweite Zeile <b>fett</b>"


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    yield
    settle_threads()


@pytest.fixture
def town(tmp_path: Path) -> Visit:
    write_city(tmp_path)
    return Visit(load_settings(tmp_path, {}))


def _send(client: Any, **fields: str) -> Any:
    token = _page(client, "").split('data-csrf="')[1].split('"')[0]
    data = {"csrf": token, "seite": "/budget", "beschreibung": WORDS, "hilfsmittel": "NVDA", **fields}
    return client.post("/barriere-melden", data=data, headers=ORIGIN)


def _page(client: Any, search: str) -> str:
    return page_html(navigate(client, "/barriere-melden", search))


def _reports(town: Visit) -> list[Any]:
    return [event for event in town.ledger.audit_events() if event.what == "barrier.reported"]


@pytest.mark.parametrize("login", ["leitung", "fachbereich", "verwaltung"])
def test_a_report_is_kept_with_its_page_and_confirmed_by_number(town: Visit, login: str) -> None:
    client = town.client(login)
    answer = _send(client)
    assert answer.status_code == 303
    (event,) = _reports(town)
    assert event.who == login
    assert (event.detail["page"], event.detail["text"], event.detail["aid"]) == ("/budget", WORDS, "NVDA")
    assert answer.headers["Location"] == f"/barriere-melden?seite=%2Fbudget&gemeldet={event.detail['number']}"
    text = _page(client, "?" + answer.headers["Location"].partition("?")[2])
    assert "Ihre Meldung ist gespeichert" in text and event.detail["number"] in text
    assert town.ledger.verify_audit_chain() is None


def test_the_form_is_prefilled_with_the_page_it_was_opened_from(town: Visit) -> None:
    client = town.client("leitung")
    assert 'value="/budget?plan_art=finanzplan"' in _page(client, "?seite=%2Fbudget%3Fplan_art%3Dfinanzplan")
    assert "https://boese.example" not in _page(client, "?seite=https%3A%2F%2Fboese.example")
    foot = page_html(navigate(client, "/", "?stichtag=2026-05-31"))
    assert "/barriere-melden?seite=%2F%3Fstichtag%3D2026-05-31" in foot


def test_m10_without_a_description_nothing_is_kept_and_the_field_says_what_is_missing(town: Visit) -> None:
    client = town.client("leitung")
    answer = _send(client, beschreibung="  ")
    assert answer.headers["Location"].endswith("fehler=leer") and not _reports(town)
    text = _page(client, "?seite=%2Fbudget&fehler=leer")
    assert "Bitte beschreiben Sie die Barriere in einem Satz." in text
    assert 'aria-invalid="true"' in text and "barriere-text-fehler" in text


def test_many_reports_in_a_row_are_slowed_down_for_their_sender_only(town: Visit) -> None:
    client = town.client("leitung")
    said = [_send(client).headers["Location"] for _ in range(7)]
    kept = [place for place in said if "gemeldet=" in place]
    assert 5 <= len(kept) < 7 and "fehler=zu-viele" in said[-1]
    assert len(_reports(town)) == len(kept)
    assert "gemeldet=" in _send(town.client("controlling")).headers["Location"]


def test_g7_a_report_needs_session_token_and_an_own_page(town: Visit) -> None:
    client = town.client("leitung")
    assert _send(client, csrf="falsch").status_code == 403
    assert town.server.test_client().post("/barriere-melden", data={}, headers=ORIGIN).status_code == 401
    foreign = {"Origin": "https://boese.example"}
    assert client.post("/barriere-melden", data={}, headers=foreign).status_code == 403
    assert not _reports(town)


def _with_mail(folder: Path, port: int) -> Settings:
    write_city(folder)
    (folder / "portal.toml").write_text(
        PORTAL + f'[mail]\nhost = "localhost"\nport = {port}\nsecurity = "none"\n'
        'sender = "portal@stadt.example"\noperators = ["it@stadt.example"]\n'
        '[accessibility]\nmail = "barriere@stadt.example"\n',
        encoding="utf-8",
    )
    return load_settings(folder, {})


def test_where_mail_is_configured_the_report_reaches_the_address_of_the_town(tmp_path: Path) -> None:
    with MailServer() as server:
        town = Visit(_with_mail(tmp_path, server.port))
        report = Report("leitung", "Dr. B\r\nBcc: x@y.example", "/budget", WORDS)
        thread = mail_later(town.settings, town.ledger, report, "AB12CD34")
        assert thread is not None
        thread.join(20)
        (mail,) = server.taken
    assert mail.recipients == ["barriere@stadt.example"]
    assert "AB12CD34" in str(mail.message["Subject"]) and mail.message["Bcc"] is None
    assert "Seite: /budget" in mail.text and "Zweite Zeile <b>fett</b>" in mail.text
    assert town.ledger.audit_events(limit=1)[0].what == "barrier.mailed"


def test_a_mail_server_that_is_down_loses_no_report(tmp_path: Path) -> None:
    with MailServer() as server:
        port = server.port
    town = Visit(_with_mail(tmp_path, port))
    answer = _send(town.client("leitung"))
    assert "gemeldet=" in answer.headers["Location"] and len(_reports(town)) == 1
    thread = mail_later(town.settings, town.ledger, Report("a", "a", "/", "x"), "AB12CD34")
    assert thread is not None
    thread.join(20)
    assert "barrier.not_mailed" in {event.what for event in town.ledger.audit_events()}


def test_the_declaration_names_body_contact_and_enforcement_of_the_town(tmp_path: Path) -> None:
    write_city(tmp_path)
    (tmp_path / "portal.toml").write_text(
        PORTAL + '[accessibility]\nbody = "Stadt Kleinstadt, der Bürgermeister"\nmail = "b@klein.example"\n'
        'conformance = "ganz"\ncreated_on = 2026-06-01\ngaps = ["Alte Vorlagen sind Bilder."]\n'
        '[accessibility.enforcement]\nname = "Stelle des Landes"\nweb = "https://stelle.example/"\n',
        encoding="utf-8",
    )
    town = Visit(load_settings(tmp_path, {}))
    text = town.read("/barrierefreiheit")
    stated = ("der Bürgermeister", "b@klein.example", "01.06.2026", "Alte Vorlagen sind Bilder.")
    for words in (*stated, "Stelle des Landes", "https://stelle.example/", "Landes Schleswig-Holstein"):
        assert words in text
    assert "teilweise vereinbar" in text, "what the product knows to be missing cannot be stated away"


def test_what_the_town_has_not_entered_is_told_and_not_made_up(town: Visit) -> None:
    text = town.read("/barrierefreiheit")
    assert text.count("Noch nicht eingetragen") == 3, "date, address, enforcement"
    assert land_of("99999999") is None and land_of("14612000") == "Sachsen"


def test_an_enforcement_address_that_is_no_https_is_refused(tmp_path: Path) -> None:
    write_city(tmp_path)
    (tmp_path / "portal.toml").write_text(
        PORTAL + '[accessibility.enforcement]\nname = "x"\nweb = "javascript:alert(1)"\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError):
        load_settings(tmp_path, {})


def test_help_shows_the_own_role_first_and_links_only_where_the_reader_may_go(town: Visit) -> None:
    text = town.read("/hilfe", "verwaltung")
    assert text.index("Erste Schritte: Verwaltung (IT)") < text.index("Erste Schritte: Leitung")
    for role in ("leitung", "fachbereichsleitung", "controlling", "verwaltung", "datenerfassung"):
        assert f"/hilfe/{role}" in text
    mayor = town.read("/hilfe/leitung", "verwaltung")
    assert "Was braucht eine Entscheidung?" in mayor and 'href="/reifegrad"' not in mayor
