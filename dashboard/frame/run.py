"""The run that goes on right now, as the header says it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cockpits.laeufe import going_on
from dashboard.jobs.start import run_is_active
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services


def run_words(services: Services, now: datetime) -> str:
    """„Lauf seit 02:00 Uhr, Freigabe etwa 02:14 Uhr“; nothing while no run goes on."""
    settings = services.settings
    try:
        active = run_is_active(settings)
        return going_on(services.ledger.runs(), active, now, settings.zone) if active else ""
    except (IsekError, OSError):
        return ""
