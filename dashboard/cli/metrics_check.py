"""`isek metrics --check`: every metric and list tried once, the faulty ones with place and next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dashboard.cli.errors import FINDINGS, OK
from dashboard.cli.output import print_json
from dashboard.cli.stores import open_reader
from dashboard.settings import Settings
from metrics.dryrun import Checked, check_all
from warehouse.contract import Subject
from warehouse.errors import RetriableError
from warehouse.hollow import hollow_snapshot
from warehouse.reifegrad.files import load_rulers
from warehouse.store import Snapshot
from warehouse.subjects import load_subjects


def check_metrics(settings: Settings, *, as_json: bool, hollow: bool) -> int:
    """Print one line per file; the exit code is 1 when one is faulty.

    Tried is the current snapshot; with `hollow`, or before the first run, tables without rows.
    """
    subjects = load_subjects(settings.city)
    snapshot = _hollow(settings, subjects) if hollow else _current(settings, subjects)
    found = check_all(settings.city, subjects, snapshot)
    faulty = [item for item in found if item.fault is not None]
    if as_json:
        print_json({"snapshot": snapshot.name, "faults": len(faulty), "checked": [_plain(i) for i in found]})
    else:
        _print(snapshot.name, found)
        print(f"{len(found)} geprüft, {len(faulty)} fehlerhaft")
    return FINDINGS if faulty else OK


def _current(settings: Settings, subjects: dict[str, Subject]) -> Snapshot:
    try:
        return open_reader(settings).current()
    except RetriableError as error:
        if error.code != "no_snapshot":
            raise
        return _hollow(settings, subjects)


def _hollow(settings: Settings, subjects: dict[str, Subject]) -> Snapshot:
    today = datetime.now(settings.zone).date()
    return hollow_snapshot(subjects, load_rulers(settings.city), today, temp_directory=settings.temp_dir)


def _print(name: str, found: Sequence[Checked]) -> None:
    print(f"Stand {name}\n")
    for item in found:
        if item.fault is None:
            print(f"ok      {item.kind} {item.id}: {item.rows} Zeilen")
            continue
        print(f"FEHLER  {item.kind} {item.id}: {item.fault.what}")
        for label, words in _answers(item):
            print(f"        {label}: {words}")


def _answers(item: Checked) -> list[tuple[str, str]]:
    fault = item.fault
    if fault is None:
        return []
    pairs = (
        ("wo", fault.where or item.path),
        ("gefunden", fault.found),
        ("erlaubt", fault.allowed),
        ("nächster Schritt", fault.next_step or "Die Datei berichtigen und noch einmal prüfen"),
    )
    return [(label, str(words)) for label, words in pairs if words not in (None, "")]


def _plain(item: Checked) -> dict[str, Any]:
    line: dict[str, Any] = {"id": item.id, "kind": item.kind, "ok": item.fault is None, "rows": item.rows}
    if item.fault is None:
        return line
    names = {"wo": "where", "gefunden": "found", "erlaubt": "allowed", "nächster Schritt": "next_step"}
    answers = {names[label]: words for label, words in _answers(item)}
    return line | {"code": item.fault.code, "what": item.fault.what} | answers
