"""The explorer as a drawn page: its address asked as somebody, its components and its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dash.development.base_component import Component

from dashboard.auth.viewer import Viewer
from dashboard.markup import Written, write
from dashboard.pages import explorer
from dashboard.services import Services
from tests.example_city import ExampleCity
from tests.services_city import viewer_of
from warehouse.ledger import Ledger
from warehouse.store import SnapshotReader

CONTROLLING = viewer_of("controlling")


def explorer_services(city: ExampleCity) -> Services:
    """What pages of the example city ask."""
    reader = SnapshotReader(city.settings.warehouse_dir, temp_directory=city.settings.temp_dir)
    return Services(city.settings, city.catalog, reader, Ledger(city.settings.ledger_url))


def draw(services: Services, query: str = "", viewer: Viewer = CONTROLLING) -> Any:
    """The page of an address."""
    return explorer.layout(services, viewer, dict(parse_qsl(urlsplit(f"?{query}").query)))


def html_of(drawn: Any) -> str:
    """What a browser is given."""
    written = write(drawn)
    assert isinstance(written, Written)
    return str(written.html)


def parts(component: object) -> Iterator[Component]:
    """Every component of a drawing."""
    if isinstance(component, list | tuple):
        for item in component:
            yield from parts(item)
    elif isinstance(component, Component):
        yield component
        yield from parts(getattr(component, "children", None))
