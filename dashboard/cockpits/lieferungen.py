"""Which sources deliver what: asked of the deliveries in force, empty before the first run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from metrics.lineage import loads_of
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.services import Services


def deliverers(services: Services, subjects: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return id → title of the sources by subject."""
    found: dict[str, dict[str, str]] = {}
    try:
        for load in loads_of(services.snapshot(), subjects):
            found.setdefault(load.subject, {})[load.source] = load.title
    except IsekError:
        return {}
    return found
