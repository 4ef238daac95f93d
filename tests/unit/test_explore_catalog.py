"""What the explorer offers: data sets, fields and measures as the catalogue has them, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from metrics.catalog import Catalog, load_catalog
from metrics.explore.catalog import dataset, datasets
from metrics.explore.check import checked
from metrics.explore.narrow import chosen, natural
from metrics.explore.question import COUNT, Filter, Measure, PivotQuestion, Top
from metrics.explore.span import days_of, shifted, stands
from warehouse.errors import ConfigError

CATALOG = load_catalog(None)
ONLINE, SERVICES = "bestand:einzelleistung_eigen", "liste:services"
SHARE = Measure("ozg_online_share")
PLAIN = PivotQuestion(ONLINE, (SHARE,))
PAYLOADS = (
    "themenfeld; DROP TABLE core.service",
    'themenfeld" FROM core.service --',
    "1=1 OR 1",
    "' UNION SELECT name FROM core.org_unit --",
    "org_unit_id)",
    "",
)


def code_of(question: PivotQuestion, catalog: Catalog = CATALOG) -> str:
    with pytest.raises(ConfigError) as told:
        checked(catalog, question)
    return told.value.code


def test_every_figure_in_use_is_offered_once_and_a_deprecated_one_is_not() -> None:
    offered = [metric for item in datasets(CATALOG) for metric in item.metrics]
    in_use = [m.id for m in CATALOG.metrics.values() if not m.definition.deprecated]
    assert sorted(offered) == sorted(in_use)

    metric = CATALOG.metrics["ozg_online_share"]
    old = replace(metric, definition=metric.definition.model_copy(update={"deprecated": True}))
    without = replace(CATALOG, metrics={**CATALOG.metrics, metric.id: old})
    assert metric.id not in dataset(without, ONLINE).metrics
    assert metric.id in dataset(CATALOG, ONLINE).metrics


def test_a_data_set_has_the_fields_of_its_figures_and_says_which_figure_knows_which() -> None:
    fields = {field.name: field for field in dataset(CATALOG, ONLINE).fields}
    assert {"dezernat", "fachdienst", "org_unit_id", "themenfeld", "bucket", "month"} <= fields.keys()
    assert fields["lesart"].metrics == ("reifegrad_reading_share",)
    assert "ozg_online_share" in fields["themenfeld"].metrics
    assert fields["bucket"].metrics == ("reifegrad_distribution", "reifegrad_range_distribution")
    assert (fields["quarter"].kind, fields["quarter"].level_of) == ("time", "time")
    assert (fields["fachdienst"].kind, fields["fachdienst"].level_of) == ("unit", "organisation")
    yearly = dataset(CATALOG, "bestand:haushalt_staedte").fields
    assert [f.name for f in yearly if f.kind == "time"] == ["year"]


def test_a_share_offers_what_it_is_made_of_in_the_words_of_its_header() -> None:
    data = dataset(CATALOG, ONLINE)
    header = CATALOG.metrics["ozg_online_share"].definition
    assert data.measure(SHARE).label == header.label
    assert data.measure(Measure("ozg_online_share", "numerator")).label == header.numerator_text
    assert data.measure(Measure("ozg_online_share", "denominator")).label == header.denominator_text
    assert data.measure(Measure("reifegrad_distribution", "numerator")).label.endswith("Anzahl")
    assert data.measure(Measure("ozg_online_share", "numerator")).unit == "count"
    money = dataset(CATALOG, "bestand:haushaltsansatz")
    assert money.measure(Measure("budget_use_share", "numerator")).unit == "eur"


def test_a_list_counts_its_records_and_adds_up_only_what_its_header_says_adds_up() -> None:
    data = dataset(CATALOG, SERVICES)
    assert [info.measure for info in data.measures] == [
        Measure(COUNT, "count"),
        Measure("cases_per_year", "sum"),
    ]
    assert data.field("reifegrad").kind == "number"
    assert data.field("epayment").kind == "boolean"
    assert data.date_column == "assessed_on"
    assert dataset(CATALOG, "liste:bookings").measure(Measure("amount_eur", "sum")).unit == "eur"


def test_figures_of_another_population_are_refused_by_name() -> None:
    beside = replace(PLAIN, measures=(SHARE, Measure("application_channel_count")))
    with pytest.raises(ConfigError, match=r"Fallzahlen nach Kanal.*andere Grundgesamtheit") as told:
        checked(CATALOG, beside)
    assert told.value.code == "other_population"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_i1_names_of_data_sets_figures_fields_and_filters_are_looked_up_and_never_read(payload: str) -> None:
    assert code_of(replace(PLAIN, dataset=payload)) == "unknown_dataset"
    assert code_of(replace(PLAIN, dataset=f"liste:{payload}")) == "unknown_dataset"
    assert code_of(replace(PLAIN, measures=(Measure(payload),))) == "unknown_measure"
    assert code_of(replace(PLAIN, measures=(Measure("ozg_online_share", payload),))) == "bad_question"  # type: ignore[arg-type]
    assert code_of(replace(PLAIN, rows=(payload,))) == "unknown_dimension"
    assert code_of(replace(PLAIN, columns=(payload,))) == "unknown_dimension"
    assert code_of(replace(PLAIN, filters=(Filter(payload, "in", ("x",)),))) == "unknown_dimension"
    assert code_of(replace(PLAIN, filters=(Filter("themenfeld", payload, ("x",)),))) == "bad_question"  # type: ignore[arg-type]
    assert code_of(replace(PLAIN, choose={payload: "x"})) == "unknown_dimension"
    listed = PivotQuestion(SERVICES, (Measure(COUNT, "count"),))
    assert code_of(replace(listed, measures=(Measure(payload, "sum"),))) == "unknown_measure"
    assert code_of(replace(listed, rows=(payload,))) == "unknown_dimension"
    if payload:
        assert code_of(replace(PLAIN, order=payload)) == "bad_question"
        assert code_of(replace(PLAIN, show=payload)) == "bad_question"  # type: ignore[arg-type]
        assert code_of(replace(PLAIN, against=payload)) == "bad_question"  # type: ignore[arg-type]


def test_questions_that_do_not_fit_together_are_refused_with_a_reason() -> None:
    assert code_of(replace(PLAIN, measures=())) == "no_measure"
    assert code_of(replace(PLAIN, rows=("dezernat", "fachdienst", "themenfeld", "month"))) == "too_many"
    assert code_of(replace(PLAIN, rows=("themenfeld",), columns=("themenfeld",))) == "duplicate_field"
    assert code_of(replace(PLAIN, rows=("lesart",))) == "unknown_dimension"
    assert code_of(replace(PLAIN, show="difference")) == "bad_question"
    assert code_of(replace(PLAIN, top=Top(3))) == "bad_question"
    assert code_of(replace(PLAIN, filters=(Filter("themenfeld", "between", ("a",)),))) == "bad_filter"
    assert code_of(replace(PLAIN, filters=(Filter("month", "contains", ("2025",)),))) == "bad_filter"
    five = [metric for metric in dataset(CATALOG, ONLINE).metrics if metric != "process_documented_share"][:5]
    assert code_of(replace(PLAIN, measures=tuple(Measure(metric) for metric in five))) == "too_many"


def test_a_mistyped_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="Meinten Sie „bestand:einzelleistung_eigen“"):
        dataset(CATALOG, "bestand:einzelleistung_eigne")
    with pytest.raises(ConfigError, match="Meinten Sie „themenfeld“"):
        checked(CATALOG, replace(PLAIN, rows=("themenfel",)))


def test_an_axis_of_time_shows_whole_lengths_of_the_time_everybody_means() -> None:
    stock, flow = (CATALOG.metrics[m].definition for m in ("ozg_online_share", "application_channel_count"))
    today = date(2026, 6, 9)

    def days(*names: str, flows: bool = False) -> tuple[date, date] | None:
        return days_of(replace(PLAIN, columns=names), [flow if flows else stock], today)

    assert days("month") == (date(2025, 7, 1), today)
    assert days("month", flows=True) == (date(2025, 6, 1), date(2026, 5, 31))
    assert days("quarter", flows=True) == (date(2024, 7, 1), date(2026, 5, 31))
    assert days("year") == (date(2022, 1, 1), today)
    assert days("year", "month") == (date(2025, 1, 1), today)
    assert days() is None


def test_a_filter_of_time_is_a_span_and_one_with_a_gap_is_refused() -> None:
    flow, today = CATALOG.metrics["application_channel_count"].definition, date(2026, 6, 9)

    def days(op: str, *values: str) -> tuple[date, date] | None:
        asked = Filter("quarter", op, values)  # type: ignore[arg-type]
        return days_of(replace(PLAIN, filters=(asked,)), [flow], today)

    assert days("in", "2025-Q4") == (date(2025, 10, 1), date(2025, 12, 31))
    assert days("in", "2026-Q1", "2025-Q4") == (date(2025, 10, 1), date(2026, 3, 31))
    assert days("between", "2025-Q1", "2025-Q3") == (date(2025, 1, 1), date(2025, 9, 30))
    for wrong in (("in", "2025-Q1", "2025-Q3"), ("in", "2025-Q9"), ("in", "x' OR 1=1"), ("between", "", "")):
        with pytest.raises(ConfigError):
            days(*wrong)
    with pytest.raises(ConfigError, match="mehr Abschnitte"):
        span = date(2010, 1, 1), date(2026, 1, 1)
        days_of(replace(PLAIN, columns=("month",), between=span), [flow], today)


def test_a_stock_is_read_at_the_end_of_each_length_of_time_and_today_in_the_present_one() -> None:
    span, today = (date(2025, 10, 1), date(2026, 6, 9)), date(2026, 6, 9)
    read = {item.member: item.period for item in stands("quarter", span, "month", None, today)}
    assert read == {
        "2025-Q4": date(2025, 12, 1),
        "2026-Q1": date(2026, 3, 1),
        "2026-Q2": date(2026, 6, 1),
    }
    earlier = stands("quarter", span, "month", date(2026, 4, 15), today)
    assert [item.member for item in earlier] == ["2025-Q4", "2026-Q1"]
    assert shifted(span, 12) == (date(2024, 10, 1), date(2025, 6, 30))


def test_filters_compare_numbers_as_numbers_and_find_words_people_read() -> None:
    values = [None, "1", "2", "10", "x"]
    assert chosen(Filter("f", "between", ("2", "")), lambda: values, None) == ["2", "10", "x"]
    assert chosen(Filter("f", "between", ("", "9")), lambda: values[:4], None) == ["1", "2"]
    assert chosen(Filter("f", "not_in", (None, "x")), lambda: values, None) == ["1", "2", "10"]
    named = {"1": "Straßenbau", "2": "Übergabe"}
    words = lambda field, value: named.get(value or "", "")  # noqa: E731
    assert chosen(Filter("f", "contains", ("STRASSE",)), lambda: values, words) == ["1"]
    assert sorted(["FD 10", "Zoo", "FD 9", "Ähre"], key=natural) == ["Ähre", "FD 9", "FD 10", "Zoo"]


def test_steps_and_states_know_the_order_of_their_procedure() -> None:
    steps = ("pruefung", "aufnahme", "optimierung", "umsetzung", "test")
    assert dataset(CATALOG, "liste:projects_running").field("step").sequence == steps
    assert dataset(CATALOG, "bestand:projektschritt_beendet").field("step").sequence == steps
    assert dataset(CATALOG, "bestand:umsetzungsprojekt_laufend").field("bucket").sequence == steps
    states = dataset(CATALOG, "bestand:massnahme").field("bucket").sequence
    assert states == dataset(CATALOG, "liste:measures").field("state").sequence
    assert states.index("geplant") < states.index("in_arbeit") < states.index("abgeschlossen")
    assert dataset(CATALOG, ONLINE).field("themenfeld").sequence == ()
    assert dataset(CATALOG, "bestand:antrag").field("channel").sequence == ()


def test_data_sets_are_in_the_order_of_a_german_dictionary() -> None:
    titles = [item.title for item in datasets(CATALOG) if item.kind == "liste"]
    assert titles.index("Änderungen der Einstufung") < titles.index("Buchungen")


def test_every_date_of_a_list_can_be_asked_for_and_the_names_in_old_addresses_mean_what_they_meant() -> None:
    running = dataset(CATALOG, "liste:projects_running")
    times = [item.name for item in running.fields if item.kind == "time"]
    assert times[:3] == ["year", "quarter", "month"] and running.date_column == "step_since"
    assert {"planned_on_year", "planned_on_quarter", "started_on_month"} <= set(times)
    assert running.field("planned_on_year").label == "Abschluss geplant"
    assert "step_since_year" not in times, "that is „year“"

    asked = PivotQuestion(running.id, (Measure(COUNT, "count"),), rows=("planned_on_year",))
    for filtered in (
        Filter("planned_on_quarter", "in", ("2026-Q1", None)),
        Filter("planned_on_month", "between", ("", "2026-05")),
    ):
        checked(CATALOG, replace(asked, filters=(filtered,)))
    assert code_of(replace(asked, rows=("planned_on_jahr",))) == "unknown_dimension"
    assert code_of(replace(asked, rows=("title_year",))) == "unknown_dimension"
    for op, value in (("in", "2026"), ("in", "x' OR 1=1"), ("in", "2026-13")):
        wrong = Filter("planned_on_month", op, (value,))  # type: ignore[arg-type]
        assert code_of(replace(asked, filters=(wrong,))) == "bad_period"
    assert code_of(replace(asked, filters=(Filter("planned_on_year", "contains", ("20",)),))) == "bad_filter"
