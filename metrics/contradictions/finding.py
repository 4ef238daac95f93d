"""What a check says: verdict, both values and the papers behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from metrics.contradictions.claim import Claim
from metrics.quantity import Quantity
from metrics.records import RecordColumnInfo, Records

Verdict = Literal[
    "widerspruch", "nicht_vergleichbar", "unvollstaendig", "annahme", "abgeleitet", "offen", "stimmt"
]
ORDER: tuple[Verdict, ...] = (
    "widerspruch",
    "nicht_vergleichbar",
    "unvollstaendig",
    "annahme",
    "abgeleitet",
    "offen",
    "stimmt",
)
"""From what has to be settled to what is in order."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check. `printed` is „wie beschlossen“, `computed` „rechnerisch“, both in `unit`."""

    id: str
    kind: str
    verdict: Verdict
    title: str
    claims: tuple[str, ...]
    papers: tuple[str, ...]
    unit: str
    printed: Quantity | None = None
    computed: Quantity | None = None
    details: tuple[str, ...] = ()
    note: str = ""

    @property
    def difference(self) -> Fraction | None:
        """Printed minus computed where both are single values."""
        if self.printed is None or self.computed is None:
            return None
        one, other = self.printed.point, self.computed.point
        return None if one is None or other is None else one - other


def sources(claims: Iterable[Claim]) -> tuple[str, ...]:
    """Cities and papers of claims, each once."""
    return tuple(dict.fromkeys(claim.source for claim in claims))


COLUMNS = (
    ("finding_id", "Prüfung", "text"),
    ("verdict", "Befund", "text"),
    ("title", "Worum es geht", "text"),
    ("printed_low", "Wie gedruckt", "number"),
    ("printed_high", "Wie gedruckt, obere Grenze", "number"),
    ("computed_low", "Rechnerisch", "number"),
    ("computed_high", "Rechnerisch, obere Grenze", "number"),
    ("unit", "Einheit", "text"),
    ("details", "Einzelheiten", "text"),
    ("claims", "Aussagen", "text"),
    ("papers", "Vorlagen", "text"),
    ("note", "Anmerkung", "text"),
)


def as_records(findings: Sequence[Finding]) -> Records:
    """Findings as a record list for a page; an end nobody named is None."""
    columns = tuple(RecordColumnInfo(*column) for column in COLUMNS)
    return Records("findings", columns, tuple(_row(item) for item in findings), len(findings))


def _row(item: Finding) -> tuple[object, ...]:
    printed, computed = (_ends(quantity) for quantity in (item.printed, item.computed))
    texts = ("; ".join(item.details), ", ".join(item.claims), "; ".join(item.papers), item.note)
    return (item.id, item.verdict, item.title, *printed, *computed, item.unit, *texts)


def _ends(quantity: Quantity | None) -> tuple[float | int | None, float | int | None]:
    if quantity is None:
        return None, None
    return _number(quantity.lower), _number(quantity.upper)


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)
