"""The look of one city: its colours from `[theme]` of portal.toml, checked, for style sheet and drawings.

A town gives a hue, or single colours for the light and the dark scheme, or both. What it does not give
follows: tints, stages and the first category take the hue of the colour they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dashboard import theme
from dashboard.hue import polar, turned
from dashboard.theme import Mode, Palette, ThemeFault
from warehouse.errors import ConfigError
from warehouse.toml import line_of, read_text

if TYPE_CHECKING:
    from dashboard.settings import Settings, Theme

BASIC = ("kopf", "aktion", "ist", "tinte", "mittel", "obligo")
# What follows a colour of the town: in its hue, at the luminance of the house.
FOLLOWS: Mapping[str, str] = {
    "aktion-grund": "aktion",
    "rg3": "mittel",
    "waerme1": "ist",
    "waerme2": "ist",
    "waerme3": "ist",
    "waerme4": "ist",
}
SAME: Mapping[str, str] = {"rg4": "tinte", "kat1": "tinte"}
BAND_PART: Mapping[Mode, str] = {"hell": "0.10", "dunkel": "0.16"}


def changes(look: Theme, mode: Mode) -> dict[str, str]:
    """Tokens that differ from the house in one scheme; nothing for a town without colours of its own."""
    base, given = theme.PALETTES[mode], dict(look.hell if mode == "hell" else look.dunkel)
    found: dict[str, str] = {}
    if look.hue is not None:
        found = {token: turned(base[token], look.hue, darker=mode == "hell") for token in BASIC}
    found |= {token: value for token, value in given.items() if theme.is_colour(value)}
    for token, leader in SAME.items():
        if leader in found:
            found.setdefault(token, found[leader])
    for token, leader in FOLLOWS.items():
        if leader in found:
            found.setdefault(token, _in_hue_of(base[token], found[leader], base[leader], mode))
    if "ist" in found:
        found["band"] = _band(found["ist"], mode)
    return found


def _in_hue_of(colour: str, leader: str, before: str, mode: Mode) -> str:
    """A grey leader makes grey followers; a brighter one does not make them brighter."""
    _, strength, hue = polar(leader)
    _, usual, _ = polar(before)
    chroma = min(1.0, strength / usual) if usual else 1.0
    return turned(colour, hue, chroma=chroma, darker=mode == "hell")


def _band(colour: str, mode: Mode) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{BAND_PART[mode]})"


def palettes(look: Theme) -> Mapping[Mode, Palette]:
    """Both schemes of a city."""
    return {mode: {**base, **changes(look, mode)} for mode, base in theme.PALETTES.items()}


@contextmanager
def dressed(look: Theme) -> Iterator[None]:
    """Draw in the colours of a city inside this block."""
    with theme.worn(palettes(look)):
        yield


def style(look: Theme) -> str:
    """CSS that lays the city's colours over those of the house; empty for a town without any."""
    light, dark = (
        "".join(f"--{token}:{value};" for token, value in sorted(changes(look, mode).items()))
        for mode in theme.PALETTES
    )
    if not (light or dark):
        return ""
    return (
        f":root{{{light}}}"
        f'@media screen{{:root[data-theme="dark"]{{{dark}}}}}'
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme]){{{dark}}}}}"
    )


def faults(look: Theme) -> tuple[ThemeFault, ...]:
    """Everything that keeps the city's colours from being used."""
    named: dict[Mode, dict[str, str]] = {"hell": dict(look.hell), "dunkel": dict(look.dunkel)}
    refused = theme.refused(named)
    if refused:
        return refused
    return theme.check_theme({mode: _checked(look, mode) for mode in theme.PALETTES})


def _checked(look: Theme, mode: Mode) -> dict[str, str]:
    return {token: value for token, value in changes(look, mode).items() if theme.is_colour(value)}


def theme_errors(settings: Settings) -> Iterator[ConfigError]:
    """The faults as errors with line, found and needed contrast, and what to do."""
    path = settings.city / "portal.toml"
    text = read_text(path) if path.is_file() else ""
    for fault in faults(settings.theme):
        own = settings.theme.hell if fault.mode == "hell" else settings.theme.dunkel
        token = next((t for t in (fault.token, fault.ground) if t in own), "")
        place = ("theme", fault.mode, token) if token else ("theme", "hue")
        line = line_of(text, place)
        yield ConfigError(
            f"Die Farben der Stadt ({fault.mode}) sind nicht verwendbar: {fault.sentence}",
            code="bad_theme",
            where=f"{path}:{line}" if line else f"{path} [theme]",
            found=own.get(token),
            allowed=fault.allowed,
            next_step=fault.next_step,
        )


def require_theme(settings: Settings) -> None:
    """Refuse a city whose colours cannot be read; ConfigError for the first fault."""
    for error in theme_errors(settings):
        raise error
