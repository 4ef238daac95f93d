"""The same figures one period or one year earlier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from metrics.explore.answer import Answer, Level, Place
from metrics.explore.question import TIME_FIELDS, Path
from metrics.explore.register import lies_within
from metrics.explore.span import Days, finest, shifted, shifted_by_day, stand
from metrics.explore.whole import Whole
from metrics.levels import member_of, span_of
from metrics.question import add_months, floor, period_end
from warehouse.errors import AccessError

NO_WINDOW = "Ohne Zeitraum gibt es keinen früheren, mit dem sich vergleichen ließe."
_RUNNING = "Der Zeitraum läuft noch und ist nicht mit einem ganzen vergleichbar: "
RUNNING = f"{_RUNNING}einen wählen, der mit dem letzten vollen Monat endet."
RUNNING_YEAR = f"{_RUNNING}ein Jahr wählen, das vorüber ist."
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Earlier:
    """Looks up figures of an earlier time; each distance is read once, for all cells at it."""

    whole: Whole
    answers: dict[str, Answer]
    kept: dict[tuple[str, int], Answer] = field(default_factory=dict)
    ahead: dict[str, bool] = field(default_factory=dict)

    def find(self, subject: str, place: Place) -> tuple[Answer, Place] | None:
        """Return the earlier answer and the place in it; None where nothing earlier is meant."""
        level = len(place[0]), len(place[1])
        months = self._months(subject, level)
        if months is None:
            return None
        key = subject, months
        if key not in self.kept:
            self.kept[key] = self._read(subject, months)
        return self.kept[key], self._moved(place, months)

    def running(self, subject: str, place: Place) -> str:
        """Why a place is not compared: it counts part of a time that was whole before; „“ where it is.

        Stocks stand at a day; plans and records that lie ahead are there for all of their time.
        """
        definition, span = self.whole.definition(subject), self._span(subject, place)
        if span is None or (definition is not None and definition.over_time != "sum"):
            return ""
        today = self.whole.snapshot.business_date
        # Records up to today are compared with the same days, figures of months with whole months.
        end = period_end(floor(span[1], definition.grain), definition.grain) if definition else span[1]
        if not span[0] <= today < end or self._lies_ahead(subject, today):
            return ""
        return RUNNING_YEAR if definition is not None and definition.grain == "year" else RUNNING

    def _span(self, subject: str, place: Place) -> Days | None:
        """First and last day a place counts."""
        days, (name, member) = self._days(subject), self._time_of(place)
        own = span_of(name, member) if name and member else None
        if days is None or own is None:
            return own if name else days
        return max(days[0], own[0]), min(days[1], own[1])

    def _lies_ahead(self, subject: str, today: date) -> bool:
        """Whether the year after the running time holds figures or records, whatever span is looked at."""
        if subject not in self.ahead:
            self.ahead[subject] = self._has_next_year(subject, today)
        return self.ahead[subject]

    def _has_next_year(self, subject: str, today: date) -> bool:
        definition = self.whole.definition(subject)
        grain = definition.grain if definition else "month"
        first = period_end(floor(today, grain), grain) + timedelta(days=1)
        days = first, period_end(add_months(first, 11), "month")
        if not subject:
            return lies_within(self.whole.counting(), days)
        try:
            found = self.whole.at(days).answer(subject).found.values()
        except AccessError:
            return False
        return any(amount for item in found for amount in item.amounts.values())

    def _time_of(self, place: Place) -> tuple[str | None, str | None]:
        """The shortest length of time a place names, and which one."""
        rows, columns = self.whole.axes.rows, self.whole.axes.columns
        names = (*rows[: len(place[0])], *columns[: len(place[1])])
        values = dict(zip(names, (*place[0], *place[1]), strict=True))
        name = finest(values)
        return name, values[name] if name else None

    def spans(self) -> dict[str, Days]:
        """First and last day each subject was compared with so far, where all its cells have the same."""
        subjects = [subject for subject, _ in self.kept]
        return {
            subject: days
            for subject, months in self.kept
            if subjects.count(subject) == 1 and (days := self._compared(subject, months))
        }

    def _compared(self, subject: str, months: int) -> Days | None:
        if (days := self._days(subject)) is not None:
            return _shifted(subject, days, months)
        if not subject:
            return None
        day = self._day(subject, months)
        return day, day

    def _months(self, subject: str, level: Level) -> int | None:
        """How far back; without a time of its own a flow goes back by the length of its window."""
        axes, days = self.whole.axes, self.whole.days
        definition = self.whole.definition(subject)
        name = finest(axes.keys(level))
        if not subject and days is None and name is None:
            return None
        if self.whole.question.against == "previous_year":
            return 12
        if name is not None:
            return _MONTHS[name]
        if definition is not None and definition.over_time != "sum":
            whole = finest(axes.fields)
            return _MONTHS[whole] if whole else 12 if definition.grain == "year" else 1
        if days is not None:
            return _length(days)
        return definition.window_months if definition else None

    def _read(self, subject: str, months: int) -> Answer:
        whole, days = self.whole, self._days(subject)
        if not subject and whole.days is None:
            return self.answers[""]
        try:
            if days is not None:
                return whole.at(_shifted(subject, days, months)).answer(subject)
            day = self._day(subject, months)
            return whole.at(None, day).answer(subject)
        except AccessError as error:
            return whole.refused(error.what)

    def _days(self, subject: str) -> Days | None:
        """The span of the figures on the page; that of a flow's own window is known from its answer."""
        if self.whole.days is not None:
            return self.whole.days
        definition = self.whole.definition(subject)
        last = self._last(subject)
        if definition is None or definition.over_time != "sum" or last is None:
            return None
        end = period_end(last, definition.grain)
        return add_months(last.replace(day=1), 1 - definition.window_months), end

    def _day(self, subject: str, months: int) -> date:
        """The last day of the earlier period of a stock."""
        definition = self.whole.definition(subject)
        grain = definition.grain if definition else "month"
        today = self.whole.snapshot.business_date
        now = self._last(subject) or stand(date.max, grain, self.whole.question.at, today)
        return period_end(add_months(now.replace(day=1), -months), grain)

    def _last(self, subject: str) -> date | None:
        found = self.answers[subject].found.values()
        return max((item.period for item in found if item.period), default=None)

    def _moved(self, place: Place, months: int) -> Place:
        name, member = self._time_of(place)
        if name is None or member is None:
            return place
        rows, columns = self.whole.axes.rows, self.whole.axes.columns
        day = add_months(span_of(name, member)[0], -months)
        return _with_time(rows, place[0], day), _with_time(columns, place[1], day)


def _shifted(subject: str, days: Days, months: int) -> Days:
    """Figures are known by months, records by days."""
    return shifted(days, months) if subject else shifted_by_day(days, months)


def _with_time(names: tuple[str, ...], path: Path, day: date) -> Path:
    return tuple(
        member_of(name, day) if name in TIME_FIELDS else value
        for name, value in zip(names, path, strict=False)
    )


def _length(days: Days) -> int:
    return (days[1].year - days[0].year) * 12 + days[1].month - days[0].month + 1
