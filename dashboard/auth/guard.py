"""One guard in front of every route: denied unless this module says otherwise."""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from flask import Response, abort, g, redirect, request

from dashboard import live
from dashboard.api.problem import is_for_programs
from dashboard.auth.callbacks import CallbackBody, fits, input_value, parse_body
from dashboard.auth.rights import may_open
from dashboard.auth.sessions import OpenSession, Sessions
from dashboard.auth.viewer import Viewer
from dashboard.page import PageModule, allowed_pages, resolve

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.settings import Web

CALLBACK_PATH = "/_dash-update-component"
LOCATION_ID = "ort"
SIGN_IN = "/anmelden"
SIGN_OUT = "/abmelden"
SEARCH_PATH = "/_suche"
# What an open page asks by itself, and how its reader answers; see dashboard/auth/pulse.py.
PULSE, STAY = "/puls", "/sitzung/verlaengern"
ORDERS_STATE = "/ausfuhr/auftraege/stand"
PUBLIC_GET = frozenset({SIGN_IN, "/healthz"})
PUBLIC_POST = frozenset({SIGN_IN, f"{SIGN_IN}/link", SIGN_OUT})
PUBLIC_ASSET_ENDINGS = (".css", ".woff2", ".svg", ".ico")
ONE_TIME_LINK = re.compile(rf"{SIGN_IN}/link/[^/]+")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# Dash answers every address it does not know with its index; here such an address is a page or a 404.
PAGE_ENDPOINTS = frozenset({"/", "/<path:path>"})
TECHNICAL_PREFIXES = ("/_dash-", "/assets/", "/_reload-hash", "/_favicon.ico", "/wappen", SEARCH_PATH, PULSE)


class Guard:
    """Decides about each request; `callbacks` maps output ids to their declaration, `programs` decides
    about those of the interface for programs."""

    def __init__(
        self,
        *,
        web: Web,
        sessions: Sessions,
        pages: Sequence[PageModule],
        owners: Mapping[str, str],
        callbacks: Callable[[], Mapping[str, Any]],
        programs: Callable[[], BaseResponse | None],
    ) -> None:
        self._web, self._sessions, self._pages = web, sessions, pages
        self._owners, self._callbacks, self._programs = owners, callbacks, programs

    def check(self) -> BaseResponse | None:
        """Flask before_request: answer instead of the route, or let it through."""
        self._check_host()
        if is_for_programs(request.path):
            # Programs have tokens; the session of a browser must not open anything there.
            g.session, g.callback = None, None
            return self._programs()
        if request.method not in ("GET", "HEAD", "POST", "OPTIONS"):
            abort(405)
        if request.method == "POST":
            self._check_origin()
        body = self._read_callback() if request.path == CALLBACK_PATH and request.method == "POST" else None
        session = self._sessions.read(self.cookie(), extend=not _is_polling(body))
        g.session, g.callback = session, body
        if is_public(request.path, request.method):
            return None
        if session is None:
            return _refuse_anonymous()
        if body is not None:
            self._check_callback(session.viewer, body)
        return self._check_page(session.viewer)

    def cookie(self) -> str | None:
        """The session id the browser sent."""
        return request.cookies.get(cookie_name(self._web.https))

    def _check_host(self) -> None:
        """A foreign name that resolves to this machine must not reach the portal (DNS rebinding)."""
        if not self._web.behind_proxy and host_name(request.host) not in LOCAL_NAMES:
            abort(400, "foreign host")

    def _check_origin(self) -> None:
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        if (site is None and origin is None) or (site is not None and site != "same-origin"):
            abort(403, "not from an own page")
        own = self._web.public_url or f"http://{request.host}"
        if origin is not None and origin != own:
            abort(403, "foreign origin")

    def _read_callback(self) -> CallbackBody:
        if request.mimetype != "application/json":
            abort(415)
        body = parse_body(request.get_data())
        if body is None:
            abort(400, "no callback")
        return body

    def _check_page(self, viewer: Viewer) -> BaseResponse | None:
        if request.endpoint not in PAGE_ENDPOINTS:
            return None
        allowed = allowed_pages(self._pages, viewer)
        if request.path == "/" and allowed and "/" not in {page.path for page in allowed}:
            # Whoever has no start page begins with the first page there is.
            return redirect(allowed[0].path, code=303)
        self.require_page(viewer, request.path)
        return None

    def require_page(self, viewer: Viewer, path: str) -> PageModule:
        """Return the page of a path; 404 when there is none, 403 when the viewer may not open it."""
        item = resolve(self._pages, path)
        if item is None:
            abort(404)
        if not may_open(viewer.role, item.page):
            abort(403, f"page {item.page.id} for {viewer.role}")
        return item

    def _check_callback(self, viewer: Viewer, body: CallbackBody) -> None:
        spec = self._callbacks().get(body.output)
        if spec is None or not fits(body, spec):
            abort(400, "callback unknown or not as declared")
        owner = self._owners.get(body.output)
        if owner is not None and not self._owner_allowed(viewer, owner):
            abort(403, f"callback of {owner} for {viewer.role}")
        path = input_value(body, LOCATION_ID, "pathname")
        if isinstance(path, str):
            item = resolve(self._pages, path)
            if item is not None and not may_open(viewer.role, item.page):
                abort(403, f"page {item.page.id} for {viewer.role}")

    def _owner_allowed(self, viewer: Viewer, owner: str) -> bool:
        return any(item.page.id == owner and may_open(viewer.role, item.page) for item in self._pages)

    def visible(self, viewer: Viewer, output: str) -> bool:
        """True when the viewer may know that this callback exists."""
        owner = self._owners.get(output)
        return owner is None or self._owner_allowed(viewer, owner)


def _is_polling(body: CallbackBody | None) -> bool:
    """What a page asks by itself is no sign of a person."""
    return request.path in (PULSE, ORDERS_STATE) or bool(body and body.is_polling)


def is_public(path: str, method: str) -> bool:
    """True for what works without a session: sign-in, its style sheets and fonts, the health answer."""
    if method == "POST":
        return path in PUBLIC_POST
    if path in PUBLIC_GET or ONE_TIME_LINK.fullmatch(path):
        return True
    return path.startswith("/assets/") and path.endswith(PUBLIC_ASSET_ENDINGS)


def _refuse_anonymous() -> BaseResponse:
    """People are led to the sign-in page, programs get 401; both before it is said whether a path exists."""
    wants_page = request.method in ("GET", "HEAD") and not request.path.startswith(TECHNICAL_PREFIXES)
    if not wants_page:
        abort(401)
    target = request.full_path.rstrip("?")
    return redirect(SIGN_IN if target == "/" else f"{SIGN_IN}?ziel={quote(target)}", code=303)


def host_name(host: str) -> str:
    """Return the name of a Host header without its port."""
    return urlsplit(f"//{host}").hostname or ""


def cookie_name(https: bool) -> str:
    """`__Host-` binds the cookie to this host and to https; plain http exists on this machine only."""
    return "__Host-isek" if https else "isek"


def set_session_cookie(response: Response, token: str, *, https: bool) -> None:
    """Hand the session id to the browser; it ends with the browser session."""
    response.set_cookie(cookie_name(https), token, httponly=True, samesite="Lax", path="/", secure=https)


def current_session() -> OpenSession | None:
    """Session of the request being served, if any."""
    live.note("session")
    return g.get("session")  # type: ignore[no-any-return]


def current_viewer() -> Viewer:
    """Viewer of the request being served; 401 without a session."""
    session = current_session()
    if session is None:
        abort(401)
    return session.viewer


def form_token() -> str:
    """Token that every form of the signed-in viewer has to carry as hidden field „csrf“."""
    session = current_session()
    if session is None:
        abort(401)
    return session.csrf


def same_token(expected: str, given: str | None) -> bool:
    """Compare two tokens in constant time."""
    return given is not None and hmac.compare_digest(expected.encode(), given.encode())


def client_address(remote: str | None, forwarded: str | None, trusted: Sequence[str]) -> str:
    """Return the address of the person; X-Forwarded-For counts only when a configured proxy sent it.

    The last entry is the one the trusted proxy itself added; earlier ones are claims of the client.
    """
    if remote not in trusted or not forwarded:
        return remote or "unbekannt"
    last = forwarded.split(",")[-1].strip()
    try:
        return str(ipaddress.ip_address(last))
    except ValueError:
        return remote or "unbekannt"
