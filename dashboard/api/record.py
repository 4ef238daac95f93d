"""Lists of single records: allow-listed columns, page by page, within the units of who asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, request

from dashboard.api.answer import FORMAT, About, json_answer, table_answer, wanted_form
from dashboard.api.parameter import LONGEST_VALUE, WHERE, Asked
from dashboard.api.tabular import Tabular, Type, aware
from metrics.records import FARTHEST, MAXIMUM, Records

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

FIELDS = ("limit", "offset", "order", "search", WHERE, FORMAT)
DEFAULT_LIMIT = 1000
TYPES: Mapping[str, Type] = {
    "text": "text",
    "unit": "text",
    "integer": "integer",
    "year": "integer",
    "eur": "amount",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}


def record_page(services: Services, viewer: Viewer, list_id: str, about: About) -> Response:
    """Answer one page of a list; `about` is the state of all data, because a list joins several sources."""
    asked = Asked.read(request.args, FIELDS)
    form = wanted_form(asked)
    limit = asked.number("limit", DEFAULT_LIMIT, 1, MAXIMUM)
    offset = asked.number("offset", 0, 0, FARTHEST)
    found = services.records(
        viewer,
        list_id,
        where=asked.where(),
        limit=limit,
        offset=offset,
        order=asked.names("order") or None,
        search=(asked.one("search") or "")[:LONGEST_VALUE],
    )
    following = _following(offset + limit) if offset + len(found.rows) < found.total else None
    if form == "json":
        response = json_answer(_body(services, found, about, limit, offset, following), about)
    else:
        response = table_answer(_table(found), form, about)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _following(offset: int) -> str:
    """Address of the next page: the present one with another offset, escaped anew."""
    fields = [(name, value) for name, value in request.args.items(multi=True) if name != "offset"]
    return f"{request.path}?{urlencode([*fields, ('offset', str(offset))])}"


def _body(
    services: Services, found: Records, about: About, limit: int, offset: int, following: str | None
) -> dict[str, Any]:
    rows = [
        {column.name: _plain(value, TYPES[column.type])
         for column, value in zip(found.columns, row, strict=True)}
        for row in found.rows
    ]  # fmt: skip
    return {
        "list": found.list_id,
        "label": services.catalog.record_list(found.list_id).definition.label,
        "snapshot": about.snapshot,
        "business_date": about.business_date,
        "as_of": about.as_of,
        "nature": about.nature,
        "columns": [{"name": c.name, "label": c.label, "type": c.type} for c in found.columns],
        "total": found.total,
        "limit": limit,
        "offset": offset,
        "next": following,
        "rows": rows,
    }


def _table(found: Records) -> Tabular:
    kinds = [TYPES[column.type] for column in found.columns]
    columns = tuple(zip((column.name for column in found.columns), kinds, strict=True))
    return Tabular(columns, found.rows)


def _plain(value: Any, kind: Type) -> Any:
    """A value as JSON holds it: amounts as decimal strings, other figures as numbers, moments with zone."""
    if kind == "number" and value is not None:
        number = float(value) if isinstance(value, Decimal) else value
        return number if isfinite(number) else None
    if kind == "timestamp" and isinstance(value, datetime):
        return aware(value)
    return value
