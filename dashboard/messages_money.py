"""Sentences on budgets as a whole, the Stellenplan, and money beside output.

Pure like `messages`: figures in, German out; a message that does not hold gives way to the neutral title.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from dashboard import formats
from dashboard.sentence import title, verb
from dashboard.texts import listed, plural
from metrics.result import Number

BUDGETS, STAFF = "Budgets (Deckungskreise) als Ganzes", "Stellenplan"
UNIT_COSTS, SOLUTIONS, PRINTED = "Kosten je Vorgang", "Laufende Kosten der Lösungen", "Gedruckte Summen"


def budgets(critical: Sequence[str], short: int, shown: int, unknown: int) -> str:
    """Title of the Deckungskreise.

    `critical` are the names of budgets short beyond tolerance; `short` counts all that are short, `shown`
    all, `unknown` those without a full forecast.
    """
    if critical:
        fails = verb(len(critical), "reicht", "reichen")
        lead = "Ein Budget" if len(critical) == 1 else "Budgets"
        return title(
            f"{lead} {fails} nicht: {listed(critical)}", f"{_few(len(critical), shown)} {fails} nicht"
        )
    if short:
        return f"{_few(short, shown)} {verb(short, 'liegt', 'liegen')} in der Toleranz über dem Rahmen"
    return BUDGETS if unknown or not shown else "Jedes Budget reicht als Ganzes bis zum Jahresende"


def _few(count: int, shown: int) -> str:
    return f"{formats.number(count)} von {plural(shown, 'Budget', 'Budgets')}"


def uncovered(amount_eur: Number | None) -> str:
    """Foot of the Deckungskreise: what no budget covers by itself."""
    if amount_eur is None:
        return ""
    return f"ungedeckt: {formats.eur(amount_eur)}" if amount_eur else "keine ungedeckte Überschreitung"


def made_on(days: Sequence[date]) -> str:
    """Foot of the Deckungskreise: the Stand of the forecasts; nothing without any."""
    if not days:
        return ""
    first, last = formats.day(days[0]), formats.day(days[-1])
    return f"Prognosen vom {last}" if first == last else f"Prognosen vom {first} bis {last}"


def staff(filled: Number | None, known: Number | None, fte: Number) -> str:
    """Title of the Stellenplan: how much is filled, and of how much nobody said."""
    if not fte or filled is None or not known:
        return STAFF
    told = f"{formats.number(filled, 1)} von {formats.full_time(known)} sind besetzt"
    unsaid = Decimal(str(fte)) - Decimal(str(known))
    if formats.rounded(unsaid, 1) == 0:
        return told
    return title(f"{told}; zu {formats.full_time(unsaid)} fehlt die Angabe", f"Bekannt: {told}")


def grades(planned: Number, temporary: Number, leaving: Number) -> str:
    """Title of the Stellenplan by grade: what of it is limited in time or falls away."""
    if not planned:
        return STAFF
    if not temporary and not leaving:
        return f"Keine der {formats.full_time(planned)} ist befristet oder kw"
    told = [(temporary, "befristet"), (leaving, "kw")]
    parts = [f"{formats.number(amount, 1)} {word}" for amount, word in told if amount]
    return f"Von {formats.full_time(planned)} sind {listed(parts)}"


def staff_scope(product: str, on: str) -> str:
    """Subtitle of the Stellenplan."""
    return f"Stellenplan {product} am {on}, in Vollzeitstellen (VZÄ); Stellen, keine Personen"


def ending(task: str, grade: str, fte: Number, on: str, *, leaves: bool) -> str:
    """„Systembetreuung (EG 11): 1,0 VZÄ fällt am 31.12.2027 weg (kw)“."""
    falls, is_ = ("fällt", "ist") if fte <= 1 else ("fallen", "sind")
    what = f"{falls} nach dem {on} weg (kw)" if leaves else f"{is_} bis {on} befristet"
    return f"{task} ({grade}): {formats.full_time(fte)} {what}"


def more_endings(count: int) -> str:
    """„und 3 weitere später“: what the list of endings leaves out."""
    return f"und {formats.number(count)} weitere später"


def cost_basis(stands: Sequence[str], without: int, workplace_eur: Number | None) -> str:
    """Note on the cost of posts: averages, their Stand, what is not in it; nothing without any basis."""
    if not stands:
        return ""
    words = f"Kosten aus Durchschnittswerten je Gruppe, Stand {listed(stands)}; keine Gehälter."
    if workplace_eur is not None:
        words += f" Arbeitsplatzkosten kommen mit {formats.eur(workplace_eur)} hinzu."
    if without:
        words += f" {plural(without, 'Stelle', 'Stellen')} ohne Kostengrundlage nicht enthalten."
    return words


def unit_costs(names: Sequence[str], costs: Sequence[Number | None]) -> str:
    """Title of the cost of a case: the range from the cheapest to the dearest procedure."""
    known = [(cost, name) for name, cost in zip(names, costs, strict=True) if cost is not None]
    if len(known) < 2:
        return UNIT_COSTS
    (low, cheap), (high, dear) = min(known), max(known)
    ends = f"{formats.eur(low)} ({cheap}) bis {formats.eur(high)} ({dear})"
    return title(f"{ends} je Vorgang", f"{formats.eur(low)} bis {formats.eur(high)} je Vorgang")


def solutions(count: int, rest_eur: Number) -> str:
    """Title of the running cost: what all solutions cost in a year after what they save."""
    if not count:
        return SOLUTIONS
    who, amount = plural(count, "Lösung", "Lösungen"), formats.eur(-rest_eur if rest_eur < 0 else rest_eur)
    if rest_eur < 0:
        return f"{who} {verb(count, 'spart', 'sparen')} netto {amount} im Jahr"
    return f"{who} {verb(count, 'kostet', 'kosten')} im Betrieb {amount} im Jahr"


def printed(wrong: int, compared: int) -> str:
    """Title of the printed totals."""
    if not compared:
        return PRINTED
    if compared == 1:
        return f"Die gedruckte Summe {'widerspricht den Einzelwerten' if wrong else 'stimmt'}"
    if not wrong:
        return f"Alle {formats.number(compared)} gedruckten Summen stimmen"
    few = f"{formats.number(wrong)} von {formats.number(compared)} gedruckten Summen"
    return f"{few} {verb(wrong, 'widerspricht', 'widersprechen')} den Einzelwerten"
