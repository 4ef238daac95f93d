"""2.000 texts that want to be statements, in every field of the explorer's address: values or refused.

Read as a name each is looked up and refused with a sentence; as a value it is bound, so that the statements
asked of the snapshot are the same whatever the value is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.explorer.notation import write_condition, write_path, write_value
from dashboard.explorer.state import read_state
from dashboard.explorer.views import NO_VIEW, Refusal, resolved
from dashboard.pages import explorer
from dashboard.services import Services
from metrics.explore.question import Filter, Operator
from tests.example_city import DAY, ExampleCity
from tests.explorer_page import CONTROLLING, explorer_services
from tests.services_city import words
from warehouse.store import Snapshot

FAULTS = ("Vorgangsnummer", "Traceback", "Anzeige nicht möglich")
# What stands before, what is asked, what stands behind: 20 × 20 × 5 texts.
OPENINGS = (
    "", "'", '"', "''", "')", '")', "themenfeld", 'themenfeld"', "1", "1)", "-1", "x' ", "%", "\\'", "`",
    "]", "$$", "\u02bc", "0x27", "themenfeld\n",
)  # fmt: skip
WISHES = (
    "; DROP TABLE core.service", " OR 1=1", " UNION SELECT name FROM meta.source", " OR EXISTS(SELECT 1)",
    "; ATTACH '/tmp/x.db'", "; COPY core.service TO '/tmp/x.csv'", " AND read_csv('/etc/passwd')",
    " || getenv('HOME')", "; INSTALL httpfs", "; PRAGMA database_list", " UNION ALL SELECT NULL, NULL",
    "; CALL duckdb_secrets()", " FROM core.org_unit", " ORDER BY (SELECT 1)", " LIMIT 1 OFFSET (SELECT 1)",
    "; SET enable_external_access=true", " AND glob('/*') IS NOT NULL", " CASE WHEN 1=1 THEN 1 END",
    "; UPDATE core.service SET name = ''", " GROUPING SETS ((), (name))",
)  # fmt: skip
ENDINGS = ("", " --", "/*", ";", "\x00")
PAYLOADS = tuple(map("".join, itertools.product(OPENINGS, WISHES, ENDINGS)))
PLAIN = {
    "daten": "bestand:einzelleistung_eigen",
    "werte": "ozg_online_share",
    "zeilen": "themenfeld",
    "spalten": "dezernat",
}
LIST = {"daten": "liste:services", "werte": "anzahl", "zeilen": "themenfeld"}
# Every place where the address names something: nothing of a snapshot is asked for such a name.
NAMES: tuple[tuple[dict[str, str], Callable[[str], dict[str, str]]], ...] = (
    *((PLAIN, lambda text, name=name: {name: text})
      for name in ("daten", "werte", "zeilen", "spalten", "von", "bis", "zeige", "gegen", "top", "ordnung",
                   "ansicht", "diagramm", "waerme", "stichtag", "seite")),
    (PLAIN, lambda text: {"daten": f"liste:{text}"}),
    (PLAIN, lambda text: {"werte": f"ozg_online_share.{text}"}),
    (PLAIN, lambda text: {"werte": f"ozg_online_share,{text}"}),
    (PLAIN, lambda text: {"zeilen": f"themenfeld,{text}"}),
    (PLAIN, lambda text: {f"f.{text}": "in:x"}),
    (PLAIN, lambda text: {"f.themenfeld": text}),
    (PLAIN, lambda text: {f"w.{text}": "x"}),
    (LIST, lambda text: {"werte": f"summe.{text}"}),
    (LIST, lambda text: {"zeilen": text}),
    (LIST, lambda text: {f"f.{text}": "enthaelt:x"}),
)  # fmt: skip


def _condition(field: str, op: Operator, *values: str) -> dict[str, str]:
    return {f"f.{field}": write_condition(Filter(field, op, values))}


# Every place where the address carries a value.
VALUES: tuple[tuple[dict[str, str], Callable[[str], dict[str, str]]], ...] = (
    *((PLAIN, lambda text, op=op: _condition("themenfeld", op, text)) for op in ("in", "not_in", "contains")),
    (PLAIN, lambda text: _condition("themenfeld", "between", text, "z")),
    (PLAIN, lambda text: {"w.reifegrad_modell": write_value(text)}),
    (PLAIN, lambda text: {"auf": write_path((text,))}),
    (PLAIN, lambda text: {"zelle": f"{write_path((text,))};;0"}),
    *((LIST, lambda text, op=op: _condition("bezeichnung", op, text)) for op in ("in", "not_in", "contains")),
    (LIST, lambda text: {"ansicht": "liste", "suche": text}),
)  # fmt: skip


@pytest.fixture(scope="module")
def services(example_city: ExampleCity) -> Iterator[Services]:
    yield explorer_services(example_city)


@pytest.fixture
def statements(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement the snapshot is asked, as text."""
    snapshot, found = services.snapshot(), list[str]()
    snapshot._recent._kept.clear()
    original = Snapshot._run

    def run(self: Snapshot, sql: str, *rest: Any) -> Any:
        found.append(sql)
        return original(self, sql, *rest)

    monkeypatch.setattr(Snapshot, "_run", run)
    return found


def _draw(services: Services, params: dict[str, str]) -> str:
    return words(explorer.layout(services, CONTROLLING, params))


def test_the_texts_are_two_thousand_different_ones() -> None:
    assert len(set(PAYLOADS)) == 2_000


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_i1_as_a_name_each_text_is_looked_up_and_refused(
    services: Services, statements: list[str], place: int
) -> None:
    usual, put = NAMES[place]
    for text in PAYLOADS:
        told = _draw(services, usual | put(text))
        assert "Diese Adresse lässt sich nicht lesen" in told, text
        assert not any(word in told for word in FAULTS), text
    _constant(statements, PAYLOADS)


@pytest.mark.parametrize("place", range(len(VALUES)))
def test_i1_as_a_value_each_text_is_bound_and_statements_stay_the_same(
    services: Services, statements: list[str], place: int
) -> None:
    usual, put = VALUES[place]
    # The page as it is drawn for some, the question behind it for a share of all; at night all are drawn.
    for text in PAYLOADS[place::200]:
        assert not any(word in _draw(services, usual | put(text)) for word in FAULTS), text
    own = PAYLOADS[place :: len(VALUES)]
    for text in own:
        services.explore(CONTROLLING, read_state(usual | put(text), services.catalog, DAY).question)
    _constant(statements, PAYLOADS)
    assert statements


def test_i1_a_name_of_a_saved_view_is_looked_up_before_anything_is_asked(services: Services) -> None:
    for text in PAYLOADS:
        assert resolved(services, CONTROLLING, {"sicht": text}) == Refusal(NO_VIEW)
        assert resolved(services, CONTROLLING, PLAIN | {"sicht": text}) == PLAIN
    assert NO_VIEW in _draw(services, {"sicht": PAYLOADS[0]})


@pytest.mark.night
@pytest.mark.parametrize("place", range(len(VALUES)))
def test_i1_every_text_as_every_value(services: Services, statements: list[str], place: int) -> None:
    usual, put = VALUES[place]
    for text in PAYLOADS:
        assert not any(word in _draw(services, usual | put(text)) for word in FAULTS), text
    _constant(statements, PAYLOADS)


def _constant(statements: list[str], texts: tuple[str, ...]) -> None:
    """No statement holds a text, and there are as few as without them."""
    different = set(statements)
    assert len(different) < 40, len(different)
    whole = "\n".join(different)
    assert [text for text in texts if re.search(r"\w", text) and len(text) > 12 and text in whole] == []
