"""Zero, one, missing, rounded, old and uncertain figures in words, family by family."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from dashboard import (
    messages,
    messages_budget,
    messages_money,
    messages_nachweis,
    messages_umsetzung,
    messages_wirkungen,
)
from dashboard.sentence import LEAD_LENGTH, Sentence, dated, fitted, title

NB = "\u00a0"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("ratings", "bold"),
    [
        (("warn",), "Die einzige Leitkennzahl ist zu beobachten."),
        (("krit",), "Bei der einzigen Leitkennzahl ist zu handeln."),
        (("neu",), "Noch ist keine Leitkennzahl bewertet."),
        (("warn", "neu"), "Keine der 2 Leitkennzahlen ist im Plan, 1 zu beobachten, 1 ohne Bewertung."),
    ],
)
def test_a_single_leading_figure_is_not_counted(ratings: tuple, bold: str) -> None:  # type: ignore[type-arg]
    assert messages.lagebild(ratings).bold == bold


def test_a_consequence_that_does_not_fit_is_left_out_and_the_colon_with_it() -> None:
    assert messages.lagebild(("gut", "warn"), "X" * 150) == Sentence(
        "1 von 2 Leitkennzahlen ist im Plan, 1 zu beobachten."
    )
    assert fitted("Satz.", "Y" * LEAD_LENGTH, "Kurz.") == Sentence("Satz.", "Kurz.")
    assert title("Z" * 61, "neutral") == "neutral"


@pytest.mark.parametrize(
    ("balance", "outlook", "year_end"),
    [
        (0.4, "Das Budget X reicht nach der Prognose genau aus.", "Der Rahmen reicht genau bis Jahresende"),
        (-0.4, "Das Budget X reicht nach der Prognose genau aus.", "Der Rahmen reicht genau bis Jahresende"),
        (1, f"Im Budget X bleibt nach der Prognose 1{NB}€ übrig.", f"Bis Jahresende bleibt 1{NB}€ übrig"),
        (-1, f"Das Budget X läuft auf 1{NB}€ Überschreitung zu.", f"Bis Jahresende fehlt 1{NB}€"),
        (-2, f"Das Budget X läuft auf 2{NB}€ Überschreitung zu.", f"Bis Jahresende fehlen 2{NB}€"),
    ],
)
def test_what_rounds_to_zero_is_neither_missing_nor_left(balance: float, outlook: str, year_end: str) -> None:
    assert messages.budget_outlook("X", balance) == outlook
    assert messages.year_end(balance) == year_end


@pytest.mark.parametrize(
    ("online", "total", "pace", "needed", "bold", "rest"),
    [
        (0, 1, None, None, "Die einzige Leistung ist nicht online, 1 weniger als geplant.", ""),
        (1, 1, None, None, "Die einzige Leistung ist online, genau wie geplant.", ""),
        (
            4, 10, 33.94, 33.86, "4 von 10 Leistungen sind online, 6 weniger als geplant.",
            "33,9 neue Leistungen je Monat genügen, nötig sind 33,9.",
        ),
        (
            4, 10, 33.86, 33.94, "4 von 10 Leistungen sind online, 6 weniger als geplant.",
            "33,9 neue Leistungen je Monat genügen, nötig sind 33,9.",
        ),
        (
            4, 10, 0.0, 2.0, "4 von 10 Leistungen sind online, 6 weniger als geplant.",
            "Keine neue Leistung je Monat, nötig sind 2,0.",
        ),
        (10, 10, 0.0, None, "10 von 10 Leistungen sind online, genau wie geplant.",
         "Zuletzt kam keine Leistung hinzu."),
    ],
)  # fmt: skip
def test_equal_figures_never_contradict_each_other(
    online: int, total: int, pace: float | None, needed: float | None, bold: str, rest: str
) -> None:
    assert messages.ozg_progress(online, total, 1.0, pace, needed) == Sentence(bold, rest)


def test_a_backlog_that_was_none_a_month_ago_is_new() -> None:
    found = messages.ozg_progress(4, 10, 0.5, 1.0, 2.0, gap_before=0)
    assert found.rest == "Der Rückstand ist neu: 1,0 neue Leistungen je Monat reichen nicht, nötig sind 2,0."


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.489, 0.633, "Ende 2027 fehlen 17–31 Prozentpunkte"),
        (0.75, 0.85, "Ob das Ziel Ende 2027 erreicht wird, ist offen"),
        (0.81, 0.90, "Das Ziel für Ende 2027 ist erreichbar"),
        (0.796, 0.796, "Ende 2027 fehlt 1 Prozentpunkt"),
        (None, None, "Ende 2027 fehlen 25 Prozentpunkte"),
    ],
)
def test_a_forecast_with_a_band_is_told_with_its_ends(
    low: float | None, high: float | None, words: str
) -> None:
    share = 0.549 if low is None or high is None else (low + high) / 2
    assert messages.goal_gap(share, 0.80, 2027, low, high) == words


def test_bundles_of_one_or_none() -> None:
    assert messages.bundles(0, 1).bold == "Die einzige OZG-Leistung ist nicht online."
    assert messages.bundles(1, 1).bold == "Die einzige OZG-Leistung ist online."
    assert messages.bundles(0, 7).bold == "Keine der 7 OZG-Leistungen ist online."


def test_effects_of_one_and_long_names() -> None:
    effects = messages_wirkungen.effects
    assert effects(0, 1, 0, ["A"]).bold == (
        "Der einzige Effekt geht nicht in die gewollte Richtung, keiner liegt im Plan."
    )
    long = effects(3, 8, 1, ["Bearbeitungsdauer von Bauanträgen im vereinfachten Verfahren"] * 3)
    assert long.length <= LEAD_LENGTH and long.rest.endswith("bleiben hinter dem Soll.")
    assert messages_wirkungen.stale_effects(0, 8) == ""
    assert messages_wirkungen.stale_effects(1, 8) == "1 Wert veraltet"
    assert messages_wirkungen.stale_effects(2, 8) == "2 Werte veraltet"
    assert messages_wirkungen.stale_effects(8, 8) == "alle Werte veraltet"


@pytest.mark.parametrize(
    ("fresh", "total", "published", "words"),
    [
        (0, 1, True, "Der letzte Lauf ist freigegeben, die Quelle braucht Aufmerksamkeit."),
        (1, 1, True, "Der letzte Lauf ist freigegeben, die Quelle ist aktuell."),
        (0, 3, None, "Noch ist kein Lauf abgeschlossen, 3 von 3 Quellen brauchen Aufmerksamkeit."),
    ],
)
def test_a_single_source_and_a_night_that_never_was(
    fresh: int, total: int, published: bool | None, words: str
) -> None:
    assert messages.sources(fresh, total, published, 0, 0, "–").bold == words


def test_no_figure_on_fresh_sources_is_said_as_none() -> None:
    assert messages.sources(0, 3, True, 0, 9, "09.06.2026").rest == (
        "Am 09.06.2026 beruht keine Kennzahl nur auf aktuellen Quellen."
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (messages_nachweis.sources_title(0, 1), "Die Quelle ist nicht aktuell"),
        (messages_nachweis.sources_title(0, 9), "Keine Quelle ist aktuell"),
        (messages_nachweis.catalogue(0, 9, "", True), "Keine Kennzahl in dieser Auswahl."),
        (messages_nachweis.rejected(0, 9), "Kein Datensatz wurde abgelehnt."),
        (messages_nachweis.adds_up(5, 6, 0, 0), "Die Rechnung geht nicht auf: 1 Datensatz ist zu viel."),
        (messages_nachweis.adds_up(6, 5, 0, 0), "Die Rechnung geht nicht auf: 1 Datensatz fehlt."),
        (messages_nachweis.run_title("published", None, BERLIN), "Der Lauf ist freigegeben"),
        (messages_nachweis.run_title("running", None, BERLIN), "Der Lauf ist noch nicht freigegeben"),
        (messages_umsetzung.channel_title(0, 9), "Keiner von 9 Anträgen kommt online"),
        (messages_umsetzung.channel_title(1, 1), "Der einzige Antrag kam online"),
        (messages_umsetzung.saving_title(0.3, None), "Kein CO₂ in zwölf Monaten gespart"),
        (messages_umsetzung.reached_title(None, 8), "Erwartete und erreichte Wirkung"),
        (messages_umsetzung.reached_title(0, 8), "Keine Wirkung wie erwartet oder besser"),
        (messages_umsetzung.mail_in_title(None, 8), "DMS je Einheit"),
        (messages_umsetzung.council_title(0, 8), "Kein Ratsauftrag in der Frist erledigt"),
        (messages_umsetzung.council_title(1, 1), "1 von 1 Ratsauftrag in der Frist erledigt"),
        (messages_umsetzung.overdue_title(0), "Keine Maßnahme nach der Fristregel überfällig"),
        (messages_money.printed(0, 1), "Die gedruckte Summe stimmt"),
        (messages_money.printed(1, 1), "Die gedruckte Summe widerspricht den Einzelwerten"),
        (messages_money.solutions(0, 0), "Laufende Kosten der Lösungen"),
        (messages_money.solutions(1, -5), f"1 Lösung spart netto 5{NB}€ im Jahr"),
        (messages_money.budgets([], 0, 0, 0), "Budgets (Deckungskreise) als Ganzes"),
        (messages_money.grades(20, 2, 1), f"Von 20,0{NB}VZÄ sind 2,0 befristet und 1,0 kw"),
        (messages_money.grades(20, 0, 0), f"Keine der 20,0{NB}VZÄ ist befristet oder kw"),
        (messages_money.grades(0, 0, 0), "Stellenplan"),
        (messages_money.staff(19, 20, 20.04), f"19,0 von 20,0{NB}VZÄ sind besetzt"),
        (messages_budget.closed_title(2025, -1), f"Haushaltsjahr 2025: 1{NB}€ fehlte"),
        (messages_budget.closed_title(2025, 0.2), "Haushaltsjahr 2025: Der Rahmen ging genau auf"),
    ],
)
def test_none_and_one_are_said_as_people_say_them(found: str, words: str) -> None:
    assert found == words


def test_two_posts_fall_away_and_half_a_post_does() -> None:
    ending = messages_money.ending
    assert ending("Netze", "EG 11", 2, "31.12.2027", leaves=True).endswith(
        f"2,0{NB}VZÄ fallen nach dem 31.12.2027 weg (kw)"
    )
    assert ending("Netze", "EG 11", 0.5, "31.12.2027", leaves=False).endswith(
        f"0,5{NB}VZÄ ist bis 31.12.2027 befristet"
    )


def test_old_values_are_said_to_be_old_even_where_the_consequence_has_to_go() -> None:
    long = dated(Sentence("A" * 120 + ".", "Eine Folge."), "veraltet, Stand 08.06.2026")
    assert long == Sentence("A" * 120 + " (veraltet, Stand 08.06.2026).")
    assert dated(Sentence("Satz:", "Folge."), "alt").bold == "Satz (alt):"
    assert dated(Sentence("Satz."), "") == Sentence("Satz.")
