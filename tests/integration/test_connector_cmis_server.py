"""The kind `cmis` against any server: what it reads is what plain requests find there.

By itself against the service of the tests; with ISEK_TEST_CMIS_URL (service document of a server that may
be read, with ISEK_TEST_CMIS_USER and ISEK_TEST_CMIS_PASSWORD where it asks for them) against that one too.
Nothing is written there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cmis_server import CmisServer, properties
from tests.cmis_town import SECRET, CmisTown

URL = "ISEK_TEST_CMIS_URL"


@dataclass(frozen=True)
class Server:
    """A server and what plain requests find there."""

    url: str
    user: str = ""
    password: str = ""

    @property
    def connection(self) -> str:
        """Further lines of the connection."""
        if not self.user:
            return ""
        return f'[connection.auth]\ntype = "basic"\nuser = "{self.user}"\npassword = "${{CMIS_PASSWORD}}"'

    def ask(self, url: str = "", **params: str) -> Any:
        """The JSON of one plain request."""
        auth = (self.user, self.password) if self.user else None
        return httpx.get(url or self.url, params=params, auth=auth, timeout=60).raise_for_status().json()

    @property
    def repository(self) -> tuple[str, str, str]:
        """Id, address and root folder of the first repository."""
        info = next(iter(self.ask().values()))
        return info["repositoryId"], info["repositoryUrl"], info["rootFolderId"]

    def hits(self, statement: str) -> list[dict[str, Any]]:
        """All hits of a statement in one page."""
        _, url, _ = self.repository
        told = self.ask(url, cmisselector="query", q=statement, maxItems="100000", succinct="true")
        assert not told["hasMoreItems"]
        return [properties(result) for result in told["results"]]


@pytest.fixture(params=["own", "real"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "own":
        with CmisServer() as running:
            yield Server(running.address)
        return
    if not os.environ.get(URL):
        pytest.skip(f"no CMIS server to read from: {URL} is not set")
    yield Server(
        os.environ[URL],
        os.environ.get("ISEK_TEST_CMIS_USER", ""),
        os.environ.get("ISEK_TEST_CMIS_PASSWORD", SECRET),
    )


@pytest.fixture
def town(tmp_path: Path, server: Server) -> Iterator[CmisTown]:
    place = CmisTown(tmp_path, {"CMIS_PASSWORD": server.password})
    host = urlsplit(server.url).hostname or ""
    place.internal_hosts = (*place.internal_hosts, host)
    yield place
    place.con.close()


def _declare(town: CmisTown, server: Server, table: str = "", **further: Any) -> None:
    repository, _, _ = server.repository
    size = f"page_size = {further.pop('page_size', 1000)}\n"
    connection = f'repository = "{repository}"\n{size}{server.connection}'
    town.source(server.url, table, connection=connection, **further)


@pytest.mark.parametrize("page_size", [4, 1000])
def test_every_document_of_the_server_is_read_once(town: CmisTown, server: Server, page_size: int) -> None:
    _declare(town, server, page_size=page_size)
    assert town.connector.check() == []
    loaded = town.night()
    assert loaded.state == "aktuell", loaded.reason
    found = server.hits("SELECT cmis:objectId FROM cmis:document")
    assert town.documents() == sorted(str(hit["cmis:objectId"]) for hit in found)


def test_the_number_of_documents_is_that_of_the_documents(town: CmisTown, server: Server) -> None:
    columns = 'value_sum = "numItems", month = "month"'
    table = 'count = true\nconstants = { indicator = "x", method = "gemessen" }'
    _declare(town, server, table, columns=columns, feeds="measurement")
    assert town.night().state == "aktuell"
    found = len(server.hits("SELECT cmis:objectId FROM cmis:document"))
    assert town.rows("SELECT CAST(value_sum AS INTEGER) FROM stage.measurement") == [(found,)]


def test_everything_lies_below_the_root(town: CmisTown, server: Server) -> None:
    _, _, root = server.repository
    _declare(town, server, f'folders = {{ into = "unit", tree = {{ FD10 = "{root}" }} }}', page_size=5)
    assert town.night().state == "aktuell"
    found = server.hits(f"SELECT cmis:objectId FROM cmis:document WHERE IN_TREE('{root}')")
    assert len(town.documents()) == len(found)


def test_a_window_holds_what_was_created_in_it(town: CmisTown, server: Server) -> None:
    hits = server.hits("SELECT cmis:objectId, cmis:creationDate FROM cmis:document")
    moments = sorted(int(hit["cmis:creationDate"]) for hit in hits)
    middle = moments[len(moments) // 2]
    table = (
        'write = "merge"\ncursor = "created_at"\nfirst_date = 1971-01-01\n'
        f'where = "cmis:creationDate >= :since AND cmis:creationDate < {_literal(middle)}"\n'
    )
    _declare(town, server, table)
    assert town.night().state == "aktuell"
    assert len(town.documents()) == sum(moment < middle for moment in moments)


def _literal(millis: int) -> str:
    moment = datetime.fromtimestamp(millis / 1000, UTC)
    return f"TIMESTAMP '{moment:%Y-%m-%dT%H:%M:%S}.{millis % 1000:03d}Z'"


def test_a_wrong_statement_is_refused_and_told(town: CmisTown, server: Server) -> None:
    _declare(town, server, 'where = "cmis:name BEYOND 1"')
    assert town.night().reason_code in ("query_refused", "http_refused")
