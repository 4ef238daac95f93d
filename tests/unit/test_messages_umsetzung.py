"""Words of channels, savings, deadlines and council items."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard import messages_umsetzung as words

NB = "\u00a0"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ((None, None, None), "–"),
        (("ohne_frist", None, None), "ohne Frist"),
        (("bis", "tag", None), "ohne Frist"),
        (("bis", "tag", date(2026, 6, 9)), "09.06.2026"),
        (("bis", "monat", date(2026, 3, 31)), "März 2026"),
        (("bis", "quartal", date(2026, 6, 30)), "2. Quartal 2026"),
        (("bis", "halbjahr", date(2026, 12, 31)), "2. Halbjahr 2026"),
        (("fortlaufend_bis", "jahr", date(2025, 12, 31)), "fortlaufend bis 2025"),
        (("fortlaufend_bis", "tag", date(2025, 12, 31)), "fortlaufend bis 31.12.2025"),
    ],
)
def test_a_deadline_is_said_as_vaguely_as_it_was_named(
    question: tuple[str | None, str | None, date | None], answer: str
) -> None:
    assert words.due_words(*question) == answer


def test_savings_say_what_is_missing_and_what_was_not_saved() -> None:
    assert words.saving_title(Decimal("11400.2"), None) == f"11.400{NB}kg CO₂ in zwölf Monaten gespart"
    assert words.saving_title(Decimal("10"), "unvollständig").endswith("gespart (unvollständig)")
    assert words.saving_title(Decimal("-7"), None) == f"7{NB}kg CO₂ mehr als vorher in zwölf Monaten"
    assert words.saving_title(None, None) == "Eingespartes CO₂: kein Wert"


def test_titles_are_neutral_without_figures() -> None:
    assert words.channel_title(442, 1000) == f"44,2{NB}% von 1.000 Anträgen kommen online"
    assert words.channel_title(0, 0) == "Fallzahlen nach Kanal"
    assert words.reached_title(4, 8) == "4 von 8 Wirkungen wie erwartet oder besser"
    assert words.reached_title(0, 0) == "Erwartete und erreichte Wirkung"
    assert words.mail_in_title(7, 13) == "7 von 13 Einheiten mit digitalem Posteingang"
    assert words.mail_in_title(None, None) == "DMS je Einheit"
    assert words.council_title(31, 44) == "31 von 44 Ratsaufträgen in der Frist erledigt"
    assert words.council_title(None, None) == "Anträge, Anfragen und Beschlüsse"
    assert words.overdue_title(1) == "1 Maßnahme nach der Fristregel überfällig"
    assert words.overdue_title(None) == "Fristen der Maßnahmen"
