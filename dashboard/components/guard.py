"""One failing card must not take the page with it."""

from __future__ import annotations

from collections.abc import Callable

from dash.development.base_component import Component
from werkzeug.exceptions import HTTPException

from dashboard import asked, texts
from dashboard.auth.refusals import new_incident
from dashboard.components.layout import card
from dashboard.components.states import failed, forbidden
from metrics.older import is_older
from warehouse.errors import AccessError, RetriableError

RESPONSIBLE = "Fachadministration"
PROTECTED = "Was dieser Stand zeigte, ist heute geschützt."


def guarded(title: str, build: Callable[[], Component]) -> Component:
    """Return the card `build` makes, or one with the same title that says it cannot be shown.

    The error is logged under the number the card names. Refusals of the web server pass through.
    """
    try:
        with asked.inside(title):
            return build()
    except HTTPException:
        raise
    except AccessError as error:
        # No fault of anybody: the part is not for this person, or protected today.
        return card(title, forbidden(RESPONSIBLE, why=_refused(error)))
    except Exception as error:  # noqa: BLE001 - the rest of the page has to stay usable whatever fails here
        return card(title, failed(_sentence(error), incident=new_incident(error), retry=True))


def _refused(error: AccessError) -> str:
    return PROTECTED if error.code == "protected" else ""


def _sentence(error: Exception) -> str:
    if is_older(error):
        return texts.OLDER
    if isinstance(error, RetriableError):
        return "Die Abfrage wurde abgebrochen. Bitte gleich noch einmal versuchen."
    return "Diese Darstellung konnte nicht berechnet werden."
