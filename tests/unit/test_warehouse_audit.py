"""Audits hold back what is implausible and stop what is broken; the status tells it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.warehouse_parts import DAY, MORNING, THING
from warehouse import audit
from warehouse.audit import Finding, audit_draft, audit_source, has_errors
from warehouse.build import Model, build, load_models
from warehouse.ledger import Run
from warehouse.migrate import prepare
from warehouse.status import read_status
from warehouse.store import Connection, Snapshot, scratch
from warehouse.subjects import load_subjects
from warehouse.watchdog import Watchdog

SUBJECTS = {"thing": THING}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    connection = scratch(temp_directory=tmp_path / "spill")
    prepare(connection, SUBJECTS)
    yield connection
    connection.close()


def _loads(connection: Connection, *published: int, tables: int = 1, release: int | None = None) -> None:
    released = {} if release is None else {release: "freigegeben"}
    for night, rows in enumerate(published):
        moment = datetime(2026, 6, 1) + timedelta(days=night)
        for table in range(1, tables + 1):
            connection.execute(
                "INSERT INTO meta.load (run_id, source, table_no, subject, state, as_of, read, published,"
                " rejected, duplicates, delivery_hash, content_hash, started_at, finished_at, number)"
                " VALUES ($1, 'lager', $2, 'thing', $5, $3, $4, $4, 0, 0, 'd', 'c', $3, $3, $6)",
                [
                    f"run-{night}",
                    table,
                    moment,
                    rows // tables,
                    released.get(night, "geladen"),
                    night * tables + table,
                ],
            )


def _codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.level, finding.code) for finding in findings]


@pytest.mark.parametrize(
    ("history", "rows", "codes"),
    [
        ([], 0, []),
        ([100, 100, 100], 50, []),
        ([100, 100, 100], 49, [("error", "implausible_shrink")]),
        ([100, 100, 100], 0, [("error", "implausible_shrink")]),
        ([100, 100, 100], 300, []),
        ([100, 100, 100], 301, [("error", "implausible_growth")]),
        ([10], 90, []),
        ([1000, 100, 100, 100, 100, 100], 60, []),
        ([0, 0], 500, [("error", "implausible_growth")]),
    ],
)
def test_a_delivery_is_compared_with_the_usual_number_of_rows(
    connection: Connection, history: list[int], rows: int, codes: list[tuple[str, str]]
) -> None:
    _loads(connection, *history)
    assert _codes(audit_source(connection, "lager", "thing", rows)) == codes


def test_tables_that_feed_one_subject_are_counted_together(connection: Connection) -> None:
    _loads(connection, 100, 100, tables=2)
    assert _codes(audit_source(connection, "lager", "thing", 49)) == [("error", "implausible_shrink")]
    assert audit_source(connection, "lager", "thing", 51) == []


def test_a_released_delivery_is_what_is_usual_from_then_on(connection: Connection) -> None:
    _loads(connection, 100, 100, 100, 30, 30, tables=2, release=3)
    assert audit_source(connection, "lager", "thing", 30) == []
    assert _codes(audit_source(connection, "lager", "thing", 14)) == [("error", "implausible_shrink")]
    assert _codes(audit_source(connection, "lager", "thing", 100)) == [("error", "implausible_growth")]


def test_another_source_has_its_own_history(connection: Connection) -> None:
    _loads(connection, 100)
    assert audit_source(connection, "other", "thing", 1) == []


def _audit(connection: Connection, models: dict[str, Model] | None = None) -> list[Finding]:
    return audit_draft(connection, subjects=SUBJECTS, models=models or {}, business_date=DAY)


def test_a_sound_draft_has_no_findings(connection: Connection) -> None:
    build(connection, subjects=SUBJECTS, business_date=DAY, as_of=MORNING, models={})
    assert _audit(connection) == []


def test_a_table_that_was_not_built_stops_the_publication(connection: Connection) -> None:
    build(connection, subjects=SUBJECTS, business_date=DAY, as_of=MORNING, models={})
    findings = _audit(connection, {"mart.a": Model("mart.a", Path("a.sql"), "SELECT 1")})
    assert _codes(findings) == [("error", "table_missing")] and findings[0].where == "mart.a"
    assert has_errors(findings)


def test_repeated_keys_stop_the_publication_per_source(connection: Connection) -> None:
    build(connection, subjects=SUBJECTS, business_date=DAY, as_of=MORNING, models={})
    connection.execute("INSERT INTO stage.thing (nr, _source) VALUES ('1', 'a'), ('1', 'b')")
    assert _audit(connection) == []
    connection.execute("INSERT INTO stage.thing (nr, _source) VALUES ('1', 'b')")
    assert [(f.code, f.where) for f in _audit(connection)] == [("key_repeated", "b/thing")]


@pytest.mark.parametrize("at_once", [1, 3, 7, 1000])
def test_repeated_keys_of_a_large_table_are_counted_in_parts_and_none_is_lost(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(audit, "KEYS_AT_ONCE", at_once)
    build(connection, subjects=SUBJECTS, business_date=DAY, as_of=MORNING, models={})
    connection.execute(
        "INSERT INTO stage.thing (nr, _source)"
        " SELECT (n % 20)::VARCHAR, CASE WHEN n % 2 = 0 THEN 'a' ELSE 'b' END FROM range(33) AS r(n)"
    )
    told = {(f.where, f.what.split()[0]) for f in _audit(connection)}
    assert told == {("a/thing", "7"), ("b/thing", "6")}


@pytest.mark.parametrize(
    ("last", "codes"), [(date(2026, 6, 1), []), (date(2026, 5, 31), ["calendar_too_short"])]
)
def test_the_calendar_reaches_the_business_date(connection: Connection, last: date, codes: list[str]) -> None:
    build(connection, subjects=SUBJECTS, business_date=DAY, as_of=MORNING, models={})
    connection.execute("CREATE TABLE core.calendar (period DATE)")
    connection.execute("INSERT INTO core.calendar VALUES ($1)", [last])
    assert [finding.code for finding in _audit(connection)] == codes


def test_a_lost_reference_is_a_warning_because_sources_fail_alone(tmp_path: Path) -> None:
    subjects, models = load_subjects(None), load_models()
    connection = scratch(temp_directory=tmp_path / "spill")
    prepare(connection, subjects)
    connection.execute("INSERT INTO stage.project_step (project_id, step) VALUES ('p1', 'test')")
    build(connection, subjects=subjects, business_date=DAY, as_of=MORNING)
    findings = audit_draft(connection, subjects=subjects, models=models, business_date=DAY)
    assert _codes(findings) == [("warning", "reference_lost")] and not has_errors(findings)
    assert findings[0].where == "project_step.project_id"


def _snapshot(connection: Connection) -> Snapshot:
    connection.execute(
        "INSERT INTO meta.snapshot VALUES"
        " ('2026-06-09T011500Z-0001', 'Musterstadt', $1, $2, $2, 'run-1', 'd', 'c', 1)",
        [DAY, MORNING.replace(tzinfo=None)],
    )
    return Snapshot(connection, Watchdog(), lambda name: None)


RUN = Run("run-1", DAY, "night", "published", MORNING, MORNING, "2026-06-09T011500Z-0001", None, (), ())


def test_the_status_has_exactly_the_agreed_shape(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO meta.source (source, title, owner, kind, nature, every, fresh_for_days, state,"
        " reason, as_of, stale, read, published, rejected, duplicates)"
        " VALUES ('lager', 'Lager', 'FD 10', 'files', 'beispiel', 'night', 2, 'veraltet',"
        " 'Die Datei ist unvollständig.', TIMESTAMP '2026-06-01 04:00:00', true, 10, 7, 2, 1)"
    )
    status = read_status(_snapshot(connection), [RUN])
    answer = json.loads(json.dumps(status.as_json()))
    assert list(answer) == ["city", "snapshot", "as_of", "business_date", "sources", "runs"]
    assert answer["sources"] == [
        {
            "id": "lager",
            "title": "Lager",
            "owner": "FD 10",
            "kind": "files",
            "nature": "beispiel",
            "state": "veraltet",
            "stale": True,
            "as_of": "2026-06-01T04:00:00+00:00",
            "read": 10,
            "published": 7,
            "rejected": 2,
            "duplicates": 1,
            "reason": "Die Datei ist unvollständig.",
        }
    ]
    assert answer["runs"][0]["business_date"] == "2026-06-09" and answer["runs"][0]["state"] == "published"
    assert status.sources[0].as_of == datetime(2026, 6, 1, 4, tzinfo=UTC)
    assert dataclasses.asdict(status)["city"] == "Musterstadt"


def test_a_source_never_loaded_has_no_age(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO meta.source (source, title, owner, kind, nature, every, fresh_for_days, state)"
        " VALUES ('neu', 'Neu', 'FD 10', 'sql', 'echt', 'night', 2, 'nie_geladen')"
    )
    (source,) = read_status(_snapshot(connection)).sources
    assert (source.as_of, source.read, source.stale, source.reason) == (None, 0, False, None)
