"""Addresses: everything a person chose stands in the URL, so every view has one that restores it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

ORIGIN = "zahl"
ORIGIN_PART = "zahl."
ORIGIN_DAY = "zahl-stichtag"


def address(path: str, params: Mapping[str, str], **changes: str | None) -> str:
    """Return the path with the given parameters kept and some changed; None or „“ removes one.

    The origin panel closes with every change unless it is the change.
    """
    kept = {k: v for k, v in params.items() if not _of_origin(k)}
    merged = {**kept, **{k: v for k, v in changes.items() if v}}
    for name in [k for k, v in changes.items() if not v]:
        merged.pop(name, None)
    return f"{path}?{urlencode(merged)}" if merged else path


def origin_address(
    path: str,
    params: Mapping[str, str],
    metric_id: str,
    where: Mapping[str, str] | None = None,
    *,
    at: date | None = None,
) -> str:
    """Return the same view with the origin panel of a figure open; `where` names the cut of the figure.

    `at` is the Stichtag of the view where it is not that of the snapshot: the panel shows the same figure.
    """
    parts = {f"{ORIGIN_PART}{k}": v for k, v in (where or {}).items()}
    parts |= {} if at is None else {ORIGIN_DAY: at.isoformat()}
    return address(path, params, **{ORIGIN: metric_id, **parts})


def params_of(href: str) -> dict[str, str]:
    """Return what an address chooses."""
    return dict(parse_qsl(urlsplit(href).query))


def origin_question(params: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return metric id and cut the address asks the origin of, or None."""
    if ORIGIN not in params:
        return None
    where = {k.removeprefix(ORIGIN_PART): v for k, v in params.items() if k.startswith(ORIGIN_PART)}
    return params[ORIGIN], where


def origin_day(params: Mapping[str, str]) -> date | None:
    """Return the Stichtag the address asks the origin at, None for that of the snapshot."""
    try:
        return date.fromisoformat(params.get(ORIGIN_DAY, ""))
    except ValueError:
        return None


def _of_origin(name: str) -> bool:
    return name in (ORIGIN, ORIGIN_DAY) or name.startswith(ORIGIN_PART)
