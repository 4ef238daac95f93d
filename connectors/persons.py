"""Persons in deliveries: named by a token or only counted, before anything is kept.

`[table.persons]` works on the batches between reading and landing, in every kind: no plain name reaches
the landing zone, the quarantine, the warehouse or a message. What it counts is counted in memory.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warehouse.contract import Column, Subject
from warehouse.errors import ConfigError, did_you_mean

KEY_NAME = "ISEK_PSEUDONYM_KEY"
SHORTEST_KEY = 32
STAFF_THRESHOLD = 10
"""Figures about fewer employees would say how single ones work (BAG, 1 ABR 6/94): they are not computed."""

Period = Literal["day", "month"]
Fault = tuple[str, str, str]
"""Setting, wrong name, next step."""

_PURPOSE = b"isek-persons"


class Aggregate(BaseModel):
    """Rows become groups: one row for each combination of `by`, persons only as numbers.

    `by` are contract columns, `count` the one that takes the number of rows, `distinct` maps contract
    columns to delivered columns whose different values are counted (`creators = "created_by"`). Below
    `at_least` different persons that number stays empty. `cut` cuts days and moments in `by` to the day or
    the first of the month. Rows with the same `once` (a document's id) count once.

    In the accounting a group is a row read; a row its reader refused counts for itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: tuple[str, ...] = Field(min_length=1)
    count: str
    distinct: dict[str, str] = Field(default_factory=dict)
    once: str | None = None
    cut: dict[str, Period] = Field(default_factory=dict)
    at_least: int = Field(default=STAFF_THRESHOLD, ge=1)

    @model_validator(mode="after")
    def _has_distinct_names(self) -> Self:
        made = [*self.by, self.count, *self.distinct]
        if len(set(made)) < len(made):
            raise ValueError("Jede Spalte entsteht nur einmal: by, count und distinct trennen")
        if foreign := sorted(set(self.cut) - set(self.by)):
            raise ValueError(f"cut nennt Spalten, die nicht in by stehen: {', '.join(foreign)}")
        return self

    @property
    def counted(self) -> tuple[str, ...]:
        """Delivered columns that are only counted."""
        return tuple(dict.fromkeys((*self.distinct.values(), *((self.once,) if self.once else ()))))


class Persons(BaseModel):
    """What becomes of persons: `pseudonymise` replaces names by tokens, `aggregate` by numbers.

    A token is BLAKE2b keyed with the secret ISEK_PSEUDONYM_KEY: the same person has the same token in the
    whole city, nobody without the key can go back. Both may be declared; tokens come first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pseudonymise: tuple[str, ...] = ()
    aggregate: Aggregate | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.pseudonymise and self.aggregate is None:
            raise ValueError("pseudonymise oder aggregate angeben")
        return self

    def delivered(self, subject: Subject) -> Subject:
        """The subject as the source delivers it: with the persons, without what is counted here.

        Columns with persons are required: one that was renamed must not slip past.
        """
        needed = {name: _needed(name, subject) for name in self.pseudonymise if name in subject.columns}
        rule = self.aggregate
        if rule is None:
            return subject.model_copy(update={"columns": {**subject.columns, **needed}})
        columns = {name: subject.columns[name] for name in rule.by if name in subject.columns}
        columns |= {name: _needed(name, subject) for name in (*rule.counted, *self.pseudonymise)}
        key = (rule.once,) if rule.once else tuple(name for name in rule.by if name in columns)
        return subject.model_copy(update={"columns": columns, "key": key, "org_column": None})

    def faults(self, subject: Subject, key: tuple[str, ...]) -> Iterator[Fault]:
        """Everything that does not fit the subject and its `key`."""
        allowed = self.delivered(subject).columns if self.aggregate else subject.columns
        for name in self.pseudonymise:
            if name not in allowed:
                yield "persons.pseudonymise", name, _hint(name, subject)
            elif allowed[name].type != "text":
                yield "persons.pseudonymise", name, "Ein Token ist Text; die Spalte muss vom Typ text sein"
        if self.aggregate:
            yield from _aggregate_faults(self.aggregate, subject, key)

    def whole_periods(
        self, cursor: str | None, since: datetime | None, until: datetime, now: datetime
    ) -> tuple[datetime | None, datetime]:
        """The window widened to whole days or months: half a group would replace a whole one."""
        if self.aggregate is None or cursor is None or since is None:
            return since, until
        period = self.aggregate.cut.get(cursor, "day")
        end = first_of(until, period)
        return first_of(since, period), min(end if end == until else _next(end, period), max(now, until))


def first_of(moment: datetime, period: Period) -> datetime:
    """The beginning of its day or month."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day.replace(day=1) if period == "month" else day


def tokeniser(secrets: Mapping[str, str], where: str) -> Callable[[str], str]:
    """The function from a person to a token. Raises ConfigError `missing_secret` or `weak_secret`."""
    secret = secrets.get(KEY_NAME, "")
    if len(secret) < SHORTEST_KEY:
        raise ConfigError(
            f"Das Geheimnis {KEY_NAME} ist {'zu kurz' if secret else 'nicht hinterlegt'}",
            code="weak_secret" if secret else "missing_secret",
            where=where,
            allowed=f"mindestens {SHORTEST_KEY} zufällige Zeichen, für die ganze Stadt dasselbe",
            next_step=f"{KEY_NAME} in der Umgebung oder in var/secrets.env hinterlegen, zum Beispiel mit:"
            " python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=_PURPOSE).digest()
    return lambda person: _digest(person, key, 16).hex()


def fingerprinter(key: bytes) -> Callable[[str], int]:
    """The function from a person to a number that serves to tell persons apart in one run."""
    return lambda person: int.from_bytes(_digest(person, key, 8))


def _digest(person: str, key: bytes, size: int) -> bytes:
    # One person, however a system spells a log-in: no outer blanks, one form of umlauts, no capitals.
    plain = unicodedata.normalize("NFC", person.strip()).casefold().encode("utf-8", "surrogatepass")
    return hashlib.blake2b(plain, digest_size=size, key=key, person=_PURPOSE).digest()


def _needed(name: str, subject: Subject) -> Column:
    known = subject.columns.get(name) or Column(title=name, type="text")
    return known.model_copy(update={"required": True})


def _next(beginning: datetime, period: Period) -> datetime:
    return first_of(beginning + timedelta(days=1 if period == "day" else 32), period)


def _hint(name: str, subject: Subject) -> str:
    allowed = ", ".join(subject.columns)
    return did_you_mean(name, subject.columns) or f"Spalten von {subject.id}: {allowed}"


def _aggregate_faults(rule: Aggregate, subject: Subject, key: tuple[str, ...]) -> Iterator[Fault]:
    place, columns = "persons.aggregate", subject.columns
    for setting, names in (("by", rule.by), ("count", (rule.count,)), ("distinct", tuple(rule.distinct))):
        for name in names:
            if told := _column_fault(setting, name, subject, rule):
                yield f"{place}.{setting}", name, told
    for name in rule.cut:
        if name in columns and columns[name].type != "date":
            yield f"{place}.cut", name, "Nur Spalten vom Typ date lassen sich auf Tag oder Monat kürzen"
    for name in key:
        if name not in rule.by:
            yield f"{place}.by", name, "Der Schlüssel muss in by stehen, sonst gibt es Gruppen doppelt"
    for name, column in columns.items():
        if column.required and name not in (*rule.by, rule.count, *rule.distinct):
            yield f"{place}.by", name, "Die Pflichtspalte entsteht nicht: in by aufnehmen"


def _column_fault(setting: str, name: str, subject: Subject, rule: Aggregate) -> str | None:
    column = subject.columns.get(name)
    if column is None:
        return _hint(name, subject)
    if setting != "by" and column.type != "integer":
        return "Eine Anzahl braucht eine Spalte vom Typ integer"
    if setting == "distinct" and column.required and rule.at_least > 1:
        return "Unter at_least bleibt die Anzahl leer; die Spalte darf nicht Pflicht sein"
    return None
