"""A checked question with everything needed to answer it, now or for an earlier time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from metrics.catalog import Catalog
from metrics.definition import Definition
from metrics.explore.answer import Answer, Axes, Origin, Words
from metrics.explore.catalog import LIST, Dataset
from metrics.explore.check import checked
from metrics.explore.population import Asking, answer
from metrics.explore.question import PivotQuestion
from metrics.explore.register import Counting, count
from metrics.explore.span import Days, days_of
from metrics.lineage import Snapshot
from metrics.result import Scope
from warehouse.errors import AccessError


@dataclass(frozen=True, slots=True)
class Whole:
    """A question, its data set, and the span it is about (None: each figure keeps its own window)."""

    catalog: Catalog
    snapshot: Snapshot
    dataset: Dataset
    question: PivotQuestion
    axes: Axes
    scope: Scope
    days: Days | None
    words: Words | None

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        snapshot: Snapshot,
        question: PivotQuestion,
        scope: Scope,
        words: Words | None,
    ) -> Whole:
        """Check a question; ConfigError as `checked` and `days_of`."""
        dataset = checked(catalog, question)
        figures = [catalog.metric(m.subject).definition for m in question.measures if dataset.kind != LIST]
        days = days_of(question, figures, snapshot.business_date)
        return cls(catalog, snapshot, dataset, question, Axes.of(question), scope, days, words)

    @property
    def subjects(self) -> list[str]:
        """Ids of the metrics asked for, each once; a list answers under „“."""
        if self.dataset.kind == LIST:
            return [""]
        return list(dict.fromkeys(measure.subject for measure in self.question.measures))

    def definition(self, subject: str) -> Definition | None:
        """Return the header of a metric, None for the list."""
        return self.catalog.metric(subject).definition if subject else None

    def answers(self) -> dict[str, Answer]:
        """Return the answer of each subject.

        A metric that is not published in this form is refused beside others; alone it raises AccessError.
        """
        found: dict[str, Answer] = {}
        errors: list[AccessError] = []
        for subject in self.subjects:
            try:
                found[subject] = self.answer(subject)
            except AccessError as error:
                errors.append(error)
                found[subject] = self.refused(error.what)
        if len(errors) == len(found):
            raise errors[0]
        return found

    def answer(self, subject: str) -> Answer:
        """Return the answer of one subject; AccessError (protected)."""
        if not subject:
            return count(self.counting())
        return answer(self.asking(subject))

    def at(self, days: Days | None, day: date | None = None) -> Whole:
        """The same question about another span, or about another day."""
        return replace(self, days=days, question=replace(self.question, at=day))

    def refused(self, reason: str) -> Answer:
        """An answer that is none."""
        return Answer({}, dict.fromkeys(self.axes.levels(), reason), Origin(None, (), None))

    def asking(self, subject: str) -> Asking:
        """One metric of the question."""
        metric = self.catalog.metric(subject)
        return Asking(
            self.catalog,
            self.snapshot,
            metric,
            self.question,
            self.axes,
            self.scope,
            self.days,
            self.words,
        )

    def counting(self) -> Counting:
        """The list of the question."""
        return Counting(
            self.catalog,
            self.snapshot,
            self.dataset,
            self.question,
            self.axes,
            self.scope,
            self.days,
            self.words,
        )
