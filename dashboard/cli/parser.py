"""The command line of `isek`, declared in one place; handlers are named, not imported."""

from __future__ import annotations

import argparse
from datetime import date

DAY = "JJJJ-MM-TT"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; every command sets `handler` to „module:function“."""
    parser = argparse.ArgumentParser(
        prog="isek",
        description="Offenes Steuerungsportal für Stadtverwaltungen.",
        epilog="Rückgabewerte: 0 in Ordnung, 1 Befunde, 2 Aufruf oder Einstellung, 3 Lauf fehlgeschlagen.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="BEFEHL")
    for declare in (_city, _sources, _runs, _state, _figures, _pins, _meaning, _users):
        declare(commands, _common())
    return parser


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--city", metavar="DIR", help="Stadtordner (sonst ISEK_CITY, sonst der aktuelle Ordner)"
    )
    return common


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    handler: str,
    text: str,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text, parents=list(parents))
    command.set_defaults(handler=f"dashboard.cli.{handler}")
    return command


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="maschinenlesbar ausgeben")


def _city(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    init = _add(commands, "init", "city:run_init", "legt eine leere, kommentierte Stadt an")
    init.add_argument("folder", metavar="DIR", help="neuer Ordner")
    demo = _add(commands, "demo", "demo:run_demo", "Beispielstadt: schreiben, laden, anzeigen")
    demo.add_argument("folder", metavar="DIR", nargs="?", default="musterstadt", help="Ordner (musterstadt)")
    demo.add_argument("--no-serve", action="store_true", help="nur schreiben und laden")
    demo.add_argument("--port", type=port_number, default=None, help="Port des Webservers (8050)")
    demo.add_argument("--date", type=day, metavar=DAY, default=None, help="Stand der Beispieldaten (heute)")
    check = _add(commands, "check", "city:run_check", "prüft Einstellungen, Quellen und Kennzahlen", common)
    check.add_argument("--source", metavar="ID", help="nur diese Quelle")
    _json(check)


def _sources(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    source = commands.add_parser("source", help="eine Quelle anlegen und pflegen")
    actions = source.add_subparsers(dest="action", required=True, metavar="AKTION")
    new = _add(actions, "new", "source:run_new", "legt sources/ID.toml nach einem Rezept an", common)
    new.add_argument("id", metavar="ID", help="Kennung der Quelle, zugleich der Dateiname")
    new.add_argument("--recipe", metavar="NAME", required=True, help="siehe isek source recipes")
    suggest = _add(
        actions, "suggest", "source:run_suggest", "errät einmal, wie eine Datei geschrieben ist", common
    )
    suggest.add_argument("file", metavar="DATEI", help="CSV, Arbeitsmappe, JSON, Parquet, feste Breiten")
    suggest.add_argument("--feeds", metavar="GEGENSTAND", help="was sie liefert (sonst vermutet)")
    _json(_add(actions, "recipes", "source:run_recipes", "bekannte Systeme, eine Zeile je Rezept"))
    release = _add(
        actions, "release", "held:run_release", "lässt eine zurückgehaltene Lieferung durch", common
    )
    release.add_argument("id", metavar="ID", help="Kennung der Quelle")
    release.add_argument(
        "--reason", metavar="TEXT", help="warum die Lieferung richtig ist (für den Nachweis)"
    )
    retry = _add(actions, "retry", "held:run_retry", "liest abgelehnte Zeilen noch einmal", common)
    retry.add_argument("id", metavar="ID", help="Kennung der Quelle")


def _runs(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    refresh = _add(
        commands, "refresh", "runs:run_refresh", "ein Lauf: lesen, prüfen, veröffentlichen", common
    )
    refresh.add_argument("--only", metavar="ID", nargs="+", default=None, help="nur diese Quellen lesen")
    refresh.add_argument(
        "--backfill", type=day, metavar=("VON", "BIS"), nargs=2, help="Vergangenes Monat für Monat nachladen"
    )
    refresh.add_argument("--date", type=day, metavar=DAY, default=None, help="Geschäftstag (heute)")
    refresh.add_argument(
        "--from-landing",
        action="store_true",
        help="den Geschäftstag aus der Ablage wiederholen, ohne zu lesen",
    )
    refresh.add_argument(
        "--trigger", default="hand", choices=("hand", "night", "demo"), help=argparse.SUPPRESS
    )
    _json(refresh)
    rebuild = _add(
        commands,
        "rebuild",
        "rebuild:run_rebuild",
        "baut den Bestand aus der Ablage neu und vergleicht",
        common,
    )
    rebuild.add_argument("--to", metavar="STAND", help="welcher Stand (sonst der aktuelle)")
    rebuild.add_argument("--publish", action="store_true", help="als neuen Stand veröffentlichen")
    _json(rebuild)
    schedule = _add(commands, "schedule", "runs:run_schedule", "die Nacht: ein Lauf je Geschäftstag", common)
    schedule.add_argument("--once", action="store_true", help="fälligen Lauf nachholen und enden")
    schedule.add_argument("--alarm", action="store_true", help=argparse.SUPPRESS)
    exports = _add(commands, "exports", "runs:run_exports", "schreibt bestellte große Exporte", common)
    exports.add_argument("--once", action="store_true", help="was wartet, schreiben und enden")
    serve = _add(commands, "serve", "runs:run_serve", "Webserver und Nachtlauf auf einem Rechner", common)
    serve.add_argument("--port", type=port_number, default=None, help="Port (aus portal.toml)")
    serve.add_argument("--workers", type=int, default=None, help="Zahl der Webprozesse (aus portal.toml)")
    serve.add_argument("--no-schedule", action="store_true", help="ohne Nachtlauf")


def _state(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    _json(_add(commands, "status", "state:run_status", "Stand, Quellen, letzte Läufe", common))
    snapshots = _add(commands, "snapshots", "state:run_snapshots", "veröffentlichte Stände", common)
    snapshots.add_argument("--verify", action="store_true", help="alle vollständig auf Schäden prüfen")
    snapshots.add_argument("--pin", metavar="NAME", help="diesen Stand auf Dauer behalten")
    snapshots.add_argument("--unpin", metavar="NAME", help="das Behalten aufheben")
    _json(snapshots)
    back = _add(commands, "rollback", "state:run_rollback", "auf einen früheren Stand zeigen", common)
    back.add_argument("name", metavar="NAME", nargs="?", default=None, help="Stand (sonst der vorige)")
    sources = _add(commands, "sources", "state:run_sources", "erklärte Quellen", common)
    sources.add_argument("--subjects", action="store_true", help="was Quellen liefern können, je Spalte")
    _json(sources)
    changes = _add(
        commands, "changes", "changes:run_changes", "was sich an abgeschlossenen Monaten änderte", common
    )
    changes.add_argument("source", metavar="QUELLE", nargs="?", default=None, help="nur diese Quelle")
    changes.add_argument("--limit", type=int, default=200, help="höchstens so viele Zeilen (200)")
    _json(changes)
    rejected = _add(commands, "rejected", "state:run_rejected", "zurückgewiesene Zeilen", common)
    rejected.add_argument("source", metavar="QUELLE", nargs="?", default=None, help="nur diese Quelle")
    rejected.add_argument("--limit", type=int, default=200, help="höchstens so viele Zeilen (200)")
    _json(rejected)


def _figures(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    query = _add(commands, "query", "figures:run_query", "eine Kennzahl abfragen", common)
    _question(query)
    query.add_argument(
        "--org-as-of", type=day, metavar=DAY, help="Einheiten nach der Gliederung dieses Tages (sonst heute)"
    )
    query.add_argument("--format", choices=("table", "csv", "json"), default="table")
    query.add_argument(
        "--passport",
        action="store_true",
        help="mit allem, was die Zahl belegt: Rechnung, Lieferungen, Verlauf",
    )
    _json(query)
    metrics = _add(commands, "metrics", "figures:run_metrics", "Katalog der Kennzahlen", common)
    metrics.add_argument("--check", action="store_true", help="alle am aktuellen Stand rechnen")
    metrics.add_argument("--empty", action="store_true", help="mit --check: an Tabellen ohne Zeilen")
    metrics.add_argument(
        "--audit", action="store_true", help="geschützte Tabellen angreifen: was ließe sich errechnen?"
    )
    _json(metrics)
    text = "Reifegradmodelle zeigen oder eine Stufe in einem anderen Modell lesen"
    reifegrad = _add(commands, "reifegrad", "reifegrad:run_reifegrad", text, common)
    reifegrad.add_argument("question", metavar="VON NACH STUFE [BIS]", nargs="*", help="ozg_1_1 ozg_2_0 2 3")
    _json(reifegrad)


def _question(query: argparse.ArgumentParser) -> None:
    query.add_argument("metric", metavar="KENNZAHL")
    query.add_argument(
        "--by", nargs="+", default=[], metavar="DIM", action="extend", help="Aufgliederung, auch „period“"
    )
    query.add_argument("--from", dest="since", type=day, metavar=DAY, help="Beginn des Zeitraums")
    query.add_argument(
        "--to", dest="until", type=day, metavar=DAY, help="Ende des Zeitraums (Vorgabe: Geschäftstag)"
    )
    query.add_argument("--at", type=day, metavar=DAY, help="Stichtag (Vorgabe: Geschäftstag)")
    query.add_argument("--where", nargs="+", default=[], metavar="DIM=WERT", action="extend")
    query.add_argument("--as", dest="viewer", metavar="ROLLE|ANMELDENAME", help="mit den Rechten von")
    query.add_argument("--snapshot", metavar="STAND", help="wie in diesem Stand berichtet (isek snapshots)")


def _pins(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    figures = commands.add_parser("figures", help="Zahlen zehn Jahre festschreiben, samt Zahlenpass")
    actions = figures.add_subparsers(dest="action", required=True, metavar="AKTION")
    pin = _add(actions, "pin", "pins:run_pin", "schreibt eine Zahl mit ihrem Zahlenpass fest", common)
    _question(pin)
    pin.add_argument(
        "--reason", metavar="TEXT", required=True, help="wofür, zum Beispiel „Vorlage 0123/2026“"
    )
    _json(pin)
    _json(_add(actions, "list", "pins:run_list", "festgeschriebene Zahlen", common))
    show = _add(actions, "show", "pins:run_show", "eine festgeschriebene Zahl mit ihrem Zahlenpass", common)
    show.add_argument("number", metavar="NR", type=int)
    _json(show)


def _meaning(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    model = _add(
        commands, "model", "models:run_model", "Modelle rechnen: Personal, Kosten, Fortschritt", common
    )
    model.add_argument("model", metavar="MODELL", nargs="?", default=None, help="sonst eine Liste")
    model.add_argument("--scenario", metavar="RECHNUNG", help="nur diese Rechnung des Modells")
    model.add_argument(
        "--set", nargs="+", default=[], metavar="NAME=WERT", action="extend", help="mit anderen Werten fragen"
    )
    model.add_argument("--today", type=day, metavar=DAY, help="Tag der Frage (Vorgabe: Geschäftstag)")
    _json(model)
    claims = _add(
        commands,
        "claims",
        "claims:run_claims",
        "Aussagen der Vorlagen prüfen: Summen, Basen, Fristen",
        common,
    )
    claims.add_argument("claim", metavar="AUSSAGE", nargs="?", default=None, help="nur diese, mit Befunden")
    claims.add_argument("--all", action="store_true", help="auch, was stimmt")
    claims.add_argument("--strict", action="store_true", help="Rückgabewert 1, wenn es Widersprüche gibt")
    _json(claims)


def _users(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    user = commands.add_parser("user", help="Konten; es gibt keine Einrichtungsseite")
    actions = user.add_subparsers(dest="action", required=True, metavar="AKTION")
    add = _add(actions, "add", "user:run_add", "legt ein Konto an", common)
    add.add_argument("login", metavar="ANMELDENAME")
    add.add_argument("--name", required=True, help="Anzeigename")
    add.add_argument("--function", default="", help="Funktion, zum Beispiel „Fachdienstleitung 63“")
    add.add_argument("--role", required=True, help="leitung, fachbereichsleitung, controlling, verwaltung")
    add.add_argument("--unit", action="append", default=[], help="Organisationseinheit (mehrfach möglich)")
    add.add_argument("--password-stdin", action="store_true", help="Passwort von der Standardeingabe lesen")
    _json(_add(actions, "list", "user:run_list", "zeigt die Konten", common))
    for name, text in (("disable", "sperrt ein Konto"), ("link", "stellt einen Einmal-Link aus")):
        command = _add(actions, name, f"user:run_{name}", text, common)
        command.add_argument("login", metavar="ANMELDENAME")


def day(text: str) -> date:
    """Read a date argument; argparse turns the ValueError into a usage message."""
    return date.fromisoformat(text)


def port_number(text: str) -> int:
    """Read a port argument."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("Port zwischen 1 und 65535")
    return number
