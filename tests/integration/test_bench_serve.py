"""The serving measurement runs, signs people in and counts what it reads; how fast it is, is no test."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.bench import serve, serve_city
from tests.bench.serve_load import Noted, Person


def test_the_serving_measurement_fills_a_city_once_and_tells_pages_without_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "stadt"
    arguments = ["--rows", "150000", "--viewers", "2", "--folder", str(folder), "--seconds", "3"]
    text = serve.main([*arguments, "--parts", "saturation"])
    capsys.readouterr()
    assert "150,000 cases, 2 people signed in" in text
    (line,) = [line for line in text.splitlines() if "full pages a second" in line]
    assert "0 errors" in line and line.count("|") == 7
    found = json.loads((folder / "var/serve.json").read_text(encoding="utf-8"))
    assert found["raw"]["saturation"]["rate"] > 0
    with pytest.raises(RuntimeError, match="another folder"):
        serve_city.town_at(folder, 10)


def test_a_page_that_cannot_be_read_is_an_error_and_no_measurement() -> None:
    noted = Noted()
    asyncio.run(Person("localhost", serve.free_port(), "isek=x", "niemand").look("/", noted))
    assert len(noted.errors) == 1 and not noted.ms


def test_a_page_without_the_name_of_its_person_is_an_error() -> None:
    person = Person("localhost", 1, "isek=x", "niemand")
    import gzip

    page = gzip.compress(b'{"response":{"rahmen":{"children":"Person jemand"}}}')
    assert "not the page of this person" in person._trouble(200, page)
    assert person._trouble(500, page) == "status 500"
    assert Person("localhost", 1, "isek=x", "jemand")._trouble(200, page) == ""
