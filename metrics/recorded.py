"""Definitions as they stood when a snapshot was published; they travel inside it.

A figure of the past is the answer to the question of that time: today's file may count something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from metrics.catalog import Catalog, Metric
from metrics.definition import Definition
from metrics.lineage import Snapshot
from metrics.passport import Wording
from metrics.population import Population
from metrics.result import Scope
from metrics.targets import Target
from metrics.version import Version, digest
from warehouse.errors import AccessError

_THERE = (
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'meta' AND table_name = 'definition'"
)
_ONE = "SELECT version, content FROM meta.definition WHERE metric = ?"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The catalogue to ask a snapshot with, the version that counts in it, and whether it was kept there."""

    catalog: Catalog
    version: Version
    kept: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A version of a definition as it was archived; `since` is the business date it first counted on."""

    version: str
    since: date
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A definition to be kept: its content is JSON, `models` are the statements of the tables behind it."""

    metric: str
    version: Version
    content: str
    models: Mapping[str, str]


def definitions(catalog: Catalog) -> Iterator[Kept]:
    """Yield every metric of a catalogue for keeping, by its id."""
    for metric_id in sorted(catalog.metrics):
        text = json.dumps(content_of(catalog, metric_id), sort_keys=True, ensure_ascii=False)
        yield Kept(metric_id, catalog.version(metric_id), text, models_of(catalog, metric_id))


def content_of(catalog: Catalog, metric_id: str) -> dict[str, Any]:
    """Return everything a metric says and counts, as JSON values."""
    metric = catalog.metric(metric_id)
    population = catalog.populations.get(metric.definition.population)
    target = catalog.targets.get(metric_id)
    return {
        "area": metric.area,
        "header": metric.definition.model_dump(mode="json", exclude={"records"}),
        "statement": metric.sql,
        "tables": sorted(metric.depends),
        "subjects": sorted(metric.subjects),
        "columns": list(metric.columns),
        "population": population.model_dump(mode="json") if population else None,
        "target": target.model_dump(mode="json") if target else None,
        "version": dict(catalog.version(metric_id).parts),
    }


def models_of(catalog: Catalog, metric_id: str) -> dict[str, str]:
    """Return the statements of the tables a metric rests on, by name."""
    names = catalog.version(metric_id).parts
    return {name: model.sql for name, model in sorted(catalog.models.items()) if name in names}


def as_recorded(catalog: Catalog, snapshot: Snapshot, metric_id: str) -> Recorded:
    """Return the definition a snapshot keeps of a metric; today's where it keeps none that can be read.

    Raises ConfigError (unknown_metric) for an id neither of them knows.
    """
    rows = snapshot.query(_ONE, [metric_id]) if snapshot.query(_THERE)[0][0] else []
    for version, content in rows:
        if then := _restored(catalog, metric_id, str(version), json.loads(content)):
            return then
    return Recorded(catalog, catalog.version(metric_id), kept=False)


def as_reported(catalog: Catalog, snapshot: Snapshot, metric_id: str, scope: Scope) -> Recorded:
    """The same, to answer with it: what is protected today is not shown the way it once was.

    Raises ConfigError (unknown_metric) and AccessError (protected).
    """
    found = as_recorded(catalog, snapshot, metric_id)
    refuse_looser(catalog, found.catalog.metric(metric_id).definition, metric_id, scope, snapshot.name)
    return found


def refuse_looser(
    catalog: Catalog, then: Definition | Wording, metric_id: str, scope: Scope, found: str
) -> None:
    """Refuse what a definition of the past would show and today's does not: AccessError (protected)."""
    if not loosens(catalog, then, metric_id, scope):
        return
    why = "schützt heute kleine Zahlen; dieser Stand tat es noch nicht"
    if scope.units is not None and then.scope == "city":
        why = "gilt heute je Einheit; in diesem Stand galt sie für die ganze Stadt"
    raise AccessError(f"„{metric_id}“ {why}", code="protected", found=found)


def loosens(catalog: Catalog, then: Definition | Wording, metric_id: str, scope: Scope) -> bool:
    """Whether a definition of the past shows somebody more than today's: smaller numbers, or a figure that
    knew no units where today each sees the own ones."""
    metric = catalog.metrics.get(metric_id)
    if metric is None:
        return False
    today = metric.definition
    is_wider = scope.units is not None and (then.scope, today.scope) == ("city", "organisation")
    return today.min_cell > then.min_cell or today.least_cases > then.least_cases or is_wider


def _restored(catalog: Catalog, metric_id: str, version: str, content: Mapping[str, Any]) -> Recorded | None:
    try:
        metric = _metric(metric_id, content)
        population = Population.model_validate(content["population"]) if content["population"] else None
        target = Target.model_validate(content["target"]) if content["target"] else None
    except (ValidationError, KeyError):
        # Written by a portal whose headers this one no longer reads.
        return None
    populations = {metric.definition.population: population} if population else {}
    kept = replace(
        catalog,
        metrics={**catalog.metrics, metric_id: metric},
        populations={**catalog.populations, **populations},
        targets=_with_target(catalog.targets, metric_id, target),
    )
    return Recorded(kept, Version(version, content["version"]), kept=True)


def _metric(metric_id: str, content: Mapping[str, Any]) -> Metric:
    return Metric(
        id=metric_id,
        area=content["area"],
        definition=Definition.model_validate(content["header"]),
        sql=content["statement"],
        hash=digest(json.dumps(content, sort_keys=True)),
        depends=frozenset(content["tables"]),
        subjects=frozenset(content["subjects"]),
        columns=tuple(content["columns"]),
        path=Path(f"{metric_id}.sql"),
    )


def _with_target(targets: Mapping[str, Target], metric_id: str, target: Target | None) -> dict[str, Target]:
    others = {name: found for name, found in targets.items() if name != metric_id}
    return {**others, metric_id: target} if target else others
