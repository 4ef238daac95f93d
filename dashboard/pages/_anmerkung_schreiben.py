"""Routes of the comment forms: write, change, take back. The guard has checked session and origin before."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, request

from dashboard import formats
from dashboard.auth.forms import Forms, own_path
from dashboard.auth.guard import current_viewer, form_token, same_token
from dashboard.auth.retry import Field, Found, Retry, faulty, overtaken
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components.remarks import CHANGE, WITHDRAW, WRITE
from dashboard.figure_rights import Cut
from dashboard.proposals import names_of
from dashboard.remarks import KIND_WORDS, LONGEST, change, withdraw, write
from dashboard.typed import TypedFault
from warehouse.errors import AccessError, ContractError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.services import Services

SENT = ("csrf", "nummer", "kennzahl", "einheit", "zurueck", "faden", "fassung", "monat", "art")
Act = Callable[[Viewer, dict[str, str]], object]


def add_remark_routes(app: Any, services: Services) -> None:
    """Add the three routes to the server."""
    forms = Forms.of(services.settings)

    def new(viewer: Viewer, sent: dict[str, str]) -> object:
        cut = Cut(sent.get("kennzahl", ""), sent.get("einheit", ""))
        return write(services, viewer, cut, sent, _number(sent))

    def changed(viewer: Viewer, sent: dict[str, str]) -> object:
        version = sent.get("fassung", "")
        based_on = int(version) if version.isdecimal() and len(version) < 7 else -1
        return change(services, viewer, sent.get("faden", ""), sent, _number(sent), based_on)

    def taken_back(viewer: Viewer, sent: dict[str, str]) -> object:
        withdraw(services, viewer, sent.get("faden", ""))
        return None

    for path, name, act in (
        (WRITE, "write", new),
        (CHANGE, "change", changed),
        (WITHDRAW, "withdraw", taken_back),
    ):
        view = _view(services, forms, path, act)
        app.server.add_url_rule(path, f"remark_{name}", view, methods=["POST"])


def _view(services: Services, forms: Forms, path: str, act: Act) -> Callable[[], BaseResponse]:
    def view() -> BaseResponse:
        viewer = current_viewer()
        sent = {name: value for name, value in request.form.items() if len(value) <= 4000}
        if viewer.role not in ALL_COCKPITS or not same_token(form_token(), sent.get("csrf")):
            abort(403)
        try:
            act(viewer, sent)
        except AccessError as error:
            # Another department's figure and one that does not exist are the same answer.
            abort(403 if error.code == "not_allowed" else 404, f"comment on {sent.get('kennzahl')!r:.80}")
        except TypedFault as fault:
            again = _again(path, sent, fault.faults.pop("text", ""))
            return make_response(faulty(forms, "Anmerkung nicht gespeichert", again, fault.faults), 422)
        except ContractError as error:
            if error.code != "changed_meanwhile":
                raise
            return make_response(_overtaken(services, forms, path, sent), 409)
        return redirect(own_path(sent.get("zurueck")), code=303)

    return view


def _again(path: str, sent: dict[str, str], fault: str = "", **changes: str) -> Retry:
    """The form with the words as they were typed; kind and month stay what was chosen."""
    field = Field("text", f"Text (höchstens {LONGEST} Zeichen)", sent.get("text", ""), LONGEST, 4, fault)
    return Retry(
        path, {name: sent.get(name, "") for name in SENT} | changes, (field,), sent.get("zurueck", "/")
    )


def _overtaken(services: Services, forms: Forms, path: str, sent: dict[str, str]) -> str:
    newest = services.ledger.comment_versions(sent["faden"])[-1]
    author = names_of(services, {newest.author})[newest.author]
    stand = formats.stand(newest.at, services.settings.zone)
    verb = "Zurückgenommen" if newest.withdrawn else "Gespeichert"
    what = f"{KIND_WORDS[newest.kind]} zu {formats.month(newest.month)}"
    found = Found(f"{verb} von {author}, {stand}", (what, newest.text))
    again = _again(path, sent, nummer=secrets.token_urlsafe(24), fassung=str(newest.version))
    return overtaken(forms, again, found)


def _number(sent: dict[str, str]) -> str:
    """Number of the form; one that is missing or no number of ours is refused."""
    number = sent.get("nummer", "")
    if not 16 <= len(number) <= 64:
        abort(400)
    return number
