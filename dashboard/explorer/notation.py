"""How values, paths and conditions are written in an address of the explorer, and read again.

Signs that part one thing from the next are percent-encoded inside values; „~“ alone is „not stated“ and „!“
alone the empty text. Whatever is read ends as a value, never as a part of a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from metrics.explore.question import Filter, Operator, Path
from warehouse.errors import ConfigError

UNSTATED, EMPTY = "~", "!"
VALUE, STEP, MARK, PART = "|", ",", ":", ";"
LONGEST_VALUE, MOST_VALUES, MOST_CONDITIONS = 300, 100, 12
_ESCAPED = {ord(sign): f"%{ord(sign):02X}" for sign in f"%{VALUE}{STEP}{MARK}{PART}{UNSTATED}{EMPTY}"}
_CLIPPED = 60

OPERATORS: Mapping[str, Operator] = {
    "in": "in",
    "nicht": "not_in",
    "enthaelt": "contains",
    "von": "between",
}
_OPERATOR_WORDS = {op: word for word, op in OPERATORS.items()}


def refuse(name: str, what: str, code: str, found: object = None, **more: Any) -> ConfigError:
    """The error for a parameter of the address; `found` is cut to what fits into a sentence."""
    shown = None if found is None else clipped(str(found))
    return ConfigError(what, code=code, where=f"Angabe „{name}“", found=shown, **more)


def clipped(text: str) -> str:
    """A text of the address as far as a sentence can show it."""
    return text if len(text) <= _CLIPPED else f"{text[:_CLIPPED]}…"


def write_value(value: str | None) -> str:
    """One value as it stands between the signs."""
    if value is None:
        return UNSTATED
    return value.translate(_ESCAPED) or EMPTY


def read_value(name: str, text: str) -> str | None:
    """The opposite of `write_value`; ConfigError (bad_text) for what is no text or too long."""
    if text == UNSTATED:
        return None
    value = "" if text == EMPTY else unquote(text)
    return checked_text(name, value)


def checked_text(name: str, value: str) -> str:
    """The text itself; ConfigError (bad_text) for halves of characters and for what nobody types."""
    if len(value) > LONGEST_VALUE:
        raise refuse(
            name, "Dieser Wert ist zu lang", "bad_text", value, allowed=f"bis {LONGEST_VALUE} Zeichen"
        )
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise refuse(name, "Dieser Wert ist kein Text", "bad_text", ascii(value))
    return value


def write_path(path: Path) -> str:
    """Values of a row or column, outermost first; nothing for the total."""
    return VALUE.join(write_value(value) for value in path)


def read_path(name: str, text: str) -> Path:
    """The opposite of `write_path`."""
    return tuple(read_value(name, part) for part in text.split(VALUE)) if text else ()


def write_condition(condition: Filter) -> str:
    """„in:Umwelt|Bildung“."""
    return f"{_OPERATOR_WORDS[condition.op]}{MARK}{write_path(condition.values)}"


def read_conditions(name: str, field: str, text: str) -> tuple[Filter, ...]:
    """All conditions of a field; ConfigError (bad_filter) for what is none."""
    return tuple(_read_condition(name, field, part) for part in text.split(PART))


def _read_condition(name: str, field: str, text: str) -> Filter:
    word, mark, rest = text.partition(MARK)
    if not mark or word not in OPERATORS:
        allowed = "in:…, nicht:…, enthaelt:… oder von:…|…"
        raise refuse(name, "Diese Bedingung ist nicht zu lesen", "bad_filter", text, allowed=allowed)
    op = OPERATORS[word]
    values = read_path(name, rest)
    _check_count(name, op, values, text)
    return Filter(field, op, values)


def _check_count(name: str, op: Operator, values: Path, text: str) -> None:
    if len(values) > MOST_VALUES:
        allowed = f"bis {MOST_VALUES} Werte"
        raise refuse(name, "Das sind zu viele Werte", "bad_filter", len(values), allowed=allowed)
    if op == "contains" and (len(values) != 1 or not values[0]):
        raise refuse(name, "„enthaelt“ braucht einen gesuchten Text", "bad_filter", text)
    if op == "between" and (len(values) != 2 or None in values or not any(values)):
        allowed = "von:Anfang|Ende, eines davon darf fehlen"
        raise refuse(name, "„von“ braucht Anfang und Ende", "bad_filter", text, allowed=allowed)
    if not values:
        raise refuse(name, "Diese Bedingung hat keinen Wert", "bad_filter", text)
