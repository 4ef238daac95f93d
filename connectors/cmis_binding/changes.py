"""The change log of a repository: which objects to look at again since last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.cmis_binding.service import Repository, Service
from warehouse.errors import ConfigError, ContractError

DELETED_EVENT = "deleted"


@dataclass(frozen=True)
class Changed:
    """Objects in the order of their last event with the kind of it, and the token for the next night."""

    events: Mapping[str, str]
    token: str


def changed_since(service: Service, token: str, *, size: int, most_pages: int, where: str) -> Changed:
    """All events behind a token; the event of the token itself may be among them and does no harm.

    Raises ContractError `change_log_gone` when the log no longer reaches back so far, `paging_repeats`,
    `too_many_pages`.
    """
    events: dict[str, str] = {}
    seen = {token}
    for _ in range(most_pages):
        try:
            page = service.changes(token, size)
        except ConfigError as refused:
            raise _gone(where, refused) if refused.code == "query_refused" else refused from None
        for own, kind in page.events:
            # What happened to an object last counts, also for the order.
            events.pop(own, None)
            events[own] = kind
        token = page.token or token
        if not page.has_more:
            return Changed(events, token)
        if token in seen:
            raise _endless("paging_repeats", "dasselbe changeLogToken kam noch einmal", where)
        seen.add(token)
    raise _endless("too_many_pages", f"mehr als {most_pages} Seiten", where)


def token_now(repository: Repository, where: str) -> str:
    """The token of this moment, before anything is read. Raises ConfigError `no_change_log`."""
    if not repository.logs_changes or repository.latest_change is None:
        raise ConfigError(
            "Das Repository führt kein Änderungsprotokoll",
            code="no_change_log",
            where=where,
            found=f"capabilityChanges = {repository.capabilities.get('capabilityChanges', 'none')}",
            next_step="changes weglassen: mit cursor Änderungen lesen oder jedes Mal den Bestand",
        )
    return repository.latest_change


def _gone(where: str, refused: ConfigError) -> ContractError:
    return ContractError(
        "Das Änderungsprotokoll reicht nicht mehr bis zum letzten Lauf zurück",
        code="change_log_gone",
        where=where,
        found=refused.found,
        next_step='Einmal ohne changes und mit write = "replace" lesen, dann changes wieder einschalten',
    )


def _endless(code: str, found: str, where: str) -> ContractError:
    return ContractError("Das Änderungsprotokoll hört nicht auf", code=code, where=where, found=found)
