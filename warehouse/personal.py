"""Columns that say who somebody is: refused unless their legal basis is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from warehouse.contract import Subject
from warehouse.store import Connection, columns_by_table, tables_of

_PERSONAL: Mapping[str, tuple[str, ...]] = {
    "Name einer Person": (
        *("vorname", "nachname", "familienname", "geburtsname", "rufname", "vollname", "personenname"),
        *(
            "first_?name",
            "last_?name",
            "given_?name",
            "family_?name",
            "full_?name",
            "surname",
            "person_?name",
        ),
        *("sachbearbeiter(in)?", "mitarbeiter(in)?(_?name)?", "antragsteller(in)?(_?name)?", "created_by"),
        *("changed_by", "modified_by", "updated_by", "employee_?name", "staff_?name"),
    ),
    "Geburtsdatum": (
        *("geburts_?datum", "geburts_?tag", "geburts_?jahr", "geb_?datum", "geboren(_am)?", "birth.*"),
        *("date_of_birth", "dob"),
    ),
    "Personalnummer": (
        *(
            "personal_?(nummer|nr|no)",
            "pers_?(nummer|nr)",
            "personnel_?(number|no|id)",
            "employee_?(id|no|number)",
        ),
        *("staff_?(id|no|number)", "mitarbeiter(in)?_?(id|nr|nummer)"),
    ),
    "Benutzerkennung": (
        *(
            "user",
            "user_?(id|name|key)",
            "login(_?name)?",
            "benutzer(_?(id|name|kennung))?",
            "nutzer_?(id|kennung)",
        ),
        *("anmelde_?name", "kennung_benutzer", "account_?(id|name)", "sam_?account.*"),
    ),
}
_PATTERNS = {what: re.compile(rf"(?:.*_)?(?:{'|'.join(names)})") for what, names in _PERSONAL.items()}

NEXT_STEP = (
    "Die Spalte weglassen, in der Quelle zählen oder durch ein Pseudonym ersetzen ([table.persons]);"
    " wo sie nötig ist, im Gegenstand mit legal = „Rechtsgrundlage und Zweck“ erklären"
)


def kind_of(column: str) -> str | None:
    """What a column says about a person by its name, in German; None when it says nothing."""
    return next((what for what, pattern in _PATTERNS.items() if pattern.fullmatch(column)), None)


def undeclared(subject: Subject) -> Iterator[tuple[str, str]]:
    """Personal columns of a subject without legal basis, each with what it says."""
    for name, column in subject.columns.items():
        if column.legal is None and (what := kind_of(name)):
            yield name, what


def personal_columns(
    connection: Connection, subjects: Mapping[str, Subject]
) -> Iterator[tuple[str, str, str]]:
    """Table, column and what it says, for all tables of `core` and `mart`; declared columns are left out."""
    declared = {
        name for subject in subjects.values() for name, column in subject.columns.items() if column.legal
    }
    for schema in ("core", "mart"):
        columns = columns_by_table(connection, schema)
        for table in tables_of(connection, schema):
            for name in columns[table]:
                if name not in declared and (what := kind_of(name)):
                    yield f"{schema}.{table}", name, what
