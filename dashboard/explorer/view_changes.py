"""What people do with saved views: keep, change, share, take back, propose, release, pin.

Each act asks again who may; ids of other people's views raise what ids of none raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Role, Viewer
from dashboard.explorer.state import params_of, read_state
from dashboard.explorer.views import (
    NO_VIEW,
    PASSING,
    RELEASERS,
    may_decide,
    seen_by,
    sentence_of,
    view_for,
    without_view,
)
from dashboard.figure_rights import own_units
from dashboard.page import LONGEST_SEARCH, read_params
from dashboard.proposals import who
from dashboard.services import require_data_access
from dashboard.typed import Typed, TypedFault
from warehouse.errors import AccessError, ConfigError
from warehouse.ledger import SavedView, ViewDraft
from warehouse.ledger.view_pins import PERSON, UNIT
from warehouse.ledger.views import DECLINED, LONGEST_NAME, LONGEST_NOTE, OWN, RELEASED, ROLE

if TYPE_CHECKING:
    from dashboard.services import Services

AUDIENCES = (OWN, *(f"{ROLE}{role}" for role in get_args(Role) if role in ALL_COCKPITS))
LONGEST_REASON = 300
UNREADABLE = "Diese Ansicht lässt sich nicht speichern."
Fields = Mapping[str, str]


def save(services: Services, viewer: Viewer, fields: Fields, number: str) -> SavedView:
    """Keep a new view (`name`, `notiz`, `fuer`, `frage`).

    Raises TypedFault, AccessError, ContractError(code="too_many_views").
    """
    require_data_access(viewer)
    draft = _read(services, fields, _question(services, fields.get("frage", "")))
    return services.ledger.write_view(draft, owner=who(viewer), number=number)


def change(
    services: Services, viewer: Viewer, view_id: str, fields: Fields, number: str, based_on: int
) -> SavedView:
    """Keep a new version of an own view; without `frage` it asks what it asked before.

    Raises TypedFault, AccessError, ContractError(code="changed_meanwhile").
    """
    head = own_view(services, viewer, view_id).head
    asked = fields.get("frage", "")
    params = _question(services, asked) if asked else head.params
    given = {"name": head.name, "notiz": head.note, "fuer": head.audience, **fields}
    draft = _read(services, given, params)
    return services.ledger.change_view(view_id, draft, author=who(viewer), number=number, based_on=based_on)


def withdraw(services: Services, viewer: Viewer, view_id: str) -> None:
    """Take an own view back. Raises AccessError."""
    own_view(services, viewer, view_id)
    services.ledger.withdraw_view(view_id, who=who(viewer))


def propose(services: Services, viewer: Viewer, view_id: str, number: str, based_on: int) -> None:
    """Ask for an own view to become official. Raises AccessError, ContractError."""
    own_view(services, viewer, view_id)
    services.ledger.propose_view(view_id, who=who(viewer), number=number, based_on=based_on)


def decide(
    services: Services, viewer: Viewer, view_id: str, fields: Fields, number: str, based_on: int
) -> None:
    """Release (`art` = „freigeben“) or decline („ablehnen“, with `grund`) what waits for a second person.

    Raises TypedFault, AccessError(code="no_view" | "not_allowed"), ContractError(code="changed_meanwhile").
    """
    view = view_for(services, viewer, view_id)
    if viewer.role not in RELEASERS or (view.pending and not may_decide(viewer, view)):
        raise AccessError("Diese Ansicht gibt eine zweite Person frei", code="not_allowed", found=viewer.role)
    typed, released = Typed(), fields.get("art") == "freigeben"
    if not released and fields.get("art") != "ablehnen":
        typed.faults["art"] = "Bitte wählen: freigeben oder ablehnen."
    reason = "" if released else typed.text(
        "grund", fields.get("grund"), longest=LONGEST_REASON, name="den Grund der Ablehnung"
    )  # fmt: skip
    typed.finish()
    kind = RELEASED if released else DECLINED
    services.ledger.decide_view(
        view_id, kind=kind, who=who(viewer), number=number, based_on=based_on, reason=reason
    )


def may_end(viewer: Viewer, view: SavedView) -> bool:
    """Its owner and the releasing roles may end that a view is official."""
    return view.official is not None and (view.owner == who(viewer) or viewer.role in RELEASERS)


def end_official(services: Services, viewer: Viewer, view_id: str) -> None:
    """End that a view is official. Raises AccessError."""
    view = view_for(services, viewer, view_id)
    if not may_end(viewer, view):
        raise AccessError("Das dürfen Sie hier nicht", code="not_allowed", found=viewer.role)
    services.ledger.end_official_view(view_id, who=who(viewer))


def own_view(services: Services, viewer: Viewer, view_id: str) -> SavedView:
    """Return a view of the viewer's own.

    Raises AccessError: code "no_view" for what they may not know of, "not_allowed" for views of others.
    """
    view = view_for(services, viewer, view_id)
    if view.owner != who(viewer):
        raise AccessError("Diese Ansicht gehört jemand anderem", code="not_allowed", found=viewer.role)
    return view


def own_board(viewer: Viewer) -> str:
    """The board of a person."""
    return f"{PERSON}{who(viewer)}"


def board_for(services: Services, viewer: Viewer, unit: str) -> str:
    """The board a viewer may arrange: their own without `unit`, else that of a unit of their scope.

    Raises AccessError(code="no_view") alike for foreign units and for none.
    """
    require_data_access(viewer)
    if not unit:
        return own_board(viewer)
    if unit not in own_units(services, viewer):
        raise AccessError(NO_VIEW, code="no_view", found=unit[:40])
    return f"{UNIT}{unit}"


def pin(services: Services, viewer: Viewer, view_id: str, unit: str) -> None:
    """Pin a view as a tile; a unit gets only what others may see as well.

    Raises TypedFault, AccessError, ContractError(code="too_many_pins").
    """
    view = view_for(services, viewer, view_id)
    board = board_for(services, viewer, unit)
    if seen_by(viewer, view) is None:
        raise AccessError(NO_VIEW, code="no_view", found=view_id[:40])
    if unit and view.head.audience == OWN and view.official is None:
        raise TypedFault(
            {"einheit": "Bitte die Ansicht zuerst mit einer Rolle teilen: So sähe sie dort nur Sie allein."}
        )
    services.ledger.pin_view(board, view_id, who=who(viewer))


def unpin(services: Services, viewer: Viewer, view_id: str, unit: str) -> None:
    """Take a tile off a board; its view may be gone already. Raises AccessError."""
    services.ledger.unpin_view(board_for(services, viewer, unit), view_id[:32], who=who(viewer))


def move(services: Services, viewer: Viewer, view_id: str, unit: str, steps: int) -> None:
    """Move a tile by steps, negative ones to the front. Raises AccessError."""
    board = board_for(services, viewer, unit)
    services.ledger.move_view_pin(board, view_id[:32], steps=steps, who=who(viewer))


def _read(services: Services, fields: Fields, params: Mapping[str, str]) -> ViewDraft:
    typed = Typed()
    name = typed.text("name", fields.get("name"), longest=LONGEST_NAME, name="einen Namen")
    note = ""
    if fields.get("notiz"):
        note = typed.text("notiz", fields["notiz"], longest=LONGEST_NOTE, name="die Notiz")
    audience = fields.get("fuer") or OWN
    if audience not in AUDIENCES:
        typed.faults["fuer"] = "Bitte wählen, für wen die Ansicht ist."
    typed.finish()
    return ViewDraft(name, note, params, audience)


def _question(services: Services, text: str) -> dict[str, str]:
    """The explorer's address as it is kept: read, checked and written again, so that nothing else is kept."""
    try:
        given = read_params(text[:LONGEST_SEARCH])
        state = read_state(without_view(given), services.catalog, services.snapshot().business_date)
    except ConfigError as error:
        raise TypedFault({"frage": f"{UNREADABLE} {sentence_of(error)}"}) from None
    except ValueError:
        raise TypedFault({"frage": UNREADABLE}) from None
    return {name: value for name, value in params_of(state).items() if name not in PASSING}
