"""`[accessibility]` of `portal.toml`: who answers for the Erklärung zur Barrierefreiheit."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from warehouse.address import MailAddress

# The first two digits of the Amtlicher Gemeindeschlüssel.
LAENDER: dict[str, str] = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Enforcement(_Part):
    """The body that people can turn to when the town does not help (Durchsetzungs- or Schlichtungsstelle)."""

    name: str = Field(min_length=1)
    address: str = ""
    mail: MailAddress | None = None
    phone: str = ""
    web: str | None = Field(default=None, pattern=r"^https://\S+$")


class Accessibility(_Part):
    """What a town states about itself. `mail` receives reports of barriers; without it, contact_mail does.

    `gaps` are known barriers in the town's own data or additions, one sentence each; `checked_by` names who
    assessed the portal when it was not the town itself.
    """

    body: str = ""
    responsible: str = ""
    address: str = ""
    phone: str = ""
    mail: MailAddress | None = None
    enforcement: Enforcement | None = None
    conformance: Literal["ganz", "teilweise", "nicht"] = "teilweise"
    checked_by: str = ""
    created_on: date | None = None
    reviewed_on: date | None = None
    gaps: tuple[str, ...] = ()
    burden: tuple[str, ...] = ()


def land_of(ags: str) -> str | None:
    """The Land a town lies in, None for a key no Land has."""
    return LAENDER.get(ags[:2])
