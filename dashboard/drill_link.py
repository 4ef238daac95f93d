"""Addresses of the drill path: /aufgliederung/KENNZAHL?einheit=…, /datensaetze/LISTE?…, /datensatz/LISTE/KEY.

They carry what was chosen and never whose rights it was chosen with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote, unquote, urlencode

from dashboard.chosen import choice_params, written
from metrics.definition import ORG_COLUMN, ORG_LEVELS

DRILL, LISTS, RECORD = "/aufgliederung", "/datensaetze", "/datensatz"
UNIT, DIRECT, NEXT, DAY = "einheit", "direkt", "nach", "stichtag"
YES = "ja"
SEARCH, ORDER, PAGE, ROWS, COLUMNS = "suche", "sortierung", "seite", "zeilen", "spalten"
# Names of dimensions and columns that are words of the address already stay out of it.
RESERVED = frozenset({UNIT, DIRECT, NEXT, DAY, SEARCH, ORDER, PAGE, ROWS, COLUMNS, "kennzahl", "liste"})
LONGEST_KEY = 400
_NOTHING, _BETWEEN = "!", "|"

Where = Mapping[str, str | Sequence[str | None] | None]


def drill_address(metric_id: str, where: Where | None = None, *, at: date | None = None, **more: str) -> str:
    """Return the address of a figure's breakdown; levels of the organisation become the unit they name."""
    params = {**unit_params(where or {}), **choice_params(_others(where or {})), **more}
    params |= {} if at is None else {DAY: at.isoformat()}
    return _with_query(f"{DRILL}/{quote(metric_id, safe='')}", params)


def list_address(list_id: str, where: Where | None = None, **more: str) -> str:
    """Return the address of a list with the conditions of a cut."""
    params = {**unit_params(where or {}), **choice_params(_others(where or {})), **more}
    return _with_query(f"{LISTS}/{quote(list_id, safe='')}", params)


def record_address(list_id: str, key: Sequence[object]) -> str | None:
    """Return the address of one record; None for a key too long for an address."""
    text = _BETWEEN.join(_NOTHING if part is None else quote(key_text(part), safe="") for part in key)
    whole = quote(text, safe="")
    return f"{RECORD}/{quote(list_id, safe='')}/{whole}" if len(whole) <= LONGEST_KEY else None


def read_key(text: str) -> tuple[str | None, ...]:
    """Return the parts of a key as texts; the opposite of what `record_address` wrote."""
    return tuple(None if part == _NOTHING else unquote(part) for part in text.split(_BETWEEN))


def key_text(value: object) -> str:
    """Return a value as the database writes it as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def unit_params(where: Where) -> dict[str, str]:
    """Return the deepest unit a choice names; a level that is „not stated“ means what lies directly above."""
    own = where.get(ORG_COLUMN)
    found: dict[str, str] = {UNIT: own} if isinstance(own, str) else {}
    for level in ORG_LEVELS:
        if level not in where:
            continue
        value = where[level]
        if isinstance(value, str):
            found = {UNIT: value}
        elif value is None and found:
            found[DIRECT] = YES
        elif value is None:
            found = {UNIT: written(None)}
    return found


def _others(where: Where) -> Where:
    return {name: value for name, value in where.items() if name not in (ORG_COLUMN, *ORG_LEVELS)}


def _with_query(path: str, params: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(params)}" if params else path
