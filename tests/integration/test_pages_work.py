"""Maßnahmen & Projekte and DMS-Rollout: every view of a small town, whole and as one unit sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from dash.development.base_component import Component

from dashboard.auth.viewer import Viewer
from dashboard.page import discover_pages
from dashboard.pages import dms, massnahmen, start
from dashboard.services import Services
from dashboard.settings import Settings
from metrics.catalog import load_catalog
from metrics.records import records
from metrics.result import Scope
from tests.services_city import TODAY, OneSnapshot, graphs, headings, hrefs, viewer_of, words
from tests.small_city import Rows, small_city
from warehouse.errors import ConfigError

TARGETS = """
[measure_overdue_share]
owner = "FD 10"
path = [{ on = 2021-01-01, value = 0.05 }]
tolerance_points = 0.03
applies_to = "each"
[measure_done_share]
owner = "FD 10"
path = [{ on = 2021-01-01, value = 0.4 }]
[dms_workplace_share]
owner = "FD 10"
path = [{ on = 2025-01-01, value = 0.5 }, { on = 2026-12-31, value = 1.0 }]
tolerance_points = 0.12
"""
DAY = timedelta(days=1)
# Of each unit: done, in work, planned, overdue.
PLAN = {"FD10": (30, 20, 10, 2), "FD20": (5, 5, 5, 5), "FD32": (10, 20, 20, 8)}


def _measure(name: str, unit: str, state: int) -> Mapping[str, Any]:
    """A measure in one of the four states on the day of the test."""
    begin = TODAY + 30 * DAY if state == 2 else TODAY - 200 * DAY
    due = TODAY - 10 * DAY if state == 3 else TODAY + 90 * DAY
    return {
        "measure_id": name, "title": f"Aufgabe {name} in {unit}", "org_unit_id": unit,
        "goal": 1 if unit == "FD10" else 2, "kind": "ozg" if state == 1 else "eigen", "planned_from": begin,
        "due_on": due, "done_on": TODAY - 5 * DAY if state == 0 else None, "recorded_on": date(2025, 1, 1),
    }  # fmt: skip


def _measures() -> list[Mapping[str, Any]]:
    wanted = [
        (unit, state) for unit, counts in PLAN.items() for state, n in enumerate(counts) for _ in range(n)
    ]
    return [_measure(f"M-{number:03d}", unit, state) for number, (unit, state) in enumerate(wanted, start=1)]


def _named(measure: str, kind: str, precision: str, due: date) -> Mapping[str, Any]:
    return {
        "about": "massnahme", "object_id": measure, "stated_on": date(2025, 7, 1), "source": "Fahrplan",
        "kind": kind, "precision": precision, "due_on": due,
    }  # fmt: skip


def _dms(unit: str, month: date, part: int, mail: str | None) -> Mapping[str, Any]:
    return {
        "org_unit_id": unit, "report_month": month, "workplaces": 50, "workplaces_connected": part,
        "licences": 40, "licences_used": min(40, part), "mail_in_status": mail,
    }  # fmt: skip


ROWS: dict[str, Rows] = {
    "measure": _measures(),
    "measure_purpose": [
        {"measure_id": "M-001", "package_id": "dms", "reach": "intern"},
        {"measure_id": "M-002", "package_id": "dms", "reach": "beides"},
        {"measure_id": "M-003", "package_id": "ozg", "reach": "extern"},
    ],
    "deadline": [
        _named("M-031", "bis", "quartal", date(2026, 8, 1)),
        _named("M-032", "fortlaufend_bis", "halbjahr", date(2026, 8, 1)),
        _named("M-033", "bis", "tag", date(2026, 9, 7)),
    ],
    "goal": [{"goal": 1, "title": "Service"}, {"goal": 2, "title": "Prozesse"}],
    "work_package": [
        {
            "package_id": "dms", "position": 1, "title": "DMS einführen", "planned_from": date(2024, 1, 1),
            "planned_to": date(2025, 12, 31), "started_on": date(2024, 1, 1),
            "forecast_to": date(2026, 12, 31), "plan_source": "Fahrplan 2020",
        },
        {
            "package_id": "ozg", "position": 2, "title": "Leistungen", "planned_from": date(2025, 1, 1),
            "planned_to": date(2027, 12, 31), "started_on": date(2025, 1, 1),
            "forecast_to": date(2027, 6, 30),
        },
    ],
    "work_milestone": [
        {"package_id": "dms", "title": "Erste Welle", "planned_on": date(2025, 1, 1)}
        | {"reached_on": date(2025, 3, 1)}
    ],
    "project": [
        {"project_id": "P1", "title": "Projekt hier", "org_unit_id": "FD10", "service_count": 1}
        | {"started_on": date(2026, 1, 1), "planned_on": date(2026, 5, 1)},
        {"project_id": "P2", "title": "Projekt dort", "org_unit_id": "FD32", "service_count": 1}
        | {"started_on": date(2026, 1, 1), "planned_on": date(2026, 12, 1)},
    ],
    "dms_unit": [
        _dms("FD10", date(2026, 3, 1), 10, "test"), _dms("FD32", date(2026, 3, 1), 0, None),
        _dms("FD10", date(2026, 6, 1), 40, "echtbetrieb"), _dms("FD32", date(2026, 6, 1), 0, None),
    ],
    "training": [
        {"org_unit_id": "FD10", "topic": "dms", "report_month": date(2026, 6, 1)}
        | {"people_planned": 50, "people_trained": 45}
    ],
    "file_scan": [
        {"org_unit_id": "FD10", "report_month": date(2026, 6, 1), "files_planned": 1000, "files_scanned": 400}
    ],
}  # fmt: skip
LEITUNG = viewer_of("leitung")
HEAD = viewer_of("fachbereichsleitung", "D2")
VIEWS = ("uebersicht", "liste", "fahrplan", "tafel")


def town_of(folder: Path, rows: Mapping[str, Rows] = ROWS) -> Services:
    town = folder / "town"
    town.mkdir(parents=True)
    (town / "targets.toml").write_text(TARGETS, encoding="utf-8")
    snapshot = small_city(folder, rows, business_date=TODAY, city=town)
    settings = Settings(name="Kleinstadt", ags="01001000", city=town)
    return Services(settings, load_catalog(town), OneSnapshot(snapshot), None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return town_of(tmp_path_factory.mktemp("stadt"))


def draw(town: Services, page: Any = massnahmen, viewer: Viewer = LEITUNG, **params: str) -> Component:
    drawn: Component = page.layout(town, viewer, params)
    return drawn


def read(town: Services, page: Any = massnahmen, viewer: Viewer = LEITUNG, **params: str) -> str:
    return words(draw(town, page, viewer, **params))


def listed(component: object) -> dict[str, Any]:
    """Spec of the list that the browser writes."""
    if isinstance(component, list | tuple):
        return next((found for item in component if (found := listed(item))), {})
    if not isinstance(component, Component):
        return {}
    if "late-list" in str(getattr(component, "className", "")):
        found: dict[str, Any] = json.loads(getattr(component, "data-table"))
        return found
    return listed(getattr(component, "children", None))


def announced(component: object) -> str:
    """What is read out when the view changes."""
    if isinstance(component, list | tuple):
        return next((found for item in component if (found := announced(item))), "")
    if not isinstance(component, Component):
        return ""
    return getattr(component, "data-announce", "") or announced(getattr(component, "children", None))


def test_the_overview_says_how_many_measures_stand_where(town: Services) -> None:
    text = read(town)
    assert "45 von 140 Maßnahmen sind abgeschlossen, 15 sind überfällig." in text
    assert "Schwerpunkt der Verzögerung: FD32 mit 8 überfälligen Maßnahmen." in text
    assert "140 davon 45 OZG" in text and "35 25,0 % 35 beginnen bis 12/2026" in text
    assert "45 32,1 % Soll heute 40,0 %" in text and "15 10,7 % Soll höchstens 5,0 %" in text
    assert "Ein Aufgabenpaket läuft länger als geplant" in text
    assert "FD20 und FD32 mit den meisten Verzögerungen" in text


def test_counts_of_band_list_and_board_agree(town: Services) -> None:
    for state, total in (("abgeschlossen", 45), ("in_arbeit", 45), ("geplant", 35), ("ueberfaellig", 15)):
        assert announced(draw(town, ansicht="liste", status=state)).startswith(f"{total} Maßnahmen")
        board = read(town, ansicht="tafel", status=state)
        assert f"Alle {total} in der Liste" in board and board.count("Ziel ") >= 8
    assert announced(draw(town, ansicht="tafel")) == "140 Maßnahmen"


def test_the_list_shows_fifty_rows_a_page_and_what_hangs_first(town: Services) -> None:
    first = draw(town, ansicht="liste")
    assert announced(first) == "140 Maßnahmen, Zeile 1 bis 50"
    spec = listed(first)
    assert len(spec["rows"]) == 50
    assert [row[spec["rated"]] for row in spec["rows"][:16]] == ["überfällig"] * 15 + ["in Arbeit"]
    assert spec["ratings"][:16] == ["krit"] * 15 + ["neu"]
    last = draw(town, ansicht="liste", seite="3")
    assert announced(last) == "140 Maßnahmen, Zeile 101 bis 140" and len(listed(last)["rows"]) == 40
    beyond = draw(town, ansicht="liste", seite="99")
    assert listed(beyond) == listed(last)
    seen = [row[0] for page in "123" for row in listed(draw(town, ansicht="liste", seite=page))["rows"]]
    assert len(seen) == len(set(seen)) == 140, "no measure twice, none left out"


def test_heads_sort_by_address_and_keep_the_rest_of_it(town: Services) -> None:
    spec = listed(draw(town, ansicht="liste", ziel="2", seite="2"))
    (named,) = [head for head in spec["heads"] if head["label"] == "Maßnahme"]
    asked = dict(parse_qsl(urlsplit(named["href"]).query))
    assert asked == {"ansicht": "liste", "ziel": "2", "sortierung": "title"}, "from the first page"
    spec = listed(draw(town, **asked))
    titles = [row[spec["named"]] for row in spec["rows"]]
    assert titles == sorted(titles)
    (named,) = [head for head in spec["heads"] if head["label"] == "Maßnahme"]
    assert named["sort"] == "ascending" and "sortierung=-title" in named["href"]
    assert [head["sort"] for head in spec["heads"]].count(None) == len(spec["heads"]) - 1


def test_every_word_of_a_search_has_to_fit_and_nothing_found_leads_back(town: Services) -> None:
    found = draw(town, ansicht="liste", suche="FD20 aufgabe m-07")
    rows = listed(found)["rows"]
    assert rows and all("M-07" in row[0] and "FD20" in row[1] for row in rows)
    nothing = draw(town, ansicht="liste", suche="50% ' OR 1=1 --")
    assert "Keine Maßnahmen für diese Auswahl" in words(nothing) and listed(nothing) == {}
    assert "/massnahmen?ansicht=liste" in hrefs(nothing)
    assert "suche" not in "".join(h for h in hrefs(found) if "ansicht=tafel" in h), (
        "the board searches nothing"
    )


def test_deadlines_are_said_as_they_were_named_beside_the_day_of_the_list(town: Services) -> None:
    spec = listed(draw(town, ansicht="liste", einheit="FD10", status="in_arbeit", sortierung="measure_id"))
    labels = [head["label"] for head in spec["heads"]]
    day, named = labels.index("Frist der Liste"), labels.index("Frist wie genannt")
    plain = [row[named].replace("\u00a0", " ") for row in spec["rows"][:4]]
    assert plain == ["3. Quartal 2026", "fortlaufend bis 2. Halbjahr 2026", "07.09.2026", "–"]
    assert {row[day] for row in spec["rows"]} == {"07.09.2026"}


def test_where_a_measure_works_filters_both_sides_and_takes_the_ratings_away(town: Services) -> None:
    text = read(town, wirkung="intern")
    assert "Alle 2 Maßnahmen sind abgeschlossen." in text and "ohne Soll für diese Auswahl" in text
    # The origin of a figure could not show the same one: no link rather than another number.
    assert not [h for h in hrefs(draw(town, wirkung="intern")) if "zahl=measure_state" in h]
    assert [h for h in hrefs(draw(town, paket="ozg")) if "zahl=measure_state" in h]
    assert announced(draw(town, ansicht="liste", wirkung="extern")) == "2 Maßnahmen"
    assert announced(draw(town, ansicht="liste", paket="ozg")) == "1 Maßnahme"


def test_the_status_leads_from_the_overview_to_the_list(town: Services) -> None:
    assert "/massnahmen?ansicht=liste&status=geplant" in hrefs(draw(town))
    assert "/massnahmen?ansicht=tafel&status=geplant" in hrefs(draw(town, ansicht="tafel"))


def test_the_timeline_shows_open_measures_and_projects_of_the_choice(town: Services) -> None:
    view = draw(town, ansicht="fahrplan", einheit="FD10")
    text = words(view)
    assert "2 von 32 offenen Maßnahmen sind überfällig" in text
    assert "Projekt hier" in text and "Projekt dort" not in text
    assert "1 Umsetzungsprojekt im Zeitverlauf" in text
    assert len(graphs(view)) == 2
    assert "32 Maßnahmen, Zeile 31 bis 32" in read(town, ansicht="fahrplan", einheit="FD10", seite="2")


@pytest.mark.parametrize("view", VIEWS)
def test_measures_outside_the_scope_of_a_viewer_never_appear(town: Services, view: str) -> None:
    foreign = {str(row["measure_id"]) for row in ROWS["measure"] if row["org_unit_id"] != "FD32"}
    for params in (
        {},
        {"einheit": "FD10"},
        {"suche": "FD10"},
        {"ziel": "1"},
        {"paket": "dms"},
        {"seite": "9"},
    ):
        drawn = draw(town, massnahmen, HEAD, ansicht=view, **params)
        text = words(drawn) + json.dumps(graphs(drawn), default=str)
        assert "FD10" not in text.replace("suche=FD10", "") and "Projekt hier" not in text, params
        assert not [name for name in foreign if name in text], params
    assert "10 von 58 Maßnahmen sind abgeschlossen, 8 sind überfällig." in read(town, viewer=HEAD)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_one_title_and_no_card_fails(town: Services, view: str) -> None:
    drawn = draw(town, ansicht=view)
    levels = [level for level, _ in headings(drawn)]
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    assert "nicht möglich" not in words(drawn)


def test_a_town_without_measures_is_told_where_they_come_from(tmp_path: Path) -> None:
    empty = town_of(tmp_path, {})
    for view in VIEWS:
        text = read(empty, ansicht=view)
        assert "Für diese Auswahl gibt es keine Maßnahmen." in text
        assert "Noch keine Maßnahmen geladen. Datenquellen ansehen" in text
        assert "nicht möglich" not in text
    assert "Noch kein Bericht zum DMS. Datenquellen ansehen" in read(empty, dms)


def test_the_dms_page_keeps_each_figure_with_its_own_whole(town: Services) -> None:
    text = read(town, dms)
    assert "40 von 100 Büroarbeitsplätzen sind am DMS, 46 weniger als geplant." in text
    assert "Bis 12/2026 fehlen noch 60: nötig sind 8,9 je Monat." in text
    assert "40 von 100 40,0 % · Soll heute 85,9 %" in text
    assert "40 von 80 Lizenzen 50,0 %" in text and "1 von 2 Einheiten 50,0 % · im Echtbetrieb" in text
    assert "45 von 50 90,0 %" in text and "400 von 1.000 Akten 40,0 %" in text
    assert "1 von 2 Einheiten arbeitet überwiegend am DMS" in text
    assert "nicht möglich" not in text


def test_an_earlier_day_shows_the_dms_of_that_day(town: Services) -> None:
    text = read(town, dms, stichtag="2026-04-30")
    assert "10 von 100 Büroarbeitsplätzen sind am DMS" in text and "FD10 10 von 50 10 von 40 Test" in text
    assert "Eingescannte Papierakten Keine Papierakten für diese Auswahl." in text


def test_a_unit_narrows_the_dms_page_and_a_foreign_one_does_nothing(town: Services) -> None:
    assert "40 von 50 Büroarbeitsplätzen sind am DMS." in read(town, dms, einheit="FD10")
    assert "Keiner von 50 Büroarbeitsplätzen ist am DMS." in read(town, dms, dezernat="D2")
    mine = read(town, dms, HEAD, einheit="FD10")
    assert "Keiner von 50 Büroarbeitsplätzen ist am DMS." in mine and "FD10" not in mine


def test_waves_are_numbered_for_the_whole_town_only(town: Services) -> None:
    notes = [n["text"] for n in graphs(draw(town, dms))[0]["layout"]["annotations"]]
    assert "Welle 1" in notes
    head = viewer_of("fachbereichsleitung", "D1")
    notes = [n["text"] for n in graphs(draw(town, dms, head))[0]["layout"]["annotations"]]
    assert "06/2026" in notes and not [n for n in notes if n.startswith("Welle")]


def test_tiles_lead_to_the_pages_that_exist(town: Services) -> None:
    pages = discover_pages()
    desk = start.Desk(town, LEITUNG, {}, town.snapshot().business_date)
    for page in (item.page for item in pages if item.page.group == "Cockpits"):
        assert desk.cockpit(page.id) == page.path
    assert desk.cockpit("gibt_es_nicht") is None and desk.cockpit(None) is None
    order = [item.page.id for item in pages]
    assert order.index("wirkungen") < order.index("dms") < order.index("massnahmen")


def test_lists_are_cut_into_pages_and_search_only_named_columns(town: Services) -> None:
    catalog, snapshot = town.catalog, town.snapshot()
    pages = [
        records(catalog, snapshot, "measures", scope=Scope.city(), limit=60, offset=start_at)
        for start_at in (0, 60, 120, 180)
    ]
    assert [(len(page.rows), page.total) for page in pages] == [(60, 140), (60, 140), (20, 140), (0, 0)]
    with pytest.raises(ConfigError):
        records(catalog, snapshot, "measures", scope=Scope.city(), search="x", search_in=("secret",))
