"""Answers too long to be held: handed over batch by batch, within a time limit of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from warehouse.watchdog import interrupted

BATCH_ROWS = 5_000
STREAM_SECONDS = 300.0


class Streaming:
    """Reads long answers; for what has `_run` (sql, params, seconds, what to do with the cursor)."""

    _run: Callable[..., Any]

    def stream(
        self,
        sql: str,
        params: Sequence[object],
        handle: Callable[[pa.RecordBatch], None],
        *,
        rows: int = BATCH_ROWS,
        timeout_s: float = STREAM_SECONDS,
    ) -> None:
        """Hand the rows of one SELECT to `handle`, at most `rows` at a time; DECIMAL stays DECIMAL.

        The time counts what `handle` takes as well; what `handle` raises ends the reading. Raises like
        `query`.
        """

        def read(cursor: Any) -> None:
            reader = cursor.to_arrow_reader(rows)
            while (batch := _next(reader, timeout_s)) is not None:
                handle(batch)

        self._run(sql, params, timeout_s, read)


def _next(reader: Any, seconds: float) -> pa.RecordBatch | None:
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None
    except OSError as error:
        # Arrow passes on errors of the database as its own kind.
        if "INTERRUPT" not in str(error):
            raise
        raise interrupted(seconds) from None
