"""The change log: what a load made of months that were over, and how many rows it deleted.

Before and after are compared by what goes and what comes, so that the cost follows the delivery and not
the stock.
"""

# ruff: noqa: S608 (table and column names come from contracts and pass `quote`; values are bound)

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors.accounting import Run, insert_row, one, utc
from connectors.base import TableSpec
from warehouse.contract import Column, Subject
from warehouse.store import Connection, literal, quote

ROWS, DELETED_ROWS, CONTENT = "rows", "deleted", "content"
KEPT_DAYS = 760
MOST_PLACES = 500

Place = tuple[str | None, date | None]
"""Slice as text and first day of the month; None where rows have none."""


@dataclass(frozen=True)
class Sums:
    """Number of rows, sums of the measures, and a number that any other content changes."""

    rows: int = 0
    measures: tuple[Any, ...] = ()
    content: int = 0

    def plus(self, other: Sums, sign: int = 1) -> Sums:
        """Sum or difference."""
        width = max(len(self.measures), len(other.measures))
        pairs = zip(_filled(self.measures, width), _filled(other.measures, width), strict=True)
        measures = tuple(mine + sign * theirs for mine, theirs in pairs)
        return Sums(self.rows + sign * other.rows, measures, self.content + sign * other.content)


class ChangeLog:
    """Follows one subject of one source through a load: told before rows go, closed when all are there."""

    def __init__(
        self, con: Connection, source: str, subject: Subject, table: TableSpec, run_ids: Sequence[str]
    ) -> None:
        self._con, self._source, self._subject = con, source, subject
        self._new = f"kept._run_id IN ({', '.join(literal(run_id) for run_id in run_ids)})"
        self._period = period_column(subject)
        self._slice = tuple(name for name in table.slice if name != self._period)
        self._measures = measures_of(subject, table.key or subject.key)
        self._gone: dict[Place, Sums] = {}
        self._deleted: dict[Place, Sums] = {}
        # The first load of a source changes nothing that anybody has seen.
        self._follows = one(con, f"SELECT count(*) FROM {self._stage} WHERE _source = $1", [source]) > 0

    def removing(self, condition: str) -> None:
        """Note the rows (alias `kept`) that go in favour of a delivery."""
        if self._follows:
            # A row that came with an earlier piece of the same load was never published.
            self._gone = _joined(self._gone, self._sums(f"({condition}) AND NOT {self._new}"))

    def deleting(self, condition: str) -> None:
        """Note the rows (alias `kept`) whose keys a delivery says to be gone."""
        if self._follows:
            self._deleted = _joined(self._deleted, self._sums(f"({condition}) AND NOT {self._new}"))

    def close(self, run: Run) -> None:
        """Write what is another number now in months before that of the run, and every deletion."""
        if not self._follows:
            return
        self._con.execute("DELETE FROM meta.change WHERE noted_at < $1", [_oldest(run)])
        came = self._sums(self._new)
        touched = self._gone.keys() | came.keys()
        over = [p for p in touched if _is_over(p, run) and self._gone.get(p) != came.get(p)]
        if over:
            self._write_changes(over, came, run)
        for place, sums in sorted(self._deleted.items(), key=str):
            self._write(place, DELETED_ROWS, None, sums.rows, run)

    def _write_changes(self, over: Sequence[Place], came: Mapping[Place, Sums], run: Run) -> None:
        now, gone = self._sums("true", content=False), self._gone
        if len(over) > MOST_PLACES:
            now, gone, came = _by_month(now), _by_month(gone), _by_month(came)
            over = list({(None, period) for _, period in over})
        for place in sorted(over, key=str):
            after, went, new = (found.get(place, Sums()) for found in (now, gone, came))
            before = after.plus(new, -1).plus(went)
            for measure, old, value in self._differences(before, after, went, new):
                self._write(place, measure, old, value, run)

    def _differences(
        self, before: Sums, after: Sums, went: Sums, new: Sums
    ) -> Iterator[tuple[str, Any, Any]]:
        width = len(self._measures)
        old, now = _filled(before.measures, width), _filled(after.measures, width)
        found = [(ROWS, before.rows, after.rows), *zip(self._measures, old, now, strict=True)]
        different = [(name, was, is_) for name, was, is_ in found if was != is_]
        yield from different
        if not different:
            yield CONTENT, f"{went.content % 2**64:016x}", f"{new.content % 2**64:016x}"

    def _sums(self, condition: str, *, content: bool = True) -> dict[Place, Sums]:
        whole = ", ".join(f"kept.{quote(name)}" for name in self._subject.columns)
        sums = [f"coalesce(sum(kept.{quote(name)}), 0)" for name in self._measures]
        rows = self._con.execute(
            f"SELECT {self._slice_text()}, {self._month()}, count(*),"
            f" {f'sum(hash({whole}))' if content else '0'}{''.join(f', {each}' for each in sums)}"
            f" FROM {self._stage} AS kept WHERE kept._source = $1 AND ({condition}) GROUP BY 1, 2",
            [self._source],
        ).fetchall()
        return {(row[0], row[1]): Sums(row[2], tuple(row[4:]), int(row[3])) for row in rows}

    def _slice_text(self) -> str:
        parts = [
            f"{literal(name + ' = ')} || coalesce(CAST(kept.{quote(name)} AS VARCHAR), '–')"
            for name in self._slice
        ]
        return f"concat_ws(', ', {', '.join(parts)})" if parts else "CAST(NULL AS VARCHAR)"

    def _month(self) -> str:
        if self._period is None:
            return "CAST(NULL AS DATE)"
        return f"CAST(date_trunc('month', kept.{quote(self._period)}) AS DATE)"

    def _write(self, place: Place, measure: str, before: Any, after: Any, run: Run) -> None:
        values = {
            "run_id": run.run_id,
            "source": self._source,
            "subject": self._subject.id,
            "slice": place[0],
            "period": place[1],
            "measure": measure,
            "before": None if before is None else str(before),
            "after": None if after is None else str(after),
            "noted_at": utc(run.finished_at),
        }
        insert_row(self._con, "meta.change", values)

    @property
    def _stage(self) -> str:
        return f"stage.{quote(self._subject.id)}"


def period_column(subject: Subject) -> str | None:
    """Date that says to which month a row belongs: one of the key, else the first that is always there."""
    dates = [name for name, column in subject.columns.items() if column.type == "date"]
    keyed = [name for name in dates if name in subject.key]
    certain = [name for name in dates if subject.columns[name].required]
    return next(iter([*keyed, *certain]), None)


def measures_of(subject: Subject, key: Sequence[str]) -> tuple[str, ...]:
    """Columns whose sum says something: amounts and counts, not years or ranks."""
    return tuple(n for n, column in subject.columns.items() if n not in key and _is_amount(column))


def _is_amount(column: Column) -> bool:
    # A whole number that cannot be 0 is a name (a year, a rank), not an amount.
    return column.type == "decimal" or (column.type == "integer" and (column.minimum or 0) <= 0)


def _is_over(place: Place, run: Run) -> bool:
    period = place[1]
    return period is None or (period.year, period.month) < (run.as_of.year, run.as_of.month)


def _oldest(run: Run) -> object:
    return utc(run.finished_at) - timedelta(days=KEPT_DAYS)


def _joined(left: Mapping[Place, Sums], right: Mapping[Place, Sums]) -> dict[Place, Sums]:
    return {
        place: left.get(place, Sums()).plus(right.get(place, Sums())) for place in left.keys() | right.keys()
    }


def _by_month(found: Mapping[Place, Sums]) -> dict[Place, Sums]:
    months: dict[Place, Sums] = {}
    for (_, period), sums in found.items():
        months[(None, period)] = months.get((None, period), Sums()).plus(sums)
    return months


def _filled(values: tuple[Any, ...], width: int) -> tuple[Any, ...]:
    return values if values else (0,) * width
