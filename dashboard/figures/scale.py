"""Round values of an axis that starts at zero."""

from __future__ import annotations

from math import floor, log10

MOST = 5


def round_ticks(top: float) -> list[float]:
    """Return at most six round values from 0 to `top` (which is above zero), equally far apart."""
    if top <= 0:
        return [0.0]
    power: float = 10.0 ** floor(log10(top / MOST))
    step = next(power * part for part in (1, 2, 5, 10) if top / (power * part) <= MOST)
    return [round(step * place, 6) for place in range(int(top / step) + 1)]
