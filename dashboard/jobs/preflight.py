"""Before anything is read: is what is published still whole, and what does the run build on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse import pointer
from warehouse.book import BOOK, books
from warehouse.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.jobs.accounting import RunRecord
    from warehouse.publish import Warehouse


def look_over(warehouse: Warehouse, record: RunRecord, landing: Path) -> str | None:
    """Give up snapshots that were damaged since their publication; the night scans all of them in full.

    By hand somebody waits: then only the current one and the one that would stand in for it. Returns the
    snapshot the run builds on when it is not the newest, else None. Raises ContractError(code="no_basis")
    when nothing is readable any more and the landing zone could restore it.
    """
    pointed = pointer.read_pointer(warehouse.folder)
    record.damaged += warehouse.give_up_damaged(everything=record.trigger == "night")
    # Scanned just now, so its size says whether it can be used; without its passport it cannot.
    if pointed and not pointer.is_intact(warehouse.folder, pointed, up_to_bytes=0):
        record.damaged += [pointed] if pointed not in record.damaged else []
    basis = pointed
    if record.damaged or pointed is None:
        basis = _tell_basis(warehouse, record, landing, pointed)
    newest = next(iter(pointer.snapshot_names(warehouse.folder)), None)
    return basis if basis != newest else None


def _tell_basis(warehouse: Warehouse, record: RunRecord, landing: Path, pointed: str | None) -> str | None:
    current = warehouse.current()
    if current is None and books(landing):
        raise _no_basis()
    basis = f"der Lauf baut auf {current.stem} auf" if current else "einen früheren Stand gibt es nicht"
    if record.damaged:
        record.remark(f"Beschädigt und nicht mehr gezeigt: {', '.join(record.damaged)}; {basis}.")
    if pointed is None and current is not None:
        record.remark(f"Der Verweis auf den gezeigten Stand war verloren; {basis}.")
    return current.stem if current else None


def _no_basis() -> ContractError:
    # Begun anew, a run would lack what sources deliver once only, and its retention would clear the rest.
    return ContractError(
        "Kein veröffentlichter Stand ist mehr lesbar; aus der Ablage lässt er sich wiederaufbauen",
        code="no_basis",
        next_step="isek rebuild --publish; soll stattdessen alles neu gelesen werden, "
        f"vorher den Ordner {BOOK} aus der Ablage nehmen",
    )
