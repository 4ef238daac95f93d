"""Whatever nights bring, the loads in force give the stage as it is; every other load may be forgotten."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.base import Context
from connectors.land import land_source
from connectors.load import load
from connectors.replay import replay
from tests.town import Town
from warehouse.in_force import loads_in_force, places

SUBJECT = """
title = "Ding"
key = ["nr"]
[columns.nr]
title = "Nummer"
type = "text"
required = true
[columns.ort]
title = "Ort"
type = "text"
required = true
[columns.wert]
title = "Wert"
type = "integer"
"""
MODES = (
    'write = "replace"\n',
    'write = "append"\n',
    'write = "merge"\n',
    'write = "merge"\ndeleted_when = { column = "weg", equals = "ja" }\n',
    'slice = ["ort"]\n',
)
ROW = st.tuples(
    st.sampled_from("abcdef"), st.sampled_from("XYZ"), st.integers(0, 3), st.sampled_from(("", "", "ja"))
)
NIGHT = st.lists(ROW, max_size=5, unique_by=lambda row: row[0])


DELETED_LATER = [
    [("a", "X", 1, ""), ("b", "X", 1, "")],
    [("a", "X", 1, "ja")],
    [("c", "X", 1, "")],
]
SLICE_GONE = [[("a", "X", 1, ""), ("b", "Y", 1, "")], [("c", "X", 1, "")], [("d", "Y", 1, "")]]


@example(mode=MODES[3], nights=DELETED_LATER, tables=1)
@example(mode=MODES[4], nights=SLICE_GONE, tables=1)
@example(mode=MODES[0], nights=[[("a", "X", 1, "")], []], tables=1)
@settings(max_examples=20, deadline=None)
@given(mode=st.sampled_from(MODES), nights=st.lists(NIGHT, min_size=1, max_size=6), tables=st.integers(1, 2))
def test_loads_in_force_repeat_the_stage_and_nothing_else_is_needed(
    mode: str, nights: list[list[tuple[str, str, int, str]]], tables: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        town = _town(Path(folder), mode, tables)
        for rows in nights:
            _night(town, rows, tables)
        before = _stage(town)
        loads = loads_in_force(town.con)
        for run in (Path(folder) / "landing/lager").glob("*"):
            if ("lager", run.name) not in places(loads):
                shutil.rmtree(run)
        assert replay(town.con, loads, Path(folder) / "landing", town.subjects) == []
        assert _stage(town) == before
        town.con.close()


def _town(folder: Path, mode: str, tables: int) -> Town:
    (folder / "subjects").mkdir()
    (folder / "subjects/ding.toml").write_text(SUBJECT, encoding="utf-8")
    town = Town(folder)
    text = 'kind = "files"\n'
    for number in range(1, tables + 1):
        text += f'[[table]]\nfeeds = "ding"\npath = "inbox/{number}.csv"\n{mode}'
    town.declare("lager", text)
    return town


def _night(town: Town, rows: list[tuple[str, str, int, str]], tables: int) -> None:
    """Deliver the rows, spread over the tables, as if somebody had released whatever comes."""
    for number in range(tables):
        mine = [row for row in rows if ord(row[0]) % tables == number]
        lines = "".join(f"{nr};{ort};{wert};{weg}\n" for nr, ort, wert, weg in mine)
        town.deliver(f"inbox/{number + 1}.csv", f"nr;ort;wert;weg\n{lines}")
    town.nights += 1
    run = replace(town._run(), taking="freigegeben")
    context = Context(town.folder, run.as_of)
    landed = land_source(town.spec("lager"), context, town.subjects, {}, town.folder / "landing", run.run_id)
    load(town.con, town.spec("lager"), landed, subjects=town.subjects, run=run)


def _stage(town: Town) -> list[tuple[Any, ...]]:
    return town.rows("SELECT nr, ort, wert, _run_id FROM stage.ding ORDER BY ALL")
