"""Routes of the page of proposals: keep a version, note a resolution. The guard has checked the session."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, request

from dashboard import formats
from dashboard.auth.forms import Forms
from dashboard.auth.guard import current_viewer, form_token, same_token
from dashboard.auth.retry import Field, Found, Retry, faulty, overtaken
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.address import address
from dashboard.components.points import PROPOSE
from dashboard.figure_rights import Cut
from dashboard.proposals import (
    LONGEST_REMARK,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Slip,
    names_of,
    proposals_for,
    propose,
    resolve,
)
from dashboard.typed import TypedFault
from warehouse.errors import AccessError, ContractError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.services import Services

SAVE, RESOLVE = "/vorschlag/speichern", "/vorschlag/entscheiden"
SENT = ("csrf", "nummer", "kennzahl", "einheit", "grundlage", "neu", "art")
Sent = Mapping[str, str]


def add_proposal_routes(app: Any, services: Services) -> None:
    """Add the two routes to the server."""
    forms = Forms.of(services.settings)

    def save(viewer: Viewer, cut: Cut, sent: Sent) -> None:
        slip = Slip(_number(sent), _entry(sent), anew=sent.get("neu") == "1")
        propose(services, viewer, cut, sent, slip)

    def decide(viewer: Viewer, cut: Cut, sent: Sent) -> None:
        resolve(services, viewer, cut, _entry(sent) or 0, sent, _number(sent))

    app.server.add_url_rule(
        SAVE, "save_proposal", _view(services, forms, SAVE, save, _proposal_fields), methods=["POST"]
    )
    app.server.add_url_rule(
        RESOLVE,
        "resolve_proposal",
        _view(services, forms, RESOLVE, decide, _resolution_fields),
        methods=["POST"],
    )


def _proposal_fields(sent: Sent, faults: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        _field("titel", "Titel", sent, faults, LONGEST_TITLE),
        _field("text", f"Vorschlag (höchstens {LONGEST_TEXT} Zeichen)", sent, faults, LONGEST_TEXT, 4),
        _field("frist", "Frist (TT.MM.JJJJ)", sent, faults, 10),
        _field("stelle", "Zuständige Stelle", sent, faults, 63),
    )


def _resolution_fields(sent: Sent, faults: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        _field("am", "Am (TT.MM.JJJJ)", sent, faults, 10),
        replace(_field("bemerkung", "Bemerkung", sent, faults, LONGEST_REMARK), required=False),
    )


def _field(
    name: str, label: str, sent: Sent, faults: Mapping[str, str], longest: int, rows: int = 1
) -> Field:
    return Field(name, label, sent.get(name, ""), longest, rows, faults.get(name, ""))


def _view(
    services: Services,
    forms: Forms,
    path: str,
    act: Callable[[Viewer, Cut, Sent], None],
    fields: Callable[[Sent, Mapping[str, str]], tuple[Field, ...]],
) -> Callable[[], BaseResponse]:
    def view() -> BaseResponse:
        viewer = current_viewer()
        sent = {name: value for name, value in request.form.items() if len(value) <= 4000}
        if viewer.role not in ALL_COCKPITS or not same_token(form_token(), sent.get("csrf")):
            abort(403)
        cut = Cut(sent.get("kennzahl", ""), sent.get("einheit", ""))
        back = address(PROPOSE, {}, kennzahl=cut.metric, einheit=cut.unit or None)
        try:
            act(viewer, cut, sent)
        except AccessError as error:
            # Another department's figure and one that does not exist are the same answer.
            abort(403 if error.code == "not_allowed" else 404, f"proposal on {cut.metric!r:.80}")
        except TypedFault as fault:
            again = Retry(path, _hidden(sent), fields(sent, fault.faults), back)
            rest = {
                name: said
                for name, said in fault.faults.items()
                if name not in {f.name for f in again.fields}
            }
            return make_response(faulty(forms, "Nicht gespeichert", again, rest), 422)
        except ContractError as error:
            if error.code != "changed_meanwhile":
                raise
            newest = proposals_for(services, viewer, cut)[-1]
            hidden = _hidden(sent) | {"nummer": secrets.token_urlsafe(24), "grundlage": str(newest.entry)}
            again = Retry(path, hidden, fields(sent, {}), back)
            return make_response(overtaken(forms, again, _found(services, newest)), 409)
        return redirect(
            address(PROPOSE, {}, kennzahl=cut.metric, einheit=cut.unit or None, gespeichert="1"), 303
        )

    return view


def _hidden(sent: Sent) -> dict[str, str]:
    return {name: sent.get(name, "") for name in SENT}


def _found(services: Services, newest: Any) -> Found:
    author = names_of(services, {newest.author})[newest.author]
    stand = formats.stand(newest.at, services.settings.zone)
    due = f"Frist {formats.day(newest.due_on)}, zuständig {newest.owner}"
    return Found(f"Gespeichert von {author}, {stand}", (newest.title, newest.text, due))


def _number(sent: Sent) -> str:
    """Number of the form; one that is missing or no number of ours is refused."""
    number = sent.get("nummer", "")
    if not 16 <= len(number) <= 64:
        abort(400)
    return number


def _entry(sent: Sent) -> int | None:
    """The version the author saw; none for the first proposal about a figure."""
    text = sent.get("grundlage", "")
    if text and not (text.isdecimal() and len(text) < 15):
        abort(400)
    return int(text) if text else None
