"""The XZuFi recipes read what they promise, from files, from a list and page by page; and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from connectors.accounting import Loaded
from connectors.recipes import find_recipe
from tests.xzufi_portal import Bereitstelldienst, Editorial, WebTown
from warehouse.build import build
from warehouse.subjects import load_subjects

FIXTURES = Path(__file__).parents[1] / "fixtures/xzufi"
OLD, NEW = ((FIXTURES / f"nachricht_{v}.xml").read_text(encoding="utf-8") for v in ("2_2_0", "2_3_1"))
LATER = (
    '<n xmlns="http://xoev.de/schemata/xzufi/2_3_1" xzufiVersion="2.3.1">'
    '<loesche klasse="Zustaendigkeit"><id schemeAgencyID="S00001">902</id></loesche></n>'
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[WebTown]:
    place = WebTown(tmp_path)
    yield place
    place.con.close()


def _use(town: WebTown, name: str, **secrets: str) -> None:
    # Plain http is for this machine only; the recipe itself speaks https.
    text = find_recipe(name).for_source("portal").replace("transport =", "allow_http = true\ntransport =")
    town.declare("portal", text)
    town.secrets = secrets


def _settled_night(town: WebTown) -> Loaded:
    """A night two minutes later: what was delivered has settled."""
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        return town.night()


def _found(town: WebTown) -> list[int]:
    tables = ("service_description", "online_service", "responsibility", "service_unit")
    return [town.rows(f"SELECT count(*) FROM stage.{table}")[0][0] for table in tables]


def test_the_recipe_for_files_reads_a_folder(town: WebTown) -> None:
    _use(town, "xzufi_datei")
    town.deliver("inbox/portal/1.xml", OLD)
    town.deliver("inbox/portal/2.xml", LATER)
    assert town.night().reason_code == "file_not_settled"
    assert _settled_night(town).state == "aktuell"
    assert _found(town) == [2, 2, 1, 1]


def test_the_recipe_for_lists_reads_the_files_of_the_list(town: WebTown) -> None:
    with Editorial(a_xml=NEW) as service:
        _use(town, "xzufi_index", XZUFI_URL=f"{service.url}/xzufi")
        assert town.night().state == "aktuell"
        assert _found(town) == [2, 2, 2, 1]
        service.files["b.xml"] = LATER
        assert town.night().state == "aktuell"
    assert _found(town) == [2, 2, 1, 1]


def test_the_recipe_for_the_pvog_reads_page_by_page_with_its_token(town: WebTown) -> None:
    class InTheForm(Bereitstelldienst):
        def answer(self, asked):  # type: ignore[no-untyped-def]
            if asked.path != "/token":
                return super().answer(asked)
            assert asked.form["client_secret"] == "geheim" and "authorization" not in asked.headers
            return super().answer(type(asked)("POST", "/token", {}, {"authorization": "Basic x"}, b""))

    with InTheForm(NEW, "", LATER) as service:
        _use(
            town,
            "pvog_bereitstelldienst",
            PVOG_URL=f"{service.url}/v2/objekte",
            PVOG_TOKEN_URL=f"{service.url}/token",
            PVOG_CLIENT_ID="stadt",
            PVOG_CLIENT_SECRET="geheim",
        )
        loaded = town.night()
    assert loaded.state == "aktuell", loaded.reason
    assert _found(town) == [2, 2, 1, 1]
    assert service.indexes == ["0", "10", "20"]


def test_the_estimate_of_a_service_counts_the_online_services_offered_for_it(town: WebTown) -> None:
    _use(town, "xzufi_datei")
    town.deliver("inbox/portal/1.xml", OLD)
    _settled_night(town)
    town.con.execute(
        "INSERT INTO stage.service_description (description_id, reifegrad_geschaetzt, _source)"
        " VALUES ('S00001:103', 2, 'portal'), ('S00001:104', NULL, 'portal')"
    )
    assert _estimated(town, date(2026, 6, 9)) == [
        ("S00001:101", 3, "onlinedienst", 1),
        ("S00001:102", 1, "beschreibung", 0),
        ("S00001:103", 2, "formular", 0),
        ("S00001:104", None, None, 0),
    ]
    town.con.execute("UPDATE stage.online_service SET valid_to = DATE '2026-06-08' WHERE url IS NOT NULL")
    assert _estimated(town, date(2026, 6, 9))[0] == ("S00001:101", 2, "formular", 0)
    assert _estimated(town, date(2026, 6, 8))[0] == ("S00001:101", 3, "onlinedienst", 1)


def _estimated(town: WebTown, day: date) -> list[tuple[object, ...]]:
    build(town.con, subjects=load_subjects(None), business_date=day, as_of=town._run().as_of)
    columns = "description_id, reifegrad_geschaetzt, geschaetzt_aus, online_services"
    return town.rows(f"SELECT {columns} FROM core.service_description_estimate ORDER BY 1")
