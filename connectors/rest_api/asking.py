"""From the declaration to requests: places filled, parameters set where the service wants them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx

from connectors.http.answer import Answer
from connectors.http.client import Client
from connectors.rest_api.paging import Turn
from connectors.rest_api.spec import PLACE, RestTable, plain


@dataclass(frozen=True)
class Question:
    """One series of requests: the table and the words that fill its places."""

    table: RestTable
    names: Mapping[str, str]
    headers: Mapping[str, str]

    def ask(self, web: Client, turn: Turn, start: httpx.URL | None, into: Any = None) -> Answer:
        """One request; `start` replaces the declared path, a turn with a link replaces everything."""
        table, paged = self.table, dict(turn.values)
        if turn.link is not None:
            where: str | httpx.URL = httpx.URL(turn.link)
            params: list[tuple[str, str]] = []
        else:
            where, params = start or self.path, self._params()
        in_query = table.paging.place == "query"
        params = [(n, v) for n, v in params if not (in_query and n in paged)]
        params += [(name, str(value)) for name, value in paged.items()] if in_query else []
        return web.call(
            table.method,
            where,
            params,
            headers=self.headers,
            accept=table.accepts,
            types=table.content_types,
            json=self._body({} if in_query else paged),
            data=self._form({} if in_query else paged),
            into=into,
        )

    @property
    def path(self) -> str:
        """The path with its places filled."""
        return PLACE.sub(lambda place: quote(self.names[place[1]], safe=""), self.table.path)

    def _params(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        for name, value in self.table.params.items():
            several = value if isinstance(value, tuple) else (value,)
            pairs += [(name, self._filled(plain(one))) for one in several]
        return pairs

    def _form(self, paged: Mapping[str, str | int]) -> dict[str, str] | None:
        if self.table.form is None:
            return None
        filled = {name: self._filled(plain(value)) for name, value in self.table.form.items()}
        return {**filled, **{name: str(value) for name, value in paged.items()}}

    def _body(self, paged: Mapping[str, str | int]) -> Any:
        if self.table.form is not None or self.table.method == "GET":
            return None
        body = self._filled_deep(self.table.body or {})
        for path, value in paged.items():
            holder = body
            *around, name = path.split(".")
            for part in around:
                holder = holder.setdefault(part, {})
            holder[name] = value
        return body

    def _filled(self, text: str) -> str:
        return PLACE.sub(lambda place: self.names.get(place[1], place[0]), text)

    def _filled_deep(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._filled(value)
        if isinstance(value, dict):
            return {name: self._filled_deep(inner) for name, inner in value.items()}
        return [self._filled_deep(inner) for inner in value] if isinstance(value, list) else value


def questions(
    table: RestTable,
    headers: Mapping[str, str],
    since: datetime | None,
    until: datetime,
    timezone: str,
) -> Iterator[Question]:
    """One question for every combination of `for_each`; the window is local time without zone."""
    window = {"until": _moment(until, table, timezone)}
    if since is not None:
        window["since"] = _moment(since, table, timezone)
    for words in itertools.product(*table.for_each.values()):
        chosen = {name: plain(word) for name, word in zip(table.for_each, words, strict=True)}
        yield Question(table, {**window, **chosen}, headers)


def _moment(moment: datetime, table: RestTable, timezone: str) -> str:
    aware = moment.replace(tzinfo=ZoneInfo(timezone))
    told = aware.astimezone(UTC) if table.bounds.clock == "utc" else aware
    return told.strftime(table.bounds.format)
