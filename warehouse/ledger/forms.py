"""Forms people send: each carries a number, so that a double click or a resend is kept once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from warehouse.errors import ContractError
from warehouse.ledger.tables import sent_form


def first_time(connection: Connection, number: str, at: datetime) -> bool:
    """Note the number of a form; False when it was here before. Call it where nobody writes beside."""
    if connection.execute(select(sent_form.c.number).where(sent_form.c.number == number)).first():
        return False
    connection.execute(insert(sent_form).values(number=number, at=at))
    return True


def changed_meanwhile(found: object) -> ContractError:
    """Somebody else was quicker; who writes now decides with both versions before their eyes."""
    return ContractError(
        "Inzwischen gibt es eine neuere Fassung",
        code="changed_meanwhile",
        found=found,
        next_step="Beide Fassungen ansehen und entscheiden",
    )
