"""The warehouse once more from its landing zone: equal content, told differences, one that was lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tiny_city import (
    DAY,
    NOON,
    WOHNGELD,
    count,
    refresh,
    snapshot,
    write_appointments,
    write_cases,
    write_city,
)

from dashboard.__main__ import main
from dashboard.jobs.keep import prune_landing
from dashboard.jobs.rebuild import Rebuilt, run_rebuild
from dashboard.settings import Settings
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse

MERGED = (
    WOHNGELD.replace("FROM vorgang", "FROM vorgang WHERE changed_at >= :since AND changed_at < :until")
    + 'write = "merge"\ncursor = "changed_at"\nfirst_date = 2026-01-01\n'
)


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path / "stadt")


def _nights(city: Settings, nights: int) -> None:
    """Nights with a merged and two replaced sources; the last one says something else than the first."""
    (city.city / "sources/wohngeld.toml").write_text(MERGED, encoding="utf-8")
    for night in range(nights):
        write_appointments(city.city, 10 + night)
        with sqlite3.connect(city.city / "fachverfahren.sqlite") as con:
            con.execute(
                "INSERT INTO vorgang VALUES ('wohngeld', ?, 'FD50', 'post', '2026-06-08', NULL, ?)",
                [f"N{night}", f"{DAY + timedelta(days=night - 1)} 23:30:00"],
            )
        con.close()
        record = refresh(city, day=DAY + timedelta(days=night), now=NOON + timedelta(days=night))
        assert record.state == "published"


def _rebuild(city: Settings, *, to: str | None = None, publish: bool = False) -> tuple[Rebuilt, str]:
    found, record = run_rebuild(
        city, Ledger(city.ledger_url), to=to, publish=publish, now=lambda: NOON + timedelta(days=30)
    )
    assert found is not None, record.reason
    return found, record.state


def _blind(city: Settings) -> None:
    """Take everything away that could be read."""
    (city.city / "fachverfahren.sqlite").unlink()
    shutil.rmtree(city.city / "inbox")
    (city.city / "organisation.csv").unlink()


def test_a_rebuild_gives_every_table_its_content_without_any_source(city: Settings) -> None:
    _nights(city, 3)
    before = snapshot(city)
    runs = len(Ledger(city.ledger_url).runs())
    _blind(city)
    found, state = _rebuild(city)
    assert (found.differing, found.missing, found.equal, state) == ([], [], True, "compared")
    assert found.loads == 5, "three of the merged source, the last one of the others"
    assert snapshot(city).name == before.name and len(Ledger(city.ledger_url).runs()) == runs


def test_a_rebuild_is_published_only_when_asked_and_has_the_same_hash(city: Settings) -> None:
    _nights(city, 2)
    before = snapshot(city)
    _blind(city)
    found, state = _rebuild(city, publish=True)
    after = snapshot(city)
    assert found.equal and state == "published" and after.name != before.name
    assert (after.content_hash, after.business_date, after.as_of) == (
        before.content_hash, before.business_date, before.as_of,
    )  # fmt: skip
    run = Ledger(city.ledger_url).runs()[0]
    assert (run.trigger, run.state, run.snapshot) == ("rebuild", "published", after.name)
    facts = "FROM meta.source ORDER BY source"
    assert after.query(f"SELECT source, state, published, as_of {facts}")
    assert len(after.query("FROM meta.cursor")) == len(after.query("SELECT DISTINCT source FROM meta.cursor"))


def test_the_night_after_a_published_rebuild_goes_on_where_the_cursor_stood(city: Settings) -> None:
    _nights(city, 2)
    _rebuild(city, publish=True)
    record = refresh(city, day=DAY + timedelta(days=2), now=NOON + timedelta(days=2))
    wohngeld = next(line for line in record.sources if line.source == "wohngeld")
    assert wohngeld.read < 22 and count(city, 'stage."case"') == 22


def test_a_delivery_that_is_gone_is_named_with_the_tables_it_costs(city: Settings) -> None:
    _nights(city, 2)
    run = snapshot(city).query(
        "SELECT run_id FROM meta.load WHERE source = 'termine' ORDER BY number DESC LIMIT 1"
    )[0][0]
    shutil.rmtree(city.landing_dir / "termine" / run)
    found, _ = _rebuild(city)
    assert [(m.load.source, m.load.run_id) for m in found.missing] == [("termine", run)]
    assert found.differing == ["stage.appointment"] and not found.equal
    before = snapshot(city).name
    _, record = run_rebuild(city, Ledger(city.ledger_url), publish=True)
    assert record.state == "failed" and "1 von 4 Lieferungen fehlen" in str(record.reason)
    assert snapshot(city).name == before


def test_a_delivery_that_was_touched_is_not_believed(city: Settings) -> None:
    _nights(city, 1)
    rows = next((city.landing_dir / "termine").glob("*/1/rows.parquet"))
    rows.write_bytes(rows.read_bytes()[:-1] + b"x")
    found, _ = _rebuild(city)
    assert [m.why for m in found.missing] == ["Die aufbewahrte Lieferung wurde verändert."]


def test_l8_a_warehouse_that_is_lost_is_rebuilt_from_the_landing_zone_alone(city: Settings) -> None:
    _nights(city, 3)
    before = snapshot(city)
    counts = count(city, 'stage."case"'), count(city, "core.appointment")
    shutil.rmtree(city.warehouse_dir)
    _blind(city)
    found, state = _rebuild(city, publish=True)
    assert (found.from_book, found.missing, state) == (True, [], "published")
    after = snapshot(city)
    assert after.content_hash == before.content_hash
    assert (count(city, 'stage."case"'), count(city, "core.appointment")) == counts


def test_l8_what_could_not_be_repeated_is_said_and_read_from_the_beginning(city: Settings) -> None:
    _nights(city, 3)
    run = min((city.landing_dir / "wohngeld").iterdir())
    shutil.rmtree(run)
    shutil.rmtree(city.warehouse_dir)
    found, state = _rebuild(city, publish=True)
    assert (len(found.missing), state) == (1, "published")
    assert count(city, 'stage."case"') == 3, "what the nights after the lost one read"
    facts = "SELECT state, stale, reason FROM meta.source WHERE source = 'wohngeld'"
    told, stale, reason = snapshot(city).query(facts)[0]
    assert (told, stale) == ("fehlgeschlagen", True) and "unvollständig" in reason
    refresh(city, day=DAY + timedelta(days=3), now=NOON + timedelta(days=3))
    assert count(city, 'stage."case"') == 23
    assert snapshot(city).query(facts)[0] == ("aktuell", False, None)


def test_without_snapshot_and_book_a_rebuild_says_what_else_there_is(city: Settings) -> None:
    found, record = run_rebuild(city, Ledger(city.ledger_url))
    assert found is None and record.state == "failed"
    assert "isek refresh" in str(record.reason)


def test_an_earlier_snapshot_is_compared_with_its_own_loads(city: Settings) -> None:
    _nights(city, 3)
    first = Warehouse(city.warehouse_dir).snapshots()[-1].name
    found, _ = _rebuild(city, to=first)
    assert (found.target, found.equal) == (first, True)


def test_what_a_rebuild_needs_outlives_the_days_of_the_landing_zone(city: Settings) -> None:
    (city.city / "portal.toml").write_text(
        (city.city / "portal.toml").read_text(encoding="utf-8") + "[stores]\nlanding_days = 1\n", "utf-8"
    )
    short = city.model_copy(update={"stores": city.stores.model_copy(update={"landing_days": 1})})
    _nights(short, 6)
    termine = {path.name for path in (city.landing_dir / "termine").iterdir()}
    wohngeld = {path.name for path in (city.landing_dir / "wohngeld").iterdir()}
    assert len(termine) == 2, "older deliveries of a source that is replaced as a whole are forgotten"
    assert len(wohngeld) == 6, "each delivery of changes holds rows that count"
    assert _rebuild(short)[0].equal


def test_folders_that_are_no_source_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".book/x").mkdir(parents=True)
    for run in ("20250101T000000Z-a", "20250102T000000Z-b", "20250103T000000Z-c"):
        (tmp_path / "s" / run).mkdir(parents=True)
    removed = prune_landing(
        tmp_path, before=NOON, declared={"s"}, needed={("s", "20250101T000000Z-a")}, keep=1
    )
    assert [path.name for path in removed] == ["20250102T000000Z-b"] and (tmp_path / ".book/x").is_dir()


def test_k11_deliveries_of_a_source_that_is_gone_are_forgotten_with_their_age(city: Settings) -> None:
    short = city.model_copy(update={"stores": city.stores.model_copy(update={"landing_days": 2})})
    _nights(short, 2)
    (city.city / "sources/termine.toml").unlink()
    left = []
    for night in (2, 6):
        refresh(short, day=DAY + timedelta(days=night), now=NOON + timedelta(days=night))
        left.append(len(list((city.landing_dir / "termine").glob("*"))))
    assert left == [2, 0], "a slip of the pen can be taken back for some days"


@pytest.fixture
def isek(
    city: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())

    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*args, "--city", str(city.city)], {})
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a4_the_current_business_date_again_from_landing_gives_equal_hashes(
    city: Settings, isek: Callable[..., tuple[int, str, str]]
) -> None:
    _nights(city, 2)
    before = snapshot(city)
    _blind(city)
    day = DAY + timedelta(days=1)
    code, out, _ = isek("refresh", "--date", str(day), "--from-landing")
    assert code == 0 and "denselben Inhalt" in out and "der Inhalt ist gleich" in out
    assert snapshot(city).content_hash == before.content_hash and snapshot(city).name != before.name
    assert snapshot(city).business_date == day


def test_a4_an_earlier_business_date_is_compared_and_never_published(
    city: Settings, isek: Callable[..., tuple[int, str, str]]
) -> None:
    _nights(city, 2)
    before = snapshot(city).name
    code, out, _ = isek("refresh", "--date", str(DAY), "--from-landing")
    assert code == 0 and "denselben Inhalt" in out and "Veröffentlicht" not in out
    assert snapshot(city).name == before
    code, _, err = isek("refresh", "--date", "2020-01-01", "--from-landing")
    assert code == 2 and str(DAY) in err
    assert isek("refresh", "--from-landing", "--only", "termine")[0] == 2


def test_rebuild_answers_people_and_machines(
    city: Settings, isek: Callable[..., tuple[int, str, str]]
) -> None:
    _nights(city, 1)
    assert isek("rebuild")[0] == 0
    run = next((city.landing_dir / "termine").iterdir())
    shutil.rmtree(run)
    code, out, _ = isek("rebuild")
    assert code == 1 and f"termine/{run.name}/1" in out and "stage.appointment" in out
    code, out, _ = isek("rebuild", "--json")
    answer = json.loads(out)
    assert code == 1 and answer["rebuilt"]["missing"][0]["source"] == "termine"
    assert answer["run"]["state"] == "compared"


def test_a4_the_same_business_date_with_other_deliveries_is_told_as_replaced(city: Settings) -> None:
    refresh(city)
    write_cases(city.city, 21)
    record = refresh(city)
    assert any("der Inhalt hat sich geändert" in note for note in record.notes)
    assert snapshot(city).business_date == DAY and count(city, 'stage."case"') == 21
