"""What happens to snapshots after their publication: pinned, cleared away, found damaged.

<name>.pin       beside a snapshot that stays whatever its age
<name>.damaged   what its passport became when its file was no longer what had been published
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from warehouse import pointer
from warehouse.errors import ContractError


def pin_path(warehouse: Path, name: str) -> Path:
    """File that says a snapshot is to be kept."""
    return pointer.passport_path(warehouse, name).with_suffix(".pin")


def damage_path(warehouse: Path, name: str) -> Path:
    """File that says a snapshot is not to be shown any more."""
    return pointer.passport_path(warehouse, name).with_suffix(".damaged")


def pin(warehouse: Path, name: str) -> None:
    """Keep a snapshot until it is unpinned. Raises ContractError(code="unknown_snapshot")."""
    _require_known(warehouse, name)
    pin_path(warehouse, name).touch()
    pointer.sync_folder(pin_path(warehouse, name).parent)


def unpin(warehouse: Path, name: str) -> None:
    """Leave a snapshot to its age again. Raises ContractError(code="unknown_snapshot")."""
    _require_known(warehouse, name)
    pin_path(warehouse, name).unlink(missing_ok=True)


def _require_known(warehouse: Path, name: str) -> None:
    names = pointer.snapshot_names(warehouse)
    if name not in names:
        raise ContractError(
            "Diesen Stand gibt es nicht",
            code="unknown_snapshot",
            found=name,
            allowed=", ".join(names) or "noch keiner",
        )


def give_up_damaged(warehouse: Path, names: Sequence[str]) -> list[str]:
    """Scan snapshots in full; those whose file changed are never opened again. Returns their names.

    The pointer moves to the newest intact snapshot when its own was among them. A file that cannot be read
    at all is left alone: that may be over tomorrow. Call under the lock.
    """
    damaged = [name for name in names if pointer.is_altered(warehouse, name)]
    for name in damaged:
        pointer.passport_path(warehouse, name).rename(damage_path(warehouse, name))
    if pointer.read_pointer(warehouse) in damaged:
        best = next((n for n in pointer.snapshot_names(warehouse) if pointer.is_intact(warehouse, n)), None)
        if best is not None:
            pointer.write_pointer(warehouse, best)
    return damaged


def kept_names(
    dated: Sequence[tuple[str, date | None]], keep_daily: int, keep_monthly: int
) -> frozenset[str]:
    """Of snapshots (newest first) the last of each of so many days and months of the business date."""
    return _last_of_each(dated, "%Y-%m-%d", keep_daily) | _last_of_each(dated, "%Y-%m", keep_monthly)


def _last_of_each(dated: Sequence[tuple[str, date | None]], form: str, count: int) -> frozenset[str]:
    last: dict[str, str] = {}
    for name, business_date in dated:
        if business_date is not None:
            last.setdefault(business_date.strftime(form), name)
    return frozenset(last[period] for period in sorted(last, reverse=True)[:count])


def remove(warehouse: Path, names: Collection[str]) -> None:
    """Delete snapshots with all that lies beside them; who reads one of them keeps it until it lets go."""
    for name in names:
        for path in (
            pointer.snapshot_path(warehouse, name),
            pointer.passport_path(warehouse, name),
            pin_path(warehouse, name),
            damage_path(warehouse, name),
        ):
            path.unlink(missing_ok=True)


def remove_strays(warehouse: Path) -> None:
    """Remove what a kill leaves: passports and marks without a snapshot, half-written pointers."""
    names = set(pointer.snapshot_names(warehouse))
    for suffix in ("json", "pin", "damaged"):
        for path in (warehouse / "snapshots").glob(f"*.{suffix}"):
            if path.stem not in names:
                path.unlink(missing_ok=True)
    for temporary in warehouse.glob(".current-*"):
        temporary.unlink(missing_ok=True)
