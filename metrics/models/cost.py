"""Cost of staff: a printed table recomputed row by row, „wie beschlossen“ beside „rechnerisch“.

Amounts are euro per year. Computed rows build on computed rows: a wrong base shows in every total above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metrics.models.parameter import ModelHead, Parameter

Cause = Literal["andere_basis", "folgt_aus_gedrucktem", "ungeklaert"]
Amounts = dict[str, Decimal]


class Row(BaseModel):
    """A row with what is printed per column; a column left out is not printed, not zero."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    printed: Amounts = Field(default_factory=dict)


class Position(Row):
    """Posts of one grade: number of posts per column × cost of one post."""

    kind: Literal["position"]
    grade: str
    cost: str
    posts: dict[str, int]
    until: str | None = None


class Sum(Row):
    """Sum of other rows."""

    kind: Literal["sum"]
    of: tuple[str, ...] = Field(min_length=1)


class PerPost(Row):
    """An amount for each post of the positions named."""

    kind: Literal["per_post"]
    rate: str
    of: tuple[str, ...] = Field(min_length=1)


class Share(Row):
    """A fraction of another row: its base."""

    kind: Literal["share"]
    rate: str
    of: str


AnyRow = Annotated[Position | Sum | PerPost | Share, Field(discriminator="kind")]


class CostModel(ModelHead):
    """A table of cost. `columns` are id → title; rows may only build on rows above them."""

    kind: Literal["cost"]
    columns: dict[str, str] = Field(min_length=1)
    parameters: dict[str, Parameter]
    rows: tuple[AnyRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _builds_on_what_is_there(self) -> Self:
        above: set[str] = set()
        for row in self.rows:
            parameters, rows = _needs(row)
            if missing := sorted(parameters - set(self.parameters)):
                raise ValueError(f"rows.{row.id}: unbekannter Parameter {', '.join(missing)}")
            if missing := sorted(rows - above):
                raise ValueError(f"rows.{row.id}: keine Zeile darüber heißt {', '.join(missing)}")
            columns = {*row.printed, *(row.posts if isinstance(row, Position) else ())}
            if row.id in above or columns - set(self.columns):
                raise ValueError(f"rows.{row.id}: Kennung doppelt oder Spalte unbekannt")
            above.add(row.id)
        return self


def _needs(row: AnyRow) -> tuple[set[str], set[str]]:
    if isinstance(row, Position):
        return {row.cost}, set()
    if isinstance(row, Sum):
        return set(), set(row.of)
    return {row.rate}, {row.of} if isinstance(row, Share) else set(row.of)


@dataclass(frozen=True, slots=True)
class CostCell:
    """One amount: as printed (None: not printed), as computed, and why the two differ.

    `base` names the row whose share the printed amount would be.
    """

    printed: Decimal | None
    computed: Decimal
    cause: Cause | None = None
    base: str | None = None

    @property
    def difference(self) -> Decimal | None:
        """Printed minus computed."""
        return None if self.printed is None else self.printed - self.computed


@dataclass(frozen=True, slots=True)
class CostRow:
    """A row with its cells by column id."""

    id: str
    title: str
    cells: Mapping[str, CostCell]


@dataclass(frozen=True, slots=True)
class CostTable:
    """The table recomputed."""

    columns: Mapping[str, str]
    rows: tuple[CostRow, ...]

    def cell(self, row: str, column: str) -> CostCell:
        """Return a cell; KeyError for one that is not there."""
        return {item.id: item for item in self.rows}[row].cells[column]

    @property
    def flagged(self) -> tuple[tuple[CostRow, str, CostCell], ...]:
        """Cells whose printed amount is not what their own rule gives."""
        return tuple((r, name, c) for r in self.rows for name, c in r.cells.items() if c.difference)


def cost(model: CostModel) -> CostTable:
    """Compute every row of every column and compare it with what is printed."""
    tables = {column: _column(model, column) for column in model.columns}
    rows = [CostRow(r.id, r.title, {name: tables[name][r.id] for name in tables}) for r in model.rows]
    return CostTable(model.columns, tuple(rows))


def _column(model: CostModel, column: str) -> dict[str, CostCell]:
    computed: Amounts = {}
    posts = {row.id: row.posts.get(column, 0) for row in model.rows if isinstance(row, Position)}
    rate = {name: parameter.value for name, parameter in model.parameters.items()}
    for row in model.rows:
        computed[row.id] = _amount(row, computed, posts, rate)
    printed = {row.id: row.printed[column] for row in model.rows if column in row.printed}
    return {row.id: _cell(row, printed, computed, rate) for row in model.rows}


def _amount(row: AnyRow, above: Amounts, posts: Mapping[str, int], rate: Amounts) -> Decimal:
    if isinstance(row, Position):
        return rate[row.cost] * posts[row.id]
    if isinstance(row, PerPost):
        return rate[row.rate] * sum(posts[name] for name in row.of)
    return rate[row.rate] * above[row.of] if isinstance(row, Share) else _sum(above, row.of)


def _sum(amounts: Amounts, names: tuple[str, ...]) -> Decimal:
    return sum((amounts[name] for name in names), Decimal(0))


def _cell(row: AnyRow, printed: Amounts, computed: Amounts, rate: Amounts) -> CostCell:
    amount = printed.get(row.id)
    if amount is None or amount == computed[row.id]:
        return CostCell(amount, computed[row.id])
    if isinstance(row, Share) and (base := _other_base(row, amount, printed, rate[row.rate])):
        return CostCell(amount, computed[row.id], "andere_basis", base)
    follows = isinstance(row, Sum) and set(row.of) <= set(printed) and _sum(printed, row.of) == amount
    return CostCell(amount, computed[row.id], "folgt_aus_gedrucktem" if follows else "ungeklaert")


def _other_base(row: Share, amount: Decimal, printed: Amounts, rate: Decimal) -> str | None:
    """The only row whose share at the stated rate is what was printed."""
    fits: Callable[[str], bool] = lambda name: name != row.of and printed[name] * rate == amount  # noqa: E731
    found = [name for name in printed if name != row.id and fits(name)]
    return found[0] if len(found) == 1 else None
