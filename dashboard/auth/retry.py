"""The small page that answers a form that could not be kept: what is wrong or newer, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.auth.forms import Forms, own_path


@dataclass(frozen=True, slots=True)
class Field:
    """One field with what somebody typed into it; `fault` is a sentence that names the right format."""

    name: str
    label: str
    value: str
    longest: int
    rows: int = 1
    fault: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody else kept meanwhile: who and when in words, and the lines of their version."""

    told: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Retry:
    """A form to be sent again: its address, unseen fields, seen fields and the way back."""

    action: str
    hidden: Mapping[str, str]
    fields: Sequence[Field]
    back: str


def faulty(forms: Forms, title: str, retry: Retry, others: Mapping[str, str]) -> str:
    """What is wrong, each fault linked to its field; `others` are faults of fields that are not shown."""
    links = [f'<li><a href="#{f.name}">{escape(f.fault)}</a></li>' for f in retry.fields if f.fault]
    links += [f"<li>{escape(sentence)}</li>" for sentence in others.values()]
    alert = f'<div role="alert" class="vorraum-fehler"><ul>{"".join(links)}</ul></div>'
    return forms.page(title, alert + _form(retry, "Speichern") + _back(retry, "Ohne Speichern zurück"))


def overtaken(forms: Forms, retry: Retry, found: Found) -> str:
    """Both versions; whoever sends theirs now does so knowingly."""
    alert = (
        '<p role="alert" class="vorraum-fehler">Inzwischen gibt es eine neuere Fassung. '
        "Ihre Fassung ist noch nicht gespeichert.</p>"
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in found.lines)
    theirs = f"<h2>{escape(found.told)}</h2><blockquote>{lines}</blockquote><h2>Ihre Fassung</h2>"
    mine = _form(retry, "Meine Fassung speichern")
    return forms.page("Zwei Fassungen", alert + theirs + mine + _back(retry, "Neuere Fassung behalten"))


def _form(retry: Retry, submit: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name, quote=True)}" value="{escape(value, quote=True)}">'
        for name, value in retry.hidden.items()
    )
    fields = "".join(_field(field) for field in retry.fields)
    button = f'<p><button type="submit">{escape(submit)}</button></p>'
    return f'<form method="post" action="{escape(retry.action, quote=True)}">{hidden}{fields}{button}</form>'


def _field(field: Field) -> str:
    marks = f'id="{field.name}" name="{field.name}" maxlength="{field.longest}"'
    marks += " required" if field.required else ""
    fault = ""
    if field.fault:
        marks += f' aria-invalid="true" aria-describedby="{field.name}-fehler"'
        fault = f'<span id="{field.name}-fehler" class="vorraum-feldfehler">{escape(field.fault)}</span>'
    if field.rows > 1:
        control = f'<textarea {marks} rows="{field.rows}">{escape(field.value)}</textarea>'
    else:
        control = f'<input {marks} value="{escape(field.value, quote=True)}">'
    return f'<p><label for="{field.name}">{escape(field.label)}</label>{fault}{control}</p>'


def _back(retry: Retry, words: str) -> str:
    return f'<p><a href="{escape(own_path(retry.back), quote=True)}">{escape(words)}</a></p>'
