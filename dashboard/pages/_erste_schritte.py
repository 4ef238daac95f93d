"""„Erste Schritte“: what each role does first, in short sentences with links into the product."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard.components.layout import card, text_link

PATH = "/hilfe"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Guide:
    """One page of help: whom it is for, the steps, what to know besides; `more` is about one page."""

    title: str
    lead: str
    steps: tuple[str, ...]
    notes: tuple[str, ...] = ()
    more: Guide | None = None


EXPLORER = Guide(
    "Der Explorer in fünf Minuten",
    "Eigene Fragen beantworten, ohne eine Tabelle abzuschreiben.",
    (
        "Öffnen Sie den [Explorer](/explorer). Links oben wählen Sie den Datensatz: "
        "Kennzahlen eines Bestands oder eine Liste einzelner Datensätze.",
        "Klicken Sie auf ein Feld, dann auf „Als Zeile“, „Als Spalte“, „Als Filter“ oder „Als Wert“. "
        "Ziehen mit der Maus geht auch; mit der Tastatur öffnet Eingabe dasselbe Menü.",
        "Der Pfeil vor einer Zeile öffnet die nächste Ebene. Ein Klick auf eine Kopfzelle sortiert.",
        "„Zeige“ macht aus Werten Anteile, Differenzen oder einen Index, „Vergleich“ sagt, wogegen.",
        "Ein Klick auf eine Zahl zeigt darunter die Datensätze dahinter und „Woher kommt diese Zahl?“.",
        "„Meine Ansichten“ hebt die Auswertung auf, „Exportieren“ gibt sie als Excel, CSV, Parquet "
        "oder PDF aus. Um sie weiterzugeben, genügt die Adresse der Seite.",
    ),
    (
        "Summen und Quoten rechnet das Portal selbst; ein Strich mit Nummer sagt unter der Tabelle, "
        "warum es dort keine Zahl gibt.",
        "In der Tabelle bewegen Pfeiltasten die Auswahl; mit Umschalt wählen Sie mehrere Zellen und "
        "lesen ihre Summe unter der Tabelle.",
        "Dauert eine Frage länger als eine Sekunde, können Sie sie abbrechen; nach fünf Sekunden "
        "endet sie von selbst.",
    ),
)

GUIDES: Mapping[str, Guide] = {
    "leitung": Guide(
        "Leitung",
        "In 30 Sekunden wissen, wo die Stadt steht und was zu entscheiden ist.",
        (
            "Öffnen Sie [Start](/). Der Satz unter der Überschrift sagt, "
            "wie viele Leitkennzahlen im Plan sind.",
            "Beginnen Sie mit den Kacheln, die „handeln“ oder „beobachten“ tragen. "
            "Der Name einer Kachel führt in ihr Cockpit.",
            "Unter „Was braucht eine Entscheidung?“ stehen Vorschläge der zuständigen Stellen, mit Frist.",
            "Im Cockpit genügen zuerst die fetten Zeilen: Die Überschrift eines Diagramms ist seine Aussage.",
            "Zweifeln Sie an einer Zahl, öffnen Sie „Woher kommt diese Zahl?“. "
            "Dort stehen Quelle, Rechenweg und Zuständige.",
        ),
        (
            "Was wurde damals berichtet? Unter „Stichtag“ wählen Sie einen früheren Tag: "
            "wie berichtet oder mit heutigem Wissen. Der Balken über der Überschrift sagt, was Sie sehen.",
            "Für eine Sitzung: Seite filtern, dann „Drucken / PDF“.",
            "Die Adresse jeder Seite können Sie weitergeben. Wer sie öffnet, sieht, was die eigene Rolle "
            "erlaubt.",
        ),
    ),
    "fachbereichsleitung": Guide(
        "Fachbereichsleitung",
        "Den eigenen Bereich sehen, Rückstände erkennen, Lücken schließen.",
        (
            "Öffnen Sie [Start](/). Sie sehen die Zahlen Ihrer Organisationseinheiten. "
            "Zahlen, die es nur für die ganze Stadt gibt, bleiben stadtweit.",
            "Öffnen Sie [Reifegrad](/reifegrad). „Kurz vor Reifegrad 3“ nennt Leistungen, denen wenig fehlt.",
            "Öffnen Sie [OZG-Fortschritt](/ozg-fortschritt) und wählen Sie Ihre Einheit: "
            "Dort steht, welcher Schritt die Projekte aufhält.",
            "Ein Strich „–“ heißt: Es gibt keinen Wert. Null heißt wirklich null.",
            "Ist eine Zahl veraltet, nennt [Datenquellen & Läufe](/datenquellen) Grund und Zuständige.",
        ),
        (
            "Kleine Zahlen werden zum Schutz von Personen nicht ausgewiesen; das steht dann dabei.",
            "Im Menü Ihres Namens stellen Sie ein, dass Diagramme immer als Tabelle erscheinen.",
        ),
    ),
    "controlling": Guide(
        "Controlling",
        "Prüfen, ob die Zahlen tragen, und sie belegen können.",
        (
            "Öffnen Sie morgens [Datenquellen & Läufe](/datenquellen): Ist der Lauf freigegeben, "
            "welche Quelle braucht Aufmerksamkeit?",
            "Ein Klick auf eine Quelle zeigt Lieferungen und abgelehnte Datensätze mit Zeile, Spalte "
            "und Grund.",
            "[Kennzahlen](/kennzahlen) zeigt zu jeder Zahl Zähler, Nenner, Zielpfad, Quellen "
            "und die Abfrage selbst.",
            "Nach einer Korrektur in der Quelle: „Lauf jetzt starten“. "
            "Bis zur Freigabe gilt der bisherige Stand.",
            "[Vorlagen & Aussagen](/vorlagen) vergleicht, was Vorlagen sagen, mit den Daten.",
        ),
        (
            "„Zahlenpass öffnen“ in der Herkunft einer Zahl gibt ihr eine Adresse, "
            "die sich in einer Vorlage nennen lässt.",
            "Unter „Stichtag“ vergleichen Sie, was berichtet wurde, mit dem, was heute bekannt ist.",
            "[Modelle](/modelle) rechnet mit Annahmen, die Sie ändern können. Gespeichert wird davon nichts.",
        ),
        more=EXPLORER,
    ),
    "verwaltung": Guide(
        "Verwaltung (IT)",
        "Quellen und Läufe betreuen. Werte der Kennzahlen sehen Sie nicht: Verwaltung ist kein Datenzugriff.",
        (
            "Öffnen Sie [Datenquellen & Läufe](/datenquellen). Die Hinweise nennen Grund, Zuständige "
            "und was ersatzweise gilt.",
            "Eine neue Quelle beginnt auf der Kommandozeile: „isek source new“ schreibt die Datei, "
            "„isek check“ prüft sie, ohne etwas zu verändern.",
            "Nachts läuft der Zeitplan von selbst. Von Hand: „Lauf jetzt starten“ oder „isek refresh“.",
            "Zurückgehaltene Lieferungen stehen bei ihrer Quelle; „isek source release“ lässt sie durch.",
            "Zugänge legen Sie mit „isek user add“ an; „isek user link“ gibt einen Einmal-Link aus.",
        ),
        (
            "[Kennzahlen](/kennzahlen) zeigt, welche Kennzahl auf welcher Quelle beruht.",
            "[Datenmodell](/datenmodell) beschreibt jede Tabelle, in die geliefert wird.",
            "Nennt jemand eine Vorgangsnummer, suchen Sie sie im Protokoll des Webservers.",
        ),
    ),
    "datenerfassung": Guide(
        "Datenerfassung und Quellenverantwortliche",
        "So liefern, dass die Zahlen am nächsten Morgen stimmen.",
        (
            "Sehen Sie unter [Datenquellen & Läufe](/datenquellen) nach Ihrer Quelle: "
            "Dort steht, wann zuletzt geliefert wurde und wann sie als veraltet gilt.",
            "Liefern Sie Dateien in der vereinbarten Form in den vereinbarten Ordner. "
            "Der nächste Lauf liest sie; die alte Datei muss niemand löschen.",
            "Sehen Sie am Morgen die Einzelheiten Ihrer Quelle an: gelesen, übernommen, abgelehnt, doppelt.",
            "Abgelehnte Datensätze stehen mit Grund dabei; Zeile und Wert sehen Controlling und Verwaltung. "
            "Berichtigen Sie in Ihrem Verfahren und liefern Sie erneut.",
            "Ein Wert, den Sie nicht kennen, bleibt leer. Eine Null wird als Null gezählt.",
        ),
        (
            "Weicht eine Lieferung stark ab, wird sie zurückgehalten, bis jemand sie freigibt. "
            "So lange gilt die vorige.",
            "[Datenmodell](/datenmodell) sagt zu jeder Spalte, was hineingehört.",
            "Werte im Browser erfassen kann man in diesem Portal noch nicht.",
        ),
    ),
}


def guide_card(guide: Guide, allowed: Iterable[str], *, own: bool) -> Component:
    """Steps and notes of one role; `allowed` are the paths that become links."""
    return _card(f"Erste Schritte: {guide.title}", guide, allowed, "Ihre Rolle" if own else "")


def chapter_card(chapter: Guide, allowed: Iterable[str]) -> Component:
    """What one page is good for, in the same form."""
    return _card(chapter.title, chapter, allowed, "")


def _card(title: str, told: Guide, allowed: Iterable[str], subtitle: str) -> Component:
    open_ = frozenset(allowed)
    steps = html.Ol([html.Li(_words(step, open_)) for step in told.steps], className="steps-list")
    notes = html.Ul([html.Li(_words(note, open_)) for note in told.notes], className="bullet-list")
    rest = (
        [html.P(html.Strong("Gut zu wissen"), className="paragraph guide-notes"), notes] if told.notes else []
    )
    return card(title, [html.P(told.lead, className="paragraph"), steps, *rest], subtitle=subtitle)


def _words(text: str, allowed: frozenset[str]) -> list[Component | str]:
    """A sentence with its links; a page the reader may not open is named without one."""
    parts: list[Component | str] = []
    end = 0
    for match in _LINK.finditer(text):
        label, path = match.groups()
        parts += [text[end : match.start()], text_link(label, path) if path in allowed else label]
        end = match.end()
    return [part for part in (*parts, text[end:]) if part != ""]


def guide_links(own: str) -> Component:
    """Links to the pages of all roles, the own one first."""
    order = sorted(GUIDES, key=lambda role: role != own)
    return html.Ul(
        [html.Li(text_link(f"Erste Schritte: {GUIDES[role].title}", f"{PATH}/{role}")) for role in order],
        className="plain-list",
    )
