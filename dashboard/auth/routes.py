"""Sign-in, one-time link, sign-out and the health answer: the only routes without a session."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, make_response, redirect, request

from dashboard.auth.device import known_device, mark_for, set_mark
from dashboard.auth.forms import Forms, form_signature, own_path
from dashboard.auth.guard import (
    SIGN_IN,
    SIGN_OUT,
    client_address,
    cookie_name,
    current_session,
    same_token,
    set_session_cookie,
)
from dashboard.auth.sessions import Sessions, SignIn

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from dashboard.settings import Web
    from warehouse.ledger import Account

WRONG = "Anmeldename oder Passwort stimmen nicht."
LINK_OVER = "Dieser Link gilt nicht mehr. Er ist abgelaufen oder wurde schon benutzt."
SLOW = "Zu viele Versuche. Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal."


@dataclass(frozen=True, slots=True)
class Entrance:
    """The views of the entrance, bound to one city."""

    forms: Forms
    sessions: Sessions
    sign_in: SignIn
    web: Web
    secret: str

    def install(self, server: Flask) -> None:
        """Add the routes to the server."""
        server.add_url_rule("/healthz", "health", self.health, methods=["GET"])
        server.add_url_rule(SIGN_IN, "sign_in", self.show, methods=["GET"])
        server.add_url_rule(SIGN_IN, "sign_in_post", self.enter, methods=["POST"])
        server.add_url_rule(f"{SIGN_IN}/link/<token>", "link", self.show_link, methods=["GET"])
        server.add_url_rule(f"{SIGN_IN}/link", "link_post", self.enter_by_link, methods=["POST"])
        server.add_url_rule(SIGN_OUT, "sign_out", self.leave, methods=["POST"])

    def health(self) -> Response:
        """Alive, and nothing else is said."""
        return Response("ok", mimetype="text/plain")

    def show(self) -> BaseResponse:
        """The sign-in page; whoever is signed in already is sent on."""
        target = own_path(request.args.get("ziel"))
        if current_session() is not None:
            return redirect(target, code=303)
        return self._form_page(target)

    def enter(self) -> BaseResponse:
        """Check login and password, open a new session."""
        self._check_form()
        login, password = request.form.get("login", "")[:200].strip(), request.form.get("passwort", "")
        target, address = own_path(request.form.get("ziel")), self._address()
        device = known_device(self.secret, login, request.cookies.get(self._mark_name))
        if self.sign_in.wait_until(login, address, device) is not None:
            return self._form_page(target, problem=SLOW, login=login, status=429)
        account = self.sign_in.by_password(login, password, address, device)
        if account is None:
            return self._form_page(target, problem=WRONG, login=login, status=401)
        return self._enter_as(account, target, how="password")

    def show_link(self, token: str) -> BaseResponse:
        """Ask for a click. Opening the address changes nothing, so mail scanners do no harm."""
        nonce = self._nonce()
        page = self.forms.confirm_link(csrf=form_signature(self.secret, nonce), token=token)
        return self._with_nonce(make_response(page), nonce)

    def enter_by_link(self) -> BaseResponse:
        """Use the link up and open a new session."""
        self._check_form()
        account = self.sign_in.by_link(request.form.get("token", "")[:200])
        if account is None:
            return make_response(self.forms.message("Link ungültig", LINK_OVER), 401)
        return self._enter_as(account, "/", how="link")

    def leave(self) -> BaseResponse:
        """End the session on the server and take the cookie back."""
        session = current_session()
        if session is not None:
            if not same_token(session.csrf, request.form.get("csrf")):
                abort(403, "form token")
            self.sessions.close(session)
        response = redirect(SIGN_IN, code=303)
        response.delete_cookie(
            cookie_name(self.web.https), path="/", secure=self.web.https, httponly=True, samesite="Lax"
        )
        return response

    def _enter_as(self, account: Account, target: str, *, how: str) -> BaseResponse:
        old = current_session()
        if old is not None:
            self.sessions.close(old)
        response = make_response(redirect(target, code=303))
        token = self.sessions.open(account, how=how, address=self._address())
        set_session_cookie(response, token, https=self.web.https)
        set_mark(response, self._mark_name, mark_for(self.secret, account.login), https=self.web.https)
        return response

    def _form_page(
        self, target: str, *, problem: str | None = None, login: str = "", status: int = 200
    ) -> BaseResponse:
        nonce = self._nonce()
        csrf = form_signature(self.secret, nonce)
        page = self.forms.sign_in(csrf=csrf, target=target, problem=problem, login=login)
        return self._with_nonce(make_response(page, status), nonce)

    def _check_form(self) -> None:
        nonce = request.cookies.get(self._nonce_name)
        if not nonce or not same_token(form_signature(self.secret, nonce), request.form.get("csrf")):
            abort(403, "form token")

    @property
    def _nonce_name(self) -> str:
        return cookie_name(self.web.https) + "-formular"

    @property
    def _mark_name(self) -> str:
        return cookie_name(self.web.https) + "-geraet"

    def _nonce(self) -> str:
        known = request.cookies.get(self._nonce_name)
        return known if known and len(known) < 100 else secrets.token_urlsafe(32)

    def _with_nonce(self, response: Response, nonce: str) -> Response:
        response.set_cookie(
            self._nonce_name, nonce, httponly=True, samesite="Lax", path="/", secure=self.web.https
        )
        return response

    def _address(self) -> str:
        forwarded = request.headers.get("X-Forwarded-For") if self.web.behind_proxy else None
        return client_address(request.remote_addr, forwarded, self.web.trusted_proxies)
