"""Comments in the origin panel: which cut they are about, who may write, and the way back after saving."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import has_request_context

from dashboard.auth.guard import current_session
from dashboard.components.address import origin_address, origin_day, origin_question
from dashboard.components.points import PROPOSE, proposal_address
from dashboard.components.remarks import RemarkForm, RemarkPanel
from dashboard.figure_rights import Cut, cut_of, may_see
from dashboard.proposals import may_propose, may_resolve
from dashboard.remarks import Remark, may_write, months_on_offer, remarks

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.page import Page
    from dashboard.services import Services

EDIT = "zahl.anmerkung"


def remark_panel(
    services: Services, viewer: Viewer, path: str, params: Mapping[str, str]
) -> RemarkPanel | None:
    """The section about the figure the address names; None where nothing can be said about its cut."""
    metric_id, where = origin_question(params) or ("", {})
    cut = cut_of(services, viewer, metric_id, where)
    if cut is None or not may_see(services, viewer, cut):
        return None
    found = remarks(services, viewer, (metric_id,), units=(cut.unit,))
    here = origin_address(path, params, metric_id, where, at=origin_day(params))
    links = {item.comment.thread: f"{here}&{urlencode({EDIT: item.comment.thread})}" for item in found}
    form = _form(services, cut, params, found, here) if may_write(services, viewer, cut) else None
    return RemarkPanel(found[::-1], services.settings.zone, form, links)


def _form(
    services: Services, cut: Cut, params: Mapping[str, str], found: Sequence[Remark], here: str
) -> RemarkForm:
    session = current_session() if has_request_context() else None
    hidden = {
        "csrf": session.csrf if session else "",
        "nummer": secrets.token_urlsafe(24),
        "kennzahl": cut.metric,
        "einheit": cut.unit,
        "zurueck": here,
    }
    wanted = params.get(EDIT)
    edited = next((r for r in found if r.comment.thread == wanted and r.changeable), None)
    return RemarkForm(months_on_offer(services.snapshot().business_date), hidden, edited)


def proposal_link(
    services: Services, viewer: Viewer, pages: Sequence[Page], metric_id: str, where: Mapping[str, str]
) -> str | None:
    """Address of the proposal for a figure, for those who write it or decide about it."""
    cut = cut_of(services, viewer, metric_id, where)
    if cut is None or not any(page.path == PROPOSE for page in pages):
        return None
    if not may_propose(services, viewer, cut) and not (
        may_resolve(viewer) and may_see(services, viewer, cut)
    ):
        return None
    return proposal_address(cut.metric, cut.unit)
