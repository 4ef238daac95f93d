"""Parameters of an address, read strictly: what is not understood is refused, never left out silently."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dashboard.api.problem import RefusedError, refused
from warehouse.errors import did_you_mean

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

WHERE = "where."
NOT_STATED = "~"
MOST_FIELDS, MOST_VALUES, LONGEST_VALUE = 40, 100, 200
NAME = r"[a-z][a-z0-9_]{0,62}"
_NAME, _DAY, _NUMBER = re.compile(NAME), re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{1,8}")
_SECRETS = frozenset({"token", "access_token", "api_key", "apikey", "key", "authorization", "bearer"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one request: name → values, those of filters under „where.<dimension>“."""

    fields: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(
        cls, args: MultiDict[str, str], known: Collection[str], *, longest: int = LONGEST_VALUE
    ) -> Asked:
        """Check names and sizes; `known` names that end with a point admit a name behind it, as „where.“.

        Raises RefusedError (400).
        """
        fields = {name: tuple(args.getlist(name)) for name in args}
        for name in fields:
            _check_name(name, known)
        if len(fields) > MOST_FIELDS or any(len(values) > MOST_VALUES for values in fields.values()):
            raise refused(400, "Die Anfrage hat zu viele Angaben.", "too_many_parameters")
        for name, values in fields.items():
            if any(len(value) > longest for value in values):
                raise bad(name, "Der Wert ist zu lang.", None, f"höchstens {longest} Zeichen")
        return cls(fields)

    def one(self, name: str) -> str | None:
        """The only value of a parameter; None when it is not there."""
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise refused(400, f"„{name}“ steht mehrmals in der Anfrage.", "repeated_parameter", found=name)
        return values[0] if values else None

    def names(self, name: str) -> tuple[str, ...]:
        """Names separated by commas or by repeating the parameter; a sign „-“ may stand in front."""
        found = tuple(part for value in self.fields.get(name, ()) for part in value.split(","))
        for part in found:
            if not _NAME.fullmatch(part.removeprefix("-")):
                raise bad(name, "Das ist kein Name.", part, "Kleinbuchstaben, Ziffern und _")
        return found

    def day(self, name: str) -> date | None:
        """A day as 2026-06-09."""
        text = self.one(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            raise bad(name, "Das ist kein Tag.", text, "JJJJ-MM-TT, zum Beispiel 2026-06-09") from None

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        text = self.one(name)
        if text is None:
            return default
        if not (_NUMBER.fullmatch(text) and text.isascii() and least <= int(text) <= most):
            raise bad(name, "Das ist keine Zahl in den Grenzen.", text, f"{least} bis {most}")
        return int(text)

    def where(self) -> dict[str, list[str | None]]:
        """Filters: several values of a dimension are alternatives, „~“ stands for „not stated“."""
        return {
            name.removeprefix(WHERE): [None if value == NOT_STATED else value for value in values]
            for name, values in self.fields.items()
            if name.startswith(WHERE)
        }


def bad(name: str, detail: str, found: str | None, allowed: str) -> RefusedError:
    """A value that cannot be read."""
    return refused(400, f"„{name}“: {detail}", "bad_parameter", found=found, allowed=allowed)


def _check_name(name: str, known: Collection[str]) -> None:
    if name in known and not name.endswith("."):
        return
    begin, point, rest = name.partition(".")
    if point and f"{begin}." in known and _NAME.fullmatch(rest):
        return
    if name.lower() in _SECRETS:
        raise refused(
            400,
            "Ein Token gehört nicht in die Adresse: Dort steht es in Verläufen und Protokollen.",
            "token_in_address",
            next_step="Dieses Token zurückziehen und ein neues in der Kopfzeile „Authorization“ senden",
        )
    shown = [f"{item}<dimension>" if item.endswith(".") else item for item in known]
    raise refused(
        400,
        "Diese Angabe gibt es hier nicht.",
        "unknown_parameter",
        found=name,
        allowed=", ".join(sorted(shown)) or "keine",
        next_step=did_you_mean(name, known),
    )
