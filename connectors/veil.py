"""The batches of a reading on their way to the landing zone, with persons as declared.

Nothing here writes. A refused row loses its text, a token replaces a name, a group replaces its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from connectors.counting import Groups, Place, Within, each_value
from connectors.persons import Persons, tokeniser
from connectors.spelling import typed_text
from warehouse.errors import ConfigError
from warehouse.landing import DELETED, RAW
from warehouse.textformat import TextFormat


class Veil:
    """One table of one run. `counted` tells, after the batches, how many rows went into which group.

    Raises ConfigError `missing_secret` or `weak_secret` before anything is read.
    """

    def __init__(
        self,
        persons: Persons,
        text_format: TextFormat | None,
        local: Callable[[datetime], datetime],
        secrets: Mapping[str, str],
        where: str,
        *,
        last_wins: bool = False,
        within: Within | None = None,
    ) -> None:
        self._persons, self._format, self._where = persons, text_format, where
        self._token = tokeniser(secrets, where) if persons.pseudonymise else None
        rule = persons.aggregate
        if rule and last_wins:
            raise _not_countable(where)
        self._groups = Groups(rule, text_format, local, where, within) if rule else None

    def over(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The batches that may be kept. Raises ContractError `missing_column` or `too_many_groups`."""
        for batch in batches:
            plain = self._without_persons(batch)
            if self._groups is None:
                yield plain
                continue
            if DELETED in plain.schema.names:
                raise _not_countable(self._where)
            yield from self._groups.take(plain)
        if self._groups is not None:
            yield from self._groups.batches()

    def rows_behind(self, places: Iterable[Place]) -> int:
        """How many delivered rows stand behind landed rows, each known by file and line."""
        sizes = self._groups.sizes() if self._groups else {}
        return sum(sizes.get(place, 1) for place in places)

    @property
    def rows(self) -> int | None:
        """How many rows were delivered; None where rows land one by one."""
        return self._groups.rows if self._groups else None

    def _without_persons(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = {name: batch.column(name) for name in batch.schema.names}
        if RAW in columns:
            # The text of a row nobody could take apart may name anybody.
            columns[RAW] = pa.nulls(batch.num_rows, pa.string())
        for name in self._persons.pseudonymise:
            if self._token and name in columns:
                columns[name] = self._tokens(columns[name], self._token)
        return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))

    def _tokens(self, column: pa.Array, token: Callable[[str], str]) -> pa.Array:
        nothing = self._format.null if self._format else ()

        def told(value: Any) -> str | None:
            text = typed_text(value)
            return text if text is None or text.strip() in ("", *nothing) else token(text)

        return each_value(column, told, pa.string())


def _not_countable(where: str) -> ConfigError:
    return ConfigError(
        "Änderungen und Löschungen lassen sich nicht zählen",
        code="not_countable",
        where=where,
        found="persons.aggregate",
        allowed="aggregate nur, wo die Quelle jedes Mal ganze Tage, Monate oder den Bestand liefert",
        next_step="Die Personen stattdessen mit persons.pseudonymise ersetzen",
    )
