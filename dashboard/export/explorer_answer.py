"""A question of the explorer and its answer as an export tells them: words, facts, what is hidden and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dashboard import formats, texts
from dashboard.export.facts import Facts
from metrics.catalog import Catalog, Metric
from metrics.explore.result import MeasureInfo, Pivot

Sources = Mapping[str, str]


def _hidden(info: MeasureInfo) -> str:
    del info
    return formats.HIDDEN


@dataclass(frozen=True, slots=True)
class Words:
    """What is asked in German: title, filters as (name, choice), names of fields and of their values.

    `hidden` is the text in place of a figure that is not given out, `dataset` the name of the data set.
    """

    title: str
    filters: tuple[tuple[str, str], ...]
    field: Callable[[str], str]
    value: Callable[[str, str | None], str]
    hidden: Callable[[MeasureInfo], str] = _hidden
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A pivot with everything its files say about it. `sources` names what each metric rests on."""

    pivot: Pivot
    words: Words
    facts: Facts
    sources: Sources

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields of both axes, rows first."""
        return (*self.pivot.question.rows, *self.pivot.question.columns)

    @property
    def has_base(self) -> bool:
        """Whether values are set beside compared ones."""
        question = self.pivot.question
        return question.show == "value" and bool(question.against)

    def notes(self) -> list[str]:
        """Sentences that belong wherever the figures are shown: notes of the answer, what is missing."""
        pivot = self.pivot
        said = [*pivot.notes, *(info.note for info in pivot.measures if info.note)]
        if pivot.hidden_rows:
            left_out = texts.plural(pivot.hidden_rows, "weitere Zeile ist", "weitere Zeilen sind")
            said.append(f"{left_out} nicht enthalten (Auswahl der ersten Zeilen oder Grenze der Zellen).")
        return list(dict.fromkeys([*said, *self.reasons()]))

    def reasons(self) -> list[str]:
        """Why figures are missing, each reason once with the number of cells."""
        cells = (cell for cell in self.pivot.cells.values() if cell.state in ("suppressed", "refused"))
        counted = Counter((cell.state, cell.reason) for cell in cells)
        words = {"suppressed": "geschützt", "refused": "nicht berechnet"}
        return [
            f"{texts.plural(count, 'Zelle', 'Zellen')} {words[state]}: {reason or texts.HIDDEN_NOTE}"
            for (state, reason), count in sorted(counted.items())
        ]

    def metadata(self) -> list[tuple[str, str]]:
        """Return (name, content) of the sheet „Metadaten“."""
        told = [
            ("Titel", self.words.title),
            *dataset_rows(self.pivot.question.dataset, self.words.dataset),
            *_filters(self.words),
            *self.facts.standing(),
            *definitions(self.facts.catalog, self.pivot, self.sources),
            *(("Anmerkung", note) for note in self.notes()),
            *self.facts.made(),
        ]
        return [(name, content) for name, content in told if content]


def dataset_rows(dataset_id: str, title: str) -> list[tuple[str, str]]:
    """Name of a data set as the explorer says it, and its technical name."""
    return [("Datensatz", title), ("Datensatz, technischer Name", dataset_id)]


def _filters(words: Words) -> list[tuple[str, str]]:
    return [(f"Filter {name}", value) for name, value in words.filters] or [("Filter", "keine")]


def definitions(catalog: Catalog, pivot: Pivot, sources: Sources) -> Iterator[tuple[str, str]]:
    """Yield what the figures of an answer mean, each metric once."""
    for info in pivot.measures:
        if info.metric is None:
            yield "Wert", info.label
    for name in dict.fromkeys(info.metric for info in pivot.measures if info.metric):
        if (metric := catalog.metrics.get(name)) is not None:
            yield from definition(metric, sources.get(name, ""))


def definition(metric: Metric, source: str) -> Iterator[tuple[str, str]]:
    """Yield number, meaning, version and source of a metric."""
    said, number = metric.definition, metric.definition.number
    yield "Kennzahl", f"{number} {said.label}"
    yield f"{number}: Technischer Name", metric.id
    yield f"{number}: Definition", said.meaning
    yield f"{number}: Zähler", said.numerator_text
    yield f"{number}: Nenner", said.denominator_text or ""
    yield f"{number}: Version", metric.hash
    yield f"{number}: Quelle", source
