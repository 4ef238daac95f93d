"""The explorer as a controller uses it: by clicks, by keys, by drag; down to a record; and the way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.chromium import DESKTOP, MOBILE, TABLET, Desk, Person
from tests.browser.examine import axe_findings, sideways, small_targets
from tests.explorer_files import MARKUP

START = "/explorer?daten=bestand:einzelleistung_eigen&werte=reifegrad_distribution.zaehler&zeilen=themenfeld"
PICTURE = {
    "werte": "reifegrad_distribution.zaehler,ozg_online_share",
    "zeilen": "themenfeld,fachdienst",
    "spalten": "bucket",
}
WHOLE = (
    "/explorer?daten=bestand:einzelleistung_eigen&werte=reifegrad_distribution.zaehler,ozg_online_share"
    "&zeilen=themenfeld,fachdienst&spalten=bucket&auf=Bauen+%26+Wohnen&zelle=Bauen+%26+Wohnen|FD63;2;0"
)
ROW = "Bauen & Wohnen"


@pytest.fixture(scope="module")
def window(desk: Desk) -> Iterator[Person]:
    with desk.person("controlling", DESKTOP) as someone:
        yield someone


@pytest.fixture
def person(window: Person) -> Iterator[Person]:
    window.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    yield window
    assert window.trouble.everything() == []
    window.trouble.clear()


def asked(page: Page) -> dict[str, str]:
    """What the address asks."""
    return dict(parse_qsl(urlsplit(page.url).query))


def built(page: Page) -> dict[str, str]:
    """The parts of the address picture 06 consists of."""
    return {name: asked(page).get(name, "") for name in PICTURE}


def field(page: Page, name: str) -> Locator:
    return page.locator(f".field-item[data-field='{name}']")


def way(page: Page, name: str, label: str) -> Locator:
    """An entry of the menu of a field, opened."""
    field(page, name).locator("summary").click()
    return field(page, name).get_by_role("link", name=label, exact=True)


def zone(page: Page, name: str) -> Locator:
    return page.locator(f".zone[data-zone='{name}']")


def chips(page: Page, name: str) -> list[str]:
    return [text.strip() for text in zone(page, name).locator(".chip-name").all_inner_texts()]


def cell(page: Page, row: str, place: int) -> Locator:
    head = page.locator("th.row-head").filter(has_text=re.compile(rf"^{re.escape(row)}$"))
    return page.locator(".pivot tr").filter(has=head).locator(".pivot-cell").nth(place)


def test_the_picture_is_built_by_clicks_opened_and_followed_down_to_a_record(person: Person) -> None:
    page = person.open(START)
    person.do(way(page, "fachdienst", "Als Zeile").click)
    person.do(way(page, "bucket", "Als Spalte").click)
    person.do(way(page, "wert.ozg_online_share", "Online ab Reifegrad 3 als Wert").click)
    assert built(page) == PICTURE
    assert chips(page, "zeilen") == ["Themenfeld", "Fachdienst"] and chips(page, "spalten") == ["Reifegrad"]
    fold = page.locator(".row-fold").filter(has_text=ROW)
    assert fold.get_attribute("aria-expanded") == "false"
    person.do(fold.click)
    assert page.locator(".row-fold").filter(has_text=ROW).get_attribute("aria-expanded") == "true"
    inside = cell(page, "FD 63 Bauaufsicht", 2)
    number = inside.inner_text()
    person.do(inside.click)
    expect(page.locator(".selection .card-title")).to_have_text(f"{number} Einzelleistungen in der Auswahl")
    expect(page.locator(".crumbs")).to_contain_text("FD 63")
    assert cell(page, "FD 63 Bauaufsicht", 2).get_attribute("aria-current") == "true"
    record = page.locator(".selection .row-link").first
    name = record.inner_text()
    person.do(record.click)
    expect(page.locator("#titel")).to_contain_text(name)
    person.do(page.go_back)
    expect(page.locator(".selection .card-title")).to_contain_text("in der Auswahl")
    person.do(page.locator(".row-fold").filter(has_text=ROW).click)
    assert page.get_by_text("FD 63 Bauaufsicht", exact=True).count() == 0


def test_the_picture_is_built_by_keyboard_alone(person: Person) -> None:
    page = person.open(START)

    def choose(name: str, label: str) -> None:
        summary = field(page, name).locator("summary")
        summary.focus()
        page.keyboard.press("Enter")
        for _ in range(8):
            page.keyboard.press("ArrowDown")
            if page.evaluate("document.activeElement.textContent.trim()") == label:
                break
        person.do(lambda: page.keyboard.press("Enter"))
        assert page.evaluate("document.activeElement !== document.body")

    choose("fachdienst", "Als Zeile")
    choose("bucket", "Als Spalte")
    choose("wert.ozg_online_share", "Online ab Reifegrad 3 als Wert")
    assert built(page) == PICTURE
    first = page.locator(".pivot tbody .pivot-cell[tabindex='0']")
    assert first.count() == 1
    first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    second = page.locator(".pivot tbody tr").nth(1).locator(".pivot-cell").nth(2)
    expect(second).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    told = page.locator("[data-chosen]").inner_text()
    values = page.locator(".pivot .is-chosen").evaluate_all(
        "cells => cells.map(c => Number(c.dataset.value))"
    )
    assert len(values) == 2 and told.startswith("2 Zellen · Summe ")
    assert told.split("Summe ")[1].split(" ")[0] == str(int(sum(values)))
    page.keyboard.press("Escape")
    expect(page.locator("[data-chosen]")).to_be_empty()
    person.do(lambda: page.keyboard.press("Enter"))
    expect(page.locator(".selection .card-title")).to_contain_text("in der Auswahl")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"


def test_shares_that_do_not_add_up_get_no_sum(person: Person) -> None:
    page = person.open(WHOLE)
    last = page.locator(".pivot tbody tr").first.locator(".pivot-cell").last
    last.focus()
    page.keyboard.press("Shift+ArrowDown")
    assert page.locator("[data-chosen]").inner_text() == "2 Zellen · keine Summe"
    page.keyboard.press("Shift+ArrowLeft")
    assert "keine Summe" in page.locator("[data-chosen]").inner_text()


def test_the_picture_is_built_by_drag_and_taken_apart_again(person: Person) -> None:
    # High enough that nothing has to be scrolled between pressing and letting go.
    person.page.set_viewport_size({"width": DESKTOP[0], "height": 1500})
    page = person.open(START)
    person.do(lambda: field(page, "fachdienst").drag_to(zone(page, "zeilen")))
    person.do(lambda: field(page, "bucket").drag_to(zone(page, "spalten")))
    person.do(lambda: field(page, "wert.ozg_online_share").drag_to(zone(page, "werte")))
    assert built(page) == PICTURE
    chip = zone(page, "zeilen").locator(".zone-chip").filter(has_text="Fachdienst")
    person.do(lambda: chip.drag_to(zone(page, "spalten")))
    assert asked(page)["spalten"] == "bucket,fachdienst" and asked(page)["zeilen"] == "themenfeld"
    chip = zone(page, "spalten").locator(".zone-chip").filter(has_text="Fachdienst")
    person.do(lambda: chip.drag_to(page.locator(".field-part .field-group").first))
    assert asked(page)["spalten"] == "bucket"
    person.do(zone(page, "werte").get_by_label("Online ab Reifegrad 3 aus Werte entfernen").click)
    assert asked(page)["werte"] == "reifegrad_distribution.zaehler"


def test_chips_move_and_leave_by_their_menu(person: Person) -> None:
    page = person.open(WHOLE)

    def press(name: str, chip: str, label: str) -> None:
        place = zone(page, name).locator(".zone-chip").filter(has_text=chip)
        place.locator("summary").click()
        person.do(place.get_by_role("link", name=label, exact=True).click)

    press("zeilen", "Fachdienst", "Nach vorn")
    assert asked(page)["zeilen"] == "fachdienst,themenfeld"
    press("zeilen", "Fachdienst", "Zu den Spalten")
    assert asked(page)["spalten"] == "bucket,fachdienst"
    press("spalten", "Fachdienst", "Entfernen")
    press("werte", "Online", "Nach vorn")
    assert asked(page)["werte"].startswith("ozg_online_share,")


def test_a_filter_is_written_searched_and_taken_off(person: Person) -> None:
    page = person.open(START)
    person.do(way(page, "themenfeld", "Als Filter").click)
    form = page.locator("form.filter-form")
    expect(page.locator("#explorer-formular")).to_be_focused()
    form.get_by_label("Wert suchen").fill("bild")
    assert form.locator(".value-list li:visible").all_inner_texts() == ["Bildung"]
    form.get_by_label("Bildung", exact=True).check()
    form.get_by_label("Wert suchen").fill("")
    form.get_by_label(ROW, exact=True).check()
    person.do(form.get_by_role("button", name="Anwenden").click)
    assert asked(page)["f.themenfeld"] == f"in:{ROW}|Bildung" and "bearbeiten" not in asked(page)
    assert page.locator(".pivot tbody tr").count() == 2
    person.do(zone(page, "filter").locator(".chip-name").click)
    form = page.locator("form.filter-form")
    assert form.get_by_label("Bildung", exact=True).is_checked()
    form.get_by_label("ist nicht", exact=True).check()
    person.do(form.get_by_role("button", name="Anwenden").click)
    assert asked(page)["f.themenfeld"].startswith("nicht:")
    assert ROW not in page.locator(".pivot tbody").inner_text()
    person.do(zone(page, "filter").locator(".chip-name").click)
    page.locator("form.filter-form").get_by_label("enthält", exact=True).check()
    page.locator("#explorer-text").fill("bau|,~")
    person.do(lambda: page.locator("#explorer-text").press("Enter"))
    assert asked(page)["f.themenfeld"] == "enthaelt:bau%7C%2C%7E"
    person.do(zone(page, "filter").locator(".chip-off").click)
    assert "f.themenfeld" not in asked(page)


def test_fields_and_data_sets_are_found_while_one_types(person: Person) -> None:
    page = person.open(START)
    page.get_by_label("Feld suchen").fill("monat")
    assert page.locator(".field-item:visible").count() == 1
    told = page.locator(".field-part .narrow-told")
    expect(told).to_have_text("1 Treffer")
    expect(told).to_have_attribute("role", "status")
    page.get_by_label("Feld suchen").fill("xyzxyz")
    expect(told).to_have_text("Nichts gefunden.")
    page.get_by_label("Feld suchen").fill("")
    expect(told).to_have_text("")
    page.locator(".dataset-now").click()
    page.get_by_label("Datensatz suchen").fill("personal")
    expect(
        page.locator(".dataset-list .menu-item:visible", has_text="Vollzeitstellen im Stellenplan")
    ).to_be_visible()
    expect(page.locator(".dataset-list .narrow-told")).to_contain_text("Treffer")
    page.get_by_label("Datensatz suchen").fill("haushaltspos")
    shown = page.locator(".dataset-list .menu-item:visible")
    assert shown.count() == 2
    person.do(shown.first.click)
    expect(page.locator(".dataset-title")).to_have_text("Haushaltspositionen")


def test_views_warmth_and_order_are_addresses(person: Person) -> None:
    page = person.open(WHOLE)
    assert page.locator(".pivot [class*='heat-']").count() > 10
    person.do(page.get_by_role("link", name="Wärmefelder ausschalten").click)
    assert page.locator(".pivot [class*='heat-']").count() == 0 and asked(page)["waerme"] == "aus"
    head = page.locator(".pivot thead .sort-link").last
    person.do(head.click)
    expect(page.locator(".pivot [aria-sort='descending']")).to_have_count(1)
    totals = page.locator(".pivot tbody tr:has(.level-1) .edge-2").evaluate_all(
        "cells => cells.map(c => Number(c.dataset.value))"
    )
    assert totals == sorted(totals, reverse=True) and len(totals) > 5
    person.do(page.locator(".explorer-views").get_by_role("link", name="Diagramm").click)
    assert page.locator(".explorer-chart .js-plotly-plot").count() >= 1
    person.do(page.locator(".explorer-views").get_by_role("link", name="Liste").click)
    expect(page.locator(".record-listing .card-title")).to_contain_text("Einzelleistungen")


def test_a_slow_question_is_told_and_can_be_cancelled(person: Person) -> None:
    page = person.open(START)
    sent: list[str] = []
    held: list[Route] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if "abbrechen" in asked.url else None)

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/_dash-update-component*", hold)
    way(page, "fachdienst", "Als Zeile").click()
    box = page.locator(".cancel-box")
    expect(box).to_contain_text("Wird berechnet")
    with page.expect_response("**/explorer/abbrechen") as answered:
        box.get_by_role("button", name="Abbrechen").click()
    assert answered.value.status == 204
    assert "zeilen=themenfeld" in sent[0] and "fachdienst" in sent[0]
    while held:
        held.pop().continue_()
    page.unroute("**/_dash-update-component*", hold)
    expect(box).to_have_count(0)
    person.wait()


@pytest.mark.parametrize("size", [DESKTOP, TABLET, MOBILE], ids=["1440", "1024", "390"])
def test_axe_finds_nothing_in_light_and_dark(desk: Desk, size: tuple[int, int]) -> None:
    found = []
    with desk.person("controlling", size, has_touch=size == MOBILE) as someone:
        for address in (WHOLE, f"{WHOLE}&bearbeiten=themenfeld", f"{START}&ansicht=liste"):
            page = someone.follow(address)
            found += [*axe_findings(page), *sideways(page), *small_targets(page)]
            page.emulate_media(color_scheme="dark")
            found += [f"dark: {line}" for line in axe_findings(page, colours_only=True)]
            page.emulate_media(color_scheme="light")
        assert someone.trouble.everything() == []
    assert found == []


def test_phones_read_and_are_told_where_to_change(desk: Desk) -> None:
    with desk.person("controlling", MOBILE, has_touch=True) as someone:
        page = someone.open(WHOLE)
        expect(page.locator(".explorer-small")).to_be_visible()
        expect(page.locator(".shelf")).to_be_hidden()
        assert page.locator(".chip-off:visible, .zone-add:visible").count() == 0
        expect(page.locator(".pivot")).to_be_visible()
    with desk.person("controlling", TABLET) as someone:
        page = someone.open(WHOLE)
        assert not page.locator(".field-item").first.is_visible()
        page.locator(".shelf-fold").click()
        assert page.locator(".field-item").first.is_visible()


def test_a_long_table_stays_where_it_was_scrolled_to(person: Person) -> None:
    page = person.open(f"{START},fachdienst&spalten=bucket&auf=*")
    box = page.locator(".pivot-scroll")
    far = page.locator(".pivot tbody tr").nth(40).locator(".pivot-cell[href]").first
    far.scroll_into_view_if_needed()
    before = box.evaluate("box => box.scrollTop")
    assert before > 300
    person.do(far.click)
    assert abs(page.locator(".pivot-scroll").evaluate("box => box.scrollTop") - before) < 400
    expect(page.locator(".pivot .is-selected")).to_be_in_viewport()


def test_paper_shows_the_whole_table_no_controls_and_says_which_columns_are_not_on_it(
    person: Person,
) -> None:
    page = person.page
    try:
        person.open(f"{WHOLE}&auf=*")
        page.set_viewport_size({"width": 933, "height": 700})
        page.emulate_media(media="print")
        table, below = page.locator(".pivot").bounding_box(), page.locator(".selection").bounding_box()
        assert table and below and below["y"] >= table["y"] + table["height"], "records stand below the table"
        for controls in (".shelf", ".display-bar", ".explorer-views", ".chip-off", ".pivot-keys"):
            assert not page.locator(controls).first.is_visible(), controls
        expect(page.locator(".paper-note")).to_have_count(0)
        page.emulate_media(media="screen")
        person.open(f"{START}&spalten=fachdienst,bucket&auf=*")
        note = page.locator(".paper-note")
        expect(note).to_be_hidden()
        page.emulate_media(media="print")
        expect(note).to_contain_text(re.compile(r"Auf Papier stehen \d+ von \d+ Spalten"))
        wide, card = page.locator(".pivot").bounding_box(), page.locator(".pivot-card").bounding_box()
        assert wide and card and wide["width"] <= card["width"] + 1, "nothing is cut off at the right"
    finally:
        page.emulate_media(media="screen")


def test_all_rows_of_heads_stay_in_sight_while_the_pivot_scrolls(person: Person) -> None:
    person.open(f"{WHOLE}&auf=*")
    stays = person.page.locator(".pivot-scroll").evaluate(
        """box => {
          box.scrollTop = 120;
          const rows = [...box.querySelectorAll('thead tr')].map(row => row.getBoundingClientRect());
          const apart = rows.every((row, at) => !at || row.top >= rows[at - 1].bottom - 1);
          return box.scrollTop > 0 && apart && Math.abs(rows[0].top - box.getBoundingClientRect().top) < 2;
        }"""
    )
    assert stays


def test_records_of_a_cell_stand_above_each_other_on_phones(desk: Desk) -> None:
    for width in (390, 320):
        with desk.person("controlling", (width, 844)) as small:
            small.open(WHOLE)
            box = small.page.locator(".selection .table-scroll")
            assert box.evaluate("e => e.scrollWidth <= e.clientWidth"), width
            label = small.page.locator(".selection td").first
            assert label.evaluate("e => getComputedStyle(e, '::before').content").strip('"')
            assert small.trouble.everything() == []


def test_i5_texts_of_markup_run_nothing_in_the_explorer(desk: Desk) -> None:
    usual = "/explorer?daten=liste:services&werte=anzahl&zeilen=themenfeld&bearbeiten=bezeichnung&ansicht="
    with desk.person("controlling") as someone:
        page = someone.page
        page.add_init_script("window.ran = 0; window.alert = window.prompt = () => { window.ran += 1; };")
        someone.open("/explorer")
        for start, view in zip(range(0, len(MARKUP), 30), cycle(("pivot", "liste", "diagramm"))):
            values = "|".join(quote(text, safe="") for text in MARKUP[start : start + 30])
            someone.follow(f"{usual}{view}&f.bezeichnung={quote(f'nicht:{values}', safe='')}")
            for summary in page.locator(".explorer-main details:not([open]) > summary").all()[:4]:
                summary.hover()
            assert page.evaluate("window.ran") == 0 and page.locator("#titel").count() == 1
            assert "alert(1)" in page.locator("#inhalt").inner_text()
        assert someone.trouble.everything() == []
