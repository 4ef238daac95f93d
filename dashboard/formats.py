"""The only place where figures and days become German text.

Shares are fractions (0.393 is „39,3 %“), differences of shares too. None becomes an en dash: no value is not
zero. Times are aware; the zone is that of the city. Rounding is commercial (half away from zero).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from dashboard.shown import Shown, pattern
from metrics.definition import SPAN, Definition
from metrics.result import Number

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "–"
HIDDEN = "geschützt"
INCOMPLETE = "unvollständig"
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
# Short forms that are not the first three letters.
SHORT_MONTHS: Mapping[str, str] = {"September": "Sept"}
UNIT_WORDS: Mapping[str, tuple[str, str]] = {
    "percent": ("%", "%"),
    "count": ("", ""),
    "eur": ("€", "€"),
    "days": ("Tag", "Tage"),
    "minutes": ("Minute", "Minuten"),
    "grade": ("", ""),
    "sheets": ("Blatt", "Blatt"),
    "pt": ("PT", "PT"),
    "hours": ("Stunde", "Stunden"),
    "kg": ("kg", "kg"),
}


def rounded(value: Number | Fraction, decimals: int = 0) -> Decimal:
    """Round half away from zero; floats are taken as they print, so 0.125 and 2.675 round as written."""
    exact = _decimal(value)
    result = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def _decimal(value: Number | Fraction) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def hidden(definition: Definition) -> str:
    """What stands in place of a hidden figure. In a protected table a hidden figure may be large (it hides
    another one), and saying which is which would help to compute both."""
    if definition.least_cases:
        return f"<{NBSP}{definition.least_cases}{NBSP}Fälle"
    return HIDDEN if definition.protect else f"<{NBSP}{definition.min_cell}"


def number(value: Number | None, decimals: int = 0, *, plus: bool = False) -> str:
    """„1.557“, „39,3“, „−22.670“; with `plus` a change: „+62“, „−15“, „0“."""
    if value is None:
        return MISSING
    exact = rounded(value, decimals)
    text = f"{abs(exact):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return Shown(f"{_sign(exact, plus)}{text}", value, pattern(decimals, plus=plus))


def _sign(value: Decimal, plus: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if plus and value > 0 else ""


def plain(value: Number | None) -> str:
    """Numerator or denominator: whole where it is whole, else with as many digits as it has, at most two."""
    if value is None:
        return MISSING
    exact = _decimal(value)
    return number(value, 0 if exact == exact.to_integral_value() else min(2, -_exponent(exact)))


def _exponent(exact: Decimal) -> int:
    exponent = exact.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def percent(fraction: Number | None, decimals: int = 1, *, plus: bool = False) -> str:
    """„39,3 %“ of 0.393."""
    if fraction is None:
        return MISSING
    text = number(_decimal(fraction) * 100, decimals, plus=plus)
    return Shown(f"{text}{NBSP}%", fraction, pattern(decimals, "%", plus=plus))


def points(difference: Number | None, decimals: int = 1) -> str:
    """Difference of two shares, sign always shown: „−5,7 Prozentpunkte“ of -0.057."""
    if difference is None:
        return MISSING
    exact = rounded(_decimal(difference) * 100, decimals)
    word = "Prozentpunkt" if abs(exact) == 1 and decimals == 0 else "Prozentpunkte"
    text = f"{number(exact, decimals, plus=True)}{NBSP}{word}"
    return Shown(text, _decimal(difference) * 100, pattern(decimals, word, plus=True))


def eur(value: Number | None, *, plus: bool = False, cents: bool = False) -> str:
    """„986.000 €“; cents only in lists of bookings."""
    if value is None:
        return MISSING
    decimals = 2 if cents else 0
    return Shown(f"{number(value, decimals, plus=plus)}{NBSP}€", value, pattern(decimals, "€", plus=plus))


def thousand_eur(value: Number | None, decimals: int = 0, *, plus: bool = False, unit: bool = True) -> str:
    """„986 T€“; without unit for charts whose subtitle names it."""
    if value is None:
        return MISSING
    text = number(_decimal(value) / 1000, decimals, plus=plus)
    look = pattern(decimals, "T€" if unit else "", plus=plus, thousands=1)
    return Shown(f"{text}{NBSP}T€" if unit else text, value, look)


def million_eur(value: Number | None, decimals: int = 1) -> str:
    """„3,5 Mio. €“."""
    if value is None:
        return MISSING
    text = number(_decimal(value) / 1_000_000, decimals)
    return Shown(f"{text}{NBSP}Mio.{NBSP}€", value, pattern(decimals, f"Mio.{NBSP}€", thousands=2))


def person_days(value: Number | None) -> str:
    """„2.040 PT“."""
    return MISSING if value is None else Shown(f"{number(value)}{NBSP}PT", value, pattern(0, "PT"))


def full_time(value: Number | None) -> str:
    """„10,2 VZÄ“."""
    return MISSING if value is None else Shown(f"{number(value, 1)}{NBSP}VZÄ", value, pattern(1, "VZÄ"))


def parts(value: Number | None, unit: str, decimals: int = 0, *, plus: bool = False) -> tuple[str, str]:
    """Return text and unit word of a metric's value apart, as tiles show them: („39,3“, „%“)."""
    if value is None:
        return MISSING, ""
    one, many = UNIT_WORDS.get(unit, ("", ""))
    shown = _decimal(value) * 100 if unit == "percent" else _decimal(value)
    word = one if abs(rounded(shown, decimals)) == 1 else many
    return number(shown, decimals, plus=plus), word


def amount(value: Number | None, unit: str, decimals: int = 0, *, plus: bool = False) -> str:
    """Value and unit of a metric in one text: „39,3 %“, „19 Tage“, „−22.670 €“."""
    text, word = parts(value, unit, decimals, plus=plus)
    if value is None or not word:
        return text
    return Shown(f"{text}{NBSP}{word}", value, pattern(decimals, word, plus=plus))


def told(
    value: Number | None,
    unit: str,
    decimals: int = 0,
    *,
    lower: Number | None = None,
    upper: Number | None = None,
    qualifier: str | None = None,
) -> str:
    """A value with what it is known to: „46,1 % bis 97,3 %“, „rund 600“, „12 kg (unvollständig)“.

    Of a range the value is only one end, so both are said.
    """
    text = amount(value, unit, decimals)
    if value is None:
        return text
    low = value if lower is None else lower
    if upper is not None and low != upper:
        ends = f"{amount(low, unit, decimals)} bis {amount(upper, unit, decimals)}"
        text = ends if qualifier == SPAN else f"{text} ({ends})"
    if qualifier == INCOMPLETE:
        return f"{text} ({INCOMPLETE})"
    return text if qualifier in (None, "", SPAN) else f"{qualifier} {text}"


def index(value: Number | None) -> str:
    """„104“: the base is 100, and nobody reads digits behind it."""
    return number(value)


def change(difference: Number | None, unit: str, decimals: int = 0) -> str:
    """Difference of two values of a metric with its sign; shares differ by Prozentpunkte."""
    if unit == "percent":
        return points(difference, decimals)
    if unit == "grade" and difference is not None:
        return f"{number(difference, decimals, plus=True)}{NBSP}Noten"
    return amount(difference, unit, decimals, plus=True)


def day(value: date | None) -> str:
    """„09.06.2026“."""
    return MISSING if value is None else Shown(f"{value:%d.%m.%Y}", value, "dd.mm.yyyy")


def day_short(value: date | None) -> str:
    """„09.06.“, only where the year is clear."""
    return MISSING if value is None else Shown(f"{value:%d.%m.}", value, "dd.mm.")


def month(value: date | None) -> str:
    """„07/2026“."""
    return MISSING if value is None else Shown(f"{value:%m/%Y}", value, "mm/yyyy")


def month_name(value: date) -> str:
    """„Jan“, „Mär“: three letters for axes."""
    return MONTHS[value.month - 1][:3]


def month_words(value: date) -> str:
    """„Nov. 2025“, „Mai 2025“: heads of columns, values of filters."""
    name = MONTHS[value.month - 1]
    return f"{name if len(name) < 5 else SHORT_MONTHS.get(name, name[:3]) + '.'} {value.year}"


def weekday(value: date) -> str:
    """„Dienstag“."""
    return WEEKDAYS[value.weekday()]


def day_words(value: date, *, with_weekday: bool = True) -> str:
    """„Dienstag, 9. Juni 2026“."""
    text = f"{value.day}. {MONTHS[value.month - 1]} {value.year}"
    return f"{weekday(value)}, {text}" if with_weekday else text


def clock(value: datetime | None, zone: ZoneInfo, *, word: bool = True) -> str:
    """„02:14 Uhr“ in local time, with zone in the hour that exists twice; without word for columns, axes."""
    if value is None:
        return MISSING
    text = f"{value.astimezone(zone):%H:%M}"
    return (f"{text}{NBSP}Uhr" if word else text) + which_hour(value, zone)


def clock_seconds(value: datetime, zone: ZoneInfo) -> str:
    """„03:17:02“ for tables of runs, whose steps are short."""
    return f"{value.astimezone(zone):%H:%M:%S}{which_hour(value, zone)}"


def which_hour(value: datetime, zone: ZoneInfo) -> str:
    """„ MESZ“ or „ MEZ“ in the night in which the hour exists twice, else nothing."""
    local = value.astimezone(zone)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    name = local.tzname() or ""
    return NBSP + {"CEST": "MESZ", "CET": "MEZ"}.get(name, name)


def stand(value: datetime | None, zone: ZoneInfo, *, word: bool = True) -> str:
    """Datenstand: „09.06.2026, 02:14 Uhr“ in local time; the day alone for what is dated to the day."""
    if value is None:
        return MISSING
    local = value.astimezone(zone)
    # Deliveries that carry only a date in their name count from midnight; nobody knows their hour.
    if local.time() == time.min:
        return day(local.date())
    text = f"{day(local.date())}, {clock(value, zone, word=word)}"
    return Shown(text, local.replace(tzinfo=None), 'dd.mm.yyyy hh:mm" Uhr"')


def period(first: date | int, last: date | int) -> str:
    """„2021–2027“ or „01.01.2026–09.06.2026“."""
    one, other = (str(v) if isinstance(v, int) else day(v) for v in (first, last))
    return one if one == other else f"{one}–{other}"


def quarter(value: date, *, short: bool = False) -> str:
    """„2. Quartal 2026“, on axes „Q2/26“."""
    which = (value.month - 1) // 3 + 1
    return f"Q{which}/{value:%y}" if short else f"{which}. Quartal {value.year}"


def half_year(value: date) -> str:
    """„1. Halbjahr 2026“."""
    return f"{1 if value.month <= 6 else 2}. Halbjahr {value.year}"


def duration(value: timedelta | None) -> str:
    """How long a run took: „14 Minuten“, below a minute „42 Sekunden“, from two hours „2:05 Stunden“."""
    if value is None:
        return MISSING
    seconds = round(value.total_seconds())
    if seconds < 60:
        return f"{seconds}{NBSP}{'Sekunde' if seconds == 1 else 'Sekunden'}"
    minutes = int(rounded(Decimal(seconds) / 60))
    if minutes < 120:
        return f"{minutes}{NBSP}{'Minute' if minutes == 1 else 'Minuten'}"
    return f"{minutes // 60}:{minutes % 60:02d}{NBSP}Stunden"


def year_elapsed(value: date) -> Decimal:
    """Part of the calendar year that has passed at the end of the day, as a fraction."""
    first, next_first = date(value.year, 1, 1), date(value.year + 1, 1, 1)
    return Decimal((value - first).days + 1) / Decimal((next_first - first).days)
