"""The recipes for DMS read what they promise, in spite of paging and faults: groups, months, no names."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.recipes import find_recipe
from tests.cmis_town import CmisTown
from tests.dms_services import EXPECTED, DmsService, Document, DVelop, EnaioDms, OsRest
from tests.persons_town import trails_of
from tests.web_services import Asked, Reply, as_json, as_text

RESULT = (
    "SELECT org_unit_id, CAST(month AS VARCHAR), document_type, documents, creators"
    " FROM stage.dms_activity ORDER BY ALL"
)


@dataclass(frozen=True)
class Case:
    """A recipe, the service it reads, the secrets it needs, what has to be put right for this machine."""

    recipe: str
    service: Callable[[], DmsService]
    path: str
    prefix: str
    size: str = "size = 500"
    types: Callable[[list[Any]], list[Any]] = lambda rows: rows


def _by_category(rows: list[Any]) -> list[Any]:
    names = {"Posteingang": "DEINS", "Schriftgut": "DBRIEF"}
    return [(unit, month, names[kind], *rest) for unit, month, kind, *rest in rows]


CASES = [
    Case("enaio_dms", EnaioDms, "/dms", "ENAIO"),
    Case("enaio_osrest", OsRest, "/osrest/api", "OSREST"),
    Case("d_velop", DVelop, "", "DVELOP", "pagesize = 500", _by_category),
]


class DmsTown(CmisTown):
    """Reads one of the recipes from a service of this machine, in small pages."""

    def use(self, case: Case, server: DmsService, size: int = 7) -> None:
        text = find_recipe(case.recipe).for_source("dms")
        assert case.size in text and "rate_per_s = 5" in text
        # Plain http is for this machine only; nobody waits between requests here.
        text = text.replace("rate_per_s = 5", "allow_http = true")
        text = text.replace(case.size, case.size.replace("500", str(size)))
        secrets = {"URL": server.url + case.path, "USER": "leser", "PASSWORD": "geheim", "API_KEY": "geheim"}
        self.secrets |= {f"{case.prefix}_{name}": value for name, value in secrets.items()}
        self.declare("dms", text)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[DmsTown]:
    place = DmsTown(tmp_path)
    yield place
    place.con.close()


EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.recipe)


@EVERY
@pytest.mark.parametrize("size", [7, 60, 500])
def test_documents_are_counted_by_unit_month_and_type(town: DmsTown, case: Case, size: int) -> None:
    with case.service() as server:
        town.use(case, server, size)
        loaded = town.night()
    assert loaded.state == "aktuell", loaded.reason
    assert town.rows(RESULT) == case.types(EXPECTED)


@EVERY
def test_no_name_of_a_clerk_is_kept_and_none_touches_the_disk_on_the_way(
    town: DmsTown, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_disk(*args: object, **kwargs: object) -> None:
        raise AssertionError("rows with names went to a file")

    with case.service() as server:
        town.use(case, server)
        town.night()
        monkeypatch.setattr(tempfile, "TemporaryFile", on_disk)
        text = (town.folder / "sources/dms.toml").read_text(encoding="utf-8").partition("[[table]]")
        # The second table of enaio has no persons in it and may use the disk.
        only = text[2].partition("[[table]]")[0]
        town.declare("dms", f"{text[0]}[[table]]{only}")
        assert town.night().state == "aktuell"
    assert trails_of(town, ["Nummer1"]) == []


@EVERY
def test_checking_a_source_of_the_recipe_finds_nothing_wrong(town: DmsTown, case: Case) -> None:
    with case.service() as server:
        town.use(case, server)
        findings = town.connector.check()
    assert [finding for finding in findings if finding.level == "error"] == []


@EVERY
def test_documents_without_a_known_creator_count_and_nobody_is_invented(town: DmsTown, case: Case) -> None:
    with case.service() as server:
        server.documents = [replace(document, creator=None) for document in server.documents]
        town.use(case, server)
        assert town.night().state == "aktuell"
    assert [row[3:] for row in town.rows(RESULT)] == [(7, None), (60, None)]


@EVERY
def test_a_unit_nobody_mapped_is_refused_where_the_town_knows_its_units_and_visible_here(
    town: DmsTown, case: Case
) -> None:
    with case.service() as server:
        server.documents = [replace(document, unit="Neues Amt") for document in server.documents]
        town.use(case, server)
        town.night()
    assert {row[0] for row in town.rows(RESULT)} == {"Neues Amt"}


@EVERY
def test_b5_wrong_credentials_are_tried_once(town: DmsTown, case: Case) -> None:
    town.tries = 5
    with case.service() as server:
        server.password = "geändert"
        town.use(case, server)
        loaded = town.night()
        assert len(server.asked) == 1
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "access_denied")
    assert "geheim" not in str(loaded)


@EVERY
@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (as_text("<html>Wartung</html>", "text/html"), "not_the_declared_format"),
        (as_text("[{", "application/json"), "not_the_declared_format"),
        (as_json({"message": "down"}, 503), "server_error"),
        (as_json({"message": "bad"}, 400), "http_refused"),
        (as_json({"message": "etwas anderes"}), None),
    ],
)
def test_b7_what_breaks_on_a_later_page_keeps_the_last_good_slice(
    town: DmsTown, case: Case, broken: Reply, code: str | None
) -> None:
    with case.service() as server:
        town.use(case, server)
        town.night()
        before = town.rows(RESULT)
        seen = len(server.asked)

        def fault(asked: Asked) -> Reply | None:
            return broken if len(server.asked) > seen + 2 else None

        server.fault = fault
        loaded = town.night()
    assert loaded.state == "fehlgeschlagen"
    assert code in (None, loaded.reason_code)
    assert town.rows(RESULT) == before


@EVERY
def test_b9_a_document_that_moves_to_the_next_page_counts_once(town: DmsTown, case: Case) -> None:
    with case.service() as server:
        stock = list(server.documents)

        def fault(asked: Asked) -> Reply | None:
            # While page two is asked for, somebody files one more in front: everything moves by one.
            if len(server.asked) == 2:
                created = datetime(2026, 5, 2, 8, tzinfo=UTC)
                server.documents = [Document("050", created, "Person Nummer0", "Bauordnung"), *stock]
            return None

        server.fault = fault
        town.use(case, server)
        loaded = town.night()
    assert loaded.state == "aktuell", loaded.reason
    assert [row[3] for row in town.rows(RESULT)] in ([7, 60], [7, 61])


def test_enaio_counts_its_stock_by_itself_and_the_running_month_is_renewed(town: DmsTown) -> None:
    case = CASES[0]
    with EnaioDms() as server:
        town.use(case, server)
        town.night()
        server.documents = server.documents[:-1]
        town.night()
    rows = town.rows("SELECT indicator, month, CAST(value_sum AS INTEGER) FROM stage.measurement ORDER BY 1")
    assert rows == [
        ("dms_dokumente_Posteingang", date(2026, 6, 1), 6),
        ("dms_dokumente_Schriftgut", date(2026, 6, 1), 60),
    ]
    assert any("TIMESTAMP '2026-04-30T22:00:00.000Z'" in told for told in server.statements)


def test_enaio_that_names_types_by_number_only_is_read_as_well(town: DmsTown) -> None:
    class Older(EnaioDms):
        def found(self, asked: Asked) -> Reply:
            told = super().found(asked)
            return replace(told, body=told.body.replace(b', "localName": "Schriftgut"', b""))

    with Older() as server:
        town.use(CASES[0], server)
        assert town.night().state == "aktuell"
    assert [row[2] for row in town.rows(RESULT)] == ["Posteingang", "262144"]


def test_days_beyond_the_month_that_osrest_delivers_are_not_counted(town: DmsTown) -> None:
    with OsRest() as server:
        town.use(CASES[1], server)
        # Whole days: a backfill of May asks until the first of June and gets its documents too.
        server.documents += [
            Document("990", datetime(2026, 6, 1, 8, tzinfo=UTC) + timedelta(hours=n), "x", "Bauordnung")
            for n in range(2)
        ]
        assert town.night().state == "aktuell"
    assert [row[:2] for row in town.rows(RESULT)] == [
        ("FD50", "2026-06-01"),
        ("FD63", "2026-05-01"),
        ("FD63", "2026-06-01"),
    ]


def test_a_link_of_d_velop_to_a_foreign_host_is_not_followed(town: DmsTown) -> None:
    class Elsewhere(DVelop):
        def found(self, asked: Asked) -> Reply:
            told = super().found(asked)
            return replace(
                told, body=told.body.replace(b'"href": "/dms', b'"href": "https://anderswo.example/dms')
            )

    with Elsewhere() as server:
        town.use(CASES[2], server)
        loaded = town.night()
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "foreign_host")
