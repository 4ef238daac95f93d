"""Sources behaving badly: each keeps its last good slice, says why, and costs no other source anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors import load as load_module
from connectors.accounting import note_age
from connectors.land import land_source
from connectors.registry import load_source, load_sources
from tests.town import FIRST_NIGHT, Town
from warehouse.errors import ConfigError

HEADER = "Messgröße;Monat;Summe;Verfahren\n"
GOOD = (
    HEADER
    + "wait;01.01.2026;10,50;gemessen\nwait;01.02.2026;11,00;gemessen\npaper;01.01.2026;3,00;gemessen\n"
)
TABLE = """
[[table]]
feeds = "measurement"
path = "inbox/x.csv"
columns = { indicator = "Messgröße", month = "Monat", value_sum = "Summe", method = "Verfahren" }
"""
FILES = 'kind = "files"\n' + TABLE


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    place = Town(tmp_path)
    place.declare("messung", FILES)
    place.deliver("inbox/x.csv", GOOD)
    yield place
    place.con.close()


def _state(town: Town) -> tuple[object, ...]:
    columns = "state, reason_code, read, published, rejected, as_of"
    return town.rows(f"SELECT {columns} FROM meta.source WHERE source = 'messung'")[0]


def _count(town: Town) -> int:
    return int(town.rows("SELECT count(*) FROM stage.measurement WHERE _source = 'messung'")[0][0])


def test_a_good_delivery_is_taken_over_and_accounted_for(town: Town) -> None:
    loaded = town.night("messung")
    assert (loaded.state, loaded.read, loaded.published, loaded.rejected, loaded.duplicates) == (
        "aktuell",
        3,
        3,
        0,
        0,
    )
    rows = town.rows(
        "SELECT indicator, month, value_sum, _run_id, _line FROM stage.measurement ORDER BY _line"
    )
    assert rows[0] == ("wait", date(2026, 1, 1), Decimal("10.50"), "run-1", 2)
    assert town.rows("SELECT run_id, table_no, state, published FROM meta.load") == [
        ("run-1", 1, "geladen", 3)
    ]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (GOOD.replace("Summe", "Betrag"), "missing_column"),
        (GOOD[:-12], "half_file"),
        (GOOD.replace("10,50", "k. A."), "too_many_rejected"),
        (HEADER + "wait;01.01.2026;10,50;gemessen\n", "implausible_shrink"),
        (None, "unreachable"),
    ],
)
def test_a_broken_delivery_keeps_the_last_good_slice_and_says_why(
    town: Town, broken: str | None, code: str
) -> None:
    town.night("messung")
    before, as_of = town.rows("FROM stage.measurement ORDER BY ALL"), _state(town)[5]
    if broken is None:
        (town.folder / "inbox/x.csv").unlink()
    else:
        town.deliver("inbox/x.csv", broken)
    loaded = town.night("messung")
    state = "zurückgehalten" if code == "implausible_shrink" else "fehlgeschlagen"
    assert (loaded.state, loaded.reason_code) == (state, code)
    assert loaded.reason and "Traceback" not in loaded.reason
    assert town.rows("FROM stage.measurement ORDER BY ALL") == before
    assert _state(town) == (state, code, 3, 3, 0, as_of)
    assert town.rows("SELECT run_id FROM meta.load") == [("run-1",)]


def test_the_reason_names_the_missing_column_the_file_and_what_comes_near(town: Town) -> None:
    town.deliver("inbox/x.csv", GOOD.replace("Summe", "Summen"))
    reason = str(town.night("messung").reason)
    assert "„Summe“" in reason and "„Summen“" in reason and "inbox/x.csv" in reason


def test_a_source_recovers_as_soon_as_it_delivers_well_again(town: Town) -> None:
    town.night("messung")
    town.deliver("inbox/x.csv", GOOD[:-12])
    town.night("messung")
    town.deliver("inbox/x.csv", GOOD)
    assert town.night("messung").state == "aktuell"
    assert _state(town)[:2] == ("aktuell", None)


def test_one_bad_row_within_the_tolerance_is_quarantined_with_line_column_and_reason(town: Town) -> None:
    town.declare("messung", FILES + "allow_rejected = 0.5\n")
    town.deliver("inbox/x.csv", GOOD.replace("01.02.2026", "31.02.2026"))
    loaded = town.night("messung")
    assert (loaded.state, loaded.read, loaded.published, loaded.rejected) == ("aktuell", 3, 2, 1)
    sql = "SELECT source, table_no, subject, line, column_name, reason_code, raw FROM meta.rejected"
    assert town.rows(sql) == [("messung", 1, "measurement", 3, "month", "not_a_date", "31.02.2026")]
    assert town.rows("SELECT reason FROM meta.rejected")[0][0].endswith(".")


def test_a_number_of_bad_rows_may_be_tolerated_whatever_share_they_are(town: Town) -> None:
    bad = GOOD.replace("01.02.2026", "31.02.2026")
    town.deliver("inbox/x.csv", bad)
    town.declare("messung", FILES + "allow_rejected_rows = 1\n")
    assert town.night("messung").state == "aktuell"
    town.deliver("inbox/x.csv", bad.replace("10,50", "x"))
    loaded = town.night("messung")
    assert loaded.reason_code == "too_many_rejected"
    assert "höchstens 1 Zeilen" in str(loaded.reason)


def test_too_many_bad_rows_can_be_looked_at_although_nothing_was_published(town: Town) -> None:
    town.deliver("inbox/x.csv", GOOD.replace("10,50", "k. A.").replace("11,00", "?"))
    loaded = town.night("messung")
    assert (loaded.state, loaded.rejected, _count(town)) == ("fehlgeschlagen", 2, 0)
    assert town.rows("SELECT line FROM meta.rejected ORDER BY line") == [(2,), (3,)]


def test_an_optional_column_that_vanishes_is_taken_for_renamed(town: Town) -> None:
    town.deliver("inbox/x.csv", "indicator;month;value_sum;method;n\nwait;01.01.2026;1,00;gemessen;7\n")
    town.declare("messung", 'kind = "files"\n[[table]]\nfeeds = "measurement"\npath = "inbox/x.csv"\n')
    assert town.night("messung").state == "aktuell"
    town.deliver("inbox/x.csv", "indicator;month;value_sum;method;anzahl\nwait;01.01.2026;1,00;gemessen;7\n")
    loaded = town.night("messung")
    assert (loaded.reason_code, town.rows("SELECT n FROM stage.measurement")) == ("missing_column", [(7,)])


def test_replace_removes_what_is_no_longer_delivered(town: Town) -> None:
    town.night("messung")
    town.deliver("inbox/x.csv", GOOD.replace("paper", "sheets"))
    town.night("messung")
    assert town.rows("SELECT DISTINCT indicator FROM stage.measurement ORDER BY 1") == [
        ("sheets",),
        ("wait",),
    ]


def test_a_slice_replaces_its_own_rows_only(town: Town) -> None:
    town.declare("messung", FILES + 'slice = ["indicator"]\n')
    town.night("messung")
    town.deliver("inbox/x.csv", HEADER + "wait;01.03.2026;9,00;gemessen\n")
    town.night("messung")
    rows = town.rows("SELECT indicator, month FROM stage.measurement ORDER BY ALL")
    assert rows == [("paper", date(2026, 1, 1)), ("wait", date(2026, 3, 1))]


def test_merge_updates_adds_and_removes_what_is_marked_as_deleted(town: Town) -> None:
    town.declare("messung", FILES + 'write = "merge"\ndeleted_when = { column = "Weg", equals = "x" }\n')
    lines = GOOD.splitlines()
    town.deliver("inbox/x.csv", "\n".join([lines[0] + ";Weg", *(line + ";" for line in lines[1:])]) + "\n")
    town.night("messung")
    changed = "wait;01.01.2026;99,00;gemessen;\nwait;01.02.2026;;;x\nnew;01.01.2026;1,00;gemessen;\n"
    town.deliver("inbox/x.csv", lines[0] + ";Weg\n" + changed)
    assert town.night("messung").state == "aktuell"
    rows = town.rows("SELECT indicator, month, value_sum FROM stage.measurement ORDER BY ALL")
    assert rows == [
        ("new", date(2026, 1, 1), Decimal("1.00")),
        ("paper", date(2026, 1, 1), Decimal("3.00")),
        ("wait", date(2026, 1, 1), Decimal("99.00")),
    ]


def test_append_keeps_what_it_has_and_counts_it_as_recognised(town: Town) -> None:
    town.declare("messung", FILES + 'write = "append"\n')
    town.night("messung")
    town.deliver("inbox/x.csv", GOOD + "new;01.01.2026;1,00;gemessen\n")
    loaded = town.night("messung")
    assert (loaded.read, loaded.published, loaded.duplicates, _count(town)) == (4, 1, 3, 4)


def test_two_tables_fill_one_subject_together(town: Town) -> None:
    town.declare("messung", FILES + TABLE.replace("x.csv", "y.csv"))
    town.deliver("inbox/y.csv", HEADER + "other;01.01.2026;1,00;gemessen\n")
    for _ in range(2):
        assert town.night("messung").state == "aktuell"
        assert _count(town) == 4


def test_the_same_key_in_two_tables_fails_the_source_and_not_the_night(town: Town) -> None:
    town.declare("messung", FILES + TABLE.replace("x.csv", "y.csv"))
    town.deliver("inbox/y.csv", HEADER + "wait;01.01.2026;1,00;gemessen\n")
    loaded = town.night("messung")
    assert (loaded.reason_code, _count(town)) == ("duplicate_key", 0)


def test_one_source_never_touches_the_rows_of_another(town: Town) -> None:
    town.declare("andere", FILES.replace("x.csv", "z.csv"))
    town.deliver("inbox/z.csv", GOOD.replace("wait", "queue").replace("paper", "ink"))
    town.night("andere")
    before = town.rows("FROM stage.measurement WHERE _source = 'andere' ORDER BY ALL")
    town.night("messung")
    town.deliver("inbox/x.csv", "kaputt")
    town.night("messung")
    assert town.rows("FROM stage.measurement WHERE _source = 'andere' ORDER BY ALL") == before


def test_a_crash_while_loading_leaves_rows_and_accounting_as_they_were(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.night("messung")
    before = town.rows("FROM stage.measurement ORDER BY ALL"), town.rows("FROM meta.load")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(load_module, "note_load", crash)
    with pytest.raises(KeyboardInterrupt):
        town.night("messung")
    assert (town.rows("FROM stage.measurement ORDER BY ALL"), town.rows("FROM meta.load")) == before


def test_a_delivery_that_is_too_old_is_published_and_called_stale(town: Town) -> None:
    (town.folder / "inbox/x.csv").rename(town.folder / "inbox/x_2026-05-30.csv")
    town.declare("messung", (FILES + "as_of_pattern = '_(.*)\\.csv'\n").replace("x.csv", "x_*.csv"))
    assert town.night("messung").state == "veraltet"
    assert town.rows("SELECT stale FROM meta.source") == [(True,)]


def test_a_source_that_was_not_due_grows_old_all_the_same(town: Town) -> None:
    town.night("messung")
    spec = load_source(town.folder / "sources/messung.toml", town.subjects, {})
    note_age(town.con, [spec], FIRST_NIGHT.replace(month=7))
    assert town.rows("SELECT state, stale FROM meta.source") == [("veraltet", True)]


@pytest.mark.parametrize(
    ("wrong", "right", "line", "suggestion"),
    [
        ("value_sum =", "value_sun =", 9, "value_sum"),
        ('feeds = "measurement"', 'feeds = "measurment"', 7, "measurement"),
        ('kind = "files"', 'kind = "file"', 4, "files"),
        ("path =", "pfad =", 8, None),
    ],
)
def test_wrong_words_in_a_source_file_are_refused_with_file_line_and_suggestion(
    town: Town, wrong: str, right: str, line: int, suggestion: str | None
) -> None:
    town.declare("messung", FILES.replace(wrong, right))
    with pytest.raises(ConfigError) as caught:
        load_sources(town.folder, town.subjects, {})
    assert str(caught.value.where).endswith(f"messung.toml:{line}")
    assert suggestion is None or suggestion in str(caught.value.next_step)


def test_a_secret_that_is_not_set_is_named_and_costs_its_own_source_only(town: Town) -> None:
    town.declare(
        "bau",
        'kind = "sql"\n[connection]\nurl = "${BAU_URL}"\n[[table]]\nfeeds = "case"\nquery = "SELECT 1"\n',
    )
    problems: list[ConfigError] = []
    assert list(load_sources(town.folder, town.subjects, {}, problems)) == ["messung"]
    assert [(problem.code, "BAU_URL" in str(problem)) for problem in problems] == [("missing_secret", True)]
    assert str(problems[0].where).endswith("bau.toml:6")


def test_c23_a_second_reading_for_one_table_leaves_out_nothing_of_another(town: Town) -> None:
    with sqlite3.connect(town.folder / "f.sqlite") as con:
        con.execute("CREATE TABLE v (id TEXT, day TEXT, at TEXT)")
    con.close()
    table = (
        '[[table]]\nfeeds = "appointment"\nwrite = "merge"\ncursor = "on_date"\nfirst_date = 2026-01-01\n'
        'query = "SELECT id AS appointment_id, day AS on_date, at AS title FROM v'
        ' WHERE day >= :since AND day < :until"\n'
    )
    town.declare("termine", f'kind = "sql"\n[connection]\nurl = "sqlite:///f.sqlite"\n{table}{table}'
                 .replace("kind", 'title = "T"\nowner = "O"\nnature = "echt"\nkind', 1))  # fmt: skip
    known, since = {1: "2026-05-20", 2: "2026-06-07"}, FIRST_NIGHT - timedelta(days=4)
    landed = land_source(
        town.spec("termine"), town.context(), town.subjects, known, town.folder / "landing", "r", since
    )
    assert landed.failure is None
    begun = [f"{delivery.window_from:%d.%m.}" for delivery in landed.deliveries]
    assert begun == ["20.05.", "04.06."], "the first goes on where it stood, the second goes back"
