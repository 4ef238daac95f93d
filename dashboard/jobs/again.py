"""Where a source is read from: where the last good night ended, or where refused rows came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.load import cursors

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from warehouse.store import Connection

_BEGINNINGS = """
SELECT
    load.table_no, min(load.window_from), arg_min(coalesce(load.cursor_before, ''), load.number),
    bool_or(load.cursor_before IS NOT NULL OR load.cursor IS NOT NULL)
FROM meta.rejected AS rejected
INNER JOIN meta.load AS load
    ON load.source = rejected.source AND load.run_id = rejected.run_id AND load.table_no = rejected.table_no
WHERE rejected.source = $1
GROUP BY load.table_no
"""


@dataclass(frozen=True)
class Start:
    """Cursors of the tables; `since` (aware) stands in for those that are times."""

    cursors: Mapping[int, str]
    since: datetime | None = None


def start_of(con: Connection, source: str, *, again_in: ZoneInfo | None = None) -> Start:
    """Where a source is read from; with a time zone so that every row in the quarantine comes once more."""
    known = cursors(con, source)
    if again_in is None:
        return Start(known)
    rows = con.execute(_BEGINNINGS, [source]).fetchall()
    # Windows are local time; the hour that exists twice is read from its first beginning.
    moments = [start.replace(tzinfo=again_in) for _, start, _, _ in rows if start is not None]
    rewound = {number: cursor for number, start, cursor, moves in rows if start is None and moves}
    merged = {number: cursor for number, cursor in {**known, **rewound}.items() if cursor}
    return Start(merged, min(moments, default=None))


def quarantined(con: Connection, source: str) -> int:
    """Rows of a source that lie in the quarantine."""
    row = con.execute("SELECT count(*) FROM meta.rejected WHERE source = $1", [source]).fetchone()
    return int(row[0]) if row else 0
