"""What is particular to MariaDB: its values, its time zones, its way of streaming rows."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Context
from connectors.databases.mysql import ROWS_PER_FETCH
from connectors.registry import connect
from tests.mariadb import MariaDb
from tests.town import Town
from warehouse.migrate import prepare
from warehouse.subjects import load_subjects

DECLARED = """
kind = "sql"
[connection]
url = "${URL}"
connect_timeout_s = 2
[[table]]
feeds = "%s"
allow_rejected = 0.9
query = \"\"\"%s\"\"\"
"""
BOOKINGS = """
SELECT nr AS booking_id, 2026 AS haushaltsjahr, 'ergebnisplan' AS plan_art, text AS produkt,
       '1' AS position_id, am AS booked_on, betrag AS amount_eur FROM buchung ORDER BY nr"""


@pytest.fixture
def town(mariadb_url: str, tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, {"URL": mariadb_url})
    yield made
    made.con.close()


@pytest.fixture
def run(mariadb_server: MariaDb, mariadb_url: str) -> Iterator[Any]:
    """A function that runs statements in the database of the test and gives all rows."""
    with mariadb_server.connect(mariadb_url.rsplit("/", 1)[1]) as connection:

        def run(*statements: str) -> list[tuple[Any, ...]]:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall())

        yield run


def test_amounts_are_exact_and_texts_keep_every_sign(town: Town, run: Any) -> None:
    run(
        "CREATE TABLE buchung (nr BIGINT, text VARCHAR(40), am DATE, betrag DECIMAL(30,4))",
        "INSERT INTO buchung VALUES (9007199254740993, '01004000', '2026-06-30', 1234567890123456.7800),"
        " (2, 'Größe 😀 Łódź', '2026-02-28', -0.0100), (3, 'NULL', '2026-02-28', 0.0050)",
    )
    town.declare("kasse", DECLARED % ("booking", BOOKINGS))
    town.night("kasse")
    assert town.rows("SELECT booking_id, produkt, booked_on, amount_eur FROM stage.booking ORDER BY 1") == [
        ("2", "Größe 😀 Łódź", date(2026, 2, 28), Decimal("-0.01")),
        ("9007199254740993", "01004000", date(2026, 6, 30), Decimal("1234567890123456.78")),
    ]
    assert town.rows("SELECT reason_code, line FROM meta.rejected") == [("too_many_decimals", 2)]


def test_days_no_calendar_has_are_refused_and_the_rest_is_published(town: Town, run: Any) -> None:
    run(
        "SET SESSION sql_mode = ''",
        "CREATE TABLE buchung (nr INT, text VARCHAR(40), am DATETIME, betrag DOUBLE)",
        "INSERT INTO buchung VALUES (1, 'a', '0000-00-00', 1), (2, 'a', '2026-00-00', 1),"
        " (3, 'a', '2026-03-01', 0.1e0 + 0.2e0)",
    )
    town.declare("kasse", DECLARED % ("booking", BOOKINGS))
    loaded = town.night("kasse")
    assert (loaded.state, loaded.read, loaded.published, loaded.rejected) == ("aktuell", 3, 1, 2)
    assert town.rows("SELECT reason_code, raw FROM meta.rejected ORDER BY line") == [
        ("not_a_date", "0000-00-00 00:00:00"),
        ("not_a_date", "2026-00-00 00:00:00"),
    ]
    assert town.rows("SELECT amount_eur FROM stage.booking") == [(Decimal("0.30"),)]


def test_small_numbers_and_bits_are_yes_and_no(town: Town, run: Any) -> None:
    run(
        "CREATE TABLE sitzung (nr INT, ja TINYINT(1), auch BIT(1))",
        "INSERT INTO sitzung VALUES (1, 1, b'1'), (2, 0, b'0'), (3, NULL, NULL), (4, 2, b'1')",
    )
    path = town.folder / "subjects/sitzung.toml"
    path.parent.mkdir()
    path.write_text(
        'title = "Sitzungen"\nkey = ["nr"]\n[columns.nr]\ntitle = "Nr"\ntype = "integer"\nrequired = true\n'
        '[columns.ja]\ntitle = "Ja"\ntype = "boolean"\n[columns.auch]\ntitle = "Auch"\ntype = "boolean"\n'
    )
    town.subjects = load_subjects(town.folder)
    prepare(town.con, town.subjects)
    town.declare("rat", DECLARED % ("sitzung", "SELECT nr, ja, auch FROM sitzung"))
    town.night("rat")
    assert town.rows("SELECT nr, ja, auch FROM stage.sitzung ORDER BY nr") == [
        (1, True, True),
        (2, False, False),
        (3, None, None),
    ]
    assert town.rows("SELECT reason_code, column_name FROM meta.rejected") == [("not_a_boolean", "ja")]


def _load_berlin(server: MariaDb) -> None:
    program = shutil.which("mariadb-tzinfo-to-sql") or shutil.which("mysql_tzinfo_to_sql")
    assert program, "comes with the server"
    made = subprocess.run(
        [program, "/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"],
        capture_output=True,
        text=True,
        check=True,
    )
    with server.connect("mysql") as connection, connection.cursor() as cursor:
        for statement in filter(None, map(str.strip, made.stdout.split(";\n"))):
            cursor.execute(statement)


def test_moments_come_in_the_time_of_the_town_hall_or_with_a_warning(
    town: Town, run: Any, mariadb_server: MariaDb
) -> None:
    run(
        "SET SESSION time_zone = '+00:00'",
        "CREATE TABLE buchung (nr INT, text VARCHAR(40), am TIMESTAMP NULL, betrag INT)",
        "INSERT INTO buchung VALUES (1, 'a', '2026-06-30 22:30:00', 1)",
    )
    query = BOOKINGS.replace("am AS booked_on", "date(am) AS booked_on")
    town.declare("kasse", DECLARED % ("booking", query))
    _load_berlin(mariadb_server)
    town.night("kasse")
    assert town.rows("SELECT booked_on FROM stage.booking") == [(date(2026, 7, 1),)]
    context = Context(town.folder, datetime(2026, 6, 9, tzinfo=UTC), secrets=town.secrets)
    spec = town.spec("kasse")
    assert connect(spec, context, town.subjects).check() == []
    abroad = replace(context, timezone="Europe/Lisbon")
    (finding,) = connect(spec, abroad, town.subjects).check()
    assert (finding.level, finding.code) == ("warning", "server_time_zone")
    assert "Europe/Lisbon" in finding.what


def test_rows_stay_on_the_server_until_they_are_asked_for(town: Town, run: Any) -> None:
    run("CREATE TABLE ziffer (n INT)", "INSERT INTO ziffer VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)")
    many = " CROSS JOIN ".join(f"ziffer AS z{number}" for number in range(7))
    town.declare(
        "kasse",
        DECLARED
        % (
            "booking",
            "SELECT uuid() AS booking_id, 2026 AS haushaltsjahr, 'ergebnisplan' AS plan_art, '1' AS produkt,"
            f" '1' AS position_id, date '2026-01-01' AS booked_on, 1 AS amount_eur FROM {many}",
        ),
    )
    spec = town.spec("kasse")
    context = Context(town.folder, datetime(2026, 6, 9, tzinfo=UTC), secrets=town.secrets)
    reading = connect(spec, context, town.subjects).read(spec.tables[0], None, datetime(2026, 6, 9))
    batches = iter(reading.batches)
    sizes = [next(batches).num_rows for _ in range(3)]
    assert sizes == [0, ROWS_PER_FETCH, ROWS_PER_FETCH]
    still_sending = (
        "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%uuid()%z6%'"
        " AND id <> connection_id()"
    )
    assert run(still_sending) == [(1,)]
    del reading, batches
    # Ten million rows are not fetched to say goodbye: the server notices that nobody listens.
    deadline = time.monotonic() + 90
    while run(still_sending) != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("query", ["SET @x = 1", "DO 1", "SELECT 1; DELETE FROM buchung"])
def test_what_is_no_single_select_is_refused(town: Town, run: Any, query: str) -> None:
    run("CREATE TABLE buchung (nr INT)", "INSERT INTO buchung VALUES (1)")
    town.declare("kasse", DECLARED % ("booking", query))
    assert town.night("kasse").reason_code == "query_failed"
    assert run("SELECT count(*) FROM buchung") == [(1,)]
