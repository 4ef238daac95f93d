"""Browsers that signed in before: guessing from elsewhere must not keep their owner out.

An account under attack makes everybody wait who names it. A browser with this mark has a count of its own
failures instead (OWASP: „Slow Down Online Guessing Attacks with Device Cookies“). The mark opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from secrets import token_urlsafe

from flask import Response

KEPT_S = 90 * 24 * 3600


def mark_for(secret: str, login: str) -> str:
    """Return a fresh mark of a browser on which this login succeeded."""
    nonce = token_urlsafe(18)
    return f"{nonce}.{_signature(secret, login, nonce)}"


def known_device(secret: str, login: str, mark: str | None) -> str | None:
    """Return what identifies the browser when its mark belongs to this login, else None."""
    if not mark or len(mark) > 200 or not mark.isascii():
        return None
    nonce, _, signature = mark.partition(".")
    return nonce if hmac.compare_digest(signature, _signature(secret, login, nonce)) else None


def _signature(secret: str, login: str, nonce: str) -> str:
    return hmac.new(secret.encode(), f"device:{login.lower()}:{nonce}".encode(), hashlib.sha256).hexdigest()


def set_mark(response: Response, name: str, mark: str, *, https: bool) -> None:
    """Leave the mark in the browser."""
    response.set_cookie(name, mark, max_age=KEPT_S, httponly=True, samesite="Strict", path="/", secure=https)
