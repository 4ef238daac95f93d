"""How a run ends: every way becomes a state and a sentence, and the ledger hears of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.reasons import german_reason
from dashboard.jobs.interruption import Interrupted, Interruption
from warehouse.errors import IsekError
from warehouse.storage import disk_fault

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.jobs.accounting import RunRecord
    from warehouse.ledger import Ledger

log = logging.getLogger("isek.refresh")
ENDED = "Der Lauf wurde von außen beendet; veröffentlicht wurde nichts."
UNTIDY = "Der neue Stand ist veröffentlicht; das Aufräumen danach holt der nächste Lauf nach."


def settle(work: Callable[[], None], record: RunRecord, interruption: Interruption, var: Path) -> None:
    """Do the work; what it raises ends in the record and nowhere else.

    Once the pointer has moved the run is published, whatever happens to the tidying behind it.
    """
    try:
        work()
    except Interrupted:
        _end(record, "interrupted", ENDED)
    except Exception as error:  # noqa: BLE001 (whatever ends a run, its record says so)
        # A query that a signal ends speaks of itself and no longer of the signal.
        asked = interruption.asked
        _end(record, *(("interrupted", ENDED) if asked else _failed(error, record, var)))


def _end(record: RunRecord, state: str, reason: str) -> None:
    if record.state != "published":
        record.state, record.reason = state, reason
    elif state == "interrupted":
        record.remark(UNTIDY)
    else:
        record.remark(f"{UNTIDY} {reason}")


def _failed(error: Exception, record: RunRecord, var: Path) -> tuple[str, str]:
    if isinstance(error, IsekError):
        return "failed", german_reason(error)
    if told := disk_fault(error, var):
        return "failed", german_reason(told)
    log.exception("run %s failed", record.run_id)
    return "failed", f"Unerwarteter Fehler ({type(error).__name__}); Einzelheiten im Protokoll."


def enter(ledger: Ledger, record: RunRecord, finished_at: datetime) -> None:
    """Tell the ledger how the run ended; the snapshot that was published counts also without this line."""
    try:
        ledger.finish_run(
            record.run_id,
            state=record.state,
            finished_at=finished_at,
            snapshot=record.snapshot,
            reason=record.reason,
            steps=record.steps,
            sources=record.source_rows(),
        )
    except IsekError as error:
        log.error("run %s is not in the ledger: %s", record.run_id, error)
        record.notes.append(f"Das Ende des Laufs ließ sich nicht festhalten. {german_reason(error)}")
