"""The OpenAPI document of `/api/v1`: says how to ask, names nothing of the town, so it needs no token."""

from __future__ import annotations

from typing import Any

from dashboard.api.answer import FORMS
from dashboard.api.parameter import LONGEST_VALUE, MOST_VALUES, NAME
from dashboard.api.problem import MIMETYPE, TITLES
from dashboard.api.record import DEFAULT_LIMIT
from metrics.records import FARTHEST, MAXIMUM

Json = dict[str, Any]
CSV, ARROW = "text/csv", "application/vnd.apache.arrow.stream"
STATE = ("snapshot", "business_date", "as_of", "nature")
TEXT: Json = {"type": "string"}
TEXT_OR_NONE: Json = {"type": ["string", "null"]}
COUNT: Json = {"type": "integer"}
COUNT_OR_NONE: Json = {"type": ["integer", "null"]}
FIGURE: Json = {
    "type": ["number", "string", "null"],
    "description": "Anteile als Bruch (0.393), Beträge als Dezimaltext; null heißt: kein Wert.",
}
DAY: Json = {"type": "string", "format": "date"}
MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
STATE_FIELDS: Json = {
    "snapshot": {**TEXT, "description": "Veröffentlichter Stand, auf dem die Antwort beruht."},
    "business_date": {**DAY, "description": "Geschäftstag der Daten."},
    "as_of": {**MOMENT, "description": "Datenstand der ältesten beteiligten Quelle."},
    "nature": {"enum": ["echt", "beispiel", "gemischt"], "description": "Ob Beispieldaten beteiligt sind."},
}


def document() -> Json:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zahlen des Steuerungsportals",
            "version": "1",
            "description": "Dieselben Zahlen wie in den Cockpits, mit den Rechten der Person, der das Token"
            " gehört. Nur lesend. Percentages are fractions, amounts decimal strings, dates ISO 8601.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"password": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "isek_…"},
                "password": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "Für Programme ohne Bearer: Benutzername beliebig, Passwort = Token.",
                },
            },
            "schemas": _schemas(),
            "headers": _headers(),
        },
    }


def _paths() -> Json:
    return {
        "/api/v1/openapi.json": {"get": _open_operation()},
        "/api/v1/metrics": {"get": _operation("metrics", "Alle Kennzahlen mit Definition", [], "MetricList")},
        "/api/v1/metrics/{metric}": {
            "get": _operation(
                "metric",
                "Werte einer Kennzahl",
                [_id("metric"), *_metric_parameters()],
                "Figures",
                table=True,
            )
        },
        "/api/v1/lists": {"get": _operation("lists", "Alle Listen mit ihren Spalten", [], "ListList")},
        "/api/v1/lists/{list}": {
            "get": _operation(
                "list", "Datensätze einer Liste", [_id("list"), *_list_parameters()], "Records", table=True
            )
        },
        "/api/v1/explore": {
            "get": _operation(
                "explore",
                "Frage des Explorers, eine Zeile je Zelle",
                _explore_parameters(),
                "Pivot",
                table=True,
            )
        },
        "/api/v1/status": {"get": _operation("status", "Stand und Quellen der Daten", [], "Status")},
    }


def _open_operation() -> Json:
    plain = {
        "description": "Dieses Dokument",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    return {
        "operationId": "document",
        "summary": "Dieses Dokument",
        "security": [],
        "responses": {"200": plain, **_problems(400, 406, 414)},
    }


def _operation(name: str, summary: str, parameters: list[Json], schema: str, *, table: bool = False) -> Json:
    content: Json = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    if table:
        content |= {CSV: {"schema": TEXT}, ARROW: {"schema": {"type": "string", "format": "binary"}}}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _headers()}
    refusals = (400, 401, 403, 404, 406, 414, 422, 429, 503) if table else (400, 401, 403, 406, 414, 429, 503)
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": summary, "headers": headers, "content": content},
            "304": {"description": "Unverändert seit der Antwort, deren ETag gesendet wurde"},
            **_problems(*refusals),
        },
    }


def _problems(*statuses: int) -> Json:
    content = {MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {str(status): {"description": TITLES[status], "content": content} for status in statuses}


def _id(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": "Kennung, wie sie das Verzeichnis nennt",
        "schema": {"type": "string", "pattern": f"^{NAME}$"},
    }


def _query(name: str, description: str, schema: Json, **more: Any) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _metric_parameters() -> list[Json]:
    return [
        _query("by", "Aufgliederung: Dimensionen, Ebenen der Organisation, „period“", _names(NAME),
               style="form", explode=False),
        _query("from", "Erster Tag des Zeitraums", DAY),
        _query("to", "Letzter Tag des Zeitraums; braucht „from“", DAY),
        _query("at", "Stichtag; ohne Angabe der Geschäftstag", DAY),
        _where(),
        _format(),
    ]  # fmt: skip


def _list_parameters() -> list[Json]:
    return [
        _query("limit", "Zeilen je Antwort", {"type": "integer", "minimum": 1, "maximum": MAXIMUM,
                                              "default": DEFAULT_LIMIT}),
        _query("offset", "Erste Zeile", {"type": "integer", "minimum": 0, "maximum": FARTHEST, "default": 0}),
        _query("order", "Spalten der Reihenfolge, „-“ davor: absteigend", _names(f"-?{NAME}"), style="form",
               explode=False),
        _query("search", "Wörter, die alle vorkommen", {"type": "string", "maxLength": LONGEST_VALUE}),
        _where(),
        _format(),
    ]  # fmt: skip


def _explore_parameters() -> list[Json]:
    condition: Json = {"type": "string", "minLength": 1, "maxLength": 300}
    said = "wie in der Adresse des Explorers"
    words = (
        ("daten", "Datenbestand, „bestand:<grundgesamtheit>“ oder „liste:<liste>“"),
        ("werte", "Kennzahlen oder Werte, durch Komma getrennt"),
        ("zeilen", "Merkmale der Zeilen, durch Komma getrennt"),
        ("spalten", "Merkmale der Spalten, durch Komma getrennt"),
        ("zeige", f"Darstellung, {said}"),
        ("gegen", f"Vergleich, {said}"),
        ("top", "Die größten (mit „-“ die kleinsten) Zeilen"),
        ("ordnung", f"Reihenfolge, {said}"),
    )
    days = (("von", "Erster Tag"), ("bis", "Letzter Tag"), ("stichtag", "Stichtag"))
    return [
        *(_query(name, about, condition, required=name == "daten") for name, about in words),
        *(_query(name, about, DAY) for name, about in days),
        _open_names("f", "Filter „f.<merkmal>“, " + said, condition),
        _open_names("w", "Gewählter Wert „w.<dimension>“, " + said, condition),
        _format(),
    ]


def _open_names(name: str, words: str, values: Json) -> Json:
    schema = {
        "type": "object",
        "patternProperties": {f"^{name}\\.{NAME}$": values},
        "additionalProperties": False,
    }
    return _query(name, words, schema, style="form", explode=True)


def _names(pattern: str) -> Json:
    items = {"type": "string", "pattern": f"^{pattern}$"}
    return {"type": "array", "minItems": 1, "maxItems": 10, "items": items}


def _where() -> Json:
    values = {"type": "string", "maxLength": LONGEST_VALUE}
    many = {"type": "array", "minItems": 1, "maxItems": MOST_VALUES, "items": values}
    schema = {
        "type": "object",
        "patternProperties": {f"^where\\.{NAME}$": {"anyOf": [values, many]}},
        "additionalProperties": False,
    }
    words = "Filter „where.<dimension>=<wert>“; wiederholt: einer der Werte; „~“ heißt: ohne Angabe"
    return _query("where", words, schema, style="form", explode=True)


def _format() -> Json:
    words = "Form der Antwort; ohne Angabe entscheidet Accept; „.csv“ für Programme, die auf die Endung sehen"
    return _query("format", words, {"type": "string", "enum": list(FORMS)})


def _headers() -> Json:
    names = ("Isek-Snapshot", "Isek-Business-Date", "Isek-As-Of", "Isek-Nature")
    return {name: {"schema": TEXT} for name in names}


def _object(properties: Json, *optional: str, more: bool = False) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": more}


def _many(item: Json) -> Json:
    return {"type": "array", "items": item}


def _schemas() -> Json:
    return {
        "Problem": _problem(),
        "MetricList": _object({"metrics": _many(_metric())}),
        "Figures": _figures(),
        "ListList": _object({"lists": _many(_list())}),
        "Records": _records(),
        "Pivot": _pivot(),
        "Status": _status(),
    }


def _problem() -> Json:
    names = ("type", "title", "detail", "code", "found", "allowed", "next", "incident")
    properties: Json = {**dict.fromkeys(names, TEXT), "status": {"type": "integer"}}
    return _object(properties, "found", "allowed", "next", "incident")


def _metric() -> Json:
    texts = ("id", "number", "area", "label", "question", "meaning", "kind", "unit", "population", "grain",
             "over_time", "better", "scope", "version")  # fmt: skip
    return _object(
        {
            **dict.fromkeys(texts, TEXT),
            "dimensions": _many(TEXT),
            "levels": _many(TEXT),
            "choose_one": {"type": "object", "additionalProperties": TEXT},
            "cuts": {"type": ["array", "null"], "items": _many(TEXT)},
            "limits": TEXT_OR_NONE,
            "deprecated": {"type": "boolean"},
        }
    )


def _figures() -> Json:
    return _object(
        {
            **dict.fromkeys(("metric", "number", "label", "unit", "population"), TEXT),
            **STATE_FIELDS,
            "stale_sources": _many(TEXT),
            "coverage": {
                "type": ["object", "null"],
                "properties": {"known": COUNT, "total": COUNT},
                "required": ["known", "total"],
            },
            "notes": _many(TEXT),
            "rows": _many(_row()),
        },
        "notes",
    )


def _row() -> Json:
    figures = dict.fromkeys(("value", "lower", "upper", "numerator", "denominator", "target"), FIGURE)
    counts = dict.fromkeys(("n", "known"), COUNT_OR_NONE)
    row = _object(
        {
            "period": {"type": ["string", "null"], "format": "date"},
            "bucket": TEXT_OR_NONE,
            "qualifier": TEXT_OR_NONE,
            **figures,
            **counts,
            "rating": {"enum": ["gut", "warn", "krit", "neu"]},
            "suppressed": {"type": "boolean", "description": "Wert zum Schutz kleiner Zahlen nicht gezeigt"},
        },
        *("bucket", "qualifier", "lower", "upper", "n", "known"),
    )
    # Beside these stands one field for each dimension asked for.
    return {**row, "additionalProperties": TEXT_OR_NONE}


def _column() -> Json:
    return _object(dict.fromkeys(("name", "label", "type"), TEXT))


def _list() -> Json:
    return _object(
        {
            **dict.fromkeys(("id", "label", "scope"), TEXT),
            "key": _many(TEXT),
            "order": _many(TEXT),
            "columns": _many(_column()),
        }
    )


def _records() -> Json:
    value = {"type": ["string", "number", "boolean", "null"]}
    return _object(
        {
            **dict.fromkeys(("list", "label"), TEXT),
            **STATE_FIELDS,
            "columns": _many(_column()),
            **dict.fromkeys(("total", "limit", "offset"), COUNT),
            "next": {**TEXT_OR_NONE, "description": "Adresse der nächsten Seite"},
            "rows": _many({"type": "object", "additionalProperties": value}),
        }
    )


def _pivot() -> Json:
    figures = dict.fromkeys(("value", "shown", "base", "numerator", "denominator", "lower", "upper"), FIGURE)
    row = _object(
        {
            "keys": {"type": "object", "additionalProperties": TEXT_OR_NONE},
            "measure": TEXT,
            **figures,
            "state": {"enum": ["value", "empty", "suppressed", "refused"]},
            **dict.fromkeys(("qualifier", "reason"), TEXT_OR_NONE),
        }
    )
    return _object(
        {
            "dataset": TEXT,
            **STATE_FIELDS,
            **dict.fromkeys(("stale_sources", "notes", "fields"), _many(TEXT)),
            "hidden_rows": COUNT,
            "measures": _many(_object(dict.fromkeys(("name", "label", "unit"), TEXT))),
            "rows": _many(row),
        }
    )


def _status() -> Json:
    counts = dict.fromkeys(("read", "published", "rejected", "duplicates"), COUNT)
    source = _object(
        {
            **dict.fromkeys(("id", "title", "owner", "kind", "nature", "state"), TEXT),
            "stale": {"type": "boolean"},
            "as_of": MOMENT,
            **counts,
            "reason": TEXT_OR_NONE,
        }
    )
    told = {name: STATE_FIELDS[name] for name in STATE if name != "nature"}
    return _object({"city": TEXT, **told, "sources": _many(source)})
