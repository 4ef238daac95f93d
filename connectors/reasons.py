"""What a failed source says on the page: one German text with all five answers."""

from __future__ import annotations

from warehouse.errors import IsekError

OTHERWISE = "Die Quelle konnte nicht gelesen werden."
LONGEST = 200


def german_reason(error: IsekError) -> str:
    """What is wrong, where, what was found there, what is allowed, what to do; no traceback, no secret."""
    answers = (
        ("Ort", error.where),
        ("Vorgefunden", error.found),
        ("Erlaubt", error.allowed),
        ("Nächster Schritt", error.next_step),
    )
    told = [f"{label}: {_shortened(str(value))}" for label, value in answers if value not in (None, "")]
    return " ".join(_sentence(part) for part in (error.what, *told))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", "?“")) else f"{text}."
