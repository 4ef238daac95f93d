"""Budgets as a whole, the Stellenplan and the cost of output on the page Budget, from rows added by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboard.pages import budget
from dashboard.services import Services
from tests.money_city import E26, TARGETS, money_city, money_rows, plan
from tests.services_city import viewer_of, words

LEITUNG = viewer_of("leitung")
WHOLE = """
[deckungskreis_balance_eur]
owner = "FD 20"
path = [{ on = 2021-01-01, value = 0 }]
tolerance_abs = 100
applies_to = "each"
"""


def circle(position: str, name: str, title: str, **other: Any) -> Mapping[str, Any]:
    """One position of a budget."""
    names = {"position_id": position, "deckungskreis": name, "deckungskreis_titel": title}
    return {**E26, **names, "art": "gegenseitig", **other}


def post(number: str, grade: str, **other: Any) -> Mapping[str, Any]:
    """One whole post of product 111240 since 2021."""
    names = {"post_id": number, "bezeichnung": f"Aufgabe {number}", "produkt": "111240", "grade": grade}
    more = {"org_unit_id": "FD10", "art": "andere_stelle", "fte": Decimal(1), "valid_from": date(2021, 1, 1)}
    return {**names, **more, **other}


def rows() -> dict[str, Any]:
    """Position 1 is 300 short and 2 has 10 left; position 1 of 111250 has 50, no forecast until given one."""
    found: dict[str, Any] = dict(money_rows())
    found["budget_plan"] = [*found["budget_plan"], plan("3", 400, produkt="111250")]
    expected = {**E26, "kind": "prognose", "made_on": date(2026, 5, 1), "produkt": "111250"}
    found["budget_month"] = [
        *found["budget_month"],
        {**expected, "position_id": "3", "month": date(2026, 12, 1), "amount_eur": Decimal(50)},
    ]
    found["deckungskreis"] = [
        circle("1", "A", "Gemeinsam"),
        circle("3", "A", "Gemeinsam", produkt="111250"),
        circle("2", "B", "Für sich"),
    ]
    found["post"] = [
        post("S1", "EG 12"),
        post("S2", "EG 9b", befristet_bis=date(2027, 12, 31), kw=True, kw_ab=date(2027, 12, 31)),
    ]
    found["post_filled"] = [{"post_id": "S1", "valid_from": date(2021, 1, 1), "filled_fte": Decimal("0.5")}]
    found["personnel_cost"] = [
        {"grade": grade, "kostenart": kind, "valid_from": date(2021, 1, 1), "cost_eur": Decimal(amount)}
        | {"stand": "2020", "quelle": "Vorlage"}
        for grade, kind, amount in (("EG 12", "personal", 91100), ("alle", "arbeitsplatz", 9700))
    ]
    found["budget_component"] = [
        {"land": "NI", "komponente": "sperre", "bezeichnung": "Sperre", "rechtsgrundlage": "§ 30 GemHKVO"}
        | {"quelle": "Verordnung", "hinweis": "Fundstelle nicht geprüft"}
    ]
    found["printed_total"] = [printed("111240", 1800), printed("gesamt", 9999), printed("111250", 450)]
    found["service_cost"] = [
        {"procedure": "wohngeld", "org_unit_id": "FD32", "month": date(2026, 5, 1), "kostenart": "personal"}
        | {"amount_eur": Decimal(500), "bezeichnung": "Wohngeld"}
    ]
    found["case"] = [
        {"case_id": str(n), "procedure": "wohngeld", "org_unit_id": "FD32", "channel": "post"}
        | {"received_on": date(2026, 4, 1), "decided_on": date(2026, 5, n)}
        for n in (1, 2, 3, 4)
    ]
    found["solution_cost"] = [solution("lizenz", 300, "gebucht"), solution("betreuung", 100, "geschaetzt")]
    found["solution_cost"].append(solution("ersparnis", 150, "erhoben"))
    found["solution_cost"].append(
        {**solution("betrieb", 70, "gebucht"), "solution_id": "L2", "solution": "Akte"}
    )
    return found


def printed(produkt: str, amount: int) -> Mapping[str, Any]:
    """One printed total of the budget book of 2026."""
    return {
        "document": "Haushaltsplan 2026", "bezug": "eigener_haushalt", "city": "Musterstadt",
        "haushaltsjahr": 2026, "betrag_typ": "ansatz", "plan_art": "ergebnisplan", "richtung": "aufwand",
        "produkt": produkt, "amount_eur": Decimal(amount),
    }  # fmt: skip


def solution(kind: str, amount: int, method: str) -> Mapping[str, Any]:
    """Cost of the portal in May 2026."""
    names = {"solution_id": "L1", "solution": "Portal", "introduced_on": date(2024, 1, 1)}
    return {**names, "month": date(2026, 5, 1), "kostenart": kind, "method": method} | {
        "amount_eur": Decimal(amount)
    }


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return money_city(tmp_path_factory.mktemp("wholes"), rows(), TARGETS + WHOLE)


def read(city: Services, **params: str) -> str:
    return words(budget.layout(city, LEITUNG, params)).replace("\u00a0", " ")


def test_an_excess_that_the_own_budget_covers_is_no_gap(city: Services) -> None:
    text = read(city)
    assert "Position 1 1.300 700 0 600 −300 handeln" in text
    # Frame 1.300 + 400, Prognose 1.600 + 50: the other product's position covers it.
    assert "A · Gemeinsam 1.700 700 0 1.000 +50 im Plan" in text
    assert "B · Für sich 600 200 150 250 +10 im Plan" in text
    assert "Jedes Budget reicht als Ganzes bis zum Jahresende" in text
    assert "keine ungedeckte Überschreitung" in text
    assert "Prognosen vom 01.05.2026" in text


def test_a_budget_that_does_not_last_is_named_with_what_is_uncovered(tmp_path: Path) -> None:
    changed = rows()
    changed["deckungskreis"] = [circle("1", "A", "Allein"), circle("2", "B", "Für sich")]
    text = read(money_city(tmp_path, changed, TARGETS + WHOLE))
    assert "Ein Budget reicht nicht: Allein" in text
    assert "A · Allein 1.300 700 0 600 −300 handeln" in text
    assert "ungedeckt: 300 €" in text


def test_only_budgets_of_the_chosen_product_are_shown(city: Services) -> None:
    text = read(city, produkt="111250")
    assert "A · Gemeinsam 1.700" in text and "B · Für sich" not in text


def test_the_stellenplan_counts_posts_and_leaves_the_unknown_open(city: Services) -> None:
    text = read(city)
    assert "0,5 von 1,0 VZÄ sind besetzt; zu 1,0 VZÄ fehlt die Angabe" in text
    assert "EG 12 1,0 0,5 0,5 0,0 0,0 91.100" in text
    assert "EG 9b 1,0 – – 1,0 1,0 –" in text
    assert text.index("EG 12 1,0") < text.index("EG 9b 1,0")
    assert "Aufgabe S2 (EG 9b): 1,0 VZÄ fällt nach dem 31.12.2027 weg (kw)" in text
    assert "Arbeitsplatzkosten kommen mit 19.400 € hinzu. 1 Stelle ohne Kostengrundlage" in text


def test_money_and_output_stand_side_by_side(city: Services) -> None:
    text = read(city)
    assert "Wohngeld 500 4 125,00" in text
    assert "Portal 400 100 −150 250" in text
    assert "Akte 70 0 – 70" in text, "savings nobody told are unknown, not zero"
    assert "2 Lösungen kosten im Betrieb 320 € im Jahr" in text


def test_a_printed_total_is_shown_beside_its_single_values(city: Services) -> None:
    text = read(city)
    assert "1 von 3 gedruckten Summen widerspricht den Einzelwerten" in text
    # 1.200 + 600 of the one product, 50 + 400 of the other; the Übertrag of 100 is no Ansatz.
    assert "Musterstadt, Haushaltsplan 2026 Aufwendungen 2026, alle Produkte 9.999 2.250 +7.749" in text


def test_what_changes_a_frame_is_told_with_its_law(city: Services) -> None:
    assert "Sperre (NI) § 30 GemHKVO, Verordnung. Fundstelle nicht geprüft." in read(city)


def test_a_unit_outside_the_viewers_reach_has_no_posts_there(city: Services) -> None:
    text = words(budget.layout(city, viewer_of("fachbereichsleitung", "D2"), {}))
    assert "Kein Stellenplan für diese Auswahl." in text and "Aufgabe S2" not in text
