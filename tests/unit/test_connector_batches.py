"""Few large batches instead of many small ones: the same rows, in their order, of one schema each."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors import batches
from connectors.batches import gathered


def _batch(*numbers: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"n": pa.array(numbers, pa.int64())})


def test_small_batches_are_joined_until_they_are_large_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS_TOGETHER", 3)
    joined = list(gathered([_batch(1), _batch(2), _batch(), _batch(3), _batch(4), _batch(5, 6)]))
    assert [batch.column(0).to_pylist() for batch in joined] == [[1, 2, 3], [4, 5, 6]]


def test_batches_of_another_schema_stay_apart() -> None:
    other = pa.RecordBatch.from_pydict({"n": pa.array(["a"])})
    joined = list(gathered([_batch(1), _batch(2), other, _batch(3)]))
    assert [batch.num_rows for batch in joined] == [2, 1, 1]


def test_a_single_empty_batch_keeps_its_columns() -> None:
    (only,) = gathered([_batch()])
    assert only.schema.names == ["n"]


def test_wide_rows_are_not_gathered_beyond_what_fits_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BYTES_TOGETHER", 16)
    assert [batch.num_rows for batch in gathered([_batch(1, 2), _batch(3), _batch(4)])] == [2, 2]
