"""What the browser loads comes from here, in one version, with its licence."""

from __future__ import annotations

import re
from pathlib import Path

import plotly

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "dashboard" / "assets"


def _version(text: str) -> str:
    found = re.search(r"plotly\.js \([^)]*\) v(\d+\.\d+\.\d+)|plotly\.js v(\d+\.\d+\.\d+)", text)
    assert found, "the bundle names its version in its head"
    return found.group(1) or found.group(2)


def test_the_small_plotly_bundle_has_the_version_of_the_python_package() -> None:
    small = (ASSETS / "plotly-basic.min.js").read_text(encoding="utf-8")[:2000]
    whole = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")[
        :2000
    ]
    assert _version(small) == _version(whole)


def test_k14_own_styles_and_scripts_name_no_other_host() -> None:
    for path in [*ASSETS.glob("*.css"), *(p for p in ASSETS.glob("*.js") if ".min." not in p.name)]:
        text = path.read_text(encoding="utf-8")
        hosts = {h.removesuffix("%22") for h in re.findall(r"https?://[^\s\"')]+", text)} - {
            "http://www.w3.org/2000/svg"
        }
        assert not hosts, f"{path.name}: {hosts}"


def test_rules_for_small_screens_never_touch_paper() -> None:
    # A sheet is narrower than a desktop; with the rules of tablets it would lose its columns.
    for path in ASSETS.glob("*.css"):
        assert not re.findall(r"@media \((?:min|max)-width", path.read_text(encoding="utf-8")), path.name


def test_the_typeface_of_the_screen_is_also_there_for_paper() -> None:
    screen = {p.stem for p in (ASSETS / "fonts").glob("*.woff2")}
    assert screen == {p.stem for p in (ASSETS / "fonts").glob("*.ttf")}


def test_fonts_icons_and_plotly_lie_beside_their_licences() -> None:
    names = " ".join(p.name.lower() for p in (ASSETS / "licences").iterdir())
    for part in ("fira", "tabler", "plotly"):
        assert part in names
