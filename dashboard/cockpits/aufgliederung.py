"""One step of a drill path: the figure of a cut, what it can be broken down by, its parts worst first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboard import formats, texts
from dashboard.chosen import read_choice
from dashboard.cockpits.einheiten import Units
from dashboard.components.bullet import Bar
from dashboard.dimension_words import dimension, value
from dashboard.drill_link import RESERVED, drill_address
from metrics.catalog import Metric
from metrics.definition import ORG_COLUMN, ORG_LEVELS, Definition
from metrics.result import Cell, MetricResult, Number, Rating
from warehouse.errors import AccessError, IsekError

# The name says more than the number that stands for it.
NAMED_BY: Mapping[str, str] = {"position_id": "position", "deckungskreis": "deckungskreis_titel"}
Ask = Callable[[tuple[str, ...]], MetricResult]
Cut = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a figure as finished texts; `href` leads deeper, `bar` None where a length says nothing.

    `counts` are the columns of a distribution.
    """

    label: str
    href: str | None
    value: str
    pair: tuple[str, str] = ("", "")
    target: str = ""
    rating: Rating = "neu"
    bar: Bar | None = None
    share: str = ""
    counts: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """The parts of a figure along one dimension; `buckets` heads the columns of a distribution."""

    dimension: str
    title: str
    rows: tuple[Row, ...]
    buckets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """How values are named: units by their long names, everything else by the dictionary."""

    units: Units
    unit_word: str

    def dimension(self, name: str) -> str:
        """„Fachdienst“ as the town calls it, „Themenfeld“."""
        if name == ORG_COLUMN:
            return "Einheit"
        return self.unit_word if name == ORG_LEVELS[-1] else dimension(name)

    def value(self, name: str, text: str | None) -> str:
        """Short and long name of a unit, „Ergebnisplan“; what is above all units of a level says so."""
        if name not in (ORG_COLUMN, *ORG_LEVELS):
            return value(text)
        if text is None:
            return f"keinem {self.dimension(name)} zugeordnet"
        return self.units.names.get(text, text)

    def short(self, name: str, text: str | None) -> str:
        """The same for the breadcrumb, units by their short names."""
        if name in (ORG_COLUMN, *ORG_LEVELS) and text is not None:
            return self.units.shorts.get(text, text)
        return self.value(name, text)


@dataclass(frozen=True, slots=True)
class Step:
    """Where on the path somebody stands; `at` is the Stichtag where it is not that of the snapshot."""

    metric: Metric
    cut: Cut
    words: Words
    at: date | None = None

    @property
    def definition(self) -> Definition:
        """Header of the metric."""
        return self.metric.definition

    def address(self, cut: Cut) -> str:
        """Address of another cut of the same figure on the same day."""
        return drill_address(self.metric.id, cut, at=self.at)

    def deeper(self, name: str, key: str | None) -> str:
        """Address one level below."""
        return self.address({**self.cut, name: key})


def read_cut(params: Mapping[str, str], metric: Metric, units: Units) -> dict[str, str | None]:
    """Return the cut an address asks for: the unit, then the dimensions in the order of the header."""
    definition = metric.definition
    where = units.where(params) if definition.by_organisation else {}
    names = [name for name in definition.data_dimensions if name not in RESERVED and name != ORG_COLUMN]
    chosen = read_choice(params, names)
    return {**where, **{name: chosen[name][0] for name in names if name in chosen}}


def next_dimensions(metric: Metric, cut: Cut, units: Units) -> tuple[str, ...]:
    """Return what the cut can be broken down by, the usual order of the path first."""
    definition = metric.definition
    levels = _levels_below(cut, units) if definition.by_organisation else ()
    plain = [name for name in definition.dimensions if name not in (ORG_COLUMN, *cut, *RESERVED)]
    plain = [name for name in plain if NAMED_BY.get(name) not in definition.dimensions]
    open_ones = (*levels, *sorted(plain, key=lambda name: name != "themenfeld"))
    return tuple(name for name in open_ones if _is_published(definition, {*cut, name}))


def _levels_below(cut: Cut, units: Units) -> tuple[str, ...]:
    if ORG_COLUMN in cut or any(cut[name] is None for name in ORG_LEVELS if name in cut):
        return ()
    return units.below(next((name for name in reversed(ORG_LEVELS) if name in cut), None))


def _is_published(definition: Definition, names: set[str]) -> bool:
    if definition.protect:
        return any(set(cut) == names for cut in definition.cuts)
    return not definition.min_cell


def is_cut_off(metric: Metric, cut: Cut, units: Units) -> bool:
    """Whether more levels would follow if they did not show small numbers."""
    definition = metric.definition
    if not (definition.protect or definition.min_cell):
        return False
    levels = _levels_below(cut, units) if definition.by_organisation else ()
    return bool({*definition.dimensions, *levels} - {ORG_COLUMN, *cut, *next_dimensions(metric, cut, units)})


def choose(options: Sequence[str], wanted: str | None, ask: Ask) -> str | None:
    """Return the dimension to show: the one asked for, else the first that has parts to tell apart."""
    if wanted in options:
        return wanted
    for name in options:
        try:
            values = {row.keys[name] for row in ask((name,)).rows}
        except AccessError:
            continue
        if len(values) > 1:
            return name
    return None


def level(step: Step, result: MetricResult, name: str) -> Level:
    """Return the parts of a figure, worst first; what is not assigned stands last."""
    title = step.words.dimension(name)
    if step.definition.kind == "distribution":
        return _distribution(step, result, name)
    whole, scale = _whole(result.rows, step.definition), _scale(result.rows, step.definition)
    cells = sorted(result.rows, key=lambda cell: _urgency(cell, name, step.definition))
    return Level(name, title, tuple(_row(step, cell, name, whole, scale) for cell in cells))


def _urgency(cell: Cell, name: str, definition: Definition) -> tuple[bool, bool, int, Decimal]:
    amount = Decimal(str(cell.value or 0))
    worse_first = amount if definition.better == "higher" else -amount
    return cell.keys[name] is None, cell.value is None, texts.URGENCY.index(cell.rating), worse_first


def _row(step: Step, cell: Cell, name: str, whole: Number | None, scale: float) -> Row:
    definition = step.definition
    label = step.words.value(name, cell.keys[name])
    if cell.suppressed:
        return Row(label, None, formats.hidden(definition), hidden=True)
    target = cell.target
    return Row(
        label=label,
        href=step.deeper(name, cell.keys[name]),
        value=value_words(cell, definition),
        pair=pair_words(cell, definition),
        target="" if target is None else formats.amount(target, definition.unit, definition.decimals),
        rating=cell.rating,
        bar=_bar(cell, definition, scale),
        share=_share(cell, definition, whole),
    )


def value_words(cell: Cell, definition: Definition) -> str:
    """„39,3 %“, „46,1 % bis 97,3 %“, „< 5“."""
    if cell.suppressed:
        return formats.hidden(definition)
    return formats.told(
        cell.value,
        definition.unit,
        definition.decimals,
        lower=cell.lower,
        upper=cell.upper,
        qualifier=cell.qualifier,
    )


def pair_words(cell: Cell, definition: Definition) -> tuple[str, str]:
    """Numerator and denominator of shares and means, the number of cases of medians, else nothing."""
    if cell.suppressed:
        return "", ""
    if definition.kind in ("share", "mean"):
        return formats.plain(cell.numerator), formats.plain(cell.denominator)
    return ("", formats.number(cell.n)) if cell.n is not None else ("", "")


def pair_heads(definition: Definition) -> tuple[str, str]:
    """Heads of these two columns; empty ones are left out."""
    if definition.kind in ("share", "mean"):
        return ("Zähler", "Nenner") if definition.kind == "share" else ("Summe", "Anzahl")
    return "", "Fälle" if definition.kind == "quantile" else ""


def _whole(rows: Sequence[Cell], definition: Definition) -> Number | None:
    """What parts are shares of: the population for shares and means, the sum for sums of one sign."""
    if definition.protect or any(cell.suppressed for cell in rows) or definition.kind == "quantile":
        return None
    amounts = [_weight(cell, definition) for cell in rows]
    known = [amount for amount in amounts if amount is not None]
    if not known or min(known) < 0 or (definition.kind == "sum" and definition.over_time == "none"):
        return None
    return sum(known)


def _weight(cell: Cell, definition: Definition) -> Decimal | None:
    amount = cell.denominator if definition.kind in ("share", "mean") else cell.value
    return None if amount is None else Decimal(str(amount))


def _share(cell: Cell, definition: Definition, whole: Number | None) -> str:
    weight = _weight(cell, definition)
    if not whole or weight is None:
        return ""
    return formats.percent(weight / Decimal(str(whole)))


def _scale(rows: Sequence[Cell], definition: Definition) -> float:
    """One scale for all bars of a table, so that their lengths compare."""
    if definition.kind == "share":
        return 1.0
    ends = [float(v) for cell in rows for v in (cell.value, cell.target) if v is not None]
    return max(ends, default=0.0)


def _bar(cell: Cell, definition: Definition, scale: float) -> Bar | None:
    if cell.value is None or cell.value < 0 or scale <= 0:
        return None
    mark = None if cell.target is None or cell.target < 0 else float(cell.target)
    return Bar(((min(float(cell.value), scale), "ist"),), scale, mark)


def _distribution(step: Step, result: MetricResult, name: str) -> Level:
    buckets = sorted({row.bucket or "" for row in result.rows})
    groups: dict[str | None, dict[str, Number]] = {}
    for cell in result.rows:
        groups.setdefault(cell.keys[name], {})[cell.bucket or ""] = cell.numerator or 0
    rows = [
        Row(
            step.words.value(name, key),
            step.deeper(name, key),
            formats.plain(sum(counts.values())),
            counts=tuple(formats.plain(counts.get(bucket, 0)) for bucket in buckets),
        )
        for key, counts in sorted(groups.items(), key=lambda item: (item[0] is None, -sum(item[1].values())))
    ]
    return Level(name, step.words.dimension(name), tuple(rows), tuple(map(bucket_words, buckets)))


def bucket_words(bucket: str) -> str:
    """„3 Online-Leistung“ of a level, „Umsetzung“ of a step."""
    return texts.stage(bucket) if bucket in texts.REIFEGRAD else value(bucket)


def crumbs(step: Step, root: str) -> tuple[tuple[str, str], ...]:
    """Return (words, address) from the whole to the cut: „Stadt › Dezernat › Fachdienst › Themenfeld“."""
    cut, words = step.cut, step.words
    found = [(root, step.address({}))]
    unit = next((cut[name] for name in (ORG_COLUMN, *reversed(ORG_LEVELS)) if cut.get(name)), None)
    walked: dict[str, str | None] = {}
    for place in words.units.line(unit) if unit else ():
        walked = {words.units.levels.get(place) or ORG_COLUMN: place}
        found.append((words.short(ORG_COLUMN, place), step.address(walked)))
    for name, text in cut.items():
        if name in ORG_LEVELS and text is not None:
            continue
        if name not in walked:
            walked = {**walked, name: text}
            found.append((words.value(name, text), step.address(walked)))
    return tuple(found)


def is_empty(result: MetricResult) -> bool:
    """Whether there is nothing for this viewer: whatever the reason, it looks the same."""
    return all(_is_blank(cell) for cell in result.rows)


def _is_blank(cell: Cell) -> bool:
    return not cell.suppressed and cell.value is None and not cell.denominator and not cell.n


def refused(error: IsekError) -> bool:
    """Whether a cut is not shown because small numbers are protected."""
    return isinstance(error, AccessError) and error.code == "protected"
