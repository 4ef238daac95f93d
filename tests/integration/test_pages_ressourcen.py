"""Ressourcen as people see it: need and stock, the scenarios of the address, posts and never persons."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboard.auth.viewer import Viewer
from dashboard.demo.city import TEMPLATE
from dashboard.pages import ressourcen
from dashboard.services import Services
from metrics.result import Scope
from tests.services_city import services_city, services_rows, viewer_of, words

LEITUNG = viewer_of("leitung")
MODEL = "musterstadt_personal"


def planned() -> list[Mapping[str, Any]]:
    """Both roles need 100 days a month of 2026; technology has 80 of them, organisation 110."""
    return [
        {"month": date(2026, month, 1), "role": role, "needed_pt": 100, "available_pt": there}
        for month in range(1, 13)
        for role, there in (("organisatorisch", 110), ("technisch", 80))
    ]


def posts(count: int) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """So many full posts of one unit, all but one filled; the last is kw."""
    plan = [
        {
            "post_id": f"S{n}", "valid_from": date(2021, 1, 1), "bezeichnung": "Netze", "produkt": "111250",
            "org_unit_id": "FD10", "art": "planstelle", "grade": "EG 11", "fte": 1, "kw": n == 0,
            "kw_ab": date(2027, 12, 31) if n == 0 else None,
        }
        for n in range(count)
    ]  # fmt: skip
    filled = [
        {"post_id": f"S{n}", "valid_from": date(2021, 1, 1), "filled_fte": int(n > 0)} for n in range(count)
    ]
    return plan, filled


def town(folder: Path, *, count: int = 12, capacity: bool = True, models: bool = True) -> Services:
    """A small town with a plan of person-days, a Stellenplan and the model of the example city."""
    plan, filled = posts(count)
    rows = {**services_rows(), "post": plan, "post_filled": filled, "capacity": planned() if capacity else []}
    folder.mkdir(exist_ok=True)
    services = services_city(folder, rows=rows)
    if models:
        shutil.copytree(TEMPLATE / "models", services.settings.city / "models")
    return services


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    yield town(tmp_path_factory.mktemp("klein"))


def drawn(services: Services, viewer: Viewer = LEITUNG, **params: str) -> Component:
    """The page, with the model of the example city unless another one is asked for."""
    asked = {name.replace("__", "."): value for name, value in params.items()}
    return ressourcen.layout(services, viewer, {"modell": MODEL, **asked})


def shown(services: Services, viewer: Viewer = LEITUNG, **params: str) -> str:
    """All text of the page."""
    return words(drawn(services, viewer, **params))


def parts(component: object) -> list[Component]:
    """Every component of a drawing."""
    if isinstance(component, list | tuple):
        return [part for item in component for part in parts(item)]
    if not isinstance(component, Component):
        return []
    return [component, *parts(getattr(component, "children", None))]


def inputs(component: Component) -> dict[str, str]:
    """Value of each field by its name."""
    fields = [part for part in parts(component) if getattr(part, "name", None)]
    return {str(part.name): str(part.value) for part in fields}


def test_the_page_says_whether_the_days_suffice_and_names_the_bottleneck(small: Services) -> None:
    text = shown(small)
    assert "2026 fehlen 120 von 2.400 Personentagen: 95,0 % sind gedeckt." in text
    assert "Engpass ist der technische Teil: Dort fehlen 240 Personentage." in text
    assert "In allen 4 Quartalen fehlen Personentage" in text
    assert "1. Quartal 2026 600 570 −30" in text


def test_one_role_alone_is_told_as_such(small: Services) -> None:
    text = shown(small, rolle="organisatorisch")
    assert (
        "2026 bleiben im organisatorischen Teil bei einem Bedarf von 1.200 noch 120 Personentage frei" in text
    )
    assert "In keinem Quartal fehlen Personentage" in text and "Filter zurücksetzen" in text
    assert "alle Rollen" in shown(small, rolle="erfunden")


def test_the_scenario_tells_its_need_with_the_span_from_the_running_quarter_on(small: Services) -> None:
    text = shown(small)
    # 300 × 15…20 ÷ 17 organisational and 300 × 10…15 ÷ 12 technical days.
    assert "2. Quartal 2026 600 570 −30 600 (515 bis 728)" in text
    assert "1. Quartal 2026 600 570 −30 –" in text
    doubled = shown(small, p__cases="792")
    assert "2. Quartal 2026 600 570 −30 1.200 (1.029 bis 1.456)" in doubled


def test_two_scenarios_stand_side_by_side_with_what_parts_them(small: Services) -> None:
    text = shown(small)
    assert "Szenario A Organisatorischer und technischer Teil" in text
    assert "Benötigte Personentage 11.484 (9.900 bis 13.860) PT 6.732 (5.940 bis 7.920) PT −4.752 PT" in text
    assert "Engpass Technik Organisation" in text
    assert "Frist gehalten nein, in keinem Fall offen, die Frist liegt in der Spanne" in text
    assert "Frist 31.12.2030: A verfehlt, B offen" in text


def test_each_scenario_has_its_own_values_in_the_address_and_the_model_stays(small: Services) -> None:
    page = drawn(small, p__posts__technisch="6,5", b__cases="300")
    fields, text = inputs(page), words(page)
    assert (fields["p.posts.technisch"], fields["b.posts.technisch"]) == ("6,5", "3,7")
    assert (fields["p.cases"], fields["b.cases"]) == ("396", "300")
    assert "statt 3,7" in text and "statt 396" in text
    assert "Szenario A und Szenario B mit geänderten Annahmen" in text
    (reset,) = [
        p for p in parts(page) if getattr(p, "children", "") == "Annahmen der Vorlage wiederherstellen"
    ]
    assert "p.posts" not in reset.href and "b.cases" not in reset.href and "modell=" in reset.href
    assert inputs(drawn(small))["p.posts.technisch"] == "3,7"


def test_a_value_that_is_no_number_is_told_in_german_and_the_rest_is_computed(small: Services) -> None:
    page = drawn(small, p__posts__technisch="viele", p__cases="300", b__due="31.12.2020")
    text = words(page)
    assert "Szenario A, Stellen, Technik: Bitte nur Zahlen ab 0 mit Komma eingeben" in text
    assert "Szenario B, So lässt sich nicht rechnen: Die Frist liegt nach dem Beginn." in text
    assert inputs(page)["p.posts.technisch"] == "viele"
    assert "8.700 (7.500 bis 10.500) PT" in text, "300 projects of 29 days"


def test_buttons_beside_a_number_name_what_they_move_and_days_have_none(small: Services) -> None:
    buttons = [p for p in parts(drawn(small)) if getattr(p, "className", "") == "step-button"]
    fields = {getattr(p, "data-field") for p in buttons}
    assert len(buttons) == 2 * len(fields) and "p-due" not in fields and "b-cases" in fields
    labels = {getattr(p, "aria-label") for p in buttons}
    assert "Stellen, Technik, Szenario A: mehr (um 0,5)" in labels
    assert "Fälle, Szenario B: weniger (um 10)" in labels


def test_every_assumption_names_its_stand_and_its_source(small: Services) -> None:
    text = shown(small)
    for words_of_it in ("Personalplanung OZG: Projekte der Jahre 2026 bis 2030", "12/2025"):
        assert words_of_it in text
    assert "Was ungeprüft übernommen wurde" in text


def test_below_ten_posts_nobody_computes_how_far_they_are_filled(tmp_path: Path, small: Services) -> None:
    assert "11,0 von 12,0 VZÄ sind besetzt" in shown(small)
    few = shown(town(tmp_path / "wenige", count=9))
    assert "unter 10 Stellen nicht ausgewiesen" in few and "sind besetzt" not in few
    assert "8,0" not in few, "the filled extent of nine posts stands nowhere"
    assert "Stellen gesamt 9,0" in few


def test_the_stellenplan_counts_posts_by_grade_and_leads_to_the_budget(small: Services) -> None:
    page = drawn(small)
    assert "EG 11 12,0 0,0 1,0" in words(page)
    assert "Von 12,0 VZÄ sind 1,0 kw" in words(page)
    assert "Netze (EG 11): 1,0 VZÄ fällt nach dem 31.12.2027 weg (kw)" in words(page)
    hrefs = [str(getattr(part, "href", "")) for part in parts(page)]
    assert "/budget#budgets-und-stellen" in hrefs


def test_who_sees_other_units_sees_no_posts_of_this_one(small: Services) -> None:
    other = replace(viewer_of("fachbereichsleitung", "FD32"), scope=Scope.of("FD32"))
    text = shown(small, other)
    assert "Für Ihren Bereich steht keine Stelle im Stellenplan." in text
    assert "Netze" not in text and "11,0 von" not in text


def test_a_town_without_plan_and_without_model_says_so(tmp_path: Path) -> None:
    text = shown(town(tmp_path / "leer", count=0, capacity=False, models=False))
    assert "Für 2026 ist kein Bedarf an Personentagen erfasst." in text
    assert "Noch keine Planung der Personentage freigegeben." in text
    assert "Diese Stadt hat noch kein Personalmodell" in text
    assert "None" not in text and "nan" not in text.split()


def test_another_model_of_the_town_can_be_chosen(small: Services) -> None:
    text = shown(small, modell="bielefeld_ozg")
    assert "Vorlage: Umsetzung Onlinezugangsgesetz" in text
    assert "Personal für die OZG-Umsetzung (Musterstadt)" in text
