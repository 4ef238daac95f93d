"""Credentials: added to a request at the last moment, so that nothing else ever sees them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from connectors.http.settings import ApiKey, Auth, BasicAuth, BearerAuth, OAuth2


@dataclass(frozen=True)
class Proof:
    """What a request carries beside its own: headers, query parameters, form fields."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)


def proof_of(auth: Auth) -> Proof:
    """The proof of every way of signing in but OAuth2, whose token has to be fetched."""
    if isinstance(auth, BasicAuth):
        return Proof(headers=basic(auth.user.get_secret_value(), auth.password.get_secret_value()))
    if isinstance(auth, BearerAuth):
        return bearer(auth.token.get_secret_value())
    if isinstance(auth, ApiKey):
        named = {auth.name: auth.value.get_secret_value()}
        return Proof(**{{"header": "headers"}.get(auth.place, auth.place): named})
    return Proof()


def basic(user: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic."""
    told = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {told}"}


def bearer(token: str) -> Proof:
    """The proof of a token."""
    return Proof(headers={"Authorization": f"Bearer {token}"})


def token_request(auth: OAuth2) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and form that ask for a token (RFC 6749: both names are form-encoded before Basic)."""
    name, secret = auth.client_id.get_secret_value(), auth.client_secret.get_secret_value()
    form = {"grant_type": "client_credentials", **({"scope": auth.scope} if auth.scope else {})}
    if auth.send_as == "basic":
        return basic(quote_plus(name), quote_plus(secret)), form
    return {}, {**form, "client_id": name, "client_secret": secret}
