"""Tables whose columns are only renamed, translated or turned: mapped column by column, not row by row."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from connectors.batches import text_schema
from connectors.formats.shape import Shape
from connectors.formats.spec import FileTable
from connectors.formats.steps import render
from warehouse.landing import DELETED, FILE, LINE

# What a table may declare and still be mapped column by column.
_ROW_BY_ROW = (
    "unpivot", "rule", "compose", "extract", "factor", "skip_rows_where", "deleted_when", "control_total",
    "section", "last_row", "fill_down", "equation", "allow_blank_columns",
)  # fmt: skip


def is_plain(table: FileTable) -> bool:
    """Whether nothing is declared that looks at single rows."""
    return not any(getattr(table, name) for name in _ROW_BY_ROW) and table.text.negative == "leading"


def is_typed(table: FileTable) -> bool:
    """Whether the columns keep their types on the way to the landing zone."""
    return (
        table.format == "parquet"
        and "text" not in table.model_fields_set
        and not table.map
        and is_plain(table)
    )


def shaped(
    columns: Mapping[str, pa.Array], lines: pa.Array, shape: Shape, file: str, *, typed: bool
) -> pa.RecordBatch:
    """One batch with contract columns out of the columns of a file, by their headers."""
    table, count = shape.table, len(lines)
    arrays: dict[str, pa.Array] = {LINE: lines, FILE: pa.repeat(pa.scalar(file, pa.string()), count)}
    for name in shape.columns:
        if name == DELETED:
            continue
        if name in table.constants:
            said = render(table.constants[name], table.written_as)
            arrays[name] = pa.repeat(pa.scalar(said, pa.string()), count)
            continue
        array = columns[table.source_column(name)]
        if (mapping := table.map.get(name)) is not None:
            array = _translated(array, mapping)
        arrays[name] = _turned(array) if table.sign.get(name, 1) < 0 else array
    if typed:
        return pa.RecordBatch.from_pydict(arrays)
    schema = text_schema(shape.columns)
    nothing = pa.nulls(count, pa.string())
    return pa.RecordBatch.from_arrays([arrays.get(name, nothing) for name in schema.names], schema=schema)


def _translated(array: pa.Array, mapping: Mapping[str, str]) -> pa.Array:
    places = pc.index_in(pc.utf8_trim_whitespace(array), value_set=pa.array(list(mapping), pa.string()))
    words = pa.array(list(mapping.values()), pa.string())
    # A value nobody mapped stays visible, so that the quarantine can name it.
    return pc.coalesce(pc.take(words, places), array)


def _turned(array: pa.Array) -> pa.Array:
    if not pa.types.is_string(array.type):
        return pc.negate_checked(array)
    plain = pc.replace_substring(pc.utf8_trim_whitespace(array), "\u2212", "-")
    has_minus = pc.starts_with(plain, "-")
    is_number = pc.match_substring_regex(plain, r"^[+0-9]")
    turned = pc.binary_join_element_wise("-", pc.replace_substring_regex(plain, r"^\+", ""), "")
    return pc.if_else(has_minus, pc.utf8_slice_codeunits(plain, 1), pc.if_else(is_number, turned, array))
