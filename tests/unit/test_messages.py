"""Sentences say what the figures show, in correct German, in every edge case."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard import messages, messages_wirkungen
from dashboard.sentence import Sentence


@pytest.mark.parametrize(
    ("ratings", "bold"),
    [
        ((), "Für diese Sicht sind keine Leitkennzahlen eingerichtet."),
        (("gut",), "Die einzige Leitkennzahl ist im Plan."),
        (("gut", "gut"), "Alle 2 Leitkennzahlen sind im Plan."),
        (("neu", "neu"), "Noch ist keine Leitkennzahl bewertet."),
        (("gut", "warn"), "1 von 2 Leitkennzahlen ist im Plan, 1 zu beobachten."),
        (("krit", "krit"), "Keine der 2 Leitkennzahlen ist im Plan, bei 2 ist zu handeln."),
        (("gut", "gut", "neu"), "2 von 3 Leitkennzahlen sind im Plan, 1 ohne Bewertung."),
    ],
)
def test_the_lagebild_counts_ratings(ratings: tuple, bold: str) -> None:
    assert messages.lagebild(ratings).bold == bold


def test_the_lagebild_leads_to_its_consequence_with_a_colon() -> None:
    sentence = messages.lagebild(("gut",) * 4 + ("warn",) * 3 + ("krit",), "Das Budget läuft auf etwas zu.")
    assert sentence.bold == ("4 von 8 Leitkennzahlen sind im Plan, 3 zu beobachten, bei 1 ist zu handeln:")
    assert sentence.rest == "Das Budget läuft auf etwas zu."


@pytest.mark.parametrize(
    ("balance", "text"),
    [
        (Decimal("-22670"), "Das Budget 111240 läuft auf 22.670\u00a0€ Überschreitung zu."),
        (Decimal("0"), "Das Budget 111240 reicht nach der Prognose genau aus."),
        (Decimal("5"), "Im Budget 111240 bleiben nach der Prognose 5\u00a0€ übrig."),
        (None, "Für das Budget 111240 liegt keine Prognose vor."),
    ],
)
def test_the_budget_outlook_follows_the_sign(balance: Decimal | None, text: str) -> None:
    assert messages.budget_outlook("111240", balance) == text


def test_a_backlog_that_grows_is_called_growing_only_when_it_grows() -> None:
    grows = messages.ozg_progress(612, 1557, 0.45, 20.5, 33.9, gap_before=-81)
    assert grows == Sentence(
        "612 von 1.557 Leistungen sind online, 89 weniger als geplant.",
        "Der Rückstand wächst: 20,5 neue Leistungen je Monat reichen nicht, nötig sind 33,9.",
    )
    shrinks = messages.ozg_progress(612, 1557, 0.45, 40, 33.9, gap_before=-95)
    assert shrinks.rest == "Der Rückstand schrumpft: 40,0 neue Leistungen je Monat genügen, nötig sind 33,9."
    unknown = messages.ozg_progress(612, 1557, 0.45, 20.5, 33.9)
    assert "Rückstand" not in unknown.rest


@pytest.mark.parametrize(
    ("online", "total", "target", "bold"),
    [
        (None, None, None, "Für diese Auswahl liegen keine Leistungen vor."),
        (0, 0, 0.5, "Für diese Auswahl liegen keine Leistungen vor."),
        (0, 7, None, "Keine von 7 Leistungen ist online."),
        (1, 7, None, "1 von 7 Leistungen ist online."),
        (4, 8, 0.5, "4 von 8 Leistungen sind online, genau wie geplant."),
        (5, 8, 0.5, "5 von 8 Leistungen sind online, 1 mehr als geplant."),
    ],
)
def test_ozg_progress_in_small_and_missing_numbers(
    online: int | None, total: int | None, target: float | None, bold: str
) -> None:
    assert messages.ozg_progress(online, total, target, None, None).bold == bold


def test_titles_turn_neutral_when_the_message_does_not_hold() -> None:
    assert messages.fields_above(5, 14, None) == "Reifegrad nach Themenfeld"
    assert messages.goal_gap(0.6, None, None) == "Leistungen online ab Reifegrad 3"
    assert messages.newly_online(None, "Ende 2025") == "Einzelleistungen je Reifegrad"
    assert messages.year_end(None) == "Vom Ansatz zum verfügbaren Betrag"


def test_titles_carry_the_fact() -> None:
    assert messages.fields_above(5, 14, 0.45) == "5 von 14 Themenfeldern liegen über dem Soll von 45\u00a0%"
    assert messages.fields_above(1, 14, 0.45).startswith("1 von 14 Themenfeldern liegt")
    assert messages.fields_above(0, 14, 0.45).startswith("Kein Themenfeld liegt")
    assert messages.goal_gap(0.63, 0.80, 2027) == "Ende 2027 fehlen 17 Prozentpunkte"
    assert messages.goal_gap(0.79, 0.80, 2027) == "Ende 2027 fehlt 1 Prozentpunkt"
    assert messages.goal_gap(0.83, 0.80, 2027) == "Das Ziel für Ende 2027 ist erreichbar"
    assert messages.newly_online(115, "Ende 2025") == "115 mehr online seit Ende 2025"
    assert messages.newly_online(-3, "Ende 2025") == "3 weniger online als Ende 2025"


def test_the_budget_sentence_names_what_is_left_and_what_is_missing() -> None:
    sentence = messages.budget(Decimal(986000), 0.614, Decimal(380230), Decimal(-22670))
    assert sentence.bold == (
        "Von 986.000\u00a0€ sind 61,4\u00a0% verbraucht oder gebunden, 380.230\u00a0€ sind verfügbar."
    )
    assert sentence.rest == "Der erwartete Bedarf ist 22.670\u00a0€ höher, Deckung ist zu beschließen."
    assert messages.budget(None, None, None, None).bold == "Für diese Auswahl ist kein Ansatz beschlossen."
    overdrawn = messages.budget(Decimal(10), 1.5, Decimal(-5), None)
    assert "5\u00a0€ mehr als verfügbar" in overdrawn.bold
    assert overdrawn.rest == "Eine Prognose liegt nicht vor."


def test_effects_name_at_most_three_that_stay_behind() -> None:
    sentence = messages_wirkungen.effects(8, 8, 5, ["Wohngeld", "Papierverbrauch", "Stellenbesetzung"])
    assert sentence.bold == "Alle 8 Effekte gehen in die gewollte Richtung, 5 liegen im Plan."
    assert sentence.rest == "Wohngeld, Papierverbrauch und Stellenbesetzung bleiben hinter dem Soll."
    many = messages_wirkungen.effects(7, 8, 1, ["A", "B", "C", "D"])
    assert many.bold == "7 von 8 Effekten gehen in die gewollte Richtung, 1 liegt im Plan."
    assert many.rest == "A, B und 2 weitere bleiben hinter dem Soll."
    assert messages_wirkungen.effects(1, 1, 0, []).bold == (
        "Der einzige Effekt geht in die gewollte Richtung, bewertet ist noch keiner."
    )
    assert messages_wirkungen.effects(0, 0, 0, []).bold.startswith("Für diese Auswahl gibt es noch keinen")


def test_the_night_says_what_needs_attention() -> None:
    sentence = messages.sources(46, 48, True, 84, 86, "09.06.2026")
    assert sentence.bold == "Der letzte Lauf ist freigegeben, 2 von 48 Quellen brauchen Aufmerksamkeit."
    assert sentence.rest == "Am 09.06.2026 beruhen 84 von 86 Kennzahlen nur auf aktuellen Quellen."
    whole = messages.sources(48, 48, True, 86, 86, "09.06.2026")
    assert whole.rest == "Am 09.06.2026 beruhen alle Kennzahlen auf aktuellen Quellen."
    failed = messages.sources(1, 1, False, 0, 0, "09.06.2026")
    assert failed.bold.startswith("Der letzte Lauf wurde nicht freigegeben, es gilt der Stand davor")
    assert messages.sources(0, 0, True, 0, 0, "–").bold == "Noch ist keine Quelle angebunden."
