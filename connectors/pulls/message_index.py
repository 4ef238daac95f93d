"""Messages listed in a file `index.txt` beside them, one name per line, oldest first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.base import Context
from connectors.formats.xzufi_pulled import Message, Pulled, newest
from connectors.http.client import Client, Params
from connectors.pulls.spool import Spool
from warehouse.errors import ContractError

MOST_FILES = 100_000

# A name of the list is put behind the base address: it may lead down from there, not up or elsewhere.
_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_LONGEST_NAME = 200


def pull_index(
    client: Client,
    spool: Spool,
    context: Context,
    where: str,
    *,
    index: str,
    params: Params | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Pulled:
    """Files from the one named `after` on; all of them when the list no longer names it.

    The last file of the night before is read again: it says how old the list is, and it changes nothing.
    The cursor is the last name. Raises what the client raises, ContractError `foreign_name`, `too_large`,
    `empty_list` (a list that named files before).
    """
    names = _names(client.get(index, params, accept="text/plain").text(), where)
    if after and not names:
        raise ContractError(
            "Die Liste der Dateien ist leer, obwohl sie schon Dateien nannte",
            code="empty_list",
            where=where,
            allowed=f"die Liste mit {after} oder, neu begonnen, mit anderen Dateien",
            next_step="Bei der zuständigen Stelle fragen, ob die Liste noch geschrieben wird",
        )
    begin = names.index(after) if after in names else 0
    wanted = names[begin:][:limit]
    messages = tuple(_fetched(client, spool, name, params) for name in wanted)
    as_of = newest(messages, context) or context.as_of
    return Pulled(messages, as_of, client.delivery_hash, names[-1] if names else after)


def _names(text: str, where: str) -> Sequence[str]:
    names = list(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))
    for name in names:
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
            raise ContractError(
                "Die Liste der Dateien nennt einen Namen, dem nicht gefolgt wird",
                code="foreign_name",
                where=where,
                found=name[:_LONGEST_NAME],
                allowed="Namen unterhalb der Adresse, ohne .., ohne Host und ohne Parameter",
            )
    if len(names) > MOST_FILES:
        raise ContractError(
            "Die Liste nennt zu viele Dateien",
            code="too_large",
            where=where,
            found=len(names),
            allowed=f"{MOST_FILES} Dateien",
        )
    return names


def _fetched(client: Client, spool: Spool, name: str, params: Params | None) -> Message:
    with spool.create() as file:
        client.stream(name, file, params, accept="application/xml")
        return spool.message_of(file, name)
