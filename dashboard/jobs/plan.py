"""S1: which sources a run reads, and which have to wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.base import Context
from connectors.registry import load_sources
from dashboard.jobs.clock import is_due
from warehouse.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from connectors.base import SourceSpec
    from dashboard.settings import Settings
    from warehouse.contract import Subject
    from warehouse.store import Connection


@dataclass(frozen=True)
class Plan:
    """Sources to read in this run, those not due, and those whose declaration is wrong."""

    specs: Mapping[str, SourceSpec]
    due: tuple[str, ...]
    waiting: tuple[str, ...]
    broken: Mapping[str, ConfigError]

    @property
    def declared(self) -> frozenset[str]:
        """All sources that have a file, readable or not."""
        return frozenset(self.specs) | frozenset(self.broken)


def make_context(settings: Settings, as_of: datetime) -> Context:
    """What connectors may know of the run."""
    return Context(
        city=settings.city,
        as_of=as_of,
        ledger_url=settings.ledger_url,
        secrets=settings.plain_secrets(),
        timezone=settings.timezone,
        internal_hosts=settings.night.internal_hosts,
    )


def make_plan(
    settings: Settings,
    subjects: Mapping[str, Subject],
    last_good: Mapping[str, date],
    business_date: date,
    only: Collection[str] | None,
) -> Plan:
    """Read the declarations and decide. A wrong file costs its own source; an unknown --only is refused."""
    problems: list[ConfigError] = []
    specs = load_sources(settings.city, subjects, settings.plain_secrets(), problems)
    for problem in problems:
        # The reason stands on a page; where the city lies on the server is nobody's business there.
        problem.where = str(problem.where).removeprefix(f"{settings.city}/")
    stems = {path.stem for path in (settings.city / "sources").glob("*.toml")}
    broken = _broken(stems - set(specs), problems)
    refuse_unknown(only, stems)
    wanted = [s for s in specs.values() if only is None or s.id in only]
    due = [s.id for s in wanted if only is not None or is_due(s.every, business_date, last_good.get(s.id))]
    waiting = sorted(set(specs) - set(due))
    return Plan(specs, tuple(due), tuple(waiting), broken)


def _broken(stems: Collection[str], problems: Collection[ConfigError]) -> dict[str, ConfigError]:
    """Assign each problem to the source whose file it names."""
    found: dict[str, ConfigError] = {}
    for stem in sorted(stems):
        found[stem] = next(
            (p for p in problems if f"/{stem}.toml" in str(p.where)),
            ConfigError("Die Erklärung der Quelle ist nicht lesbar", code="bad_declaration", where=stem),
        )
    return found


def refuse_unknown(only: Collection[str] | None, stems: Collection[str]) -> None:
    """Raises ConfigError(code="unknown_source") with a suggestion for a source that has no file."""
    for name in only or ():
        if name not in stems:
            raise ConfigError(
                f"Die Quelle „{name}“ gibt es nicht",
                code="unknown_source",
                next_step=did_you_mean(name, stems) or "isek sources",
            )


def last_good_dates(con: Connection, zone: ZoneInfo) -> dict[str, date]:
    """Local date of the last good load of each source, from the draft; none for those that failed since."""
    rows = con.execute(
        "SELECT source, max(started_at) FROM meta.load WHERE state <> 'nachgeladen' AND source NOT IN"
        " (SELECT source FROM meta.source WHERE state = 'fehlgeschlagen') GROUP BY source"
    ).fetchall()
    return {source: moment.replace(tzinfo=UTC).astimezone(zone).date() for source, moment in rows}
