"""What every kind of source has in common: its declaration, its context, its reading."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, Generic, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, InstanceOf, model_validator

from connectors.persons import Persons
from warehouse.address import MailAddress
from warehouse.audit import Finding as Finding
from warehouse.contract import Subject
from warehouse.errors import ConfigError, did_you_mean
from warehouse.landing import TextFormat


class ControlTotal(BaseModel):
    """Proof that a delivery is complete: a fixed total or a trailer row in every file.

    A trailer is the last row; it begins with the word `trailer` and carries, in this order,
    the number of rows (when `rows`) and the sum of `column` (when given).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    value: Decimal | None = None
    trailer: str | None = None
    rows: bool = False

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.value is None) == (self.trailer is None):
            raise ValueError(
                "Entweder value (eine feste Summe) oder trailer (ein Wort) angeben, nicht beides"
            )
        if self.column is None and not (self.trailer and self.rows):
            raise ValueError("column fehlt: den Betrag nennen, der summiert wird")
        return self


class DeletedWhen(BaseModel):
    """Marks delivered rows that say „this key no longer exists“: `column` holds the text `equals`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    equals: str


class DateRange(BaseModel):
    """Days a source can mean: before and after them a date is a slip of the pen, and its row is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    earliest: date | None = Field(default=None, alias="from")
    latest: date | Literal["today"] | None = Field(default=None, alias="until")

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.earliest is None and self.latest is None:
            raise ValueError("from (ein Tag) oder until (ein Tag oder „today“) angeben")
        return self


class TableSpec(BaseModel):
    """One `[[table]]` of a source: the subject it feeds and how its rows replace older ones.

    Bad rows are tolerated up to the share `allow_rejected` or up to the number `allow_rejected_rows`,
    whichever is more: in a delivery of changes one bad row may be all there is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    OPERATIONAL: ClassVar[frozenset[str]] = frozenset(
        (
            "first_date",
            "lag_days",
            "allow_rejected",
            "allow_rejected_rows",
            "control_total",
            "dates",
            "backfill_step",
        )
    )
    """Settings that say how to read; the others decide what the rows mean."""

    feeds: str
    key: tuple[str, ...] = ()
    cursor: str | None = None
    first_date: date | None = None
    lag_days: int = Field(default=0, ge=0)
    write: Literal["merge", "replace", "append"] = "replace"
    slice: tuple[str, ...] = ()
    deleted_when: DeletedWhen | None = None
    allow_rejected: float = Field(default=0.0, ge=0, lt=1)
    allow_rejected_rows: int = Field(default=0, ge=0)
    control_total: ControlTotal | None = None
    dates: dict[str, DateRange] = Field(default_factory=dict)
    backfill_step: Literal["day", "week", "month", "year"] = "month"
    persons: Persons | None = None

    @property
    def delivers_everything(self) -> bool:
        """Whether each delivery is the whole, and not a slice or what changed."""
        return self.write == "replace" and not self.slice

    @model_validator(mode="after")
    def _modes_fit(self) -> Self:
        if self.cursor and self.first_date is None:
            raise ValueError("first_date fehlt: Ein Zeiger (cursor) braucht einen ersten Tag")
        if self.cursor and self.write == "replace" and not self.slice:
            raise ValueError(
                "Ein Zeiger (cursor) liefert nur Änderungen: write = „merge“ oder ein slice, nicht „replace“"
            )
        if self.deleted_when and self.write != "merge":
            raise ValueError("deleted_when braucht write = „merge“")
        if self.slice and self.write != "replace":
            raise ValueError("slice braucht write = „replace“")
        if self.deleted_when and self.persons and self.persons.aggregate:
            raise ValueError("deleted_when und persons.aggregate schließen sich aus: Gruppen löscht niemand")
        return self

    def delivered(self, subject: Subject) -> Subject:
        """The subject as this table delivers it: the same, unless persons are counted on the way."""
        return self.persons.delivered(subject) if self.persons else subject

    def plausible(self, subject: Subject, today: date) -> Subject:
        """The subject with the days this source can mean; „today“ is the day of the run."""
        limited = {
            name: subject.columns[name].model_copy(
                update={"earliest": span.earliest, "latest": today if span.latest == "today" else span.latest}
            )
            for name, span in self.dates.items()
        }
        return subject.model_copy(update={"columns": {**subject.columns, **limited}}) if limited else subject

    def window(self, last: str | None, until: datetime) -> tuple[datetime | None, datetime]:
        """Half-open window in local time: from the last cursor (ISO text) less the lag, or the first date."""
        if not self.cursor or self.first_date is None:
            return None, until
        first = datetime.combine(self.first_date, datetime.min.time())
        if not last:
            return first, until
        return max(first, datetime.fromisoformat(last) - timedelta(days=self.lag_days)), until

    def column_names(self) -> Iterator[tuple[str, str]]:
        """Every (setting, contract column) this table names, to be checked against the subject."""
        for name in self.key:
            yield "key", name
        for name in self.slice:
            yield "slice", name
        for name in self.dates:
            yield "dates", name
        if self.cursor:
            yield "cursor", self.cursor

    def check_against(self, subject: Subject) -> Iterator[tuple[str, str, str]]:
        """Yield (setting, wrong name, next step) for every name the subject does not know."""
        if self.persons:
            yield from self.persons.faults(subject, self.key or subject.key)
        known = self.delivered(subject).columns
        allowed = ", ".join(known)
        for setting, name in self.column_names():
            if name not in known:
                yield setting, name, did_you_mean(name, known) or f"Spalten von {subject.id}: {allowed}"
        for name in self.dates:
            if name in subject.columns and subject.columns[name].type not in ("date", "timestamp"):
                yield "dates", name, "Grenzen von Tagen gibt es nur bei einem Datum oder einem Zeitpunkt"
        if self.cursor in subject.columns and subject.columns[self.cursor].type not in ("date", "timestamp"):
            yield "cursor", self.cursor, "Ein Zeiger (cursor) muss ein Datum oder ein Zeitpunkt sein"


class SourceSpec(BaseModel):
    """One `sources/<id>.toml`, checked; `connection` and `tables` are of the kind's own models.

    `minutes` and `memory_mb` replace the limits of the night for this source; `owner_mail` is told about it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    owner: str
    kind: str
    nature: Literal["echt", "beispiel"]
    every: Literal["night", "week", "month"] = "night"
    fresh_for_days: int = Field(default=2, ge=0)
    minutes: float | None = Field(default=None, gt=0, le=600)
    memory_mb: int | None = Field(default=None, ge=128, le=262_144)
    owner_mail: MailAddress | None = None
    connection: InstanceOf[BaseModel]
    tables: tuple[InstanceOf[TableSpec], ...]


class NoConnection(BaseModel):
    """Kinds that need no address of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Context:
    """What a run hands to a connector; picklable, because every source runs in its own process.

    `internal_hosts` are private names or networks (CIDR) the operator lets sources reach; `tries` is the
    highest number of attempts per request.
    """

    city: Path
    as_of: datetime
    ledger_url: str = field(default="", repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    timezone: str = "Europe/Berlin"
    internal_hosts: tuple[str, ...] = ()
    tries: int = 5

    def local(self, moment: datetime) -> datetime:
        """The same moment on the town hall's clock, without zone: the form of contract timestamps."""
        return moment.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)


@dataclass(frozen=True)
class Reading:
    """What a source delivered: record batches with contract columns and `_line` beside them.

    With `text_format` every value is text in that format. `as_of` is aware. A refused row carries
    its reason in `_fault` (and `_fault_column`, `_raw`). `findings` is complete when the batches are.
    `cursor` is text only the kind understands, given back to `read_on` after a good load. With `last_wins`
    the rows are messages in their order: the last good one of a key counts. With `nothing_new` the source is
    well and has not delivered since: its last good slice stays, with its Datenstand.
    """

    batches: Iterable[pa.RecordBatch]
    text_format: TextFormat | None
    as_of: datetime
    delivery_hash: str
    findings: list[Finding] = field(default_factory=list)
    cursor: str | None = None
    last_wins: bool = False
    nothing_new: bool = False


C = TypeVar("C", bound=BaseModel)
T = TypeVar("T", bound=TableSpec)


class Connector(ABC, Generic[C, T]):
    """One kind of source. Subclasses name their two models and read; they never open the warehouse."""

    Connection: ClassVar[type[BaseModel]] = NoConnection
    Table: ClassVar[type[TableSpec]] = TableSpec

    def __init__(self, spec: SourceSpec, context: Context, subjects: Mapping[str, Subject]) -> None:
        self.spec, self.context, self.subjects = spec, context, subjects

    @property
    def connection(self) -> C:
        """The source's connection, as the kind's own model."""
        return self.spec.connection  # type: ignore[return-value]

    @property
    def tables(self) -> tuple[T, ...]:
        """The source's tables, as the kind's own model."""
        return self.spec.tables  # type: ignore[return-value]

    def subject_of(self, table: T) -> Subject:
        """What a table has to deliver; persons that are only counted stand beside the contract's columns."""
        return table.delivered(self.subjects[table.feeds])

    @abstractmethod
    def check(self) -> list[Finding]:
        """Reachability and contract on one row or header; findings instead of exceptions."""

    @abstractmethod
    def read(self, table: T, since: datetime | None, until: datetime) -> Reading:
        """Read one table; with a cursor only what lies in the half-open window of local time.

        Raises AccessError, RetriableError, ContractError or ConfigError; never a driver's own error.
        """

    def read_on(self, table: T, cursor: str | None, since: datetime | None, until: datetime) -> Reading:
        """Read one table from the cursor of its last good `Reading` on; None begins anew.

        Kinds whose only cursor is a time leave this as it is.
        """
        return self.read(table, since, until)


def inside(city: Path, path: str, where: str) -> Path:
    """The path below the city folder; ConfigError when it leads outside, also by a symbolic link."""
    resolved = (city / path).resolve()
    if not resolved.is_relative_to(city.resolve()):
        raise ConfigError(
            "Der Pfad führt aus dem Ordner der Stadt hinaus",
            code="outside_city",
            where=where,
            found=path,
            allowed="Pfade unterhalb des Ordners der Stadt, ohne .. und ohne Verweise nach außen",
        )
    return resolved
