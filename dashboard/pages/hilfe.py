"""Hilfe: first steps for each role, how to read a tile, what ratings and Datenstand mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import ROLE_LABELS, Viewer
from dashboard.components.icon import badge
from dashboard.components.layout import card, cell, grid, page_head, region, text_link
from dashboard.page import Page, allowed_pages
from dashboard.pages._erste_schritte import GUIDES, PATH, chapter_card, guide_card, guide_links
from dashboard.town_pages import portal_pages
from metrics.result import Rating

if TYPE_CHECKING:
    from dashboard.services import Services

ROLE = "rolle"
PAGE = Page("hilfe", PATH, "Hilfe", "Fuß", "help", EVERYBODY, 900, parts=(ROLE,))

TILE: tuple[tuple[str, str], ...] = (
    ("Name", "kurz, ohne Abkürzungen außer denen der Legende"),
    ("Wert und Einheit", "der Stand am Stichtag; „–“ heißt: kein Wert"),
    ("Bewertung", "Form, Wort und Farbe sagen dasselbe"),
    ("Balken", "Ist gegen Soll; der senkrechte Strich ist das Soll von heute, nicht das Endziel"),
    ("Verlauf", "die letzten 12 Monate; ein gleich bleibendes Soll ist gestrichelt"),
    ("Bezug", "die absoluten Zahlen hinter einem Anteil, zum Beispiel „612 von 1.557“"),
    ("Nummer und Datenstand", "die Nummer zitieren Sie wie ein Aktenzeichen"),
    ("Woher kommt diese Zahl?", "öffnet den Rechenweg von der Quelle bis zum Wert"),
)
RATINGS: tuple[tuple[Rating, str], ...] = (
    ("gut", "Das Soll ist erreicht."),
    ("warn", "Das Soll ist verfehlt, aber innerhalb der vereinbarten Toleranz."),
    ("krit", "Der Wert liegt außerhalb der Toleranz, oder es ist zu entscheiden."),
    ("neu", "Es ist kein Soll vereinbart, oder es gibt noch keinen Wert."),
)
DATA_STATE = (
    "Der Datenstand ist der Zeitpunkt, für den eine Quelle spricht, nicht der Zeitpunkt des Abrufs. "
    "Beruht eine Zahl auf mehreren Quellen, gilt der älteste.",
    "„veraltet“ heißt: Die Quelle hat länger nichts geliefert als vereinbart. "
    "Es gilt der letzte gute Stand; die Bewertung bleibt stehen und ist gekennzeichnet.",
    "Zahlen werden nach einem Lauf alle zusammen sichtbar. Eine Seite mischt nie zwei Stände.",
)
ORIGIN = (
    "„Woher kommt diese Zahl?“ zeigt in Schritten: Quelle, Prüfung, Zählen, Teilen. "
    "Jeder Schritt nennt sein Zwischenergebnis.",
    "Dazu stehen dort die Regel der Bewertung, die Definition, die Zuständigen und der Beschluss zum Soll.",
    "Mit „Link kopieren“ geben Sie genau diese Zahl weiter. Wer den Link öffnet, sieht nur, "
    "was die eigene Rolle erlaubt.",
    "„Zahlenpass öffnen“ zeigt alles, was die Zahl belegt, unter einer Adresse, die sich in einer Vorlage "
    "nennen lässt. Festgeschriebene Zahlen bleiben dort zehn Jahre nachlesbar.",
)
STICHTAG = (
    "Mit dem Menü „Stichtag“ sehen Sie Start und Cockpits für einen früheren Tag.",
    "„wie berichtet“: der Stand, der damals veröffentlicht wurde, mit den Definitionen von damals. "
    "Aufbewahrt werden die letzten Tage und ältere Monatsenden.",
    "„mit heutigem Wissen“: der heutige Stand, gefragt nach dem früheren Tag. "
    "Nachgelieferte und berichtigte Daten sind darin enthalten.",
    "Der Balken über der Überschrift sagt, was Sie sehen, und führt zum anderen.",
)
SHARED = "Filter und Auswahl stehen in der Adresse: Jede Sicht lässt sich als Link weitergeben."
KEYS = (
    ("Strg + K", "Suche öffnen"),
    ("Tab, Umschalt + Tab", "vor und zurück; die ersten Sprünge führen zu Inhalt, Navigation und Suche"),
    ("Escape", "schließt Menüs und die Herkunft einer Zahl"),
)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The first steps of one role, the viewer's own unless the address names another; then how to read."""
    own = ROLE_LABELS.get(viewer.role, viewer.role)
    wanted = params.get(ROLE, "")
    role = wanted if wanted in GUIDES else viewer.role
    pages = [page for page in allowed_pages(portal_pages(services), viewer) if page.group != PAGE.group]
    everywhere = [page.path for page in allowed_pages(portal_pages(services), viewer)]
    guide = GUIDES[role]
    first = [guide_card(guide, everywhere, own=role == viewer.role)]
    if guide.more is not None:
        first.append(chapter_card(guide.more, everywhere))
    others = card("Erste Schritte für alle Rollen", guide_links(viewer.role))
    return html.Div(
        [
            page_head(PAGE.title, bold=f"Ihre Rolle ist {own}.", rest=SHARED),
            region("Erste Schritte", grid(cell(8, *first), cell(4, others, _pages(pages)))),
            region("Erläuterungen", grid(
                cell(6, _tile(), _keys(), _model()),
                cell(6, _ratings(), _text("Datenstand", DATA_STATE), _text("Stichtag", STICHTAG),
                     _text(texts.ORIGIN_ONE, ORIGIN)),
            )),
        ],
        className="stack",
    )  # fmt: skip


def _pages(pages: list[Page]) -> Component:
    links = [html.Li(text_link(page.title, page.path)) for page in pages]
    return card("Ihre Seiten", html.Ul(links, className="plain-list"))


def _model() -> Component:
    words = "Was die Tabellen enthalten, aus denen gezählt wird; dazu Reifegradmodelle und Grundgesamtheiten."
    link = html.P(text_link("Datenmodell", "/datenmodell"))
    return card("Nachschlagen", [html.P(words, className="paragraph"), link])


def _text(title: str, paragraphs: tuple[str, ...]) -> Component:
    return card(title, [html.P(words, className="paragraph") for words in paragraphs])


def _tile() -> Component:
    items = [part for name, words in TILE for part in (html.Dt(name), html.Dd(words))]
    return card("Eine Kachel lesen", html.Dl(items, className="terms"))


def _ratings() -> Component:
    items = [part for rating, words in RATINGS for part in (html.Dt(badge(rating)), html.Dd(words))]
    return card(
        "Bewertungen",
        html.Dl(items, className="terms"),
        subtitle="Soll und Toleranz gehören zur Kennzahl und stehen in ihrem Steckbrief",
    )


def _keys() -> Component:
    items = [part for key, words in KEYS for part in (html.Dt(html.Kbd(key)), html.Dd(words))]
    return card("Tastatur", html.Dl(items, className="terms"))


def register(app: Any, services: Services) -> None:
    """The page has no callbacks."""
    del app, services
