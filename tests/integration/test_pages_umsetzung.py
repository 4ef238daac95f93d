"""Lower part of Wirkungen, and what moved to pages of its own: DMS, council items, deadlines, ranking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboard.auth.viewer import Viewer
from dashboard.pages import dms, massnahmen, wirkungen
from dashboard.services import Services
from dashboard.settings import Settings
from metrics.catalog import load_catalog
from tests.services_city import TODAY, OneSnapshot, viewer_of, words
from tests.small_city import Rows, small_city
from warehouse.ledger import Ledger

PARAMETERS = """
[co2_g_per_sheet]
values = [{ value = 5, valid_from = 2015-01-01, source = "Studie von 2015" }]
[co2_g_per_km]
values = [{ value = 150, valid_from = 2021-01-01, source = "Annahme A" }]
[km_per_trip]
values = [{ value = 8, valid_from = 2021-01-01, source = "Annahme B" }]
[trips_per_online_application]
values = [{ value = 0.5, valid_from = 2021-01-01, source = "Annahme C" }]
[wage_eur_per_hour_verwaltung]
values = [{ value = 60, valid_from = 2021-01-01, source = "Tabelle 2021" }]
"""
RANKING = """
title = "TOP 20 der Leistungen"
decided = "Prioritätenliste 03/2025"
valid_from = 2025-03-01
places = 20
[criteria.demand]
title = "Nachfrage"
weight = 40
"""
LEITUNG = viewer_of("leitung")


def council_item(name: str, title: str, **other: Any) -> Mapping[str, Any]:
    return {
        "item_id": name, "kind": "antrag", "title": title, "paper_no": "AN/0002/25", "org_unit_id": "FD10",
        "submitted_on": date(2025, 6, 1), "outcome": "angenommen", "status": "in_bearbeitung", **other,
    }  # fmt: skip


def effect_value(role: str, amount: int) -> Mapping[str, Any]:
    return {
        "effect_id": "E1", "role": role, "recorded_on": date(2026, 1, 1), "amount": Decimal(amount),
        "method": "gemessen", "confidence": "hoch", "source": "Messung",
    }  # fmt: skip


def rate(addressee: str, minutes: int) -> Mapping[str, Any]:
    return {
        "procedure": "wohngeld", "channel": "online", "addressee": addressee, "minutes": Decimal(minutes),
        "valid_from": date(2021, 1, 1), "cost_eur": Decimal(0), "method": "erhoben", "source": "Aufnahme",
    }  # fmt: skip


def deadline(item: str, due: date) -> Mapping[str, Any]:
    return {
        "about": "ratsauftrag", "object_id": item, "stated_on": date(2025, 7, 1), "source": "Beschluss",
        "kind": "bis", "precision": "quartal", "due_on": due,
    }  # fmt: skip


ROWS: dict[str, Rows] = {
    "effect": [
        {
            "effect_id": "E1", "position": 1, "title": "Papier", "subtitle": "Blatt", "goal": 1,
            "perspective": "buerger", "metric_id": "paper_sheets_count", "introduced_on": date(2026, 2, 1),
            "introduced_by": "DMS", "basis": "vollerhebung", "reach": "intern",
        }
    ],
    "effect_value": [
        effect_value("ausgangswert", 1000), effect_value("erwartet", 600), effect_value("erreicht", 700)
    ],
    "measurement": [
        {"indicator": "paper_sheets", "month": date(2026, 4, 1), "value_sum": Decimal(800)}
        | {"method": "gemessen"}
    ],
    "application_month": [
        {"procedure": "wohngeld", "org_unit_id": "FD32", "month": date(2026, 5, 1)}
        | {"channel": c, "applications": n}
        for c, n in (("online", 30), ("post", 70))
    ],
    "effort_rate": [rate("verwaltung", 60), rate("wirtschaft", 20)],
    "dms_unit": [
        {
            "org_unit_id": unit, "report_month": date(2026, 6, 1), "workplaces": 50,
            "workplaces_connected": 40, "mail_in_status": state,
        }
        for unit, state in (("FD10", "echtbetrieb"), ("FD32", None))
    ],
    "training": [
        {"org_unit_id": "FD10", "topic": "dms", "report_month": date(2026, 6, 1)}
        | {"people_planned": 50, "people_trained": 45}
    ],
    "council_item": [
        council_item("R1", "Online-Termine"),
        council_item("R2", "Aktenplan", status="erledigt", done_on=date(2025, 8, 1)),
        council_item("R3", "Bauakte", org_unit_id="FD32"),
    ],
    "deadline": [deadline("R1", date(2026, 1, 1)), deadline("R2", date(2025, 9, 1)), deadline("R3", TODAY)],
    "measure": [
        {
            "measure_id": "M1", "title": "a", "org_unit_id": "FD10", "goal": 1, "kind": "ozg",
            "due_on": date(2026, 1, 1), "recorded_on": date(2025, 1, 1),
        }
    ],
    "service": [
        {"service_id": "S1", "bezeichnung": "Wohngeld", "org_unit_id": "FD32", "zustaendigkeit": "eigen"}
    ],
    "ranking_score": [
        {"ranking_id": "top20", "object_id": "S1", "criterion": "demand", "assessed_on": date(2025, 3, 1)}
        | {"points": Decimal("92.5"), "method": "erhoben"}
    ],
}  # fmt: skip


def city(folder: Path, parameters: str = PARAMETERS) -> Services:
    """A town with one row of everything."""
    town = folder / "town"
    (town / "rankings").mkdir(parents=True)
    (town / "parameters.toml").write_text(parameters, encoding="utf-8")
    (town / "rankings" / "top20.toml").write_text(RANKING, encoding="utf-8")
    snapshot = small_city(folder, ROWS, business_date=TODAY, city=town)
    settings = Settings(name="Kleinstadt", ags="01001000", city=town)
    return Services(settings, load_catalog(town), OneSnapshot(snapshot), Ledger(settings.ledger_url))  # type: ignore[arg-type]


def read(services: Services, viewer: Viewer = LEITUNG, page: Any = wirkungen, **params: str) -> str:
    return words(page.layout(services, viewer, params))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return city(tmp_path_factory.mktemp("stadt"))


@pytest.fixture(scope="module")
def page(town: Services) -> str:
    return read(town)


@pytest.fixture(scope="module")
def council(town: Services) -> str:
    return read(town, page=massnahmen)


def test_cases_stand_by_channel_with_their_total(page: str) -> None:
    assert "30,0 % von 100 Anträgen kommen online" in page
    assert "Wohngeld 30 70 100 gesamt 30 70 100" in page


def test_effort_without_wage_has_hours_but_no_amount_and_says_why(page: str) -> None:
    assert "Verwaltung 30 Stunden 1.800 €" in page
    assert "Unternehmen 10 Stunden –" in page
    assert "der Lohnsatz fehlt in parameters.toml" in page


def test_savings_stand_beside_the_parameters_they_rest_on(page: str) -> None:
    # 1,000 − 800 = 200 sheets × 5 g = 1 kg; 15 trips × 8 km × 150 g = 18 kg.
    assert "19 kg CO₂ in zwölf Monaten gespart" in page
    assert "Papier (Blatt) 200 1 kg Wege zum Amt 15 18 kg" in page
    assert "CO₂ je Blatt Papier 5 g je Blatt 01.01.2015 Studie von 2015" in page
    assert "Lohnsatz der Wirtschaft – – kein Wert: in parameters.toml mit Tag und Quelle eintragen" in page


def test_without_parameters_there_is_no_co2_and_the_page_says_what_is_missing(tmp_path: Path) -> None:
    text = read(city(tmp_path, ""))
    assert "Eingespartes CO₂: kein Wert" in text
    assert "Papier (Blatt) 200 – (Parameter oder Ausgangswert fehlt)" in text
    assert "CO₂ je Blatt Papier – – kein Wert" in text
    assert "nicht möglich" not in text


def test_expected_and_reached_values_stand_with_method_and_confidence(page: str) -> None:
    assert "Keine Wirkung wie erwartet oder besser" in page
    assert "1.000 Blatt (gemessen) 600 Blatt (gemessen) 700 Blatt (gemessen) 75 % hoch" in page


def test_the_effects_keep_goals_and_effort_and_lead_no_more_to_what_moved(page: str) -> None:
    assert "Ratsaufträgen" not in page and "Posteingang" not in page and "Gewichte:" not in page
    assert "Erwartung und Aufwand" in page


def test_the_dms_page_shows_mail_in_and_training_and_what_nobody_reported(town: Services) -> None:
    text = read(town, page=dms)
    assert "1 von 2 Einheiten mit digitalem Posteingang" in text
    assert "FD10 40 von 50 – Echtbetrieb 45 von 50" in text
    assert "FD32 40 von 50 – ohne Angabe –" in text


def test_council_items_show_vague_deadlines_and_the_overdue_first(council: str) -> None:
    assert "1 von 2 Ratsaufträgen in der Frist erledigt" in council
    first, second, third = (council.index(title) for title in ("Online-Termine", "Bauakte", "Aktenplan"))
    assert first < second < third
    assert "FD10 1. Quartal 2026 Beschluss überfällig" in council
    assert "FD32 2. Quartal 2026 Beschluss in Bearbeitung" in council


def test_the_ranking_names_its_weights_so_that_it_can_be_recomputed(council: str) -> None:
    assert "1 Wohngeld FD32 nicht eingestuft 92,5 Nachfrage 92,5" in council
    assert "Gewichte: Nachfrage 40" in council and "Prioritätenliste 03/2025, gilt ab 01.03.2025" in council


def test_a_person_of_one_unit_sees_only_its_council_items_and_units(town: Services) -> None:
    head = viewer_of("fachbereichsleitung", "D2")
    text = read(town, head, massnahmen)
    assert "Bauakte" in text and "Online-Termine" not in text
    assert "Keine Einheit mit digitalem Posteingang" in read(town, head, dms)
