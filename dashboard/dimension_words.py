"""Words for the dimensions a figure is cut by and for their values; the names in files are no German."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from types import MappingProxyType

from dashboard import texts

DIMENSIONS: Mapping[str, str] = {
    "addressee": "Wer den Aufwand hat",
    "aenderung": "Änderung",
    "baustein": "Portalbaustein",
    "betrag_typ": "Art des Betrags",
    "cause": "Woran gespart",
    "channel": "Kanal",
    "city": "Stadt",
    "code": "Art des Hinweises",
    "document": "Dokument",
    "fristregel": "Fristregel",
    "from_level": "Stufe vorher",
    "from_modell": "Modell vorher",
    "genauigkeit": "Genauigkeit der Frist",
    "goal": "Ziel",
    "grundlage": "Grundlage der Einstufung",
    "haushaltsjahr": "Haushaltsjahr",
    "kind": "Art",
    "komponente": "Komponente",
    "lesart": "Lesart",
    "leistung": "Leistung",
    "mail_in_status": "Stand des Posteingangs",
    "method": "Erhebungsart",
    "nature": "Art der Daten",
    "org_unit_id": "Organisationseinheit",
    "org_unit_named": "Genannte Einheit",
    "owner": "Zuständige",
    "package_id": "Aufgabenpaket",
    "perspective": "Perspektive",
    "plan_art": "Plan",
    "position": "Position",
    "position_id": "Kennung der Position",
    "procedure": "Verfahren",
    "produkt": "Produkt",
    "reach": "Wirkungsgrad",
    "reifegrad_modell": "Reifegradmodell",
    "richtung": "Ertrag oder Aufwand",
    "role": "Rolle",
    "soll_art": "Art der Soll-Stufe",
    "source": "Quelle",
    "step": "Schritt",
    "subject": "Inhalt",
    "themenfeld": "Themenfeld",
    "to_level": "Stufe nachher",
    "topic": "Thema",
    "umrechnung": "Umrechnung",
    "wechsel": "Wechsel",
    "zaehlregel": "Zählregel",
    "deckungskreis": "Deckungskreis",
    "deckungskreis_titel": "Budget",
    "grade": "Gruppe",
    "kostenart": "Kostenart",
    "solution": "Lösung",
    "bezug": "Vergleich",
    "zielgruppe": "Zielgruppe",
    "fachbereich": "Fachbereich",
    "fachdienst": "Fachdienst",
    "dezernat": "Dezernat",
    "period": "Zeitabschnitt",
}
VALUES: Mapping[str, str] = {
    "in_arbeit": "in Arbeit",
    "fortlaufend_bis": "fortlaufend bis",
    "ohne_frist": "ohne Frist",
    "ueberfaellig": "überfällig",
    "nutzerkonto": "Nutzerkonto",
    "postfach": "Postfach",
    "eid": "eID",
    "epayment": "ePayment",
    "ergebnisplan": "Ergebnisplan",
    "finanzplan": "Finanzplan",
    "ansatz": "Ansatz",
    "nachtrag": "Nachtrag",
    "uebertrag": "Übertrag",
    "ueberplanmaessig": "überplanmäßig",
    "ausserplanmaessig": "außerplanmäßig",
    "umschichtung": "Umschichtung",
    "sperre": "Sperre",
    "ertrag": "Ertrag",
    "aufwand": "Aufwand",
    "auszahlung": "Auszahlung",
    "personal": "Personal",
    "arbeitsplatz": "Arbeitsplatz",
    "sach": "Sachkosten",
    "umlage": "Umlage",
    "lizenz": "Lizenz",
    "ersparnis": "Ersparnis",
    "geschaetzt": "geschätzt",
    "herstellerangabe": "Herstellerangabe",
    "buerger": "Bürgerinnen und Bürger",
    "wirtschaft": "Unternehmen",
    "unternehmen": "Unternehmen",
    "verwaltung": "Verwaltung",
    "politik": "Politik und Gesellschaft",
    "verbaende": "Verbände",
    "beides": "intern und extern",
    "post": "Brief",
    "vor_ort": "Vorsprache",
    "email": "E-Mail",
    "telefon": "Telefon",
    "papier": "Papier",
    "wege": "Wege zum Amt",
    "echtbetrieb": "Echtbetrieb",
    "antrag": "Antrag",
    "anfrage": "Anfrage",
    "beschluss": "Beschluss",
    "zuletzt_genannt": "zuletzt genannte Frist",
    "zuerst_genannt": "zuerst genannte Frist",
    "eine_leistung": "eine Leistung genügt",
    "alle_leistungen": "alle Leistungen",
    "bund_eine_ab_2": "frühere Zählung des Bundes (ab Stufe 2)",
    "meldung_eine_kommune": "in mindestens einer Kommune",
    "meldung_flaechendeckend": "flächendeckend",
    "ozg_1_1": "Reifegradmodell des Bundes 1.1",
    "ozg_2_0": "Reifegradmodell des Bundes 2.0",
    "ozg_leitfaden": "OZG-Leitfaden (frühe Fassung)",
    "bielefeld": "Reifegradmodell der Stadt Bielefeld",
    "moeglich": "möglich",
    "nicht_uebertragbar": "nicht übertragbar",
    "erstmals": "erstmals eingestuft",
    "neu_bewertet": "neu bewertet",
    "bestaetigt": "bestätigt",
    "neu_online": "neu online",
    "zurueckgestuft": "zurückgestuft",
    "hoeher": "höher",
    "neu_erfasst": "neu erfasst",
    "darueber": "darüber",
    "kriterien": "aus Kriterien",
    "kriterien_teilweise": "aus einem Teil der Kriterien",
    "kriterien_nicht_hinterlegt": "Kriterien nicht hinterlegt",
    "dms": "DMS",
    "melde": "Meldewesen",
    "ausweis": "Ausweise",
    "bauantrag": "Bauanträge",
    "bewohnerparken": "Bewohnerparken",
    "gewerbe": "Gewerbe",
    "urkunden": "Urkunden",
    "wohngeld": "Wohngeld",
    "online": "Online",
    "betreuung": "Betreuung",
    "betrieb": "Betrieb",
    "wartung": "Wartung",
    "pruefung": "Prüfung",
    "aufnahme": "Prozessaufnahme",
    "optimierung": "Prozessoptimierung",
    "umsetzung": "Technische Umsetzung",
    "test": "Test und Freigabe",
}
# Words of the city that is being drawn for: a town calls its units Amt, Referat or otherwise.
_own: ContextVar[Mapping[str, str]] = ContextVar("own words of the city", default=MappingProxyType({}))
_CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)+|(?<=„)[a-z]+(?=“)")
_TOWN_AND_YEAR = re.compile(r"([a-z]+)_(\d{4})")


def dimension(name: str) -> str:
    """„Portalbaustein“ of baustein; a name of the town's own stays as it is."""
    return _own.get().get(name) or DIMENSIONS.get(name, name)


def speak(own: Mapping[str, str]) -> None:
    """Use these words for dimensions from now on, in this thread or request; nothing ends it."""
    _own.set(own)


def value(text: str | None) -> str:
    """„Nutzerkonto“ of nutzerkonto; free texts stay, what the source left open says so."""
    return VALUES.get(text, text) if text else texts.dimension_value(text)


def cut_words(where: Mapping[str, str | Iterable[str | None] | None]) -> str:
    """„Portalbaustein: Nutzerkonto; Themenfeld: Bauen oder Bildung“; nothing for no cut."""
    parts = []
    for name, chosen in where.items():
        values = [chosen] if chosen is None or isinstance(chosen, str) else list(chosen)
        parts.append(f"{dimension(name)}: {texts.listed([value(v) for v in values], 'oder')}")
    return "; ".join(parts)


def without_codes(words: str) -> str:
    """A sentence in which names of dimensions and values stand as they are in files, with their German."""
    return _CODE.sub(lambda found: _plain(found[0]), words)


def _plain(code: str) -> str:
    """„Celle 2023“ of celle_2023: the scale of one paper, which has no other name."""
    if paper := _TOWN_AND_YEAR.fullmatch(code):
        return f"{paper[1].capitalize()} {paper[2]}"
    return VALUES.get(code, DIMENSIONS.get(code, code))
