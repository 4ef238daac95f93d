"""Paging through a list that changes: what was there all the time comes exactly once, or it fails loudly."""

from __future__ import annotations

import random

import pytest

from connectors.cmis_binding.paging import Pages
from connectors.cmis_binding.service import Item, Page
from warehouse.errors import IsekError

SEEDS = range(400)


class Living:
    """An ordered list of ids from which some vanish and to which some come before every page."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        count = self._chance.randint(0, 60)
        self.ids = sorted(self._chance.sample(range(1000), count))
        self.always = set(self.ids)
        self.cap = self._chance.choice([2, 3, 5, 100])
        self.unrest = self._chance.choice([0.0, 0.2, 0.6, 1.0])

    def page(self, skip: int, most: int) -> Page:
        if self._chance.random() < self.unrest:
            self._change()
        found = self.ids[skip : skip + min(most, self.cap)]
        items = [Item(str(own), {}) for own in found]
        return Page(items, skip + len(found) < len(self.ids), len(self.ids))

    def _change(self) -> None:
        for _ in range(self._chance.randint(0, 2)):
            if self.ids and self._chance.random() < 0.5:
                own = self._chance.choice(self.ids)
                self.ids.remove(own)
                self.always.discard(own)
            else:
                new = self._chance.randint(0, 1000) + self._chance.random()
                self.ids = sorted([*self.ids, new])  # type: ignore[list-item]


@pytest.mark.parametrize("block", range(8))
def test_b9_what_was_there_all_the_time_comes_exactly_once_or_the_reading_says_that_it_failed(
    block: int,
) -> None:
    whole = 0
    for seed in SEEDS[block::8]:
        living = Living(seed)
        pages = Pages(living.page, 7, "probe", most_pages=1000)
        try:
            found = [item.id for item in pages.items()]
        except IsekError as error:
            assert error.code in ("changed_while_paging", "paging_repeats")
            assert living.unrest
            continue
        whole += 1
        assert len(set(found)) == len(found), seed
        assert {str(own) for own in living.always} <= set(found), seed
    assert whole >= 30
