"""Another hue at the same contrast: colours turned in OKLCH while their WCAG luminance stays.

OKLab after Björn Ottosson (2020). Colours are `#RRGGBB`, hues degrees from 0 to 360.
"""

from __future__ import annotations

import math

Triple = tuple[float, float, float]


# A screen has 256 steps a channel; this much keeps rounding on the side that adds contrast.
ROUNDING = 0.01


def turned(colour: str, hue: float, *, chroma: float = 1.0, darker: bool) -> str:
    """Return the colour of this hue with the luminance of `colour`; `chroma` scales how colourful it is.

    `darker`: where rounding has to choose, the colour may only become darker, else only lighter.
    """
    _, strength, _ = polar(colour)
    part = 1 - ROUNDING if darker else 1 + ROUNDING
    wanted = (luminance(colour) + 0.05) * part - 0.05
    return _at_luminance(max(0.0, wanted), strength * chroma, hue)


def _at_luminance(wanted: float, strength: float, hue: float) -> str:
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        if luminance(_hex(middle, strength, hue)) < wanted:
            low = middle
        else:
            high = middle
    return _hex(high, strength, hue)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2, 0 to 1."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def polar(colour: str) -> Triple:
    """Lightness, chroma and hue of a colour."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _linear(colour: str) -> Triple:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def _hex(light: float, strength: float, hue: float) -> str:
    """The nearest colour a screen can show: what lies outside is made paler until it fits."""
    for step in range(21):
        channels = _channels(light, strength * (1 - step / 20), hue)
        if all(-0.0005 <= c <= 1.0005 for c in channels):
            break
    return "#" + "".join(f"{round(_gamma(min(1.0, max(0.0, c))) * 255):02X}" for c in channels)


def _channels(light: float, strength: float, hue: float) -> Triple:
    a, b = strength * math.cos(math.radians(hue)), strength * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
