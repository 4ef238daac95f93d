"""Files of the portal: told early, transferred once, none that nobody uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web_city import make_web_city

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def person(tmp_path: Path) -> FlaskClient:
    return make_web_city(tmp_path).signed_in("leitung")


def test_every_file_told_early_is_one_the_page_asks_for_later(person: FlaskClient) -> None:
    index = person.get("/").get_data(as_text=True)
    early = re.findall(r'<link rel="preload" as="\w+"[^>]* href="([^"]+)"', index)
    assert len(early) == 3
    assert [person.get(address).status_code for address in early] == [200] * 3
    style = person.get("/assets/layout.css").get_data(as_text=True)
    assert all(address.removeprefix("/assets/") in style for address in early if "fonts" in address)


def test_files_with_their_age_in_the_address_are_never_asked_for_again(person: FlaskClient) -> None:
    answer = person.get("/assets/fonts/fira-sans-400.woff2?m=1")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize("address", ["/_dash-component-suites/dash/dcc/async-graph.js", "/assets/portal.js"])
def test_a_file_the_browser_has_is_not_sent_again(person: FlaskClient, address: str) -> None:
    first = person.get(address, headers=GZIP)
    assert first.status_code == 200 and first.headers["Content-Encoding"] == "gzip"
    again = person.get(address, headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    other = person.get(address, headers={**GZIP, "If-None-Match": '"another"'})
    assert other.data == first.data


def test_the_tables_of_dash_are_not_loaded_because_no_page_has_one(person: FlaskClient) -> None:
    index = person.get("/").get_data(as_text=True)
    assert "dash_core_components" in index and "src=" in index
    assert not re.search(r'src="[^"]*dash_table', index)
    pages = Path(__file__).parents[2] / "dashboard"
    assert not [path for path in pages.rglob("*.py") if "DataTable(" in path.read_text(encoding="utf-8")]
