"""A town with one source of the kind `rest`, to be read against a service of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.base import Reading, SourceSpec
from connectors.land import Landed, land_source
from connectors.registry import AnyConnector, connect, load_source
from tests.web_services import AS_OF, web_context
from warehouse.contract import Subject
from warehouse.landing import Delivery
from warehouse.subjects import load_subjects

HEAD = 'title = "Probe"\nowner = "FD 10"\nkind = "rest"\nnature = "beispiel"\n'
ROLES = ["organisatorisch", "technisch"]
MAPPED = 'columns = { role = "rolle", month = "monat", needed_pt = "bedarf", available_pt = "da" }\n'


class WebTown:
    """Declares `sources/probe.toml`, reads and lands it."""

    def __init__(
        self,
        city: Path,
        table: str,
        *,
        url: str,
        connection: str = "",
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        text = (
            f'{HEAD}[connection]\nurl = "{url}"\nallow_http = true\n{connection}\n'
            f'[[table]]\nfeeds = "capacity"\n{table}'
        )
        self._prepare(city, text, secrets)

    @classmethod
    def of_recipe(cls, city: Path, text: str, secrets: Mapping[str, str] | None = None) -> WebTown:
        """A town whose source file is the given text."""
        town = cls.__new__(cls)
        town._prepare(city, text, secrets)
        return town

    def _prepare(self, city: Path, text: str, secrets: Mapping[str, str] | None) -> None:
        self.city, self.text, self.secrets = city, text, dict(secrets or {})
        self.tries = 1
        self.subjects: dict[str, Subject] = load_subjects(None)

    @property
    def spec(self) -> SourceSpec:
        """The declaration, checked."""
        path = self.city / "sources/probe.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.text, encoding="utf-8")
        return load_source(path, self.subjects, self.secrets)

    @property
    def connector(self) -> AnyConnector:
        """The connector of the source."""
        return connect(self.spec, web_context(self.city, tries=self.tries), self.subjects)

    def read(self, since: datetime | None = None) -> Reading:
        """Read the first table."""
        spec = self.spec
        return self.connector.read(spec.tables[0], since, AS_OF.replace(tzinfo=None))

    def rows(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """What the first table hands on, as text, without what stands beside the contract's columns."""
        found = [row for batch in self.read(since).batches for row in batch.to_pylist()]
        return [{name: value for name, value in row.items() if name[0] != "_"} for row in found]

    def land(self, cursors: Mapping[int, str] | None = None) -> Landed:
        """Read all tables into the landing zone."""
        context = replace(web_context(self.city, tries=self.tries), secrets=self.secrets)
        return land_source(self.spec, context, self.subjects, cursors or {}, self.city / "landing", "r1")

    def landed(self, table_no: int = 1) -> list[dict[str, Any]]:
        """The accepted rows of a table, typed."""
        landed = self.land()
        assert landed.failure is None, landed.failure
        return accepted(landed.deliveries[table_no - 1])


def accepted(delivery: Delivery) -> list[dict[str, Any]]:
    """The accepted rows of a delivery, without their numbers."""
    rows = pq.read_table(delivery.rows_path).to_pylist()
    return [{name: value for name, value in row.items() if name != "_line"} for row in rows]


def capacity(number: int) -> dict[str, Any]:
    """One record of a service: a role and a month."""
    month = f"{2020 + number // 24}-{number // 2 % 12 + 1:02d}-01"
    return {"rolle": ROLES[number % 2], "monat": month, "bedarf": number, "da": 1}
