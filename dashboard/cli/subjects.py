"""`isek sources --subjects`: what a source may deliver, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dashboard.cli.errors import OK
from dashboard.cli.output import print_json, print_table
from warehouse.contract import Column, Subject


def print_subjects(subjects: Mapping[str, Subject], *, as_json: bool) -> int:
    """Print every subject with its columns: type, unit, whether required, allowed values."""
    if as_json:
        print_json([subject.model_dump(mode="json") for subject in subjects.values()])
        return OK
    for subject in subjects.values():
        print(f"\n{subject.id}: {subject.title} (Schlüssel: {', '.join(subject.key)})")
        print_table(("Spalte", "Titel", "Typ", "Pflicht", "erlaubt"), _lines(subject))
    return OK


def _lines(subject: Subject) -> Iterator[tuple[str, str, str, str, str]]:
    for name, column in subject.columns.items():
        yield name, column.title, _kind(column), "ja" if column.required else "", ", ".join(column.allowed)


def _kind(column: Column) -> str:
    return f"{column.type} ({column.unit})" if column.unit else column.type
