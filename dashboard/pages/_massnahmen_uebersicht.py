"""Übersicht of Maßnahmen & Projekte: band, Aufgabenpakete, states by unit, first places; council below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from dash.development.base_component import Component

from dashboard import formats, texts
from dashboard import messages_umsetzung as words
from dashboard.cockpits import massnahmen as view
from dashboard.components import measure_cards, rollout_cards
from dashboard.components.chart_card import chart_card
from dashboard.components.drill_rows import drilling, drills, opening
from dashboard.components.guard import guarded
from dashboard.components.layout import card, cell, grid, quiet_link, region, section
from dashboard.components.legend import legend
from dashboard.components.states import empty
from dashboard.components.tile import BandEntry, band
from dashboard.figures.roadmap import roadmap
from dashboard.figures.state_bars import LATE, state_bars
from dashboard.pages._massnahmen_desk import DONE, LIST, OVERDUE, STATES, Desk
from metrics.result import Cell

COUNCIL = ("Beschlüsse und Fristen", "beschluesse")
WEIGHTS = ("Gewichtung der Kriterien", "gewichtung")
JUMPS = (("Beschlüsse", COUNCIL[1]), ("Gewichtung", WEIGHTS[1]))
RANKING = "top20"
TOP_ROWS = 12
ROAD_CAPTION = "Fahrplan der Aufgabenpakete"
ROAD_LEGEND = (("plan", "Plan"), ("ist", "Ist"), ("prognose", "Prognose"))
MILESTONES = (("diamond-full", "Meilenstein"), ("diamond", "Meilenstein offen"))
STATE_LEGEND = (
    ("state-done", "abgeschlossen"),
    ("state-work", "in Arbeit"),
    ("state-plan", "geplant"),
    ("state-late", "überfällig"),
)


def overview(desk: Desk) -> list[Component]:
    """Everything below the filters."""
    unit = desk.unit_word
    first = grid(
        cell(
            7,
            guarded("Aufgabenpakete", partial(_packages, desk)),
            guarded(f"Maßnahmen nach {unit}", partial(_units, desk)),
        ),
        cell(5, guarded("Rangliste der Leistungen", partial(_top, desk))),
    )
    council = grid(
        cell(12, guarded("Anträge, Anfragen und Beschlüsse", partial(_council, desk))),
        cell(5, guarded("Fristen der Maßnahmen", partial(_deadlines, desk))),
        cell(7, guarded("Fristregeln", lambda: rollout_cards.rule_card(_dicts(desk, "deadline_rules")))),
    )
    return [
        guarded("Kennzahlen", partial(_band, desk)),
        region("Stand der Maßnahmen", first),
        section(*COUNCIL, council),
        section(*WEIGHTS, grid(cell(12, guarded("Gewichtung der Kriterien", partial(_ranking, desk))))),
    ]


def _dicts(desk: Desk, list_id: str, **question: Any) -> list[Mapping[str, Any]]:
    return desk.rows(list_id, **question).dicts()


def _band(desk: Desk) -> Component:
    counts = view.counts_of(desk.states())
    total = sum(counts.values())
    if not total:
        return band([BandEntry("Maßnahmen gesamt", formats.number(0), context="keine für diese Auswahl")])
    ozg = view.counts_of(desk.ask(STATES, where={**desk.choice.cut, "kind": "ozg"}))
    by_kind = f"{formats.number(ozg.get('in_arbeit', 0))} OZG, "
    by_kind += f"{formats.number(counts.get('in_arbeit', 0) - ozg.get('in_arbeit', 0))} weitere"
    year = str(desk.today.year)
    beginning = desk.rows(
        LIST, where={**desk.choice.cut, "state": "geplant", "begin_year": year}, limit=1
    ).total
    origin = desk.states_origin()
    return band(
        [
            BandEntry(
                *("Maßnahmen gesamt", formats.number(total)),
                *(f"davon {formats.number(sum(ozg.values()))} OZG", "ohne aufgegebene"),
                origin_href=origin,
            ),
            _rated("Abgeschlossen", counts.get("abgeschlossen", 0), total, desk, DONE),
            _plain_entry("In Arbeit", counts.get("in_arbeit", 0), total, by_kind, origin),
            _plain_entry(
                *("Geplant", counts.get("geplant", 0), total),
                *(f"{formats.number(beginning)} beginnen bis 12/{year}", origin),
            ),
            _rated("Überfällig", counts.get(LATE, 0), total, desk, OVERDUE),
        ]
    )


def _plain_entry(label: str, count: int, total: int, context: str, href: str | None) -> BandEntry:
    return BandEntry(label, formats.number(count), formats.percent(count / total), context, None, href)


def _rated(label: str, count: int, total: int, desk: Desk, metric_id: str) -> BandEntry:
    """A count with the Soll of its share, where the rated figure knows the choice."""
    result = desk.rated(metric_id)
    found = result.total if result else None
    share = formats.percent(count / total)
    if found is None or found.target is None:
        context = "ohne Soll" if result else "ohne Soll für diese Auswahl"
        return BandEntry(label, formats.number(count), share, context, None, desk.rated_origin(metric_id))
    word = "Soll höchstens" if metric_id == OVERDUE else "Soll heute"
    context = f"{word} {formats.percent(found.target)}"
    return BandEntry(label, formats.number(count), share, context, found.rating, desk.rated_origin(metric_id))


def _packages(desk: Desk) -> Component:
    packages = _dicts(desk, "work_packages")
    title = words.packages_title(*view.late_packages(packages, desk.today))
    if not packages:
        return card(title, empty("Noch kein Umsetzungsfahrplan mit Aufgabenpaketen."))
    rows = view.package_rows(packages, _dicts(desk, "work_milestones", limit=1000), desk.today)
    begin = min(row["planned_from"] for row in packages).year
    end = max(row["forecast_to"] or row["done_on"] or row["planned_to"] for row in packages).year
    plans = sorted({str(row["plan_source"]) for row in packages if row["plan_source"]})
    return chart_card(
        "massnahmen-pakete",
        title,
        opening(
            roadmap(rows, desk.today, first="Aufgabenpaket", caption=ROAD_CAPTION, row_height=22),
            "work_packages",
            [(str(row["title"]), (row["package_id"],)) for row in packages],
        ),
        subtitle=f"Fahrplan der Aufgabenpakete, {begin} bis {end}",
        legend=legend([*ROAD_LEGEND, *MILESTONES]),
        foot=[
            f"Plan: {', '.join(plans)}" if plans else "Plan ohne Angabe eines Beschlusses",
            quiet_link("Maßnahmen der Pakete im Fahrplan", desk.href(view="fahrplan")),
        ],
    )


def _units(desk: Desk) -> Component:
    states = desk.states("fachdienst")
    units = view.unit_counts(states, desk.rated(OVERDUE, "fachdienst"))
    title = words.late_units_title(
        [desk.plain.get(unit, unit) for unit in view.worst_units(units)], desk.unit_word
    )
    if not units:
        return desk.nothing(title)
    return chart_card(
        "massnahmen-einheiten",
        title,
        drilling(
            state_bars(view.state_rows(units, desk.names, "Einheiten"), first=desk.unit_word),
            *(STATES, "fachdienst"),
            where=desk.single_cut,
            names=desk.names,
        ),
        subtitle=f"Maßnahmen je {desk.unit_word} nach Stand, Anteil in Prozent, im Balken Anzahl",
        legend=legend(STATE_LEGEND),
        foot=[desk.source(states), desk.number(STATES)],
        origin_href=desk.states_origin(),
    )


def _named_places(desk: Desk) -> Sequence[Mapping[str, Any]]:
    where = {"ranking_id": RANKING, "is_named": "true", **desk.unit_where()}
    return _dicts(desk, "ranking_places", where=where)


def _top(desk: Desk) -> Component:
    rows, criteria = _named_places(desk), _dicts(desk, "ranking_criteria", where={"ranking_id": RANKING})
    if not criteria:
        return card("Rangliste der Leistungen", empty("Noch keine Rangliste mit Gewichten."))
    places = int(criteria[0]["places"])
    online = sum((row["reifegrad"] or 0) >= 3 for row in rows)
    named = texts.listed([str(row["title"]) for row in criteria])
    return measure_cards.top_card(
        rows,
        TOP_ROWS,
        words.top_title(f"TOP {places}", online, len(rows), places),
        f"Rangfolge nach {named}, 0 bis 100",
        desk.shorts,
        desk.today,
        unit_short=desk.services.settings.terms.unit_short,
        links=[quiet_link("Alle Plätze und Gewichtung der Kriterien", f"#{WEIGHTS[1]}")],
    )


def _council(desk: Desk) -> Component:
    metric_id, where = "council_item_in_time_share", desk.unit_where()
    rows = _dicts(desk, "council_items", where=where, limit=1000)
    result = desk.ask(metric_id, where=where)
    zone = desk.services.settings.zone
    return rollout_cards.council_card(
        rows, len(rows), result, desk.shorts, zone, desk.origin(metric_id, where)
    )


def _deadlines(desk: Desk) -> Component:
    metric_id, where = "measure_deadline_overdue_share", desk.choice.rated_cut or desk.unit_where()
    last = desk.ask(metric_id, by=("genauigkeit",), where=where)
    first = desk.ask(metric_id, by=("genauigkeit",), where={**where, "fristregel": "zuerst_genannt"})
    total: Cell | None = desk.ask(metric_id, where=where).total
    zone = desk.services.settings.zone
    links = drills(metric_id, "genauigkeit", {name: name for name in words.PRECISIONS}, where=where)
    return rollout_cards.deadline_card(last, first, total, zone, desk.origin(metric_id, where), links)


def _ranking(desk: Desk) -> Component:
    criteria = _dicts(desk, "ranking_criteria", where={"ranking_id": RANKING})
    return rollout_cards.ranking_card(_named_places(desk), criteria, desk.shorts)
