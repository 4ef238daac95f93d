"""A page a town declares itself in `cockpits/<id>.toml`: tiles, charts and sentences by metric id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from dashboard import formats, messages_town
from dashboard.auth.viewer import Viewer
from dashboard.cockpits.selection import MONTHS_BACK, UNIT_LEVEL
from dashboard.cockpits.stichtag import stichtag_control
from dashboard.cockpits.town_desk import Desk, open_desk, parameter
from dashboard.cockpits.town_figures import Told, told
from dashboard.cockpits.town_file import AnyChart, CockpitFile, Section
from dashboard.components.drill_rows import breakdown_of
from dashboard.components.filters import STICHTAG, choices, filter_bar, menu, month_ends, reset_link
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, page_head, print_action, region, section
from dashboard.components.legend import reading_aid
from dashboard.components.states import failed
from dashboard.components.tile import tile, tile_row
from dashboard.pages._town_charts import chart_card_of
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.page import Page
    from dashboard.services import Services

FAULTY = "Seine Datei im Stadtordner enthält einen Fehler."
WHERE = "Was genau falsch ist, nennt der Fachadministration der Befehl „isek check“."


def layout(
    page: Page, file: CockpitFile, services: Services, viewer: Viewer, params: Mapping[str, str]
) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    desk = open_desk(services, viewer, page.path, file, params)
    tiles = _tiles(desk)
    sentence = messages_town.situation([_standing(item) for item in tiles.values() if item], file.question)
    head = page_head(file.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    parts: list[Component] = [head, *_filters(desk)]
    for number, part in enumerate(file.section):
        body = _section(desk, number, part, tiles)
        anchor = f"abschnitt-{number + 1}"
        parts.append(section(part.title, anchor, body) if number else region(part.title, body))
    return html.Div(parts)


def faulty_layout(page: Page, services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """What stands on the page of a faulty file; the reason is for those who can mend it."""
    del services, viewer, params
    body = card("Cockpit nicht verfügbar", [failed(FAULTY), html.P(WHERE)])
    return html.Div([page_head(page.title), region("Hinweis", body)])


def _tiles(desk: Desk) -> dict[int, Told | None]:
    """Every tile by its place on the page; None for one whose figure cannot be given out."""
    found: dict[int, Told | None] = {}
    for number, wanted in enumerate(desk.file.tiles):
        try:
            found[number] = told(desk, wanted)
        except IsekError:
            found[number] = None  # its place says so; one tile must not take the page with it
    return found


def _standing(item: Told) -> messages_town.Standing:
    figure = item.figure
    return messages_town.Standing(
        figure.label, figure.comparable, item.soll, figure.rating, figure.value != formats.MISSING
    )


def _filters(desk: Desk) -> list[Component]:
    controls = [_menu(desk, name) for name in desk.options]
    if desk.file.filters.day:
        days = month_ends(desk.services.today, MONTHS_BACK)
        controls.append(stichtag_control(desk.services, desk.path, desk.params, at=desk.at, days=days))
    if not controls:
        return []
    names = [STICHTAG, *(parameter(name) for name in desk.options)]
    return [filter_bar(*controls, end=reset_link(desk.path, desk.params, names))]


def _menu(desk: Desk, name: str) -> Component:
    label = desk.services.settings.terms.unit if name == UNIT_LEVEL else desk.dimension(name)
    return menu(label, choices(desk.path, desk.params, parameter(name), desk.options[name]))


def _section(
    desk: Desk, number: int, part: Section, tiles: Mapping[int, Told | None]
) -> list[Component | str]:
    first = sum(len(section.tile) for section in desk.file.section[:number])
    body: list[Component | str] = [html.P(sentence, className="town-text") for sentence in part.text]
    if part.tile:
        own = [
            _tile(desk, tiles[first + i], wanted.label or wanted.metric) for i, wanted in enumerate(part.tile)
        ]
        body.append(tile_row(*own))
        if not first:
            noted = any(item is not None and item.figure.is_noted for item in tiles.values())
            body.append(reading_aid(budget=False, noted=noted))
    if part.chart:
        cells = [_chart(desk, number, index, chart) for index, chart in enumerate(part.chart)]
        body.append(grid(*cells))
    return body


def _tile(desk: Desk, item: Told | None, label: str) -> Component:
    if item is None:
        return card(label, failed("Diese Kennzahl kann für diese Auswahl nicht gezeigt werden."))
    origin = desk.origin(item.tile)
    return tile(item.figure, origin_href=origin, drill_href=breakdown_of(origin))


def _chart(desk: Desk, number: int, index: int, chart: AnyChart) -> Component:
    chart_id = f"{desk.path.rsplit('/', 1)[-1]}-{number + 1}-{index + 1}"
    build: Callable[[], Component] = lambda: chart_card_of(desk, chart_id, chart)  # noqa: E731
    return cell(chart.width, guarded(chart.title, build))
