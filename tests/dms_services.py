"""DMS services for tests: the DMS service and OSRest of enaio, d.velop documents, all with one stock."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.web_services import Asked, Reply, Service, as_json

TOWN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Document:
    """One document; `created` is aware."""

    id: str
    created: datetime
    creator: str | None
    unit: str
    kind: str = "Schriftgut"


def stock() -> list[Document]:
    """Twelve clerks file 60 documents in May for one unit, three clerks seven in June for another."""
    may, june = datetime(2026, 5, 4, 7, tzinfo=UTC), datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    first = [
        Document(f"{100 + n}", may + timedelta(hours=n), f"Person Nummer{n % 12}", "Bauordnung")
        for n in range(60)
    ]
    second = [
        Document(f"{900 + n}", june + timedelta(hours=n), f"Person Nummer{n % 3}", "Soziales", "Posteingang")
        for n in range(7)
    ]
    return [*first, *second]


EXPECTED = [
    ("FD50", "2026-06-01", "Posteingang", 7, None),
    ("FD63", "2026-05-01", "Schriftgut", 60, 12),
]
"""Unit, month, type, documents, creators: three creators are too few to be told."""


@dataclass(eq=False)
class DmsService(Service):
    """A service with a stock and credentials; `fault` may answer in its place."""

    documents: list[Document] = field(default_factory=stock)
    password: str = "geheim"
    fault: Callable[[Asked], Reply | None] = lambda asked: None

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def credentials(self) -> str:
        """The header a request has to carry."""
        return "Basic " + base64.b64encode(f"leser:{self.password}".encode()).decode()

    def answer(self, asked: Asked) -> Reply:
        if told := self.fault(asked):
            return told
        if asked.headers.get("authorization") != self.credentials:
            return as_json({"message": "unauthorized"}, 401)
        return self.found(asked)

    def found(self, asked: Asked) -> Reply:
        """The answer to a request that may be answered."""
        raise NotImplementedError


@dataclass(eq=False)
class EnaioDms(DmsService):
    """The DMS service: CMIS-SQL in the body, hits under `objects`, counted by the service where asked."""

    statements: list[str] = field(default_factory=list)

    def found(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) != ("POST", "/dms/api/dms/objects/search"):
            return as_json({"message": "No endpoint"}, 404)
        query = asked.json["query"]
        self.statements.append(query["statement"])
        if not query["statement"].startswith("SELECT "):
            return as_json({"message": "line 1:0 mismatched input"}, 400)
        hits = self._groups() if " GROUP BY " in query["statement"] else self._objects(query["statement"])
        page = hits[query["skipCount"] : query["skipCount"] + query["maxItems"]]
        more = query["skipCount"] + len(page) < len(hits)
        total = query["skipCount"] + len(page) + more
        told = [{"properties": hit, "contentstreams": [], "acl": []} for hit in page]
        return as_json({"objects": told, "numItems": len(page), "hasMoreItems": more, "totalNumItems": total})

    def _objects(self, statement: str) -> list[dict[str, Any]]:
        since, until = (
            datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
            for text in re.findall(r"TIMESTAMP '([^']+)'", statement)
        )
        assert statement.endswith("ORDER BY system:objectId")
        chosen = sorted((d for d in self.documents if since <= d.created < until), key=lambda d: d.id)
        return [
            {
                "system:objectId": {"value": document.id},
                "system:objectTypeId": {"value": "262144", "localName": document.kind},
                "system:creationDate": {"value": document.created.strftime("%Y-%m-%dT%H:%M:%S.000Z")},
                "system:createdBy": {"value": document.creator},
                "Fachbereich": {"value": document.unit},
            }
            for document in chosen
        ]

    def _groups(self) -> list[dict[str, Any]]:
        kinds = sorted({document.kind for document in self.documents})
        return [
            {
                "typ": {"value": "262144", "localName": kind},
                "anzahl": {"value": sum(document.kind == kind for document in self.documents)},
            }
            for kind in kinds
        ]


@dataclass(eq=False)
class OsRest(DmsService):
    """The appconnector: a list of objects, days in a condition, a short page at the end."""

    def found(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) != ("POST", "/osrest/api/documents/search/"):
            return as_json({"error": "not found"}, 404)
        query = asked.json["query"]
        config = query["result_config"]
        first, last = query["baseparams"]["Created"]["value"].split("-")
        hits = [d for d in self.documents if d.kind == query["internalName"] and _within(d, first, last)]
        page = hits[config["offset"] : config["offset"] + config["pagesize"]]
        return as_json([self._told(document) for document in page])

    def _told(self, document: Document) -> dict[str, Any]:
        created = str(int(document.created.timestamp() * 1000))
        people = [{"type": "CREATOR", "value": document.creator}] if document.creator else []
        return {
            "osid": int(document.id),
            "objectTypeId": 262144,
            "objectType": "DOCUMENT",
            "internalName": document.kind,
            "baseParameters": [*people, {"type": "CREATED", "value": created}],
            "ecmSimpleFields": [
                {"internalName": "Betreff", "value": "vertraulich"},
                {"internalName": "Fachbereich", "value": document.unit},
            ],
            "children": [],
        }


def _within(document: Document, first: str, last: str) -> bool:
    """Whole days on both ends, as people write them."""
    day = document.created.astimezone(TOWN).date()
    begin, end = (datetime.strptime(text, "%d.%m.%Y").date() for text in (first, last))
    return begin <= day <= end


@dataclass(eq=False)
class DVelop(DmsService):
    """Hits of a search in HAL: links lead from page to page, relative to the host."""

    @property
    def credentials(self) -> str:
        """An API key as bearer token."""
        return f"Bearer {self.password}"

    def found(self, asked: Asked) -> Reply:
        repository = asked.path.removeprefix("/dms/r/").removesuffix("/srm")
        if asked.path != f"/dms/r/{repository}/srm" or repository != "dee1f3d3-beispiel":
            return as_json({"reason": "repository not found"}, 404)
        assert asked.headers["accept"] == "application/hal+json"
        assert asked.query["sourceid"] == f"/dms/r/{repository}/source"
        (kind,) = json.loads(asked.query["sourcecategories"])
        names = {"DEINS": "Posteingang", "DBRIEF": "Schriftgut"}
        hits = [d for d in self.documents if d.kind == names[kind]]
        page, size = int(asked.query.get("page", "1")), int(asked.query["pagesize"])
        part = hits[(page - 1) * size : page * size]
        links = {"self": {"href": f"/dms/r/{repository}/srm?page={page}"}}
        if page * size < len(hits):
            rest = f"sourceid={asked.query['sourceid']}&sourcecategories=%5B%22{kind}%22%5D&pagesize={size}"
            links["next"] = {"href": f"/dms/r/{repository}/srm?page={page + 1}&{rest}"}
        told = {"page": page, "items": [self._told(document, kind) for document in part], "_links": links}
        return Reply(200, json.dumps(told).encode(), {"Content-Type": "application/hal+json; charset=utf-8"})

    def _told(self, document: Document, kind: str) -> dict[str, Any]:
        told = [
            {"key": "22", "value": "4711", "displayValue": document.unit},
            {"key": "property_creation_date", "value": document.created.astimezone(TOWN).isoformat()},
        ]
        if document.creator:
            told.append({"key": "property_editor", "value": document.creator})
        return {"id": f"P{document.id}", "sourceCategories": [kind], "sourceProperties": told}
