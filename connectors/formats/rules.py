"""Rules for the rows of one file: Ertrag or Aufwand by account, by a column of its own or by the sign.

Which account class is income differs from Land to Land, and so do signs: every town declares its own table.
A row that no rule names is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from connectors.formats.mapping import MappedTable, Rule
from connectors.formats.pattern import any_of
from connectors.formats.raw import RawRow
from connectors.formats.steps import negate, render
from connectors.spelling import Value
from warehouse.textformat import TextFormat, parse_number

NO_RULE = "no_rule"


class Decision(Enum):
    """What becomes of a row."""

    KEEP, SKIP, NONE = range(3)


@dataclass(frozen=True)
class _Ready:
    """A rule bound to the positions of one file."""

    rule: Rule
    conditions: tuple[tuple[int, re.Pattern[str]], ...]
    constants: tuple[tuple[int, str], ...]
    turns: tuple[int, ...]


class Rules:
    """The rule table of one file; `column` is the header that decides first, for messages."""

    def __init__(self, table: MappedTable, positions: Mapping[str, int], columns: Sequence[str]) -> None:
        self._text = table.written_as
        self._ready = [self._bind(rule, positions, list(columns)) for rule in table.rule]
        self.column = next((name for rule in table.rule for name in rule.when), table.amount_column)

    def decide(self, row: RawRow, amount: Value, values: list[Value]) -> Decision:
        """Apply the first rule that fits to the contract values of a row."""
        for ready in self._ready:
            if self._fits(ready, row, amount):
                if ready.rule.skip:
                    return Decision.SKIP
                for place, value in ready.constants:
                    values[place] = value
                for place in ready.turns:
                    values[place] = negate(values[place], self._text)
                return Decision.KEEP
        return Decision.NONE

    def _bind(self, rule: Rule, positions: Mapping[str, int], columns: list[str]) -> _Ready:
        return _Ready(
            rule,
            tuple((positions[name], any_of(words)) for name, words in rule.when.items()),
            tuple((columns.index(name), render(value, self._text)) for name, value in rule.set.items()),
            tuple(columns.index(name) for name, sign in rule.sign.items() if sign < 0),
        )

    def _fits(self, ready: _Ready, row: RawRow, amount: Value) -> bool:
        cells = ((pattern, (row.values[place] or "").strip()) for place, pattern in ready.conditions)
        if not all(pattern.fullmatch(cell) for pattern, cell in cells):
            return False
        return ready.rule.amount is None or ready.rule.amount == sign_of(amount, self._text)


def sign_of(value: Value, text: TextFormat) -> str | None:
    """negative, positive, zero or empty; None for what is no number."""
    if (value or "").strip() in ("", *text.null):
        return "empty"
    number = parse_number(value, text)
    if number is None:
        return None
    return "zero" if number == 0 else "negative" if number < 0 else "positive"
