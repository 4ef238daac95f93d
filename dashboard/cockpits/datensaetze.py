"""Lists of single records: what an address asks of one, and its cells as German texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from dashboard import formats
from dashboard.chosen import Values, read_choice
from dashboard.cockpits.einheiten import Units
from dashboard.dimension_words import value as word_of
from dashboard.drill_link import (
    COLUMNS,
    DIRECT,
    ORDER,
    PAGE,
    RESERVED,
    ROWS,
    SEARCH,
    UNIT,
    list_address,
    record_address,
)
from metrics.definition import ORG_COLUMN
from metrics.recordlist import RecordColumn, RecordDefinition

SIZES = (25, 50, 100, 200)
USUAL_SIZE = 50
USUAL_COLUMNS = 8
EVERY = "alle"
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class View:
    """A checked view of a list: `where` are columns, `unit` the organisation, the rest as in the address."""

    list_id: str
    definition: RecordDefinition
    where: Mapping[str, Values]
    unit: Mapping[str, str | None]
    unit_params: Mapping[str, str]
    search: str = ""
    order: str | None = None
    page: int = 1
    size: int = USUAL_SIZE
    columns: tuple[str, ...] = ()
    every: bool = False

    @property
    def conditions(self) -> dict[str, list[str | None] | str | None]:
        """Conditions for the door."""
        return {**{name: list(values) for name, values in self.where.items()}, **self.unit}

    @property
    def offset(self) -> int:
        """Rows before the first one shown."""
        return (self.page - 1) * self.size

    @property
    def sorting(self) -> list[str] | None:
        """Order for the door, None for the list's own."""
        return [self.order] if self.order else None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.where or self.unit or self.search)

    def address(self, **changes: Any) -> str:
        """Address of this view with changes; another order or search begins at the first page."""
        changed = replace(self, **{"page": 1, **changes})
        more = {
            **changed.unit_params,
            SEARCH: changed.search,
            ORDER: changed.order or "",
            PAGE: str(changed.page) if changed.page > 1 else "",
            ROWS: str(changed.size) if changed.size != USUAL_SIZE else "",
            COLUMNS: EVERY if changed.every else "",
        }
        return list_address(self.list_id, changed.where, **{k: v for k, v in more.items() if v})

    def fields(self) -> dict[str, str]:
        """What a form keeps beside its own fields."""
        kept = dict(parse_qsl(urlsplit(self.address()).query))
        return {name: text for name, text in kept.items() if name not in (SEARCH, ROWS)}


def read_view(params: Mapping[str, str], list_id: str, definition: RecordDefinition, units: Units) -> View:
    """Read an address; names nobody knows and numbers out of range are ignored."""
    names = [name for name in definition.columns if name not in RESERVED]
    of_units = definition.scope == "organisation"
    every = params.get(COLUMNS) == EVERY
    return View(
        list_id=list_id,
        definition=definition,
        where=read_choice(params, names),
        unit=units.where(params) if of_units else {},
        unit_params={k: params[k] for k in (UNIT, DIRECT) if of_units and k in params},
        search=params.get(SEARCH, "")[:100],
        order=_order(params.get(ORDER, ""), definition),
        page=_whole(params.get(PAGE), 1, LAST_PAGE),
        size=_whole(params.get(ROWS), USUAL_SIZE, max(SIZES), SIZES),
        columns=tuple(definition.columns) if every else tuple(definition.columns)[:USUAL_COLUMNS],
        every=every,
    )


def _order(text: str, definition: RecordDefinition) -> str | None:
    return text if text.removeprefix("-") in definition.columns and not text.startswith("--") else None


def _whole(text: str | None, usual: int, highest: int, allowed: Sequence[int] | None = None) -> int:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 6:
        return usual
    found = int(text)
    return found if 1 <= found <= highest and (allowed is None or found in allowed) else usual


def cell_words(column: RecordColumn, value: Any, units: Units, zone: ZoneInfo) -> str:
    """A value as people read it; what is not known is a dash."""
    if value is None:
        return formats.MISSING
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if column.type == "unit":
        return units.names.get(str(value), str(value))
    if isinstance(value, datetime):
        return formats.stand(moment(value), zone)
    if isinstance(value, date):
        return formats.day(value)
    if column.type == "eur":
        return formats.eur(value, cents=True)
    if column.type in ("integer", "number"):
        return formats.plain(value)
    return word_of(str(value)) if column.type == "text" else str(value)


def moment(value: datetime) -> datetime:
    """A moment of a list with its zone: the warehouse keeps universal time without saying so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def is_number(column: RecordColumn) -> bool:
    """Whether a column stands at the right: figures and days."""
    return column.type in ("integer", "eur", "number", "date", "timestamp")


def record_href(definition: RecordDefinition, list_id: str, row: Mapping[str, Any]) -> str | None:
    """Address of a row's own page; None where the list has no key."""
    if not definition.key:
        return None
    return record_address(list_id, [row[name] for name in definition.key])


def chosen_words(view: View, units: Units) -> tuple[tuple[str, str, str], ...]:
    """Return (what, which, address without it) of every filter."""
    found = []
    for name, values in view.where.items():
        label = view.definition.columns[name].label
        words = _listed(view.definition.columns[name], values, units)
        rest = {k: v for k, v in view.where.items() if k != name}
        found.append((label, words, view.address(where=rest)))
    if view.unit:
        found.append(("Einheit", _unit_words(view.unit, units), view.address(unit={}, unit_params={})))
    if view.search:
        found.append(("Suche", f"„{view.search}“", view.address(search="")))
    return tuple(found)


def _listed(column: RecordColumn, values: Values, units: Units) -> str:
    shown = [_one(column, value, units) for value in values[:3]]
    more = len(values) - len(shown)
    return ", ".join(shown) + (f" und {more} weitere" if more > 0 else "")


def _one(column: RecordColumn, value: str | None, units: Units) -> str:
    if value is None:
        return "ohne Angabe"
    if column.type == "boolean":
        return {"true": "ja", "false": "nein"}.get(value, value)
    if column.type == "unit":
        return units.names.get(value, value)
    if column.type == "date":
        return _day(value)
    return word_of(value)


def _day(text: str) -> str:
    try:
        return formats.day(date.fromisoformat(text))
    except ValueError:
        return text


def _unit_words(unit: Mapping[str, str | None], units: Units) -> str:
    named = [value for value in unit.values() if value]
    words = units.names.get(named[0], named[0]) if named else "keiner zugeordnet"
    return f"{words} (nur unmittelbar)" if named and None in unit.values() else words


def pages_of(total: int, size: int) -> int:
    """Number of pages, at least one."""
    return max(1, -(-total // size))


def own_unit(definition: RecordDefinition, row: Mapping[str, Any]) -> str | None:
    """Unit a record belongs to, where the list says it."""
    return row.get(ORG_COLUMN) if definition.scope == "organisation" else None
