"""Typesetting: own templates, own fonts, data only as JSON input; nothing is loaded from anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from dashboard.export.picture import FONTS

TEMPLATES = Path(__file__).parent.parent / "templates" / "export"
PDF_STANDARDS = ["ua-1", "a-2a"]
PX_PER_INCH = 96


def pdf_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the paper of a page: tagged, PDF/UA-1 and PDF/A-2a; refuses what would break them."""
    return _compile("papier.typ", content, format="pdf", pdf_standards=PDF_STANDARDS)


def png_bytes(svg: str, alt: str, *, times: int = 2) -> bytes:
    """Return a picture as PNG with `times` as many pixels as it has px."""
    return _compile("bild.typ", {"svg": svg, "alt": alt}, format="png", ppi=float(PX_PER_INCH * times))


def _compile(template: str, content: Mapping[str, Any], **options: Any) -> bytes:
    made: Any = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"inhalt": json.dumps(content, ensure_ascii=False)},
        **options,
    )
    return bytes(made)
