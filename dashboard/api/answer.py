"""Answers that hold figures: JSON, CSV or Arrow, always with the state of the data they rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, request

from dashboard.api.parameter import Asked, bad
from dashboard.api.problem import refused
from dashboard.api.tabular import Tabular, arrow_stream, csv_text
from dashboard.contract import json_value

FORMAT = "format"
# QGIS (GDAL) tells what a file is by the end of its address: „…?format=.csv“ is CSV with that end.
FORMS: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    "csv-de": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
}
_BY_TYPE = {"application/json": "json", "text/csv": "csv", "application/vnd.apache.arrow.stream": "arrow"}
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class About:
    """What a figure rests on; `name` is the server's own and becomes the name of a file."""

    name: str
    snapshot: str
    business_date: date
    as_of: datetime | None
    nature: str

    def facts(self) -> dict[str, str]:
        """The same as texts, for headers and for the metadata of a file."""
        return {
            "snapshot": self.snapshot,
            "business-date": self.business_date.isoformat(),
            "as-of": self.as_of.isoformat() if self.as_of else "",
            "nature": self.nature,
        }


def wanted_form(asked: Asked) -> str:
    """The form an answer shall have: the parameter, else what Accept names. RefusedError (400, 406)."""
    if (form := asked.one(FORMAT)) is not None:
        if form not in FORMS:
            raise bad(FORMAT, "Dieses Format gibt es nicht.", form, ", ".join(FORMS))
        return form
    if not request.accept_mimetypes.provided:
        return "json"
    chosen = request.accept_mimetypes.best_match(list(_BY_TYPE))
    if chosen is None:
        raise refused(
            406, "Keines der gewünschten Formate gibt es hier.", "not_acceptable", allowed=", ".join(_BY_TYPE)
        )
    return _BY_TYPE[chosen]


def json_only(asked: Asked) -> None:
    """Refuse whoever wants another form of an answer that only comes as JSON."""
    del asked
    if request.accept_mimetypes.provided and not request.accept_mimetypes.accept_json:
        raise refused(
            406, "Diese Auskunft gibt es nur als JSON.", "not_acceptable", allowed="application/json"
        )


def refuse_too_long(rows: int) -> None:
    """Refuse an answer that no program reads at once."""
    if rows > MOST_ROWS:
        raise refused(
            422,
            "Die Antwort hat zu viele Zeilen.",
            "too_many_rows",
            found=str(rows),
            allowed=f"höchstens {MOST_ROWS}",
            next_step="Einen kürzeren Zeitraum, einen Filter oder weniger Aufgliederungen wählen",
        )


def json_answer(body: Mapping[str, Any], about: About | None = None) -> Response:
    """Return a JSON answer; dates as ISO text, amounts as decimal strings."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, default=json_value)
    return _finished(Response(text, mimetype="application/json"), about)


def table_answer(table: Tabular, form: str, about: About) -> Response:
    """Return a table as a file; what it rests on stands in the headers and, in Arrow, in the schema."""
    facts = {f"isek.{name}": text for name, text in about.facts().items()}
    content = arrow_stream(table, facts) if form == "arrow" else csv_text(table, german=form == "csv-de")
    response = Response(content, content_type=FORMS[form])
    ending = "arrow" if form == "arrow" else "csv"
    name = f"{about.business_date.isoformat()}_{about.name}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _finished(response, about)


def _finished(response: Response, about: About | None) -> Response:
    """Headers of every good answer. The ETag is of the content: it also moves with targets and late notes,
    and nobody gets 304 for a figure they may no longer see, because it is computed before."""
    for name, text in (about.facts() if about else {}).items():
        response.headers[f"Isek-{name.title()}"] = text
    response.vary.update(("Authorization", "Accept"))
    response.add_etag()
    response.make_conditional(request, accept_ranges=True, complete_length=len(response.get_data()))
    return response
