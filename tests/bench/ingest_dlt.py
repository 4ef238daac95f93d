"""Way (d), run by another Python that has dlt: `PYTHON tests/bench/ingest_dlt.py {…}` prints JSON.

Imports nothing of this repository. The fastest backend that is installed is used: connectorx, else pyarrow.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time


def main(url: str, target: str, folder: str) -> dict[str, object]:
    """Load the table into a fresh DuckDB file."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    import dlt
    from dlt.sources.sql_database import sql_table

    fast = importlib.util.find_spec("connectorx") is not None
    began = time.monotonic()
    if fast:
        table = sql_table(
            url,
            table="fakt",
            backend="connectorx",
            reflection_level="full_with_precision",
            backend_kwargs={"return_type": "arrow", "conn": url},
        )
    else:
        table = sql_table(url.replace("postgresql:", "postgresql+psycopg:"), table="fakt", backend="pyarrow")
    pipeline = dlt.pipeline(
        "messung", destination=dlt.destinations.duckdb(target), pipelines_dir=folder, dataset_name="stage"
    )
    pipeline.run(table, write_disposition="replace")
    seconds = time.monotonic() - began
    with pipeline.sql_client() as client:
        rows = client.execute_sql("SELECT count(*) FROM fakt")[0][0]
    return {"seconds": seconds, "rows": rows, "backend": "connectorx" if fast else "pyarrow"}


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
