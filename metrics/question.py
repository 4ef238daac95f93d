"""A question to the door, checked: which breakdown, which filter, which months, whose units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from metrics.catalog import Metric
from metrics.definition import ORG_COLUMN, ORG_LEVELS, PERIOD_YEAR, Definition
from metrics.orgtree import OtherTree
from metrics.protect.published import check_published
from metrics.result import Scope
from warehouse.errors import AccessError, ConfigError, did_you_mean

FilterValue = str | int | bool | None | Sequence[str | int | bool | None]
Where = Mapping[str, FilterValue]
# Far enough from the ends of the calendar that periods before and after a day are days as well.
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, after all refusals.

    `keys` are the asked dimensions without „period“; `filters` hold texts per dimension, None = „not stated“;
    `year_of_period` names choose_one dimensions fixed to the year of each row's period.
    """

    metric: Metric
    scope: Scope
    keys: tuple[str, ...]
    by_period: bool
    filters: Mapping[str, tuple[str | None, ...]]
    year_of_period: tuple[str, ...]
    first: date | None
    last: date
    explicit_window: bool
    other_tree: OtherTree | None = None


def ask(
    metric: Metric,
    *,
    scope: Scope,
    by: Iterable[str],
    between: tuple[date, date] | None,
    where: Where | None,
    at: date | None,
    business_date: date,
    org_as_of: date | None = None,
) -> Question:
    """Check a question; ConfigError (unknown_dimension, no_breakdown, choose_one, bad_period, bad_text,
    other_tree) or AccessError (protected)."""
    _check_days([day for day in (at, org_as_of, *(between or ())) if day])
    asked = tuple(dict.fromkeys(by))
    keys = tuple(name for name in asked if name != "period")
    filters = {name: as_texts(value) for name, value in (where or {}).items()}
    for name in (*keys, *filters):
        _check_dimension(metric, name)
    if org_as_of:
        _check_other_tree(metric, keys, filters)
    if metric.definition.protect:
        check_published(metric, keys, filters, between is not None and "period" not in asked)
    elif metric.definition.min_cell:
        _refuse_cuts(metric, bool(asked or filters or between or at), scope)
    chosen, year_of_period = _choose_one(metric, keys, filters)
    _check_between(between)
    first, last = _months(metric.definition, between, at, business_date, "period" in asked)
    return Question(
        metric=metric,
        scope=scope,
        keys=keys,
        by_period="period" in asked,
        filters={**chosen, **filters},
        year_of_period=year_of_period,
        first=first,
        last=last,
        explicit_window=between is not None,
        other_tree=_other_tree(metric, org_as_of, business_date),
    )


def _other_tree(metric: Metric, org_as_of: date | None, business_date: date) -> OtherTree | None:
    if org_as_of is None:
        return None
    return OtherTree(org_as_of, business_date, metric.definition.grain, metric.units_of_today)


def _check_other_tree(metric: Metric, keys: Sequence[str], filters: Mapping[str, object]) -> None:
    if metric.definition.min_cell:
        # The same figure under two trees differs by the units that moved: another cut nobody decided about.
        raise AccessError(
            f"„{metric.id}“ schützt kleine Zahlen: Unter einer anderen Gliederung wird sie nicht gezeigt",
            code="protected",
            allowed="die Gliederung von heute",
        )
    units = (ORG_COLUMN, *ORG_LEVELS)
    if not set(keys) & set(units) or set(filters) & set(units):
        raise ConfigError(
            "Die Gliederung eines anderen Tages gilt für Aufgliederungen nach Einheiten, nicht für Filter",
            code="other_tree",
            found=", ".join((*keys, *filters)) or "keine Aufgliederung",
            allowed=", ".join(units),
            next_step="Nach einer Einheit oder Ebene aufgliedern; dort steht auch, was nicht übertragbar ist",
        )


def floor(day: date, grain: str) -> date:
    """Return the first day of the period a day lies in."""
    if grain == "day":
        return day
    return day.replace(day=1) if grain == "month" else day.replace(month=1, day=1)


def period_end(period: date, grain: str) -> date:
    """Return the last day of a period."""
    if grain == "day":
        return period
    return add_months(period, 1 if grain == "month" else 12) - timedelta(days=1)


def add_months(period: date, months: int) -> date:
    """Move a first day of a month by whole months."""
    index = period.year * 12 + period.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _check_dimension(metric: Metric, name: str) -> None:
    definition = metric.definition
    levels = ORG_LEVELS if definition.by_organisation else ()
    known = (*definition.data_dimensions, *levels)
    if name in known:
        return
    if name in (ORG_COLUMN, *ORG_LEVELS):
        raise ConfigError(
            f"„{metric.id}“ lässt sich nicht nach Organisationseinheiten aufgliedern",
            code="no_breakdown",
            found=name,
            allowed=", ".join(("period", *known)),
        )
    raise ConfigError(
        f"„{metric.id}“ hat keine Dimension „{name}“",
        code="unknown_dimension",
        allowed=", ".join(("period", *known)),
        next_step=did_you_mean(name, known),
    )


def _refuse_cuts(metric: Metric, is_cut: bool, scope: Scope) -> None:
    # Two cuts whose difference is one person are enough; months and single units are cuts as well.
    if is_cut or scope.units is not None:
        raise AccessError(
            f"„{metric.id}“ schützt kleine Zahlen: Gezeigt wird nur der Wert der ganzen Stadt",
            code="protected",
            allowed="der Gesamtwert ohne Aufgliederung, Filter und Zeitraum",
        )


def _choose_one(
    metric: Metric, keys: Sequence[str], filters: Mapping[str, tuple[str | None, ...]]
) -> tuple[dict[str, tuple[str | None, ...]], tuple[str, ...]]:
    defaults: dict[str, tuple[str | None, ...]] = {}
    years = []
    for name, default in metric.definition.choose_one.items():
        if name in keys:
            continue
        if name not in filters and default == PERIOD_YEAR:
            years.append(name)
        elif name not in filters:
            defaults[name] = (default,)
        elif len(filters[name]) != 1:
            raise ConfigError(
                f"Werte von „{name}“ werden nie zusammengezählt",
                code="choose_one",
                found=", ".join(str(value) for value in filters[name]),
                next_step=f"Einen Wert wählen oder nach „{name}“ aufgliedern",
            )
    return defaults, tuple(years)


def _check_days(days: Iterable[date]) -> None:
    for day in days:
        if not EARLIEST <= day <= LATEST:
            raise ConfigError(
                "Dieser Tag liegt zu weit zurück oder voraus",
                code="bad_period",
                found=day.isoformat(),
                allowed=f"{EARLIEST.isoformat()} bis {LATEST.isoformat()}",
            )


def _check_between(between: tuple[date, date] | None) -> None:
    if between and between[0] > between[1]:
        raise ConfigError(
            "Der Zeitraum endet, bevor er beginnt",
            code="bad_period",
            found=f"{between[0].isoformat()} – {between[1].isoformat()}",
        )


def _months(
    definition: Definition,
    between: tuple[date, date] | None,
    at: date | None,
    business_date: date,
    by_period: bool,
) -> tuple[date | None, date]:
    """First and last period. For stocks the last one whose own Stichtag is not after `at`; a month that has
    not ended at `at` shows its end of month, which `at` cannot know. For flows the last complete one."""
    grain = definition.grain
    if definition.over_time == "last":
        limit = min(at or business_date, business_date, between[1] if between else date.max)
        last = last_stock(limit, business_date, grain)
    elif between:
        last = floor(between[1], grain)
    elif definition.over_time == "none":
        last = floor(at or business_date, grain)
    else:
        last = last_complete(at or business_date, grain)
    if between and (by_period or definition.over_time != "last"):
        return floor(between[0], grain), last
    return None, last


def last_stock(at: date, business_date: date, grain: str) -> date:
    """Return the last period of a stock whose Stichtag is not after a day."""
    period = floor(at, grain)
    if at >= min(period_end(period, grain), business_date):
        return period
    return floor(period - timedelta(days=1), grain)


def last_complete(at: date, grain: str) -> date:
    """Return the last period that is over on a day."""
    period = floor(at, grain)
    return period if period_end(period, grain) <= at else floor(period - timedelta(days=1), grain)


def as_texts(value: FilterValue) -> tuple[str | None, ...]:
    """Return filter values as texts, one for a single value; None stands for „not stated“."""
    many = value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
    return tuple(dict.fromkeys(_as_text(item) for item in many))


def _as_text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return None
    text = str(value)
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ConfigError("Dieser Wert ist kein Text", code="bad_text", found=ascii(text[:40]))
    return text
