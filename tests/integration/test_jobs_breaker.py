"""A source that is down for nights costs one quick try per night, and recovers by itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from tiny_city import DAY, NOON, WOHNGELD, count, line, refresh, state, write_city

from connectors.land import Landed
from connectors.registry import load_sources
from dashboard.jobs.breaker import as_probe, healthy_first
from dashboard.jobs.extract import ALIVE, Order, extract
from dashboard.jobs.plan import make_context
from dashboard.settings import Settings
from warehouse.subjects import load_subjects


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


class Refusing:
    """A server that hangs up on everybody and counts them."""

    def __init__(self) -> None:
        self.callers = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._hang_up, daemon=True).start()

    def _hang_up(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.callers += 1
            caller.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def server() -> Iterator[Refusing]:
    server = Refusing()
    yield server
    server.close()


def _declare(city: Settings, url: str) -> None:
    text = WOHNGELD.replace("sqlite:///fachverfahren.sqlite", url)
    (city.city / "sources" / "wohngeld.toml").write_text(text, encoding="utf-8")


def _night(city: Settings, number: int, *, only: list[str] | None = None) -> str:
    """One night after the other; returns what the source says about itself."""
    moment = NOON + timedelta(days=number)
    record = refresh(city, day=DAY + timedelta(days=number), now=moment, only=only)
    assert record.state == "published"
    return str(line(record, "wohngeld").reason)


def test_b6_after_three_failed_nights_a_source_gets_one_try_and_says_so(
    city: Settings, server: Refusing
) -> None:
    refresh(city)
    _declare(city, f"postgresql://127.0.0.1:{server.port}/x")
    calls: list[int] = []
    for number in range(1, 5):
        before = server.callers
        reason = _night(city, number)
        calls.append(server.callers - before)
        assert ("ein Versuch je Nacht" in reason) is (number >= 3)
    assert f"Seit {number} Nächten gestört" in reason and "isek refresh --only wohngeld" in reason
    assert calls[0] == calls[1] == calls[2] > calls[3] > 0, "the fourth night tries once"
    assert state(city, "wohngeld")[0] == "fehlgeschlagen" and count(city, 'stage."case"') == 20
    before = server.callers
    assert "ein Versuch je Nacht" in _night(city, 4, only=["wohngeld"])
    assert server.callers - before == calls[0], "by hand it is tried in full"


def test_b6_a_repaired_source_comes_back_by_itself_and_has_all_its_patience_again(city: Settings) -> None:
    refresh(city)
    _declare(city, "sqlite:///weg.sqlite")
    for number in range(1, 5):
        _night(city, number)
    _declare(city, "sqlite:///fachverfahren.sqlite")
    assert _night(city, 5) == "None"
    assert state(city, "wohngeld") == ("aktuell", None, 20)
    _declare(city, "sqlite:///weg.sqlite")
    assert "ein Versuch je Nacht" not in _night(city, 6)


def _order(city: Settings, name: str) -> Order:
    specs = load_sources(city.city, load_subjects(city.city), {})
    spec = specs["termine"].model_copy(update={"id": name})
    return Order(spec, make_context(city, NOON), load_subjects(city.city), {}, city.landing_dir, "run")


def _slow(pipe: Connection, order: Order) -> None:
    """Delivers its first rows at once and takes longer than their time allows; or delivers nothing ever."""
    if order.spec.id == "lively":
        pipe.send(ALIVE)
        time.sleep(12)
    else:
        time.sleep(600)
    pipe.send(Landed(order.spec.id))


def test_b6_a_probe_has_little_time_for_its_first_rows_and_its_whole_time_afterwards(city: Settings) -> None:
    orders = [replace(_order(city, name), first_rows_s=10.0) for name in ("lively", "silent")]
    answers = extract(orders, parallel=2, limit_s=120, target=_slow)
    assert answers["lively"].landed.failure is None
    assert answers["silent"].landed.failure and answers["silent"].landed.failure.code == "source_timeout"
    assert "10 s" in answers["silent"].landed.failure.detail


class _LateArrival(dict[int, str]):
    """Cursors that take their time to reach the reading process, as imports do on a busy machine."""

    def __reduce__(self) -> tuple[object, ...]:
        return time.sleep, (8,)


def _reads_all_the_same(pipe: Connection, order: Order) -> None:
    pipe.send(Landed(order.spec.id))


def test_b6_a_process_whose_time_is_over_before_it_begins_is_ended_all_the_same(city: Settings) -> None:
    late = replace(_order(city, "late"), first_rows_s=1.0, cursors=_LateArrival())
    answer = extract([late], parallel=1, limit_s=120, target=_reads_all_the_same)["late"]
    assert answer.landed.failure and answer.landed.failure.code == "source_timeout"


def test_b6_a_probe_reads_everything_when_the_source_is_there(city: Settings) -> None:
    probe = as_probe(_order(city, "termine"))
    assert (probe.context.tries, probe.first_rows_s) == (1, 120.0)
    landed = extract([probe], parallel=1, limit_s=30)["termine"].landed
    assert landed.failure is None and landed.deliveries[0].accepted == 10


def test_b6_disturbed_sources_are_read_after_the_others(city: Settings) -> None:
    a, b, c = (_order(city, name) for name in "abc")
    assert [order.spec.id for order in healthy_first([as_probe(a), b, c])] == ["b", "c", "a"]
