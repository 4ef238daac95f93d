"""What lands has kept its contract; what did not is named, and nothing is lost or guessed."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from tests.warehouse_parts import (
    MORNING,
    THING,
    accepted,
    land_all,
    land_here,
    land_text,
    reasons,
    rejected,
    text_batch,
)
from warehouse.errors import ContractError
from warehouse.landing import REASONS, Delivery, TextFormat
from warehouse.subjects import load_subjects

ENGLISH = TextFormat(decimal=".", thousands=",", date="%Y-%m-%d", timestamp="%Y-%m-%dT%H:%M:%S")
PLAIN = TextFormat(thousands=None)
SPACED = TextFormat(thousands=" ")


def _amount(folder: Path, text: str, form: TextFormat) -> Decimal | str:
    delivery = land_text(folder, {"nr": "1", "amount_eur": text}, text_format=form)
    if delivery.rejected:
        return str(rejected(delivery)[0]["reason_code"])
    value = accepted(delivery)[0]["amount_eur"]
    assert isinstance(value, Decimal)
    return value


@pytest.mark.parametrize(
    ("written", "text", "day"),
    [
        ("%Y%m%d", "20260111", date(2026, 1, 11)),
        ("%Y%m%d", "2026111", None),
        ("%d%m%y", "010226", date(2026, 2, 1)),
        ("%d%m%y", "10226", None),
        ("%d.%m.%Y", "1.2.2026", date(2026, 2, 1)),
        ("%Y-%m", "2026-5", date(2026, 5, 1)),
    ],
)
def test_c10_a_day_without_marks_between_its_parts_needs_all_digits(
    tmp_path: Path, written: str, text: str, day: date | None
) -> None:
    delivery = land_text(tmp_path, {"nr": "1", "on_date": text}, text_format=TextFormat(date=written))
    assert [row["on_date"] for row in accepted(delivery)] == ([day] if day else [])


@pytest.mark.parametrize("year", ["0000", "0001", "9999"])
def test_c10_years_that_no_calendar_has_are_refused(tmp_path: Path, year: str) -> None:
    row = {"nr": "1", "on_date": f"01.01.{year}", "at": f"31.12.{year} 23:59:59"}
    delivery = land_text(tmp_path, row)
    assert reasons(delivery) == ([(1, "on_date", "not_a_date")] if year == "0000" else [])


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("1.234,56", TextFormat(), "1234.56"),
        ("1.234", TextFormat(), "1234"),
        ("1.234", PLAIN, "not_a_number"),
        ("1234,5", PLAIN, "1234.5"),
        ("1.23", TextFormat(), "not_a_number"),
        ("1.2345,00", TextFormat(), "not_a_number"),
        ("12.34.567", TextFormat(), "not_a_number"),
        ("1.234.567,89", TextFormat(), "1234567.89"),
        ("1,234.56", ENGLISH, "1234.56"),
        ("1,234.56", TextFormat(), "not_a_number"),
        ("1 234,5", SPACED, "1234.5"),
        ("1\u202f234,5", SPACED, "1234.5"),
        ("1\u00a0234,5", SPACED, "1234.5"),
        ("1 234,5", TextFormat(), "not_a_number"),
        ("(12)", TextFormat(), "not_a_number"),
        ("12-", TextFormat(), "not_a_number"),
        ("-12", TextFormat(), "-12"),
        ("\u221212,50", TextFormat(), "-12.5"),
        ("+3", TextFormat(), "3"),
        ("--3", TextFormat(), "not_a_number"),
        ("1e5", TextFormat(), "not_a_number"),
        ("inf", TextFormat(), "not_a_number"),
        ("NaN", TextFormat(), "not_a_number"),
        ("0x10", TextFormat(), "not_a_number"),
        ("12 €", TextFormat(), "not_a_number"),
        ("12,", TextFormat(), "not_a_number"),
        (",5", TextFormat(), "not_a_number"),
        ("12,345", TextFormat(), "too_many_decimals"),
        ("12,500", TextFormat(), "too_many_decimals"),
        ("  7 ", TextFormat(), "7"),
        ("\u00a07", TextFormat(), "7"),
        ("9" * 17, PLAIN, "not_a_number"),
        ("9" * 16 + ",99", PLAIN, "9" * 16 + ".99"),
        ("١٢", TextFormat(), "not_a_number"),
    ],
)
def test_an_amount_is_read_by_the_declared_marks_only(
    tmp_path: Path, text: str, form: TextFormat, expected: str
) -> None:
    found = _amount(tmp_path, text, form)
    assert found == (expected if expected.startswith(("not_", "too_")) else Decimal(expected))


@pytest.mark.parametrize("mark", ["NA", "None", "nan", "-", ".", "x", "NULL"])
def test_only_declared_marks_are_null(tmp_path: Path, mark: str) -> None:
    rows = ({"nr": mark, "amount_eur": mark},)
    assert reasons(land_text(tmp_path, *rows)) == [(1, "amount_eur", "not_a_number")]
    delivery = land_text(tmp_path, {"nr": "1", "amount_eur": mark}, text_format=TextFormat(null=("", mark)))
    assert accepted(delivery)[0]["amount_eur"] is None
    assert accepted(land_text(tmp_path, {"nr": mark}))[0]["nr"] == mark


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.12.2026", date(2026, 12, 31)),
        ("03.04.2026", date(2026, 4, 3)),
        ("3.4.2026", date(2026, 4, 3)),
        ("29.02.2028", date(2028, 2, 29)),
        ("29.02.2027", None),
        ("31.02.2026", None),
        ("00.00.0000", None),
        ("2026-12-31", None),
        ("31.12.26", None),
        ("46387", None),
        ("31.12.2026 00:00", None),
        ("12/31/2026", None),
    ],
)
def test_a_date_is_read_in_the_declared_format_only(tmp_path: Path, text: str, expected: date | None) -> None:
    delivery = land_text(tmp_path, {"nr": "1", "on_date": text})
    if expected is None:
        assert reasons(delivery) == [(1, "on_date", "not_a_date")]
    else:
        assert accepted(delivery)[0]["on_date"] == expected


def test_timestamps_and_booleans_follow_their_declaration(tmp_path: Path) -> None:
    good = {"nr": "1", "at": "31.12.2026 23:59:58", "open": "ja", "pieces": "1.000"}
    (row,) = accepted(land_text(tmp_path, good))
    assert (row["at"], row["open"], row["pieces"]) == (datetime(2026, 12, 31, 23, 59, 58), True, 1000)
    bad = land_text(
        tmp_path, {"nr": "1", "at": "31.12.2026"}, {"nr": "2", "open": "wahr"}, {"nr": "3", "pieces": "1,0"}
    )
    assert reasons(bad) == [
        (1, "at", "not_a_date"),
        (2, "open", "not_a_boolean"),
        (3, "pieces", "not_an_integer"),
    ]


def test_rules_of_the_contract_are_checked_row_by_row(tmp_path: Path) -> None:
    delivery = land_text(
        tmp_path,
        {"nr": "1", "pieces": "-1"},
        {"nr": "2", "pieces": "1001"},
        {"nr": "3", "colour": "gelb"},
        {"nr": "4", "ags": "0100400"},
        {"nr": "5", "ags": "01004000"},
        {"nr": "", "colour": "rot"},
    )
    assert reasons(delivery) == [
        (1, "pieces", "below_minimum"),
        (2, "pieces", "above_maximum"),
        (3, "colour", "value_not_allowed"),
        (4, "ags", "pattern_mismatch"),
        (6, "nr", "required_missing"),
    ]
    assert accepted(delivery)[0]["ags"] == "01004000"
    assert (delivery.read, delivery.accepted, delivery.rejected, delivery.duplicates) == (6, 1, 5, 0)


def test_every_reason_has_a_german_sentence(tmp_path: Path) -> None:
    delivery = land_text(tmp_path, {"nr": "1", "on_date": "x"})
    assert rejected(delivery)[0]["reason"] == REASONS["not_a_date"]
    assert all(text.endswith(".") and text[0].isupper() for text in REASONS.values())


def test_identifiers_keep_every_digit(tmp_path: Path) -> None:
    rows = [{"nr": nr} for nr in ("01004000", "9007199254740993", "DE02120300000000202051", "007")]
    assert [row["nr"] for row in accepted(land_text(tmp_path, *rows))] == [row["nr"] for row in rows]


def test_k12_the_quarantine_masks_text_and_shows_numbers(tmp_path: Path) -> None:
    delivery = land_text(
        tmp_path,
        {"nr": "1", "colour": "Erika Musterfrau"},
        {"nr": "2", "colour": "ab"},
        {"nr": "3", "amount_eur": "1.23.4"},
        {"nr": "4", "amount_eur": "Erika Musterfrau"},
        {"nr": "5", "amount_eur": "1" * 41 + "x"},
    )
    assert [row["raw"] for row in rejected(delivery)] == ["Er…", "ab", "1.23.4", "Er…", "11…"]


def test_c8_equal_rows_are_duplicates_and_contradicting_ones_all_refused(tmp_path: Path) -> None:
    delivery = land_text(
        tmp_path,
        {"nr": "a", "pieces": "1"},
        {"nr": "a", "pieces": "1"},
        {"nr": "b", "pieces": "1"},
        {"nr": "b", "pieces": "2"},
        {"nr": "b", "pieces": "1"},
        {"nr": "c", "pieces": None},
        {"nr": "c", "pieces": "x"},
    )
    assert [row["_line"] for row in accepted(delivery)] == [1, 6]
    assert reasons(delivery) == [
        (3, "nr", "key_contradiction"),
        (4, "nr", "key_contradiction"),
        (5, "nr", "key_contradiction"),
        (7, "pieces", "not_an_integer"),
    ]
    assert (delivery.read, delivery.accepted, delivery.rejected, delivery.duplicates) == (7, 2, 4, 1)


def test_of_messages_in_their_order_the_last_good_one_of_a_key_counts(tmp_path: Path) -> None:
    batch = text_batch(
        [
            {"nr": "a", "pieces": "1"},
            {"nr": "b", "pieces": "1"},
            {"nr": "a", "pieces": "2"},
            {"nr": "b", "_deleted": "ja"},
            {"nr": "c", "_deleted": "ja"},
            {"nr": "c", "pieces": "3"},
            {"nr": "a", "pieces": "zwei"},
        ]
    )
    delivery = land_here(tmp_path, batch, text_format=TextFormat(), last_wins=True)
    rows = [(row["nr"], row["pieces"], row["_deleted"]) for row in accepted(delivery)]
    assert rows == [("a", 2, None), ("b", None, True), ("c", 3, None)]
    assert reasons(delivery) == [(7, "pieces", "not_an_integer")]
    assert (delivery.read, delivery.accepted, delivery.rejected, delivery.duplicates) == (7, 3, 1, 3)


def test_a_declared_key_replaces_the_key_of_the_subject(tmp_path: Path) -> None:
    rows = ({"nr": "a", "colour": "rot"}, {"nr": "a", "colour": "blau"})
    assert land_text(tmp_path, *rows, key=("nr", "colour")).accepted == 2
    assert land_text(tmp_path, *rows).rejected == 2


def test_rows_the_reader_could_not_read_are_kept_in_the_accounting(tmp_path: Path) -> None:
    rows = [
        {"nr": "1", "_line": 2},
        {"_line": 3, "_fault": "extra_field", "_raw": "Erika;1;2;3"},
        {"_line": 4, "_fault": "error_cell", "_fault_column": "pieces", "_raw": "#REF!"},
        {"_line": 5, "_fault": "something_new", "_raw": None},
    ]
    columns = ["nr", "_line", "_fault", "_fault_column", "_raw"]
    delivery = land_here(tmp_path, text_batch(rows, columns), text_format=TextFormat())
    assert reasons(delivery) == [
        (3, None, "extra_field"),
        (4, "pieces", "error_cell"),
        (5, None, "something_new"),
    ]
    assert [row["raw"] for row in rejected(delivery)] == ["Er…", "#R…", None]
    assert (delivery.read, delivery.accepted) == (4, 1)
    assert rejected(delivery)[2]["reason"]


def test_lines_are_counted_across_batches_when_the_source_has_none(tmp_path: Path) -> None:
    batches = [text_batch([{"nr": "a"}, {"nr": "b"}]), text_batch([{"nr": "c"}])]
    assert [row["_line"] for row in accepted(land_here(tmp_path, *batches, text_format=TextFormat()))] == [
        1,
        2,
        3,
    ]


def test_a_missing_required_column_is_a_fault_of_the_delivery(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as caught:
        land_text(tmp_path, {"nrr": "1", "pieces": "1"})
    assert caught.value.code == "missing_column" and "„nr“" in caught.value.what
    assert caught.value.next_step == "Meinten Sie „nrr“?"
    assert list(tmp_path.rglob("*.parquet")) == []


def test_an_optional_column_may_be_absent_and_an_unknown_one_is_left_out(tmp_path: Path) -> None:
    delivery = land_text(tmp_path, {"nr": "1", "weight": "3"})
    assert delivery.columns == ("nr",)
    assert accepted(delivery) == [{"nr": "1", "_line": 1}]


def test_an_empty_delivery_lands_with_zero_rows(tmp_path: Path) -> None:
    delivery = land_here(tmp_path, text_format=TextFormat(), cursor_column="on_date")
    assert (delivery.read, delivery.cursor, accepted(delivery)) == (0, None, [])
    assert set(delivery.columns) == set(THING.columns)


def test_the_content_hash_depends_on_rows_not_on_order_or_run(tmp_path: Path) -> None:
    rows = [{"nr": str(n), "pieces": str(n)} for n in range(50)]
    first = land_text(tmp_path, *rows)
    again = land_text(tmp_path, *reversed(rows), run_id="run-2")
    other = land_text(tmp_path, *rows[:-1], {"nr": "49", "pieces": "50"}, run_id="run-3")
    assert first.content_hash == again.content_hash != other.content_hash


def test_the_content_hash_keeps_columns_apart(tmp_path: Path) -> None:
    one = land_text(tmp_path, {"nr": "1", "colour": "rot", "ags": None}, run_id="a")
    two = land_text(tmp_path, {"nr": "1", "colour": None, "ags": None}, run_id="b")
    assert one.content_hash != two.content_hash


def test_the_cursor_is_the_largest_accepted_value(tmp_path: Path) -> None:
    rows = (
        {"nr": "1", "at": "09.06.2026 01:15:00"},
        {"nr": "2", "at": "01.01.2026 00:00:00"},
        {"nr": "", "at": "31.12.2026 00:00:00"},
    )
    assert land_text(tmp_path, *rows, cursor_column="at").cursor == "2026-06-09T01:15:00"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("at", "31.12.2099 00:00:00", "2026-06-09T05:15:00"),
        ("at", "09.06.2026 05:14:59", "2026-06-09T05:14:59"),
        ("on_date", "31.12.2099", "2026-06-09"),
        ("on_date", "09.06.2026", "2026-06-09"),
        ("on_date", "08.06.2026", "2026-06-08"),
    ],
)
def test_a_date_in_the_future_does_not_move_the_cursor_past_what_is_still_to_come(
    tmp_path: Path, column: str, value: str, expected: str
) -> None:
    rows = {"nr": "1", column: value}
    delivery = land_text(tmp_path, rows, cursor_column=column, window=(None, datetime(2026, 6, 9, 5, 15)))
    assert delivery.cursor == expected
    assert len(accepted(delivery)) == 1


@pytest.mark.parametrize("moment", [317_000_000_000_000_000, -99_000_000_000_000_000, 2**63 - 1])
def test_c11_a_moment_no_calendar_knows_is_no_cursor_that_stops_a_source_for_ever(
    tmp_path: Path, moment: int
) -> None:
    at = pa.array([moment], pa.int64()).cast(pa.timestamp("us"))
    batch = pa.RecordBatch.from_pydict({"nr": pa.array(["1"]), "at": at})
    known = datetime(2026, 6, 8, 12)
    good = pa.RecordBatch.from_pydict({"nr": pa.array(["2"]), "at": pa.array([known], at.type)})
    window = (None, datetime(2026, 6, 9, 5, 15))
    delivery = land_here(tmp_path / "both", batch, good, cursor_column="at", window=window)
    assert (delivery.accepted, delivery.rejected) == (1, 1)
    assert datetime.fromisoformat(str(delivery.cursor)) == known
    assert land_here(tmp_path / "alone", batch, cursor_column="at", window=window).cursor is None


def test_a_cursor_the_source_hands_back_is_kept_as_it_is(tmp_path: Path) -> None:
    delivery = land_text(tmp_path, {"nr": "1"}, cursor="index=4711")
    assert Delivery.load(delivery.folder).cursor == "index=4711"
    assert land_here(tmp_path, text_batch([], ["nr"]), cursor="x").cursor == "x"


def test_deleted_rows_need_only_their_key(tmp_path: Path) -> None:
    batch = text_batch(
        [
            {"nr": "1", "pieces": "-5", "_deleted": "true"},
            {"nr": "", "_deleted": "true"},
            {"nr": "3", "_deleted": "false"},
        ]
    )
    delivery = land_here(tmp_path, batch, text_format=TextFormat())
    assert delivery.has_deletions and reasons(delivery) == [(2, "nr", "required_missing")]
    assert [(row["nr"], row["_deleted"]) for row in accepted(delivery)] == [("1", True), ("3", False)]


def test_a_kept_delivery_is_read_back_and_a_changed_one_refused(tmp_path: Path) -> None:
    delivery = land_text(tmp_path, {"nr": "1"}, {"nr": "2", "pieces": "x"})
    assert Delivery.load(delivery.folder) == delivery
    assert json.loads((delivery.folder / "manifest.json").read_text(encoding="utf-8"))["rejected"] == 1
    damaged = bytearray(delivery.rows_path.read_bytes())
    damaged[10] ^= 1
    delivery.rows_path.write_bytes(damaged)
    with pytest.raises(ContractError) as caught:
        Delivery.load(delivery.folder)
    assert caught.value.code == "landing_damaged"


def test_a_second_attempt_of_the_same_run_replaces_the_first(tmp_path: Path) -> None:
    land_text(tmp_path, {"nr": "1"})
    assert land_text(tmp_path, {"nr": "1"}, {"nr": "2"}).accepted == 2
    assert sorted(path.name for path in (tmp_path / "lager" / "run-1").iterdir()) == ["1"]


def test_a_landing_that_breaks_off_leaves_nothing_that_looks_like_a_delivery(tmp_path: Path) -> None:
    def broken() -> Any:
        yield text_batch([{"nr": "1"}])
        raise OSError("connection lost")

    with pytest.raises(OSError, match="connection lost"):
        land_all(tmp_path, broken())
    assert not (tmp_path / "lager" / "run-1" / "1").exists()
    assert list(tmp_path.rglob("*.parquet")) == []


def _typed(folder: Path, **columns: Any) -> Delivery:
    arrays = {"nr": pa.array([str(n) for n in range(len(next(iter(columns.values()))))])} | columns
    return land_here(folder, pa.RecordBatch.from_pydict(arrays))


def test_typed_values_are_taken_when_nothing_is_lost(tmp_path: Path) -> None:
    delivery = _typed(
        tmp_path,
        amount_eur=pa.array([0.1 + 0.2, 12.345, float("inf"), float("nan"), 1e308, -5.5, None]),
        pieces=pa.array([1.0, 2.5, 3.0, 4.0, 5.0, None, 7.0]),
    )
    assert reasons(delivery) == [
        (2, "amount_eur", "too_many_decimals"),
        (3, "amount_eur", "not_a_number"),
        (4, "amount_eur", "not_a_number"),
        (5, "amount_eur", "not_a_number"),
    ]
    assert [(row["amount_eur"], row["pieces"]) for row in accepted(delivery)] == [
        (Decimal("0.30"), 1), (Decimal("-5.50"), None), (None, 7),
    ]  # fmt: skip


def test_typed_decimals_may_carry_zeros_but_no_further_cents(tmp_path: Path) -> None:
    values = pa.array([Decimal("1.5000"), Decimal("1.5001")], pa.decimal128(12, 4))
    delivery = _typed(tmp_path, amount_eur=values)
    assert reasons(delivery) == [(2, "amount_eur", "too_many_decimals")]
    assert accepted(delivery)[0]["amount_eur"] == Decimal("1.50")


def test_typed_moments_become_dates_only_at_midnight(tmp_path: Path) -> None:
    values = pa.array([datetime(2026, 6, 9), datetime(2026, 6, 9, 12)], pa.timestamp("us"))
    delivery = _typed(tmp_path, on_date=values, at=values)
    assert reasons(delivery) == [(2, "on_date", "not_a_date")]
    assert accepted(delivery)[0]["on_date"] == date(2026, 6, 9)


def test_typed_moments_with_a_zone_are_kept_on_the_town_hall_clock(tmp_path: Path) -> None:
    delivery = _typed(tmp_path, at=pa.array([MORNING], pa.timestamp("us", tz="UTC")))
    assert accepted(delivery)[0]["at"] == datetime(2026, 6, 9, 3, 15)


def test_text_among_typed_values_has_to_be_iso(tmp_path: Path) -> None:
    delivery = _typed(
        tmp_path,
        amount_eur=pa.array(["12.34", "12,34", "12.345", "5"]),
        on_date=pa.array(["2026-06-09", "2026-06-09", None, "09.06.2026"]),
        at=pa.array(["2026-06-09 01:15:00", None, None, None]),
    )
    assert reasons(delivery) == [
        (2, "amount_eur", "not_a_number"),
        (3, "amount_eur", "too_many_decimals"),
        (4, "on_date", "not_a_date"),
    ]
    assert accepted(delivery)[0]["at"] == datetime(2026, 6, 9, 1, 15)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("nr", pa.array([1.5])),
        ("on_date", pa.array([20260609])),
        ("open", pa.array([1.0])),
        ("amount_eur", pa.array([date(2026, 1, 1)])),
        ("pieces", pa.array([True])),
    ],
)
def test_a_retyped_column_is_a_fault_of_the_delivery(tmp_path: Path, column: str, values: pa.Array) -> None:
    with pytest.raises(ContractError) as caught:
        _typed(tmp_path, **{column: values})
    assert caught.value.code == "retyped_column" and f"„{column}“" in caught.value.what


def test_integers_may_feed_text_and_zero_one_feed_booleans(tmp_path: Path) -> None:
    delivery = _typed(tmp_path, nr=pa.array([7, 8, 9]), open=pa.array([0, 1, 2]))
    assert reasons(delivery) == [(3, "open", "not_a_boolean")]
    assert [(row["nr"], row["open"]) for row in accepted(delivery)] == [("7", False), ("8", True)]


def test_a_text_with_a_nul_byte_is_refused(tmp_path: Path) -> None:
    assert reasons(land_text(tmp_path, {"nr": "a\0b"})) == [(1, "nr", "undecodable")]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    hostile = ["'; DROP TABLE checked; --", '"', "\\", "${x}", "=cmd|' /C calc'!A0", "%s", "ÄÖÜß€", "a\nb"]
    delivery = land_text(tmp_path, *({"nr": text} for text in hostile))
    assert [row["nr"] for row in accepted(delivery)] == hostile


def test_columns_that_change_between_batches_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError):
        land_here(
            tmp_path,
            text_batch([{"nr": "1"}]),
            text_batch([{"nr": "2", "pieces": "1"}]),
            text_format=TextFormat(),
        )


def test_every_built_in_subject_can_be_landed(tmp_path: Path) -> None:
    for subject in load_subjects(None).values():
        batch = text_batch([dict.fromkeys(subject.columns, "")])
        delivery = land_here(tmp_path, batch, text_format=TextFormat(), subject=subject, run_id=subject.id)
        assert (delivery.read, delivery.rejected) == (1, 1), subject.id


@pytest.mark.parametrize(
    "settings",
    [
        {"thousands": ","},
        {"true": ("x",), "false": ("x",)},
        {"date": "%B %d"},
        {"date": "TT.MM.JJJJ"},
        {"decimal": ";"},
    ],
)
def test_a_contradictory_text_format_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TextFormat(**settings)
