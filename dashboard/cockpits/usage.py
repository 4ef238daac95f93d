"""Which pages show which figure, read from the pages' own code, so that nobody has to keep a list."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

from dashboard.page import PageModule

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
        tree = _tree(sys.modules.get(name) or importlib.import_module(name))
        words |= {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        waiting += [found for found in _imports(tree) if _is_prepared(found)]
    return frozenset(words)


def _tree(module: ModuleType) -> ast.Module:
    try:
        return ast.parse(inspect.getsource(module))
    except (OSError, TypeError):
        return ast.Module(body=[], type_ignores=[])


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_prepared(name: str) -> bool:
    inside = any(name.startswith(f"{package}.") for package in PREPARED)
    return inside and importlib.util.find_spec(name.rsplit(".", 1)[0]) is not None and _is_module(name)


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def used_on(metric_id: str, pages: Sequence[PageModule], except_for: str = "") -> tuple[PageModule, ...]:
    """Pages whose code names the figure, in the order given."""
    return tuple(
        item for item in pages if item.page.id != except_for and metric_id in words_of(item.module.__name__)
    )
