"""SQL expressions that turn delivered values into contract values, or into a reason why not.

All text in these expressions comes from contracts and declarations and passes `literal` or `quote`;
delivered values are only ever columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.contract import Column
from warehouse.store import literal, quote
from warehouse.textformat import (
    CANONICAL,
    GROUP_BLANKS,
    TextFormat,
    date_pattern,
    decimal_pattern,
    integer_pattern,
    unit_pattern,
)

REASONS: dict[str, str] = {
    "required_missing": "Pflichtangabe fehlt.",
    "not_a_number": "Der Wert ist keine Zahl im vereinbarten Format.",
    "too_many_decimals": "Der Wert hat mehr Nachkommastellen als vereinbart; es wird nicht gerundet.",
    "not_a_date": "Der Wert ist kein Datum im vereinbarten Format.",
    "not_a_boolean": "Der Wert ist keine vereinbarte Ja/Nein-Angabe.",
    "not_an_integer": "Der Wert ist keine ganze Zahl im vereinbarten Format.",
    "pattern_mismatch": "Der Wert entspricht nicht dem vereinbarten Muster.",
    "value_not_allowed": "Der Wert gehört nicht zu den vereinbarten Werten.",
    "below_minimum": "Der Wert liegt unter dem kleinsten zulässigen Wert.",
    "above_maximum": "Der Wert liegt über dem größten zulässigen Wert.",
    "before_earliest": "Der Tag liegt vor dem frühesten, der für diese Quelle vereinbart ist.",
    "after_latest": "Der Tag liegt nach dem spätesten, der für diese Quelle vereinbart ist.",
    "key_contradiction": "Mehrere Zeilen mit demselben Schlüssel widersprechen sich; alle sind abgelehnt.",
    "extra_field": "Die Zeile hat mehr Felder als die Kopfzeile.",
    "missing_field": "Die Zeile hat weniger Felder als die Kopfzeile.",
    "undecodable": "Die Zeile enthält Zeichen, die in der vereinbarten Kodierung nicht vorkommen.",
    "malformed_row": "Die Zeile ist nicht wohlgeformt, zum Beispiel durch ein einzelnes Anführungszeichen.",
    "no_rule": "Keine Regel der Quelle trifft auf die Zeile zu; was sie bedeutet, ist nicht vereinbart.",
    "error_cell": "Die Zelle enthält einen Fehlerwert statt einer Angabe.",
}
"""German sentence of each reason code."""

OTHER_REASON = "Die Zeile konnte nicht gelesen werden."

_TYPE_REASON = {
    "integer": "not_an_integer",
    "decimal": "not_a_number",
    "boolean": "not_a_boolean",
    "date": "not_a_date",
    "timestamp": "not_a_date",
    "text": "undecodable",
}
_SPANS = {
    "date": ("DATE '0001-01-01'", "DATE '9999-12-31'"),
    "timestamp": ("TIMESTAMP '0001-01-01'", "TIMESTAMP '9999-12-31 23:59:59.999999'"),
}
_OUTER_BLANKS = GROUP_BLANKS + "\t\ufeff"


@dataclass(frozen=True)
class Cast:
    """How one column is read, in two steps over a batch.

    `source` is worked out first and then known as `source_of(name)`; `value` (of the contract's type, NULL
    when it cannot be read) is an expression over that. `too_precise` tells, of a source without a value,
    whether it has more decimals than agreed; None when that cannot be.
    """

    source: str
    value: str
    too_precise: str | None = None


def trimmed(piece: pa.Table, names: Iterable[str]) -> pa.Table:
    """The same rows with the texts of some columns without outer blanks.

    The database takes thirty times as long for it, more than for all other checks of a text file.
    """
    for name in set(names).intersection(piece.schema.names):
        at = piece.schema.get_field_index(name)
        if _is_text(piece.schema.field(at).type):
            bare = pc.utf8_trim(piece.column(at).cast(pa.string()), _OUTER_BLANKS)
            piece = piece.set_column(at, name, bare)
    return piece


def cast_text(name: str, column: Column, text_format: TextFormat) -> Cast:
    """Text written by declared rules, `trimmed`. Null marks become NULL, all else has to fit exactly."""
    told = f"CAST({quote(name)} AS VARCHAR)"
    text = f"CASE WHEN {told} IN ({_list(text_format.null)}) THEN NULL ELSE {told} END"
    return _from_text(name, text, column, text_format)


def cast_typed(name: str, column: Column, arrow_type: pa.DataType) -> Cast:
    """Typed values of a database. Text among them has to be written the ISO way."""
    if _is_text(arrow_type):
        return _from_text(name, f"CAST({quote(name)} AS VARCHAR)", column, CANONICAL)
    source = source_of(name)
    value, loses = _typed_value(source, column, arrow_type), _loses(source, column, arrow_type)
    return Cast(quote(name), f"CASE WHEN NOT {loses} THEN {value} END" if loses else value, loses)


def fits(column: Column, arrow_type: pa.DataType) -> bool:
    """Whether a column of this Arrow type may feed a contract column at all."""
    t = pa.types
    if t.is_null(arrow_type) or _is_text(arrow_type):
        return True
    number = t.is_integer(arrow_type) or t.is_decimal(arrow_type) or t.is_floating(arrow_type)
    moment = t.is_date(arrow_type) or t.is_timestamp(arrow_type)
    may: dict[str, bool] = {
        "text": t.is_integer(arrow_type),
        "integer": number,
        "decimal": number,
        "boolean": t.is_boolean(arrow_type) or t.is_integer(arrow_type),
        "date": moment,
        "timestamp": moment,
    }
    return may[column.type]


def source_of(name: str) -> str:
    """Name of a column as it was delivered, beside its value."""
    return quote("_source " + name)


def text_of(name: str) -> str:
    """Expression: a column as it was delivered, as text. Costs a cast; for refused rows only."""
    return f"CAST({source_of(name)} AS VARCHAR)"


def faults(name: str, column: Column, cast: Cast) -> list[tuple[str, str]]:
    """What can be wrong with a value: conditions and their reason codes (both expressions).

    The first that holds counts.
    """
    value = quote(name)
    reason = literal(_TYPE_REASON[column.type])
    if cast.too_precise:
        reason = f"CASE WHEN {cast.too_precise} THEN 'too_many_decimals' ELSE {reason} END"
    rules = [(condition, literal(code)) for condition, code in _rules(value, column)]
    return [(f"{value} IS NULL AND {source_of(name)} IS NOT NULL", reason), *rules]


def _rules(value: str, column: Column) -> Iterator[tuple[str, str]]:
    as_text = value if column.type == "text" else f"CAST({value} AS VARCHAR)"
    if column.type in ("date", "timestamp"):
        # Databases know days before our era and „infinity“; no program behind us can reckon with those.
        first, last = _SPANS[column.type]
        yield f"{value} NOT BETWEEN {first} AND {last}", "not_a_date"
    if column.required:
        # Filled text is required text: a blank says nothing.
        blank = f" OR {value} = ''" if column.type == "text" else ""
        yield f"{value} IS NULL{blank}", "required_missing"
    if column.pattern is not None:
        yield f"NOT regexp_full_match({as_text}, {literal(column.pattern)})", "pattern_mismatch"
    if column.allowed:
        yield f"{as_text} NOT IN ({_list(column.allowed)})", "value_not_allowed"
    if column.minimum is not None:
        yield f"{value} < {_number(column.minimum)}", "below_minimum"
    if column.maximum is not None:
        yield f"{value} > {_number(column.maximum)}", "above_maximum"
    if column.earliest is not None:
        yield f"CAST({value} AS DATE) < DATE {literal(column.earliest.isoformat())}", "before_earliest"
    if column.latest is not None:
        yield f"CAST({value} AS DATE) > DATE {literal(column.latest.isoformat())}", "after_latest"


def masked(expression: str, column: Column | None) -> str:
    """What the quarantine keeps of a refused value: two characters of text, numbers and dates in full.

    Five letters in a row are no number: somebody's name may stand in the wrong column.
    """
    short = f"substr({expression}, 1, 2) || CASE WHEN length({expression}) > 2 THEN '…' ELSE '' END"
    if column is None or column.type == "text":
        return f"({short})"
    hidden = f"length({expression}) > 40 OR regexp_matches({expression}, '\\pL{{5}}')"
    return f"(CASE WHEN {hidden} THEN {short} ELSE {expression} END)"


def _from_text(name: str, source: str, column: Column, form: TextFormat) -> Cast:
    text = source_of(name)
    if column.type == "text":
        # A NUL byte ends strings in other programs: what follows it would be invisible.
        return Cast(source, f"CASE WHEN contains({text}, chr(0)) THEN NULL ELSE {text} END")
    if column.type == "boolean":
        yes, no = _list(form.true), _list(form.false)
        return Cast(source, f"CASE WHEN {text} IN ({yes}) THEN true WHEN {text} IN ({no}) THEN false END")
    if column.type in ("date", "timestamp"):
        return Cast(source, _moment(text, column, form))
    return Cast(source, *_number_from_text(text, column, form))


def _moment(text: str, column: Column, form: TextFormat) -> str:
    if form is CANONICAL and column.type == "timestamp":
        pattern, parsed = (
            r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?",
            f"TRY_CAST({text} AS TIMESTAMP)",
        )
    elif form is CANONICAL:
        pattern, parsed = (
            r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0{1,6})?)?)?",
            f"TRY_CAST(TRY_CAST({text} AS TIMESTAMP) AS DATE)",
        )
    else:
        written = form.date if column.type == "date" else form.timestamp
        pattern = date_pattern(written)
        parsed = f"CAST(try_strptime({text}, {literal(written)}) AS {column.duckdb_type})"
    return f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN {parsed} END"


def _number_from_text(text: str, column: Column, form: TextFormat) -> tuple[str, str | None]:
    # Word processors turn the hyphen into the real minus sign.
    signed = f"replace({text}, '\u2212', '-')"
    if form.unit:
        signed = f"regexp_replace({signed}, {literal(unit_pattern(form))}, '')"
    whole = column.type == "integer"
    matches = f"regexp_full_match({signed}, {literal(_pattern(column, form))})"
    plain = _leading_sign(_with_point(_without_marks(signed, form), form), form)
    target = column.duckdb_type
    value = (
        # Most numbers are written without any ornament; nothing has to be taken away from those.
        f"CASE WHEN regexp_full_match({text}, {literal(_bare_pattern(column, form))})"
        f" THEN TRY_CAST({text if whole else _with_point(text, form)} AS {target})"
        f" WHEN {matches} THEN TRY_CAST({plain} AS {target}) END"
    )
    if whole:
        return value, None
    is_number = f"regexp_full_match({signed}, {literal(decimal_pattern(form))})"
    return value, f"{is_number} AND NOT {matches}"


def _pattern(column: Column, form: TextFormat) -> str:
    if column.type == "integer":
        return integer_pattern(form)
    # A database fills every place of its type: 12.5000 is 12.50. In a file 1,500 may be fifteen hundred.
    return decimal_pattern(form, most=column.scale, zeros=form is CANONICAL)


def _bare_pattern(column: Column, form: TextFormat) -> str:
    if column.type == "integer" or not column.scale:
        return r"-?\d+"
    return rf"-?\d+({re.escape(form.decimal)}\d{{1,{column.scale}}})?"


def _without_marks(number: str, form: TextFormat) -> str:
    marks = form.thousands or ""
    if len(marks) == 1 and marks != " ":
        return f"replace({number}, {literal(marks)}, '')"
    return f"translate({number}, {literal(GROUP_BLANKS + marks)}, '')" if marks else number


def _with_point(number: str, form: TextFormat) -> str:
    return number if form.decimal == "." else f"replace({number}, {literal(form.decimal)}, '.')"


def _leading_sign(plain: str, form: TextFormat) -> str:
    """The minus sign in front, wherever the format allows it to stand."""
    if form.negative == "leading":
        return plain
    bare = f"translate({plain}, '-()', '')"
    return f"(CASE WHEN {plain} LIKE '%-' OR {plain} LIKE '(%' THEN '-' || {bare} ELSE {plain} END)"


def _typed_value(source: str, column: Column, arrow_type: pa.DataType) -> str:
    target = column.duckdb_type
    plain = f"TRY_CAST({source} AS {target})"
    if column.type == "boolean" and not pa.types.is_boolean(arrow_type):
        return f"CASE WHEN {source} IN (0, 1) THEN {plain} END"
    if column.type == "date" and pa.types.is_timestamp(arrow_type):
        return f"CASE WHEN CAST({source} AS TIMESTAMP) = CAST({source} AS DATE) THEN {plain} END"
    if column.type == "integer" and not pa.types.is_integer(arrow_type):
        return f"CASE WHEN {source} = {plain} THEN {plain} END"
    return plain


def _loses(source: str, column: Column, arrow_type: pa.DataType) -> str | None:
    exact = pa.types.is_integer(arrow_type) or (
        pa.types.is_decimal(arrow_type) and arrow_type.scale <= column.scale
    )
    if column.type != "decimal" or exact:
        return None
    rounded = f"TRY_CAST({source} AS {column.duckdb_type})"
    if pa.types.is_floating(arrow_type):
        # 0.1 + 0.2 is thirty cents: binary noise beyond 15 digits (7 in four bytes) is not a decimal place.
        noise = "1e-9 * greatest(1, abs(told))" if pa.types.is_float64(arrow_type) else "1e-7 * abs(told)"
        noise = noise.replace("told", f"CAST({source} AS DOUBLE)")
        return f"coalesce(abs(CAST({source} AS DOUBLE) - CAST({rounded} AS DOUBLE)) > {noise}, false)"
    return f"coalesce({source} <> {rounded}, false)"


def _is_text(arrow_type: pa.DataType) -> bool:
    if pa.types.is_dictionary(arrow_type):
        arrow_type = arrow_type.value_type
    return bool(
        pa.types.is_string(arrow_type)
        or pa.types.is_large_string(arrow_type)
        or pa.types.is_string_view(arrow_type)
    )


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words) or "NULL"


def _number(limit: float) -> str:
    return format(Decimal(repr(limit)), "f")
