"""A pivot: figures or records of one data set by rows and columns, every total as the door says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from metrics.catalog import Catalog
from metrics.explore.answer import Answer, Axes, Found, Origin, Place, Words, key_of
from metrics.explore.catalog import LIST, Dataset
from metrics.explore.check import checked
from metrics.explore.layout import Layout, answer_of, lay_out
from metrics.explore.population import Asking, answer
from metrics.explore.question import Measure, PivotQuestion
from metrics.explore.register import Counting, count
from metrics.explore.result import CellKey, Pivot, PivotCell
from metrics.explore.span import days_of
from metrics.lineage import Snapshot
from metrics.result import Nature, Scope
from warehouse.errors import AccessError

HIDDEN = "Geschützt, weil der Wert Einzelne erkennen ließe."


def pivot(
    catalog: Catalog,
    snapshot: Snapshot,
    question: PivotQuestion,
    *,
    scope: Scope,
    words: Words | None = None,
) -> Pivot:
    """Answer a question of one's own within a scope.

    words: field and value as people read them, for „contains“ and for the order of rows and columns.
    Raises ConfigError for what does not exist or does not fit together (see `checked`), AccessError
    (protected) when nothing of it is published in this form, and RetriableError of the snapshot.
    """
    found = checked(catalog, question)
    whole = Whole(catalog, snapshot, found, question, Axes.of(question), scope, words)
    answers = whole.answers()
    layout = lay_out(question, whole.axes, answers, words)
    origins = [item.origin for item in answers.values()]
    return Pivot(
        question=question,
        rows=layout.rows,
        columns=layout.columns,
        measures=tuple(found.measure(measure) for measure in question.measures),
        cells=dict(_cells(question, layout, answers)),
        snapshot=snapshot.name,
        business_date=snapshot.business_date,
        as_of=min((origin.as_of for origin in origins if origin.as_of), default=None),
        stale_sources=tuple(sorted({name for origin in origins for name in origin.stale_sources})),
        nature=_nature(origins),
        hidden_rows=layout.hidden_rows,
        notes=tuple(dict.fromkeys(_notes(answers, layout))),
        records=_records(question, answers),
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """A checked question with everything needed to answer it."""

    catalog: Catalog
    snapshot: Snapshot
    dataset: Dataset
    question: PivotQuestion
    axes: Axes
    scope: Scope
    words: Words | None

    def answers(self) -> dict[str, Answer]:
        """Return the answer of each metric by its id, that of a list under „“.

        A metric that is not published in this form is refused beside others; alone it raises AccessError.
        """
        if self.dataset.kind == LIST:
            return {"": self._count()}
        found: dict[str, Answer] = {}
        errors: list[AccessError] = []
        for subject in dict.fromkeys(measure.subject for measure in self.question.measures):
            try:
                found[subject] = answer(self._asking(subject))
            except AccessError as error:
                errors.append(error)
                found[subject] = self._refused(error)
        if len(errors) == len(found):
            raise errors[0]
        return found

    def _count(self) -> Answer:
        days = days_of(self.question, (), self.snapshot.business_date)
        return count(
            Counting(
                self.catalog,
                self.snapshot,
                self.dataset,
                self.question,
                self.axes,
                self.scope,
                days,
                self.words,
            )
        )

    def _asking(self, subject: str) -> Asking:
        definitions = [self.catalog.metric(m.subject).definition for m in self.question.measures]
        days = days_of(self.question, definitions, self.snapshot.business_date)
        metric = self.catalog.metric(subject)
        return Asking(
            self.catalog, self.snapshot, metric, self.question, self.axes, self.scope, days, self.words
        )

    def _refused(self, error: AccessError) -> Answer:
        levels = dict.fromkeys(self.axes.levels(), error.what)
        return Answer({}, levels, Origin(None, (), "echt"))


def _cells(
    question: PivotQuestion, layout: Layout, answers: Mapping[str, Answer]
) -> Iterator[tuple[CellKey, PivotCell]]:
    for number, measure in enumerate(question.measures):
        mine = answers[answer_of(question, number)]
        for row in layout.rows:
            for column in layout.columns:
                place = row.path, column.path
                cell = cell_at(mine, place, measure)
                if cell is not None:
                    yield (*place, number), cell


def cell_at(answer: Answer, place: Place, measure: Measure) -> PivotCell | None:
    """Return the cell of a measure before anything is compared; None where nothing occurs."""
    if (reason := answer.refusal(place)) is not None:
        return PivotCell("refused", reason=reason)
    found = answer.at(place)
    return None if found is None else _cell(found, key_of(measure))


def _cell(found: Found, key: str) -> PivotCell | None:
    if found.suppressed:
        return PivotCell("suppressed", reason=found.reasons.get("value", HIDDEN))
    if key in found.reasons:
        return PivotCell("refused", reason=found.reasons[key])
    value = found.amounts.get(key)
    if value is None:
        return None
    bounds = (found.lower, found.upper, found.qualifier) if key == "value" else (None, None, None)
    return PivotCell(
        "value",
        value=value,
        shown=value,
        numerator=found.amounts.get("numerator"),
        denominator=found.amounts.get("denominator"),
        lower=bounds[0],
        upper=bounds[1],
        qualifier=bounds[2],
    )


def _nature(origins: Iterable[Origin]) -> Nature:
    found = {origin.nature for origin in origins}
    return found.pop() if len(found) == 1 else "gemischt"


def _notes(answers: Mapping[str, Answer], layout: Layout) -> Iterator[str]:
    yield from layout.notes
    for item in answers.values():
        yield from item.notes


def _records(question: PivotQuestion, answers: Mapping[str, Answer]) -> int | None:
    if not question.dataset.startswith(f"{LIST}:"):
        return None
    whole = answers[""].at(((), ()))
    return int(whole.amounts["*"] or 0) if whole else 0
