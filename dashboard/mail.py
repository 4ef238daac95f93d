"""`[mail]` of `portal.toml`: by which server the night writes, in whose name, and to whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warehouse.address import MailAddress

LOCAL_SERVERS = frozenset({"127.0.0.1", "localhost", "::1"})
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}
_REFERENCE = re.compile(r"\$\{[A-Z][A-Z0-9_]*\}")


class Mail(BaseModel):
    """Server, sender and recipients. `owners` maps the `owner` of sources to an address.

    `security`: starttls | tls | none; without encryption only to a server on this machine.
    `password` is a reference `${NAME}`, never the word itself. `ca_file` (path in the city folder) is the
    certificate of a town's own authority.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, pattern=r"^[A-Za-z0-9.:-]+$")
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = Field(default=None, min_length=1)
    password: str | None = None
    sender: MailAddress
    operators: tuple[MailAddress, ...] = Field(min_length=1)
    owners: dict[str, MailAddress] = Field(default_factory=dict)
    ca_file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _password_is_a_reference(cls, values: Any) -> Any:
        # Checked on the whole table: a fault of the key alone would repeat what was written there.
        password = values.get("password") if isinstance(values, Mapping) else None
        if password is not None and not (isinstance(password, str) and _REFERENCE.fullmatch(password)):
            raise ValueError(
                'password steht nie in portal.toml: password = "${MAIL_PASSWORD}" schreiben und den Wert in '
                "der Umgebung oder in var/secrets.env hinterlegen"
            )
        return values

    @model_validator(mode="after")
    def _is_protected(self) -> Mail:
        if self.security == "none" and self.host not in LOCAL_SERVERS:
            raise ValueError(
                f"security = „none“ geht nur zu einem Server auf diesem Rechner, nicht zu {self.host}; "
                "erlaubt sind „starttls“ und „tls“"
            )
        if (self.user is None) != (self.password is None):
            raise ValueError("user und password gehören zusammen: beide angeben oder keines")
        return self

    @property
    def server_port(self) -> int:
        """The port given, else the usual one of the security."""
        return self.port or PORTS[self.security]
