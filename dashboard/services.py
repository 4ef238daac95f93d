"""What pages may ask for: the one door, lists, status; cached by snapshot, definition, scope, arguments."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from dashboard import asked, live
from dashboard.auth.viewer import Viewer
from dashboard.jobs.heartbeat import scheduler_alive
from dashboard.jobs.start import run_is_active
from metrics.contradictions.claim import Claim, read_claims
from metrics.contradictions.finding import Finding
from metrics.contradictions.rules import Rules, load_rules
from metrics.contradictions.run import find
from metrics.models.library import AnyModel, load_models
from metrics.models.progress import Progress, ProgressModel, observe
from metrics.passport_issue import Issued, issue
from metrics.query import query
from metrics.question import Where
from metrics.recorded import Written, as_reported
from metrics.records import Records, count_records, records
from metrics.result import MetricResult, Scope
from metrics.trace import Delivered, delivered
from warehouse.archive import Archive
from warehouse.errors import AccessError, ConfigError, ContractError
from warehouse.status import Status, read_runs, read_status
from warehouse.subjects import load_subjects

if TYPE_CHECKING:
    from dashboard.settings import Settings
    from metrics.catalog import Catalog
    from metrics.explore.listing import NoRecords
    from metrics.explore.question import PivotQuestion
    from metrics.explore.result import Pivot
    from warehouse.contract import Subject
    from warehouse.ledger import Ledger
    from warehouse.ledger.comments import Comment
    from warehouse.ledger.runs import Run
    from warehouse.pointer import Passport
    from warehouse.store import Snapshot, SnapshotReader

log = logging.getLogger("isek.web")
T = TypeVar("T")
CACHE_SIZE = 8192
MOST_PIVOTS = 32
"""Pivots kept; each may have thousands of cells."""
LASTING = (AccessError, ConfigError, ContractError)
"""What fails like this fails again until definitions, rights or data are others."""
_pinned: ContextVar[Any] = ContextVar("pinned_snapshot", default=None)
_reported: ContextVar[bool] = ContextVar("pinned_as_reported", default=False)


class ResultCache:
    """Bounded least-recently-used cache; safe for threads, keeps no errors.

    What several ask for at once is computed by the first of them; the others wait for it.
    """

    def __init__(self, size: int = CACHE_SIZE) -> None:
        self._size = size
        self._entries: OrderedDict[Hashable, object] = OrderedDict()
        self._begun: dict[Hashable, threading.RLock] = {}
        self._lock = threading.Lock()

    def get_or_compute(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the kept answer for `key`, or compute and keep it."""
        with self._lock:
            if key in self._entries:
                return cast("T", self._kept(key))
            turn = self._begun.setdefault(key, threading.RLock())
        with turn:
            with self._lock:
                if key in self._entries:
                    return cast("T", self._kept(key))
            try:
                return self._keep(key, compute())
            finally:
                with self._lock:
                    self._begun.pop(key, None)

    def _kept(self, key: Hashable) -> object:
        self._entries.move_to_end(key)
        return self._entries[key]

    def _keep(self, key: Hashable, value: T) -> T:
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
        return value

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)


class Services:
    """Everything a page may use; built once per process, without opening anything."""

    def __init__(self, settings: Settings, catalog: Catalog, reader: SnapshotReader, ledger: Ledger) -> None:
        self.settings, self.catalog, self.reader, self._ledger = settings, catalog, reader, ledger
        self.cache = ResultCache()
        self.pivots = ResultCache(MOST_PIVOTS)
        self.archive = Archive(settings.warehouse_dir, reader)

    @property
    def ledger(self) -> Ledger:
        """What people enter and runs report; a page that asks it moves between publications."""
        live.note("ledger")
        return self._ledger

    @ledger.setter
    def ledger(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @property
    def entered(self) -> Ledger:
        """The same for what people enter (comments, proposals): each change leaves a line in the trail.

        A page that asks for nothing else of the ledger is kept until there is such a line.
        """
        live.note(live.TRAIL)
        return self._ledger

    def comments(self) -> tuple[Comment, ...]:
        """All comments in force, oldest month first; read anew when something was entered."""
        # Its number first: what is entered meanwhile is read with it or after it, never missed for good.
        key = ("comments", self.trail_head())
        ledger = self.entered
        return self.kept(key, lambda: tuple(ledger.comments()))

    def trail_head(self) -> int:
        """Number of the last line of the trail that is about more than somebody signing in or out."""
        return self._ledger.last_change()

    def kept(self, key: Hashable, compute: Callable[[], T], *, cache: ResultCache | None = None) -> T:
        """Return the kept answer, or compute and keep it; what failed for a moment keeps no page."""
        try:
            return (self.cache if cache is None else cache).get_or_compute(key, compute)
        except LASTING:
            raise
        except Exception:
            live.note("failure")
            raise

    def snapshot(self) -> Snapshot:
        """Return the snapshot of this request: pinned when the request began, else the current one."""
        pinned = _pinned.get()
        return cast("Snapshot", pinned) if pinned is not None else self.reader.current()

    def pin(self) -> Snapshot:
        """Fix the snapshot for this request, so that all figures of one page belong together."""
        snapshot = self.reader.current()
        _pinned.set(snapshot)
        _reported.set(False)
        return snapshot

    def pin_reported(self, day: date) -> Snapshot:
        """Fix the snapshot published for an earlier business day, as it was reported; rights stay today's.

        Raises ContractError (not_kept) for a day of which none is kept.
        """
        # An earlier snapshot may be cleared away at any time; a kept answer would outlive it.
        live.note("report")
        facts = next((facts for facts in self.earlier() if facts.business_date == day), None)
        if facts is None:
            raise ContractError("Von diesem Tag ist kein Stand aufbewahrt", code="not_kept", found=day)
        snapshot = self.archive.named(facts.name)
        _pinned.set(snapshot)
        _reported.set(True)
        return snapshot

    def pin_named(self, name: str) -> None:
        """Fix a kept snapshot by its name until `unpin`. Raises ContractError (unknown_snapshot)."""
        current = self.reader.current()
        _pinned.set(current if current.name == name else self.archive.named(name))

    def unpin(self) -> None:
        """Forget the snapshot of the request that ended."""
        _pinned.set(None)
        _reported.set(False)

    @property
    def as_reported(self) -> bool:
        """Whether this request sees an earlier snapshot instead of the current one."""
        return _reported.get()

    @property
    def today(self) -> date:
        """Business date of the snapshot that counts now, whatever the request sees."""
        return self.reader.current().business_date

    def earlier(self) -> tuple[Passport, ...]:
        """Kept snapshots of business days before that of the current one, newest day first."""
        today = self.today
        return tuple(facts for facts in self.archive.kept() if facts.business_date < today)

    def catalog_for(self, viewer: Viewer, metric_id: str) -> Catalog:
        """The catalogue whose words and target belong to a figure of this request; raises like `query`."""
        return self._definitions(self.snapshot(), metric_id, viewer.scope)

    def _definitions(self, snapshot: Snapshot, metric_id: str, scope: Scope) -> Catalog:
        """The catalogue to ask with: an earlier snapshot by its own definitions, unless they show more."""
        if not self.as_reported:
            return self.catalog
        key = ("reported", snapshot.name, metric_id, scope)
        return self.cache.get_or_compute(
            key, lambda: as_reported(self.catalog, snapshot, metric_id, scope).catalog
        )

    def query(
        self,
        viewer: Viewer,
        metric_id: str,
        *,
        by: tuple[str, ...] = (),
        between: tuple[date, date] | None = None,
        where: Where | None = None,
        at: date | None = None,
    ) -> MetricResult:
        """Ask the one door with the viewer's scope; equal questions are answered from the cache."""
        require_data_access(viewer)
        arguments = {"by": tuple(by), "between": between, "where": dict(where or {}), "at": at}
        return self._ask(viewer.scope, metric_id, arguments)

    def _ask(self, scope: Scope, metric_id: str, arguments: dict[str, Any]) -> MetricResult:
        asked.note(metric_id)
        snapshot = self.snapshot()
        catalog = self._definitions(snapshot, metric_id, scope)
        metric = catalog.metrics.get(metric_id)
        key = ("query", snapshot.name, metric_id, metric.hash if metric else "", scope, freeze(arguments))
        return self.kept(key, lambda: query(catalog, snapshot, metric_id, scope=scope, **arguments))

    def explore(self, viewer: Viewer, question: PivotQuestion) -> Pivot:
        """Answer a question of one's own within the viewer's scope; raises like `metrics.explore.pivot`."""
        # Imported late: what the explorer says knows cockpits, which know services.
        from dashboard.explorer.answering import explored

        return explored(self, viewer, question)

    def explore_records(self, viewer: Viewer, question: PivotQuestion, **place: Any) -> Records | NoRecords:
        """Return the records of a question or of one of its cells, or why there are none.

        place: row, column, measure; limit, offset, order, search of the rows (`metrics.explore.listing`).
        """
        from dashboard.explorer.answering import explored_records

        return explored_records(self, viewer, question, **place)

    def passport(
        self,
        viewer: Viewer,
        metric_id: str,
        *,
        where: Mapping[str, str] | None = None,
        at: date | None = None,
    ) -> Issued:
        """Return the passport of a figure of the current snapshot, within the viewer's scope."""
        require_data_access(viewer)
        snapshot = self.snapshot()
        metric = self.catalog.metric(metric_id)
        reported = self.as_reported
        asked_for = freeze({"where": dict(where or {}), "at": at, "reported": reported})
        key = ("passport", snapshot.name, metric_id, metric.hash, viewer.scope, asked_for)
        return self.kept(
            key,
            lambda: issue(
                self.catalog,
                snapshot,
                metric_id,
                scope=viewer.scope,
                where=dict(where) if where else None,
                at=at,
                archive=self.archive,
                as_published=reported,
                history=self.history(metric_id),
            ),
        )

    def history(self, metric_id: str) -> tuple[Written, ...]:
        """Return the archived versions of a definition."""
        return history_of(self._ledger, metric_id)

    def records(self, viewer: Viewer, list_id: str, **arguments: Any) -> Records:
        """Return a list of single records inside the viewer's scope."""
        require_data_access(viewer)
        snapshot = self.snapshot()
        key = ("records", snapshot.name, list_id, viewer.scope, freeze(arguments))
        return self.kept(
            key, lambda: records(self.catalog, snapshot, list_id, scope=viewer.scope, **arguments)
        )

    def count_records(self, viewer: Viewer, list_id: str, where: Mapping[str, Any]) -> int:
        """Return how many records of a list fit inside the viewer's scope."""
        require_data_access(viewer)
        snapshot = self.snapshot()
        key = ("count", snapshot.name, list_id, viewer.scope, freeze(where))
        return self.cache.get_or_compute(
            key, lambda: count_records(self.catalog, snapshot, list_id, scope=viewer.scope, where=where)
        )

    def delivered(self, viewer: Viewer, list_id: str, key: Mapping[str, Any]) -> tuple[Delivered, ...]:
        """Return the deliveries of a record this viewer has found in a list; of any other nothing."""
        where = {name: None if value is None else str(value) for name, value in key.items()}
        if not self.count_records(viewer, list_id, where):
            return ()
        subject = self.subjects().get(self.catalog.record_list(list_id).definition.subject or "")
        return delivered(self.snapshot(), subject, key)

    def subjects(self) -> Mapping[str, Subject]:
        """What may be delivered here, read once per process."""
        return self.cache.get_or_compute(("subjects",), lambda: load_subjects(self.settings.city))

    def models(self) -> dict[str, AnyModel]:
        """The city's calculations by id, read once per process; faulty ones are left out."""
        return self.kept(("models",), lambda: load_models(self.settings.city, on_fault=_left_out))

    def progress(self, viewer: Viewer, model: ProgressModel) -> Progress | None:
        """What was observed for a projection, inside the viewer's scope; None when nothing is known."""
        require_data_access(viewer)
        asked.note(model.metric)
        snapshot = self.snapshot()
        key = ("progress", snapshot.name, model.metric, model.model_dump_json(), viewer.scope)
        return self.kept(key, lambda: observe(model, self.catalog, snapshot, scope=viewer.scope))

    def rules(self) -> Rules:
        """The city's checks of what papers say, read once per process."""
        return self.kept(("rules",), lambda: load_rules(self.settings.city))

    def findings(self, viewer: Viewer) -> tuple[Finding, ...]:
        """What the checks of the papers found; live figures only as far as the viewer may see them."""
        require_data_access(viewer)
        snapshot, city = self.snapshot(), self.settings.city
        return self.kept(
            ("findings", snapshot.name, viewer.scope),
            lambda: find(self.catalog, snapshot, city, scope=viewer.scope, models=self.models()),
        )

    def claims(self, viewer: Viewer) -> dict[str, Claim]:
        """The statements of papers by id; they are published, so every viewer of figures may see them."""
        require_data_access(viewer)
        snapshot = self.snapshot()
        key = ("claims", snapshot.name)
        return self.kept(key, lambda: read_claims(self.catalog, snapshot))

    def night_alive(self, now: datetime) -> bool:
        """True when the scheduler gave a sign of life within the last quarter of an hour."""
        return scheduler_alive(self.settings, now)

    def runs_going_on(self) -> tuple[Run, ...] | None:
        """All runs while one holds the warehouse, else None; the frame of a page is kept for what it says."""
        return tuple(self._ledger.runs()) if run_is_active(self.settings) else None

    def status(self, viewer: Viewer) -> Status:
        """Sources, their freshness and the last runs; the same for everybody who may open the page."""
        return replace(self.standing(viewer), runs=read_runs(self.ledger.runs()))

    def standing(self, viewer: Viewer) -> Status:
        """The same without runs: what the snapshot itself says of its sources."""
        del viewer
        snapshot = self.snapshot()
        return self.kept(("status", snapshot.name), lambda: read_status(snapshot))


def _left_out(error: ConfigError) -> None:
    """`isek check` tells the operator; whoever reads the log sees it, too."""
    log.error("left out: %s", error)


def history_of(ledger: Ledger, metric_id: str) -> tuple[Written, ...]:
    """Return the archived versions of a definition, the oldest first."""
    return tuple(Written(kept.version, kept.since, kept.parts) for kept in ledger.definitions_of(metric_id))


def require_data_access(viewer: Viewer) -> None:
    """Administration is not data access: figures of the whole city would otherwise answer any role."""
    if not viewer.sees_figures:
        raise AccessError("this role sees no figures", code="no_data_access", found=viewer.role)


def freeze(value: object) -> Hashable:
    """Turn arguments into a cache key that tells a list from a tuple of other values and 1 from True."""
    if isinstance(value, Mapping):
        return tuple(sorted((str(k), freeze(v)) for k, v in value.items()))
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    if isinstance(value, set | frozenset):
        return frozenset(freeze(item) for item in value)
    if is_dataclass(value):
        return (type(value).__name__, *(freeze(getattr(value, item.name)) for item in fields(value)))
    return (type(value).__name__, value)
