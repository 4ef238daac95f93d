"""Orders of long exports: one private folder each, with what was asked, how far it is, and the finished file.

<run>/exporte/<id>/auftrag.json   the order; written by whoever holds it, always as a whole
<run>/exporte/<id>/datei          the finished file; it appears in one move
<run>/exporte/<id>/arbeit/        what is being written; thrown away with whatever interrupted it
<run>/exporte/<id>/abbruch        somebody wants it no more

Everything is for the portal's own user. Names are made by the server; what a browser sends is only compared
with them.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

State = Literal["wartet", "laeuft", "fertig", "gescheitert", "abgebrochen"]
FOLDER, TELLS, FILE, WORK, UNWANTED = "exporte", "auftrag.json", "datei", "arbeit", "abbruch"
KEPT = timedelta(hours=24)
MOST_WAITING, MOST_KEPT = 3, 10
_ID = re.compile(r"[0-9a-f]{32}")
OPEN: frozenset[State] = frozenset({"wartet", "laeuft"})


class FullQueueError(Exception):
    """A person has as many orders waiting as one may."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order. Role, units and snapshot are those of the moment it was placed; times are aware.

    `params` is the address of the view. `done` of `total` rows are written. `sentence` says why there is no
    file.
    """

    account: str
    login: str
    role: str
    units: tuple[str, ...]
    params: dict[str, str]
    form: str
    title: str
    name: str
    total: int
    snapshot: str
    placed_at: datetime
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    state: State = "wartet"
    done: int = 0
    tries: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    size: int = 0
    sentence: str = ""

    @property
    def expires_at(self) -> datetime | None:
        """When it is deleted; None as long as it is open."""
        return self.ended_at + KEPT if self.ended_at else None


class OrderBook:
    """The orders of one portal. Safe for several processes: one of them at a time writes an order."""

    def __init__(self, run_dir: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder, self.now = run_dir / FOLDER, now

    def place(self, order: Order) -> Order:
        """Take an order in; the oldest of too many finished ones makes room.

        Raises FullQueueError, and OSError where the disk takes nothing; then nothing of the order stays.
        """
        with self._alone():
            mine = self.of(order.account)
            if sum(found.state == "wartet" for found in mine) >= MOST_WAITING:
                raise FullQueueError
            self._place(order.id).mkdir(mode=0o700)
            try:
                self.save(order, lasting=True)
            except OSError:
                self.remove(order)
                raise
            # Only now: what is not taken in costs nobody a finished file.
            for old in [found for found in mine if found.state not in OPEN][MOST_KEPT - 1 :]:
                self.remove(old)
        return order

    def get(self, order_id: str) -> Order | None:
        """Return an order by what an address names, or None."""
        if not _ID.fullmatch(order_id):
            return None
        try:
            order = _read(json.loads((self._place(order_id) / TELLS).read_bytes()))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return self._as_it_is(order)

    def _as_it_is(self, order: Order) -> Order:
        """What nobody wants any more is cancelled, whatever its keeper has noted until now."""
        if order.state in OPEN and self.is_unwanted(order):
            return replace(order, state="abgebrochen", ended_at=self._unwanted_since(order))
        return order

    def _unwanted_since(self, order: Order) -> datetime:
        try:
            written = (self._place(order.id) / UNWANTED).stat().st_mtime
        except FileNotFoundError:
            return self.now()
        return datetime.fromtimestamp(written, UTC)

    def all(self) -> list[Order]:
        """Return all orders, the newest first."""
        names = [path.name for path in self.folder.glob("*")] if self.folder.is_dir() else []
        found = [order for name in names if (order := self.get(name)) is not None]
        return sorted(found, key=lambda order: (order.placed_at, order.id), reverse=True)

    def of(self, account: str) -> list[Order]:
        """Return the orders of a person, the newest first."""
        return [order for order in self.all() if order.account == account]

    def queue(self) -> list[Order]:
        """Return what waits, the next one first: in turn among people, the one served longest ago before."""
        found = self.all()[::-1]
        served = {order.account: order.started_at for order in found if order.started_at}
        for order in found:
            if order.started_at and order.started_at > (served.get(order.account) or order.started_at):
                served[order.account] = order.started_at
        return _in_turn([order for order in found if order.state == "wartet"], served)

    def running(self) -> list[Order]:
        """Return what is being written."""
        return [order for order in self.all() if order.state == "laeuft"]

    def save(self, order: Order, *, lasting: bool = False) -> None:
        """Write an order as a whole; `lasting` also over a power cut. A removed order stays removed."""
        place = self._place(order.id)
        draft = place / f"{TELLS}.{os.getpid()}"
        with suppress(FileNotFoundError):
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(order), file, ensure_ascii=False, default=_iso)
                if lasting:
                    file.flush()
                    os.fsync(file.fileno())
            draft.rename(place / TELLS)

    def cancel(self, order: Order) -> None:
        """Say that an order is wanted no more; who writes it hears of it with the next rows."""
        with suppress(FileNotFoundError):
            os.close(os.open(self._place(order.id) / UNWANTED, os.O_WRONLY | os.O_CREAT, 0o600))

    def is_unwanted(self, order: Order) -> bool:
        """Whether it was cancelled or removed."""
        place = self._place(order.id)
        return (place / UNWANTED).exists() or not place.is_dir()

    def remove(self, order: Order) -> None:
        """Delete an order with its file; half of it is never seen."""
        gone = self.folder / f"weg-{order.id}"
        with suppress(FileNotFoundError):
            self._place(order.id).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def clear(self) -> None:
        """Delete what is over, and what was left of a deletion or an order that was interrupted."""
        for order in self.all():
            if order.expires_at is not None and order.expires_at <= self.now():
                self.remove(order)
        for left in self.folder.glob("*") if self.folder.is_dir() else ():
            if left.name.startswith("weg-") or self._is_lost(left):
                shutil.rmtree(left, ignore_errors=True)

    def _is_lost(self, place: Path) -> bool:
        """Whether a folder tells of no order, and has not for longer than any file is kept."""
        if not _ID.fullmatch(place.name) or self.get(place.name) is not None:
            return False
        with suppress(FileNotFoundError):
            return place.stat().st_mtime <= (self.now() - KEPT).timestamp()
        return False

    def sweep(self, order: Order) -> None:
        """Delete what an interrupted process left of a file; call it while nobody writes the order."""
        place = self._place(order.id)
        shutil.rmtree(place / WORK, ignore_errors=True)
        for left in (place / FILE, *place.glob(f"{TELLS}.*")):
            left.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Room on the disk of the orders."""
        return shutil.disk_usage(self.folder).free

    def file(self, order: Order) -> Path | None:
        """Return the finished file, or None."""
        path = self._place(order.id) / FILE
        return path if order.state == "fertig" and path.is_file() else None

    @contextmanager
    def work(self, order: Order) -> Iterator[Path]:
        """A folder for what is being written; nothing of it stays."""
        place = self._place(order.id) / WORK
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def finish(self, order: Order, made: Path) -> int:
        """Move a whole file to its place and return its size in bytes."""
        made.chmod(0o600)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        size = made.stat().st_size
        made.rename(self._place(order.id) / FILE)
        return size

    def _place(self, order_id: str) -> Path:
        return self.folder / order_id

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _in_turn(waiting: Sequence[Order], served: Mapping[str, datetime]) -> list[Order]:
    """The first of everybody, then the second of everybody; who was served longest ago comes first."""
    turns: dict[str, int] = {}
    ranked = []
    for order in waiting:
        turn = turns.setdefault(order.account, 0)
        turns[order.account] += 1
        last = served.get(order.account)
        ranked.append((turn, last.timestamp() if last else 0.0, order.placed_at, order.id, order))
    return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])]


def _iso(value: Any) -> str:
    return str(value.isoformat())


def _read(told: dict[str, Any]) -> Order:
    times = ("placed_at", "started_at", "ended_at")
    values = {name: told[name] for name in (item.name for item in fields(Order)) if name in told}
    values |= {name: datetime.fromisoformat(told[name]) for name in times if told.get(name)}
    values["units"] = tuple(told["units"])
    return Order(**values)
