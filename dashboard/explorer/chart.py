"""View „Diagramm“ of the explorer: the fitting chart or the chosen one, with table, notices and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from dash import html

from dashboard import formats, sentence
from dashboard.components.address import origin_address
from dashboard.components.chart_card import chart_card
from dashboard.components.filters import Choice, segments
from dashboard.components.layout import card
from dashboard.components.legend import legend
from dashboard.components.states import empty, nature_note
from dashboard.explorer.axis import is_partly_open
from dashboard.explorer.chart_rule import KINDS, Kind, Refusal, is_whole, refusal
from dashboard.explorer.drawable import Sheet
from dashboard.explorer.drawing import drawn
from dashboard.explorer.parameter import EXPLORER
from dashboard.explorer.sentence import adds_up, sentence_of
from dashboard.explorer.state import State, href, params_of
from dashboard.explorer.suggestion import suggested_chart
from dashboard.explorer.words import Words, filter_words, title_of, words_for
from dashboard.figures.datum import Noticed
from metrics.explore.catalog import dataset
from metrics.explore.question import TIME_FIELDS
from metrics.explore.result import Pivot

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services

CHART_ID = "explorer-diagramm"
PARTLY_OPEN = "Einzelne aufgeklappte Zeilen sind hier nicht aufgeteilt, weil die übrigen zugeklappt sind."
_ORDER: tuple[Kind, ...] = ("balken", "linie", "gestapelt", "kacheln", "punkte")


def chart_part(services: Services, viewer: Viewer, state: State, pivot: Pivot) -> Component:
    """The view „Diagramm“ for one viewer."""
    data = dataset(services.catalog, pivot.question.dataset)
    stand = f"Datenstand {formats.stand(pivot.as_of, services.settings.zone)}"
    told = " · ".join(part for part in (stand, nature_note(pivot.nature)) if part)
    return chart_view(state, pivot, words_for(services, viewer, data, pivot.question), told)


def chart_view(state: State, pivot: Pivot, words: Words, stand: str = "") -> Component:
    """The choice of the kind with the reason of the suggestion, and the card with `stand` in its foot."""
    fitting, why = suggestion(pivot, words)
    kind = cast("Kind", state.chart) if state.chart in KINDS else fitting
    refused = refusal(kind, pivot, words)
    body = (
        _refused(state, pivot, words, kind, refused, fitting)
        if refused
        else _card(state, pivot, words, kind, stand)
    )
    return html.Div([_choice(state, kind, fitting, why), body], className="explorer-chart")


def suggestion(pivot: Pivot, words: Words) -> tuple[Kind, str]:
    """The chart that fits the question; where this answer does not allow it, the first one it allows."""
    wanted, why = suggested_chart(pivot.question, [words.data], members=_members(pivot))
    if wanted in KINDS and refusal(cast("Kind", wanted), pivot, words) is None:
        return cast("Kind", wanted), why
    allowed = next((kind for kind in _ORDER if refusal(kind, pivot, words) is None), "balken")
    return cast("Kind", allowed), "Diese Form passt zu dem, was in Zeilen und Spalten liegt."


def _members(pivot: Pivot) -> int:
    """How many values the fields beside time have on their outermost level."""
    question = pivot.question
    rows_are_time = all(name in TIME_FIELDS for name in question.rows)
    heads = pivot.columns if rows_are_time else pivot.rows
    return max(1, sum(1 for head in heads if head.level == 1))


def _choice(state: State, kind: Kind, fitting: Kind, why: str) -> Component:
    options = [
        Choice(label, href(state, chart="" if name == fitting else name), name == kind)
        for name, label in KINDS.items()
    ]
    return html.Div(
        [
            segments("Diagrammart", options),
            html.P([html.Strong(f"Vorgeschlagen: {KINDS[fitting]}."), f" {why}"], className="chart-why"),
        ],
        className="chart-choice",
    )


def _refused(
    state: State, pivot: Pivot, words: Words, kind: Kind, refused: Refusal | None, fitting: Kind
) -> Component:
    """Why this kind makes no sense here, and the way to one that does."""
    reason = refused.reason if refused else ""
    way = (f"Stattdessen {KINDS[fitting]} zeigen", href(state, chart=""))
    if refused and refused.opens:
        way = ("Alle Zeilen aufklappen", href(state, open_paths=None))
    link = None if kind == fitting and not (refused and refused.opens) else way
    return card(title_of(pivot.question, words), empty(reason, link=link), class_name="chart-refused")


def _card(state: State, pivot: Pivot, words: Words, kind: Kind, stand: str) -> Component:
    sheet = Sheet.of(pivot, words, state)
    result = drawn(kind, sheet)
    if not result.chart.table.rows:
        return card(title_of(pivot.question, words), empty("Keine Werte für diese Auswahl."))
    return chart_card(
        CHART_ID,
        _title(pivot, words),
        result.chart,
        subtitle=_subtitle(sheet),
        legend=legend(result.legend) if result.legend else None,
        actions=_actions(state, pivot, kind),
        foot=[*_foot(pivot, result), *([stand] if stand else [])],
        origin_href=_origin(state, pivot),
    )


def _title(pivot: Pivot, words: Words) -> str:
    """The message where it is short enough, else what is shown by what."""
    return sentence.title(sentence_of(pivot, words).rstrip("."), title_of(pivot.question, words))


def _subtitle(sheet: Sheet) -> str:
    """Measure, unit, what narrows the question."""
    pivot = sheet.pivot
    measures = ", ".join(dict.fromkeys(sheet.measured(at).title for at in range(len(pivot.measures))))
    return " · ".join(part for part in (measures, filter_words(pivot.question, sheet.words, most=3)) if part)


def _actions(state: State, pivot: Pivot, kind: Kind) -> Sequence[Component]:
    """Stacked amounts can be seen as shares of their row, and back."""
    question = pivot.question
    if kind != "gestapelt" or not question.columns or not adds_up(pivot.measures[0]):
        return ()
    whole = is_whole(pivot)
    return [
        segments(
            "Balken zeigen",
            [
                Choice("Werte", href(state, show="value"), not whole),
                Choice("100 %", href(state, show="row_share"), whole),
            ],
        )
    ]


def _foot(pivot: Pivot, result: Noticed) -> list[str]:
    """What is cut or left out, and what belongs to the figures; in the foot it goes along with pictures."""
    closed = (PARTLY_OPEN,) if is_partly_open(pivot.rows) else ()
    told = " ".join(dict.fromkeys((*result.notices, *closed, *pivot.notes)))
    return [told] if told else []


def _origin(state: State, pivot: Pivot) -> str | None:
    metric = pivot.measures[0].metric
    return origin_address(EXPLORER, params_of(state), metric) if metric else None
