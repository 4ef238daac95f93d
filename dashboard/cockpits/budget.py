"""Budget: from answers of the door to the account of one slice, its positions and its months. Euro."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from dashboard import formats
from dashboard.cockpits.budget_choice import PRODUCT, BudgetChoice
from dashboard.figures.month_columns import Month
from dashboard.figures.waterfall import Step
from metrics.question import period_end
from metrics.result import Cell, Load, MetricResult, Number, Rating
from metrics.targets import Rule

Ask = Callable[..., MetricResult]
Keys = tuple[str | None, ...]
BALANCE = "budget_forecast_balance_eur"
# Order in which a budget grows; a source cannot deliver other components.
COMPONENTS: Mapping[str, str] = {
    "ansatz": "Ansatz\n{year}",
    "nachtrag": "Nachtrag\n{year}",
    "uebertrag": "Übertrag\naus {before}",
    "ueberplanmaessig": "über-\nplanmäßig",
    "ausserplanmaessig": "außer-\nplanmäßig",
    "umschichtung": "Um-\nschichtung",
    "sperre": "Sperre",
}
COMPONENT_LIST = "budget_components"
_STOCKS = {
    "frame": "budget_frame_eur",
    "ist": "budget_ist_eur",
    "obligo": "budget_obligo_eur",
    "available": "budget_available_eur",
    "forecast": "budget_forecast_eur",
    "balance": BALANCE,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One position of the plan, or all of them. None is unknown; `balance` is frame minus forecast.

    `cut` names the position for the door.
    """

    name: str
    frame: Number
    ist: Number
    obligo: Number
    available: Number | None
    forecast: Number | None
    balance: Number | None
    rating: Rating
    cut: Mapping[str, str | None] = field(default_factory=dict)

    def part(self, amount: Number | None) -> Number | None:
        """Return an amount as part of the frame; None without a frame to divide by."""
        if amount is None or self.frame <= 0:
            return None
        return float(Decimal(str(amount)) / Decimal(str(self.frame)))


@dataclass(frozen=True, slots=True)
class Account:
    """One slice of the budget on its Stichtag.

    `bound_share` is (Ist + Obligo) / frame as a fraction. `without_forecast` counts positions nobody has
    estimated: the balance leaves them out, so nothing is claimed about the end of the year.
    """

    choice: BudgetChoice
    total: Line
    lines: tuple[Line, ...]
    components: tuple[tuple[str, Number], ...]
    bound_share: Number | None
    without_forecast: int
    loads: tuple[Load, ...]
    stale: bool

    @property
    def is_empty(self) -> bool:
        """Whether neither money was granted nor anything booked or ordered."""
        return not self.lines

    @property
    def balance(self) -> Number | None:
        """What is left (+) or missing (−) on 31.12.; None unless every position has a forecast."""
        return None if self.without_forecast else self.total.balance

    @property
    def need(self) -> Number | None:
        """What is still expected until 31.12.: Prognose − Ist − Obligo; negative: orders will lapse."""
        if self.balance is None or self.total.forecast is None:
            return None
        return _exact(self.total.forecast) - _exact(self.total.ist) - _exact(self.total.obligo)

    @property
    def elapsed(self) -> Decimal:
        """Part of the Haushaltsjahr that had passed on the Stichtag."""
        if self.choice.is_closed:
            return Decimal(1)
        return formats.year_elapsed(self.choice.at) if self.choice.at.year == self.choice.year else Decimal(0)


def _exact(amount: Number | None) -> Decimal:
    return Decimal(str(amount or 0))


def read_account(ask: Ask, choice: BudgetChoice) -> Account:
    """Ask the door for everything about a slice; equal Stichtag for all figures."""
    where, at = choice.where(), choice.at
    keys = ("position_id",) if choice.product else (PRODUCT, "position_id")
    totals = {name: ask(metric, where=where, at=at) for name, metric in _STOCKS.items()}
    parts = {name: ask(metric, by=keys, where=where, at=at) for name, metric in _STOCKS.items()}
    named = ask("budget_ist_eur", by=(*keys, "position"), where=where, at=at)
    components = ask("budget_frame_eur", by=("komponente",), where=where, at=at)
    lines = _lines(parts, _names(named), keys)
    balance = totals["balance"]
    return Account(
        choice=choice,
        total=_line("gesamt", {name: result.total for name, result in totals.items()}),
        lines=lines,
        components=_components(components),
        bound_share=_value(ask("budget_bound_share", where=where, at=at).total),
        without_forecast=sum(line.forecast is None for line in lines),
        loads=balance.lineage,
        stale=bool(balance.stale_sources),
    )


def _names(result: MetricResult) -> dict[Keys, str]:
    names = {}
    for row in result.rows:
        keys = tuple(value for name, value in row.keys.items() if name != "position")
        title = row.keys["position"] or "ohne Bezeichnung"
        names[keys] = f"{row.keys[PRODUCT]} · {title}" if PRODUCT in row.keys else title
    return names


def _lines(
    parts: Mapping[str, MetricResult], names: Mapping[Keys, str], dimensions: Sequence[str]
) -> tuple[Line, ...]:
    cells = {name: {tuple(row.keys.values()): row for row in result.rows} for name, result in parts.items()}
    found = [
        replace(
            _line(title, {name: rows.get(keys) for name, rows in cells.items()}),
            cut=dict(zip(dimensions, keys, strict=True)),
        )
        for keys, title in names.items()
    ]
    # The largest frames first, equal ones in the order of the plan.
    return tuple(sorted(found, key=lambda line: -line.frame))


def _line(title: str, cells: Mapping[str, Cell | None]) -> Line:
    balance = cells["balance"]
    return Line(
        name=title,
        frame=_value(cells["frame"]) or 0,
        ist=_value(cells["ist"]) or 0,
        obligo=_value(cells["obligo"]) or 0,
        available=_value(cells["available"]),
        forecast=_value(cells["forecast"]),
        balance=_value(balance),
        rating=balance.rating if balance else "neu",
    )


def _value(cell: Cell | None) -> Number | None:
    return None if cell is None else cell.value


def _components(result: MetricResult) -> tuple[tuple[str, Number], ...]:
    amounts = {row.keys["komponente"]: row.value for row in result.rows if row.value}
    return tuple((name, amounts[name]) for name in COMPONENTS if name in amounts)


def steps(account: Account) -> list[Step]:
    """Return the columns of the waterfall; without a full forecast it ends with what is available."""
    choice, total = account.choice, account.total
    words = {"year": str(choice.year), "before": str(choice.year - 1)}
    found = [Step(COMPONENTS[name].format(**words), amount, "plan") for name, amount in account.components]
    found.append(Step("Verfügungs-\nrahmen", total.frame, "summe"))
    found.append(Step("Ist\ngebucht", -total.ist, "ist"))
    found.append(Step("Obligo\ngebunden", -total.obligo, "obligo"))
    found.append(Step("verfügbar", total.available or 0, "verfuegbar"))
    need, balance = account.need, account.balance
    if need is None or balance is None or (choice.is_closed and not need):
        return found
    label = "Bedarf bis\n31.12." if need >= 0 else "Entlastung\nbis 31.12."
    return [
        *found,
        Step(label, -need, "prognose"),
        Step("fehlt" if balance < 0 else "bleibt", balance, "saldo"),
    ]


def step_figures(account: Account) -> list[tuple[str, dict[str, str]]]:
    """Return the figure of each column of the waterfall with what makes it one part, in their order."""
    found = [(_STOCKS["frame"], {"komponente": name}) for name, _ in account.components]
    found += [(_STOCKS[name], {}) for name in ("frame", "ist", "obligo", "available", "forecast", "balance")]
    return found[: len(steps(account))]


@dataclass(frozen=True, slots=True)
class Course:
    """The months of a Haushaltsjahr; `outside_eur` was booked for it before January or after December."""

    months: tuple[Month, ...]
    outside_eur: Number
    has_plan: bool
    has_forecast: bool


def read_course(ask: Ask, choice: BudgetChoice, limit: Decimal | None) -> Course:
    """Ask for Plan, Ist and Prognose per month.

    A month is flagged when it exceeds its Plan by more than `limit`. Versions of the forecast are known per
    month only as of the snapshot, so a Stichtag of the past shows none.
    """
    year = choice.year
    around = (date(year - 1, 1, 1), date(year + 1, 12, 31))
    plan, ist, forecast = (
        _by_month(ask(f"budget_{name}_month_eur", by=("period",), where=choice.where(), between=around))
        for name in ("plan", "ist", "forecast")
    )
    booked = {month: value for month, value in ist.items() if month <= choice.at}
    if not choice.is_latest:
        forecast = {}
    own = [date(year, number, 1) for number in range(1, 13)]
    months = tuple(_month(m, plan.get(m), booked.get(m), forecast.get(m), choice.at, limit) for m in own)
    outside = sum((_exact(value) for month, value in booked.items() if month.year != year), Decimal(0))
    return Course(months, outside, any(plan.values()), any(m.forecast_eur is not None for m in months))


def _by_month(result: MetricResult) -> dict[date, Number]:
    return {row.period: row.value for row in result.rows if row.period and row.value is not None}


def _month(
    month: date,
    plan: Number | None,
    ist: Number | None,
    forecast: Number | None,
    at: date,
    limit: Decimal | None,
) -> Month:
    complete = period_end(month, "month") <= at
    booked = (ist or 0 if complete else ist) if month <= at else None
    expected = None if complete or forecast is None else max(_exact(forecast), _exact(ist))
    found = Month(month, plan, booked, expected, complete=complete)
    deviation = found.deviation_eur
    return replace(found, flagged=limit is not None and deviation is not None and deviation > limit)


def tolerance(rule: Rule | None, on: date) -> Decimal | None:
    """Return by how much a month may exceed its Plan before it is flagged: what the town tolerates at all."""
    soll = rule.soll(on) if rule else None
    if rule is None or soll is None:
        return None
    allowed = rule.tolerance(soll)
    return Decimal(allowed.numerator) / Decimal(allowed.denominator)


def over_plan(months: Sequence[Month]) -> list[bool | None]:
    """Return per month whether it lies over its Plan, as the printed thousands say; None where unknown."""
    found = []
    for month in months:
        deviation = month.deviation_eur
        found.append(None if deviation is None else formats.rounded(deviation / 1000) > 0)
    return found


def drivers(lines: Sequence[Line]) -> list[str]:
    """Return the positions rated „handeln“ whose forecast exceeds the frame, the largest excess first."""
    over = [line for line in lines if line.rating == "krit" and line.balance is not None and line.balance < 0]
    return [line.name for line in sorted(over, key=lambda line: line.balance or 0)]


def stand_of(loads: Sequence[Load], subject: str) -> Load | None:
    """Return the oldest delivery of a subject, None when nothing was loaded."""
    found = [load for load in loads if load.subject == subject]
    return min(found, key=lambda load: load.as_of) if found else None


@dataclass(frozen=True, slots=True)
class OtherCity:
    """A published budget of another city in one year, recomputed from its single values."""

    city: str
    year: int
    earned: Number | None
    spent: Number | None
    result: Number | None
    document: str


def other_cities(balance: MetricResult, sides: MetricResult, years: int = 3) -> tuple[OtherCity, ...]:
    """Return the last years of each city; answers by city, haushaltsjahr, document (and richtung)."""
    amounts = {tuple(row.keys.values()): row.value for row in sides.rows}
    found: dict[str, list[OtherCity]] = {}
    for row in sorted(balance.rows, key=lambda row: row.keys["haushaltsjahr"] or "", reverse=True):
        city, year, document = (str(row.keys[name]) for name in ("city", "haushaltsjahr", "document"))
        earned, spent = (amounts.get((city, year, document, side)) for side in ("ertrag", "aufwand"))
        entry = OtherCity(city, int(year), earned, None if spent is None else -spent, row.value, document)
        found.setdefault(city, []).append(entry)
    return tuple(entry for city in sorted(found) for entry in found[city][:years])


def document_title(document: str) -> str:
    """Return the name of a document as words: „jahresabschluss_2024“ is „Jahresabschluss 2024“."""
    words = document.replace("_", " ")
    return words[:1].upper() + words[1:]
