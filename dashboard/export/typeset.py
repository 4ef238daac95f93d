"""Typesetting: own templates, own fonts, data only as JSON input; nothing is loaded from anywhere."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from dashboard.export.picture import FONTS

TEMPLATES = Path(__file__).parent.parent / "templates" / "export"
PDF_STANDARDS = ["ua-1", "a-2a"]
PX_PER_INCH = 96
# What the shipped typeface and those built into the typesetter can show, as first and last sign.
_SHOWN = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9), (0x410, 0x44F),
    (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030),
    (0x2039, 0x203A), (0x2080, 0x2089), (0x20AC, 0x20AC), (0x2190, 0x2193), (0x2202, 0x2202),
    (0x2206, 0x2206), (0x2211, 0x2212), (0x221A, 0x221A), (0x221E, 0x221E), (0x2248, 0x2248),
    (0x2260, 0x2260), (0x2264, 0x2265), (0x25CA, 0x25CA), (0xFFFD, 0xFFFD),
)  # fmt: skip
SHOWN = frozenset({"\n", "\t"} | {chr(code) for first, last in _SHOWN for code in range(first, last + 1)})
UNKNOWN = "\ufffd"


def pdf_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the paper of a page: tagged, PDF/UA-1 and PDF/A-2a; refuses what would break them."""
    return _compile("papier.typ", content, format="pdf", pdf_standards=PDF_STANDARDS)


def png_bytes(svg: str, alt: str, *, times: int = 2) -> bytes:
    """Return a picture as PNG with `times` as many pixels as it has px."""
    return _compile("bild.typ", {"svg": svg, "alt": alt}, format="png", ppi=float(PX_PER_INCH * times))


def printable(content: Any) -> Any:
    """Return the content with a mark in place of signs no font shows: paper for the archive refuses them."""
    if isinstance(content, Mapping):
        return {name: printable(item) for name, item in content.items()}
    if isinstance(content, list | tuple):
        return [printable(item) for item in content]
    if not isinstance(content, str):
        return content
    return "".join(
        sign if sign in SHOWN else _instead(sign) for sign in unicodedata.normalize("NFC", content)
    )


def _instead(sign: str) -> str:
    """Thin blanks become blanks, signs without a look nothing, the rest a mark."""
    return {"Zs": " ", "Cf": ""}.get(unicodedata.category(sign), UNKNOWN)


def _compile(template: str, content: Mapping[str, Any], **options: Any) -> bytes:
    made: Any = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"inhalt": json.dumps(printable(content), ensure_ascii=False)},
        **options,
    )
    return bytes(made)
