"""A small town with one metric of protected tables: points per case, decided for May 2026."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from dashboard.settings import Settings
from tests.tiny_city import refresh, write_city

Isek = Callable[..., tuple[int, str, str]]
# 7919 points for every day: sums nobody meets by chance.
METRIC = """/* ---
label = "Punkte je Vorgang"
number = "STA-01"
question = "Wie viele?"
kind = "mean"
population = "antrag"
unit = "count"
better = "none"
over_time = "sum"
dimensions = ["procedure", "channel", "org_unit_id"]
scope = "organisation"
numerator_text = "Punkte"
denominator_text = "Vorgänge"
meaning = "Punkte."
revised = 2026-01-15
min_cell = 5
[protect]
cuts = [["procedure"], ["channel"], ["procedure", "channel"], ["fachdienst"]]
periods = 2
--- */
SELECT
    CAST(date_trunc('month', decided_on) AS DATE) AS period, org_unit_id, procedure, channel,
    7919 * sum(date_diff('day', received_on, decided_on)) AS numerator, count(*) AS denominator, count(*) AS n
FROM core."case"
WHERE decided_on IS NOT NULL
GROUP BY ALL
"""
# Procedure, channel, cases, days: the three cases are small, the other fields would tell them.
FIELDS = (
    ("wohngeld", "online", 12, 19),
    ("wohngeld", "post", 9, 20),
    ("bauantrag", "online", 8, 21),
    ("bauantrag", "post", 3, 22),
)


def make_town(folder: Path) -> Settings:
    """Write the town and do its first night."""
    settings = write_city(folder / "stadt")
    (settings.city / "metrics").mkdir()
    (settings.city / "metrics/points.sql").write_text(METRIC, encoding="utf-8")
    deliver(settings, FIELDS)
    refresh(settings)
    return settings


def deliver(settings: Settings, fields: Sequence[tuple[str, str, int, int]], month: int = 5) -> None:
    """Put cases into the Fachverfahren; May is replaced, other months are added."""
    with sqlite3.connect(settings.city / "fachverfahren.sqlite") as con:
        if month == 5:
            con.execute("DELETE FROM vorgang")
        for procedure, channel, n, days in fields:
            con.executemany(
                "INSERT INTO vorgang VALUES (?, ?, 'FD50', ?, ?, ?, '2026-05-30 10:00:00')",
                [
                    (
                        procedure,
                        f"{month}{channel}{i}",
                        channel,
                        f"2026-0{month}-01",
                        f"2026-0{month}-{days + 1:02d}",
                    )
                    for i in range(n)
                ],
            )
    con.close()
