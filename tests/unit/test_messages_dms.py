"""Sentences of the DMS roll-out over all edges: zero, one, many, all, missing, stale."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import messages_dms as words
from dashboard.sentence import Sentence

NB = "\u00a0"
GOAL = (date(2026, 12, 31), 1.0)


@pytest.mark.parametrize(
    ("connected", "workplaces", "fact"),
    [
        (582, 812, "582 von 812 Büroarbeitsplätzen sind am DMS"),
        (1, 812, "1 von 812 Büroarbeitsplätzen ist am DMS"),
        (0, 812, "Keiner von 812 Büroarbeitsplätzen ist am DMS"),
        (0, 1, "Der einzige Büroarbeitsplatz ist noch nicht am DMS"),
        (812, 812, "Alle 812 Büroarbeitsplätze sind am DMS"),
        (1, 1, "Der einzige Büroarbeitsplatz ist am DMS"),
    ],
)
def test_the_fact_agrees_in_number(connected: int, workplaces: int, fact: str) -> None:
    assert words.rollout(connected, workplaces, None).bold == f"{fact}."


@pytest.mark.parametrize(
    ("target", "comparison"),
    [(0.7, "14 mehr als geplant"), (0.75, "27 weniger als geplant"), (582 / 812, "genau wie geplant")],
)
def test_the_comparison_is_counted_in_workplaces(target: float, comparison: str) -> None:
    assert words.rollout(582, 812, target).bold.endswith(f"am DMS, {comparison}.")


def test_the_consequence_says_what_is_missing_and_whether_the_pace_suffices() -> None:
    said = words.rollout(582, 812, 0.7, goal=GOAL, pace=13, needed=34.14)
    assert said.rest == "Bis 12/2026 fehlen noch 230: nötig sind 34,1 je Monat, zuletzt waren es 13,0."
    assert len(f"{said.bold} {said.rest}") <= 160
    assert words.rollout(811, 812, 0.7, goal=GOAL).rest == "Bis 12/2026 fehlt noch 1."
    only_pace = words.rollout(582, 812, 0.7, goal=GOAL, pace=13).rest
    assert only_pace == "Bis 12/2026 fehlen noch 230: zuletzt waren es 13,0 je Monat."
    assert words.rollout(812, 812, 0.7, goal=GOAL, pace=13).rest == "Das Ziel für 12/2026 ist erreicht."
    assert words.rollout(582, 812, None, pace=13).rest == "Zuletzt kamen 13,0 je Monat hinzu."
    assert words.rollout(582, 812, None).rest == ""


def test_nothing_is_concluded_from_old_or_missing_figures() -> None:
    old = words.rollout(582, 812, 0.7, goal=GOAL, pace=13, needed=34, stale="Stand 01.02.2026")
    assert old.rest == "Die Angaben sind veraltet, Stand 01.02.2026."
    nothing = Sentence("Für diese Auswahl liegt kein Bericht zum DMS vor.")
    assert words.rollout(None, None, 0.7) == words.rollout(0, 0, 0.7) == nothing


def test_titles_say_the_gap_and_stay_neutral_without_one() -> None:
    assert words.workplaces_title(0.717, 0.7) == f"Anbindung liegt 1,7{NB}Prozentpunkte über dem Soll"
    assert words.workplaces_title(0.69, 0.7) == f"Anbindung liegt 1,0{NB}Prozentpunkte unter dem Soll"
    assert words.workplaces_title(0.7001, 0.7) == "Anbindung liegt auf dem Soll"
    assert (
        words.workplaces_title(0.7, None) == words.workplaces_title(None, 0.7) == "Angebundene Arbeitsplätze"
    )


def test_units_mostly_on_the_dms_are_counted_in_every_number() -> None:
    assert words.mostly_title(9, 13) == "9 von 13 Einheiten arbeiten überwiegend am DMS"
    assert words.mostly_title(1, 13) == "1 von 13 Einheiten arbeitet überwiegend am DMS"
    assert words.mostly_title(13, 13) == "Alle 13 Einheiten arbeiten überwiegend am DMS"
    assert words.mostly_title(0, 13) == "Noch keine der 13 Einheiten arbeitet überwiegend am DMS"
    assert words.mostly_title(1, 1) == "Die Einheit arbeitet überwiegend am DMS"
    assert words.mostly_title(0, 1) == "Die Einheit arbeitet noch nicht überwiegend am DMS"
    assert words.mostly_title(0, 0) == "Arbeitsplätze je Einheit"


def test_training_and_scanned_files_know_none_one_and_no_report() -> None:
    assert words.trained_title(625, 812) == "625 von 812 Mitarbeitenden sind für das DMS geschult"
    assert words.trained_title(1, 12) == "1 von 12 Mitarbeitenden ist für das DMS geschult"
    assert words.trained_title(0, 12) == "Noch niemand von 12 Mitarbeitenden ist geschult"
    assert words.trained_title(None, None) == "Schulungsstand"
    assert words.scanned_title(17580, 36728) == "17.580 von 36.728 Papierakten sind eingescannt"
    assert words.scanned_title(1, 1) == "Die einzige Papierakte ist eingescannt"
    assert words.scanned_title(0, 1) == "Die einzige Papierakte ist noch nicht eingescannt"
    assert words.scanned_title(None, 10) == "Eingescannte Papierakten"
