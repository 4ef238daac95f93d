"""Values of a table's texts: figures and days as such, everything else as text that no program executes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from dashboard import formats
from dashboard.export.view import slug
from dashboard.figures.chart import Align, TableData
from dashboard.shown import Shown, pattern

MISSING = frozenset({"", formats.MISSING})
_NUMBER = re.compile(r"([+\u2212-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?(?:[\u00a0 ](%|€|T€|PT|VZÄ|Tage?))?")
_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
# Signs programs take for the begin of a formula, wide forms of East Asian keyboards included.
RISKY = "=+-@\t\r\n|%＝＋－＠"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# A program that takes another sign for the separator begins a field in the middle of a text.
_INSIDE = re.compile("(?<=[;,\t\r\n])([ \u00a0]*[\"']*)([=@＝＠+\\-＋－])([^;,\t\r\n]*)")
# „5,-Euro“ and „An-,-Abmeldung“ are words; what calculates, calls or names a cell is none.
_WORKS = re.compile(r"[(|!$#&=*^<>+]|\b[A-Za-z]{1,3}\d")
_BEFORE_FORMULA = "".join(map(chr, range(9))) + "\x0b\x0c\x0e\x1f \u00a0\ufeff'\""
DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text on the screen; its value and number format where it is a figure or a day."""

    text: str
    value: int | float | Decimal | Fraction | date | datetime | None = None
    pattern: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether there is no value."""
        return self.value is None and self.text in MISSING


def cell(text: str, align: Align) -> Cell:
    """Return the cell of a text. Plain texts are read only where the column is one of figures."""
    clean = cleaned(text)
    if isinstance(text, Shown):
        return Cell(clean, text.value, text.pattern)
    if found := _DAY.fullmatch(clean):
        return Cell(clean, _day(found), "dd.mm.yyyy")
    found = _NUMBER.fullmatch(clean) if align == "right" else None
    return _figure(clean, found) if found else Cell(clean)


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _figure(text: str, found: re.Match[str]) -> Cell:
    sign, whole, part, unit = found.groups()
    amount = Decimal(f"{whole.replace('.', '')}.{part or '0'}")
    amount = -amount if sign in ("-", formats.MINUS) else amount
    scaled = {"%": Decimal("0.01"), "T€": Decimal(1000)}.get(unit or "", Decimal(1)) * amount
    look = pattern(len(part or ""), unit or "", plus=sign == "+", thousands=int(unit == "T€"))
    return Cell(text, scaled if part or unit else int(scaled), look)


def cleaned(text: str) -> str:
    """Return text without signs no document may hold; breaks become blanks."""
    if text.isprintable() and "  " not in text:
        return str(text)
    return re.sub(r"[ \r\n]+", " ", _FORBIDDEN.sub("", str(text)))


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, neither its begin nor behind a separator."""
    if any(sign in text for sign in ";,\t\r\n"):
        text = _INSIDE.sub(_guarded, text)
    if text[:1].isalnum():
        return text
    begin = text.lstrip(_BEFORE_FORMULA)[:1]
    return f"'{text}" if text[:1] and (text[0] in RISKY or (begin in RISKY and begin)) else text


def _guarded(found: re.Match[str]) -> str:
    lead, sign, rest = found.groups()
    # Behind a blank only „=“ and „@“ begin a formula; „-abmeldung“ is a word there.
    begins = not lead.strip("\"'") and _WORKS.search(rest) is not None
    is_formula = sign in "=@＝＠" or begins
    return f"'{found[0]}" if is_formula else found[0]


def rows_of(table: TableData) -> list[list[Cell]]:
    """Return the rows of a table as cells, without the total."""
    return [row_of(table, row) for row in table.rows]


def row_of(table: TableData, row: tuple[str, ...]) -> list[Cell]:
    """Return one row as cells."""
    return [cell(text, column.align) for text, column in zip(row, table.columns, strict=False)]


def technical_names(table: TableData) -> list[str]:
    """Return the columns' names for programs: „ist_anteil“, „betrag_eur“, each once."""
    rows = rows_of(table)
    names: list[str] = []
    for index, column in enumerate(table.columns):
        patterns = [row[index].pattern for row in rows if row[index].value is not None]
        name = slug(column.label or f"spalte {index + 1}", "_") + _suffix(column.unit, patterns)
        names.append(name if name not in names else f"{name}_{index + 1}")
    return names


def _suffix(unit: str, patterns: list[str]) -> str:
    if patterns and all(p.endswith("%") for p in patterns):
        return "_anteil"
    if unit == "€" or (patterns and all("€" in p for p in patterns)):
        return "_eur"
    return f"_{slug(unit, '_')}" if unit else ""


def exact(value: int | float | Decimal | Fraction) -> Decimal:
    """Return a figure with at most ten decimals, as it prints."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    number = Decimal(f"{value!r}".removesuffix(".0")) if isinstance(value, float) else Decimal(value)
    return number if _decimals(number) <= DECIMALS else round(number, DECIMALS)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
