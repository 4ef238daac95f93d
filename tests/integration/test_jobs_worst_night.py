"""What must not happen in the worst night: an emptied portal, silence about what is gone, a full disk."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from tiny_city import TERMINE, count, line, refresh, snapshot, state, write_city

from dashboard.jobs import refresh as job
from dashboard.settings import Settings
from warehouse.digest import content_hash
from warehouse.errors import RetriableError
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse
from warehouse.store import open_draft

SUBJECT = """
title = "Bäume"
key = ["baum_id"]
[columns.baum_id]
title = "Nummer"
type = "text"
required = true
"""
SOURCE = """
title = "Bäume"
owner = "FD 67"
kind = "files"
nature = "echt"
[[table]]
feeds = "baum"
path = "inbox/baum.csv"
"""


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


def _plant_trees(city: Settings) -> None:
    (city.city / "subjects").mkdir()
    (city.city / "subjects/baum.toml").write_text(SUBJECT, encoding="utf-8")
    (city.city / "sources/baum.toml").write_text(SOURCE, encoding="utf-8")
    (city.city / "inbox/baum.csv").write_text("baum_id;hoehe\n1;3\n2;4\n", encoding="utf-8")


def test_a_folder_of_sources_that_is_not_there_empties_nothing(city: Settings) -> None:
    refresh(city)
    before = snapshot(city).name
    shutil.move(city.city / "sources", city.city / "verschwunden")
    record = refresh(city)
    assert record.state == "failed" and "Keine einzige Quelle" in str(record.reason)
    assert (snapshot(city).name, count(city, "core.appointment")) == (before, 10)


def test_a_retired_source_stands_in_the_reason_of_its_run(city: Settings) -> None:
    refresh(city)
    (city.city / "sources/termine.toml").unlink()
    refresh(city)
    run = Ledger(city.ledger_url).runs()[0]
    assert run.state == "published"
    assert run.reason == "Nicht mehr erklärt, ihre Zeilen sind entfernt: „termine“."


def test_a_renamed_source_brings_its_rows_under_its_new_name_and_says_so(city: Settings) -> None:
    refresh(city)
    (city.city / "sources/termine.toml").rename(city.city / "sources/sitzungen.toml")
    refresh(city)
    assert count(city, "core.appointment") == 10
    assert snapshot(city).query("SELECT DISTINCT _source FROM stage.appointment") == [("sitzungen",)]
    assert "„termine“" in str(Ledger(city.ledger_url).runs()[0].reason)


def test_rows_of_a_retired_source_go_even_when_their_subject_went_before(city: Settings) -> None:
    _plant_trees(city)
    refresh(city)
    assert count(city, "stage.baum") == 2
    for path in ("sources/baum.toml", "subjects/baum.toml"):
        (city.city / path).unlink()
    refresh(city)
    assert count(city, "stage.baum") == 0


def test_a_column_added_to_a_subject_is_filled_by_the_next_delivery(city: Settings) -> None:
    _plant_trees(city)
    refresh(city)
    added = '[columns.hoehe]\ntitle = "Höhe"\ntype = "integer"\n'
    (city.city / "subjects/baum.toml").write_text(SUBJECT + added, encoding="utf-8")
    refresh(city)
    assert snapshot(city).query("SELECT baum_id, hoehe FROM core.baum ORDER BY 1") == [("1", 3), ("2", 4)]


def test_a_new_source_with_a_wrong_declaration_stands_in_the_status(city: Settings) -> None:
    (city.city / "sources/baum.toml").write_text(TERMINE.replace("feeds", "fedes"), encoding="utf-8")
    record = refresh(city)
    assert state(city, "baum") == ("nie_geladen", "unknown_key", 0)
    reason = str(line(record, "baum").reason)
    assert "Meinten Sie „feeds“?" in reason and "sources/baum.toml:" in reason
    assert str(city.city) not in reason, "where the city lies on the server is not for the page"


def test_the_hash_in_the_snapshot_covers_all_that_is_published(city: Settings) -> None:
    refresh(city)
    told = snapshot(city)
    copy = city.city / "copy.duckdb"
    shutil.copyfile(Warehouse(city.warehouse_dir).folder / "snapshots" / f"{told.name}.duckdb", copy)
    copy.chmod(0o600)
    connection = open_draft(copy)
    assert content_hash(connection) == told.content_hash
    connection.execute("DELETE FROM core.calendar")
    assert content_hash(connection) != told.content_hash
    connection.close()


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "Speicherplatz ist aufgebraucht"), (errno.EROFS, "nicht beschreibbar")],
)
def test_a_full_or_closed_disk_is_told_and_its_draft_is_cleared_away(
    city: Settings, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    refresh(city)
    before = snapshot(city).name

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(job, "build", fail)
    record = refresh(city)
    assert record.state == "failed" and said in str(record.reason) and "Errno" not in str(record.reason)
    assert not list((city.warehouse_dir / "draft").glob("*"))
    assert snapshot(city).name == before
    monkeypatch.undo()
    assert refresh(city).state == "published"


def test_a_ledger_that_locks_at_the_end_does_not_undo_the_publication(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise RetriableError("Die Datenbank des Portals ist beschäftigt", code="ledger_busy")

    monkeypatch.setattr(Ledger, "finish_run", locked)
    record = refresh(city)
    assert record.state == "published" and snapshot(city).name == record.snapshot
    assert any("ließ sich nicht festhalten" in note for note in record.notes)
    monkeypatch.undo()
    refresh(city)
    assert "running" not in {run.state for run in Ledger(city.ledger_url).runs()}
