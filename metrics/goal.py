"""The path a town has promised for a selection, for views that look ahead of the Stichtag."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from metrics.catalog import Catalog
from metrics.definition import PERIOD_YEAR
from metrics.result import Scope
from metrics.targets import Rule, Selection


def rule_for(
    catalog: Catalog, metric_id: str, *, scope: Scope, where: Mapping[str, str], on: date
) -> Rule | None:
    """Return the rule the door rates this selection by, None when nothing is promised for it.

    `where` holds one value per dimension, as asked of the door. Raises ConfigError (unknown_metric).
    """
    metric = catalog.metric(metric_id)
    target = catalog.targets.get(metric_id)
    if target is None:
        return None
    usual = {
        name: str(on.year) if default == PERIOD_YEAR else default
        for name, default in metric.definition.choose_one.items()
    }
    values: dict[str, str | None] = {**usual, **where}
    narrowed = frozenset(name for name, value in values.items() if usual.get(name) != value)
    other = metric.definition.scope == "organisation" and scope.units is not None
    return target.rule_for(Selection(values, narrowed, other))
