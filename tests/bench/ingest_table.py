"""The table of the ingest measurement: eight columns, in a database, in a file, in a city."""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import datetime
from pathlib import Path

import psycopg

from dashboard.settings import create_secret

COLUMNS = {
    "id": ("bigint", "integer"),
    "day": ("date", "date"),
    "unit": ("integer", "integer"),
    "channel": ("text", "text"),
    "service": ("text", "text"),
    "pieces": ("integer", "integer"),
    "amount_eur": ("numeric(12,2)", "decimal"),
    "changed_at": ("timestamp", "timestamp"),
}
"""Column: its type in the database, its type in the contract."""

ROW = """SELECT n, date '2020-01-01' + (n % 2200)::integer, (n * 7919 % 60)::integer,
 (array['online', 'post', 'vor_ort', 'email', 'telefon'])[1 + n % 5], 'leistung-' || n * 104729 % 500,
 (n % 9)::integer, (n * 6700417 % 10000000) / 100.0, timestamp '2026-01-01' - (n % 100000) * interval '1 min'
 FROM generate_series(1::bigint, %s) AS n"""
DELIVERED = """
title = "Fakten"
owner = "FD 10"
kind = "%s"
nature = "beispiel"
%s[[table]]
feeds = "fakt"
%s
"""
QUERY = f"SELECT {', '.join(COLUMNS)} FROM fakt WHERE changed_at >= :since AND changed_at < :until"
FROM_DATABASE = f"""cursor = "changed_at"
first_date = 2000-01-01
write = "merge"
query = "{QUERY}"
"""
CSV_RULES = """path = "inbox/fakten*.csv"
delimiter = ","
text = { decimal = ".", date = "%Y-%m-%d", timestamp = "%Y-%m-%d %H:%M:%S" }
"""


def fill(url: str, rows: int) -> None:
    """Create the table `fakt` with so many rows."""
    fields = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE fakt ({fields}, PRIMARY KEY (id))")
        connection.execute("INSERT INTO fakt " + ROW.replace("%s", str(rows)).replace("%%", "%"))
        connection.execute("VACUUM ANALYZE fakt")


def change(url: str, moment: datetime) -> int:
    """Change one row in a hundred at `moment`; returns how many."""
    with psycopg.connect(url, autocommit=True) as connection:
        changed = connection.execute(
            "UPDATE fakt SET amount_eur = amount_eur + 1, changed_at = %s WHERE id %% 100 = 0", [moment]
        ).rowcount
        connection.execute("VACUUM ANALYZE fakt")
    return changed


def write_city(folder: Path, *, database: str | None = None, csv: bool = False, small: int = 0) -> Path:
    """Write a city with the subject `fakt` and the sources asked for; `small` is a number of sources."""
    for name in ("sources", "subjects", "inbox", "var"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    portal = f'name = "Messstadt"\nags = "01001000"\n[night]\nparallel = {os.cpu_count() or 1}\n'
    (folder / "portal.toml").write_text(portal, encoding="utf-8")
    (folder / "subjects/fakt.toml").write_text(_subject(), encoding="utf-8")
    sources = {}
    if database:
        sources["datenbank"] = DELIVERED % ("sql", f'[connection]\nurl = "{database}"\n', FROM_DATABASE)
    if csv:
        sources["datei"] = DELIVERED % ("files", "", CSV_RULES)
    sources |= dict(_small_source(folder, number) for number in range(small))
    for source, text in sources.items():
        (folder / f"sources/{source}.toml").write_text(text, encoding="utf-8")
    create_secret(folder)
    return folder


def _subject() -> str:
    fields = [
        f'[columns.{name}]\ntitle = "{name}"\ntype = "{kind}"\nrequired = true\n'
        for name, (_, kind) in COLUMNS.items()
    ]
    return 'title = "Fakt"\nkey = ["id"]\n' + "".join(fields)


SMALL_ROWS = 1000


def _small_source(folder: Path, number: int) -> tuple[str, str]:
    """A small Fachverfahren of its own: every second one a database, the others files."""
    rows = [_small_row(n) for n in range(SMALL_ROWS)]
    name = f"klein_{number:03d}"
    if number % 2:
        path = folder / f"inbox/{name}.csv"
        lines = [",".join(COLUMNS), *(",".join(map(str, row)) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        settle(path)
        return name, DELIVERED % ("files", "", CSV_RULES.replace("fakten*", name))
    database = folder / f"{name}.sqlite"
    connection = sqlite3.connect(database)
    connection.execute(f"CREATE TABLE fakt ({', '.join(COLUMNS)})")
    connection.executemany("INSERT INTO fakt VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    query = f'query = "SELECT {", ".join(COLUMNS)} FROM fakt"\n'
    return name, DELIVERED % ("sql", f'[connection]\nurl = "sqlite:///{name}.sqlite"\n', query)


def _small_row(n: int) -> tuple[object, ...]:
    day, moment = f"2026-{1 + n % 12:02d}-01", "2026-01-01 10:00:00"
    return (n, day, n % 60, "online", f"leistung-{n % 50}", n % 9, f"{n}.50", moment)


def settle(path: Path) -> None:
    """Make a file look as if nobody had written to it for an hour."""
    old = time.time() - 3600
    os.utime(path, (old, old))
