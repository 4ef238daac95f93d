"""Inboxes: files are taken over once, leave after the publication, and are never lost in between."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tiny_city import DAY, NOON, count, line, refresh, snapshot, state, write_city, write_rows

from connectors.formats import archive
from connectors.formats.archive import note_taken, put_away, taken_files
from dashboard.jobs import inboxes
from dashboard.settings import Settings
from warehouse.publish import Warehouse

ANTRAEGE = """
title = "Anträge"
owner = "FD 32"
kind = "files"
nature = "echt"
fresh_for_days = 3
[[table]]
feeds = "application_month"
path = "inbox/antraege/*.csv"
archive = true
write = "{write}"
"""
HEAD = ("procedure", "org_unit_id", "month", "channel", "applications")
INBOX = "inbox/antraege"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Settings]:
    settings = write_city(tmp_path)
    _declare(settings)
    (tmp_path / INBOX).mkdir(parents=True)
    yield settings


def _declare(city: Settings, write: str = "merge") -> None:
    (city.city / "sources/antraege.toml").write_text(ANTRAEGE.format(write=write), encoding="utf-8")


def _deliver(city: Settings, name: str, month: int, number: int) -> Path:
    path = city.city / INBOX / name
    write_rows(path, HEAD, [("hund", "FD20", f"01.{month:02d}.2026", "online", str(number))])
    return path


def _files(city: Settings) -> list[str]:
    folder = city.city / INBOX
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _night(city: Settings, days: int = 0) -> str:
    day = DAY + timedelta(days=days)
    record = refresh(city, day=day, now=NOON + timedelta(days=days))
    assert record.state == "published"
    return line(record, "antraege").state


def _numbers(city: Settings) -> list[int]:
    rows = snapshot(city).query("SELECT applications FROM stage.application_month ORDER BY month")
    return [row[0] for row in rows]


def test_a_file_leaves_the_inbox_after_its_rows_are_published(city: Settings) -> None:
    _deliver(city, "mai.csv", 5, 10)
    assert _night(city) == "aktuell"
    assert _files(city) == [f"archiv/{DAY}/mai.csv"]
    assert _numbers(city) == [10]


def test_a_night_without_a_new_file_keeps_rows_and_datenstand_and_is_no_failure(city: Settings) -> None:
    _deliver(city, "mai.csv", 5, 10)
    _night(city)
    before = snapshot(city).query("SELECT as_of, published FROM meta.source WHERE source = 'antraege'")
    assert _night(city, 1) == "aktuell"
    assert (
        snapshot(city).query("SELECT as_of, published FROM meta.source WHERE source = 'antraege'") == before
    )
    assert _night(city, 9) == "veraltet"
    assert _numbers(city) == [10]


def test_the_next_file_is_merged_with_what_the_archive_holds_no_more(city: Settings) -> None:
    _deliver(city, "mai.csv", 5, 10)
    _night(city)
    _deliver(city, "juni.csv", 6, 20)
    assert _night(city, 1) == "aktuell"
    assert _numbers(city) == [10, 20]
    later = DAY + timedelta(days=1)
    assert _files(city) == [f"archiv/{DAY}/mai.csv", f"archiv/{later}/juni.csv"]


def test_an_inbox_in_which_nothing_ever_lay_is_a_source_that_is_down(city: Settings) -> None:
    assert _night(city) == "fehlgeschlagen"
    assert state(city, "antraege")[:2] == ("fehlgeschlagen", "unreachable")


def test_the_same_business_date_once_more_reads_the_archived_delivery(city: Settings) -> None:
    _deliver(city, "mai.csv", 5, 10)
    _night(city)
    assert _night(city) == "aktuell"
    assert _numbers(city) == [10]
    assert _files(city) == [f"archiv/{DAY}/mai.csv"]


def test_a_refused_file_stays_in_the_inbox(city: Settings) -> None:
    _deliver(city, "mai.csv", 5, 10)
    (city.city / INBOX / "mai.csv").write_text("ganz;andere;Spalten\n1;2;3\n", encoding="utf-8")
    assert _night(city) == "fehlgeschlagen"
    assert _files(city) == ["mai.csv"]


def test_a_file_that_a_newer_one_made_obsolete_leaves_with_it(city: Settings) -> None:
    path = city.city / "sources/antraege.toml"
    path.write_text(
        ANTRAEGE.format(write="replace") + "pick = \"newest\"\nas_of_pattern = '_(\\d{4}-\\d{2}-\\d{2})'\n",
        encoding="utf-8",
    )
    _deliver(city, "k_2026-06-01.csv", 5, 1)
    _deliver(city, "k_2026-06-08.csv", 5, 2)
    _night(city)
    assert _numbers(city) == [2]
    assert _files(city) == [f"archiv/{DAY}/k_2026-06-01.csv", f"archiv/{DAY}/k_2026-06-08.csv"]
    assert _night(city, 1) == "aktuell"
    assert _numbers(city) == [2]


def test_killed_between_publication_and_archive_nothing_is_lost_or_read_twice(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _declare(city, "replace")
    for month, name in ((4, "a.csv"), (5, "b.csv")):
        _deliver(city, name, month, month)

    def killed(*_: object, **__: object) -> list[str]:
        (city.city / INBOX / "a.csv").rename(city.city / INBOX / "archiv/x/a.csv")
        raise KeyboardInterrupt

    (city.city / INBOX / "archiv/x").mkdir(parents=True)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(inboxes, "put_away", killed)
        _night(city)
    assert _files(city) == ["archiv/x/a.csv", "b.csv"]
    # The half-cleared inbox is no delivery: read again, b alone would replace both.
    assert _night(city, 1) == "aktuell"
    assert _numbers(city) == [4, 5]
    assert _files(city) == [f"archiv/{DAY + timedelta(days=1)}/b.csv", "archiv/x/a.csv"]
    _deliver(city, "c.csv", 6, 6)
    _night(city, 2)
    assert _numbers(city) == [6]


def test_a_fault_of_the_archive_costs_nothing_but_order_and_is_told(city: Settings) -> None:
    _deliver(city, "mai.csv", 5, 10)
    (city.city / INBOX / "archiv").write_text("kein Ordner", encoding="utf-8")
    record = refresh(city)
    assert record.state == "published"
    assert any("liegen noch im Lieferordner" in note for note in record.notes)
    assert _files(city) == ["archiv", "mai.csv"]
    (city.city / INBOX / "archiv").unlink()
    assert _night(city, 1) == "aktuell"
    assert _files(city) == [f"archiv/{DAY + timedelta(days=1)}/mai.csv"]


def test_a_file_another_source_still_has_to_read_stays(city: Settings) -> None:
    other = ANTRAEGE.format(write="merge").replace("archive = true", 'section = { from = "fehlt" }')
    (city.city / "sources/zweite.toml").write_text(other, encoding="utf-8")
    _deliver(city, "mai.csv", 5, 10)
    assert _night(city) == "aktuell"
    assert _files(city) == ["mai.csv"]
    (city.city / "sources/zweite.toml").unlink()
    _night(city, 1)
    assert _files(city) == [f"archiv/{DAY + timedelta(days=1)}/mai.csv"]


def test_an_interrupted_night_archives_nothing(city: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _deliver(city, "mai.csv", 5, 10)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Warehouse, "publish", full)
    assert refresh(city).state == "failed"
    assert _files(city) == ["mai.csv"]


DAY_OF_ARCHIVE = date(2026, 6, 9)


def _taken(city: Path, *names: str) -> dict[str, str]:
    return taken_files(note_taken((name, city / name) for name in names))


def test_a_file_replaced_after_it_was_read_is_not_put_away(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("alt", encoding="utf-8")
    taken = _taken(tmp_path, "x.csv")
    path.write_text("neu", encoding="utf-8")
    assert put_away(tmp_path, taken, DAY_OF_ARCHIVE) == []
    assert path.read_text(encoding="utf-8") == "neu"


def test_a_file_written_to_between_look_and_move_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("alt", encoding="utf-8")
    taken, rename = _taken(tmp_path, "x.csv"), Path.rename

    def late(self: Path, target: Path) -> Path:
        self.write_text("alt und mehr", encoding="utf-8")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert put_away(tmp_path, taken, DAY_OF_ARCHIVE) == []
    assert path.read_text(encoding="utf-8") == "alt und mehr"
    assert not list((tmp_path / "archiv").rglob("*.csv"))


def test_a_name_taken_in_the_archive_is_never_overwritten(tmp_path: Path) -> None:
    for content in ("eins", "zwei", "eins"):
        path = tmp_path / "x.csv"
        path.write_text(content, encoding="utf-8")
        assert len(put_away(tmp_path, _taken(tmp_path, "x.csv"), DAY_OF_ARCHIVE)) == 1
    kept = sorted(p.read_text(encoding="utf-8") for p in (tmp_path / f"archiv/{DAY_OF_ARCHIVE}").iterdir())
    assert kept in (["eins", "eins", "zwei"], ["eins", "zwei"])
    assert "zwei" in kept


@pytest.mark.parametrize("name", ["ü" * 125 + ".csv", "n" * 251 + ".csv", "CON", "a\nb.csv", "-rf *.csv"])
def test_c21_names_of_any_length_and_kind_reach_the_archive_and_nowhere_else(
    tmp_path: Path, name: str
) -> None:
    for content in ("eins", "zwei"):
        (tmp_path / name).write_text(content, encoding="utf-8")
        put_away(tmp_path, _taken(tmp_path, name), DAY_OF_ARCHIVE)
    assert len(list((tmp_path / f"archiv/{DAY_OF_ARCHIVE}").iterdir())) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["archiv"]


def test_c21_an_archive_that_leads_out_of_the_city_moves_nothing(
    city: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("anderswo")
    (city.city / INBOX / "archiv").symlink_to(outside)
    _deliver(city, "mai.csv", 5, 10)
    record = refresh(city)
    assert record.state == "published" and count(city, "stage.application_month") == 1
    assert any("liegen noch im Lieferordner" in note for note in record.notes)
    assert list(outside.iterdir()) == [] and (city.city / INBOX / "mai.csv").exists()


def test_a_damaged_cursor_is_an_inbox_read_from_the_beginning() -> None:
    for cursor in (None, "", "{", "[]", '{"files": 1}', "2026-01-01"):
        assert taken_files(cursor) == {}


def test_an_equal_file_that_came_later_is_a_delivery_of_its_own(city: Settings) -> None:
    path = _deliver(city, "mai.csv", 5, 10)
    copy = path.with_name("kopie")
    shutil.copy2(path, copy)
    _night(city)
    shutil.copy(copy, path)
    later = (datetime(2026, 6, 10, 1, tzinfo=UTC)).timestamp()
    os.utime(path, (later, later))
    copy.unlink()
    assert _night(city, 1) == "aktuell"
    assert _files(city) == [f"archiv/{DAY}/mai.csv", f"archiv/{DAY + timedelta(days=1)}/mai.csv"]
    (as_of,) = snapshot(city).query("SELECT as_of FROM meta.source WHERE source = 'antraege'")[0]
    assert as_of.date() == date(2026, 6, 10)


def test_the_mark_of_a_file_is_its_content_and_time(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("x", encoding="utf-8")
    mark = archive.mark_of(path)
    assert mark is not None and mark.endswith(f":{path.stat().st_mtime_ns}")
    assert archive.mark_of(tmp_path) is None


def test_a10_after_a_step_back_the_run_names_the_files_whose_rows_it_lost(city: Settings) -> None:
    _deliver(city, "april.csv", 4, 9)
    _night(city)
    _deliver(city, "mai.csv", 5, 10)
    _night(city, 1)
    Warehouse(city.warehouse_dir).rollback()
    record = refresh(city, day=DAY + timedelta(days=2), now=NOON + timedelta(days=2))
    lost = f"{INBOX}/archiv/{DAY + timedelta(days=1)}/mai.csv"
    assert _numbers(city) == [9] and lost in str(record.reason) and "april" not in str(record.reason)
    (city.city / lost).rename(city.city / INBOX / "mai.csv")
    again = refresh(city, day=DAY + timedelta(days=3), now=NOON + timedelta(days=3))
    assert _numbers(city) == [9, 10] and again.reason is None
