"""Columns a delivery must have: what is missing is named together with what comes near."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from warehouse.errors import ContractError, did_you_mean


def require_columns(needed: Iterable[str], header: Sequence[str], where: str) -> None:
    """ContractError naming every missing column and what comes near to it in the file."""
    missing = sorted(set(needed) - set(header))
    if not missing:
        return
    near = [hint for name in missing if (hint := did_you_mean(name, header))]
    raise ContractError(
        f"Spalte fehlt: {', '.join(f'„{name}“' for name in missing)}",
        code="missing_column",
        where=where,
        found=", ".join(header),
        next_step="; ".join(near) or "Bei der zuständigen Stelle fragen, ob die Spalte umbenannt wurde",
    )
