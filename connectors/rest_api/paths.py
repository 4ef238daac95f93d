"""Paths into JSON documents, as people write them: `a.b`, `a[0].b`, `a[].b`, `a[lang=de].text`, `a|b`.

A path names a value in a record. `^.` before it leads to the list element around the record, at last to the
whole document; `@name` is a word of the request (of `for_each`; `@key`: the name under which the record
lay). `a|b` takes the first that is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from connectors.spelling import Value, typed_text
from warehouse.textformat import TextFormat

KEY: Final = "key"
BETWEEN: Final = "; "
"""Between several values of one place."""


class _Missing:
    """Nothing at all stood there; JSON's null is a value."""


MISSING: Final = _Missing()

Step = Callable[[Any], Any]

_PART = re.compile(r"([^.\[\]{}|]+)|\[([^\[\]]*)\]|(\{\})")


@dataclass(frozen=True, slots=True)
class Record:
    """One record with the objects around it (innermost first) and the values of its request."""

    value: Mapping[str, Any]
    around: tuple[Any, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def at(self, path: str) -> Any:
        """The value at a path, MISSING when nothing is there."""
        for choice in path.split("|"):
            if choice in self.value:
                return self.value[choice]
            if (found := self._one(choice)) is not MISSING:
                return found
        return MISSING

    def _one(self, path: str) -> Any:
        if path.startswith("@"):
            return self.names.get(path[1:], MISSING)
        outwards = 0
        while path.startswith("^."):
            path, outwards = path[2:], outwards + 1
        if outwards > len(self.around):
            return MISSING
        return dig(self.around[outwards - 1] if outwards else self.value, path)


def dig(document: Any, path: str) -> Any:
    """The value at a path of a document, MISSING when nothing is there; `[]` gives a tuple of values."""
    found = document
    for step in _steps(path):
        found = step(found)
        if found is MISSING:
            return MISSING
    return found


def first_at(document: Any, path: str) -> Any:
    """Like `dig`, with alternatives (`a|b`)."""
    found = (dig(document, choice) for choice in path.split("|"))
    return next((value for value in found if value is not MISSING), MISSING)


def records_at(document: Any, path: str, names: Mapping[str, str]) -> Iterator[Record]:
    """The records at a path: `[]` goes through a list, `{}` through the entries of an object.

    At the end a list gives its objects, an object is one record. Raises LookupError naming the part that
    is missing, TypeError for anything that is no object.
    """
    yield from _walk(document, _parts(path), (document,), names, path)


def as_text(value: Any, text: TextFormat) -> Value:
    """A JSON value as text: numbers exact, several values joined, objects and lists as JSON."""
    if value is MISSING:
        return None
    if isinstance(value, tuple):
        told = (as_text(one, text) for one in value if one is not MISSING)
        return BETWEEN.join(one for one in told if one) or None
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return typed_text(value, text)


def is_path(path: str) -> bool:
    """Whether a text is written as a path."""
    choices = (choice.removeprefix("@") for choice in path.split("|"))
    return all(_PART.sub("", re.sub(r"^(\^\.)+", "", choice)).strip(".") == "" for choice in choices)


def is_place(path: str) -> bool:
    """Whether a text is a path to one value of a document: no entries of an object, nothing around it."""
    return bool(path) and is_path(path) and not any(mark in path for mark in ("{}", "^.", "@"))


def units_at(document: Any, path: str) -> int:
    """How many units of a page the records at a path come from: a page is cut by its outermost list."""
    found = document
    for part in _parts(path):
        if part in ("[]", "{}"):
            break
        found = dig(found, part)
    if isinstance(found, list) or (isinstance(found, dict) and "{}" in path):
        return len(found)
    return 1 if isinstance(found, dict) else 0


def _walk(
    found: Any, parts: tuple[str, ...], around: tuple[Any, ...], names: Mapping[str, str], path: str
) -> Iterator[Record]:
    if not parts:
        yield from _leaves(found, around, names)
        return
    part, rest = parts[0], parts[1:]
    if part == "[]":
        for one in _required(found, list, path):
            yield from _walk(one, rest, (one, *around) if rest else around, names, path)
    elif part == "{}":
        for key, one in _required(found, dict, path).items():
            yield from _walk(one, rest, around, {**names, KEY: key}, path)
    else:
        inner = dig(found, part)
        if inner is MISSING or inner is None:
            raise LookupError(part)
        yield from _walk(inner, rest, around, names, path)


def _leaves(found: Any, around: tuple[Any, ...], names: Mapping[str, str]) -> Iterator[Record]:
    for one in found if isinstance(found, list) else [found]:
        if not isinstance(one, dict):
            raise TypeError(kind_of(one))
        yield Record(one, around, names)


def _required(found: Any, kind: type, path: str) -> Any:
    if found == [] or found is None:
        # Programs that know one kind of array write an empty object as an empty list.
        return kind()
    if not isinstance(found, kind):
        raise TypeError(kind_of(found))
    return found


def kind_of(value: Any) -> str:
    """What a JSON value is, in words; never the value itself."""
    names = {dict: "ein Objekt", list: "eine Liste", str: "ein Text", bool: "ein Wahrheitswert"}
    return "nichts (null)" if value is None else names.get(type(value), "eine Zahl")


@lru_cache(maxsize=512)
def _steps(path: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    parts = list(_PART.finditer(path))
    for number, part in enumerate(parts):
        name, bracket = part[1], part[2]
        if name is not None:
            steps.append(_named(name))
        elif bracket == "":
            rest = path[part.end() :].removeprefix(".")
            steps.append(_all(rest))
            return tuple(steps)
        elif bracket is not None:
            steps.append(_where(*bracket.split("=", 1)) if "=" in bracket else _named(bracket))
        else:
            raise ValueError(f"{{}} in {path}, part {number}")
    return tuple(steps)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part[1] or part[3] or f"[{part[2]}]" for part in _PART.finditer(path))


def _named(name: str) -> Step:
    def step(found: Any) -> Any:
        if isinstance(found, dict):
            return found.get(name, MISSING)
        if isinstance(found, list) and name.isdigit() and int(name) < len(found):
            return found[int(name)]
        return MISSING

    return step


def _all(rest: str) -> Step:
    def step(found: Any) -> Any:
        if not isinstance(found, list):
            return MISSING
        return tuple(dig(one, rest) if rest else one for one in found)

    return step


def _where(name: str, wanted: str) -> Step:
    def step(found: Any) -> Any:
        if not isinstance(found, list):
            return MISSING
        return next((o for o in found if isinstance(o, dict) and str(o.get(name)) == wanted), MISSING)

    return step
