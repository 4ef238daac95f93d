"""Which pages name which figure, read from the pages' own code, so that nobody has to keep a list.

Read is the compiled code: building syntax trees is not safe where several threads answer people.
"""

from __future__ import annotations

import dis
import functools
import importlib.util
from collections.abc import Iterator, Sequence
from types import CodeType

PREPARED = ("dashboard.cockpits", "dashboard.pages")


@functools.cache
def words_of(module_name: str) -> frozenset[str]:
    """Texts that stand in a module and in what it imports from the pages' own packages."""
    words: set[str] = set()
    seen: set[str] = set()
    waiting = [module_name]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        code = _code_of(name)
        if code is not None:
            words.update(_texts(code.co_consts))
            waiting += [found for found in _imports(code) if _is_prepared(found)]
    return frozenset(words)


def _code_of(name: str) -> CodeType | None:
    """Code of a module as it runs; None for what is no module."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    read = getattr(spec.loader, "get_code", None) if spec else None
    code = read(name) if read else None
    return code if isinstance(code, CodeType) else None


def _texts(constants: Sequence[object] | frozenset[object]) -> Iterator[str]:
    for item in constants:
        if isinstance(item, str):
            yield item
        elif isinstance(item, tuple | frozenset):
            yield from _texts(item)
        elif isinstance(item, CodeType):
            yield from _texts(item.co_consts)


def _imports(code: CodeType) -> Iterator[str]:
    """Modules a module imports, and names taken from them, which may be modules as well."""
    names: tuple[str, ...] = ()
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_CONST" and isinstance(step.argval, tuple):
            names = step.argval
        elif step.opname == "IMPORT_NAME":
            yield str(step.argval)
            yield from (f"{step.argval}.{name}" for name in names)
            names = ()


def _is_prepared(name: str) -> bool:
    return any(name.startswith(f"{package}.") for package in PREPARED)
