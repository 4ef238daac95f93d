"""Boards of „Mein Cockpit“: which tiles a person sees, whose they are, who may arrange them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dashboard.explorer.view_changes import own_board
from dashboard.explorer.views import Seen, saved_views, seen_by
from dashboard.figure_rights import own_units, units
from warehouse.ledger import ViewPin
from warehouse.ledger.view_pins import MOST_PINS
from warehouse.ledger.view_pins import UNIT as UNIT_BOARD

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

PATH, UNIT = "/mein-cockpit", "einheit"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile; `seen` is None where its view is gone or not for this viewer. `unit` "" is the own board."""

    view_id: str
    seen: Seen | None
    unit: str
    arranged: bool
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The tiles shown together, at most `MOST_PINS`; `href` leads back to them."""

    name: str
    tiles: tuple[Tile, ...]
    href: str


def boards_on_offer(services: Services, viewer: Viewer) -> list[tuple[str | None, str]]:
    """The own board, and units of the viewer's part of the town that have tiles: (parameter, words)."""
    mine, names = own_units(services, viewer), units(services, viewer)
    pinned = {pin.board.removeprefix(UNIT_BOARD) for pin in services.entered.view_pins() if _of_unit(pin)}
    found = sorted(pinned & mine, key=lambda unit: names.get(unit, unit))
    return [(None, "meines"), *((unit, names.get(unit, unit)) for unit in found)]


def board_of(services: Services, viewer: Viewer, unit: str = "") -> Board:
    """The tiles of a unit; without one the own ones, then those of the units the person is here for."""
    if unit:
        name = units(services, viewer).get(unit, unit)
        tiles = tuple(_tiles(services, viewer, f"{UNIT_BOARD}{unit}"))
        return Board(name, tiles, f"{PATH}?{urlencode({UNIT: unit})}")
    shown = list(_tiles(services, viewer, own_board(viewer)))
    known = {tile.view_id for tile in shown}
    for named in sorted(viewer.scope.units or ()):
        found = _tiles(services, viewer, f"{UNIT_BOARD}{named}")
        shown += [tile for tile in found if tile.view_id not in known]
        known |= {tile.view_id for tile in shown}
    return Board("", tuple(shown[:MOST_PINS]), PATH)


def _tiles(services: Services, viewer: Viewer, board: str) -> Iterator[Tile]:
    """Of a unit's board only what the viewer may open: what is shared with others stays out silently."""
    views = {view.id: view for view in saved_views(services)}
    unit = board.removeprefix(UNIT_BOARD) if board.startswith(UNIT_BOARD) else ""
    pins = services.entered.view_pins([board])
    last = len(pins)
    for pin in pins:
        view = views.get(pin.view)
        seen = seen_by(viewer, view) if view else None
        if seen is not None or not unit or view is None:
            yield Tile(pin.view, seen, unit, True, pin.place == 1, pin.place == last)


def _of_unit(pin: ViewPin) -> bool:
    return pin.board.startswith(UNIT_BOARD)
