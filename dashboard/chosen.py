"""Values of a choice in an address: „not stated“ is a tilde, further values of a name are numbered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

Values = tuple[str | None, ...]
_UNSTATED = "~"
_NUMBERED = re.compile(r"(?P<name>\w+)(?:~(?P<number>[1-9]\d{0,2}))?", re.ASCII)
MOST_VALUES = 50


def written(value: str | None) -> str:
    """Return a value for an address; what begins with a tilde carries another in front."""
    if value is None:
        return _UNSTATED
    return _UNSTATED + value if value.startswith(_UNSTATED) else value


def read(text: str) -> str | None:
    """The opposite of `written`."""
    if text == _UNSTATED:
        return None
    return text.removeprefix(_UNSTATED) if text.startswith(_UNSTATED) else text


def choice_params(where: Mapping[str, str | Sequence[str | None] | None]) -> dict[str, str]:
    """Return conditions as parameters: `kind=ozg`, `reifegrad=3`, `reifegrad~2=4`."""
    return dict(_pairs(where))


def _pairs(where: Mapping[str, str | Sequence[str | None] | None]) -> Iterator[tuple[str, str]]:
    for name, value in where.items():
        several = [value] if value is None or isinstance(value, str) else list(value)
        for number, one in enumerate(several, start=1):
            yield name + (f"~{number}" if number > 1 else ""), written(one)


def read_choice(params: Mapping[str, str], known: Collection[str]) -> dict[str, Values]:
    """Return the values of the known names in their order; everything else is ignored."""
    found: dict[str, list[tuple[int, str | None]]] = {}
    for param, text in params.items():
        match = _NUMBERED.fullmatch(param)
        if match and match["name"] in known:
            found.setdefault(match["name"], []).append((int(match["number"] or 1), read(text)))
    return {name: _in_order(values) for name, values in found.items()}


def _in_order(values: list[tuple[int, str | None]]) -> Values:
    return tuple(value for _, value in sorted(values, key=lambda item: item[0])[:MOST_VALUES])
