"""Keys that came more than once: equal rows are duplicates, contradicting ones are all refused."""

# ruff: noqa: S608 - names come from contracts through `quote`, texts through `literal`, values are parameters

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from warehouse.cast import masked
from warehouse.check import LINE, row_key
from warehouse.contract import Column
from warehouse.digest import fingerprint, row_hash
from warehouse.rowsfile import RowsFile
from warehouse.store import Connection, literal, quote


@dataclass(frozen=True)
class Repeats:
    """How many rows left the file: refused, or recognised as duplicates."""

    contradicting: int = 0
    duplicates: int = 0


def settle_repeats(
    connection: Connection,
    file: RowsFile,
    columns: Mapping[str, Column],
    key: Sequence[str],
    *,
    last_wins: bool,
) -> Repeats:
    """Remove from the file what may not stay; contradicting rows go to the table `refused`.

    Only rows whose key hash is in `seen` more than once are looked at; whether their keys are equal and
    whether their contents are, is decided by the values themselves. Of equal rows the first stays; with
    `last_wins` the last one of a key stays, whatever the others say.
    """
    _find_suspects(connection, file, columns, key)
    _judge(connection, columns, key, last_wins=last_wins)
    counted = connection.execute(
        "SELECT count(*) FILTER (contradicts), count(*) FILTER (NOT contradicts) FROM dropped"
    ).fetchone()
    repeats = Repeats(*(counted or (0, 0)))
    if repeats.contradicting:
        _refuse(connection, file, columns, key)
    if repeats != Repeats():
        _rewrite(connection, file, columns)
    return repeats


def _find_suspects(
    connection: Connection, file: RowsFile, columns: Mapping[str, Column], key: Sequence[str]
) -> None:
    connection.execute(
        f"CREATE TEMP TABLE suspect AS SELECT file_row_number AS position, {_names([*columns, LINE])}"
        f" FROM {_rows(file)} WHERE {row_hash(key)}"
        " IN (SELECT key_hash FROM seen GROUP BY key_hash HAVING count(*) > 1)"
    )


def _judge(
    connection: Connection, columns: Mapping[str, Column], key: Sequence[str], *, last_wins: bool
) -> None:
    names = _names(key)
    content = " || ".join(fingerprint(name) for name in columns)
    # Of messages the last counts, in the order they were taken; of repeated rows the first.
    staying, versions = ("max", "1") if last_wins else ("min", f"count(DISTINCT {content})")
    same = " AND ".join(f"s.{quote(name)} IS NOT DISTINCT FROM g.{quote(name)}" for name in key)
    connection.execute(
        "CREATE TEMP TABLE dropped AS SELECT s.position, g.versions > 1 AS contradicts FROM suspect AS s"
        f" JOIN (SELECT {names}, {staying}(position) AS staying, {versions} AS versions"
        f" FROM suspect GROUP BY {names} HAVING count(*) > 1) AS g ON {same}"
        " WHERE g.versions > 1 OR s.position <> g.staying"
    )


def _refuse(
    connection: Connection, file: RowsFile, columns: Mapping[str, Column], key: Sequence[str]
) -> None:
    shown = " || ' | ' || ".join(_shown(name, columns[name]) for name in key)
    starts, names = zip(*file.origins, strict=True)
    connection.register("origin", pa.table({"start": starts, "file": pa.array(names, pa.string())}))
    connection.execute(
        f"INSERT INTO refused SELECT origin.file, {LINE}, {literal(', '.join(key))}, 'key_contradiction',"
        f" {shown}, {row_key(key)} FROM (SELECT * FROM suspect"
        " WHERE position IN (SELECT position FROM dropped WHERE contradicts)) AS s"
        " ASOF JOIN origin ON s.position >= origin.start"
    )
    connection.unregister("origin")


def _rewrite(connection: Connection, file: RowsFile, columns: Mapping[str, Column]) -> None:
    settled = file.path.with_suffix(".settled")
    connection.execute(
        f"COPY (SELECT {_names([*columns, LINE])} FROM {_rows(file)}"
        " WHERE file_row_number NOT IN (SELECT position FROM dropped) ORDER BY file_row_number)"
        f" TO {literal(str(settled))} (FORMAT parquet, COMPRESSION zstd)"
    )
    settled.replace(file.path)


def _shown(name: str, column: Column) -> str:
    return f"coalesce({masked(f'CAST({quote(name)} AS VARCHAR)', column)}, '')"


def _rows(file: RowsFile) -> str:
    return f"read_parquet({literal(str(file.path))}, file_row_number = true)"


def _names(names: Iterable[str]) -> str:
    return ", ".join(quote(name) for name in names)
