"""What can be asked for: metrics, lists and the state of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.api.answer import About
from metrics.definition import ORG_LEVELS
from metrics.lineage import nature_of

if TYPE_CHECKING:
    from dashboard.services import Services
    from metrics.catalog import Metric, RecordList
    from warehouse.status import Status


def about_all(status: Status, name: str) -> About:
    """The state of all data together."""
    nature = nature_of(source.nature for source in status.sources)
    return About(name, status.snapshot, status.business_date, status.as_of, nature)


def metric_list(services: Services) -> dict[str, Any]:
    """All metrics, by number."""
    found = sorted(services.catalog.metrics.values(), key=lambda metric: metric.definition.number)
    return {"metrics": [_metric(metric) for metric in found]}


def _metric(metric: Metric) -> dict[str, Any]:
    definition = metric.definition
    return {
        "id": metric.id,
        "number": definition.number,
        "area": metric.area,
        "label": definition.label,
        "question": definition.question,
        "meaning": definition.meaning,
        "kind": definition.kind,
        "unit": definition.unit,
        "population": definition.population,
        "grain": definition.grain,
        "over_time": definition.over_time,
        "better": definition.better,
        "scope": definition.scope,
        "dimensions": list(definition.data_dimensions),
        "levels": list(ORG_LEVELS) if definition.by_organisation else [],
        "choose_one": definition.choose_one,
        "cuts": [list(cut) for cut in definition.cuts] if definition.protect else None,
        "limits": definition.limits,
        "deprecated": definition.deprecated,
        "version": metric.hash[:8],
    }


def list_list(services: Services) -> dict[str, Any]:
    """All lists of records, by id."""
    found = sorted(services.catalog.lists.values(), key=lambda item: item.id)
    return {"lists": [_list(item) for item in found]}


def _list(item: RecordList) -> dict[str, Any]:
    definition = item.definition
    columns = [
        {"name": name, "label": column.label, "type": column.type}
        for name, column in definition.columns.items()
    ]
    return {
        "id": item.id,
        "label": definition.label,
        "scope": definition.scope,
        "key": list(definition.key),
        "order": list(definition.order),
        "columns": columns,
    }


def state(status: Status) -> dict[str, Any]:
    """The sources as `isek status --json` tells them; runs are for those who keep the portal going."""
    told = status.as_json()
    del told["runs"]
    return told
