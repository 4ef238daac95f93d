"""JSON text: amounts stay decimal, whole numbers whole, no name twice, no nesting without end."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


class JsonError(ValueError):
    """Why a text is no JSON; `cut` when it ends before its end. Says nothing of the content."""

    def __init__(self, why: str, *, cut: bool = False) -> None:
        super().__init__(why)
        self.cut = cut


def parse_json(text: str) -> Any:
    """The document; numbers with a fraction are Decimal. Raises JsonError."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or "Unterminated" in error.msg:
            raise JsonError(f"der Text endet in Zeile {error.lineno}", cut=True) from None
        raise JsonError(f"Zeile {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise JsonError("zu tief geschachtelt") from None
    except ValueError as error:
        raise JsonError(str(error)) from None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} ist keine Zahl")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # Names may be data (a person as a key), and there may be a million of them.
        raise ValueError("ein Name kommt in einem Objekt doppelt vor")
    return found
