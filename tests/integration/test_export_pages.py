"""What leaves a page as file is what stands on it: the same figures, the same rights, the same gaps."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pypdf import PdfReader

from dashboard import formats
from dashboard.auth.viewer import Role
from dashboard.export.offer import offer
from dashboard.export.tree import attribute, classes, tables, walk
from dashboard.export.view import exportable
from dashboard.pages import budget, ozg, reifegrad, start, wirkungen
from tests.export_town import PEOPLE, ExportTown, csv_rows, export_town, fetch, shown_rows, workbook
from tests.money_city import effect_rows, money_city, money_rows
from tests.services_city import services_city, services_rows, words

PAGES = (start, ozg, reifegrad, budget, wirkungen)
SEEING: tuple[Role, ...] = ("leitung", "controlling", "fachbereichsleitung")
EVIL = "=HYPERLINK(1) <b>x</b> #panic() \U0001f600"


def _everything(folder: Path) -> Any:
    rows = {**services_rows(), **money_rows(), **effect_rows()}
    return money_city(folder, rows={**rows, "service": services_rows()["service"]})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExportTown]:
    """A city with services, money and effects behind the whole application."""
    yield export_town(tmp_path_factory.mktemp("ausfuhr"), _everything, PAGES)


def _cards(town: ExportTown, page: Any, role: Role = "leitung") -> dict[str, Any]:
    return exportable(town.content(page, role))


def _same(text: str, exported: str) -> bool:
    """Whether an exported field shows the text of the screen: as value, as day, or as the text itself."""
    if text == formats.MISSING:
        return exported == ""
    if re.fullmatch(r"-?\d+(,\d+)?", exported):
        return _rounds_to(float(exported.replace(",", ".")), text)
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", exported):
        year, month, *day = exported.split("-")
        return text in (
            f"{month}/{year}",
            f"{day[0]}.{month}.{year}" if day else "",
            f"{day[0]}.{month}." if day else "",
        )
    return " ".join(text.split()) == " ".join(exported.removeprefix("'").split())


def _rounds_to(value: float, text: str) -> bool:
    digits = re.sub(r"[^\d,\u2212-]", "", text).replace("\u2212", "-").replace(",", ".")
    if not digits.strip("-."):
        return False
    decimals = len(digits.partition(".")[2])
    scale = 100 if "%" in text else 1e-3 if "T€" in text else 1e-6 if "Mio" in text else 1
    return abs(value * scale - float(digits)) <= 0.5 * 10**-decimals + 1e-9


@pytest.mark.parametrize("page", PAGES)
def test_h7_csv_and_workbook_hold_the_figures_of_the_screen(town: ExportTown, page: Any) -> None:
    client, cards = town.client("leitung"), _cards(town, page)
    assert cards, "every cockpit has something to export"
    for key in cards:
        shown = shown_rows(town.content(page, "leitung"), key)
        csv_answer = fetch(client, page.PAGE.path, key, "csv")
        found = csv_rows(csv_answer)[1:]
        assert len(found) == len(shown), key
        for row, line in zip(shown, found, strict=True):
            assert all(_same(text, field) for text, field in zip(row, line, strict=True)), (key, row, line)
        _equal_to_csv(found, workbook(fetch(client, page.PAGE.path, key, "xlsx"))["Daten"], key)


def _equal_to_csv(lines: list[list[str]], sheet: Any, key: str) -> None:
    for line, row in zip(lines, sheet.iter_rows(min_row=2), strict=True):
        for field, cell in zip(line, row, strict=True):
            bare = field.removeprefix("'")
            if re.fullmatch(r"-?\d+,\d+", bare):
                bare = bare.rstrip("0").rstrip(",")
            assert _as_csv(cell.value, cell.number_format) == bare, (key, cell.coordinate)


def _as_csv(value: object, look: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        iso = value.date().isoformat() if isinstance(value, datetime) and not value.time().hour else ""
        return iso[:7] if look == "mm/yyyy" else iso
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{round(value, 10):.10f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(value)


@pytest.mark.parametrize("page", PAGES)
def test_h7_the_paper_of_a_page_says_every_value_of_its_tables(town: ExportTown, page: Any) -> None:
    answer = fetch(town.client("leitung"), page.PAGE.path, "", "pdf")
    said = _pdf_words(answer.get_data())
    content = town.content(page, "leitung")
    for node in exportable(content).values():
        for table in tables(node):
            for text in (cell for row in (*table.rows, table.total or ()) for cell in row):
                assert _letters(text) in said, text
    for lead in (item for item in walk(content) if "lead" in classes(item)):
        assert _letters(words(lead)) in said


def _pdf_words(data: bytes) -> str:
    return _letters("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def _letters(text: str) -> str:
    # Hyphens and blanks are set differently on paper.
    return re.sub(r"[\s\u00ad\u2010\ufffd-]+", "", text)


@pytest.mark.parametrize("page", PAGES)
def test_the_paper_is_tagged_german_titled_and_numbered(town: ExportTown, page: Any) -> None:
    answer = fetch(town.client("leitung"), page.PAGE.path, "", "pdf")
    reader = PdfReader(io.BytesIO(answer.get_data()))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("de")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Kleinstadt" in (reader.metadata.title or "")  # type: ignore[union-attr]
    assert (
        "pdfuaid:part" in root["/Metadata"].get_data().decode()
        and "pdfaid:part" in root["/Metadata"].get_data().decode()
    )
    wide, high = (float(reader.pages[0].mediabox[i]) for i in (2, 3))
    assert (round(wide), round(high)) == (842, 595)
    for number, sheet in enumerate(reader.pages, start=1):
        said = _letters(sheet.extract_text())
        assert f"Seite{number}von{len(reader.pages)}" in said
        assert "Beispieldaten" in said and "Datenstand" in said and "Filter" in said


def _elements(node: Any) -> Iterator[Mapping[str, Any]]:
    node = node.get_object()
    if isinstance(node, list):
        for item in node:
            yield from _elements(item)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node and not isinstance(node["/K"], int):
            yield from _elements(node["/K"])


def test_m11_drawings_have_alternative_texts_and_tables_have_heads(town: ExportTown) -> None:
    content = town.content(ozg, "leitung")
    reader = PdfReader(io.BytesIO(fetch(town.client("leitung"), ozg.PAGE.path, "", "pdf").get_data()))
    root: Any = reader.trailer["/Root"]
    found = list(_elements(root["/StructTreeRoot"]["/K"]))
    alternatives = [str(e["/Alt"]) for e in found if e["/S"] == "/Figure"]
    sentences = [words(item) for item in walk(content) if type(item).__name__ == "Figcaption"]
    assert sentences and all(any(_letters(s) == _letters(a) for a in alternatives) for s in sentences)
    kinds = [str(e["/S"]) for e in found]
    assert kinds.count("/TH") > kinds.count("/Table") > 0
    assert kinds[kinds.index("/H1")] == "/H1" and "/H2" in kinds and "/H3" in kinds


@pytest.mark.parametrize("role", [role for role, _ in PEOPLE])
def test_h7_each_role_exports_exactly_its_own_page(town: ExportTown, role: Role) -> None:
    client = town.client(role)
    for page in PAGES:
        path = page.PAGE.path
        if role == "verwaltung":
            assert fetch(client, path, "irgendetwas", "csv").status_code == 403
            assert fetch(client, path, "", "pdf").status_code == 403
            continue
        content = town.content(page, role)
        for key in exportable(content):
            found = csv_rows(fetch(client, path, key, "csv"))[1:]
            shown = shown_rows(content, key)
            assert [len(found)] == [len(shown)]
            assert all(
                _same(t, f)
                for row, line in zip(shown, found, strict=True)
                for t, f in zip(row, line, strict=True)
            )


def test_h7_a_head_of_units_gets_no_other_unit_in_any_format(town: ExportTown) -> None:
    foreign = re.compile("FD ?32")
    found = {}
    for role in ("leitung", "fachbereichsleitung"):
        client, path = town.client(role), reifegrad.PAGE.path
        files = [_pdf_words(fetch(client, path, "", "pdf").get_data())]
        for key, node in exportable(town.content(reifegrad, role)).items():
            files.append(fetch(client, path, key, "csv").text)
            if any(type(item).__name__ == "Graph" for item in walk(node)):
                files.append(fetch(client, path, key, "svg").text)
        found[role] = [bool(foreign.search(text)) for text in files]
    assert sum(found["leitung"]) >= 3, "paper, table and picture of the whole city name the unit"
    assert not any(found["fachbereichsleitung"])


def test_filters_of_the_address_hold_in_the_export(town: ExportTown) -> None:
    client = town.client("leitung")
    rows = csv_rows(fetch(client, ozg.PAGE.path, "ozg-themenfelder", "csv", themenfeld="Umwelt"))
    assert [row[0] for row in rows[1:]] == ["Umwelt"]
    book = workbook(fetch(client, ozg.PAGE.path, "ozg-themenfelder", "xlsx", themenfeld="Umwelt"))
    told = {row[0].value: row[1].value for row in book["Metadaten"].iter_rows(min_row=2)}
    assert told["Filter Themenfeld"] == "Umwelt"
    assert told["Adresse der Ansicht"] == "/ozg-fortschritt?themenfeld=Umwelt"


def test_metadata_name_definition_version_person_and_example_data(town: ExportTown) -> None:
    book = workbook(fetch(town.client("leitung"), ozg.PAGE.path, "ozg-verlauf", "xlsx"))
    told = {row[0].value: row[1].value for row in book["Metadaten"].iter_rows(min_row=2)}
    metric = town.services.catalog.metric("ozg_online_share")
    assert told["Kennzahl"].startswith(metric.definition.number)
    assert told[f"{metric.definition.number}: Version"] == metric.hash
    assert told["Exportiert von"] == "Person leitung"
    assert told["Hinweis"] == "Beispieldaten"
    assert re.fullmatch(r"\d{2}\.\d{2}\.\d{4}, \d{2}:\d{2}\sUhr", told["Exportiert am"])


def test_a_city_with_real_data_says_nothing_of_example_data(tmp_path: Path) -> None:
    real = export_town(tmp_path, services_city, (ozg,), example=False)
    book = workbook(fetch(real.client("leitung"), ozg.PAGE.path, "ozg-verlauf", "xlsx"))
    assert "Hinweis" not in [cell.value for cell in book["Metadaten"]["A"]]


@pytest.mark.parametrize("form", ["svg", "png"])
def test_pictures_come_as_files_named_by_the_server(town: ExportTown, form: str) -> None:
    answer = fetch(town.client("leitung"), ozg.PAGE.path, "ozg-themenfelder", form)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="2026-06-09_ozg-fortschritt_themenfelder.{form}"'
    )
    assert (
        answer.headers["X-Content-Type-Options"] == "nosniff"
        and answer.headers["Cache-Control"] == "no-store"
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ausfuhr/ozg-fortschritt", 400),
        ("/ausfuhr/ozg-fortschritt?als=xlsx", 400),
        ("/ausfuhr/ozg-fortschritt?als=exe&karte=ozg-verlauf", 400),
        ("/ausfuhr/ozg-fortschritt?als=pdf&karte=ozg-verlauf", 400),
        ("/ausfuhr/ozg-fortschritt?als=csv&karte=ozg-verlauf&teil=x", 400),
        ("/ausfuhr/ozg-fortschritt?als=csv&karte=ozg-verlauf&teil=2", 404),
        ("/ausfuhr/ozg-fortschritt?als=csv&karte=gibt-es-nicht", 404),
        ("/ausfuhr/ozg-fortschritt?als=svg&karte=tabelle-service-profile-share", 404),
        ("/ausfuhr/gibt-es-nicht?als=pdf", 404),
        ("/ausfuhr/../ozg-fortschritt?als=pdf", 404),
        ("/ausfuhr/%2e%2e/etc/passwd?als=pdf", 404),
        ("/ausfuhr/ozg-fortschritt/..%2f..%2fetc?als=pdf", 404),
        ("/ausfuhr/ozg-fortschritt%00?als=pdf", 404),
        ("/ausfuhr/ozg-fortschritt%5c..?als=pdf", 404),
        ("/ausfuhr/ozg-fortschritt?als=csv&karte=../../etc/passwd", 404),
        (f"/ausfuhr/{'x' * 600}?als=pdf", 400),
        (f"/ausfuhr/ozg-fortschritt?als=pdf&a={'x' * 5000}", 400),
    ],
)
def test_i6_wrong_addresses_are_refused_in_german(town: ExportTown, address: str, status: int) -> None:
    answer = town.client("leitung").get(address)
    assert answer.status_code == status
    assert 'lang="de"' in answer.text and "Traceback" not in answer.text and "passwd" not in answer.text


def test_nobody_exports_without_signing_in(town: ExportTown) -> None:
    answer = town.server.test_client().get("/ausfuhr/ozg-fortschritt?als=pdf")
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/anmelden")


def test_l1_each_export_leaves_its_line_and_changes_nothing_else(town: ExportTown) -> None:
    client = town.client("leitung")
    before, head = _tables(town), town.ledger.audit_head()[0]
    fetch(client, ozg.PAGE.path, "ozg-themenfelder", "csv", themenfeld="Umwelt")
    fetch(client, ozg.PAGE.path, "gibt-es-nicht", "csv")
    assert town.ledger.audit_head()[0] == head + 1, "what is refused leaves the portal nothing to note"
    line = town.ledger.audit_events(limit=1)[0]
    assert (line.who, line.what) == ("leitung", "export.made")
    assert {k: line.detail[k] for k in ("page", "card", "format", "filters")} == {
        "page": "ozg", "card": "ozg-themenfelder", "format": "csv", "filters": {"themenfeld": "Umwelt"},
    }  # fmt: skip
    assert _tables(town) == before
    assert town.ledger.verify_audit_chain() is None


def _tables(town: ExportTown) -> dict[str, int]:
    """Rows of every table of the ledger but the trail and the sessions, whose last sight moves."""
    import sqlite3

    path = town.services.settings.ledger_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: hash(tuple(connection.execute(f'SELECT * FROM "{name}"')))
            for name in names
            if name not in ("audit_event", "session") and not name.startswith("sqlite_")
        }


def _links(content: Any) -> list[str]:
    """Addresses of all menus of a page; those of cards are written by the browser."""
    written = [attribute(i, "href") for i in walk(content) if "menu-two" in classes(i)]
    kept = [json.loads(attribute(i, "data-entries")) for i in walk(content) if attribute(i, "data-entries")]
    return [link for link in written if link] + [entry[0] for entries in kept for entry in entries]


@pytest.mark.parametrize("page", PAGES)
def test_every_menu_leads_to_files_that_exist(town: ExportTown, page: Any) -> None:
    client = town.client("leitung")
    content = offer(town.content(page, "leitung"), page.PAGE.path, {})
    links = _links(content)
    cards = {dict(parse_qsl(urlsplit(link).query)).get("karte", "") for link in links}
    assert cards == {"", *exportable(content)}
    for link in links:
        answer = client.get(link)
        assert (answer.status_code, bool(answer.get_data())) == (200, True), link


def test_menus_are_offered_once_and_keep_the_choice_of_the_address(town: ExportTown) -> None:
    params = {"themenfeld": "Umwelt", "zahl": "ozg_online_share"}
    content = town.content(ozg, "leitung", **params)
    once = len(list(walk(offer(content, ozg.PAGE.path, params))))
    assert len(list(walk(offer(content, ozg.PAGE.path, params)))) == once
    links = _links(content)
    assert links and all("themenfeld=Umwelt" in link and "zahl=" not in link for link in links)


def test_i5_i8_i10_a_poisoned_delivery_leaves_as_text(tmp_path: Path) -> None:
    rows = {name: [dict(row) for row in items] for name, items in services_rows().items()}
    for row in rows["service"]:
        row["themenfeld"] = f"{EVIL} {row['themenfeld']}"
    evil = export_town(tmp_path, lambda folder: services_city(folder, rows=rows), (ozg,))
    client = evil.client("leitung")
    first = csv_rows(fetch(client, ozg.PAGE.path, "ozg-themenfelder", "csv"))[1][0]
    assert first.startswith("'=HYPERLINK")
    sheet = workbook(fetch(client, ozg.PAGE.path, "ozg-themenfelder", "xlsx"))["Auswertung"]
    assert {c.data_type for row in sheet.iter_rows() for c in row if c.value is not None} <= {"s", "n"}
    assert "<b>" not in fetch(client, ozg.PAGE.path, "ozg-themenfelder", "svg").text
    assert "#panic()" in _pdf_words(fetch(client, ozg.PAGE.path, "", "pdf").get_data())


def test_a_session_that_exports_without_end_is_told_to_wait(tmp_path: Path) -> None:
    busy = export_town(tmp_path, services_city, (ozg,))
    client = busy.client("leitung")
    codes = [fetch(client, ozg.PAGE.path, "gibt-es-nicht", "csv").status_code for _ in range(61)]
    assert (set(codes[:60]), codes[60]) == ({404}, 429)
    assert int(fetch(client, ozg.PAGE.path, "gibt-es-nicht", "csv").headers["Retry-After"]) > 0
    assert fetch(busy.client("controlling"), ozg.PAGE.path, "gibt-es-nicht", "csv").status_code == 404
