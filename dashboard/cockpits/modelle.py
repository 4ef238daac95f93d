"""The city's calculations on the page: what is asked in the address, what comes out, and the Lagesatz.

Values asked for live in the address only: nothing is stored, the model stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from dashboard import formats
from dashboard.cockpits.modell_worte import capacity_parameters, decimal, digits, done_words
from dashboard.sentence import fitted
from dashboard.texts import plural
from metrics.models.capacity import (
    FIRST_YEAR,
    LAST_YEAR,
    LEAST,
    MOST,
    CapacityModel,
    CapacityResult,
    DaySpan,
    capacity,
)
from metrics.models.cost import CostTable
from metrics.models.parameter import Day, Estimate, Parameter
from metrics.models.progress import Progress, ProgressModel
from warehouse.errors import ConfigError

ASKED = "p."
DIVISORS = frozenset({"net_days"})
LABELS: Mapping[str, str] = {
    "cases": "Fälle",
    "net_days": "Personentage je Stelle und Jahr",
    "price": "Preis je Stelle und Jahr",
    "start": "Beginn",
    "due": "Frist",
    "window_months": "Fenster für ein Tempo",
    "span_months": "Zeitraum der Spanne",
    "goal": "Ziel",
}
ROLE_LABELS: Mapping[str, str] = {"days": "Tage je Fall", "posts": "Stellen"}
NUMBER_HINT = "Bitte nur Zahlen ab 0 mit Komma eingeben, zum Beispiel 12,5."
DAY_HINT = "Bitte einen Tag als TT.MM.JJJJ eingeben, zum Beispiel 31.12.2027."
TOGETHER_HINT = "So lässt sich nicht rechnen: Die Frist liegt nach dem Beginn."
ABOVE_ZERO_HINT = "Bitte eine Zahl über 0 eingeben, zum Beispiel 182,1."
RANGE_HINTS: Mapping[type, str] = {
    Parameter: f"Bitte 0 oder eine Zahl von {formats.number(LEAST, 3)} bis {formats.number(MOST)} eingeben.",
    Day: f"Bitte einen Tag der Jahre {FIRST_YEAR} bis {LAST_YEAR} eingeben.",
}
_GRADE = re.compile(r"(eg|a|e|s)(\d+[a-c]?)")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Field:
    """One assumption that can be asked otherwise; `error` says what a value has to look like."""

    name: str
    label: str
    value: str
    usual: str
    unit: str
    span: str
    stand: str
    source: str
    error: str = ""

    @property
    def parameter(self) -> str:
        """Name in the address."""
        return f"{ASKED}{self.name}"

    @property
    def changed(self) -> bool:
        """Whether another value is asked for."""
        return self.value != self.usual


@dataclass(frozen=True, slots=True)
class Question:
    """A model with the values of the address; `base` is the model as it is, `error` concerns all of them."""

    base: CapacityModel
    model: CapacityModel
    fields: tuple[Field, ...]
    error: str = ""

    @property
    def changed(self) -> bool:
        """Whether anything else than the model itself was computed."""
        return self.model is not self.base

    @property
    def errors(self) -> tuple[str, ...]:
        """What has to be corrected, field by field."""
        found = tuple(f"{field.label}: {field.error}" for field in self.fields if field.error)
        return (*found, self.error) if self.error else found


def asked(model: CapacityModel, params: Mapping[str, str], today: date) -> Question:
    """Read the values of the address; one that cannot be read is told at its field and left as it was."""
    parameters = capacity_parameters(model)
    wanted, errors = {}, {}
    for name, item in parameters.items():
        text = params.get(f"{ASKED}{name}", "").strip()
        if not text or text == usual(item):
            continue
        plain = plain_day(text) if isinstance(item, Day) else plain_number(text)
        try:
            model.with_values({name: plain}, today)
            wanted[name] = plain
        except ConfigError as refused:
            # A day may be right and only not fit to the other one: that is told about both.
            if isinstance(item, Day) and _is_day(plain) and refused.code != "out_of_range":
                wanted[name] = plain
            else:
                errors[name] = (
                    RANGE_HINTS[type(item)] if refused.code == "out_of_range" else _hint(name, item)
                )
    changed, error = _changed(model, wanted, today)
    fields = (
        _field(name, item, changed, params, errors.get(name, ""), model) for name, item in parameters.items()
    )
    return Question(model, changed, tuple(fields), error)


def _hint(name: str, item: Parameter | Day) -> str:
    if isinstance(item, Day):
        return DAY_HINT
    return ABOVE_ZERO_HINT if name in DIVISORS else NUMBER_HINT


def _changed(model: CapacityModel, wanted: Mapping[str, str], today: date) -> tuple[CapacityModel, str]:
    if not wanted:
        return model, ""
    try:
        return model.with_values(wanted, today), ""
    except ConfigError:
        return model, TOGETHER_HINT


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _field(
    name: str, item: Parameter | Day, changed: CapacityModel, params: Mapping[str, str], error: str,
    model: CapacityModel,
) -> Field:  # fmt: skip
    now = capacity_parameters(changed)[name]
    text = params.get(f"{ASKED}{name}", "").strip() if error else ""
    return Field(
        name=name,
        label=label(name, model),
        value=text or usual(now),
        usual=usual(item),
        unit="TT.MM.JJJJ" if isinstance(item, Day) else now_unit(item),
        span=span_words(now),
        stand=stand_words(now.stand),
        source=now.source,
        error=error,
    )


def now_unit(item: Parameter) -> str:
    """Unit of a number, with „rund“ where the paper says so."""
    return f"{item.unit}, rund" if item.qualifier == "rund" else item.unit


def usual(item: Parameter | Day) -> str:
    """A value as people write it: „182,1“, „69.000“, „31.12.2027“."""
    if isinstance(item, Day):
        return formats.day(item.value)
    return formats.number(item.value, digits(item.value))


def span_words(item: Parameter | Day) -> str:
    """„182,1 bis 200“ with where the span comes from; an en dash without one."""
    if isinstance(item, Day) or item.low is None or item.high is None:
        return formats.MISSING
    low, high = (formats.number(end, digits(end)) for end in (item.low, item.high))
    return f"{low} bis {high} ({item.range_source})"


def stand_words(stand: str) -> str:
    """„2021“, „12/2025“ or „09.06.2026“."""
    parts = stand.split("-")
    return ".".join(reversed(parts)) if len(parts) == 3 else "/".join(reversed(parts))


def label(name: str, model: CapacityModel) -> str:
    """„Stellen, Technik (100.2)“."""
    kind, _, role = name.partition(".")
    return f"{ROLE_LABELS[kind]}, {model.roles[role].title}" if role else parameter_title(name)


def parameter_title(name: str) -> str:
    """„Frist“ of due; a town's own names as people write them: „EG 12“ of eg12, „Gemeinkosten“."""
    if grade := _GRADE.fullmatch(name):
        return f"{grade[1].upper()} {grade[2]}"
    words = LABELS.get(name, name.replace("_", " "))
    return words[:1].upper() + words[1:]


def plain_number(text: str) -> str:
    """„69.000“ and „182,1“ as a machine writes them; a single point stays a decimal point."""
    if "," in text:
        return text.replace(".", "").replace(",", ".")
    return text.replace(".", "") if _GROUPED.fullmatch(text) else text


def plain_day(text: str) -> str:
    """„31.12.2027“ as 2027-12-31; anything else stays."""
    if not _GERMAN_DAY.fullmatch(text):
        return text
    try:
        return datetime.strptime(text, "%d.%m.%Y").date().isoformat()
    except ValueError:
        return text


def capacity_lead(model: CapacityModel, result: CapacityResult) -> tuple[str, str]:
    """Posts needed against posts there, and what follows from it."""
    there = usual_number(result.posts.value)
    due = formats.day(model.due.value)
    bold = f"Bis {due} {_posts_needed(result.posts_needed)}, gerechnet wird mit {there}."
    done = _when(result.done)
    if len(result.roles) == 1:
        return bold, fitted(bold, f"Damit ist die Arbeit {done} erledigt.").rest
    narrow = f"Engpass ist {result.bottleneck.title}"
    told = fitted(bold, f"{narrow}: Dort ist die Arbeit {done} erledigt.", f"{narrow}, dort fertig {done}.")
    return told.bold, told.rest


def _posts_needed(needed: Estimate) -> str:
    """„sind 72 Stellen nötig (65 bis 72)“: what is known to a span is told as one."""
    value, low, high = (int(formats.rounded(end)) for end in (needed.value, needed.low, needed.high))
    verb = "ist" if value == 1 else "sind"
    words = f"{verb} {plural(value, 'Stelle', 'Stellen')} nötig"
    return words if low == high else f"{words} ({formats.number(low)} bis {formats.number(high)})"


def usual_number(value: Fraction) -> str:
    """„12“ or „12,5“: one digit only where there is one."""
    return formats.number(decimal(value), 0 if value.denominator == 1 else 1)


def _when(done: DaySpan | None) -> str:
    """„am 31.12.2027“, „zwischen 03/2031 und 09/2034“ where the assumptions leave a span, or „nie“."""
    if done is None or done.value is None:
        return done_words(done)
    if done.latest is None:
        return f"frühestens {formats.month(done.earliest)}"
    ends = [formats.month(end) for end in (done.earliest, done.latest)]
    return f"am {done_words(done)}" if ends[0] == ends[1] else f"zwischen {ends[0]} und {ends[1]}"


def compared(question: Question, scenario: str) -> CapacityResult | None:
    """The answer of the unchanged model beside a question that changed something."""
    return capacity(question.base, scenario) if question.changed else None


def cost_lead(table: CostTable) -> tuple[str, str]:
    """How many printed amounts do not follow from their own rule."""
    printed = [cell for row in table.rows for cell in row.cells.values() if cell.printed is not None]
    wrong = len(table.flagged)
    if not printed:
        return "Die Vorlage druckt keine Beträge.", "Gezeigt sind die gerechneten."
    if len(printed) == 1:
        return f"Der gedruckte Betrag folgt {'nicht ' if wrong else ''}aus seiner Regel.", ""
    if not wrong:
        return f"Alle {formats.number(len(printed))} gedruckten Beträge folgen aus ihrer Regel.", ""
    bold = f"{formats.number(wrong)} von {plural(len(printed), 'gedrucktem Betrag', 'gedruckten Beträgen')}"
    verb = "folgt" if wrong == 1 else "folgen"
    return f"{bold} {verb} nicht aus der eigenen Regel.", "Gedruckt und gerechnet stehen nebeneinander."


def progress_lead(model: ProgressModel, progress: Progress | None) -> tuple[str, str]:
    """Where the observed pace leads on the day, with its span, against the goal."""
    due = formats.day(model.due.value)
    if progress is None:
        return "Für diese Projektion liegen noch keine Werte vor.", ""
    ahead = progress.ahead(model.due.value)
    if ahead is None:
        return "Für eine Prognose fehlen volle Monate.", ""
    low, value, high = (formats.percent(decimal(v)) for v in (ahead.low, ahead.value, ahead.high))
    bold = f"Bei bisherigem Tempo sind am {due} {value} erreicht (Spanne {low} bis {high})."
    goal = formats.percent(model.goal.value, 0)
    if ahead.value >= Fraction(model.goal.value):
        return bold, f"Das Ziel von {goal} ist damit erreichbar."
    return bold, f"Das Ziel von {goal} wird damit verfehlt."
