"""How Excel, R, QGIS and a command line ask the interface, with the address of this portal."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.components.attributes import aria
from dashboard.components.layout import card

METRIC = "ozg_online_share"
NOTES = (
    "Benutzername ist beliebig, das Passwort ist das Token. Programme, die Kopfzeilen senden, nehmen"
    " „Authorization: Bearer …“.",
    "Anteile sind Brüche (0,393 sind 39,3 %). Leer heißt: kein Wert oder zum Schutz kleiner Zahlen nicht"
    " gezeigt.",
    "Aufgegliedert wird mit „by“, gefiltert mit „where.<Dimension>“; welche es gibt, sagt das Verzeichnis"
    " der Kennzahlen unter /api/v1/metrics.",
    "Ändern sich Ihre Rolle oder Ihre Einheiten, gilt das bei der nächsten Abfrage.",
)


def guide(base: str) -> Component:
    """One block for each program."""
    blocks = [part for title, words, code in _programs(base) for part in _block(title, words, code)]
    notes = html.Ul([html.Li(note) for note in NOTES], className="bullet-list")
    return card(
        "So fragen Programme", html.Div([*blocks, html.H3("Gut zu wissen"), notes], className="guide")
    )


def _block(title: str, words: str, code: str) -> list[Component]:
    sample = html.Pre(html.Code(code), tabIndex=0, role="group", **aria(label=f"Beispiel: {title}"))
    return [html.H3(title), html.P(words), sample]


def _programs(base: str) -> tuple[tuple[str, str, str], ...]:
    figure = f"{base}/api/v1/metrics/{METRIC}"
    return (
        (
            "Excel (Power Query)",
            "Daten › Aus dem Web, diese Adresse einsetzen. Bei der Anmeldung „Standard“ wählen: Benutzername"
            " beliebig, Kennwort ist das Token.",
            f"{figure}?by=fachdienst&format=csv-de",
        ),
        (
            "R",
            "Das Token in die Umgebungsvariable ISEK_TOKEN legen, nicht in das Skript.",
            f'library(httr2)\nantwort <- request("{figure}") |>\n'
            '  req_url_query(by = "fachdienst", format = "csv") |>\n'
            '  req_auth_bearer_token(Sys.getenv("ISEK_TOKEN")) |>\n  req_perform()\n'
            "werte <- read.csv(text = resp_body_string(antwort))",
        ),
        (
            "QGIS",
            "Layer › Vektorlayer hinzufügen › Protokoll „HTTP(S)“, Authentifizierung „Basic“: Benutzername"
            " beliebig, Passwort ist das Token. Danach über die Kennung der Einheit verbinden.",
            f"{figure}?by=fachdienst&format=.csv",
        ),
        (
            "Kommandozeile",
            "Für Skripte und zum Ausprobieren.",
            f'curl -H "Authorization: Bearer $ISEK_TOKEN" "{figure}?by=period&from=2026-01-01"',
        ),
        (
            "Beschreibung für Programme (OpenAPI)",
            "Alle Adressen, Angaben und Antworten; ohne Token lesbar.",
            f"{base}/api/v1/openapi.json",
        ),
    )
