"""Saved views over the web: whose they are, who releases them, what links and tiles give away."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from dashboard.auth.viewer import ROLES
from dashboard.cockpits.places import _drawn
from dashboard.cockpits.town_load import load_cockpits
from dashboard.explorer.selection import naming
from dashboard.explorer.state import read_state
from dashboard.explorer.views import NO_VIEW, Refusal, resolved, views_for
from dashboard.explorer.views_menu import views_menu
from dashboard.formats import amount, number
from dashboard.page import Page
from dashboard.pages import _town, ansichten, mein_cockpit
from dashboard.services import Services
from dashboard.town_pages import portal_pages
from metrics.records import Records
from tests.example_city import ExampleCity
from tests.explorer_files import MARKUP, elements, spoken
from tests.notes_city import NotesCity, make_notes_city
from tests.services_city import graphs, hrefs, words
from tests.web_city import ORIGIN, navigate, page_html
from warehouse.errors import ConfigError, RetriableError
from warehouse.ledger import SavedView

SAVE, CHANGE, WITHDRAW = "/ansichten/speichern", "/ansichten/aendern", "/ansichten/zuruecknehmen"
PROPOSE, DECIDE, END = "/ansichten/vorschlagen", "/ansichten/entscheiden", "/ansichten/beenden"
PIN, UNPIN, MOVE = "/mein-cockpit/anheften", "/mein-cockpit/loesen", "/mein-cockpit/verschieben"
DATA = "bestand:einzelleistung_eigen"
QUESTION = f"daten={DATA}&werte=ozg_online_share&zeilen=fachdienst"
TOTAL = f"daten={DATA}&werte=ozg_online_share.nenner"
VIEW = {"name": "Quote je Fachdienst", "frage": QUESTION}
LITERAL = (":id", "*", "null", "0", "-1", "", "1 OR 1=1", "../..")


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, example_city: ExampleCity
) -> Iterator[tuple[NotesCity, Path]]:
    folder = tmp_path_factory.mktemp("ansichten")
    found = make_notes_city(folder, example_city)
    yield found, folder / "ledger.sqlite"
    found.ledger.close()


@pytest.fixture
def city(server: tuple[NotesCity, Path]) -> NotesCity:
    """One server for all tests, for each of them a ledger without views."""
    found, ledger = server
    with closing(sqlite3.connect(ledger)) as connection, connection:
        for table in ("view_version", "view_decision", "view_pin"):
            connection.execute(f"DELETE FROM {table}")
    # Their numbers begin anew, so what is kept under the old ones has to go.
    kept = found.services.cache._entries
    for key in [key for key in kept if isinstance(key, tuple) and key[0] == "views"]:
        del kept[key]
    return found


def _save(city: NotesCity, login: str = "controlling", **fields: str) -> SavedView:
    before = {view.id for view in city.ledger.views()}
    assert city.post(login, SAVE, {**VIEW, **fields}).status_code == 303
    (made,) = [view for view in city.ledger.views() if view.id not in before]
    return made


def _official(city: NotesCity, login: str = "controlling", **fields: str) -> SavedView:
    made = _save(city, login, **fields)
    sent = {"ansicht": made.id, "fassung": "1"}
    assert city.post(login, PROPOSE, sent).status_code == 303
    assert city.post("leitung", DECIDE, {**sent, "art": "freigeben"}).status_code == 303
    return _there(city, made.id)


def _there(city: NotesCity, view_id: str) -> SavedView:
    found = city.ledger.view(view_id)
    assert found is not None
    return found


def _seen(city: NotesCity, login: str) -> list[tuple[str, str]]:
    found = views_for(city.services, city.viewer(login))
    return [(seen.version.name, seen.kind) for seen in found]


def _open(city: NotesCity, login: str, view_id: str, **more: str) -> Any:
    return resolved(city.services, city.viewer(login), {"sicht": view_id, **more})


def _board(city: NotesCity, login: str, **params: str) -> str:
    return words(mein_cockpit.layout(city.services, city.viewer(login), params))


def test_a_saved_view_opens_with_the_question_as_it_was_asked_and_nothing_else(city: NotesCity) -> None:
    odd = f"{QUESTION}&zelle=FD10;;0&seite=3&scope=alles&account=x"
    answer = city.post("controlling", SAVE, {**VIEW, "frage": odd})
    (made,) = city.ledger.views()
    assert answer.headers["Location"] == f"/explorer?sicht={made.id}"
    assert set(made.head.params) == {"daten", "werte", "zeilen"}
    found = _open(city, "controlling", made.id)
    assert found == {**made.head.params, "sicht": made.id}
    today = city.services.snapshot().business_date
    state = read_state(found, city.services.catalog, today)
    assert state.view_id == made.id and state.question.rows == ("fachdienst",)


def test_who_sees_a_view_is_its_owner_then_a_role_then_everybody(city: NotesCity) -> None:
    made = _save(city)
    assert _seen(city, "controlling") == [("Quote je Fachdienst", "own")]
    assert all(_seen(city, login) == [] for login in ("zweite", "leitung", "dez1", "verwaltung"))
    share = {"ansicht": made.id, "fassung": "1", "name": "Quote", "fuer": "role:fachbereichsleitung"}
    assert city.post("controlling", CHANGE, share).status_code == 303
    assert _seen(city, "dez1") == _seen(city, "dez3") == [("Quote", "shared")]
    assert all(_seen(city, login) == [] for login in ("zweite", "leitung", "verwaltung"))
    _official(city, name="Für alle")
    assert _seen(city, "zweite") == _seen(city, "leitung") == [("Für alle", "official")]
    assert _seen(city, "verwaltung") == []


@pytest.mark.parametrize("path", [CHANGE, WITHDRAW, PROPOSE, DECIDE, END, PIN])
def test_h5_h6_a_foreign_view_is_the_same_404_as_none_and_is_logged(
    city: NotesCity, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = _save(city)
    caplog.set_level(logging.INFO, "isek.web")
    fields = {"name": "Meine", "fassung": "1", "art": "freigeben"}
    answers = [city.post("dez1", path, {**fields, "ansicht": i}) for i in (theirs.id, *LITERAL)]
    assert {answer.status_code for answer in answers} == {404}
    assert {re.sub(r"[0-9a-f]{8}\b", "", answer.text) for answer in answers} == {
        re.sub(r"[0-9a-f]{8}\b", "", answers[0].text)
    }
    assert city.ledger.views() == [theirs] and city.ledger.view_pins() == []
    assert sum("status=404" in record.getMessage() for record in caplog.records) == len(answers)


def test_h5_h6_links_to_foreign_literal_and_withdrawn_views_say_the_same(city: NotesCity) -> None:
    theirs, gone = _save(city), _official(city)
    city.post("controlling", WITHDRAW, {"ansicht": gone.id})
    for view_id in (theirs.id, gone.id, *LITERAL):
        for more in ({}, {"fassung": "1"}, {"fassung": "-1"}, {"fassung": "null"}):
            assert _open(city, "dez1", view_id, **more) == Refusal(NO_VIEW)
        for what in ("verwalten", "kachel", "sonst"):
            drawn = ansichten.layout(city.services, city.viewer("dez1"), {"ansicht": view_id, "was": what})
            assert words(drawn) == f"Ansichten Alle Ansichten Auskunft Keine Ansicht {NO_VIEW}"
        status = city.client("dez1").get(f"/ansichten/{view_id or 'x'}/kachel.toml").status_code
        assert status == 404
    # A question of one's own goes on without the view it came from.
    assert _open(city, "dez1", theirs.id, daten=DATA) == {"daten": DATA}


def test_h5_h8_the_link_of_a_view_opens_the_explorer_with_the_rights_of_the_reader(city: NotesCity) -> None:
    made = _official(city)
    own = _save(city, name="Nur meine")

    def opened(login: str, search: str) -> str:
        return page_html(navigate(city.client(login), "/explorer", search)).replace("\u00a0", " ")

    for login in ("controlling", "dez3", "dez1", "dez3", "controlling"):
        shown = opened(login, f"?sicht={made.id}")
        assert ("FD 10" in shown) is (login != "dez3") and ("FD 50" in shown) is (login != "dez1")
        assert "Quote je Fachdienst" in shown  # named in the menu of views
    foreign = opened("dez1", f"?sicht={own.id}")
    assert NO_VIEW in foreign and "Nur meine" not in foreign and "FD 10" not in foreign
    unknown = opened("dez1", "?sicht=%3Aid")
    assert foreign.partition('id="inhalt"')[2] == unknown.partition('id="inhalt"')[2]


def test_an_official_view_needs_a_second_person(city: NotesCity) -> None:
    made = _save(city)
    sent = {"ansicht": made.id, "fassung": "1", "art": "freigeben"}
    assert city.post("leitung", DECIDE, sent).status_code == 404  # nothing waits yet
    city.post("controlling", PROPOSE, sent)
    assert city.post("controlling", DECIDE, sent).status_code == 403
    assert city.post("dez1", DECIDE, sent).status_code == 404
    assert "Wartet auf Ihre Freigabe" not in words(_page(city, "controlling"))
    assert "Wartet auf Ihre Freigabe" not in words(_page(city, "dez1"))
    assert "Wartet auf Ihre Freigabe 1 Ansicht Quote je Fachdienst" in words(_page(city, "zweite"))
    assert city.post("zweite", DECIDE, {**sent, "art": "ablehnen"}).status_code == 422
    assert city.post("zweite", DECIDE, {**sent, "art": "witz"}).status_code == 422
    declined = {**sent, "art": "ablehnen", "grund": "Titel unklar"}
    assert city.post("zweite", DECIDE, declined).status_code == 303
    desk = ansichten.layout(
        city.services, city.viewer("controlling"), {"ansicht": made.id, "was": "verwalten"}
    )
    assert "Abgelehnt: Titel unklar" in words(desk)
    city.post("controlling", PROPOSE, sent)
    assert city.post("zweite", DECIDE, sent).status_code == 303
    assert _seen(city, "dez1") == [("Quote je Fachdienst", "official")]


def _page(city: NotesCity, login: str) -> Any:
    return ansichten.layout(city.services, city.viewer(login), {})


def test_a_changed_official_view_shows_others_the_released_version(city: NotesCity) -> None:
    made = _official(city)
    sent = {"ansicht": made.id, "fassung": "1", "name": "Neu", "frage": TOTAL}
    assert city.post("controlling", CHANGE, sent).status_code == 303
    assert _open(city, "controlling", made.id)["werte"] == "ozg_online_share.nenner"
    assert _open(city, "dez1", made.id)["werte"] == "ozg_online_share"
    assert _open(city, "dez1", made.id, fassung="2") == Refusal(NO_VIEW)
    assert city.post("controlling", PROPOSE, {"ansicht": made.id, "fassung": "2"}).status_code == 303
    assert _open(city, "leitung", made.id, fassung="2")["werte"] == "ozg_online_share.nenner"
    assert _open(city, "dez1", made.id, fassung="2") == Refusal(NO_VIEW)
    overtaken = city.post("leitung", DECIDE, {"ansicht": made.id, "fassung": "1", "art": "freigeben"})
    assert overtaken.status_code == 409
    city.post("leitung", DECIDE, {"ansicht": made.id, "fassung": "2", "art": "freigeben"})
    assert _open(city, "dez1", made.id)["werte"] == "ozg_online_share.nenner"
    assert city.post("dez1", END, {"ansicht": made.id}).status_code == 403
    assert city.post("zweite", END, {"ansicht": made.id}).status_code == 303
    assert _open(city, "dez1", made.id) == Refusal(NO_VIEW)
    assert _seen(city, "controlling") == [("Neu", "own")]


def test_n1_the_second_of_two_windows_sees_both_versions(city: NotesCity) -> None:
    made = _save(city)
    sent = {"ansicht": made.id, "fassung": "1", "notiz": ""}
    assert city.post("controlling", CHANGE, {**sent, "name": "Erste"}).status_code == 303
    answer = city.post("controlling", CHANGE, {**sent, "name": "<Zweite>"})
    assert answer.status_code == 409 and "Erste" in answer.text and "&lt;Zweite&gt;" in answer.text
    assert 'name="fassung" value="2"' in answer.text
    assert _there(city, made.id).head.name == "Erste"


def test_n2_a_double_click_keeps_one_view(city: NotesCity) -> None:
    for _ in range(3):
        answer = city.post("controlling", SAVE, {**VIEW, "nummer": "immer-dieselbe-nummer"})
        assert answer.status_code == 303
    (made,) = city.ledger.views()
    sent = {"ansicht": made.id, "fassung": "1", "name": "Neu", "nummer": "auch-immer-dieselbe"}
    assert {city.post("controlling", CHANGE, sent).status_code for _ in range(3)} == {303}
    assert len(_there(city, made.id).versions) == 2


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "Bitte einen Namen eingeben"),
        ({"name": "x" * 121}, "auf 120 Zeichen kürzen"),
        ({"notiz": "x" * 501}, "auf 500 Zeichen kürzen"),
        ({"fuer": "role:verwaltung"}, "für wen die Ansicht ist"),
        ({"fuer": "official"}, "für wen die Ansicht ist"),
        ({"frage": "daten=gibt_es_nicht"}, "lässt sich nicht speichern"),
        ({"frage": f"{QUESTION}&f.farbe=in:rot"}, "lässt sich nicht speichern"),
        ({"frage": "&".join(f"a{n}=1" for n in range(60))}, "lässt sich nicht speichern"),
    ],
)
def test_n5_a_view_beyond_its_limits_is_refused_with_what_was_typed(
    city: NotesCity, fields: dict[str, str], told: str
) -> None:
    answer = city.post("controlling", SAVE, {**VIEW, **fields})
    assert answer.status_code == 422 and told in answer.text
    assert city.ledger.views() == []


@pytest.mark.parametrize("path", [SAVE, CHANGE, WITHDRAW, PROPOSE, DECIDE, END, PIN, UNPIN, MOVE])
def test_a_form_without_the_token_of_the_session_changes_nothing(city: NotesCity, path: str) -> None:
    made = _save(city)
    fields = {**VIEW, "ansicht": made.id, "fassung": "1", "art": "vor"}
    for token in ("", "falsch"):
        assert city.post("controlling", path, {**fields, "csrf": token}).status_code == 403
    assert city.client("controlling").post(path, data=fields).status_code == 403
    assert city.server.test_client().post(path, data=fields, headers=ORIGIN).status_code in (303, 401)
    assert city.post("verwaltung", path, fields).status_code == 403
    assert city.ledger.views() == [made] and city.ledger.view_pins() == []


def test_a_view_whose_data_is_gone_opens_with_what_is_missing(
    city: NotesCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _save(city)
    monkeypatch.setitem(made.head.params, "werte", "gab_es_einmal")
    monkeypatch.setattr("dashboard.explorer.views.saved_views", lambda services: (made,))
    found = _open(city, "controlling", made.id)
    assert isinstance(found, Refusal) and "gab_es_einmal" in found.sentence
    assert found.sentence.startswith("Die Ansicht „Quote je Fachdienst“ lässt sich so nicht mehr öffnen.")


def test_names_and_notes_of_people_stay_words(city: NotesCity) -> None:
    bad = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    made = _official(city, name=bad, notiz=bad)
    for login, path in (("controlling", "/ansichten"), ("dez1", f"/ansichten/{made.id}/verwalten")):
        answer = navigate(city.client(login), path)
        raw = str(answer.get_json()["response"]["rahmen"]["children"]["props"]["html"])
        assert "<script>alert" not in raw and "<img src=x" not in raw and "&lt;script&gt;" in raw


def _raw(city: NotesCity, login: str, path: str, search: str = "") -> str:
    """HTML as it is sent, nothing of it resolved."""
    answer = navigate(city.client(login), path, search)
    assert answer.status_code == 200
    return str(answer.get_json()["response"]["rahmen"]["children"]["props"]["html"])


def test_i5_three_hundred_texts_as_names_and_notes_make_no_element_on_any_page(city: NotesCity) -> None:
    assert {("script", ()), ("svg", ("onload",))} <= elements(MARKUP[0] + MARKUP[2]), "they would be seen"

    def pages(views: list[SavedView]) -> list[str]:
        (first, *_) = views
        looked = [f"/ansichten/{view.id}/verwalten" for view in views]
        told = [_raw(city, "controlling", path) for path in ("/ansichten", "/mein-cockpit", *looked)]
        told += [_raw(city, "dez1", "/ansichten")]
        return [*told, *(_raw(city, "dez1", "/explorer", f"?sicht={view.id}") for view in (first, views[-1]))]

    def put(name: str, note: str) -> SavedView:
        made = _save(city, name=name, notiz=note, fuer="role:fachbereichsleitung", frage=TOTAL)
        if len(city.ledger.view_pins()) < 6:
            _pin(city, "controlling", made)
        return made

    plain = set().union(*(elements(page) for page in pages([put("Name", "Notiz"), put("Zweiter", "x")])))
    groups = [MARKUP[start : start + 6] for start in range(0, len(MARKUP), 6)]
    views = [put(" ".join(group)[:120], " ".join(group)[:500]) for group in groups]
    told = pages(views)
    for page in told:
        assert elements(page) - plain == set()
    # They stand there as what they are: words.
    shown = spoken(told[0])
    assert [view.head.name for view in views if " ".join(view.head.name.split()) not in shown] == []


def test_i5_three_hundred_texts_as_filters_make_no_element_in_the_explorer(city: NotesCity) -> None:
    usual = "?daten=liste:services&werte=anzahl&zeilen=themenfeld&bearbeiten=bezeichnung&ansicht="
    starts = range(0, len(MARKUP), 20)
    for view, asked in (("pivot", starts), ("liste", starts[:1]), ("diagramm", starts[:1])):
        known = elements(_raw(city, "controlling", "/explorer", f"{usual}{view}&f.bezeichnung=nicht:a%7Cb"))
        for start in asked:
            values = "|".join(quote(text, safe="") for text in MARKUP[start : start + 20])
            filtered = f"{usual}{view}&f.bezeichnung={quote(f'nicht:{values}', safe='')}"
            page = _raw(city, "controlling", "/explorer", filtered)
            assert " ".join(MARKUP[start].split()) in spoken(page)
            assert elements(page) - known == set()


def test_the_menu_offers_to_keep_what_is_shown_and_leads_to_kept_views(city: NotesCity) -> None:
    made = _save(city)
    viewer, today = city.viewer("controlling"), city.services.snapshot().business_date
    state = read_state(_open(city, "controlling", made.id), city.services.catalog, today)
    with city.server.test_request_context("/explorer"):
        menu = views_menu(city.services, viewer, state)
    told = words(menu)
    assert "Unter „Quote je Fachdienst“ speichern" in told and "Diese Ansicht speichern" in told
    assert {f"/explorer?sicht={made.id}", "/ansichten"} <= set(hrefs(menu))


def test_the_search_finds_views_of_the_person_and_of_nobody_else(city: NotesCity) -> None:
    _save(city, name="Zwölf Monate Wohngeld")

    def found(login: str) -> list[str]:
        answer: Any = city.client(login).get("/_suche?q=zwoelf wohngeld").get_json()
        return [group["titel"] for group in answer["gruppen"]]

    assert found("controlling") == ["Ansichten"]
    assert all(found(login) == [] for login in ("zweite", "dez1", "verwaltung"))


def test_h9_a_role_taken_away_takes_its_views_away_at_once(city: NotesCity) -> None:
    made = _save(city, fuer="role:leitung")
    client = city.client("leitung")
    assert "Quote je Fachdienst" in page_html(navigate(client, "/ansichten"))
    city.post("controlling", CHANGE, {"ansicht": made.id, "fassung": "1", "name": "Q", "fuer": "own"})
    assert "Quote je Fachdienst" not in page_html(navigate(client, "/ansichten"))
    assert _open(city, "leitung", made.id) == Refusal(NO_VIEW)


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_open_for_those_who_see_figures(city: NotesCity, role: str) -> None:
    login = {"fachbereichsleitung": "dez1"}.get(role, role)
    for path in ("/ansichten", "/mein-cockpit"):
        assert city.client(login).get(path).status_code == (403 if role == "verwaltung" else 200)


@pytest.mark.parametrize(
    ("login", "unit", "status"),
    [
        ("dez1", "DEZ1", 303), ("dez1", "FD10", 303), ("dez1", "FD50", 404), ("dez1", "*", 404),
        ("dez3", "DEZ1", 404), ("leitung", "FD50", 303), ("zweite", "DEZ3", 303), ("zweite", "FD999", 404),
    ],
)  # fmt: skip
def test_who_pins_for_which_unit(city: NotesCity, login: str, unit: str, status: int) -> None:
    made = _official(city)
    sent = {"ansicht": made.id, "einheit": unit}
    assert city.post(login, PIN, sent).status_code == status
    assert [pin.board for pin in city.ledger.view_pins()] == ([f"unit:{unit}"] if status == 303 else [])


def test_a_view_for_oneself_alone_is_not_pinned_for_a_unit(city: NotesCity) -> None:
    made = _save(city)
    answer = city.post("controlling", PIN, {"ansicht": made.id, "einheit": "DEZ1"})
    assert answer.status_code == 422 and "zuerst mit einer Rolle teilen" in answer.text


def test_an_empty_board_explains_what_to_do(city: NotesCity) -> None:
    told = _board(city, "dez1")
    assert "Noch keine Kachel." in told and "Zum Explorer" in told and "Anheften" in told


def _pin(city: NotesCity, login: str, view: SavedView, **more: str) -> None:
    assert city.post(login, PIN, {"ansicht": view.id, **more}).status_code == 303


def _share(city: NotesCity, login: str, where: dict[str, str] | None = None) -> str:
    """The figure as the one door answers it to this person, as the portal writes it."""
    found = city.services.query(city.viewer(login), "ozg_online_share", where=where).total
    assert found is not None
    return amount(found.value, "percent", 1).replace("\u00a0", " ")


def test_h8_one_official_view_shows_each_reader_their_own_figures_on_warm_caches(city: NotesCity) -> None:
    made = _official(city, frage=f"daten={DATA}&werte=ozg_online_share", name="Quote")
    people = ("controlling", "dez1", "dez3")
    for login in people:
        _pin(city, login, made)
    own = {"controlling": {}, "dez1": {"dezernat": "DEZ1"}, "dez3": {"dezernat": "DEZ3"}}
    expected = {login: _share(city, "controlling", own[login] or None) for login in people}
    assert len(set(expected.values())) == len(people)
    for login in (*people, *reversed(people), "dez3", "controlling", "dez1"):
        drawn = page_html(navigate(city.client(login), "/mein-cockpit")).replace("\u00a0", " ")
        shown = re.findall(r'<p class="tile-value"><span class="value">([^<]*)</span>', drawn)
        assert shown == [expected[login]]


def test_h8_a_table_on_a_board_names_no_unit_outside_the_readers_part(city: NotesCity) -> None:
    made = _official(city)
    for login in ("controlling", "dez3"):
        _pin(city, login, made)
    whole = _board(city, "controlling")
    part = _board(city, "dez3")
    assert "FD 10" in whole and "FD 50" in part and "FD 10" not in part
    (row,) = [
        cell
        for cell in city.services.query(city.viewer("dez3"), "ozg_online_share", by=("fachdienst",)).rows
        if cell.keys["fachdienst"] == "FD50"
    ]
    assert amount(row.value, "percent", 1).replace("\u00a0", " ") in part


def test_a_board_shows_eight_rows_the_total_and_says_what_is_left_out(city: NotesCity) -> None:
    made = _save(city)
    _pin(city, "controlling", made)
    drawn = mein_cockpit.layout(city.services, city.viewer("controlling"), {})
    assert str(drawn).count("Th(") and "weitere Zeilen im Explorer" in words(drawn)
    assert f"Gesamt {_share(city, 'controlling')}" in words(drawn) and "Datenstand" in words(drawn)
    assert f"/explorer?sicht={made.id}" in hrefs(drawn)


def test_a_board_shows_a_view_kept_as_a_chart_as_a_drawing_with_its_table(city: NotesCity) -> None:
    made = _save(city, frage=f"{QUESTION}&ansicht=diagramm&diagramm=balken")
    _pin(city, "controlling", made)
    drawn = mein_cockpit.layout(city.services, city.viewer("controlling"), {})
    assert len(graphs(drawn)) == 1 and "Lösen" in words(drawn) and "Datenstand" in words(drawn)


def test_a_board_shows_the_first_five_records_of_a_list_and_the_way_to_all(city: NotesCity) -> None:
    question = "daten=liste:services&werte=anzahl&zeilen=fachdienst&ansicht=liste"
    made = _save(city, frage=question)
    _pin(city, "controlling", made)
    drawn = mein_cockpit.layout(city.services, city.viewer("controlling"), {})
    asked = read_state(made.head.params, city.services.catalog, city.services.snapshot().business_date)
    found = city.services.explore_records(city.viewer("controlling"), asked.question, limit=6)
    assert isinstance(found, Records)
    first = naming(city.services.catalog.record_list("services").definition)[0]
    names = [str(row[first]) for row in found.dicts()]
    told = words(drawn)
    assert all(name in told for name in names[:5]) and names[5] not in told
    assert f"alle {number(found.total)} Einzelleistungen" in told and "Lösen" in told
    assert f"/explorer?sicht={made.id}" in hrefs(drawn)


def test_a_list_keeps_its_order_and_its_words_on_a_board(city: NotesCity) -> None:
    question = "daten=liste:services&werte=anzahl&zeilen=fachdienst&ansicht=liste&spaltenwahl=alle"
    falling = _save(city, frage=f"{question}&sortierung=-bezeichnung")
    assert falling.head.params["sortierung"] == "-bezeichnung" and "spaltenwahl" in falling.head.params
    _pin(city, "controlling", falling)
    asked = read_state(falling.head.params, city.services.catalog, city.services.snapshot().business_date)
    found = city.services.explore_records(
        city.viewer("controlling"), asked.question, limit=5, order=["-bezeichnung"]
    )
    assert isinstance(found, Records)
    told = _board(city, "controlling")
    assert all(str(row["bezeichnung"]) in told for row in found.dicts())
    one = str(found.dicts()[0]["bezeichnung"])
    city.post("controlling", UNPIN, {"ansicht": falling.id})
    _pin(city, "controlling", _save(city, frage=f"{question}&suche={quote(one)}", name="Eine"))
    told = _board(city, "controlling")
    assert "1 Datensatz (Einzelleistungen)" in told and "als Liste ansehen" in told


def test_a_board_is_ordered_by_buttons_and_a_tile_comes_off(city: NotesCity) -> None:
    first, second = _save(city, name="Eins"), _save(city, name="Zwei")
    for view in (first, second):
        _pin(city, "controlling", view)
    city.post("controlling", MOVE, {"ansicht": second.id, "art": "vor"})
    told = _board(city, "controlling")
    assert told.index("Zwei") < told.index("Eins")
    assert city.post("controlling", MOVE, {"ansicht": second.id, "art": "quer"}).status_code == 400
    city.post("controlling", UNPIN, {"ansicht": second.id})
    assert "Zwei" not in _board(city, "controlling")


def test_a_tile_that_fails_costs_itself_alone_and_can_be_taken_off(
    city: NotesCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = _save(city, name="Gute", frage=TOTAL), _save(city, name="Schlechte")
    for view in (good, bad):
        _pin(city, "controlling", view)
    asked = Services.explore

    def explore(services: Services, viewer: Any, question: Any) -> Any:
        if question.rows:
            raise RetriableError("zu lang", code="timeout")
        return asked(services, viewer, question)

    monkeypatch.setattr(Services, "explore", explore)
    told = _board(city, "controlling")
    assert "Gute" in told and "Datenstand" in told and "Anzeige nicht möglich" in told
    assert told.count("Lösen") == 2


def test_the_name_of_a_private_view_stays_out_of_what_the_catalogue_knows_of_pages(city: NotesCity) -> None:
    _pin(city, "controlling", _save(city, name="Nur meine"))
    assert "Nur meine" in page_html(navigate(city.client("controlling"), "/mein-cockpit"))
    modules = portal_pages(city.services)
    (board,) = [item for item in modules if item.page.id == "mein_cockpit"]
    assert _drawn(city.services, board) == {}


def test_a_view_taken_back_leaves_a_tile_that_says_so_to_those_who_can_take_it_off(city: NotesCity) -> None:
    made = _official(city)
    for login in ("dez1", "controlling"):
        _pin(city, login, made)
    city.post("controlling", WITHDRAW, {"ansicht": made.id})
    told = _board(city, "dez1")
    assert NO_VIEW in told and "Quote" not in told and "Lösen" in told


def test_the_board_of_a_unit_is_for_those_whose_part_includes_it_and_with_their_rights(
    city: NotesCity,
) -> None:
    made = _official(city)
    _pin(city, "leitung", made, einheit="DEZ1")
    assert "Quote je Fachdienst" in _board(city, "dez1")
    assert "Quote je Fachdienst" not in _board(city, "dez3")
    assert _board(city, "dez3", einheit="DEZ1") == _board(city, "dez3")
    assert "Quote je Fachdienst" not in _board(city, "controlling")
    assert "Quote je Fachdienst" in _board(city, "controlling", einheit="DEZ1")
    assert "FD 50" not in _board(city, "dez1")


def test_the_boards_of_a_unit_say_nothing_of_views_shared_with_another_role(city: NotesCity) -> None:
    made = _save(city, fuer="role:leitung", name="Nur für die Leitung")
    _pin(city, "controlling", made, einheit="DEZ1")
    assert "Nur für die Leitung" in _board(city, "leitung", einheit="DEZ1")
    assert "Nur für die Leitung" not in _board(city, "dez1") and NO_VIEW not in _board(city, "dez1")


@pytest.mark.parametrize(
    ("question", "drawn"),
    [
        (f"daten={DATA}&werte=ozg_online_share", "tile"),
        (QUESTION, "table"),
        (f"{QUESTION}&ansicht=diagramm&top=5", "bars"),
        (f"daten={DATA}&werte=ozg_online_share&zeilen=themenfeld&spalten=dezernat", "table"),
        (f"daten={DATA}&werte=ozg_online_share&zeilen=month", "columns"),
        (f"daten={DATA}&werte=ozg_online_share&zeilen=month&spalten=themenfeld", "multiples"),
        (f"daten={DATA}&werte=reifegrad_distribution.zaehler&zeilen=themenfeld&spalten=bucket", "stacked"),
        (f"{QUESTION}&f.dezernat=in:DEZ1", "table"),
    ],
)
def test_a_view_becomes_a_file_that_the_loader_of_the_town_reads_and_draws(
    city: NotesCity, tmp_path: Path, question: str, drawn: str
) -> None:
    made = _save(city, frage=question, name='Quote „je" Fach\\dienst', notiz="Für den Ausschuss.")
    answer = city.client("controlling").get(f"/ansichten/{made.id}/kachel.toml")
    assert answer.status_code == 200 and answer.mimetype == "application/toml"
    shown = words(ansichten.layout(city.services, city.viewer("controlling"), _what(made, "kachel")))
    assert 'question = "Für den Ausschuss."' in shown and "Herunterladen" in shown
    (tmp_path / "cockpits").mkdir()
    (tmp_path / "cockpits/probe.toml").write_text(answer.text, encoding="utf-8")
    faults: list[ConfigError] = []
    services = city.services
    (found,) = load_cockpits(tmp_path, services.catalog, services.models(), on_fault=faults.append)
    assert faults == [] and found.file is not None
    types = ["tile" for _ in found.file.tiles] + [chart.type for _, chart in found.file.charts()]
    assert types == [drawn]
    page = Page("stadt.probe", "/cockpit/probe", found.title)
    told = words(_town.layout(page, found.file, services, city.viewer("controlling"), {}))
    assert "nicht möglich" not in told and "Noch keine Werte" not in told
    assert drawn != "tile" or _share(city, "controlling") in told


@pytest.mark.parametrize(
    ("question", "lack"),
    [
        ("daten=liste:services&werte=anzahl&zeilen=themenfeld", "Datensätze einer Liste"),
        (TOTAL, "Zähler, Nenner oder Fälle"),
        (f"{QUESTION}&zeige=index&gegen=vorjahr", "Anteile, Differenzen, Indexwerte"),
        (f"{QUESTION}&stichtag=2026-03-31", "Einen festen Zeitraum oder Stichtag"),
        (f"{QUESTION}&f.themenfeld=nicht:Umwelt", "genau ein Wert je Merkmal"),
        (f"daten={DATA}&werte=ozg_online_share&zeilen=year", "möglich sind Monate"),
        (f"daten={DATA}&werte=ozg_online_share&zeilen=dezernat,fachdienst", "höchstens ein zweites"),
        (f"{QUESTION}&top=-3", "Nur die kleinsten"),
    ],
)
def test_what_a_cockpit_of_the_town_cannot_show_is_said(city: NotesCity, question: str, lack: str) -> None:
    made = _save(city, frage=question)
    shown = words(ansichten.layout(city.services, city.viewer("controlling"), _what(made, "kachel")))
    assert lack in shown and "Herunterladen" not in shown
    assert city.client("controlling").get(f"/ansichten/{made.id}/kachel.toml").status_code == 404


def _what(view: SavedView, what: str) -> dict[str, str]:
    return {"ansicht": view.id, "was": what}
