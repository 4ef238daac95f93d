"""The catalogue: every figure with its question and present value; values only for those who may count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboard import formats, texts
from metrics.catalog import Catalog, Metric
from metrics.definition import Definition
from metrics.result import MetricResult, Rating
from warehouse.errors import IsekError

AREAS: Mapping[str, str] = {
    "ozg": "OZG-Fortschritt und Reifegrad",
    "budget": "Budget",
    "effects": "Wirkungen",
    "dms": "DMS-Rollout / E-Akte",
    "measures": "Maßnahmen & Projekte",
    "resources": "Ressourcen",
    "comparison": "Andere Städte",
    "quality": "Datenqualität",
    "stadt": "Eigene Kennzahlen der Stadt",
}
UNITS: Mapping[str, str] = {
    "percent": "Prozent",
    "count": "Anzahl",
    "eur": "Euro",
    "days": "Tage",
    "minutes": "Minuten",
    "grade": "Schulnote",
    "sheets": "Blatt",
    "pt": "Personentage",
}
KINDS: Mapping[str, str] = {
    "share": "Anteil",
    "sum": "Summe",
    "mean": "Mittelwert",
    "quantile": "Median",
    "distribution": "Verteilung",
}
DIRECTIONS: Mapping[str, str] = {
    "higher": "je höher, desto besser",
    "lower": "je niedriger, desto besser",
    "none": "ohne gewollte Richtung",
}
NOT_SHOWN = "Anzeige nicht möglich"
Ask = Callable[[str], MetricResult]


@dataclass(frozen=True, slots=True)
class Value:
    """The present value of a figure as text; `note` says why there is none or what it rests on."""

    text: str
    rating: Rating
    stand: str
    stale: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of the catalogue; `value` is None for eyes that may not see figures."""

    id: str
    number: str
    label: str
    question: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Area:
    """Figures of one area, by number."""

    id: str
    title: str
    entries: tuple[Entry, ...]


def areas(
    catalog: Catalog, search: str, ask: Ask | None, day_of: Callable[[MetricResult], str]
) -> tuple[Area, ...]:
    """Return the catalogue in the order of the areas; empty areas are left out. Without `ask` no values."""
    found = [m for m in catalog.metrics.values() if not m.definition.deprecated and matches(m, search)]
    order = [*AREAS, *sorted({m.area for m in found} - AREAS.keys())]
    groups = []
    for area in order:
        members = sorted((m for m in found if m.area == area), key=lambda m: m.definition.number)
        if members:
            entries = tuple(_entry(m, ask, day_of) for m in members)
            groups.append(Area(area, AREAS.get(area, area), entries))
    return tuple(groups)


def matches(metric: Metric, search: str) -> bool:
    """Whether all words of a search stand in what describes the figure."""
    d = metric.definition
    texts = (metric.id, d.number, d.label, d.short or "", d.question, d.meaning, AREAS.get(metric.area, ""))
    text = " ".join(texts).casefold()
    return all(word in text for word in search.casefold().split())


def _entry(metric: Metric, ask: Ask | None, day_of: Callable[[MetricResult], str]) -> Entry:
    d = metric.definition
    value = None if ask is None else present_value(metric, ask, day_of)
    return Entry(metric.id, d.number, d.label, d.question, value)


def present_value(metric: Metric, ask: Ask, day_of: Callable[[MetricResult], str]) -> Value:
    """Return the value of today; one figure that cannot be computed does not take the list with it."""
    try:
        result = ask(metric.id)
    except IsekError:
        return Value(formats.MISSING, "neu", formats.MISSING, note=NOT_SHOWN)
    stand, stale = day_of(result), bool(result.stale_sources)
    return Value(*_text(result, metric.definition), stand, stale, _note(result, metric.definition))


def _text(result: MetricResult, definition: Definition) -> tuple[str, Rating]:
    cell = result.total
    if cell is not None and cell.suppressed:
        return formats.hidden(definition), "neu"
    if _only_in_parts(definition) or cell is None or cell.value is None:
        return formats.MISSING, "neu"
    return formats.amount(cell.value, definition.unit, definition.decimals), cell.rating


def _only_in_parts(definition: Definition) -> bool:
    """A distribution has no single value, and figures of several towns or years have no sum."""
    return definition.kind == "distribution" or definition.over_time == "none"


def _note(result: MetricResult, definition: Definition) -> str:
    if definition.kind == "distribution":
        return "Verteilung, nur aufgeteilt"
    if definition.over_time == "none":
        return "nur aufgeteilt"
    if result.total is not None and result.total.suppressed:
        return texts.HIDDEN_NOTE
    if result.total is None or result.total.value is None:
        return "noch keine Werte"
    return ""


def count(groups: Sequence[Area]) -> int:
    """How many figures are shown."""
    return sum(len(group.entries) for group in groups)


def cleaned(search: str | None, longest: int = 80) -> str:
    """The words of a search without needless blanks."""
    return " ".join((search or "").split())[:longest]
