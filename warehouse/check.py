"""The one statement that checks a piece of a delivery: values of contract types, first fault, hashes."""

# ruff: noqa: S608 - names come from contracts through `quote`, texts through `literal`, values are parameters

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from warehouse.cast import (
    Cast,
    cast_text,
    cast_typed,
    faults,
    fits,
    masked,
    source_of,
    text_of,
)
from warehouse.contract import Column, Subject
from warehouse.digest import fingerprint, row_hash
from warehouse.errors import ContractError, did_you_mean
from warehouse.store import literal, quote
from warehouse.textformat import TextFormat

LINE, FAULT, FAULT_COLUMN, RAW, FILE = "_line", "_fault", "_fault_column", "_raw", "_file"
DELETED = "_deleted"
REASON, REASON_COLUMN, MASKED, ROW_KEY = "_reason", "_reason_column", "_masked", "_row_key"
KEY_HASH, ROW_HASH, SECOND_HASH = "_key_hash", "_row_hash", "_second_hash"

_DELETED_COLUMN = Column(title="Gelöscht", type="boolean")
_NOTHING = "CAST(NULL AS VARCHAR)"


def delivered_columns(subject: Subject, schema: pa.Schema, key: Sequence[str]) -> dict[str, Column]:
    """Contract columns of a delivery. Raises ContractError(missing_column) naming what comes near."""
    columns = subject.columns
    missing = [name for name in columns if name not in schema.names and _is_needed(name, columns, key)]
    if missing:
        raise _missing(missing, subject, schema)
    found = {name: column for name, column in columns.items() if name in schema.names}
    return found | ({DELETED: _DELETED_COLUMN} if DELETED in schema.names else {})


def _is_needed(name: str, columns: Mapping[str, Column], key: Sequence[str]) -> bool:
    return columns[name].required or name in key


def _missing(missing: Sequence[str], subject: Subject, schema: pa.Schema) -> ContractError:
    free = [name for name in schema.names if name not in subject.columns and not name.startswith("_")]
    hints = [hint for name in missing if (hint := did_you_mean(name, free))]
    return ContractError(
        f"Spalte fehlt: {', '.join(f'„{name}“' for name in missing)}",
        code="missing_column",
        where=subject.id,
        found=", ".join(name for name in schema.names if not name.startswith("_")),
        allowed=", ".join(subject.columns),
        next_step="; ".join(hints) or "Bei der zuständigen Stelle fragen, ob die Spalte umbenannt wurde",
    )


def check_statement(
    table: str,
    schema: pa.Schema,
    columns: Mapping[str, Column],
    *,
    subject: Subject,
    text_format: TextFormat | None,
    key: Sequence[str],
) -> str:
    """SELECT over the registered `table`: contract columns, `_line`, `_file` and the columns named above.

    Reading happens in steps, so that nothing is worked out twice: what was delivered, its value, its
    fault. What a refused row costs (its text, masked) is only worked out for refused rows.
    Raises ContractError(retyped_column).
    """
    casts = {n: _cast(n, column, schema, subject, text_format) for n, column in columns.items()}
    beside = [name for name in (LINE, FAULT, FAULT_COLUMN, RAW, FILE) if name in schema.names]
    sources = [f"{cast.source} AS {source_of(name)}" for name, cast in casts.items()]
    values = [f"{cast.value} AS {quote(name)}" for name, cast in casts.items()]
    verdict = _verdict_of_row(schema, columns, casts, key)
    hashes = f"{row_hash(key)} AS {KEY_HASH}, {row_hash(columns)} AS {ROW_HASH}"
    return (
        f"SELECT {_names([*columns, LINE])}, {FILE if FILE in beside else f'{_NOTHING} AS {FILE}'},"
        f" _verdict.code AS {REASON}, _verdict.place AS {REASON_COLUMN}, _verdict.raw AS {MASKED},"
        f" CASE WHEN _verdict IS NOT NULL THEN {row_key(key)} END AS {ROW_KEY}, {hashes},"
        f" hash({ROW_HASH}) AS {SECOND_HASH}"
        f" FROM (SELECT *, {verdict} AS _verdict"
        f" FROM (SELECT *, {', '.join(values)}"
        f" FROM (SELECT {', '.join([*sources, *beside])} FROM {table})))"
    )


def row_key(key: Iterable[str]) -> str:
    """Expression: hash of a row's key, NULL when a part of it is missing; finds a refused row again."""
    parts = [quote(name) for name in key]
    whole = " || ".join(fingerprint(name) for name in key)
    return f"CASE WHEN {' AND '.join(f'{part} IS NOT NULL' for part in parts)} THEN md5({whole}) END"


def _cast(
    name: str, column: Column, schema: pa.Schema, subject: Subject, text_format: TextFormat | None
) -> Cast:
    arrow_type = schema.field(name).type
    if text_format is not None:
        return cast_text(name, column, text_format)
    if not fits(column, arrow_type):
        raise ContractError(
            f"Die Spalte „{name}“ hat einen anderen Typ",
            code="retyped_column",
            where=subject.id,
            found=str(arrow_type),
            allowed=column.type,
            next_step="Bei der zuständigen Stelle fragen oder die Spalte in der Abfrage umwandeln",
        )
    return cast_typed(name, column, arrow_type)


def _verdict_of_row(
    schema: pa.Schema, columns: Mapping[str, Column], casts: Mapping[str, Cast], key: Sequence[str]
) -> str:
    """The first fault of a row, or NULL. Only rows with any fault go through the faults one by one."""
    conditions, verdicts = [], []
    if FAULT in schema.names:
        place = FAULT_COLUMN if FAULT_COLUMN in schema.names else _NOTHING
        raw = masked(RAW, None) if RAW in schema.names else _NOTHING
        conditions.append(f"{FAULT} IS NOT NULL")
        verdicts.append(f"CASE WHEN {FAULT} IS NOT NULL THEN {_verdict(FAULT, place, raw)} END")
    for name, column in columns.items():
        found = faults(name, column, casts[name])
        # A deletion says which key is gone; the rest of the row need not be there.
        counts = f"NOT coalesce({DELETED}, false) AND " if _may_be_missing(name, columns, key) else ""
        conditions += [f"({counts}({condition}))" for condition, _ in found]
        code = " ".join(f"WHEN {counts}({condition}) THEN {reason}" for condition, reason in found)
        whole = _verdict(f"CASE {code} END", literal(name), masked(text_of(name), column))
        anything = " OR ".join(f"({condition})" for condition, _ in found)
        verdicts.append(f"CASE WHEN {counts}({anything}) THEN {whole} END")
    return f"CASE WHEN {' OR '.join(conditions)} THEN coalesce({', '.join(verdicts)}) END"


def _may_be_missing(name: str, columns: Mapping[str, Column], key: Sequence[str]) -> bool:
    return DELETED in columns and name not in (*key, DELETED)


def _verdict(code: str, place: str, raw: str) -> str:
    return f"struct_pack(code := {code}, place := {place}, raw := {raw})"


def _names(names: Iterable[str]) -> str:
    return ", ".join(quote(name) for name in names)
