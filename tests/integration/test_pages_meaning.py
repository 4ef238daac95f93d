"""The catalogue, the findings, the models and the data model as people see them, over published papers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboard.auth.viewer import ROLES
from dashboard.cli.stores import open_services
from dashboard.cockpits.places import places_of, shown_on
from dashboard.page import allowed_pages, discover_pages, resolve
from dashboard.pages import datenmodell, kennzahlen, modelle, ozg, vorlagen
from dashboard.services import Services
from metrics.contradictions.run import find
from metrics.result import Scope
from tests.meaning_city import meaning_city
from tests.services_city import headings, services_city, viewer_of, words
from tests.tiny_city import write_city
from warehouse.subjects import load_subjects

LEITUNG = viewer_of("leitung")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return open_services(meaning_city(tmp_path_factory.mktemp("stadt")))


def shown(
    services: Services, page: Any, params: Mapping[str, str] | None = None, role: str = "leitung"
) -> str:
    """All text of a page for a role."""
    return words(page.layout(services, viewer_of(role), params or {}))  # type: ignore[arg-type]


def parts(component: object) -> list[Component]:
    """Every component of a drawing."""
    if isinstance(component, list | tuple):
        return [part for item in component for part in parts(item)]
    if not isinstance(component, Component):
        return []
    return [component, *parts(getattr(component, "children", None))]


def anchors(component: object) -> set[str]:
    """Names of places an address may end with."""
    return {str(part.id) for part in parts(component) if getattr(part, "id", None)}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_the_new_pages_it_may_open(town: Services, role: str) -> None:
    for page in allowed_pages(discover_pages(), viewer_of(role)):
        if page.id in ("kennzahlen", "vorlagen", "modelle", "datenmodell"):
            found = resolve(discover_pages(), page.path)
            assert found is not None
            text = shown(town, found.module, role=role)
            assert page.title in text and "Anzeige nicht möglich" not in text.replace(
                "Anzeige nicht möglich –", ""
            )


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/", {}), ("/ozg-fortschritt", {}), ("/ozg-fortschritt", {"art": "buendel"}), ("/reifegrad", {}),
        ("/budget", {}), ("/wirkungen", {}), ("/ressourcen", {}), ("/datenquellen", {}), ("/kennzahlen", {}),
        ("/kennzahlen", {"kennzahl": "ozg_online_share"}), ("/kennzahlen", {"suche": "gibt-es-nicht"}),
        ("/vorlagen", {"befund": "alle"}), ("/modelle", {"modell": "bielefeld_ozg"}),
        ("/modelle", {"modell": "neumuenster_personal"}), ("/modelle", {"modell": "ozg_fortschritt"}),
        ("/datenmodell", {"gegenstand": "service"}), ("/zahl", {}), ("/hilfe", {}), ("/barrierefreiheit", {}),
        ("/zugang", {}),
    ],
)  # fmt: skip
def test_headings_begin_with_the_title_and_leave_out_no_level(
    town: Services, path: str, params: Mapping[str, str]
) -> None:
    found = resolve(discover_pages(), path)
    assert found is not None
    levels = headings(found.module.layout(town, LEITUNG, params))
    assert [level for level, _ in levels].count(1) == 1 and levels[0][0] == 1, levels[:3]
    steps = [(one, other) for one, other in pairwise(levels) if other[0] > one[0] + 1]
    assert not steps


def test_every_finding_stands_as_a_card_with_both_values_its_rule_and_its_papers(town: Services) -> None:
    findings = find(town.catalog, town.snapshot(), town.settings.city, scope=Scope.city())
    page = vorlagen.layout(town, LEITUNG, {"befund": "alle"})
    text = words(page)
    assert {f"befund-{item.id}" for item in findings} <= anchors(page)
    assert all(item.title in text for item in findings)
    assert all(paper in text for item in findings for paper in item.papers)
    assert "wie gedruckt 107.960 € rechnerisch 96.320 € Abweichung +11.640 €" in text
    assert "Regel: Ein Anteil wird von der Größe genommen, die die Vorlage nennt." in text
    assert "wie gedruckt 42 Vollzeitstellen rechnerisch 72 Vollzeitstellen Abweichung −30" in text
    assert "NMS-49 Frist der OZG-Leistungen im Leistungskatalog: fortlaufend bis 31.12.2022" in text


def test_findings_are_chosen_by_verdict_and_words_and_the_link_keeps_the_choice(town: Services) -> None:
    params = {"befund": "widerspruch", "suche": "Gemeinkosten"}
    page = vorlagen.layout(town, LEITUNG, params)
    text = words(page)
    assert "Neumünster, Gemeinkosten ab 2026" in text and "Celler Dienstleistungen" not in text
    links = {str(getattr(part, "href", "")) for part in parts(page)}
    assert "/vorlagen?befund=widerspruch&suche=Gemeinkosten#befund-neumuenster-gemeinkosten-2026" in links
    none = shown(town, vorlagen, {"suche": "gibt es nirgends"})
    assert "Keine Befunde für diese Auswahl. Filter zurücksetzen" in none
    assert "stimmt" in shown(town, vorlagen, {"befund": "erfunden", "suche": "erfunden"}), (
        "an unknown choice is none"
    )


def test_all_statements_stand_below_the_findings_as_the_papers_say_them(town: Services) -> None:
    text = shown(town, vorlagen)
    assert "über 70 %" in text
    assert "Aussagen, keine ist ein Wert dieser Stadt" in text


def test_the_capacity_model_shows_72_posts_its_bottleneck_and_every_assumption(town: Services) -> None:
    text = shown(town, modelle, {"modell": "bielefeld_ozg"})
    assert "Bis 31.12.2022 sind 72 Stellen nötig (65 bis 72), gerechnet wird mit 12." in text
    assert "Engpass ist Technik (100.2)" in text
    assert "aus der Vorlage zurückgerechnet: 600 × 17 Personentage" in text
    assert "Spanne" in text and "2021" in text
    presented = shown(town, modelle, {"modell": "bielefeld_ozg", "rechnung": "wie_vorgelegt"})
    assert "sind 42 Stellen nötig" in presented and "Vorlage: 42" in presented


def test_other_values_are_computed_from_the_address_and_never_stored(town: Services) -> None:
    before = {path.name: path.read_bytes() for path in (town.settings.city / "models").iterdir()}
    params = {"modell": "bielefeld_ozg", "p.posts.technisch": "12,5", "p.due": "31.12.2026"}
    text = shown(town, modelle, params)
    assert "Bis 31.12.2026" in text and "mit geänderten Annahmen" in text
    assert "Annahme der Abfrage (statt 4)" in text
    assert "Annahmen der Vorlage wiederherstellen" in text
    assert {path.name: path.read_bytes() for path in (town.settings.city / "models").iterdir()} == before
    assert "sind 72 Stellen nötig" in shown(town, modelle, {"modell": "bielefeld_ozg"})


def test_a_value_that_cannot_be_read_is_told_at_its_field_and_the_rest_is_computed(town: Services) -> None:
    page = modelle.layout(
        town, LEITUNG, {"modell": "bielefeld_ozg", "p.cases": "viele", "p.due": "31.12.2026"}
    )
    text = words(page)
    assert "Fälle: Bitte nur Zahlen ab 0 mit Komma eingeben" in text
    assert "Bis 31.12.2026" in text
    assert any(getattr(part, "value", None) == "viele" for part in parts(page)), (
        "the person sees the typed value"
    )
    early = shown(town, modelle, {"modell": "bielefeld_ozg", "p.due": "31.12.2020"})
    assert "Die Frist liegt nach dem Beginn" in early and "Bis 31.12.2022 sind 72" in early


def test_the_cost_model_marks_the_amounts_that_do_not_follow_from_their_rule(town: Services) -> None:
    text = shown(town, modelle, {"modell": "neumuenster_personal"})
    assert "2 von 18 gedruckten Beträgen folgen nicht aus der eigenen Regel." in text
    assert "107.960 96.320 +11.640 andere Basis: Haushaltswirksame Kosten" in text


def test_a_projection_without_observations_says_so(town: Services) -> None:
    assert "liegen noch keine Werte vor" in shown(town, modelle, {"modell": "ozg_fortschritt"})


def test_a_city_without_models_and_papers_says_what_is_missing(tmp_path: Path) -> None:
    empty = open_services(write_city(tmp_path))
    assert "Diese Stadt hat noch keine Modelle" in shown(empty, modelle)
    assert "Kennzahlen sind beschrieben." in shown(empty, kennzahlen)
    assert "noch keine" in shown(empty, datenmodell)


def test_every_subject_is_described_with_all_its_columns_from_its_own_file(town: Services) -> None:
    text = shown(town, datenmodell, {"gegenstand": "alle"})
    for subject in load_subjects(None).values():
        assert subject.title in text and subject.description in text
        assert all(f"{column.title} {name}" in text for name, column in subject.columns.items()), subject.id
    assert "genau, ueber, rund, hoechstens, mindestens, spanne, unbekannt" in text
    assert "Aussagen aus Ratsvorlagen" in text, "who delivers it"


def test_rulers_crosswalks_counting_rules_and_populations_are_part_of_the_data_model(town: Services) -> None:
    text = shown(town, datenmodell)
    assert (
        "Reifegradmodell des Bundes 2.0" in text
        and "7 nicht belegt Durchgehend Ende-zu-Ende digital." in text
    )
    assert "nicht übertragbar" in text and "In mindestens einer Kommune" in text
    assert all(population.definition in text for population in town.catalog.populations.values())


def test_the_catalogue_is_searched_by_number_area_population_source_and_owner(town: Services) -> None:
    for search in ("OZG-01", "aussage_vorlage", "Aussagen aus Ratsvorlagen", "Andere Städte"):
        text = shown(town, kennzahlen, {"suche": search})
        assert "zu „" in text and "Keine Kennzahl" not in text, search
    by_source = shown(town, kennzahlen, {"quelle": "haushalt_freiburg"})
    assert "2 von " in by_source and "VGL-01" in by_source and "BUD-15" in by_source
    assert "OZG-01" not in by_source
    by_area = shown(town, kennzahlen, {"bereich": "dms"})
    assert "DMS-01" in by_area and "OZG-01" not in by_area
    nothing = shown(town, kennzahlen, {"bereich": "dms", "quelle": "haushalt_freiburg"})
    assert "Keine Kennzahlen für diese Auswahl. Suche und Filter zurücksetzen" in nothing
    assert "OZG-01" in shown(town, kennzahlen, {"quelle": "erfunden"}), "an unknown source is no choice"


def test_every_line_of_the_catalogue_names_version_and_last_change(town: Services) -> None:
    text = shown(town, kennzahlen)
    for metric in town.catalog.metrics.values():
        assert f"({metric.hash[:8]})" in text, metric.id


def test_where_a_figure_is_used_is_found_by_drawing_the_pages(tmp_path: Path) -> None:
    city = services_city(tmp_path)
    pages = [item for item in discover_pages() if item.page.id in ("ozg", "reifegrad")]
    assert [place.words for place in places_of(city, "ozg_project_step_days", pages, "")] == [
        "OZG-Fortschritt (Laufende Projekte nach Schritt)"
    ]
    assert [place.title for place in places_of(city, "reifegrad_almost_count", pages, "")] == ["Reifegrad"]
    assert places_of(city, "budget_frame_eur", pages, "") == ()
    assert "budget_frame_eur" not in shown_on(city, pages, "")
    sheet = words(kennzahlen.layout(city, LEITUNG, {"kennzahl": "ozg_project_step_days"}))
    assert "Verwendet in OZG-Fortschritt : Laufende Projekte nach Schritt" in sheet


def test_a_check_and_a_model_count_as_places_too(town: Services) -> None:
    found = shown_on(town, [], "")
    assert any("Prüfung „Freiburg" in place.words for place in found["city_budget_result_eur"])
    assert [place.path for place in found["ozg_new_online_count"]] == ["/modelle?modell=ozg_fortschritt"]


def test_the_curve_of_the_cockpit_takes_its_span_from_the_model_and_leads_to_its_assumptions(
    tmp_path: Path,
) -> None:
    city = services_city(tmp_path)
    folder = city.settings.city / "models"
    folder.mkdir()
    source = Path(__file__).parents[2] / "dashboard/demo/city/models/ozg_fortschritt.toml"
    text = source.read_text(encoding="utf-8")
    (folder / "eigenes.toml").write_text(text, encoding="utf-8")
    drawn = words(ozg.layout(city, LEITUNG, {}))
    assert "Annahmen" in drawn
    short = text.replace("value  = 24", "value  = 6")
    (folder / "eigenes.toml").write_text(short, encoding="utf-8")
    other = services_city_again(city)
    assert words(ozg.layout(other, LEITUNG, {})) != drawn, "a shorter span is a narrower band"


def services_city_again(city: Services) -> Services:
    """The same city as another process sees it."""
    return Services(city.settings, city.catalog, city.reader, city.ledger)
