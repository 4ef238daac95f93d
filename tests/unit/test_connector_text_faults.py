"""Tables of text of the worst night: each fault costs its row, its file or nothing, and always says so."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pydantic import ValidationError

from connectors.formats.csv_table import MAX_MALFORMED
from tests.posting_town import AS_OF, HEADER, PostingTown, accepted, refused
from warehouse.errors import ConfigError, ContractError, RetriableError

FIELD_LIMIT = csv.field_size_limit()


@pytest.fixture
def town(tmp_path: Path) -> PostingTown:
    return PostingTown(tmp_path)


def _code(town: PostingTown, **table: Any) -> str:
    with pytest.raises(ContractError) as caught:
        town.rows(**table)
    return caught.value.code


def test_c1_a_euro_sign_in_a_file_declared_as_latin_1_is_refused_and_no_control_character(
    town: PostingTown,
) -> None:
    town.deliver(HEADER + "1;Gebühr;;\r\n2;Gebühr in €;;\r\n")
    delivery = town.land(encoding="latin-1")
    assert refused(delivery) == [(3, None, "undecodable")]
    assert [row[1] for row in accepted(delivery)] == ["Gebühr"]
    assert [row[1] for row in accepted(town.land(encoding="cp1252"))] == ["Gebühr", "Gebühr in €"]


def test_c1_of_two_encodings_in_one_file_the_declared_one_is_read(town: PostingTown) -> None:
    mixed = HEADER.encode() + "1;Größe;;\r\n".encode() + "2;Größe;;\r\n".encode("cp1252") + b"3;a;;\r\n"
    town.deliver(mixed)
    delivery = town.land(encoding="utf-8")
    assert refused(delivery) == [(3, None, "undecodable")]
    assert [row[1] for row in accepted(delivery)] == ["Größe", "a"]


def test_c1_a_broken_utf_16_file_is_refused_as_a_whole(town: PostingTown) -> None:
    broken = (HEADER + "1;a;;\r\n").encode("utf-16-le") + b"\x00\xd8" + "\r\n".encode("utf-16-le")
    town.deliver(broken)
    assert _code(town, encoding="utf-16-le") == "undecodable"


def test_c3_keys_of_any_length_keep_every_digit(town: PostingTown) -> None:
    keys = ["01004000", "DE02 1203 0000 0000 2020 51", "9007199254740993", "007.10", "1E5", "+49", "=1+1"]
    town.deliver(HEADER + "".join(f"{key};;;\r\n" for key in keys))
    assert [row[0] for row in accepted(town.land())] == keys


def test_c4_only_declared_marks_mean_nothing(town: PostingTown) -> None:
    words = ["NA", "None", "nan", "NULL", "-", ".", "x", "#N/A", "k. A."]
    town.deliver(HEADER + "".join(f"{n};{word};;\r\n" for n, word in enumerate(words)))
    assert [row[1] for row in accepted(town.land())] == words
    town.deliver(HEADER + "1;k. A.;k. A.;k. A.\r\n2;;;\r\n3;x;;-\r\n")
    delivery = town.land(text={"null": ["", "k. A."]})
    assert [row[1:] for row in accepted(delivery)] == [(None, None, None), (None, None, None)]
    assert refused(delivery) == [(4, "amount_eur", "not_a_number")]


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_c6_a_file_with_a_trailer_is_complete_or_refused_wherever_it_is_cut(
    town: PostingTown, line_end: str
) -> None:
    amounts = [Decimal(n * 7 + 1) / 100 for n in range(400)]
    rows = [f"{n:06};Posten {n};;{str(amount).replace('.', ',')}" for n, amount in enumerate(amounts)]
    total = str(sum(amounts)).replace(".", ",")
    head = HEADER.rstrip()
    whole = line_end.join([head, *rows, f"Ende;{len(rows)};{total}", ""]).encode("cp1252")
    control = {"column": "amount_eur", "trailer": "Ende", "rows": True}
    # Every byte of the end and every hundredth of the rest. The last byte of CR LF says nothing more.
    every_hundredth = [len(whole) * percent // 100 for percent in range(1, 97)]
    for length in (*every_hundredth, *range(len(whole) - 500, len(whole) - len(line_end) + 1, 7)):
        town.deliver(whole[:length])
        with pytest.raises(ContractError) as caught:
            town.rows(control_total=control)
        assert caught.value.code in ("half_file", "control_total_mismatch"), length
    town.deliver(whole)
    assert len(town.rows(control_total=control)) == len(rows)


def test_c7_a_file_whose_time_was_set_back_is_still_warm_from_being_written(town: PostingTown) -> None:
    path = town.deliver(HEADER + "1;a;;\r\n")
    os.utime(path, (path.stat().st_mtime - 86_400,) * 2)
    with pytest.raises(RetriableError) as caught:
        town.rows(settle_seconds=60)
    assert caught.value.code == "file_not_settled"
    with time_machine.travel(path.stat().st_ctime + 61, tick=False):
        assert len(town.rows(settle_seconds=60)) == 1


def test_c7_a_file_growing_while_it_is_read_is_refused(town: PostingTown) -> None:
    path = town.deliver(HEADER + "1;a;;\r\n" * 3)
    batches = iter(town.read().batches)
    with path.open("a", encoding="cp1252") as stream:
        stream.write("4;b;;\r\n")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    with pytest.raises(RetriableError) as caught:
        list(batches)
    assert caught.value.code == "file_changing"


def test_c7_the_newest_file_counts_and_is_waited_for(town: PostingTown) -> None:
    old = town.deliver(HEADER + "1;alt;;\r\n", "k_2026-05.csv")
    new = town.deliver(HEADER + "1;neu;;\r\n", "k_2026-06.csv")
    pattern = {"path": "inbox/k_*.csv", "pick": "newest", "as_of_pattern": r"_(\d{4}-\d{2})\.csv$"}
    settled = max(old.stat().st_ctime, new.stat().st_ctime) + 61
    with time_machine.travel(settled, tick=False):
        assert [row["label"] for row in town.rows(**pattern, settle_seconds=60)] == ["neu"]


@pytest.mark.parametrize(
    ("header", "code", "named"),
    [
        ("Beleg;Text;text ;Betrag;Text", "duplicate_header", "Text"),
        ("Beleg;Gebühr;Gebu\u0308hr;Betrag", "duplicate_header", "Gebühr"),
        ("Beleg; ;Tag;\u00a0", "blank_header", "Spalte 2, 4"),
    ],
)
def test_c9_names_that_are_the_same_to_people_are_the_same(
    town: PostingTown, header: str, code: str, named: str
) -> None:
    town.deliver(header + "\r\n1;;;;\r\n", encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        town.rows(encoding="utf-8")
    assert caught.value.code == code and named in str(caught.value.found)


@pytest.mark.parametrize(
    ("day", "form", "expected"),
    [
        ("03.04.2026", "%d.%m.%Y", date(2026, 4, 3)),
        ("3.4.2026", "%d.%m.%Y", date(2026, 4, 3)),
        ("04/03/2026", "%m/%d/%Y", date(2026, 4, 3)),
        ("2026-04-03", "%d.%m.%Y", None),
        ("03.04.26", "%d.%m.%Y", None),
        ("03.04.26", "%d.%m.%y", date(2026, 4, 3)),
        ("31.02.2026", "%d.%m.%Y", None),
        ("29.02.2027", "%d.%m.%Y", None),
        ("29.02.2028", "%d.%m.%Y", date(2028, 2, 29)),
        ("00.00.0000", "%d.%m.%Y", None),
        ("46115", "%d.%m.%Y", None),
        ("03.04.2026 00:00", "%d.%m.%Y", None),
    ],
)
def test_c10_only_the_declared_spelling_of_a_day_is_read(
    town: PostingTown, day: str, form: str, expected: date | None
) -> None:
    town.deliver(HEADER + f"1;a;{day};\r\n")
    delivery = town.land(text={"date": form})
    if expected is None:
        assert refused(delivery) == [(2, "booked_on", "not_a_date")]
    else:
        assert accepted(delivery)[0][2] == expected


@pytest.mark.parametrize("amount", ["inf", "-inf", "NaN", "1e308", "1E2", "9" * 40, "0x10", "१२"])
def test_c12_what_is_no_amount_is_quarantined(town: PostingTown, amount: str) -> None:
    town.deliver(HEADER + f"1;a;;{amount}\r\n2;b;;1,00\r\n", encoding="utf-8")
    delivery = town.land(encoding="utf-8")
    assert refused(delivery) == [(2, "amount_eur", "not_a_number")]
    assert delivery.accepted == 1


def test_c8_equal_rows_count_once_and_of_contradicting_ones_none_is_believed(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;1,00\r\n2;b;;2,00\r\n1;a;;1,00\r\n2;b;;2,50\r\n3;c;;3,00\r\n")
    delivery = town.land()
    assert [row[0] for row in accepted(delivery)] == ["1", "3"]
    assert refused(delivery) == [
        (3, "posting_id", "key_contradiction"),
        (5, "posting_id", "key_contradiction"),
    ]
    assert (delivery.read, delivery.accepted, delivery.rejected, delivery.duplicates) == (5, 2, 2, 1)


def test_c16_a_field_of_many_megabytes_is_refused_and_the_next_row_read(town: PostingTown) -> None:
    town.deliver(HEADER + f"1;{'x' * 5_000_000};;\r\n2;b;;2,00\r\n")
    delivery = town.land()
    assert refused(delivery) == [(2, None, "malformed_row")]
    assert [row[0] for row in accepted(delivery)] == ["2"]


def test_c16_an_open_quotation_mark_costs_its_row_and_swallows_none(town: PostingTown) -> None:
    many = "".join(f"{n};Posten;;1,00\r\n" for n in range(20_000))
    assert len(many) > FIELD_LIMIT
    town.deliver(HEADER + 'A;"offen;;1,00\r\n' + many)
    delivery = town.land()
    assert refused(delivery) == [(2, None, "malformed_row")]
    assert (delivery.read, delivery.accepted) == (20_001, 20_000)


def test_c16_a_quotation_mark_that_closes_in_the_wrong_row_swallows_none(town: PostingTown) -> None:
    town.deliver(HEADER + '1;"offen;;1,00\r\n2;b;;2,00\r\n3;"c";;3,00\r\n4;d;;4,00\r\n')
    delivery = town.land()
    assert refused(delivery) == [(2, None, "malformed_row")]
    assert [row[0] for row in accepted(delivery)] == ["2", "3", "4"]


def test_c16_a_file_of_stray_quotation_marks_is_given_up_in_good_time(town: PostingTown) -> None:
    town.deliver(HEADER + '1;"a"b;;1,00\r\n' * (MAX_MALFORMED + 1))
    assert _code(town) == "malformed_file"


def test_c16_a_lone_carriage_return_parts_a_row_and_both_parts_are_refused(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;1,00\r\n2;b\rc;;2,00\r\n3;d;;3,00\r\n")
    delivery = town.land()
    assert [code for _, _, code in refused(delivery)] == ["missing_field", "missing_field"]
    assert [row[0] for row in accepted(delivery)] == ["1", "3"]


@pytest.mark.parametrize(
    ("delimiter", "quote"), [("|", "'"), ("\t", '"'), ("§", '"'), ("→", '"'), (";", "´"), (";", "”")]
)
def test_c2_fields_may_be_parted_and_quoted_by_any_sign(
    town: PostingTown, delimiter: str, quote: str
) -> None:
    table = {"delimiter": delimiter, "quote": quote, "encoding": "utf-8"}
    lines = [
        "Beleg;Text;Tag;Betrag",
        f"1;{quote}a{delimiter}b{quote};01.02.2026;1,00",
        "2;ä;02.02.2026;-1,00",
    ]
    lines[:] = [line.replace(";", delimiter) for line in lines]
    town.deliver("\n".join(lines) + "\n", encoding="utf-8")
    assert [row[:2] for row in accepted(town.land(**table))] == [("1", f"a{delimiter}b"), ("2", "ä")]


@pytest.mark.parametrize(("delimiter", "quote"), [("\n", '"'), ("\r", '"'), (";", ";")])
def test_a_sign_that_cannot_part_fields_is_refused_in_the_declaration(
    town: PostingTown, delimiter: str, quote: str
) -> None:
    with pytest.raises(ValidationError, match="delimiter"):
        town.connector(delimiter=delimiter, quote=quote)


def test_c16_old_line_ends_alone_are_line_ends(town: PostingTown) -> None:
    town.deliver((HEADER + "1;a;;1,00\r\n2;b;;2,00\r\n").replace("\r\n", "\r"))
    assert town.land().accepted == 2


PROBE = """
import sys
from pathlib import Path
from tests.memory import peak_mb
from tests.posting_town import PostingTown
town = object.__new__(PostingTown)
town.folder = Path(sys.argv[1])
delivery = town.land(encoding="utf-8")
print(delivery.accepted, peak_mb())
"""


def _peak_mb(town: PostingTown, rows: int) -> float:
    path = town.folder / "inbox/x.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER.replace("\r\n", "\n"))
        stream.writelines(f"{n:08};Ein Text von üblicher Länge;01.02.2026;{n},50\n" for n in range(rows))
    run = subprocess.run(
        [sys.executable, "-c", PROBE, str(town.folder)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    accepted_rows, peak = run.stdout.split()
    assert int(accepted_rows) == rows
    return float(peak)


def test_c17_a_delivery_of_any_size_is_streamed_in_bounded_memory(town: PostingTown) -> None:
    small, large = _peak_mb(town, 20_000), _peak_mb(town, 300_000)
    # Fifteen times the rows, 14 MB of text: what is held is one batch and what the database allows itself.
    assert large - small < 250, (small, large)
    assert large < 600


@pytest.mark.parametrize("name", ["~$x.csv", ".x.csv", "x.csv.part", "x.csv.filepart", "x.tmp"])
def test_c21_what_programs_put_beside_a_delivery_is_none(town: PostingTown, name: str) -> None:
    town.deliver(HEADER + "1;a;;\r\n", "gut.csv")
    town.deliver("Unsinn", name)
    assert [row["posting_id"] for row in town.rows(path="inbox")] == ["1"]


def test_c21_pipes_folders_and_devices_in_the_inbox_are_passed_over(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;\r\n", "gut.csv")
    os.mkfifo(town.folder / "inbox/rohr.csv")
    (town.folder / "inbox/ordner.csv").mkdir()
    assert [row["posting_id"] for row in town.rows(path="inbox/*.csv")] == ["1"]


@pytest.mark.parametrize(
    "name", ["CON.csv", "NUL.csv", "a\nb.csv", "a;b.csv", "ü" * 120 + ".csv", "-rf.csv", "$(x).csv"]
)
def test_c21_strange_names_are_only_names(town: PostingTown, name: str) -> None:
    town.deliver(HEADER + "1;a;;\r\n2;a;31.02.2026;\r\n", name)
    assert refused(town.land(path="inbox/*.csv")) == [(3, "booked_on", "not_a_date")]


def test_c21_links_to_devices_are_refused(town: PostingTown) -> None:
    (town.folder / "inbox/x.csv").symlink_to("/dev/zero")
    with pytest.raises(ConfigError) as caught:
        town.rows()
    assert caught.value.code == "outside_city"


@pytest.mark.parametrize("content", ["\r\n", "\n\n\n", " \r\n"])
def test_c22_a_file_of_blank_lines_is_no_delivery(town: PostingTown, content: str) -> None:
    town.deliver(content)
    assert _code(town) in ("half_file", "blank_header")


def test_letters_of_a_name_may_be_large_or_small(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;\r\n", "Export_2026.CSV")
    assert [row["posting_id"] for row in town.rows(path="inbox/export_*.csv")] == ["1"]
    assert [row["posting_id"] for row in town.rows(path="inbox/export_2026.csv")] == ["1"]


def test_a_path_that_is_a_folder_means_all_files_in_it(town: PostingTown) -> None:
    town.deliver(HEADER + "1;a;;\r\n", "b.csv")
    town.deliver(HEADER + "2;a;;\r\n", "a.csv")
    assert [row["posting_id"] for row in town.rows(path="inbox")] == ["2", "1"]
    assert town.read(path="inbox").as_of <= AS_OF
