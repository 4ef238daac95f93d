"""Loads the subjects: the built-in ones and the town's own beside them."""

from __future__ import annotations

import re
from pathlib import Path

from warehouse.contract import Subject
from warehouse.decided.tables import TABLES as DECIDED
from warehouse.errors import ConfigError
from warehouse.personal import NEXT_STEP, undeclared
from warehouse.reifegrad.tables import TABLES
from warehouse.toml import line_of, parse_toml, read_text, validate

BUILT_IN = Path(__file__).parent / "subjects"

RESERVED = frozenset({"run", "calendar", *TABLES, *DECIDED})
"""Tables of `core` that the build makes itself."""


def load_subjects(city: Path | None) -> dict[str, Subject]:
    """All subjects by id: built-in, then `<city>/subjects/*.toml`.

    Raises ConfigError for a faulty file (with line), or when a town redefines a built-in subject.
    """
    subjects = {path.stem: load_subject(path) for path in sorted(BUILT_IN.glob("*.toml"))}
    folder = city / "subjects" if city else None
    for path in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else ():
        if path.stem in subjects or path.stem in RESERVED:
            raise ConfigError(
                f"Den Gegenstand „{path.stem}“ bringt das Portal schon mit",
                code="duplicate_subject",
                where=str(path),
                next_step="Einen anderen Dateinamen wählen",
            )
        subjects[path.stem] = load_subject(path)
    return subjects


def load_subject(path: Path) -> Subject:
    """One subject; its id is the file name. Raises ConfigError with file and line."""
    text = read_text(path)
    data = parse_toml(text, path)
    if "id" in data:
        raise ConfigError(
            "Die Kennung eines Gegenstands ist sein Dateiname",
            code="unknown_key",
            where=f"{path}:{line_of(text, ('id',))}",
        )
    subject = validate(Subject, {**data, "id": path.stem}, path, text=text)
    _check_columns(subject, path, text)
    for name, what in undeclared(subject):
        raise ConfigError(
            f"Die Spalte „{name}“ sagt, wer jemand ist ({what})",
            code="personal_column",
            where=f"{path}:{line_of(text, ('columns', name))}",
            next_step=NEXT_STEP,
        )
    return subject


def _check_columns(subject: Subject, path: Path, text: str) -> None:
    for name, column in subject.columns.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
            raise ConfigError(
                f"„{name}“ ist kein Spaltenname",
                code="invalid_value",
                where=f"{path}:{line_of(text, ('columns', name))}",
                allowed="Kleinbuchstaben a–z, Ziffern und _, am Anfang ein Buchstabe",
            )
        if column.pattern is not None:
            _check_pattern(column.pattern, path, text, name)


def _check_pattern(pattern: str, path: Path, text: str, name: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ConfigError(
            "Das Muster ist kein regulärer Ausdruck",
            code="invalid_value",
            where=f"{path}:{line_of(text, ('columns', name))}",
            found=str(error),
        ) from None
