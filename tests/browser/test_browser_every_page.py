"""Every page and state once on a wide and once on a narrow screen, measured in all settings that matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from dashboard.page import discover_pages
from tests.browser.chromium import DESKTOP, MOBILE, Desk, Person
from tests.browser.examine import (
    SPACING,
    axe_findings,
    code_words,
    colour_alone,
    cut_text,
    heading_faults,
    lost_in_forced_colours,
    lost_labels,
    moving,
    nameless_drawings,
    sideways,
    small_targets,
    table_faults,
    too_small_for_a_finger,
    unnamed,
)

STATES = (
    "/?zahl=ozg_online_share",
    "/ozg-fortschritt?art=buendel",
    "/ozg-fortschritt?themenfeld=gibt-es-nicht",
    "/ozg-fortschritt?stichtag=2026-03-31&zahl=service_enabler_share&zahl.baustein=eid",
    "/ozg-fortschritt?verfahren=alle&loesungsweg=efa",
    "/budget?plan_art=finanzplan",
    "/budget?haushaltsjahr=2025&produkt=alle",
    "/wirkungen?perspektive=verwaltung&einheit=FD32",
    "/ressourcen?rolle=technisch&p.posts.technisch=viele&b.cases=300",
    "/dms-rollout?dezernat=DEZ4&stichtag=2026-03-31",
    "/massnahmen?ansicht=liste&suche=Prozess&seite=2",
    "/massnahmen?ansicht=fahrplan&einheit=FD63",
    "/massnahmen?ansicht=tafel&ziel=2",
    "/datenquellen?quelle=wirkungsmessung",
    "/kennzahlen?kennzahl=ozg_online_share",
    "/kennzahlen?suche=Haushalt&bereich=budget",
    "/kennzahlen?suche=gibt-es-nicht",
    "/vorlagen?befund=widerspruch",
    "/modelle?modell=bielefeld_ozg&p.cases=viele&p.due=31.12.2026",
    "/modelle?modell=neumuenster_personal",
    "/modelle?modell=ozg_fortschritt",
    "/datenmodell?gegenstand=service",
    "/zahl/ozg_online_share/2026-06-09/gibt-es-nicht",
    "/aufgliederung/ozg_online_share?einheit=DEZ4",
    "/aufgliederung/reifegrad_distribution?nach=fachdienst",
    "/aufgliederung/case_long_count?einheit=FD-GIBT-ES-NICHT",
    "/datensaetze/services?einheit=FD63&suche=bau&zeilen=25",
    "/datensaetze/measures?is_overdue=true&zeilen=25&spalten=alle",
    "/datensatz/services/MS-012008001000",
    "/datensatz/services/gibt-es-nicht",
    "/explorer?zeilen=themenfeld,fachdienst&spalten=bucket&auf=*&zelle=Umwelt;2;0&f.themenfeld=in:Umwelt|Bildung",
    "/explorer?bearbeiten=themenfeld",
    "/explorer?daten=liste:services&ansicht=liste",
    "/explorer?werte=ozg_online_share&zeilen=themenfeld&spalten=year&zeige=differenz&gegen=vorjahr",
    "/explorer?zeilen=unbekannt",
    "/cockpit/bauantraege",
    "/cockpit/buergerservice?channel=online",
    "/?stichtag=2026-05-31",
    "/?bericht=2026-06-01",
    "/budget?stichtag=2025-12-31",
    "/wirkungen?stichtag=2026-04-30",
    "/hilfe/datenerfassung",
    # The views of the example city are named by person and form: these names are always the same.
    "/ansichten/6cd75ac1e2545fb9b4715e9b054661a5/verwalten",
    "/barriere-melden?seite=/budget&fehler=leer",
    "/barriere-melden?seite=/budget&gemeldet=AB12CD34",
)
PLACES = (*(item.page.path for item in discover_pages()), *STATES)


@dataclass
class Visit:
    """Findings of one place by setting."""

    axe: dict[str, list[str]] = field(default_factory=dict)
    sideways: dict[str, list[str]] = field(default_factory=dict)
    cut: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    targets: dict[str, list[str]] = field(default_factory=dict)
    plain: dict[str, list[str]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def wide(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung", DESKTOP) as person:
        yield person


@pytest.fixture(scope="module")
def narrow(desk: Desk) -> Iterator[Person]:
    with desk.person("leitung", MOBILE, has_touch=True) as person:
        yield person


@pytest.fixture(scope="module", params=PLACES)
def visit(request: pytest.FixtureRequest, wide: Person, narrow: Person) -> Visit:
    """One visit per place; windows are resized instead of opened anew where that is the same."""
    visit = Visit()
    try:
        _look_wide(wide, request.param, visit)
        _look_narrow(narrow, request.param, visit)
    except Exception:
        # The next place begins with a page of its own.
        for person in (wide, narrow):
            person.page.goto("about:blank")
            person.page.emulate_media(color_scheme="light")
        raise
    visit.trouble = wide.trouble.everything() + narrow.trouble.everything()
    for person in (wide, narrow):
        person.trouble.clear()
    for findings in (visit.axe, visit.sideways, visit.cut, visit.labels, visit.targets, visit.plain):
        for setting in [s for s, lines in findings.items() if not lines]:
            del findings[setting]
    return visit


def _look_wide(person: Person, place: str, visit: Visit) -> None:
    page = person.page
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    person.follow(place)
    _measure(person, "1440", visit)
    visit.axe["1440 light"] = axe_findings(page)
    visit.headings, visit.codes = heading_faults(page), code_words(page)
    visit.targets["1440"] = small_targets(page)
    visit.plain["forced colours"] = lost_in_forced_colours(page)
    visit.plain["reduced motion"] = moving(page)
    visit.plain["colour alone"] = colour_alone(page)
    visit.names = [*unnamed(page), *table_faults(page), *nameless_drawings(page)]
    page.emulate_media(color_scheme="dark")
    person.wait()
    visit.axe["1440 dark"] = axe_findings(page, colours_only=True)
    page.emulate_media(color_scheme="light")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    person.wait()
    visit.sideways["1440 at 200 % text"] = sideways(page)
    visit.cut["1440 at 200 % text"] = cut_text(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    person.resize(1024, 768)
    _measure(person, "1024", visit)


def _look_narrow(person: Person, place: str, visit: Visit) -> None:
    page = person.page
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    person.follow(place)
    _measure(person, "390", visit)
    visit.axe["390 light"] = axe_findings(page)
    visit.targets["390"] = small_targets(page)
    visit.targets["390 by finger"] = too_small_for_a_finger(page)
    page.emulate_media(color_scheme="dark")
    person.wait()
    visit.axe["390 dark"] = axe_findings(page, colours_only=True)
    page.emulate_media(color_scheme="light")
    spaced = page.add_style_tag(content=SPACING)
    visit.sideways["390 with text spacing"] = sideways(page)
    visit.cut["390 with text spacing"] = cut_text(page)
    spaced.evaluate("style => style.remove()")
    person.resize(320, 640)
    _measure(person, "320", visit)


def _measure(person: Person, setting: str, visit: Visit) -> None:
    visit.sideways[setting] = sideways(person.page)
    visit.cut[setting] = cut_text(person.page)
    visit.labels[setting] = lost_labels(person.page)


def _said(findings: dict[str, list[str]]) -> str:
    return "\n".join(f"{setting}: {line}" for setting, lines in findings.items() for line in lines)


def test_axe_finds_nothing_in_light_dark_and_narrow(visit: Visit) -> None:
    assert not visit.axe, _said(visit.axe)


def test_m6_targets_are_24_pixels_or_stand_apart(visit: Visit) -> None:
    assert not visit.targets, _said(visit.targets)


def test_m12_nothing_is_lost_in_forced_colours_moves_or_speaks_by_colour_alone(visit: Visit) -> None:
    assert not visit.plain, _said(visit.plain)


def test_m7_language_title_tables_and_drawings_are_named(visit: Visit) -> None:
    assert not visit.names, "\n".join(visit.names)


def test_headings_begin_with_the_title_and_leave_out_no_level(visit: Visit) -> None:
    assert not visit.headings, "\n".join(visit.headings)


def test_no_name_of_a_column_and_no_code_stands_in_a_text(visit: Visit) -> None:
    assert not visit.codes, "\n".join(visit.codes)


def test_no_page_scrolls_sideways(visit: Visit) -> None:
    assert not visit.sideways, _said(visit.sideways)


def test_no_text_is_cut_off_or_sticks_out_of_its_card(visit: Visit) -> None:
    assert not visit.cut, _said(visit.cut)


def test_labels_of_drawings_stay_inside_and_apart(visit: Visit) -> None:
    assert not visit.labels, _said(visit.labels)


def test_nothing_goes_wrong_behind_the_page(visit: Visit) -> None:
    assert not visit.trouble, "\n".join(visit.trouble)
