"""The calendar of the figures at the ends of months, years and leap years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.small_city import small_city

ENDS = [
    # business date, then of the newest month: period, last day, Stichtag, Haushaltsjahr
    (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 31), 2026),
    (date(2027, 1, 1), date(2027, 1, 1), date(2027, 1, 31), date(2027, 1, 1), 2027),
    (date(2027, 1, 3), date(2027, 1, 1), date(2027, 1, 31), date(2027, 1, 3), 2027),
    (date(2028, 2, 28), date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 28), 2028),
    (date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 29), 2028),
    (date(2028, 3, 1), date(2028, 3, 1), date(2028, 3, 31), date(2028, 3, 1), 2028),
    (date(2027, 2, 28), date(2027, 2, 1), date(2027, 2, 28), date(2027, 2, 28), 2027),
    (date(2026, 10, 25), date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 25), 2026),
]


@pytest.mark.parametrize(("day", "period", "last_day", "stichtag", "year"), ENDS)
def test_d6_the_newest_month_ends_at_the_business_date_and_the_others_at_their_last_day(
    tmp_path: Path, day: date, period: date, last_day: date, stichtag: date, year: int
) -> None:
    city = small_city(tmp_path, {}, business_date=day)
    rows = city.query(
        "SELECT period, last_day, stichtag, jahr, is_current FROM core.calendar ORDER BY 1 DESC"
    )
    assert rows[0] == (period, last_day, stichtag, year, True)
    assert all(row[1] == row[2] and not row[4] and row[3] == row[0].year for row in rows[1:])
    months = [(row[0].year * 12 + row[0].month) for row in rows]
    assert months == list(range(months[0], months[0] - len(rows), -1)), "no month is missing or doubled"
    leap = [row[1].day for row in rows if row[0] in (date(2024, 2, 1), date(2023, 2, 1))]
    assert leap == [29, 28]
