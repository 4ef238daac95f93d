"""Sentences of the cockpit of effects: change, comparison, reach, method. Pure: figures in, German out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard import formats, texts
from dashboard.sentence import Sentence, fitted, upper_first, verb
from dashboard.texts import listed, plural
from metrics.result import Number, Rating

METHOD = (
    "Mittel vorher: die zwölf Monate vor dem Monat der Einführung. Mittel zuletzt: die letzten zwölf vollen "
    "Monate mit Daten, frühestens ab dem ersten vollen Monat nach der Einführung.",
    "Anteile und Mittelwerte werden aus allen Fällen des Zeitraums neu berechnet, Mediane über alle Fälle; "
    "es wird nie ein Mittel aus Monatsmitteln gebildet. Mengen je Monat sind Summe durch Zahl der Monate mit "
    "Daten.",
    "Bewertung: der aktuelle Wert der Kennzahl gegen das Soll von heute, wie auf allen anderen Seiten. "
    "„Ziel“ ist das Ende des vereinbarten Pfades.",
    "Beleg hoch: Vollerhebung und mindestens zwölf Monate auf beiden Seiten. Beleg mittel: Stichprobe oder "
    "kürzer. Beleg gering: Einzelquelle oder weniger als 30 Fälle auf einer Seite.",
    texts.BEFORE_AFTER_NOTE,
)


def change_words(
    change: Number | None, relative: Number | None, unit: str, decimals: int, scale: int = 1
) -> str:
    """„−15 Tage (−37 %)“, „+25,9 Prozentpunkte“, „−155 Tsd. (−27 %)“; nothing without comparison."""
    if change is None:
        return ""
    if scale > 1:
        text = f"{formats.number(float(change) / scale, plus=True)}{formats.NBSP}Tsd."
    else:
        text = formats.change(change, unit, decimals)
    if relative is None:
        return text
    return f"{text} ({formats.percent(relative, 0, plus=True)})"


def no_comparison(running: int, has_points: bool, has_before: bool, introduced_on: date, today: date) -> str:
    """Why there is no effect to show."""
    if not has_points:
        return "noch keine Werte"
    if introduced_on > today:
        return f"Einführung am {formats.day(introduced_on)}"
    if not running:
        return "noch kein voller Monat seit Einführung"
    return "" if has_before else "keine Werte vor der Einführung"


def short_after(running: int, months: int, wanted: int = 12) -> str:
    """Note for a comparison of fewer than twelve months; nothing for a full one."""
    if running < wanted:
        return f"erst {plural(running, 'Monat', 'Monate')} seit Einführung"
    if months < wanted:
        return f"Werte aus {formats.number(months)} von {formats.number(wanted)} Monaten"
    return ""


def current_words(
    value: Number | None, target: Number | None, unit: str, decimals: int, better: str, scale: int = 1
) -> str:
    """„jetzt 26, Soll höchstens 23“: what the rating speaks about."""
    if value is None:
        return "zurzeit kein Wert"
    now = f"jetzt {_bare(value, unit, decimals, scale)}"
    if target is None:
        return f"{now}, ohne Soll"
    word = "Soll höchstens" if better == "lower" else "Soll"
    return f"{now}, {word} {_bare(target, unit, decimals, scale)}"


def _bare(value: Number, unit: str, decimals: int, scale: int) -> str:
    if scale > 1:
        return formats.number(float(value) / scale)
    return formats.parts(value, unit, decimals)[0]


def measure_words(subtitle: str, scale: int) -> str:
    """„Tausend Blatt je Monat“ where values are read in thousands."""
    return f"Tausend {subtitle}" if scale > 1 else subtitle


def reach_words(scoped: bool, by_unit: bool) -> str:
    """What a figure covers for a person who sees only own units."""
    if not scoped:
        return ""
    return "Ihr Bereich" if by_unit else "ganze Stadt"


def hidden(count: int, unit: str) -> str:
    """Note on effects that a chosen unit cannot show; nothing for none."""
    if not count:
        return ""
    verb = "ist" if count == 1 else "sind"
    effects = plural(count, "Wirkung", "Wirkungen")
    return f"{effects} {verb} nicht gezeigt: nur für die ganze Stadt gemessen oder ohne Fälle im {unit}."


def goal_words(rating: Rating | None, figures: int) -> tuple[str, str]:
    """Word of the rating and count of figures of a goal: („beobachten“, „5 Kennzahlen“)."""
    if rating is None or not figures:
        return "noch offen", "keine Kennzahl"
    return texts.RATING_WORDS[rating], plural(figures, "Kennzahl", "Kennzahlen")


def goals_title(count: int) -> str:
    """„Sechs Ziele der Digitalisierung“."""
    words = ("Keine", "Ein", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht", "Neun", "Zehn")
    number = words[count] if count < len(words) else formats.number(count)
    return f"{number} {'Ziel' if count == 1 else 'Ziele'} der Digitalisierung"


def short_names(titles: Sequence[str]) -> list[str]:
    """Return the part before the colon where it names one effect only: „Wohngeld“."""
    heads = [title.partition(":")[0] for title in titles]
    return [head if heads.count(head) == 1 else title for head, title in zip(heads, titles, strict=True)]


def effects(wanted: int, compared: int, in_plan: int, behind: Sequence[str]) -> Sentence:
    """Do effects move as wanted, how many are in plan, which stay behind their target."""
    if compared == 0:
        return Sentence("Für diese Auswahl gibt es noch keinen Vorher-Nachher-Vergleich.")
    lead = _wanted(wanted, compared)
    if not in_plan and not behind:
        return Sentence(f"{lead} in die gewollte Richtung, bewertet ist noch keiner.")
    plan = f"{formats.number(in_plan)} {verb(in_plan, 'liegt', 'liegen')}" if in_plan else "keiner liegt"
    bold = f"{lead} in die gewollte Richtung, {plan} im Plan."
    return fitted(bold, *(_stay_behind(behind, named) for named in (3, 2, 1, 0) if behind))


def _wanted(wanted: int, compared: int) -> str:
    if compared == 1:
        return "Der einzige Effekt geht" if wanted else "Der einzige Effekt geht nicht"
    if wanted == compared:
        return f"Alle {formats.number(compared)} Effekte gehen"
    if wanted == 0:
        return f"Keiner der {formats.number(compared)} Effekte geht"
    counts = f"{formats.number(wanted)} von {formats.number(compared)} Effekten"
    return f"{counts} {verb(wanted, 'geht', 'gehen')}"


def _stay_behind(behind: Sequence[str], named: int) -> str:
    """Who stays behind, at most `named` by name; of more than three the last place counts the rest."""
    shown = list(behind[:named])
    if len(behind) > named:
        shown = list(behind[: min(named, 2)])
        rest = len(behind) - len(shown)
        shown.append(f"{formats.number(rest)} {'weitere' if shown else verb(rest, 'Effekt', 'Effekte')}")
    many = verb(len(behind), "bleibt", "bleiben")
    return f"{upper_first(listed(shown))} {many} hinter dem Soll."


def stale_effects(stale: int, shown: int) -> str:
    """„2 Werte veraltet“ for the Lagesatz, which counts the effects itself; nothing when all are current."""
    if not stale:
        return ""
    if stale == shown:
        return "alle Werte veraltet" if shown > 1 else "veraltet"
    return f"{plural(stale, 'Wert', 'Werte')} veraltet"
