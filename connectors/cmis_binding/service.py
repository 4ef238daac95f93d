"""Requests of the browser binding and what its answers have to look like."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from connectors.cmis_binding.spec import CmisConnection
from connectors.cmis_binding.statement import OBJECT_ID
from connectors.cmis_binding.values import properties_of
from connectors.http.client import Client, Params
from connectors.http.faults import RefusedError, not_as_declared
from warehouse.errors import ConfigError, ContractError, IsekError, did_you_mean

LONGEST_WORDS = 160


@dataclass(frozen=True)
class Item:
    """One hit: the id of the object and its properties by query name."""

    id: str
    properties: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Page:
    """Some hits, whether there are more, and of how many (None: the service does not say)."""

    items: Sequence[Item]
    has_more: bool
    total: int | None


@dataclass(frozen=True)
class ChangePage:
    """Events of the change log (object, kind of event), the token behind them, whether there are more."""

    events: Sequence[tuple[str, str]]
    token: str | None
    has_more: bool


@dataclass(frozen=True)
class Repository:
    """Where a repository answers and what it can do."""

    id: str
    url: str
    root_url: str
    capabilities: Mapping[str, Any]
    latest_change: str | None

    @property
    def orders(self) -> bool:
        """Whether hits can be sorted."""
        return bool(self.capabilities.get("capabilityOrderBy") != "none")

    @property
    def logs_changes(self) -> bool:
        """Whether there is a change log."""
        return bool(self.capabilities.get("capabilityChanges", "none") != "none")


class Service:
    """One repository of one service. Raises what `Client` raises, and what the service says as errors.

    ConfigError: `unknown_repository`, `query_refused`, `not_supported`; ContractError:
    `not_the_declared_format`, `http_refused`.
    """

    def __init__(self, client: Client, connection: CmisConnection, where: str) -> None:
        self._client, self._connection, self._where = client, connection, where
        self.repository = self._choose()

    def query(self, statement: str, skip: int, most: int) -> Page:
        """Hits from number `skip` (from 0) on, at most `most`."""
        paging = {"maxItems": str(most), "skipCount": str(skip), "succinct": "true"}
        # The standard calls the statement `q` in addresses and `statement` in forms.
        if self._connection.method == "get":
            told = self._ask({"cmisselector": "query", "q": statement, **paging})
        else:
            told = self._ask({"cmisaction": "query", "statement": statement, **paging}, post=True)
        items = [self._item(result) for result in self._list(told, "results")]
        return Page(items, self._has_more(told), _number(told.get("numItems")))

    def changes(self, token: str, most: int) -> ChangePage:
        """Events from this token on."""
        asked = {"cmisselector": "contentChanges", "changeLogToken": token, "maxItems": str(most)}
        told = self._ask({**asked, "succinct": "true"})
        events = [self._event(entry) for entry in self._list(told, "objects")]
        named = told.get("changeLogToken")
        return ChangePage(events, str(named) if named else None, self._has_more(told))

    def folder_id(self, folder: str) -> str:
        """The id of a folder named by id or path. Raises ContractError `folder_missing`."""
        url, asked = self.repository.root_url, {"cmisselector": "object", "succinct": "true"}
        if folder.startswith("/"):
            url = f"{url.rstrip('/')}{quote(folder.rstrip('/'))}"
        else:
            asked["objectId"] = folder
        try:
            told = properties_of(self._json(url, asked))
        except RefusedError as refused:
            raise self._no_folder(folder, refused) from None
        if told is None or told.get("cmis:baseTypeId") != "cmis:folder":
            raise self._no_folder(folder, None)
        return str(told[OBJECT_ID])

    def _choose(self) -> Repository:
        connection = self._connection
        path, asked = connection.repository_path, {"cmisselector": "repositoryInfo"}
        try:
            told = self._json(path, asked) if path else self._json("", None)
        except RefusedError as refused:
            raise self._meant(refused) from None
        found = {name: info for name, info in told.items() if isinstance(info, dict)}
        wanted = connection.repository or (next(iter(found)) if len(found) == 1 else None)
        if wanted is None or wanted not in found:
            raise self._no_repository(wanted, list(found))
        info = found[wanted]
        named, root = info.get("repositoryUrl"), info.get("rootFolderUrl")
        if not isinstance(named, str) or not isinstance(root, str):
            raise self._wrong("keine repositoryUrl oder rootFolderUrl", "das Dienstdokument nach CMIS 1.1")
        if path:
            root = f"{path}{root.removeprefix(named)}" if root.startswith(named) else f"{path}/root"
        abilities, latest = info.get("capabilities"), info.get("latestChangeLogToken")
        return Repository(
            wanted, path or named, root, abilities if isinstance(abilities, dict) else {}, latest or None
        )

    def _ask(self, fields: Mapping[str, str], *, post: bool = False) -> dict[str, Any]:
        try:
            return self._json(self.repository.url, fields, post=post)
        except RefusedError as refused:
            raise self._meant(refused) from None

    def _json(self, url: str, fields: Mapping[str, str] | None, *, post: bool = False) -> dict[str, Any]:
        params: Params | None = fields
        answer = self._client.post(url, data=dict(fields or {})) if post else self._client.get(url, params)
        told = answer.json()
        if not isinstance(told, dict):
            raise self._wrong("JSON ohne Objekt", "eine Antwort nach CMIS 1.1 (Browser Binding)")
        return told

    def _item(self, result: Any) -> Item:
        properties = properties_of(result)
        if properties is None or not isinstance(own := properties.get(OBJECT_ID), str | int):
            raise self._wrong(f"ein Treffer ohne {OBJECT_ID}", "Eigenschaften jedes Treffers")
        return Item(str(own), properties)

    def _event(self, entry: Any) -> tuple[str, str]:
        properties = properties_of(entry)
        info = entry.get("changeEventInfo") if isinstance(entry, dict) else None
        kind = info.get("changeType") if isinstance(info, dict) else None
        if properties is None or not isinstance(own := properties.get(OBJECT_ID), str | int) or not kind:
            raise self._wrong(
                f"eine Änderung ohne {OBJECT_ID} oder changeType", "Einträge des Änderungsprotokolls"
            )
        return str(own), str(kind)

    def _list(self, told: Mapping[str, Any], name: str) -> list[Any]:
        found = told.get(name)
        if not isinstance(found, list):
            raise self._wrong(f"keine Liste {name}", "eine Antwort nach CMIS 1.1 (Browser Binding)")
        return found

    def _has_more(self, told: Mapping[str, Any]) -> bool:
        found = told.get("hasMoreItems")
        if not isinstance(found, bool):
            raise self._wrong("keine Angabe hasMoreItems", "hasMoreItems als true oder false")
        return found

    def _wrong(self, found: str, allowed: str) -> ContractError:
        return not_as_declared(self._where, found, allowed)

    def _no_repository(self, wanted: str | None, found: Sequence[str]) -> ConfigError:
        known = ", ".join(found) or "keines"
        return ConfigError(
            f"Das Repository „{wanted}“ gibt es dort nicht"
            if wanted
            else "repository fehlt: welches gelesen wird",
            code="unknown_repository",
            where=self._where,
            found=wanted,
            allowed=known,
            next_step=did_you_mean(wanted or "", found),
        )

    def _no_folder(self, folder: str, refused: RefusedError | None) -> ContractError:
        return ContractError(
            "Den Ordner gibt es nicht" if refused else "Was hier ein Ordner sein soll, ist keiner",
            code="folder_missing",
            where=self._where,
            found=f"{folder} ({_words(refused)})" if refused else folder,
            next_step="Bei der zuständigen Stelle fragen, ob der Ordner verschoben oder gesperrt ist",
        )

    def _meant(self, refused: RefusedError) -> IsekError:
        """What a refusal of the standard means for whoever reads it."""
        exception, words = _exception(refused), _words(refused)
        if exception in ("invalidArgument", "filterNotValid"):
            return ConfigError(
                "Der Dienst nimmt die Abfrage nicht an",
                code="query_refused",
                where=self._where,
                found=words,
                next_step="where, columns und object_type mit den Typen des Repositorys vergleichen",
            )
        if exception == "notSupported" or refused.status == 405:
            return ConfigError(
                "Der Dienst kann das nicht",
                code="not_supported",
                where=self._where,
                found=words,
                next_step='method = "post" oder "get" versuchen; nicht jedes Repository kennt alles',
            )
        return ContractError(refused.what, code=refused.code, where=self._where, found=words)


def _exception(refused: RefusedError) -> str:
    told = _said(refused).get("exception")
    return told if isinstance(told, str) else ""


def _words(refused: RefusedError) -> str:
    """Kind of error and the first line of its message, or the status alone."""
    told = _said(refused)
    if not told:
        return str(refused.found)
    message = str(told.get("message") or "").strip().partition("\n")[0]
    plain = "".join(letter for letter in message if letter.isprintable())[:LONGEST_WORDS]
    return f"{_exception(refused)}: {plain}".strip(": ")


def _said(refused: RefusedError) -> Mapping[str, Any]:
    try:
        told = json.loads(refused.said)
    except ValueError:
        return {}
    return told if isinstance(told, dict) and isinstance(told.get("exception"), str) else {}


def _number(told: Any) -> int | None:
    # Minus one is how some services say that they do not know.
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None
