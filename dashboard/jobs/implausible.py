"""Holds back a full delivery that is far smaller or larger than usual; its owner has to say it is right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.land import Failure, Landed
from warehouse.audit import audit_source

if TYPE_CHECKING:
    from connectors.base import SourceSpec
    from warehouse.store import Connection


def hold_back(con: Connection, spec: SourceSpec, landed: Landed) -> Landed:
    """Return the delivery, or the same as a failure when it is implausible.

    Only tables that replace everything are compared: elsewhere a small delivery is normal.
    """
    if landed.failure is not None:
        return landed
    whole = Counter[str]()
    for delivery in landed.deliveries:
        table = spec.tables[delivery.table_no - 1]
        if table.write == "replace" and not table.slice:
            whole[delivery.subject] += delivery.accepted
    for subject, rows in whole.items():
        for finding in audit_source(con, spec.id, subject, rows):
            if finding.level == "error":
                return replace(landed, failure=Failure(finding.code, finding.what, finding.what))
    return landed
