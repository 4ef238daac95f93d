"""The order book and who writes its files: limits, full disks, interruptions, rights, two at a time."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest

from dashboard.export import list_file, order_work
from dashboard.export.limit import LEAST_FREE_BYTES
from dashboard.export.list_answer import Listing
from dashboard.export.list_file import write_list
from dashboard.export.order_run import FAILED, INTERRUPTED, LOST_RIGHT, NO_ROOM, TOO_LARGE, Runner
from dashboard.export.orders import (
    FILE,
    KEPT,
    MOST_KEPT,
    MOST_WAITING,
    TELLS,
    UNWANTED,
    WORK,
    FullQueueError,
    Order,
    OrderBook,
)
from metrics.records import RecordColumnInfo
from tests.explorer_files import facts

START = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)


class People:
    """A ledger that knows one account."""

    def __init__(self) -> None:
        self.found: Any = SimpleNamespace(role="leitung", units=(), disabled_at=None)

    def account(self, account_id: str) -> Any:
        """The account as it is now."""
        return self.found


@pytest.fixture
def book(tmp_path: Path) -> OrderBook:
    return OrderBook(tmp_path)


@pytest.fixture
def people() -> People:
    return People()


def _order(account: str = "A", **more: Any) -> Order:
    given: dict[str, Any] = {
        "account": account, "login": account.lower(), "role": "leitung", "units": (), "params": {},
        "form": "csv", "title": "Buchungen", "name": "buchungen.csv", "total": 10, "snapshot": "S1",
        "placed_at": START,
    }  # fmt: skip
    return Order(**{**given, **more})


def _runner(book: OrderBook, people: People, make: Callable[..., None]) -> Runner:
    return Runner(book, cast("Any", people), make, threading.Event())


def _write(order: Order, target: Path, on_rows: Callable[[int], None]) -> None:
    target.write_text("ganz", encoding="utf-8")
    on_rows(order.total)


def _names(book: OrderBook, order: Order) -> list[str]:
    return sorted(path.name for path in (book.folder / order.id).iterdir())


def _there(book: OrderBook, order: Order) -> Order:
    found = book.get(order.id)
    assert found is not None
    return found


def test_who_orders_from_many_windows_at_once_has_three_waiting(book: OrderBook) -> None:
    def place(number: int) -> bool:
        try:
            OrderBook(book.folder.parent).place(_order())
        except FullQueueError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(place, range(24)))
    assert taken.count(True) == MOST_WAITING == len(book.all())


def test_of_many_finished_files_the_ten_newest_stay(book: OrderBook, people: People) -> None:
    for number in range(MOST_KEPT + 2):
        book.place(_order(placed_at=START + timedelta(minutes=number)))
        _runner(book, people, _write).step()
    book.place(_order("B"))
    kept = [order.placed_at for order in book.of("A")]
    assert kept == [START + timedelta(minutes=number) for number in range(MOST_KEPT + 1, 1, -1)]
    assert all(book.file(order) for order in book.of("A")) and len(book.of("B")) == 1


def test_a_cancelled_order_is_deleted_a_day_after_it_was_cancelled(book: OrderBook) -> None:
    order = book.place(_order())
    book.cancel(order)
    over = _there(book, order).expires_at
    assert over is not None and abs(over - KEPT - datetime.now(UTC)) < timedelta(minutes=5)
    OrderBook(book.folder.parent, now=lambda: over - timedelta(seconds=1)).clear()
    assert _there(book, order).state == "abgebrochen"
    OrderBook(book.folder.parent, now=lambda: over + timedelta(seconds=1)).clear()
    assert not (book.folder / order.id).exists()


@pytest.mark.parametrize("told", [None, b"", b"{half", b"[]"])
def test_a_folder_that_tells_of_no_order_goes_after_a_day_with_its_file(
    book: OrderBook, told: bytes | None
) -> None:
    order = book.place(_order())
    place = book.folder / order.id
    (place / FILE).write_text("Daten", encoding="utf-8")
    (place / TELLS).unlink() if told is None else (place / TELLS).write_bytes(told)
    book.clear()
    assert place.exists(), "somebody may be writing it at this moment"
    OrderBook(book.folder.parent, now=lambda: datetime.now(UTC) + KEPT).clear()
    assert not place.exists() and (book.folder / "lock").exists()


def test_an_order_that_a_full_disk_does_not_take_leaves_nothing(
    book: OrderBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(OSError, match="No space"):
        book.place(_order())
    assert [path.name for path in book.folder.iterdir()] == ["lock"]


def test_an_order_that_is_not_taken_costs_nobody_a_finished_file(
    book: OrderBook, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MOST_KEPT):
        book.place(_order(placed_at=START + timedelta(minutes=number)))
        _runner(book, people, _write).step()
    before = book.of("A")
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(OSError, match="No space"):
        book.place(_order())
    assert book.of("A") == before and all(book.file(order) for order in before)


def test_a_file_whose_end_cannot_be_noted_does_not_stay_on_the_full_disk(
    book: OrderBook, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, save = book.place(_order()), OrderBook.save

    def full_at_the_end(self: OrderBook, noted: Order, *, lasting: bool = False) -> None:
        if noted.state == "fertig":
            _full()
        save(self, noted, lasting=lasting)

    monkeypatch.setattr(OrderBook, "save", full_at_the_end)
    assert _runner(book, people, _write).step()
    assert (_there(book, order).state, _names(book, order)) == ("gescheitert", [TELLS])


def _full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _wrapped(*_: Any) -> None:
    try:
        _full()
    except OSError as error:
        raise RuntimeError("the writer of workbooks failed") from error


@pytest.mark.parametrize(
    ("fault", "sentence"), [(_full, NO_ROOM), (_wrapped, NO_ROOM), (lambda *_: 1 / 0, FAILED)]
)
def test_a_disk_that_fills_up_ends_the_order_with_its_reason_and_half_a_file_with_it(
    book: OrderBook, people: People, fault: Callable[..., None], sentence: str
) -> None:
    def make(order: Order, target: Path, on_rows: Callable[[int], None]) -> None:
        target.write_text("halb", encoding="utf-8")
        on_rows(5)
        fault()

    order = book.place(_order())
    assert _runner(book, people, make).step()
    assert (_there(book, order).state, _there(book, order).sentence) == ("gescheitert", sentence)
    assert _names(book, order) == [TELLS]


@pytest.mark.parametrize("batches", [0, 2])
def test_the_last_room_of_a_disk_is_left_to_the_night(
    book: OrderBook, people: People, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage, looks = shutil.disk_usage(book.folder.parent), list[int]()

    def free(path: Path) -> Any:
        looks.append(1)
        return usage._replace(free=LEAST_FREE_BYTES - (len(looks) > batches))

    def make(order: Order, target: Path, on_rows: Callable[[int], None]) -> None:
        for rows in range(1, 6):
            target.write_text("halb", encoding="utf-8")
            on_rows(rows)

    monkeypatch.setattr(shutil, "disk_usage", free)
    order = book.place(_order())
    _runner(book, people, make).step()
    assert (_there(book, order).sentence, len(looks)) == (NO_ROOM, batches + 1)
    assert _names(book, order) == [TELLS]


def test_the_process_stays_when_not_even_an_order_can_be_noted_and_writes_it_later(
    book: OrderBook, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, ended, opened = book.place(_order()), threading.Event(), list[int]()
    # The first note fails; of the second attempt how it ended, and that it failed.
    save, faults = OrderBook.save, iter([True, False, False, True, True])

    def failing(self: OrderBook, order: Order, *, lasting: bool = False) -> None:
        if next(faults, False):
            _full()
        save(self, order, lasting=lasting)
        if order.state == "fertig":
            ended.set()

    def services() -> Any:
        opened.append(1)
        return SimpleNamespace(ledger=people)

    monkeypatch.setattr(OrderBook, "save", failing)
    monkeypatch.setattr(order_work, "maker", lambda services: _write)
    monkeypatch.setattr(order_work, "PAUSE_S", 0.0)
    order_work._stay(book, services, ended, once=False)
    assert (_there(book, order).state, len(opened)) == ("fertig", 1)
    assert _names(book, order) == [TELLS, FILE]


def _interrupt(book: OrderBook, order: Order, tries: int) -> None:
    """What a killed process leaves."""
    book.save(replace(order, state="laeuft", tries=tries, done=5))
    place = book.folder / order.id
    (place / WORK).mkdir()
    (place / WORK / FILE).write_text("halb", encoding="utf-8")
    (place / FILE).write_text("moved, but not noted", encoding="utf-8")
    (place / f"{TELLS}.4711").write_text("{", encoding="utf-8")


def test_what_a_killed_process_left_is_thrown_away_whatever_becomes_of_the_order(
    book: OrderBook, people: People
) -> None:
    twice, cancelled, again = (book.place(_order(name)) for name in "ABC")
    for order, tries in ((twice, 2), (cancelled, 1), (again, 1)):
        _interrupt(book, order, tries)
    book.cancel(cancelled)
    _runner(book, people, _write).take_over()
    assert [_there(book, order).state for order in (twice, cancelled, again)] == [
        "gescheitert", "abgebrochen", "wartet",
    ]  # fmt: skip
    assert _there(book, twice).sentence == INTERRUPTED
    found = {path.name for order in (twice, cancelled, again) for path in (book.folder / order.id).iterdir()}
    assert found == {TELLS, UNWANTED}


def test_a_finished_file_survives_the_next_process(book: OrderBook, people: People) -> None:
    order = book.place(_order())
    runner = _runner(book, people, _write)
    runner.step()
    runner.take_over()
    path = book.file(_there(book, order))
    assert path is not None and path.read_text(encoding="utf-8") == "ganz"


@pytest.mark.parametrize(
    "change", [{"role": "verwaltung"}, {"units": ("D1",)}, {"disabled_at": START}, None], ids=str
)
@pytest.mark.parametrize("when", ["before", "while"])
def test_h9_who_lost_a_right_before_or_while_the_file_is_written_gets_none(
    book: OrderBook, people: People, change: dict[str, Any] | None, when: str
) -> None:
    def lose() -> None:
        people.found = SimpleNamespace(**{**vars(people.found), **change}) if change else None

    def make(order: Order, target: Path, on_rows: Callable[[int], None]) -> None:
        written.append(order)
        _write(order, target, on_rows)
        lose()

    written: list[Order] = []
    order = book.place(_order())
    if when == "before":
        lose()
    _runner(book, people, make).step()
    assert (_there(book, order).state, _there(book, order).sentence) == ("gescheitert", LOST_RIGHT)
    assert _names(book, order) == [TELLS] and len(written) == (when == "while")


class Rows:
    """Records without end, so to speak: batches of a thousand."""

    columns = (RecordColumnInfo("nummer", "Nummer", "text"),)
    total = 50_000

    def __init__(self) -> None:
        self.given = 0

    def stream(self, handle: Callable[[Any], None]) -> None:
        """Hand over batches of texts that cannot be packed."""
        for _ in range(50):
            self.given += 1_000
            handle(pa.record_batch([pa.array([os.urandom(20).hex() for _ in range(1_000)])], names=["n"]))


@pytest.mark.parametrize("form", ["csv", "csv-int", "xlsx", "parquet"])
def test_a_file_that_becomes_too_large_ends_and_leaves_nothing(
    book: OrderBook, people: People, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_file, "MOST_BYTES", 200_000)
    rows = Rows()

    def make(order: Order, target: Path, on_rows: Callable[[int], None]) -> None:
        listing = Listing("liste:probe", "Probe", (), facts(), rows)
        write_list(order.form, target, listing, on_rows)

    order = book.place(_order(form=form, total=rows.total))
    _runner(book, people, make).step()
    assert (_there(book, order).state, _there(book, order).sentence) == ("gescheitert", TOO_LARGE)
    assert _names(book, order) == [TELLS]
    assert form == "xlsx" or rows.given < rows.total, "it ends as soon as it is known"
