"""The stable address of a figure: it says all that was asked, and nothing unclear is guessed."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.citation_link import citation_address, read_citation
from dashboard.page import Page, path_params, read_params
from dashboard.pages import zahl
from metrics.citation import Citation

SNAPSHOT = "2026-06-09T011500Z-0001"
DAY = date(2026, 6, 9)
PLAIN = Citation("ozg_online_share", DAY, SNAPSHOT)
NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
VALUES = st.lists(st.none() | st.text(min_size=1, max_size=12), min_size=1, max_size=3, unique=True)
UNITS = st.lists(st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=5), max_size=3)


def _opened(address: str, page: Page = zahl.PAGE) -> Citation | None:
    """Read an address as the page does."""
    parts = urlsplit(address)
    return read_citation({**read_params(parts.query), **path_params(page, parts.path)})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    where=st.dictionaries(NAMES, VALUES.map(tuple), max_size=3),
    by=st.lists(NAMES, max_size=2, unique=True).map(tuple),
    between=st.none() | st.tuples(st.dates(), st.dates()),
    units=st.none() | UNITS.map(tuple),
)
def test_an_address_leads_back_to_its_question(
    where: dict[str, tuple[str | None, ...]],
    by: tuple[str, ...],
    between: tuple[date, date] | None,
    units: tuple[str, ...] | None,
) -> None:
    citation = replace(PLAIN, where=where, by=by, between=between, units=units or None)
    assert _opened(citation_address(citation)) == citation


def test_the_address_names_metric_stichtag_snapshot_and_cell() -> None:
    cell = replace(PLAIN, where={"themenfeld": ("Bauen & Wohnen",)})
    assert citation_address(PLAIN) == f"/zahl/ozg_online_share/2026-06-09/{SNAPSHOT}"
    assert citation_address(cell).endswith("?auswahl.themenfeld=Bauen+%26+Wohnen")


@pytest.mark.parametrize(
    "address",
    [
        "/zahl",
        f"/zahl/ozg_online_share/gestern/{SNAPSHOT}",
        "/zahl/ozg_online_share/2026-06-09/..%2F..%2Fledger",
        f"/zahl/ozg'--/2026-06-09/{SNAPSHOT}",
        f"/zahl/ozg_online_share/2026-06-09/{SNAPSHOT}?von=2026-01-01",
    ],
)
def test_i6_an_unclear_address_is_no_question(address: str) -> None:
    assert _opened(address) is None


def test_the_order_of_units_and_values_says_nothing() -> None:
    one = replace(PLAIN, units=("B", "A"), where={"x": ("1", None)})
    other = replace(PLAIN, units=("A", "B"), where={"x": (None, "1")})
    assert one.asks_like(other) and not one.asks_like(PLAIN)
