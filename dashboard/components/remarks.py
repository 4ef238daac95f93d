"""„Anmerkungen“: the list of comments, the form for a new one, and the numbered list below a chart.

Texts of people are text children only, never markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.components.attributes import aria
from dashboard.figures.marks import Mark, short
from dashboard.remarks import KIND_WORDS, LONGEST, Remark

WRITE, CHANGE, WITHDRAW = "/anmerkungen/schreiben", "/anmerkungen/aendern", "/anmerkungen/zuruecknehmen"
NONE_YET = "Zu dieser Zahl gibt es noch keine Anmerkung."
HINT = "Nur Text, höchstens 300 Zeichen, eine Aussage zur Zahl. Bitte keine Namen von Personen nennen."


@dataclass(frozen=True, slots=True)
class RemarkForm:
    """What the form needs: the figure it is about, months on offer, and what is sent along unseen.

    `hidden` holds token, number of the form, way back; `edited` is the comment that is changed.
    """

    months: Sequence[date]
    hidden: Mapping[str, str]
    edited: Remark | None = None


@dataclass(frozen=True, slots=True)
class RemarkPanel:
    """The section of the origin panel; without `form` the viewer reads only.

    `links` are addresses by thread that open a comment to be changed.
    """

    found: Sequence[Remark]
    zone: ZoneInfo
    form: RemarkForm | None = None
    links: Mapping[str, str] | None = None


def remark_section(panel: RemarkPanel) -> Component:
    """List and form below one heading."""
    parts: list[Component] = [html.H3("Anmerkungen", className="drawer-heading", id="anmerkungen")]
    if panel.found:
        parts.append(html.Ul([_item(item, panel) for item in panel.found], className="remarks"))
    else:
        parts.append(html.P(NONE_YET, className="remarks-none"))
    if panel.form is not None:
        parts.append(_form(panel.form))
    return html.Section(parts, **aria(labelledby="anmerkungen"))


def _item(item: Remark, panel: RemarkPanel) -> Component:
    comment = item.comment
    said = f"{KIND_WORDS[comment.kind]} zu {formats.month(comment.month)}"
    version = f", Fassung {comment.version}" if comment.version > 1 else ""
    meta = f"{item.author}, {formats.stand(comment.at, panel.zone)}{version}"
    lines: list[Component] = [
        html.P(said, className="remark-kind"),
        html.P(comment.text, className="remark-text"),
        html.P(meta, className="remark-meta"),
    ]
    if item.changeable and panel.form is not None:
        lines.append(_actions(item, panel.form, (panel.links or {}).get(comment.thread)))
    return html.Li(lines)


def _actions(item: Remark, form: RemarkForm, change_href: str | None) -> Component:
    spoken = html.Span(f": {item.comment.text[:60]}", className="visually-hidden")
    fields = {**form.hidden, "faden": item.comment.thread}
    button = html.Button(["Zurücknehmen", spoken], type="submit", className="link-button")
    withdraw = html.Form([*_hidden(fields), button], action=WITHDRAW, method="POST", className="inline-form")
    change = (
        [
            html.A(
                "Ändern",
                href=change_href,
                className="link-button",
                **aria(label=f"Ändern: {item.comment.text[:60]}"),
            )
        ]
        if change_href
        else []
    )
    return html.Div([*change, withdraw], className="remark-actions")


def _form(form: RemarkForm) -> Component:
    edited = form.edited.comment if form.edited else None
    title = "Anmerkung ändern" if edited else "Anmerkung schreiben"
    hidden = dict(form.hidden)
    if edited:
        hidden |= {"faden": edited.thread, "fassung": str(edited.version)}
    body = [
        *_hidden(hidden),
        html.Div(
            [
                _choice(
                    "art",
                    "Art",
                    [(kind, words) for kind, words in KIND_WORDS.items()],
                    edited.kind if edited else None,
                ),
                _choice("monat", "Monat", _months(form), f"{edited.month:%Y-%m}" if edited else None),
            ],
            className="form-pair",
        ),
        html.Label("Text", htmlFor="anmerkung-text"),
        html.P(HINT, id="anmerkung-hinweis", className="form-hint"),
        dcc.Textarea(
            id="anmerkung-text",
            name="text",
            value=edited.text if edited else "",
            maxLength=LONGEST,
            required=True,
            rows=3,
            className="field area",
        ),
        html.Button(
            "Änderung speichern" if edited else "Anmerkung speichern", type="submit", className="button"
        ),
    ]
    return html.Details(
        [
            html.Summary(title, className="remark-open"),
            html.Form(body, action=CHANGE if edited else WRITE, method="POST", className="remark-form"),
        ],
        open=edited is not None,
        className="remark-writing",
    )


def _months(form: RemarkForm) -> list[tuple[str, str]]:
    return [(f"{month:%Y-%m}", formats.month(month)) for month in form.months]


def _choice(name: str, label: str, options: Sequence[tuple[str, str]], present: str | None) -> Component:
    """A native list; the present value comes first, because React knows no chosen option."""
    ordered = sorted(options, key=lambda option: option[0] != present) if present else options
    field = html.Select(
        [html.Option(words, value=value) for value, words in ordered],
        id=f"anmerkung-{name}",
        name=name,
        className="field",
    )
    return html.Div([html.Label(label, htmlFor=f"anmerkung-{name}"), field])


def _hidden(fields: Mapping[str, str]) -> list[Component]:
    kind: Any = "hidden"
    return [dcc.Input(type=kind, name=name, value=value) for name, value in fields.items()]


def mark_list(marks: Sequence[Mark], *, brief: bool = False) -> Component | None:
    """The words of the marks below their chart, in sight of everybody; None without marks.

    `brief` keeps each to one line; the whole words stand in the chart's table and sentence.
    """
    if not marks:
        return None
    items = [
        html.Li(
            [
                html.Span(str(mark.number), className="mark-number"),
                html.Span(f"{formats.month(mark.month)} ", className="mark-month"),
                html.Span(
                    short(mark.text) if brief else mark.text,
                    className=None if not mark.event else "mark-event",
                ),
            ]
        )
        for mark in marks
    ]
    return html.Ul(items, className="mark-list", **aria(label="Anmerkungen zum Diagramm"))
