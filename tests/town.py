"""A city folder with a draft of its own, to take sources through landing and loading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.base import Context, SourceSpec
from connectors.land import Landed, land_source
from connectors.load import Loaded, Run, cursors, load
from connectors.registry import load_source
from warehouse.migrate import prepare
from warehouse.store import open_draft
from warehouse.subjects import load_subjects

FIRST_NIGHT = datetime(2026, 6, 8, 3, 15, tzinfo=UTC)


class Town:
    """Declares, delivers, runs nights; `con` is the draft."""

    def __init__(self, folder: Path, secrets: Mapping[str, str] | None = None) -> None:
        self.folder, self.secrets = folder, dict(secrets or {})
        (folder / "sources").mkdir()
        self.subjects = load_subjects(folder)
        self.con = open_draft(folder / "draft.duckdb")
        prepare(self.con, self.subjects)
        self.nights = 0

    def declare(self, source: str, text: str) -> None:
        """Write `sources/<source>.toml`, with a plain head unless the text has one."""
        head = 'title = "Probe"\nowner = "FD 20"\nnature = "beispiel"\n'
        (self.folder / f"sources/{source}.toml").write_text(
            text if "title" in text else head + text, encoding="utf-8"
        )

    def deliver(self, path: str, text: str, encoding: str = "utf-8") -> None:
        """Put a file into the city folder."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode(encoding))

    def spec(self, source: str) -> SourceSpec:
        """The declaration of a source, checked."""
        return load_source(self.folder / f"sources/{source}.toml", self.subjects, self.secrets)

    def night(self, source: str) -> Loaded:
        """Read one source and take it over; every night is a day later."""
        self.nights += 1
        context = Context(self.folder, self._run().as_of, secrets=self.secrets)
        known, landing = cursors(self.con, source), self.folder / "landing"
        landed = land_source(self.spec(source), context, self.subjects, known, landing, f"run-{self.nights}")
        return self.take_over(source, landed)

    def context(self) -> Context:
        """What connectors may know of the night."""
        return Context(self.folder, self._run().as_of, secrets=self.secrets)

    def take_over(self, source: str, landed: Landed) -> Loaded:
        """Load what has landed into the draft."""
        return load(self.con, self.spec(source), landed, subjects=self.subjects, run=self._run())

    def _run(self) -> Run:
        as_of = FIRST_NIGHT + timedelta(days=self.nights - 1)
        return Run(f"run-{self.nights}", as_of, as_of, as_of + timedelta(minutes=1))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query against the draft."""
        return self.con.execute(sql).fetchall()
