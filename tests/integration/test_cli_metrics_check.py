"""`isek metrics --check`: every metric is tried, and a faulty one is named with file, line and next step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_city import refresh, write_city

from dashboard.__main__ import main
from metrics.catalog import load_catalog

Check = Callable[..., tuple[int, str]]

OWN = """/* ---
label = "Offene Vorgänge"
number = "STA-0{number}"
question = "Wie viele Vorgänge sind offen?"
kind = "sum"
population = "antrag"
unit = "count"
better = "lower"
over_time = "sum"
dimensions = ["procedure"]
scope = "organisation"
numerator_text = "Vorgänge"
meaning = "Vorgänge je Monat."
revised = 2026-01-15
--- */
SELECT
    CAST(date_trunc('month', received_on) AS DATE) AS period,
    org_unit_id,
    procedure,
    {amount} AS numerator
FROM core."case"
GROUP BY ALL
"""


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    write_city(tmp_path)

    def run(*args: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["metrics", "--check", *args, "--city", str(tmp_path)], {})
        return code, capsys.readouterr().out

    return run


def write_metric(city: Path, name: str, *, number: int = 1, amount: str = "count(*)") -> Path:
    """Put a metric of the town's own into its folder."""
    (city / "metrics").mkdir(exist_ok=True)
    path = city / "metrics" / f"{name}.sql"
    path.write_text(OWN.format(number=number, amount=amount), encoding="utf-8")
    return path


def test_before_the_first_run_all_built_in_metrics_and_lists_pass_on_empty_tables(
    check: Check, tmp_path: Path
) -> None:
    code, out = check("--json")
    answer = json.loads(out)
    catalog = load_catalog(None)
    assert (code, answer["snapshot"], answer["faults"]) == (0, "leer", 0)
    assert {item["id"] for item in answer["checked"]} == {*catalog.metrics, *catalog.lists}
    assert not list((tmp_path / "var").glob("warehouse/*.duckdb")), "nothing is written"


def test_one_look_finds_every_faulty_metric_of_the_city_and_tries_the_others(
    check: Check, tmp_path: Path
) -> None:
    write_metric(tmp_path, "good_count")
    broken = write_metric(tmp_path, "broken_count", number=2, amount="sum(gibt_es_nicht)")
    wrong = write_metric(tmp_path, "wrong_count", number=3)
    wrong.write_text(wrong.read_text(encoding="utf-8").replace('unit = "count"', 'unit = "stück"'), "utf-8")
    floating = write_metric(tmp_path, "floating_count", number=4, amount="sum(CAST(1 AS DOUBLE))")
    (tmp_path / "targets.toml").write_text('[kein_name]\nowner = "FD 10"\n', encoding="utf-8")
    code, out = check("--json")
    answer = json.loads(out)
    assert (code, answer["faults"]) == (1, 4)
    found = {item["id"]: item for item in answer["checked"]}
    assert found["good_count"]["ok"] and found["ozg_online_share"]["ok"]
    assert found["broken_count"]["where"] == f"{broken}:20"
    assert "gibt_es_nicht" in found["broken_count"]["found"]
    assert found["wrong_count"]["where"].startswith(f"{wrong}:7")
    assert "percent" in str(found["wrong_count"])
    rounding = found["floating_count"]
    assert (rounding["code"], rounding["where"]) == ("wrong_type", str(floating))
    assert found["targets"]["kind"] == "Zielpfade"
    assert all(item["next_step"] for item in answer["checked"] if not item["ok"])


def test_the_published_state_is_tried_unless_empty_tables_are_asked_for(check: Check, tmp_path: Path) -> None:
    write_metric(tmp_path, "broken_count", amount="sum(gibt_es_nicht)")
    record = refresh(write_city(tmp_path / "zwei"))
    assert record.state == "published"
    code = main(["metrics", "--check", "--json", "--city", str(tmp_path / "zwei")], {})
    assert code == 0
    code, out = check("--empty")
    assert code == 1
    assert "FEHLER  Kennzahl broken_count: Die Anweisung läuft nicht" in out
    assert "nächster Schritt: " in out and "1 fehlerhaft" in out
