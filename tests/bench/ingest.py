"""How fast the night reads a large table: `python -m tests.bench.ingest` (or `make bench-ingest`).

A PostgreSQL of its own is started and filled. Each round runs every way once, each in new processes, one
after the other, so that a disturbed minute of the machine hits all of them; medians are told. Memory
is the most any single process of a way held.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bench import peak
from tests.bench.ingest_table import SMALL_ROWS, change, fill, settle, write_city
from tests.postgres import Cluster, binaries

PARTS = ("postgres", "csv", "small")
LANDING, MERGE = "S2", "S5"
STAGES = {"S1": "plan", "S2": "landing", "S5": "merge", "S6": "build", "S7": "audit", "S8": "publish"}
FIVE_MINUTES = 300


class Bench:
    """The measured seconds and memory of every way."""

    def __init__(self, folder: Path, chosen: argparse.Namespace) -> None:
        self.folder, self.rows, self.small, self.dlt = folder, chosen.rows, chosen.small, chosen.dlt
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.peaks: dict[str, float] = defaultdict(float)

    def ours(self, label: str, city: Path, night: int = 1) -> int:
        """One refresh in a process of its own; returns the rows it published."""
        said = self.way("ours", {"city": str(city), "night": night}, label)
        for stage, seconds in said["stages"].items():
            self.seconds[f"{label} {stage}"].append(seconds)
        return int(said["rows"])

    def way(
        self,
        name: str,
        arguments: dict[str, Any],
        label: str | None = None,
        command: Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """Run one way in a process of its own and note what it took."""
        words = command or peak.python("tests.bench.ingest_ways", name)
        done = peak.run([*words, json.dumps(arguments)])
        self.note(label or name, float(done.said["seconds"]), done.peak_mib)
        return done.said

    def note(self, name: str, seconds: float, peak_mib: float = 0.0) -> None:
        """Keep one measurement."""
        self.seconds[name].append(seconds)
        self.peaks[name] = max(self.peaks[name], peak_mib)
        print(f"  {name:<24} {seconds:8.2f} s  {peak_mib:6.0f} MiB", file=sys.stderr, flush=True)

    def median(self, *names: str) -> float:
        """Sum of the medians of some measurements; 0.0 for what was not measured."""
        return sum(statistics.median(self.seconds[name]) for name in names if self.seconds.get(name))


def postgres_round(bench: Bench, cluster: Cluster, url: str, number: int) -> None:
    """Limit, first load and 1 % changed of ours, pandas, dlt."""
    bench.note("limit", _seconds_of_copy(cluster, url, "binary", Path(os.devnull)))
    with _fresh(bench.folder / "stadt") as city:
        write_city(city, database=url)
        _require(bench.ours("first", city), bench.rows)
        changed = change(url, datetime(2026, 2, 1) + timedelta(days=number))
        # The rows that carry the last cursor are read again: nothing may fall between two nights.
        _require(bench.ours("changed", city, night=2), changed, at_most=2 * changed + bench.rows // 1000)
    with _fresh(bench.folder / "pandas") as place:
        _require(bench.way("pandas", {"url": url, "target": str(place / "x.duckdb")})["rows"], bench.rows)
    if bench.dlt:
        with _fresh(bench.folder / "dlt") as place:
            script = [bench.dlt, str(Path(__file__).with_name("ingest_dlt.py"))]
            arguments = {"url": url, "target": str(place / "x.duckdb"), "folder": str(place / "state")}
            _require(bench.way("dlt", arguments, command=script)["rows"], bench.rows)


def csv_round(bench: Bench, file: Path) -> None:
    """The same rows as a file: DuckDB alone, and ours."""
    with _fresh(bench.folder / "csv") as place:
        arguments = {"path": str(file), "target": str(place / "x.duckdb")}
        _require(bench.way("read_csv", arguments)["rows"], bench.rows)
    with _fresh(bench.folder / "stadt") as city:
        write_city(city, csv=True)
        (city / "inbox/fakten.csv").hardlink_to(file)
        _require(bench.ours("csv", city), bench.rows)


def small_round(bench: Bench) -> None:
    """A night of many small sources."""
    with _fresh(bench.folder / "stadt") as city:
        write_city(city, small=bench.small)
        _require(bench.ours("small", city), bench.small * SMALL_ROWS)


def _require(found: int, wanted: int, at_most: int | None = None) -> None:
    if not wanted <= found <= (at_most or wanted):
        raise RuntimeError(f"{found} rows arrived, {wanted} were there")


def _seconds_of_copy(cluster: Cluster, url: str, form: str, target: Path) -> float:
    words = "(FORMAT binary)" if form == "binary" else "(FORMAT csv, HEADER)"
    began = time.monotonic()
    command = [cluster.program("psql"), url, "-q", "-c", f"COPY fakt TO STDOUT {words}", "-o", str(target)]
    subprocess.run(command, check=True)
    return time.monotonic() - began


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def table(bench: Bench, rounds: int) -> str:
    """The result as Markdown: seconds, ratios with their goals, memory of the largest process."""
    b = bench
    first = b.median("first")
    loaded = b.median(f"first {LANDING}", f"first {MERGE}")
    stages = [_line(bench, f"– {title}", b.median(f"first {stage}")) for stage, title in STAGES.items()]
    landing = b.median(f"first {LANDING}")
    stages[1] = _line(bench, "– landing", landing, ("(a)", b.median("limit"), "≤ 2.0"))
    lines = [
        _line(b, "(a) COPY to a client: the limit", b.median("limit")),
        _line(b, "(b) ours, first load end to end", first, way="first"),
        *stages,
        _line(b, "(c) pandas read_sql → DuckDB", b.median("pandas"), way="pandas"),
        _line(b, "    (b) in relation to it", first, ("(c)", b.median("pandas"), "≤ 0.25")),
        _line(b, "(d) dlt", b.median("dlt"), way="dlt"),
        _line(b, "    (b) in relation to it", first, ("(d)", b.median("dlt"), "≤ 0.75")),
        _line(
            b,
            "1 % changed, landing and merge",
            b.median(f"changed {LANDING}", f"changed {MERGE}"),
            ("first load's", loaded, "≤ 0.10"),
            way="changed",
        ),
        _line(b, "CSV, DuckDB read_csv → table", b.median("read_csv"), way="read_csv"),
        _line(
            b,
            "CSV, ours, landing and merge",
            b.median(f"csv {LANDING}", f"csv {MERGE}"),
            ("read_csv", b.median("read_csv"), "≤ 2"),
            way="csv",
        ),
        _line(
            b,
            f"{b.small} small sources, end to end",
            b.median("small"),
            ("five minutes", FIVE_MINUTES, "≤ 1"),
            way="small",
        ),
    ]
    head = (
        f"{b.rows:,} rows, {rounds} interleaved rounds, medians, {os.cpu_count()} cores for server and client"
    )
    title = ["| measured | seconds | ratio | goal | peak MiB |", "|---|---|---|---|---|"]
    return "\n".join([head, "", *title, *filter(None, lines)])


def _line(
    bench: Bench, name: str, seconds: float, relation: tuple[str, float, str] | None = None, way: str = ""
) -> str:
    """One line; nothing for what was not measured or cannot be compared."""
    to, base, goal = relation or ("", 1.0, "")
    if not seconds or not base:
        return ""
    ratio = f"{seconds / base:.2f} × {to}" if relation else ""
    memory = f"{bench.peaks[way]:.0f}" if bench.peaks.get(way) else ""
    return f"| {name} | {seconds:.2f} | {ratio} | {goal} | {memory} |"


def main(arguments: Sequence[str] | None = None) -> str:
    """Measure; prints and returns the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", type=int, default=250, help="number of small sources")
    parser.add_argument("--dlt", metavar="PYTHON", help="Python of an environment with dlt and connectorx")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="isek-bench-"))
    # The server runs as another user.
    folder.chmod(0o755)
    (folder / "server").mkdir()
    cluster = Cluster(binaries(), folder / "server")
    cluster.start()
    try:
        bench = _measure(cluster, Bench(folder, chosen), chosen)
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    text = table(bench, chosen.rounds)
    if not chosen.dlt:
        text += "\n\n(d) was left out: name an environment with dlt by --dlt PYTHON."
    print(text)
    return text


def _measure(cluster: Cluster, bench: Bench, chosen: argparse.Namespace) -> Bench:
    url = cluster.new_database().replace("+psycopg", "")
    fill(url, chosen.rows)
    file = bench.folder / "fakten.csv"
    _seconds_of_copy(cluster, url, "csv", file)
    settle(file)
    for number in range(1, chosen.rounds + 1):
        print(f"round {number} of {chosen.rounds}", file=sys.stderr, flush=True)
        if "postgres" in chosen.parts:
            postgres_round(bench, cluster, url, number)
        if "csv" in chosen.parts:
            csv_round(bench, file)
        if "small" in chosen.parts and number == 1:
            small_round(bench)
    return bench


if __name__ == "__main__":
    try:
        main()
    except pytest.skip.Exception as reason:
        sys.exit(str(reason))
