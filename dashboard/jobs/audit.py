"""S7: what is remarkable about the whole goes into the record, what is broken stops the publication."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from warehouse.audit import audit_draft, has_errors
from warehouse.errors import ContractError

if TYPE_CHECKING:
    from dashboard.jobs.accounting import RunRecord
    from warehouse.build import Model
    from warehouse.contract import Subject
    from warehouse.store import Connection


def require_sound(
    con: Connection,
    subjects: Mapping[str, Subject],
    models: Mapping[str, Model],
    business_date: date,
    record: RunRecord,
) -> None:
    """Note all findings. Raises ContractError with the first one that is an error."""
    findings = audit_draft(con, subjects=subjects, models=models, business_date=business_date)
    record.notes += [f"{f.where}: {f.what}" for f in findings]
    if has_errors(findings):
        first = next(f for f in findings if f.level == "error")
        raise ContractError(
            "Die Prüfung des Ganzen ist gescheitert, veröffentlicht wurde nichts",
            code=first.code,
            where=first.where,
            found=first.what,
        )
