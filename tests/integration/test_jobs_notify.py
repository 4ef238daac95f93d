"""Who is told: once per state, by a real mail server, and never at the cost of the run."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tiny_city import DAY, NOON, WOHNGELD, refresh, snapshot, write_appointments, write_cases, write_city

from dashboard.__main__ import main
from dashboard.jobs.accounting import RunRecord, SourceLine
from dashboard.jobs.letters import HELD, News, SourceFacts, safe_reason, write_letter
from dashboard.jobs.notify import conditions_of, tell, tell_run
from dashboard.jobs.refresh import Request, run_refresh
from dashboard.settings import Settings, load_settings
from tests.certificates import Authority
from tests.mail_server import MailServer
from warehouse.held import held_deliveries
from warehouse.ledger import Condition, Ledger
from warehouse.pointer import snapshot_path

IT, OWNER = "it@stadt.example", "soziales@stadt.example"
TOPIC = "source:wohngeld"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def _settings(folder: Path, server_port: int, *, more: str = "", security: str = "none") -> Settings:
    """The tiny city with a mail server."""
    write_city(folder)
    text = (
        'name = "Kleinstadt"\nags = "01001000"\n[web]\nbehind_proxy = true\n'
        'public_url = "https://portal.stadt.example"\n'
        f'[mail]\nhost = "localhost"\nport = {server_port}\nsecurity = "{security}"\n'
        f'sender = "portal@stadt.example"\noperators = ["{IT}"]\n{more}'
        f'[mail.owners]\n"FD 50" = "{OWNER}"\n'
    )
    (folder / "portal.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, {"MAIL_PASSWORD": "sesam"})


@pytest.fixture
def city(tmp_path: Path, server: MailServer) -> Settings:
    return _settings(tmp_path, server.port)


def _night(city: Settings, number: int) -> RunRecord:
    return refresh(city, day=DAY + timedelta(days=number), now=NOON + timedelta(days=number))


def _break(city: Settings) -> None:
    (city.city / "fachverfahren.sqlite").rename(city.city / "weg.sqlite")


def _repair(city: Settings) -> None:
    (city.city / "weg.sqlite").rename(city.city / "fachverfahren.sqlite")


def _line(state: str, source: str = "wohngeld", reason: str | None = None) -> SourceLine:
    return SourceLine(source, state, reason=reason)


def _record(*lines: SourceLine, state: str = "published", reason: str | None = None) -> RunRecord:
    return RunRecord("run", DAY, "night", state, reason=reason, sources=list(lines))


def test_a_failed_source_mails_its_owner_and_the_operators_once_and_its_recovery_once(
    city: Settings, server: MailServer
) -> None:
    _night(city, 0)
    assert server.taken == []
    _break(city)
    for number in (1, 2):
        _night(city, number)
    assert [len(server.to(who)) for who in (IT, OWNER)] == [1, 1], "once per state, not per night"
    mail = server.to(OWNER)[0]
    assert mail.message["Subject"] == "Kleinstadt: Quelle „Wohngeld“ gestört"
    assert (mail.sender, mail.message["Auto-Submitted"]) == ("portal@stadt.example", "auto-generated")
    for part in (
        "Quelle „Wohngeld“ (wohngeld): gestört seit 10.06.2026, 12:00\xa0Uhr.",
        "Zuständig: FD 50",
        "Grund: ",
        "Weiter gezeigt wird: der Datenstand vom 09.06.2026, 12:00\xa0Uhr.",
        "isek refresh --only wohngeld",
        "https://portal.stadt.example/datenquellen?quelle=wohngeld",
    ):
        assert part in mail.text
    _repair(city)
    for number in (3, 4):
        _night(city, number)
    assert [len(server.to(who)) for who in (IT, OWNER)] == [2, 2]
    assert server.to(OWNER)[1].message["Subject"] == "Kleinstadt: Quelle „Wohngeld“ wieder in Ordnung"


def test_a_declaration_that_is_wrong_is_told_to_the_owner_it_names(
    city: Settings, server: MailServer
) -> None:
    _night(city, 0)
    wrong = WOHNGELD.replace("nature", "natur")
    (city.city / "sources" / "wohngeld.toml").write_text(wrong, encoding="utf-8")
    _night(city, 1)
    assert "Erklärung der Quelle ist fehlerhaft" in server.to(OWNER)[0].text


def test_an_owner_may_have_an_address_of_its_own_in_the_source(city: Settings, server: MailServer) -> None:
    text = 'owner_mail = "wohngeld@stadt.example"\n' + WOHNGELD
    (city.city / "sources" / "wohngeld.toml").write_text(text, encoding="utf-8")
    _break(city)
    _night(city, 0)
    assert {mail.recipients[0] for mail in server.taken} == {IT, "wohngeld@stadt.example"}


def test_a_failed_run_is_told_to_the_operators_only(city: Settings, server: MailServer) -> None:
    _night(city, 0)
    shutil.move(city.city / "sources", city.city / "verschwunden")
    for number in (1, 2):
        assert _night(city, number).state == "failed"
    (mail,) = server.taken
    assert mail.recipients == [IT] and mail.message["Subject"] == "Kleinstadt: Lauf gescheitert"
    assert "Keine einzige Quelle ist mehr erklärt" in mail.text and "isek refresh" in mail.text
    shutil.move(city.city / "verschwunden", city.city / "sources")
    _night(city, 3)
    assert server.taken[1].message["Subject"] == "Kleinstadt: Der Lauf ist wieder gelungen"


def test_many_news_make_one_mail_for_each_recipient(city: Settings, server: MailServer) -> None:
    _night(city, 0)
    _break(city)
    write_appointments(city.city, 12, head=("appointment_id", "on_day", "title", "detail"))
    _night(city, 1)
    (for_operators,) = server.to(IT)
    assert for_operators.message["Subject"] == "Kleinstadt: Quellen: 2 gestört"
    assert "„Wohngeld“" in for_operators.text and "„Termine“" in for_operators.text
    assert "„Termine“" not in server.to(OWNER)[0].text, "an owner reads of its own sources"


def test_a_mail_server_that_is_down_harms_no_run_and_the_next_one_tells(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    city = _settings(tmp_path, port)
    _break(city)
    record = _night(city, 0)
    assert record.state == "published"
    assert any("Mailserver nimmt keine Post an" in note for note in record.notes)
    ledger = Ledger(city.ledger_url)
    assert {c.topic: c.state for c in ledger.conditions()}["post"] == "gestört"
    with MailServer() as server:
        city = _settings(tmp_path, server.port)
        _break(city)
        assert not any("Mailserver" in note for note in _night(city, 1).notes)
        (mail,) = server.to(OWNER)
        assert "gestört seit 09.06.2026" in mail.text, "since the night it began"
    assert {c.topic: c.state for c in ledger.conditions()}["post"] == "in Ordnung"


def test_what_is_over_before_anybody_heard_of_it_is_not_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    city = _settings(tmp_path, port)
    ledger = Ledger(city.ledger_url)
    assert tell_run(city, ledger, _record(_line("fehlgeschlagen")), NOON) is not None
    with MailServer() as server:
        city = _settings(tmp_path, server.port)
        assert tell_run(city, ledger, _record(_line("aktuell")), NOON) is None
        assert server.taken == []


def test_a_line_cut_between_two_mails_repeats_the_second_only(tmp_path: Path) -> None:
    ledger = Ledger(_settings(tmp_path, 1).ledger_url)
    found = _record(_line("fehlgeschlagen"))
    with MailServer(most=1) as server:
        city = _settings(tmp_path, server.port)
        refresh(city)
        assert tell_run(city, ledger, found, NOON) is not None
        first = [mail.recipients[0] for mail in server.taken]
    with MailServer() as server:
        assert tell_run(_settings(tmp_path, server.port), ledger, found, NOON) is None
        second = [mail.recipients[0] for mail in server.taken]
    assert (len(first), len(second)) == (1, 1) and {*first, *second} == {IT, OWNER}


def test_an_address_nobody_knows_costs_its_own_mail_only(tmp_path: Path) -> None:
    with MailServer(refused=[IT]) as server:
        city = _settings(tmp_path, server.port)
        _break(city)
        record = _night(city, 0)
        assert [mail.recipients for mail in server.taken] == [[OWNER]]
        assert any(IT in note for note in record.notes)
        _night(city, 1)
        assert len(server.taken) == 1


def test_a_ledger_in_trouble_harms_no_run(city: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret words of a driver")

    monkeypatch.setattr(Ledger, "note_conditions", fail)
    record = _night(city, 0)
    assert record.state == "published"
    assert any("niemand benachrichtigen" in note for note in record.notes)
    assert "secret words" not in str(record.notes)


def test_who_joins_while_something_is_broken_is_told_too(city: Settings, server: MailServer) -> None:
    ledger = Ledger(city.ledger_url)
    tell_run(city, ledger, _record(_line("fehlgeschlagen")), NOON)
    mail = city.mail.model_copy(update={"operators": (IT, "neu@stadt.example")}) if city.mail else None
    tell_run(city.model_copy(update={"mail": mail}), ledger, _record(_line("fehlgeschlagen")), NOON)
    assert [mail.recipients[0] for mail in server.taken] == [IT, OWNER, "neu@stadt.example"]


def test_e3_a_damaged_snapshot_is_told_once_although_the_night_that_finds_it_clears_it_away(
    city: Settings, server: MailServer
) -> None:
    oldest = str(_night(city, 0).snapshot)
    for number in (1, 2):
        _night(city, number)
    path = snapshot_path(city.warehouse_dir, oldest)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    for number in (3, 4):
        moment = NOON + timedelta(days=number)
        night = Request(DAY + timedelta(days=number), trigger="night")
        record = run_refresh(city, Ledger(city.ledger_url), night, now=lambda at=moment: at)
        assert record.state == "published"
    assert not path.exists()
    assert [mail.message["Subject"] for mail in server.to(IT)] == [
        "Kleinstadt: Veröffentlichter Stand beschädigt"
    ]
    assert Ledger(city.ledger_url).conditions() == []


def test_a_source_that_was_retired_while_broken_is_forgotten(city: Settings, server: MailServer) -> None:
    _break(city)
    _night(city, 0)
    (city.city / "sources" / "wohngeld.toml").unlink()
    _night(city, 1)
    assert TOPIC not in {c.topic for c in Ledger(city.ledger_url).conditions()}
    assert len(server.to(OWNER)) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_travels_encrypted_and_with_its_password(tmp_path: Path, security: str) -> None:
    authority = Authority.create(tmp_path / "ca")
    certificate = authority.certificate("DNS:localhost")
    more = 'user = "portal"\npassword = "${MAIL_PASSWORD}"\nca_file = "stadt-ca.pem"\n'
    with MailServer(certificate, implicit=security == "tls", password="sesam") as server:
        city = _settings(tmp_path / "city", server.port, more=more, security=security)
        shutil.copyfile(authority.ca_file, city.city / "stadt-ca.pem")
        assert tell(city, Ledger(city.ledger_url), {"run": ("gescheitert", None)}, NOON) is None
        assert [mail.encrypted for mail in server.taken] == [True]


def test_a_server_without_encryption_an_unknown_authority_and_a_wrong_password_get_no_mail(
    tmp_path: Path,
) -> None:
    authority = Authority.create(tmp_path / "ca")
    certificate = authority.certificate("DNS:localhost")
    more = 'user = "portal"\npassword = "${MAIL_PASSWORD}"\n'

    def told(server: MailServer, settings: str) -> str:
        city = _settings(tmp_path / "city", server.port, more=settings, security="starttls")
        shutil.copyfile(authority.ca_file, city.city / "stadt-ca.pem")
        with server:
            city = _settings(tmp_path / "city", server.port, more=settings, security="starttls")
            sentence = str(tell(city, Ledger(city.ledger_url), {"run": ("gescheitert", None)}, NOON))
        assert server.taken == []
        assert "sesam" not in sentence
        return sentence

    def closed(**options: object) -> MailServer:
        server = MailServer(**options)  # type: ignore[arg-type]
        server.port = 1
        return server

    assert "nimmt keine Post an" in told(closed(), more)
    assert "Zertifikat" in told(closed(certificate=certificate), more)
    trusting = more + 'ca_file = "stadt-ca.pem"\n'
    assert "Passwort nicht an" in told(closed(certificate=certificate, password="anders"), trusting)


HOSTILE = "Titel\r\nBcc: everybody@evil.example\n\n.\r\nMAIL FROM:<x>\x1b[2J"


def test_nothing_in_a_title_or_reason_begins_a_header_or_a_second_mail(
    city: Settings, server: MailServer
) -> None:
    ledger = Ledger(city.ledger_url)
    text = WOHNGELD.replace('"Wohngeld"', '"Titel\\r\\nBcc: everybody@evil.example\\n\\n.\\r\\nX"')
    (city.city / "sources" / "wohngeld.toml").write_text(text, encoding="utf-8")
    _night(city, 0)
    tell_run(city, ledger, _record(_line("fehlgeschlagen", reason=HOSTILE)), NOON)
    assert {mail.recipients[0] for mail in server.taken} == {IT, OWNER}
    for mail in server.taken:
        assert mail.message["Bcc"] is None and mail.message["Subject"].count("\n") == 0
        assert not any(line.startswith(("Bcc:", ".", "MAIL")) for line in mail.text.splitlines())
        assert "\x1b" not in mail.text


def test_a_value_that_was_found_in_a_delivery_is_not_mailed() -> None:
    since = datetime(2026, 6, 9, tzinfo=UTC)
    reason = (
        "Spalte fehlt. Ort: inbox/x.csv. Vorgefunden: Erika Muster, geb. 1.1.80. Nächster Schritt: Fragen."
    )
    condition = Condition(TOPIC, "gestört", since, reason)
    assert safe_reason(condition) == "Spalte fehlt. Ort: inbox/x.csv. Nächster Schritt: Fragen."
    assert "Vorgefunden" not in safe_reason(replace(condition, reason="Es fehlt. Vorgefunden: Erika Muster"))
    held = replace(condition, state=HELD, reason="Zurückgehalten. Vorgefunden: 3 Zeilen.")
    assert "3 Zeilen" in safe_reason(held)


def test_a_held_source_is_told_with_the_command_that_lets_it_through(city: Settings) -> None:
    since = datetime(2026, 6, 9, tzinfo=UTC)
    news = News(Condition(TOPIC, HELD, since, "Zu wenig."), SourceFacts("Wohngeld", "FD 50", since))
    letter = write_letter(city, IT, [news], NOON)
    assert letter["Subject"] == "Kleinstadt: Quelle „Wohngeld“ zurückgehalten"
    assert "isek source release wohngeld" in letter.get_content()
    again = write_letter(city, IT, [news], NOON + timedelta(days=1))
    assert (
        again["Message-ID"] == letter["Message-ID"] != write_letter(city, OWNER, [news], NOON)["Message-ID"]
    )


def test_what_a_run_says_about_its_sources() -> None:
    record = _record(_line("aktuell", "a"), _line("veraltet", "b"), _line("zurückgehalten", "c"))
    record.sources.append(_line("fehlgeschlagen", "d", "Weg."))
    assert conditions_of(record) == {
        "source:a": ("in Ordnung", None),
        "source:b": ("in Ordnung", None),
        "source:c": ("zurückgehalten", None),
        "source:d": ("gestört", "Weg."),
        "run": ("in Ordnung", None),
    }
    assert conditions_of(_record(_line("aktuell"), state="interrupted")) == {}
    failed = _record(_line("aktuell"), state="failed", reason="Platte voll.")
    assert conditions_of(failed) == {"run": ("gescheitert", "Platte voll.")}


def test_the_state_on_a_terminal_says_that_mail_did_not_go_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    city = _settings(tmp_path, port)
    _break(city)
    _night(city, 0)
    assert main(["status", "--city", str(city.city)], {}) == 0
    told = capsys.readouterr().out
    assert "Benachrichtigung gestört seit 09.06.2026 12:00 CEST. Der Mailserver nimmt keine Post an" in told


def test_the_check_names_owners_nobody_could_write_to(
    city: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--city", str(city.city)], {}) == 0
    told = capsys.readouterr().out
    assert "Für „Ratsbüro“ ist keine Adresse hinterlegt" in told and "„FD 50“" not in told


def test_a_delivery_that_was_held_is_told_once_and_its_release_too(
    city: Settings, server: MailServer
) -> None:
    write_cases(city.city, 100)
    _night(city, 0)
    write_cases(city.city, 3)
    for number in (1, 2):
        _night(city, number)
    (mail,) = server.to(OWNER)
    assert mail.message["Subject"] == "Kleinstadt: Quelle „Wohngeld“ zurückgehalten"
    assert "isek source release wohngeld" in mail.text and "100" in mail.text
    write_cases(city.city, 100)
    _night(city, 3)
    assert server.to(OWNER)[1].message["Subject"] == "Kleinstadt: Quelle „Wohngeld“ wieder in Ordnung"


def test_a_release_that_another_run_takes_over_has_its_line_and_is_told(
    city: Settings, server: MailServer
) -> None:
    write_cases(city.city, 100)
    _night(city, 0)
    write_cases(city.city, 3)
    _night(city, 1)
    ledger = Ledger(city.ledger_url)
    held = held_deliveries(snapshot(city))["wohngeld"]
    ledger.note_release(held.source, held.run_id, held.delivery_hash, who="cli", reason="stimmt")
    record = refresh(
        city, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1, hours=1), only=["termine"]
    )
    assert {line.source: (line.read, line.published) for line in record.sources}["wohngeld"] == (3, 3)
    assert server.to(OWNER)[-1].message["Subject"] == "Kleinstadt: Quelle „Wohngeld“ wieder in Ordnung"
