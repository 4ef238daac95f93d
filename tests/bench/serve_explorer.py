"""Pivots in the explorer: from marts, from the fact table, beside DuckDB asked directly and pandas.

The metric that reads the fact table is a town's own one, written into the folder of the bench city: figures
of the house all rest on marts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas

from dashboard.auth.viewer import Viewer, scope_of
from dashboard.cli.stores import open_services
from dashboard.explorer.state import read_state
from dashboard.settings import Settings
from metrics.question import add_months, period_end
from warehouse.store import Snapshot

VIEWER = Viewer("", "", "", "", "controlling", scope_of("controlling", ()))
FACT = "bench_case_count"
FACT_FILE = f"""/* ---
label          = "Entschiedene Vorgänge (aus der Faktentabelle)"
number         = "BNC-01"
question       = "Wie viele Vorgänge wurden entschieden?"
kind           = "sum"
population     = "vorgang_entschieden"
unit           = "count"
better         = "none"
over_time      = "sum"
window_months  = 12
dimensions     = ["procedure", "channel", "org_unit_id"]
scope          = "organisation"
numerator_text = "Entschiedene Vorgänge im Zeitraum"
meaning        = "Zahl der entschiedenen Vorgänge, gezählt in der Tabelle der Vorgänge selbst ({FACT})."
revised        = 2026-11-22
--- */
SELECT
    CAST(date_trunc('month', decided_on) AS DATE) AS period,
    org_unit_id,
    procedure,
    channel,
    count(*) AS numerator
FROM core."case"
WHERE decided_on IS NOT NULL
GROUP BY ALL
"""
_STOCK = (
    "daten=bestand:einzelleistung_eigen&werte=reifegrad_distribution.zaehler&zeilen=themenfeld&spalten=bucket",
    "daten=bestand:einzelleistung_eigen&werte=ozg_online_share&zeilen=fachdienst&spalten=themenfeld",
)
_FLOW = (
    "daten=bestand:antrag&werte=application_channel_count&zeilen=procedure&spalten=channel",
    "daten=bestand:antrag&werte=application_online_share&zeilen=procedure&spalten=fachdienst",
    "daten=bestand:vorgang_entschieden&werte=case_duration_days&zeilen=procedure&spalten=channel",
)
_FACTS = (
    f"daten=bestand:vorgang_entschieden&werte={FACT}&zeilen=procedure&spalten=channel",
    f"daten=bestand:vorgang_entschieden&werte={FACT}&zeilen=fachdienst&spalten=procedure",
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Pivots nobody has asked for before: served from marts, and from the table of cases."""

    marts: tuple[str, ...]
    facts: tuple[str, ...]


def addresses(day: date) -> Addresses:
    """Two-dimensional pivots, each for a day or span of its own."""
    days = [day - timedelta(days=n) for n in range(1, 13)]
    spans = [_span(day, back, months) for back in range(6) for months in (3, 6, 12)]
    stocks = [f"/explorer?{asked}&stichtag={on}" for on in days for asked in _STOCK]
    flows = [f"/explorer?{asked}&{span}" for span in spans for asked in _FLOW]
    facts = [f"/explorer?{asked}&{span}" for span in spans for asked in _FACTS]
    return Addresses(tuple(stocks + flows), tuple(facts))


def _span(day: date, back: int, months: int) -> str:
    last = add_months(day.replace(day=1), -1 - back)
    return f"von={add_months(last, 1 - months)}&bis={period_end(last, 'month')}"


@contextmanager
def noted() -> Iterator[list[tuple[str, Any]]]:
    """Every statement asked of the snapshot while the block runs."""
    found: list[tuple[str, Any]] = []
    original = Snapshot._run

    def run(self: Snapshot, sql: str, params: Any, *rest: Any) -> Any:
        found.append((sql, params))
        return original(self, sql, params, *rest)

    Snapshot._run = run  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Snapshot._run = original  # type: ignore[method-assign]


def raw(settings: Settings, asked: Sequence[str]) -> list[float]:
    """Milliseconds of the statements of each pivot, asked of DuckDB without anything around them."""
    services = open_services(settings)
    snapshot, ms = services.snapshot(), []
    cursor = snapshot._connection.cursor()
    for address in asked:
        params = dict(pair.split("=", 1) for pair in address.split("?")[1].split("&"))
        state = read_state(params, services.catalog, snapshot.business_date)
        snapshot._recent._kept.clear()
        with noted() as statements:
            services.explore(VIEWER, state.question)
        began = time.perf_counter()
        for sql, values in statements:
            cursor.execute(sql, values).fetchall()
        ms.append((time.perf_counter() - began) * 1000)
    services.ledger.close()
    return ms


def in_pandas(settings: Settings, rounds: int = 3) -> tuple[float, float]:
    """Seconds pandas takes to hold the cases, and for one pivot of them (procedure by channel, a year)."""
    services = open_services(settings)
    snapshot = services.snapshot()
    began = time.perf_counter()
    table = snapshot.arrow(
        'SELECT procedure, channel, decided_on FROM core."case" WHERE decided_on IS NOT NULL', timeout_s=300
    )
    frame = table.to_pandas(strings_to_categorical=True, date_as_object=False)
    held = time.perf_counter() - began
    last = period_end(add_months(snapshot.business_date.replace(day=1), -1), "month")
    first = pandas.Timestamp(add_months(last.replace(day=1), -11))
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        part = frame[(frame["decided_on"] >= first) & (frame["decided_on"] <= pandas.Timestamp(last))]
        part.pivot_table(index="procedure", columns="channel", aggfunc="size", observed=True, margins=False)
        took.append(time.perf_counter() - began)
    services.ledger.close()
    return held, statistics.median(took)
