"""Routes of the forms about saved views and pins. The guard has checked session and origin before."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response, abort, make_response, redirect, request

from dashboard import formats
from dashboard.auth.forms import Forms, own_path
from dashboard.auth.guard import current_viewer, form_token, same_token
from dashboard.auth.retry import Field, Found, Retry, faulty, overtaken
from dashboard.auth.rights import ALL_COCKPITS
from dashboard.auth.viewer import Viewer
from dashboard.components import view_forms as names
from dashboard.explorer import view_changes as changes
from dashboard.explorer.views import VIEWS, desk_address, saved_views, view_address
from dashboard.proposals import names_of
from dashboard.typed import TypedFault
from warehouse.errors import AccessError, ContractError
from warehouse.ledger.views import LONGEST_NAME, LONGEST_NOTE

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.services import Services

MY_COCKPIT = "/mein-cockpit"
SEEN: Mapping[str, tuple[str, int, int]] = {
    "name": ("Name der Ansicht", LONGEST_NAME, 1),
    "notiz": (f"Notiz (höchstens {LONGEST_NOTE} Zeichen)", LONGEST_NOTE, 3),
    "grund": ("Grund der Ablehnung", changes.LONGEST_REASON, 1),
}
UNSEEN = ("csrf", "nummer", "ansicht", "fassung", "frage", "fuer", "art", "einheit", "zurueck")
Sent = Mapping[str, str]
Act = Callable[["Services", Viewer, Sent], str]


def add_view_routes(app: Any, services: Services) -> None:
    """Add all routes to the server; each act returns where its person goes next."""
    forms = Forms.of(services.settings)
    for path, act in ACTS.items():
        name = f"views_{path.strip('/').replace('/', '_').replace('-', '_')}"
        app.server.add_url_rule(path, name, _view(services, forms, path, act), methods=["POST"])


def _save(services: Services, viewer: Viewer, sent: Sent) -> str:
    return view_address(changes.save(services, viewer, sent, _number(sent)).id)


def _change(services: Services, viewer: Viewer, sent: Sent) -> str:
    given = {name: sent[name] for name in ("name", "notiz", "fuer", "frage") if name in sent}
    if "name" in sent:
        # A note that was emptied is sent as nothing at all.
        given.setdefault("notiz", "")
    changes.change(services, viewer, _id(sent), given, _number(sent), _version(sent))
    return sent.get("zurueck") or desk_address(_id(sent))


def _withdraw(services: Services, viewer: Viewer, sent: Sent) -> str:
    changes.withdraw(services, viewer, _id(sent))
    return VIEWS


def _propose(services: Services, viewer: Viewer, sent: Sent) -> str:
    changes.propose(services, viewer, _id(sent), _number(sent), _version(sent))
    return desk_address(_id(sent))


def _decide(services: Services, viewer: Viewer, sent: Sent) -> str:
    changes.decide(services, viewer, _id(sent), sent, _number(sent), _version(sent))
    return VIEWS


def _end(services: Services, viewer: Viewer, sent: Sent) -> str:
    changes.end_official(services, viewer, _id(sent))
    return VIEWS


def _pin(services: Services, viewer: Viewer, sent: Sent) -> str:
    changes.pin(services, viewer, _id(sent), sent.get("einheit", ""))
    return sent.get("zurueck") or MY_COCKPIT


def _unpin(services: Services, viewer: Viewer, sent: Sent) -> str:
    changes.unpin(services, viewer, _id(sent), sent.get("einheit", ""))
    return sent.get("zurueck") or MY_COCKPIT


def _move(services: Services, viewer: Viewer, sent: Sent) -> str:
    steps = {"vor": -1, "zurueck": 1}.get(sent.get("art", ""))
    if steps is None:
        abort(400)
    changes.move(services, viewer, _id(sent), sent.get("einheit", ""), steps)
    return sent.get("zurueck") or MY_COCKPIT


ACTS: Mapping[str, Act] = {
    names.SAVE: _save,
    names.CHANGE: _change,
    names.WITHDRAW: _withdraw,
    names.PROPOSE: _propose,
    names.DECIDE: _decide,
    names.END: _end,
    names.PIN: _pin,
    names.UNPIN: _unpin,
    names.MOVE: _move,
}


def _view(services: Services, forms: Forms, path: str, act: Act) -> Callable[[], BaseResponse]:
    def view() -> BaseResponse:
        viewer = current_viewer()
        sent = {name: value for name, value in request.form.items() if len(value) <= 4000}
        if viewer.role not in ALL_COCKPITS or not same_token(form_token(), sent.get("csrf")):
            abort(403)
        try:
            target = act(services, viewer, sent)
        except AccessError as error:
            # Another person's view and one that does not exist are the same answer.
            refused = 403 if error.code in ("not_allowed", "four_eyes") else 404
            abort(refused, f"view {sent.get('ansicht')!r:.80}")
        except TypedFault as fault:
            return make_response(_faulty(forms, path, sent, fault.faults), 422)
        except ContractError as error:
            return _refused(services, forms, path, sent, error)
        return redirect(own_path(target), code=303)

    return view


def _faulty(forms: Forms, path: str, sent: Sent, faults: Mapping[str, str]) -> str:
    rest = {name: said for name, said in faults.items() if name not in SEEN}
    return faulty(forms, "Nicht gespeichert", _again(path, sent, faults), rest)


def _refused(services: Services, forms: Forms, path: str, sent: Sent, error: ContractError) -> Response:
    if error.code != "changed_meanwhile":
        again = _again(path, sent, {})
        told = {"": f"{error.what}. {error.next_step}." if error.next_step else f"{error.what}."}
        return make_response(faulty(forms, "Nicht gespeichert", again, told), 409)
    found = next((view for view in saved_views(services) if view.id == sent.get("ansicht")), None)
    if found is None:
        abort(404)
    newest = found.head
    author = names_of(services, {newest.author})[newest.author]
    told_by = f"Gespeichert von {author}, {formats.stand(newest.at, services.settings.zone)}"
    again = _again(path, sent, {}, nummer=secrets.token_urlsafe(24), fassung=str(newest.version))
    lines = [line for line in (newest.name, newest.note) if line]
    return make_response(overtaken(forms, again, Found(told_by, lines)), 409)


def _again(path: str, sent: Sent, faults: Mapping[str, str], **changed: str) -> Retry:
    """The form with the words as they were typed."""
    fields = [
        Field(name, label, sent.get(name, ""), longest, rows, faults.get(name, ""), name != "notiz")
        for name, (label, longest, rows) in SEEN.items()
        if name in sent or name in faults
    ]
    hidden = {name: sent[name] for name in UNSEEN if name in sent} | changed
    return Retry(path, hidden, fields, own_path(sent.get("zurueck") or VIEWS))


def _id(sent: Sent) -> str:
    return sent.get("ansicht", "")


def _version(sent: Sent) -> int:
    text = sent.get("fassung", "")
    return int(text) if text.isdecimal() and len(text) < 7 else -1


def _number(sent: Sent) -> str:
    """Number of the form; one that is missing or no number of ours is refused."""
    number = sent.get("nummer", "")
    if not 16 <= len(number) <= 64:
        abort(400)
    return number
