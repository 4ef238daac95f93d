"""CMIS 1.1 by its browser binding: documents, folders, counts, windows and the change log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cmis_server import CmisServer, millis, recorded_objects
from tests.cmis_town import COLUMNS, CmisTown

DOCUMENTS = sorted(
    own for own, told in recorded_objects().items() if told["cmis:baseTypeId"] == "cmis:document"
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[CmisTown]:
    place = CmisTown(tmp_path)
    yield place
    place.con.close()


@pytest.mark.parametrize(
    ("connection", "manner"),
    [
        ("", {}),
        ("page_size = 2", {}),
        ("page_size = 7", {}),
        ("page_size = 10", {"most": 4}),
        ('method = "post"\npage_size = 5', {}),
        ("page_size = 6", {"short_form": False}),
        ("page_size = 6", {"says_total": False}),
        ("page_size = 6", {"says_total": "page"}),
        ("page_size = 20", {"extended_dates": True}),
        ("page_size = 21", {}),
        ("page_size = 4", {"capabilities": {"capabilityOrderBy": "none"}}),
    ],
)
def test_every_document_is_read_once_however_the_service_answers(
    town: CmisTown, connection: str, manner: dict[str, Any]
) -> None:
    with CmisServer(**manner) as server:
        town.source(server, connection=connection)
        loaded = town.night()
    assert (loaded.state, loaded.read, loaded.published) == ("aktuell", 21, 21), loaded.reason
    assert town.documents() == DOCUMENTS
    # Milliseconds since 1970 by Greenwich, an hour less than in the town.
    told = town.rows("SELECT name, created_at FROM stage.document WHERE document_id = '130'")
    assert told == [("My_Document-1-0", datetime(2026, 11, 21, 1, 22, 50, 836000))]


def test_pages_are_always_ordered_by_the_one_thing_that_differs(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, "where = \"cmis:name <> 'ORDER BY x'\"")
        town.connector.check()
        town.source(server)
        town.night()
        assert server.statements[-1] == (
            "SELECT cmis:objectId, cmis:name, cmis:creationDate FROM cmis:document ORDER BY cmis:objectId"
        )
        asked = server.asked[-1]
    assert asked.query["succinct"] == "true"
    assert asked.query["skipCount"] == "0"


def test_what_is_sent_is_q_in_addresses_and_statement_in_forms(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, connection='method = "post"')
        town.night()
        asked = server.asked[-1]
    assert (asked.method, asked.form["cmisaction"]) == ("POST", "query")
    assert asked.form["statement"].startswith("SELECT") and "q" not in asked.form


def test_moments_are_told_on_the_clock_of_the_town(town: CmisTown) -> None:
    moments = {
        "1": ("2026-03-28T23:30:00", datetime(2026, 3, 29, 0, 30)),
        "2": ("2026-03-29T01:30:00", datetime(2026, 3, 29, 3, 30)),
        "3": ("2026-06-30T22:15:00.123", datetime(2026, 7, 1, 0, 15, 0, 123000)),
        "4": ("1969-12-31T22:59:59", datetime(1969, 12, 31, 23, 59, 59)),
    }
    with CmisServer() as server:
        for own, (told, _) in moments.items():
            server.add(own, created=millis(told), kind="Akte")
        server.add("5", created=None, kind="Akte")
        columns = f'{COLUMNS}, created_on = "cmis:creationDate"'
        town.source(server, 'object_type = "Akte"', columns=columns)
        town.night()
    known = {own: here for own, (_, here) in moments.items()}
    assert town.documents("document_id, created_at, created_on") == [
        *((own, here, here.date()) for own, here in known.items()),
        ("5", None, None),
    ]


def test_values_of_every_kind_arrive_as_they_were_meant(town: CmisTown) -> None:
    with CmisServer() as server:
        server.add("1", kind="Akte", **{"my:words": ["eins", "zwei"], "my:size": 2**53 + 1})
        server.add("2", kind="Akte", **{"my:words": [], "my:size": None})
        server.add("3", kind="Akte", **{"my:words": "Straße; \u00a0ß", "my:size": 0})
        columns = 'document_id = "cmis:objectId", name = "my:words", size = "my:size"'
        town.source(server, 'object_type = "Akte"', columns=columns)
        town.night()
    assert town.documents("document_id, name, size") == [
        ("1", "eins; zwei", 2**53 + 1),
        ("2", None, None),
        ("3", "Straße; \u00a0ß", 0),
    ]


@pytest.mark.parametrize(
    ("folders", "counts"),
    [
        ('tree = { FD10 = "101", FD20 = "/My_Folder-0-1" }', {"FD10": 9, "FD20": 9}),
        ('folder = { FD10 = "/My_Folder-0-0", FD20 = "117" }', {"FD10": 3, "FD20": 3}),
        ('tree = { FD10 = "102" }\nfolders.folder = { FD20 = "/" }', {"FD10": 3, "FD20": 3}),
    ],
)
def test_folders_stand_for_units_by_declaration(town: CmisTown, folders: str, counts: dict[str, int]) -> None:
    with CmisServer() as server:
        town.source(server, f'folders.into = "unit"\nfolders.{folders}\n', connection="page_size = 2")
        assert town.night().state == "aktuell"
    assert dict(town.rows("SELECT unit, count(*) FROM stage.document GROUP BY unit")) == counts


def test_a_property_stands_for_a_unit_by_declaration_and_what_nobody_mapped_is_refused(
    town: CmisTown,
) -> None:
    with CmisServer() as server:
        server.add("1", kind="Akte", **{"my:amt": "Bauamt"})
        server.add("2", kind="Akte", **{"my:amt": "Neues Amt"})
        columns = 'document_id = "cmis:objectId", unit = "my:amt"'
        table = 'object_type = "Akte"\nmap.unit = { Bauamt = "FD63" }\nallow_rejected = 0.5'
        town.source(server, table, columns=columns)
        loaded = town.night()
    assert (loaded.published, loaded.rejected) == (1, 1)
    assert town.documents("unit") == ["FD63"]
    assert town.rows("SELECT column_name, raw FROM meta.rejected") == [("unit", "Ne…")]


WINDOW = (
    'write = "merge"\ncursor = "created_at"\nfirst_date = 2026-01-01\n'
    'where = "cmis:creationDate >= :since AND cmis:creationDate < :until"\n'
)


def test_with_a_cursor_only_the_window_is_asked_for(town: CmisTown) -> None:
    with CmisServer() as server:
        server.objects = {own: o for own, o in server.objects.items() if own not in DOCUMENTS[1:]}
        server.objects[DOCUMENTS[0]]["cmis:creationDate"] = millis("2026-06-01T08:00:00.500")
        town.source(server, WINDOW + "lag_days = 2")
        town.night()
        assert "cmis:creationDate >= TIMESTAMP '2025-12-31T23:00:00.000Z'" in server.statements[-1]
        assert "cmis:creationDate < TIMESTAMP '2026-06-08T03:15:00.000Z'" in server.statements[-1]
        server.add("900", like=DOCUMENTS[0], created=millis("2026-06-08T10:00:00"))
        server.add("901", like=DOCUMENTS[0], created=millis("2025-06-08T10:00:00"))
        loaded = town.night()
        assert "cmis:creationDate >= TIMESTAMP '2026-05-30T08:00:00.500Z'" in server.statements[-1]
    assert loaded.read == 2
    assert town.documents() == [DOCUMENTS[0], "900"]


@pytest.mark.parametrize(
    ("manner", "connection", "requests"),
    [
        ({}, "", 1),
        ({"says_total": False}, "", 2),
        ({"says_total": False}, "page_size = 5", 6),
        ({"says_total": "page"}, "", 2),
        ({"capabilities": {}}, 'num_items = "estimate"', 2),
    ],
)
def test_counting_asks_for_one_hit_and_for_all_of_them_only_where_the_number_is_missing(
    town: CmisTown, manner: dict[str, Any], connection: str, requests: int
) -> None:
    columns = 'value_sum = "numItems", month = "month"'
    table = 'count = true\nconstants = { indicator = "dms_dokumente", method = "gemessen" }'
    with CmisServer(**manner) as server:
        town.source(server, table, columns=columns, feeds="measurement", connection=connection)
        assert town.night().state == "aktuell"
        asked = [asked.query["maxItems"] for asked in server.asked if "q" in asked.query]
    assert town.rows("SELECT indicator, month, value_sum FROM stage.measurement") == [
        ("dms_dokumente", date(2026, 6, 1), 21)
    ]
    assert asked[0] == "1" and len(asked) == requests


def test_counts_by_folder_and_an_empty_folder_counts_zero(town: CmisTown) -> None:
    columns = 'value_sum = "numItems", month = "month"'
    table = (
        'count = true\nconstants = { method = "gemessen" }\nfolders.into = "indicator"\n'
        'folders.tree = { bau = "101", leer = "103", alles = "/" }\n'
    )
    with CmisServer() as server:
        town.source(server, table, columns=columns, feeds="measurement")
        town.night()
    rows = town.rows("SELECT indicator, CAST(value_sum AS INTEGER) FROM stage.measurement ORDER BY 1")
    assert rows == [("alles", 21), ("bau", 9), ("leer", 0)]


CHANGES = 'write = "merge"\nchanges = true\nfolders = { into = "unit", tree = { FD10 = "101" } }'


def test_the_change_log_brings_new_changed_and_deleted_objects_and_those_that_moved_away(
    town: CmisTown,
) -> None:
    with CmisServer() as server:
        town.source(server, CHANGES, connection="page_size = 3")
        assert (town.night().read, town.cursor) == (9, {1: "token-0"})
        before = town.documents()
        server.add("900", folder="102")
        server.add("901", folder="117")
        server.remove(before[0])
        server.objects[before[1]]["cmis:name"] = "umbenannt"
        server.note(before[1], "updated")
        server.objects[before[2]]["cmis:parentId"] = "117"
        server.note(before[2], "updated")
        loaded = town.night()
        assert loaded.state == "aktuell", loaded.reason
        assert town.cursor == {1: "token-5"}
        asked = [a.query.get("changeLogToken") for a in server.asked if a.query.get("changeLogToken")]
        assert asked[0] == "token-0"
        nothing = town.night()
        assert nothing.state == "aktuell"
        assert town.cursor == {1: "token-5"}
    assert town.documents() == sorted([*before[1:2], *before[3:], "900"])
    renamed = town.rows(f"SELECT name FROM stage.document WHERE document_id = '{before[1]}'")
    assert renamed == [("umbenannt",)]


def test_an_object_created_and_deleted_in_one_night_is_gone(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, CHANGES)
        town.night()
        server.add("900", folder="102")
        server.remove("900")
        assert town.night().state == "aktuell"
    assert "900" not in town.documents()


def test_what_changes_while_everything_is_read_comes_again_the_next_night(town: CmisTown) -> None:
    with CmisServer() as server:
        server.meddle = lambda number: server.remove("105") if number == 2 else None
        town.source(server, CHANGES, connection="page_size = 5")
        assert town.night().state == "aktuell"
        server.meddle = lambda number: None
        town.night()
    assert "105" not in town.documents()


def test_a_backfill_reads_everything_and_begins_a_new_count_of_changes(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, CHANGES)
        town.night()
        server.note("105", "updated")
        loaded = town.night(since=datetime(2026, 1, 1, tzinfo=UTC))
    assert (loaded.read, town.cursor) == (9, {1: "token-1"})


def test_who_files_is_counted_before_anything_is_kept(town: CmisTown) -> None:
    people = ["Anna Beispielhaft", "Bodo Musterlich", "anna beispielhaft"]
    with CmisServer() as server:
        for number in range(9):
            # Half past ten in the evening by Greenwich is the next day, and the next month, in the town.
            created = millis(f"2026-04-30T2{1 + number % 2}:30:00")
            server.add(f"9{number}", created=created, created_by=people[number % 3], kind="Akte")
        columns = (
            'document_id = "cmis:objectId", month = "cmis:creationDate", document_type = "cmis:objectTypeId",'
            ' created_by = "cmis:createdBy"'
        )
        table = (
            'object_type = "Akte"\nfolders = { into = "org_unit_id", tree = { FD10 = "117" } }\n'
            '[table.persons.aggregate]\nby = ["org_unit_id", "month", "document_type"]\n'
            'cut = { month = "month" }\ncount = "documents"\ndistinct = { creators = "created_by" }\n'
            'once = "document_id"\nat_least = 2\n'
        )
        town.source(server, table, columns=columns, feeds="dms_activity", connection="page_size = 2")
        assert town.night().state == "aktuell"
    sql = "SELECT org_unit_id, month, document_type, documents, creators FROM stage.dms_activity ORDER BY 2"
    assert town.rows(sql) == [
        ("FD10", date(2026, 4, 1), "Akte", 5, 2),
        ("FD10", date(2026, 5, 1), "Akte", 4, 2),
    ]


def test_checking_a_source_finds_nothing_wrong_and_reads_two_hits(town: CmisTown) -> None:
    with CmisServer() as server:
        town.source(server, 'folders = { into = "unit", tree = { FD10 = "101" } }')
        assert town.connector.check() == []
        assert [asked.query["maxItems"] for asked in server.asked if "q" in asked.query] == ["2"]


def test_a_property_that_no_hit_has_is_told(town: CmisTown) -> None:
    with CmisServer(omits_empty=True) as server:
        for told in server.objects.values():
            told.pop("cmis:name", None)
        town.source(server)
        (finding,) = town.connector.check()
        assert town.night().published == 21
    assert (finding.level, finding.code) == ("warning", "missing_property")
    assert "cmis:name" in finding.what
