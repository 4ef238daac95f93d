"""Figures and data sets are found by the words people use for them, and unrelated ones are not."""

from __future__ import annotations

import pytest

from dashboard.explorer.shelf import found_by
from dashboard.other_words import other_words
from metrics.catalog import load_catalog
from metrics.explore.catalog import dataset, datasets
from metrics.folding import fold

CATALOG = load_catalog(None)


def _found(word: str) -> set[str]:
    return {item.id for item in datasets(CATALOG) if fold(word) in fold(found_by(CATALOG, item))}


@pytest.mark.parametrize(
    ("word", "some", "other"),
    [
        ("Personal", {"bestand:stelle", "liste:posts", "liste:capacities"}, "liste:bookings"),
        ("Kosten", {"bestand:vorgang_entschieden", "bestand:haushaltsansatz", "liste:posts"}, "liste:goals"),
        ("Onlinedienste", {"bestand:einzelleistung_eigen", "liste:services"}, "liste:posts"),
        ("EfA", {"bestand:einzelleistung_weg", "liste:services"}, "liste:bookings"),
        ("Akte", {"bestand:papierakte", "bestand:dms_einheit", "liste:file_scans"}, "liste:bookings"),
        ("eAkte", {"bestand:papierakte", "bestand:dms_einheit"}, "liste:bookings"),
        ("Haushalt", {"bestand:haushaltsansatz", "bestand:deckungskreis", "liste:bookings"}, "liste:posts"),
        ("Durchlaufzeit", {"bestand:vorgang_entschieden", "bestand:projektschritt_beendet"}, "liste:goals"),
        ("Rückstand", {"bestand:vorgang_entschieden", "bestand:massnahme"}, "liste:bookings"),
    ],
)
def test_data_sets_are_found_by_other_words(word: str, some: set[str], other: str) -> None:
    found = _found(word)
    assert some <= found
    assert other not in found
    # A word that finds nearly everything is no help.
    assert len(found) < len(datasets(CATALOG)) / 3


def test_own_names_columns_and_numbers_find_a_data_set_as_before() -> None:
    budget = found_by(CATALOG, dataset(CATALOG, "bestand:haushaltsansatz"))
    for name in CATALOG.metrics:
        definition = CATALOG.metrics[name].definition
        if definition.population == "haushaltsansatz" and not definition.deprecated:
            assert definition.number in budget and definition.label in budget
    posts = found_by(CATALOG, dataset(CATALOG, "liste:posts"))
    assert "Kosten im Jahr" in posts and "kw ab" in posts
    assert _found("haushaltspos") == {"bestand:haushaltsansatz", "liste:budget_positions"}


def test_a_name_no_rule_fits_has_no_other_words() -> None:
    assert other_words("Themenfeld") == other_words("") == ""
    # Only whole words: an account of costs is no post.
    assert "Personal" not in other_words("Kostenstelle", "Fundstelle")
    assert "Personal" in other_words("Stellen des Stellenplans")
