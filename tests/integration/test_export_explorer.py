"""What leaves the explorer as a file is what it answers: same figures, same rights, long lists as orders."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from dashboard.auth.accounts import known_account
from dashboard.explorer.state import read_state
from dashboard.export.explorer_route import ORDERS
from dashboard.export.order_run import INTERRUPTED, LOST_RIGHT, Runner
from dashboard.export.order_work import lock_path
from dashboard.export.orders import KEPT, Order, OrderBook
from dashboard.jobs.locks import is_held
from tests.explorer_files import MARKUP, elements
from tests.export_desk import BOOKINGS, Desk, make_desk
from tests.web_city import ORIGIN, navigate, page_html
from warehouse.errors import RetriableError

MANY = 100_000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A city with a hundred thousand bookings behind the whole application."""
    yield make_desk(tmp_path_factory.mktemp("ausfuhr"), MANY)


@pytest.fixture(autouse=True)
def _no_orders(desk: Desk) -> None:
    for order in desk.book.all():
        desk.book.remove(order)


def _question(desk: Desk) -> dict[str, str]:
    population = desk.town.services.catalog.metric("ozg_online_share").definition.population
    return {
        "daten": f"bestand:{population}", "werte": "ozg_online_share,ozg_online_share.zaehler",
        "zeilen": "themenfeld,fachdienst", "spalten": "quarter", "auf": "*",
    }  # fmt: skip


def _pivot(desk: Desk, role: Any = "leitung") -> Any:
    services = desk.town.services
    state = read_state(_question(desk), services.catalog, services.today)
    return services.explore(desk.town.viewer(role), state.question)


def _leaves(pivot: Any) -> dict[tuple[Any, ...], Any]:
    """Value, numerator and denominator of the innermost cells, looked up in the answer itself."""
    found = {}
    for row in (head.path for head in pivot.rows if head.level == 2):
        for column in (head.path for head in pivot.columns if head.level == 1):
            for number, info in enumerate(pivot.measures):
                cell = pivot.cell(row, column, number)
                found[(*row, *column, info.measure.part)] = cell.value
    return found


def _same(value: object, expected: object) -> bool:
    if expected is None:
        return value in (None, "")
    return float(str(value).replace(",", ".")) == pytest.approx(float(str(expected)), abs=1e-9)


def _named(heads: list[Any], rows: list[list[Any]]) -> dict[tuple[Any, ...], Any]:
    at = {name: heads.index(name) for name in ("themenfeld", "fachdienst", "quarter", "teil", "wert")}
    return {tuple(row[at[n]] for n in list(at)[:4]): row[at["wert"]] for row in rows}


def test_both_readers_find_the_figures_of_the_pivot_in_the_workbook(desk: Desk) -> None:
    client, expected = desk.town.client("leitung"), _leaves(_pivot(desk))
    answer = desk.export(client, "xlsx", **_question(desk))
    assert re.fullmatch(
        r'attachment; filename="2026-06-09_explorer_[a-z0-9-]+\.xlsx"', answer.headers["Content-Disposition"]
    )
    mine = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert mine.sheetnames == ["Auswertung", "Daten", "Metadaten"]
    heads, *rows = [[cell.value for cell in row] for row in mine["Daten"].iter_rows()]
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name("Daten").to_python()
    for found in (_named(heads, rows), _named(theirs[0], theirs[1:])):
        assert found.keys() == expected.keys() and expected
        assert all(_same(found[key], expected[key]) for key in expected)


def test_the_sheet_of_the_view_shows_every_cell_of_the_pivot(desk: Desk) -> None:
    pivot = _pivot(desk)
    answer = desk.export(desk.town.client("leitung"), "xlsx", **_question(desk))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Auswertung"]
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Themenfeld / Fachdienst") + 1
    for line, row in enumerate(pivot.rows, start=first):
        places = [(column, number) for column in pivot.columns for number in range(len(pivot.measures))]
        for index, (column, number) in enumerate(places, start=2):
            cell = pivot.cell(row.path, column.path, number)
            assert _same(sheet.cell(line, index).value, cell.shown) or cell.state != "value"
    told = {row[0].value: row[1].value for row in mine_rows(answer.data)}
    metric = desk.town.services.catalog.metric("ozg_online_share")
    assert told[f"{metric.definition.number}: Version"] == metric.hash
    assert told["Datensatz"] == "Einzelleistungen in eigener Zuständigkeit"
    assert told["Datensatz, technischer Name"] == "bestand:einzelleistung_eigen"
    assert told["Exportiert von"] == "Person leitung" and told["Adresse der Ansicht"].startswith("/explorer?")


def mine_rows(data: bytes) -> list[Any]:
    """Lines of the sheet „Metadaten“."""
    return list(openpyxl.load_workbook(io.BytesIO(data))["Metadaten"].iter_rows(min_row=2))


@pytest.mark.parametrize(("form", "sign"), [("csv", ";"), ("csv-int", ",")])
def test_both_csv_hold_the_figures_of_the_pivot(desk: Desk, form: str, sign: str) -> None:
    expected = _leaves(_pivot(desk))
    answer = desk.export(desk.town.client("leitung"), form, **_question(desk))
    text = answer.data.decode("utf-8-sig")
    heads, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    found = _named(heads, rows)
    assert found.keys() == expected.keys() and all(_same(found[key], expected[key]) for key in expected)


def test_duckdb_and_arrow_read_the_parquet_of_a_pivot(desk: Desk, tmp_path: Path) -> None:
    expected = _leaves(_pivot(desk))
    answer = desk.export(desk.town.client("leitung"), "parquet", **_question(desk))
    path = tmp_path / "pivot.parquet"
    path.write_bytes(answer.data)
    rows = (
        duckdb.connect()
        .execute(f"SELECT themenfeld, fachdienst, quarter, teil, wert FROM '{path}'")
        .fetchall()
    )
    assert {row[:4] for row in rows} == expected.keys()
    assert all(_same(row[4], expected[row[:4]]) for row in rows)
    assert b"definitions" in pq.read_schema(path).metadata


def test_the_paper_says_every_cell_and_counts_its_pages(desk: Desk) -> None:
    pivot = _pivot(desk)
    answer = desk.export(desk.town.client("leitung"), "pdf", **_question(desk))
    reader = PdfReader(io.BytesIO(answer.data))
    pages = [page.extract_text() for page in reader.pages]
    said = " ".join(pages)
    assert all(f"Seite {n} von {len(pages)}" in " ".join(text.split()) for n, text in enumerate(pages, 1))
    assert said.count("Bildung") >= 2, "the first column stands in front of each part"
    cells = [cell.shown for cell in pivot.cells.values() if cell.state == "value" and cell.shown is not None]
    assert said.count("%") >= len(cells) // 2 and "pdfuaid" in str(
        reader.trailer["/Root"]["/Metadata"].get_data()
    )  # type: ignore[index]


def test_h7_a_head_of_units_gets_the_figures_of_her_own_units_only(desk: Desk) -> None:
    for form in ("csv", "csv-int"):
        text = desk.export(desk.town.client("fachbereichsleitung"), form, **_question(desk)).text
        assert "FD20" in text and "FD32" not in text
    services = {"daten": "liste:services", "ansicht": "liste"}
    text = desk.export(desk.town.client("fachbereichsleitung"), "csv", **services).text
    assert "S1" in text and "S7" not in text
    assert "S7" in desk.export(desk.town.client("leitung"), "csv", **services).text


def test_k6_administration_gets_no_file_and_no_order(desk: Desk) -> None:
    client = desk.town.client("verwaltung")
    assert desk.export(client, "csv", **_question(desk)).status_code == 403
    assert client.get(ORDERS).status_code == 403


def test_a_short_list_is_answered_at_once_with_real_types(desk: Desk) -> None:
    client = desk.town.client("leitung")
    answer = desk.export(client, "xlsx", daten="liste:services", ansicht="liste")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Daten"]
    line = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (line["service_id"].value, line["reifegrad"].value) == ("S1", 3)
    assert line["assessed_on"].is_date and line["end_to_end"].value is False
    assert "8 Datensätze" in openpyxl.load_workbook(io.BytesIO(answer.data))["Auswertung"]["A2"].value


def test_l1_each_file_leaves_its_line(desk: Desk) -> None:
    desk.export(desk.town.client("leitung"), "csv", **_question(desk))
    line = desk.town.ledger.audit_events(limit=1)[0]
    assert (line.who, line.what, line.detail["format"]) == ("leitung", "export.made", "csv")
    assert line.detail["filters"]["werte"] == "ozg_online_share,ozg_online_share.zaehler"


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"als": "json"}, 400),
        ({"als": "exe"}, 400),
        ({"als": "csv", "daten": "liste:gibtesnicht"}, 400),
        ({"als": "csv", "zeilen": "'; DROP TABLE x"}, 400),
        ({"als": "pdf", **BOOKINGS}, 413),
    ],
)
def test_i6_wrong_questions_are_refused_in_german(desk: Desk, params: dict[str, str], status: int) -> None:
    answer = desk.town.client("leitung").get("/ausfuhr/explorer", query_string=params)
    assert answer.status_code == status
    assert 'lang="de"' in answer.text and "Traceback" not in answer.text


def test_a_hundred_thousand_rows_are_written_in_the_background(desk: Desk) -> None:
    client = desk.town.client("leitung")
    assert desk.order(client, "csv").status_code == 303
    order = desk.newest()
    assert (order.state, order.total) == ("wartet", MANY)
    assert desk.fetch(client, order).status_code == 404
    desk.work()
    answer = desk.fetch(client, order)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment;")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == MANY + 1
    total = sum(Decimal(row[rows[0].index("amount_eur")].replace(",", ".")) for row in rows[1:])
    expected = desk.town.services.snapshot().query("SELECT sum(amount_eur) FROM stage.booking")[0][0]
    assert total == expected and len({row[0] for row in rows[1:]}) == MANY
    assert desk.book.get(order.id).state == "fertig"  # type: ignore[union-attr]


def test_a_hundred_thousand_rows_as_parquet_keep_their_types(desk: Desk, tmp_path: Path) -> None:
    client = desk.town.client("controlling")
    desk.order(client, "parquet")
    desk.work()
    path = tmp_path / "liste.parquet"
    path.write_bytes(desk.fetch(client, desk.newest()).data)
    assert duckdb.connect().execute(
        f"SELECT count(*), typeof(any_value(amount_eur)) FROM '{path}'"
    ).fetchone() == (
        MANY,
        "DECIMAL(18,2)",
    )
    assert pq.read_schema(path).metadata[b"title"] == b"Buchungen"


def test_a_long_workbook_is_read_by_others_with_real_days_and_amounts(desk: Desk) -> None:
    client = desk.town.client("leitung")
    desk.order(client, "xlsx", **{"f.haushaltsjahr": "in:2020", "f.produkt": "nicht:0|2|4|6|8|10"})
    desk.work()
    data = desk.fetch(client, desk.newest()).data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Daten").to_python()
    assert len(rows) == desk.newest().total + 1 > 5_000
    line = dict(zip(rows[0], rows[1], strict=True))
    sql = "SELECT booked_on, amount_eur FROM stage.booking WHERE booking_id = ?"
    day, amount = desk.town.services.snapshot().query(sql, [line["booking_id"]])[0]
    assert (line["booked_on"], Decimal(str(line["amount_eur"]))) == (day, amount)


def test_a_hundred_thousand_rows_as_workbook(desk: Desk) -> None:
    client = desk.town.client("leitung")
    desk.order(client, "xlsx")
    desk.work()
    data = desk.fetch(client, desk.newest()).data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Daten").to_python()
    assert len(rows) == MANY + 1


def test_the_page_tells_place_progress_file_and_expiry(desk: Desk) -> None:
    client = desk.town.client("leitung")
    desk.order(client, "csv")
    page = page_html(navigate(client, ORDERS))
    assert "wartet, Platz 1" in page and "0 von 100.000" in page and "läuft gerade nicht" in page
    assert client.get(ORDERS).status_code == 200
    desk.work()
    page = page_html(navigate(client, ORDERS))
    assert f"{ORDERS}/{desk.newest().id}/datei" in page and "100.000 von 100.000" in page
    assert "Löschen" in page and "gelöscht" in page


def test_the_page_hears_of_progress_of_its_own_orders_alone(desk: Desk) -> None:
    client, other = desk.town.client("leitung"), desk.town.client("controlling")
    desk.order(client)
    order = desk.newest()
    (told,) = client.get(f"{ORDERS}/stand").get_json()
    assert told == {"id": order.id, "state": "wartet, Platz 1", "rows": "0 von 100.000", "done": 0}
    desk.book.save(replace(order, state="laeuft", done=40_000))
    (told,) = client.get(f"{ORDERS}/stand").get_json()
    assert (told["state"], told["done"]) == ("wird erstellt, 40\u00a0%", 40_000)
    assert f'data-order-bar="{order.id}"' in page_html(navigate(client, ORDERS))
    assert other.get(f"{ORDERS}/stand").get_json() == []
    assert desk.town.client("verwaltung").get(f"{ORDERS}/stand").status_code == 403


def test_a_waiting_order_is_cancelled_and_never_written(desk: Desk) -> None:
    client = desk.town.client("leitung")
    desk.order(client)
    assert desk.press(client, desk.newest(), "abbrechen").status_code == 303
    desk.work()
    assert desk.newest().state == "abgebrochen"
    assert desk.fetch(client, desk.newest()).status_code == 404


def test_an_order_cancelled_while_it_is_written_ends_with_the_next_rows(desk: Desk) -> None:
    desk.order(desk.town.client("leitung"))
    order, seen = desk.newest(), []

    def make(order: Order, target: Path, on_rows: Any) -> None:
        for rows in range(1, 10):
            target.write_text("halb")
            seen.append(rows)
            if rows == 3:
                desk.book.cancel(order)
            on_rows(rows)

    _runner(desk, make).step()
    assert seen == [1, 2, 3]
    assert desk.newest().state == "abgebrochen" and _files(desk, order) == ["abbruch", "auftrag.json"]


def _runner(desk: Desk, make: Any) -> Runner:
    import threading

    return Runner(desk.book, desk.town.ledger, make, threading.Event())


def _files(desk: Desk, order: Order) -> list[str]:
    return sorted(path.name for path in (desk.book.folder / order.id).iterdir())


def test_i6_another_persons_order_does_not_exist(desk: Desk) -> None:
    client, other = desk.town.client("leitung"), desk.town.client("controlling")
    desk.order(client)
    desk.work()
    order = desk.newest()
    foreign, missing = desk.fetch(other, order), desk.fetch(other, replace(order, id="0" * 32))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert re.sub(r"[0-9a-f]{6,}", "", foreign.text) == re.sub(r"[0-9a-f]{6,}", "", missing.text)
    for what in ("abbrechen", "loeschen"):
        assert desk.press(other, order, what).status_code == 404
    assert order.id not in page_html(navigate(other, ORDERS))
    assert desk.fetch(client, order).status_code == 200


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e", "..%2f..%2fsecret", "x" * 32, "A" * 32, "lock", "a\\b", "%00"]
)
def test_i6_names_of_others_making_lead_nowhere(desk: Desk, name: str) -> None:
    assert desk.town.client("leitung").get(f"{ORDERS}/{name}/datei").status_code == 404


def test_h6_without_its_token_no_form_does_anything(desk: Desk) -> None:
    client = desk.town.client("leitung")
    desk.order(client)
    order = desk.newest()
    sent = {"csrf": "falsch", "als": "csv", "ansicht": "daten=liste:bookings&ansicht=liste"}
    assert client.post(ORDERS, data=sent, headers=ORIGIN).status_code == 403
    assert client.post(f"{ORDERS}/{order.id}/abbrechen", data=sent, headers=ORIGIN).status_code == 403
    assert [found.state for found in desk.book.all()] == ["wartet"]


def test_an_address_alone_orders_nothing(desk: Desk) -> None:
    desk.export(desk.town.client("leitung"), "csv", **BOOKINGS)
    assert desk.book.all() == []


def test_at_most_three_wait_for_a_person_and_people_take_turns(desk: Desk) -> None:
    eager, other = desk.town.client("leitung"), desk.town.client("controlling")
    codes = [desk.order(eager).status_code for _ in range(4)]
    desk.order(other)
    assert codes == [303, 303, 303, 429]
    logins = [order.login for order in desk.book.queue()]
    assert logins == ["leitung", "controlling", "leitung", "leitung"]
    desk.book.save(replace(desk.book.queue()[0], state="fertig", started_at=desk.book.now()))
    assert [order.login for order in desk.book.queue()] == ["controlling", "leitung", "leitung"]


def test_a_file_is_deleted_after_a_day(desk: Desk) -> None:
    client = desk.town.client("leitung")
    desk.order(client)
    desk.work()
    order = desk.newest()
    later = OrderBook(desk.town.services.settings.run_dir, now=lambda: desk.book.now() + KEPT + timedelta(1))
    later.clear()
    assert desk.book.all() == [] and not (desk.book.folder / order.id).exists()
    assert desk.fetch(client, order).status_code == 404


@pytest.mark.parametrize(
    ("role", "units", "said"), [("controlling", ("D2",), LOST_RIGHT), ("verwaltung", (), "")]
)
def test_h9_a_right_lost_meanwhile_refuses_the_file_and_the_run(
    desk: Desk, role: str, units: tuple[str, ...], said: str
) -> None:
    ledger, account = desk.town.ledger, known_account(desk.town.ledger, "controlling")
    client = desk.town.client("controlling")
    desk.order(client)
    desk.work()
    desk.order(client)
    ledger.set_role(account.id, role, units, who="test")
    try:
        client = desk.town.client("controlling")
        written = next(order for order in desk.book.all() if order.state == "fertig")
        refused = desk.fetch(client, written)
        assert refused.status_code == 403 and said in refused.text
        desk.work()
        assert [order.state for order in desk.book.all()] == ["gescheitert", "fertig"]
        assert desk.newest().sentence == LOST_RIGHT
    finally:
        ledger.set_role(account.id, "controlling", (), who="test")


def test_k12_orders_and_files_are_for_the_portals_user_alone(desk: Desk) -> None:
    desk.order(desk.town.client("leitung"))
    desk.work()
    found = [desk.book.folder, *desk.book.folder.rglob("*")]
    assert len(found) >= 4
    assert [path.name for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_killed_worker_leaves_no_half_file_and_the_order_is_written_again(desk: Desk) -> None:
    client = desk.town.client("leitung")
    desk.order(client)
    order, city = desk.newest(), desk.town.services.settings.city
    command = [sys.executable, "-m", "tests.export_desk", str(city), str(MANY)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        while (found := desk.book.get(order.id)) is None or not found.done:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.005)
        assert is_held(lock_path(desk.town.services.settings))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert desk.newest().state == "laeuft" and desk.fetch(client, order).status_code == 404
    assert not is_held(lock_path(desk.town.services.settings))
    desk.work()
    again = desk.newest()
    assert (again.state, again.tries) == ("fertig", 2)
    assert desk.fetch(client, order).data.count(b"\r\n") == MANY + 1
    assert _files(desk, order) == ["auftrag.json", "datei"]


def test_an_order_that_was_interrupted_twice_says_so(desk: Desk) -> None:
    desk.order(desk.town.client("leitung"))
    desk.book.save(replace(desk.newest(), state="laeuft", tries=2))
    desk.work()
    assert (desk.newest().state, desk.newest().sentence) == ("gescheitert", INTERRUPTED)


def test_the_snapshot_is_that_of_the_order(desk: Desk) -> None:
    desk.order(desk.town.client("leitung"))
    desk.book.save(replace(desk.newest(), snapshot="2026-06-08T011500Z-0001"))
    desk.work()
    assert desk.newest().state == "gescheitert" and "Datenstand" in desk.newest().sentence


def test_more_rows_than_a_file_holds_are_refused_where_they_are_offered_and_where_they_are_ordered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk.town.client("leitung")
    token = desk.token(client)
    monkeypatch.setattr("dashboard.export.explorer_route.MOST_ROWS", MANY - 1)
    offered = desk.export(client, "csv", **BOOKINGS)
    assert offered.status_code == 413 and "setzen Sie einen Filter" in offered.text
    monkeypatch.setattr("dashboard.export.order_route.MOST_ROWS", MANY - 1)
    sent = {"csrf": token, "als": "csv", "ansicht": "daten=liste:bookings&ansicht=liste"}
    ordered = client.post(ORDERS, data=sent, headers=ORIGIN)
    assert ordered.status_code == 413 and desk.book.all() == []


def test_who_has_to_wait_is_told_how_long(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.town.client("leitung")
    full = [desk.order(client) for _ in range(4)][-1]
    assert (full.status_code, full.headers["Retry-After"]) == (429, "60")

    def too_slow(*_: Any) -> None:
        raise RetriableError("Die Frage dauert zu lange", code="timeout")

    def on_a_full_disk(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("dashboard.export.explorer_route.analysis", too_slow)
        slow = desk.export(client, "csv", **_question(desk))
    assert (slow.status_code, slow.headers["Retry-After"]) == (503, "20")

    monkeypatch.setattr(OrderBook, "place", on_a_full_disk)
    later = desk.order(client)
    assert (later.status_code, later.headers["Retry-After"]) == (503, "60")
    assert "Fachadministration" in later.text and "No space" not in later.text


def test_a_file_whose_day_is_over_is_gone_before_it_is_cleared_and_while_it_is_fetched(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = desk.town.client("leitung")
    desk.order(client)
    desk.work()
    order = desk.newest()
    assert order.ended_at is not None
    desk.book.save(replace(order, ended_at=order.ended_at - KEPT))
    assert desk.book.file(desk.newest()) is not None and desk.fetch(client, order).status_code == 404
    desk.book.save(order)
    monkeypatch.setattr(OrderBook, "file", lambda *_: tmp_path / "eben geloescht")
    before = desk.town.ledger.audit_head()
    assert desk.fetch(client, order).status_code == 404 and desk.town.ledger.audit_head() == before


def test_l1_an_order_and_each_fetching_of_its_file_leave_their_lines(desk: Desk) -> None:
    client = desk.town.client("controlling")
    desk.order(client, "parquet")
    desk.work()
    size = len(desk.fetch(client, desk.newest()).data)
    made, ordered = desk.town.ledger.audit_events(limit=2)
    assert [(line.who, line.what) for line in (ordered, made)] == [
        ("controlling", "export.ordered"), ("controlling", "export.made"),
    ]  # fmt: skip
    assert {line.detail["order"] for line in (ordered, made)} == {desk.newest().id}
    assert (made.detail["rows"], made.detail["bytes"]) == (MANY, size)
    assert made.detail["filters"] == BOOKINGS and made.at.tzinfo is not None


def test_h5_asking_for_another_persons_file_stands_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.order(desk.town.client("leitung"))
    desk.work()
    other = desk.town.client("controlling")
    caplog.set_level("INFO", "isek.web")
    assert desk.fetch(other, desk.newest()).status_code == 404
    (line,) = [record.getMessage() for record in caplog.records if "status=404" in record.getMessage()]
    assert f"{ORDERS}/{desk.newest().id}/datei" in line


def test_i5_three_hundred_texts_make_no_element_of_the_offer_and_no_name_of_a_file(desk: Desk) -> None:
    client = desk.town.client("leitung")
    known = elements(desk.export(client, "csv", **BOOKINGS, **{"f.sachkonto": "nicht:a"}).text)
    for start in range(0, len(MARKUP), 20):
        values = "|".join(quote(text, safe="") for text in MARKUP[start : start + 20])
        offer = desk.export(client, "csv", **BOOKINGS, **{"f.sachkonto": f"nicht:{values}"})
        assert "Im Hintergrund erstellen" in offer.text and elements(offer.text) == known
    for text in MARKUP[::30]:
        asked = {
            "daten": "liste:services",
            "ansicht": "liste",
            "f.bezeichnung": f"nicht:{quote(text, safe='')}",
        }
        answer = desk.export(client, "csv", **asked)
        name = answer.headers["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="2026-06-09_explorer_[a-z0-9-]+\.csv"', name)
