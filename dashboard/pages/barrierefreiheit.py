"""Erklärung zur Barrierefreiheit: for whom it speaks, what holds, what does not, where to turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.accessibility import Enforcement, land_of
from dashboard.auth.rights import EVERYBODY
from dashboard.auth.viewer import Viewer
from dashboard.components.layout import Content, card, cell, grid, link_action, page_head, region, text_link
from dashboard.frame.navigation import product_version
from dashboard.page import Page

if TYPE_CHECKING:
    from dashboard.services import Services
    from dashboard.settings import Settings

PAGE = Page("barrierefreiheit", "/barrierefreiheit", "Barrierefreiheit", "Fuß", "info", EVERYBODY, 910)

STANDARD = (
    "Maßstab sind die Richtlinie (EU) 2016/2102, {law} und die Norm EN 301 549, die auf die WCAG 2.1 "
    "(Stufen A und AA) verweist. Sie gelten auch für Anwendungen, die nur in der Verwaltung genutzt werden."
)
CONFORMANCE = {
    "ganz": "Das Portal ist nach Kenntnis der Stadt mit diesen Anforderungen vereinbar.",
    "teilweise": (
        "Das Portal ist mit diesen Anforderungen teilweise vereinbar. "
        "Die folgenden Inhalte sind noch nicht barrierefrei oder noch nicht geprüft."
    ),
    "nicht": "Das Portal ist mit diesen Anforderungen noch nicht vereinbar.",
}
SELF = "Selbstbewertung, noch ohne förmliche Prüfung."
# Every sentence is proved by tests; tests/architecture/test_declaration.py names them.
TESTED = (
    "Kontraste aller Farben in hellem und dunklem Schema werden nachgerechnet, auch mit der Farbe einer "
    "Stadt: Text mindestens 4,5 : 1, Zeichen und Bedienelemente mindestens 3 : 1.",
    "Bewertungen bestehen immer aus Form, Wort und Farbe.",
    "Jedes Diagramm hat einen Namen, einen beschreibenden Satz und eine Tabelle mit denselben Werten.",
    "Jede Seite wird mit axe-core geprüft: hell und dunkel, 1440 und 390 Pixel breit. Ebenso geprüft werden "
    "Anmeldung, Fehlerseiten, geöffnete Menüs, Suche, Formulare mit Fehlern und Seiten der übrigen Rollen.",
    "Ein Arbeitsgang wird allein mit der Tastatur erledigt: anmelden, navigieren, filtern, Tabelle, Export, "
    "„Woher kommt diese Zahl?“, Anmerkung, Suche, Weg bis zum Datensatz, abmelden. Der Fokus ist bei jedem "
    "Schritt sichtbar, wird von nichts verdeckt und bleibt nirgends hängen.",
    "Bei 200 % Schrift, 320 Pixeln Breite (400 % Zoom) und größeren Abständen im Text geht nichts verloren.",
    "Mit erzwungenen Farben bleiben Umrisse und Zeichen sichtbar; mit reduzierter "
    "Bewegung bewegt sich nichts.",
    "Klickziele messen mindestens 24 Pixel oder stehen frei; wo mit dem Finger bedient wird, messen "
    "Schaltflächen und Felder mindestens 44 Pixel.",
    "Jede Seite nennt Sprache und Titel, Überschriften lassen keine Ebene aus, Tabellen haben eine "
    "Beschriftung und Köpfe für Spalten und Zeilen.",
    "Fehler in einem Formular stehen beim Feld und in einer Meldung; was eingegeben war, bleibt erhalten.",
    "Vor dem Ende einer Sitzung wird zwei Minuten vorher gewarnt; ein Tastendruck verlängert sie.",
)
LIMITS = (
    "Diese automatischen Prüfungen gehören zum Produkt (Version {version}) und laufen bei jeder Änderung. "
    "Sie ersetzen keine Prüfung durch Menschen."
)
NOT_YET = (
    "Mit Screenreadern (NVDA, JAWS) haben Menschen, die sie täglich nutzen, das Portal noch nicht geprüft.",
    "In Tabellen der PDF-Dateien sind Spaltenköpfe ausgezeichnet, Zeilenköpfe noch nicht.",
    "Ausdrucke aus dem Browser sind keine barrierefreien Dokumente (PDF/UA).",
    "Erläuterungen in Leichter Sprache und in Deutscher Gebärdensprache fehlen.",
    "Die Zeichnung eines Diagramms ist für Hilfstechnik ausgeblendet; ihre Werte stehen in der Tabelle "
    "daneben (Schaltfläche „Tabelle“, oder für alle Diagramme im Menü Ihres Namens).",
    "Ohne JavaScript zeigt das Portal keine Seiten.",
)
OPEN = "Noch nicht eingetragen; die Stadt ergänzt es in portal.toml unter [accessibility]."


def layout(services: Services, viewer: Viewer, params: Mapping[str, str]) -> Component:
    """The statement of the town that runs the portal."""
    del viewer, params
    settings = services.settings
    stated = settings.accessibility
    bold = f"Geprüft durch {stated.checked_by}." if stated.checked_by else SELF
    head = page_head(
        "Erklärung zur Barrierefreiheit",
        bold=bold,
        rest=f"Sie gilt für das {settings.product_title} der Stadt {settings.name}.",
        actions=[link_action("Barriere melden", "/barriere-melden?seite=/barrierefreiheit", primary=True)],
    )
    left = [_standard(settings), _gaps(settings), _tested()]
    right = [_creation(settings), _contact(settings), _enforcement(settings)]
    return html.Div([head, region("Erklärung", grid(cell(7, *left), cell(5, *right)))], className="stack")


def _standard(settings: Settings) -> Component:
    land = land_of(settings.ags)
    law = f"das Behindertengleichstellungsrecht des Landes {land}" if land else "das Recht des Landes"
    words = [STANDARD.format(law=f"{law}, die BITV 2.0 des Bundes"), CONFORMANCE[_conformance(settings)]]
    return card("Stand der Vereinbarkeit", _paragraphs(words))


def _conformance(settings: Settings) -> str:
    """What the product itself knows to be missing cannot be stated away."""
    stated = settings.accessibility.conformance
    return "teilweise" if stated == "ganz" else stated


def _gaps(settings: Settings) -> Component:
    own, burden = settings.accessibility.gaps, settings.accessibility.burden
    parts = [_bullets((*NOT_YET, *own))]
    if burden:
        heading = html.P("Wegen unverhältnismäßiger Belastung ausgenommen:", className="paragraph")
        parts += [heading, _bullets(burden)]
    return card("Nicht barrierefreie Inhalte", parts)


def _creation(settings: Settings) -> Component:
    stated = settings.accessibility
    how = stated.checked_by or "Selbstbewertung der Stadt und laufende automatische Prüfungen"
    made = formats.day(stated.created_on) if stated.created_on else OPEN
    terms = [("Grundlage", how), ("Erstellt am", made)]
    if stated.reviewed_on:
        terms.append(("Zuletzt überprüft am", formats.day(stated.reviewed_on)))
    return card("Erstellung dieser Erklärung", _terms(terms))


def _contact(settings: Settings) -> Component:
    stated, mail = settings.accessibility, settings.barrier_mail
    terms: list[tuple[str, Content]] = [("Öffentliche Stelle", stated.body or f"Stadt {settings.name}")]
    terms += [
        (name, value)
        for name, value in (
            ("Zuständig", stated.responsible),
            ("Anschrift", stated.address),
            ("Telefon", stated.phone),
        )
        if value
    ]
    terms.append(("E-Mail", text_link(mail, f"mailto:{mail}") if mail else OPEN))
    report = html.P(["Am schnellsten: ", text_link("Barriere melden", "/barriere-melden"), "."])
    return card("Rückmeldung und Kontakt", [_terms(terms), report])


def _enforcement(settings: Settings) -> Component:
    """Where to turn when the town does not help; without an entry that is said, not guessed."""
    land = land_of(settings.ags)
    where = f" des Landes {land}" if land else " des Landes"
    words = (
        "Haben Sie eine Barriere gemeldet und innerhalb eines Monats keine zufriedenstellende Antwort "
        f"erhalten, können Sie sich an die Durchsetzungsstelle{where} wenden. Das Verfahren ist kostenlos, "
        "ein Rechtsbeistand ist nicht nötig."
    )
    body = settings.accessibility.enforcement
    told = _terms(_body_terms(body)) if body else html.P(f"Stelle: {OPEN}", className="paragraph")
    return card("Durchsetzungsverfahren", [html.P(words, className="paragraph"), told])


def _body_terms(body: Enforcement) -> list[tuple[str, Content]]:
    terms: list[tuple[str, Content]] = [("Stelle", body.name)]
    if body.address:
        terms.append(("Anschrift", body.address))
    if body.phone:
        terms.append(("Telefon", body.phone))
    if body.mail:
        terms.append(("E-Mail", text_link(body.mail, f"mailto:{body.mail}")))
    if body.web:
        terms.append(("Internet", text_link(body.web, body.web)))
    return terms


def _terms(terms: Sequence[tuple[str, Content]]) -> Component:
    return html.Dl(
        [part for name, value in terms for part in (html.Dt(name), html.Dd(value))], className="terms"
    )


def _paragraphs(words: Sequence[str]) -> list[Component]:
    return [html.P(text, className="paragraph") for text in words]


def _bullets(points: Sequence[str]) -> Component:
    return html.Ul([html.Li(point) for point in points], className="bullet-list")


def _tested() -> Component:
    told = html.P(LIMITS.format(version=product_version()), className="paragraph")
    return card("Was laufend geprüft wird", [told, _bullets(TESTED)])


def register(app: Any, services: Services) -> None:
    """The page has no callbacks."""
    del app, services
