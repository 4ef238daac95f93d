"""A city folder with a draft of its own, to take sources through landing and loading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.base import Context
from connectors.land import land_source
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
        self.subjects = load_subjects(None)
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

    def night(self, source: str) -> Loaded:
        """Read one source and take it over; every night is a day later."""
        self.nights += 1
        as_of = FIRST_NIGHT + timedelta(days=self.nights - 1)
        run = Run(f"run-{self.nights}", as_of, as_of, as_of + timedelta(minutes=1))
        spec = load_source(self.folder / f"sources/{source}.toml", self.subjects, self.secrets)
        context = Context(self.folder, as_of, secrets=self.secrets)
        known = cursors(self.con, source)
        landed = land_source(spec, context, self.subjects, known, self.folder / "landing", run.run_id)
        return load(self.con, spec, landed, subjects=self.subjects, run=run)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query against the draft."""
        return self.con.execute(sql).fetchall()
