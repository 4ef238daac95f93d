"""Exports of the explorer: what is short is answered at once, what is long is offered as an order."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, make_response

from dashboard import formats
from dashboard.auth.forms import Forms
from dashboard.auth.guard import form_token
from dashboard.auth.viewer import Viewer
from dashboard.explorer.parameter import EXPLORER
from dashboard.explorer.state import params_of
from dashboard.export.dialect import DIALECTS, csv_text
from dashboard.export.explorer_answer import Analysis
from dashboard.export.explorer_asked import PAGE, Asked, analysis, listing, read_asked
from dashboard.export.explorer_book import pivot_book
from dashboard.export.explorer_long import long_columns, long_rows
from dashboard.export.explorer_paper import pivot_paper
from dashboard.export.explorer_parquet import pivot_parquet
from dashboard.export.facts import Facts
from dashboard.export.limit import MOST_ROWS
from dashboard.export.list_answer import Listing
from dashboard.export.list_file import write_list
from dashboard.export.list_paper import list_paper
from dashboard.export.typeset import pdf_bytes
from dashboard.export.view import slug
from warehouse.errors import AccessError, ConfigError, RetriableError

if TYPE_CHECKING:
    from dashboard.services import Services

AT_ONCE_ROWS, PAPER_ROWS = 5_000, 2_000
ORDERS = "/ausfuhr/auftraege"
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "csv-int": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
}
FORM_WORDS = {
    "xlsx": "Excel",
    "csv": "CSV (deutsch)",
    "csv-int": "CSV (international)",
    "parquet": "Parquet",
    "pdf": "PDF",
}
NO_FORM = "Dieses Format gibt es nicht. Möglich sind xlsx, csv, csv-int, parquet und pdf."
NO_RIGHT = "Für diese Daten fehlt Ihnen die Berechtigung."
TOO_MANY = (
    f"Das sind mehr als {formats.number(MOST_ROWS)} Zeilen. So viele gehen nicht in eine Datei; "
    "bitte setzen Sie einen Filter."
)


def is_explorer(place: str, params: Mapping[str, str]) -> bool:
    """Whether an address asks for the explorer's own files; its charts are cards like all others."""
    return f"/{place.rstrip('/')}" == EXPLORER and "karte" not in params


class NotMadeError(Exception):
    """An export that is not made: status and German sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file."""

    body: bytes
    name: str
    facts: Facts
    rows: int


def answer(
    services: Services, forms: Forms, viewer: Viewer, params: Mapping[str, str], form: str
) -> Response:
    """Return the file of a view, or a page that offers to write it in the background; leaves its line.

    Raises NotMadeError.
    """
    asked = read(services, viewer, params, form)
    try:
        found = listing(services, viewer, asked) if asked.is_list else analysis(services, viewer, asked)
        if isinstance(found, Listing) and found.source.total > AT_ONCE_ROWS:
            return _offer(forms, found, asked, params, form)
        made = _made(found, form)
    except (ConfigError, AccessError, RetriableError) as error:
        raise not_made(error) from None
    _note(services, viewer, params, form, made)
    response = make_response(made.body)
    response.headers["Content-Type"] = TYPES[form]
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def read(services: Services, viewer: Viewer, params: Mapping[str, str], form: str) -> Asked:
    """Read an address. Raises NotMadeError."""
    if form not in TYPES:
        raise NotMadeError(400, NO_FORM)
    try:
        return read_asked(services, viewer, params)
    except (ConfigError, AccessError, RetriableError) as error:
        raise not_made(error) from None


def not_made(error: ConfigError | AccessError | RetriableError) -> NotMadeError:
    """What to say when the door refuses: wrong question, no right, or not now."""
    if isinstance(error, AccessError):
        hidden = error.code == "no_data_access"
        return NotMadeError(403, NO_RIGHT if hidden else f"{error.what.rstrip('.')}.")
    status = 400 if isinstance(error, ConfigError) else 503
    return NotMadeError(status, f"{error.what.rstrip('.')}. {error.next_step or ''}".strip())


def _made(found: Analysis | Listing, form: str) -> Made:
    if isinstance(found, Listing):
        return Made(_list_bytes(found, form), file_name(found.facts, found.title, form), found.facts,
                    found.source.total)  # fmt: skip
    makers: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: pivot_book(found),
        "csv": lambda: _csv(found, form),
        "csv-int": lambda: _csv(found, form),
        "parquet": lambda: pivot_parquet(found),
        "pdf": lambda: pdf_bytes(pivot_paper(found)),
    }
    rows = len(found.pivot.rows)
    return Made(makers[form](), file_name(found.facts, found.words.title, form), found.facts, rows)


def _csv(found: Analysis, form: str) -> bytes:
    return csv_text(DIALECTS[form], [column.name for column in long_columns(found)], long_rows(found))


def _list_bytes(found: Listing, form: str) -> bytes:
    if form == "pdf":
        if found.source.total > PAPER_ROWS:
            most = formats.number(PAPER_ROWS)
            sentence = f"Als PDF gibt es höchstens {most} Zeilen. Bitte nehmen Sie Excel oder CSV."
            raise NotMadeError(413, sentence)
        return pdf_bytes(list_paper(found))
    with tempfile.TemporaryDirectory(prefix=f"isek-{os.getpid()}-") as folder:
        target = Path(folder) / "datei"
        write_list(form, target, found, lambda rows: None)
        return target.read_bytes()


def _offer(forms: Forms, found: Listing, asked: Asked, params: Mapping[str, str], form: str) -> Response:
    """A page with one button: an address alone starts nothing that lasts."""
    total = found.source.total
    if total > MOST_ROWS:
        raise NotMadeError(413, TOO_MANY)
    if form == "pdf":
        _list_bytes(found, form)
    told = (
        f"{found.title}: {formats.number(total)} Zeilen als {FORM_WORDS[form]}. "
        "Eine so große Datei entsteht im Hintergrund; Sie können weiterarbeiten."
    )
    body = f"""<p>{escape(told)}</p>
<form method="post" action="{ORDERS}">
<input type="hidden" name="csrf" value="{escape(form_token())}">
<input type="hidden" name="ansicht" value="{escape(urlencode(params))}">
<input type="hidden" name="als" value="{escape(form)}">
<p><button type="submit" autofocus>Im Hintergrund erstellen</button></p>
</form>
<p><a href="{escape(f"{EXPLORER}?{urlencode(params_of(asked.state))}")}">Zurück zur Auswertung</a></p>"""
    return make_response(forms.page("Großer Export", body))


def file_name(about: Facts, title: str, form: str) -> str:
    """Return „2026-06-09_explorer_online-quote-nach-themenfeld.xlsx“, letters and digits only."""
    day = about.day or about.made_at.astimezone(about.zone).date()
    name = slug(title)
    ending = {"csv-int": "csv"}.get(form, form)
    return f"{day.isoformat()}_explorer_{name}{'_international' if form == 'csv-int' else ''}.{ending}"


def _note(services: Services, viewer: Viewer, params: Mapping[str, str], form: str, made: Made) -> None:
    told = {
        "page": PAGE.id, "path": PAGE.path, "card": "", "format": form, "filters": dict(params),
        "snapshot": made.facts.snapshot, "role": viewer.role, "bytes": len(made.body), "rows": made.rows,
    }  # fmt: skip
    services.ledger.record(viewer.login or viewer.account_id, "export.made", told)
