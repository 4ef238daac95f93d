"""One run through the pages of a list: what was asked, what came, whether it moves in circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.formats.raw import RawRow
from connectors.rest_api.paging import Page, Paging, Turn
from connectors.rest_api.spool import Spool
from connectors.rest_api.wanted import Wanted
from warehouse.errors import ContractError


@dataclass
class Series:
    """What one reading of all lists brought. `doubts` say why it may not be the whole truth.

    `seen` are the wanted places that held anything, `others` fields nobody asked for, `stated` the points
    in time the records name as their state.
    """

    spool: Spool
    seen: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)
    incomplete: str | None = None
    delivery_hash: str = ""


class Run:
    """Counts and compares pages; `wanted` says which places of a row name its record."""

    def __init__(self, paging: Paging, wanted: Wanted, series: Series, where: str) -> None:
        self._paging, self._wanted, self._series, self._where = paging, wanted, series, where
        self._turns: set[Turn] = set()
        self._pages: set[int] = set()
        self._records: set[int] = set()
        self._totals: set[int] = set()
        self._read = 0

    @property
    def pages(self) -> int:
        """How many pages were asked for."""
        return len(self._turns)

    def begin(self, turn: Turn) -> None:
        """Before a request. Raises ContractError `paging_repeats` or `too_many_pages`."""
        if turn in self._turns:
            raise self._endless("paging_repeats", "dieselbe Seite wird noch einmal verlangt")
        if self.pages >= self._paging.max_pages:
            raise self._endless("too_many_pages", f"mehr als {self._paging.max_pages} Seiten")
        self._turns.add(turn)

    def take(self, rows: Iterable[RawRow], document: Any, headers: Mapping[str, str]) -> Page:
        """Keep the rows of a page. Raises ContractError `paging_repeats` when it came before."""
        records: set[int] = set()
        content: list[int] = []
        for row in rows:
            self._series.spool.add(row.line, row.values, row.fault)
            content.append(hash(tuple(row.values)))
            if not row.fault:
                records.add(hash(tuple(row.values[place] for place in self._wanted.key)))
                self._note_state(row)
        self._compare(hash(tuple(content)) if content else None, records)
        self._read += len(content)
        page = Page(document, len(content), self._read, headers, self._where)
        if (total := self._paging.total_of(page)) is not None:
            self._totals.add(total)
        return page

    def _note_state(self, row: RawRow) -> None:
        if self._wanted.stated is not None and (told := row.values[self._wanted.stated]):
            self._series.stated.add(told)

    def end(self) -> None:
        """After the last page: does the number of records fit what the service says?"""
        doubts = self._series.doubts
        if len(self._totals) > 1:
            numbers = ", ".join(str(total) for total in sorted(self._totals))
            doubts.append(f"der Dienst nennt einmal {numbers} Datensätze")
        elif self._totals and self._read not in self._totals:
            told = f"{self._read} gelesen, {next(iter(self._totals))} genannt"
            self._series.incomplete = told
            doubts.append(told)

    def _compare(self, page: int | None, records: set[int]) -> None:
        if page is not None and page in self._pages:
            raise self._endless("paging_repeats", "eine Seite kam ein zweites Mal")
        if page is not None:
            self._pages.add(page)
        if not records.isdisjoint(self._records):
            self._series.doubts.append("ein Datensatz stand auf zwei Seiten")
        self._records |= records

    def _endless(self, code: str, found: str) -> ContractError:
        return ContractError(
            "Der Dienst hört nicht auf zu blättern",
            code=code,
            where=self._where,
            found=found,
            next_step="Die Angaben zum Blättern (paging) mit der Beschreibung des Dienstes vergleichen",
        )
