"""Reads rows under the organisation of another day: each row's unit is carried over to that day's tree.

Which units a row may show is decided before, by the tree of today and the unit as delivered; carrying over
only renames what a person may see anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metrics.definition import ORG_COLUMN, ORG_LEVELS

NOT_TRANSFERABLE = "nicht_uebertragbar"
"""Stands in the cell of units whose figures cannot be carried over to the tree asked for."""

_PERIOD_END = {
    "day": "spot.period",
    "month": "last_day(spot.period)",
    "year": "make_date(year(spot.period), 12, 31)",
}
_PLACES = ", ".join(
    f"CASE WHEN home.unit_id IS NULL THEN '{NOT_TRANSFERABLE}' ELSE home.{level} END AS {level}"
    for level in ORG_LEVELS
)


@dataclass(frozen=True, slots=True)
class OtherTree:
    """The tree of `on`. Rows speak about units of their own period's end, or of `today` when `of_today`."""

    on: date
    today: date
    grain: str
    of_today: bool

    @property
    def tables(self) -> str:
        """Common tables, ending with `placed`: per period and delivered unit its place in the tree asked for.

        They read a table `metric` with period and org_unit_id.
        """
        day = "CAST(? AS DATE)" if self.of_today else f"least({_PERIOD_END[self.grain]}, CAST(? AS DATE))"
        return f"""spot AS (SELECT DISTINCT period, {ORG_COLUMN} FROM metric),
span AS (
    SELECT unit_id, min(valid_from) AS born, max(coalesce(valid_to, DATE '9999-12-31')) AS gone
    FROM core.org_unit GROUP BY unit_id
),
dated AS (
    SELECT spot.period, spot.{ORG_COLUMN}, greatest(span.born, least(span.gone, {day})) AS day
    FROM spot INNER JOIN span ON span.unit_id = spot.{ORG_COLUMN}
),
carried AS (
    SELECT dated.period, dated.{ORG_COLUMN}, transfer.to_unit_id
    FROM dated INNER JOIN core.org_transfer AS transfer
        ON transfer.unit_id = dated.{ORG_COLUMN}
        AND dated.day BETWEEN transfer.from_first AND transfer.from_last
        AND CAST(? AS DATE) BETWEEN transfer.to_first AND transfer.to_last
),
placed AS (
    SELECT spot.period, spot.{ORG_COLUMN}, coalesce(home.unit_id, '{NOT_TRANSFERABLE}') AS unit_id, {_PLACES}
    FROM spot
    LEFT JOIN carried ON carried.period = spot.period AND carried.{ORG_COLUMN} = spot.{ORG_COLUMN}
    LEFT JOIN core.org_home AS home
        ON home.unit_id = carried.to_unit_id AND CAST(? AS DATE) BETWEEN home.first_day AND home.last_day
)"""  # noqa: S608 (all names are constants of this module)

    @property
    def params(self) -> tuple[date, ...]:
        """Parameters of `tables`, in order."""
        return (self.today, self.on, self.on)


JOIN = f"""
    LEFT JOIN placed ON placed.period = metric.period AND placed.{ORG_COLUMN} = metric.{ORG_COLUMN}"""


def source_column(name: str) -> str:
    """Column of `placed` that answers for a unit or a level."""
    return "placed.unit_id" if name == ORG_COLUMN else f"placed.{name}"
