"""The ways to be compared, one per process: `python -m tests.bench.ingest_ways WAY {…}` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.ingest_table import COLUMNS


def ours(city: str, night: int, **_: Any) -> dict[str, Any]:
    """One real refresh; seconds of its stages."""
    from dashboard.jobs.refresh import Request, run_refresh
    from dashboard.settings import load_settings
    from warehouse.ledger import Ledger

    settings = load_settings(Path(city), {})
    now = datetime(2026, 6, 8 + night, 10, tzinfo=UTC)
    began = time.monotonic()
    record = run_refresh(settings, Ledger(settings.ledger_url), Request(now.date()), now=lambda: now)
    seconds = time.monotonic() - began
    failed = [line.sentence() for line in record.sources if line.state != "aktuell"]
    if record.state != "published" or failed:
        raise SystemExit(f"{record.state}: {record.reason} {failed}")
    stages = {str(step["stage"]): step["seconds"] for step in record.steps}
    rows = sum(line.published for line in record.sources)
    return {"seconds": seconds, "stages": stages, "rows": rows, "sources": len(record.sources)}


def pandas(url: str, target: str, **_: Any) -> dict[str, Any]:
    """The ordinary way: the whole table as a data frame, then into DuckDB."""
    import duckdb
    import pandas as pd
    import sqlalchemy as sa

    began = time.monotonic()
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    frame = pd.read_sql("SELECT * FROM fakt", engine)
    connection = duckdb.connect(target)
    connection.register("frame", frame)
    connection.execute("CREATE TABLE fakt AS SELECT * FROM frame")
    rows = connection.execute("SELECT count(*) FROM fakt").fetchall()[0][0]
    connection.close()
    return {"seconds": time.monotonic() - began, "rows": rows}


def read_csv(path: str, target: str, **_: Any) -> dict[str, Any]:
    """DuckDB reads the file with declared types into a table."""
    import duckdb

    began = time.monotonic()
    columns = ", ".join(f"'{name}': '{kind}'" for name, (kind, _) in COLUMNS.items())
    connection = duckdb.connect(target)
    read = f"read_csv('{path}', header = true, columns = {{{columns}}})"
    connection.execute(f"CREATE TABLE fakt AS SELECT * FROM {read}")
    rows = connection.execute("SELECT count(*) FROM fakt").fetchall()[0][0]
    connection.close()
    return {"seconds": time.monotonic() - began, "rows": rows}


WAYS: dict[str, Callable[..., dict[str, Any]]] = {"ours": ours, "pandas": pandas, "read_csv": read_csv}

if __name__ == "__main__":
    print(json.dumps(WAYS[sys.argv[1]](**json.loads(sys.argv[2]))))
