"""The stable address of a figure: /zahl/KENNZAHL/STICHTAG/STAND?auswahl.themenfeld=…

Values of a filter follow as `auswahl.DIM`, `auswahl.DIM~2`, …; „not stated“ is a tilde, and a value that
begins with one carries another in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from urllib.parse import quote, urlencode

from dashboard.chosen import read, written
from metrics.citation import Citation, Values
from warehouse.pointer import NAME

PATH = "/zahl"
METRIC, DAY, SNAPSHOT = "kennzahl", "stichtag", "stand"
_BY, _FIRST, _LAST, _UNITS = "je", "von", "bis", "einheit"
_WHERE = re.compile(r"auswahl\.(?P<name>\w+)(?:~(?P<number>\d+))?")
_METRIC = re.compile(r"[a-z0-9_]{1,100}")


def citation_address(citation: Citation) -> str:
    """Return path and query of a citation."""
    parts = (citation.metric, citation.stichtag.isoformat(), citation.snapshot)
    path = "/".join((PATH, *(quote(part, safe="") for part in parts)))
    query = urlencode(list(_query(citation)))
    return f"{path}?{query}" if query else path


def _query(citation: Citation) -> Iterator[tuple[str, str]]:
    for name, values in sorted(citation.where.items()):
        for number, value in enumerate(values, start=1):
            yield f"auswahl.{name}" + (f"~{number}" if number > 1 else ""), written(value)
    if citation.by:
        yield _BY, ",".join(citation.by)
    if citation.between:
        yield _FIRST, citation.between[0].isoformat()
        yield _LAST, citation.between[1].isoformat()
    if citation.units is not None:
        yield _UNITS, ",".join(citation.units)


def read_citation(params: Mapping[str, str]) -> Citation | None:
    """Read a citation from the parameters of its page, path parts included; None for anything unclear."""
    metric, snapshot = params.get(METRIC, ""), params.get(SNAPSHOT, "")
    if not _METRIC.fullmatch(metric) or not NAME.match(snapshot):
        return None
    with suppress(KeyError, ValueError):
        return Citation(
            metric=metric,
            stichtag=date.fromisoformat(params[DAY]),
            snapshot=snapshot,
            by=_listed(params.get(_BY)),
            where=_where(params),
            between=_between(params),
            units=_listed(params[_UNITS]) if _UNITS in params else None,
        )
    return None


def _where(params: Mapping[str, str]) -> dict[str, Values]:
    found: dict[str, list[tuple[int, str | None]]] = {}
    for name, value in params.items():
        if match := _WHERE.fullmatch(name):
            found.setdefault(match["name"], []).append((int(match["number"] or 1), read(value)))
    return {name: tuple(value for _, value in sorted(values, key=_number)) for name, values in found.items()}


def _number(item: tuple[int, str | None]) -> int:
    return item[0]


def _between(params: Mapping[str, str]) -> tuple[date, date] | None:
    if _FIRST not in params and _LAST not in params:
        return None
    return date.fromisoformat(params[_FIRST]), date.fromisoformat(params[_LAST])


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in (text or "").split(",") if part)
