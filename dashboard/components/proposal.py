"""The form of a proposal, the form of a resolution, and the versions there were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.figures.chart import Column
from dashboard.proposals import LONGEST_REMARK, LONGEST_TEXT, LONGEST_TITLE
from warehouse.ledger import Proposal
from warehouse.ledger.proposals import DECIDED, NOTED

RESOLUTION_WORDS = {NOTED: "zur Kenntnis genommen", DECIDED: "beschlossen"}
COLUMNS = tuple(
    Column(head) for head in ("Fassung", "Vorschlag", "Zuständig", "Frist", "Von", "Entscheidung")
)
UNITS = "stellen"


def proposal_form(
    action: str, hidden: Mapping[str, str], present: Proposal | None, owners: Sequence[str]
) -> Component:
    """Title, proposal, deadline, responsible unit; filled in with the present version."""
    due = formats.day(present.due_on) if present else ""
    fields = [
        _line("titel", "Titel", present.title if present else "", LONGEST_TITLE),
        _area("text", f"Vorschlag (höchstens {LONGEST_TEXT} Zeichen)", present.text if present else ""),
        html.Div(
            [
                _line("frist", "Frist (TT.MM.JJJJ)", due, 10, placeholder="TT.MM.JJJJ"),
                _line("stelle", "Zuständige Stelle", present.owner if present else "", 63, list=UNITS),
            ],
            className="form-pair",
        ),
        html.Datalist([html.Option(value=owner) for owner in owners], id=UNITS),
    ]
    button = html.Button("Fassung speichern", type="submit", className="button button-primary")
    return html.Form(
        [*hidden_fields(hidden), *fields, button], action=action, method="POST", className="entry-form"
    )


def resolution_form(action: str, hidden: Mapping[str, str], today: str) -> Component:
    """„zur Kenntnis“ or „beschlossen am“, with a short remark."""
    options = [html.Option(words, value=kind) for kind, words in RESOLUTION_WORDS.items()]
    kind = html.Select(options, id=_id("art"), name="art", className="field")
    fields = [
        html.Div([html.Label("Was ist geschehen?", htmlFor=_id("art")), kind]),
        _line("am", "Am (TT.MM.JJJJ)", today, 10, placeholder="TT.MM.JJJJ"),
        _line("bemerkung", "Bemerkung (freiwillig)", "", LONGEST_REMARK, required=False),
    ]
    button = html.Button("Entscheidung festhalten", type="submit", className="button button-primary")
    return html.Form(
        [*hidden_fields(hidden), *fields, button], action=action, method="POST", className="entry-form"
    )


def versions_table(found: Sequence[Proposal], names: Mapping[str, str], zone: ZoneInfo) -> Component:
    """Every version, the latest first, with who wrote it and what became of it."""
    if not found:
        return empty("Zu dieser Kennzahl hat noch niemand etwas vorgeschlagen.")
    rows = [_row(number, item, names, zone) for number, item in enumerate(found, start=1)]
    return table("Fassungen des Vorschlags, die neueste zuerst", COLUMNS, rows[::-1])


def _row(
    number: int, item: Proposal, names: Mapping[str, str], zone: ZoneInfo
) -> tuple[Component | str, ...]:
    words = html.Div([html.Strong(item.title), html.P(item.text)], className="version-text")
    author = f"{names.get(item.author, item.author)}, {formats.stand(item.at, zone)}"
    resolutions = [
        f"{RESOLUTION_WORDS[r.kind]} am {formats.day(r.decided_on)}" + (f" ({r.remark})" if r.remark else "")
        for r in item.resolutions
        if r.entry == item.entry
    ]
    told = "; ".join(resolutions) or formats.MISSING
    return str(number), words, item.owner, formats.day(item.due_on), author, told


def hidden_fields(fields: Mapping[str, str]) -> list[Component]:
    """What a form sends along unseen."""
    kind: Any = "hidden"
    return [dcc.Input(type=kind, name=name, value=value) for name, value in fields.items()]


def _line(
    name: str, label: str, value: str, longest: int, *, required: bool = True, **more: Any
) -> Component:
    field = dcc.Input(
        id=_id(name),
        name=name,
        value=value,
        maxLength=longest,
        required=required,
        autoComplete="off",
        className="field",
        **more,
    )
    return html.Div([html.Label(label, htmlFor=_id(name)), field])


def _area(name: str, label: str, value: str) -> Component:
    field = dcc.Textarea(
        id=_id(name),
        name=name,
        value=value,
        maxLength=LONGEST_TEXT,
        required=True,
        rows=4,
        className="field area",
    )
    return html.Div([html.Label(label, htmlFor=_id(name)), field])


def _id(name: str) -> str:
    """Ids of fields of their own: the title of a page is „titel“ already."""
    return f"feld-{name}"
