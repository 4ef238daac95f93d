"""From sums to figures, in exact arithmetic until the very last step.

An unset or zero denominator gives no value: never zero, never infinity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from metrics.definition import Definition
from metrics.result import Number

Group = tuple[date | None, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed cell before rating: `exact` is the value as a fraction, the rest as it came from SQL;
    a `hidden` one has neither."""

    period: date | None
    keys: tuple[str | None, ...]
    exact: Fraction | None
    value: Number | None
    bucket: str | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    n: int | None = None
    known: int | None = None
    lower: Number | None = None
    upper: Number | None = None
    qualifier: str | None = None
    hidden: bool = False


def compute(
    definition: Definition, rows: Sequence[Sequence[Any]], keys: int, figures: Sequence[str]
) -> list[Figure]:
    """Return figures of rows (period, keys…, figures…), sorted by period, then keys, then bucket."""
    records = [
        ((row[0], tuple(row[1 : 1 + keys])), dict(zip(figures, row[1 + keys :], strict=True))) for row in rows
    ]
    if definition.kind == "quantile":
        cells = _quantiles(records, Fraction(str(definition.quantile)))
    elif definition.kind == "distribution":
        cells = _distribution(records)
    else:
        cells = [_plain(definition, group, record) for group, record in records]
    return sorted(cells, key=_order)


def ratio(numerator: Number | None, denominator: Number | None) -> Fraction | None:
    """Divide exactly; None when either side is unknown or the denominator is zero."""
    if numerator is None or not denominator:
        return None
    return Fraction(numerator) / Fraction(denominator)


def quantile(buckets: Iterable[tuple[Number, int]], share: Fraction) -> Fraction | None:
    """Return the quantile of bucketed values by cumulative n; on an exact boundary the mean of both sides
    (for one half: the textbook median). None without cases."""
    filled = sorted((value, n) for value, n in buckets if n > 0)
    wanted = share * sum(n for _, n in filled)
    seen = 0
    for position, (value, n) in enumerate(filled):
        seen += n
        if seen > wanted:
            return Fraction(value)
        if seen == wanted and position + 1 < len(filled):
            return (Fraction(value) + Fraction(filled[position + 1][0])) / 2
    return Fraction(filled[-1][0]) if filled else None


def as_number(exact: Fraction | None, like: Number | None = None) -> Number | None:
    """Leave exact arithmetic: whole numbers as int, amounts (like a Decimal) as Decimal, else float."""
    if exact is None:
        return None
    if isinstance(like, Decimal):
        return _as_decimal(exact)
    return int(exact) if exact.denominator == 1 else float(exact)


def _as_decimal(exact: Fraction) -> Decimal:
    # Interpolated amounts need not be finite decimals; cents are what money knows.
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"))


def _plain(definition: Definition, group: Group, record: Mapping[str, Any]) -> Figure:
    numerator, denominator = record.get("numerator"), record.get("denominator")
    if definition.kind == "sum":
        exact = None if numerator is None else Fraction(numerator)
        bounds = (record.get("lower"), record.get("upper"))
        return _figure(group, record, exact, numerator, bounds)
    exact = ratio(numerator, denominator)
    value = None if exact is None else float(exact)
    lower, upper = ratio(record.get("lower"), denominator), ratio(record.get("upper"), denominator)
    return _figure(group, record, exact, value, (_float(lower), _float(upper)))


def _figure(
    group: Group,
    record: Mapping[str, Any],
    exact: Fraction | None,
    value: Number | None,
    bounds: tuple[Number | None, Number | None] = (None, None),
) -> Figure:
    return Figure(
        period=group[0],
        keys=group[1],
        exact=exact,
        value=value,
        bucket=record.get("bucket"),
        numerator=record.get("numerator"),
        denominator=record.get("denominator"),
        n=_int(record.get("n")),
        known=_int(record.get("known")),
        lower=bounds[0],
        upper=bounds[1],
        qualifier=record.get("qualifier"),
    )


def _quantiles(records: Sequence[tuple[Group, dict[str, Any]]], share: Fraction) -> list[Figure]:
    groups: dict[Group, list[tuple[Number, int]]] = {}
    for group, record in records:
        if record["bucket"] is not None and record["n"]:
            groups.setdefault(group, []).append((record["bucket"], int(record["n"])))
    cells = []
    for group, buckets in groups.items():
        exact = quantile(buckets, share)
        cells.append(_figure(group, {"n": sum(n for _, n in buckets)}, exact, as_number(exact)))
    return cells


def _distribution(records: Sequence[tuple[Group, dict[str, Any]]]) -> list[Figure]:
    totals: dict[Group, Any] = {}
    known: dict[Group, int] = {}
    for group, record in records:
        totals[group] = totals.get(group, 0) + (record["numerator"] or 0)
        known[group] = known.get(group, 0) + int(record.get("known") or 0)
    cells = []
    for group, record in records:
        full = {**record, "denominator": totals[group], "bucket": _text(record["bucket"])}
        full["known"] = known[group] if "known" in record else None
        exact = ratio(record["numerator"], totals[group])
        cells.append(_figure(group, full, exact, _float(exact)))
    return cells


def _order(figure: Figure) -> tuple[Any, ...]:
    keys = tuple((key is None, key or "") for key in figure.keys)
    return (figure.period or date.min, keys, figure.bucket is None, figure.bucket or "")


def _float(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)


def _int(value: Any) -> int | None:
    return None if value is None else int(value)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
