"""Looks at a draft before it is published: per source what is implausible, for the whole what is broken."""

# ruff: noqa: S608 - names come from contracts through `quote`, texts through `literal`, values are parameters

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from warehouse.build import Model
from warehouse.contract import Subject
from warehouse.errors import readable
from warehouse.personal import personal_columns
from warehouse.store import Connection, columns_by_table, columns_of, quote

Level = Literal["error", "warning"]

SHRINK_LIMIT = 0.5
HISTORY_LENGTH = 5
GROWTH_LIMIT = 3.0
GROWTH_FROM_ROWS = 100
# Keys compared at a time: all of a large table at once need more memory than a draft has.
KEYS_AT_ONCE = 5_000_000

REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("case", "org_unit_id", "org_unit", "unit_id"),
    ("service", "org_unit_id", "org_unit", "unit_id"),
    ("measure", "org_unit_id", "org_unit", "unit_id"),
    ("project", "org_unit_id", "org_unit", "unit_id"),
    ("dms_unit", "org_unit_id", "org_unit", "unit_id"),
    ("application_month", "org_unit_id", "org_unit", "unit_id"),
    ("assessment", "service_id", "service", "service_id"),
    ("reifegrad_target", "service_id", "service", "service_id"),
    ("project_step", "project_id", "project", "project_id"),
)
"""Child subject and column, parent subject and column. Sources fail independently, so a gap is a warning."""


@dataclass(frozen=True)
class Finding:
    """One remark: an `error` stops the source or the publication, a `warning` is shown."""

    level: Level
    code: str
    what: str
    where: str

    def __post_init__(self) -> None:
        # Names of columns and files come from outside.
        object.__setattr__(self, "what", readable(self.what))
        object.__setattr__(self, "where", readable(self.where))


def audit_source(connection: Connection, source: str, subject: str, rows: int) -> list[Finding]:
    """Compare a new full delivery of `rows` accepted rows (all tables of the subject) with earlier ones.

    Meant for write = „replace“ of everything, where each delivery is the whole. Codes:
    implausible_shrink (below half of the median), implausible_growth (above three times the median).
    """
    history = _history(connection, source, subject)
    if not history:
        return []
    median = sorted(history)[len(history) // 2]
    return compare_sizes(rows, median, "üblich sind", f"{source}/{subject}")


def compare_sizes(rows: int, usual: int, word: str, where: str) -> list[Finding]:
    """Below half or above three times of what is usual; `word` introduces the usual number."""
    if rows < SHRINK_LIMIT * usual:
        what = f"Nur {rows} Zeilen geliefert, {word} {usual}: vermutlich unvollständig."
        return [Finding("error", "implausible_shrink", what, where)]
    if rows > GROWTH_LIMIT * usual and rows >= GROWTH_FROM_ROWS:
        guess = "vermutlich doppelt geliefert" if usual else "bisher kam keine einzige"
        what = f"{rows} Zeilen geliefert, {word} {usual}: {guess}."
        return [Finding("error", "implausible_growth", what, where)]
    return []


def audit_draft(
    connection: Connection,
    *,
    subjects: Mapping[str, Subject],
    models: Mapping[str, Model],
    business_date: date,
) -> list[Finding]:
    """Everything that concerns the whole draft; any `error` among the findings stops the publication."""
    findings = [*_missing_tables(connection, subjects, models), *_calendar(connection, business_date)]
    findings += _personal(connection, subjects)
    for subject in subjects.values():
        findings += _repeated_keys(connection, subject)
    for reference in REFERENCES:
        findings += _lost_references(connection, subjects, reference)
    return findings


def has_errors(findings: list[Finding]) -> bool:
    """Whether any finding stops the publication."""
    return any(finding.level == "error" for finding in findings)


def _history(connection: Connection, source: str, subject: str) -> list[int]:
    # Somebody who released a delivery said that this size is right from now on.
    rows = connection.execute(
        "WITH loads AS (SELECT * FROM meta.load WHERE source = $1 AND subject = $2), released AS ("
        " SELECT arg_max(run_id, number) AS run_id FROM loads WHERE state = 'freigegeben')"
        " SELECT sum(published)::BIGINT FROM loads WHERE number >= coalesce("
        "   (SELECT min(number) FROM loads WHERE run_id = (SELECT run_id FROM released)), 0)"
        " GROUP BY run_id ORDER BY max(number) DESC LIMIT $3",
        [source, subject, HISTORY_LENGTH],
    ).fetchall()
    # An empty delivery says nothing about what is usual, unless there never was another.
    return [row[0] for row in rows if row[0]] or [row[0] for row in rows]


def _missing_tables(
    connection: Connection, subjects: Mapping[str, Subject], models: Mapping[str, Model]
) -> list[Finding]:
    wanted = {("core", "run"), *(("core", name) for name in subjects)}
    wanted |= {(schema, name) for schema, _, name in (table.partition(".") for table in models)}
    built = {schema: columns_by_table(connection, schema) for schema in sorted({s for s, _ in wanted})}
    return [
        Finding(
            "error", "table_missing", f"Die Tabelle {schema}.{name} wurde nicht gebaut.", f"{schema}.{name}"
        )
        for schema, name in sorted(wanted)
        if name not in built[schema]
    ]


def _calendar(connection: Connection, business_date: date) -> list[Finding]:
    days = [name for name, kind in columns_of(connection, "core", "calendar").items() if kind == "DATE"]
    if not days:
        return []
    row = connection.execute(f"SELECT max({quote(days[0])}) FROM core.calendar").fetchone()
    last = row[0] if row else None
    if last is not None and (last.year, last.month) >= (business_date.year, business_date.month):
        return []
    what = f"Der Kalender endet am {last}, der Geschäftstag ist der {business_date}."
    return [Finding("error", "calendar_too_short", what, "core.calendar")]


def _personal(connection: Connection, subjects: Mapping[str, Subject]) -> list[Finding]:
    return [
        Finding(
            "error",
            "personal_column",
            f"Die Spalte „{name}“ sagt, wer jemand ist ({what}).",
            f"{table}.{name}",
        )
        for table, name, what in personal_columns(connection, subjects)
    ]


def _repeated_keys(connection: Connection, subject: Subject) -> list[Finding]:
    table = f"stage.{quote(subject.id)}"
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    found: Counter[str] = Counter()
    parts = max(1, -(-rows // KEYS_AT_ONCE))
    for part in range(parts):
        found.update(dict(_repeated_in(connection, subject, table, part, parts)))
    return [
        Finding("error", "key_repeated", f"{count} Schlüssel kommen mehrfach vor.", f"{source}/{subject.id}")
        for source, count in sorted(found.items())
    ]


def _repeated_in(
    connection: Connection, subject: Subject, table: str, part: int, parts: int
) -> list[tuple[str, int]]:
    """Sources with the number of their repeated keys among those that fall into one of `parts`."""
    key = ", ".join(quote(name) for name in ("_source", *subject.key))
    chosen = f" WHERE hash({key}) % {parts} = {part}" if parts > 1 else ""
    return connection.execute(
        f"SELECT _source, count(*) FROM (SELECT {key} FROM {table}{chosen}"
        " GROUP BY ALL HAVING count(*) > 1) GROUP BY _source"
    ).fetchall()


def _lost_references(
    connection: Connection, subjects: Mapping[str, Subject], reference: tuple[str, str, str, str]
) -> list[Finding]:
    child, child_column, parent, parent_column = reference
    if child not in subjects or parent not in subjects:
        return []
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER (c.{quote(child_column)} NOT IN (SELECT {quote(parent_column)}"
        f" FROM stage.{quote(parent)})) FROM stage.{quote(child)} AS c"
        f" WHERE c.{quote(child_column)} IS NOT NULL"
    ).fetchone()
    total, lost = row or (0, 0)
    if not lost:
        return []
    what = f"{lost} von {total} Zeilen verweisen auf {parent_column}, die es in {parent} nicht gibt."
    return [Finding("warning", "reference_lost", what, f"{child}.{child_column}")]
