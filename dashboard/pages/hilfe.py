"""Hilfe: first steps for each role, how to read a tile, what ratings and Datenstand mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import ROLE_LABELS, ROLES, Viewer
from dashboard.components.icon import badge
from dashboard.components.layout import card, cell, grid, page_head, region, text_link
from dashboard.page import Page, allowed_pages
from dashboard.town_pages import portal_pages
from metrics.result import Rating

if TYPE_CHECKING:
    from dashboard.services import Services

PAGE = Page("hilfe", "/hilfe", "Hilfe", "Fuß", "help", EVERYBODY, 900)

FIRST_STEPS: Mapping[str, tuple[str, ...]] = {
    "leitung": (
        "Öffnen Sie „Start“. Der Satz unter der Überschrift sagt, wie viele Leitkennzahlen im Plan sind.",
        "Beginnen Sie mit den Kacheln, die „handeln“ oder „beobachten“ tragen. "
        "Ein Klick auf die Kachel führt in das Cockpit.",
        "Lesen Sie dort zuerst die fetten Zeilen: Jede Überschrift eines Diagramms ist eine Aussage.",
        "Für eine Sitzung: Seite filtern, dann „Drucken / PDF“. Die Adresse der Seite stellt die Sicht "
        "wieder her.",
    ),
    "fachbereichsleitung": (
        "Sie sehen die Zahlen Ihrer Organisationseinheiten. Zahlen, die es nur für die ganze Stadt gibt, "
        "bleiben stadtweit.",
        "Öffnen Sie „Reifegrad“ und „OZG-Fortschritt“: Dort steht, wo Ihr Bereich hinter dem Soll liegt.",
        "Fehlt ein Wert („–“), hat Ihr Bereich dazu keine Daten geliefert. Null heißt wirklich null.",
        "Unter „Datenquellen & Läufe“ steht, wer eine veraltete Quelle klärt.",
    ),
    "controlling": (
        "Öffnen Sie morgens „Datenquellen & Läufe“: Ist der Lauf freigegeben, welche Quelle braucht "
        "Aufmerksamkeit?",
        "Abgelehnte Datensätze stehen mit Zeile, Spalte und Grund in den Einzelheiten der Quelle.",
        "„Kennzahlen“ zeigt zu jeder Zahl Zähler, Nenner, Zielpfad, Quellen und die Abfrage selbst.",
        "Nach einer Korrektur in der Quelle: „Lauf jetzt starten“. "
        "Bis zur Freigabe gilt der bisherige Stand.",
    ),
    "verwaltung": (
        "Sie betreuen Quellen und Definitionen. Werte der Kennzahlen sehen Sie nicht: "
        "Verwaltung ist kein Datenzugriff.",
        "Öffnen Sie „Datenquellen & Läufe“. Die Hinweise nennen Grund, Zuständige und was ersatzweise gilt.",
        "Ein Klick auf eine Quelle zeigt Lieferungen, Rechnung und abgelehnte Datensätze.",
        "„Kennzahlen“ zeigt, welche Kennzahl auf welcher Quelle beruht.",
    ),
}
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
SHARED = "Filter und Auswahl stehen in der Adresse: Jede Sicht lässt sich als Link weitergeben."
KEYS = (
    ("Strg + K", "Suche öffnen"),
    ("Tab, Umschalt + Tab", "vor und zurück; die ersten Sprünge führen zu Inhalt, Navigation und Suche"),
    ("Escape", "schließt Menüs und die Herkunft einer Zahl"),
)


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The page; the viewer's own role comes first."""
    del params
    own = ROLE_LABELS.get(viewer.role, viewer.role)
    pages = [page for page in allowed_pages(portal_pages(services), viewer) if page.group != PAGE.group]
    return html.Div(
        [
            page_head(PAGE.title, bold=f"Ihre Rolle ist {own}.", rest=SHARED),
            region("Erläuterungen", grid(
                cell(6, *_first_steps(viewer), _pages(pages), _model()),
                cell(6, _tile(), _ratings(), _text("Datenstand", DATA_STATE), _text(texts.ORIGIN_ONE, ORIGIN),
                     _keys()),
            )),
        ],
        className="stack",
    )  # fmt: skip


def _first_steps(viewer: Viewer) -> list[Component]:
    order = sorted(ROLES, key=lambda role: role != viewer.role)
    return [_role(role, own=role == viewer.role) for role in order]


def _role(role: str, *, own: bool) -> Component:
    steps = html.Ol([html.Li(step) for step in FIRST_STEPS[role]], className="steps-list")
    return card(f"Erste Schritte: {ROLE_LABELS[role]}", steps, subtitle="Ihre Rolle" if own else "")


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
