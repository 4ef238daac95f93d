"""Every promised contrast is measured, in both colour schemes, and the style sheet says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard import theme

ASSETS = Path(__file__).resolve().parents[2] / "dashboard" / "assets"
# Ratios the design guide prints, rounded to one digit: (token, ground, light, dark).
PROMISED = [
    ("text", "flaeche", 18.1, 15.1),
    ("text2", "flaeche", 8.5, 9.5),
    ("text3", "flaeche", 6.0, 7.6),
    ("aktion", "flaeche", 8.5, 8.3),
    ("auf-aktion", "aktion", 8.5, 9.4),
    ("text", "aktion-grund", 15.1, 11.6),
    ("rahmen", "flaeche", 3.5, 3.7),
    ("rahmen", "seite", 3.2, 4.2),
    ("text3", "seite", 5.5, 8.6),
    ("aktion", "seite", 7.7, 9.4),
    ("gut", "flaeche", 6.0, 7.5),
    ("gut", "gut-grund", 5.4, 6.6),
    ("warn", "flaeche", 6.0, 8.3),
    ("warn", "warn-grund", 5.5, 7.6),
    ("krit", "flaeche", 6.0, 7.6),
    ("krit", "krit-grund", 5.4, 7.2),
    ("neu", "neu-grund", 5.5, 6.4),
    ("info", "info-grund", 5.4, 7.4),
    ("ist", "flaeche", 8.5, 9.9),
    ("vj", "flaeche", 3.0, 4.3),
    ("plan", "flaeche", 12.1, 13.7),
    ("ist", "obligo", 3.9, 3.1),
    ("mittel", "flaeche", 4.5, 4.8),
    ("tinte", "flaeche", 14.4, 12.7),
    ("rg-linie", "rg1", 5.1, 5.5),
    ("rg-linie", "rg2", 3.1, 3.2),
    ("rg4", "rg3", 3.2, 3.1),
    ("kat1", "flaeche", 14.4, 12.7),
    ("kat2", "flaeche", 3.5, 8.3),
    ("kat3", "flaeche", 3.5, 7.5),
    ("kat4", "flaeche", 7.1, 3.7),
    ("kat5", "flaeche", 7.1, 4.7),
]


@pytest.mark.parametrize(("front", "back", "light", "dark"), PROMISED, ids=str)
def test_contrast_is_what_the_guide_promises(front: str, back: str, light: float, dark: float) -> None:
    assert theme.contrast(theme.HELL[front], theme.HELL[back]) == pytest.approx(light, abs=0.051)
    assert theme.contrast(theme.DUNKEL[front], theme.DUNKEL[back]) == pytest.approx(dark, abs=0.051)


def test_numbers_on_every_heat_field_of_the_explorer_can_be_read() -> None:
    css = (ASSETS / "explorer.css").read_text(encoding="utf-8")
    rule = r"\.heat-4 \{ background: color-mix\(in srgb, var\(--waerme4\) (\d+)%, var\(--flaeche\)\); \}"
    quieter = re.findall(rule, css)
    assert len(quieter) == 2 and len(set(quieter)) == 1, "the dark scheme is chosen or the system's"
    for step in range(5):
        assert theme.contrast(theme.HELL["text"], theme.HELL[f"waerme{step}"]) >= 4.5
        ground = theme.DUNKEL[f"waerme{step}"]
        if step == 4:
            ground = _mixed(ground, theme.DUNKEL["flaeche"], int(quieter[0]) / 100)
        assert theme.contrast(theme.DUNKEL["text"], ground) >= 4.5


def _mixed(one: str, other: str, share: float) -> str:
    """Colour a browser mixes in sRGB."""
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def test_the_built_in_colours_have_no_fault() -> None:
    assert theme.check_theme() == ()


def test_both_schemes_name_the_same_tokens() -> None:
    assert theme.HELL.keys() == theme.DUNKEL.keys()


def test_a_city_colour_that_is_too_faint_is_refused_with_both_numbers() -> None:
    faults = theme.check_theme({"hell": {"aktion": "#8FB0FF"}})
    assert "„aktion“ auf „flaeche“ hat Kontrast 2,1, nötig sind 4,5." in {f.sentence for f in faults}
    assert {f.mode for f in faults} == {"hell"}


def test_a_city_may_not_repaint_ratings_and_must_write_real_colours() -> None:
    faults = theme.check_theme({"dunkel": {"krit": "#00FF00", "ist": "blau"}})
    assert {(f.token, f.mode) for f in faults} == {("krit", "dunkel"), ("ist", "dunkel")}


def test_another_hue_of_the_same_contrast_is_accepted() -> None:
    assert theme.check_theme({"hell": {"kopf": "#0B3B2E", "aktion": "#0A5C44"}}) == ()


def test_the_style_sheet_holds_the_same_colours_in_all_three_blocks() -> None:
    css = (ASSETS / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"\{\s*color-scheme: (light|dark);([^}]*)\}", css)
    assert [name for name, _ in blocks] == ["light", "dark", "dark"]
    for name, body in blocks:
        found = dict(re.findall(r"--([a-z0-9-]+): ([^;]+?);", body))
        expected = theme.HELL if name == "light" else theme.DUNKEL
        assert {k: found.get(k) for k in expected} == dict(expected)


def test_paper_is_always_light() -> None:
    css = (ASSETS / "tokens.css").read_text(encoding="utf-8")
    for dark in re.finditer(r"color-scheme: dark", css):
        before = css[: dark.start()]
        assert before.rfind("@media screen") > before.rfind("\n}\n")


def test_style_sheets_and_scripts_call_nobody() -> None:
    for path in [*ASSETS.glob("*.css"), ASSETS / "portal.js", ASSETS / "plotly-locale-de.js"]:
        text = re.sub(
            r"http://www\.w3\.org/2000/svg|http://www\.w3\.org/[a-z0-9/]*", "", path.read_text("utf-8")
        )
        assert not re.search(
            r"(https?:)?//[a-z0-9-]+\.[a-z]{2,}", re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        ), path


def test_every_class_of_an_icon_that_code_asks_for_exists() -> None:
    known = set(re.findall(r"^\.icon-([a-z-]+) \{", (ASSETS / "icons.css").read_text("utf-8"), re.M))
    asked = set()
    for path in (ASSETS.parent).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"\bicon\(\s*\"([a-z-]+)\"", text))
        asked |= set(re.findall(r"\bicon(?:_name)?=\"([a-z-]+)\"", text))
    assert asked
    assert asked <= known
