"""Comments and events the people of Musterstadt noted at their figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from warehouse.ledger import CommentDraft
from warehouse.ledger.comments import COMMENT, EVENT

if TYPE_CHECKING:
    from warehouse.ledger import Ledger

AUTHOR = "controlling"
PORTAL = "Einführung Bürgerportal"

# Day of writing, metric, month it speaks about, kind, text.
REMARKS: tuple[tuple[date, str, date, str, str], ...] = (
    (date(2024, 2, 6), "ozg_online_share", date(2024, 2, 1), EVENT, PORTAL),
    (date(2024, 2, 6), "application_online_share", date(2024, 2, 1), EVENT, PORTAL),
    (
        date(2025, 10, 14),
        "ozg_online_share",
        date(2025, 9, 1),
        COMMENT,
        "Einstufungen seit diesem Monat nur noch mit Nachweis der Kriterien.",
    ),
    (
        date(2026, 4, 9),
        "budget_ist_month_eur",
        date(2026, 3, 1),
        COMMENT,
        "Die Scan-Dienstleistung wird seit März monatlich statt je Quartal abgerechnet.",
    ),
    (
        date(2026, 2, 10),
        "application_online_share",
        date(2026, 1, 1),
        COMMENT,
        "Im Januar eine Woche ohne Online-Anträge wegen Umstellung der Anmeldung.",
    ),
)


def add_remarks(ledger: Ledger, as_of: date) -> None:
    """Add what was written up to a day; a second time changes nothing, each carries a number of its own."""
    for number, (on, metric, month, kind, text) in enumerate(REMARKS, start=1):
        if on <= as_of:
            draft = CommentDraft(metric, "", month, kind, text)
            moment = datetime.combine(on, time(9), UTC)
            ledger.write_comment(draft, author=AUTHOR, number=f"beispiel-anmerkung-{number}", at=moment)
