"""Proposals for a decision as a viewer may read, write and decide them; they live in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from dashboard.figure_rights import WHOLE, Cut, answers_for, may_see, own_units, require_sight, units
from dashboard.typed import Typed
from warehouse.errors import AccessError
from warehouse.ledger import Proposal, ProposalDraft
from warehouse.ledger.proposals import KINDS

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

LONGEST_TITLE, LONGEST_TEXT, LONGEST_REMARK = 80, 300, 200
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Slip:
    """What a form knows beside the typed words: its number, and the latest version its author saw."""

    number: str
    based_on: int | None
    anew: bool = False


def proposals_for(services: Services, viewer: Viewer, cut: Cut | None = None) -> list[Proposal]:
    """All versions a viewer may see, in the order they were made; of one figure when a cut is given."""
    if cut is not None:
        require_sight(services, viewer, cut)
    found = services.entered.proposals(metric=cut.metric if cut else None)
    wanted = [p for p in found if cut is None or p.unit == cut.unit]
    seen = {c: may_see(services, viewer, c) for c in {Cut(p.metric, p.unit) for p in wanted}}
    return [p for p in wanted if seen[Cut(p.metric, p.unit)]]


def known_on(found: list[Proposal], day: date) -> list[Proposal]:
    """The version of each proposal that was in force on a day."""
    newest = {p.proposal: p for p in found if p.recorded_on <= day}
    return sorted(newest.values(), key=lambda p: (p.recorded_on, p.entry))


def may_propose(services: Services, viewer: Viewer, cut: Cut) -> bool:
    """Controlling for every figure; who leads a part of the town for the figures of that part."""
    if not may_see(services, viewer, cut):
        return False
    if viewer.role == "controlling":
        return True
    if viewer.role != "fachbereichsleitung":
        return False
    if cut.unit == WHOLE:
        return answers_for(services, viewer, cut.metric)
    return cut.unit in own_units(services, viewer)


def may_resolve(viewer: Viewer) -> bool:
    """Only the head of the town notes and decides."""
    return viewer.role == "leitung"


def propose(
    services: Services, viewer: Viewer, cut: Cut, fields: Mapping[str, object], slip: Slip
) -> Proposal:
    """Keep what somebody typed (`titel`, `text`, `frist`, `stelle`).

    Raises TypedFault, AccessError(code="no_figure" | "not_allowed"), ContractError(code="changed_meanwhile").
    """
    require_sight(services, viewer, cut)
    if not may_propose(services, viewer, cut):
        raise AccessError(
            "Für diese Zahl dürfen Sie nichts vorschlagen", code="not_allowed", found=viewer.role
        )
    draft = _read(services, viewer, cut, fields)
    return services.ledger.propose(
        draft,
        author=who(viewer),
        number=slip.number,
        based_on=slip.based_on,
        anew=slip.anew,
        recorded_on=services.snapshot().business_date,
    )


def _read(services: Services, viewer: Viewer, cut: Cut, fields: Mapping[str, object]) -> ProposalDraft:
    typed, today = Typed(), services.snapshot().business_date
    title = typed.text("titel", fields.get("titel"), longest=LONGEST_TITLE, name="den Titel")
    text = typed.text("text", fields.get("text"), longest=LONGEST_TEXT, name="den Vorschlag")
    due_on = typed.day("frist", fields.get("frist"), earliest=today, latest=today + FARTHEST)
    owner = typed.text("stelle", fields.get("stelle"), longest=63, name="die zuständige Stelle")
    if owner and owner not in units(services, viewer).values():
        example = next(iter(sorted(units(services, viewer).values())))
        typed.faults["stelle"] = f"Diese Stelle gibt es nicht. Bitte ihre Kurzform eingeben wie „{example}“."
    typed.finish()
    return ProposalDraft(cut.metric, cut.unit, title, text, owner, due_on)


def resolve(
    services: Services, viewer: Viewer, cut: Cut, entry: int, fields: Mapping[str, object], number: str
) -> None:
    """Note what the head of the town did (`art`, `am`, `bemerkung`) with the version of that entry.

    Raises TypedFault, AccessError, ContractError(code="changed_meanwhile").
    """
    found = next((p for p in proposals_for(services, viewer, cut) if p.entry == entry), None)
    if found is None or not may_resolve(viewer):
        raise AccessError("Diesen Vorschlag gibt es nicht", code="no_figure", found=viewer.role)
    kind, typed = str(fields.get("art") or ""), Typed()
    if kind not in KINDS:
        typed.faults["art"] = "Bitte wählen: zur Kenntnis genommen oder beschlossen."
    today = max(services.snapshot().business_date, datetime.now(UTC).date())
    day = typed.day("am", fields.get("am"), earliest=found.recorded_on, latest=today)
    remark = ""
    if fields.get("bemerkung"):
        remark = typed.text("bemerkung", fields["bemerkung"], longest=LONGEST_REMARK, name="die Bemerkung")
    typed.finish()
    services.ledger.resolve(entry, kind=kind, decided_on=day, remark=remark, who=who(viewer), number=number)


def who(viewer: Viewer) -> str:
    """The name under which the ledger keeps what somebody did."""
    return viewer.login or viewer.account_id


def names_of(services: Services, logins: set[str]) -> dict[str, str]:
    """Names of people by login, as the portal shows them; a login whose account is gone names itself."""
    if not logins:
        return {}
    known = {account.login: account.name for account in services.entered.accounts()}
    return {login: known.get(login, login) for login in logins}
