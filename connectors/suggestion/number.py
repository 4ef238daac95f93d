"""How the numbers of a whole file are written: one decision for all columns, doubts said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from connectors.suggestion.value import bare

_BLANKS = " \u00a0\u202f"


@dataclass
class NumberSpelling:
    """Marks, place of the minus and units that all numbers of a file agree on."""

    decimal: str = ","
    thousands: str = "."
    negative: Literal["leading", "trailing", "parentheses"] = "leading"
    unit: tuple[str, ...] = ()
    doubts: list[str] = field(default_factory=list)


def spelling_of(columns: dict[str, list[str]]) -> NumberSpelling:
    """Spelling of the numbers in these columns (name: values as text)."""
    spelling, seen = NumberSpelling(), Counter[str]()
    evidence = {name: _decimal_evidence(values) for name, values in columns.items()}
    for counts in evidence.values():
        seen.update(counts)
    if seen["."] and seen[","]:
        commas = [name for name, counts in evidence.items() if counts[","] > counts["."]]
        points = [name for name, counts in evidence.items() if counts["."] > counts[","]]
        spelling.doubts.append(
            f"Zahlen stehen verschieden da: mit Komma in {_list(commas)}, mit Punkt in {_list(points)}."
        )
    spelling.decimal = "." if seen["."] > seen[","] else ","
    values = [value for column in columns.values() for value in column]
    spelling.thousands = _thousands(values, spelling.decimal)
    _say_ambiguous(columns, seen, spelling)
    spelling.negative = _negative(values)
    spelling.unit = tuple(dict.fromkeys(unit for value in values if (unit := bare(value)[1])))
    return spelling


def _decimal_evidence(values: Iterable[str]) -> Counter[str]:
    """How many values can only be read with this decimal mark."""
    found = Counter[str]()
    for value in values:
        number = bare(value.strip("()-+\u2212 "))[0].strip("()-+\u2212 ")
        marks = [mark for mark in number if mark in ".,"]
        if len(set(marks)) == 2:
            found[marks[-1]] += 1
        elif len(marks) == 1 and not re.search(r"[.,]\d{3}$", number):
            found[marks[0]] += 1
        elif len(marks) > 1:
            found["," if marks[0] == "." else "."] += 1
    return found


def _thousands(values: list[str], decimal: str) -> str:
    marks = Counter[str]()
    for value in values:
        number = bare(value.strip("()-+\u2212 "))[0]
        for mark in re.findall(rf"(?<=\d)([.,'’{_BLANKS}])(?=\d{{3}}(?!\d))", number):
            if mark != decimal:
                marks[" " if mark in _BLANKS else mark] += 1
    if not marks and decimal == "," and not any(re.search(r"\d{4}", value) for value in values):
        # Nothing as large as a thousand yet: the usual spelling is the best guess.
        return "."
    return "".join(mark for mark, _ in marks.most_common())


def _say_ambiguous(columns: dict[str, list[str]], seen: Counter[str], spelling: NumberSpelling) -> None:
    """Numbers such as 1.599 say nothing of themselves; what other columns say is said with it."""
    for name, values in columns.items():
        unclear = next((v for v in values if re.fullmatch(r"[-+(]?\d{1,3}[.,]\d{3}\)?", v.strip())), None)
        if unclear is None or _decimal_evidence(values):
            continue
        mark = "." if "." in unclear else ","
        other = "," if mark == "." else "."
        if not seen[other] and not seen[mark]:
            spelling.thousands = mark if mark != "," else spelling.thousands
            spelling.decimal = "," if mark == "." else spelling.decimal
        digits = unclear.strip("()+- ")
        whole, small = digits.replace(mark, ""), digits.replace(mark, ",")
        meant = whole if spelling.decimal != mark else small
        spelling.doubts.append(
            f"„{name}“: {unclear} ist mehrdeutig ({whole} oder {small}); gelesen wird {meant}."
        )


def _negative(values: list[str]) -> Literal["leading", "trailing", "parentheses"]:
    if any(re.fullmatch(r"\(.*\)", value.strip()) for value in values):
        return "parentheses"
    return (
        "trailing"
        if any(re.search(r"\d[-\u2212]$", bare(value)[0].strip()) for value in values)
        else "leading"
    )


def _list(names: list[str]) -> str:
    return ", ".join(f"„{name}“" for name in names) or "keiner Spalte"
