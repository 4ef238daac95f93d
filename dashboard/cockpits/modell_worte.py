"""The city's calculations in words, for the command line and the page: amounts with spans, days, causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from dashboard import formats
from metrics.models.capacity import CapacityModel, DaySpan, RoleResult
from metrics.models.cost import CostCell, CostTable
from metrics.models.parameter import Day, Estimate, Parameter
from metrics.models.progress import Progress, ProgressModel

KINDS: Mapping[str, str] = {"capacity": "Personal", "cost": "Kosten", "progress": "Fortschritt"}
NEVER, SHARE = "nie", "Anteil"
CAUSES = {
    "andere_basis": "andere Basis",
    "folgt_aus_gedrucktem": "Folge des gedruckten Werts darüber",
    "ungeklaert": "nicht erklärt",
}


def capacity_parameters(model: CapacityModel) -> dict[str, Parameter | Day]:
    """All parameters by the names a question may change."""
    found: dict[str, Parameter | Day] = {
        "cases": model.cases,
        "net_days": model.net_days,
        "price": model.price,
        "start": model.start,
        "due": model.due,
    }
    for name, role in model.roles.items():
        found |= {f"days.{name}": role.days_per_case, f"posts.{name}": role.posts}
    return found


def parameter_words(item: Parameter | Day) -> tuple[str, str]:
    """Value with its span, and unit: („182,1 (182,1 bis 200)“, „Personentage je Stelle und Jahr“)."""
    if isinstance(item, Day):
        return formats.day(item.value), "Tag"
    if item.unit.startswith(SHARE):
        return formats.percent(item.value, max(0, digits(item.value) - 2)), item.unit
    text = formats.number(item.value, digits(item.value))
    if item.low is not None and item.high is not None:
        ends = (formats.number(end, digits(end)) for end in (item.low, item.high))
        text += f" ({' bis '.join(ends)})"
    return ("rund " if item.qualifier == "rund" else "") + text, item.unit


def digits(value: Decimal) -> int:
    """Digits after the comma that somebody wrote; trailing zeros say nothing."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def role_line(role: RoleResult) -> tuple[str, ...]:
    """Title, person-days, posts, posts needed, years, day and span of one role."""
    told = amounts(role.title, role.need, role.posts, role.posts_needed, role.years)
    return (*told, done_words(role.done), done_span(role.done))


def amounts(
    title: str, need: Estimate, posts: Estimate, needed: Estimate, years: Estimate | None
) -> tuple[str, ...]:
    """Cells of a line of the table of roles."""
    return (
        title,
        estimate_words(need, 0),
        estimate_words(posts, 1),
        estimate_words(needed, 1),
        estimate_words(years, 1),
    )


def estimate_words(item: Estimate | None, decimals: int) -> str:
    """„72,0 (66,0 bis 72,0)“; nothing for no value."""
    if item is None:
        return ""
    value, low, high = (formats.number(decimal(v), decimals) for v in (item.value, item.low, item.high))
    return value if low == high else f"{value} ({low} bis {high})"


def decimal(value: Fraction) -> Decimal:
    """A fraction as it is printed."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def done_words(done: DaySpan | None) -> str:
    """The day, or that it lies beyond planning."""
    return formats.day(done.value) if done and done.value else NEVER


def done_span(done: DaySpan | None) -> str:
    """Earliest and latest day; nothing where they are the same."""
    if done is None or done.earliest == done.latest:
        return ""
    return " bis ".join(formats.day(end) if end else NEVER for end in (done.earliest, done.latest))


def why(cell: CostCell, table: CostTable) -> str:
    """Say why an amount differs from its own rule: „andere Basis: Haushaltswirksame Kosten“."""
    if cell.cause is None:
        return ""
    titles = {row.id: row.title for row in table.rows}
    return CAUSES[cell.cause] + (f": {titles[cell.base]}" if cell.base else "")


def progress_lines(model: ProgressModel, progress: Progress) -> Iterator[tuple[str, str]]:
    """What was observed, what is needed, where the pace leads: (what, value with span)."""
    goal, due = Fraction(model.goal.value), formats.day(model.due.value)
    yield (
        f"erreicht am {formats.day(progress.at)}",
        f"{formats.number(progress.reached)} von {formats.number(progress.total)}",
    )
    band, ahead, when = progress.band, progress.ahead(model.due.value), progress.when(goal)
    needed = progress.needed(goal, model.due.value)
    yield f"nötig je Monat für {formats.percent(decimal(goal), 0)} bis {due}", pace_words(needed)
    if band is None or when is None:
        yield "Prognose", "dafür fehlen volle Monate"
        return
    yield (
        "Tempo je Monat (Spanne)",
        f"{pace_words(band.middle)} ({pace_words(band.low)} bis {pace_words(band.high)})",
    )
    if ahead:
        low, value, high = (formats.percent(decimal(v)) for v in (ahead.low, ahead.value, ahead.high))
        yield f"Prognose zum {due} (Spanne)", f"{value} ({low} bis {high})"
    days = [formats.day(day) if day else NEVER for day in (when.middle, when.early, when.late)]
    yield "Ziel erreicht (Spanne)", f"{days[0]} ({days[1]} bis {days[2]})"


def pace_words(value: Fraction | None) -> str:
    """Members a month."""
    return formats.MISSING if value is None else formats.number(decimal(value), 1)
