"""ARIA and data attributes as keyword arguments for Dash's HTML elements."""

from __future__ import annotations

from typing import Any


def aria(**values: str | bool | None) -> dict[str, Any]:
    """Return `aria-…` attributes; True and False become the words ARIA knows, None is left out."""
    return _named("aria", values)


def data(**values: str | bool | None) -> dict[str, Any]:
    """Return `data-…` attributes, read by portal.js and the style sheets."""
    return _named("data", values)


def _named(prefix: str, values: dict[str, str | bool | None]) -> dict[str, Any]:
    return {
        f"{prefix}-{name.replace('_', '-')}": str(value).lower() if isinstance(value, bool) else value
        for name, value in values.items()
        if value is not None
    }
