"""Texts fold the same way in Python and in the database, whatever people type."""

from __future__ import annotations

import unicodedata

import duckdb
import pytest

from metrics.folding import LONGEST, MOST_WORDS, fold, folded, words_of

TEXTS = (
    "Straße",
    "ÄNDERUNG",
    "Öl und Übung",
    "Café-Größe",
    "GROẞ",
    "LeiKa 99012008001000",
    "",
    "ñandú",
    "%_*",
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Änderung", "aenderung"),
        ("ÜBER", "ueber"),
        ("Café", "cafe"),
        ("OZG-01", "ozg-01"),
    ],
)
def test_umlauts_sharp_s_case_and_accents_make_no_difference(typed: str, found: str) -> None:
    assert fold(typed) == found


def test_letters_put_together_from_two_signs_fold_like_single_ones() -> None:
    assert fold(unicodedata.normalize("NFD", "Größe")) == fold("Größe") == "groesse"


@pytest.mark.parametrize("text", [*TEXTS, unicodedata.normalize("NFD", "Größe")])
def test_the_database_folds_like_python(text: str) -> None:
    ((answer,),) = duckdb.connect().execute(f"SELECT {folded('?')}", [text]).fetchall()
    assert answer == fold(text)


def test_a_search_is_cut_to_what_it_takes() -> None:
    assert len(words_of("wort " * 50)) == MOST_WORDS
    assert sum(map(len, words_of("x" * 5000))) == LONGEST
    assert words_of("a\0b \ud800c") == ("a", "b", "c")
    assert words_of("   ") == ()
