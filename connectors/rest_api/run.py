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
    in time the records name as their state. `unmarked` is the place of the next page, when the first page
    does not know it. `lines` counts those of all CSV answers so far, `header` is what they have in common.
    """

    spool: Spool
    seen: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    unmarked: str | None = None
    lines: int = 0
    header: set[str] = field(default_factory=set)
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
        self._extents: set[int] = set()
        self._read = self._units = 0

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

    def take(
        self, rows: Iterable[RawRow], document: Any, headers: Mapping[str, str], units: int | None = None
    ) -> Page:
        """Keep the rows of a page, which came from so many units (default: each row is one).

        Raises ContractError `paging_repeats` when it came before.
        """
        records: set[int] = set()
        content: list[int] = []
        for row in rows:
            self._series.spool.add(row.line, row.values, row.fault)
            content.append(hash(tuple(row.values)))
            if not row.fault:
                records.add(hash(tuple(row.values[place] for place in self._wanted.key)))
                self._note_state(row)
        self._compare(hash(tuple(content)) if content else None, records)
        units = len(content) if units is None else units
        self._read, self._units = self._read + len(content), self._units + units
        page = Page(document, units, self._units, headers, self._where)
        if (total := self._paging.total_of(page)) is not None:
            self._totals.add(total)
        if (pages := self._paging.pages_of(page)) is not None:
            self._extents.add(pages)
        return page

    def _note_state(self, row: RawRow) -> None:
        if self._wanted.stated is not None and (told := row.values[self._wanted.stated]):
            self._series.stated.add(told)

    def end(self) -> None:
        """After the last page: does the number of records fit what the service says?"""
        doubts = self._series.doubts
        for numbers, what in ((self._totals, "Datensätze"), (self._extents, "Seiten")):
            if len(numbers) > 1:
                doubts.append(f"der Dienst nennt {' und dann '.join(map(str, sorted(numbers)))} {what}")
        # What the service counts is not known: the records, or the objects they lie in.
        if len(self._totals) == 1 and self._totals.isdisjoint({self._read, self._units}):
            told = f"{self._units} gelesen, {next(iter(self._totals))} genannt"
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
