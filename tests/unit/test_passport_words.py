"""How the passport says an amount."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.passport_words import amount_words
from metrics.passport import Amount, Wording

NB = "\u00a0"
SHARE = Wording(
    number="RG-08", label="Online", kind="share", unit="percent", decimals=1, grain="month", scope="city",
    min_cell=0, meaning="Anteil", numerator="online", denominator="alle", legal=None, limits=None,
    revised=date(2026, 6, 1), version="v", parts={}, kept_with_snapshot=True, changed_since=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Amount(0.393), f"39,3{NB}%"),
        (Amount(0.7, lower=0.7, upper=1, qualifier="über"), f"über 70,0{NB}% (70,0{NB}% bis 100,0{NB}%)"),
        (Amount(0.393, lower=0.393, upper=0.982, qualifier="spanne"), f"39,3{NB}% bis 98,2{NB}%"),
        (Amount(0.0, lower=0.0, upper=0.622, qualifier="spanne"), f"0,0{NB}% bis 62,2{NB}%"),
    ],
)
def test_a_range_is_said_by_its_ends_and_not_by_the_lower_one(amount: Amount, said: str) -> None:
    assert amount_words(amount, SHARE) == said
