"""A city with many small sources, and the ways in which each of them can go wrong in a night."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from tests.tiny_city import PORTAL, write_rows
from warehouse.store import Snapshot, quote

HEAD = ("appointment_id", "on_date", "title", "detail")
WRITTEN = datetime(2026, 6, 9, 1, tzinfo=UTC)
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
FILE = """title = "Quelle {name}"
owner = "FD 10"
kind = "files"
nature = "echt"
[[table]]
feeds = "appointment"
path = "inbox/{name}.csv"
"""
TABLE = """title = "Quelle {name}"
owner = "FD 50"
kind = "sql"
nature = "echt"
minutes = 0.25
[connection]
url = "sqlite:///inbox/{name}.sqlite"
[[table]]
feeds = "case"
query = "SELECT procedure, case_id, org_unit_id, channel, received_on, decided_on, changed_at FROM vorgang"
"""


def source_names(count: int) -> list[str]:
    """Every fifth one is a database, the others are files."""
    return [f"{'db' if number % 5 == 0 else 'datei'}_{number:03d}" for number in range(count)]


def write_many(folder: Path, names: Sequence[str]) -> None:
    """Write the declarations and the deliveries of the first night."""
    for part in ("sources", "inbox", "var"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "portal.toml").write_text(PORTAL + "[night]\nparallel = 4\n", encoding="utf-8")
    for name in names:
        text = TABLE if name.startswith("db") else FILE
        (folder / "sources" / f"{name}.toml").write_text(text.format(name=name), encoding="utf-8")
    deliver(folder, names, night=0)


def deliver(folder: Path, names: Sequence[str], night: int) -> None:
    """What the sources deliver in a night: never twice the same rows, never the same number of them."""
    for name in names:
        rows = 20 + (int(name[-3:]) + night) % 7
        if name.startswith("db"):
            _deliver_table(folder / "inbox" / f"{name}.sqlite", name, rows, night)
        else:
            lines = [
                (f"{name}-{n}", f"{n % 28 + 1:02d}.06.2026", f"Nacht {night}", name) for n in range(rows)
            ]
            write_rows(folder / "inbox" / f"{name}.csv", HEAD, lines)
            lie_there(folder / "inbox" / f"{name}.csv")


def lie_there(path: Path) -> None:
    """Give a file its age; two towns with the same files have the same Datenstand."""
    os.utime(path, (WRITTEN.timestamp(), WRITTEN.timestamp()))


def _deliver_table(path: Path, name: str, rows: int, night: int) -> None:
    path.unlink(missing_ok=True)
    con = sqlite3.connect(path)
    columns = "procedure, case_id, org_unit_id, channel, received_on, decided_on, changed_at"
    con.execute(f"CREATE TABLE vorgang ({columns.replace(',', ' TEXT,')} TEXT)")
    days = ("2026-05-01", "2026-05-20", f"2026-05-20 10:{night:02d}:00")
    con.executemany(
        "INSERT INTO vorgang VALUES ('wohngeld', ?, 'FD50', ?, ?, ?, ?)",
        [(f"{name}-{n}", "online", *days) for n in range(rows)],
    )
    con.commit()
    con.close()


Fault = Callable[[Path, random.Random], None]


def _cut(path: Path, chance: random.Random) -> None:
    data = path.read_bytes()
    # In the middle of a line, never at its end: what remains cannot be taken for a whole delivery.
    end = data.index(b";", chance.randrange(len(data) // 4, len(data) // 3))
    _write(path, data[:end])


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    lie_there(path)


def _rename_column(path: Path, _: random.Random) -> None:
    _write(path, path.read_bytes().replace(b"on_date", b"on_day", 1))


def _spoil_dates(path: Path, _: random.Random) -> None:
    _write(path, path.read_bytes().replace(b".06.2026", b".13.2026"))


def _double_keys(path: Path, _: random.Random) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    contradicting = [line.replace("Nacht", "Tag") for line in lines[1:4]]
    _write(path, ("\n".join([*lines, *contradicting]) + "\n").encode())


def _become_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _misspell(path: Path, _: random.Random) -> None:
    source = path.parents[1] / "sources" / f"{path.stem}.toml"
    source.write_text(source.read_text(encoding="utf-8").replace("feeds", "fedes"), encoding="utf-8")


def _never_end(path: Path, _: random.Random) -> None:
    source = path.parents[1] / "sources" / f"{path.stem}.toml"
    text = source.read_text(encoding="utf-8").split("query =")[0]
    source.write_text(f'{text}query = "{ENDLESS}"\n', encoding="utf-8")


def _drop_table(path: Path, _: random.Random) -> None:
    con = sqlite3.connect(path)
    con.execute("ALTER TABLE vorgang RENAME TO vorgang_alt")
    con.close()


def _shrink(path: Path, _: random.Random) -> None:
    con = sqlite3.connect(path)
    con.execute("DELETE FROM vorgang WHERE rowid > 2")
    con.commit()
    con.close()


def _garble(path: Path, chance: random.Random) -> None:
    _write(path, chance.randbytes(path.stat().st_size))


ANY_FAULTS: tuple[Fault, ...] = (
    lambda path, _: path.unlink(),
    lambda path, _: _write(path, b""),
    _garble,
    _become_folder,
    _misspell,
)
FILE_FAULTS: tuple[Fault, ...] = (*ANY_FAULTS, _cut, _rename_column, _spoil_dates, _double_keys)
TABLE_FAULTS: tuple[Fault, ...] = (*ANY_FAULTS, _never_end, _drop_table, _shrink)


def break_sources(folder: Path, names: Sequence[str], count: int, seed: int) -> list[str]:
    """Break so many sources at random; returns which."""
    chance = random.Random(seed)
    chosen = chance.sample(list(names), count)
    for name in chosen:
        is_table = name.startswith("db")
        fault = chance.choice(TABLE_FAULTS if is_table else FILE_FAULTS)
        fault(folder / "inbox" / f"{name}.{'sqlite' if is_table else 'csv'}", chance)
    return chosen


def fingerprints(snapshot: Snapshot, names: Sequence[str]) -> dict[str, str]:
    """Hash over every byte that is published of a source, without the numbers of the runs."""
    return {name: _fingerprint(snapshot, name) for name in names}


def _fingerprint(snapshot: Snapshot, name: str) -> str:
    digest = hashlib.sha256()
    table = "case" if name.startswith("db") else "appointment"
    for schema in ("stage", "core"):
        columns = [
            c for c, _ in snapshot.describe(f"SELECT * FROM {schema}.{quote(table)}") if c != "_run_id"
        ]
        chosen = ", ".join(map(quote, columns))
        where = "_source = $1" if "_source" in columns else f"starts_with({quote(f'{table}_id')}, $1)"
        rows = snapshot.query(
            f"SELECT {chosen} FROM {schema}.{quote(table)} WHERE {where} ORDER BY ALL", [name]
        )
        digest.update(repr((schema, columns, rows)).encode())
    for table, kept in (
        ("source", "title, state, reason_code, reason, as_of, stale, read, published, rejected, duplicates"),
        ("load", "table_no, state, as_of, read, published, rejected, delivery_hash, content_hash, cursor"),
    ):
        rows = snapshot.query(f"SELECT {kept} FROM meta.{table} WHERE source = $1 ORDER BY ALL", [name])
        digest.update(repr((table, rows)).encode())
    return digest.hexdigest()


def business_day(night: int) -> date:
    """Business date of a night."""
    return date(2026, 6, 9 + night)


def copy_city(source: Path, target: Path) -> Path:
    """The same city once more, files as old as they were."""
    shutil.copytree(source, target, symlinks=True)
    for path in target.rglob("*"):
        if path.suffix == ".duckdb":
            path.chmod(0o444)
    return target
