"""A guess is made once, by command, and written down with its doubts; what it writes reads the file."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import Context
from connectors.land import Landed, land_source
from connectors.registry import load_source
from connectors.suggestion import suggest
from tests.workbooks import FIXTURES, date_cell, number_cell, row, text_cell, write_ods
from warehouse.errors import ConfigError, ContractError, IsekError
from warehouse.subjects import load_subjects

SUBJECTS = load_subjects(None)
HEAD = ["Belegnummer", "Haushaltsjahr", "Plan", "Produkt", "Position", "Buchungstag", "Betrag in €"]
FIRST = ["0001", "2026", "Ergebnisplan", "111240", "421", "03.02.2026", "1.234,56"]
SECOND = ["0002", "2026", "Finanzplan", "111240", "787", "28.02.2026", "-12,00"]


def _csv(*rows: list[str], delimiter: str = ";") -> str:
    return "".join(delimiter.join(cells) + "\r\n" for cells in rows)


def _deliver(
    folder: Path, content: str | bytes, name: str = "Buchungen 2026.csv", encoding: str = "cp1252"
) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def _table(text: str) -> dict[str, Any]:
    return tomllib.loads(text)["table"][0]


def _read(folder: Path, file: Path, text: str) -> Landed:
    """Let the proposal read the very file it was made from, in a city of its own."""
    (folder / "sources").mkdir()
    spec_path = folder / "sources/probe.toml"
    spec_path.write_text(text.replace("settle_seconds = 60", ""), encoding="utf-8")
    target = folder / _table(text)["path"].replace("*", "lieferung")
    target.parent.mkdir(parents=True)
    target.write_bytes(file.read_bytes())
    spec = load_source(spec_path, SUBJECTS, {})
    context = Context(folder, datetime(2026, 6, 9, 3, 15, tzinfo=UTC))
    return land_source(spec, context, SUBJECTS, {}, folder / "landing", "r1")


def _reads_all(folder: Path, file: Path, text: str, rows: int) -> None:
    landed = _read(folder, file, text)
    assert landed.failure is None, (landed.failure, text)
    assert [(d.accepted, d.rejected) for d in landed.deliveries] == [(rows, 0)], text


def test_what_is_proposed_for_a_german_export_reads_it_whole(tmp_path: Path) -> None:
    file = _deliver(tmp_path, _csv(HEAD, FIRST, SECOND))
    text = suggest(file, SUBJECTS, "booking")
    table = _table(text)
    assert (table["feeds"], table["encoding"]) == ("booking", "cp1252")
    assert table["columns"]["amount_eur"] == "Betrag in €"
    assert table["map"]["plan_art"] == {"Ergebnisplan": "ergebnisplan", "Finanzplan": "finanzplan"}
    assert "Eindeutig je Zeile: Belegnummer" in text and "TODO:" not in text
    _reads_all(tmp_path, file, text, 2)


def test_without_a_word_about_the_subject_the_likeliest_is_proposed_and_others_named(tmp_path: Path) -> None:
    file = _deliver(tmp_path, _csv(HEAD, FIRST, SECOND))
    text = suggest(file, SUBJECTS)
    assert _table(text)["feeds"] == "booking"
    assert "feeds ist vermutet; passen könnte auch:" in text


def test_titles_above_and_a_proven_total_below_are_seen(tmp_path: Path) -> None:
    total = ["Summe", "", "", "", "", "", "1.222,56"]
    file = _deliver(tmp_path, "Buchungsjournal\r\nStand 01.03.2026\r\n" + _csv(HEAD, FIRST, SECOND, total))
    text = suggest(file, SUBJECTS, "booking")
    assert _table(text)["header_row"] == 3
    assert _table(text)["control_total"] == {"column": "amount_eur", "trailer": "Summe"}
    _reads_all(tmp_path, file, text, 2)


def test_a_total_that_does_not_add_up_is_only_left_out(tmp_path: Path) -> None:
    file = _deliver(tmp_path, _csv(HEAD, FIRST, ["Summe", "", "", "", "", "", "9,99"], SECOND))
    text = suggest(file, SUBJECTS, "booking")
    assert _table(text)["skip_rows_where"] == {"Belegnummer": ["Summe"]}
    _reads_all(tmp_path, file, text, 2)


def test_a_number_that_may_be_two_numbers_is_said_to_be_ambiguous(tmp_path: Path) -> None:
    file = _deliver(tmp_path, "Nr;Betrag\r\nA;1.599\r\nB;2.000\r\n")
    text = suggest(file, SUBJECTS, "booking")
    assert "„Betrag“: 1.599 ist mehrdeutig (1599 oder 1,599); gelesen wird 1599." in " ".join(
        line.removeprefix("#").strip() for line in text.splitlines()
    )


def test_other_columns_decide_what_a_dot_means(tmp_path: Path) -> None:
    file = _deliver(tmp_path, "Nr;Betrag;Quote\r\nA;1.599;0.5\r\nB;2.000;12.25\r\n")
    text = suggest(file, SUBJECTS, "booking")
    assert _table(text)["text"] == {"decimal": "."}
    assert "gelesen wird 1,599" in text


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,234.56", "12.00"], {"decimal": ".", "thousands": ","}),
        (["1 234,56", "1.234,00"], {"thousands": " ."}),
        (["1234,56", "12,00"], {"thousands": ""}),
        (["12,50", "3,00"], None),
        (["2.487,50-", "3,00"], {"negative": "trailing"}),
        (["(2.487,50)", "3,00"], {"negative": "parentheses"}),
        (["1.500 €", "3,00 €"], {"unit": ["€"]}),
        (["1'234.5", "3.25"], {"decimal": ".", "thousands": "'"}),
        (["1,50", "k. A."], {"null": ["", "k. A."]}),
    ],
)
def test_marks_of_numbers_are_seen(tmp_path: Path, cells: list[str], expected: dict[str, Any] | None) -> None:
    rows = [["A", cells[0]], ["B", cells[1]]]
    file = _deliver(tmp_path, _csv(["Nr", "Betrag"], *rows))
    assert _table(suggest(file, SUBJECTS, "booking")).get("text") == expected


def test_keys_with_leading_zeros_and_endless_digits_stay_text(tmp_path: Path) -> None:
    file = _deliver(tmp_path, _csv(["AGS", "IBAN"], ["01004000", "1234567890123456789"]))
    assert "text" not in _table(suggest(file, SUBJECTS, "booking"))


@pytest.mark.parametrize(
    ("days", "form", "doubt"),
    [
        (["03.04.2026", "31.12.2026"], None, None),
        (["2026-04-03", "2026-12-31"], "%Y-%m-%d", None),
        (["04/25/2026", "12/31/2026"], "%m/%d/%Y", None),
        (["04/03/2026", "12/11/2026"], "%d/%m/%Y", "%m/%d/%Y"),
        (["2026-04", "2026-12"], "%Y-%m", None),
        (["20260403", "20261231"], "%Y%m%d", None),
    ],
)
def test_days_are_seen_and_what_else_they_could_be(
    tmp_path: Path, days: list[str], form: str | None, doubt: str | None
) -> None:
    file = _deliver(tmp_path, _csv(["Nr", "Buchungstag"], ["A", days[0]], ["B", days[1]]))
    text = suggest(file, SUBJECTS, "booking")
    assert _table(text).get("text", {}).get("date") == form
    assert ("passt auch zu" in text) == (doubt is not None)
    assert doubt is None or doubt in text


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("cp850", "cp850"),
    ],
)
def test_encodings_are_told_apart_by_their_umlauts(tmp_path: Path, encoding: str, said: str) -> None:
    content = "Straße;Größe\r\nMühlenstraße;groß\r\nÄußere Höhe;übergroß\r\n"
    assert (
        _table(suggest(_deliver(tmp_path, content, encoding=encoding), SUBJECTS, "booking"))["encoding"]
        == said
    )


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters_are_seen(tmp_path: Path, delimiter: str) -> None:
    rows = [["Nr", "Name", "Ort"], ["1", "a b", "x"], ["2", "c; d" if delimiter != ";" else "c", "y"]]
    table = _table(suggest(_deliver(tmp_path, _csv(*rows, delimiter=delimiter)), SUBJECTS, "booking"))
    assert table.get("delimiter", ";") == delimiter


def test_a_file_without_header_gets_invented_names_and_a_doubt(tmp_path: Path) -> None:
    text = suggest(_deliver(tmp_path, _csv(FIRST, SECOND)), SUBJECTS, "booking")
    assert _table(text)["names"][0] == "Spalte 1" and "Keine Kopfzeile gefunden" in text


def test_a_file_that_ends_within_a_line_is_doubted(tmp_path: Path) -> None:
    text = suggest(_deliver(tmp_path, _csv(HEAD, FIRST).rstrip()), SUBJECTS, "booking")
    assert _table(text)["require_newline"] is False and "kein Zeilenende" in text


def test_years_as_columns_are_proposed_as_rows_in_a_comment(tmp_path: Path) -> None:
    file = Path(__file__).parents[1] / "fixtures/finance/moers.csv"
    text = suggest(file, SUBJECTS, "budget_line")
    assert "match = 'Ist (?P<haushaltsjahr>\\d{4})'" in text
    assert _table(text)["columns"]["produkt"] == "Profitcenter"


def test_fixed_widths_are_guessed_from_blanks_and_doubted(tmp_path: Path) -> None:
    lines = [f"{a:<12}{b:>4}  {c:<14}{d:>12}" for a, b, c, d in (
        ("Belegnummer", "Jahr", "Produkt", "Betrag"), ("0001", "2026", "111240", "1.234,56"),
        ("0002", "2026", "111250", "12,00"), ("0003", "2026", "111260", "-3,50"),
    )]  # fmt: skip
    text = suggest(_deliver(tmp_path, "\r\n".join(lines) + "\r\n", "stand.txt"), SUBJECTS, "booking")
    table = _table(text)
    assert table["format"] == "fixed" and table["first_row"] == 2
    assert [field["name"] for field in table["field"]] == ["Belegnummer", "Jahr", "Produkt", "Betrag"]
    assert "Feste Spaltenbreiten sind aus den Leerstellen erraten" in text


def _workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Deckblatt").hide()
        sheet = book.add_worksheet("Buchungen")
        sheet.activate()
        sheet.write(0, 0, "Journal")
        sheet.write_row(1, 0, HEAD)
        for number, cells in enumerate((FIRST, SECOND), start=2):
            sheet.write_row(number, 0, cells[:5])
            day = datetime.strptime(cells[5], "%d.%m.%Y")
            sheet.write_datetime(number, 5, day, book.add_format({"num_format": "dd.mm.yyyy"}))
            sheet.write_number(number, 6, 12.5)


def test_a_workbook_is_proposed_with_its_visible_sheet(tmp_path: Path) -> None:
    file = tmp_path / "journal.xlsx"
    _workbook(file)
    text = suggest(file, SUBJECTS, "booking")
    table = _table(text)
    assert (table["format"], table["sheet"], table["header_row"]) == ("xlsx", "Buchungen", 2)
    assert "Weitere Blätter: Deckblatt." in text
    _reads_all(tmp_path, file, text, 2)


def test_a_workbook_is_known_by_content_whatever_its_name_says(tmp_path: Path) -> None:
    old = _deliver(tmp_path, (FIXTURES / "faults.xls").read_bytes(), "alt.xlsx")
    text = suggest(old, SUBJECTS, "booking")
    assert _table(text)["format"] == "xls" and "ausgeblendete Zeilen" in text
    write_ods(
        tmp_path / "neu.ods",
        {"A": [row(text_cell("Beleg"), text_cell("Tag"), text_cell("Betrag")),
               row(text_cell("1"), date_cell("2026-02-03"), number_cell("2.5"))]},
    )  # fmt: skip
    assert _table(suggest(tmp_path / "neu.ods", SUBJECTS, "booking"))["format"] == "ods"


def test_records_of_json_are_found_where_they_lie(tmp_path: Path) -> None:
    records = [{"Belegnummer": f"{n}", "Betrag": {"eur": 1.5}, "Buchungstag": "2026-02-03"} for n in range(3)]
    file = _deliver(tmp_path, json.dumps({"meta": [], "daten": {"zeilen": records}}), "x.json", "utf-8")
    table = _table(suggest(file, SUBJECTS, "booking"))
    assert (table["format"], table["records"]) == ("json", "daten.zeilen")
    assert table["columns"]["amount_eur"] == "Betrag.eur"
    lines = "".join(json.dumps(record) + "\n" for record in records)
    assert (
        _table(suggest(_deliver(tmp_path, lines, "x.jsonl", "utf-8"), SUBJECTS, "booking"))["format"]
        == "jsonl"
    )


def test_columns_of_parquet_keep_their_types(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    pq.write_table(pa.table({"Beleg": ["1"], "Betrag": pa.array([1], pa.decimal128(9, 2))}), file)
    table = _table(suggest(file, SUBJECTS, "booking"))
    assert table["format"] == "parquet" and table["columns"]["amount_eur"] == "Betrag"


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00" + b"\x00" * 90, b"%PDF-1.7", b"{", b"[1, 2]"])
def test_what_holds_no_table_is_refused_with_a_reason(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ContractError):
        suggest(_deliver(tmp_path, content), SUBJECTS)


def test_a_file_that_is_not_there_is_the_operators_business(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gibt es nicht"):
        suggest(tmp_path / "fehlt.csv", SUBJECTS)


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    content=st.binary(max_size=300)
    | st.text(alphabet='Aä;,|\t"\n\r01.-€ {}[]:\x00\x07', max_size=200).map(str.encode)
)
def test_c24_any_bytes_give_valid_toml_or_a_reason(tmp_path: Path, content: bytes) -> None:
    try:
        text = suggest(_deliver(tmp_path, content, 'böse "Datei"\n.csv'), SUBJECTS)
    except IsekError:
        return
    assert _table(text)["feeds"] in SUBJECTS
