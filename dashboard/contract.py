"""What programs read: one form of a figure for the command line and the interface."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metrics.catalog import Metric
    from metrics.result import Cell, MetricResult


def as_contract(metric: Metric, result: MetricResult) -> dict[str, Any]:
    """Return the JSON contract of `isek query --format json` and of /api/v1/metrics/<id>."""
    definition = metric.definition
    return {
        "metric": result.metric_id,
        "number": definition.number,
        "label": definition.label,
        "unit": definition.unit,
        "population": definition.population,
        "snapshot": result.snapshot,
        "business_date": result.business_date,
        "as_of": result.as_of,
        "stale_sources": list(result.stale_sources),
        "coverage": {"known": result.coverage.known, "total": result.coverage.total}
        if result.coverage
        else None,
        "nature": result.nature,
        **({"org_as_of": result.org_as_of} if result.org_as_of else {}),
        **({"notes": list(result.notes)} if result.notes else {}),
        "rows": [_row(cell, definition.unit) for cell in result.rows],
    }


def _row(cell: Cell, unit: str) -> dict[str, Any]:
    row: dict[str, Any] = {"period": cell.period, **cell.keys}
    if cell.bucket is not None:
        row["bucket"] = cell.bucket
    row["value"] = plain_number(cell.value, unit)
    for name in ("lower", "upper", "qualifier"):
        if getattr(cell, name) is not None:
            row[name] = plain_number(getattr(cell, name), unit)
    row["numerator"], row["denominator"] = (
        plain_number(cell.numerator, unit),
        plain_number(cell.denominator, unit),
    )
    if cell.n is not None:
        row["n"] = cell.n
    if cell.known is not None:
        row["known"] = cell.known
    return {
        **row,
        "target": plain_number(cell.target, unit),
        "rating": cell.rating,
        "suppressed": cell.suppressed,
    }


def plain_number(value: Any, unit: str) -> Any:
    """Return a figure as JSON holds it: amounts stay decimal strings; other decimals become plain numbers."""
    if not isinstance(value, Decimal):
        return value
    if unit == "eur":
        return str(value)
    return int(value) if value == value.to_integral_value() else float(value)


def json_value(value: Any) -> object:
    """Turn what JSON does not know into its contract form."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")
