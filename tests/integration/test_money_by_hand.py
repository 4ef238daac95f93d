"""Budgets, posts, cost and printed totals of Musterstadt, reckoned a second time from the deliveries."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from metrics.records import records
from metrics.result import Scope
from tests.by_hand import TODAY, euro, iso
from tests.example_city import ExampleCity

PAST = date(2025, 12, 31)
PLAN = "Ergebnisplan"


def _finance(city: ExampleCity, name: str) -> list[dict[str, str]]:
    rows = city.csv(f"inbox/haushaltsverfahren/{name}_*.csv", encoding="cp1252")
    return [row for row in rows[:-1] if (row["Haushaltsjahr"], row["Plan"]) == ("2026", PLAN)]


def _budgets(city: ExampleCity) -> dict[tuple[str, str], str]:
    rows = city.csv("inbox/haushaltsbuch/Deckungskreise_*.csv")
    mine = [row for row in rows if (row["Haushaltsjahr"], row["Plan"]) == ("2026", PLAN)]
    return {(row["Produkt"], row["Position"]): row["Deckungskreis"] for row in mine}


def _by_budget(city: ExampleCity, rows: list[dict[str, str]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[_budgets(city)[row["Produkt"], row["Position"]]] += euro(row["Betrag in €"])
    return found


def test_each_budget_is_judged_as_a_whole(example_city: ExampleCity) -> None:
    frames = _by_budget(example_city, _finance(example_city, "Haushaltsplan"))
    months = [row for row in _finance(example_city, "Monatswerte") if row["Art"] == "Prognose"]
    last = max(iso(row["Stand"]) for row in months)
    expected = _by_budget(example_city, [row for row in months if iso(row["Stand"]) == last])
    balances = {name: frames[name] - expected[name] for name in frames}
    assert balances["D11-2"] == -21_270, "17.270 + 16.500 too much, 12.500 left elsewhere in the same budget"
    assert example_city.by("deckungskreis_balance_eur", "deckungskreis") == balances
    missing = sum(-balance for balance in balances.values() if balance < 0)
    assert example_city.value("budget_uncovered_eur") == missing


def test_the_load_of_each_budget_counts_bookings_and_open_orders(example_city: ExampleCity) -> None:
    frames = _by_budget(example_city, _finance(example_city, "Haushaltsplan"))
    ist = _by_budget(example_city, _finance(example_city, "Buchungen"))
    orders = [row for row in _finance(example_city, "Auftraege") if not row["Abgerechnet"]]
    bound = _by_budget(example_city, orders)
    used = {name: float(ist[name] / frames[name]) for name in frames}
    taken = {name: float((ist[name] + bound.get(name, Decimal(0))) / frames[name]) for name in frames}
    assert example_city.by("deckungskreis_use_share", "deckungskreis") == used
    assert example_city.by("deckungskreis_bound_share", "deckungskreis") == taken


def test_posts_filled_temporary_and_falling_away(example_city: ExampleCity) -> None:
    rows = example_city.csv("inbox/stellenplan/Stellenplan_*.csv")
    posts = {r["Stelle"]: r for r in rows if not r["gültig bis"] or iso(r["gültig bis"]) >= TODAY}
    extent: dict[str, tuple[str, Decimal]] = {}
    for row in example_city.csv("inbox/stellenplan/Besetzung_*.csv"):
        told = (iso(row["ab"]), euro(row["besetzt (VZÄ)"]))
        extent[row["Stelle"]] = max(extent.get(row["Stelle"], told), told)
    whole = sum(euro(post["VZÄ"]) for post in posts.values())
    filled = sum(extent[number][1] for number in posts)
    assert (filled, whole) == (Decimal("17.5"), 20)
    assert example_city.value("post_filled_share") == 17.5 / 20
    assert (
        example_city.value("post_temporary_share")
        == sum(bool(p["befristet bis"]) for p in posts.values()) / 20
    )
    assert example_city.value("post_kw_share") == sum(p["kw"] == "ja" for p in posts.values()) / 20


def test_the_posts_of_111240_cost_what_the_neumuenster_paper_says(example_city: ExampleCity) -> None:
    where = {"produkt": "111240"}
    assert example_city.by("post_cost_eur", "kostenart", where=where) == {
        "personal": 481_600,
        "arbeitsplatz": 58_200,
    }
    assert example_city.value("post_cost_eur", where=where) == 539_800
    # Ten posts until the end of 2025; the paper prints 784.900 and 97.000.
    before = example_city.by("post_cost_eur", "kostenart", where=where, at=PAST)
    assert before == {"personal": 784_900, "arbeitsplatz": 97_000}


def test_a_decided_case_costs_what_was_booked_for_as_many_months(example_city: ExampleCity) -> None:
    rows = example_city.csv("inbox/kostenrechnung/Leistungskosten_*.csv")
    months = [
        row
        for row in rows
        if row["Verfahren"] == "bauantrag" and "2025-06" <= iso(row["Monat"])[:7] <= "2026-05"
    ]
    told = {iso(row["Monat"])[:7] for row in months}
    assert "2026-05" not in told and len(told) == 11
    ((cases,),) = example_city.database(
        "bauaufsicht",
        "SELECT count(*) FROM vorgang WHERE substr(bescheid_am, 1, 7) BETWEEN '2025-06' AND '2026-04'",
    )
    cost = sum(euro(row["Betrag in €"]) for row in months)
    (cell,) = example_city.ask("service_unit_cost_eur", where={"procedure": "bauantrag"}).rows
    assert (cell.numerator, cell.denominator) == (cost, cases)


def test_running_cost_counts_twelve_months_and_what_was_saved(example_city: ExampleCity) -> None:
    rows = example_city.csv("inbox/kostenrechnung/Loesungskosten_*.csv")
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if "2025-06" <= iso(row["Monat"])[:7] <= "2026-05":
            found[row["Lösung"]] += euro(row["Betrag in €"]) * (-1 if row["Kostenart"] == "Ersparnis" else 1)
    assert example_city.by("solution_running_cost_eur", "solution") == found
    assert found["Bürgerportal"] == 51_200 and found["Terminvergabe"] == -3_600


def test_the_printed_balance_of_freiburg_and_one_misprint_are_found(example_city: ExampleCity) -> None:
    found = records(example_city.catalog, example_city.snapshot, "printed_totals", scope=Scope.city()).dicts()
    wrong = {row["city"]: row for row in found if row["agrees"] is False}
    assert set(wrong) == {"Freiburg i. Br.", "Musterstadt"} and len(found) == 37
    freiburg = wrong["Freiburg i. Br."]
    assert (freiburg["printed_eur"], freiburg["recomputed_eur"]) == (1_647_262_647, 44_932_086)
    assert freiburg["difference_eur"] == 1_602_330_561
    assert (wrong["Musterstadt"]["haushaltsjahr"], wrong["Musterstadt"]["difference_eur"]) == (2024, 9000)
    assert example_city.value("printed_total_match_share") == 35 / 37
