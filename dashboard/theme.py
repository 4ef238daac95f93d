"""Colour tokens of the portal for figures and graphics made on the server, and the check of a city's theme.

The same values stand in `assets/tokens.css`; a test keeps both equal. Contrast is the WCAG 2 formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from warehouse.errors import did_you_mean

Mode = Literal["hell", "dunkel"]
Palette = Mapping[str, str]

HELL: Palette = {
    "seite": "#F3F4F7",
    "flaeche": "#FFFFFF",
    "versenkt": "#E8E9EF",
    "linie": "#DFE1EA",
    "linie2": "#CFD2E0",
    "rahmen": "#8187A7",
    "text": "#131525",
    "text2": "#454B6B",
    "text3": "#5B6185",
    "aktion": "#2044AA",
    "auf-aktion": "#FFFFFF",
    "aktion-grund": "#E5EBF7",
    "kopf": "#14265C",
    "auf-kopf": "#FFFFFF",
    "gut": "#007155",
    "gut-grund": "#E5F8F0",
    "gut-zeichen": "#007155",
    "gut-marke": "#FFFFFF",
    "warn": "#925400",
    "warn-grund": "#FFF3DC",
    "warn-zeichen": "#F69A00",
    "warn-marke": "#131525",
    "krit": "#C31C13",
    "krit-grund": "#FEF0EE",
    "krit-zeichen": "#C31C13",
    "krit-marke": "#FFFFFF",
    "neu": "#5B6185",
    "neu-grund": "#F3F4F7",
    "neu-zeichen": "#5B6185",
    "info": "#006B8C",
    "info-grund": "#DDF8FF",
    "ist": "#2044AA",
    "vj": "#8E93B1",
    "plan": "#30344F",
    "obligo": "#97AFE1",
    "mittel": "#5174C5",
    "tinte": "#14265C",
    "achse": "#8187A7",
    "raster": "#E8E9EF",
    "band": "rgba(32,68,170,0.10)",
    "rg0": "#FFFFFF",
    "rg0-muster": "#8187A7",
    "rg1": "#E8E9EF",
    "rg2": "#B2B6CC",
    "rg3": "#5174C5",
    "rg4": "#14265C",
    "rg-linie": "#595F82",
    "auf-rg-hell": "#131525",
    "auf-rg3": "#FFFFFF",
    "auf-rg4": "#FFFFFF",
    "kat1": "#14265C",
    "kat2": "#C67600",
    "kat3": "#0094BE",
    "kat4": "#8A22B5",
    "kat5": "#00654C",
    "uebrige": "#8187A7",
    "waerme0": "#FFFFFF",
    "waerme1": "#EFF3FA",
    "waerme2": "#D8E1F4",
    "waerme3": "#B2C4E9",
    "waerme4": "#97AFE1",
}

DUNKEL: Palette = {
    "seite": "#0E1020",
    "flaeche": "#1A1D30",
    "versenkt": "#272A42",
    "linie": "#2C304A",
    "linie2": "#3B405F",
    "rahmen": "#6E7597",
    "text": "#F3F4F7",
    "text2": "#C0C3D5",
    "text3": "#A9AEC6",
    "aktion": "#A2B8E4",
    "auf-aktion": "#0E1020",
    "aktion-grund": "#25305A",
    "kopf": "#090B18",
    "auf-kopf": "#F3F4F7",
    "gut": "#3CC39F",
    "gut-grund": "#0C2E27",
    "gut-zeichen": "#8FE2C6",
    "gut-marke": "#0E1020",
    "warn": "#FFA305",
    "warn-grund": "#33220A",
    "warn-zeichen": "#FFA305",
    "warn-marke": "#131525",
    "krit": "#F59587",
    "krit-grund": "#3A1719",
    "krit-zeichen": "#D54234",
    "krit-marke": "#FFFFFF",
    "neu": "#A9AEC6",
    "neu-grund": "#272A42",
    "neu-zeichen": "#A9AEC6",
    "info": "#31C6F4",
    "info-grund": "#0B2B38",
    "ist": "#B7C8EB",
    "vj": "#7A80A1",
    "plan": "#E8E9EF",
    "obligo": "#4468BF",
    "mittel": "#6788CF",
    "tinte": "#D8E1F4",
    "achse": "#6E7597",
    "raster": "#272A42",
    "band": "rgba(183,200,235,0.16)",
    "rg0": "#1A1D30",
    "rg0-muster": "#7A80A1",
    "rg1": "#30344F",
    "rg2": "#51577A",
    "rg3": "#5B7DC8",
    "rg4": "#D8E1F4",
    "rg-linie": "#A9AEC6",
    "auf-rg-hell": "#F3F4F7",
    "auf-rg3": "#0E1020",
    "auf-rg4": "#0E1020",
    "kat1": "#D8E1F4",
    "kat2": "#FFA305",
    "kat3": "#10BDEC",
    "kat4": "#A551CD",
    "kat5": "#009B79",
    "uebrige": "#8E93B1",
    "waerme0": "#1A1D30",
    "waerme1": "#222A4A",
    "waerme2": "#2B3A6B",
    "waerme3": "#37508F",
    "waerme4": "#5174C5",
}

PALETTES: Mapping[Mode, Palette] = {"hell": HELL, "dunkel": DUNKEL}
# Colours of the city that is being drawn for; the house's own outside of a city.
_worn: ContextVar[Mapping[Mode, Palette]] = ContextVar("worn palettes", default=PALETTES)


def light() -> Palette:
    """The light scheme of the city that is being drawn for."""
    return _worn.get()["hell"]


def dark() -> Palette:
    """The dark scheme of the city that is being drawn for."""
    return _worn.get()["dunkel"]


def wear(palettes: Mapping[Mode, Palette] = PALETTES) -> None:
    """Draw in these colours from now on, in this thread or request."""
    _worn.set(palettes)


@contextmanager
def worn(palettes: Mapping[Mode, Palette]) -> Iterator[None]:
    """Draw in these colours inside the block."""
    before = _worn.set(palettes)
    try:
        yield
    finally:
        _worn.reset(before)


# What a city may change (its own hue at the same contrast); everything else is notation and stays.
CITY_TOKENS = frozenset(
    {
        *("kopf", "aktion", "aktion-grund", "ist", "tinte", "mittel", "obligo", "rg3", "rg4", "kat1"),
        *("waerme1", "waerme2", "waerme3", "waerme4"),
    }
)

TEXT, GRAPHIC = 4.5, 3.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tokens that meet on screen and the least contrast they need."""

    front: str
    back: str
    least: float


_TEXTS = ("text", "text2", "text3", "aktion", "gut", "warn", "krit", "neu", "info")
_GRAPHICS = ("rahmen", "ist", "plan", "mittel", "tinte", "achse")
REQUIRED: tuple[Pair, ...] = (
    *(Pair(name, "flaeche", TEXT) for name in _TEXTS),
    *(Pair(name, "seite", TEXT) for name in ("text", "text2", "text3", "aktion")),
    *(Pair(name, f"{name}-grund", TEXT) for name in ("gut", "warn", "krit", "neu", "info")),
    *(Pair(name, "flaeche", GRAPHIC) for name in _GRAPHICS),
    *(Pair(f"kat{number}", "flaeche", GRAPHIC) for number in range(1, 6)),
    Pair("vj", "flaeche", GRAPHIC),
    Pair("auf-aktion", "aktion", TEXT),
    Pair("text", "aktion-grund", TEXT),
    Pair("auf-kopf", "kopf", TEXT),
    Pair("rahmen", "seite", GRAPHIC),
    Pair("ist", "obligo", GRAPHIC),
    Pair("rg-linie", "flaeche", GRAPHIC),
    Pair("rg-linie", "rg1", GRAPHIC),
    Pair("rg-linie", "rg2", GRAPHIC),
    Pair("rg4", "rg3", GRAPHIC),
    Pair("auf-rg-hell", "rg2", TEXT),
    Pair("auf-rg3", "rg3", TEXT),
    Pair("auf-rg4", "rg4", TEXT),
    Pair("warn-marke", "warn-zeichen", TEXT),
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours `#RRGGBB`, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True, slots=True)
class ThemeFault:
    """A pair of tokens below its least contrast (`token` on `ground`), or a token a city may not change."""

    mode: Mode
    token: str
    sentence: str
    ground: str = ""
    allowed: str = ""
    next_step: str = ""


def check_theme(changes: Mapping[Mode, Mapping[str, str]] | None = None) -> tuple[ThemeFault, ...]:
    """Return all faults of the tokens with a city's changes; no change at all has none."""
    faults: list[ThemeFault] = []
    for mode, base in PALETTES.items():
        wanted = (changes or {}).get(mode, {})
        faults += _refused(mode, wanted)
        usable = {k: v for k, v in wanted.items() if k in base and is_colour(v)}
        faults += _too_faint(mode, {**base, **usable})
    return tuple(faults)


def is_colour(value: str) -> bool:
    """Whether a text is a colour as the tokens write it."""
    return re.fullmatch(r"#[0-9A-Fa-f]{6}", value) is not None


def refused(changes: Mapping[Mode, Mapping[str, str]]) -> tuple[ThemeFault, ...]:
    """Tokens a city may not change, and what is no colour."""
    return tuple(fault for mode in PALETTES for fault in _refused(mode, changes.get(mode, {})))


def _refused(mode: Mode, wanted: Mapping[str, str]) -> list[ThemeFault]:
    allowed = ", ".join(sorted(CITY_TOKENS))
    faults = []
    for token, value in wanted.items():
        if token not in PALETTES[mode]:
            hint = did_you_mean(token, CITY_TOKENS) or "Den Eintrag weglassen"
            faults.append(ThemeFault(mode, token, f"Eine Farbe „{token}“ gibt es nicht.", "", allowed, hint))
        elif token not in CITY_TOKENS:
            sentence = f"Die Farbe „{token}“ gehört zur Notation und bleibt fest."
            faults.append(ThemeFault(mode, token, sentence, "", allowed, "Den Eintrag weglassen"))
        elif not is_colour(value):
            sentence = f"„{value}“ ist keine Farbe der Form #RRGGBB."
            faults.append(ThemeFault(mode, token, sentence, "", "#RRGGBB", "Zum Beispiel #2044AA"))
    return faults


def _too_faint(mode: Mode, palette: Palette) -> list[ThemeFault]:
    faults = []
    for pair in REQUIRED:
        ratio = contrast(palette[pair.front], palette[pair.back])
        if ratio < pair.least:
            measured = f"{ratio:.1f}".replace(".", ",")
            least = f"{pair.least:.1f}".replace(".", ",")
            sentence = f"„{pair.front}“ auf „{pair.back}“ hat Kontrast {measured}, nötig sind {least}."
            step = f"Einen Ton mit mehr Abstand zu {palette[pair.back]} wählen oder den Eintrag weglassen"
            faults.append(ThemeFault(mode, pair.front, sentence, pair.back, f"Kontrast ab {least}", step))
    return faults
