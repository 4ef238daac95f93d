"""A delivery streams through its checks: in order, in pieces, found again, and never held as a whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse_parts import accepted, land_all, land_here, land_text, reasons, rejected
from warehouse import check, repeats
from warehouse.ahead import PIECE_ROWS, pieces, read_ahead
from warehouse.errors import RetriableError
from warehouse.landing import TextFormat


def _batch(first: int, count: int, **more: pa.Array) -> pa.RecordBatch:
    numbers = range(first, first + count)
    return pa.RecordBatch.from_pydict(
        {"nr": pa.array([str(n) for n in numbers]), "pieces": pa.array([n % 1000 for n in numbers])} | more
    )


def test_rows_of_many_pieces_keep_their_order_and_their_lines(tmp_path: Path) -> None:
    batches = [_batch(first, 30_000) for first in range(0, 240_000, 30_000)]
    delivery = land_here(tmp_path, *batches)
    kept = pq.read_table(delivery.rows_path)
    assert kept.column("_line").to_pylist() == list(range(1, 240_001))
    assert kept.column("nr").to_pylist() == [str(n) for n in range(240_000)]
    assert (delivery.read, delivery.accepted, delivery.rejected, delivery.duplicates) == (
        240_000,
        240_000,
        0,
        0,
    )


def test_keys_that_repeat_far_apart_are_found_and_name_the_file_of_each_row(tmp_path: Path) -> None:
    def from_file(name: str, first: int, count: int, pieces_of: int) -> pa.RecordBatch:
        return pa.RecordBatch.from_pydict(
            {
                "nr": [str(n) for n in range(first, first + count)],
                "pieces": [pieces_of] * count,
                "_file": [name] * count,
                "_line": pa.array(range(2, count + 2), pa.int64()),
            }
        )

    many = PIECE_ROWS + 10
    delivery = land_here(
        tmp_path,
        from_file("januar.csv", 0, many, 1),
        from_file("februar.csv", many, 5, 1),
        from_file("maerz.csv", many + 3, 4, 1),  # two of them again, equal
        from_file("april.csv", 7, 1, 2),  # one of the first file, contradicting
    )
    assert [(row["file"], row["line"], row["reason_code"]) for row in rejected(delivery)] == [
        ("april.csv", 2, "key_contradiction"),
        ("januar.csv", 9, "key_contradiction"),
    ]
    assert {row["raw"] for row in rejected(delivery)} == {"7"}
    assert len({row["row_key"] for row in rejected(delivery)}) == 1
    counts = (delivery.read, delivery.accepted, delivery.rejected, delivery.duplicates)
    assert counts == (many + 10, many + 6, 2, 2)
    assert delivery.delivered_files == ("april.csv", "februar.csv", "januar.csv", "maerz.csv")
    numbers = pq.read_table(delivery.rows_path).column("nr").to_pylist()
    assert numbers == [str(n) for n in range(many + 7) if n != 7]


def test_the_content_hash_is_that_of_the_rows_that_stay(tmp_path: Path) -> None:
    rows = [{"nr": str(n), "amount_eur": f"{n},50"} for n in range(20)]
    once = land_text(tmp_path, *rows, run_id="a")
    twice = land_text(tmp_path, *rows, *rows[3:9], {"nr": "", "amount_eur": "1"}, run_id="b")
    assert (twice.duplicates, twice.rejected) == (6, 1)
    assert twice.content_hash == once.content_hash
    assert pq.read_schema(twice.rows_path).names == pq.read_schema(once.rows_path).names


def test_keys_whose_hashes_are_equal_by_chance_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (check, repeats):
        monkeypatch.setattr(module, "row_hash", lambda names: "CAST(7 AS UBIGINT)")
    delivery = land_text(tmp_path, {"nr": "a"}, {"nr": "b"}, {"nr": "b"}, {"nr": "c"})
    assert [row["nr"] for row in accepted(delivery)] == ["a", "b", "c"]
    assert (delivery.rejected, delivery.duplicates) == (0, 1)


def test_amounts_that_come_as_numbers_and_later_as_text_are_one_delivery(tmp_path: Path) -> None:
    numbers = pa.array([Decimal("1.50"), None], pa.decimal128(18, 2))
    delivery = land_here(
        tmp_path,
        _batch(0, 2, amount_eur=numbers),
        _batch(2, 3, amount_eur=pa.array(["2.5000", "NaN", "2.005"])),
        _batch(5, 2, amount_eur=numbers),
    )
    assert reasons(delivery) == [
        (4, "amount_eur", "not_a_number"),
        (5, "amount_eur", "too_many_decimals"),
    ]
    amounts = [row["amount_eur"] for row in accepted(delivery)]
    assert amounts == [Decimal("1.50"), None, Decimal("2.50"), Decimal("1.50"), None]


@pytest.mark.parametrize("error", [RetriableError("weg", code="unreachable"), SystemExit(3), MemoryError()])
def test_whatever_ends_the_source_ends_the_landing_as_it_is(tmp_path: Path, error: BaseException) -> None:
    def broken() -> Iterator[pa.RecordBatch]:
        yield _batch(0, PIECE_ROWS)
        yield _batch(PIECE_ROWS, 10)
        raise error

    with pytest.raises(type(error)) as caught:
        land_all(tmp_path, broken())
    assert caught.value is error
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_source_that_is_left_early_is_closed(tmp_path: Path) -> None:
    closed = threading.Event()

    def endless() -> Iterator[pa.Table]:
        try:
            while True:
                yield pa.table({"nr": ["1"]})
        finally:
            closed.set()

    with read_ahead(endless()) as coming:
        next(coming)
    assert closed.wait(5)


def test_a_source_that_hangs_does_not_keep_a_landing_that_failed() -> None:
    goes_on = threading.Event()

    def hanging() -> Iterator[pa.Table]:
        yield pa.table({"nr": ["1"]})
        goes_on.wait(30)

    with read_ahead(hanging()) as coming:
        next(coming)
    assert not goes_on.is_set()
    goes_on.set()


def test_small_batches_are_put_together_and_other_columns_begin_a_new_piece() -> None:
    small = [pa.RecordBatch.from_pydict({"a": [n]}) for n in range(5)]
    other = pa.RecordBatch.from_pydict({"b": [1]})
    large = pa.RecordBatch.from_pydict({"b": pa.array(range(PIECE_ROWS))})
    found = list(pieces([*small, other, large, other]))
    assert [(piece.schema.names, piece.num_rows) for piece in found] == [
        (["a"], 5),
        (["b"], PIECE_ROWS + 1),
        (["b"], 1),
    ]
    assert list(pieces([])) == []


def test_a_zone_counts_in_every_piece(tmp_path: Path) -> None:
    at = pa.array([1_780_000_000_000_000], pa.timestamp("us", tz="UTC"))
    delivery = land_here(
        tmp_path, _batch(0, 1, at=at), _batch(1, 1, at=at.cast(pa.timestamp("us", tz="America/Lima")))
    )
    first, second = (row["at"] for row in accepted(delivery))
    assert first == second
    assert first.isoformat() == "2026-05-28T22:26:40"


def test_a_declared_format_reads_the_same_in_every_piece(tmp_path: Path) -> None:
    batches = [
        pa.RecordBatch.from_pydict({"nr": [str(n)], "amount_eur": ["1.234,50"], "on_date": ["01.02.2026"]})
        for n in range(3)
    ]
    delivery = land_here(tmp_path, *batches, text_format=TextFormat())
    assert {row["amount_eur"] for row in accepted(delivery)} == {Decimal("1234.50")}


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_outer_blanks_say_nothing_however_the_text_is_kept(tmp_path: Path, kind: pa.DataType) -> None:
    batch = pa.RecordBatch.from_pydict(
        {"nr": pa.array(list("1234")), "colour": pa.array([" rot ", "rot", "", None]).cast(kind)}
        | {"ags": pa.array(["\u00a001004000\t", None, " \ufeff", "01004000"]).cast(kind)}
    )
    delivery = land_here(tmp_path, batch, text_format=TextFormat())
    assert reasons(delivery) == []
    assert [(row["colour"], row["ags"]) for row in accepted(delivery)] == [
        ("rot", "01004000"), ("rot", None), (None, None), (None, "01004000"),
    ]  # fmt: skip
