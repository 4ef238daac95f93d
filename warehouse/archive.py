"""The snapshots that are kept, by the day they speak about: what was published when."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from datetime import date, datetime
from pathlib import Path

from warehouse.errors import ContractError
from warehouse.pointer import Passport, read_passport, snapshot_names
from warehouse.store import Snapshot, SnapshotReader

OPEN_AT_ONCE = 4


class Archive:
    """Opens published snapshots by name or day. Safe for threads; few stay open at a time, per process."""

    def __init__(self, folder: Path, reader: SnapshotReader) -> None:
        self._folder, self._reader = folder, reader
        self._open: OrderedDict[tuple[int, str], Snapshot] = OrderedDict()
        self._facts: dict[str, Passport] = {}
        self._lock = threading.Lock()

    def current(self) -> Snapshot:
        """The snapshot that counts now; raises like `SnapshotReader.current`."""
        return self._reader.current()

    def named(self, name: str) -> Snapshot:
        """A kept snapshot. Raises ContractError(code="unknown_snapshot") with what to do."""
        if name not in snapshot_names(self._folder):
            raise ContractError(
                "Diesen Stand gibt es nicht oder nicht mehr",
                code="unknown_snapshot",
                found=name,
                next_step="Aufbewahrte Stände: isek snapshots; festgeschriebene Zahlen: isek figures list",
            )
        key = (os.getpid(), name)
        with self._lock:
            snapshot = self._open.get(key) or self._reader.open(name)
            self._open[key] = snapshot
            self._open.move_to_end(key)
            while len(self._open) > OPEN_AT_ONCE:
                # Not closed: another thread may be reading it; it closes when the last one lets go.
                self._open.popitem(last=False)
        return snapshot

    def kept(self) -> tuple[Passport, ...]:
        """The last snapshot published for each business day that is still kept, newest day first."""
        last: dict[date, Passport] = {}
        for facts in self._published():
            last.setdefault(facts.business_date, facts)
        return tuple(sorted(last.values(), key=lambda facts: facts.business_date, reverse=True))

    def _published(self) -> list[Passport]:
        """Passports of all kept snapshots, newest first; a published one never changes."""
        names = snapshot_names(self._folder)
        read = ((name, self._facts.get(name) or read_passport(self._folder, name)) for name in names)
        self._facts = {name: facts for name, facts in read if facts}
        return list(self._facts.values())

    def reported(self, day: date) -> Snapshot | None:
        """What was published for a day: the last one of that business date, else the first of a later one.

        None when no snapshot of that day or after it is kept.
        """
        facts = self._published()
        same = [found for found in facts if found.business_date == day]
        later = [found for found in facts if found.business_date > day]
        # Names come newest first: what stood at the end of the day itself, else what was said next.
        wanted = same[0] if same else min(later, key=_in_order, default=None)
        if wanted is None:
            return None
        try:
            return self.named(wanted.name)
        except ContractError:
            return None


def _in_order(facts: Passport) -> tuple[date, datetime]:
    return facts.business_date, facts.created_at
