"""OZG-Fortschritt and Reifegrad: what a person reads there follows from the data, filters and rights."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.auth.viewer import Role
from dashboard.components.address import address
from dashboard.frame.origin import requested_origin
from dashboard.pages import ozg, reifegrad
from dashboard.services import Services
from tests.services_city import graphs, hrefs, services_city, services_rows, viewer_of, words
from warehouse.ledger import Ledger


@pytest.fixture
def city(tmp_path: Path) -> Services:
    return services_city(tmp_path)


LEITUNG = viewer_of("leitung")


@pytest.mark.parametrize("page", [ozg, reifegrad])
@pytest.mark.parametrize(
    ("role", "units"), [("leitung", ()), ("controlling", ()), ("fachbereichsleitung", ("D1",))]
)
def test_every_allowed_role_sees_a_page_without_failed_cards(
    city: Services, page: object, role: Role, units: tuple[str, ...]
) -> None:
    text = words(page.layout(city, viewer_of(role, *units), {}))  # type: ignore[attr-defined]
    assert "nicht möglich" not in text
    assert "Keine Leistungen" not in text


def test_the_lagesatz_counts_services_against_the_target_of_today(city: Services) -> None:
    text = words(ozg.layout(city, LEITUNG, {}))
    assert "4 von 8 Leistungen sind online, genau wie geplant." in text
    assert "Einzelleistungen (8)" in text
    assert "OZG-Leistungen (4)" in text
    assert "50,0 % · Soll 48,8 % (4)" in text


def test_a_head_of_units_counts_only_their_services(city: Services) -> None:
    text = words(ozg.layout(city, viewer_of("fachbereichsleitung", "D2"), {}))
    assert "Keine von 2 Leistungen ist online" in text
    assert "FD10" not in text.replace("Kleinstadt", "")
    assert "OZG-Leistungen (4)" in text, "bundles stay city-wide"


def test_a_viewer_without_units_sees_states_instead_of_figures(city: Services) -> None:
    for page in (ozg, reifegrad):
        text = words(page.layout(city, viewer_of("fachbereichsleitung"), {}))
        assert "Für diese Auswahl liegen keine" in text
        assert "Keine Leistungen für diese Auswahl. Filter zurücksetzen" in text
        assert "nicht möglich" not in text


def test_bundles_are_another_population_with_another_metric(city: Services) -> None:
    text = words(ozg.layout(city, LEITUNG, {"art": "buendel", "einheit": "FD32"}))
    assert "2 von 4 OZG-Leistungen sind online." in text
    assert "OZG-07" in text
    assert "OZG-01" not in text
    assert "Laufende Projekte" not in text


def test_filters_narrow_every_figure_and_stay_in_the_links(city: Services) -> None:
    drawn = ozg.layout(city, LEITUNG, {"themenfeld": "Bildung", "stichtag": "2025-12-31"})
    assert "1 von 3 Leistungen ist online" in words(drawn)
    assert "einheit=FD20" in str(drawn.to_plotly_json())
    assert "themenfeld=Bildung&stichtag=2025-12-31" in str(drawn.to_plotly_json())


@pytest.mark.parametrize(
    "params",
    [{"themenfeld": "Zoo"}, {"stichtag": "2026-05-15"}, {"stichtag": "gestern"}, {"einheit": "FD99"}],
)
@pytest.mark.parametrize("page", [ozg, reifegrad])
def test_values_nobody_offers_are_ignored_and_not_carried_on(
    city: Services, page: object, params: dict[str, str]
) -> None:
    drawn = page.layout(city, LEITUNG, params)  # type: ignore[attr-defined]
    assert words(drawn) == words(page.layout(city, LEITUNG, {}))  # type: ignore[attr-defined]
    name, value = next(iter(params.items()))
    assert f"{name}={value}" not in str(drawn.to_plotly_json())


def test_a_town_without_targets_claims_nothing_about_a_backlog(tmp_path: Path) -> None:
    text = words(ozg.layout(services_city(tmp_path, targets=""), LEITUNG, {}))
    assert "4 von 8 Leistungen sind online." in text
    assert "kein Soll vereinbart" in text
    assert "Reifegrad nach Themenfeld" in text
    assert "Engpass" not in text


def test_an_empty_warehouse_shows_states(tmp_path: Path) -> None:
    empty = services_city(tmp_path, rows={})
    for page in (ozg, reifegrad):
        text = words(page.layout(empty, LEITUNG, {}))
        assert "nicht möglich" not in text
        assert "Für diese Auswahl liegen keine" in text


def test_one_failing_figure_takes_only_its_card(city: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = city.query

    def query(viewer: object, metric_id: str, **more: object) -> object:
        if metric_id == "ozg_project_step_days":
            raise RuntimeError("kaputt")
        return ask(viewer, metric_id, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(city, "query", query)
    text = words(ozg.layout(city, LEITUNG, {}))
    assert "Anzeige nicht möglich" in text
    assert "Vorgangsnummer" in text
    assert "kaputt" not in text
    assert "Themenfeld" in text


def test_the_bottleneck_is_the_step_beyond_its_target(city: Services) -> None:
    text = words(ozg.layout(city, LEITUNG, {}))
    assert "Technische Umsetzung ist der Engpass" in text
    assert "Technische Umsetzung 1 130 60" in text


def test_reifegrad_names_threshold_end_to_end_and_what_is_nearly_there(city: Services) -> None:
    text = words(reifegrad.layout(city, LEITUNG, {}))
    assert "50,0 % der Leistungen erfüllen das OZG (Reifegrad 3 oder 4), 12,5 % laufen Ende-zu-Ende." in text
    assert "1 Leistung fehlt nur ein Baustein." in text
    assert "1 mehr online seit Ende 2025" in text
    assert "Leistung S5 FD20 2 Bezahlkomponente" in text


def test_the_matrix_counts_newly_online_and_names_a_downgrade(city: Services) -> None:
    text = words(reifegrad.layout(city, LEITUNG, {}))
    assert "1 Leistung ist neu online" in text
    assert "1 zurückgestuft" in text


def test_missing_blocks_are_not_told_for_a_day_of_the_past(city: Services) -> None:
    text = words(reifegrad.layout(city, LEITUNG, {"stichtag": "2026-04-30"}))
    assert "Fehlende Bausteine werden ohne Verlauf geführt" in text
    assert "Bezahlkomponente" not in text
    assert "fehlt nur ein Baustein" not in text


def test_another_scale_appears_only_with_data_and_is_never_mixed(tmp_path: Path, city: Services) -> None:
    assert "2.0" not in words(reifegrad.layout(city, LEITUNG, {"skala": "ozg_2_0"}))
    rows = services_rows()
    pilot = {**rows["assessment"][0], "reifegrad_modell": "ozg_2_0", "reifegrad": 5}
    other = tmp_path / "zweite"
    other.mkdir()
    drawn = reifegrad.layout(
        services_city(other, rows={**rows, "assessment": [*rows["assessment"], pilot]}),
        LEITUNG,
        {"skala": "ozg_2_0"},
    )
    text = words(drawn)
    assert "1 von 8 Leistungen ist nach der Skala Bund 2.0 (0–7) eingestuft." in text
    assert "neu online" not in text
    assert not graphs(drawn)


def test_tables_show_the_values_of_their_charts(city: Services) -> None:
    drawn = reifegrad.layout(city, LEITUNG, {})
    stair = graphs(drawn)[0]["data"]
    now = [trace["y"][0] for trace in stair[1:]]
    before = stair[0]["y"]
    text = words(drawn)
    for stage, label in enumerate(("Offline", "Information", "Formular-Assistent", "Online-Leistung")):
        assert f"{stage} {label} {before[stage]} {now[stage]}" in text
    assert sum(now) == 8
    traces = graphs(ozg.layout(city, LEITUNG, {}))[0]["data"]
    ist = next(trace for trace in traces if trace.get("line", {}).get("width") == 3)
    assert (ist["x"][-1], ist["y"][-1]) == ("2026-06-09", 0.5)
    assert "09.06.2026 50,0 % 48,8 %" in words(ozg.layout(city, LEITUNG, {}))


@pytest.mark.parametrize("page", [ozg, reifegrad])
def test_the_origin_of_a_figure_of_the_past_is_that_of_the_same_day(
    city: Services, page: Any, tmp_path: Path
) -> None:
    city.ledger = Ledger(f"sqlite:///{tmp_path}/kladde.sqlite")
    path, item = page.PAGE.path, "ozg_online_share"
    drawn = page.layout(city, LEITUNG, {"stichtag": "2026-01-31"})
    links = [href for href in hrefs(drawn) if "zahl=" in href]
    assert links and all("zahl-stichtag=2026-01-31" in href for href in links)
    assert not [href for href in hrefs(page.layout(city, LEITUNG, {})) if "zahl-stichtag" in href]
    params = {"zahl": item, "zahl-stichtag": "2026-01-31", "stichtag": "2026-01-31"}
    then = words(requested_origin(city, LEITUNG, page.PAGE, (), params))
    now = words(requested_origin(city, LEITUNG, page.PAGE, (), {"zahl": item}))
    value = city.query(LEITUNG, item, at=date(2026, 1, 31)).total
    assert value is not None and f"{value.numerator} ÷ {value.denominator}" in then
    assert f"{value.numerator} ÷ {value.denominator}" not in now
    assert address(path, params) == f"{path}?stichtag=2026-01-31", "closing the panel forgets its day"
