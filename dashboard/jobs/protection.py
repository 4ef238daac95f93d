"""S6: decides the tables of small numbers of a draft; a faulty catalogue costs no publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.reasons import german_reason
from metrics.catalog import load_catalog
from metrics.protect.decide import protect
from warehouse.errors import IsekError
from warehouse.store import DatabaseError, transaction

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from warehouse.store import Connection

UNDECIDED = "Geschützte Tabellen wurden nicht entschieden; nichts davon wird gezeigt."


def protect_small_numbers(con: Connection, city: Path, business_date: date) -> list[str]:
    """Return remarks for the record; what is not decided is not shown, so a failure gives nothing away."""
    try:
        catalog = load_catalog(city)
        with transaction(con):
            return protect(con, catalog, business_date)
    except IsekError as error:
        return [f"{UNDECIDED} {german_reason(error)}"]
    except (DatabaseError, ArithmeticError) as error:
        return [f"{UNDECIDED} {type(error).__name__}"]
