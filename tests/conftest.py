"""Fixtures every kind of test may use, and how the tests are shared between processes."""

from __future__ import annotations

import pytest

from tests.example_city import example_city
from tests.mariadb import mariadb_server, mariadb_url
from tests.postgres import postgres_cluster, postgres_url

__all__ = ["example_city", "mariadb_server", "mariadb_url", "postgres_cluster", "postgres_url"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--night`: also the tests that take many minutes (`make faults`)."""
    parser.addoption("--night", action="store_true", help="run the long fault tests as well")


def pytest_configure(config: pytest.Config) -> None:
    """Say what the markers of this project mean."""
    config.addinivalue_line("markers", "night: takes many minutes; runs with --night only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests to the night; keep the tests of a file in one process, all browser tests in one."""
    if not config.getoption("--night"):
        long = [item for item in items if item.get_closest_marker("night")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for item in items:
        together = "browser" if item.path.parent.name == "browser" else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(together))
