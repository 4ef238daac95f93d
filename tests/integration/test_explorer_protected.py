"""K6 on the explorer: cells that are not given out leave no trace on the page, in any file, in any answer.

In the town of this test each case counts 7.919 points a day, so that a hidden sum or mean is a number nobody
meets by chance. What may be seen is looked for as well, so that a search that finds nothing says something.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from dashboard.app import WARMER, create_app
from dashboard.auth.accounts import add_account, issue_link, known_account
from dashboard.auth.sessions import viewer_of
from dashboard.cli.stores import open_services
from dashboard.explorer.state import read_state
from dashboard.services import Services
from tests.explorer_files import unzipped
from tests.points_town import FIELDS, make_town
from tests.programs import API, Programs
from tests.web_city import navigate, use_link

POINTS = 7919
SECRETS = {str(POINTS * days * n) for _, _, n, days in FIELDS} | {str(POINTS * days) for *_, days in FIELDS}
SUMS = {
    str(POINTS * sum(days * n for *names, n, days in FIELDS if name in names))
    for name in ("wohngeld", "bauantrag", "online", "post")
}
QUESTION = {
    "daten": "bestand:antrag",
    "werte": "points,points.zaehler,points.nenner",
    "zeilen": "procedure",
    "spalten": "channel",
}
# Ways of looking at the same cells that put them into order, lengths, colours, shares, differences.
LOOKS: tuple[Mapping[str, str], ...] = (
    {},
    {"waerme": "an"},
    {"ordnung": "-wert"},
    {"ordnung": "wert"},
    {"zeige": "zeilenanteil"},
    {"zeige": "gesamtanteil"},
    {"zelle": "wohngeld;online;0"},
    {"ansicht": "diagramm"},
    {"ansicht": "diagramm", "diagramm": "balken"},
    {"ansicht": "diagramm", "diagramm": "gestapelt", "werte": "points.zaehler"},
    {"ansicht": "diagramm", "diagramm": "punkte"},
    {"ansicht": "diagramm", "diagramm": "kacheln"},
    {"spalten": "", "zeilen": "procedure,channel", "auf": "*"},
)


@dataclass(frozen=True)
class Town:
    """The served town, a browser and a program."""

    services: Services
    browser: FlaskClient
    programs: Programs
    token: str

    def page(self, **look: str) -> str:
        """Everything a browser is sent of the page: text, attributes, drawings."""
        asked = "&".join(f"{name}={value}" for name, value in {**QUESTION, **look}.items() if value)
        answer = navigate(self.browser, "/explorer", f"?{asked}")
        assert answer.status_code == 200
        props = answer.get_json()["response"]["rahmen"]["children"]["props"]
        return json.dumps(answer.get_json(), ensure_ascii=False) + str(props["html"])

    def file(self, form: str, **look: str) -> bytes:
        """A file of the explorer."""
        params = {**QUESTION, **look, "als": form}
        answer = self.browser.get("/ausfuhr/explorer", query_string=params)
        assert answer.status_code == 200, answer.text
        return answer.data


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    settings = make_town(tmp_path_factory.mktemp("punkte"))
    services = open_services(settings)
    add_account(services.ledger, settings, login="leitung", name="L", function="", role="leitung", units=())
    server = create_app(settings, services)
    server.extensions[WARMER].notice = lambda name: None
    browser, programs = server.test_client(), Programs(server, services)
    assert (
        use_link(
            browser, issue_link(services.ledger, settings, known_account(services.ledger, "leitung"))
        ).status_code
        == 303
    )
    yield Town(services, browser, programs, programs.token("leitung"))
    services.ledger.close()


def _plain(text: str) -> str:
    return re.sub(r"[.,\u00a0\u202f ]", "", text)


def _secrets(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in _plain(text)]


def _workbook(data: bytes) -> str:
    return "".join(part.decode("utf-8", "replace") for part in unzipped(data).values())


def _paper(data: bytes) -> str:
    parts = [data, *(_unpacked(part) for part in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL))]
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return said + "".join(part.decode("latin-1") for part in parts)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _parquet(data: bytes) -> str:
    found = pq.ParquetFile(io.BytesIO(data))
    groups = [found.metadata.row_group(number) for number in range(found.metadata.num_row_groups)]
    kept = [group.column(number).statistics for group in groups for number in range(group.num_columns)]
    return f"{found.read().to_pylist()}{found.schema_arrow.metadata}{kept}{data!r}"


READERS: Mapping[str, Callable[[bytes], str]] = {
    "csv": bytes.decode,
    "csv-int": bytes.decode,
    "xlsx": _workbook,
    "parquet": _parquet,
    "pdf": _paper,
}


def test_the_town_hides_its_four_cells_and_tells_their_sums(town: Town) -> None:
    services = town.services
    state = read_state(QUESTION, services.catalog, services.today)
    pivot = services.explore(viewer_of(known_account(services.ledger, "leitung")), state.question)
    inner = [pivot.cell((a,), (b,), n).state for a, b, *_ in FIELDS for n in range(3)]
    assert set(inner) == {"suppressed"} and len(SECRETS) == 8
    told = {str(cell.value) for cell in pivot.cells.values() if cell.state == "value"}
    assert SUMS - told == set()
    # A row or column with a single hidden cell would tell it by its sum.
    for row in ("wohngeld", "bauantrag"):
        assert (
            sum(pivot.cell((row,), (column,), 0).state == "suppressed" for column in ("online", "post")) == 2
        )


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(look.values()) or "pivot")
def test_k6_nothing_a_browser_is_sent_of_the_explorer_holds_a_hidden_figure(
    town: Town, look: Mapping[str, str]
) -> None:
    sent = town.page(**look)
    assert "geschützt" in sent or "gesch\\u00fctzt" in sent
    assert "Diese Adresse lässt sich nicht lesen" not in sent and "Vorgangsnummer" not in sent
    assert _secrets(sent) == []
    if not look:
        assert [number for number in SUMS if number not in _plain(sent)] == []


@pytest.mark.parametrize("look", [{}, {"zeige": "zeilenanteil"}, {"ordnung": "-wert"}], ids=str)
@pytest.mark.parametrize("form", READERS)
def test_k6_no_file_of_the_explorer_holds_a_hidden_figure(
    town: Town, form: str, look: Mapping[str, str]
) -> None:
    text = READERS[form](town.file(form, **look))
    assert _secrets(text) == []
    if not look and form in ("xlsx", "pdf"):
        assert [number for number in SUMS if number not in _plain(text)] == []


@pytest.mark.parametrize("form", ["csv", "csv-int", "xlsx", "parquet"])
def test_k6_the_data_of_a_file_hold_what_the_search_looks_for_where_it_may_be_told(
    town: Town, form: str
) -> None:
    text = READERS[form](town.file(form, spalten=""))
    assert [n for n in SUMS if n in _plain(text)], (
        "the sums of the procedures are told, so they would be found"
    )


@pytest.mark.parametrize("form", ["json", "csv", "csv-de", "arrow"])
@pytest.mark.parametrize(
    "place",
    [
        "/explore",
        "/metrics/points?by=procedure,channel",
        "/metrics/points?by=procedure,channel,period",
    ],
)
def test_k6_no_answer_to_a_program_holds_a_hidden_figure(town: Town, form: str, place: str) -> None:
    query = {**QUESTION, "format": form} if place == "/explore" else {"format": form}
    path, _, asked = place.partition("?")
    query |= dict(part.split("=") for part in asked.split("&")) if asked else {}
    answer = town.programs.ask(town.token, path, query=query)
    assert answer.status_code == 200, answer.text
    told = answer.data.decode() if form != "arrow" else _arrow(answer.data)
    assert _secrets(told + str(dict(answer.headers))) == []
    if place == "/explore":
        fewer = {name: text for name, text in query.items() if name != "spalten"}
        wider = town.programs.ask(town.token, path, query=fewer)
        seen = wider.data.decode() if form != "arrow" else _arrow(wider.data)
        assert [number for number in SUMS if number in _plain(seen)], API


def _arrow(data: bytes) -> str:
    table = pa.ipc.open_stream(data).read_all()
    return f"{table.to_pylist()}{table.schema.metadata}{data!r}"


def test_k6_what_a_workbook_says_of_itself_and_how_it_looks_is_the_same_for_all_hidden_cells(
    town: Town,
) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(town.file("xlsx")))["Auswertung"]
    hidden = [cell for row in sheet.iter_rows() for cell in row if cell.value == "geschützt"]
    assert len(hidden) == 12
    looks = {(cell.number_format, cell.fill.fgColor.rgb, cell.font.b, cell.comment) for cell in hidden}
    assert len(looks) == 1
