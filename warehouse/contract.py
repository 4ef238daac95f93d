"""Subjects: the columns, types, units and key that every delivery has to keep."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ColumnType = Literal["text", "integer", "decimal", "boolean", "date", "timestamp"]

DUCKDB_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


class Column(BaseModel):
    """One column of a subject; `scale` counts digits after the comma of a decimal.

    `earliest` and `latest` are the first and the last plausible day of a date or moment. `legal` is the
    legal basis and the purpose of a column that says who somebody is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    type: ColumnType
    required: bool = False
    unit: str | None = None
    scale: int = Field(default=2, ge=0, le=9)
    pattern: str | None = None
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    earliest: date | None = None
    latest: date | None = None
    legal: str | None = Field(default=None, min_length=10)

    @model_validator(mode="after")
    def _days_limit_days(self) -> Self:
        if (self.earliest or self.latest) and self.type not in ("date", "timestamp"):
            raise ValueError("earliest und latest gibt es nur bei date und timestamp")
        return self

    @property
    def duckdb_type(self) -> str:
        """Storage type; amounts are DECIMAL, never floating point."""
        return f"DECIMAL(18,{self.scale})" if self.type == "decimal" else DUCKDB_TYPES[self.type]


class Subject(BaseModel):
    """What may be delivered: id (file name), columns in storage order, key, owner column.

    `org_column` names the column that holds the organisation unit a row belongs to;
    without it rows belong to the whole city. `unit_of` says of which tree that unit is: of the one that held
    when the row's period ended („period“), or of the one of today, whatever the period („today“).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")
    title: str
    description: str = ""
    key: tuple[str, ...] = Field(min_length=1)
    org_column: str | None = None
    unit_of: Literal["period", "today"] = "period"
    columns: dict[str, Column]

    @model_validator(mode="after")
    def _key_names_columns(self) -> Subject:
        for name in (*self.key, *((self.org_column,) if self.org_column else ())):
            if name not in self.columns:
                raise ValueError(f"„{name}“ ist keine der Spalten: {', '.join(self.columns)}")
        return self
