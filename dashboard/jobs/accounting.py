"""What a run did, for people on a terminal and for the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

# A query that a signal ends raises the error of the database.
STOPPED = ("Interrupted", "InterruptException")
Say = Callable[[str], None]
PART = "part"
"""Trigger of a run that was asked for some sources only."""
WHOLE = ("night", "hand", "demo")
"""Triggers of runs that read every source that is due."""


@dataclass(frozen=True)
class SourceLine:
    """Accounting of one source: read = published + rejected + duplicates when it was taken over."""

    source: str
    state: str
    read: int = 0
    published: int = 0
    rejected: int = 0
    duplicates: int = 0
    reason_code: str | None = None
    reason: str | None = None
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0

    def sentence(self) -> str:
        """One line for a terminal."""
        counts = (
            f"gelesen {self.read}, übernommen {self.published}, "
            f"abgelehnt {self.rejected}, doppelt {self.duplicates}"
        )
        tail = f" – {self.reason}" if self.reason else ""
        return f"{self.source:<24} {self.state:<15} {counts} ({self.seconds:.1f} s){tail}"


@dataclass
class RunRecord:
    """Everything about one run; written to the ledger even when it failed. `damaged`: snapshots given up."""

    run_id: str
    business_date: date
    trigger: str
    state: str = "running"
    snapshot: str | None = None
    reason: str | None = None
    notes: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    sources: list[SourceLine] = field(default_factory=list)

    def remark(self, sentence: str) -> None:
        """Something people have to know although the run goes on; kept with it and shown on its page."""
        self.notes.append(sentence)
        self.reason = f"{self.reason} {sentence}" if self.reason else sentence

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[None]:
        """Time one stage; an error leaves the stage marked as failed."""
        began, entry = time.monotonic(), {"stage": name, "title": title, "state": "running"}
        self.steps.append(entry)
        try:
            yield
        except BaseException as error:
            entry["state"] = "interrupted" if type(error).__name__ in STOPPED else "failed"
            raise
        else:
            entry["state"] = "done"
        finally:
            entry["seconds"] = round(time.monotonic() - began, 3)  # type: ignore[assignment]

    def source_rows(self) -> list[dict[str, Any]]:
        """The accounting lines as plain data."""
        return [asdict(line) for line in self.sources]

    def as_contract(self) -> dict[str, Any]:
        """JSON form of `isek refresh --json`."""
        return {
            "run_id": self.run_id,
            "business_date": self.business_date,
            "trigger": self.trigger,
            "state": self.state,
            "snapshot": self.snapshot,
            "reason": self.reason,
            "notes": self.notes,
            "steps": self.steps,
            "sources": self.source_rows(),
        }
