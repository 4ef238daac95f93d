"""Faulty files of a town: the check finds all of them at once, and no page falls over another one's file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tiny_city import refresh, write_city

from dashboard.__main__ import main
from dashboard.auth.viewer import Viewer
from dashboard.cli.stores import open_services
from dashboard.page import discover_pages
from dashboard.settings import Settings
from metrics.result import Scope
from tests.meaning_city import meaning_city

VIEWER = Viewer("k", "", "", "", "controlling", Scope.city())
FAULTS = {
    "parameters.toml": "[km_per_trip]\nvalues = []\n",
    "rankings/top.toml": "title = 3\n",
    "rankings/zwei.toml": 'title = "Zwei"\n',
    "reifegrad/models/eigen.toml": 'title = "offen\n',
    "models/a.toml": 'kind = "kapazitaet"\n',
    "models/b.toml": 'kind = "cost"\n',
    "claims.toml": '[[checks]]\nid = "a"\nkind = "summe"\n',
    "targets.toml": '[ozg_online_shar]\nowner = "FD 10"\n',
    "withdrawn.toml": '[[table]]\nmetric = "foo"\n',
    "metrics/eigene.sql": "SELECT 1\n",
}
# Without these the web server has no definitions to answer with, as before.
NEEDED = ("targets.toml", "withdrawn.toml", "metrics/eigene.sql")


def _spoil(city: Path, names: Any) -> None:
    for name in names:
        (city / name).parent.mkdir(parents=True, exist_ok=True)
        (city / name).write_text(FAULTS[name], encoding="utf-8")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = write_city(tmp_path_factory.mktemp("fehler") / "stadt")
    assert refresh(settings).state == "published"
    return settings


def test_the_check_names_every_faulty_file_once_and_in_german(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = write_city(tmp_path / "stadt")
    _spoil(settings.city, FAULTS)
    assert main(["check", "--city", str(settings.city)], {}) == 1
    out = capsys.readouterr().out
    told = re.findall(r"^\[.*?\] (\S+?)(?::\d+)?: ", out, flags=re.MULTILINE)
    assert sorted(told) == sorted(str(settings.city / name) for name in FAULTS)
    assert "„kind“ nennt „summe“, erlaubt sind „sum“" in out
    assert "Input" not in out


def test_a_faulty_model_or_check_costs_no_other_page(city: Settings) -> None:
    _spoil(city.city, [name for name in FAULTS if name not in NEEDED])
    services = open_services(city)
    failed = {}
    for item in discover_pages():
        try:
            item.module.layout(services, VIEWER, {})
        except Exception as error:  # noqa: BLE001 - which page fails with what is the answer looked for
            failed[item.page.id] = str(error)
    # The page of the checks is the one whose file cannot be read.
    assert list(failed) == ["vorlagen"] and "claims.toml" in failed["vorlagen"]


def test_a_check_whose_model_is_faulty_stays_open_and_the_others_are_made(tmp_path: Path) -> None:
    settings = meaning_city(tmp_path / "stadt")
    whole = open_services(settings).findings(VIEWER)
    (settings.city / "models/bielefeld_ozg.toml").write_text('kind = "capacity"\n', encoding="utf-8")
    found = open_services(settings).findings(VIEWER)
    assert {item.id for item in found} == {item.id for item in whole}
    before = {item.id: item for item in whole}
    other = [item for item in found if item != before[item.id]]
    assert other and {item.verdict for item in other} == {"offen"}
    assert all("bielefeld_ozg" in item.details[0] for item in other)


def test_a_new_city_comes_with_its_files_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "neu"
    assert main(["init", str(folder)], {}) == 0
    for name in ("parameters.toml", "claims.toml", "withdrawn.toml"):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        # The example below the explanation is one that is understood.
        example = text[text.index("\n#\n") :].replace("\n# ", "\n").replace("\n#\n", "\n")
        path.write_text(example, encoding="utf-8")
    assert (folder / "rankings").is_dir() and (folder / "reifegrad/models").is_dir()
    assert main(["check", "--city", str(folder)], {}) == 0, capsys.readouterr().out
