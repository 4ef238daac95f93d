"""The CMIS service of the tests answers recorded requests the way the recorded server did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cmis_server import HOST, RECORDED, REPOSITORY, CmisServer, properties, recording

NUMBERS = sorted(int(path.name[:2]) for path in RECORDED.glob("*.json"))


@pytest.fixture(scope="module")
def service() -> Iterator[CmisServer]:
    with CmisServer() as running:
        yield running


def replay(service: CmisServer, number: int) -> httpx.Response:
    """The recorded request, sent again."""
    request = recording(number)["request"]
    parts = urlsplit(request["url"])
    url = f"{service.url}{parts.path}?{parts.query}"
    return httpx.request(request["method"], url, data=request["form"])


@pytest.mark.parametrize("number", NUMBERS)
def test_a_recorded_request_gets_an_answer_of_the_recorded_shape(service: CmisServer, number: int) -> None:
    recorded, answer = recording(number)["response"], replay(service, number)
    assert answer.status_code == recorded["status"]
    told, known = answer.json(), json.loads(json.dumps(recorded["json"]).replace(HOST, service.url))
    assert told.keys() >= known.keys() - {"exampleExtension"}
    if answer.status_code != 200:
        assert (told["exception"], told["message"]) == (known["exception"], known["message"])
    elif "results" in known:
        assert (told["hasMoreItems"], told["numItems"]) == (known["hasMoreItems"], known["numItems"])
        pairs = zip(told["results"], known["results"], strict=True)
        assert all(set(properties(ours)) >= set(properties(theirs)) for ours, theirs in pairs)
    elif "objects" in known:
        assert told["objects"][0].keys() == known["objects"][0].keys()
    elif REPOSITORY in known:
        assert told[REPOSITORY] == {**known[REPOSITORY], "latestChangeLogToken": "token-0"}


@pytest.mark.parametrize("number", [4, 8, 9, 13, 22])
def test_the_objects_themselves_are_the_recorded_ones(service: CmisServer, number: int) -> None:
    known = {p["cmis:objectId"]: p for p in map(properties, recording(number)["response"]["json"]["results"])}
    told = {p["cmis:objectId"]: p for p in map(properties, replay(service, number).json()["results"])}
    shared = known.keys() & told.keys()
    assert shared
    assert {own: known[own] for own in shared} == {own: told[own] for own in shared}


def test_a_folder_that_is_asked_for_by_its_id_is_described_as_recorded(service: CmisServer) -> None:
    known = recording(19)["response"]["json"]["succinctProperties"]
    told = replay(service, 19).json()["succinctProperties"]
    for name in ("cmis:objectId", "cmis:path", "cmis:baseTypeId", "cmis:parentId"):
        assert told[name] == known[name]
