"""Sentences computed from figures: Lagesätze and message titles.

A sentence says what the figures show and nothing else: fact, comparison, consequence. When a message does
not hold (no target, no value, nothing to compare), the neutral wording is returned. Everything here is pure:
numbers in, German out, so that every edge case can be tested without a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import formats
from dashboard.texts import listed, plural
from metrics.result import Number, Rating


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Lagesatz: `bold` carries the fact and the comparison, `rest` the consequence (may be empty)."""

    bold: str
    rest: str = ""


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def lagebild(ratings: Sequence[Rating], consequence: str = "") -> Sentence:
    """How many of the leading figures are in plan; `consequence` names the most urgent one."""
    total = len(ratings)
    good, warn, krit, open_ = (ratings.count(r) for r in ("gut", "warn", "krit", "neu"))
    if total == 0:
        return Sentence("Für diese Sicht sind keine Leitkennzahlen eingerichtet.")
    if open_ == total:
        return Sentence("Noch keine Leitkennzahl hat ein Soll.", consequence)
    if good == total:
        lead = (
            "Die einzige Leitkennzahl ist"
            if total == 1
            else f"Alle {formats.number(total)} Leitkennzahlen sind"
        )
        return Sentence(f"{lead} im Plan.", consequence)
    parts = [_in_plan(good, total)]
    if warn:
        parts.append(f"{formats.number(warn)} zu beobachten")
    if krit:
        parts.append(f"bei {formats.number(krit)} ist zu handeln")
    if open_:
        parts.append(f"{formats.number(open_)} ohne Bewertung")
    text = ", ".join(parts)
    return Sentence(f"{text}:" if consequence else f"{text}.", consequence)


def _in_plan(good: int, total: int) -> str:
    if good == 0:
        return f"Keine der {formats.number(total)} Leitkennzahlen ist im Plan"
    verb = "ist" if good == 1 else "sind"
    return f"{formats.number(good)} von {formats.number(total)} Leitkennzahlen {verb} im Plan"


def budget_outlook(product: str, balance_eur: Number | None) -> str:
    """What the forecast of a product means, in one sentence."""
    if balance_eur is None:
        return f"Für das Budget {product} liegt keine Prognose vor."
    if balance_eur < 0:
        return f"Das Budget {product} läuft auf {formats.eur(-balance_eur)} Überschreitung zu."
    if balance_eur == 0:
        return f"Das Budget {product} reicht nach der Prognose genau aus."
    return f"Im Budget {product} bleiben nach der Prognose {formats.eur(balance_eur)} übrig."


def ozg_progress(
    online: int | None,
    total: int | None,
    target_share: Number | None,
    pace: Number | None,
    pace_needed: Number | None,
    gap_before: int | None = None,
) -> Sentence:
    """Services online against the target of today, and whether the pace suffices.

    `pace` and `pace_needed` are services a month, `gap_before` is the difference to the target a month ago
    (negative: behind); None means unknown, and nothing is claimed about it.
    """
    if online is None or not total:
        return Sentence("Für diese Auswahl liegen keine Leistungen vor.")
    services = plural(total, "Leistung", "Leistungen")
    fact = f"{formats.number(online)} von {services} {_verb(online, 'ist', 'sind')} online"
    if online == 0:
        fact = f"Keine von {services} ist online"
    if target_share is None:
        return Sentence(f"{fact}.", _pace_alone(pace))
    gap = online - round(float(target_share) * total)
    if gap < 0:
        return Sentence(
            f"{fact}, {formats.number(-gap)} weniger als geplant.",
            _behind(gap, gap_before, pace, pace_needed),
        )
    if gap == 0:
        return Sentence(f"{fact}, genau wie geplant.", _pace_ahead(pace, pace_needed))
    return Sentence(f"{fact}, {formats.number(gap)} mehr als geplant.", _pace_ahead(pace, pace_needed))


def _per_month(pace: Number) -> str:
    return f"{formats.number(pace, 1)} neue Leistungen je Monat"


def _pace_alone(pace: Number | None) -> str:
    return "" if pace is None else f"Zuletzt kamen {_per_month(pace)} hinzu."


def _behind(gap: int, before: int | None, pace: Number | None, needed: Number | None) -> str:
    trend = "" if before is None else _trend(gap, before)
    if pace is None or needed is None:
        return " ".join(part for part in (f"{trend}." if trend else "", _pace_alone(pace)) if part)
    verdict = "reichen nicht, nötig sind" if pace < needed else "genügen, nötig sind"
    text = f"{_per_month(pace)} {verdict} {formats.number(needed, 1)}."
    return f"{trend}: {text}" if trend else _upper_first(text)


def _trend(gap: int, before: int) -> str:
    if gap < before:
        return "Der Rückstand wächst"
    return "Der Rückstand bleibt gleich" if gap == before else "Der Rückstand schrumpft"


def _pace_ahead(pace: Number | None, needed: Number | None) -> str:
    if pace is None or needed is None or pace >= needed:
        return _pace_alone(pace)
    return f"Für das Ziel reicht das Tempo nicht: {_per_month(pace)}, nötig sind {formats.number(needed, 1)}."


def goal_gap(share: Number | None, goal: Number | None, year: int | None) -> str:
    """Title of the curve: what is missing at the end of the path, or the neutral title."""
    if share is None or goal is None or year is None:
        return "Leistungen online ab Reifegrad 3"
    points = round((float(goal) - float(share)) * 100)
    if points <= 0:
        return f"Das Ziel für Ende {year} ist erreichbar"
    missing = plural(points, "Prozentpunkt", "Prozentpunkte")
    return f"Ende {year} {_verb(points, 'fehlt', 'fehlen')} {missing}"


def curve(gap: int | None, gap_before: int | None) -> str:
    """Title of the curve of Ist and Soll: gaps to the target now and a month ago (negative: behind)."""
    if gap is None:
        return "Leistungen online ab Reifegrad 3"
    if gap >= 0:
        return "Das Ist liegt über dem Soll" if gap else "Das Ist liegt auf dem Soll"
    if gap_before is None or gap == gap_before:
        return "Das Ist liegt unter dem Soll"
    return (
        "Das Soll steigt schneller als das Ist" if gap < gap_before else "Das Ist holt gegenüber dem Soll auf"
    )


def bundles(online: int | None, total: int) -> Sentence:
    """How many bundles are online, and the rule that makes the figure larger than that of single services."""
    if online is None or total == 0:
        return Sentence("Für diese Auswahl liegen keine OZG-Leistungen vor.")
    verb = _verb(online, "ist", "sind")
    fact = f"{formats.number(online)} von {plural(total, 'OZG-Leistung', 'OZG-Leistungen')} {verb} online."
    rule = "Gezählt wird ein Bündel, sobald eine eigene Einzelleistung darin Reifegrad 3 erreicht."
    return Sentence(fact if online else f"Keine der {formats.number(total)} OZG-Leistungen ist online.", rule)


def bottleneck(step: str | None, has_targets: bool) -> str:
    """Title of the steps: the one that exceeds its target most."""
    if step is not None:
        return f"{step} ist der Engpass"
    return "Alle Schritte liegen im Soll" if has_targets else "Laufende Projekte nach Schritt"


def units_below(names: Sequence[str], below_percent: int | None, unit: str) -> str:
    """Title of the bars by unit: which ones lie behind, at most 60 characters, else the neutral title."""
    if not names or below_percent is None:
        return f"Reifegrad nach {unit}"
    verb = _verb(len(names), "liegt", "liegen")
    title = f"{listed(names)} {verb} unter {formats.percent(below_percent / 100, 0)}"
    return title if len(title) <= 60 else f"Reifegrad nach {unit}"


def moves(newly_online: int | None) -> str:
    """Title of the transition matrix."""
    if newly_online is None:
        return "Wechsel zwischen den Stufen"
    if newly_online == 0:
        return "Keine Leistung ist neu online"
    return plural(newly_online, "Leistung ist neu online", "Leistungen sind neu online")


def almost(count: int) -> str:
    """Title of the services that lack one block only."""
    if count == 0:
        return "Keine Leistung steht kurz vor Reifegrad 3"
    return "Kurz vor Reifegrad 3: hier fehlt nur noch ein Baustein"


def fields_above(above: int, total: int, target: Number | None) -> str:
    """Title of the ranking of Themenfelder against today's target."""
    if target is None or total == 0:
        return "Reifegrad nach Themenfeld"
    share = formats.percent(target, 0)
    if total == 1:
        return f"Das Themenfeld liegt {'' if above else 'nicht '}über dem Soll von {share}"
    if above == 0:
        return f"Kein Themenfeld liegt über dem Soll von {share}"
    if above == total:
        return f"Alle {formats.number(total)} Themenfelder liegen über dem Soll von {share}"
    verb = "liegt" if above == 1 else "liegen"
    return (
        f"{formats.number(above)} von {formats.number(total)} Themenfeldern {verb} über dem Soll von {share}"
    )


def reifegrad(online: Number | None, end_to_end: Number | None, almost: int | None) -> Sentence:
    """Depth of digitalisation: legal threshold, end to end, and what is nearly there."""
    if online is None:
        return Sentence("Für diese Auswahl liegen keine Einstufungen vor.")
    bold = f"{formats.percent(online)} der Leistungen erfüllen das OZG (Reifegrad 3 oder 4)"
    if end_to_end is not None:
        bold += f", {formats.percent(end_to_end)} laufen Ende-zu-Ende"
    if not almost:
        return Sentence(f"{bold}.")
    verb = "Leistung fehlt" if almost == 1 else "Leistungen fehlt"
    return Sentence(f"{bold}.", f"{formats.number(almost)} {verb} nur ein Baustein.")


def other_scale(rated: int, total: int, scale: str) -> Sentence:
    """How many services a scale other than that of the law knows, and that the two are never added."""
    if rated == 0:
        return Sentence(f"Für diese Auswahl ist keine Leistung nach der {scale} eingestuft.")
    services = plural(total, "Leistung", "Leistungen")
    fact = (
        f"{formats.number(rated)} von {services} {_verb(rated, 'ist', 'sind')} nach der {scale} eingestuft."
    )
    return Sentence(fact, "Für das OZG zählt die Skala Bund 0–4, beide werden nie zusammengezählt.")


def newly_online(change: int | None, since: str) -> str:
    """Title of the stair of levels: change of the number online since the day named."""
    if change is None:
        return "Einzelleistungen je Reifegrad"
    if change == 0:
        return f"So viele online wie {since}"
    if change > 0:
        return f"{formats.number(change)} mehr online seit {since}"
    return f"{formats.number(-change)} weniger online als {since}"


def budget(
    frame_eur: Number | None,
    bound_share: Number | None,
    available_eur: Number | None,
    balance_eur: Number | None,
) -> Sentence:
    """Does the money suffice: used or bound, available, and the forecast."""
    if not frame_eur or bound_share is None or available_eur is None:
        return Sentence("Für diese Auswahl ist kein Ansatz beschlossen.")
    bold = f"Von {formats.eur(frame_eur)} sind {formats.percent(bound_share)} verbraucht oder gebunden, "
    if available_eur < 0:
        bold += f"{formats.eur(-available_eur)} mehr als verfügbar."
    else:
        bold += f"{formats.eur(available_eur)} sind verfügbar."
    return Sentence(bold, _need(balance_eur))


def _need(balance_eur: Number | None) -> str:
    if balance_eur is None:
        return "Eine Prognose liegt nicht vor."
    if balance_eur < 0:
        return f"Der erwartete Bedarf ist {formats.eur(-balance_eur)} höher, Deckung ist zu beschließen."
    if balance_eur == 0:
        return "Der erwartete Bedarf schöpft den Rahmen genau aus."
    return f"Nach der Prognose bleiben {formats.eur(balance_eur)} übrig."


def year_end(balance_eur: Number | None) -> str:
    """Title of the waterfall."""
    if balance_eur is None:
        return "Vom Ansatz zum verfügbaren Betrag"
    if balance_eur < 0:
        return f"Bis Jahresende fehlen {formats.eur(-balance_eur)}"
    if balance_eur == 0:
        return "Der Rahmen reicht genau bis Jahresende"
    return f"Bis Jahresende bleiben {formats.eur(balance_eur)}"


def drivers(names: Sequence[str]) -> str:
    """Title of the positions: who drives the excess, at most two by name."""
    if not names:
        return "Keine Position überschreitet ihren Rahmen"
    if len(names) == 1:
        return f"Eine Position treibt die Überschreitung: {names[0]}"
    if len(names) == 2:
        return f"Zwei Positionen treiben die Überschreitung: {listed(names)}"
    return f"{formats.number(len(names))} Positionen überschreiten ihren Rahmen"


def effects(wanted: int, compared: int, in_plan: int, behind: Sequence[str]) -> Sentence:
    """Do effects move as wanted, how many are in plan, which stay behind their target."""
    if compared == 0:
        return Sentence("Für diese Auswahl gibt es noch keinen Vorher-Nachher-Vergleich.")
    if wanted == compared:
        lead = (
            "Der einzige Effekt geht" if compared == 1 else f"Alle {formats.number(compared)} Effekte gehen"
        )
    elif wanted == 0:
        lead = f"Keiner der {formats.number(compared)} Effekte geht"
    else:
        counts = f"{formats.number(wanted)} von {formats.number(compared)} Effekten"
        lead = f"{counts} {_verb(wanted, 'geht', 'gehen')}"
    plan = (
        "keiner liegt"
        if in_plan == 0
        else f"{formats.number(in_plan)} {'liegt' if in_plan == 1 else 'liegen'}"
    )
    if not in_plan and not behind:
        return Sentence(f"{lead} in die gewollte Richtung, ein Soll ist nicht vereinbart.")
    bold = f"{lead} in die gewollte Richtung, {plan} im Plan."
    if not behind:
        return Sentence(bold)
    shown = list(behind[:3])
    if len(behind) > 3:
        shown = [*behind[:2], f"{len(behind) - 2} weitere"]
    verb = "bleibt" if len(behind) == 1 else "bleiben"
    return Sentence(bold, f"{_upper_first(listed(shown))} {verb} hinter dem Soll.")


def sources(
    fresh: int, total: int, published: bool, metrics_fresh: int, metrics_total: int, day: str
) -> Sentence:
    """State of the night: released or not, sources that need attention, figures that show the day."""
    if total == 0:
        return Sentence("Noch ist keine Quelle angebunden.")
    lead = (
        "Der letzte Lauf ist freigegeben"
        if published
        else "Der letzte Lauf wurde nicht freigegeben, es gilt der Stand davor"
    )
    open_ = total - fresh
    if open_ == 0:
        bold = (
            f"{lead}, alle {formats.number(total)} Quellen sind aktuell."
            if total > 1
            else f"{lead}, die Quelle ist aktuell."
        )
    else:
        verb = "braucht" if open_ == 1 else "brauchen"
        bold = f"{lead}, {formats.number(open_)} von {formats.number(total)} Quellen {verb} Aufmerksamkeit."
    return Sentence(bold, _rest_on_fresh(metrics_fresh, metrics_total, day))


def _rest_on_fresh(fresh: int, total: int, day: str) -> str:
    """Figures have many Stichtage, so the day is that of the snapshot, not of the figures."""
    if total == 0:
        return ""
    if fresh == total:
        return f"Am {day} beruhen alle Kennzahlen auf aktuellen Quellen."
    verb = _verb(fresh, "beruht", "beruhen")
    counts = f"{formats.number(fresh)} von {formats.number(total)} Kennzahlen"
    return f"Am {day} {verb} {counts} nur auf aktuellen Quellen."
