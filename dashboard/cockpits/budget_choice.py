"""Which slice of the budget is shown: plan, Haushaltsjahr, Produkt, Stichtag; only what the data hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from metrics.question import period_end
from metrics.result import MetricResult

PLANS: tuple[str, ...] = ("ergebnisplan", "finanzplan")
PLAN, YEAR, PRODUCT, DAY = "plan_art", "haushaltsjahr", "produkt", "stichtag"
PARAMS = (PLAN, YEAR, PRODUCT, DAY)
ALL_PRODUCTS = "alle"
# What the choices are read from: every slice of the budget with the months it is told for.
OFFER_METRIC = "budget_ist_eur"
OFFER_BY = ("period", YEAR, PLAN, PRODUCT)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a town wants to see first (portal.toml); None leaves it to the data."""

    plan_art: str = PLANS[0]
    year: int | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the data hold: years (newest first), products, and the Stichtage of each year (newest first)."""

    years: tuple[int, ...]
    products: tuple[str, ...]
    days: Mapping[int, tuple[date, ...]]


@dataclass(frozen=True, slots=True)
class BudgetChoice:
    """A checked choice. `product` None is the sum of all products; plans are never added up."""

    plan_art: str
    year: int
    product: str | None
    at: date
    latest: date

    @property
    def is_latest(self) -> bool:
        """Whether nothing newer is known about this year."""
        return self.at == self.latest

    @property
    def is_closed(self) -> bool:
        """Whether the Haushaltsjahr was over on the Stichtag."""
        return self.at >= date(self.year, 12, 31)

    @property
    def other_plan(self) -> str:
        """The plan that is shown by its own switch, never added."""
        return next(plan for plan in PLANS if plan != self.plan_art)

    def where(self, plan_art: str | None = None) -> dict[str, str]:
        """Return the conditions for the door."""
        chosen = {PLAN: plan_art or self.plan_art, YEAR: str(self.year)}
        return chosen if self.product is None else {**chosen, PRODUCT: self.product}


def read_offer(result: MetricResult) -> Offer:
    """Read the choices from an answer of OFFER_METRIC by OFFER_BY."""
    cells = [row for row in result.rows if row.period and (row.keys[YEAR] or "").isdigit()]
    years = sorted({int(str(row.keys[YEAR])) for row in cells}, reverse=True)
    products = sorted({str(row.keys[PRODUCT]) for row in cells if row.keys[PRODUCT]})
    months = {year: {row.period for row in cells if row.keys[YEAR] == str(year)} for year in years}
    days = {year: _days(year, (m for m in months[year] if m), result.business_date) for year in years}
    return Offer(tuple(years), tuple(products), days)


def _days(year: int, months: Iterable[date], today: date) -> tuple[date, ...]:
    """Ends of the year's own months and the last day anything is known of it."""
    known = sorted(months)
    own = [month for month in known if month.year == year]
    ends = {min(period_end(month, "month"), today) for month in (*own, known[-1])}
    return tuple(sorted(ends, reverse=True))


def read_choice(params: Mapping[str, str], offer: Offer, wish: Wish, today: date) -> BudgetChoice | None:
    """Return the slice an address asks for; values that are not on offer count as not set.

    None when there is no budget at all.
    """
    if not offer.years:
        return None
    wanted = _day(params.get(DAY))
    year = _year(params.get(YEAR) or _year_of(wanted, offer), offer, wish, today)
    days = offer.days[year]
    # A day of another page counts as the last end of a month before it.
    asked = next((day for day in days if wanted is not None and day <= wanted), days[0])
    plan = params.get(PLAN)
    default_plan = wish.plan_art if wish.plan_art in PLANS else PLANS[0]
    return BudgetChoice(
        plan_art=plan if plan in PLANS else default_plan,
        year=year,
        product=_product(params.get(PRODUCT), offer, wish),
        at=asked,
        latest=days[0],
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _year_of(day: date | None, offer: Offer) -> str | None:
    """The Haushaltsjahr a Stichtag speaks about when the address names none: the newest it knows."""
    if day is None:
        return None
    known = (year for year in offer.years if year <= day.year and any(end <= day for end in offer.days[year]))
    return next((str(year) for year in known), None)


def _year(text: str | None, offer: Offer, wish: Wish, today: date) -> int:
    asked = int(text) if text is not None and text.isascii() and text.isdigit() else None
    for year in (asked, wish.year, today.year):
        if year in offer.years:
            return year
    past = [year for year in offer.years if year < today.year]
    return past[0] if past else offer.years[-1]


def _product(text: str | None, offer: Offer, wish: Wish) -> str | None:
    if text == ALL_PRODUCTS:
        return None
    if text in offer.products:
        return text
    return wish.product if wish.product in offer.products else None


def known_params(params: Mapping[str, str], choice: BudgetChoice) -> dict[str, str]:
    """Return the address without what was ignored, so that links do not carry it on."""
    chosen = {
        PLAN: choice.plan_art,
        YEAR: str(choice.year),
        PRODUCT: choice.product or ALL_PRODUCTS,
        DAY: choice.at.isoformat(),
    }
    kept = {name: value for name, value in params.items() if name not in PARAMS}
    same = {name: value for name, value in chosen.items() if params.get(name) == value}
    # The day of another page stays in the address as the end of the month it became.
    day = {DAY: chosen[DAY]} if DAY in params and not choice.is_latest else {}
    return {**kept, **same, **day}
