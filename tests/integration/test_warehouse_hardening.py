"""What a snapshot connection must never be able to do, asked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse_parts import publish_city
from warehouse.errors import IsekError
from warehouse.publish import Warehouse
from warehouse.store import DatabaseError, Snapshot, SnapshotReader

ESCAPES = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_json_objects('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM parquet_metadata('/etc/passwd')",
    "SELECT * FROM parquet_schema('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '/etc/passwd.csv'",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM read_text('https://example.org/x')",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
    "COPY core.thing TO '{outside}'",
    "COPY core.thing TO '/dev/stdout'",
    "COPY (SELECT 1) TO '{outside}' (FORMAT parquet)",
    "COPY core.thing FROM '/etc/passwd'",
    "EXPORT DATABASE '{outside}'",
    "IMPORT DATABASE '{outside}'",
    "ATTACH '{outside}' AS other",
    "ATTACH ':memory:' AS other",
    "ATTACH '{snapshot}' AS again (READ_ONLY false)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/usr/lib/x.duckdb_extension'",
    "FORCE INSTALL spatial FROM community",
    "CREATE TABLE core.own (x INTEGER)",
    "CREATE VIEW core.own AS SELECT 1",
    "CREATE MACRO core.own() AS 1",
    "CREATE SCHEMA own",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'b')",
    "INSERT INTO stage.thing (nr) VALUES ('x')",
    "UPDATE stage.thing SET nr = 'x'",
    "DELETE FROM stage.thing",
    "TRUNCATE stage.thing",
    "DROP TABLE stage.thing",
    "ALTER TABLE stage.thing ADD COLUMN x INTEGER",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET lock_configuration",
    "SET memory_limit = '64GB'",
    "SET threads = 64",
    "SET temp_directory = '/etc'",
    "SET allowed_directories = ['/']",
    "SET allow_unsigned_extensions = true",
    "SET python_enable_replacements = true",
    "SET profiling_output = '{outside}'",
    "SET log_query_path = '{outside}'",
    "SELECT * FROM secret_frame",
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    warehouse = Warehouse(tmp_path_factory.mktemp("hardening"))
    publish_city(warehouse)
    yield SnapshotReader(warehouse.folder, memory_limit="128MB").current()


@pytest.mark.parametrize("statement", ESCAPES)
def test_an_escape_is_refused_and_nothing_is_changed(
    snapshot: Snapshot, tmp_path: Path, statement: str
) -> None:
    secret_frame = {"password": ["hunter2"]}
    outside = tmp_path / "outside"
    path = snapshot.query("SELECT path FROM duckdb_databases() WHERE NOT internal")[0][0]
    with pytest.raises((DatabaseError, IsekError)):
        snapshot.query(statement.format(outside=outside, snapshot=path))
    assert not outside.exists() and secret_frame
    assert snapshot.query("SELECT nr FROM core.thing") == [("a",)]


def test_the_doors_are_closed_by_setting(snapshot: Snapshot) -> None:
    settings = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_unsigned_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
        "lock_configuration": True,
    }
    for name, value in settings.items():
        assert snapshot.query("SELECT current_setting($1)", [name]) == [(value,)], name


def test_two_statements_in_one_call_cannot_write(snapshot: Snapshot) -> None:
    with pytest.raises((DatabaseError, IsekError)):
        snapshot.query("SELECT 1; DROP TABLE stage.thing")
    assert snapshot.query("SELECT count(*) FROM stage.thing") == [(1,)]
