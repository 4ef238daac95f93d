"""A town whose sources name clerks, and everything it keeps afterwards as text that can be searched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from connectors.land import Landed, land_source
from connectors.load import Loaded, cursors
from tests.town import Town
from tests.web_services import web_context

KEY = "ein-langer-zufälliger-Schlüssel-nur-für-Tests"
ANNA, BODO, CARLA = "Anna Beispielhaft", "Bodo Musterlich", "Carla Nirgendwo"
NAMES = (ANNA, BODO, CARLA)
FILINGS = (
    ("F1", "FD10", "2026-06-01", ANNA),
    ("F2", "FD10", "2026-06-01", BODO),
    ("F3", "FD10", "2026-06-01", f" {ANNA.upper()}"),
    ("F4", "FD20", "2026-06-02", ANNA),
    ("F5", "FD20", "kein Tag", CARLA),
)
"""Filing, unit, day, clerk; the last one is wrong."""

FILING = """
title = "Erfassung"
key = ["filing_id"]
columns.filing_id = { title = "Kennung", type = "text", required = true }
columns.unit = { title = "Einheit", type = "text", required = true }
columns.day = { title = "Tag", type = "date", required = true }
columns.clerk = { title = "Erfasst von", type = "text" }
"""
ACTIVITY = """
title = "Erfassungen je Tag"
key = ["unit", "day"]
columns.unit = { title = "Einheit", type = "text", required = true }
columns.day = { title = "Tag", type = "date", required = true }
columns.documents = { title = "Dokumente", type = "integer", required = true }
columns.clerks = { title = "Erfassende", type = "integer" }
"""
OFFICE = """
title = "Objekte je Stelle"
key = ["service_unit_id"]
columns.service_unit_id = { title = "Stelle", type = "text", required = true }
columns.objects = { title = "Objekte", type = "integer", required = true }
"""
TOKENS = '[table.persons]\npseudonymise = ["clerk"]\n'
COUNTS = (
    '[table.persons.aggregate]\nby = ["unit", "day"]\ncount = "documents"\n'
    'distinct = { clerks = "clerk" }\nat_least = 1\n'
)


class PersonsTown(Town):
    """Knows the subjects `filing` (clerks by name), `activity` (clerks as a number) and `office`."""

    def __init__(self, folder: Path, secrets: Mapping[str, str] | None = None) -> None:
        for name, text in (("filing", FILING), ("activity", ACTIVITY), ("office", OFFICE)):
            (folder / "subjects").mkdir(exist_ok=True)
            (folder / f"subjects/{name}.toml").write_text(text, encoding="utf-8")
        super().__init__(folder, {"ISEK_PSEUDONYM_KEY": KEY} if secrets is None else secrets)

    def land(self, source: str) -> Landed:
        """Read one source as far as the landing zone."""
        self.nights += 1
        ledger = f"sqlite:///{self.folder / 'ledger.sqlite'}"
        context = replace(web_context(self.folder, tries=1), ledger_url=ledger, secrets=self.secrets)
        known, landing = cursors(self.con, source), self.folder / "landing"
        return land_source(self.spec(source), context, self.subjects, known, landing, f"run-{self.nights}")

    def night(self, source: str) -> Loaded:
        """Read one source and take it over."""
        return self.take_over(source, self.land(source))

    def trails(self, names: Sequence[str] = NAMES, *, own: Sequence[str] = ()) -> list[str]:
        """Where something is kept that names a person; `own` are the files of the source itself."""
        return trails_of(self, names, own=own)


def trails_of(town: Town, names: Sequence[str], *, own: Sequence[str] = ()) -> list[str]:
    """Files and tables of a town in which one of these words stands; `own` are files not looked at."""
    words = [word.casefold() for name in names for word in name.split()]
    town.con.execute("CHECKPOINT")
    kept = [*_files(town.folder, own), *_tables(town)]
    return [place for place, text in kept if any(word in text.casefold() for word in words)]


def _files(folder: Path, own: Sequence[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        if not path.is_file() or any(place.startswith(name) for name in own):
            continue
        yield place, path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".parquet":
            # Compressed bytes say nothing; what can be read out of them does.
            yield place, f"{pq.read_table(path).to_pylist()} {pq.read_metadata(path).to_dict()}"


def _tables(town: Town) -> Iterator[tuple[str, str]]:
    for schema, table in town.rows("SELECT schema_name, table_name FROM duckdb_tables()"):
        yield f"{schema}.{table}", str(town.rows(f'FROM "{schema}"."{table}"'))
