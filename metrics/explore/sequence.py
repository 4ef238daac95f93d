"""Values that follow one another in a procedure: steps and states in their course, not by the alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from metrics.catalog import Catalog, Metric, RecordList
from warehouse.subjects import BUILT_IN, load_subject

STEPWISE = ("step", "status", "state", "mail_in_status")
"""Columns that say how far something is; what is delivered in them has its order in the subject."""
_DERIVED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("projects", "status"): ("offen", "laufend", "erledigt"),
    ("projects", "state"): ("geplant", "in_arbeit", "ueberfaellig", "abgeschlossen"),
    ("measures", "state"): ("geplant", "in_arbeit", "ueberfaellig", "abgeschlossen"),
}
"""States that no delivery names, because the lists make them from days."""


def sequence_of_column(item: RecordList, column: str) -> tuple[str, ...]:
    """Return the values of a list's column in the order of their procedure; () where there is none."""
    if column not in STEPWISE:
        return ()
    own = (item.definition.subject,) if item.definition.subject else ()
    found = (_allowed(subject, column) for subject in (*own, *sorted(item.subjects)))
    return _DERIVED.get((item.id, column)) or next((values for values in found if values), ())


def sequence_of_dimension(catalog: Catalog, metric: Metric, dimension: str) -> tuple[str, ...]:
    """Return the same for a dimension or the levels of a metric, which its record list names."""
    behind = metric.definition.records
    if behind is None:
        return ()
    return sequence_of_column(catalog.record_list(behind.list), behind.columns.get(dimension, dimension))


@cache
def _allowed(subject: str, column: str) -> tuple[str, ...]:
    """Lists are shipped, and so are the subjects they rest on."""
    path = BUILT_IN / f"{subject}.toml"
    known = load_subject(path).columns.get(column) if path.is_file() else None
    return tuple(str(value) for value in known.allowed or ()) if known else ()
