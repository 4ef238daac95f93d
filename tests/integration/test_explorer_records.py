"""Records behind figures of a span of time: those of the span, or all of them and a sentence that says so."""

from __future__ import annotations

import pytest

from metrics.explore.listing import ALL_TIMES, listing
from metrics.explore.question import Measure, PivotQuestion
from metrics.explore.whole import Whole
from metrics.records import Records
from metrics.result import Scope
from tests.example_city import ExampleCity


def _behind(city: ExampleCity, data: str, metric: str) -> Records:
    question = PivotQuestion(data, (Measure(metric),))
    found = listing(Whole.of(city.catalog, city.snapshot, question, Scope.city(), None))
    assert isinstance(found, Records)
    return found


@pytest.mark.parametrize(
    ("data", "metric"),
    [
        ("bestand:projektschritt_beendet", "ozg_project_step_days"),
        ("bestand:haushaltsansatz", "budget_plan_month_eur"),
        ("bestand:haushaltsansatz", "budget_forecast_month_eur"),
    ],
)
def test_records_whose_days_are_others_than_those_of_the_figure_are_told_to_be_of_all_times(
    example_city: ExampleCity, data: str, metric: str
) -> None:
    found = _behind(example_city, data, metric)
    assert found.total > 0 and ALL_TIMES in found.notes


@pytest.mark.parametrize(
    ("data", "metric"),
    [
        ("bestand:einzelleistung_eigen", "ozg_new_online_count"),
        ("bestand:antrag", "application_channel_count"),
        ("bestand:haushaltsansatz", "budget_ist_month_eur"),
    ],
)
def test_records_of_what_happened_are_those_of_the_span(
    example_city: ExampleCity, data: str, metric: str
) -> None:
    found = _behind(example_city, data, metric)
    assert found.total > 0 and ALL_TIMES not in found.notes


def test_as_many_services_are_listed_as_are_counted_new_online(example_city: ExampleCity) -> None:
    counted = example_city.value("ozg_new_online_count")
    assert _behind(example_city, "bestand:einzelleistung_eigen", "ozg_new_online_count").total == counted
