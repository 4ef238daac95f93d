"""A pivot: figures or records of one data set by rows and columns, every total as the door says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from metrics.catalog import Catalog
from metrics.explore.answer import Answer, Origin, Words
from metrics.explore.catalog import LIST
from metrics.explore.cell import cell_at
from metrics.explore.comparison import Comparison
from metrics.explore.earlier import Earlier
from metrics.explore.layout import Layout, answer_of, lay_out
from metrics.explore.question import PivotQuestion
from metrics.explore.remark import compared, remarks, unfinished
from metrics.explore.result import CellKey, Pivot, PivotCell
from metrics.explore.warmth import with_warmth
from metrics.explore.whole import Whole
from metrics.lineage import Snapshot
from metrics.result import Nature, Scope


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
    return pivot_of(Whole.of(catalog, snapshot, question, scope, words))


def pivot_of(whole: Whole) -> Pivot:
    """Answer a checked question; raises like `pivot`."""
    question, snapshot = whole.question, whole.snapshot
    answers = whole.answers()
    sequences = {field.name: field.sequence for field in whole.dataset.fields}
    layout = lay_out(question, whole.axes, answers, whole.words, sequences)
    earlier = Earlier(whole, answers)
    cells = dict(_cells(Comparison(whole, answers, earlier), layout))
    notes = (*layout.notes, *_notes(answers), *remarks(whole, answers), *compared(earlier, whole))
    origins = [item.origin for item in answers.values()]
    return Pivot(
        question=question,
        rows=layout.rows,
        columns=layout.columns,
        measures=tuple(whole.dataset.measure(measure) for measure in question.measures),
        cells=with_warmth(cells, layout, len(question.columns)),
        snapshot=snapshot.name,
        business_date=snapshot.business_date,
        as_of=min((origin.as_of for origin in origins if origin.as_of), default=None),
        stale_sources=tuple(sorted({name for origin in origins for name in origin.stale_sources})),
        nature=_nature(origins),
        hidden_rows=layout.hidden_rows,
        notes=tuple(dict.fromkeys(notes)),
        records=_records(question, answers),
        unfinished=unfinished(whole, answers),
    )


def _cells(comparison: Comparison, layout: Layout) -> Iterator[tuple[CellKey, PivotCell]]:
    question = comparison.whole.question
    for number, measure in enumerate(question.measures):
        mine = comparison.answers[answer_of(question, number)]
        for row in layout.rows:
            for column in layout.columns:
                place = row.path, column.path
                cell = cell_at(mine, place, measure)
                if cell is not None:
                    yield (*place, number), comparison.shown(number, place, cell)


def _nature(origins: Iterable[Origin]) -> Nature:
    found = {origin.nature for origin in origins if origin.nature}
    return found.pop() if len(found) == 1 else "gemischt"


def _notes(answers: Mapping[str, Answer]) -> Iterator[str]:
    for item in answers.values():
        yield from item.notes


def _records(question: PivotQuestion, answers: Mapping[str, Answer]) -> int | None:
    if not question.dataset.startswith(f"{LIST}:"):
        return None
    whole = answers[""].at(((), ()))
    return int(whole.amounts["*"] or 0) if whole else 0
