"""Comments and event marks as a viewer may read and write them; whoever sees the figure sees its comments.

`remarks` is the one way to them, for pages now and for reports later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from dashboard.figure_rights import Cut, answers_for, may_see, require_sight
from dashboard.proposals import names_of, who
from dashboard.typed import Typed
from metrics.question import add_months
from warehouse.errors import AccessError
from warehouse.ledger import Comment, CommentDraft
from warehouse.ledger.comments import COMMENT, EVENT, KINDS

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

LONGEST = 300
MONTHS_BACK, MONTHS_AHEAD = 72, 12
KIND_WORDS = {COMMENT: "Anmerkung", EVENT: "Ereignis"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in force with the name of its author."""

    comment: Comment
    author: str
    may_change: Callable[[], bool]

    @property
    def changeable(self) -> bool:
        """Whether this viewer may change it.

        Asked only where it can be changed: a page that asks is drawn for one person and cannot be kept.
        """
        return self.may_change()


def remarks(
    services: Services,
    viewer: Viewer,
    metrics: Collection[str],
    *,
    units: Collection[str] | None = None,
    between: tuple[date, date] | None = None,
) -> list[Remark]:
    """Comments about these metrics, oldest month first, as far as the viewer may see their figures.

    units: cuts asked for ("" is the whole city), None for all. between: first and last day of the months.
    """
    found = [c for c in services.comments() if c.metric in metrics and _asked(c, units, between)]
    seen = {cut: may_see(services, viewer, cut) for cut in {Cut(c.metric, c.unit) for c in found}}
    shown = [c for c in found if seen[Cut(c.metric, c.unit)]]
    names = names_of(services, {c.author for c in shown})
    return [Remark(c, names[c.author], partial(may_change, services, viewer, c)) for c in shown]


def _asked(comment: Comment, units: Collection[str] | None, between: tuple[date, date] | None) -> bool:
    if units is not None and comment.unit not in units:
        return False
    return between is None or between[0].replace(day=1) <= comment.month <= between[1]


def may_write(services: Services, viewer: Viewer, cut: Cut) -> bool:
    """Controlling, and whoever answers for the metric; both only where they see the figure."""
    if not may_see(services, viewer, cut):
        return False
    if viewer.role == "controlling":
        return True
    return viewer.role == "fachbereichsleitung" and answers_for(services, viewer, cut.metric)


def may_change(services: Services, viewer: Viewer, comment: Comment) -> bool:
    """Its author as long as they may write there, and controlling."""
    if viewer.role != "controlling" and comment.author != who(viewer):
        return False
    return may_write(services, viewer, Cut(comment.metric, comment.unit))


def write(services: Services, viewer: Viewer, cut: Cut, fields: Mapping[str, object], number: str) -> Comment:
    """Keep a new comment (`monat`, `art`, `text`).

    Raises TypedFault, AccessError(code="no_figure" | "not_allowed").
    """
    require_sight(services, viewer, cut)
    _require(may_write(services, viewer, cut), viewer)
    draft = _read(services, cut, fields)
    return services.ledger.write_comment(draft, author=who(viewer), number=number)


def change(
    services: Services, viewer: Viewer, thread: str, fields: Mapping[str, object], number: str, based_on: int
) -> Comment:
    """Keep a new version of a comment.

    Raises TypedFault, AccessError, ContractError(code="changed_meanwhile").
    """
    last = remark_for(services, viewer, thread)
    _require(may_change(services, viewer, last), viewer)
    draft = _read(services, Cut(last.metric, last.unit), fields)
    return services.ledger.change_comment(thread, draft, author=who(viewer), number=number, based_on=based_on)


def withdraw(services: Services, viewer: Viewer, thread: str) -> None:
    """Take a comment back. Raises AccessError."""
    last = remark_for(services, viewer, thread)
    _require(may_change(services, viewer, last), viewer)
    services.ledger.withdraw_comment(thread, who=who(viewer))


def remark_for(services: Services, viewer: Viewer, thread: str) -> Comment:
    """Latest version of a comment; AccessError(code="no_figure") for others' and for none."""
    versions = services.entered.comment_versions(thread)
    if not versions:
        raise AccessError("Diese Anmerkung gibt es nicht", code="no_figure", found=thread[:40])
    require_sight(services, viewer, Cut(versions[-1].metric, versions[-1].unit))
    return versions[-1]


def months_on_offer(today: date) -> list[date]:
    """Months a comment may speak about, the present one first, then backwards, then those ahead."""
    present = today.replace(day=1)
    back = [add_months(present, -n) for n in range(MONTHS_BACK + 1)]
    return [*back, *(add_months(present, n) for n in range(1, MONTHS_AHEAD + 1))]


def _read(services: Services, cut: Cut, fields: Mapping[str, object]) -> CommentDraft:
    typed = Typed()
    text = typed.text("text", fields.get("text"), longest=LONGEST, name="den Text")
    months = {f"{month:%Y-%m}": month for month in months_on_offer(services.snapshot().business_date)}
    month = months.get(str(fields.get("monat")))
    if month is None:
        typed.faults["monat"] = "Bitte einen Monat aus der Liste wählen."
    kind = str(fields.get("art"))
    if kind not in KINDS:
        typed.faults["art"] = "Bitte wählen: Anmerkung oder Ereignis."
    typed.finish()
    return CommentDraft(cut.metric, cut.unit, month or date.min, kind, text)


def _require(allowed: bool, viewer: Viewer) -> None:
    if not allowed:
        raise AccessError("Zu dieser Zahl dürfen Sie nichts anmerken", code="not_allowed", found=viewer.role)
