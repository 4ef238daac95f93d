"""Which single records stand behind a figure: table `[records]` in the header of a metric."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pydantic import BaseModel, ConfigDict

Chosen = dict[str, str | list[str]]


class Behind(BaseModel):
    """A record list and how the cuts of a figure are found in it.

    list: id of the list. where: column → value(s) that single out the population. counted: column → value(s)
    of the rows in the numerator. columns: dimension of the metric → column of the list, where they are not
    named alike; a distribution is found by its „bucket“. empty: the bucket of records whose column holds
    nothing. only: dimension → the one value for which the list holds the records.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    list: str
    where: Chosen = {}
    counted: Chosen = {}
    columns: dict[str, str] = {}
    only: dict[str, str] = {}
    empty: str | None = None

    def unknown(self, dimensions: Iterable[str], columns: Collection[str]) -> str | None:
        """Return the first name that neither the metric's dimensions nor the list's columns know."""
        for name in (*self.where, *self.counted, *self.columns.values()):
            if name not in columns:
                return name
        known = set(dimensions)
        return next((name for name in (*self.columns, *self.only) if name not in known), None)
