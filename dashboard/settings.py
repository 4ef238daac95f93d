"""Settings of one city: read once from `portal.toml` and the environment, passed on as an argument.

This is the only module of the product that looks at the environment.
"""

from __future__ import annotations

import os
import re
import secrets as randomness
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from dashboard.accessibility import Accessibility
from dashboard.hosts import internal_host
from dashboard.mail import Mail
from warehouse.errors import ConfigError
from warehouse.toml import read_toml, validate

CITY_VARIABLE = "ISEK_CITY"
SECRET_VARIABLE = "ISEK_SECRET"  # noqa: S105 - the name of the variable, not a secret
SECRET_MIN_BYTES = 32
PRIVATE = 0o077  # umask: nothing for group and others
KNOWN_SECRETS = ("change", "secret", "example", "beispiel", "password", "passwort", "geheim", "0123456789")
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stores(_Part):
    """Where snapshots and the ledger lie; relative paths start at the city folder."""

    warehouse: str = "var/warehouse"
    landing: str = "var/landing"
    ledger_url: str = "sqlite:///var/ledger.sqlite"
    memory_limit: str = Field(default="512MB", pattern=r"^\d+(\.\d+)?\s?(MB|GB|MiB|GiB)$")
    threads: int = Field(default=1, ge=1, le=64)
    keep_daily: int = Field(default=14, ge=1, le=400)
    keep_monthly: int = Field(default=12, ge=0, le=240)
    landing_days: int = Field(default=35, ge=1, le=3660)
    preflight_factor: float = Field(default=2.0, ge=0, le=20)


class Web(_Part):
    """Address of the web server. Anything but this machine needs a proxy that speaks https."""

    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    workers: int = Field(default=2, ge=1, le=32)
    threads: int = Field(default=12, ge=1, le=64)
    behind_proxy: bool = False
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    public_url: str | None = None

    @field_validator("public_url")
    @classmethod
    def _is_https(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https://[^/\s?#]+", value.rstrip("/")):
            raise ValueError("expected an address like https://portal.stadt.example without a path")
        return value.rstrip("/") if value else None

    @model_validator(mode="after")
    def _open_only_behind_https(self) -> Web:
        if self.host not in LOCAL_HOSTS and not (self.behind_proxy and self.public_url):
            raise ValueError(
                f"host = {self.host!r} is reachable from other machines: this needs behind_proxy = true "
                "and public_url = 'https://…' (the proxy in front speaks https)"
            )
        if self.behind_proxy and not self.public_url:
            raise ValueError("behind_proxy = true needs public_url = 'https://…'")
        return self

    @property
    def https(self) -> bool:
        """True when people reach the portal by https."""
        return self.public_url is not None

    @property
    def origins(self) -> frozenset[str]:
        """Origins a browser may send with a writing request."""
        if self.public_url:
            return frozenset({self.public_url})
        return frozenset(f"http://{host}:{self.port}" for host in ("127.0.0.1", "localhost", "[::1]"))


class Identity(_Part):
    """Length of a session; polling does not extend it."""

    session_hours: float = Field(default=8, gt=0, le=24)
    idle_minutes: float = Field(default=30, gt=0, le=480)
    link_minutes: float = Field(default=60, gt=0, le=60)


class Night(_Part):
    """When the night runs (local time of the city), how much a source may cost, what it may reach.

    `internal_hosts`: private names or networks (CIDR) that sources may open; all others are refused.
    """

    at: time = time(3, 15)
    parallel: int = Field(default=2, ge=1, le=16)
    source_minutes: float = Field(default=30, gt=0, le=600)
    source_memory_mb: int = Field(default=1024, ge=128, le=262_144)
    internal_hosts: tuple[str, ...] = ()

    @field_validator("at", mode="before")
    @classmethod
    def _read_clock(cls, value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(r"[0-2]\d:[0-5]\d", value):
            raise ValueError("expected a time like '03:15'")
        return value

    @field_validator("at")
    @classmethod
    def _outside_the_clock_change(cls, value: time) -> time:
        if value.hour == 2:
            raise ValueError(
                "the hour from 02:00 to 02:59 exists twice in October and not at all in March; "
                "choose a time before 02:00 or from 03:00 on"
            )
        return value

    @field_validator("internal_hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(internal_host(item) for item in value)


class Theme(_Part):
    """What the town brings to the look: arms, a hue in degrees, or single colours of either scheme.

    Whether they can be read is checked when the portal starts (`dashboard.city_theme`).
    """

    arms: str | None = None
    hue: float | None = Field(default=None, ge=0, lt=360)
    hell: dict[str, str] = Field(default_factory=dict)
    dunkel: dict[str, str] = Field(default_factory=dict)


class Terms(_Part):
    """Words the town uses for its own things."""

    unit: str = "Fachdienst"
    unit_short: str = "FD"
    council: str = "Rat"
    mayor: str = "Verwaltungsleitung"


class KeyFigure(_Part):
    """One of the Leitkennzahlen of the start page: a metric, its cut, where it leads, the goal it serves."""

    metric: str
    where: dict[str, str] = Field(default_factory=dict)
    label: str | None = None
    short: str | None = None
    cockpit: str | None = None
    goal: int | None = Field(default=None, ge=1)


class Budget(_Part):
    """Which slice of the budget the cockpit shows; the year defaults to that of the business date."""

    produkt: str | None = None
    plan_art: str = "ergebnisplan"
    haushaltsjahr: int | None = Field(default=None, ge=1990, le=2100)


class Portal(_Part):
    """The content of `portal.toml`."""

    name: str = Field(min_length=1)
    ags: str = Field(pattern=r"^\d{8}$")
    ars: str | None = Field(default=None, pattern=r"^\d{12}$")
    timezone: str = "Europe/Berlin"
    product_title: str = "Steuerungsportal"
    example: bool = False
    contact_mail: str | None = Field(default=None, pattern=r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$")
    stores: Stores = Stores()
    web: Web = Web()
    identity: Identity = Identity()
    night: Night = Night()
    mail: Mail | None = None
    accessibility: Accessibility = Accessibility()
    theme: Theme = Theme()
    terms: Terms = Terms()
    leitkennzahlen: tuple[KeyFigure, ...] = ()
    budget: Budget = Budget()

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("expected a zone like 'Europe/Berlin'") from error
        return value

    @field_validator("leitkennzahlen", mode="before")
    @classmethod
    def _accept_bare_ids(cls, value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        return [{"metric": item} if isinstance(item, str) else item for item in value]


class Settings(Portal):
    """Everything a command or a worker needs to know; `secrets` feed `${NAME}` in sources."""

    city: Path
    secrets: dict[str, SecretStr] = Field(default_factory=dict)
    session_secret: SecretStr | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the city."""
        return ZoneInfo(self.timezone)

    @property
    def var(self) -> Path:
        """Everything that is not under version control."""
        return self.city / "var"

    @property
    def run_dir(self) -> Path:
        """Locks, heartbeat and process files."""
        return self.var / "run"

    @property
    def temp_dir(self) -> Path:
        """Parent of the temporary folders of all processes."""
        return self.var / "tmp"

    @property
    def warehouse_dir(self) -> Path:
        """Folder of snapshots, drafts and the pointer."""
        return self.city / self.stores.warehouse

    @property
    def landing_dir(self) -> Path:
        """Folder of the landing zone."""
        return self.city / self.stores.landing

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger; a relative SQLite path starts at the city folder."""
        url = self._filled(self.stores.ledger_url, "[stores] ledger_url")
        match = re.fullmatch(r"sqlite:///(?!/)(.+)", url)
        return f"sqlite:///{(self.city / match[1]).resolve()}" if match else url

    @property
    def mail_password(self) -> str | None:
        """Password of the mail server, None without one. Raises ConfigError(code="missing_secret")."""
        given = self.mail.password if self.mail else None
        return None if given is None else self._filled(given, "[mail] password")

    @property
    def barrier_mail(self) -> str | None:
        """Where reports of barriers go, None without an address."""
        return self.accessibility.mail or self.contact_mail

    def _filled(self, text: str, where: str) -> str:
        for name in _REFERENCE.findall(text):
            if name not in self.secrets:
                raise ConfigError(
                    f"Der Wert für ${{{name}}} fehlt",
                    code="missing_secret",
                    where=f"portal.toml {where}",
                    next_step=f"Umgebungsvariable {name} setzen oder in var/secrets.env eintragen",
                )
        return _REFERENCE.sub(lambda match: self.secrets[match[1]].get_secret_value(), text)

    def plain_secrets(self) -> dict[str, str]:
        """Secrets as text, for the one place that substitutes them in sources."""
        return {name: value.get_secret_value() for name, value in self.secrets.items()}


def process_environment() -> dict[str, str]:
    """Return the environment of this process, for entry points without a command line (gunicorn)."""
    return dict(os.environ)


def forget_framework_variables() -> None:
    """Drop what Dash and Flask would read from the environment by themselves, e.g. DASH_ASSETS_EXTERNAL_PATH.

    All settings of the portal stand in portal.toml; a variable left over on a machine must not change them.
    """
    for name in [name for name in os.environ if name.startswith(("DASH_", "FLASK_"))]:
        del os.environ[name]


def find_city(option: str | None, environ: Mapping[str, str]) -> Path:
    """Return the city folder: `--city`, then ISEK_CITY, then the current folder."""
    return Path(option or environ.get(CITY_VARIABLE) or ".").expanduser().resolve()


def load_settings(city: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check `portal.toml` of a city; ConfigError names file, line and the allowed values."""
    path = city / "portal.toml"
    if not path.is_file():
        raise ConfigError(
            "Hier liegt keine Stadt: portal.toml fehlt",
            code="no_city",
            where=str(city),
            next_step="mit --city DIR oder ISEK_CITY einen Stadtordner nennen, oder „isek init DIR“",
        )
    portal = validate(Portal, read_toml(path), path)
    return Settings(
        **portal.model_dump(),
        city=city,
        secrets=_secrets(city, environ),
        session_secret=_session_secret(city, environ),
    )


def _secrets(city: Path, environ: Mapping[str, str]) -> dict[str, SecretStr]:
    merged = {**_read_env_file(city / "var" / "secrets.env"), **environ}
    return {k: SecretStr(v) for k, v in merged.items() if re.fullmatch(r"[A-Z][A-Z0-9_]*", k)}


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign:
            raise ConfigError(
                "Zeile ohne „=“", code="secrets_file", where=f"{path}:{number}", allowed="NAME=WERT"
            )
        found[name.strip()] = value.strip().strip("\"'")
    return found


def _session_secret(city: Path, environ: Mapping[str, str]) -> SecretStr | None:
    given = environ.get(SECRET_VARIABLE)
    if given is not None:
        return SecretStr(given)
    path = city / "var" / "secret"
    return SecretStr(path.read_text(encoding="ascii", errors="replace").strip()) if path.is_file() else None


def require_secret(settings: Settings) -> str:
    """Return the key that signs forms; refuses a missing, short or guessable one with instruction."""
    value = settings.session_secret.get_secret_value() if settings.session_secret else ""
    problem = _secret_problem(value)
    if problem:
        raise ConfigError(
            f"Der geheime Schlüssel {problem}",
            code="weak_secret",
            where=f"{SECRET_VARIABLE} oder {settings.var / 'secret'}",
            allowed=f"mindestens {SECRET_MIN_BYTES} zufällige Byte",
            next_step="„isek init“ legt var/secret an; sonst: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    return value


def _secret_problem(value: str) -> str | None:
    if not value:
        return "fehlt"
    if len(value.encode()) < SECRET_MIN_BYTES:
        return f"ist zu kurz ({len(value.encode())} Byte)"
    if len(set(value)) < 12 or any(word in value.lower() for word in KNOWN_SECRETS):
        return "ist ein bekanntes Beispiel oder zu einförmig"
    return None


def create_secret(city: Path) -> Path:
    """Write a fresh random key to `var/secret` (mode 0600) unless one is there; return its path."""
    path = city / "var" / "secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(randomness.token_urlsafe(48) + "\n")
    return path


def city_summary(settings: Settings) -> dict[str, Any]:
    """Short machine-readable description of the city, without secrets."""
    return {"name": settings.name, "ags": settings.ags, "timezone": settings.timezone}
