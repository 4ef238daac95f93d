"""Header of a record list: which columns may leave, under which names, and whose they are."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metrics.definition import ORG_COLUMN

TIME_LENGTHS = ("year", "quarter", "month")
ColumnType = Literal["text", "integer", "eur", "number", "boolean", "date", "timestamp", "unit", "year"]


class RecordColumn(BaseModel):
    """One column; type „unit“ holds the id of an organisation unit, „year“ is a number nobody groups.

    sum: whether its values add up over records; unsaid only amounts of money do (levels and ranks do not).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    type: ColumnType
    sum: bool | None = None

    @model_validator(mode="after")
    def _is_a_number(self) -> RecordColumn:
        if self.sum and self.type not in ("integer", "eur", "number"):
            raise ValueError(f"sum: eine Spalte vom Typ „{self.type}“ lässt sich nicht zusammenzählen")
        return self

    @property
    def adds(self) -> bool:
        """Whether the column can be summed."""
        return self.type == "eur" if self.sum is None else self.sum


class RecordDefinition(BaseModel):
    """The TOML header of `records/<id>.sql`. With scope „organisation“ the statement yields org_unit_id.

    key: columns that name one record, so that it has an address. subject: what was delivered as that record;
    its rows are found by those columns of the key that it has, too. apart: columns whose values stand for
    different accounts of the same money (Haushaltsjahr, Plan): a sum over several of them is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    scope: Literal["organisation", "city"]
    order: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    subject: str | None = None
    apart: tuple[str, ...] = ()
    columns: dict[str, RecordColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_its_columns(self) -> RecordDefinition:
        for name in self.order:
            if name.removeprefix("-") not in self.columns:
                raise ValueError(f"order: „{name}“ ist keine der Spalten")
        for name in self.key:
            if name not in self.columns:
                raise ValueError(f"key: „{name}“ ist keine der Spalten")
        for name in self.apart:
            if name not in self.columns or self.columns[name].adds:
                raise ValueError(f"apart: „{name}“ ist keine der Spalten oder wird selbst zusammengezählt")
        return self

    @property
    def statement_columns(self) -> tuple[str, ...]:
        """Columns the statement has to yield."""
        org = (ORG_COLUMN,) if self.scope == "organisation" else ()
        return tuple(dict.fromkeys((*self.columns, *org)))

    @property
    def date_columns(self) -> tuple[str, ...]:
        """Columns that hold days."""
        return tuple(name for name, item in self.columns.items() if item.type in ("date", "timestamp"))

    def time_of(self, name: str) -> tuple[str, str] | None:
        """Return column and length of time of „planned_on_year“; None for what names none."""
        column, _, length = name.rpartition("_")
        known = name not in self.columns and length in TIME_LENGTHS and column in self.date_columns
        return (column, length) if known else None
