"""The catalogue: every figure with its question and present value; values only for those who may count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dashboard import formats, texts
from metrics.catalog import Catalog, Metric
from metrics.definition import Definition
from metrics.result import MetricResult, Rating
from warehouse.errors import IsekError

AREAS: Mapping[str, str] = {
    "ozg": "OZG-Fortschritt und Reifegrad",
    "services": "Merkmale der Leistungen",
    "connection": "Anbindung der Fachverfahren",
    "processes": "Prozesse",
    "budget": "Budget",
    "effects": "Wirkungen",
    "dms": "DMS-Rollout / E-Akte",
    "measures": "Maßnahmen & Projekte",
    "resources": "Ressourcen",
    "staff": "Stellenplan",
    "output": "Kosten und Leistungen",
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
    "hours": "Stunden",
    "kg": "Kilogramm",
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
SHORT_HASH = 8
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
class About:
    """What stands around a definition: who answers for it, what feeds it, where it is used.

    `sources` are id → title of the sources that deliver what it counts.
    """

    population: str = ""
    owner: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    used_in: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Everything of it a search may find."""
        return " ".join((self.population, self.owner, *self.sources.values(), *self.used_in))


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of the catalogue; `value` is None for eyes that may not see figures."""

    id: str
    number: str
    label: str
    question: str
    value: Value | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person looks for; empty parts mean everything."""

    words: str = ""
    area: str | None = None
    population: str | None = None
    source: str | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.area or self.population or self.source)

    def fits(self, metric: Metric, about: About) -> bool:
        """Whether a figure is meant."""
        return (
            self.area in (None, metric.area)
            and self.population in (None, metric.definition.population)
            and (self.source is None or self.source in about.sources)
            and matches(metric, self.words, about)
        )


@dataclass(frozen=True, slots=True)
class Area:
    """Figures of one area, by number."""

    id: str
    title: str
    entries: tuple[Entry, ...]


NOTHING = About()


def areas(
    catalog: Catalog,
    choice: Choice | str,
    ask: Ask | None,
    day_of: Callable[[MetricResult], str],
    about: Mapping[str, About] | None = None,
) -> tuple[Area, ...]:
    """Return the catalogue in the order of the areas; empty areas are left out. Without `ask` no values."""
    wanted = Choice(choice) if isinstance(choice, str) else choice
    known = about or {}
    found = [m for m in current(catalog) if wanted.fits(m, known.get(m.id, NOTHING))]
    groups = []
    for area in area_order(found):
        members = sorted((m for m in found if m.area == area), key=lambda m: m.definition.number)
        entries = tuple(_entry(m, ask, day_of, known.get(m.id, NOTHING)) for m in members)
        groups.append(Area(area, AREAS.get(area, area), entries))
    return tuple(groups)


def current(catalog: Catalog) -> list[Metric]:
    """Figures that are still counted."""
    return [metric for metric in catalog.metrics.values() if not metric.definition.deprecated]


def area_order(metrics: Sequence[Metric]) -> list[str]:
    """Areas of these figures in the order of the catalogue; unknown ones last."""
    present = {metric.area for metric in metrics}
    return [area for area in (*AREAS, *sorted(present - AREAS.keys())) if area in present]


def matches(metric: Metric, search: str, about: About = NOTHING) -> bool:
    """Whether all words of a search stand in what describes the figure."""
    d = metric.definition
    own = (metric.id, d.number, d.label, d.short or "", d.question, d.meaning, AREAS.get(metric.area, ""))
    counted = (d.numerator_text, d.denominator_text or "", d.legal or "", d.population)
    text = " ".join((*own, *counted, about.words)).casefold()
    return all(word in text for word in search.casefold().split())


def _entry(metric: Metric, ask: Ask | None, day_of: Callable[[MetricResult], str], about: About) -> Entry:
    d = metric.definition
    value = None if ask is None else present_value(metric, ask, day_of)
    return Entry(metric.id, d.number, d.label, d.question, value, note_of(metric, about))


def note_of(metric: Metric, about: About) -> str:
    """Population, owner, version with its last change, places: one line below the question."""
    version = f"Fassung vom {formats.day(metric.definition.revised)} ({metric.hash[:SHORT_HASH]})"
    owner = f"verantwortlich {about.owner}" if about.owner else ""
    used = f"verwendet in {texts.listed(about.used_in)}" if about.used_in else "auf keiner Seite verwendet"
    return " · ".join(part for part in (about.population, owner, version, used) if part)


def abouts(
    catalog: Catalog, sources: Mapping[str, Mapping[str, str]], used_in: Mapping[str, tuple[str, ...]]
) -> dict[str, About]:
    """What is known around each figure; `sources` are id → title by subject, `used_in` by figure."""
    return {
        metric.id: About(
            _population(catalog, metric),
            target.owner if (target := catalog.targets.get(metric.id)) else "",
            {k: v for subject in sorted(metric.subjects) for k, v in sources.get(subject, {}).items()},
            used_in.get(metric.id, ()),
        )
        for metric in catalog.metrics.values()
    }


def _population(catalog: Catalog, metric: Metric) -> str:
    known = catalog.populations.get(metric.definition.population)
    return known.title if known else metric.definition.population


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
    text = formats.told(
        cell.value,
        definition.unit,
        definition.decimals,
        lower=cell.lower,
        upper=cell.upper,
        qualifier=cell.qualifier,
    )
    return text, cell.rating


def _only_in_parts(definition: Definition) -> bool:
    """A distribution has no single value, and figures of several towns or years have no sum."""
    return definition.kind == "distribution" or definition.over_time == "none"


def _note(result: MetricResult, definition: Definition) -> str:
    if definition.kind == "distribution":
        return "Verteilung, kein Einzelwert"
    if definition.over_time == "none":
        return "nur aufgegliedert"
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
