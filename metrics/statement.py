"""What a metric statement may be: one SELECT over known tables, with the columns its kind promises.

This is a lint with good messages, not the protection: the reader connection is locked against files,
network and writing by `warehouse.store`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from metrics.header import SqlFile
from warehouse.errors import ConfigError, did_you_mean

SCHEMAS = ("core", "mart", "meta")
# Functions sqlglot has no class for and that are harmless; everything else it does not know is refused.
_PLAIN_FUNCTIONS = frozenset({"last_day", "make_date", "min_by", "max_by", "list_contains"})
# The clock and chance would make a figure of yesterday irreproducible; the rest leaves the database.
_FORBIDDEN_CLASSES = (
    exp.CurrentDate,
    exp.CurrentTimestamp,
    exp.CurrentTime,
    exp.CurrentDatetime,
    exp.CurrentUser,
    exp.Rand,
    exp.Uuid,
    exp.ReadCSV,
    exp.ReadParquet,
)
_FINISHED = frozenset({"value", "wert", "share", "percent", "prozent", "ratio", "rate", "anteil", "quote"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked statement: its output columns and the tables it reads (`schema.name`)."""

    columns: tuple[str, ...]
    tables: frozenset[str]


def check_statement(file: SqlFile, known_tables: Collection[str]) -> Statement:
    """Parse and check the statement of a file; ConfigError with file, line and suggestion."""
    tree = _one_select(file)
    _refuse_functions(file, tree)
    tables = _tables(file, tree, known_tables)
    columns = tuple(str(name) for name in tree.named_selects)
    if "*" in columns:
        raise ConfigError("Die Spalten nennen statt *", code="star", where=file.at())
    return Statement(columns, tables)


def refuse_finished_ratio(file: SqlFile, columns: Collection[str]) -> None:
    """Refuse columns and expressions that carry a finished ratio: averages of averages are a defect."""
    finished = [name for name in columns if name.lower() in _FINISHED]
    if finished:
        raise _finished(file, f"Spalte „{finished[0]}“")
    tree = _one_select(file)
    for projection in tree.selects:
        if projection.alias_or_name == "numerator" and (projection.find(exp.Div) or projection.find(exp.Avg)):
            raise _finished(file, projection.sql(dialect="duckdb"))


def _finished(file: SqlFile, found: str) -> ConfigError:
    return ConfigError(
        "Eine Kennzahl liefert Zähler und Nenner, nie ein fertiges Verhältnis",
        code="finished_ratio",
        where=file.at(),
        found=found,
        next_step="Beide Summen angeben; geteilt wird erst bei der Ausgabe",
    )


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> tuple[exp.Expr, ...]:
    """Trees of a statement, which nobody changes: the catalogue looks at each several times."""
    return tuple(tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None)


def _one_select(file: SqlFile) -> exp.Query:
    try:
        trees = _parsed(file.sql)
    except SqlglotError as error:
        line = error.errors[0].get("line") if isinstance(error, ParseError) and error.errors else None
        found = re.sub(r"\x1b\[\d*m", "", str(error))
        raise ConfigError(
            "Das SQL ist nicht gültig", code="bad_sql", where=file.at(line or 1), found=found
        ) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        found = ", ".join(type(tree).__name__.upper() for tree in trees) or "nichts"
        raise ConfigError(
            "Die Datei muss genau ein SELECT enthalten", code="not_one_select", where=file.at(), found=found
        )
    if trees[0].find(exp.DDL, exp.DML):
        raise ConfigError("Nur Lesen ist erlaubt", code="not_one_select", where=file.at())
    return trees[0]


def _refuse_functions(file: SqlFile, tree: exp.Query) -> None:
    for function in tree.find_all(exp.Func):
        name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
        unknown = isinstance(function, exp.Anonymous) and name.lower() not in _PLAIN_FUNCTIONS
        if unknown or isinstance(function, _FORBIDDEN_CLASSES):
            raise ConfigError(
                f"Die Funktion „{name.lower()}“ ist hier nicht erlaubt",
                code="forbidden_function",
                where=file.at(_line_of(file, name)),
                allowed="nur Funktionen der Zeile: keine Dateien, keine Uhr, kein Zufall; Stichtag: core.run",
            )
    if tree.find(exp.Placeholder, exp.Parameter):
        raise ConfigError("Parameter sind hier nicht erlaubt", code="forbidden_function", where=file.at())


def _tables(file: SqlFile, tree: exp.Query, known: Collection[str]) -> frozenset[str]:
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    found = set()
    for table in tree.find_all(exp.Table):
        if not table.db and isinstance(table.this, exp.Identifier) and table.name in own:
            continue
        found.add(_known_table(file, table, known))
    return frozenset(found)


def _known_table(file: SqlFile, table: exp.Table, known: Collection[str]) -> str:
    name = f"{table.db}.{table.name}" if table.db else table.name
    if isinstance(table.this, exp.Identifier) and not table.catalog and name in known:
        return name
    if not isinstance(table.this, exp.Identifier):
        name = table.this.sql(dialect="duckdb")
    raise ConfigError(
        f"Die Tabelle „{name}“ gibt es nicht",
        code="unknown_table",
        where=file.at(_line_of(file, table.name or name)),
        allowed=f"Tabellen aus {', '.join(SCHEMAS)}",
        next_step=did_you_mean(name, known),
    )


def _line_of(file: SqlFile, word: str) -> int:
    for number, line in enumerate(file.sql.splitlines(), start=1):
        if word.lower() in line.lower():
            return number
    return 1
