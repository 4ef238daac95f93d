"""German sentences about what waits for a decision; what is not known is not claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard import formats
from dashboard.sentence import Sentence
from dashboard.texts import plural
from metrics.result import Rating

NO_PROPOSAL = "Noch kein Vorschlag der zuständigen Stelle."
NOTHING = "Zurzeit braucht keine Kennzahl eine Entscheidung."


def expired(due_on: date) -> str:
    """A proposal whose day went by unanswered."""
    return f"Die Frist des letzten Vorschlags ist am {formats.day(due_on)} abgelaufen."


def decided_late(decided_on: date, due_on: date) -> str:
    """What was decided has not brought the figure back in time."""
    return f"Beschlossen am {formats.day(decided_on)}, die Frist ist am {formats.day(due_on)} abgelaufen."


def due(due_on: date | None) -> str:
    """„bis 18.06.2026“."""
    return f"bis {formats.day(due_on)}" if due_on else "ohne Frist"


def noted(on: date) -> str:
    """„zur Kenntnis genommen am 10.06.2026“."""
    return f"zur Kenntnis genommen am {formats.day(on)}"


def count_words(shown: int, total: int) -> str:
    """Subtitle of the card: „3 Punkte, nach Dringlichkeit“, „3 von 5 Punkten, nach Dringlichkeit“."""
    if shown == total:
        return f"{plural(total, 'Punkt', 'Punkte')}, nach Dringlichkeit"
    return f"{formats.number(shown)} von {plural(total, 'Punkt', 'Punkten')}, nach Dringlichkeit"


def situation(ratings: Sequence[Rating]) -> Sentence:
    """How many points wait, and how many of them demand action."""
    if not ratings:
        return Sentence(NOTHING, "")
    act = sum(rating == "krit" for rating in ratings)
    verb = "wartet" if len(ratings) == 1 else "warten"
    bold = f"{plural(len(ratings), 'Punkt', 'Punkte')} {verb} auf eine Entscheidung."
    if not act:
        return Sentence(bold, "Handeln verlangt zurzeit keine Kennzahl.")
    rest = (
        "Eine Kennzahl verlangt Handeln."
        if act == 1
        else f"{formats.number(act)} Kennzahlen verlangen Handeln."
    )
    return Sentence(bold, rest)
