"""The archive of the ledger: definitions once by their version, figures for ten years."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from warehouse.errors import ContractError
from warehouse.ledger import KeptDefinition, Ledger, PinnedFigure

NOW = datetime(2026, 6, 9, 10, tzinfo=UTC)
FIRST = KeptDefinition("cases", "a" * 64, date(2026, 6, 9), "s1", {"statement": "x"}, '{"area": "ozg"}')
LATER = KeptDefinition("cases", "b" * 64, date(2026, 7, 1), "s2", {"statement": "y"}, '{"area": "ozg"}')


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def ledger(url: str) -> Ledger:
    return Ledger(url)


def _pin(ledger: Ledger, at: datetime = NOW, metric: str = "cases") -> PinnedFigure:
    return ledger.pin_figure(
        metric=metric, version="a" * 64, snapshot="s1", stichtag=date(2026, 6, 9), passport='{"n": 1}',
        who="cli", reason="Vorlage", at=at,
    )  # fmt: skip


def test_a_version_is_archived_once_with_the_day_it_first_counted(ledger: Ledger) -> None:
    assert ledger.keep_definitions([FIRST]) == 1
    again = KeptDefinition("cases", "a" * 64, date(2026, 6, 20), "s9", {}, "{}")
    assert ledger.keep_definitions([again, LATER]) == 1
    assert ledger.keep_definitions([LATER, FIRST]) == 0
    assert ledger.definitions_of("cases") == [FIRST, LATER]
    assert ledger.definitions_of("others") == []


@pytest.mark.parametrize(
    ("pinned", "until"), [(NOW, date(2036, 6, 9)), (datetime(2028, 2, 29, tzinfo=UTC), date(2038, 3, 1))]
)
def test_a_pinned_figure_is_kept_for_ten_years(ledger: Ledger, pinned: datetime, until: date) -> None:
    assert _pin(ledger, pinned).keep_until == until


def test_pinning_leaves_its_line_in_the_trail(ledger: Ledger) -> None:
    pin = _pin(ledger)
    (line,) = ledger.audit_events()
    assert (line.what, line.detail["pin"], line.detail["digest"]) == ("figure.pinned", pin.id, pin.digest)
    assert ledger.verify_audit_chain() is None


def test_pinned_figures_come_newest_first_and_by_metric_or_snapshot(ledger: Ledger) -> None:
    one, two = _pin(ledger), _pin(ledger, metric="others")
    assert [pin.id for pin in ledger.pinned_figures()] == [two.id, one.id]
    assert ledger.pinned_figures(metric="cases", snapshot="s1") == [one]
    assert ledger.pinned_figures(snapshot="s2") == []


def test_an_unknown_number_names_the_list(ledger: Ledger) -> None:
    with pytest.raises(ContractError) as caught:
        ledger.pinned_figure(7)
    assert (caught.value.code, caught.value.next_step) == ("unknown_pin", "isek figures list")


def test_a_pinned_figure_that_was_altered_is_not_shown(ledger: Ledger, url: str) -> None:
    pin = _pin(ledger)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE pinned_figure SET passport = '{\"n\": 2}'"))
    engine.dispose()
    with pytest.raises(ContractError) as caught:
        ledger.pinned_figure(pin.id)
    assert caught.value.code == "archive_damaged"


def test_a_ledger_of_the_version_before_gets_the_archive(url: str) -> None:
    old = Ledger(url)
    old.record("cli", "before")
    old.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("metric_definition", "pinned_figure"):
            connection.execute(text(f'DROP TABLE "{table}"'))
        connection.execute(text("DELETE FROM ledger_version"))
        connection.execute(text("INSERT INTO ledger_version VALUES (3)"))
    engine.dispose()
    ledger = Ledger(url)
    assert _pin(ledger).id == 1
    assert [event.what for event in ledger.audit_events()] == ["figure.pinned", "before"]
    ledger.close()
