"""OZG-Fortschritt: from figures to standing, curve, steps and Themenfelder. Shares are fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dashboard import formats, texts
from dashboard.figures.levels import LevelRow
from dashboard.figures.s_curve import Forecast, Point
from dashboard.figures.share_bars import ShareRow
from dashboard.figures.step_bars import StepRow
from metrics.models.library import AnyModel
from metrics.models.progress import Progress, ProgressModel, month_of, observed
from metrics.projection import Outlook, PaceBand
from metrics.question import add_months, period_end
from metrics.result import Cell, MetricResult, Number, Rating
from metrics.targets import Rule

STEPS: Mapping[str, str] = {
    "pruefung": "Prüfung mit {unit}",
    "aufnahme": "Prozessaufnahme",
    "optimierung": "Prozessoptimierung",
    "umsetzung": "Technische Umsetzung",
    "test": "Test und Freigabe",
}
NO_STEP = "ohne"
EVENTS: tuple[tuple[date, str], ...] = ((date(2022, 12, 31), "OZG-Frist\n31.12.2022"),)


@dataclass(frozen=True, slots=True)
class Standing:
    """Members online on a day against the target of that day; `online` None: nothing is known."""

    on: date
    online: int | None
    total: int
    share: Number | None
    target: Number | None
    rating: Rating

    @property
    def target_count(self) -> int | None:
        """How many would have to be online; None without target or members."""
        if self.target is None or not self.total:
            return None
        return int(formats.rounded(float(self.target) * self.total))

    @property
    def gap(self) -> int | None:
        """Online minus target in members: negative is behind."""
        return None if self.online is None or self.target_count is None else self.online - self.target_count


def standing(result: MetricResult, at: date) -> Standing:
    """Read the total of a share of members online; an answer without members has `online` None."""
    cell = result.total
    if cell is None or cell.numerator is None or not cell.denominator:
        return Standing(at, None, 0, None, cell.target if cell else None, "neu")
    on = min(period_end(cell.period, "month"), at) if cell.period else at
    counts = int(cell.numerator), int(cell.denominator)
    return Standing(on, *counts, cell.value, cell.target, cell.rating)


def month_before(at: date) -> date:
    """Return the last end of a month that lies at least one month before the day.

    The ninth of a month is compared with the end of the month before last: nine days are no trend.
    """
    is_end = at == period_end(at.replace(day=1), "month")
    return period_end(add_months(at, -1 if is_end else -2), "month")


@dataclass(frozen=True, slots=True)
class Course:
    """Ist and Soll over time with what the observed pace leads to.

    `pace` are members a month in the last six months, `needed` what reaches the goal in time.
    """

    ist: tuple[Point, ...]
    soll: tuple[Point, ...]
    band: PaceBand | None
    outlook: Outlook | None
    goal: Point | None
    needed: Fraction | None

    @property
    def forecast(self) -> Forecast | None:
        """Prognose for the curve."""
        if self.outlook is None:
            return None
        ahead = self.outlook
        return Forecast(ahead.on, float(ahead.value), float(ahead.low), float(ahead.high))


def projection_of(models: Mapping[str, AnyModel], metric_id: str) -> tuple[str, ProgressModel] | None:
    """The city's projection of a figure with its name, or None: then the usual lengths hold."""
    found = (
        (name, m) for name, m in models.items() if isinstance(m, ProgressModel) and m.metric == metric_id
    )
    return next(found, None)


def course(
    history: MetricResult,
    at: date,
    rule: Rule | None,
    monthly: Mapping[date, int] | None = None,
    model: ProgressModel | None = None,
) -> Course:
    """Build the course up to a day; `monthly` are members newly online, without it the net change counts.

    `model` says over how many months a pace and its span are observed.
    """
    rows = observed(history)
    ist = tuple((min(period_end(month_of(row), "month"), at), row.value or 0) for row in rows)
    if not rows:
        return Course((), (), None, None, None, None)
    soll = soll_points(rule, [day for day, _ in ist], at)
    goal = soll[-1] if soll and soll[-1][0] > at else None
    progress = Progress.of(rows, at, monthly, **(model.length if model else {}))
    until = goal[0] if goal else date(at.year + 1, 12, 31)
    needed = progress.needed(Fraction(goal[1]), goal[0]) if goal else None
    return Course(ist, soll, progress.band, progress.ahead(until), goal, needed)


def soll_points(rule: Rule | None, days: Sequence[date], at: date) -> tuple[Point, ...]:
    """Return the path on the days of the Ist, at its own corners since then, and at `at`."""
    if rule is None or not rule.path or not days:
        return ()
    corners = {point.on for point in rule.path if point.on >= days[0]}
    values = ((day, rule.soll(day)) for day in sorted({*corners, *days, at}))
    return tuple((day, float(value)) for day, value in values if value is not None)


def buckets(result: MetricResult) -> dict[str, int]:
    """Return members per bucket of a distribution without breakdown."""
    return {str(row.bucket): int(row.numerator or 0) for row in result.rows if row.bucket is not None}


def step_names(unit_word: str) -> dict[str, str]:
    """Return the steps of a project in their order, as the town calls them."""
    return {step: label.format(unit=unit_word) for step, label in STEPS.items()}


def step_rows(counts: MetricResult, days: MetricResult, unit_word: str) -> tuple[StepRow, ...]:
    """Running projects per step in the order of the procedure, with mean days and their target."""
    projects = buckets(counts)
    spent = {row.keys["step"]: row for row in days.rows}
    rows = [
        _step_row(step, label, projects, spent.get(step)) for step, label in step_names(unit_word).items()
    ]
    if projects.get(NO_STEP):
        rows.append(StepRow("noch in keinem Schritt", projects[NO_STEP], None, None))
    return tuple(rows)


def _step_row(step: str, label: str, projects: Mapping[str, int], spent: Cell | None) -> StepRow:
    count = projects.get(step, 0)
    if spent is None:
        return StepRow(label, count, None, None)
    return StepRow(label, count, spent.value, spent.target, spent.rating)


def bottleneck(rows: Sequence[StepRow]) -> str | None:
    """Name the step that exceeds its target most, as part of the target; None when none does."""
    late = [(_excess(row), row.label) for row in rows if row.rating in ("warn", "krit") and _excess(row) > 0]
    return max(late)[1] if late else None


def _excess(row: StepRow) -> float:
    return float(row.days) / float(row.days_soll) - 1 if row.days is not None and row.days_soll else 0.0


def level_rows(
    distribution: MetricResult, shares: MetricResult, dimension: str, names: Mapping[str, str] | None = None
) -> tuple[LevelRow, ...]:
    """Stages per value of a dimension, best share online first, rated as the share is."""
    counts: dict[str | None, dict[str, int]] = {}
    for row in distribution.rows:
        counts.setdefault(row.keys[dimension], {})[str(row.bucket)] = int(row.numerator or 0)
    ratings = {row.keys[dimension]: row.rating for row in shares.rows}
    rows = [LevelRow(name_of(key, names), levels, ratings.get(key, "neu")) for key, levels in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-float(row.online_share or 0), row.label)))


def share_rows(
    result: MetricResult, dimension: str, names: Mapping[str, str] | None = None
) -> tuple[ShareRow, ...]:
    """Members online per value of a dimension, best share first."""
    rows = [
        ShareRow(name_of(row.keys[dimension], names), int(row.numerator or 0), int(row.denominator))
        for row in result.rows
        if row.denominator
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.share or 0), row.label)))


def name_of(key: str | None, names: Mapping[str, str] | None = None) -> str:
    """Return the words for a value of a dimension."""
    return (names or {}).get(key or "", texts.dimension_value(key))


def above_target(shares: MetricResult) -> tuple[int, int, Number | None]:
    """Return how many rows lie above their target, how many there are, and the common target.

    Without a common target there is nothing to count against: (0, rows, None).
    """
    rows = [row for row in shares.rows if row.value is not None]
    targets = {row.target for row in rows}
    if len(targets) != 1 or None in targets:
        return 0, len(rows), None
    return sum(1 for row in rows if row.deviation is not None and row.deviation > 0), len(rows), targets.pop()
