"""How what was delivered becomes a subject: names, constants, translations, signs, rules, wide to long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connectors.base import TableSpec
from warehouse.contract import Subject
from warehouse.textformat import CANONICAL, TextFormat

Scalar = str | bool | int | Decimal | date
Sign = Literal[1, -1]
PLACE = re.compile(r"\{([^{}]+)\}")
"""A header in a template: `{PSP-Element}`."""


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnpivotColumn(_Declared):
    """One column of a wide table that becomes rows: its header, what it stands for, its sign.

    Instead of one header `match` takes all that fit a pattern; its named groups set contract columns:
    `'(?P<betrag_typ>Ist|Plan) (?P<haushaltsjahr>\\d{4})'`.
    """

    source: str | None = Field(default=None, alias="from")
    match: str | None = None
    set: dict[str, Scalar] = Field(default_factory=dict)
    sign: Sign = 1

    @model_validator(mode="after")
    def _names_headers_one_way(self) -> Self:
        if (self.source is None) == (self.match is None):
            raise ValueError("Entweder from (ein Spaltenname) oder match (ein Muster) angeben")
        require_pattern(self.match)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Contract columns it sets."""
        return (*self.set, *re.compile(self.match or "").groupindex)


class Unpivot(_Declared):
    """Wide to long: the amounts of several columns go `into` one, a row for each.

    An empty amount stays a row without an amount (unknown is not zero) unless `drop_empty`.
    """

    into: str
    columns: tuple[UnpivotColumn, ...] = Field(min_length=1)
    drop_empty: bool = False


class Rule(_Declared):
    """What rows of one shape mean: the first rule that fits a row counts, a row without one is refused.

    `when` names headers and what stands there (`4*`: begins with 4; `?`: any character; a list: one of
    them); `amount` looks at the sign of the amount. `sign` turns contract columns, `skip` drops the row.
    """

    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    amount: Literal["negative", "positive", "zero", "empty"] | None = None
    set: dict[str, Scalar] = Field(default_factory=dict)
    sign: dict[str, Sign] = Field(default_factory=dict)
    skip: bool = False

    @field_validator("when", mode="before")
    @classmethod
    def _one_word_is_a_list(cls, when: object) -> object:
        if not isinstance(when, dict):
            return when
        return {name: (said,) if isinstance(said, str) else said for name, said in when.items()}


class Extract(_Declared):
    """A part of a column: what the one group of the pattern finds; nothing when it does not fit."""

    source: str = Field(alias="from")
    match: str

    @field_validator("match")
    @classmethod
    def _has_one_group(cls, pattern: str) -> str:
        return require_one_group(pattern)


class MappedTable(TableSpec):
    """A table whose rows are delivered under names and in shapes of their own.

    For each contract column the first that applies: a rule, a column of the unpivot, a constant, `compose`
    (a template of headers), `extract`, the column of that name. `map` translates, `factor` multiplies
    (thousands of Euro), `sign` turns.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Scalar] = Field(default_factory=dict)
    compose: dict[str, str] = Field(default_factory=dict)
    extract: dict[str, Extract] = Field(default_factory=dict)
    unpivot: Unpivot | None = None
    rule: tuple[Rule, ...] = ()
    amount: str | None = None
    map: dict[str, dict[str, str]] = Field(default_factory=dict)
    factor: dict[str, Decimal] = Field(default_factory=dict)
    sign: dict[str, Sign] = Field(default_factory=dict)
    skip_rows_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    text: TextFormat = Field(default_factory=TextFormat)

    @field_validator("text", mode="before")
    @classmethod
    def _thousands_can_be_off(cls, text: object) -> object:
        # TOML knows no null: "" switches the mark off, and a decimal point rules the dot out.
        if not isinstance(text, dict):
            return text
        given = text.get("thousands", None if text.get("decimal") == "." else ".")
        return {**text, "thousands": given or None}

    @model_validator(mode="after")
    def _rules_know_the_amount(self) -> Self:
        if any(rule.amount for rule in self.rule) and self.amount_column is None:
            raise ValueError("amount fehlt: die Spalte des Gegenstands, deren Vorzeichen die Regeln prüfen")
        if self.amount and self.unpivot:
            raise ValueError("Bei unpivot ist der Betrag schon genannt (into); amount weglassen")
        return self

    @property
    def amount_column(self) -> str | None:
        """Contract column whose sign rules look at."""
        return self.unpivot.into if self.unpivot else self.amount

    @property
    def written_as(self) -> TextFormat:
        """How the values are written.

        Workbooks and JSON know types and need no declaration; with one, their texts are read by it
        and their typed values are spelled the same way.
        """
        return self.text if "text" in self.model_fields_set else CANONICAL

    def column_names(self) -> Iterator[tuple[str, str]]:
        """Every contract column named anywhere in the mapping."""
        yield from super().column_names()
        for setting in ("columns", "constants", "compose", "extract", "map", "factor", "sign"):
            for name in getattr(self, setting):
                yield setting, name
        for rule in self.rule:
            yield from (("rule", name) for name in (*rule.set, *rule.sign))
        if self.amount:
            yield "amount", self.amount
        if self.unpivot:
            yield "unpivot.into", self.unpivot.into
            for column in self.unpivot.columns:
                for name in column.names:
                    yield "unpivot.set", name

    def supplied(self) -> set[str]:
        """Contract columns that do not come from a column of their own."""
        names = {*self.constants, *self.compose, *self.extract, *(n for rule in self.rule for n in rule.set)}
        if self.unpivot:
            names |= {self.unpivot.into, *(name for c in self.unpivot.columns for name in c.names)}
        return names

    def source_column(self, name: str) -> str:
        """Header under which a contract column is delivered."""
        return self.columns.get(name, name)

    def looked_at(self) -> set[str]:
        """Headers that decide about rows or are parts of values, without being a contract column."""
        names = {self.source_column(name) for name in self.skip_rows_where}
        names |= {name for rule in self.rule for name in rule.when}
        names |= {extract.source for extract in self.extract.values()}
        return names | {name for template in self.compose.values() for name in PLACE.findall(template)}

    def needed(self, subject: Subject) -> set[str]:
        """Headers without which the delivery breaks its contract."""
        required = {n for n, c in subject.columns.items() if c.required and n not in self.supplied()}
        names = {*self.columns.values(), *(self.source_column(n) for n in required), *self.looked_at()}
        return names | ({c.source for c in self.unpivot.columns if c.source} if self.unpivot else set())


def require_pattern(pattern: str | None) -> None:
    """ValueError in German for what is no regular expression."""
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"kein regulärer Ausdruck: {error}") from None


def require_one_group(pattern: str) -> str:
    """The pattern, when it has exactly one group."""
    require_pattern(pattern)
    if re.compile(pattern).groups != 1:
        raise ValueError("Genau eine Gruppe (…) muss den gesuchten Teil enthalten")
    return pattern
