"""Where a source is read from: where the last good night ended, or where refused rows came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.load import cursors, usable_cursors

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from connectors.base import SourceSpec
    from warehouse.contract import Subject
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


def start_of(
    con: Connection, spec: SourceSpec, subjects: Mapping[str, Subject], *, again_in: ZoneInfo | None = None
) -> Start:
    """Where a source is read from; with a time zone so that every row in the quarantine comes once more."""
    known = usable_cursors(con, spec, subjects)
    if again_in is None or known != cursors(con, spec.id):
        return Start(known)
    rows = con.execute(_BEGINNINGS, [spec.id]).fetchall()
    # Windows are local time; the hour that exists twice is read from its first beginning.
    moments = [start.replace(tzinfo=again_in) for _, start, _, _ in rows if start is not None]
    rewound = {number: cursor for number, start, cursor, moves in rows if start is None and moves}
    merged = {number: cursor for number, cursor in {**known, **rewound}.items() if cursor}
    return Start(merged, min(moments, default=None))
