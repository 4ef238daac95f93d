"""Opens what commands need of a city: settings, ledger, snapshots, catalogue. Imports are late on purpose."""

from __future__ import annotations

from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.settings import PRIVATE, Settings, find_city, load_settings

if TYPE_CHECKING:
    from dashboard.services import Services
    from metrics.catalog import Catalog
    from warehouse.ledger import Ledger
    from warehouse.publish import Warehouse
    from warehouse.store import SnapshotReader


def read_settings(args: Namespace) -> Settings:
    """Settings of the city the command line names."""
    return load_settings(find_city(args.city, args.environ), args.environ)


def open_ledger(settings: Settings) -> Ledger:
    """The ledger of a city; a local file is created with its folder."""
    from warehouse.ledger import Ledger

    _keep_private(settings.var)
    return Ledger(settings.ledger_url)


def _keep_private(folder: Path) -> None:
    """Accounts, sessions and raw deliveries lie here: nobody but the portal's own user looks inside."""
    folder.mkdir(parents=True, exist_ok=True)
    # A folder of another user cannot be changed; that user decides.
    with suppress(PermissionError):
        if folder.stat().st_mode & PRIVATE:
            folder.chmod(0o700)


def open_reader(settings: Settings) -> SnapshotReader:
    """Reader of the published snapshots; opens nothing before the first question."""
    from warehouse.store import SnapshotReader

    return SnapshotReader(
        settings.warehouse_dir,
        threads=settings.stores.threads,
        memory_limit=settings.stores.memory_limit,
        temp_directory=settings.temp_dir,
    )


def open_warehouse(settings: Settings) -> Warehouse:
    """Folder of drafts and snapshots."""
    from warehouse.publish import Warehouse

    return Warehouse(settings.warehouse_dir)


def load_metrics(city: Path) -> Catalog:
    """Catalogue of the built-in metrics and those of the city, all checked."""
    from metrics.catalog import load_catalog
    from warehouse.subjects import load_subjects

    return load_catalog(city, load_subjects(city))


def open_services(settings: Settings) -> Services:
    """Everything the web server needs."""
    from dashboard.services import Services

    return Services(settings, load_metrics(settings.city), open_reader(settings), open_ledger(settings))
