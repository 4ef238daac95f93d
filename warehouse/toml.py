"""Reads TOML for every loader: whatever is wrong is named with file, line, allowed names and a suggestion."""

from __future__ import annotations

import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from warehouse.errors import ConfigError, did_you_mean
from warehouse.faults import german_fault

M = TypeVar("M", bound=BaseModel)
Location = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$"""
)
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"([^"]*)"|'([^']*)'""")


def read_toml(path: Path) -> dict[str, Any]:
    """Content of a TOML file. Raises ConfigError (missing_file, unreadable_file, toml_syntax)."""
    return parse_toml(read_text(path), path)


def read_text(path: Path) -> str:
    """Text of a UTF-8 file. Raises ConfigError (missing_file, unreadable_file)."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError("Die Datei gibt es nicht", code="missing_file", where=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "Die Datei lässt sich nicht lesen",
            code="unreadable_file",
            where=str(path),
            found=_why_unreadable(error),
            allowed="Text in UTF-8",
        ) from None


def _why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"fremdes Zeichen an Stelle {error.start + 1}"
    return type(error).__name__


def parse_toml(text: str, path: Path, *, first_line: int = 1) -> dict[str, Any]:
    """Parse TOML that begins on `first_line` of `path` (a metric keeps it in a comment)."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "Die Datei ist kein gültiges TOML",
            code="toml_syntax",
            where=f"{path}:{_error_line(error, text) + first_line - 1}",
            found=str(error),
        ) from None


def validate(
    model: type[M], data: Mapping[str, Any], path: Path, *, text: str | None = None, first_line: int = 1
) -> M:
    """Turn TOML data into `model`. Raises ConfigError for the first fault; `found` counts the others.

    `text` is the TOML the data came from (default: the file itself), `first_line` where it begins.
    """
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        faults = error.errors(include_url=False)
        lines = _Lines(read_text(path) if text is None and path.is_file() else text or "", first_line)
        raise _as_config_error(model, faults, path, lines) from None


def line_of(text: str, location: Location, *, first_line: int = 1) -> int | None:
    """Line on which a key stands, or its nearest parent; None when not even that is written."""
    return _Lines(text, first_line).find(location)


def _as_config_error(
    model: type[BaseModel], faults: list[ErrorDetails], path: Path, lines: _Lines
) -> ConfigError:
    faults = _without_consequences(faults)
    # An unknown key explains the missing one it was meant to be, so it is told first.
    fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    location, told = fault["loc"], _without_tags(model, fault["loc"])
    line = lines.find(told)
    where = f"{path}:{line}" if line else str(path)
    more = _and_more(len(faults) - 1)
    # Which of several tables it is, the line tells.
    name = ".".join(part for part in told if isinstance(part, str))
    if fault["type"] == "extra_forbidden":
        allowed = sorted(_fields_at(model, location[:-1]))
        return ConfigError(
            f"Der Schlüssel „{name}“ ist unbekannt{more}",
            code="unknown_key",
            where=where,
            allowed=", ".join(allowed) or "keine Schlüssel",
            next_step=did_you_mean(str(location[-1]), allowed),
        )
    if fault["type"] == "missing":
        return ConfigError(f"Der Schlüssel „{name}“ fehlt{more}", code="missing_key", where=where)
    said = german_fault(fault)
    what = f"„{name}“: {said}" if name else said
    # Settings may hold credentials; only short, plain values are repeated.
    found = fault["input"] if isinstance(fault["input"], str | int | float | bool) else None
    return ConfigError(f"{what}{more}", code="invalid_value", where=where, found=_shorten(found))


def _without_consequences(faults: list[ErrorDetails]) -> list[ErrorDetails]:
    """A list counts as too short when its entries are faulty; only what is wrong in it is a fault."""
    places = [fault["loc"] for fault in faults]
    return [
        fault
        for fault in faults
        if fault["type"] != "too_short"
        or not any(
            len(place) > len(fault["loc"]) and place[: len(fault["loc"])] == fault["loc"] for place in places
        )
    ]


def _and_more(count: int) -> str:
    if count < 1:
        return ""
    return f" (und {count} weitere Fehler)" if count > 1 else " (und ein weiterer Fehler)"


def _shorten(value: object) -> object:
    return value[:80] if isinstance(value, str) else value


def _error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    match = re.search(r"at line (\d+)", str(error))
    return int(match.group(1)) if match else max(1, text.count("\n") + 1)


def _fields_at(model: type[BaseModel], location: Location) -> set[str]:
    """Names allowed at a place, found by walking the annotations."""
    current: list[Any] = [model]
    for part in location:
        current = [inner for annotation in current for inner in _step(annotation, part)]
    models = [m for annotation in current for m in models_of(annotation)]
    return {field.alias or name for m in models for name, field in m.model_fields.items()}


def _step(annotation: Any, part: str | int) -> Iterator[Any]:
    for option in _options(annotation):
        origin, arguments = get_origin(option), get_args(option)
        if isinstance(option, type) and issubclass(option, BaseModel):
            yield from (f.annotation for n, f in option.model_fields.items() if part in (n, f.alias))
            if _is_tag(option, part):
                yield option
        elif origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
            yield arguments[1]
        elif origin in (list, tuple, set, frozenset) and isinstance(part, int):
            yield arguments[0]


def _is_tag(model: type[BaseModel], part: str | int) -> bool:
    """Whether `part` is no key but `type` or `kind` of the chosen model, which pydantic adds to the place."""
    fields = (model.model_fields.get(name) for name in ("type", "kind"))
    named = any(field is not None and part in get_args(field.annotation) for field in fields)
    return named and part not in model.model_fields


def _without_tags(model: type[BaseModel], location: Location) -> Location:
    told: list[str | int] = []
    current: list[Any] = [model]
    for part in location:
        models = [m for annotation in current for m in models_of(annotation)]
        if not any(_is_tag(m, part) for m in models):
            told.append(part)
        current = [inner for annotation in current for inner in _step(annotation, part)]
    return tuple(told)


def models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models a field may hold, whichever of a union it is."""
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel):
            yield option


def _options(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for argument in get_args(annotation):
            yield from _options(argument)
    elif hasattr(annotation, "__metadata__"):
        yield from _options(get_args(annotation)[0])
    else:
        yield annotation


class _Lines:
    """Where each key of a TOML text stands; enough of the grammar for people's files."""

    def __init__(self, text: str, first_line: int) -> None:
        self._places: dict[Location, int] = {}
        self._prefix: Location = ()
        self._counts: dict[Location, int] = {}
        self._open: str | None = None
        for number, line in enumerate(text.splitlines(), start=first_line):
            self._take(line, number)

    def find(self, location: Location) -> int | None:
        """Line of the key or of its nearest written parent."""
        for length in range(len(location), 0, -1):
            if (line := self._places.get(tuple(location[:length]))) is not None:
                return line
        return None

    def _take(self, line: str, number: int) -> None:
        if self._open:
            self._open = None if self._open in line else self._open
        elif table := _TABLE.match(line):
            self._enter(table.group(1) == "[[", _parts(table.group(2)), number)
        elif key := _KEY.match(line):
            self._note((*self._prefix, *_parts(key.group(1))), number)
            self._open = next((q for q in ('"""', "'''") if key.group(2).count(q) == 1), None)

    def _enter(self, is_array: bool, name: Location, number: int) -> None:
        prefix: Location = ()
        for part in name[:-1]:
            prefix = self._inside((*prefix, part))
        prefix = (*prefix, name[-1])
        if is_array:
            self._counts[prefix] = self._counts.get(prefix, -1) + 1
            self._note(prefix, number)
            prefix = (*prefix, self._counts[prefix])
        self._note(prefix, number)
        self._prefix = prefix

    def _inside(self, prefix: Location) -> Location:
        return (*prefix, self._counts[prefix]) if prefix in self._counts else prefix

    def _note(self, location: Location, number: int) -> None:
        self._places.setdefault(location, number)


def _parts(dotted: str) -> Location:
    return tuple(m.group(1) or m.group(2) or m.group(0) for m in _KEY_PART.finditer(dotted))
