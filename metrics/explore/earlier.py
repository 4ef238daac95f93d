"""The same figures one period or one year earlier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from metrics.explore.answer import Answer, Level, Place
from metrics.explore.question import TIME_FIELDS, Path
from metrics.explore.span import Days, finest, shifted, stand
from metrics.explore.whole import Whole
from metrics.levels import member_of, span_of
from metrics.question import add_months, period_end
from warehouse.errors import AccessError

NO_WINDOW = "Ohne Zeitraum gibt es keinen früheren, mit dem sich vergleichen ließe."
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Earlier:
    """Looks up figures of an earlier time; each distance is read once, for all cells at it."""

    whole: Whole
    answers: dict[str, Answer]
    kept: dict[tuple[str, int], Answer] = field(default_factory=dict)

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
            return shifted(days, months)
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
                return whole.at(shifted(days, months)).answer(subject)
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
        rows, columns = self.whole.axes.rows, self.whole.axes.columns
        names = (*rows[: len(place[0])], *columns[: len(place[1])])
        values = dict(zip(names, (*place[0], *place[1]), strict=True))
        name = finest(values)
        member = values.get(name) if name else None
        if name is None or member is None:
            return place
        day = add_months(span_of(name, member)[0], -months)
        return _with_time(rows, place[0], day), _with_time(columns, place[1], day)


def _with_time(names: tuple[str, ...], path: Path, day: date) -> Path:
    return tuple(
        member_of(name, day) if name in TIME_FIELDS else value
        for name, value in zip(names, path, strict=False)
    )


def _length(days: Days) -> int:
    return (days[1].year - days[0].year) * 12 + days[1].month - days[0].month + 1
