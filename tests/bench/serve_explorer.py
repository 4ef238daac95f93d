"""Pivots in the explorer: from marts, from the fact table, beside DuckDB asked directly and pandas.

The metric that reads the fact table is a town's own one, written into the folder of the bench city: figures
of the house all rest on marts.
"""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas

from dashboard.auth.viewer import Viewer, scope_of
from dashboard.cli.stores import open_services
from dashboard.explorer.state import read_state
from dashboard.settings import Settings
from metrics.question import add_months, period_end
from warehouse.errors import RetriableError
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
        # A question that is too slow for the portal is timed all the same.
        with noted() as statements, suppress(RetriableError):
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


def _seconds(ms: Sequence[float], share: float) -> float:
    ordered = sorted(ms)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1000


def write_metric(settings: Settings) -> None:
    """Put the metric that reads the fact table into the city; a portal started later knows it."""
    folder = settings.city / "metrics"
    folder.mkdir(exist_ok=True)
    (folder / f"{FACT}.sql").write_text(FACT_FILE, encoding="utf-8")


Load = Callable[..., dict[str, Any]]
Add = Callable[..., None]


def measure(
    add: Add, load: Load, settings: Settings, people: Sequence[tuple[str, str]], pages: Sequence[str]
) -> dict[str, Any]:
    """The first person asks pivots nobody has asked for before; DuckDB and pandas are asked the same.

    Then others look at `pages` beside somebody who asks without a pause.
    """
    asked, found = addresses(_day(settings)), dict[str, Any]()
    for name, shown, goal in (("marts", asked.marts, 0.3), ("the fact table", asked.facts, 1.5)):
        seen = load("turn", seconds=0, think=0, addresses=list(shown), people=list(people[:1]))
        high, limit = _seconds(seen["ms"], 0.95), raw(settings, shown)
        add(
            f"explorer, pivots from {name}", f"p95 {high * 1000:.0f} ms", f"≤ {goal * 1000:.0f} ms",
            high <= goal and not seen["errors"],
            f"p50 {_seconds(seen['ms'], 0.5) * 1000:.0f} ms, {len(shown)} questions never asked before,"
            f" {len(seen['errors'])} errors",
        )  # fmt: skip
        ratio = statistics.median(seen["ms"]) / statistics.median(limit)
        add(
            f"– their queries asked of DuckDB directly ({name})",
            f"p95 {_seconds(limit, 0.95) * 1000:.0f} ms",
            detail=f"p50 {_seconds(limit, 0.5) * 1000:.0f} ms; the page: {ratio:.2f} ×",
        )  # fmt: skip
        found[name] = {"ms": seen["ms"], "raw": limit, "errors": seen["errors"]}
    held, took = in_pandas(settings)
    add("– pandas, procedure by channel of a year, all cases in memory", f"{took * 1000:.0f} ms",
        detail=f"after {held:.0f} s of loading")  # fmt: skip
    return {**found, "beside": _beside(add, load, settings, people, pages)}


def _beside(
    add: Add, load: Load, settings: Settings, people: Sequence[tuple[str, str]], pages: Sequence[str]
) -> dict[str, Any]:
    """Twenty people look at cockpits, alone and while somebody asks the fact table without a pause."""
    heavy, others, found = list(people[:1]), list(people[1:21]), dict[str, Any]()
    asked = list(addresses(_day(settings)).facts)
    load("turn", seconds=0, think=0, addresses=list(dict.fromkeys(pages)), people=others)
    for name, with_heavy in (("alone", False), ("beside one heavy user", True)):
        ended = threading.Event()
        questions: list[float] = []

        def ask(ended: threading.Event = ended, questions: list[float] = questions) -> None:
            for number in itertools.count():
                if ended.is_set():
                    return
                # A filter of its own makes each question one that nobody has asked yet.
                address = f"{asked[number % len(asked)]}&f.channel=nicht:x{number}"
                questions.extend(load("turn", seconds=0, think=0, addresses=[address], people=heavy)["ms"])

        worker = threading.Thread(target=ask, daemon=True)
        if with_heavy:
            worker.start()
        seen = load("think", seconds=30, think=2, addresses=list(pages), people=others)
        ended.set()
        if with_heavy:
            worker.join()
        add(
            f"explorer, cockpits of 20 people {name}", f"p95 {_seconds(seen['ms'], 0.95) * 1000:.0f} ms",
            detail=f"p50 {_seconds(seen['ms'], 0.5) * 1000:.1f} ms, {len(seen['ms'])} pages,"
            f" {len(seen['errors'])} errors"
            + (f"; {len(questions)} heavy questions, p50 {_seconds(questions, 0.5) * 1000:.0f} ms"
               if questions else ""),
        )  # fmt: skip
        found[name] = {"ms": seen["ms"], "heavy": questions, "errors": seen["errors"]}
    return found


def _day(settings: Settings) -> date:
    services = open_services(settings)
    day = services.snapshot().business_date
    services.ledger.close()
    return day
