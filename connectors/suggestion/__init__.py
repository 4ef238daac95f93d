"""`isek source suggest`: guesses once how a file is written, and writes it down for a person to read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connectors.formats.content import OLE, ZIP
from connectors.formats.workbook.container import workbook_kind
from connectors.suggestion.column import look_at
from connectors.suggestion.declaration import declare
from connectors.suggestion.matching import Match, best_subjects, match
from connectors.suggestion.number import spelling_of
from connectors.suggestion.sample import Sample
from connectors.suggestion.text_sample import sample_text
from connectors.suggestion.typed_sample import sample_json, sample_parquet, sample_workbook
from warehouse.contract import Subject
from warehouse.errors import ConfigError

OTHERS = 3


def suggest(path: Path, subjects: Mapping[str, Subject], feeds: str | None = None) -> str:
    """A commented source file for one delivered file; without `feeds` the subject that fits best.

    Raises ConfigError for a file that is not there, ContractError for one that holds no table.
    """
    if not path.is_file():
        raise ConfigError("Die Datei gibt es nicht", code="missing_file", where=str(path))
    sample = sample_of(path)
    looks = look_at(sample)
    best, others = _subjects(sample, subjects, feeds)
    numbers = spelling_of(
        {look.name: look.values for look in looks if look.kind in ("decimal", "integer") and not look.typed}
    )
    return declare(path.stem, path.suffix.lower(), sample, looks, best, others, numbers)


def sample_of(path: Path) -> Sample:
    """A first look at a file, whatever its content is."""
    with path.open("rb") as stream:
        beginning = stream.read(512)
    where = path.name
    if beginning.startswith((OLE, ZIP)):
        return sample_workbook(path, workbook_kind(path, where), where)
    if beginning.startswith(b"PAR1"):
        return sample_parquet(path, where)
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return sample_json(path, where)
    return sample_text(path, where)


def _subjects(
    sample: Sample, subjects: Mapping[str, Subject], feeds: str | None
) -> tuple[Match, list[Match]]:
    looks = look_at(sample)
    if feeds is not None:
        return match(subjects[feeds], looks), []
    ranked = best_subjects(subjects, looks)
    return ranked[0], [found for found in ranked[1 : OTHERS + 1] if found.columns]
