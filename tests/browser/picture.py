"""Make the picture of the README: the start page of a freshly written example city, light, 1440 × 900.

make picture    (or: python -m tests.browser.picture docs/start.png)
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import DESKTOP, Desk, chromium, executable
from tests.browser.portal import running


def take(target: Path) -> None:
    """Write the example city of today, open it as Leitung and save what a person sees first."""
    browser_path = executable()
    if browser_path is None:
        raise SystemExit("Chromium is not installed")
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "musterstadt", day=None) as portal,
        chromium(browser_path) as browser,
        Desk(portal, browser).person("leitung", DESKTOP) as person,
    ):
        page = person.open("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, scale="css")
    print(f"{target}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    take(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/start.png"))
