"""What outlives every snapshot: definitions by their version, and pinned figures with their passport."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime

from sqlalchemy import insert, select

from warehouse.errors import ContractError
from warehouse.ledger.tables import metric_definition, pinned_figure
from warehouse.ledger.trail import Trail

KEEP_YEARS = 10


@dataclass(frozen=True, slots=True)
class KeptDefinition:
    """A version of a definition; `since` and `snapshot` are where it counted first, `content` is JSON."""

    metric: str
    version: str
    since: date
    snapshot: str
    parts: Mapping[str, str]
    content: str


@dataclass(frozen=True, slots=True)
class PinnedFigure:
    """A figure that is kept: its passport as JSON, why, by whom, how long."""

    id: int
    metric: str
    version: str
    snapshot: str
    stichtag: date
    passport: str
    digest: str
    who: str
    reason: str
    pinned_at: datetime
    keep_until: date


class Figures(Trail):
    """Archives definitions and figures; nothing is overwritten, nothing depends on a snapshot."""

    def keep_definitions(self, found: Iterable[KeptDefinition]) -> int:
        """Archive the versions that are not there yet, each once; return how many were new."""
        with self._writing() as connection:
            there = set(connection.execute(select(metric_definition.c.metric, metric_definition.c.version)))
            new: dict[tuple[str, str], KeptDefinition] = {}
            for item in found:
                if (item.metric, item.version) not in there:
                    new.setdefault((item.metric, item.version), item)
            if new:
                connection.execute(insert(metric_definition), [asdict(item) for item in new.values()])
        return len(new)

    def definitions_of(self, metric: str) -> list[KeptDefinition]:
        """All archived versions of a metric, in the order they began to count."""
        columns = [metric_definition.c[field.name] for field in fields(KeptDefinition)]
        query = select(*columns).where(metric_definition.c.metric == metric)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(metric_definition.c.since, metric_definition.c.snapshot))
            return [KeptDefinition(*row) for row in rows]

    def pin_figure(
        self,
        *,
        metric: str,
        version: str,
        snapshot: str,
        stichtag: date,
        passport: str,
        who: str,
        reason: str,
        at: datetime | None = None,
    ) -> PinnedFigure:
        """Keep a figure for ten years, with its audit line; the same figure again is another entry."""
        moment = at or datetime.now(UTC)
        values = {
            "metric": metric,
            "version": version,
            "snapshot": snapshot,
            "stichtag": stichtag,
            "passport": passport,
            "digest": _digest(passport),
            "who": who,
            "reason": reason,
            "pinned_at": moment,
            "keep_until": _years_later(moment.astimezone(UTC).date()),
        }
        with self._writing() as connection:
            number = connection.execute(
                insert(pinned_figure).values(**values).returning(pinned_figure.c.id)
            ).scalar_one()
            told = {"pin": number, "metric": metric, "snapshot": snapshot, "digest": values["digest"]}
            self._note(connection, who, "figure.pinned", told)
        return self.pinned_figure(int(number))

    def pinned_figure(self, number: int) -> PinnedFigure:
        """A pinned figure by its number.

        Raises ContractError (unknown_pin, archive_damaged when its passport is not what was pinned).
        """
        found = self._pins(pinned_figure.c.id == number)
        if not found:
            raise ContractError(
                "Diese festgeschriebene Zahl gibt es nicht",
                code="unknown_pin",
                found=number,
                next_step="isek figures list",
            )
        return found[0]

    def pinned_figures(self, *, metric: str | None = None, snapshot: str | None = None) -> list[PinnedFigure]:
        """Pinned figures, newest first; of one metric, of one snapshot, or all. Raises archive_damaged."""
        wanted = [
            column == value
            for column, value in ((pinned_figure.c.metric, metric), (pinned_figure.c.snapshot, snapshot))
            if value is not None
        ]
        return self._pins(*wanted)

    def _pins(self, *conditions: object) -> list[PinnedFigure]:
        columns = [pinned_figure.c[field.name] for field in fields(PinnedFigure)]
        query = select(*columns).where(*conditions).order_by(pinned_figure.c.id.desc())  # type: ignore[arg-type]
        with self._reading() as connection:
            return [_sound(PinnedFigure(*row)) for row in connection.execute(query)]


def _sound(pin: PinnedFigure) -> PinnedFigure:
    if _digest(pin.passport) != pin.digest:
        raise ContractError(
            "Eine festgeschriebene Zahl ist nicht mehr die, die festgeschrieben wurde",
            code="archive_damaged",
            found=pin.id,
            next_step="Aus der Sicherung wiederherstellen: isek restore",
        )
    return pin


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _years_later(day: date) -> date:
    # Nobody loses a day because of a leap year.
    if (day.month, day.day) == (2, 29):
        return date(day.year + KEEP_YEARS, 3, 1)
    return day.replace(year=day.year + KEEP_YEARS)
