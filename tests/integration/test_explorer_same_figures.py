"""H7 and H9 on the explorer: one figure on every way out for each viewer, and a new right counts at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from dashboard.app import WARMER
from tests.example_city import ExampleCity
from tests.programs import Programs, programs
from tests.web_city import navigate, page_html

PARTS = ("zaehler", "nenner")
QUESTION = {
    "daten": "bestand:einzelleistung_eigen",
    "werte": ",".join(f"ozg_online_share.{part}" for part in PARTS),
    "zeilen": "fachdienst",
}
LIST = {"daten": "liste:services", "ansicht": "liste"}
VIEWERS = ("leitung", "bauamt", "controlling")
Figures = dict[tuple[str, str], Decimal]


@pytest.fixture(scope="module")
def portal(example_city: ExampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    found = programs(example_city, f"sqlite:///{tmp_path_factory.mktemp('kladde')}/kladde.sqlite")
    found.server.extensions[WARMER].notice = lambda name: None
    yield found
    found.ledger.close()


def _door(portal: Programs, login: str) -> Figures:
    """What the one door says to this person, row by row and as a whole."""
    result = portal.services.query(portal.viewer(login), "ozg_online_share", by=("fachdienst",))
    total = portal.services.query(portal.viewer(login), "ozg_online_share").total
    assert total is not None
    cells = [(str(row.keys["fachdienst"]), row) for row in result.rows] + [("", total)]
    found = {}
    for unit, cell in cells:
        assert cell.numerator is not None and cell.denominator is not None
        found |= {(unit, "zaehler"): Decimal(cell.numerator), (unit, "nenner"): Decimal(cell.denominator)}
    return found


def _shown(browser: FlaskClient, **params: str) -> str:
    answer = navigate(browser, "/explorer", f"?{urlencode(params)}")
    assert answer.status_code == 200
    return page_html(answer)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def _on_the_page(browser: FlaskClient) -> Figures:
    found = {}
    for tag, told in re.findall(r"(<a [^>]*\bpivot-cell\b[^>]*>)([^<]*)", _shown(browser, **QUESTION)):
        (href,) = re.findall(r'href="([^"]*)"', tag)
        unit, _, measure = dict(parse_qsl(urlsplit(href).query))["zelle"].split(";")
        found[unit, PARTS[int(measure)]] = _number(told)
    return found


def _file(browser: FlaskClient, form: str, **params: str) -> bytes:
    answer = browser.get("/ausfuhr/explorer", query_string={**params, "als": form})
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def _of_rows(rows: list[dict[str, Any]], unit: str) -> Figures:
    """Lines of the data of a file; without a field of rows they are the whole."""
    return {
        (str(row[unit]) if unit else "", _part(str(row["teil"]))): Decimal(str(row["wert"]).replace(",", "."))
        for row in rows
    }


def _in_files(browser: FlaskClient, form: str) -> Figures:
    found: Figures = {}
    for unit in ("fachdienst", ""):
        data = _file(browser, form, **{**QUESTION, "zeilen": unit})
        if form == "parquet":
            rows = pq.read_table(io.BytesIO(data)).to_pylist()
        elif form == "xlsx":
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Daten").to_python()
            rows = [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]
        else:
            text = io.StringIO(data.decode("utf-8-sig"), newline="")
            rows = list(csv.DictReader(text, delimiter=";" if form == "csv" else ","))
        found |= _of_rows(rows, unit)
    return found


def _part(word: str) -> str:
    return {"numerator": "zaehler", "denominator": "nenner"}.get(word, word)


def _for_programs(portal: Programs, login: str, form: str) -> Figures:
    found: Figures = {}
    for unit in ("fachdienst", ""):
        query = {name: text for name, text in {**QUESTION, "zeilen": unit, "format": form}.items() if text}
        answer = portal.ask(portal.token(login), "/explore", query=query)
        assert answer.status_code == 200, answer.text
        if form == "json":
            rows = [{**row, **row["keys"]} for row in answer.json["rows"]]
        elif form == "arrow":
            rows = pa.ipc.open_stream(answer.data).read_all().to_pylist()
        else:
            rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        found |= _of_rows(
            [{**row, "teil": row["measure"].partition(".")[2], "wert": row["value"]} for row in rows], unit
        )
    return found


@pytest.mark.parametrize("login", VIEWERS)
def test_h7_each_viewer_reads_the_figure_of_the_door_on_every_way_out_of_the_explorer(
    portal: Programs, login: str
) -> None:
    expected, browser = _door(portal, login), portal.browser(login)
    assert len(expected) > 4 and (login != "bauamt" or ("FD32", "nenner") not in expected)
    assert _on_the_page(browser) == expected
    for form in ("csv", "csv-int", "xlsx", "parquet"):
        assert _in_files(browser, form) == expected, form
    for form in ("json", "csv", "arrow"):
        assert _for_programs(portal, login, form) == expected, form
    pages = PdfReader(io.BytesIO(_file(browser, "pdf", **QUESTION))).pages
    said = " ".join(" ".join(page.extract_text() for page in pages).split())
    for unit in {unit for unit, _ in expected}:
        name = rf"FD {unit[2:]}\b[^\d]*?" if unit else "Gesamt "
        line = " ".join(f"{expected[unit, part]:,}".replace(",", ".") for part in PARTS)
        assert re.search(rf"{name}{re.escape(line)}(?![\d.])", said), (unit, line)


@pytest.mark.parametrize("login", VIEWERS)
def test_h7_the_table_of_a_chart_and_its_file_hold_the_figures_of_its_viewer(
    portal: Programs, login: str
) -> None:
    expected = {unit: n for (unit, part), n in _door(portal, login).items() if unit and part == "nenner"}
    asked = {**QUESTION, "werte": "ozg_online_share.nenner", "ansicht": "diagramm", "diagramm": "balken"}
    browser = portal.browser(login)
    links = re.findall(r'"(/ausfuhr/explorer[^"]*)"', _shown(browser, **asked))
    (table,) = {link for link in links if "karte=" in link and "als=csv" in link}
    answer = browser.get(table)
    assert answer.status_code == 200
    _, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";")
    found = {f"FD{name[1]}": _number(row[-1]) for row in rows if (name := re.match(r"FD (\d+)", row[0]))}
    assert found == expected


@pytest.mark.parametrize("login", VIEWERS)
def test_h7_a_list_has_as_many_records_on_the_page_in_its_files_and_for_programs(
    portal: Programs, login: str
) -> None:
    total, browser = _records(portal, login), portal.browser(login)
    assert f"{total:,}".replace(",", ".") in _shown(browser, **LIST)
    page = portal.ask(portal.token(login), "/lists/services?limit=1").json
    counted = portal.ask(portal.token(login), "/explore?daten=liste:services&werte=anzahl").json
    assert (page["total"], counted["rows"][0]["value"]) == (total, total)
    lines = csv.reader(
        io.StringIO(_file(browser, "csv", **LIST).decode("utf-8-sig"), newline=""), delimiter=";"
    )
    assert len(list(lines)) == total + 1


def _records(portal: Programs, login: str) -> int:
    return portal.services.records(portal.viewer(login), "services", limit=1).total


def test_h9_a_changed_right_counts_on_the_page_in_files_and_for_programs_while_caches_are_warm(
    portal: Programs,
) -> None:
    account, everything, own = (
        portal.account("controlling"),
        _door(portal, "leitung"),
        _door(portal, "bauamt"),
    )
    before, token = portal.browser("controlling"), portal.token("controlling")

    def read(browser: FlaskClient) -> list[Figures]:
        programs_read = _for_programs(portal, "controlling", "csv")
        return [_on_the_page(browser), _in_files(browser, "csv"), _in_files(browser, "xlsx"), programs_read]

    assert read(before) == [everything] * 4
    for login in VIEWERS:
        assert _on_the_page(portal.browser(login)) == _door(portal, login)
    portal.ledger.set_role(account.id, "fachbereichsleitung", ("DEZ4",), who="test")
    try:
        assert navigate(before, "/explorer", f"?{urlencode(QUESTION)}").status_code != 200
        assert before.get("/ausfuhr/explorer", query_string={**QUESTION, "als": "csv"}).status_code != 200
        assert read(portal.browser("controlling")) == [own] * 4
        portal.ledger.set_role(account.id, "verwaltung", (), who="test")
        closed = portal.browser("controlling")
        assert closed.get("/ausfuhr/explorer", query_string={**QUESTION, "als": "csv"}).status_code == 403
        assert portal.ask(token, "/explore", query=QUESTION).status_code == 403
    finally:
        portal.ledger.set_role(account.id, "controlling", (), who="test")
    assert read(portal.browser("controlling")) == [everything] * 4
