"""Deliveries that are held back: noted with their reason, kept until they are released or overtaken."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from connectors.accounting import HELD, Loaded, Run, insert_row, note_unchanged, utc
from connectors.agreement import Agreement
from connectors.base import SourceSpec
from connectors.land import Failure
from warehouse.held import HELD_SQL, Held, held_from
from warehouse.landing import Delivery
from warehouse.store import Connection


def whole_hash(deliveries: Sequence[Delivery]) -> str:
    """One hash over all tables of a delivery: what was asked, what came."""
    lines = (f"{d.table_no}\t{d.delivery_hash}\t{d.content_hash}\t{d.read}\n" for d in deliveries)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def whole_agreement(agreements: Sequence[Agreement]) -> str:
    """One hash over what all tables were read under."""
    return hashlib.sha256("".join(agreement.hash for agreement in agreements).encode()).hexdigest()


def held_in(con: Connection) -> dict[str, Held]:
    """Held deliveries of a draft by source."""
    return held_from(con.execute(HELD_SQL).fetchall())


def note_held(
    con: Connection,
    spec: SourceSpec,
    deliveries: Sequence[Delivery],
    agreements: Sequence[Agreement],
    failure: Failure,
    run: Run,
) -> Loaded:
    """Note that a delivery waits; it takes the place of one that waited before."""
    before = held_in(con).get(spec.id)
    settle_held(con, spec.id)
    values = {
        "source": spec.id,
        "run_id": deliveries[0].run_id,
        "reason_code": failure.code,
        "reason": failure.reason,
        "delivery_hash": whole_hash(deliveries),
        "agreement": whole_agreement(agreements),
        "as_of": utc(min(delivery.as_of for delivery in deliveries)),
        "since": utc(before.since if before else run.finished_at),
    }
    counts = ("read", "accepted", "rejected", "duplicates")
    values |= {name: sum(getattr(delivery, name) for delivery in deliveries) for name in counts}
    insert_row(con, "meta.held", values)
    return note_unchanged(con, spec, deliveries, HELD, failure, run)


def settle_held(con: Connection, source: str) -> None:
    """Forget what waited: it was released, or a newer delivery counts."""
    con.execute("DELETE FROM meta.held WHERE source = $1", [source])
