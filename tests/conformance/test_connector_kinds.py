"""What every kind of source has to keep. A new kind is found by itself and needs one case here."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import BaseModel

from connectors.base import Connector, Context, SourceSpec, TableSpec
from connectors.land import Landed, land_source
from connectors.registry import connect, discover, load_source
from tests.cmis_server import CmisServer
from tests.web_services import Service, as_json
from warehouse.contract import Subject
from warehouse.errors import ConfigError
from warehouse.ledger import Ledger
from warehouse.subjects import load_subjects

AS_OF = datetime(2026, 6, 9, 3, 15, tzinfo=UTC)
SECRET = "streng-geheim-4711"


@dataclass(frozen=True)
class Case:
    """How one working source of a kind is set up (`set_up` returns its secret address) and taken down.

    It delivers three rows for the subject it `feeds`, one of them wrong. `secret_url` leads nowhere and
    holds what must never show. `take_down` may be called twice.
    """

    table: str
    connection: str
    set_up: Callable[[Path], str]
    take_down: Callable[[Path], None]
    feeds: str = "capacity"
    secret_url: str = f"postgresql://leser:{SECRET}@127.0.0.1:9/db"


def _file_up(city: Path) -> str:
    (city / "inbox").mkdir()
    rows = ["organisatorisch;01.01.2026;10,5;8", "technisch;31.02.2026;3;2", "technisch;01.02.2026;3;2"]
    text = "\n".join(["rolle;monat;bedarf;da", *rows, ""])
    (city / "inbox/x.csv").write_text(text, encoding="utf-8")
    return ""


def _sql_up(city: Path) -> str:
    connection = sqlite3.connect(city / "x.sqlite")
    connection.execute("CREATE TABLE pt (rolle TEXT, monat TEXT, bedarf NUMERIC, da NUMERIC)")
    rows = [
        ("organisatorisch", "2026-01-01", 10.5, 8),
        ("technisch", "2026-02-31", 3, 2),
        ("technisch", "2026-02-01", 3, 2),
    ]
    connection.executemany("INSERT INTO pt VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return "sqlite:///x.sqlite"


def _entry_up(city: Path) -> str:
    ledger = Ledger(f"sqlite:///{city / 'ledger.sqlite'}")
    for role, month, needed in (
        ("organisatorisch", "2026-01-01", "10.5"),
        ("technisch", "2026-02-31", "3"),
        ("technisch", "2026-02-01", "3"),
    ):
        payload = {"role": role, "month": month, "needed_pt": needed, "available_pt": 2}
        made = ledger.add_entry("capacity", payload, author="a", created_at=AS_OF)
        ledger.release_entry(made.id, who="b", released_at=AS_OF)
    ledger.close()
    return ""


def _xzufi_up(city: Path) -> str:
    (city / "inbox").mkdir()
    units = "".join(
        f"<schreibe><organisationseinheit><id schemeAgencyID='S1'>{number}</id><anschrift>"
        f"<verwaltungspolitischeKodierung><gemeindeschluessel><code>{ags}</code></gemeindeschluessel>"
        "</verwaltungspolitischeKodierung></anschrift></organisationseinheit></schreibe>"
        for number, ags in ((1, "01999001"), (2, "kein Schlüssel"), (3, "01999002"))
    )
    text = f"<n xmlns='http://xoev.de/schemata/xzufi/2_2_0' xzufiVersion='2.2.0'>{units}</n>"
    (city / "inbox/x.xml").write_text(text, encoding="utf-8")
    return ""


def _entry_down(city: Path) -> None:
    for path in city.glob("ledger.sqlite-*"):
        path.unlink()
    (city / "ledger.sqlite").write_bytes(b"no database" * 100)


SERVICES: dict[Path, Service] = {}


def _rest_up(city: Path) -> str:
    rows = [
        {"rolle": "organisatorisch", "monat": "2026-01-01", "bedarf": 10.5, "da": 8},
        {"rolle": "technisch", "monat": "2026-02-31", "bedarf": 3, "da": 2},
        {"rolle": "technisch", "monat": "2026-02-01", "bedarf": 3, "da": 2},
    ]
    SERVICES[city] = Service(as_json({"zeilen": rows}))
    return SERVICES[city].__enter__().url


def _rest_down(city: Path) -> None:
    if service := SERVICES.pop(city, None):
        service.__exit__(None, None, None)


def _cmis_up(city: Path) -> str:
    server = CmisServer(objects={})
    for number, (role, month, needed) in enumerate(
        (("organisatorisch", AS_OF, 10), ("technisch", None, 3), ("technisch", AS_OF, 3))
    ):
        moment = int(month.timestamp() * 1000) if month else "2026-02-31"
        told = {"my:role": role, "my:month": moment, "my:needed": needed, "my:available": 2}
        server.objects[str(number)] = {
            "cmis:objectId": str(number), "cmis:baseTypeId": "cmis:document", "cmis:objectTypeId": "", **told,
        }  # fmt: skip
    SERVICES[city] = server
    server.__enter__()
    return server.address


CASES = {
    "files": Case(
        'path = "inbox/x.csv"\n'
        'columns = { role = "rolle", month = "monat", needed_pt = "bedarf", available_pt = "da" }\n',
        "",
        _file_up,
        lambda city: (city / "inbox/x.csv").unlink(missing_ok=True),
    ),
    "sql": Case(
        'query = "SELECT rolle AS role, monat AS month, bedarf AS needed_pt, da AS available_pt FROM pt"\n',
        'url = "${SOURCE_URL}"\n',
        _sql_up,
        lambda city: (city / "x.sqlite").unlink(missing_ok=True),
    ),
    "entry": Case("", "", _entry_up, _entry_down),
    "xzufi": Case(
        'object = "organisationseinheit"\n',
        'transport = "file"\npath = "inbox/x.xml"\n',
        _xzufi_up,
        lambda city: (city / "inbox/x.xml").unlink(missing_ok=True),
        feeds="service_unit",
    ),
    "cmis": Case(
        'columns = { role = "my:role", month = "my:month", needed_pt = "my:needed",'
        ' available_pt = "my:available" }\n',
        'url = "${SOURCE_URL}"\nallow_http = true\n',
        _cmis_up,
        _rest_down,
        secret_url=f"http://127.0.0.1:9/{SECRET}/leser",
    ),
    "rest": Case(
        'records = "zeilen"\n'
        'columns = { role = "rolle", month = "monat", needed_pt = "bedarf", available_pt = "da" }\n',
        'url = "${SOURCE_URL}"\nallow_http = true\n',
        _rest_up,
        _rest_down,
        secret_url=f"http://127.0.0.1:9/{SECRET}/leser",
    ),
}
KINDS = sorted(discover())


@dataclass(frozen=True)
class World:
    """A city with one source of the kind under test."""

    city: Path
    case: Case
    kind: str
    url: str
    subjects: dict[str, Subject]

    def spec(
        self, *, url: str | None = None, extra: str = "", table_extra: str = "", tolerance: float = 0.5
    ) -> SourceSpec:
        path = self.city / "sources/probe.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f'title = "Probe"\nowner = "FD 11"\nkind = "{self.kind}"\nnature = "beispiel"\n{extra}'
            f'[connection]\n{self.case.connection}[[table]]\nfeeds = "{self.case.feeds}"\n'
            f"allow_rejected = {tolerance}\n{self.case.table}{table_extra}",
            encoding="utf-8",
        )
        return load_source(path, self.subjects, {"SOURCE_URL": url or self.url})

    @property
    def context(self) -> Context:
        return Context(
            self.city,
            AS_OF,
            ledger_url=f"sqlite:///{self.city / 'ledger.sqlite'}",
            secrets={"K": SECRET},
            internal_hosts=("127.0.0.1",),
            tries=1,
        )

    def connector(self, spec: SourceSpec) -> Connector[Any, Any]:
        return connect(spec, self.context, self.subjects)

    def land(self, spec: SourceSpec) -> Landed:
        return land_source(spec, self.context, self.subjects, {}, self.city / "landing", "r1")


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    assert request.param in CASES, f"the kind {request.param} needs a case in this file"
    case = CASES[request.param]
    yield World(tmp_path, case, request.param, case.set_up(tmp_path), load_subjects(None))
    case.take_down(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_declares_models_that_forbid_unknown_keys(kind: str) -> None:
    connector = discover()[kind]
    assert issubclass(connector.Connection, BaseModel)
    assert issubclass(connector.Table, TableSpec)
    assert connector.Connection.model_config.get("extra") == "forbid"
    assert connector.Table.model_config.get("extra") == "forbid"


def test_a_working_source_is_found_in_order(world: World) -> None:
    assert [f for f in world.connector(world.spec()).check() if f.level == "error"] == []


def test_reading_yields_record_batches_with_contract_columns(world: World) -> None:
    spec = world.spec()
    reading = world.connector(spec).read(spec.tables[0], None, AS_OF.replace(tzinfo=None))
    batches = list(reading.batches)
    assert batches
    assert all(isinstance(batch, pa.RecordBatch) for batch in batches)
    assert set(world.subjects[world.case.feeds].columns) <= set(batches[0].schema.names)
    assert reading.as_of.tzinfo is not None
    assert len(reading.delivery_hash) == 64


def test_rows_read_are_accepted_refused_or_recognised_twice(world: World) -> None:
    landed = world.land(world.spec())
    assert landed.failure is None
    (delivery,) = landed.deliveries
    assert (delivery.read, delivery.accepted, delivery.rejected) == (3, 2, 1)
    assert delivery.read == delivery.accepted + delivery.rejected + delivery.duplicates


def test_reading_twice_gives_the_same_content(world: World) -> None:
    spec = world.spec()
    hashes = set()
    for run in ("r1", "r2"):
        landed = land_source(spec, world.context, world.subjects, {}, world.city / "landing", run)
        hashes.add((landed.deliveries[0].content_hash, landed.deliveries[0].delivery_hash))
    assert len(hashes) == 1


def test_more_bad_rows_than_tolerated_fail_the_source_and_stay_visible(world: World) -> None:
    landed = world.land(world.spec(tolerance=0.1))
    assert landed.failure is not None
    assert landed.failure.code == "too_many_rejected"
    assert landed.deliveries[0].rejected == 1


def test_a_source_that_is_down_gives_findings_and_failures_never_exceptions(world: World) -> None:
    spec = world.spec()
    world.case.take_down(world.city)
    findings = world.connector(spec).check()
    assert any(finding.level == "error" for finding in findings)
    landed = world.land(spec)
    assert landed.failure is not None
    assert landed.failure.reason
    assert landed.deliveries == ()


def test_what_goes_to_and_from_a_child_process_can_be_pickled(world: World) -> None:
    spec = world.spec()
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert pickle.loads(pickle.dumps(world.context)) == world.context
    landed = world.land(spec)
    assert pickle.loads(pickle.dumps(landed)) == landed


@pytest.mark.parametrize("place", ["extra", "table_extra"])
def test_an_unknown_key_is_refused_with_file_line_and_suggestion(world: World, place: str) -> None:
    wrong, right = ("ovner", "owner") if place == "extra" else ("allow_rejectet", "allow_rejected")
    with pytest.raises(ConfigError) as caught:
        world.spec(**{place: f"{wrong} = 1\n"})
    text = (world.city / "sources/probe.toml").read_text(encoding="utf-8").splitlines()
    line = 1 + next(number for number, content in enumerate(text) if content.startswith(wrong))
    assert str(caught.value.where).endswith(f"sources/probe.toml:{line}")
    assert f"„{right}“" in str(caught.value.next_step)


def test_secrets_never_show_in_representations_findings_or_failures(world: World) -> None:
    spec = world.spec(url=world.case.secret_url)
    world.case.take_down(world.city)
    told = [repr(spec), str(spec), repr(world.context)]
    told += [repr(finding) for finding in world.connector(spec).check()]
    told.append(repr(world.land(spec)))
    assert not [text for text in told if SECRET in text or "leser" in text]
