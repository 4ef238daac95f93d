"""One served example city and one Chromium for all tests of this folder.

Without Chromium the tests are skipped with a reason, or fail when ISEK_REQUIRE_SERVICES=1 is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.browser.chromium import Desk, chromium, executable
from tests.browser.portal import running
from tests.postgres import REQUIRED


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A browser in front of the example city of 9 June 2026."""
    path = executable()
    if path is None:
        reason = "Chromium is not installed"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{reason}, and {REQUIRED}=1 demands it", pytrace=False)
        pytest.skip(reason)
    with running(tmp_path_factory.mktemp("browser") / "musterstadt") as portal, chromium(path) as browser:
        yield Desk(portal, browser)
    said = "".join(portal.said)
    assert "Traceback" not in said and " incident=" not in said
