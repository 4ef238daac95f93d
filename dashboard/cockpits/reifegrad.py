"""Reifegrad: stages now and at the end of the year before, what moved, what is nearly online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from dashboard.figures.levels import ONLINE, LevelRow
from metrics.result import MetricResult

MODEL = "ozg_1_1"
MODEL_NAMES: Mapping[str, str] = {MODEL: "Skala Bund 0–4", "ozg_2_0": "Skala Bund 2.0 (0–7)"}
UNRATED, NEW = "ohne", "neu"


def year_end_before(at: date) -> date:
    """Return the last day of the year before the day."""
    return date(at.year - 1, 12, 31)


def models_in(result: MetricResult) -> tuple[str, ...]:
    """Models in which at least one service has been assessed; the federal scale 0–4 always leads."""
    found = {
        str(row.keys["reifegrad_modell"]) for row in result.rows if row.bucket != UNRATED and row.numerator
    }
    return (MODEL, *sorted(found - {MODEL}))


def model_name(model: str) -> str:
    """Return the name of a scale; one the product does not know keeps its id."""
    return MODEL_NAMES.get(model, f"Skala {model}")


def highest_level(model: str) -> int:
    """Return the last stage of a scale; a scale the product does not know ends at 9."""
    return {MODEL: 4, "ozg_2_0": 7}.get(model, 9)


def rated(levels: Mapping[str, int]) -> int:
    """Services with an assessment."""
    return sum(count for level, count in levels.items() if level != UNRATED)


def online(levels: Mapping[str, int]) -> int:
    """Services on stage 3 or 4."""
    return sum(levels.get(level, 0) for level in ONLINE)


def mean_level(levels: Mapping[str, int]) -> Decimal | None:
    """Mean stage of the assessed services, None without any."""
    points = sum(int(level) * count for level, count in levels.items() if level.isdigit())
    total = rated(levels)
    return Decimal(points) / Decimal(total) if total else None


@dataclass(frozen=True, slots=True)
class Laggards:
    """Units that lie clearly behind: their names and the least whole percent all of them stay below."""

    names: tuple[str, ...]
    below_percent: int


def laggards(rows: Sequence[LevelRow], names: Mapping[str, str]) -> Laggards | None:
    """Return the three units (or two, or one) no other unit is below; rows are sorted, best first.

    None when there are too few units or the limit would also cover others: then no message holds.
    """
    known = [row for row in rows if row.online_share is not None]
    for count in (3, 2, 1):
        if len(known) < 2 * count:
            continue
        last = known[-count:]
        limit = floor(Fraction(last[0].online * 100, last[0].total)) + 1
        if Fraction(known[-count - 1].online * 100, known[-count - 1].total) >= limit:
            return Laggards(tuple(names.get(row.label, row.label) for row in reversed(last)), limit)
    return None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Services that went from one stage to another; `kind` is gleich, hoeher, neu_online, zurueckgestuft."""

    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """All services that stood on one stage at the end of the year before; cells in the order of `levels`."""

    level: str
    cells: tuple[MatrixCell, ...]

    @property
    def total(self) -> int:
        """Services of the row."""
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Transition matrix: `levels` are the columns, rows may add „neu“ and „ohne“."""

    levels: tuple[str, ...]
    rows: tuple[MatrixRow, ...]

    def count(self, kind: str) -> int:
        """Services that made one kind of move."""
        return sum(cell.count for row in self.rows for cell in row.cells if cell.kind == kind)


def matrix(moves: MetricResult, model: str = MODEL) -> Matrix | None:
    """Build the matrix from an answer by from_level, to_level and wechsel; None without any service.

    „Neu online“ is a word of the federal scale 0–4; on other scales such a move is one like any other.
    """
    counts: dict[tuple[str, str], MatrixCell] = {}
    for row in moves.rows:
        if row.value:
            key = (str(row.keys["from_level"]), str(row.keys["to_level"]))
            counts[key] = MatrixCell(int(row.value), _kind(str(row.keys["wechsel"]), key[0], model))
    if not counts:
        return None
    usual = [str(level) for level in range(highest_level(model) + 1)]
    columns = (*usual, *((UNRATED,) if any(to == UNRATED for _, to in counts) else ()))
    starts = (*usual, *(extra for extra in (UNRATED, NEW) if any(origin == extra for origin, _ in counts)))
    empty = MatrixCell(0, "")
    rows = (MatrixRow(f, tuple(counts.get((f, to), empty) for to in columns)) for f in starts)
    return Matrix(columns, tuple(rows))


def _kind(move: str, origin: str, model: str) -> str:
    if model == MODEL or move != "neu_online":
        return move
    return "neu_erfasst" if origin in (UNRATED, NEW) else "hoeher"
