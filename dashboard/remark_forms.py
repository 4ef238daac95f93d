"""Small pages that answer a comment that could not be kept as it was sent; what was typed is kept in them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from dashboard import formats
from dashboard.auth.forms import Forms
from dashboard.remarks import KIND_WORDS, LONGEST
from warehouse.ledger import Comment

SENT = ("csrf", "nummer", "kennzahl", "einheit", "zurueck", "faden", "monat", "art")


def faulty(forms: Forms, action: str, sent: Mapping[str, str], faults: Mapping[str, str]) -> str:
    """What is wrong with which field, and the form again."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in faults.values())
    body = (
        f'<ul role="alert" class="vorraum-fehler">{items}</ul>{_form(action, sent, sent.get("fassung", ""))}'
    )
    return forms.page("Anmerkung nicht gespeichert", body)


def overtaken(
    forms: Forms, action: str, sent: Mapping[str, str], newest: Comment, author: str, stand: str
) -> str:
    """Both versions; whoever sends theirs now does so knowingly."""
    if newest.withdrawn:
        found = f"<p>{escape(author)} hat die Anmerkung am {escape(stand)} zurückgenommen.</p>"
    else:
        what = f"{KIND_WORDS[newest.kind]} zu {formats.month(newest.month)}"
        found = (
            f"<p>Gespeichert von {escape(author)}, {escape(stand)} ({escape(what)}):</p>"
            f"<blockquote>{escape(newest.text)}</blockquote>"
        )
    body = (
        f'<p role="alert" class="vorraum-fehler">Die Anmerkung wurde inzwischen geändert. '
        f"Ihre Fassung ist noch nicht gespeichert.</p>{found}"
        f"{_form(action, sent, str(newest.version))}"
        f'<p><a href="{escape(sent.get("zurueck", "/"), quote=True)}">Gespeicherte Fassung behalten</a></p>'
    )
    return forms.page("Zwei Fassungen", body)


def _form(action: str, sent: Mapping[str, str], version: str) -> str:
    known = {**{name: sent.get(name, "") for name in SENT}, "fassung": version}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'
        for name, value in known.items()
    )
    return (
        f'<form method="post" action="{escape(action, quote=True)}">{hidden}'
        f'<p><label for="text">Ihre Fassung (höchstens {LONGEST} Zeichen)</label>'
        f'<textarea id="text" name="text" rows="4" maxlength="{LONGEST}" required>'
        f"{escape(sent.get('text', ''))}</textarea></p>"
        '<p><button type="submit">Meine Fassung speichern</button></p></form>'
    )
