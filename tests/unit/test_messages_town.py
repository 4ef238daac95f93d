"""Sentences of a town's own cockpits, over the edges: no target, no value, one, many, too long."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dashboard import messages_town as words
from dashboard.messages_town import LONGEST_SENTENCE, LONGEST_TITLE, Standing
from dashboard.sentence import Sentence
from metrics.result import Rating


def tile(rating: Rating, label: str = "Dauer", *, known: bool = True) -> Standing:
    return Standing(label, "34 Tage", "" if rating == "neu" else "Soll höchstens 30 Tage", rating, known)


def test_without_tiles_the_question_of_the_page_stands_there() -> None:
    assert words.situation([], "Was bleibt liegen?") == Sentence("Was bleibt liegen?")


def test_without_values_nothing_is_claimed() -> None:
    found = words.situation([tile("neu", known=False)], "Was bleibt liegen?")
    assert found == Sentence("Noch keine Werte.", "Was bleibt liegen?")


def test_without_targets_the_first_figure_is_told_as_it_is() -> None:
    found = words.situation([tile("neu"), tile("neu", "Anträge")], "?")
    assert found == Sentence("Dauer: 34 Tage.", "Ein Soll ist nicht vereinbart.")


@pytest.mark.parametrize(
    ("ratings", "bold"),
    [
        (["gut"], "Die Kennzahl mit Soll ist im Plan."),
        (["warn", "neu"], "Die Kennzahl mit Soll ist zu beobachten."),
        (["krit"], "Bei der Kennzahl mit Soll ist zu handeln."),
        (["gut", "gut", "neu"], "Alle 2 Kennzahlen mit Soll sind im Plan."),
        (["gut", "warn"], "1 von 2 Kennzahlen mit Soll ist im Plan, 1 zu beobachten."),
        (["gut", "gut", "krit"], "2 von 3 Kennzahlen mit Soll sind im Plan, bei 1 ist zu handeln."),
        (
            ["warn", "krit"],
            "Keine der 2 Kennzahlen mit Soll ist im Plan, 1 zu beobachten, bei 1 ist zu handeln.",
        ),
    ],
)
def test_the_ratings_are_counted_in_correct_german(ratings: list[Rating], bold: str) -> None:
    assert words.situation([tile(rating) for rating in ratings], "?").bold == bold


def test_the_most_urgent_figure_is_named_whatever_its_place() -> None:
    found = words.situation([tile("warn", "A"), tile("krit", "B"), tile("gut", "C")], "?")
    assert found.rest == "B: 34 Tage, Soll höchstens 30 Tage."


def test_a_sentence_never_grows_beyond_its_room() -> None:
    found = words.situation([tile("warn", "x" * 120), tile("gut")], "?")
    assert found.rest == "" and len(found.bold) < LONGEST_SENTENCE


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (None, "Anträge"),
        (Fraction(41, 1000), "4,1\u00a0% mehr als im Vorjahr"),
        (Fraction(-1, 8), "12,5\u00a0% weniger als im Vorjahr"),
        (Fraction(0), "Anträge: wie im Vorjahr"),
        (Fraction(1, 10_000), "Anträge: wie im Vorjahr"),
    ],
)
def test_a_change_is_told_only_where_it_is_visible(change: Fraction | None, title: str) -> None:
    assert words.change_to_last_year(change, "Anträge") == title


@pytest.mark.parametrize(
    ("good", "rated", "title"),
    [
        (0, 0, "Neutral"),
        (1, 1, "Neutral"),
        (12, 12, "In allen 12 Monaten im Plan"),
        (0, 12, "In keinem von 12 Monaten im Plan"),
        (9, 12, "In 9 von 12 Monaten im Plan"),
    ],
)
def test_months_in_plan(good: int, rated: int, title: str) -> None:
    assert words.months_in_plan(good, rated, "Neutral") == title


@pytest.mark.parametrize(
    ("good", "rated", "lower", "title"),
    [
        (0, 0, False, "Neutral"),
        (1, 1, True, "Neutral"),
        (5, 5, False, "Alle 5 erreichen das Soll"),
        (5, 5, True, "Alle 5 halten das Soll ein"),
        (0, 5, True, "Keiner von 5 Werten hält das Soll ein"),
        (1, 5, True, "1 von 5 hält das Soll ein"),
        (1, 5, False, "1 von 5 erreicht das Soll"),
        (3, 5, False, "3 von 5 erreichen das Soll"),
    ],
)
def test_rows_in_plan(good: int, rated: int, lower: bool, title: str) -> None:
    assert words.rows_in_plan(good, rated, lower, "Neutral") == title


@pytest.mark.parametrize(
    ("rating", "lower", "title"),
    [
        ("neu", True, "Neutral"),
        ("gut", True, "Zuletzt wurde das Soll eingehalten"),
        ("warn", True, "Zuletzt wurde das Soll nicht eingehalten"),
        ("gut", False, "Zuletzt wurde das Soll erreicht"),
        ("krit", False, "Zuletzt wurde das Soll nicht erreicht"),
    ],
)
def test_a_course_is_read_in_the_direction_that_is_better(rating: Rating, lower: bool, title: str) -> None:
    assert words.course(rating, lower, "Neutral") == title


def test_small_courses_are_compared_only_from_two_on() -> None:
    assert words.risen(1, 0, 1, "Neutral") == "Neutral"
    assert words.risen(2, 0, 2, "Neutral") == "Alle 2 höher als vor einem Jahr"
    assert words.risen(0, 3, 3, "Neutral") == "Alle 3 niedriger als vor einem Jahr"
    assert words.risen(1, 3, 5, "Neutral") == "3 von 5 niedriger als vor einem Jahr"
    assert words.risen(0, 0, 4, "Neutral") == "Neutral"


def test_a_message_without_room_gives_way_to_the_neutral_title() -> None:
    assert words.largest("x" * LONGEST_TITLE, 0.5, "Neutral") == "Neutral"
    assert words.largest("Meldewesen", 0.372, "Neutral") == "Größter Anteil: Meldewesen mit 37\u00a0%"
    assert words.largest(None, None, "Neutral") == "Neutral"
    assert words.highest("Ausweise", "23 Tage", "Neutral") == "Höchster Wert: Ausweise, 23 Tage"
