"""SQL Server and Oracle without a server: which driver, which limits, which statements."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, oracle

from connectors.base import Context
from connectors.databases import parameters
from connectors.databases.dialects import Dialect, Oracle, SqlServer, dialect_of
from connectors.databases.failures import no_driver
from connectors.databases.patience import MOST_TRIES, patiently
from connectors.registry import connect, load_source
from connectors.sql import SqlConnection
from warehouse.errors import AccessError, ConfigError, IsekError, RetriableError
from warehouse.subjects import load_subjects

PASSWORD = "streng-geheim-4711"
LIMITS = SqlConnection(
    url="sqlite:///x.sqlite", statement_timeout_s=120, connect_timeout_s=7, lock_timeout_s=3
)  # type: ignore[arg-type]
SOURCE = """
title = "Gewerbe"
owner = "FD 32"
kind = "sql"
nature = "beispiel"
[connection]
url = "${URL}"
[[table]]
feeds = "capacity"
cursor = "month"
first_date = 2026-01-01
write = "merge"
query = "SELECT month, role, needed_pt, available_pt FROM pt WHERE month >= :since AND month < :until;"
"""


@pytest.mark.parametrize(
    ("url", "driver", "extra"),
    [
        ("mssql://leser:{}@127.0.0.1/fach", "pymssql", "mssql"),
        ("oracle://leser:{}@127.0.0.1/?service_name=fach", "oracledb", "oracle"),
    ],
)
def test_a_missing_driver_is_named_with_the_extra_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, driver: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    path = tmp_path / "gewerbe.toml"
    path.write_text(SOURCE, encoding="utf-8")
    spec = load_source(path, load_subjects(None), {"URL": url.format(PASSWORD)})
    connector = connect(spec, Context(tmp_path, datetime(2026, 6, 9, tzinfo=UTC)), load_subjects(None))
    with pytest.raises(ConfigError) as caught:
        connector.read(spec.tables[0], datetime(2026, 1, 1), datetime(2026, 6, 9))
    assert caught.value.code == "no_driver"
    assert f"isek-portal[{extra}]" in str(caught.value)
    assert driver in str(caught.value.found)
    assert [finding.code for finding in connector.check()] == ["no_driver"]
    assert PASSWORD not in str(caught.value)


def test_a_database_nobody_knows_is_a_missing_driver_without_a_hint() -> None:
    assert dialect_of("firebird") == Dialect()
    assert "isek-portal" not in str(no_driver("firebird", None, "quelle, Tabelle 1"))


def test_deadlines_reach_driver_and_session() -> None:
    server, connection = SqlServer(), type("Connection", (), {"call_timeout": 0})()
    assert (server.arguments(LIMITS)["login_timeout"], server.arguments(LIMITS)["timeout"]) == (7, 120)
    assert "SET LOCK_TIMEOUT 3000" in server.session(LIMITS, "Europe/Berlin")
    Oracle().prepare(connection, LIMITS)
    assert connection.call_timeout == 120_000
    assert Oracle().arguments(LIMITS) == {"tcp_connect_timeout": 7.0}
    assert "SET TRANSACTION READ ONLY" in Oracle().session(LIMITS, "Europe/Berlin")


@pytest.mark.parametrize(
    ("dialect", "compiled", "cut"),
    [
        (SqlServer(), mssql.dialect(paramstyle="pyformat"), "SET ROWCOUNT 1"),
        (Oracle(), oracle.dialect(), "ROWNUM <= 1"),
        (Dialect(), mssql.dialect(paramstyle="pyformat"), "LIMIT 1"),
    ],
)
def test_a_query_is_cut_to_one_row_and_keeps_its_bounds(
    dialect: Dialect, compiled: sa.Dialect, cut: str
) -> None:
    before, query = dialect.probe("WITH a AS (SELECT ':x' AS c) SELECT * FROM a WHERE d < :until -- Ende\n;")
    text = str(sa.text(parameters.escape_for_binding(query)).compile(dialect=compiled))
    assert cut in " ".join([*before, text])
    assert ":x" in text
    assert "%(until)s" in text or ":until" in text
    assert not text.rstrip().endswith(";")


def test_only_what_may_pass_is_tried_again_and_never_more_than_three_times() -> None:
    def fails(error: IsekError, tries: int) -> tuple[int, list[float]]:
        calls, pauses = 0, []

        def attempt() -> None:
            nonlocal calls
            calls += 1
            raise error

        with pytest.raises(type(error)):
            patiently(attempt, tries, pauses.append)
        return calls, pauses

    calls, pauses = fails(RetriableError("weg"), 5)
    assert calls == MOST_TRIES == 3
    assert 0.25 <= pauses[0] <= 0.75
    assert 0.5 <= pauses[1] <= 1.5
    assert fails(RetriableError("weg"), 1) == (1, [])
    assert fails(AccessError("zu"), 5) == (1, [])
