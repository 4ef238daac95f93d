"""The connection and the `[[table]]` of a CMIS source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.base import TableSpec
from connectors.cmis_binding.statement import NAME, OBJECT_ID, WINDOW, parameters_of, what_does_not_belong
from connectors.http.settings import HttpSettings
from warehouse.contract import Subject

NUM_ITEMS = "numItems"
COUNTED = (NUM_ITEMS, "today", "month")
"""What a counting table knows: the number, the day it was counted on, the first of its month."""

Scalar = str | bool | int | Decimal | date


class CmisConnection(HttpSettings):
    """`url` is the service document of the browser binding.

    `repository` is the id of one of several. `repository_path` (below `url`) replaces the address that the
    service document gives, for gateways behind which it names inner hosts. `num_items = "estimate"` is for
    services whose numItems is not the number of all hits.
    """

    repository: str | None = None
    repository_path: str | None = None
    method: Literal["get", "post"] = "get"
    page_size: int = Field(default=1000, ge=2, le=100_000)
    max_pages: int = Field(default=100_000, ge=1)
    num_items: Literal["total", "estimate"] = "total"


class Folders(BaseModel):
    """Folders that stand for something, mostly for units: what they stand for goes `into` a contract column.

    `tree` takes what lies anywhere below a folder, `folder` only what lies directly in it. A folder is
    named by its id or, beginning with a slash, by its path.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    into: str
    tree: dict[str, str] = Field(default_factory=dict)
    folder: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_folders(self) -> Self:
        if not (self.tree or self.folder):
            raise ValueError(
                "tree oder folder angeben: wofür ein Ordner steht und seine Kennung oder sein Pfad"
            )
        if twice := sorted(set(self.tree) & set(self.folder)):
            raise ValueError(f"Doppelt in tree und folder: {', '.join(twice)}")
        return self


class CmisTable(TableSpec):
    """Objects of one type and the properties that become contract columns.

    `where` is a condition in CMIS-SQL; `:since` and `:until` bound the cursor. `map` translates values.
    With `count` nothing is read but how many there are (`numItems`, `today`, `month`). With `changes` the
    first night reads everything, every further one what the change log of the repository tells since;
    in repositories that give a document a new id with every version old versions are not noticed then.
    """

    object_type: str = Field(default="cmis:document", pattern=f"^{NAME}$")
    where: str = ""
    columns: dict[str, str]
    constants: dict[str, Scalar] = Field(default_factory=dict)
    map: dict[str, dict[str, str]] = Field(default_factory=dict)
    folders: Folders | None = None
    count: bool = False
    changes: bool = False

    @model_validator(mode="after")
    def _asks_for_one_type(self) -> Self:
        if foreign := what_does_not_belong(self.where):
            raise ValueError(
                f"„{foreign}“ gehört nicht in where: nur eine Bedingung; sortiert und gezählt wird hier"
            )
        if unknown := sorted(parameters_of(self.where) - set(WINDOW)):
            raise ValueError(f"Unbekannt: :{', :'.join(unknown)}; erlaubt sind :since und :until")
        if ("since" in parameters_of(self.where)) != (self.cursor is not None):
            raise ValueError("Ein Zeiger (cursor) und :since in where gehören zusammen")
        if self.deleted_when or self.control_total:
            raise ValueError(
                "deleted_when und control_total gibt es in CMIS nicht; Löschungen: changes = true"
            )
        return self

    @model_validator(mode="after")
    def _names_properties(self) -> Self:
        for name, source in self.columns.items():
            if self.count and source not in COUNTED:
                raise ValueError(f"{name}: Beim Zählen gibt es nur {', '.join(COUNTED)}")
            if not re.fullmatch(NAME, source):
                raise ValueError(
                    f"{name}: „{source}“ ist kein Name einer Eigenschaft, z. B. cmis:creationDate"
                )
        return self

    @model_validator(mode="after")
    def _ways_exclude_each_other(self) -> Self:
        if self.count and (self.cursor or self.changes or self.persons):
            raise ValueError("count kennt keine einzelnen Objekte: ohne cursor, changes und persons")
        if self.count and NUM_ITEMS not in self.columns.values():
            raise ValueError('count braucht eine Spalte für die Anzahl: columns = { … = "numItems" }')
        if self.changes and (self.cursor or self.write != "merge"):
            raise ValueError(
                "changes braucht write = „merge“ und keinen cursor: Der Zeiger ist das changeLogToken"
            )
        if self.changes and self.persons and self.persons.aggregate:
            raise ValueError(
                "changes und persons.aggregate schließen sich aus: Änderungen lassen sich nicht zählen"
            )
        return self

    def column_names(self) -> Iterator[tuple[str, str]]:
        """Every contract column named anywhere in the mapping."""
        yield from super().column_names()
        for setting in ("columns", "constants", "map"):
            for name in getattr(self, setting):
                yield setting, name
        if self.folders:
            yield "folders.into", self.folders.into

    def check_against(self, subject: Subject) -> Iterator[tuple[str, str, str]]:
        """Beside names nobody knows: required columns nobody fills, deletions nobody can assign."""
        yield from super().check_against(subject)
        for name, column in self.delivered(subject).columns.items():
            if column.required and name not in self.supplied:
                yield "columns", name, "Die Pflichtspalte fehlt: in columns oder constants angeben"
        key = self.key or subject.key
        if self.changes and [self.columns.get(name) for name in key] != [OBJECT_ID]:
            yield (
                "changes",
                ", ".join(key),
                f"Eine Löschung nennt nur {OBJECT_ID}; das muss der Schlüssel sein",
            )

    @property
    def supplied(self) -> tuple[str, ...]:
        """Contract columns that get a value, in the order of their declaration."""
        into = (self.folders.into,) if self.folders else ()
        return tuple(dict.fromkeys((*self.columns, *self.constants, *into)))
