"""What the explorer says: names, finished cells, titles, and sentences only where they are right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest

from dashboard import formats
from dashboard.cockpits.einheiten import Units
from dashboard.explorer.sentence import sentence_of
from dashboard.explorer.state import read_state
from dashboard.explorer.suggestion import suggested_chart
from dashboard.explorer.words import Words, cell_words, filter_words, title_of, unit_beside, unit_of
from metrics.catalog import Catalog, load_catalog
from metrics.explore.catalog import dataset, datasets
from metrics.explore.question import Filter, Measure, PivotQuestion, Top
from metrics.explore.result import Head, MeasureInfo, Pivot, PivotCell

DAY = date(2026, 6, 9)
OWN, SERVICES = "bestand:einzelleistung_eigen", "liste:services"
LEVELS, ONLINE = Measure("reifegrad_distribution", "numerator"), Measure("ozg_online_share")
UNITS = Units(
    levels={"FD63": "fachdienst"},
    parents={"FD63": None},
    names={"FD63": "FD 63 Bauaufsicht"},
    shorts={"FD63": "FD 63"},
)


@cache
def catalog() -> Catalog:
    """The shipped figures and lists."""
    return load_catalog(None)


def words(data: str = OWN, **choose: str) -> Words:
    """The words of a data set."""
    return Words(catalog(), dataset(catalog(), data), UNITS, MappingProxyType(choose))


def info(measure: Measure, data: str = OWN) -> MeasureInfo:
    """A measure as the catalogue says it."""
    return dataset(catalog(), data).measure(measure)


def pivot(question: PivotQuestion, rows: dict[str | None, Any], total: Any, **more: Any) -> Pivot:
    """An answer with one level of rows and one column."""
    cells = {((name,), (), 0): _cell(value) for name, value in rows.items()}
    heads = (*(Head((name,)) for name in rows), Head(()))
    data = dataset(catalog(), question.dataset)
    facts: dict[str, Any] = {"snapshot": "s", "business_date": DAY, "as_of": None, "stale_sources": ()}
    return Pivot(
        question=question,
        rows=heads,
        columns=(Head(()),),
        measures=tuple(data.measure(measure) for measure in question.measures),
        cells=cells | {((), (), 0): _cell(total)},
        nature="echt",
        **facts,
        **more,
    )


def _cell(value: Any) -> PivotCell:
    return value if isinstance(value, PivotCell) else PivotCell("value", value, value)


def test_without_parameters_it_opens_on_the_picture() -> None:
    state = read_state({}, catalog(), DAY)
    assert state.question.dataset == OWN and state.question.measures == (LEVELS,)
    assert (state.question.rows, state.question.columns) == (("themenfeld",), ("bucket",))
    assert title_of(state.question, words()) == "Reifegrade: Anzahl nach Themenfeld und Reifegrad"


def test_every_data_set_opens_on_a_question_of_its_own() -> None:
    for data in datasets(catalog()):
        question = read_state({"daten": data.id}, catalog(), DAY).question
        assert question.measures and title_of(question, words(data.id)), data.id
        said = words(data.id)
        labels = [said.field(field.name) for field in data.fields]
        assert all(labels) and len(set(labels)) == len(labels), (data.id, labels)


def test_fields_and_values_are_named_as_people_name_them() -> None:
    said = words()
    assert [said.field(name) for name in ("themenfeld", "fachdienst", "month", "bucket")] == [
        "Themenfeld",
        "Fachdienst",
        "Monat",
        "Reifegrad",
    ]
    assert (
        said.value("fachdienst", "FD63") == "FD 63 Bauaufsicht"
        and said.short("fachdienst", "FD63") == "FD 63"
    )
    assert said.value("month", "2025-11") == "Nov. 2025" and said.value("month", "2025-05") == "Mai 2025"
    assert (
        said.value("quarter", "2025-Q4") == "4. Quartal 2025" and said.short("quarter", "2025-Q4") == "Q4/25"
    )
    assert (
        said.value("bucket", "3") == "3 Online-Leistung"
        and said.value("bucket", "ohne") == "nicht eingestuft"
    )
    assert words(reifegrad_modell="ozg_2_0").value("bucket", "3") == "Stufe 3", "levels of another model"
    assert said.value("themenfeld", None) == "ohne Angabe"
    assert said.value("fachdienst", None) == "keinem Fachdienst zugeordnet"
    assert said.path(("themenfeld", "fachdienst"), ("Bauen", "FD63")) == "Bauen · FD 63 Bauaufsicht"
    of_list = words(SERVICES)
    assert of_list.field("month") == "Eingestuft am (Monat)" and of_list.value("eid", "true") == "ja"


@pytest.mark.parametrize(
    "strange", ["", "x", "2025-13", "2025-Q9", "-", "²025-01", "2025-²", "0000-01", "9" * 99]
)
def test_what_is_no_time_stays_as_it_is(strange: str) -> None:
    for name in ("year", "quarter", "month"):
        assert words().value(name, strange) == (strange or "ohne Angabe")


def test_cells_are_finished_texts() -> None:
    share, count = info(ONLINE), info(LEVELS)
    assert cell_words(share, PivotCell("value", 0.393, 0.393)) == "39,3\u00a0%"
    assert cell_words(count, PivotCell("value", 1557, 1557)) == "1.557"
    assert cell_words(count, PivotCell("value", 346, 0.2222), "row_share") == "22,2\u00a0%"
    assert cell_words(share, PivotCell("value", 0.4, 0.021), "difference") == "+2,1\u00a0Prozentpunkte"
    assert cell_words(count, PivotCell("value", 4, -15), "difference") == "\u221215"
    assert cell_words(count, PivotCell("value", 4, 104.3), "index") == "104"
    assert cell_words(count, PivotCell("empty")) == cell_words(count, PivotCell("refused", reason="x")) == "–"
    few = next(m.id for m in catalog().metrics.values() if m.definition.least_cases)
    hidden = formats.hidden(catalog().metric(few).definition)
    assert words().cell(replace(count, metric=few), PivotCell("suppressed")) == hidden != "geschützt"
    assert words().cell(replace(count, metric=None), PivotCell("suppressed")) == "geschützt"


def test_units_are_said_for_what_is_shown() -> None:
    share, count = info(ONLINE), info(LEVELS)
    assert [unit_of(share), unit_of(share, "difference"), unit_of(share, "index")] == [
        "%",
        "Prozentpunkte",
        "Index, Vergleich = 100",
    ]
    assert [unit_of(count), unit_of(count, "row_share")] == ["Anzahl", "%"]
    for data in datasets(catalog()):
        assert all(isinstance(unit_of(item), str) for item in data.measures)


def test_titles_say_what_is_compared_with_what() -> None:
    question = PivotQuestion(OWN, (ONLINE,), rows=("themenfeld", "fachdienst"))
    assert title_of(question, words()) == "Online ab Reifegrad 3 nach Themenfeld und Fachdienst"
    changed = replace(question, show="difference", against="previous_year")
    assert title_of(changed, words()).endswith(", Differenz gegenüber dem Vorjahr")
    member = replace(question, rows=("fachdienst",), show="index", against="member", against_member="FD63")
    assert title_of(member, words()).endswith("nach Fachdienst, Index gegenüber FD 63 Bauaufsicht")
    assert title_of(replace(question, rows=()), words()) == "Online ab Reifegrad 3 insgesamt"


def test_filters_are_one_line_with_every_condition() -> None:
    question = PivotQuestion(
        OWN,
        (ONLINE,),
        filters=(
            Filter("fachdienst", "not_in", ("FD63",)),
            Filter("quarter", "between", ("2025-Q1", "")),
            Filter("themenfeld", "in", ("Bauen", None, "Umwelt")),
            Filter("themenfeld", "contains", ("au",)),
        ),
        between=(date(2025, 1, 1), date(2025, 12, 31)),
        at=date(2026, 3, 31),
        choose={"reifegrad_modell": "ozg_2_0"},
        top=Top(10),
    )
    assert filter_words(question, words()) == (
        "Fachdienst: ohne FD 63 Bauaufsicht; Quartal: ab 1. Quartal 2025; "
        "Themenfeld: Bauen, ohne Angabe oder Umwelt; Themenfeld enthält „au“; "
        "Reifegradmodell: Reifegradmodell des Bundes 2.0; Zeitraum 01.01.2025–31.12.2025; "
        "Stichtag 31.03.2026; nur die 10 größten"
    )
    assert "Themenfeld: Bauen und 2 weitere" in filter_words(question, words(), most=1)
    assert filter_words(PivotQuestion(OWN, (ONLINE,)), words()) == ""


COUNTS = PivotQuestion(OWN, (LEVELS,), rows=("themenfeld",))
NEUTRAL = "Reifegrade: Anzahl nach Themenfeld"


def test_the_largest_part_is_said_where_the_parts_make_the_whole() -> None:
    said = sentence_of(pivot(COUNTS, {"Bauen & Wohnen": 346, "Umwelt": 211, None: 0}, 557), words())
    assert said == "Bauen & Wohnen hat die meisten: 346 von 557 Einzelleistungen in eigener Zuständigkeit."
    records = PivotQuestion(SERVICES, (Measure("*", "count"),), rows=("fachdienst",))
    said = sentence_of(pivot(records, {"FD63": 3, "FD50": 2}, 5), words(SERVICES))
    assert said == "FD 63 Bauaufsicht hat die meisten: 3 von 5 Einzelleistungen."
    shares = replace(COUNTS, measures=(ONLINE,))
    said = sentence_of(pivot(shares, {"Bildung": 0.574, "Umwelt": 0.4}, 0.393), words())
    assert said == "Bildung hat den höchsten Wert: 57,4\u00a0%, insgesamt 39,3\u00a0%."


@pytest.mark.parametrize(
    ("rows", "total", "change"),
    [
        ({"a": 3, "b": 3}, 6, {}),
        ({"a": 3, "b": 2}, 7, {}),
        ({"a": 3}, 3, {}),
        ({None: 9, "b": 2}, 11, {}),
        ({"a": 3, "b": -1}, 2, {}),
        ({"a": 3, "b": PivotCell("suppressed")}, 5, {}),
        ({"a": 3, "b": PivotCell("refused")}, 5, {}),
        ({"a": 3, "b": 2}, PivotCell("refused"), {}),
        ({"a": 3, "b": 2}, 5, {"hidden_rows": 1}),
        ({"a": 3, "b": PivotCell("empty")}, 3, {}),
        ({}, 0, {}),
    ],
)
def test_where_it_may_be_wrong_only_the_title_is_said(rows: Any, total: Any, change: Any) -> None:
    assert sentence_of(pivot(COUNTS, rows, total, **change), words()) == NEUTRAL


def test_shares_that_read_the_same_have_no_first() -> None:
    shares = replace(COUNTS, measures=(ONLINE,))
    assert sentence_of(pivot(shares, {"a": 0.40001, "b": 0.40002}, 0.4), words()) == title_of(shares, words())


def test_other_ways_to_show_and_axes_of_time_get_the_title() -> None:
    for change in ({"show": "row_share"}, {"top": Top(3)}, {"rows": ("month",)}, {"rows": ("bucket",)}):
        question = replace(COUNTS, **change)
        found = pivot(question, {"2025-11": 3, "2025-12": 2}, 5)
        assert sentence_of(found, words()) == title_of(question, words())


@pytest.mark.parametrize(
    ("rows", "columns", "measures", "members", "chart"),
    [
        (("month",), (), (LEVELS,), None, "linie"),
        (("themenfeld",), (), (LEVELS,), None, "balken"),
        ((), (), (LEVELS,), None, "balken"),
        (("themenfeld",), ("bucket",), (LEVELS,), None, "gestapelt"),
        (("themenfeld",), ("fachdienst",), (ONLINE,), None, "kacheln"),
        (("themenfeld",), ("month",), (ONLINE,), 14, "kacheln"),
        (("themenfeld",), ("month",), (ONLINE,), 4, "linie"),
        (("themenfeld",), (), (ONLINE, Measure("ozg_online_share", "denominator")), None, "punkte"),
    ],
)
def test_a_chart_is_suggested_with_a_reason(
    rows: Any, columns: Any, measures: Any, members: int | None, chart: str
) -> None:
    question = PivotQuestion(OWN, measures, rows=rows, columns=columns)
    found, why = suggested_chart(question, datasets(catalog()), members=members)
    assert found == chart
    # One plain sentence: nothing is announced by a colon, nothing follows.
    assert why.endswith(".") and why.count(".") == 1 and ":" not in why


def test_no_list_opens_on_its_key_because_that_would_be_one_record_each() -> None:
    opened = {
        data.id: read_state({"daten": data.id}, catalog(), DAY).question for data in datasets(catalog())
    }
    for data in datasets(catalog()):
        if data.kind == "liste":
            assert opened[data.id].rows and opened[data.id].rows != data.key, data.id
    assert opened["liste:bundles"].rows == ("themenfeld",)
    assert opened["liste:effect_book"].rows == ("perspective",)


def test_the_time_of_a_column_called_month_is_just_year_quarter_and_month() -> None:
    said = words("liste:solution_costs")
    assert [said.field(name) for name in ("year", "quarter", "month")] == ["Jahr", "Quartal", "Monat"]
    assert words(SERVICES).field("year") == "Eingestuft am (Jahr)"


def test_a_unit_that_a_name_says_already_is_not_said_twice() -> None:
    data = next(item for item in datasets(catalog()) if "compliance_effort_hours" in item.metrics)
    hours = info(Measure("compliance_effort_hours"), data.id)
    assert (hours.short, unit_of(hours)) == ("Aufwand (Stunden)", "Stunden")
    assert unit_beside(hours.short, hours) == ""
    assert unit_beside("Aufwand", hours) == "Stunden"


def test_times_of_every_date_of_a_list_are_named_by_their_column() -> None:
    said = words("liste:projects_running")
    assert said.field("planned_on_quarter") == "Abschluss geplant (Quartal)"
    assert said.field("year") == "im Schritt seit (Jahr)"
    assert said.value("planned_on_quarter", "2026-Q3") == "3. Quartal 2026"
    assert said.short("planned_on_quarter", "2026-Q3") == "Q3/26"
    assert said.value("planned_on_month", None) == "ohne Angabe"
