"""What is needed to ask for a figure again years later: metric, Stichtag, snapshot, cell and whose part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from metrics.passport import Figure, Passport

Values = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """One question to one snapshot; `units` None is the whole city, None among values is „not stated“."""

    metric: str
    stichtag: date
    snapshot: str
    by: tuple[str, ...] = ()
    where: Mapping[str, Values] = field(default_factory=dict)
    between: tuple[date, date] | None = None
    units: tuple[str, ...] | None = None

    def asks_like(self, other: Citation) -> bool:
        """Whether both ask the same; the order of filters and units says nothing."""
        return _sorted(self) == _sorted(other)


def cite(passport: Passport) -> Citation:
    """Return what a passport answers."""
    question = passport.question
    return Citation(
        metric=passport.metric,
        stichtag=passport.stichtag,
        snapshot=passport.snapshot,
        by=question.by,
        where=question.where,
        between=question.between,
        units=question.units,
    )


def cite_cell(passport: Passport, figure: Figure) -> Citation:
    """Return the question for one cell alone; parts of a distribution stay with their whole."""
    whole = cite(passport)
    where = {**whole.where, **{name: (value,) for name, value in figure.keys.items()}}
    by = tuple(name for name in whole.by if name == "period")
    return replace(whole, by=by, where=where)


def part_for(passport: Passport, citation: Citation) -> Passport | None:
    """Return the passport narrowed to the cells a citation asks for; None when it is about others."""
    if cite(passport).asks_like(citation):
        return passport
    figures = tuple(f for f in passport.figures if cite_cell(passport, f).asks_like(citation))
    return replace(passport, figures=figures) if figures else None


def _sorted(citation: Citation) -> Citation:
    where = {name: tuple(sorted(values, key=str)) for name, values in citation.where.items()}
    units = None if citation.units is None else tuple(sorted(citation.units))
    return replace(citation, by=tuple(sorted(citation.by)), where=where, units=units)
