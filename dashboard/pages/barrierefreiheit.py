"""Erklärung zur Barrierefreiheit: what is checked, what is not yet, and where to report a barrier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import Viewer
from dashboard.components.layout import card, cell, grid, page_head, region, text_link
from dashboard.page import Page

if TYPE_CHECKING:
    from dashboard.services import Services
    from dashboard.settings import Settings

PAGE = Page("barrierefreiheit", "/barrierefreiheit", "Barrierefreiheit", "Fuß", "info", EVERYBODY, 910)

AIM = (
    "Dieses Portal soll die Anforderungen der BITV 2.0 und der EN 301 549 erfüllen "
    "(WCAG 2.1, Stufen A und AA). Sie gelten auch für Anwendungen, die nur in der Verwaltung genutzt werden.",
    "Eine förmliche Prüfung durch eine unabhängige Stelle hat noch nicht stattgefunden. "
    "Bis dahin beruht diese Erklärung auf Selbstbewertung.",
)
TESTED = (
    "Kontraste aller Farben in hellem und dunklem Schema werden bei jeder Änderung nachgerechnet: "
    "Text mindestens 4,5 : 1, Zeichen und Bedienelemente mindestens 3 : 1.",
    "Bewertungen bestehen immer aus Form, Wort und Farbe.",
    "Jedes Diagramm hat einen Satz als Beschreibung und eine Tabelle mit denselben Werten.",
    "Alle Filter und Einzelheiten sind Verweise oder Formulare und stehen in der Adresse.",
    "Jede Seite wird bei jeder Änderung mit axe-core geprüft: hell, dunkel und in schmalem Fenster.",
    "Sprungmarken, Filter und „Woher kommt diese Zahl?“ werden bei jeder Änderung mit der Tastatur bedient.",
    "Tabellen haben Beschriftung, Kopfzeilen und Zeilenköpfe; breite Tabellen rollen in ihrem Rahmen.",
)
NOT_YET = (
    "Prüfung mit Screenreadern (NVDA, JAWS) durch Menschen, die sie täglich nutzen",
    "vollständiger Durchgang nur mit der Tastatur auf jeder Seite",
    "Prüfung bei 200 % Vergrößerung und mit erzwungenen Farben auf jeder Seite",
    "Ausdrucke und PDF als barrierefreie Dokumente (PDF/UA)",
    "Erläuterungen in Leichter Sprache und in Deutscher Gebärdensprache",
)
KNOWN = (
    "Die Zeichnung eines Diagramms ist für Hilfstechnik ausgeblendet; die Werte stehen in der Tabelle "
    "daneben (Schaltfläche „Tabelle“, oder für alle Diagramme im Menü Ihres Namens).",
    "Ohne JavaScript zeigt das Portal keine Seiten.",
)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The statement of the city that runs the portal; `melden` puts the way to report a barrier first."""
    del viewer
    settings = services.settings
    return html.Div(
        [
            page_head("Erklärung zur Barrierefreiheit", bold="Selbstbewertung, noch ohne förmliche Prüfung.",
                      rest=f"Sie gilt für das {settings.product_title} der Stadt {settings.name}."),
            region("Erklärung", grid(
                *([cell(12, _report(settings))] if "melden" in params else []),
                cell(6, _text("Anspruch und Stand", AIM), _list("Was geprüft ist", TESTED)),
                cell(6, _list("Was noch nicht geprüft oder nicht vorhanden ist", NOT_YET),
                     _list("Bekannte Einschränkungen", KNOWN),
                     *([] if "melden" in params else [_report(settings)])),
            )),
        ],
        className="stack",
    )  # fmt: skip


def _text(title: str, paragraphs: tuple[str, ...]) -> Component:
    return card(title, [html.P(words, className="paragraph") for words in paragraphs])


def _list(title: str, points: tuple[str, ...]) -> Component:
    return card(title, html.Ul([html.Li(point) for point in points], className="bullet-list"))


def _report(settings: Settings) -> Component:
    """Where to turn; without an address nothing is promised."""
    title = "Barriere melden"
    if settings.contact_mail is None:
        words = (
            "Eine Adresse für Meldungen ist noch nicht eingerichtet. "
            "Bitte wenden Sie sich an die Fachadministration."
        )
        return card(title, html.P(words, className="paragraph"))
    subject = quote(f"Barriere im {settings.product_title} {settings.name}")
    link = text_link(settings.contact_mail, f"mailto:{settings.contact_mail}?subject={subject}")
    return card(
        title,
        [
            html.P(["Schreiben Sie an ", link, "."], className="paragraph"),
            html.P(
                "Nennen Sie bitte die Adresse der Seite und was nicht geht. Hilft das nicht weiter, "
                "können Sie sich an die Durchsetzungsstelle Ihres Landes wenden.",
                className="paragraph",
            ),
        ],
    )


def register(app: Any, services: Services) -> None:
    """The page has no callbacks."""
    del app, services
