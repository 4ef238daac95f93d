"""What the explorer says: names of fields, values and measures, finished texts of cells, titles, sentences.

Everything is taken from the catalogue and the dictionaries of the portal; figures become texts in
`dashboard.formats` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboard import formats, texts
from dashboard.cockpits.einheiten import Units
from dashboard.dimension_words import dimension
from dashboard.dimension_words import value as word_of_value
from metrics.definition import ORG_COLUMN
from metrics.explore.catalog import Dataset, Field
from metrics.explore.question import BUCKET, Against, Filter, Operator, Path, PivotQuestion, Show, length_of
from metrics.explore.result import MeasureInfo, PivotCell
from metrics.result import Number

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from metrics.catalog import Catalog

NOT_STATED = "ohne Angabe"
MODEL, USUAL_MODEL, UNRATED = "reifegrad_modell", "ozg_1_1", "ohne"
VIEW_NAMES: Mapping[str, str] = {"pivot": "Pivot", "liste": "Liste", "diagramm": "Diagramm"}
CHART_NAMES: Mapping[str, str] = {
    "balken": "Balken",
    "gestapelt": "gestapelte Balken",
    "linie": "Linie",
    "kacheln": "kleine Diagramme nebeneinander",
    "punkte": "Punkte",
}
SHOW_NAMES: Mapping[Show, str] = {
    "value": "Wert",
    "row_share": "Anteil an der Zeile",
    "column_share": "Anteil an der Spalte",
    "total_share": "Anteil am Gesamten",
    "difference": "Differenz",
    "index": "Index",
}
AGAINST_NAMES: Mapping[Against, str] = {
    "": "ohne Vergleich",
    "previous_period": "Vorperiode",
    "previous_year": "Vorjahr",
    "plan": "Plan",
    "member": "ein gewählter Wert",
}
ORDER_NAMES: Mapping[str, str] = {
    "": "Reihenfolge des Feldes",
    "-value": "größter Wert zuerst",
    "value": "kleinster Wert zuerst",
    "name": "Name von A bis Z",
    "-name": "Name von Z bis A",
}
OPERATOR_NAMES: Mapping[Operator, str] = {
    "in": "ist",
    "not_in": "ist nicht",
    "contains": "enthält",
    "between": "liegt zwischen",
}
TIME_NAMES: Mapping[str, str] = {"year": "Jahr", "quarter": "Quartal", "month": "Monat"}
BUCKET_NAMES: Mapping[str, str] = {
    "reifegrad_distribution": "Reifegrad",
    "reifegrad_range_distribution": "Reifegrad",
    "ozg_project_step_count": "Schritt",
    "ozg_project_status_count": "Stand",
    "measure_state_count": "Stand",
}
_AGAINST: Mapping[Against, str] = {
    "previous_period": "gegenüber der Vorperiode",
    "previous_year": "gegenüber dem Vorjahr",
    "plan": "gegenüber dem Plan",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one data set for one viewer; `choose` are the chosen values of choose_one dimensions."""

    catalog: Catalog
    data: Dataset
    units: Units
    choose: Mapping[str, str] = with_default(default_factory=lambda: MappingProxyType({}))

    def field(self, name: str) -> str:
        """„Themenfeld“, „Fachdienst“ as the town calls it, „Reifegrad“, „Eingestuft am (Jahr)“."""
        known = self._known(name)
        # Lists call the unit of a record after its lowest level, which stands beside it.
        label = known.label if known is not None and name != ORG_COLUMN else ""
        if name in TIME_NAMES or (known is not None and known.kind == "time"):
            length = TIME_NAMES[length_of(name) or ""]
            # A column that is called „Monat“ says nothing about which time: „Monat (Jahr)“ would be wrong.
            said = label if label not in TIME_NAMES.values() else ""
            return f"{said} ({length})" if said else length
        if name == BUCKET:
            names = {BUCKET_NAMES.get(metric, "Ausprägung") for metric in (known.metrics if known else ())}
            return " / ".join(sorted(names)) or "Ausprägung"
        # Lists call this column like one of the levels, which stand beside it here.
        return dimension(name) if name == ORG_COLUMN else label or dimension(name)

    def value(self, name: str, value: str | None) -> str:
        """„Bauen & Wohnen“, „A 5 Melden“, „3 Online-Leistung“, „Nov. 2025“, „ohne Angabe“."""
        kind = self.kind(name)
        if not value:
            return self._nothing(name, kind)
        if kind == "unit":
            return self.units.names.get(value, value)
        if kind == "time":
            return time_words(name, value)
        if kind == "bucket":
            return self._bucket(value)
        if kind == "boolean":
            return {"true": "ja", "false": "nein"}.get(value, value)
        return value if kind == "number" else word_of_value(value)

    def short(self, name: str, value: str | None) -> str:
        """The same for heads of columns and axes: „A 5“, „Q4/25“."""
        kind = self.kind(name)
        if value and kind == "unit":
            return self.units.shorts.get(value, value)
        return time_words(name, value, short=True) if value and kind == "time" else self.value(name, value)

    def path(self, names: Sequence[str], path: Path) -> str:
        """„Bauen & Wohnen · A 5 Melden“; „Summe“ for the total."""
        parts = [self.value(name, value) for name, value in zip(names, path, strict=False)]
        return " · ".join(parts) or "Summe"

    def kind(self, name: str) -> str:
        """Kind of a field; what the data set does not know counts as text."""
        known = self._known(name)
        return known.kind if known is not None else "text"

    def cell(self, info: MeasureInfo, cell: PivotCell, show: Show = "value") -> str:
        """Finished text of a cell with the words this figure hides behind."""
        return cell_words(info, cell, show, hidden=self.hidden(info))

    def hidden(self, info: MeasureInfo) -> str:
        """„< 5“ or what else stands in place of a figure that is not given out."""
        metric = self.catalog.metrics.get(info.metric or "")
        return formats.hidden(metric.definition) if metric is not None else formats.HIDDEN

    def _known(self, name: str) -> Field | None:
        return next((item for item in self.data.fields if item.name == name), None)

    def _nothing(self, name: str, kind: str) -> str:
        if kind == "unit" and name != ORG_COLUMN:
            return f"keinem {self.field(name)} zugeordnet"
        return self._bucket(UNRATED) if kind == "bucket" and self._is_rated else NOT_STATED

    @property
    def _is_rated(self) -> bool:
        return MODEL in self.data.choose

    def _bucket(self, value: str) -> str:
        if not self._is_rated:
            return "ohne Zuordnung" if value == UNRATED else word_of_value(value)
        if value == UNRATED:
            return "nicht eingestuft"
        model = self.choose.get(MODEL, self.data.choose[MODEL])
        return texts.stage(value) if model == USUAL_MODEL and value in texts.REIFEGRAD else f"Stufe {value}"


def words_for(services: Services, viewer: Viewer, data: Dataset, question: PivotQuestion) -> Words:
    """The words of a question; units by the list of today, inside the viewer's scope."""
    units = Units.of(services.records(viewer, "org_units", limit=10_000))
    return Words(services.catalog, data, units, question.choose)


def time_words(name: str, value: str, *, short: bool = False) -> str:
    """„2025“, „4. Quartal 2025“ („Q4/25“), „Nov. 2025“; what is no time stays as it is."""
    length = length_of(name) or name
    year, _, rest = value.partition("-")
    part = rest.removeprefix("Q") if length == "quarter" else rest
    known = year.isascii() and year.isdigit() and len(year) == 4 and year > "0000"
    highest = {"quarter": 4, "month": 12}.get(length, 0)
    if not known or not part.isascii() or not part.isdigit() or not 1 <= int(part[:4]) <= highest:
        return value
    if length == "quarter":
        return formats.quarter(date(int(year), int(part) * 3, 1), short=short)
    return formats.month_words(date(int(year), int(part), 1))


def cell_words(
    info: MeasureInfo, cell: PivotCell, show: Show = "value", *, hidden: str = formats.HIDDEN
) -> str:
    """„39,3 %“, „+2,1 Prozentpunkte“, „104“, „< 5“, „–“; why there is nothing stands in `cell.reason`."""
    if cell.state == "suppressed":
        return hidden
    if cell.state != "value":
        return formats.MISSING
    if show in ("row_share", "column_share", "total_share"):
        return formats.percent(cell.shown)
    if show == "index":
        return formats.index(cell.shown)
    if show == "difference":
        return _change(info, cell.shown)
    return amount_words(info, cell.shown)


def amount_words(info: MeasureInfo, value: Number | None) -> str:
    """A value of a measure with its unit: „39,3 %“, „346“, „22.670,00 €“."""
    if info.unit == "number":
        return formats.number(value, info.decimals)
    return formats.amount(value, info.unit, info.decimals)


def _change(info: MeasureInfo, value: Number | None) -> str:
    if info.unit == "number":
        return formats.number(value, info.decimals, plus=True)
    return formats.change(value, info.unit, info.decimals)


def unit_of(info: MeasureInfo, show: Show = "value") -> str:
    """The unit of what is shown, for heads and axes: „%“, „Prozentpunkte“, „€“, „Anzahl“."""
    if show in ("row_share", "column_share", "total_share"):
        return "%"
    if show == "index":
        return "Index, Vergleich = 100"
    if info.unit == "percent":
        return "Prozentpunkte" if show == "difference" else "%"
    named = {"count": "Anzahl", "grade": "Note", "number": ""}
    return named[info.unit] if info.unit in named else formats.UNIT_WORDS[info.unit][1]


def unit_beside(name: str, info: MeasureInfo, show: Show = "value") -> str:
    """The unit to be added to a name; „“ where the name says it already, like „Aufwand (Stunden)“."""
    unit = unit_of(info, show)
    return "" if unit and f"({unit})" in name else unit


def title_of(question: PivotQuestion, words: Words) -> str:
    """„Online ab Reifegrad 3 nach Themenfeld und Fachdienst, Differenz gegenüber dem Vorjahr“."""
    shorts = [words.data.measure(measure).short for measure in question.measures]
    names = [words.field(name) for name in (*question.rows, *question.columns)]
    by = f" nach {texts.listed(names)}" if names else " insgesamt"
    return f"{texts.listed(shorts)}{by}{_shown_words(question, words)}"


def _shown_words(question: PivotQuestion, words: Words) -> str:
    against = against_words(question, words)
    if question.show in ("difference", "index"):
        return f", {SHOW_NAMES[question.show]}{f' {against}' if against else ''}"
    share = "" if question.show == "value" else f", {SHOW_NAMES[question.show]}"
    return f"{share}, {against}" if against else share


def against_words(question: PivotQuestion, words: Words) -> str:
    """„gegenüber dem Vorjahr“, „gegenüber A 5 Melden“; nothing without a comparison."""
    if question.against != "member":
        return _AGAINST.get(question.against, "")
    field = next(iter((*question.columns, *question.rows)), "")
    return f"gegenüber {words.value(field, question.against_member)}"


def filter_words(question: PivotQuestion, words: Words, *, most: int | None = None) -> str:
    """Everything that narrows a question, in one line; `most` values of a condition are named."""
    parts = [condition_words(condition, words, most=most) for condition in question.filters]
    parts += [f"{dimension(name)}: {word_of_value(value)}" for name, value in sorted(question.choose.items())]
    if question.between:
        parts.append(f"Zeitraum {formats.period(*question.between)}")
    if question.at:
        parts.append(f"Stichtag {formats.day(question.at)}")
    if question.top:
        which = "kleinsten" if question.top.smallest else "größten"
        parts.append(f"nur die {formats.number(question.top.n)} {which}")
    return "; ".join(parts)


def condition_words(condition: Filter, words: Words, *, most: int | None = None) -> str:
    """„Themenfeld: Umwelt oder Bildung“, „Leistung enthält „Bau““, „Quartal: ab 1. Quartal 2025“."""
    label = words.field(condition.name)
    if condition.op == "contains":
        return f"{label} enthält „{condition.values[0]}“"
    if condition.op == "between":
        return f"{label}: {_span(condition, words)}"
    named = [words.value(condition.name, value) for value in condition.values[:most]]
    if left := len(condition.values) - len(named):
        return f"{label}: {'ohne ' if condition.op == 'not_in' else ''}{', '.join(named)} und {left} weitere"
    return f"{label}: " + (
        f"ohne {texts.listed(named)}" if condition.op == "not_in" else texts.listed(named, "oder")
    )


def _span(condition: Filter, words: Words) -> str:
    first, last = (_end(condition.name, value, words) for value in condition.values)
    if first and last:
        return f"{first} bis {last}"
    return f"ab {first}" if first else f"bis {last}"


def _end(name: str, value: str | None, words: Words) -> str:
    return words.value(name, value) if value else ""
