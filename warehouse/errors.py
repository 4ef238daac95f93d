"""Errors grouped by what the reader has to do next.

Every message answers the same five questions: what, where, found, allowed, next.
This module imports nothing from the product.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable


class IsekError(Exception):
    """Base of all errors that reach a person; carries the five answers separately.

    `code` is a stable, machine-readable reason (snake case) for status output and tests.
    """

    def __init__(
        self,
        what: str,
        *,
        code: str = "error",
        where: str | None = None,
        found: object = None,
        allowed: str | None = None,
        next_step: str | None = None,
    ) -> None:
        self.what, self.code, self.where = readable(what), code, readable(where) if where else where
        self.found = readable(found) if isinstance(found, str) else found
        self.allowed, self.next_step = allowed, readable(next_step) if next_step else next_step
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.found is not None:
            parts.append(f"gefunden: {self.found}")
        if self.allowed:
            parts.append(f"erlaubt: {self.allowed}")
        if self.next_step:
            parts.append(f"nächster Schritt: {self.next_step}")
        return " | ".join(parts)


class ConfigError(IsekError):
    """The operator has to change a file or a setting."""


class AccessError(IsekError):
    """A credential or a right is missing or no longer valid."""


class RetriableError(IsekError):
    """The same call may succeed later: network, lock, time-out."""


class ContractError(IsekError):
    """The owner of the source has to be asked: the delivery breaks its contract."""


def readable(text: str) -> str:
    """The text without what ends a line, steers a terminal or hides; half characters fit into no database."""
    if text.isprintable():
        return text
    return "".join(_HIDDEN.get(unicodedata.category(sign), sign) for sign in text)


_HIDDEN = dict.fromkeys(("Cc", "Cf", "Cs", "Zl", "Zp"), "\ufffd")
"""Controls, invisible marks, halves of characters, ends of lines and paragraphs."""


def did_you_mean(name: str, options: Iterable[str]) -> str | None:
    """Return a suggestion sentence for a mistyped name, or None when nothing is close."""
    close = difflib.get_close_matches(name, list(options), n=1, cutoff=0.6)
    return f"Meinten Sie „{close[0]}“?" if close else None
