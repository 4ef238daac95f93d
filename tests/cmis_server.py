"""A CMIS service for tests: the objects of the recorded server, answered in its way.

It knows what the kind `cmis` asks for: service document, repositoryInfo, query (GET and POST, short and long
form), object, contentChanges. Statements may select from one type with conditions joined by AND. What the
recordings do not show is written here by the standard: tokens of the change log, objects by path, 401.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.web_services import Asked, Reply, Service, as_json

RECORDED = Path(__file__).parent / "fixtures/cmis"
HOST = "http://cmis.example.invalid"
BASE = "/cmis/browser"
REPOSITORY = "A1"

# Where the recorded documents lie is recorded for the root only; elsewhere by the order of their ids.
_DOCUMENTS = {"102": (105, 106, 107), "108": (111, 112, 113), "101": (114, 115, 116), "118": (121, 122, 123)}
_DOCUMENTS |= {"124": (127, 128, 129), "117": (130, 131, 132), "100": (133, 134, 135)}
_NATURAL = ("117", "100", "101", "118", "102", "124", "108")

_SELECT = re.compile(
    r"\s*SELECT\s+(?P<what>.+?)\s+FROM\s+(?P<type>[\w:.]+)(?:\s+WHERE\s+(?P<where>.+?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<order>[\w:.]+))?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_TEST = re.compile(r"(?P<name>[\w:.]+)\s*(?P<how>>=|<|=|IN)\s*(?P<value>.+)", re.IGNORECASE | re.DOTALL)
_WITHIN = re.compile(r"(?P<how>IN_TREE|IN_FOLDER)\s*\(\s*'(?P<folder>[^']*)'\s*\)", re.IGNORECASE)
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'")

Properties = dict[str, Any]


@cache
def recording(number: int) -> dict[str, Any]:
    """One recorded exchange by its number."""
    (path,) = RECORDED.glob(f"{number:02d}_*.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def recorded_answer(number: int) -> Any:
    """The JSON of a recorded answer."""
    return recording(number)["response"]["json"]


def recorded_objects() -> dict[str, Properties]:
    """All objects of the recordings by id, folders and documents."""
    found: dict[str, Properties] = {}
    for number in (13, 3, 4, 5, 8):
        for result in recorded_answer(number)["results"]:
            told = properties(result)
            found.setdefault(told["cmis:objectId"], {}).update(told)
    # The recorded pages leave out one of the 21 documents; its number and name follow from the others.
    found["129"] = {**found["128"], "cmis:objectId": "129", "cmis:name": "My_Document-2-2"}
    for own, told in found.items():
        told["cmis:baseTypeId"] = "cmis:folder" if "cmis:path" in told else "cmis:document"
        told.setdefault("cmis:objectTypeId", told["cmis:baseTypeId"])
        told.setdefault("cmis:creationDate", 1795220570416)
        told.setdefault("cmis:createdBy", "unknown")
        parents = [folder for folder, documents in _DOCUMENTS.items() if int(own) in documents]
        told.setdefault("cmis:parentId", parents[0] if parents else None)
    ordered = [str(own) for folder in _NATURAL for own in _DOCUMENTS[folder]]
    return {own: found[own] for own in (*ordered, *(own for own in found if own not in ordered))}


def properties(result: Mapping[str, Any]) -> Properties:
    """Values of a hit in the short or the long form."""
    if "succinctProperties" in result:
        return dict(result["succinctProperties"])
    return {name: told["value"] for name, told in result["properties"].items()}


def millis(text: str) -> int:
    """A moment in UTC as the service writes it."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


class StatementError(Exception):
    """What the recorded server says to a statement it cannot read."""


@dataclass(eq=False)
class CmisServer(Service):
    """`objects` may be changed between requests; `log` is the change log (token, object, kind of event).

    `says_total` is True (numItems of all hits), False (no numItems) or "page". `most` caps a page.
    `meddle` is called before every query with its number; `fault` may answer instead of the service.
    """

    objects: dict[str, Properties] = field(default_factory=recorded_objects)
    password: str | None = None
    says_total: bool | str = True
    short_form: bool = True
    extended_dates: bool = False
    omits_empty: bool = False
    most: int = 1_000_000
    capabilities: dict[str, str] = field(default_factory=dict)
    named_host: str | None = None
    meddle: Callable[[int], None] = lambda number: None
    fault: Callable[[Asked], Reply | None] = lambda asked: None

    def __post_init__(self) -> None:
        super().__init__()
        self.log: list[tuple[str, str, str]] = [("token-0", "0", "created")]
        self.statements: list[str] = []

    @property
    def address(self) -> str:
        """The address of the service document."""
        return f"{self.url}{BASE}"

    def note(self, own: str, kind: str) -> None:
        """Write an event into the change log."""
        self.log.append((f"token-{len(self.log)}", own, kind))

    def add(self, own: str, like: str = "130", folder: str = "117", **told: Any) -> None:
        """A new document, with properties of another one; `created_by` stands for `cmis:createdBy`."""
        names = {"created_by": "cmis:createdBy", "created": "cmis:creationDate", "kind": "cmis:objectTypeId"}
        given = {names.get(name, name): value for name, value in told.items()}
        self.objects[own] = {
            **self.objects[like], "cmis:objectId": own, "cmis:parentId": folder, **given,
        }  # fmt: skip
        self.note(own, "created")

    def remove(self, own: str) -> None:
        """Delete an object."""
        del self.objects[own]
        self.note(own, "deleted")

    def answer(self, asked: Asked) -> Reply:
        if told := self.fault(asked):
            return told
        if self.password and not asked.headers.get("authorization", "").startswith("Basic "):
            return as_json({}, 401, WWW_Authenticate='Basic realm="cmis"')
        place = asked.path.removeprefix(BASE)
        given = asked.form if asked.method == "POST" else asked.query
        if place in ("", "/"):
            return as_json(self._infos(1))
        if not (place == f"/{REPOSITORY}" or place.startswith(f"/{REPOSITORY}/")):
            return as_json(recorded_answer(21), 400)
        chosen = given.get("cmisselector") or given.get("cmisaction")
        path = place.removeprefix(f"/{REPOSITORY}")
        if chosen == "query":
            return self._query(given.get("q" if asked.method == "GET" else "statement"), given)
        if chosen == "contentChanges":
            return self._changes(given)
        if chosen == "object" and path.startswith("/root"):
            return self._object(given.get("objectId"), path.removeprefix("/root"))
        return as_json(self._infos(2))

    def _infos(self, number: int) -> Any:
        text = json.dumps(recorded_answer(number)).replace(HOST, self.named_host or self.url)
        told = json.loads(text)
        told[REPOSITORY]["capabilities"] |= self.capabilities
        told[REPOSITORY]["latestChangeLogToken"] = self.log[-1][0]
        return told

    def _object(self, own: str | None, path: str) -> Reply:
        for told in self.objects.values():
            if told["cmis:objectId"] == own or (own is None and told.get("cmis:path") == (path or "/")):
                return as_json({"succinctProperties": told, "exactACL": True})
        message = f"Unknown object id: {own}" if own else "Object not found"
        return as_json({"exception": "objectNotFound", "message": message}, 404)

    def _query(self, statement: str | None, given: Mapping[str, str]) -> Reply:
        if statement is None:
            return as_json(recorded_answer(24), 400)
        if not given.get("maxItems", "0").isdigit():
            return as_json(recorded_answer(12), 400)
        self.statements.append(statement)
        self.meddle(len(self.statements))
        try:
            names, hits = self._hits(statement)
        except StatementError as error:
            return as_json({"exception": "invalidArgument", "message": f"{error}\n"}, 400)
        skip = int(given.get("skipCount", "0"))
        page = hits[skip : skip + min(int(given.get("maxItems", "100")), self.most)]
        short = self.short_form and given.get("succinct") == "true"
        told: dict[str, Any] = {"results": [self._result(hit, names, short) for hit in page]}
        told["hasMoreItems"] = skip + len(page) < len(hits)
        if self.says_total:
            told["numItems"] = len(page) if self.says_total == "page" else len(hits)
        return as_json(told)

    def _hits(self, statement: str) -> tuple[list[str] | None, list[Properties]]:
        read = _SELECT.fullmatch(statement)
        if read is None:
            raise StatementError("line 1:0 missing SELECT at 'SELEC'")
        if "(" in read["what"]:
            raise StatementError("line 1:12 no viable alternative at input '('")
        names = None if read["what"].strip() == "*" else [name.strip() for name in read["what"].split(",")]
        hits = [told for told in self.objects.values() if self._is_of(told, read["type"])]
        for condition in _conditions(read["where"] or ""):
            hits = [told for told in hits if self._holds(condition, told)]
        if order := read["order"]:
            hits.sort(key=lambda told: str(told.get(order)))
        return names, hits

    def _is_of(self, told: Properties, wanted: str) -> bool:
        return wanted in (told["cmis:baseTypeId"], told["cmis:objectTypeId"])

    def _holds(self, condition: str, told: Properties) -> bool:
        if within := _WITHIN.fullmatch(condition):
            if within["folder"] not in self.objects:
                raise StatementError(f"Unknown object id: {within['folder']}")
            parents = self._parents(told)
            near = parents[:1] if within["how"].upper() == "IN_FOLDER" else parents
            return within["folder"] in near
        test = _TEST.fullmatch(condition)
        if test is None:
            raise StatementError(f"line 1:40 mismatched input '{condition[:20]}'")
        value, wanted = told.get(test["name"]), _TEXT.findall(test["value"])
        if test["value"].upper().startswith("TIMESTAMP"):
            limit = (
                datetime.strptime(wanted[0], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC).timestamp() * 1000
            )
            return value is not None and (value >= limit if test["how"] == ">=" else value < limit)
        return value in [re.sub(r"\\(.)", r"\1", text) for text in wanted]

    def _parents(self, told: Properties) -> list[str]:
        found: list[str] = []
        while (parent := told.get("cmis:parentId")) is not None:
            found.append(parent)
            told = self.objects[parent]
        return found

    def _result(self, hit: Properties, names: list[str] | None, short: bool) -> dict[str, Any]:
        chosen = {name: self._told(hit.get(name)) for name in (names or hit)}
        if self.omits_empty:
            chosen = {name: value for name, value in chosen.items() if value is not None}
        if short:
            return {"succinctProperties": chosen}
        return {
            "properties": {name: {"id": name, "queryName": name, "value": v} for name, v in chosen.items()}
        }

    def _told(self, value: Any) -> Any:
        if self.extended_dates and isinstance(value, int) and value > 10**12:
            return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds")
        return value

    def _changes(self, given: Mapping[str, str]) -> Reply:
        tokens = [token for token, _, _ in self.log]
        asked = given.get("changeLogToken", tokens[0])
        if asked not in tokens:
            return as_json({"exception": "invalidArgument", "message": "Unknown change log token"}, 400)
        begin = tokens.index(asked)
        # By the standard the event of the token itself comes first.
        page = self.log[begin : begin + int(given.get("maxItems", "100"))]
        objects = [
            {
                "succinctProperties": {"cmis:objectId": own, "cmis:objectTypeId": "cmis:document"},
                "changeEventInfo": {"changeType": kind, "changeTime": 1795220569533},
            }
            for _, own, kind in page
        ]
        more = begin + len(page) < len(self.log)
        told = {"objects": objects, "hasMoreItems": more, "numItems": len(self.log)}
        return as_json({**told, "changeLogToken": page[-1][0]})


def _conditions(where: str) -> list[str]:
    """The parts joined by AND, without the brackets around them."""
    found, depth, start = [], 0, 0
    quoted = False
    for at, letter in enumerate(where):
        quoted ^= letter == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if not quoted and depth == 0 and where[at : at + 5].upper() == " AND ":
            found.append(where[start:at])
            start = at + 5
    found.append(where[start:])
    return [inner for part in found if part.strip() for inner in _opened(part.strip())]


def _opened(part: str) -> list[str]:
    if part.startswith("(") and part.endswith(")"):
        return _conditions(part[1:-1])
    return [part]
