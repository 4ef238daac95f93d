"""The town's own cockpits: every file read and checked; a faulty one costs its own page only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from dashboard.auth.viewer import Role
from dashboard.cockpits.town_check import Checker
from dashboard.cockpits.town_file import CockpitFile
from metrics.models.library import AnyModel
from warehouse.errors import ConfigError
from warehouse.toml import parse_toml, read_text, validate

if TYPE_CHECKING:
    from metrics.catalog import Catalog

FOLDER = "cockpits"
OnFault = Callable[[ConfigError], None]
_ID = re.compile(r"[a-z][a-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Declared:
    """One file of the folder; of a faulty one `file` is None and the head is what could be read."""

    id: str
    title: str
    icon: str
    order: int
    roles: frozenset[Role] | None
    file: CockpitFile | None


def load_cockpits(
    city: Path, catalog: Catalog, models: Mapping[str, AnyModel], *, on_fault: OnFault
) -> tuple[Declared, ...]:
    """Read `cockpits/*.toml`; every fault of every file goes to `on_fault`."""
    found = (_declared(path, catalog, models, on_fault) for path in sorted((city / FOLDER).glob("*.toml")))
    return tuple(item for item in found if item is not None)


def _declared(
    path: Path, catalog: Catalog, models: Mapping[str, AnyModel], on_fault: OnFault
) -> Declared | None:
    if not _ID.fullmatch(path.stem):
        on_fault(_bad_name(path))
        return None
    raw: dict[str, Any] = {}
    try:
        text = read_text(path)
        raw = parse_toml(text, path)
        file = validate(CockpitFile, raw, path, text=text)
    except ConfigError as error:
        on_fault(error)
        return _head_of(path.stem, raw)
    faults = list(Checker(path, text, file, catalog, models).faults())
    for fault in faults:
        on_fault(fault)
    if faults:
        return _head_of(path.stem, raw)
    roles = None if file.roles is None else frozenset(file.roles)
    return Declared(path.stem, file.title, file.icon, file.order, roles, file)


def _bad_name(path: Path) -> ConfigError:
    return ConfigError(
        f"Der Dateiname „{path.stem}“ ist keine Kennung",
        code="bad_id",
        where=str(path),
        found=path.stem,
        allowed="Kleinbuchstaben a–z, Ziffern, _ und -, höchstens 41 Zeichen",
        next_step="Die Datei umbenennen; der Name wird die Adresse der Seite",
    )


def _head_of(name: str, raw: Mapping[str, Any]) -> Declared:
    """What a faulty file still says about itself. Roles that cannot be read admit nobody new: no one."""
    title, order = raw.get("title"), raw.get("order")
    return Declared(
        id=name,
        title=title[:40] if isinstance(title, str) and title.strip() else name,
        icon="info",
        order=order if isinstance(order, int) else 100,
        roles=_roles(raw["roles"]) if "roles" in raw else None,
        file=None,
    )


def _roles(value: Any) -> frozenset[Role]:
    with suppress(TypeError):
        return frozenset(role for role in get_args(Role) if role in value)
    return frozenset()


def all_faults(city: Path, catalog: Catalog, models: Mapping[str, AnyModel]) -> Iterator[ConfigError]:
    """Every fault of every file, for the command line."""
    faults: list[ConfigError] = []
    load_cockpits(city, catalog, models, on_fault=faults.append)
    yield from faults
