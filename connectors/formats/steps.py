"""How the value of one contract column comes out of a delivered row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from connectors.formats.mapping import PLACE, Scalar
from connectors.formats.raw import RawRow
from connectors.spelling import Value, typed_text
from warehouse.textformat import TextFormat, parse_number

Step = Callable[[RawRow], Value]


def constant(value: str) -> Step:
    """The same in every row."""
    return lambda row: value


def take(position: int) -> Step:
    """What stands in a column."""
    return lambda row: row.values[position]


def composed(template: str, positions: Mapping[str, int]) -> Step:
    """Several columns in one text; nothing when all of them are empty."""
    parts = PLACE.split(template)
    texts, places = parts[::2], [positions[name] for name in parts[1::2]]

    def step(row: RawRow) -> Value:
        said = [(row.values[place] or "").strip() for place in places]
        if not any(said):
            return None
        return texts[0] + "".join(a + b for a, b in zip(said, texts[1:], strict=True))

    return step


def extracted(position: int, pattern: str) -> Step:
    """The part of a column that the one group of the pattern finds."""
    compiled = re.compile(pattern)

    def step(row: RawRow) -> Value:
        match = compiled.search((row.values[position] or "").strip())
        return match[1] if match else None

    return step


def deleted(position: int, equals: str, text: TextFormat) -> Step:
    """Whether a row says that its key no longer exists."""
    yes, no = text.true[0], text.false[0]
    return lambda row: yes if (row.values[position] or "").strip() == equals else no


def turned(
    step: Step, mapping: Mapping[str, str] | None, factor: Decimal | None, sign: int, text: TextFormat
) -> Step:
    """A value translated, multiplied and with the other sign, as far as that is declared."""
    if mapping is not None:
        step = _translated(step, mapping)
    if factor is not None:
        step = _multiplied(step, factor, text)
    return _negated(step, text) if sign < 0 else step


def render(value: Scalar, text: TextFormat) -> str:
    """A constant of the declaration, written the way the file writes its values."""
    return typed_text(value, text) or ""


def negate(value: Value, text: TextFormat | None = None) -> Value:
    """The number with the other sign; anything that is no number stays as it is and is refused later."""
    stripped = (value or "").strip().replace("\u2212", "-")
    negative = text.negative if text else "leading"
    if stripped.startswith("-"):
        return stripped[1:]
    if negative == "trailing" and stripped.endswith("-"):
        return stripped[:-1]
    if negative == "parentheses" and stripped.startswith("(") and stripped.endswith(")"):
        return stripped[1:-1]
    return f"-{stripped.removeprefix('+')}" if stripped[:1].isdigit() or stripped[:1] == "+" else value


def _negated(step: Step, text: TextFormat) -> Step:
    return lambda row: negate(step(row), text)


def _translated(step: Step, mapping: Mapping[str, str]) -> Step:
    # A value nobody mapped stays visible, so that the quarantine can name it.
    def translate(row: RawRow) -> Value:
        value = step(row)
        return mapping.get((value or "").strip(), value)

    return translate


def _multiplied(step: Step, factor: Decimal, text: TextFormat) -> Step:
    def multiply(row: RawRow) -> Value:
        value = step(row)
        number = parse_number(value, text)
        return value if number is None else _written(number * factor, text)

    return multiply


def _written(number: Decimal, text: TextFormat) -> Value:
    # 1,2345 thousand are 1234,5 and not 1234,5000: the zeros would count as decimal places.
    plain = format(number, "f")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", text.decimal)
