"""Which services of the real LeiKa catalogue Musterstadt offers: a written rule, not a list.

The rule („Auswahlregel 2026-01“), applied to `data/leika_leistungen_2019-10-05.csv`:

1. Typisierung 2, 2/3, 4 or 5: regulated by Bund, Land or municipality, executed by Land or municipality.
   „1, 2/3“ enters the register as unclear competence, because Bund or municipality may execute it.
2. Key form: Leistungsobjekt with Verrichtung (last three digits 000, last six not). For types 4 and 5
   also with Verrichtungsdetail, because Land and town law separates procedures only there.
3. The bundle exists in the OZG-Umsetzungskatalog, which gives Themenfeld and Lage.
4. Lagen and bundles that courts, chambers, universities, customs or insurance funds execute stay in the
   register as „nicht zuständig“ with their reason. Everything else is „eigen“.

What the rule yields is the count; nobody adjusts it to a published figure.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("data")
LEIKA = DATA / "leika_leistungen_2019-10-05.csv"
OZG = DATA / "ozg_leistungen_2019-10-05.csv"

EXECUTED_HERE = ("2", "2/3", "4", "5")
UNCLEAR = ("1, 2/3",)
LOCAL_LAW = ("4", "5")

ELSEWHERE_LAGEN: dict[str, str] = {
    "Arbeitsplatzwechsel": "Anerkennung von Berufen: Landesbehörden und Kammern",
    "Altersvorsorge": "Träger der Rentenversicherung und Notariate",
    "Studium": "Hochschulen und Studierendenwerke",
    "Gerichtliche und außergerichtliche Verfahren": "Gerichte und Justizverwaltung des Landes",
    "Auslandsgeschäft": "Zollverwaltung",
    "Steuererklärung": "Finanzämter",
}
ELSEWHERE_BUNDLES: dict[str, str] = {
    "10104": "Träger der Rentenversicherung",
    "10120": "Beitragsservice der Rundfunkanstalten",
    "10354": "Insolvenzgerichte",
    "10532": "Grundbuchamt beim Amtsgericht",
    "10573": "Registergericht",
}

# Lage → Fachdienst, bundle exceptions first; a town confirms this table once when it starts.
UNIT_BY_BUNDLE: dict[str, str] = {
    "10110": "FD70",
    "10014": "FD40",
    "10160": "FD20",
    "10348": "FD66",
    "10528": "FD61",
    "10529": "FD61",
    "10540": "FD61",
    "10593": "FD20",
    "10508": "FD53",
    "10294": "FD32",
    "10317": "FD40",
    "10319": "FD40",
    "10561": "FD10",
    "10571": "FD10",
}
UNIT_BY_LAGE: dict[str, str] = {
    "Bauen & Immobilien": "FD63",
    "Hausbau & Immobilienerwerb": "FD61",
    "Wohnen & Umzug": "FD32",
    "Querschnitt Unternehmen": "FD20",
    "Querschnitt Bürger": "FD32",
    "Schule": "FD40",
    "Berufsausbildung": "FD40",
    "Weiterbildung": "FD40",
    "Anlagen & Stoffe": "FD61",
    "Abfall & Umweltschutz": "FD70",
    "Unternehmensstart & Gewerbezulassung": "FD32",
    "Ausschreibungen & öffentliche Aufträge": "FD20",
    "Aus-, Weiterbildung & Sachkunde": "FD10",
    "Arbeitssicherheit": "FD37",
    "Arbeitgeber sein": "FD10",
    "Veranstaltungen": "FD37",
    "Statistik- & Berichtspflichten": "FD10",
    "Geschäftsauflösung & Unternehmensübergang": "FD32",
    "Krankheit": "FD53",
    "Tod": "FD53",
    "Gesundheitsvorsorge": "FD53",
    "Behinderung": "FD50",
    "Pflege": "FD50",
    "Steuern & Abgaben": "FD20",
    "Logistik & Transport": "FD66",
    "Kfz-Besitz": "FD32",
    "Führerschein": "FD32",
    "Auslandsaufenthalt": "FD32",
    "Einwanderung": "FD32",
    "Auswanderung": "FD32",
    "Naturkatastrophen": "FD37",
    "Rechtsverstöße - Anzeigen und Hilfen für Opfer": "FD37",
    "Weitere Leistungen": "FD32",
    "Adoption & Pflegekinder": "FD51",
    "Trennung mit Kind": "FD51",
    "Geburt": "FD51",
    "Scheidung": "FD51",
    "Eheschließung": "FD32",
    "Kinderbetreuung": "FD51",
    "(Drohender) Arbeitsplatzverlust & -suche": "FD50",
    "Rente & Soziale Entschädigung": "FD50",
    "Finanzielle Existenzsicherung/Unterstützung bei finanziellen Problemen": "FD50",
    "Engagement & Beteiligung": "FD40",
    "Fischen & Jagen": "FD32",
    "Tierhaltung": "FD53",
    "Bootsbesitz": "FD66",
    "Veranstaltung durchführen": "FD37",
    "Finanzierung & Förderung": "FD20",
    "Forschung & Entwicklung": "FD61",
}
DEFAULT_UNIT = "FD10"


@dataclass(frozen=True, slots=True)
class Bundle:
    """OZG-Leistung of the Umsetzungskatalog."""

    ozg_id: str
    name: str
    themenfeld: str
    lage: str


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of the register: a catalogue service with the town's unit and competence."""

    key: str
    name: str
    bundle: Bundle
    unit: str
    zustaendigkeit: str
    grund: str


def read_bundles() -> dict[str, Bundle]:
    """OZG bundles by id."""
    with OZG.open(encoding="utf-8", newline="") as file:
        return {
            row["ozg_id"]: Bundle(row["ozg_id"], row["ozg_leistung"], row["themenfeld"], row["lage"])
            for row in csv.DictReader(file, delimiter=";")
        }


def read_offered() -> list[Offered]:
    """The register the rule yields, ordered by key."""
    bundles = read_bundles()
    with LEIKA.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if _chosen(row, bundles)]
    rows.sort(key=lambda row: row["leika_schluessel"])
    return [_offered(row, bundles[row["ozg_id"]]) for row in rows]


def _chosen(row: dict[str, str], bundles: dict[str, Bundle]) -> bool:
    key, kind = row["leika_schluessel"], row["leika_typ"]
    if kind not in EXECUTED_HERE + UNCLEAR or row["ozg_id"] not in bundles or not key.startswith("99"):
        return False
    with_detail = not key.endswith("000")
    with_verrichtung = not key.endswith("000000")
    return with_verrichtung and (not with_detail or kind in LOCAL_LAW)


def _offered(row: dict[str, str], bundle: Bundle) -> Offered:
    grund = ELSEWHERE_BUNDLES.get(bundle.ozg_id) or ELSEWHERE_LAGEN.get(bundle.lage) or ""
    if grund:
        competence = "nicht_zustaendig"
    elif row["leika_typ"] in UNCLEAR:
        competence, grund = "unklar", "Vollzug durch Bund oder Kommune wird geprüft"
    else:
        competence = "eigen"
    unit = UNIT_BY_BUNDLE.get(bundle.ozg_id) or UNIT_BY_LAGE.get(bundle.lage, DEFAULT_UNIT)
    return Offered(row["leika_schluessel"], row["bezeichnung"], bundle, unit, competence, grund)
