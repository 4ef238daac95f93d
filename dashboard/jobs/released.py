"""Held deliveries that somebody released: taken over as they landed, without asking the source again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from connectors.agreement import agreement_of
from connectors.held import held_in, settle_held, whole_agreement, whole_hash
from connectors.land import Failure, Landed
from connectors.load import load
from connectors.reasons import german_reason
from warehouse.errors import ContractError
from warehouse.landing import Delivery, kept_deliveries

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.base import SourceSpec
    from connectors.load import Loaded, Run
    from warehouse.contract import Subject
    from warehouse.held import Held
    from warehouse.ledger import Release
    from warehouse.store import Connection


def take_released(
    con: Connection,
    specs: Mapping[str, SourceSpec],
    releases: Iterable[Release],
    *,
    subjects: Mapping[str, Subject],
    landing: Path,
    run: Run,
) -> list[Loaded]:
    """Take over what is held in the draft and released in the ledger; one answer per source.

    A release holds for one delivery: another one that is held meanwhile stays held.
    """
    released = {(r.source, r.run_id, r.delivery_hash) for r in releases}
    waiting = held_in(con).values()
    due = [h for h in waiting if (h.source, h.run_id, h.delivery_hash) in released and h.source in specs]
    return list(_take(con, due, specs, subjects, landing, run))


def _take(
    con: Connection,
    due: Collection[Held],
    specs: Mapping[str, SourceSpec],
    subjects: Mapping[str, Subject],
    landing: Path,
    run: Run,
) -> Iterator[Loaded]:
    for held in due:
        loaded = load(
            con, specs[held.source], _landed(held, specs, subjects, landing), subjects=subjects, run=run
        )
        # A delivery that cannot be taken over does not wait any longer; the next reading decides.
        settle_held(con, held.source)
        yield loaded


def _landed(
    held: Held, specs: Mapping[str, SourceSpec], subjects: Mapping[str, Subject], landing: Path
) -> Landed:
    try:
        deliveries = kept_deliveries(landing, held.source, held.run_id)
        _require_released(held, deliveries, specs[held.source], subjects)
        return Landed(held.source, deliveries)
    except ContractError as error:
        return Landed(held.source, failure=Failure(error.code, german_reason(error), str(error)))


def _require_released(
    held: Held, deliveries: tuple[Delivery, ...], spec: SourceSpec, subjects: Mapping[str, Subject]
) -> None:
    if whole_hash(deliveries) != held.delivery_hash:
        raise ContractError(
            "Die aufbewahrte Lieferung ist nicht mehr die freigegebene",
            code="landing_damaged",
            where=held.source,
            next_step=f"Neu lesen: isek refresh --only {held.source}",
        )
    pairs = [(spec.tables[d.table_no - 1], d) for d in deliveries if d.table_no <= len(spec.tables)]
    agreed = [
        agreement_of(spec.kind, table, subjects[d.subject]) for table, d in pairs if d.subject in subjects
    ]
    if len(agreed) != len(deliveries) or whole_agreement(agreed) != held.agreement:
        raise ContractError(
            "Die Vereinbarung mit der Quelle wurde geändert, seit die Lieferung zurückgehalten wurde",
            code="new_contract",
            where=held.source,
            next_step=f"Neu lesen: isek refresh --only {held.source}",
        )
