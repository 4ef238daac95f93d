"""What the reader of values does not tell about a sheet: errors, hidden rows, how far it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from warehouse.errors import ContractError

# The reader allocates the whole rectangle: one stray value in the last corner of a sheet is 17 billion cells.
MAX_CELLS = 10_000_000


@dataclass
class SheetFacts:
    """Rows and columns count from 0; `errors` holds the text of error values by row and column."""

    rows: int = 0
    columns: int = 0
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    def reach(self, row: int, column: int) -> None:
        """There is a value at this place."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def error(self, row: int, column: int, text: str) -> None:
        """There is an error instead of a value at this place."""
        self.errors.setdefault(row, {})[column] = text

    def errors_in(self, row: int) -> Mapping[int, str]:
        """Errors of one row by column."""
        return self.errors.get(row, {})


def require_sensible_extent(facts: SheetFacts, where: str) -> None:
    """Refuse a sheet whose values span more cells than any report has, before the reader allocates them."""
    if facts.rows * facts.columns > MAX_CELLS:
        raise ContractError(
            "Das Tabellenblatt ist zu groß",
            code="too_large",
            where=where,
            found=f"{facts.rows} Zeilen mal {facts.columns} Spalten",
            allowed=f"{MAX_CELLS // 1_000_000} Millionen Zellen",
            next_step="Einzelne Angaben weit außerhalb der Tabelle löschen und die Datei neu liefern",
        )
