"""Before anything is read: is what is published still whole, and is there room for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.jobs.accounting import RunRecord
    from warehouse.publish import Warehouse


def look_over(warehouse: Warehouse, record: RunRecord) -> None:
    """Give up snapshots that were damaged since their publication; the night scans all of them in full.

    By hand somebody waits: then only the current one and the one that would stand in for it.
    """
    record.damaged += warehouse.give_up_damaged(everything=record.trigger == "night")
    if not record.damaged:
        return
    names = ", ".join(record.damaged)
    current = warehouse.current()
    basis = f"der Lauf baut auf {current.stem} auf" if current else "einen früheren Stand gibt es nicht"
    record.remark(f"Beschädigt und nicht mehr gezeigt: {names}; {basis}.")
