"""Models are built in the order of what they read; a fault names its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.warehouse_parts import DAY, MORNING, THING
from warehouse.build import build, build_order, dependencies, lineage, load_models
from warehouse.contract import Subject
from warehouse.digest import content_hash
from warehouse.errors import ConfigError
from warehouse.migrate import load_migrations, migrate, prepare, schema_version, stage_columns
from warehouse.store import Connection, columns_of, scratch
from warehouse.subjects import load_subjects

SUBJECTS = {"thing": THING, "case": THING.model_copy(update={"id": "case"})}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    connection = scratch(temp_directory=tmp_path / "spill")
    prepare(connection, SUBJECTS)
    yield connection
    connection.close()


def _write(folder: Path, **models: str) -> Path:
    for name, sql in models.items():
        schema, _, table = name.partition("__")
        (folder / schema).mkdir(parents=True, exist_ok=True)
        (folder / schema / f"{table}.sql").write_text(sql, encoding="utf-8")
    return folder


def _build(connection: Connection, folder: Path, day: date = DAY) -> dict[str, int]:
    return build(connection, subjects=SUBJECTS, business_date=day, as_of=MORNING, models=load_models(folder))


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT * FROM core."case" AS c JOIN stage.thing USING (nr)', {"core.case", "stage.thing"}),
        ("WITH a AS (SELECT * FROM core.thing), b AS (SELECT * FROM a) SELECT * FROM b", {"core.thing"}),
        ("SELECT * FROM range(3), unnest([1]) AS u(x), (VALUES (1)) AS v(y)", set()),
        ("SELECT (SELECT max(x) FROM mart.a) FROM core.b WHERE y IN (SELECT y FROM core.c)",
         {"mart.a", "core.b", "core.c"}),
        ("SELECT * FROM core.a UNION ALL SELECT * FROM core.b", {"core.a", "core.b"}),
        ("FROM core.a SELECT count(*)", {"core.a"}),
        ("SELECT * FROM core.a AS x, LATERAL (SELECT * FROM core.b WHERE b.y = x.y)", {"core.a", "core.b"}),
        ("WITH RECURSIVE t AS (SELECT id FROM core.a UNION ALL SELECT a.id FROM core.a JOIN t ON a.up = t.id)"
         " SELECT * FROM t",
         {"core.a"}),
        ("SELECT * FROM loose", {"loose"}),
    ],
)  # fmt: skip
def test_dependencies_are_the_tables_a_select_reads(sql: str, tables: set[str]) -> None:
    assert dependencies(sql) == tables


@pytest.mark.parametrize(
    "sql", ["DROP TABLE x", "SELECT 1; SELECT 2", "SELECT FROM WHERE", "", "COPY x TO 'y'"]
)
def test_a_model_is_exactly_one_select(tmp_path: Path, sql: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_models(_write(tmp_path, core__a=sql))
    assert caught.value.code == "model_syntax" and caught.value.where == str(tmp_path / "core" / "a.sql")


def test_models_are_built_after_what_they_read(tmp_path: Path, connection: Connection) -> None:
    folder = _write(
        tmp_path,
        mart__a="SELECT count(*) AS n FROM core.z",
        core__z="SELECT nr FROM stage.thing, core.run;\n",
        core__b="SELECT n FROM mart.a",
    )
    connection.execute("INSERT INTO stage.thing (nr) VALUES ('1'), ('2')")
    assert _build(connection, folder) == {"core.z": 2, "mart.a": 1, "core.b": 1}
    assert connection.execute("SELECT n FROM core.b").fetchall() == [(2,)]
    order = [model.table for model in build_order(load_models(folder), SUBJECTS)]
    assert order.index("core.z") < order.index("mart.a") < order.index("core.b")


def test_the_facts_of_the_run_are_in_core_run(tmp_path: Path, connection: Connection) -> None:
    _build(connection, tmp_path)
    assert connection.execute("SELECT business_date, as_of FROM core.run").fetchall() == [
        (DAY, datetime(2026, 6, 9, 1, 15))
    ]


def test_a_subject_without_a_model_appears_without_technical_columns(
    tmp_path: Path, connection: Connection
) -> None:
    _build(connection, tmp_path)
    assert list(columns_of(connection, "core", "case")) == [*THING.columns, "_source"]
    assert connection.execute('SELECT count(*) FROM core."case"').fetchall() == [(0,)]


def test_a_subject_with_a_model_is_what_the_model_says(tmp_path: Path, connection: Connection) -> None:
    _build(connection, _write(tmp_path, core__thing="SELECT nr, 1 AS extra FROM stage.thing"))
    assert list(columns_of(connection, "core", "thing")) == ["nr", "extra"]


def test_building_again_replaces_everything_and_leaves_nothing_old(
    tmp_path: Path, connection: Connection
) -> None:
    _build(connection, _write(tmp_path / "one", core__old="SELECT 1 AS x"))
    _build(connection, _write(tmp_path / "two", core__new="SELECT 1 AS x"))
    assert columns_of(connection, "core", "old") == {} and columns_of(connection, "core", "new")


def test_a_circle_is_named(tmp_path: Path, connection: Connection) -> None:
    folder = _write(tmp_path, core__a="SELECT * FROM mart.b", mart__b="SELECT * FROM core.a")
    with pytest.raises(ConfigError) as caught:
        _build(connection, folder)
    assert caught.value.code == "model_cycle"
    assert "core.a" in str(caught.value.found) and "mart.b" in str(caught.value.found)


def test_an_unknown_table_is_named_with_file_and_suggestion(tmp_path: Path, connection: Connection) -> None:
    folder = _write(tmp_path, core__a="SELECT * FROM stage.thingg")
    with pytest.raises(ConfigError) as caught:
        _build(connection, folder)
    assert (caught.value.code, caught.value.where) == ("unknown_table", str(folder / "core" / "a.sql"))
    assert caught.value.next_step == "Meinten Sie „stage.thing“?"


def test_a_model_that_fails_names_its_file_and_leaves_the_old_tables(
    tmp_path: Path, connection: Connection
) -> None:
    _build(connection, _write(tmp_path / "one", core__a="SELECT 1 AS x"))
    folder = _write(tmp_path / "two", core__a="SELECT nr::INTEGER AS x FROM stage.thing")
    connection.execute("INSERT INTO stage.thing (nr) VALUES ('x')")
    with pytest.raises(ConfigError) as caught:
        _build(connection, folder)
    assert (caught.value.code, caught.value.where) == ("model_failed", str(folder / "core" / "a.sql"))
    assert connection.execute("SELECT x FROM core.a").fetchall() == [(1,)]


def test_lineage_reaches_the_subjects_through_other_models(tmp_path: Path) -> None:
    models = load_models(
        _write(
            tmp_path,
            core__a='SELECT * FROM core."case", meta.load',
            mart__b="SELECT * FROM core.a, stage.thing",
        )
    )
    assert lineage("mart.b", models, SUBJECTS) == {"case", "thing"}
    assert lineage("core.a", models, SUBJECTS) == {"case"}
    assert lineage("core.thing", models, SUBJECTS) == {"thing"}


def test_the_models_of_the_house_build_on_an_empty_warehouse(tmp_path: Path) -> None:
    subjects, models = load_subjects(None), load_models()
    connection = scratch(temp_directory=tmp_path / "spill")
    prepare(connection, subjects)
    built = build(connection, subjects=subjects, business_date=DAY, as_of=MORNING)
    assert built.keys() == models.keys()
    once = content_hash(connection)
    build(connection, subjects=subjects, business_date=DAY, as_of=datetime(2026, 6, 9, 20, 0, tzinfo=UTC))
    assert content_hash(connection) == once, "the same day again gives the same content"


def test_migrations_are_applied_once_and_the_version_is_kept(tmp_path: Path) -> None:
    connection = scratch(temp_directory=tmp_path / "spill")
    assert schema_version(connection) == 0
    assert migrate(connection) == migrate(connection) == schema_version(connection) == len(load_migrations())


def test_a_file_of_a_newer_version_is_refused_before_anything_is_touched(connection: Connection) -> None:
    connection.execute("INSERT INTO meta.migration VALUES (99, 'future')")
    with pytest.raises(ConfigError) as caught:
        prepare(connection, {"new": THING.model_copy(update={"id": "new"})})
    assert caught.value.code == "newer_schema" and columns_of(connection, "stage", "new") == {}


def test_a_migration_that_fails_leaves_the_old_version(tmp_path: Path, connection: Connection) -> None:
    for step in load_migrations():
        (tmp_path / f"{step.version:04d}_{step.name}.sql").write_text(step.sql, encoding="utf-8")
    version = schema_version(connection)
    (tmp_path / f"{version + 1:04d}_next.sql").write_text(
        "CREATE TABLE meta.next (x INTEGER); SELECT nonsense;", encoding="utf-8"
    )
    with pytest.raises(Exception, match="nonsense"):
        migrate(connection, folder=tmp_path)
    assert schema_version(connection) == version and columns_of(connection, "meta", "next") == {}


@pytest.mark.parametrize(
    "names", [("0002_b.sql",), ("0001_a.sql", "0003_c.sql"), ("first.sql",), ("0001_a.sql", "0001_b.sql")]
)
def test_migrations_are_numbered_without_gaps(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_migrations(tmp_path)
    assert caught.value.code == "migration_order"


def test_a_new_column_of_a_contract_joins_the_kept_rows(connection: Connection) -> None:
    connection.execute("INSERT INTO stage.thing (nr) VALUES ('1')")
    wider = _with_column("weight", {"title": "Gewicht", "type": "decimal"})
    prepare(connection, {"thing": wider})
    assert connection.execute("SELECT nr, weight FROM stage.thing").fetchall() == [("1", None)]
    assert columns_of(connection, "stage", "thing").keys() == stage_columns(wider).keys()


def test_a_retyped_column_keeps_rows_that_fit_and_is_refused_otherwise(connection: Connection) -> None:
    connection.execute("INSERT INTO stage.thing (nr, ags) VALUES ('1', '12')")
    prepare(connection, {"thing": _with_column("ags", {"title": "AGS", "type": "integer"})})
    assert connection.execute("SELECT ags FROM stage.thing").fetchall() == [(12,)]
    connection.execute("INSERT INTO stage.thing (nr, colour) VALUES ('2', 'rot')")
    with pytest.raises(ConfigError) as caught:
        prepare(connection, {"thing": _with_column("colour", {"title": "Farbe", "type": "integer"})})
    assert caught.value.code == "retyped_column" and "„colour“" in caught.value.what


def _with_column(name: str, column: dict[str, str]) -> Subject:
    data = THING.model_dump()
    data["columns"][name] = column
    return Subject.model_validate(data)
