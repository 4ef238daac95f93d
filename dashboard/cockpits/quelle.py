"""One source in detail: deliveries, accounting, refused rows, the figures that rest on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard import formats, messages_nachweis, texts
from metrics.catalog import Metric
from warehouse.contract import Subject
from warehouse.sources import Delivered, RejectedGroup, RejectedRow, SourceFacts
from warehouse.status import SourceStatus

HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class SourceView:
    """Finished texts of the detail. `loads` and `refused` are rows of tables.

    `refused_heads` are the heads of `refused`: single rows with values, or counts by reason.
    """

    id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    accounting: str
    adds_up: bool
    verdict: str
    loads: tuple[tuple[str, ...], ...]
    refused_heads: tuple[str, ...]
    refused: tuple[tuple[str, ...], ...]
    metrics: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything the snapshot knows of a source; `rows` is None for eyes that may not see values."""

    loads: Sequence[Delivered]
    groups: Sequence[RejectedGroup]
    rows: Sequence[RejectedRow] | None
    remarks: Sequence[tuple[datetime, str]] = ()


def source_view(
    source: SourceStatus,
    facts: SourceFacts | None,
    delivery: Delivery,
    metrics: Sequence[Metric],
    subjects: Mapping[str, Subject],
    zone: ZoneInfo,
) -> SourceView:
    """Return the detail of a source."""
    counts = (source.read, source.published, source.rejected, source.duplicates)
    heads, refused = _refused(delivery, subjects)
    return SourceView(
        id=source.id,
        title=source.title,
        facts=tuple(_facts(source, facts, zone)),
        accounting=messages_nachweis.accounting(*counts),
        adds_up=counts[0] == sum(counts[1:]),
        verdict=messages_nachweis.adds_up(*counts),
        loads=tuple(_load(load, subjects, zone) for load in delivery.loads),
        refused_heads=heads,
        refused=refused,
        remarks=tuple(f"Seit {formats.stand(at, zone, word=False)}: {what}" for at, what in delivery.remarks),
        metrics=tuple((m.id, m.definition.number, m.definition.label) for m in metrics),
    )


def _facts(source: SourceStatus, facts: SourceFacts | None, zone: ZoneInfo) -> list[tuple[str, str]]:
    found = [
        ("Kennung", source.id),
        ("Weg", texts.SOURCE_KINDS.get(source.kind, source.kind)),
        ("Zuständig", source.owner or formats.MISSING),
        ("Art der Daten", "Beispieldaten" if source.nature == "beispiel" else "echte Daten"),
        ("Datenstand", messages_nachweis.delivery_time(source.as_of, zone)),
    ]
    if facts is not None:
        found.append(("Rhythmus", messages_nachweis.rhythm(facts.every, facts.fresh_for_days)))
        found.append(("Letzter Versuch", formats.stand(facts.last_try_at, zone)))
    if source.reason:
        found.append(("Grund", source.reason))
    return found


def _load(load: Delivered, subjects: Mapping[str, Subject], zone: ZoneInfo) -> tuple[str, ...]:
    counts = (load.read, load.published, load.rejected, load.duplicates)
    return (
        load.run_id,
        _subject_title(load.subject, subjects),
        messages_nachweis.delivery_time(load.as_of, zone),
        *(formats.number(count) for count in counts),
        load.delivery_hash[:HASH_DIGITS],
        "gilt" if load.in_force else "abgelöst",
    )


def _subject_title(subject: str, subjects: Mapping[str, Subject]) -> str:
    return subjects[subject].title if subject in subjects else subject


def _column_title(subject: str, column: str | None, subjects: Mapping[str, Subject]) -> str:
    if not column:
        return "ganze Zeile"
    known = subjects[subject].columns if subject in subjects else {}
    return f"{known[column].title} ({column})" if column in known else column


Rows = tuple[tuple[str, ...], ...]


def _refused(delivery: Delivery, subjects: Mapping[str, Subject]) -> tuple[tuple[str, ...], Rows]:
    if delivery.rows is None:
        counted = ((_column_title(g.subject, g.column, subjects), g) for g in delivery.groups)
        return ("Grund", "Spalte", "Datensätze"), tuple(
            (g.reason, column, formats.number(g.rows)) for column, g in counted
        )
    return ("Zeile", "Spalte", "Wert (maskiert)", "Grund"), tuple(
        (
            formats.MISSING if row.line is None else str(row.line),
            _column_title(row.subject, row.column, subjects),
            row.raw or formats.MISSING,
            row.reason,
        )
        for row in delivery.rows
    )
