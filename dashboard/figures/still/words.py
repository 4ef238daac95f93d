"""Text in SVG: width of Fira Sans, the little HTML of Plotly's labels, lines and their place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

FAMILY = "'Fira Sans', 'Noto Sans', Arial, sans-serif"
LINE = 1.3
"""Height of a line in parts of the size, as Plotly spaces broken labels."""
MIDDLE = 0.35
"""How far below its middle a line stands on its base line, in parts of the size."""
# Advance widths of Fira Sans in thousandths of the size for the characters 32 to 126: regular, semibold.
_REGULAR = (
    265, 241, 399, 518, 531, 826, 763, 219, 324, 324, 439, 499, 240, 403, 240, 520, 558, 433, 495, 499, 532,
    501, 533, 444, 551, 525, 240, 240, 500, 500, 500, 459, 1020, 573, 608, 560, 644, 535, 491, 631, 680, 295,
    305, 589, 498, 796, 683, 692, 581, 689, 605, 545, 517, 662, 556, 826, 540, 550, 522, 322, 520, 322, 540,
    520, 300, 544, 594, 478, 598, 550, 335, 520, 586, 282, 280, 512, 293, 857, 586, 584, 594, 593, 386, 467,
    361, 582, 492, 717, 485, 492, 437, 322, 403, 322, 488,
)  # fmt: skip
_SEMIBOLD_PART = 1.02
_WIDE = {"→": 900, "←": 900, "€": 576, "–": 520, "„": 406, "“": 406, "·": 240, "\u00a0": 265, "\u2212": 500}
_PLAIN = str.maketrans("äöüÄÖÜßéè", "aouAOUBee")
_TAG = re.compile(r"<(/?)(b|br|i|sub|sup)\s*/?>", re.IGNORECASE)
# Signs XML forbids; a source may hold them, a drawing must not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Part of a line in one weight."""

    text: str
    bold: bool = False


Lines = list[list[Run]]


def plain(text: object) -> str:
    """Return text ready to stand in XML: escaped, without signs XML does not know."""
    return escape(_FORBIDDEN.sub("", str(text)), quote=True)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in px as Fira Sans sets it (estimated outside of ASCII)."""
    total = sum(_advance(sign) for sign in text.translate(_PLAIN))
    return total / 1000 * size * (_SEMIBOLD_PART if bold else 1)


def _advance(sign: str) -> int:
    place = ord(sign) - 32
    return _REGULAR[place] if 0 <= place < len(_REGULAR) else _WIDE.get(sign, 560)


def lines(markup: object) -> Lines:
    """Read a label of Plotly: „<b>“, „<br>“ and entities; any other sign stands for itself."""
    found: Lines = [[]]
    bold, at = False, 0
    text = str(markup)
    for tag in _TAG.finditer(text):
        _add(found, text[at : tag.start()], bold)
        at, name = tag.end(), tag.group(2).lower()
        if name == "br":
            found.append([])
        elif name == "b":
            bold = not tag.group(1)
    _add(found, text[at:], bold)
    return found


def _add(found: Lines, text: str, bold: bool) -> None:
    if text:
        found[-1].append(Run(unescape(text), bold))


def extent(label: Lines, size: float, *, bold: bool = False) -> tuple[float, float]:
    """Return width and height of a label in px."""
    widths = [sum(width(run.text, size, bold=bold or run.bold) for run in line) for line in label]
    return max(widths, default=0.0), len(label) * size * LINE


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Break a text at blanks so that each line fits the room; a longer word stands alone."""
    found: list[str] = []
    for word in text.split(" "):
        if found and width(f"{found[-1]} {word}", size, bold=bold) <= room:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def write(
    label: Lines,
    x: float,
    y: float,
    *,
    size: float,
    color: str,
    weight: int = 400,
    anchor: str = "start",
    angle: float = 0,
) -> str:
    """Return the <text> of a label whose middle height is y; `anchor` is start, middle or end."""
    top = y - (len(label) - 1) * size * LINE / 2 + MIDDLE * size
    rows = "".join(
        f'<tspan x="{x:.1f}" y="{top + index * size * LINE:.1f}">{_runs(line)}</tspan>'
        for index, line in enumerate(label)
        if line
    )
    turn = f' transform="rotate({angle:g} {x:.1f} {y:.1f})"' if angle else ""
    return (
        f'<text font-family="{FAMILY}" font-size="{size:g}" font-weight="{weight}" fill="{plain(color)}" '
        f'text-anchor="{anchor}"{turn}>{rows}</text>'
    )


def _runs(line: list[Run]) -> str:
    return "".join(
        f'<tspan font-weight="600">{plain(run.text)}</tspan>' if run.bold else plain(run.text) for run in line
    )
