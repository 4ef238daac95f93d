"""Whatever stands in the cells: nothing crashes, nothing is lost, nothing is rounded."""

from __future__ import annotations

import re
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse_parts import THING, accepted, land_here, land_text, reasons, rejected, text_batch
from warehouse.contract import Column
from warehouse.landing import REASONS, TextFormat
from warehouse.textformat import parse_number

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


_MARKS = "0123456789.,-+()\u2212' \u00a0\u202f\t\ufeff€e"
_NUMBERS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "", "-", "-", "+", "\u2212", "(", " ", "\ufeff-"]),
    st.sampled_from(
        ["0", "7", "007", "1234", "1.234", "1,234", "1 234", "1\u202f234.567", "1'234", "9" * 18]
    ),
    st.sampled_from(["", ",", ",", "."]),
    st.sampled_from(["", "5", "50", "500", "123"]),
    st.sampled_from(["", "", "", "", "-", "\u2212", ")", " €", "€", "\u00a0", "e3"]),
)
_WRITTEN = st.builds(
    TextFormat,
    decimal=st.just(","),
    thousands=st.sampled_from([None, ".", ". ", " ", "'"]),
    negative=st.sampled_from(["leading", "trailing", "parentheses"]),
    unit=st.sampled_from([(), ("€",)]),
    null=st.sampled_from([("",), ("", "0", "-")]),
) | st.builds(TextFormat, decimal=st.just("."), thousands=st.sampled_from([None, ",", "' "]))


def _told(text: str, form: TextFormat, *, whole: bool) -> int | Decimal | str | None:
    """The number a cell states, or the reason why it states none, worked out without the database."""
    bare = text.strip(" \u00a0\u202f\t\ufeff")
    if bare in form.null:
        return None
    number, places = parse_number(text, form), len(re.sub(r"\D", "", bare.partition(form.decimal)[2]))
    if whole:
        fits = number is not None and form.decimal not in bare and abs(number) < 2**63
        return int(number) if number is not None and fits else "not_an_integer"
    if number is not None and places > 2:
        return "too_many_decimals"
    return number if number is not None and abs(number) < 10**16 else "not_a_number"


@settings(_QUICK, max_examples=60)
@given(st.lists(_NUMBERS | st.text(alphabet=_MARKS, max_size=9), min_size=20, max_size=60), _WRITTEN)
def test_c2_numbers_are_what_their_declared_spelling_says(texts: list[str], form: TextFormat) -> None:
    subject = THING.model_copy(
        update={
            "columns": {
                "nr": THING.columns["nr"],
                "pieces": Column(title="Stück", type="integer"),
                "amount_eur": THING.columns["amount_eur"],
            }
        }
    )
    rows = [{"nr": f"{n}{name}", name: t} for n, t in enumerate(texts) for name in ("pieces", "amount_eur")]
    with tempfile.TemporaryDirectory() as folder:
        delivery = land_text(Path(folder), *rows, text_format=form, subject=subject)
        found = {row["nr"]: row[row["nr"].lstrip("0123456789")] for row in accepted(delivery)}
        codes = {rows[row["line"] - 1]["nr"]: row["reason_code"] for row in rejected(delivery)}
    for n, text in enumerate(texts):
        for name in ("pieces", "amount_eur"):
            nr = f"{n}{name}"
            assert (found | codes)[nr] == _told(text, form, whole=name == "pieces"), (text, name)


@_QUICK
@given(st.permutations([{"nr": str(n), "pieces": str(n % 3)} for n in range(8)]))
def test_the_order_of_rows_does_not_change_the_content_hash(rows: list[dict[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = land_text(Path(folder), *rows, run_id="a")
        second = land_text(Path(folder), *sorted(rows, key=lambda row: str(row["nr"])), run_id="b")
    assert first.content_hash == second.content_hash
