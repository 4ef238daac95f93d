"""A town's colours: any hue keeps the promised contrast, what cannot be read is refused with both numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import theme
from dashboard.__main__ import main
from dashboard.city_theme import changes, dressed, faults, palettes, require_theme, style
from dashboard.figures.chart import themed
from dashboard.figures.svg import sparkline_svg
from dashboard.hue import luminance, polar, turned
from dashboard.settings import Settings, Theme
from dashboard.theme import CITY_TOKENS, DUNKEL, HELL, REQUIRED, contrast
from warehouse.errors import ConfigError

# A second, tiny look: violet by hue, one colour of its own.
VIOLET = Theme(hue=300, hell={"kopf": "#2A0F4D"})


def test_a_town_without_colours_looks_like_the_house() -> None:
    assert changes(Theme(), "hell") == {} and style(Theme()) == ""
    assert palettes(Theme()) == {"hell": HELL, "dunkel": DUNKEL}


@pytest.mark.parametrize("hue", range(0, 360, 10))
def test_every_hue_keeps_every_contrast(hue: int) -> None:
    look = palettes(Theme(hue=hue))
    for mode in ("hell", "dunkel"):
        low = [p for p in REQUIRED if contrast(look[mode][p.front], look[mode][p.back]) < p.least]  # type: ignore[index]
        assert low == []
    assert faults(Theme(hue=hue)) == ()


@pytest.mark.parametrize("token", ["ist", "mittel", "tinte", "kopf", "aktion"])
def test_a_turned_colour_has_the_hue_asked_for_and_the_luminance_of_the_house(token: str) -> None:
    found = turned(HELL[token], 300, darker=True)
    assert abs(polar(found)[2] - 300) < 4
    assert luminance(found) <= luminance(HELL[token])
    assert luminance(found) == pytest.approx(luminance(HELL[token]), abs=0.01)


def test_what_belongs_to_a_colour_follows_it_and_nothing_else_changes() -> None:
    found = changes(Theme(hell={"ist": "#5B2A86", "tinte": "#2A0F4D"}), "hell")
    assert found["rg4"] == found["kat1"] == "#2A0F4D"
    assert found["band"] == "rgba(91,42,134,0.10)"
    assert abs(polar(found["waerme4"])[2] - polar("#5B2A86")[2]) < 6
    assert set(found) <= CITY_TOKENS | {"band"}
    assert "aktion" not in found and "gut" not in found


def test_a_colour_of_its_own_wins_over_the_hue() -> None:
    assert changes(VIOLET, "hell")["kopf"] == "#2A0F4D" and faults(VIOLET) == ()


def city(folder: Path, text: str, look: Theme) -> Settings:
    (folder / "portal.toml").write_text('name = "Stadt"\nags = "01001000"\n' + text, encoding="utf-8")
    return Settings(name="Stadt", ags="01001000", city=folder, theme=look)


def test_a_colour_too_faint_is_refused_with_line_found_needed_and_next_step(tmp_path: Path) -> None:
    text = '[theme.hell]\naktion = "#8FB0FF"\n'
    with pytest.raises(ConfigError) as refused:
        require_theme(city(tmp_path, text, Theme(hell={"aktion": "#8FB0FF"})))
    error = refused.value
    assert "„aktion“ auf „flaeche“ hat Kontrast 2,1, nötig sind 4,5." in error.what
    assert str(error.where).endswith("portal.toml:4")
    assert (error.found, error.allowed) == ("#8FB0FF", "Kontrast ab 4,5")
    assert "Einen Ton mit mehr Abstand zu #FFFFFF wählen" in (error.next_step or "")


def test_ratings_and_notation_cannot_be_repainted(tmp_path: Path) -> None:
    for token in ("krit", "gut-zeichen", "plan", "vj"):
        (fault, *_) = faults(Theme(hell={token: "#00FF00"}))
        assert "gehört zur Notation und bleibt fest" in fault.sentence
    (fault, *_) = faults(Theme(dunkel={"aktoin": "#A2B8E4"}))
    assert "gibt es nicht" in fault.sentence and fault.next_step == "Meinten Sie „aktion“?"
    (fault, *_) = faults(Theme(hell={"ist": "blau"}))
    assert "keine Farbe der Form #RRGGBB" in fault.sentence


def test_drawings_are_made_in_the_colours_of_the_city_and_only_inside_its_block() -> None:
    def draw(palette: theme.Palette) -> dict[str, object]:
        return {"data": [{"color": palette["ist"]}], "layout": {}}

    with dressed(VIOLET):
        own, picture = themed(draw), sparkline_svg([1, 2], None, theme.light(), 84, 28)
    wanted = changes(VIOLET, "hell")["ist"]
    assert own["data"][0]["color"] == wanted and wanted in picture
    assert [["data", 0, "color"], changes(VIOLET, "dunkel")["ist"]] in own["layout"]["meta"]["dunkel"]
    assert themed(draw)["data"][0]["color"] == HELL["ist"]


def test_the_style_sheet_repeats_the_three_blocks_of_the_house() -> None:
    css = style(VIOLET)
    light, dark = changes(VIOLET, "hell")["ist"], changes(VIOLET, "dunkel")["ist"]
    assert css.count(f"--ist:{light};") == 1 and css.count(f"--ist:{dark};") == 2
    assert css.count("@media screen") == 2, "paper stays light"
    assert not set("<>&") & set(css)


def test_check_tells_every_colour_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "stadt"
    assert main(["init", str(folder)], {}) == 0
    with (folder / "portal.toml").open("a", encoding="utf-8") as file:
        file.write('\n[theme.hell]\naktion = "#8FB0FF"\nist = "#AAAAAA"\n')
    assert main(["check", "--city", str(folder)], {}) == 1
    out = capsys.readouterr().out
    assert "„aktion“ auf „flaeche“ hat Kontrast 2,1, nötig sind 4,5." in out
    assert "„ist“ auf „flaeche“ hat Kontrast 2,3, nötig sind 3,0." in out
