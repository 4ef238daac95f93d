"""Sources that have failed for nights get one quick try per night, so that they hold up nobody.

The count of failed nights in a row is kept beside the source (`meta.source.failures`); a good load sets it
back, and `isek refresh --only` always tries in full.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.load import Loaded
    from dashboard.jobs.extract import Order
    from warehouse.store import Connection

NIGHTS = 3
FIRST_ROWS_S = 120.0
"""A disturbed source has so long for its first rows; once they come, it has the time of any other."""


def disturbed_sources(con: Connection) -> frozenset[str]:
    """Sources that brought nothing for so many nights that they are only probed."""
    rows = con.execute("SELECT source FROM meta.source WHERE failures >= $1", [NIGHTS]).fetchall()
    return frozenset(row[0] for row in rows)


def as_probe(order: Order) -> Order:
    """The same order with one attempt per request and little time for the first rows."""
    return replace(order, context=replace(order.context, tries=1), first_rows_s=FIRST_ROWS_S)


def healthy_first(orders: list[Order]) -> list[Order]:
    """Sources in the order of reading: those that are only probed wait until all others had their turn."""
    return sorted(orders, key=lambda order: order.first_rows_s is not None)


def tell_patience(con: Connection, loaded: Loaded) -> Loaded:
    """Add to the reason of a source that keeps failing how it is treated from now on."""
    row = con.execute("SELECT failures FROM meta.source WHERE source = $1", [loaded.source]).fetchone()
    nights = row[0] if row else 0
    if loaded.state != "fehlgeschlagen" or nights < NIGHTS:
        return loaded
    reason = (
        f"{loaded.reason} Seit {nights} Nächten gestört, ein Versuch je Nacht; "
        f"mit voller Geduld: isek refresh --only {loaded.source}."
    )
    con.execute("UPDATE meta.source SET reason = $2 WHERE source = $1", [loaded.source, reason])
    return replace(loaded, reason=reason)
