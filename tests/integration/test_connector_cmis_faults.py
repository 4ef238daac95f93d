"""CMIS services that are busy, broken, limited, wrongly declared, or change while they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.http import patience
from tests.cmis_server import BASE, REPOSITORY, CmisServer, recorded_answer
from tests.cmis_town import COLUMNS, SECRET, CmisTown
from tests.web_services import Asked, Reply, as_json, as_text
from warehouse.errors import ConfigError
from warehouse.landing import Delivery


@pytest.fixture
def town(tmp_path: Path) -> Iterator[CmisTown]:
    place = CmisTown(tmp_path)
    yield place
    place.con.close()


def _first_queries(*replies: Reply) -> Callable[[Asked], Reply | None]:
    """Answers the first queries in place of the service."""
    waiting = list(replies)

    def fault(asked: Asked) -> Reply | None:
        return waiting.pop(0) if waiting and "q" in asked.query else None

    return fault


def _every_query(reply: Reply) -> Callable[[Asked], Reply | None]:
    return lambda asked: reply if "q" in asked.query else None


@pytest.mark.parametrize(
    "busy",
    [
        as_json({}, 429, Retry_After="0"),
        as_json({}, 503, Retry_After="0"),
        as_json({"exception": "runtime", "message": "Connection pool exhausted"}, 500),
    ],
)
def test_b4_a_service_that_is_busy_for_a_while_is_read_completely(
    town: CmisTown, busy: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "FIRST_WAIT_S", 0.01)
    town.tries = 5
    with CmisServer(fault=_first_queries(busy, busy)) as server:
        town.source(server, connection="page_size = 8")
        loaded = town.night()
    assert (loaded.state, loaded.published) == ("aktuell", 21)


def test_b4_a_service_that_stays_busy_keeps_the_last_good_slice(
    town: CmisTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "FIRST_WAIT_S", 0.001)
    with CmisServer() as server:
        town.source(server)
        town.night()
        town.tries = 3
        server.fault = _every_query(as_json({}, 503))
        asked = len(server.asked)
        loaded = town.night()
        queries = [one for one in server.asked[asked:] if "q" in one.query]
    assert (loaded.state, loaded.reason_code, len(queries)) == ("fehlgeschlagen", "server_error", 3)
    assert len(town.documents()) == 21


def test_b5_wrong_credentials_are_tried_once_and_told_to_the_owner(town: CmisTown) -> None:
    with CmisServer(password="ein anderes") as server:
        town.source(server)
        loaded = town.night()
        assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "access_denied")
        assert len(server.asked) == 1
        town.source(server, connection=_BASIC)
        assert town.night().state == "aktuell"
        assert all(asked.headers["authorization"].startswith("Basic ") for asked in server.asked[1:])


_BASIC = '[connection.auth]\ntype = "basic"\nuser = "leser"\npassword = "${CMIS_PASSWORD}"'


def test_b5_a_right_that_is_missing_is_no_reason_to_try_again(town: CmisTown) -> None:
    refusal = as_json({"exception": "permissionDenied", "message": "no"}, 403)
    town.tries = 5
    with CmisServer(fault=_every_query(refusal)) as server:
        town.source(server, connection=_BASIC)
        loaded = town.night()
        assert len([asked for asked in server.asked if "q" in asked.query]) == 1
    assert loaded.reason_code == "access_denied"
    assert SECRET not in str(loaded) and "leser" not in str(loaded.reason)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (Reply(body=b'{"results": [', declared_length=4000), "connection_cut"),
        (as_text('{"results": [{"succinctPr', "application/json"), "not_the_declared_format"),
        (as_text("<html><body>Anmeldung</body></html>", "text/html"), "not_the_declared_format"),
        (as_text("<!DOCTYPE html><html></html>", "application/json"), "not_the_declared_format"),
        (as_text("<feed/>", "application/atom+xml"), "not_the_declared_format"),
        (as_json([]), "not_the_declared_format"),
        (as_json({"results": {}, "hasMoreItems": False}), "not_the_declared_format"),
        (as_json({"results": []}), "not_the_declared_format"),
        (as_json({"results": [], "hasMoreItems": "false"}), "not_the_declared_format"),
        (
            as_json({"results": [{"succinctProperties": {}}], "hasMoreItems": False}),
            "not_the_declared_format",
        ),
        (as_json({"results": ["x"], "hasMoreItems": False}), "not_the_declared_format"),
        (as_json({}, 404), "http_refused"),
        (as_text("<html>400</html>", "text/html", 400), "http_refused"),
    ],
)
def test_b7_an_answer_that_is_none_fails_the_source_on_any_page_and_no_row_counts(
    town: CmisTown, broken: Reply, code: str
) -> None:
    with CmisServer() as server:
        town.source(server, connection="page_size = 8")
        town.night()
        before = town.rows("FROM stage.document ORDER BY ALL")
        second = len(server.statements) + 2

        def fault(asked: Asked) -> Reply | None:
            return broken if "q" in asked.query and len(server.statements) + 1 >= second else None

        server.fault = fault
        server.objects["130"]["cmis:name"] = "neu"
        loaded = town.night()
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", code)
    assert loaded.reason and "Traceback" not in loaded.reason
    assert town.rows("FROM stage.document ORDER BY ALL") == before


def test_b7_half_a_character_in_a_name_costs_its_row_only(town: CmisTown) -> None:
    with CmisServer() as server:
        server.objects["130"]["cmis:name"] = "\ud83d"
        town.source(server, "allow_rejected = 0.1")
        loaded = town.night()
    assert (loaded.state, loaded.published, loaded.rejected) == ("aktuell", 20, 1)
    assert town.rows("SELECT column_name, reason_code FROM meta.rejected") == [("name", "undecodable")]


def _same_page(server: CmisServer) -> Callable[[Asked], Reply | None]:
    """A service that does not know `skipCount`."""

    def fault(asked: Asked) -> Reply | None:
        if "q" not in asked.query or asked.query["skipCount"] == "0":
            return None
        return server._query(asked.query["q"], {**asked.query, "skipCount": "0"})

    return fault


def test_b8_a_service_that_repeats_its_first_page_is_stopped(town: CmisTown) -> None:
    with CmisServer() as server:
        server.fault = _same_page(server)
        town.source(server, connection="page_size = 5")
        loaded = town.night()
        assert len(server.statements) <= 6
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "paging_repeats")


def test_b8_a_service_that_never_ends_is_stopped(town: CmisTown) -> None:
    def endless(asked: Asked) -> Reply | None:
        if "q" not in asked.query:
            return None
        at = int(asked.query["skipCount"])
        hits = [{"succinctProperties": {"cmis:objectId": str(n)}} for n in range(at, at + 5)]
        return as_json({"results": hits, "hasMoreItems": True})

    with CmisServer(fault=endless) as server:
        town.source(
            server, columns='document_id = "cmis:objectId"', connection="page_size = 5\nmax_pages = 7"
        )
        loaded = town.night()
        assert len([asked for asked in server.asked if "q" in asked.query]) == 7
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "too_many_pages")


def test_b8_a_change_log_whose_token_repeats_is_stopped(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, 'write = "merge"\nchanges = true')
        town.night()
        event = {"succinctProperties": {"cmis:objectId": "1"}, "changeEventInfo": {"changeType": "updated"}}
        page = as_json({"objects": [event], "hasMoreItems": True, "changeLogToken": "token-0"})
        server.fault = lambda asked: page if asked.query.get("cmisselector") == "contentChanges" else None
        loaded = town.night()
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "paging_repeats")
    assert town.cursor == {1: "token-0"}


@pytest.mark.parametrize("page_size", [3, 5, 20])
@pytest.mark.parametrize(
    "change",
    [
        lambda server: server.add("000"),
        lambda server: server.add("zzz"),
        lambda server: server.remove("105"),
        lambda server: server.remove("135"),
        lambda server: [server.remove(own) for own in ("105", "106")],
        lambda server: [server.add("000"), server.remove("105"), server.add("001")],
    ],
)
def test_b9_what_comes_and_goes_between_two_pages_loses_and_doubles_nothing(
    town: CmisTown, change: Callable[[CmisServer], Any], page_size: int
) -> None:
    with CmisServer() as server:
        always = {own for own, told in server.objects.items() if told["cmis:baseTypeId"] == "cmis:document"}
        server.meddle = lambda number: change(server) if number == 2 else None
        town.source(server, connection=f"page_size = {page_size}", columns=COLUMNS)
        loaded = town.night()
        after = {own for own, told in server.objects.items() if told["cmis:baseTypeId"] == "cmis:document"}
    assert (loaded.state, loaded.duplicates) == ("aktuell", 0), loaded.reason
    found = town.documents()
    assert len(set(found)) == len(found)
    assert set(found) >= always & after
    assert set(found) <= always | after


def test_b9_the_last_hit_of_a_page_that_vanishes_is_not_needed_to_go_on(town: CmisTown) -> None:
    with CmisServer() as server:
        # Page one ends with 111; it and what stood before it are deleted.
        server.meddle = lambda number: [server.remove(own) for own in ("107", "111")] if number == 2 else None
        town.source(server, connection="page_size = 4")
        assert town.night().state == "aktuell"
    assert set(town.documents()) >= {"112", "113", "114", "135"}
    assert len(town.documents()) == 21


def test_b9_a_service_in_turmoil_is_left_for_a_quieter_night(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, connection="page_size = 3")
        town.night()

        def rename_all(number: int) -> None:
            for own in list(server.objects):
                if server.objects[own]["cmis:baseTypeId"] == "cmis:document":
                    told = server.objects.pop(own)
                    server.objects[f"{own}x"] = {**told, "cmis:objectId": f"{own}x"}

        server.meddle = rename_all
        loaded = town.night()
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "changed_while_paging")
    assert len(town.documents()) == 21


def test_fewer_hits_than_the_service_says_there_are_is_no_whole_delivery(town: CmisTown) -> None:
    with CmisServer() as server:

        def limited(asked: Asked) -> Reply | None:
            if "q" not in asked.query:
                return None
            told = server._query(asked.query["q"], asked.query)
            document = json.loads(told.body)
            reached = int(asked.query["skipCount"]) + len(document["results"])
            return as_json({**document, "hasMoreItems": document["hasMoreItems"] and reached < 10})

        server.fault = limited
        town.source(server, connection="page_size = 6")
        loaded = town.night()
        assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "incomplete")
        town.source(server, connection='page_size = 6\nnum_items = "estimate"')
        assert town.night().state == "aktuell"


def test_a_statement_the_service_does_not_understand_is_told_in_its_words(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, 'where = "cmis:name LIKE nothing"')
        loaded = town.night()
        assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "query_refused")
        assert "mismatched input" in str(loaded.reason)
        assert "where" in str(loaded.reason)
        (finding,) = town.connector.check()
        assert (finding.level, finding.code) == ("error", "query_refused")


def test_what_a_service_cannot_do_is_told(town: CmisTown) -> None:
    refusal = as_json({"exception": "notSupported", "message": "Query not supported"}, 405)
    with CmisServer(fault=_every_query(refusal)) as server:
        town.source(server)
        assert town.night().reason_code == "not_supported"


@pytest.mark.parametrize(
    ("folder", "told"),
    [("999999", "Unknown object id: 999999"), ("/Weg", "objectNotFound"), ("130", "ist keiner")],
)
def test_a_folder_that_is_gone_does_not_look_like_an_empty_one(
    town: CmisTown, folder: str, told: str
) -> None:
    with CmisServer() as server:
        town.source(server, f'folders = {{ into = "unit", tree = {{ FD10 = "{folder}" }} }}')
        loaded = town.night()
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "folder_missing")
    assert told in str(loaded.reason)


def test_a_repository_has_to_be_one_of_those_there(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, connection='repository = "A2"')
        loaded = town.night()
        assert (loaded.reason_code, "A1" in str(loaded.reason)) == ("unknown_repository", True)
        info = recorded_answer(1)[REPOSITORY]
        several = as_json({"A1": info, "B1": {**info, "repositoryUrl": f"{server.address}/B1"}})
        server.fault = lambda asked: several if asked.path == BASE else None
        town.source(server)
        assert "repository fehlt" in str(town.night().reason)
        town.source(server, connection='repository = "B1"')
        # The chosen one is asked; the service of the tests does not know it.
        assert "Unknown repository id" in str(town.night().reason)


def test_a_service_that_names_an_inner_host_is_not_followed_but_can_be_reached_by_its_path(
    town: CmisTown,
) -> None:
    with CmisServer(named_host="https://intern.stadt.example:8443") as server:
        town.source(server)
        loaded = town.night()
        assert (loaded.reason_code, "intern.stadt.example" in str(loaded.reason)) == ("foreign_host", True)
        folders = 'folders = { into = "unit", tree = { FD10 = "/My_Folder-0-0" } }'
        town.source(server, folders, connection='repository_path = "A1"')
        assert town.night().published == 9


def test_a_change_log_that_no_longer_reaches_back_is_told_and_the_cursor_stays(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, 'write = "merge"\nchanges = true')
        town.night()
        server.log = [("token-77", "105", "updated")]
        loaded = town.night()
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "change_log_gone")
    assert "replace" in str(loaded.reason)
    assert town.cursor == {1: "token-0"}


def test_a_repository_without_a_change_log_cannot_be_followed(town: CmisTown) -> None:
    with CmisServer(capabilities={"capabilityChanges": "none"}) as server:
        town.source(server, 'write = "merge"\nchanges = true')
        assert [finding.code for finding in town.connector.check()] == ["no_change_log"]
        assert town.night().reason_code == "no_change_log"


def test_the_same_answer_twice_has_the_same_content(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server)
        hashes = []
        for page_size in (4, 21):
            town.source(server, connection=f"page_size = {page_size}")
            town.nights += 1
            (delivery,) = town.land().deliveries
            assert isinstance(delivery, Delivery)
            hashes.append(delivery.content_hash)
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    ("table", "columns", "told"),
    [
        ("where = \"cmis:name = 'x' ORDER BY cmis:name\"", COLUMNS, "ORDER BY"),
        ('where = "cmis:name = \'x"', COLUMNS, "gehört nicht in where"),
        ('where = "1 = 1; DROP"', COLUMNS, "gehört nicht in where"),
        ('where = "cmis:creationDate > :sinze"', COLUMNS, "Unbekannt: :sinze"),
        ('where = "cmis:creationDate > :since"', COLUMNS, "gehören zusammen"),
        ('write = "merge"\ncursor = "created_at"\nfirst_date = 2026-01-01', COLUMNS, "gehören zusammen"),
        ('object_type = "cmis:document WHERE"', COLUMNS, "object_type"),
        ("", 'document_id = "cmis:objectId FROM x"', "kein Name einer Eigenschaft"),
        ("", 'document_id = "cmis:objectId", nmae = "cmis:name"', "Meinten Sie „name“?"),
        ("", 'name = "cmis:name"', "Die Pflichtspalte fehlt"),
        ("count = true", COLUMNS, "Beim Zählen gibt es nur"),
        ("changes = true", COLUMNS, "changes braucht write"),
        ('changes = true\nwrite = "merge"\nkey = ["name"]', COLUMNS, "das muss der Schlüssel sein"),
        ('folders = { into = "unit" }', COLUMNS, "tree oder folder angeben"),
        ('folders = { into = "amt", tree = { A = "1" } }', COLUMNS, "„amt“ in folders.into"),
        ('folders = { into = "unit", tree = { A = "1" }, folder = { A = "2" } }', COLUMNS, "Doppelt"),
        ('deleted_when = { column = "name", equals = "x" }\nwrite = "merge"', COLUMNS, "changes = true"),
    ],
)
def test_a_wrong_declaration_is_told_with_its_line(
    town: CmisTown, table: str, columns: str, told: str
) -> None:
    town.source("http://127.0.0.1:9/cmis", table, columns=columns)
    with pytest.raises(ConfigError) as caught:
        town.spec("dms")
    assert told in str(caught.value)
    assert "dms.toml:" in str(caught.value.where)
