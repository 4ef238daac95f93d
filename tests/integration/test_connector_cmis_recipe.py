"""The CMIS recipe reads what it promises, and no name on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from connectors.recipes import find_recipe
from tests.cmis_server import CmisServer, millis
from tests.cmis_town import CmisTown


@pytest.fixture
def town(tmp_path: Path) -> Iterator[CmisTown]:
    place = CmisTown(tmp_path)
    yield place
    place.con.close()


def _use(town: CmisTown, server: CmisServer) -> None:
    # Plain http is for this machine only; the recipe itself speaks https.
    text = find_recipe("cmis_dms").for_source("dms").replace("page_size =", "allow_http = true\npage_size =")
    text = text.replace("/Bauordnung", "/My_Folder-0-0").replace("/Soziales", "/My_Folder-0-1")
    town.secrets |= {"CMIS_URL": server.address, "CMIS_USER": "leser", "CMIS_PASSWORD": "geheim"}
    town.declare("dms", text)


def test_the_recipe_counts_documents_and_creators_and_renews_the_running_month(town: CmisTown) -> None:
    with CmisServer(password="geheim") as server:
        for number in range(12):
            created = millis("2026-05-20T08:00:00")
            server.add(f"9{number:02d}", folder="102", created=created, created_by=f"Person {number}")
        server.add("950", folder="117", created=millis("2026-06-02T08:00:00"), created_by="Person 1")
        _use(town, server)
        assert town.connector.check() == []
        assert town.night().state == "aktuell"
        sql = "SELECT org_unit_id, month, documents, creators FROM stage.dms_activity ORDER BY ALL"
        may, june = date(2026, 5, 1), date(2026, 6, 1)
        assert town.rows(sql) == [("FD50", june, 1, None), ("FD63", may, 12, 12)]
        server.add("951", folder="118", created=millis("2026-06-08T12:00:00"), created_by="Person 2")
        assert town.night().state == "aktuell"
    assert "TIMESTAMP '2026-04-30T22:00:00.000Z'" in server.statements[-2]
    assert town.rows(sql) == [("FD50", june, 2, None), ("FD63", may, 12, 12)]
    stock = town.rows("SELECT month, CAST(value_sum AS INTEGER) FROM stage.measurement")
    assert stock == [(june, 35)]
    assert not [row for row in town.rows("FROM stage.dms_activity") if "Person" in str(row)]
