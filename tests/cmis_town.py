"""A town that reads its DMS by CMIS, night after night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.base import Context
from connectors.land import Landed, land_source
from connectors.load import Loaded, cursors
from connectors.registry import AnyConnector, connect
from tests.cmis_server import CmisServer
from tests.town import Town
from tests.web_services import INTERNAL

SECRET = "streng-geheim-4711"
DOCUMENT = """
title = "Dokument"
key = ["document_id"]
org_column = "unit"
columns.document_id = { title = "Kennung", type = "text", required = true }
columns.name = { title = "Name", type = "text" }
columns.unit = { title = "Einheit", type = "text", pattern = "^FD\\\\d+$" }
columns.created_at = { title = "Angelegt", type = "timestamp" }
columns.created_on = { title = "Tag", type = "date" }
columns.kind = { title = "Art", type = "text" }
columns.size = { title = "Größe", type = "integer" }
"""
COLUMNS = 'document_id = "cmis:objectId", name = "cmis:name", created_at = "cmis:creationDate"'


class CmisTown(Town):
    """Knows the subject `document` beside the built-in ones; `night` reads the source `dms`."""

    def __init__(self, folder: Path, secrets: Mapping[str, str] | None = None) -> None:
        (folder / "subjects").mkdir()
        (folder / "subjects/document.toml").write_text(DOCUMENT, encoding="utf-8")
        super().__init__(folder, {"CMIS_PASSWORD": SECRET, **(secrets or {})})
        self.tries = 1
        self.internal_hosts = INTERNAL

    def source(
        self, server: CmisServer | str, table: str = "", *, columns: str = COLUMNS, feeds: str = "document",
        connection: str = "",
    ) -> None:  # fmt: skip
        """Declare the source; `table` and `connection` are further lines of TOML."""
        url = server if isinstance(server, str) else server.address
        self.declare(
            "dms",
            f'kind = "cmis"\n[connection]\nurl = "{url}"\nallow_http = true\n{connection}\n'
            f'[[table]]\nfeeds = "{feeds}"\ncolumns = {{ {columns} }}\n{table}',
        )

    @property
    def context(self) -> Context:
        """The context of the next night."""
        return Context(
            self.folder,
            self._run().as_of,
            secrets=self.secrets,
            internal_hosts=self.internal_hosts,
            tries=self.tries,
        )

    @property
    def connector(self) -> AnyConnector:
        """The connector of the source."""
        return connect(self.spec("dms"), self.context, self.subjects)

    def land(self, since: datetime | None = None) -> Landed:
        """Read as far as the landing zone."""
        known, run = cursors(self.con, "dms"), f"run-{self.nights}"
        spec, landing = self.spec("dms"), self.folder / "landing"
        return land_source(spec, self.context, self.subjects, known, landing, run, since)

    def night(self, source: str = "dms", since: datetime | None = None) -> Loaded:
        """Read and take over."""
        self.nights += 1
        return self.take_over(source, self.land(since))

    @property
    def cursor(self) -> dict[int, str]:
        """What the next night begins with."""
        return cursors(self.con, "dms")

    def documents(self, columns: str = "document_id") -> list[Any]:
        """Values of the taken-over documents, in order of their ids."""
        rows = self.rows(f"SELECT {columns} FROM stage.document ORDER BY document_id")
        return [row[0] for row in rows] if "," not in columns else rows
