"""Security headers of every answer, errors and files included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

API_PREFIX = "/api/"
STATIC_PREFIXES = ("/assets/", "/_dash-component-suites/")


class Headers(Protocol):
    """What an answer's headers can do."""

    def __setitem__(self, name: str, value: str, /) -> None:
        """Set one header."""

    def setdefault(self, name: str, value: str, /) -> str:
        """Set one header unless it is there."""


def content_security_policy(script_hashes: Iterable[str]) -> str:
    """Return the policy; `script_hashes` are those of the scripts Dash writes into the page.

    Styles need 'unsafe-inline' because Plotly and Dash set style attributes.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "form-action 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def apply_headers(
    headers: Headers, *, path: str, policy: str, https: bool, status: int = 200, versioned: bool = False
) -> None:
    """Set the headers of one answer in place; `versioned` files carry their age in the address."""
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if path.startswith(API_PREFIX) and status < 400:
        # A program may keep an answer of its own and ask whether it still holds; nobody in between may.
        headers["Cache-Control"] = "private, no-cache"
    elif not path.startswith(STATIC_PREFIXES) or status >= 400:
        headers["Cache-Control"] = "no-store"
    elif versioned:
        headers["Cache-Control"] = "private, max-age=31536000, immutable"
    else:
        headers.setdefault("Cache-Control", "no-cache")
