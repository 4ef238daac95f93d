"""Saved views as a viewer may open them: own ones, those shared with the role, official ones.

A view carries filters, never rights: what it asks is asked with the rights of whoever opens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode

from dashboard.auth.rights import roles_of
from dashboard.auth.viewer import ROLE_LABELS, Viewer
from dashboard.explorer.state import read_state
from dashboard.proposals import who
from warehouse.errors import AccessError, ConfigError
from warehouse.ledger import SavedView, ViewVersion
from warehouse.ledger.views import OWN, ROLE

if TYPE_CHECKING:
    from dashboard.services import Services

EXPLORER, VIEWS = "/explorer", "/ansichten"
VIEW, VERSION, DATASET = "sicht", "fassung", "daten"
NO_VIEW = "Diese Ansicht gibt es nicht, oder sie ist nicht für Sie."
PASSING = ("zelle", "seite")
"""What is about one look at a view and is not kept with it."""
RELEASERS = frozenset({"controlling", "leitung"})
Kind = Literal["own", "shared", "official"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A view as one viewer sees it: `version` is the one its link opens, `kind` why it is theirs to see."""

    view: SavedView
    version: ViewVersion
    kind: Kind

    @property
    def href(self) -> str:
        """The stable link."""
        return view_address(self.view.id)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a view does not open, in one sentence."""

    sentence: str


def view_address(view_id: str, number: int | None = None) -> str:
    """Return the link of a view, or of one version of it; it says nothing about anybody's rights."""
    return f"{EXPLORER}?{urlencode({VIEW: view_id} | ({VERSION: str(number)} if number else {}))}"


def desk_address(view_id: str, what: str = "verwalten") -> str:
    """Return the page about one view: „verwalten“ or „kachel“."""
    return f"{VIEWS}/{quote(view_id, safe='')}/{what}"


def saved_views(services: Services) -> tuple[SavedView, ...]:
    """All views in force; read anew when one was changed or decided."""
    ledger = services.entered
    # Its number first: what is entered meanwhile is read with it or after it, never missed for good.
    return services.kept(("views", ledger.views_stamp()), lambda: tuple(ledger.views()))


def views_for(services: Services, viewer: Viewer) -> list[Seen]:
    """Every view this viewer may open: own ones, shared ones, official ones, each kind by name."""
    order: tuple[Kind, ...] = ("own", "shared", "official")
    found = [seen for view in saved_views(services) if (seen := seen_by(viewer, view))]
    return sorted(
        found, key=lambda seen: (order.index(seen.kind), seen.version.name.casefold(), seen.view.id)
    )


def seen_by(viewer: Viewer, view: SavedView) -> Seen | None:
    """How a viewer sees a view, None for views of others that are neither shared with them nor official."""
    if not _may_explore(viewer) or view.head.withdrawn:
        return None
    if view.owner == who(viewer):
        return Seen(view, view.head, "own")
    if (official := view.official) is not None:
        return Seen(view, official, "official")
    return Seen(view, view.head, "shared") if view.head.audience == f"{ROLE}{viewer.role}" else None


def waiting_for(services: Services, viewer: Viewer) -> list[SavedView]:
    """Views this viewer may release: proposed by somebody else, whoever waits longest first."""
    found = [view for view in saved_views(services) if may_decide(viewer, view)]
    return sorted(found, key=lambda view: view.pending.at.isoformat() if view.pending else "")


def may_decide(viewer: Viewer, view: SavedView) -> bool:
    """Four eyes: a releasing role, and neither owner nor author nor proposer."""
    if viewer.role not in RELEASERS or (waiting := view.pending) is None:
        return False
    return who(viewer) not in (waiting.who, view.owner, view.head.author)


def view_for(services: Services, viewer: Viewer, view_id: str) -> SavedView:
    """Return a view the viewer may know of: to open it, or to decide about it.

    Raises AccessError(code="no_view") alike for unknown ids, foreign views and those taken back.
    """
    view = next((item for item in saved_views(services) if item.id == view_id), None)
    if view is None or not (seen_by(viewer, view) or (_may_explore(viewer) and may_decide(viewer, view))):
        raise AccessError(NO_VIEW, code="no_view", found=view_id[:40])
    return view


def version_for(services: Services, viewer: Viewer, view_id: str, number: int | None = None) -> ViewVersion:
    """Return the version a link names, without number the one in force for this viewer.

    Of views of others only versions that were released or shared with the role open, and the one that waits
    for this viewer's decision. Raises AccessError(code="no_view").
    """
    view = view_for(services, viewer, view_id)
    seen = seen_by(viewer, view)
    if number is None:
        return seen.version if seen else view.head
    found = view.version(number)
    if found is None or not ((seen and seen.kind == "own") or _may_open(viewer, view, found)):
        raise AccessError(NO_VIEW, code="no_view", found=view_id[:40])
    return found


def _may_open(viewer: Viewer, view: SavedView, version: ViewVersion) -> bool:
    mine = f"{ROLE}{viewer.role}"
    shared = view.head.audience == mine == version.audience
    released = view.official is not None and version.version in view.was_official
    return shared or released or (may_decide(viewer, view) and version == view.head)


def resolved(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Mapping[str, str] | Refusal:
    """Put the question of the view an address names into its parameters.

    What else the address says changes the view for this look; an address with a whole question of its own
    („daten“) only says which view it came from. A refusal is the same for every view that is not theirs.
    """
    if (view_id := params.get(VIEW)) is None:
        return params
    own = without_view(params)
    try:
        version = version_for(services, viewer, view_id, _number(params.get(VERSION)))
    except AccessError:
        return own if DATASET in params else Refusal(NO_VIEW)
    if DATASET in params:
        return {**own, VIEW: view_id}
    if sentence := missing(services, version):
        return Refusal(sentence)
    return {**version.params, **own, VIEW: view_id}


def without_view(params: Mapping[str, str]) -> dict[str, str]:
    """Parameters without the view they came from."""
    return {name: value for name, value in params.items() if name not in (VIEW, VERSION)}


def missing(services: Services, version: ViewVersion) -> str:
    """What a view asks for and the portal no longer has, as a sentence; nothing when all of it is there."""
    try:
        read_state(version.params, services.catalog, services.snapshot().business_date)
    except ConfigError as error:
        return f"Die Ansicht „{version.name}“ lässt sich so nicht mehr öffnen. {sentence_of(error)}"
    return ""


def sentence_of(error: ConfigError) -> str:
    """What an error says to a person, with its full stop."""
    words = error.what.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def audience_words(view: SavedView, viewer: Viewer) -> str:
    """For whom a view is: „nur für Sie“, „für die Rolle Controlling“, „offiziell“."""
    found = ["offiziell"] if view.official is not None else []
    audience = view.head.audience
    if audience.startswith(ROLE):
        role = audience.removeprefix(ROLE)
        found.append(f"für die Rolle {ROLE_LABELS.get(role, role)}")
    elif audience == OWN and not found:
        found.append("nur für Sie" if view.owner == who(viewer) else "nur für eine Person")
    if view.pending is not None:
        found.append("wartet auf Freigabe")
    return ", ".join(found)


def _may_explore(viewer: Viewer) -> bool:
    return viewer.sees_figures and viewer.role in roles_of("ansichten")


def _number(text: str | None) -> int | None:
    """The version an address names; one that is no number is none there is."""
    if text is None:
        return None
    return int(text) if text.isdecimal() and len(text) < 7 else 0
