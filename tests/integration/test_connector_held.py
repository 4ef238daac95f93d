"""Deliveries that are held back, remarks that are told once, months that change after they were over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from town import Town

from connectors.held import held_in, whole_hash
from connectors.land import Landed
from connectors.load import Loaded, load
from connectors.replay import replay
from warehouse.in_force import loads_in_force
from warehouse.landing import Delivery

HEADER = "nr;tag;eur\n"
SUBJECT = """
title = "Gebühr"
key = ["nr"]
[columns.nr]
title = "Nummer"
type = "text"
required = true
[columns.tag]
title = "Tag"
type = "date"
required = true
[columns.eur]
title = "Betrag"
type = "decimal"
unit = "EUR"
"""
TABLE = """
[[table]]
feeds = "gebuehr"
path = "inbox/x.csv"
"""
FILES = 'kind = "files"\n' + TABLE


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    (tmp_path / "subjects").mkdir()
    (tmp_path / "subjects/gebuehr.toml").write_text(SUBJECT, encoding="utf-8")
    town = Town(tmp_path)
    town.declare("kasse", FILES)
    yield town
    town.con.close()


def _csv(count: int, *more: str, month: str = "05", first: int = 0) -> str:
    rows = [f"{n};{n % 28 + 1:02d}.{month}.2026;1,50" for n in range(first, first + count)]
    return HEADER + "".join(f"{row}\n" for row in [*rows, *more])


def _night(town: Town, text: str) -> Loaded:
    town.deliver("inbox/x.csv", text)
    return town.night("kasse")


def _count(town: Town) -> int:
    return int(town.rows("SELECT count(*) FROM stage.gebuehr")[0][0])


def _release(town: Town) -> Loaded:
    """Take the held delivery over as it landed."""
    held = held_in(town.con)["kasse"]
    folder = town.folder / "landing/kasse" / held.run_id / "1"
    run = replace(town._run(), run_id="release", taking="freigegeben")
    landed = Landed("kasse", (Delivery.load(folder),))
    return load(town.con, town.spec("kasse"), landed, subjects=town.subjects, run=run)


def test_b12_a_delivery_below_half_is_held_with_reason_and_next_step(town: Town) -> None:
    _night(town, _csv(100))
    loaded = _night(town, _csv(49))
    assert (loaded.state, loaded.reason_code) == ("zurückgehalten", "implausible_shrink")
    assert (loaded.read, loaded.published, _count(town)) == (49, 0, 100)
    reason = str(loaded.reason)
    assert "Nur 49 Zeilen geliefert, üblich sind 100" in reason
    assert "Bei FD 20 klären" in reason and "isek source release kasse" in reason


def test_b12_the_edges_of_what_is_usual_are_taken_over(town: Town) -> None:
    _night(town, _csv(100))
    assert _night(town, _csv(50)).state == "aktuell"
    assert _night(town, _csv(300)).state == "aktuell"


def test_b12_growth_above_three_times_is_held(town: Town) -> None:
    _night(town, _csv(100))
    assert _night(town, _csv(301)).reason_code == "implausible_growth"


def test_c22_a_file_with_nothing_but_its_header_is_an_event_that_b12_judges(town: Town) -> None:
    first = _night(town, HEADER)
    assert (first.state, first.read) == ("aktuell", 0)
    assert first.remarks == ("kasse, Tabelle 1: Die Lieferung enthält keine Zeile.",)
    assert _night(town, HEADER).remarks == (), "told once"
    _night(town, _csv(10))
    held = _night(town, HEADER)
    assert (held.state, held.reason_code, _count(town)) == ("zurückgehalten", "implausible_shrink", 10)


def test_b12_many_rows_after_nothing_but_empty_deliveries_are_not_called_doubled(town: Town) -> None:
    _night(town, HEADER)
    assert _night(town, _csv(99)).state == "aktuell"
    town.con.execute("DELETE FROM meta.load WHERE number > 1")
    reason = str(_night(town, _csv(100)).reason)
    assert "100 Zeilen geliefert, üblich sind 0: bisher kam keine einzige" in reason
    assert _release(town).state == "aktuell"


def test_c22_an_empty_file_without_a_header_is_no_delivery(town: Town) -> None:
    _night(town, _csv(10))
    loaded = _night(town, "")
    assert (loaded.state, _count(town)) == ("fehlgeschlagen", 10)


def test_b12_a_slice_that_shrinks_is_held_and_new_slices_are_free(town: Town) -> None:
    town.declare("kasse", FILES + 'slice = ["tag"]\n')
    day = "".join(f"{n};01.05.2026;1,00\n" for n in range(10))
    _night(town, HEADER + day)
    assert _night(town, HEADER + "".join(f"n{n};02.05.2026;1,00\n" for n in range(2))).state == "aktuell"
    held = _night(town, HEADER + "".join(day.splitlines(keepends=True)[:4]))
    assert (held.reason_code, _count(town)) == ("implausible_shrink", 12)
    assert "bisher waren es 10" in str(held.reason)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (FILES + 'write = "merge"\n', "Einstellung „write“ geändert"),
        (FILES + "[table.factor]\neur = 1000\n", "Einstellung „factor“ geändert"),
        (FILES + '[table.text]\ndecimal = "."\n', "Einstellung „text“ geändert"),
    ],
)
def test_b12_another_declaration_waits_for_its_release(town: Town, declared: str, said: str) -> None:
    _night(town, _csv(10))
    town.declare("kasse", declared)
    loaded = _night(town, _csv(10).replace(",50", ".50") if "decimal" in declared else _csv(10))
    assert (loaded.state, loaded.reason_code) == ("zurückgehalten", "new_contract")
    assert said in str(loaded.reason)


def test_b12_another_contract_is_named_column_by_column(town: Town) -> None:
    _night(town, _csv(10))
    gebuehr = town.subjects["gebuehr"]
    columns = dict(gebuehr.columns)
    columns["eur"] = columns["eur"].model_copy(update={"unit": "TEUR"})
    town.subjects["gebuehr"] = gebuehr.model_copy(update={"columns": columns})
    loaded = _night(town, _csv(10))
    assert loaded.reason_code == "new_contract"
    assert "Spalte „eur“: Einheit EUR → TEUR" in str(loaded.reason)


def test_b11_a_column_the_town_gives_up_waits_for_a_release_and_does_not_block_for_ever(town: Town) -> None:
    named = FILES + 'columns = { nr = "nr", tag = "tag", eur = "eur" }\n'
    town.declare("kasse", named)
    _night(town, _csv(3))
    town.declare("kasse", named.replace(', eur = "eur"', ""))
    loaded = _night(town, "nr;tag\n1;01.05.2026\n2;02.05.2026\n")
    assert (loaded.state, loaded.reason_code, _count(town)) == ("zurückgehalten", "new_contract", 3)
    assert "Spalte „eur“ kommt nicht mehr" in str(loaded.reason)
    assert _release(town).state == "aktuell"
    assert town.rows("SELECT count(*), count(eur) FROM stage.gebuehr") == [(2, 0)]
    assert _night(town, "nr;tag\n1;01.05.2026\n2;02.05.2026\n").state == "aktuell"


def test_what_only_says_how_to_read_or_adds_a_column_is_no_new_contract(town: Town) -> None:
    _night(town, _csv(10))
    town.declare("kasse", FILES + "settle_seconds = 0\nallow_rejected = 0.5\n")
    assert _night(town, _csv(10)).state == "aktuell"


def test_a_released_delivery_counts_and_is_what_is_usual_from_then_on(town: Town) -> None:
    _night(town, _csv(100))
    _night(town, _csv(10))
    loaded = _release(town)
    assert (loaded.state, loaded.published, _count(town)) == ("aktuell", 10, 10)
    assert held_in(town.con) == {}
    assert town.rows("SELECT state, taken_by FROM meta.load ORDER BY number DESC LIMIT 1") == [
        ("freigegeben", "release")
    ]
    assert _night(town, _csv(9)).state == "aktuell"
    assert _night(town, _csv(2)).state == "zurückgehalten", "again implausible, again held"


def test_a_held_delivery_is_overtaken_by_a_good_one_and_replaced_by_a_newer_held_one(town: Town) -> None:
    _night(town, _csv(100))
    _night(town, _csv(10))
    first = held_in(town.con)["kasse"]
    _night(town, _csv(11))
    second = held_in(town.con)["kasse"]
    assert (second.accepted, second.since) == (11, first.since)
    assert second.delivery_hash != first.delivery_hash
    town.deliver("inbox/x.csv", "kaputt")
    assert town.night("kasse").state == "fehlgeschlagen"
    assert held_in(town.con)["kasse"] == second, "what landed can still be released"
    _night(town, _csv(99))
    assert held_in(town.con) == {}


def test_being_held_is_no_failed_night_and_leaves_the_quarantine_alone(town: Town) -> None:
    town.declare("kasse", FILES + "allow_rejected = 0.5\n")
    _night(town, _csv(100, "bad;31.02.2026;1,00"))
    _night(town, _csv(3, "worse;31.02.2026;1,00"))
    assert town.rows("SELECT failures FROM meta.source") == [(0,)]
    assert town.rows("SELECT run_id FROM meta.rejected") == [("run-1",)]


def test_the_hash_of_a_delivery_covers_all_its_tables(town: Town) -> None:
    _night(town, _csv(10))
    delivery = Delivery.load(town.folder / "landing/kasse/run-1/1")
    other = replace(delivery, table_no=2)
    assert len({whole_hash([delivery]), whole_hash([other]), whole_hash([delivery, other])}) == 3


def test_b10_a_new_column_is_told_once_and_seen_by_nobody(town: Town) -> None:
    _night(town, _csv(3))
    more = "nr;tag;eur;bemerkung\n1;01.05.2026;1,00;geheim\n2;02.05.2026;1,00;x\n3;03.05.2026;1,00;y\n"
    loaded = _night(town, more)
    assert (loaded.state, loaded.published) == ("aktuell", 3)
    assert len(loaded.remarks) == 1 and "bemerkung" in loaded.remarks[0]
    assert _night(town, more).remarks == ()
    columns = [row[0] for row in town.rows("DESCRIBE stage.gebuehr")]
    assert "bemerkung" not in columns
    assert _night(town, _csv(3)).remarks == () and town.rows("FROM meta.finding") == []
    assert len(_night(town, more).remarks) == 1, "it went and came again: told again"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("nr;datum;eur", ("„tag“", "datum")),
        ("nr;eur", ("„tag“", "nr, eur")),
        ("nr;tag;betrag", ("„eur“", "eur")),
    ],
)
def test_b11_a_missing_or_renamed_column_falls_back_and_is_named_was_and_is(
    town: Town, header: str, words: tuple[str, ...]
) -> None:
    _night(town, _csv(2))
    lines = {"nr;datum;eur": "1;01.05.2026;2,00", "nr;eur": "1;2,00", "nr;tag;betrag": "1;01.05.2026;2,00"}
    loaded = _night(town, f"{header}\n{lines[header]}\n2;{lines[header].partition(';')[2]}\n")
    assert (loaded.state, loaded.reason_code, _count(town)) == ("fehlgeschlagen", "missing_column", 2)
    assert all(word in str(loaded.reason) for word in words), loaded.reason


def test_l8_a_load_is_repeated_by_the_key_it_had_at_its_time(town: Town) -> None:
    town.declare("kasse", FILES + 'write = "merge"\n')
    _night(town, HEADER + "1;01.05.2026;1,00\n2;01.05.2026;1,00\n")
    _night(town, HEADER + "1;02.05.2026;1,00\n")
    town.subjects["gebuehr"] = town.subjects["gebuehr"].model_copy(update={"key": ("nr", "tag")})
    assert _night(town, HEADER + "3;01.05.2026;1,00\n").reason_code == "new_contract"
    _release(town)
    before = town.rows("SELECT nr, tag FROM stage.gebuehr ORDER BY ALL")
    assert len(before) == 3
    assert replay(town.con, loads_in_force(town.con), town.folder / "landing", town.subjects) == []
    assert town.rows("SELECT nr, tag FROM stage.gebuehr ORDER BY ALL") == before


def test_after_a_release_the_oldest_table_still_says_how_old_the_source_is(town: Town) -> None:
    first = 'kind = "files"\nfresh_for_days = 60\n' + TABLE.replace("x.csv", "*.csv") + 'slice = ["tag"]\n'
    second = TABLE.replace("x.csv", "*.txt").replace("gebuehr", "appointment") + 'write = "merge"\n'
    town.declare("kasse", f"{first}archive = true\n{second}archive = true\n")
    town.deliver("inbox/a.csv", HEADER + "".join(f"{n};01.05.2026;1,00\n" for n in range(9)))
    town.deliver("inbox/a.txt", "appointment_id;on_date;title\nT;01.05.2026;x\n")
    for name, day in (("a.csv", 3), ("a.txt", 1)):
        _written_on(town, name, day)
    assert town.night("kasse").state == "aktuell"
    town.deliver("inbox/b.csv", HEADER + "1;01.05.2026;1,00\n")
    _written_on(town, "b.csv", 5)
    assert town.night("kasse").reason_code == "implausible_shrink"
    _release(town)
    assert town.rows("SELECT as_of FROM meta.source") == [(datetime(2026, 6, 1),)]


def _written_on(town: Town, name: str, day: int) -> None:
    moment = datetime(2026, 6, day, tzinfo=UTC).timestamp()
    os.utime(town.folder / "inbox" / name, (moment, moment))
