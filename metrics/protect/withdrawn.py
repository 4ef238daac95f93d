"""Protected tables a town has withdrawn (`withdrawn.toml`): what rests on a wrong delivery need not stand.

A decided table is never decided again: old and new one beside each other would tell the cases between them.
So the only correction is to show it no more, with the reason; the next periods go on as usual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from metrics.compute import Figure
from metrics.definition import Definition
from warehouse.errors import ConfigError, did_you_mean
from warehouse.toml import line_of, parse_toml, read_text, validate

FILE = "withdrawn.toml"


class Withdrawal(BaseModel):
    """One table: metric, first day of its period, since when and why it is not shown any more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str
    period: date
    on: date
    reason: str = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    table: tuple[Withdrawal, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """All withdrawals of a town."""

    tables: tuple[Withdrawal, ...] = ()

    def of(self, metric_id: str) -> Mapping[date, Withdrawal]:
        """Withdrawals of one metric by period."""
        return {item.period: item for item in self.tables if item.metric == metric_id}


def load_withdrawn(city: Path | None, metrics: Mapping[str, Definition]) -> Withdrawn:
    """Read the town's file; a town without it has withdrawn nothing. ConfigError names file and line."""
    path = city / FILE if city else None
    if path is None or not path.exists():
        return Withdrawn()
    text = read_text(path)
    found = validate(_File, parse_toml(text, path), path, text=text)
    for number, item in enumerate(found.table):
        _check(item, metrics, f"{path}:{line_of(text, ('table', number, 'metric'))}")
    return Withdrawn(found.table)


def without_withdrawn(
    figures: Sequence[Figure], withdrawn: Mapping[date, Withdrawal]
) -> tuple[list[Figure], tuple[str, ...]]:
    """Hide every cell of a withdrawn period; return the figures and a sentence for each such period."""
    gone = sorted({figure.period for figure in figures if figure.period and figure.period in withdrawn})
    shown = [_hidden(figure) if figure.period in withdrawn else figure for figure in figures]
    return shown, tuple(sentence(withdrawn[period]) for period in gone)


def _hidden(figure: Figure) -> Figure:
    return Figure(period=figure.period, keys=figure.keys, exact=None, value=None, hidden=True)


def sentence(item: Withdrawal) -> str:
    """Say which period is gone, since when and why."""
    return f"Zeitraum ab {item.period:%d.%m.%Y}: zurückgezogen am {item.on:%d.%m.%Y}. {item.reason}"


def _check(item: Withdrawal, metrics: Mapping[str, Definition], where: str) -> None:
    protected = [name for name, definition in metrics.items() if definition.protect]
    if item.metric not in protected:
        raise ConfigError(
            f"„{item.metric}“ hat keine geschützten Tabellen, die sich zurückziehen ließen",
            code="not_protected",
            where=where,
            allowed=", ".join(protected),
            next_step=did_you_mean(item.metric, protected),
        )
    first = item.period.replace(day=1, month=1 if metrics[item.metric].grain == "year" else item.period.month)
    if metrics[item.metric].grain != "day" and item.period != first:
        raise ConfigError(
            "Ein Zeitraum wird nach seinem ersten Tag genannt",
            code="invalid_value",
            where=where,
            found=item.period.isoformat(),
            next_step=first.isoformat(),
        )
