"""A statement of a paper as something that can be computed with and compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.catalog import Catalog
from metrics.lineage import Snapshot
from metrics.paper import PaperId, paper_ids
from metrics.product import ProductKey
from metrics.quantity import Quantity, Total, said, total
from metrics.records import MAXIMUM, records
from metrics.result import Scope
from warehouse.errors import ConfigError

LIST = "claims"
SHARE = "Anteil"


@dataclass(frozen=True, slots=True)
class Levels:
    """Reifegrad as said: a level or a span of levels of a named model; `method` is how it was found."""

    model: str
    low: int
    high: int
    method: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement. `quantity` is unknown where the paper gives no figure; deadlines stand in `due_*`."""

    id: str
    city: str
    paper: str
    topic: str
    quantity: Quantity
    unit: str
    status: str
    qualifier: str = "genau"
    wording: str | None = None
    population: str | None = None
    population_id: str | None = None
    stichtag: date | None = None
    paper_on: date | None = None
    paper_no: str | None = None
    counting_rule: str | None = None
    term: str | None = None
    asked_for: str | None = None
    levels: Levels | None = None
    due_kind: str | None = None
    due_on: date | None = None
    legal_basis: str | None = None
    product: ProductKey | None = None

    @property
    def source(self) -> str:
        """City and paper."""
        return f"{self.city}: {self.paper}"

    @property
    def papers(self) -> tuple[PaperId, ...]:
        """Paper numbers as printed."""
        return paper_ids(self.paper_no or self.paper)


def read_claims(catalog: Catalog, snapshot: Snapshot) -> dict[str, Claim]:
    """Return all statements by id. They are published by other towns, so every viewer may see them."""
    found = records(catalog, snapshot, LIST, scope=Scope.city(), limit=MAXIMUM)
    return {str(row["statement_id"]): as_claim(row) for row in found.dicts()}


def as_claim(row: Mapping[str, Any]) -> Claim:
    """Turn a record of the list into a claim."""
    names = (
        *("city", "paper", "topic", "unit", "status", "qualifier", "wording", "population", "population_id"),
        *("stichtag", "paper_on", "paper_no", "counting_rule", "term", "asked_for"),
        *("due_kind", "due_on", "legal_basis"),
    )
    return Claim(
        id=row["statement_id"],
        quantity=said(row["qualifier"], row["value_low"], row["value_high"], row["wording"]),
        levels=_levels(row),
        product=ProductKey(row["produktplan"], row["produkt"])
        if row["produkt"] and row["produktplan"]
        else None,
        **{name: row[name] for name in names},
    )


def _levels(row: Mapping[str, Any]) -> Levels | None:
    low, model = row["stufe_von"], row["reifegrad_modell"]
    if low is None or model is None:
        return None
    return Levels(model, low, low if row["stufe_bis"] is None else row["stufe_bis"], row["einstufung"])


def add_up(claims: Iterable[Claim]) -> Total:
    """Add claims up. Raises ConfigError (not_addable) when they count different things."""
    parts = tuple(claims)
    if reason := why_not_together(parts):
        raise ConfigError(
            f"Diese Aussagen lassen sich nicht zusammenzählen: {reason}",
            code="not_addable",
            found=", ".join(part.id for part in parts),
        )
    return total(part.quantity for part in parts)


def why_not_together(claims: Iterable[Claim]) -> str | None:
    """Say why claims may not be put into one sum or one comparison; None when they may."""
    parts = tuple(claims)
    looked_at = (
        ("verschiedene Einheiten", {part.unit for part in parts}),
        ("verschiedene Zählregeln", {part.counting_rule for part in parts}),
        ("verschiedene Produktpläne", {part.product.plan for part in parts if part.product}),
        ("verschiedene Reifegradmodelle", {part.levels.model for part in parts if part.levels}),
    )
    for reason, values in looked_at:
        if len(values) > 1:
            return f"{reason} ({', '.join(sorted(str(v or 'nicht genannt') for v in values))})"
    return None
