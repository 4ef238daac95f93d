"""The proposal as text: a source file with every guess written down and every doubt beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from connectors.suggestion.column import ColumnLook
from connectors.suggestion.matching import Match, best_word
from connectors.suggestion.number import NumberSpelling
from connectors.suggestion.sample import Sample, text_of
from warehouse.textformat import TextFormat, parse_number

WIDTH = 100
_YEAR = re.compile(r"(?<!\d)(19|20)\d{2}(?!\d)")
_ORDER = (
    "format",
    "sheet",
    "hidden",
    "records",
    "encoding",
    "delimiter",
    "quote",
    "header_row",
    "names",
    "first_row",
    "require_newline",
    "allow_blank_columns",
)


def declare(
    name: str, ending: str, sample: Sample, looks: Sequence[ColumnLook], best: Match, others: Sequence[Match],
    numbers: NumberSpelling,
) -> str:  # fmt: skip
    """A commented `sources/<id>.toml`; it loads as it stands, but for what is marked TODO."""
    source = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "quelle"
    source = source if source[0].isalpha() else f"q_{source}"
    lines = [
        *_head(name, ending, sample, best, others, numbers),
        f"title = {_toml(name)}",
        'owner = "TODO"                  # wer die Datei liefert und gefragt wird',
        'kind = "files"',
        'nature = "echt"',
        'every = "night"                 # night, week oder month',
        "fresh_for_days = 2",
        "",
        "[connection]",
        "",
        "[[table]]",
        f"feeds = {_toml(best.subject.id)}",
        f'path = "inbox/{source}/*{ending}"',
        "settle_seconds = 60             # erst lesen, wenn so lange niemand mehr geschrieben hat",
        *_settings(sample),
        *_text_settings(sample, looks, numbers),
        *_columns(best, looks),
        *_maps(best, looks),
        *_totals(sample, looks, best, numbers),
        *_fields(sample),
        *_wide(best, looks),
    ]
    return "\n".join(lines) + "\n"


def _head(
    name: str, ending: str, sample: Sample, best: Match, others: Sequence[Match], numbers: NumberSpelling
) -> Iterator[str]:
    yield from _comment(
        f"Vorschlag für {name}{ending}, erraten aus {len(sample.rows)} Zeilen. Bitte lesen und"
    )
    yield "# berichtigen: In der Nacht wird nichts geraten, dann gilt, was hier steht."
    for doubt in (*sample.doubts, *numbers.doubts):
        yield from _comment(f"Zweifel: {doubt}")
    if others:
        also = ", ".join(f"{found.subject.id} ({found.subject.title})" for found in others)
        yield from _comment(
            f"feeds ist {'vermutet' if best.columns else 'unbekannt'}; passen könnte auch: {also}."
        )
    if best.missing:
        for column in best.missing:
            title = best.subject.columns[column].title
            yield from _comment(
                f"TODO: {column} ({title}) fehlt: in columns nennen oder constants = {{ {column} = … }}"
            )
    if best.unused:
        yield from _comment(f"Nicht verwendet: {', '.join(best.unused)}.")
    yield "#"


def _comment(text: str) -> Iterator[str]:
    line = "#"
    # Words of the file may hold anything; a comment is one printable line.
    for word in "".join(c if c.isprintable() else " " for c in text).split():
        if len(line) + len(word) > WIDTH:
            yield line
            line = "#  "
        line += f" {word}"
    yield line


def _settings(sample: Sample) -> Iterator[str]:
    settings = {"format": sample.format, **sample.settings}
    for setting in _ORDER:
        if setting in settings and (setting, settings[setting]) not in (
            ("format", "csv"),
            ("delimiter", ";"),
        ):
            yield f"{setting} = {_toml(settings[setting])}"


def _text_settings(sample: Sample, looks: Sequence[ColumnLook], numbers: NumberSpelling) -> Iterator[str]:
    texts = [look for look in looks if not look.typed]
    said: dict[str, object] = {}
    if any(look.kind in ("decimal", "integer") for look in texts):
        said |= _number_settings(numbers)
    dates = list(dict.fromkeys(look.formats[0] for look in texts if look.kind == "date"))
    moments = list(dict.fromkeys(look.formats[0] for look in texts if look.kind == "timestamp"))
    said |= {"date": dates[0]} if dates and (sample.typed or dates[0] != "%d.%m.%Y") else {}
    said |= (
        {"timestamp": moments[0]} if moments and (sample.typed or moments[0] != "%d.%m.%Y %H:%M:%S") else {}
    )
    if words := tuple(dict.fromkeys(word for look in texts for word in look.null_words)):
        said["null"] = ["", *words]
    if answer := next((look.yes_no for look in texts if look.yes_no and look.yes_no != ("ja", "nein")), None):
        said |= {"true": [answer[0]], "false": [answer[1]]}
    if said:
        pairs = ", ".join(f"{name} = {_toml(value)}" for name, value in said.items())
        yield f"text = {{ {pairs} }}"
    yield from _date_doubts(texts, dates, moments)


def _number_settings(numbers: NumberSpelling) -> dict[str, object]:
    said: dict[str, object] = {}
    if numbers.decimal != ",":
        said["decimal"] = numbers.decimal
    if numbers.thousands != ("." if numbers.decimal == "," else ""):
        said["thousands"] = numbers.thousands
    if numbers.negative != "leading":
        said["negative"] = numbers.negative
    return {**said, "unit": list(numbers.unit)} if numbers.unit else said


def _date_doubts(looks: Iterable[ColumnLook], dates: list[str], moments: list[str]) -> Iterator[str]:
    for look in looks:
        if look.kind in ("date", "timestamp") and len(look.formats) > 1:
            yield from _comment(
                f"Zweifel: „{look.name}“ ({look.values[0]}) passt auch zu {', '.join(look.formats[1:])}."
            )
    for found in (dates, moments):
        if len(found) > 1:
            yield from _comment(
                f"Zweifel: Tage stehen verschieden da ({', '.join(found)}); nur einer gilt je Tabelle."
            )


def _columns(best: Match, looks: Sequence[ColumnLook]) -> Iterator[str]:
    renamed = {name: header for name, header in best.columns.items() if name != header}
    if renamed:
        yield f"columns = {{ {', '.join(f'{name} = {_toml(header)}' for name, header in renamed.items())} }}"
    unsure = [
        f"{name} = „{best.columns[name]}“" for name, likeness in best.likeness.items() if likeness < 0.75
    ]
    if unsure:
        yield from _comment(f"Zweifel: nur ähnlich: {', '.join(unsure)}.")
    yield from _keys(best, looks)


def _keys(best: Match, looks: Sequence[ColumnLook]) -> Iterator[str]:
    alone = [look.name for look in looks if look.distinct and look.kind in ("text", "integer")]
    pairs = [] if alone else _key_pairs(looks)
    found = alone or [" + ".join(pair) for pair in pairs]
    if found:
        key = ", ".join(best.subject.key)
        yield from _comment(
            f"Eindeutig je Zeile: {', '.join(found)}. Schlüssel von {best.subject.id}: {key}."
        )


def _key_pairs(looks: Sequence[ColumnLook]) -> list[tuple[str, str]]:
    keys = [look for look in looks if look.kind in ("text", "integer", "date")][:8]
    whole = [look for look in keys if len(look.values) == max((len(k.values) for k in keys), default=0)]
    return [
        (one.name, two.name)
        for one, two in combinations(whole, 2)
        if len(set(zip(one.values, two.values, strict=True))) == len(one.values)
    ][:3]


def _maps(best: Match, looks: Sequence[ColumnLook]) -> Iterator[str]:
    by_name = {look.name: look for look in looks}
    for name, header in best.columns.items():
        allowed = best.subject.columns[name].allowed
        words = list(dict.fromkeys(by_name[header].values))
        if not allowed or set(words) <= set(allowed):
            continue
        pairs = ", ".join(
            f"{_toml(word)} = {_toml(best_word(word, allowed) or 'TODO')}" for word in words[:30]
        )
        yield f"map.{name} = {{ {pairs} }}"
        yield from _comment(f"Erlaubt: {', '.join(allowed)}.")


def _totals(
    sample: Sample, looks: Sequence[ColumnLook], best: Match, numbers: NumberSpelling
) -> Iterator[str]:
    if not sample.totals:
        return
    words = list(
        dict.fromkeys(next(text_of(cell) for cell in row if text_of(cell)) for _, row in sample.totals)
    )
    _, last = sample.totals[-1]
    proven = _control_column(sample, last, looks, best, numbers) if len(sample.totals) == 1 else None
    if proven is not None and sample.format in ("csv", "fixed"):
        yield f"control_total = {{ column = {_toml(proven)}, trailer = {_toml(words[0])} }}   # stimmt hier"
        return
    first = next((name for name in sample.header if name), "")
    yield f"skip_rows_where = {{ {_toml(first)} = {_toml(words)} }}"


def _control_column(
    sample: Sample, row: Sequence[object], looks: Sequence[ColumnLook], best: Match, numbers: NumberSpelling
) -> str | None:
    """The contract column whose sum the last row states; None when no column adds up to it."""
    form = TextFormat(
        decimal=numbers.decimal,
        thousands=numbers.thousands or None,
        negative=numbers.negative,
        unit=numbers.unit,
    )
    stated = [number for cell in row if (number := parse_number(text_of(cell), form)) is not None]
    for name, header in best.columns.items():
        values = next(look.values for look in looks if look.name == header)
        read = [parse_number(value, form) for value in values]
        if best.subject.columns[name].type == "decimal" and stated == [
            sum((n or Decimal(0) for n in read), Decimal(0))
        ]:
            return name
    return None


def _wide(best: Match, looks: Sequence[ColumnLook]) -> Iterator[str]:
    """Years as columns become rows; as a comment, because only a person knows what each stands for."""
    numeric = [
        look.name for look in looks if look.kind in ("decimal", "integer") and look.name in best.unused
    ]
    years = [(name, year) for name in numeric if (year := _YEAR.search(name))]
    amount = next((n for n, c in best.subject.columns.items() if c.type == "decimal"), None)
    if len(years) < 2 or amount is None:
        return
    patterns = dict.fromkeys(
        f"{_escaped(name[: year.start()])}(?P<haushaltsjahr>\\d{{4}}){_escaped(name[year.end() :])}"
        for name, year in years
    )
    yield ""
    yield "# Jahre stehen als Spalten da. Aus ihnen werden Zeilen, wenn dies gilt (set: was die Spalte sagt):"
    yield "# [table.unpivot]"
    yield f"# into = {_toml(amount)}"
    yield "# columns = ["
    yield from (f"#   {{ match = '{pattern}', set = {{ }}, sign = 1 }}," for pattern in patterns)
    yield "# ]"


def _escaped(text: str) -> str:
    return re.escape(text).replace("\\ ", " ")


def _fields(sample: Sample) -> Iterator[str]:
    fields = sample.settings.get("field")
    for found in fields if isinstance(fields, list) else []:
        yield ""
        yield "[[table.field]]"
        yield from (f"{name} = {_toml(value)}" for name, value in found.items())


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_toml(k)} = {_toml(v)}' for k, v in value.items())} }}"
    if isinstance(value, int):
        return str(value)
    # A TOML string knows all escapes of a JSON string.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
