"""What the filters of a cockpit say: Stichtag, Themenfeld, unit. Values nobody offers count as not set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.components.filters import STICHTAG, month_ends
from metrics.records import Records
from metrics.result import MetricResult

MONTHS_BACK = 24
THEMENFELD = "themenfeld"
UNIT = "einheit"
UNIT_LEVEL = "fachdienst"
FILTERS = (THEMENFELD, UNIT, STICHTAG)
Option = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Selection:
    """A checked choice; `at` is the business date or one of the last ends of months."""

    at: date
    today: date
    themenfeld: str | None = None
    unit: str | None = None

    @property
    def is_today(self) -> bool:
        """Whether the figures are those of the snapshot's own day."""
        return self.at == self.today

    @property
    def past(self) -> date | None:
        """The Stichtag where it is not that of the snapshot."""
        return None if self.is_today else self.at

    def where(self, *, themenfeld: bool = True, unit: bool = True) -> dict[str, str]:
        """Return the conditions for the door; a metric without a dimension leaves it out."""
        chosen: dict[str, str] = {}
        if themenfeld and self.themenfeld is not None:
            chosen[THEMENFELD] = self.themenfeld
        if unit and self.unit is not None:
            chosen[UNIT_LEVEL] = self.unit
        return chosen


def read_selection(
    params: Mapping[str, str],
    today: date,
    fields: Sequence[Option],
    units: Sequence[Option],
    *,
    days: Sequence[date] = (),
) -> Selection:
    """Read the address; what is not on offer is ignored. `days` are on offer beside ends of months."""
    return Selection(
        at=_day(params.get(STICHTAG), today, days),
        today=today,
        themenfeld=_offered(params.get(THEMENFELD), fields),
        unit=_offered(params.get(UNIT), units),
    )


def known_params(params: Mapping[str, str], selection: Selection) -> dict[str, str]:
    """Return the parameters without filters that were ignored, so that links do not carry them on."""
    chosen = {THEMENFELD: selection.themenfeld, UNIT: selection.unit}
    if not selection.is_today:
        chosen[STICHTAG] = selection.at.isoformat()
    kept = {name: value for name, value in params.items() if name not in FILTERS}
    return {**kept, **{name: value for name, value in chosen.items() if value is not None}}


def _day(text: str | None, today: date, days: Sequence[date]) -> date:
    earlier = (day for day in days if day < today)
    offered = {day.isoformat(): day for day in (*month_ends(today, MONTHS_BACK), *earlier)}
    return offered.get(text or "", today)


def _offered(value: str | None, options: Sequence[Option]) -> str | None:
    return value if value is not None and value in {option for option, _ in options} else None


def unit_names(units: Records) -> dict[str, str]:
    """Return short and full name per unit id of the list of units."""
    names = {}
    for row in units.dicts():
        short, name = str(row["short"] or ""), str(row["name"] or "")
        names[str(row["unit_id"])] = name if not short or name.startswith(short) else f"{short} {name}"
    return names


def unit_plain(units: Records) -> dict[str, str]:
    """Return the full name per unit id, as sentences name units."""
    return {str(row["unit_id"]): str(row["name"] or row["short"]) for row in units.dicts()}


def unit_shorts(units: Records) -> dict[str, str]:
    """Return the short name per unit id, the name where a unit has no short one."""
    return {str(row["unit_id"]): str(row["short"] or row["name"]) for row in units.dicts()}


def options_of(result: MetricResult, dimension: str, names: Mapping[str, str] | None = None) -> list[Option]:
    """Return the values a figure knows as options with „alle“ first, in the order of their texts."""
    values = {row.keys[dimension] for row in result.rows}
    found = [(value, (names or {}).get(value, value)) for value in values if value]
    return [(None, "alle"), *sorted(found, key=lambda item: item[1].casefold())]
