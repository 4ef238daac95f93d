"""The connection of a source that speaks HTTP: address, credentials, patience, limits."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

USER_AGENT = "isek-portal"

HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# A wildcard or an address would be accepted and never be the host of any link.
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s/?#@:*\[\]]+)(:\d{1,5})?")


class NoAuth(BaseModel):
    """A public service."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: Literal["none"] = "none"


class BasicAuth(BaseModel):
    """User and password with every request."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: Literal["basic"]
    user: SecretStr
    password: SecretStr

    @field_validator("user")
    @classmethod
    def _ends_before_the_password(cls, user: SecretStr) -> SecretStr:
        if ":" in user.get_secret_value():
            raise ValueError("Der Benutzer darf keinen Doppelpunkt enthalten: Dahinter beginnt das Passwort")
        return user


class BearerAuth(BaseModel):
    """A token that somebody issued once."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: Literal["bearer"]
    token: SecretStr

    @field_validator("token")
    @classmethod
    def _fits_a_header(cls, token: SecretStr) -> SecretStr:
        return _printable(token)


class ApiKey(BaseModel):
    """A key in a header, in the query, or in the form of a POST (where no log keeps it)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: Literal["api_key"]
    name: str = Field(min_length=1)
    value: SecretStr
    place: Literal["header", "query", "form"] = "header"

    @model_validator(mode="after")
    def _is_a_header(self) -> Self:
        if self.place == "header" and not HEADER.fullmatch(self.name):
            raise ValueError(f"„{self.name}“ ist kein Name einer Kopfzeile; z. B. X-Api-Key")
        return self

    @field_validator("value")
    @classmethod
    def _is_one_line(cls, value: SecretStr) -> SecretStr:
        return _printable(value)


class OAuth2(BaseModel):
    """Client credentials (RFC 6749, 4.4): a token is fetched and renewed when it has run out.

    `send_as` says whether the client names itself by HTTP Basic or in the form.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: Literal["oauth2"]
    token_url: SecretStr
    client_id: SecretStr
    client_secret: SecretStr
    scope: str | None = None
    send_as: Literal["basic", "form"] = "basic"

    @field_validator("token_url")
    @classmethod
    def _is_an_address(cls, url: SecretStr) -> SecretStr:
        return _checked(url)


Auth = Annotated[NoAuth | BasicAuth | BearerAuth | ApiKey | OAuth2, Field(discriminator="type")]


class HttpSettings(BaseModel):
    """Where the service is and how it is treated. Times are seconds, `max_bytes` counts one answer.

    `url` is a secret, because some services write credentials into the path. `hosts` (name or name:port)
    may be reached beside that of `url`; credentials go to the host of `url` alone. Plain http is for
    internal hosts only (`allow_http` and `[night] internal_hosts`). `ca_file` (below the city folder)
    replaces the system's authorities.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: SecretStr
    allow_http: bool = False
    hosts: tuple[str, ...] = ()
    auth: Auth = NoAuth()
    ca_file: str | None = None
    connect_timeout_s: float = Field(default=10, gt=0)
    read_timeout_s: float = Field(default=30, gt=0)
    total_timeout_s: float = Field(default=300, gt=0)
    max_bytes: int = Field(default=200_000_000, ge=1)
    rate_per_s: float | None = Field(default=None, gt=0)

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: SecretStr) -> SecretStr:
        return _checked(url)

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"„{host}“ ist kein Host; z. B. daten.stadt.example oder ris.example:8443")
        return hosts


def _printable(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or text != text.strip():
        raise ValueError("Der Schlüssel ist leer oder enthält Leerraum am Rand, Umlaute oder Zeilenenden")
    return secret


def _checked(secret: SecretStr) -> SecretStr:
    try:
        url = httpx.URL(secret.get_secret_value())
    except httpx.InvalidURL:
        # The library's message would repeat the address.
        raise ValueError("Keine Adresse; z. B. https://api.stadt.example/v1") from None
    if url.scheme not in ("https", "http") or not url.host:
        raise ValueError("Die Adresse beginnt mit https:// und nennt einen Host")
    if url.userinfo:
        raise ValueError("Benutzer und Passwort gehören nicht in die Adresse, sondern in auth")
    if url.query or url.fragment:
        raise ValueError("Die Adresse endet vor ? und #; Parameter stehen bei den Tabellen (params)")
    return secret
