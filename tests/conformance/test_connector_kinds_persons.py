"""Persons in every kind of source: named by tokens or counted, and their names are kept nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from connectors.registry import discover
from tests.cmis_server import CmisServer
from tests.persons_town import COUNTS, FILINGS, NAMES, TOKENS, PersonsTown
from tests.web_services import AS_OF, Service, as_json
from warehouse.errors import ConfigError
from warehouse.ledger import Ledger

HEADER = ("filing_id", "unit", "day", "clerk")


@dataclass(frozen=True)
class Case:
    """How a kind delivers the filings: its declaration (`{url}`, `{feeds}`), its own files, its service.

    `once` goes with what is counted. A kind of messages `counts` nothing: the same object comes again with
    every change.
    """

    declared: str
    set_up: Callable[[PersonsTown], object]
    own: tuple[str, ...] = ()
    serve: Callable[[], AbstractContextManager[object]] = nullcontext
    counts: bool = True
    once: str = ""


def _file(town: PersonsTown) -> None:
    lines = [";".join(row) for row in (HEADER, *FILINGS)]
    town.deliver("inbox/x.csv", "\n".join([*lines, ""]))


def _database(town: PersonsTown) -> None:
    with sqlite3.connect(town.folder / "x.sqlite") as con:
        con.execute("CREATE TABLE f (filing_id TEXT, unit TEXT, day TEXT, clerk TEXT)")
        con.executemany("INSERT INTO f VALUES (?, ?, ?, ?)", FILINGS)
    con.close()


def _ledger(town: PersonsTown) -> None:
    ledger = Ledger(f"sqlite:///{town.folder / 'ledger.sqlite'}")
    for subject in ("filing", "activity"):
        for row in FILINGS:
            made = ledger.add_entry(
                subject, dict(zip(HEADER, row, strict=True)), author="a", created_at=AS_OF
            )
            ledger.release_entry(made.id, who="b", released_at=AS_OF)
    ledger.close()


def _message(town: PersonsTown) -> None:
    units = "".join(
        f"<schreibe><organisationseinheit><id>{number}</id><name><name>{clerk}</name></name>"
        "<anschrift><verwaltungspolitischeKodierung><gemeindeschluessel>"
        f"<code>{'01999001' if number < 4 else clerk}</code>"
        "</gemeindeschluessel></verwaltungspolitischeKodierung></anschrift></organisationseinheit></schreibe>"
        for number, (_, _, _, clerk) in enumerate(FILINGS)
    )
    message = f"<n xmlns='http://xoev.de/schemata/xzufi/2_2_0' xzufiVersion='2.2.0'>{units}</n>"
    town.deliver("inbox/x.xml", message)


def _service() -> Service:
    return Service(as_json([dict(zip(HEADER, row, strict=True)) for row in FILINGS]))


@contextmanager
def _repository() -> Iterator[CmisServer]:
    with CmisServer(objects={}) as server:
        for own, unit, day, clerk in FILINGS:
            created = int(datetime.fromisoformat(day).timestamp() * 1000) if day[0] == "2" else day
            server.objects[own] = {
                "cmis:objectId": own, "cmis:baseTypeId": "cmis:document", "cmis:objectTypeId": "Akte",
                "my:unit": unit, "cmis:creationDate": created, "cmis:createdBy": clerk,
            }  # fmt: skip
        yield server


CASES = {
    "files": Case('[[table]]\npath = "inbox/x.csv"\ntext.date = "%Y-%m-%d"\n', _file, ("inbox/",)),
    "sql": Case(
        '[connection]\nurl = "sqlite:///x.sqlite"\n[[table]]\nquery = "SELECT * FROM f"\n',
        _database,
        ("x.sqlite",),
    ),
    "cmis": Case(
        '[connection]\nurl = "{url}/cmis/browser"\nallow_http = true\npage_size = 2\n[[table]]\n'
        'columns.filing_id = "cmis:objectId"\ncolumns.unit = "my:unit"\n'
        'columns.day = "cmis:creationDate"\ncolumns.clerk = "cmis:createdBy"\n',
        lambda town: None,
        serve=_repository,
        once='once = "filing_id"\n',
    ),
    "entry": Case("[[table]]\n", _ledger, ("ledger.sqlite",)),
    "xzufi": Case(
        '[connection]\ntransport = "file"\npath = "inbox/x.xml"\n'
        '[[table]]\nobject = "organisationseinheit"\n',
        _message,
        ("inbox/",),
        counts=False,
    ),
    "rest": Case(
        '[connection]\nurl = "{url}"\nallow_http = true\n[[table]]\n', lambda town: None, serve=_service
    ),
}


KINDS = sorted(discover())
COUNTING = pytest.mark.parametrize(
    "world", [kind for kind in KINDS if kind not in CASES or CASES[kind].counts], indirect=True
)


@dataclass(frozen=True)
class World:
    """One town with one source of the kind under test."""

    town: PersonsTown
    kind: str
    case: Case
    url: str

    def declare(self, feeds: str, persons: str) -> None:
        self.town.declare(
            "probe",
            f'kind = "{self.kind}"\n{self.case.declared.format(url=self.url)}'
            f'feeds = "{feeds}"\nallow_rejected = 0.5\n{persons}',
        )

    def declare_tokens(self, persons: str = TOKENS) -> str:
        """Feed the subject with a person in it; returns its table and the column of the person."""
        if self.case.counts:
            self.declare("filing", persons)
            return "stage.filing"
        self.declare("service_unit", persons.replace("clerk", "name"))
        return "stage.service_unit"

    @property
    def person(self) -> str:
        return "clerk" if self.case.counts else "name"

    def trails(self) -> list[str]:
        return self.town.trails(own=self.case.own)


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    assert request.param in CASES, f"the kind {request.param} needs a case in this file"
    case, town = CASES[request.param], PersonsTown(tmp_path)
    with case.serve() as service:
        case.set_up(town)
        yield World(town, request.param, case, getattr(service, "url", ""))
    town.con.close()


def test_without_declaration_the_names_are_found_where_this_suite_looks(world: World) -> None:
    table = world.declare_tokens("")
    assert world.town.night("probe").state == "aktuell"
    found = world.trails()
    assert table in found
    assert any(place.endswith("rows.parquet") for place in found)


def test_the_same_person_has_the_same_token_and_no_name_is_kept_anywhere(world: World) -> None:
    table = world.declare_tokens()
    loaded = world.town.night("probe")
    assert (loaded.state, loaded.read, loaded.rejected) == ("aktuell", 5, 1), loaded.reason
    assert loaded.read == loaded.published + loaded.rejected + loaded.duplicates
    tokens = [row[0] for row in world.town.rows(f"SELECT {world.person} FROM {table} ORDER BY _line")]
    assert tokens[0] == tokens[2] == tokens[3] != tokens[1]
    assert all(len(token) == 32 and int(token, 16) for token in tokens)
    assert world.trails() == []
    assert not [name for name in NAMES if name in repr(loaded)]


@COUNTING
def test_rows_become_groups_with_numbers_and_no_name_is_kept_anywhere(world: World) -> None:
    world.declare("activity", COUNTS + world.case.once)
    loaded = world.town.night("probe")
    # Three groups landed, one of them with a day that is none.
    assert (loaded.state, loaded.read, loaded.rejected) == ("aktuell", 3, 1), loaded.reason
    assert loaded.read == loaded.published + loaded.rejected + loaded.duplicates
    sql = "SELECT unit, CAST(day AS VARCHAR), documents, clerks FROM stage.activity ORDER BY ALL"
    assert world.town.rows(sql) == [("FD10", "2026-06-01", 3, 2), ("FD20", "2026-06-02", 1, 1)]
    assert world.trails() == []
    assert not [name for name in NAMES if name in repr(loaded)]


@COUNTING
def test_days_that_are_none_are_refused_row_by_row_where_they_are_cut(world: World) -> None:
    world.declare("activity", COUNTS + world.case.once + 'cut = { day = "month" }\n')
    loaded = world.town.night("probe")
    assert (loaded.state, loaded.read, loaded.rejected) == ("aktuell", 3, 1), loaded.reason
    sql = "SELECT unit, CAST(day AS VARCHAR), documents FROM stage.activity ORDER BY ALL"
    assert world.town.rows(sql) == [("FD10", "2026-06-01", 3), ("FD20", "2026-06-01", 1)]
    assert world.town.rows("SELECT reason_code, column_name, raw FROM meta.rejected") == [
        ("not_a_date", "day", None)
    ]
    assert world.trails() == []


@pytest.mark.parametrize("world", [kind for kind in CASES if not CASES[kind].counts], indirect=True)
def test_messages_cannot_be_counted(world: World) -> None:
    world.declare("office", '[table.persons.aggregate]\nby = ["service_unit_id"]\ncount = "objects"\n')
    with pytest.raises(ConfigError) as caught:
        world.town.spec("probe")
    assert "nicht zählen" in str(caught.value)
