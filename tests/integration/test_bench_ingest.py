"""The ingest measurement runs and counts what it moves; how fast it is, is no test."""

from __future__ import annotations

import pytest

from tests.bench import ingest
from tests.postgres import binaries


def test_the_ingest_measurement_moves_every_row_and_tells_every_ratio(
    capsys: pytest.CaptureFixture[str],
) -> None:
    binaries()
    text = ingest.main(["--rows", "3000", "--rounds", "1", "--small", "2", "--parts", "postgres", "small"])
    capsys.readouterr()
    assert "3,000 rows" in text
    for measured in ("(a) COPY to a client", "– landing", "(c) pandas", "1 % changed", "2 small"):
        (line,) = [line for line in text.splitlines() if line.startswith(f"| {measured}")]
        assert line.count("|") == 6
    assert "(d) was left out" in text


def test_rows_that_do_not_arrive_stop_the_measurement() -> None:
    with pytest.raises(RuntimeError):
        ingest._require(2999, 3000)
