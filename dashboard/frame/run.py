"""The run that goes on right now, as the header says it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cockpits.laeufe import going_on
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services


def run_words(services: Services, now: datetime) -> str:
    """„Lauf seit 02:00 Uhr, Freigabe etwa 02:14 Uhr“; nothing while no run goes on."""
    try:
        runs = services.runs_going_on()
        return going_on(runs, True, now, services.settings.zone) if runs is not None else ""
    except (IsekError, OSError):
        return ""
