"""Marks of a time chart: the comments about its figures, numbered in the order of their months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dashboard.figure_rights import cut_of
from dashboard.figures.marks import Mark
from dashboard.remarks import Remark, remarks
from warehouse.errors import IsekError
from warehouse.ledger.comments import EVENT

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services


def marks_of(
    services: Services,
    viewer: Viewer,
    metrics: Sequence[str],
    where: Mapping[str, str] | None = None,
    *,
    first: date,
    last: date,
) -> tuple[Mark, ...]:
    """Marks of the metrics a chart draws for this cut and these days; none where the viewer may see none."""
    cuts = [cut_of(services, viewer, metric, where) for metric in metrics]
    units = {cut.unit for cut in cuts if cut is not None}
    try:
        return numbered(remarks(services, viewer, metrics, units=units, between=(first, last)))
    except IsekError:
        # A ledger that cannot be read for a moment must not take the drawing with it.
        return ()


def numbered(found: Sequence[Remark]) -> tuple[Mark, ...]:
    """Number comments from 1, the oldest month first."""
    return tuple(
        Mark(number, item.comment.month, item.comment.kind == EVENT, item.comment.text)
        for number, item in enumerate(found, start=1)
    )


def latest(marks: Sequence[Mark], count: int) -> tuple[Mark, ...]:
    """The marks of the latest months, numbered anew."""
    kept = sorted(marks, key=lambda mark: (mark.month, mark.number))[-count:]
    return tuple(replace(mark, number=number) for number, mark in enumerate(kept, start=1))
