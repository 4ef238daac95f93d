"""What a figure is cut by is said in German: no name of a column, no code of a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dashboard import dimension_words as naming
from dashboard import formats
from dashboard.cockpits.kennzahlen import present_value
from dashboard.components.origin import Origin, origin_drawer
from metrics.catalog import Catalog, load_catalog
from metrics.definition import PERIOD_YEAR
from metrics.result import Cell, MetricResult
from tests.services_city import words

CATALOG: Catalog = load_catalog(None)
NB = "\u00a0"
ANSWER = MetricResult(
    metric_id="reifegrad_reading_share", rows=(), by=(), between=None, snapshot="s",
    business_date=date(2026, 6, 9), as_of=datetime(2026, 6, 9, 1, 15, tzinfo=UTC), stale_sources=(),
    coverage=None, nature="beispiel",
)  # fmt: skip


def test_every_given_choice_of_the_catalogue_has_german_words() -> None:
    given = {
        (name, chosen)
        for metric in CATALOG.metrics.values()
        for name, chosen in metric.definition.choose_one.items()
        if chosen != PERIOD_YEAR
    }
    assert given, "the check below would find nothing"
    assert not [pair for pair in given if "_" in naming.dimension(pair[0]) + naming.value(pair[1])]


def test_a_cut_is_said_with_its_dimensions_and_values() -> None:
    assert naming.cut_words({"baustein": "eid", "themenfeld": "Bauen"}) == (
        "Portalbaustein: eID; Themenfeld: Bauen"
    )
    assert naming.cut_words({"lesart": ["nicht_uebertragbar", None]}) == (
        "Lesart: nicht übertragbar oder ohne Angabe"
    )
    assert naming.cut_words({}) == ""


def test_sentences_with_names_of_files_are_told_in_german() -> None:
    told = naming.without_codes("Neben reifegrad_modell „ozg_1_1“ beginnt „ozg_2_0“")
    assert told == (
        "Neben Reifegradmodell „Reifegradmodell des Bundes 1.1“ beginnt „Reifegradmodell des Bundes 2.0“"
    )
    assert naming.without_codes("Feld eigenes_feld bleibt") == "Feld eigenes_feld bleibt"


def test_a_range_is_never_said_as_its_lower_end() -> None:
    ends = {"lower": 0.461, "upper": 0.973}
    assert formats.told(0.461, "percent", 1, qualifier="spanne", **ends) == f"46,1{NB}% bis 97,3{NB}%"
    assert formats.told(0.461, "percent", 1, **ends) == f"46,1{NB}% (46,1{NB}% bis 97,3{NB}%)"
    assert formats.told(0.461, "percent", 1, lower=0.461, upper=0.461, qualifier="spanne") == f"46,1{NB}%"
    assert formats.told(12, "kg", qualifier="unvollständig") == f"12{NB}kg (unvollständig)"
    assert formats.told(600, "count", qualifier="rund") == "rund 600"
    assert formats.told(None, "count", qualifier="rund") == "–"


def test_catalogue_and_panel_say_both_ends_of_a_range() -> None:
    metric = CATALOG.metrics["reifegrad_reading_share"]
    cell = Cell(
        None, {}, 0.461, numerator=461, denominator=1000, lower=0.461, upper=0.973, qualifier="spanne"
    )
    answer = replace(ANSWER, rows=(cell,))
    value = present_value(metric, lambda _: answer, lambda _: "09.06.2026")
    assert value.text == f"46,1{NB}% bis 97,3{NB}%"
    origin = Origin(answer, metric.definition, None, ZoneInfo("Europe/Berlin"))
    panel = words(origin_drawer(origin, close_href="/"))
    assert "46,1 % bis 97,3 %" in panel
    assert "Teilen 46,1 % bis 97,3 % 461 ÷ 1.000" in panel
