"""Sentences on budgets as a whole, posts and money beside output: what holds is said, nothing else."""

from __future__ import annotations

from decimal import Decimal

from dashboard import messages_money as words


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_budget_short_beyond_tolerance_is_named() -> None:
    assert words.budgets(["Sachaufwand"], 2, 5, 0) == "Ein Budget reicht nicht: Sachaufwand"
    assert words.budgets(["A", "B"], 2, 5, 0) == "Budgets reichen nicht: A und B"
    assert words.budgets(["x" * 90], 1, 5, 0) == "1 von 5 Budgets reicht nicht"


def test_budgets_within_tolerance_or_without_forecast_claim_no_more() -> None:
    assert words.budgets([], 1, 5, 0) == "1 von 5 Budgets liegt in der Toleranz über dem Rahmen"
    assert words.budgets([], 0, 5, 1) == words.BUDGETS
    assert words.budgets([], 0, 5, 0) == "Jedes Budget reicht als Ganzes bis zum Jahresende"


def test_nothing_uncovered_is_said_and_the_unknown_is_not() -> None:
    assert plain(words.uncovered(Decimal(21270))) == "ungedeckt: 21.270 €"
    assert words.uncovered(Decimal(0)) == "keine ungedeckte Überschreitung"
    assert words.uncovered(None) == ""


def test_the_stellenplan_says_of_how_much_nobody_told_the_filling() -> None:
    assert plain(words.staff(Decimal(5), Decimal(6), Decimal(6))) == "5,0 von 6,0 VZÄ sind besetzt"
    assert "zu 0,5 VZÄ fehlt die Angabe" in plain(words.staff(Decimal(5), Decimal(6), Decimal("6.5")))
    assert words.staff(None, None, Decimal(6)) == words.STAFF


def test_a_temporary_post_and_one_that_falls_away_are_told_apart() -> None:
    kw = words.ending("Geoinformation", "EG 11", Decimal(1), "31.12.2027", leaves=True)
    assert plain(kw) == "Geoinformation (EG 11): 1,0 VZÄ fällt nach dem 31.12.2027 weg (kw)"
    assert "ist bis 31.12.2027 befristet" in words.ending("A", "EG 6", 1, "31.12.2027", leaves=False)


def test_the_cost_basis_names_its_stand_and_what_is_missing() -> None:
    text = plain(words.cost_basis(["2024", "KGSt 2020/2021"], 1, Decimal(58200)))
    assert "Stand 2024 und KGSt 2020/2021; keine Gehälter." in text
    assert "Arbeitsplatzkosten kommen mit 58.200 € hinzu." in text
    assert "1 Stelle ohne Kostengrundlage nicht enthalten." in text
    assert words.cost_basis([], 3, None) == ""


def test_the_cost_of_a_case_is_a_range_of_at_least_two() -> None:
    assert plain(words.unit_costs(["a", "b", "c"], [Decimal(700), Decimal(33), None])) == (
        "33 € (b) bis 700 € (a) je Vorgang"
    )
    assert words.unit_costs(["a"], [Decimal(700)]) == words.UNIT_COSTS


def test_printed_totals_that_contradict_are_counted() -> None:
    assert words.printed(2, 37) == "2 von 37 gedruckten Summen widersprechen den Einzelwerten"
    assert words.printed(0, 37) == "Alle 37 gedruckten Summen stimmen"
    assert words.printed(0, 0) == words.PRINTED
    assert plain(words.solutions(1, Decimal(900))) == "1 Lösung kostet im Betrieb 900 € im Jahr"
