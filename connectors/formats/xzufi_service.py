"""Leistung: what a service is, what law it rests on, what is written about it, what it takes and costs.

Element names are those of XZuFi 2.2 with the renames of 2.3 beside them. Names of editors and of people
to turn to are never read.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from connectors.formats.xzufi_element import Element
from connectors.formats.xzufi_values import (
    LEIKA,
    Local,
    agency_of,
    areas,
    changed_at,
    chosen,
    code,
    codes,
    day,
    identifier,
    joined,
    languages,
    plain,
    validity,
)
from connectors.spelling import Value

NAME, NAME_2, SHORT_TEXT, FULL_TEXT, LAW, FORMS = "02", "03", "05", "06", "07", "14"
"""Codes of the text modules that have columns of their own."""

ESTIMATE_DESCRIBED, ESTIMATE_FORM = "1", "2"

PORTAL_SITUATIONS = "pvlagen"


def service_row(service: Element, language: str, local: Local) -> dict[str, Value]:
    """Columns of the subject `service_description`."""
    own_id, texts = service.first("id"), _texts(service)
    names = {text: chosen(_contents(texts.get(text, [])), language) for text in (NAME, NAME_2)}
    label = names[NAME] if names[NAME] is not None else names[NAME_2]
    valid_from, valid_to = validity(service, local)
    return {
        "description_id": identifier(own_id),
        "redaktion_id": agency_of(own_id),
        **_keys(service),
        "leistungstyp": _structure(service),
        "bezeichnung": plain(names[NAME]),
        "bezeichnung_2": plain(names[NAME_2]),
        "sprache": label.attributes.get("languageCode") if label is not None else None,
        "sprachen": languages(service),
        **_classes(service),
        **_written(service, texts, language),
        **_period(service, "modulFrist", "frist", "frist"),
        **_period(service, "modulBearbeitungsdauer", "bearbeitungsdauer", "bearbeitungsdauer"),
        **_costs(service),
        "freigegeben_am": day(service.at("modulFachlicheFreigabe/fachlichFreigegebenAm"), local),
        "status_katalog": code(service.first("statusKatalog")),
        "status_bibliothek": code(service.first("statusBibliothek")),
        "gebiet_ids": areas(service.all("gueltigkeitGebietID")),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "changed_at": changed_at(service, local),
    }


def _keys(service: Element) -> dict[str, Value]:
    # In 2.2 a code list entry, in 2.3 an identifier; both carry the fourteen digits.
    stated = codes(service.all("referenzLeiKa", "referenzLeistungsschluessel"))
    good = [key for key in stated if LEIKA.fullmatch(key)]
    other = [key for key in stated if key not in good[:1]]
    return {"leika_schluessel": good[0] if good else None, "leika_weitere": joined(other)}


def _structure(service: Element) -> Value:
    structure = service.first("struktur")
    if structure is None:
        return None
    if structure.first("verrichtungsdetail"):
        return "lovd"
    return "lov" if structure.first("verrichtung", "verrichtungLeiKa") else "lo"


def _classes(service: Element) -> dict[str, Value]:
    classes = service.all("klassifizierung")
    situations = [found for found in classes if PORTAL_SITUATIONS in found.attributes.get("listURI", "")]
    sdg = [*service.all("informationsbereichSDG"), *_inside(service, "informationsbereicheSDG")]
    return {
        "typisierung": joined(codes(service.all("typisierung")), ", "),
        "adressat": joined(codes(service.all("leistungsadressat"))),
        "vertrauensniveau": code(service.first("vertrauensniveau")),
        "schriftform": service.at(
            "kennzeichenSchriftformerfordernis|kennzeichenFormularSchriftformerfordernis"
        ),
        "einheitliche_stelle": joined(codes(service.all("kennzeichenEA", "durchfuehrbarEinheitlicheStelle"))),
        "sdg_bereiche": joined(codes(sdg)),
        "portallagen": joined(codes(situations)),
    }


def _inside(service: Element, name: str) -> list[Element]:
    holder = service.first(name)
    return holder.children if holder else []


def _texts(service: Element) -> dict[str, list[Element]]:
    texts: dict[str, list[Element]] = {}
    for module in service.all("modulText"):
        texts.setdefault(code(module.first("leikaTextmodul")) or "", []).append(module)
    return texts


def _contents(modules: list[Element]) -> list[Element]:
    return [content for module in modules for content in module.all("inhalt")]


def _written(service: Element, texts: dict[str, list[Element]], language: str) -> dict[str, Value]:
    filled = sorted(text for text, modules in texts.items() if text and _says_something(modules))
    forms = FORMS in filled or any(
        reference.words for reference in service.below("referenzFormularID", "formularReferenz")
    )
    estimate = ESTIMATE_FORM if forms else ESTIMATE_DESCRIBED if filled else None
    return {
        "textmodule": joined(filled),
        "hat_bezeichnung": _flag(NAME in filled),
        "hat_kurztext": _flag(SHORT_TEXT in filled),
        "hat_volltext": _flag(FULL_TEXT in filled),
        "hat_formular": _flag(forms),
        "rechtsgrundlage": plain(chosen(_contents(texts.get(LAW, [])), language)),
        "reifegrad_geschaetzt": estimate,
    }


def _says_something(modules: list[Element]) -> bool:
    links = [link for module in modules for link in module.all("weiterfuehrenderLink")]
    return any(plain(content) for content in _contents(modules)) or any(link.at("uri") for link in links)


def _flag(holds: bool) -> Value:
    return "true" if holds else "false"


def _period(service: Element, module: str, entry: str, prefix: str) -> dict[str, Value]:
    # Several periods cannot be summed up without reading their descriptions: the first stands, and the count.
    entries = [found for holder in service.all(module) for found in holder.all(entry)]
    first = entries[0] if entries else Element(entry, 0)
    least, most = (_one(first, name) for name in ("dauer", "dauerBis"))
    kind = {"frist_typ": code(first.first("typ"))} if prefix == "frist" else {}
    return {
        f"{prefix}_anzahl": str(len(entries)),
        **kind,
        f"{prefix}_von": least.text or None if least else None,
        f"{prefix}_bis": most.text or None if most else None,
        f"{prefix}_einheit": code(_one(first, "einheit")),
    }


def _one(element: Element, name: str) -> Element | None:
    return next(iter(element.below(name)), None)


def _costs(service: Element) -> dict[str, Value]:
    entries = [found for holder in service.all("modulKosten") for found in holder.all("kosten")]
    amounts = [
        amount
        for entry in entries
        for amount in entry.below("betrag", "betragUntergrenze", "betragObergrenze")
        if _in_euro(amount)
    ]
    values = sorted(a for amount in amounts if (a := _amount(amount)) is not None)
    return {
        "kosten_anzahl": str(len(entries)),
        "kostenfrei": _flag(all(map(_is_free, entries))) if entries else None,
        "kosten_von_eur": format(values[0], "f") if values else None,
        "kosten_bis_eur": format(values[-1], "f") if values else None,
    }


def _is_free(entry: Element) -> bool:
    if entry.below("kostenFrei", "beschreibungKostenfreiheit"):
        return True
    return any("Frei" in choice.attributes.get("type", "") for choice in entry.below("kostenauswahl"))


def _in_euro(amount: Element) -> bool:
    stated = next((v for k, v in amount.attributes.items() if k.lower().startswith("currency")), "EUR")
    return stated.strip().upper() == "EUR"


def _amount(amount: Element) -> Decimal | None:
    try:
        value = Decimal(amount.text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 15 else None
