"""Sentences on budgets as a whole, the Stellenplan, and money beside output.

Pure like `messages`: figures in, German out; a message that does not hold gives way to the neutral title.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from dashboard import formats
from dashboard.texts import listed, plural
from metrics.result import Number

TITLE_LENGTH = 80
BUDGETS, STAFF = "Budgets (Deckungskreise) als Ganzes", "Stellenplan"
UNIT_COSTS, SOLUTIONS, PRINTED = "Kosten je Vorgang", "Laufende Kosten der Lösungen", "Gedruckte Summen"


def budgets(critical: Sequence[str], short: int, shown: int, unknown: int) -> str:
    """Title of the Deckungskreise.

    `critical` are the names of budgets short beyond tolerance; `short` counts all that are short, `shown`
    all, `unknown` those without a full forecast.
    """
    if critical:
        title = (
            f"{'Ein Budget reicht' if len(critical) == 1 else 'Budgets reichen'} nicht: {listed(critical)}"
        )
        many = f"{formats.number(len(critical))} von {plural(shown, 'Budget', 'Budgets')} reichen nicht"
        return title if len(title) <= TITLE_LENGTH else many
    if short:
        verb = "liegt" if short == 1 else "liegen"
        few = f"{formats.number(short)} von {plural(shown, 'Budget', 'Budgets')}"
        return f"{few} {verb} innerhalb der Toleranz über dem Rahmen"
    return BUDGETS if unknown else "Jedes Budget reicht als Ganzes bis zum Jahresende"


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
    title = f"{formats.number(filled, 1)} von {formats.full_time(known)} sind besetzt"
    unsaid = Decimal(str(fte)) - Decimal(str(known))
    return f"{title}; zu {formats.full_time(unsaid)} fehlt die Angabe" if unsaid else title


def staff_scope(product: str, on: str) -> str:
    """Subtitle of the Stellenplan."""
    return f"Stellenplan {product} am {on}, in Vollzeitstellen (VZÄ); Stellen, keine Personen"


def ending(task: str, grade: str, fte: Number, on: str, *, leaves: bool) -> str:
    """„Systembetreuung (EG 11): 1,0 VZÄ fällt am 31.12.2027 weg (kw)“."""
    what = f"fällt nach dem {on} weg (kw)" if leaves else f"ist bis {on} befristet"
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
    return f"{formats.eur(low)} ({cheap}) bis {formats.eur(high)} ({dear}) je Vorgang"


def solutions(count: int, rest_eur: Number) -> str:
    """Title of the running cost: what all solutions cost in a year after what they save."""
    verb = "kostet" if count == 1 else "kosten"
    return f"{plural(count, 'Lösung', 'Lösungen')} {verb} im Betrieb {formats.eur(rest_eur)} im Jahr"


def printed(wrong: int, compared: int) -> str:
    """Title of the printed totals."""
    if not compared:
        return PRINTED
    if not wrong:
        return f"Alle {formats.number(compared)} gedruckten Summen stimmen"
    few = f"{formats.number(wrong)} von {formats.number(compared)} gedruckten Summen"
    return f"{few} {'widerspricht' if wrong == 1 else 'widersprechen'} den Einzelwerten"
