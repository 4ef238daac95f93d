"""Files of `cockpits/`: what they may say, and what each fault says about its place and the next step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.cockpits.town_file import icon_names
from dashboard.cockpits.town_load import Declared, load_cockpits
from dashboard.demo.city import TEMPLATE
from metrics.catalog import Catalog, load_catalog
from metrics.models.library import load_models
from warehouse.errors import ConfigError
from warehouse.subjects import load_subjects

HEAD = 'title = "Anträge"\nquestion = "Was bleibt liegen?"\n[[section]]\ntitle = "Stand"\n'
TILE = '[[section.tile]]\nmetric = "case_duration_days"\n'
DOCS = Path(__file__).resolve().parents[2] / "docs/cockpits.md"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(TEMPLATE, load_subjects(TEMPLATE))


def read(
    folder: Path, catalog: Catalog, text: str, name: str = "probe"
) -> tuple[Declared | None, list[ConfigError]]:
    (folder / "cockpits").mkdir(exist_ok=True)
    (folder / "cockpits" / f"{name}.toml").write_text(text, encoding="utf-8")
    faults: list[ConfigError] = []
    found = load_cockpits(folder, catalog, load_models(TEMPLATE), on_fault=faults.append)
    return (found[0] if found else None), faults


def chart(text: str) -> str:
    return f'{HEAD}[[section.chart]]\ntitle = "Neutral"\n{text}\n'


def test_the_cockpits_of_the_example_city_have_no_fault(catalog: Catalog) -> None:
    faults: list[ConfigError] = []
    found = load_cockpits(TEMPLATE, catalog, load_models(TEMPLATE), on_fault=faults.append)
    assert faults == [] and [item.id for item in found] == ["bauantraege", "buergerservice"]


def test_the_smallest_cockpit_is_a_title_a_question_and_one_tile(tmp_path: Path, catalog: Catalog) -> None:
    found, faults = read(tmp_path, catalog, HEAD + TILE)
    assert faults == [] and found is not None and found.file is not None
    assert (found.id, found.title, found.roles) == ("probe", "Anträge", None)


@pytest.mark.parametrize(
    ("text", "line", "what", "next_step"),
    [
        (
            HEAD + '[[section.tile]]\nmetric = "case_duration_day"\n',
            6,
            "„case_duration_day“ gibt es nicht",
            "„case_duration_days“",
        ),
        (HEAD + TILE + 'where = { chanel = "online" }\n', 7, "keine Dimension „chanel“", "„channel“"),
        (
            chart('type = "bars"\nmetric = "case_duration_days"\nby = "procedur"'),
            9,
            "keine Dimension „procedur“",
            "„procedure“",
        ),
        (chart('type = "pie"\nmetric = "case_duration_days"'), 5, "„type“ nennt „pie“", ""),
        (
            chart('type = "bullets"\nmetric = "application_channel_count"\nby = "channel"'),
            7,
            "kein Soll",
            "targets.toml",
        ),
        (
            chart('type = "stacked"\nmetric = "case_duration_days"\nby = "channel"'),
            7,
            "Teile eines Ganzen",
            "",
        ),
        (chart('type = "columns"\nmetric = "case_long_count"'), 7, "nicht je Monat", ""),
        (chart('type = "line"\nmetric = "case_duration_days"\nforecast = true'), 9, "kein Modell", "models/"),
        (HEAD + '[[section.tile]]\nmetric = "reifegrad_distribution"\n', 6, "eine Verteilung", ""),
        ('roles = ["rat"]\n' + HEAD + TILE, 1, "erlaubt sind", ""),
        ('icon = "rocket"\n' + HEAD + TILE, 1, "Dieses Zeichen gibt es nicht", ""),
        ('titel = "x"\n' + HEAD + TILE, 1, "„titel“ ist unbekannt", "„title“"),
        (HEAD, 3, "Ein Abschnitt braucht", ""),
        (HEAD + 'text = "<b>fett</b>"\n', 5, "ohne HTML und Markdown", ""),
        (HEAD + 'text = "**fett**"\n', 5, "ohne HTML und Markdown", ""),
        ("title = \n", 1, "kein gültiges TOML", ""),
        (HEAD + TILE + '[filters]\ndimensions = ["farbe"]\n', 8, "keine Dimension „farbe“", ""),
        (
            HEAD + '[[section.tile]]\nmetric = "waiting_time_minutes"\n[filters]\nunit = true\n',
            8,
            "nach Organisationseinheiten",
            "unit = false",
        ),
    ],
)
def test_a_fault_names_line_kind_and_next_step(
    text: str, line: int, what: str, next_step: str, tmp_path: Path, catalog: Catalog
) -> None:
    found, faults = read(tmp_path, catalog, text)
    assert found is not None and found.file is None, "the page stays, without its content"
    (fault,) = faults
    assert what in fault.what
    assert str(fault.where).endswith(f"probe.toml:{line}"), fault.where
    assert next_step in (fault.next_step or "")


def test_small_numbers_are_shown_in_published_cuts_only(tmp_path: Path, catalog: Catalog) -> None:
    bars = 'type = "bars"\nmetric = "case_long_count"\nby = "{by}"\n{more}'
    _, faults = read(tmp_path, catalog, chart(bars.format(by="procedure", more="")))
    assert faults == []
    more = 'where = { fachdienst = "FD32" }'
    _, (fault,) = read(tmp_path, catalog, chart(bars.format(by="procedure", more=more)))
    assert "schützt kleine Zahlen" in fault.what and "procedure und channel" in (fault.allowed or "")


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path, catalog: Catalog) -> None:
    text = (
        HEAD
        + TILE.replace("days", "dayz")
        + chart('type = "bars"\nmetric = "case_duration_days"\nby = "x"')[len(HEAD) :]
    )
    _, faults = read(tmp_path, catalog, text)
    assert len(faults) == 2


def test_a_faulty_file_keeps_title_and_roles_and_unreadable_roles_admit_nobody(
    tmp_path: Path, catalog: Catalog
) -> None:
    found, _ = read(tmp_path, catalog, 'roles = ["leitung"]\nfoo = 1\n' + HEAD + TILE)
    assert found is not None and found.title == "Anträge" and found.roles == frozenset({"leitung"})
    found, _ = read(tmp_path, catalog, "roles = 3\n" + HEAD + TILE)
    assert found is not None and found.roles == frozenset()


def test_a_file_whose_name_is_no_address_makes_no_page(tmp_path: Path, catalog: Catalog) -> None:
    found, (fault,) = read(tmp_path, catalog, HEAD + TILE, name="Bau Anträge")
    assert found is None and "keine Kennung" in fault.what


def test_a_page_stays_readable(tmp_path: Path, catalog: Catalog) -> None:
    _, (fault,) = read(tmp_path, catalog, HEAD + TILE * 9)
    assert "Höchstens 8 Kacheln" in fault.what
    bars = '[[section.chart]]\ntype = "bars"\ntitle = "x"\nmetric = "case_duration_days"\nby = "channel"\n'
    _, (fault,) = read(tmp_path, catalog, HEAD + bars * 10)
    assert "Höchstens 9 gezeichnete Diagramme" in fault.what


def test_icons_are_those_of_the_package() -> None:
    assert {"chart", "prozesse", "user"} <= set(icon_names()) and "small" not in icon_names()


def test_the_examples_of_the_documentation_are_understood(tmp_path: Path, catalog: Catalog) -> None:
    blocks = re.findall(r"```toml\n# cockpits/(\S+)\.toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    assert blocks
    for name, text in blocks:
        found, faults = read(tmp_path, catalog, text, name=name)
        assert faults == [] and found is not None
