"""Fixtures every kind of test may use, and how the tests are shared between processes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest

from tests.example_city import example_city
from tests.mariadb import mariadb_server, mariadb_url
from tests.postgres import postgres_cluster, postgres_url

__all__ = ["example_city", "mariadb_server", "mariadb_url", "postgres_cluster", "postgres_url"]


@pytest.fixture(autouse=True)
def _place_of_temporary_files() -> Iterator[None]:
    """Commands move temporary files into their city; the next test must not find itself there."""
    before = tempfile.tempdir
    yield
    tempfile.tempdir = before


# Each group has a portal and a Chromium of its own; two of them, so that neither makes all others wait.
VISITS = "test_browser_every_page.py"


# Files of few tests that take minutes.
LONG = ("test_jobs_killed.py", "test_web_every_right.py", "test_bench_serve.py", "test_serve_demo.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process; browser tests share a portal and a Chromium.

    What takes longest begins first (with --no-loadscope-reorder), so that nobody waits for it at the end.
    """
    items.sort(key=_turn)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_together(item)))
        if item.get_closest_marker("night"):
            item.add_marker(pytest.mark.timeout(0))


def _turn(item: pytest.Item) -> int:
    if item.path.parent.name == "browser":
        return 0
    return 1 if item.path.name in LONG else 2


def _together(item: pytest.Item) -> str:
    if item.path.parent.name != "browser":
        return item.nodeid.partition("::")[0]
    return "visits" if item.path.name == VISITS else "browser"
