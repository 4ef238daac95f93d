"""Several tables in one file, fixed widths, JSON lines, Parquet, filled-down labels, sums that contradict."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from pydantic import ValidationError

from connectors.formats.spec import FileTable
from tests.posting_town import COLUMNS, HEADER, PostingTown, accepted, refused
from warehouse.errors import ContractError

REPORT = (
    'Quartalsbericht;;;\r\n;;;\r\nErträge;"Stand ""30.06.""";;\r\nBeleg;Text;Tag;Betrag\r\n'
    "E1;Steuern;;100,00\r\nE2;Gebühren;;20,00\r\nSumme;;;120,00\r\n\r\n"
    "Aufwendungen;;;\r\nBeleg;Text;Tag;Betrag\r\nA1;Personal;;70,00\r\nSumme;;;70,00\r\n"
)


@pytest.fixture
def town(tmp_path: Path) -> PostingTown:
    return PostingTown(tmp_path)


def _ids(rows: list[dict[str, Any]]) -> list[Any]:
    return [row["posting_id"] for row in rows]


def test_each_of_two_tables_in_one_file_is_a_section_with_its_own_lines(town: PostingTown) -> None:
    town.deliver(REPORT)
    rows = town.rows(section={"from": "Erträge", "until": "Summe"})
    assert [(row["_line"], row["posting_id"]) for row in rows] == [(5, "E1"), (6, "E2")]
    rows = town.rows(section={"from": "Aufw*", "until": "Summe"})
    assert [(row["_line"], row["posting_id"]) for row in rows] == [(11, "A1")]


def test_a_section_may_end_with_an_empty_row_or_with_the_file(town: PostingTown) -> None:
    town.deliver(REPORT)
    assert _ids(town.rows(section={"from": "Erträge", "until": ""})) == ["E1", "E2", "Summe"]
    assert _ids(town.rows(section={"from": "Aufwendungen"})) == ["A1", "Summe"]


@pytest.mark.parametrize("section", [{"from": "Finanzplan"}, {"from": "Aufwendungen", "until": "Ende"}])
def test_a_missing_section_or_a_missing_end_refuses_the_file(
    town: PostingTown, section: dict[str, str]
) -> None:
    town.deliver(REPORT)
    with pytest.raises(ContractError) as caught:
        town.rows(section=section)
    assert caught.value.code == "missing_section"


def test_a_section_of_a_workbook_is_found_by_its_first_column(town: PostingTown) -> None:
    with xlsxwriter.Workbook(town.folder / "inbox/x.xlsx") as book:
        sheet = book.add_worksheet("Bericht")
        for number, line in enumerate(REPORT.splitlines()):
            sheet.write_row(number, 0, line.replace('"', "").split(";"))
    rows = town.rows(
        path="inbox/x.xlsx", format="xlsx", text={}, section={"from": "Aufwendungen", "until": "Summe"}
    )
    assert [(row["_line"], row["posting_id"], row["amount_eur"]) for row in rows] == [(11, "A1", "70,00")]


def test_first_and_last_row_cut_a_table_out_of_a_file(town: PostingTown) -> None:
    town.deliver(REPORT)
    assert _ids(town.rows(header_row=4, first_row=6, last_row=6)) == ["E2"]
    with pytest.raises(ContractError) as caught:
        town.rows(header_row=4, last_row=50)
    assert caught.value.code == "half_file"


def test_a_file_without_a_header_gets_its_names_from_the_declaration(town: PostingTown) -> None:
    town.deliver("1;a;31.12.2026;1,00\r\n2;b;;2,00\r\n3;c\r\n")
    delivery = town.land(names=["Beleg", "Text", "Tag", "Betrag"])
    assert [row[0] for row in accepted(delivery)] == ["1", "2"]
    assert refused(delivery) == [(3, None, "missing_field")]


def test_empty_columns_are_passed_over_where_declared_and_a_value_in_one_is_not(town: PostingTown) -> None:
    town.deliver(";Beleg;;Betrag;\r\n;1;;1,00;\r\n;2;x;2,00;\r\n")
    columns = {"posting_id": "Beleg", "amount_eur": "Betrag"}
    delivery = town.land(columns=columns, allow_blank_columns=True)
    assert [(row[0], row[-1]) for row in accepted(delivery)] == [("1", Decimal("1.00"))]
    assert refused(delivery) == [(3, None, "extra_field")]


def test_a_label_that_stands_once_is_repeated_where_declared(town: PostingTown) -> None:
    town.deliver("Beleg;Text;Tag;Betrag\r\n1;Amt 10;;1,00\r\n2;;;2,00\r\n3;Amt 20;;3,00\r\n4;  ;;4,00\r\n")
    assert [row["label"] for row in town.rows(fill_down=["Text"])] == ["Amt 10", "Amt 10", "Amt 20", "Amt 20"]


def test_quotation_marks_may_be_plain_characters(town: PostingTown) -> None:
    town.deliver(HEADER + '1;Rohr 3" Zoll;;1,00\r\n2;"halb;;2,00\r\n')
    assert [row["label"] for row in town.rows(quote="")] == ['Rohr 3" Zoll', '"halb']


def test_line_breaks_and_double_blanks_in_a_column_name_are_one_blank(town: PostingTown) -> None:
    town.deliver('Beleg;"Betrag\r\n in  €"\r\n1;5,00\r\n')
    assert town.rows(columns={"posting_id": "Beleg", "amount_eur": "Betrag in €"})[0]["amount_eur"] == "5,00"


def test_tabulators_part_fields_like_any_other_delimiter(town: PostingTown) -> None:
    town.deliver(HEADER.replace(";", "\t") + "1\ta\t\t1,00\r\n")
    assert _ids(town.rows(delimiter="\t")) == ["1"]


FIELDS = [
    {"name": "Beleg", "start": 1, "width": 6},
    {"name": "Text", "start": 8, "width": 10},
    {"name": "Betrag", "start": 19, "width": 10},
]
FIXED = {
    "format": "fixed",
    "field": FIELDS,
    "columns": {"posting_id": "Beleg", "label": "Text", "amount_eur": "Betrag"},
}


def _fixed(*rows: tuple[str, str, str]) -> str:
    return "".join(f"{a:<6} {b:<10} {c:>10}\r\n" for a, b, c in rows)


def test_fields_of_fixed_width_are_cut_at_their_places(town: PostingTown) -> None:
    town.deliver(_fixed(("000100", "Gebühr €", "1.234,56"), ("000200", "", "-1,00")))
    assert [(row[0], row[1], row[2]) for row in accepted(town.land(**FIXED))] == [
        ("000100", "Gebühr €", Decimal("1234.56")),
        ("000200", None, Decimal("-1.00")),
    ]


def test_c5_a_value_beside_its_place_refuses_the_row_and_shifts_nothing(town: PostingTown) -> None:
    good = _fixed(("1", "a", "1,00"))
    town.deliver(
        good + " " + _fixed(("222222", "zehn zeich", "9999999,99")) + good + good.rstrip() + "   9\r\n"
    )
    delivery = town.land(**FIXED)
    assert refused(delivery) == [(2, None, "extra_field"), (4, None, "extra_field")]
    assert delivery.read == 4


def test_titles_above_and_totals_below_a_fixed_table_are_left_out(town: PostingTown) -> None:
    town.deliver("Journal 2026\r\n------\r\n" + _fixed(("1", "a", "1,00"), ("Summe", "", "1,00")))
    assert _ids(town.rows(**FIXED, first_row=3, skip_rows_where={"posting_id": ["Summe"]})) == ["1"]
    town.deliver("Journal der ganzen Stadt\r\n" + _fixed(("1", "a", "1,00")) + "Ende des Journals\r\n")
    assert _ids(town.rows(**FIXED, section={"from": "Journal*", "until": "Ende*"})) == ["1"]


def test_a_line_of_fixed_width_may_lose_its_last_blanks(town: PostingTown) -> None:
    town.deliver("000100 Gebühr\r\n000200 a               1,00\r\n")
    assert [row["amount_eur"] for row in town.rows(**FIXED)] == ["", "1,00"]


JSONL = {"path": "inbox/x.jsonl", "format": "jsonl", "encoding": "utf-8"}


def test_json_lines_are_read_one_by_one_and_a_bad_one_costs_itself(town: PostingTown) -> None:
    lines = [
        '{"Beleg": "01", "Betrag": 0.1}',
        '{"Beleg": "02", "Betrag": }',
        "[1]",
        '{"Beleg": "04", "Text": "später", "Betrag": 12345678901234.56}',
    ]
    town.deliver("\n".join(lines) + "\n", "x.jsonl", "utf-8")
    delivery = town.land(**JSONL, columns={"posting_id": "Beleg", "label": "Text", "amount_eur": "Betrag"})
    assert refused(delivery) == [(2, None, "malformed_row"), (3, None, "malformed_row")]
    assert [row[2] for row in accepted(delivery)] == [Decimal("0.10"), Decimal("12345678901234.56")]


def test_json_lines_that_end_within_a_line_are_a_half_file(town: PostingTown) -> None:
    town.deliver('{"Beleg": "01"}\n{"Bel', "x.jsonl", "utf-8")
    with pytest.raises(ContractError) as caught:
        town.rows(**JSONL)
    assert caught.value.code == "half_file"


PARQUET = {"path": "inbox/x.parquet", "format": "parquet"}


def _parquet(town: PostingTown, **columns: pa.Array) -> Path:
    path = town.folder / "inbox/x.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_keeps_exact_amounts_days_and_leading_zeros(town: PostingTown) -> None:
    _parquet(
        town,
        Beleg=pa.array(["0100", "0200"]),
        Text=pa.array(["NA", None]),
        Tag=pa.array([date(2026, 12, 31), None]),
        Betrag=pa.array([Decimal("90071992547409.93"), None], pa.decimal128(20, 2)),
    )
    assert accepted(town.land(**PARQUET)) == [
        ("0100", "NA", date(2026, 12, 31), Decimal("90071992547409.93")),
        ("0200", None, None, None),
    ]


def test_signs_and_constants_reach_columns_that_keep_their_types(town: PostingTown) -> None:
    _parquet(town, Beleg=pa.array([1, 2]), Betrag=pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)))
    table = {**PARQUET, "columns": {"posting_id": "Beleg", "amount_eur": "Betrag"}}
    delivery = town.land(**table, sign={"amount_eur": -1}, constants={"done": True, "label": "x"})
    assert accepted(delivery) == [("1", "x", Decimal("-1.50"), True), ("2", "x", None, True)]


@pytest.mark.parametrize("column", [pa.array([[1], [2]]), pa.array([1.5, 2.5]), pa.array([b"a", b"b"])])
def test_a_column_of_parquet_that_holds_no_such_value_is_a_broken_contract(
    town: PostingTown, column: pa.Array
) -> None:
    _parquet(town, Beleg=pa.array(["1", "2"]), Text=column)
    with pytest.raises(ContractError) as caught:
        town.land(**PARQUET, columns={"posting_id": "Beleg", "label": "Text"})
    assert caught.value.code == "retyped_column"


def test_parquet_goes_through_the_same_mapping_as_every_table(town: PostingTown) -> None:
    _parquet(
        town,
        Beleg=pa.array([1, 2, 3]),
        Text=pa.array(["a", "Summe", "c"]),
        Tag=pa.array([datetime(2026, 1, 1, 23, 30, tzinfo=UTC)] * 3),
        Betrag=pa.array([1.5, 2.5, 0.1]),
    )
    rows = town.rows(
        **PARQUET, skip_rows_where={"label": ["Summe"]}, map={"label": {"a": "A"}}, sign={"amount_eur": -1}
    )
    assert [(r["posting_id"], r["label"], r["amount_eur"]) for r in rows] == [
        ("1", "A", "-1.5"), ("3", "c", "-0.1"),
    ]  # fmt: skip
    # Half past eleven at night in London is the next day in Berlin.
    assert rows[0]["booked_on"].startswith("2026-01-02T00:30")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "half_file"),
        (b"PAR1 cut off", "half_file"),
        (b"PAR1" + b"x" * 50 + b"PAR1", "not_the_declared_format"),
        (b"Beleg;Betrag\n", "not_the_declared_format"),
    ],
)
def test_c15_what_is_no_parquet_is_refused_by_content(town: PostingTown, content: bytes, code: str) -> None:
    town.deliver(content, "x.parquet")
    with pytest.raises(ContractError) as caught:
        town.rows(**PARQUET)
    assert caught.value.code == code


def test_a_part_of_a_column_and_several_columns_make_one_value(town: PostingTown) -> None:
    town.deliver("Hhst;Nr;Betrag\r\n0.1110.6500;7;1,00\r\nohne;;2,00\r\n")
    rows = town.rows(
        columns={"amount_eur": "Betrag"},
        compose={"posting_id": "{Hhst}/{Nr}"},
        extract={"label": {"from": "Hhst", "match": r"^\d\.(\d{4})"}},
    )
    assert [(row["posting_id"], row["label"]) for row in rows] == [("0.1110.6500/7", "1110"), ("ohne/", None)]


def test_thousands_of_euro_become_euro(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;1.234,5\r\n2;b;;-0,001\r\n3;c;;k. A.\r\n")
    assert [row["amount_eur"] for row in town.rows(factor={"amount_eur": 1000})] == ["1234500", "-1", "k. A."]


def test_a_printed_sum_that_contradicts_its_parts_is_told_and_not_taken_over(town: PostingTown) -> None:
    town.deliver(
        "Beleg;E;A;Saldo\r\n1;5,00;2,00;3,00\r\n2;5,00;2,00;7,00\r\n3;;2,00;9,00\r\n4;1,00;;1,00\r\n"
    )
    reading = town.read(
        columns={"posting_id": "Beleg", "amount_eur": "E"},
        equation=[{"total": "Saldo", "plus": ["E"], "minus": ["A"], "tolerance": "0.5"}],
    )
    list(reading.batches)
    (told,) = [finding for finding in reading.findings if finding.code == "sum_mismatch"]
    assert told.level == "warning"
    assert "in 1 von 2 Zeilen, am meisten in Zeile 3 (4.00)" in told.what


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"format": "json", "header_row": 2}, "header_row gehört zu format"),
        ({"format": "csv", "sheet": "A"}, "sheet gehört zu format"),
        ({"section": {"from": "A"}, "last_row": 3}, "statt first_row und last_row"),
        ({"names": ["A"], "header_row": 2}, "names ersetzt die Kopfzeile"),
        ({"header_row": 5, "last_row": 5}, "last_row liegt vor"),
        ({"format": "fixed"}, "field fehlt"),
        ({"format": "fixed", "field": [FIELDS[0], {**FIELDS[1], "start": 6}]}, "überschneiden sich"),
        ({"rule": [{"amount": "negative"}]}, "amount fehlt"),
        ({"unpivot": {"into": "amount_eur", "columns": [{}]}}, "Entweder from"),
        ({"unpivot": {"into": "amount_eur", "columns": [{"match": "("}]}}, "kein regulärer Ausdruck"),
        ({"extract": {"label": {"from": "A", "match": "x"}}}, "Genau eine Gruppe"),
        ({"encoding": "klingonisch"}, "keine Kodierung"),
    ],
)
def test_contradicting_declarations_are_refused_with_a_reason(declared: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FileTable(feeds="posting", path="inbox/x", columns=COLUMNS, **declared)
