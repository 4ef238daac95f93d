"""The example city's Umsetzungsfahrplan and scanned files: known by day, never ahead of it."""

from __future__ import annotations

from datetime import date, datetime

from dashboard.demo.city import SEED
from dashboard.demo.dms import UNITS
from dashboard.demo.packages import PACKAGES, milestone_rows, package_rows, purpose_rows, serves
from dashboard.demo.scans import scan_rows

TODAY = date(2026, 6, 9)


def test_what_lies_ahead_of_the_day_is_forecast_and_not_ist() -> None:
    for row in package_rows(TODAY):
        begun, done, forecast = (_day(row[place]) for place in (5, 6, 7))
        assert begun is not None and begun <= TODAY
        assert (done is None) != (forecast is None), "done, or expected to be done"
        assert done is None or done <= TODAY
        assert forecast is None or forecast > TODAY
    assert sum(1 for row in package_rows(TODAY) if row[7]) == 5
    reached = [_day(row[3]) for row in milestone_rows(TODAY)]
    assert None in reached and all(day is None or day <= TODAY for day in reached)


def _day(text: object) -> date | None:
    return datetime.strptime(str(text), "%d.%m.%Y").date() if text else None


def test_every_measure_serves_a_package_that_still_runs() -> None:
    running = {package.package_id for package in PACKAGES if package.course[1] > TODAY}
    rows = purpose_rows(TODAY, SEED)
    assert len(rows) > 3000 and {str(row[1]) for row in rows} <= running
    assert {str(row[2]) for row in rows} == {"intern", "extern", "beides"}
    assert serves("Etwas anderes") == ("", "")


def test_scanning_begins_with_the_wave_of_a_unit_and_never_goes_back() -> None:
    rows = scan_rows(TODAY, SEED)
    for unit, (_, wave, _) in UNITS.items():
        course = [(month, scanned) for name, month, _, scanned in rows if name == unit]
        assert [count for _, count in course] == sorted(count for _, count in course)
        assert all(count == 0 for month, count in course if month <= wave)
    assert all(scanned <= planned for _, _, planned, scanned in rows)
    assert rows == [row for row in scan_rows(date(2026, 11, 20), SEED) if row[1] <= TODAY]
