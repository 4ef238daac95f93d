"""Maßnahmen & Projekte: was läuft, was hängt?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard import messages_umsetzung as words
from dashboard.auth.viewer import Viewer
from dashboard.cockpits import massnahmen as view
from dashboard.cockpits.selection import UNIT_LEVEL, Option, options_of, unit_names, unit_plain, unit_shorts
from dashboard.cockpits.stichtag import reports_control
from dashboard.components.filters import Choice, filter_bar, menu, segments
from dashboard.components.layout import jump_links, page_head, print_action, text_link
from dashboard.components.provenance import stale_words
from dashboard.figures.state_bars import LATE, STATES
from dashboard.page import Page
from dashboard.pages._massnahmen_ansichten import kanban, listing, timeline
from dashboard.pages._massnahmen_desk import CLEARED, PATH, Desk
from dashboard.pages._massnahmen_desk import STATES as STATES_METRIC
from dashboard.pages._massnahmen_uebersicht import JUMPS, overview
from dashboard.sentence import Sentence

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page(
    id="massnahmen", path=PATH, title="Maßnahmen & Projekte", group="Cockpits", icon="massnahmen", order=56
)
DRAWN: Mapping[str, Callable[[Desk], list[Component]]] = {
    "uebersicht": overview,
    "liste": listing,
    "fahrplan": timeline,
    "tafel": kanban,
}


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """Draw the page for a viewer; `params` are those of the address."""
    desk = _desk(services, viewer, params)
    every = sum(view.counts_of(services.query(viewer, STATES_METRIC)).values())
    sentence = _sentence(desk)
    head = page_head(PAGE.title, bold=sentence.bold, rest=sentence.rest, actions=[print_action()])
    return html.Div([head, _filters(desk, every), *DRAWN[desk.choice.view](desk)])


def register(app: Any, services: Services) -> None:
    """The page has no callbacks: all of its state stands in the address."""
    del app, services


def _desk(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Desk:
    units = services.records(viewer, "org_units", limit=10_000)
    names = unit_names(units)
    offered = _offered(services, viewer, names)
    choice = view.read_choice(params, offered)
    own = {*view.FILTERS, view.VIEW, view.SEARCH, view.ORDER, view.PAGE_NO}
    kept = {name: value for name, value in params.items() if name not in own}
    return Desk(
        services,
        viewer,
        choice,
        offered,
        {**kept, **choice.params},
        names,
        unit_plain(units),
        unit_shorts(units),
    )


def _offered(services: Services, viewer: Viewer, names: Mapping[str, str]) -> view.Offered:
    """Only goals, units, effects and packages that measures of this viewer know."""

    def known(dimension: str) -> frozenset[str | None]:
        rows = services.query(viewer, STATES_METRIC, by=(dimension,)).rows
        return frozenset(row.keys[dimension] for row in rows)

    goals, packages = known("goal"), known("package_id")
    titles = [(str(row["goal"]), str(row["title"])) for row in services.records(viewer, "goals").dicts()]
    named = [
        (str(r["package_id"]), str(r["title"])) for r in services.records(viewer, "work_packages").dicts()
    ]
    in_town = [(goal, f"{goal} {title}") for goal, title in titles if goal in goals]
    units = options_of(services.query(viewer, STATES_METRIC, by=(UNIT_LEVEL,)), UNIT_LEVEL, names)
    return view.Offered(
        view.with_all(in_town, f"alle {formats.number(len(in_town))}") if in_town else (),
        tuple(units),
        view.reach_options(known("reach")),
        view.with_all([(name, title) for name, title in named if name in packages]),
    )


def _sentence(desk: Desk) -> Sentence:
    result = desk.states()
    counts = view.counts_of(result)
    total = sum(counts.values())
    units = view.unit_counts(desk.states(UNIT_LEVEL), None)
    late = [(desk.plain.get(item.unit, item.unit), item.late) for item in units]
    old = stale_words(result, desk.services.settings.zone).removeprefix("veraltet, ")
    done = counts.get("abgeschlossen", 0) if total else None
    return words.measures(done, counts.get(LATE, 0), total, late, stale=old)


def _filters(desk: Desk, every: int) -> Component:
    controls = [segments("Ansicht", _views(desk, every)), *_menus(desk)]
    controls += reports_control(desk.services, PAGE.path, desk.params)
    if any(desk.params.get(name) for name in view.FILTERS) or desk.choice.search:
        controls.append(text_link("Filter zurücksetzen", desk.href(**CLEARED)))
    end = jump_links(JUMPS) if desk.choice.view == view.FIRST_VIEW else None
    return filter_bar(*controls, end=end)


def _views(desk: Desk, every: int) -> list[Choice]:
    counted = {"liste": f"Liste ({formats.number(every)})"}
    return [
        Choice(counted.get(name, title), desk.href(view=name, search=""), name == desk.choice.view)
        for name, title in view.VIEWS.items()
    ]


def _menus(desk: Desk) -> list[Component]:
    """Filters as menus; the status leads from the overview, which shows all of them, to the list."""
    choice, offered = desk.choice, desk.offered
    states: Sequence[Option] = view.with_all(list(STATES.items()))
    packages = offered.packages if choice.package or choice.view != view.FIRST_VIEW else ()
    to_list = "liste" if choice.view == view.FIRST_VIEW else choice.view
    filters: tuple[tuple[str, str, Sequence[Option], str | None, dict[str, str]], ...] = (
        ("Ziel", "goal", offered.goals, choice.goal, {}),
        (desk.unit_word, "unit", offered.units, choice.unit, {}),
        ("Status", "state", states, choice.state, {"view": to_list}),
        ("Wirkung", "reach", offered.reaches, choice.reach, {}),
        # In the overview the packages are drawn; there the filter shows only while it holds.
        ("Aufgabenpaket", "package", packages, choice.package, {}),
    )
    return [
        menu(label, [Choice(o, desk.href(**{name: value}, **more), value == now) for value, o in options])
        for label, name, options, now, more in filters
        if len(options) > 1
    ]
