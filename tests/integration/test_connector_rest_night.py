"""A web service in the nights of a city: read in a process of its own, and what stays when it fails."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.jobs.accounting import RunRecord
from dashboard.settings import Settings, load_settings
from tests.tiny_city import DAY, NOON, count, line, refresh, state, write_city
from tests.web_services import Answers, Asked, Reply, Service, as_json, as_text

SOURCE = """
title = "Sitzungen"
owner = "Ratsbüro"
kind = "rest"
nature = "echt"
[connection]
url = "{url}"
allow_http = true
read_timeout_s = 0.3
total_timeout_s = 1
[[table]]
feeds = "appointment"
columns = {{ appointment_id = "id", on_date = "tag", title = "name" }}
"""


def _city(folder: Path, url: str, night: str = '[night]\ninternal_hosts = ["127.0.0.1"]\n') -> Settings:
    write_city(folder)
    (folder / "sources/termine.toml").unlink()
    with (folder / "portal.toml").open("a", encoding="utf-8") as portal:
        portal.write(night)
    (folder / "sources/sitzungen.toml").write_text(SOURCE.format(url=url), encoding="utf-8")
    return load_settings(folder, {})


def _next_night(settings: Settings) -> RunRecord:
    return refresh(settings, day=DAY + timedelta(days=1), now=NOON + timedelta(days=1))


MEETINGS = [{"id": f"S{n}", "tag": "2026-06-09", "name": f"{n}. Sitzung"} for n in range(7)]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (as_json({}, 503), "server_error"),
        (as_json({}, 401), "access_denied"),
        (as_text("<html>Wartung</html>", "text/html"), "not_the_declared_format"),
        (as_text('[{"id": "S1", "tag"', "application/json"), "not_the_declared_format"),
        (None, "unreachable"),
    ],
)
def test_b7_a_service_that_fails_keeps_its_last_good_rows_and_costs_nobody_else_any(
    tmp_path: Path, fault: Any, code: str
) -> None:
    answers: list[Any] = [MEETINGS]

    def answer(asked: Asked) -> Any:
        return answers[-1]

    with Answers(answer) as service:
        settings = _city(tmp_path, service.url)
        first = refresh(settings)
        assert line(first, "sitzungen").published == 7
        answers.append(fault)
        if fault is not None:
            second = _next_night(settings)
    if fault is None:
        # Now nobody listens there any more.
        second = _next_night(settings)
    assert state(settings, "sitzungen")[:2] == ("fehlgeschlagen", code)
    assert count(settings, "stage.appointment") == 7
    assert line(second, "wohngeld").state == "aktuell"


def test_b15_without_leave_of_the_operator_the_night_reaches_no_internal_host(tmp_path: Path) -> None:
    with Answers(lambda asked: MEETINGS) as service:
        settings = _city(tmp_path, service.url, night="")
        refresh(settings)
        assert service.asked == []
    assert state(settings, "sitzungen")[1] in ("plain_http", "address_refused")


def test_b7_half_a_character_in_a_name_costs_one_source_and_not_the_night(tmp_path: Path) -> None:
    """No database keeps half a character: the reason of one source must not end the run of all."""
    with Service(Reply(body=b'[{"\\ud800": 1}]')) as service:
        settings = _city(tmp_path, service.url)
        record = refresh(settings, day=DAY, now=NOON)
    assert record.state == "published"
    assert line(record, "sitzungen").reason_code == "missing_column"
    assert line(record, "wohngeld").state == "aktuell"
