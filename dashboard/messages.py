"""Sentences computed from figures: Lagesätze and message titles.

A sentence says what the figures show and nothing else: fact, comparison, consequence. When a message does
not hold (no target, no value, nothing to compare), the neutral wording is returned. Everything here is pure:
numbers in, German out, so that every edge case can be tested without a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import formats
from dashboard.sentence import Sentence, fitted, title, upper_first, verb, whole_eur
from dashboard.texts import listed, plural
from metrics.result import Number, Rating


def lagebild(ratings: Sequence[Rating], consequence: str = "") -> Sentence:
    """How many of the leading figures are in plan; `consequence` names the most urgent one."""
    total = len(ratings)
    good, warn, krit, open_ = (ratings.count(r) for r in ("gut", "warn", "krit", "neu"))
    if total == 0:
        return Sentence("Für diese Sicht sind keine Leitkennzahlen eingerichtet.")
    if open_ == total:
        return fitted("Noch ist keine Leitkennzahl bewertet.", consequence)
    if total == 1:
        return _only_one(ratings[0], consequence)
    if good == total:
        return fitted(f"Alle {formats.number(total)} Leitkennzahlen sind im Plan.", consequence)
    parts = [_in_plan(good, total)]
    if warn:
        parts.append(f"{formats.number(warn)} zu beobachten")
    if krit:
        parts.append(f"bei {formats.number(krit)} ist zu handeln")
    if open_:
        parts.append(f"{formats.number(open_)} ohne Bewertung")
    return _leading(", ".join(parts), consequence)


def _only_one(rating: Rating, consequence: str) -> Sentence:
    words: dict[Rating, str] = {
        "gut": "Die einzige Leitkennzahl ist im Plan",
        "warn": "Die einzige Leitkennzahl ist zu beobachten",
        "krit": "Bei der einzigen Leitkennzahl ist zu handeln",
        "neu": "Noch ist keine Leitkennzahl bewertet",
    }
    return _leading(words[rating], consequence)


def _leading(text: str, consequence: str) -> Sentence:
    """A colon leads to the consequence, a full stop ends the sentence that stands alone."""
    found = fitted(f"{text}:", consequence) if consequence else Sentence(f"{text}.")
    return found if found.rest else Sentence(f"{text}.")


def _in_plan(good: int, total: int) -> str:
    if good == 0:
        return f"Keine der {formats.number(total)} Leitkennzahlen ist im Plan"
    counts = f"{formats.number(good)} von {formats.number(total)} Leitkennzahlen"
    return f"{counts} {verb(good, 'ist', 'sind')} im Plan"


def budget_outlook(product: str, balance_eur: Number | None) -> str:
    """What the forecast of a product means, in one sentence."""
    if balance_eur is None:
        return f"Für das Budget {product} liegt keine Prognose vor."
    balance = whole_eur(balance_eur)
    if balance < 0:
        return f"Das Budget {product} läuft auf {formats.eur(-balance)} Überschreitung zu."
    if balance == 0:
        return f"Das Budget {product} reicht nach der Prognose genau aus."
    left = verb(balance, "bleibt", "bleiben")
    return f"Im Budget {product} {left} nach der Prognose {formats.eur(balance)} übrig."


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
    fact = _online(online, total)
    if target_share is None:
        return Sentence(f"{fact}.", _pace_alone(pace))
    gap = online - int(formats.rounded(float(target_share) * total))
    if gap < 0:
        less = f"{fact}, {formats.number(-gap)} weniger als geplant."
        return fitted(less, _behind(gap, gap_before, pace, pace_needed))
    plan = f"{formats.number(gap)} mehr als geplant" if gap else "genau wie geplant"
    return fitted(f"{fact}, {plan}.", _pace_ahead(pace, pace_needed), _pace_alone(pace))


def _online(online: int, total: int) -> str:
    if total == 1:
        return f"Die einzige Leistung ist {'' if online else 'nicht '}online"
    if online == 0:
        return f"Keine von {formats.number(total)} Leistungen ist online"
    counts = f"{formats.number(online)} von {formats.number(total)} Leistungen"
    return f"{counts} {verb(online, 'ist', 'sind')} online"


def _per_month(pace: Number) -> str:
    if formats.rounded(pace, 1) == 0:
        return "keine neue Leistung je Monat"
    return f"{formats.number(pace, 1)} neue Leistungen je Monat"


def _pace_alone(pace: Number | None) -> str:
    if pace is None:
        return ""
    if formats.rounded(pace, 1) == 0:
        return "Zuletzt kam keine Leistung hinzu."
    return f"Zuletzt kamen {_per_month(pace)} hinzu."


def _suffices(pace: Number, needed: Number) -> bool:
    """Compared as they are printed: two equal figures never say that one is too small."""
    return formats.rounded(pace, 1) >= formats.rounded(needed, 1)


def _behind(gap: int, before: int | None, pace: Number | None, needed: Number | None) -> str:
    trend = "" if before is None else _trend(gap, before)
    if pace is None or needed is None:
        return " ".join(part for part in (f"{trend}." if trend else "", _pace_alone(pace)) if part)
    if formats.rounded(pace, 1) == 0 and not _suffices(pace, needed):
        text = f"keine neue Leistung je Monat, nötig sind {formats.number(needed, 1)}."
    else:
        verdict = "genügen, nötig sind" if _suffices(pace, needed) else "reichen nicht, nötig sind"
        text = f"{_per_month(pace)} {verdict} {formats.number(needed, 1)}."
    return f"{trend}: {text}" if trend else upper_first(text)


def _trend(gap: int, before: int) -> str:
    if before >= 0:
        return "Der Rückstand ist neu"
    if gap < before:
        return "Der Rückstand wächst"
    return "Der Rückstand bleibt gleich" if gap == before else "Der Rückstand schrumpft"


def _pace_ahead(pace: Number | None, needed: Number | None) -> str:
    if pace is None or needed is None or _suffices(pace, needed):
        return _pace_alone(pace)
    return f"Für das Ziel reicht das Tempo nicht: {_per_month(pace)}, nötig sind {formats.number(needed, 1)}."


def goal_gap(
    share: Number | None,
    goal: Number | None,
    year: int | None,
    low: Number | None = None,
    high: Number | None = None,
) -> str:
    """Title of the curve: what is missing at the end of the path, or the neutral title.

    With a band the title speaks of its ends: a goal inside of it is neither reached nor missed.
    """
    if share is None or goal is None or year is None:
        return "Leistungen online ab Reifegrad 3"
    most, least = (
        _points(goal, end) for end in (share if low is None else low, share if high is None else high)
    )
    if most <= 0:
        return f"Das Ziel für Ende {year} ist erreichbar"
    if least <= 0:
        return f"Ob das Ziel Ende {year} erreicht wird, ist offen"
    if least == most:
        words = plural(most, "Prozentpunkt", "Prozentpunkte")
        return f"Ende {year} {verb(most, 'fehlt', 'fehlen')} {words}"
    return f"Ende {year} fehlen {formats.number(least)}–{formats.number(most)} Prozentpunkte"


def _points(goal: Number, share: Number) -> int:
    """Whole points that are missing; what is missing at all is at least one."""
    exact = (float(goal) - float(share)) * 100
    return max(1, int(formats.rounded(exact))) if exact > 0.05 else 0


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
    rule = "Gezählt wird ein Bündel, sobald eine eigene Einzelleistung darin Reifegrad 3 erreicht."
    if total == 1:
        return Sentence(f"Die einzige OZG-Leistung ist {'' if online else 'nicht '}online.", rule)
    if online == 0:
        return Sentence(f"Keine der {formats.number(total)} OZG-Leistungen ist online.", rule)
    counts = f"{formats.number(online)} von {formats.number(total)} OZG-Leistungen"
    return Sentence(f"{counts} {verb(online, 'ist', 'sind')} online.", rule)


def bottleneck(step: str | None, has_targets: bool) -> str:
    """Title of the steps: the one that exceeds its target most."""
    if step is not None:
        return f"{step} ist der Engpass"
    return "Kein Schritt liegt über seinem Soll" if has_targets else "Laufende Projekte nach Schritt"


def units_below(names: Sequence[str], below_percent: int | None, unit: str) -> str:
    """Title of the bars by unit: which ones lie behind, at most 60 characters, else the neutral title."""
    if not names or below_percent is None:
        return f"Reifegrad nach {unit}"
    below = formats.percent(below_percent / 100, 0)
    told = f"{listed(names)} {verb(len(names), 'liegt', 'liegen')} unter {below}"
    return title(told, f"Reifegrad nach {unit}")


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
    counts = f"{formats.number(above)} von {formats.number(total)} Themenfeldern"
    return f"{counts} {verb(above, 'liegt', 'liegen')} über dem Soll von {share}"


def reifegrad(online: Number | None, end_to_end: Number | None, almost: int | None) -> Sentence:
    """Depth of digitalisation: legal threshold, end to end, and what is nearly there."""
    if online is None:
        return Sentence("Für diese Auswahl liegen keine Einstufungen vor.")
    bold = f"{formats.percent(online)} der Leistungen erfüllen das OZG (Reifegrad 3 oder 4)"
    if end_to_end is not None:
        bold += f", {formats.percent(end_to_end)} laufen Ende-zu-Ende"
    if not almost:
        return Sentence(f"{bold}.")
    return Sentence(f"{bold}.", f"{plural(almost, 'Leistung', 'Leistungen')} fehlt nur ein Baustein.")


def other_scale(rated: int, total: int, scale: str) -> Sentence:
    """How many services a scale other than that of the law knows, and that the two are never added."""
    if rated == 0:
        return Sentence(f"Für diese Auswahl ist keine Leistung nach der {scale} eingestuft.")
    services = plural(total, "Leistung", "Leistungen")
    fact = f"{formats.number(rated)} von {services} {verb(rated, 'ist', 'sind')} nach der {scale} eingestuft."
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
    available = whole_eur(available_eur)
    bold = f"Von {formats.eur(frame_eur)} sind {formats.percent(bound_share)} verbraucht oder gebunden, "
    if available < 0:
        bold += f"{formats.eur(-available)} mehr als verfügbar."
    else:
        bold += f"{formats.eur(available)} {verb(available, 'ist', 'sind')} verfügbar."
    return fitted(bold, _need(balance_eur), _need_shortly(balance_eur))


def _need(balance_eur: Number | None) -> str:
    if balance_eur is None:
        return "Eine Prognose liegt nicht vor."
    balance = whole_eur(balance_eur)
    if balance < 0:
        return f"Der erwartete Bedarf ist {formats.eur(-balance)} höher, Deckung ist zu beschließen."
    if balance == 0:
        return "Der erwartete Bedarf schöpft den Rahmen genau aus."
    left = verb(balance, "bleibt", "bleiben")
    return f"Nach der Prognose {left} {formats.eur(balance)} übrig."


def _need_shortly(balance_eur: Number | None) -> str:
    """For amounts of nine digits and more."""
    short = balance_eur is not None and whole_eur(balance_eur) < 0
    return f"Es fehlen {formats.million_eur(-balance_eur)}." if short and balance_eur is not None else ""


def year_end(balance_eur: Number | None) -> str:
    """Title of the waterfall."""
    if balance_eur is None:
        return "Vom Ansatz zum verfügbaren Betrag"
    balance = whole_eur(balance_eur)
    if balance < 0:
        return f"Bis Jahresende {verb(balance, 'fehlt', 'fehlen')} {formats.eur(-balance)}"
    if balance == 0:
        return "Der Rahmen reicht genau bis Jahresende"
    return f"Bis Jahresende {verb(balance, 'bleibt', 'bleiben')} {formats.eur(balance)} übrig"


def drivers(names: Sequence[str]) -> str:
    """Title of the positions: who drives the excess, at most two by name."""
    if not names:
        return "Keine Position überschreitet ihren Rahmen"
    if len(names) == 1:
        return f"Eine Position treibt die Überschreitung: {names[0]}"
    if len(names) == 2:
        return f"Zwei Positionen treiben die Überschreitung: {listed(names)}"
    return f"{formats.number(len(names))} Positionen überschreiten ihren Rahmen"


def sources(
    fresh: int, total: int, published: bool | None, metrics_fresh: int, metrics_total: int, day: str
) -> Sentence:
    """State of the night: released or not, sources that need attention, figures that show the day.

    `published` is None before the first run came to its end.
    """
    if total == 0:
        return Sentence("Noch ist keine Quelle angebunden.")
    leads = {
        True: "Der letzte Lauf ist freigegeben",
        False: "Der letzte Lauf wurde nicht freigegeben, es gilt der Stand davor",
        None: "Noch ist kein Lauf abgeschlossen",
    }
    return fitted(
        f"{leads[published]}, {_current(fresh, total)}.", _rest_on_fresh(metrics_fresh, metrics_total, day)
    )


def _current(fresh: int, total: int) -> str:
    open_ = total - fresh
    if total == 1:
        return "die Quelle braucht Aufmerksamkeit" if open_ else "die Quelle ist aktuell"
    if open_ == 0:
        return f"alle {formats.number(total)} Quellen sind aktuell"
    need = verb(open_, "braucht", "brauchen")
    return f"{formats.number(open_)} von {formats.number(total)} Quellen {need} Aufmerksamkeit"


def _rest_on_fresh(fresh: int, total: int, day: str) -> str:
    """Figures have many Stichtage, so the day is that of the snapshot, not of the figures."""
    if total == 0:
        return ""
    if fresh == 0:
        return f"Am {day} beruht keine Kennzahl nur auf aktuellen Quellen."
    if fresh == total:
        return f"Am {day} beruhen alle Kennzahlen auf aktuellen Quellen."
    counts = f"{formats.number(fresh)} von {formats.number(total)} Kennzahlen"
    return f"Am {day} {verb(fresh, 'beruht', 'beruhen')} {counts} nur auf aktuellen Quellen."
