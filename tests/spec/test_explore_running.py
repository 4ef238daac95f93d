"""What is not over yet is never compared with a whole month or year; days are compared with the same days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from metrics.catalog import load_catalog
from metrics.explore.earlier import RUNNING
from metrics.explore.pivot import pivot
from metrics.explore.question import COUNT, Filter, Measure, PivotQuestion
from metrics.explore.result import Pivot, PivotCell
from metrics.explore.span import shifted_by_day
from metrics.result import Scope
from tests.money_city import booking
from tests.small_city import small_city

FILED, SHARE = Measure("application_channel_count"), Measure("application_online_share")
PAID, RECORDS = Measure("amount_eur", "sum"), Measure(COUNT, "count")
MAY_AND_JUNE = date(2026, 5, 1), date(2026, 6, 9)
REFUSED = PivotCell("refused", reason=RUNNING)


def _months() -> list[dict[str, Any]]:
    """Ten letters a month in 2025 and twelve in 2026, of June 2026 the four that came until today."""
    told = [(date(2025, month, 1), 10) for month in range(1, 13)]
    told += [(date(2026, month, 1), 12) for month in range(1, 6)] + [(date(2026, 6, 1), 4)]
    return [
        {
            "procedure": "wohngeld",
            "channel": "post",
            "org_unit_id": "FD32",
            "month": on,
            "applications": count,
        }
        for on, count in told
    ]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    catalog = load_catalog(None)
    bookings = [
        booking("1", 100, date(2025, 6, 3), "B1"),
        booking("1", 900, date(2025, 6, 20), "B2"),
        booking("1", 150, date(2026, 6, 3), "B3"),
        booking("1", 200, date(2026, 5, 4), "B4"),
        booking("1", 50, date(2025, 5, 4), "B5"),
    ]
    project = {"title": "Projekt", "org_unit_id": "FD10", "service_count": 1, "planned_on": date(2027, 1, 1)}
    projects = [
        {**project, "project_id": f"P{number}", "started_on": on}
        for number, on in enumerate((date(2025, 6, 20), date(2026, 6, 3), date(2026, 9, 1)))
    ]
    needs = [
        {
            "month": date(year, month, 1),
            "role": "technisch",
            "needed_pt": 10 * (year - 2024),
            "available_pt": 5,
        }
        for year in (2025, 2026)
        for month in range(1, 13)
    ]
    rows = {"application_month": _months(), "booking": bookings, "project": projects, "capacity": needs}
    snapshot = small_city(tmp_path_factory.mktemp("laufend"), rows, catalog=catalog)
    yield lambda question: pivot(catalog, snapshot, question, scope=Scope.city())


def _of(found: Pivot, *columns: str) -> PivotCell:
    return found.cell((), columns)


def _by_month(**asked: Any) -> PivotQuestion:
    usual = {"show": "difference", "against": "previous_year", "between": MAY_AND_JUNE}
    return PivotQuestion("bestand:antrag", (FILED,), columns=("month",), **{**usual, **asked})


@pytest.mark.parametrize("against", ["previous_year", "previous_period"])
@pytest.mark.parametrize("show", ["difference", "index"])
def test_the_running_month_is_not_compared_and_says_so_and_whole_months_are(
    ask: Any, show: Any, against: Any
) -> None:
    found = ask(_by_month(show=show, against=against))
    assert _of(found, "2026-06") == REFUSED
    last = {"previous_year": 10, "previous_period": 12}[against]
    whole = _of(found, "2026-05")
    assert (whole.value, whole.base) == (12, last)
    # The total counts the running month, too.
    assert _of(found) == REFUSED


def test_beside_its_value_the_running_month_shows_no_other(ask: Any) -> None:
    found = ask(_by_month(show="value"))
    assert (_of(found, "2026-06").shown, _of(found, "2026-06").base) == (4, None)
    assert (_of(found, "2026-05").shown, _of(found, "2026-05").base) == (12, 10)


def test_a_year_until_today_is_not_compared_and_one_until_the_last_whole_month_is(ask: Any) -> None:
    question = replace(_by_month(), columns=("year",), between=(date(2026, 1, 1), date(2026, 6, 9)))
    assert _of(ask(question), "2026") == REFUSED
    whole = ask(replace(question, between=(date(2026, 1, 1), date(2026, 5, 31))))
    assert (_of(whole, "2026").shown, _of(whole).shown) == (10, 10)
    # Who names no time gets the whole months of the figure.
    plain = ask(replace(_by_month(), columns=(), between=None))
    assert _of(plain).state != "refused"


def test_a_share_of_a_running_month_is_not_compared_either(ask: Any) -> None:
    found = ask(replace(_by_month(), measures=(SHARE,)))
    assert _of(found, "2026-06") == REFUSED
    assert _of(found, "2026-05").shown == 0


def test_records_of_the_running_month_are_not_compared_with_a_whole_one(ask: Any) -> None:
    question = PivotQuestion(
        "liste:bookings", (PAID,), columns=("month",), show="difference", against="previous_year"
    )
    found = ask(question)
    assert _of(found, "2026-06") == REFUSED
    assert _of(found, "2026-05").shown == Decimal(150)


def test_records_of_part_of_a_month_are_compared_with_the_same_days(ask: Any) -> None:
    question = PivotQuestion(
        "liste:bookings",
        (PAID,),
        between=(date(2025, 6, 1), date(2025, 6, 10)),
        show="difference",
        against="previous_period",
    )
    found = ask(question)
    assert (_of(found).value, _of(found).base) == (Decimal(100), Decimal(50))
    assert "Verglichen mit 01.05.2025 bis 10.05.2025." in found.notes


def test_records_up_to_today_are_compared_with_the_same_days_of_the_year_before(ask: Any) -> None:
    question = PivotQuestion(
        "liste:bookings",
        (PAID,),
        columns=("month",),
        between=(date(2026, 5, 1), date(2026, 6, 9)),
        show="difference",
        against="previous_year",
    )
    found = ask(question)
    assert (_of(found, "2026-06").value, _of(found, "2026-06").base) == (Decimal(150), Decimal(100))
    assert (_of(found).value, _of(found).base) == (Decimal(350), Decimal(150))
    later = ask(replace(question, between=(date(2026, 5, 1), date(2026, 6, 30))))
    assert (_of(later, "2026-06"), _of(later, "2026-05").shown) == (REFUSED, Decimal(150))


@pytest.mark.parametrize("last", [date(2026, 6, 9), date(2026, 6, 30), date(2026, 12, 31)])
def test_plans_are_compared_whatever_span_is_looked_at(ask: Any, last: date) -> None:
    found = ask(
        PivotQuestion(
            "bestand:personentag",
            (Measure("capacity_needed_pt"),),
            columns=("month",),
            between=(date(2026, 5, 1), last),
            show="difference",
            against="previous_year",
        )
    )
    assert (_of(found, "2026-06").shown, _of(found, "2026-05").shown) == (10, 10)


def test_records_that_lie_ahead_are_all_there_and_are_compared(ask: Any) -> None:
    question = PivotQuestion(
        "liste:projects", (RECORDS,), columns=("month",), show="difference", against="previous_year"
    )
    assert _of(ask(question), "2026-06").shown == 0
    past = Filter("project_id", "not_in", ("P2",))
    assert _of(ask(replace(question, filters=(past,))), "2026-06") == REFUSED


def test_the_same_days_of_an_earlier_month_keep_to_its_end() -> None:
    assert shifted_by_day((date(2026, 3, 10), date(2026, 3, 30)), 1) == (date(2026, 2, 10), date(2026, 2, 28))
    assert shifted_by_day((date(2025, 2, 1), date(2025, 2, 28)), 12) == (date(2024, 2, 1), date(2024, 2, 29))
