"""What is said of an order while it is open, on the page and to the page that asks by itself."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import formats
from dashboard.export.orders import Order

STATES = {
    "laeuft": "wird erstellt",
    "fertig": "fertig",
    "gescheitert": "nicht erstellt",
    "abgebrochen": "abgebrochen",
}


def state_words(order: Order, places: Mapping[str, int]) -> str:
    """„wartet, Platz 2“, „wird erstellt, 40 %“, „fertig“, „nicht erstellt: …“."""
    if order.state == "wartet":
        return f"wartet, Platz {formats.number(places.get(order.id, 1))}"
    if order.state == "laeuft":
        part = order.done / order.total if order.total else 0
        return f"{STATES['laeuft']}, {formats.percent(part, 0)}"
    return f"{STATES[order.state]}{f': {order.sentence}' if order.sentence else ''}"


def rows_words(order: Order) -> str:
    """„40.000 von 100.000“."""
    return f"{formats.number(order.done)} von {formats.number(order.total)}"
