"""Saved views pinned as tiles: on the board of a person, or on the board of an organisation unit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from warehouse.errors import ContractError
from warehouse.ledger.tables import view_pin
from warehouse.ledger.trail import Trail

MOST_PINS = 12
PERSON, UNIT = "person:", "unit:"


@dataclass(frozen=True, slots=True)
class ViewPin:
    """One tile: `board` is PERSON + login or UNIT + id, `place` orders the tiles of a board from 1 on."""

    board: str
    view: str
    place: int
    who: str
    at: datetime


class ViewPins(Trail):
    """Keeps which views are pinned where."""

    def view_pins(self, boards: Collection[str] | None = None) -> list[ViewPin]:
        """Pins in the order of their boards; of all boards when none are named."""
        query = select(*(view_pin.c[f.name] for f in fields(ViewPin)))
        if boards is not None:
            query = query.where(view_pin.c.board.in_(sorted(boards)))
        with self._reading() as connection:
            rows = connection.execute(query.order_by(view_pin.c.board, view_pin.c.place, view_pin.c.id))
            return [ViewPin(*row) for row in rows]

    def pin_view(self, board: str, view_id: str, *, who: str, at: datetime | None = None) -> None:
        """Pin a view behind the others; one that is pinned there already stays where it is.

        Raises ContractError(code="too_many_pins").
        """
        with self._in_line() as connection:
            pinned = _order(connection, board)
            if view_id in pinned:
                return
            if len(pinned) >= MOST_PINS:
                raise ContractError(
                    f"Mehr als {MOST_PINS} Kacheln werden nicht angeheftet",
                    code="too_many_pins",
                    found=len(pinned),
                    allowed=str(MOST_PINS),
                    next_step="Zuerst eine Kachel lösen",
                )
            moment, place = at or datetime.now(UTC), len(pinned) + 1
            connection.execute(
                insert(view_pin).values(board=board, view=view_id, place=place, who=who, at=moment)
            )
            self._note(connection, who, "view.pinned", {"board": board, "view": view_id})

    def unpin_view(self, board: str, view_id: str, *, who: str) -> None:
        """Take a tile off a board; one that is not there is no fault."""
        with self._in_line() as connection:
            pinned = _order(connection, board)
            if view_id not in pinned:
                return
            connection.execute(delete(view_pin).where(_pin(board, view_id)))
            _place(connection, board, [view for view in pinned if view != view_id])
            self._note(connection, who, "view.unpinned", {"board": board, "view": view_id})

    def move_view_pin(self, board: str, view_id: str, *, steps: int, who: str) -> None:
        """Move a tile forwards (positive) or backwards on its board, at most to its end."""
        with self._in_line() as connection:
            pinned = _order(connection, board)
            if view_id not in pinned:
                return
            before = pinned.index(view_id)
            after = min(max(before + steps, 0), len(pinned) - 1)
            if before == after:
                return
            pinned.insert(after, pinned.pop(before))
            _place(connection, board, pinned)
            self._note(connection, who, "view.moved", {"board": board, "view": view_id, "place": after + 1})


def _pin(board: str, view_id: str) -> ColumnElement[bool]:
    return (view_pin.c.board == board) & (view_pin.c.view == view_id)


def _order(connection: Connection, board: str) -> list[str]:
    query = select(view_pin.c.view).where(view_pin.c.board == board).order_by(view_pin.c.place, view_pin.c.id)
    return list(connection.execute(query).scalars())


def _place(connection: Connection, board: str, ordered: list[str]) -> None:
    for place, view_id in enumerate(ordered, start=1):
        connection.execute(update(view_pin).where(_pin(board, view_id)).values(place=place))
