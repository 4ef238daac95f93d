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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process; all browser tests share one portal and one Chromium."""
    for item in items:
        together = "browser" if item.path.parent.name == "browser" else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(together))
        if item.get_closest_marker("night"):
            item.add_marker(pytest.mark.timeout(0))
