"""Archived passports as they may be shown today: kept is what was said, shown what is still allowed."""

from __future__ import annotations

from dataclasses import replace

from metrics.catalog import Catalog
from metrics.passport import Amount, Delivery, Figure, Passport
from metrics.protect.withdrawn import sentence
from metrics.recorded import refuse_looser
from metrics.result import Scope


def shown_today(catalog: Catalog, passport: Passport, scope: Scope) -> Passport:
    """Return an archived passport without the cells of tables withdrawn since, with the reasons.

    Raises AccessError (protected) when today's definition protects more than the archived one.
    """
    refuse_looser(catalog, passport.definition, passport.metric, scope, passport.snapshot)
    withdrawn = catalog.withdrawn.of(passport.metric)
    gone = sorted(
        {figure.period for figure in passport.figures if figure.period and figure.period in withdrawn}
    )
    if not gone:
        return passport
    return replace(
        passport,
        figures=tuple(_hidden(f) if f.period in gone else f for f in passport.figures),
        calculation=replace(passport.calculation, sql=""),
        deliveries=tuple(_uncounted(item) for item in passport.deliveries),
        counts_withheld=True,
        notes=(*passport.notes, *(sentence(withdrawn[period]) for period in gone)),
    )


def _hidden(figure: Figure) -> Figure:
    return replace(
        figure,
        amount=Amount(None),
        cases=None,
        coverage=None,
        target=None,
        rating="neu",
        suppressed=True,
        earlier=(),
        knowledge=None,
    )


def _uncounted(delivery: Delivery) -> Delivery:
    return replace(delivery, read=None, published=None, rejected=None, duplicates=None)
