"""The queries a page needs, asked of DuckDB directly: what drawing it cannot be faster than."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboard.auth.viewer import Viewer, scope_of
from dashboard.cli.stores import open_reader, open_services
from dashboard.pages import start
from dashboard.services import Services
from dashboard.settings import Settings
from warehouse.store import Snapshot, SnapshotReader

Asked = list[tuple[str, Any]]
VIEWER = Viewer("", "", "", "", "leitung", scope_of("leitung", ()))


def reader_of(settings: Settings) -> SnapshotReader:
    """A reader of the city's snapshots."""
    return open_reader(settings)


def raw_queries(settings: Settings, days: Sequence[date]) -> dict[str, Any]:
    """Milliseconds of all queries of the start page for each day, without anything around them."""
    services = open_services(settings)
    asked = _queries(services, days)
    # The connection of the portal itself: one process opens a file with one set of settings only.
    con = services.snapshot()._connection.cursor()
    ms = []
    for queries in asked:
        began = time.perf_counter()
        for sql, params in queries:
            con.execute(sql, params).fetchall()
        ms.append((time.perf_counter() - began) * 1000)
    services.ledger.close()
    return {"ms": ms, "queries": max(map(len, asked))}


def _queries(services: Services, days: Sequence[date]) -> list[Asked]:
    """What the page asks for each day when nothing is kept."""
    found: list[Asked] = []
    original = Snapshot._run

    def noted(self: Snapshot, sql: str, params: Any, *rest: Any) -> Any:
        found[-1].append((sql, params))
        return original(self, sql, params, *rest)

    Snapshot._run = noted  # type: ignore[method-assign]
    try:
        for day in days:
            found.append([])
            # A page that nobody has asked for in any form: the snapshot keeps rows of short answers, too.
            services.snapshot()._recent._kept.clear()
            services.cache._entries.clear()
            start.layout(services, VIEWER, {"stichtag": day.isoformat()})
    finally:
        Snapshot._run = original  # type: ignore[method-assign]
    return found
