"""What every export says about itself: whose, which view, which data, which definitions, for whom, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dashboard import formats, texts
from dashboard.components.address import ORIGIN
from dashboard.export.tree import Node, joined
from dashboard.export.view import Card, read_filters, slug
from dashboard.page import Page
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dashboard.auth.viewer import Viewer
    from dashboard.services import Services
    from metrics.catalog import Catalog
    from warehouse.status import Status

Definitions = Mapping[str, tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """The words about a view. `example` is „Beispieldaten“ where the instance shows such, else „“."""

    city: str
    product: str
    page: str
    address: str
    filters: tuple[tuple[str, str], ...]
    day: date | None
    stand: str
    run: str
    snapshot: str
    viewer: str
    made_at: datetime
    zone: ZoneInfo
    example: str
    catalog: Catalog

    @property
    def filter_line(self) -> str:
        """„Filter: Themenfeld Bauen, Stichtag 09.06.2026“; what is not narrowed is left out."""
        chosen = ", ".join(
            value if value.startswith(name) else f"{name} {value}"
            for name, value in self.filters
            if not value.lower().startswith(texts.ALL)
        )
        return f"Filter: {chosen}" if chosen else "Filter: keine"

    @property
    def stand_line(self) -> str:
        """„Datenstand 09.06.2026, 03:15 Uhr“."""
        return f"Datenstand {self.stand}"

    @property
    def source_line(self) -> str:
        """City, page, Datenstand and „Beispieldaten“ in one line, as pictures carry it."""
        return joined([f"{self.product} {self.city}", self.page, self.stand_line, self.example])

    def rows(self, card: Card) -> list[tuple[str, str]]:
        """Return (name, content) of the sheet „Metadaten“."""
        filters = [(f"Filter {name}", value) for name, value in self.filters] or [("Filter", "keine")]
        rows = [
            ("Titel", card.title),
            ("Untertitel", card.subtitle),
            *(("Beschreibung", picture.description) for picture in card.pictures),
            *self.standing(filters),
            *self._definitions(card),
            ("Fußzeile", card.foot),
            *self.made(),
        ]
        return [(name, content) for name, content in rows if content]

    def standing(self, filters: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
        """Return where a view comes from and which data it shows; its filters stand between."""
        return [
            ("Seite", self.page),
            ("Stadt", self.city),
            ("Hinweis", self.example),
            *filters,
            ("Geschäftstag der Daten", formats.day(self.day)),
            ("Datenstand", self.stand),
            ("Lauf", self.run),
            ("Stand (Schnappschuss)", self.snapshot),
        ]

    def made(self) -> list[tuple[str, str]]:
        """Return for whom and when an export was made, and the address that shows its view."""
        return [
            ("Exportiert von", self.viewer),
            ("Exportiert am", formats.stand(self.made_at, self.zone)),
            ("Adresse der Ansicht", self.address),
        ]

    def _definitions(self, card: Card) -> list[tuple[str, str]]:
        asked = dict(card.metrics) or {name: {} for name in self._numbered(card.foot)}
        rows = []
        for name, cut in asked.items():
            metric = self.catalog.metrics.get(name)
            if metric is None:
                continue
            definition = metric.definition
            rows += [
                ("Kennzahl", f"{definition.number} {definition.label}"),
                (f"{definition.number}: Definition", definition.meaning),
                (f"{definition.number}: Version", metric.hash),
                (f"{definition.number}: Ausschnitt", ", ".join(f"{k} = {v}" for k, v in cut.items())),
            ]
        return rows

    def _numbered(self, foot: str) -> list[str]:
        """Figures a foot line names by their number where the card has no link to their origin."""
        named = foot.replace("·", " ").replace(",", " ").split()
        return [name for name, metric in self.catalog.metrics.items() if metric.definition.number in named]


def facts(services: Services, viewer: Viewer, page: Page, params: Mapping[str, str], content: Node) -> Facts:
    """Return what an export of this view says about itself."""
    settings, status = services.settings, _status(services, viewer)
    search = "&".join(f"{k}={v}" for k, v in params.items() if not k.startswith(ORIGIN))
    run = next((r.run_id for r in status.runs if r.snapshot == status.snapshot), "") if status else ""
    return Facts(
        city=settings.name,
        product=settings.product_title,
        page=page.title,
        address=f"{page.path}?{search}" if search else page.path,
        filters=read_filters(content),
        day=status.business_date if status else None,
        stand=formats.stand(status.as_of, settings.zone) if status else "unbekannt",
        run=run,
        snapshot=status.snapshot if status else "",
        viewer=viewer.name or viewer.login,
        made_at=datetime.now(UTC),
        zone=settings.zone,
        example=_example(settings.example, status),
        catalog=services.catalog,
    )


def _status(services: Services, viewer: Viewer) -> Status | None:
    try:
        return services.status(viewer)
    except IsekError:
        return None


def _example(whole: bool, status: Status | None) -> str:
    """An instance on example data says so; a single source of example data is told, too."""
    if whole:
        return texts.EXAMPLE
    natures = {source.nature for source in status.sources} if status else set()
    if "beispiel" not in natures:
        return ""
    return texts.NATURE_NOTES["gemischt"] if "echt" in natures else texts.EXAMPLE


def file_name(about: Facts, page: Page, card: Card | None, ending: str) -> str:
    """Return „2026-06-09_ozg-fortschritt_themenfelder.xlsx“, made of the server's own names only."""
    day = about.day or about.made_at.astimezone(about.zone).date()
    place = slug(page.path.strip("/").replace("/", "-") or page.id)
    parts = [day.isoformat(), place]
    if card is not None:
        name = slug(card.key).removeprefix(f"{page.id}-")
        parts.append(name)
    return f"{'_'.join(parts)}.{ending}"
