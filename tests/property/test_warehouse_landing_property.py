"""Whatever stands in the cells: nothing crashes, nothing is lost, nothing is rounded."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse_parts import THING, accepted, land_here, land_text, reasons, rejected, text_batch
from warehouse.landing import REASONS, TextFormat

_QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_WORDS = st.sampled_from(
    [
        "",
        "1",
        "1.234,56",
        "1.234",
        "(12)",
        "12-",
        "NA",
        "31.12.2026",
        "ja",
        "rot",
        "01004000",
        "\x00",
        " ",
        "\u2212",
        "١",
        "e5",
    ]
)
_CELLS = st.one_of(
    st.none(),
    _WORDS,
    st.binary(max_size=12).map(lambda raw: raw.decode("cp1252", "replace")),
    st.text(max_size=12),
)
_KEYS = st.one_of(st.sampled_from(["a", "b", "c"]), _CELLS)
_ROWS = st.lists(
    st.fixed_dictionaries({"nr": _KEYS, **{name: _CELLS for name in THING.columns if name != "nr"}}),
    max_size=12,
)
_FORMATS = st.sampled_from(
    [
        TextFormat(),
        TextFormat(thousands=None),
        TextFormat(decimal=".", thousands=","),
        TextFormat(null=("", "NA", "-")),
    ]
)


def _encodable(text: str | None) -> str | None:
    # Arrow text is Unicode; lone surrogates cannot be delivered.
    return None if text is None else text.encode("utf-8", "ignore").decode("utf-8")


@_QUICK
@given(_ROWS, _FORMATS)
def test_every_row_read_is_accepted_refused_or_a_duplicate(
    rows: list[dict[str, str | None]], form: TextFormat
) -> None:
    rows = [{name: _encodable(value) for name, value in row.items()} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        delivery = land_here(Path(folder), text_batch(rows, THING.columns), text_format=form)
        good, bad = accepted(delivery), rejected(delivery)
    assert delivery.read == len(rows)
    assert delivery.read == delivery.accepted + delivery.rejected + delivery.duplicates
    assert (len(good), len(bad)) == (delivery.accepted, delivery.rejected)
    assert len({row["nr"] for row in good}) == len(good), "keys are unique"
    assert all(row["reason_code"] in REASONS and 1 <= row["line"] <= len(rows) for row in bad)
    lines = {row["_line"] for row in good}
    assert len(lines) == len(good) and not lines & {row["line"] for row in bad}


def _german(value: Decimal, *, grouped: bool) -> str:
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text.replace(",", "_").replace(".", ",").replace("_", ".")


@_QUICK
@given(
    st.lists(
        st.tuples(
            st.decimals(-(10**15), 10**15, places=2, allow_nan=False, allow_infinity=False), st.booleans()
        ),
        min_size=1,
        max_size=20,
    )
)
def test_every_amount_comes_back_to_the_cent(values: list[tuple[Decimal, bool]]) -> None:
    rows = [{"nr": str(n), "amount_eur": _german(v, grouped=g)} for n, (v, g) in enumerate(values)]
    with tempfile.TemporaryDirectory() as folder:
        delivery = land_text(Path(folder), *rows)
        assert reasons(delivery) == []
        assert [row["amount_eur"] for row in accepted(delivery)] == [value for value, _ in values]


@_QUICK
@given(st.lists(st.text(alphabet="0123456789.,-+() \u2212e", max_size=8), min_size=1, max_size=20))
def test_an_amount_is_read_exactly_or_not_at_all(texts: list[str]) -> None:
    rows = [{"nr": str(n), "amount_eur": text} for n, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        good = {row["nr"]: row["amount_eur"] for row in accepted(land_text(Path(folder), *rows))}
    for number, text in enumerate(texts):
        value = good.get(str(number))
        if value is not None:
            plain = text.strip().replace("\u2212", "-").replace(".", "").replace(",", ".")
            assert Decimal(plain) == value


@_QUICK
@given(st.permutations([{"nr": str(n), "pieces": str(n % 3)} for n in range(8)]))
def test_the_order_of_rows_does_not_change_the_content_hash(rows: list[dict[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = land_text(Path(folder), *rows, run_id="a")
        second = land_text(Path(folder), *sorted(rows, key=lambda row: str(row["nr"])), run_id="b")
    assert first.content_hash == second.content_hash
