"""XZuFi over HTTP: the list of files and the Bereitstelldienst, page by page, night after night."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from connectors.http.client import Client
from connectors.pulls.pvog import pull_pvog
from connectors.pulls.spool import Spool
from connectors.registry import connect
from connectors.xzufi import XzufiConnection
from tests.web_services import AS_OF, Reply, as_json, as_text, web_context
from tests.xzufi_portal import HEAD, SECRET, Bereitstelldienst, Editorial, WebTown, deleted, written
from warehouse.errors import ConfigError, ContractError

STATE = "SELECT online_service_id, bezeichnung FROM stage.online_service ORDER BY ALL"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[WebTown]:
    place = WebTown(tmp_path, {"PVOG_SECRET": SECRET})
    yield place
    place.con.close()


def test_pages_are_fetched_until_the_service_says_that_this_is_all(town: WebTown) -> None:
    with Bereitstelldienst(written(1, 2), None, "", written(3), deleted(1, 99)) as service:
        service.declare(town)
        loaded = town.night()
    assert (loaded.state, loaded.read, loaded.duplicates) == ("aktuell", 5, 1)
    assert town.rows(STATE) == [("2", "x"), ("3", "x")]
    assert service.indexes == ["0", "10", "20", "30", "40"]
    assert {asked.query["ars"] for asked in service.asked if asked.path != "/token"} == {"019990001001"}
    assert town.cursor() == {1: "50"}


def test_the_next_night_asks_for_what_came_since(town: WebTown) -> None:
    with Bereitstelldienst(written(1, 2)) as service:
        service.declare(town)
        town.night()
        assert town.night().state == "aktuell"
        service.messages += [deleted(2), written(1, label="neu")]
        town.night()
    assert service.indexes == ["0", "10", "10", "20"]
    assert town.rows(STATE) == [("1", "neu")]
    assert town.cursor() == {1: "30"}


def test_a_night_without_news_moves_nothing_and_is_current(town: WebTown) -> None:
    with Bereitstelldienst(written(1)) as service:
        service.declare(town)
        town.night()
        loaded = town.night()
    assert (loaded.state, loaded.read) == ("aktuell", 0)
    assert town.rows(STATE) == [("1", "x")]
    assert town.rows("SELECT as_of FROM meta.source") == [(AS_OF.replace(tzinfo=None),)]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (as_json({}, 503), "server_error"),
        (Reply(body=b'{"xzufi', declared_length=500), "connection_cut"),
        (as_text("<html><body>Wartung</body></html>", "text/html"), "not_the_declared_format"),
        (as_text("{", "application/json"), "not_the_declared_format"),
        (as_json([]), "not_the_declared_format"),
        (as_json({"xzufiObjekte": "x", "naechsterIndex": 1}), "not_the_declared_format"),
        (
            as_json({"xzufiObjekte": [], "naechsterIndex": 20, "vollstaendig": False}),
            "not_the_declared_format",
        ),
        (as_json({"xzufiObjekte": "", "vollstaendig": False}), "not_the_declared_format"),
        (as_json({"xzufiObjekte": "\ud800", "vollstaendig": True}), "not_the_declared_format"),
        (as_json({"xzufiObjekte": written(2)[:-3], "vollstaendig": True}), "half_file"),
        (as_json({"xzufiObjekte": "", "naechsterIndex": 0, "vollstaendig": False}), "repeated_page"),
        (as_json({"error": "unauthorized"}, 401), "access_denied"),
    ],
)
def test_b7_what_breaks_off_half_way_fails_as_a_whole_and_resumes_from_the_last_good_night(
    town: WebTown, fault: Reply, code: str
) -> None:
    with Bereitstelldienst(written(1)) as service:
        service.declare(town)
        town.night()
        service.messages += [written(1, label="neu"), deleted(1), written(2)]
        service.faults["20"] = fault
        loaded = town.night()
        assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", code)
        assert town.rows(STATE) == [("1", "x")]
        assert town.cursor() == {1: "10"}
        assert SECRET not in str(loaded) and "abc" not in str(loaded.reason)
        service.faults.clear()
        asked = len(service.indexes)
        assert town.night().state == "aktuell"
    assert service.indexes[asked:] == ["10", "20", "30"]
    assert town.rows(STATE) == [("2", "x")]
    assert town.cursor() == {1: "40"}


def test_b8_paging_without_end_stops_at_its_limit(town: WebTown) -> None:
    class Endless(Bereitstelldienst):
        def page(self, index: int) -> Reply:
            return as_json({"xzufiObjekte": "", "naechsterIndex": index + 1, "vollstaendig": False})

    with Endless() as service:
        service.declare(town)
        connection = town.spec("portal").connection
        assert isinstance(connection, XzufiConnection)
        context = web_context(town.folder)
        with Client(connection, context, "portal") as client, pytest.raises(ContractError) as caught:
            pull_pvog(client, Spool("portal"), context, "portal", params={}, most_pages=7)
    assert caught.value.code == "endless_paging"
    assert len(service.indexes) == 7


def test_all_tables_share_one_pull_and_one_token(town: WebTown) -> None:
    service_text = f"{HEAD}<schreibe><leistung><id>7</id></leistung></schreibe></n>"
    with Bereitstelldienst(written(1), service_text) as service:
        service.declare(town, "onlinedienst", "leistung")
        assert town.night().state == "aktuell"
    assert (service.indexes, service.tokens) == (["0", "10"], 1)
    assert town.rows("SELECT description_id FROM stage.service_description") == [("7",)]
    assert town.cursor() == {1: "20", 2: "20"}


def test_a_table_added_later_gets_everything_from_the_beginning(town: WebTown) -> None:
    service_text = f"{HEAD}<schreibe><leistung><id>7</id></leistung></schreibe></n>"
    with Bereitstelldienst(written(1), service_text) as service:
        service.declare(town)
        town.night()
        service.declare(town, "onlinedienst", "leistung")
        town.night()
    assert service.indexes == ["0", "10", "20", "0", "10"]
    assert town.rows("SELECT description_id FROM stage.service_description") == [("7",)]


def test_another_area_is_asked_for_from_the_beginning(town: WebTown) -> None:
    with Bereitstelldienst(written(1), written(2)) as service:
        service.declare(town)
        town.night()
        service.declare(town, ars="019990001002")
        town.night()
    assert service.indexes == ["0", "10", "0", "10"]


def test_a_backfill_begins_anew(town: WebTown) -> None:
    with Bereitstelldienst(written(1)) as service:
        service.declare(town)
        town.night()
        town.night(since=AS_OF)
    assert service.indexes == ["0", "0"]
    assert town.rows(STATE) == [("1", "x")]


def test_checking_a_source_reads_one_page(town: WebTown) -> None:
    with Bereitstelldienst(written(1), written(2), written(3)) as service:
        service.declare(town)
        connector = connect(town.spec("portal"), web_context(town.folder), town.subjects)
        assert connector.check() == []
        assert service.indexes == ["0"]
        service.messages[0] = "<html/>"
        again = connect(town.spec("portal"), web_context(town.folder), town.subjects)
        assert [finding.code for finding in again.check()] == ["not_the_declared_format"]


def test_changes_never_replace_the_whole_inventory(town: WebTown) -> None:
    with Bereitstelldienst(written(1)) as service:
        service.declare(town, write="replace")
        loaded = town.night()
    assert (loaded.state, loaded.reason_code, service.asked) == ("fehlgeschlagen", "write_mode", [])


def test_what_was_fetched_is_gone_after_the_night(
    town: WebTown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "fetched"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with Bereitstelldienst(written(1)) as service:
        service.declare(town)
        connector = connect(town.spec("portal"), web_context(town.folder), town.subjects)
        reading = connector.read(connector.tables[0], None, AS_OF)
        assert list(place.iterdir())
        del connector, reading
    gc.collect()
    assert not list(place.iterdir())


def test_listed_files_are_applied_in_the_order_of_the_list(town: WebTown) -> None:
    with Editorial(b_xml=written(1, 2), a_xml=deleted(1), c_xml=written(3)) as service:
        service.declare(town)
        loaded = town.night()
    assert (loaded.state, loaded.read) == ("aktuell", 4)
    assert service.fetched == ["index.txt", "b.xml", "a.xml", "c.xml"]
    assert town.rows(STATE) == [("2", "x"), ("3", "x")]
    assert town.cursor() == {1: "c.xml"}


def test_the_next_night_fetches_from_the_last_file_on(town: WebTown) -> None:
    with Editorial(a_xml=written(1), b_xml=written(2)) as service:
        service.declare(town)
        town.night()
        service.files["c.xml"] = deleted(1)
        town.night()
    assert service.fetched == ["index.txt", "a.xml", "b.xml", "index.txt", "b.xml", "c.xml"]
    assert town.rows(STATE) == [("2", "x")]


def test_a_list_that_was_begun_anew_is_read_from_its_beginning(town: WebTown) -> None:
    with Editorial(a_xml=written(1)) as service:
        service.declare(town)
        town.night()
        service.files = {"neu1.xml": written(1, label="y"), "neu2.xml": written(2)}
        town.night()
    assert service.fetched[2:] == ["index.txt", "neu1.xml", "neu2.xml"]
    assert town.rows(STATE) == [("1", "y"), ("2", "x")]


def test_a_list_that_was_emptied_is_no_night_without_news(town: WebTown) -> None:
    with Editorial(a_xml=written(1)) as service:
        service.declare(town)
        town.night()
        service.files = {}
        loaded = town.night()
    assert loaded.state == "fehlgeschlagen" and loaded.reason_code == "empty_list"
    assert town.rows(STATE) == [("1", "x")]
    assert town.cursor() == {1: "a.xml"}


def test_a_whole_inventory_is_fetched_and_replaced_every_night(town: WebTown) -> None:
    with Editorial(a_xml=written(1, 2), b_xml=written(3)) as service:
        service.declare(town, write="replace")
        town.night()
        service.files["b.xml"] = written(4)
        town.night()
    assert service.fetched == ["index.txt", "a.xml", "b.xml"] * 2
    assert town.rows(STATE) == [("1", "x"), ("2", "x"), ("4", "x")]
    assert town.cursor() == {}


def test_the_date_of_the_newest_message_is_the_state_of_the_data(town: WebTown) -> None:
    head = "<nachrichtenkopf><erstelltDatumZeit>2026-06-05T10:00:00Z</erstelltDatumZeit></nachrichtenkopf>"
    with Editorial(a_xml=written(1).replace(HEAD, HEAD + head)) as service:
        service.declare(town)
        town.night()
        town.night()
    assert town.rows("SELECT as_of FROM meta.source") == [(datetime(2026, 6, 5, 10),)]


@pytest.mark.parametrize(
    "name",
    [
        "../geheim.xml",
        "a/../../b.xml",
        "/etc/passwd",
        "//169.254.169.254/x",
        "http://elsewhere.example/a.xml",
        "file:///etc/passwd",
        "a.xml?x=1",
        "a.xml#x",
        "%2e%2e/a.xml",
        "a\\b.xml",
        ".verborgen",
        "ä.xml",
        "a" * 300,
    ],
)
def test_c21_names_of_the_list_lead_nowhere_but_below_the_address(town: WebTown, name: str) -> None:
    with Editorial(a_xml=written(1)) as service:
        service.declare(town)
        service.listed = ["a.xml", name]
        loaded = town.night()
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "foreign_name")
    assert service.fetched == ["index.txt"]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (None, "http_refused"),
        (written(2)[:-4], "half_file"),
        ("<html><body>Anmelden</body></html>", "not_the_declared_format"),
        ("", "half_file"),
    ],
)
def test_a_listed_file_that_is_missing_or_broken_fails_the_night_as_a_whole(
    town: WebTown, second: str | None, code: str
) -> None:
    with Editorial(a_xml=written(1)) as service:
        service.declare(town)
        town.night()
        service.listed = ["a.xml", "b.xml"]
        if second is not None:
            service.files["b.xml"] = second
        loaded = town.night()
        assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", code)
        assert (town.rows(STATE), town.cursor()) == ([("1", "x")], {1: "a.xml"})
        service.files["b.xml"] = written(2)
        assert town.night().state == "aktuell"
    assert town.rows(STATE) == [("1", "x"), ("2", "x")]


@pytest.mark.parametrize(
    "connection",
    [
        'transport = "file"\n',
        'transport = "file"\npath = "x"\nurl = "https://a.example"\n',
        'transport = "index"\n',
        'transport = "pvog"\nurl = "https://a.example"\npath = "x"\n',
        'transport = "ftp"\npath = "x"\n',
    ],
)
def test_each_way_needs_its_own_settings(town: WebTown, connection: str) -> None:
    table = '[[table]]\nobject = "onlinedienst"\nfeeds = "online_service"\n'
    town.declare("portal", f'kind = "xzufi"\n[connection]\n{connection}{table}')
    with pytest.raises(ConfigError, match=r"portal\.toml"):
        town.spec("portal")
