"""The same declaration against SQLite, a running PostgreSQL and a running MariaDB gives the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest
from sqlalchemy.engine import make_url

from connectors.base import Context
from connectors.databases.parameters import escape_for_binding, parameter_names, substitute
from connectors.registry import connect, load_source
from tests.town import Town
from warehouse.errors import ConfigError

SECRET = "streng-geheim-4711"
CREATE = (
    "CREATE TABLE vorgang (nr {text}, fd INTEGER, kanal {text}, eingang {date}, bescheid {date},"
    " geaendert {moment}, weg INTEGER)"
)
ROWS = [
    ("0001", 50, "online", "2026-01-02", None, "2026-01-02 10:00:00", 0),
    ("0002", 50, "post", "2026-01-05", "2026-02-01", "2026-02-01 09:30:00.5", 0),
    ("0003", 50, "post", "2020-01-05", None, "2020-12-31 23:59:59", 0),
]
DECLARED = """
title = "Wohngeld"
owner = "FD 50"
kind = "sql"
nature = "beispiel"
[connection]
url = "${WOHNGELD_URL}"
statement_timeout_s = 1
[[table]]
feeds = "case"
key = ["procedure", "case_id"]
cursor = "changed_at"
first_date = 2021-01-01
lag_days = 3
write = "merge"
deleted_when = { column = "weg", equals = "1" }
query = \"\"\"
SELECT 'wohngeld' AS procedure, nr AS case_id, fd AS org_unit_id, kanal AS channel, eingang AS received_on,
       bescheid AS decided_on, geaendert AS changed_at, weg, 'um 10:30' AS bemerkung
FROM vorgang WHERE geaendert >= :since AND geaendert < :until  -- nicht :vergessen
\"\"\"
"""


TYPES = {
    "sqlite": {"text": "TEXT", "date": "TEXT", "moment": "TEXT"},
    "postgresql+psycopg": {"text": "TEXT", "date": "DATE", "moment": "TIMESTAMP"},
    "mariadb": {"text": "VARCHAR(40)", "date": "DATE", "moment": "DATETIME(6)"},
}
WRITES = {
    "postgresql+psycopg": "LANGUAGE sql AS 'DELETE FROM vorgang RETURNING 1'",
    "mariadb": "MODIFIES SQL DATA BEGIN DELETE FROM vorgang; RETURN 1; END",
}
ENDLESS = {
    "sqlite": (
        "(WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t) > 0 AND"
    ),
    "postgresql+psycopg": "pg_sleep(9) IS NULL OR",
    "mariadb": "sleep(9) > 0 OR",
}


class Source:
    """A Fachverfahren in SQLite, PostgreSQL or MariaDB."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.path, self.server = folder / "fach/wohngeld.sqlite", server
        self.path.parent.mkdir(exist_ok=True)
        self.url = server or "sqlite:///fach/wohngeld.sqlite"
        self.family = make_url(self.url).drivername
        self.run(CREATE.format(**TYPES[self.family]))
        for row in ROWS:
            self.insert(row)

    def declared(self) -> str:
        """The declaration; `procedure` is a word of MariaDB's own."""
        return DECLARED.replace("AS procedure", "AS `procedure`") if self.family == "mariadb" else DECLARED

    def insert(self, row: tuple[object, ...]) -> None:
        values = ", ".join(
            "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
            for value in row
        )
        self.run(f"INSERT INTO vorgang VALUES ({values})")

    def count(self) -> int:
        """Rows in the source itself."""
        return int(self.run("SELECT count(*) FROM vorgang"))

    def run(self, sql: str) -> Any:
        """Run a statement; the first value of what it gives."""
        connection = self._connect()
        try:
            cursor = connection.cursor()
            cursor.execute(sql)
            row = cursor.fetchone() if cursor.description else (None,)
            connection.commit()
            return row[0]
        finally:
            connection.close()

    def _connect(self) -> Any:
        if not self.server:
            return sqlite3.connect(self.path)
        if self.family == "mariadb":
            url = make_url(self.server)
            return pymysql.connect(host=url.host, port=url.port, user=url.username, database=url.database)
        return psycopg.connect(self.server.replace("+psycopg", ""))


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Town, Source]]:
    server = None if request.param == "sqlite" else request.getfixturevalue(f"{request.param}_url")
    source = Source(tmp_path, server)
    town = Town(tmp_path, {"WOHNGELD_URL": source.url})
    town.declare("wohngeld", source.declared())
    yield town, source
    town.con.close()


def _cases(town: Town) -> list[tuple[object, ...]]:
    return town.rows(
        "SELECT case_id, org_unit_id, channel, received_on, decided_on, changed_at FROM stage.case ORDER BY 1"
    )


def test_the_first_run_reads_from_the_first_date_with_exact_values(world: tuple[Town, Source]) -> None:
    town, _ = world
    loaded = town.night("wohngeld")
    assert (loaded.state, loaded.read, loaded.published) == ("aktuell", 2, 2)
    assert _cases(town) == [
        ("0001", "50", "online", date(2026, 1, 2), None, datetime(2026, 1, 2, 10)),
        ("0002", "50", "post", date(2026, 1, 5), date(2026, 2, 1), datetime(2026, 2, 1, 9, 30, 0, 500_000)),
    ]
    assert town.rows("SELECT cursor_value FROM meta.cursor")[0][0].startswith("2026-02-01")


def test_the_next_run_reads_changes_and_deletions_only(world: tuple[Town, Source]) -> None:
    town, source = world
    town.night("wohngeld")
    source.run("UPDATE vorgang SET weg = 1, geaendert = '2026-02-02 08:00:00' WHERE nr = '0002'")
    source.insert(("0004", 50, "online", "2026-06-01", None, "2026-06-07 08:00:00", 0))
    loaded = town.night("wohngeld")
    assert (loaded.state, loaded.read) == ("aktuell", 2)
    assert [row[0] for row in _cases(town)] == ["0001", "0004"]


def test_a_change_within_the_lag_is_not_lost(world: tuple[Town, Source]) -> None:
    town, source = world
    town.night("wohngeld")
    source.insert(("0005", 50, "post", "2026-01-30", None, "2026-01-30 08:00:00", 0))
    town.night("wohngeld")
    assert "0005" in [row[0] for row in _cases(town)]


def test_d7_a_change_in_the_second_of_two_equal_hours_is_not_lost(
    world: tuple[Town, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    town, source = world
    town.declare("wohngeld", source.declared().replace("lag_days = 3", "lag_days = 0"))
    # 02:20 in summer time; at three o'clock it will be two again.
    monkeypatch.setattr("tests.town.FIRST_NIGHT", datetime(2026, 10, 25, 0, 20, tzinfo=UTC))
    source.insert(("0008", 50, "post", "2026-10-01", None, "2026-10-25 02:15:00", 0))
    town.night("wohngeld")
    source.insert(("0009", 50, "post", "2026-10-01", None, "2026-10-25 02:05:00", 0))
    town.night("wohngeld")
    assert [row[0] for row in _cases(town)] == ["0001", "0002", "0008", "0009"]


def test_nothing_new_moves_no_cursor_and_loses_no_row(world: tuple[Town, Source]) -> None:
    town, source = world
    town.night("wohngeld")
    cursor = town.rows("SELECT cursor_value FROM meta.cursor")
    source.run("DELETE FROM vorgang")
    loaded = town.night("wohngeld")
    assert (loaded.state, loaded.read) == ("aktuell", 0)
    assert (len(_cases(town)), town.rows("SELECT cursor_value FROM meta.cursor")) == (2, cursor)


def test_a_renamed_source_column_keeps_the_last_good_slice(world: tuple[Town, Source]) -> None:
    town, source = world
    town.night("wohngeld")
    source.run("ALTER TABLE vorgang RENAME COLUMN bescheid TO entschieden")
    loaded = town.night("wohngeld")
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "query_failed")
    assert "bescheid" in str(loaded.reason)
    assert len(_cases(town)) == 2


def test_a_query_that_writes_is_refused_by_the_connection(world: tuple[Town, Source]) -> None:
    town, source = world
    if source.server:
        source.run(f"CREATE FUNCTION leeren() RETURNS int {WRITES[source.family]}")
        town.declare("wohngeld", source.declared().replace("WHERE", "WHERE leeren() = 1 AND"))
    else:
        query = "DELETE FROM vorgang WHERE :since < :until RETURNING nr AS case_id"
        town.declare("wohngeld", DECLARED.split("query =")[0] + f'query = "{query}"\n')
    loaded = town.night("wohngeld")
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "query_failed")
    assert source.count() == len(ROWS)


def test_a_query_that_takes_too_long_is_cut(world: tuple[Town, Source]) -> None:
    town, source = world
    town.declare("wohngeld", source.declared().replace("WHERE", f"WHERE {ENDLESS[source.family]}"))
    loaded = town.night("wohngeld")
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "timeout")


def test_a_bad_value_is_one_refused_row_and_no_crash(tmp_path: Path) -> None:
    source = Source(tmp_path, None)
    source.insert(("0009", 50, "fax", "31.02.2026", None, "2026-03-01 00:00:00", 0))
    town = Town(tmp_path, {"WOHNGELD_URL": source.url})
    town.declare("wohngeld", DECLARED + "allow_rejected = 0.5\n")
    loaded = town.night("wohngeld")
    assert (loaded.state, loaded.read, loaded.rejected) == ("aktuell", 3, 1)
    town.con.close()


def test_postgres_amounts_are_exact_and_moments_become_local_time(postgres_url: str, tmp_path: Path) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE buchung (nr uuid, betrag numeric, am timestamptz)")
        connection.execute(
            "INSERT INTO buchung VALUES"
            " ('00000000-0000-0000-0000-000000000001', 1234567890123456.78, '2026-06-30 22:30+00'),"
            " ('00000000-0000-0000-0000-000000000002', 0.005, '2026-01-01 12:00+00'),"
            " ('00000000-0000-0000-0000-000000000003', 'NaN', '2026-01-01 12:00+00')"
        )
    town = Town(tmp_path, {"U": postgres_url})
    town.declare(
        "kasse",
        'kind = "sql"\n[connection]\nurl = "${U}"\n[[table]]\nfeeds = "booking"\nallow_rejected = 0.9\n'
        "query = \"SELECT nr AS booking_id, 2026 AS haushaltsjahr, 'ergebnisplan' AS plan_art,"
        " '1' AS produkt, '1' AS position_id, date(am) AS booked_on, betrag AS amount_eur FROM buchung\"\n",
    )
    town.night("kasse")
    rows = town.rows("SELECT booking_id, amount_eur, booked_on FROM stage.booking")
    assert rows == [
        ("00000000-0000-0000-0000-000000000001", Decimal("1234567890123456.78"), date(2026, 7, 1))
    ]
    reasons = town.rows("SELECT reason_code FROM meta.rejected ORDER BY line")
    assert reasons == [("too_many_decimals",), ("not_a_number",)]
    town.con.close()


def _booking(select: str) -> str:
    return (
        'kind = "sql"\n[connection]\nurl = "${U}"\n[[table]]\nfeeds = "booking"\nallow_rejected = 0.9\n'
        'query = """SELECT nr AS booking_id, 2026 AS haushaltsjahr, \'ergebnisplan\' AS plan_art,'
        f" '1' AS produkt, '1' AS position_id, {select}\"\"\"\n"
    )


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("12.5::money", Decimal("12.50")),
        ("(-1234567.89)::money", Decimal("-1234567.89")),
        ("1234.56::real", Decimal("1234.56")),
        ("0.1::real", Decimal("0.10")),
        ("1234.565::real", None),
        ("0.1::float8 + 0.2::float8", Decimal("0.30")),
        ("1234.565::float8", None),
    ],
)
def test_c13_an_amount_of_postgres_is_the_same_amount_whatever_its_type(
    postgres_url: str, tmp_path: Path, amount: str, told: Decimal | None
) -> None:
    town = Town(tmp_path, {"U": postgres_url})
    rows = f"(VALUES ('a', {amount}), ('b', NULL)) AS buchung(nr, betrag)"
    town.declare("kasse", _booking(f"DATE '2026-01-02' AS booked_on, betrag AS amount_eur FROM {rows}"))
    town.night("kasse")
    assert [*town.rows("SELECT amount_eur FROM stage.booking WHERE booking_id = 'a'"), (None,)][0] == (told,)
    town.con.close()


def test_c10_days_without_end_or_before_our_era_are_refused_and_the_rest_is_published(
    postgres_url: str, tmp_path: Path
) -> None:
    town = Town(tmp_path, {"U": postgres_url})
    days = ("infinity", "-infinity", "0044-03-15 BC", "12026-01-01", "2026-01-02", "9999-12-31")
    rows = ", ".join(f"('{day}')" for day in days)
    town.declare("a", _booking(f"nr::date AS booked_on, 1 AS amount_eur FROM (VALUES {rows}) AS t(nr)"))
    moment = _booking(f"nr::timestamptz AS booked_on, 1 AS amount_eur FROM (VALUES {rows}) AS t(nr)")
    town.declare("b", moment)
    for source in ("a", "b"):
        assert (town.night(source).state, town.night(source).rejected) == ("aktuell", 4)
    kept = town.rows("SELECT booked_on FROM stage.booking ORDER BY ALL")
    assert kept == [(date(2026, 1, 2),)] * 2 + [(date(9999, 12, 31),)] * 2
    assert town.rows("SELECT DISTINCT reason_code FROM meta.rejected") == [("not_a_date",)]
    town.con.close()


def test_types_only_postgres_knows_arrive_as_it_spells_them(postgres_url: str, tmp_path: Path) -> None:
    town = Town(tmp_path, {"U": postgres_url})
    values = ("'10.0.0.1'::inet", "'08:00:2b:01:02:03'::macaddr", "B'101'", "'<a/>'::xml", "int4range(1, 3)")
    for number, value in enumerate(values):
        select = f"DATE '2026-01-02' AS booked_on, 1 AS amount_eur FROM (SELECT {value} AS nr) AS t"
        town.declare(f"s{number}", _booking(select))
        town.night(f"s{number}")
    kept = town.rows("SELECT booking_id FROM stage.booking ORDER BY _source")
    assert kept == [("10.0.0.1/32",), ("08:00:2b:01:02:03",), ("101",), ("<a/>",), ("[1,3)",)]
    town.con.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda url: "postgresql://leser:" + SECRET + "@127.0.0.1:9/stadt", "unreachable"),
        (lambda url: url.replace("portal@", f"niemand:{SECRET}@"), "access_denied"),
        (lambda url: url.replace("portal@", f"portal:{SECRET}@") + "x", "query_failed"),
    ],
)
def test_errors_of_a_server_are_sorted_and_tell_no_secret(
    postgres_url: str, tmp_path: Path, change, code: str
) -> None:
    town = Town(tmp_path, {"WOHNGELD_URL": change(postgres_url)})
    town.declare("wohngeld", DECLARED)
    spec = load_source(tmp_path / "sources/wohngeld.toml", town.subjects, town.secrets)
    findings = connect(spec, Context(tmp_path, datetime(2026, 6, 9, tzinfo=UTC)), town.subjects).check()
    loaded = town.night("wohngeld")
    assert [finding.code for finding in findings] == [code] and loaded.reason_code == code
    told = repr(findings) + repr(loaded) + repr(spec)
    assert not [word for word in (SECRET, "leser", "niemand", "127.0.0.1") if word in told]
    town.con.close()


@pytest.mark.parametrize("url", [SECRET, f"sqlite:///../{SECRET}.sqlite", "sqlite://"])
def test_a_wrong_url_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    town = Town(tmp_path, {"WOHNGELD_URL": url})
    town.declare("wohngeld", DECLARED)
    try:
        loaded = town.night("wohngeld")
    except ConfigError as error:
        assert str(error.where).endswith("wohngeld.toml:7")
        assert SECRET not in str(error)
    else:
        assert loaded.reason_code == "outside_city"
    town.con.close()


def test_a_query_with_an_unknown_parameter_or_without_cursor_is_refused(tmp_path: Path) -> None:
    town = Town(tmp_path, {"WOHNGELD_URL": "sqlite:///x.sqlite"})
    for wrong in (DECLARED.replace(":since", ":sinse"), DECLARED.replace('cursor = "changed_at"\n', "")):
        town.declare("wohngeld", wrong)
        with pytest.raises(ConfigError):
            town.night("wohngeld")
    town.con.close()


def test_parameters_are_found_only_where_they_are_parameters() -> None:
    query = """SELECT ':since', "a:until", x::date, '10:30' /* :since */ FROM t -- :until
    WHERE a >= :since AND b = $q$ :until $q$ AND c < :until"""
    assert parameter_names(query) == {"since", "until"}
    filled = substitute(query, {"since": "S", "until": "U"})
    assert filled.count("S") == 2 and ">= S AND" in filled and filled.endswith("c < U")
    assert escape_for_binding(query).endswith("c < :until")
    assert "x\\:\\:date" in escape_for_binding(query)
