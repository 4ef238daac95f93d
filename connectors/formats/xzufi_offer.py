"""Onlinedienst, Zustaendigkeit, Organisationseinheit: how a service is reached and who answers for it.

Responsibilities come as objects of their own (PVOG) or inside the unit or online service (deliveries of
editorial offices); inside, they are a property of that object and change with it.
"""

from __future__ import annotations

from connectors.formats.xzufi_element import Element
from connectors.formats.xzufi_values import (
    Local,
    agency_of,
    areas,
    changed_at,
    chosen,
    code,
    identifier,
    joined,
    languages,
    plain,
    validity,
    web_address,
)
from connectors.spelling import Value

ESTIMATE_ONLINE = "3"


def online_service_row(service: Element, language: str, local: Local) -> dict[str, Value]:
    """Columns of the subject `online_service`."""
    own_id, label = service.first("id"), chosen(service.all("bezeichnung"), language)
    links = [link for link in service.all("link") if web_address(link.at("link"))]
    link = _in_language(links, language)
    valid_from, valid_to = validity(service, local)
    return {
        "online_service_id": identifier(own_id),
        "redaktion_id": agency_of(own_id),
        "bezeichnung": plain(label),
        "url": web_address(link.at("link")) if link else None,
        "link_typ": code(link.first("typ")) if link else None,
        "link_anzahl": str(len(links)),
        "vertrauensniveau": code(service.first("vertrauensniveau")),
        "sprachen": languages(service),
        **_nested(service),
        "reifegrad_geschaetzt": ESTIMATE_ONLINE if links else None,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "changed_at": changed_at(service, local),
    }


def responsibility_row(transfer: Element, language: str, local: Local) -> dict[str, Value]:
    """Columns of the subject `responsibility`."""
    inner = transfer.first("zustaendigkeit") or Element("zustaendigkeit", transfer.line)
    own_id, services = inner.first("id"), [identifier(found) for found in inner.all("leistungID")]
    role = inner.first("rolle")
    valid_from, valid_to = validity(inner, local)
    return {
        "responsibility_id": identifier(own_id),
        "redaktion_id": agency_of(own_id),
        "parent_id": identifier(transfer.first("uebergeordnetesObjektID")),
        "parent_kind": _parent_kind(own_id),
        "description_id": services[0] if services else None,
        "description_weitere": joined(services[1:]),
        "gebiet_ids": areas(inner.all("gebietID")),
        "rolle": code(role),
        "rolle_name": role.at("name") if role else None,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "changed_at": changed_at(inner, local),
    }


def service_unit_row(unit: Element, language: str, local: Local) -> dict[str, Value]:
    """Columns of the subject `service_unit`."""
    own_id = unit.first("id")
    names = [inner for holder in unit.all("name") for inner in holder.all("name") or [holder]]
    short = [inner for holder in (unit, *unit.all("name")) for inner in holder.all("kurzbezeichnung")]
    address = unit.first("anschrift") or Element("anschrift", unit.line)
    coding = address.first("verwaltungspolitischeKodierung") or Element("", unit.line)
    valid_from, valid_to = validity(unit, local)
    return {
        "service_unit_id": identifier(own_id),
        "redaktion_id": agency_of(own_id),
        "name": plain(chosen(names, language)),
        "kurzbezeichnung": plain(chosen(short, language)),
        "ort": address.at("ort"),
        "ags": code(coding.first("gemeindeschluessel")),
        "ars": code(coding.first("regionalschluessel")),
        "sprachen": languages(unit),
        **_nested(unit),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "changed_at": changed_at(unit, local),
    }


def _nested(holder: Element) -> dict[str, Value]:
    inside = holder.all("zustaendigkeit")
    return {
        "description_ids": joined(identifier(found) for one in inside for found in one.all("leistungID")),
        "gebiet_ids": areas([area for one in inside for area in one.all("gebietID")]),
    }


def _parent_kind(own_id: Element | None) -> Value:
    # PVOG says by the scheme of the number whose responsibility it is.
    scheme = own_id.attributes.get("schemeID", "").lower() if own_id else ""
    return next((kind for kind in ("onlinedienst", "organisationseinheit") if kind in scheme), None)


def _in_language(links: list[Element], language: str) -> Element | None:
    def rank(link: Element) -> int:
        stated = (link.attributes.get("languageCode") or link.at("languageCode") or language).lower()
        return 0 if stated.startswith(language) else 1

    return min(links, key=rank, default=None)
