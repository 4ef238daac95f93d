"""What stands first in the search, and that nothing typed is ever a pattern."""

from __future__ import annotations

import pytest

from dashboard.search.index import FIGURES, KINDS, MEASURES, PAGES, SERVICES
from dashboard.search.ranking import MOST, Entry, entry, find

INDEX = (
    entry(PAGES, "Maßnahmen & Projekte", "Seite", "/massnahmen"),
    entry(
        FIGURES,
        "Leistungen online (ab Reifegrad 3)",
        "OZG-01",
        "/1",
        codes=["OZG-01"],
        more="Wie viel ist da?",
    ),
    entry(
        FIGURES, "Maßnahmen überfällig", "MAS-02", "/2", codes=["MAS-02"], more="Welcher Anteil ist zu spät?"
    ),
    entry(SERVICES, "Baugenehmigung Erteilung", "MS-1", "/3", codes=["MS-1", "99012008001000"]),
    entry(SERVICES, "Abbruchgenehmigung Erteilung", "MS-2", "/4", codes=["MS-2"]),
    entry(SERVICES, "Straßenverkehr: Änderung", "MS-3", "/5", codes=["MS-3"]),
    entry(MEASURES, "Genehmigung online stellen", "M-7", "/6", codes=["M-7"]),
)


def titles(text: str, index: tuple[Entry, ...] = INDEX) -> list[str]:
    return [item.title for item in find(index, text, KINDS).shown]


@pytest.mark.parametrize("typed", ["OZG-01", "ozg-01", "ozg 01", "ozg01", "OZG"])
def test_a_number_finds_its_figure_however_it_is_written(typed: str) -> None:
    assert titles(typed) == ["Leistungen online (ab Reifegrad 3)"]


def test_a_leika_key_finds_its_service_by_its_beginning() -> None:
    assert titles("99012008") == ["Baugenehmigung Erteilung"]


@pytest.mark.parametrize("typed", ["strassenverkehr", "STRASSEN aenderung", "Straßen Änd", "straßenverkehr"])
def test_umlauts_and_sharp_s_are_found_in_every_spelling(typed: str) -> None:
    assert titles(typed) == ["Straßenverkehr: Änderung"]


def test_the_beginning_of_a_title_comes_before_a_part_of_a_long_word() -> None:
    found = titles("genehmigung")
    assert found[:2] == ["Baugenehmigung Erteilung", "Abbruchgenehmigung Erteilung"], "kinds keep their order"
    same_kind = (INDEX[4], entry(SERVICES, "Genehmigung allgemein", "x", "/7"))
    assert titles("genehmigung", same_kind) == ["Genehmigung allgemein", "Abbruchgenehmigung Erteilung"]


def test_every_word_has_to_occur() -> None:
    assert titles("genehmigung online") == ["Genehmigung online stellen"]
    assert titles("genehmigung zoo") == []


def test_two_letters_do_not_search_inside_words() -> None:
    assert titles("ng") == []
    assert titles("ba") == ["Baugenehmigung Erteilung"]


def test_the_question_of_a_figure_is_searched_but_counts_least() -> None:
    assert titles("spät") == ["Maßnahmen überfällig"]


@pytest.mark.parametrize(
    "typed", [".*", "(", "[a-z]+", "\\", "%", "_", "*", "'; DROP TABLE x", "", "   ", "\0"]
)
def test_signs_are_signs_and_never_a_pattern(typed: str) -> None:
    assert titles(typed) == []


def test_no_kind_crowds_out_the_others_and_twelve_are_enough() -> None:
    many = tuple(entry(SERVICES, f"Wohngeld {n}", "", f"/{n}") for n in range(50))
    others = (entry(MEASURES, "Antrag auf Wohngeld", "", "/m"), entry(PAGES, "Wohngeld", "", "/p"))
    found = find((*many, *others), "wohngeld", KINDS)
    assert len(found.shown) == MOST
    assert found.total == 52
    assert [item.kind for item in found.shown] == [PAGES, *[SERVICES] * 10, MEASURES]


def test_long_titles_are_cut_for_the_list() -> None:
    assert len(entry(SERVICES, "x" * 500, "", "/").title) == 90
