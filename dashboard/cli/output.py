"""Tables, JSON and German numbers on a terminal."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.contract import json_value
from dashboard.log import visible

_STATES = {
    "published": "freigegeben",
    "failed": "fehlgeschlagen",
    "interrupted": "abgebrochen",
    "running": "läuft",
}


def state_word(state: str) -> str:
    """How a run ended, in German."""
    return _STATES.get(state, state)


def print_table(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, right: Collection[int] = ()
) -> None:
    """Print columns left-aligned, those numbered in `right` right-aligned."""
    body = [[_cell(value) for value in row] for row in rows]
    raw = [list(head), *body]
    widths = [max(len(row[i]) for row in raw) for i in range(len(head))]
    for number, row in enumerate(raw):
        texts = (row[i].rjust(width) if i in right else row[i].ljust(width) for i, width in enumerate(widths))
        print("  ".join(texts).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    # A delivered value must not drive the terminal of who looks at it.
    return visible(str(value).replace("\n", " "))


def print_json(value: object) -> None:
    """Print JSON with umlauts, dates as ISO text and amounts as decimal strings."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=json_value))


def local_time(moment: datetime | None, zone: ZoneInfo) -> str:
    """Show an instant on the town hall's clock; zone name included because one hour exists twice."""
    return moment.astimezone(zone).strftime("%d.%m.%Y %H:%M %Z") if moment else "–"
