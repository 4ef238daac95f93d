"""Accounts as the command line makes them: checked login, role and units, optional password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dashboard.auth.passwords import Passwords
from dashboard.auth.sessions import SignIn
from dashboard.auth.viewer import ROLES
from warehouse.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.settings import Settings
    from warehouse.ledger import Account, Ledger

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


def add_account(
    ledger: Ledger,
    settings: Settings,
    *,
    login: str,
    name: str,
    function: str,
    role: str,
    units: Sequence[str],
    password: str | None = None,
) -> Account:
    """Create an account and return it; ConfigError for a taken login, an unknown role, missing units."""
    _check(login, role, units)
    if ledger.account_by_login(login) is not None:
        raise ConfigError(
            f"Das Konto „{login}“ gibt es schon", code="login_taken", next_step="isek user list"
        )
    hashed = Passwords(settings.run_dir).hash(password) if password is not None else None
    return ledger.add_account(
        login=login,
        name=name.strip(),
        function=function.strip(),
        initials=initials_of(name),
        role=role,
        units=tuple(units),
        password_hash=hashed,
        who="cli",
    )


def _check(login: str, role: str, units: Sequence[str]) -> None:
    if not LOGIN.fullmatch(login):
        raise ConfigError(
            "Der Anmeldename passt nicht",
            code="bad_login",
            found=login,
            allowed="2 bis 64 Zeichen: Kleinbuchstaben, Ziffern, . _ @ -",
        )
    if role not in ROLES:
        raise ConfigError(
            "Diese Rolle gibt es nicht",
            code="unknown_role",
            found=role,
            allowed=", ".join(ROLES),
            next_step=did_you_mean(role, ROLES),
        )
    if role == "fachbereichsleitung" and not units:
        raise ConfigError(
            "Eine Fachbereichsleitung braucht mindestens eine Organisationseinheit",
            code="unit_missing",
            next_step="--unit KENNUNG angeben (Kennungen aus organisation.csv)",
        )


def initials_of(name: str) -> str:
    """Return up to two letters for the round mark beside a name; titles with a dot do not count."""
    words = [w for w in name.split() if not w.endswith(".") or len(w) == 2]
    letters = [w[0].upper() for w in words if w[0].isalpha()]
    return "".join(letters[:1] + letters[-1:]) if len(letters) > 1 else "".join(letters)


def known_account(ledger: Ledger, login: str) -> Account:
    """Return the account of a login; ConfigError with a suggestion when there is none."""
    account = ledger.account_by_login(login)
    if account is None:
        raise ConfigError(
            f"Das Konto „{login}“ gibt es nicht",
            code="unknown_login",
            next_step=did_you_mean(login, [a.login for a in ledger.accounts()]) or "isek user list",
        )
    return account


def issue_link(ledger: Ledger, settings: Settings, account: Account) -> str:
    """Return a one-time token for an open account."""
    if account.disabled_at is not None:
        raise ConfigError(f"Das Konto „{account.login}“ ist gesperrt", code="account_disabled")
    sign_in = SignIn(ledger, Passwords(settings.run_dir))
    return sign_in.issue_link(account, minutes=settings.identity.link_minutes, by="cli")
