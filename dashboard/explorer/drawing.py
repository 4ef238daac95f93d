"""The chosen kind of chart for a pivot: its members and figures handed to the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboard.explorer.axis import TOTAL, Axis, Frame, Member, crossed, flat
from dashboard.explorer.chart_rule import Kind, additive_across, is_whole, over_time
from dashboard.explorer.drawable import MOST_LINKS, Sheet, refused_notices
from dashboard.explorer.words import MODEL, UNRATED, USUAL_MODEL, against_words, title_of
from dashboard.figures.chart import linked
from dashboard.figures.course_lines import course_lines
from dashboard.figures.datum import Line, Noticed
from dashboard.figures.lane_bars import Base, lane_bars
from dashboard.figures.point_cloud import point_cloud
from dashboard.figures.stacked_bars import stacked_bars
from dashboard.figures.tiles import tiles
from dashboard.texts import REIFEGRAD
from metrics.explore.question import BUCKET
from metrics.explore.result import PivotCell

Place = tuple[Member, int]


def drawn(kind: Kind, sheet: Sheet) -> Noticed:
    """Draw a pivot as a kind of chart that makes sense for it (chart_rule.refusal)."""
    draw = {"balken": _bars, "gestapelt": _stacked, "linie": _lines, "kacheln": _tiles, "punkte": _points}
    return draw[kind](sheet)


def _bars(sheet: Sheet) -> Noticed:
    """Rows with their measures side by side, or with the columns of the first measure."""
    frame = flat(sheet.pivot, sheet.words)
    if not frame.down.fielded:
        frame = frame.turned()
    single = not frame.across.fielded
    measures = range(len(sheet.pivot.measures)) if single else range(1)
    places = [(member, measure) for member in frame.across.members for measure in measures]
    lanes = [sheet.measured(m, "" if single else member.label) for member, m in places]
    members = _shown_members(sheet, frame, places)
    base, words = _base(sheet)
    result = lane_bars(
        [sheet.line(frame, member, places) for member in members],
        lanes,
        first=frame.down.title,
        caption=_caption(sheet),
        same_scale=not single,
        base=base,
        base_label=words,
    )
    return _finished(sheet, frame, result, members, places, first_only=not single)


def _shown_members(sheet: Sheet, frame: Frame, places: Sequence[Place]) -> list[Member]:
    """Members of which at least one figure is known, hidden or empty: refused ones alone draw nothing."""
    return [
        member
        for member in frame.down.members
        if any(cell.state != "refused" for cell in _cells(sheet, frame, [member], places))
    ]


def _base(sheet: Sheet) -> tuple[Base, str]:
    question = sheet.pivot.question
    if question.show != "value" or not question.against:
        return "", ""
    if question.against == "plan":
        return "plan", "Plan"
    named = {"previous_period": "Vorperiode", "previous_year": "Vorjahr"}
    return "vj", named.get(question.against) or against_words(question, sheet.words)


def _stacked(sheet: Sheet) -> Noticed:
    frame = crossed(sheet.pivot, sheet.words)
    places = _first(frame.across)
    members = _shown_members(sheet, frame, places)
    result = stacked_bars(
        frame.across.labels,
        [sheet.line(frame, member, places) for member in members],
        sheet.measured(0),
        first=frame.down.title,
        caption=_caption(sheet),
        whole=is_whole(sheet.pivot),
        stages=_stages(sheet, frame),
    )
    return _finished(sheet, frame, result, members, places)


def _lines(sheet: Sheet) -> Noticed:
    """A line per member of the other axis, or per measure of the same unit where there is none."""
    frame = over_time(sheet.pivot, sheet.words) or flat(sheet.pivot, sheet.words)
    if not frame.across.fielded and _same_unit(sheet):
        places = [(TOTAL.members[0], measure) for measure in range(len(sheet.pivot.measures))]
        names = [sheet.pivot.measures[measure].short for _, measure in places]
    else:
        places, names = _first(frame.across), list(frame.across.labels)
        names = [sheet.pivot.measures[0].short] if not frame.across.fielded else names
    periods = frame.down.members
    series = [
        Line(name, tuple(sheet.datum(frame, period, *place) for period in periods))
        for name, place in zip(names, places, strict=True)
    ]
    result = course_lines(
        frame.down.labels,
        series,
        sheet.measured(0),
        first=frame.down.title,
        caption=_caption(sheet),
        additive=frame.across.fielded and additive_across(sheet.pivot),
        unfinished=bool(periods) and _is_unfinished(sheet, periods[-1]),
    )
    several = not frame.across.fielded and len(places) > 1
    return _finished(sheet, frame, result, periods, places, first_only=not several)


def _is_unfinished(sheet: Sheet, period: Member) -> bool:
    last = sheet.pivot.unfinished
    return last is not None and (period.path or ())[-1:] == (last,)


def _same_unit(sheet: Sheet) -> bool:
    units = {
        (info.unit, amounts.thousands)
        for info, amounts in zip(sheet.pivot.measures, sheet.amounts, strict=True)
    }
    return len(units) == 1


def _tiles(sheet: Sheet) -> Noticed:
    frame = crossed(sheet.pivot, sheet.words)
    frame = frame.turned() if frame.down.timed and not frame.across.timed else frame
    places = _first(frame.across)
    members = _shown_members(sheet, frame, places)
    result = tiles(
        frame.across.labels,
        [sheet.line(frame, member, places) for member in members],
        sheet.measured(0),
        first=frame.down.title,
        caption=_caption(sheet),
        course=frame.across.timed,
        additive=additive_across(sheet.pivot),
        stages=_stages(sheet, frame),
    )
    return _finished(sheet, frame, result, members, places)


def _stages(sheet: Sheet, frame: Frame) -> tuple[str, ...]:
    """Stages of the usual Reifegrad model across, which have a notation of their own; else nothing."""
    question, data = sheet.pivot.question, sheet.words.data
    names = (
        question.columns if question.rows and question.columns else (*question.rows, *question.columns)[1:]
    )
    model = question.choose.get(MODEL, data.choose.get(MODEL))
    if names != (BUCKET,) or model != USUAL_MODEL:
        return ()
    found = tuple((member.path or (None,))[-1] or UNRATED for member in frame.across.members)
    return found if set(found) <= {*REIFEGRAD, UNRATED} else ()


def _points(sheet: Sheet) -> Noticed:
    """A point for each row; with columns, for each row and column."""
    frame = flat(sheet.pivot, sheet.words)
    pairs = [(one, other) for one in frame.down.members for other in frame.across.members]
    rows = [
        Line(_both(frame, one, other), tuple(sheet.datum(frame, one, other, measure) for measure in (0, 1)))
        for one, other in pairs
    ]
    first = " und ".join(axis.title for axis in (frame.down, frame.across) if axis.fielded)
    both = (sheet.measured(0), sheet.measured(1))
    result = point_cloud(rows, both, first=first, caption=_caption(sheet))
    links = {row.label: next((d.href for d in row.data if d.href), "") for row in rows}
    chart = linked(result.chart, {name: way for name, way in links.items() if way})
    cells = _cells(sheet, frame, frame.down.members, [(m, i) for m in frame.across.members for i in (0, 1)])
    more = ("Gezeichnet sind die ersten zwei Werte.",) if len(sheet.pivot.measures) > 2 else ()
    return replace(result, chart=chart, notices=(*result.notices, *refused_notices(sheet, cells), *more))


def _both(frame: Frame, one: Member, other: Member) -> str:
    return " · ".join(m.label for m, axis in ((one, frame.down), (other, frame.across)) if axis.fielded)


def _first(axis: Axis) -> list[Place]:
    """All members with the first measure."""
    return [(member, 0) for member in axis.members]


def _cells(
    sheet: Sheet, frame: Frame, members: Iterable[Member], places: Sequence[Place]
) -> Iterable[PivotCell]:
    for member in members:
        for other, measure in places:
            at = frame.cell(member, other)
            if at is not None:
                yield sheet.pivot.cell(*at, measure)


def _finished(
    sheet: Sheet,
    frame: Frame,
    result: Noticed,
    members: Sequence[Member],
    places: Sequence[Place],
    *,
    first_only: bool = True,
) -> Noticed:
    """With links of its rows, what is left out and what „< 5“ means."""
    leading = members[:MOST_LINKS]
    links = {member.label: way for member in leading if (way := _way(sheet, frame, member, places))}
    cells = _cells(sheet, frame, frame.down.members, places)
    notices = [*result.notices, *refused_notices(sheet, cells)]
    if first_only and len(sheet.pivot.measures) > 1:
        notices.append(f"Gezeichnet ist der erste Wert: {sheet.pivot.measures[0].short}.")
    return replace(result, chart=linked(result.chart, links), notices=tuple(notices))


def _way(sheet: Sheet, frame: Frame, member: Member, places: Sequence[Place]) -> str:
    """To the cell of the whole row, or to its only one."""
    other = places[0][0] if len(places) == 1 or not frame.across.fielded else TOTAL.members[0]
    at = frame.cell(member, other)
    if at is None or sheet.pivot.cell(*at).state != "value":
        return ""
    return sheet.link(at)


def _caption(sheet: Sheet) -> str:
    return title_of(sheet.pivot.question, sheet.words)
