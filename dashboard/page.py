"""Pages are modules in `dashboard/pages`: found, not registered; the address decides which one is shown."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from urllib.parse import parse_qsl, unquote

from dashboard.auth.rights import ALL_COCKPITS, RIGHTS, TOWN, may_open
from dashboard.auth.viewer import Role, Viewer
from warehouse.errors import ConfigError

# What a browser may ask for as one address.
LONGEST_PATH, LONGEST_SEARCH = 500, 4000


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where it lies, how navigation shows it, which roles it admits.

    `parts` names what may follow its path: /zahl/KENNZAHL/STICHTAG/STAND becomes parameters of these names.
    """

    id: str
    path: str
    title: str
    group: str = ""
    icon: str = ""
    roles: frozenset[Role] = ALL_COCKPITS
    order: int = 100
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageModule:
    """A discovered page with the module that draws it (`layout`, `register`).

    A module may also have `leading` (figures whose ratings mark the page in the navigation) and `shows`
    (services, viewer → ids of figures it shows because data names them, not its code).
    """

    page: Page
    module: ModuleType


def discover_pages(package: str = "dashboard.pages") -> tuple[PageModule, ...]:
    """Import every module of the package that has a PAGE; sorted by order, checked for clashes."""
    root = importlib.import_module(package)
    modules = [
        importlib.import_module(f"{package}.{info.name}")
        for info in pkgutil.iter_modules(root.__path__)
        if not info.name.startswith("_")
    ]
    found = [PageModule(m.PAGE, m) for m in modules if hasattr(m, "PAGE")]
    _check(found)
    return tuple(sorted(found, key=lambda item: item.page.order))


def _check(found: Sequence[PageModule]) -> None:
    paths: dict[str, str] = {}
    for item in found:
        page = item.page
        if page.id not in RIGHTS:
            raise ConfigError(
                f"Die Seite „{page.id}“ steht nicht in der Rechtetabelle",
                code="page_without_rights",
                where=item.module.__name__,
                next_step="in dashboard/auth/rights.py eintragen, wer sie öffnen darf",
            )
        if page.path in paths:
            raise ConfigError(
                f"Zwei Seiten haben den Pfad {page.path}: {paths[page.path]} und {page.id}", code="page_path"
            )
        paths[page.path] = page.id


def allowed_pages(pages: Sequence[PageModule], viewer: Viewer) -> tuple[Page, ...]:
    """Pages the viewer may open, in order of navigation."""
    return tuple(item.page for item in pages if may_open(viewer.role, item.page))


def cockpit_named(pages: Sequence[Page], name: str | None) -> Page | None:
    """Return the cockpit a Leitkennzahl names: an id of the house, else the file of a cockpit of the town."""
    by_id = {page.id: page for page in pages}
    return by_id.get(name or "") or by_id.get(f"{TOWN}{name}")


def resolve(pages: Sequence[PageModule], path: str) -> PageModule | None:
    """Return the page of an address (a closing slash does not matter), or None."""
    wanted = path.rstrip("/") or "/"
    return next((item for item in pages if _leads_to(item.page, wanted)), None)


def _leads_to(page: Page, wanted: str) -> bool:
    if page.path == wanted:
        return True
    deeper = page.path.count("/") + len(page.parts)
    return bool(page.parts) and wanted.startswith(f"{page.path}/") and wanted.count("/") == deeper


def path_params(page: Page, path: str) -> Mapping[str, str]:
    """Return what follows the path of a page by the names of its parts; nothing for the page itself."""
    below = path.rstrip("/").removeprefix(page.path).split("/")[1:]
    return dict(zip(page.parts, map(unquote, below), strict=False))


def read_params(search: str | None) -> Mapping[str, str]:
    """Parse „?a=b“; the first value of a repeated name wins, at most 50 names."""
    pairs = parse_qsl((search or "").lstrip("?"), keep_blank_values=False, max_num_fields=50)
    return dict(reversed(pairs))
