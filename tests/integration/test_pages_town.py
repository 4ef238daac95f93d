"""Cockpits a town declares itself: drawn like those of the house, within rights, faults kept apart."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dashboard.__main__ import main
from dashboard.app import create_app
from dashboard.auth.accounts import add_account, issue_link
from dashboard.cli.stores import open_services
from dashboard.demo.city import TEMPLATE
from dashboard.page import allowed_pages, resolve
from dashboard.pages import start
from dashboard.search.index import KINDS, index_of
from dashboard.search.ranking import find
from dashboard.services import Services
from dashboard.settings import KeyFigure, Settings, Terms, create_secret, load_settings
from dashboard.shell import navigation_marks
from dashboard.town_pages import GROUP, portal_pages
from metrics.catalog import load_catalog
from tests.services_city import TODAY, OneSnapshot, graphs, headings, hrefs, viewer_of, words
from tests.small_city import Rows, small_city
from tests.web_city import navigate, use_link
from warehouse.ledger import CommentDraft, Ledger
from warehouse.ledger.comments import EVENT
from warehouse.subjects import load_subjects

LEITUNG = viewer_of("leitung")
SECTION = '[[section]]\ntitle = "A"\n'
FAULTY = f'title = "Kaputt"\nquestion = "Was?"\n{SECTION}[[section.tile]]\nmetric = "gibt_es_nicht"\n'
ROLES = 'roles = ["leitung", "verwaltung"]\n'
NARROW = f'title = "Nur Leitung"\nquestion = "Was?"\n{ROLES}{SECTION}text = "Ein Satz."\n'


def application(number: int, kind: str, received: date, lasted: int | None) -> Mapping[str, Any]:
    decided = None if lasted is None else received + timedelta(days=lasted)
    return {
        "application_id": f"B{number}", "kind": kind, "org_unit_id": "FD32" if number % 2 else "FD10",
        "received_on": received, "complete_on": received, "decided_on": decided,
    }  # fmt: skip


def rows() -> dict[str, Rows]:
    """Two kinds over two years, one received every week; what came since March is still open."""
    weeks = [date(2024, 6, 3) + timedelta(days=7 * n) for n in range(105)]
    cases = [
        application(n, "Garage" if n % 3 else "Neubau", day, None if day > date(2026, 2, 20) else 20 + n % 9)
        for n, day in enumerate(weeks)
    ]
    citizen = [
        {"procedure": "melde" if n % 2 else "ausweis", "case_id": f"C{n}", "org_unit_id": "FD32"}
        | {"channel": "online" if n % 4 else "vor_ort", "received_on": day, "decided_on": day}
        for n, day in enumerate(weeks)
    ]
    return {"building_application": cases, "case": citizen}


def town(folder: Path, **files: str) -> Services:
    """The example city's own metrics and cockpits on a hand-made warehouse; `files` are further cockpits."""
    city = folder / "stadt"
    for name in ("subjects", "metrics", "cockpits"):
        shutil.copytree(TEMPLATE / name, city / name)
    for name in ("targets.toml", "populations.toml"):
        shutil.copy(TEMPLATE / name, city / name)
    for name, text in files.items():
        (city / "cockpits" / f"{name}.toml").write_text(text, encoding="utf-8")
    snapshot = small_city(folder, rows(), business_date=TODAY, city=city)
    settings = Settings(name="Kleinstadt", ags="01001000", city=city, terms=Terms(unit="Amt"))
    catalog = load_catalog(city, load_subjects(city))
    return Services(settings, catalog, OneSnapshot(snapshot), Ledger(settings.ledger_url))  # type: ignore[arg-type]


def shown(services: Services, name: str, viewer: Any = LEITUNG, **params: str) -> Any:
    item = resolve(portal_pages(services), f"/cockpit/{name}")
    assert item is not None
    return item.module.layout(services, viewer, params)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return town(tmp_path_factory.mktemp("eigene"), kaputt=FAULTY, leitung=NARROW)


def test_a_file_becomes_a_page_behind_the_cockpits_of_the_house(services: Services) -> None:
    pages = allowed_pages(portal_pages(services), LEITUNG)
    own = [page for page in pages if page.group == GROUP]
    assert [page.title for page in own] == ["Bauanträge", "Bürgerservice", "Kaputt", "Nur Leitung"]
    assert pages[-len(own) :] == tuple(own) and pages[0].path == "/"


def test_the_page_shows_tiles_charts_and_sentences_with_their_figures(services: Services) -> None:
    page = shown(services, "bauantraege")
    text = words(page)
    # 52 weeks from June 2025 to May 2026; open are those received after 20.02.2026.
    assert "Eingegangen 52 ohne Bewertung 06/2025–05/2026 Eingegangen aufgliedern BAU-01" in text
    assert "Offen über drei Monate 2 von 15 beobachten 13,3 % · Soll höchstens 8,9 %" in text
    assert "Die Dauer zählt ab dem ersten Eingang" in text
    assert "Anzeige nicht möglich" not in text
    assert len(graphs(page)) == 4


def test_the_lagesatz_follows_from_the_ratings_of_the_tiles(services: Services) -> None:
    text = words(shown(services, "bauantraege"))
    assert "Offen über drei Monate: 2 von 15 (13,3 %), Soll höchstens 8,9 %." in text
    quiet = words(shown(services, "bauantraege", stichtag="2025-12-31"))
    assert "Offen über drei Monate: 2 von 15" not in quiet


def test_an_event_is_marked_and_said_in_the_course_of_its_tile(tmp_path: Path) -> None:
    noted = town(tmp_path)
    before = str(shown(noted, "bauantraege"))
    draft = CommentDraft("building_received_count", "", date(2026, 2, 1), EVENT, "Neue Bauordnung")
    noted.ledger.write_comment(draft, author="controlling", number="1")
    after = str(shown(noted, "bauantraege"))
    assert "1 Ereignis 02/2026: Neue Bauordnung." in after and "swatch-noted" in after
    assert "Neue Bauordnung" not in before and "swatch-noted" not in before


def test_every_tile_and_chart_leads_to_the_origin_of_its_figure(services: Services) -> None:
    page = shown(services, "bauantraege", kind="Garage")
    origins = [href for href in hrefs(page) if "zahl=" in href]
    assert len(origins) == 4 + 5 and all(
        "zahl.kind=Garage" in href for href in origins if "case_" not in href
    )
    assert all(href.startswith("/cockpit/bauantraege?") for href in origins)


def test_the_origin_of_a_protected_chart_asks_the_cut_that_is_shown(tmp_path: Path) -> None:
    bars = (
        'title = "Lange"\nquestion = "?"\n[filters]\nunit = true\n[[section]]\ntitle = "A"\n'
        "[[section.chart]]\n"
        'type = "bars"\nmetric = "case_long_count"\nby = "procedure"\ntitle = "Lange"\n'
        '[[section.tile]]\nmetric = "building_received_count"\n'
    )
    page = shown(town(tmp_path, lange=bars), "lange", einheit="FD32")
    (origin,) = [href for href in hrefs(page) if "zahl=case_long_count" in href] or [""]
    assert "zahl.fachdienst" not in origin
    assert any("zahl=building_received_count&zahl.fachdienst=FD32" in href for href in hrefs(page))


@pytest.mark.parametrize("name", ["bauantraege", "buergerservice", "kaputt", "leitung"])
def test_headings_leave_out_no_level(services: Services, name: str) -> None:
    levels = headings(shown(services, name))
    assert [level for level, _ in levels].count(1) == 1 and levels[0][0] == 1
    assert not [pair for pair in pairwise(levels) if pair[1][0] > pair[0][0] + 1]


def test_a_filter_narrows_what_knows_it_and_is_named_where_it_does_not(services: Services) -> None:
    whole = words(shown(services, "buergerservice"))
    part = words(shown(services, "buergerservice", channel="online"))
    assert "Fälle in zwölf Monaten 52 ohne Bewertung" in whole
    assert "Fälle in zwölf Monaten 39 ohne Bewertung" in part
    assert "ohne Filter Kanal" in part and "ohne Filter" not in whole
    assert words(shown(services, "buergerservice", channel="rohrpost")) == whole


def test_words_of_the_file_and_of_the_town_stand_for_names_in_data(services: Services) -> None:
    text = words(shown(services, "buergerservice"))
    assert "Anmeldung und Ummeldung" in text and "Personalausweis und Pass" in text
    assert "melde" not in text.split() and "Anliegen" in text


def test_who_sees_one_unit_gets_the_figures_of_that_unit(services: Services) -> None:
    own = words(shown(services, "bauantraege", viewer_of("fachbereichsleitung", "D2")))
    assert "Eingegangen 26 ohne Bewertung" in own
    nobody = words(shown(services, "bauantraege", viewer_of("fachbereichsleitung", "FD20")))
    assert "Noch keine Werte" in nobody and "Anzeige nicht möglich" not in nobody


def test_a_target_for_a_year_is_no_path_for_months(tmp_path: Path) -> None:
    line = (
        'title = "Linie"\nquestion = "?"\n[[section]]\ntitle = "A"\n[[section.chart]]\ntype = "line"\n'
        'metric = "building_decided_count"\ntitle = "Entschieden"\nmonths = 12\n'
    )
    services = town(tmp_path, linie=line)
    target = '\n[building_decided_count]\nowner = "FD 63"\npath = [{ on = 2021-01-01, value = 900 }]\n'
    path = services.settings.city / "targets.toml"
    path.write_text(path.read_text(encoding="utf-8") + target, encoding="utf-8")
    again = Services(
        services.settings, load_catalog(services.settings.city, load_subjects(services.settings.city)),
        services.reader, services.ledger,
    )  # fmt: skip
    assert "Soll" not in words(shown(again, "linie")).replace("Stichtag", "")


def test_a_faulty_file_costs_its_own_page_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="isek.web"):
        services = town(tmp_path, kaputt=FAULTY)
        text = words(shown(services, "kaputt"))
    assert "Seine Datei im Stadtordner enthält einen Fehler." in text and "isek check" in text
    assert "gibt_es_nicht" not in text, "what is wrong is for those who can mend it"
    assert "kaputt.toml:6" in caplog.text and "gibt_es_nicht" in caplog.text
    assert "Eingegangen 52" in words(shown(services, "bauantraege"))


def test_the_navigation_marks_the_worst_rating_of_its_tiles(services: Services) -> None:
    pages = portal_pages(services)
    marks = navigation_marks(services, LEITUNG, allowed_pages(pages, LEITUNG), None, pages)
    assert marks["stadt.bauantraege"] == "warn" and "stadt.kaputt" not in marks


def test_a_leitkennzahl_may_name_a_cockpit_of_the_town(services: Services) -> None:
    def cockpit(role: Any, name: str) -> str | None:
        return start.Desk(services, viewer_of(role), {}, TODAY).cockpit(name)

    assert cockpit("leitung", "bauantraege") == "/cockpit/bauantraege"
    assert cockpit("leitung", "leitung") == "/cockpit/leitung"
    assert cockpit("controlling", "leitung") is None, "its file lets only the Leitung in"
    figure = KeyFigure(metric="building_open_old_share", cockpit="leitung")
    settings = services.settings.model_copy(update={"leitkennzahlen": [figure]})
    named = Services(settings, services.catalog, services.reader, services.ledger)
    pages = portal_pages(named)
    assert navigation_marks(named, LEITUNG, allowed_pages(pages, LEITUNG), None)["stadt.leitung"] == "warn"


def test_the_search_finds_the_cockpits_of_the_town_for_who_may_open_them(services: Services) -> None:
    def found(role: Any, words: str) -> list[str]:
        hits = find(index_of(services, viewer_of(role), portal_pages(services)), words, KINDS)
        return [entry.href for entry in hits.shown]

    assert "/cockpit/bauantraege" in found("leitung", "Bauanträge")
    assert "/cockpit/leitung" in found("leitung", "Nur Leitung")
    assert "/cockpit/leitung" not in found("controlling", "Nur Leitung")
    assert not [href for href in found("verwaltung", "Bürgerservice") if href.startswith("/cockpit")]


def test_tiles_and_rows_lead_into_the_breakdown_with_the_filters(services: Services) -> None:
    page = shown(services, "bauantraege", kind="Garage")
    ways = {href for href in hrefs(page) if href.startswith("/aufgliederung/")}
    assert "/aufgliederung/building_received_count?kind=Garage" in ways
    assert "/aufgliederung/building_open_old_share?kind=Garage" in ways
    places = [place for graph in graphs(shown(services, "bauantraege")) for place in _places(graph)]
    assert "/aufgliederung/building_received_count?kind=Neubau" in places


def _places(graph: Any) -> list[str]:
    ways = graph["layout"]["meta"].get("wege", {"orte": []})
    return [href for _, href in ways["orte"]]


def test_a_protected_row_leads_nowhere(tmp_path: Path) -> None:
    bars = (
        'title = "Lange"\nquestion = "?"\n[[section]]\ntitle = "A"\n[[section.chart]]\n'
        'type = "bars"\nmetric = "case_long_count"\nby = "procedure"\ntitle = "Lange"\n'
    )
    own = town(tmp_path, lange=bars)
    hidden = [c for c in own.query(LEITUNG, "case_long_count", by=("procedure",)).rows if c.suppressed]
    open_ones = [c for c in own.query(LEITUNG, "case_long_count", by=("procedure",)).rows if not c.suppressed]
    places = [place for graph in graphs(shown(own, "lange")) for place in _places(graph) if place]
    assert len(places) == len(open_ones)
    assert not [c for c in hidden if any(f"procedure={c.keys['procedure']}" in place for place in places)]


def test_roles_only_narrow(services: Services) -> None:
    def titles(role: Any) -> set[str]:
        return {
            page.title
            for page in allowed_pages(portal_pages(services), viewer_of(role))
            if page.group == GROUP
        }

    assert "Nur Leitung" in titles("leitung") and "Nur Leitung" not in titles("controlling")
    assert titles("verwaltung") == set(), "administration is not data access, whatever a file says"


def test_check_names_every_faulty_cockpit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "neu"
    assert main(["init", str(folder)], {}) == 0
    (folder / "cockpits/kaputt.toml").write_text(
        FAULTY.replace("gibt_es_nicht", "case_duration_day"), "utf-8"
    )
    assert main(["check", "--city", str(folder)], {}) == 1
    out = capsys.readouterr().out
    assert "[Cockpits]" in out and "kaputt.toml:6: Die Kennzahl „case_duration_day“ gibt es nicht" in out
    assert "nächster Schritt: Meinten Sie „case_duration_days“?" in out


def test_check_tells_a_leitkennzahl_whose_cockpit_does_not_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "neu"
    assert main(["init", str(folder)], {}) == 0
    (folder / "cockpits/eigenes.toml").write_text(NARROW, "utf-8")
    portal = (folder / "portal.toml").read_text("utf-8")
    block = '\n[[leitkennzahlen]]\nmetric = "ozg_online_share"\ncockpit = "{}"\n'
    for name, told in (("eigenes", False), ("ozg", False), ("ozgg", True)):
        (folder / "portal.toml").write_text(portal + block.format(name), "utf-8")
        main(["check", "--city", str(folder)], {})
        assert ("Das Cockpit „ozgg“ gibt es nicht" in capsys.readouterr().out) is told


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server of a city with cockpits and people, before its first run."""
    folder = tmp_path_factory.mktemp("netz") / "stadt"
    (folder / "cockpits").mkdir(parents=True)
    (folder / "portal.toml").write_text('name = "Webstadt"\nags = "01001000"\n', encoding="utf-8")
    for name, text in (("leitung", NARROW), ("kaputt", FAULTY)):
        (folder / "cockpits" / f"{name}.toml").write_text(text, encoding="utf-8")
    create_secret(folder)
    settings = load_settings(folder, {})
    services = open_services(settings)
    for role in ("leitung", "controlling", "verwaltung"):
        add_account(services.ledger, settings, login=role, name=role, function="", role=role, units=())
    return settings, services, create_app(settings, services)


def _signed_in(server: Any, login: str) -> Any:
    settings, services, app = server
    client = app.test_client()
    account = services.ledger.account_by_login(login)
    assert use_link(client, issue_link(services.ledger, settings, account)).status_code == 303
    return client


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        ("leitung", "/cockpit/leitung", 200), ("leitung", "/cockpit/kaputt", 200),
        ("controlling", "/cockpit/leitung", 403), ("controlling", "/cockpit/kaputt", 200),
        ("verwaltung", "/cockpit/kaputt", 403), ("leitung", "/cockpit/fehlt", 404),
        ("leitung", "/cockpit", 404), ("leitung", "/cockpit/leitung/mehr", 404),
    ],
)  # fmt: skip
def test_h1_the_guard_knows_the_pages_of_the_town(server: Any, login: str, path: str, status: int) -> None:
    client = _signed_in(server, login)
    assert client.get(path).status_code == status
    if status == 403:
        assert navigate(client, path).status_code == 403


def test_h3_a_page_kept_from_a_role_is_named_nowhere(server: Any) -> None:
    seen = {
        login: navigate(_signed_in(server, login), "/cockpit/kaputt").text
        for login in ("leitung", "controlling")
    }
    assert "Nur Leitung" in seen["leitung"] and "Nur Leitung" not in seen["controlling"]
    assert "Kaputt" in seen["controlling"] and "enthält einen Fehler" in seen["controlling"]
    assert _signed_in(server, "controlling").get("/_dash-dependencies").status_code == 200
