"""The organisation as a drill path walks it: the unit of an address, the line above it, its level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.chosen import read
from dashboard.cockpits.selection import unit_names, unit_shorts
from dashboard.drill_link import DIRECT, UNIT, YES
from metrics.definition import ORG_COLUMN, ORG_LEVELS
from metrics.records import Records
from metrics.result import Scope

DEEPEST = 12


def _speaking(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Names that begin with their level („Dezernat …“) need no short form in front."""
    return {
        str(row["unit_id"]): str(row["name"])
        for row in rows
        if row["name"] and str(row["name"]).lower().startswith(str(row["kind"]))
    }


@dataclass(frozen=True, slots=True)
class Units:
    """Units of today by id: level (None where a unit is of no level), parent, names."""

    levels: Mapping[str, str | None]
    parents: Mapping[str, str | None]
    names: Mapping[str, str]
    shorts: Mapping[str, str]

    @classmethod
    def of(cls, units: Records) -> Units:
        """Read the list `org_units`."""
        rows = units.dicts()
        kinds = {str(row["unit_id"]): str(row["kind"]) for row in rows}
        return cls(
            levels={unit: kind if kind in ORG_LEVELS else None for unit, kind in kinds.items()},
            parents={str(row["unit_id"]): row["parent_id"] for row in rows},
            names={**unit_names(units), **_speaking(rows)},
            shorts=unit_shorts(units),
        )

    def line(self, unit: str) -> tuple[str, ...]:
        """Return the units above one and itself, the highest first; the city itself is left out."""
        found: list[str] = []
        place: str | None = unit
        while place is not None and place not in found and len(found) < DEEPEST:
            found.append(place)
            place = self.parents.get(place)
        return tuple(u for u in reversed(found) if self.levels.get(u) or u == unit)

    def where(self, params: Mapping[str, str]) -> dict[str, str | None]:
        """Return the condition an address asks for: a level with its unit, or the unit itself.

        A unit that does not exist is asked for like any other: nothing belongs to it.
        """
        if UNIT not in params:
            return {}
        unit = read(params[UNIT])
        if unit is None:
            return {ORG_LEVELS[0]: None}
        level = self.levels.get(unit, ORG_LEVELS[-1])
        if unit in self.parents and self.parents[unit] is None and level is None:
            return {}
        if level is None:
            return {ORG_COLUMN: unit}
        below = self.below(level)[:1] if params.get(DIRECT) == YES else ()
        return {level: unit, **dict.fromkeys(below)}

    def below(self, level: str | None) -> tuple[str, ...]:
        """Return the levels below one that this town has, the highest first; all of them below None."""
        rest = ORG_LEVELS[ORG_LEVELS.index(level) + 1 :] if level else ORG_LEVELS
        used = set(self.levels.values())
        return tuple(name for name in rest if name in used)

    def words(self, scope: Scope) -> str:
        """The units of a scope by their short names."""
        return ", ".join(sorted(self.shorts.get(unit, unit) for unit in scope.units or ()))
