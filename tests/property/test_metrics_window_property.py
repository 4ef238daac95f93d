"""A statement limited to the days a question is about gives the rows it gave before, and reads no others."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.question import add_months, period_end
from metrics.window import bound_statement, dated_statement

DAYS = st.dates(date(2024, 11, 1), date(2026, 3, 1)) | st.none()
MONTH = (
    "SELECT CAST(date_trunc('month', t.day) AS DATE) AS period, unit, count(*) AS numerator FROM item AS t"
)
YEAR = "SELECT date_trunc('year', day) AS period, unit, sum(n) AS numerator FROM item"


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(DAYS, st.sampled_from("ab"), st.integers(0, 9)), max_size=25),
    first=st.dates(date(2025, 1, 1), date(2026, 1, 1)),
    months=st.integers(0, 13),
    filtered=st.booleans(),
    yearly=st.booleans(),
)
def test_the_rows_of_the_window_are_the_same_with_and_without_limits(
    rows: list[tuple[date | None, str, int]], first: date, months: int, filtered: bool, yearly: bool
) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE item (day DATE, unit VARCHAR, n INTEGER)")
    if rows:
        con.executemany("INSERT INTO item VALUES (?, ?, ?)", rows)
    grain = "year" if yearly else "month"
    begin = first.replace(month=1, day=1) if yearly else first.replace(day=1)
    last = add_months(begin, 12 * (months // 12) if yearly else months)
    sql = f"{YEAR if yearly else MONTH}{' WHERE n < 5 OR unit = $$a$$' if filtered else ''} GROUP BY ALL"
    statement, days = bound_statement(sql, grain, begin, last)
    assert days == (begin, period_end(last, grain) + timedelta(days=1))
    around = "SELECT * FROM ({}) WHERE period BETWEEN ? AND ? ORDER BY ALL"
    plain = con.execute(around.format(sql), [begin, last]).fetchall()
    assert con.execute(around.format(statement), [*days, begin, last]).fetchall() == plain
    outside = con.execute(
        f"SELECT count(*) FROM ({statement}) WHERE period NOT BETWEEN ? AND ?", [*days, begin, last]
    )
    assert outside.fetchone() == (0,), "other periods are not even computed"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT month AS period, 1 AS numerator FROM item",
        "SELECT date_trunc('month', day + 1) AS period, 1 AS numerator FROM item",
        "SELECT date_trunc('month', max(day)) AS period, 1 AS numerator FROM item GROUP BY unit",
        "WITH x AS (SELECT 1) SELECT date_trunc('month', day) AS period, 1 AS numerator FROM item",
        "SELECT date_trunc('month', day) AS period, 1 AS numerator FROM item UNION ALL SELECT NULL, 2",
        "SELECT date_trunc('month', day) AS period, sum(n) OVER (ORDER BY day) AS numerator FROM item",
        "SELECT date_trunc('month', day) AS period, n FROM item QUALIFY row_number() OVER (ORDER BY n) = 1",
        "SELECT date_trunc('month', day) AS period, n AS numerator FROM item ORDER BY n LIMIT 3",
    ],
)
def test_statements_where_limits_could_change_a_figure_stay_as_they_are(sql: str) -> None:
    assert dated_statement(sql) is None
    assert bound_statement(sql, "month", date(2025, 1, 1), date(2025, 3, 1)) == (sql, ())


@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"])
@pytest.mark.parametrize(
    "sql",
    [
        f"{MONTH} GROUP BY ALL",
        f"{MONTH} GROUP BY 1, 2",
        f"{MONTH} GROUP BY CAST(date_trunc('month', t.day) AS DATE), unit",
        f"{MONTH} GROUP BY date_trunc('month', t.day), unit",
        f"{MONTH} WHERE CAST(date_trunc('year', t.day) AS DATE) = DATE '2025-01-01' GROUP BY ALL",
        MONTH.replace("unit,", "CAST(date_trunc('quarter', t.day) AS DATE) AS unit,") + " GROUP BY ALL",
        f"{MONTH} GROUP BY date_trunc('month', day), unit",
        f"{MONTH} GROUP BY date_trunc('month', T.DAY), unit",
        MONTH.replace("CAST(date_trunc('month', t.day) AS DATE)", "date_trunc('month', t.day)")
        + " GROUP BY ALL",
    ],
)
def test_months_keep_their_days_and_type_whatever_the_column_is(sql: str, kind: str) -> None:
    con = duckdb.connect()
    con.execute("SET timezone = 'Europe/Berlin'")
    con.execute(f"CREATE TABLE item (day {kind}, unit VARCHAR, n INTEGER)")
    con.execute(
        "INSERT INTO item SELECT d, 'a', 1"
        " FROM range(TIMESTAMP '2024-12-31 23:00', TIMESTAMP '2025-05-01 03:00', INTERVAL 7 HOUR) AS t(d)"
        " UNION ALL VALUES ('infinity', 'a', 1), ('-infinity', 'a', 1), (NULL, 'a', 1)"
    )
    first, last = date(2025, 1, 1), date(2025, 4, 1)
    statement, days = bound_statement(sql, "month", first, last)
    around = "SELECT *, typeof(period) FROM ({}) WHERE period BETWEEN ? AND ? ORDER BY 1"
    before = con.execute(around.format(sql), [first, last]).fetchall()
    assert con.execute(around.format(statement), [*days, first, last]).fetchall() == before
    assert len(before) == 4


def test_the_clock_is_left_out_where_months_are_dates() -> None:
    statement, _ = bound_statement(f"{MONTH} GROUP BY ALL", "month", date(2025, 1, 1), date(2025, 3, 1))
    assert "TRUNC" not in statement
    mixed = f"{MONTH} GROUP BY date_trunc('month', t.day), unit"
    assert "TRUNC" in bound_statement(mixed, "month", date(2025, 1, 1), date(2025, 3, 1))[0]


def test_periods_of_another_length_than_the_figure_says_are_left_alone() -> None:
    assert bound_statement(MONTH, "year", date(2025, 1, 1), date(2025, 1, 1)) == (MONTH, ())
