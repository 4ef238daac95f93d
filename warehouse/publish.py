"""Publishes drafts: a file under a name never used twice, then one atomic move of the pointer.

<warehouse>/snapshots/2026-06-09T031702Z-0042.duckdb   published, read-only
<warehouse>/draft/<pid>.duckdb                         the one being built
<warehouse>/current                                    name of the snapshot that counts
<warehouse>/lock                                       held by the one refresh that runs
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from warehouse import pointer, upkeep
from warehouse.errors import ConfigError, ContractError, RetriableError
from warehouse.pointer import Passport
from warehouse.storage import storing
from warehouse.store import DatabaseError, checkpoint, open_snapshot

log = logging.getLogger("isek.warehouse")
_CLONE = 0x40049409
"""ioctl FICLONE: the copy shares blocks where the file system can (btrfs, xfs)."""


@dataclass(frozen=True)
class SnapshotInfo:
    """A published snapshot as listed; the facts are None when its passport was lost or it is damaged."""

    name: str
    business_date: date | None
    created_at: datetime | None
    run_id: str | None
    content_hash: str | None
    size_bytes: int | None
    current: bool
    pinned: bool = False
    damaged: bool = False


class Warehouse:
    """The folder of one city's snapshots. Writing needs the lock; reading never does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the one lock of this warehouse; the kernel frees it when the process dies.

        Raises RetriableError(code="locked") naming the holder's process and since when.
        """
        with storing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            file = (self.folder / "lock").open("a+", encoding="utf-8")
        with file:
            self._take(file.fileno())
            self._sign(file.fileno())
            try:
                yield
            finally:
                os.ftruncate(file.fileno(), 0)
                # Closing is not enough: a child on its way to its own program has a copy of the descriptor.
                fcntl.flock(file, fcntl.LOCK_UN)

    def new_draft(self, space_factor: float = 2.0, name: str | None = None) -> Path:
        """Path of a private copy of the current snapshot or a named one, or of a file yet to be made.

        Call under the lock: drafts of killed runs are removed first. Raises RetriableError(code="disk_full")
        when less than `space_factor` times the size of the snapshot is free, ConfigError("not_writable"),
        ContractError("unknown_snapshot").
        """
        if name is not None and not pointer.is_intact(self.folder, name):
            raise self._unknown(name)
        drafts = self.discard_drafts()
        with storing(drafts):
            drafts.mkdir(parents=True, exist_ok=True)
            upkeep.remove_strays(self.folder)
            draft = drafts / f"{os.getpid()}.duckdb"
            current = pointer.snapshot_path(self.folder, name) if name else self.current()
            if current is not None:
                self._require_space(round(space_factor * current.stat().st_size))
                _copy(current, draft)
                draft.chmod(0o600)
        return draft

    def discard_drafts(self) -> Path:
        """Remove what unfinished runs left; a full disk is free again. Call under the lock."""
        drafts = self.folder / "draft"
        shutil.rmtree(drafts, ignore_errors=True)
        return drafts

    def next_name(self, started_at: datetime) -> str:
        """Name for the snapshot of a run that began at `started_at` (aware)."""
        # A lost file still had its name: readers may hold it, reports may cite it.
        names = [path.stem for path in (self.folder / "snapshots").glob("*.*")]
        taken = [pointer.serial_of(name) for name in (*names, pointer.read_pointer(self.folder) or "")]
        return pointer.snapshot_name(started_at, max(taken, default=0) + 1)

    def publish(self, draft_path: Path, name: str) -> Path:
        """Make a closed draft the current snapshot; returns its path. Killed anywhere: old or new.

        Raises ConfigError(code="snapshot_exists") for a used name, ContractError(code="draft_invalid")
        when the draft does not carry that name in meta.snapshot, and disk_full or not_writable as above.
        """
        target = pointer.snapshot_path(self.folder, name)
        if target.exists() or pointer.serial_of(name) == 0:
            raise ConfigError(
                "Dieser Name ist für einen neuen Stand nicht frei", code="snapshot_exists", found=name
            )
        with storing(self.folder):
            checkpoint(draft_path)
            target.parent.mkdir(parents=True, exist_ok=True)
            draft_path.chmod(0o400)
            pointer.sync_file(draft_path)
            self._write_passport(draft_path, name)
            draft_path.rename(target)
            pointer.sync_folder(target.parent)
            self._point_to(name)
        return target

    def _point_to(self, name: str) -> None:
        try:
            pointer.write_pointer(self.folder, name)
        except OSError as error:
            if pointer.read_pointer(self.folder) == name:
                # Readers follow it already; only a power cut could still bring the old one back.
                log.warning("pointer to %s is not confirmed: %s", name, error)
                return
            # Nobody would ever see it, and a rollback might take it for a snapshot that once counted.
            pointer.snapshot_path(self.folder, name).unlink(missing_ok=True)
            pointer.passport_path(self.folder, name).unlink(missing_ok=True)
            raise

    def current(self) -> Path | None:
        """File of the best readable snapshot: the one pointed to, else the newest intact one."""
        for name in pointer.candidates(self.folder):
            if pointer.is_intact(self.folder, name):
                return pointer.snapshot_path(self.folder, name)
        return None

    def snapshots(self) -> list[SnapshotInfo]:
        """All published snapshots, newest first."""
        current = pointer.read_pointer(self.folder)
        return [self._info(name, name == current) for name in pointer.snapshot_names(self.folder)]

    def rollback(self, name: str | None = None) -> Path:
        """Point to a named snapshot, or to the newest intact one before the current; returns its path.

        Raises ContractError(code="unknown_snapshot").
        """
        names = pointer.snapshot_names(self.folder)
        if name is None:
            current = pointer.read_pointer(self.folder)
            older = names[names.index(current) + 1 :] if current in names else names
            name = next((n for n in older if pointer.is_intact(self.folder, n)), None)
        if name is None or not pointer.is_intact(self.folder, name):
            raise self._unknown(name)
        pointer.write_pointer(self.folder, name)
        return pointer.snapshot_path(self.folder, name)

    def prune(self, keep_daily: int = 14, keep_monthly: int = 12) -> list[str]:
        """Remove snapshots beyond the last of each of `keep_daily` days and `keep_monthly` months.

        Days and months are those of the business date. Pinned snapshots, the current one and the newest two
        readable ones stay. Processes that still read a removed file keep it until they let go. Returns the
        removed names.
        """
        infos = self.snapshots()
        kept = {info.name for info in infos if info.current or info.pinned}
        # A damaged one stands in for nobody.
        kept |= {info.name for info in (*infos[:2], *[i for i in infos if i.business_date is not None][:2])}
        dated = [(info.name, info.business_date) for info in infos]
        kept |= upkeep.kept_names(dated, keep_daily, keep_monthly)
        removed = [info.name for info in infos if info.name not in kept]
        upkeep.remove(self.folder, removed)
        return removed

    def pin(self, name: str) -> None:
        """Keep a snapshot whatever its age. Raises ContractError(code="unknown_snapshot")."""
        upkeep.pin(self.folder, name)

    def unpin(self, name: str) -> None:
        """Leave a snapshot to its age again. Raises ContractError(code="unknown_snapshot")."""
        upkeep.unpin(self.folder, name)

    def give_up_damaged(self, *, everything: bool) -> list[str]:
        """Scan the current snapshot and its predecessor, or all of them; returns those no longer shown.

        A damaged file is never opened again, the pointer moves to the newest intact one. Call under the lock.
        """
        names = list(pointer.candidates(self.folder))
        return upkeep.give_up_damaged(self.folder, names if everything else names[:2])

    def verify(self) -> list[str]:
        """Names of snapshots that no longer are what was published; reads every file in full."""
        return [
            name for name in pointer.snapshot_names(self.folder) if not pointer.is_intact(self.folder, name)
        ]

    def _info(self, name: str, is_current: bool) -> SnapshotInfo:
        p = pointer.read_passport(self.folder, name)
        return SnapshotInfo(
            name,
            p.business_date if p else None,
            p.created_at if p else None,
            p.run_id if p else None,
            p.content_hash if p else None,
            p.size_bytes if p else None,
            current=is_current,
            pinned=upkeep.pin_path(self.folder, name).exists(),
            damaged=upkeep.damage_path(self.folder, name).exists(),
        )

    def _unknown(self, name: str | None) -> ContractError:
        return ContractError(
            "Diesen Stand gibt es nicht, oder er ist beschädigt",
            code="unknown_snapshot",
            found=name,
            allowed=", ".join(pointer.snapshot_names(self.folder)) or "noch keiner",
        )

    def _locked(self) -> RetriableError:
        try:
            holder = json.loads((self.folder / "lock").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            holder = {"pid": "unbekannt", "since": "unbekannter Zeit"}
        return RetriableError(
            f"Ein anderer Lauf hält den Datenbestand: Prozess {holder['pid']} seit {holder['since']}",
            code="locked",
            where=str(self.folder),
            next_step="Warten, bis er fertig ist",
        )

    def _take(self, handle: int) -> None:
        # Somebody may only be looking whether the lock is held; that takes no longer than this.
        for pause in (0.05, 0.1, 0.2, None):
            try:
                return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if pause is None:
                    raise self._locked() from None
                time.sleep(pause)

    def _sign(self, handle: int) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps({"pid": os.getpid(), "since": since}).encode())

    def _require_space(self, needed: int) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise RetriableError(
                "Für einen neuen Stand fehlt Speicherplatz",
                code="disk_full",
                where=str(self.folder),
                found=f"{free // 2**20} MiB frei",
                allowed=f"mindestens {needed // 2**20} MiB",
                next_step="Platz schaffen; der bisherige Stand bleibt in Gebrauch",
            )

    def _write_passport(self, draft: Path, name: str) -> None:
        passport = _passport(draft, self.folder / "spill")
        if passport.name != name:
            raise ContractError(
                "Der Entwurf trägt den Namen eines anderen Standes",
                code="draft_invalid",
                where=str(draft),
                found=passport.name,
            )
        path = pointer.passport_path(self.folder, name)
        path.write_text(passport.to_json(), encoding="utf-8")
        pointer.sync_file(path)


def _passport(draft: Path, temp_directory: Path) -> Passport:
    try:
        connection = open_snapshot(draft, memory_limit="128MB", temp_directory=temp_directory)
        try:
            row = connection.execute(
                "SELECT name, business_date, created_at, run_id, content_hash FROM meta.snapshot"
            ).fetchone()
        finally:
            connection.close()
    except DatabaseError as error:
        raise ContractError(
            "Der Entwurf ist kein vollständiger Stand", code="draft_invalid", where=str(draft), found=error
        ) from error
    if row is None:
        raise ContractError("meta.snapshot ist leer", code="draft_invalid", where=str(draft))
    name, business_date, created_at, run_id, content_hash = row
    return Passport(
        name=name,
        sha256=pointer.file_digest(draft),
        size_bytes=draft.stat().st_size,
        business_date=business_date,
        created_at=created_at.replace(tzinfo=UTC),
        run_id=run_id,
        content_hash=content_hash,
    )


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as origin, target.open("wb") as copy:
        try:
            fcntl.ioctl(copy.fileno(), _CLONE, origin.fileno())
        except OSError:
            shutil.copyfileobj(origin, copy, 1024 * 1024)
