"""What a figure is cut by is said in German: no name of a column, no code of a value."""

from __future__ import annotations

from dashboard import dimension_words as naming
from metrics.catalog import Catalog, load_catalog
from metrics.definition import PERIOD_YEAR

CATALOG: Catalog = load_catalog(None)


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
