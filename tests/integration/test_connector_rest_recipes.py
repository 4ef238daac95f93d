"""The recipes for web services read what they promise from services that speak their protocol."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.recipes import find_recipe
from tests.web_services import Answers, Asked, Reply, Service, as_json, as_text
from tests.web_town import WebTown

ARS = "019990001001"


def _town(city: Path, recipe: str, service: Service, host: str, **secrets: str) -> WebTown:
    """The recipe as a source; it differs from the file people get in the address alone."""
    text = find_recipe(recipe).for_source("probe")
    assert host in text
    text = text.replace(f'url = "{host}', f'allow_http = true\nurl = "{service.url}', 1)
    return WebTown.of_recipe(city, text.replace("rate_per_s", "# rate_per_s"), secrets)


def _reason(town: WebTown) -> str:
    failure = town.land().failure
    assert failure is not None
    return failure.code


HUB = "https://api.ozg-umsetzung.de/api"


def _listing(number: int, **more: Any) -> dict[str, Any]:
    return {
        "leika_key": f"99{number:012d}",
        "leika_name": f"Leistung {number}",
        "ars": ARS,
        "ars_name": "Musterstadt",
        "ars_federal_state": "01",
        "bundesland": "Beispielland",
        "ozgid": 10000 + number,
        "ozg_bezeichnung": "Bündel",
        "url": f"https://dienst.example/{number}",
        "online_status": "ok",
        "aktiv": "ja",
        "art_flaechendeckung": "in mind. einer Kommune verfügbar",
        "datenstand_pvog_import": "2026-06-08",
        **more,
    }


def _camel(record: dict[str, Any]) -> dict[str, Any]:
    special = {"ozgid": "ozgId"}
    return {special.get(n) or _camelled(n): value for n, value in record.items()}


def _camelled(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


class DataHub(Answers):
    """Pages of the size asked for, at most 400; `spell` writes the records and `page` the envelope."""

    def __init__(self, spell: Any = dict, envelope: str = "flat") -> None:
        super().__init__(self._give)
        self.stock = {
            "false": [spell(_listing(n)) for n in range(3)],
            "true": [spell(_listing(n, aktiv=None, url="")) for n in range(900)],
        }
        self._envelope = envelope

    def _give(self, asked: Asked) -> Any:
        assert asked.path == f"/public/v1/dash/open-pvog/{ARS}"
        stock, size = self.stock[asked.query["includeAbove"]], min(400, int(asked.query["size"]))
        start = int(asked.query["page"]) * size
        counts = {"totalElements": len(stock), "number": int(asked.query["page"]), "size": size}
        content = {"content": stock[start : start + size]}
        return {**content, **counts} if self._envelope == "flat" else {**content, "page": counts}


@pytest.mark.parametrize(("spell", "envelope"), [(dict, "flat"), (_camel, "nested")])
def test_the_data_hub_is_read_page_by_page_for_both_views(tmp_path: Path, spell: Any, envelope: str) -> None:
    with DataHub(spell, envelope) as service:
        town = _town(tmp_path, "ozg_data_hub", service, HUB)
        rows = town.landed()
        assert len(service.asked) == 1 + 3
        assert town.land().deliveries[0].as_of == datetime(2026, 6, 7, 22, tzinfo=UTC)
    assert [sum(row["sicht"] == view for row in rows) for view in ("eigen", "alle")] == [3, 900]
    own = next(row for row in rows if row["sicht"] == "eigen")
    assert own["leika_schluessel"] == "99000000000000" and own["ozg_id"] == "10000"
    assert (own["aktiv"], own["online_status"], own["datenstand"]) == (True, "ok", date(2026, 6, 8))
    assert {row["aktiv"] for row in rows if row["sicht"] == "alle"} == {None}


def test_the_data_hub_that_counts_more_than_it_gives_is_refused(tmp_path: Path) -> None:
    def give(asked: Asked) -> Any:
        return {"content": [_listing(1)] if asked.query["page"] == "0" else [], "totalElements": 2}

    with Answers(give) as service:
        assert _reason(_town(tmp_path, "ozg_data_hub", service, HUB)) == "incomplete"


CSV_COLUMNS = [*_listing(0), "begruendung_nicht_beruecksichtigt", "export_datum"]


def _csv(records: list[dict[str, Any]], delimiter: str, header: list[str]) -> Reply:
    lines = [delimiter.join(header)]
    for record in records:
        values = [record.get(name) for name in CSV_COLUMNS]
        lines.append(delimiter.join("" if value is None else str(value) for value in values))
    return as_text("\r\n".join(lines) + "\r\n", "application/octet-stream")


@pytest.mark.parametrize(
    ("delimiter", "header"), [(";", CSV_COLUMNS), (",", [_camelled(name) for name in CSV_COLUMNS])]
)
def test_the_export_of_the_data_hub_is_read_in_both_spellings(
    tmp_path: Path, delimiter: str, header: list[str]
) -> None:
    def give(asked: Asked) -> Reply:
        assert asked.path == f"/public/v1/dash/open-pvog/{ARS}/export"
        if asked.headers["accept"] != "application/octet-stream":
            return as_json({}, 406)
        return _csv([_listing(n) for n in range(3)], delimiter, header)

    with Answers(give) as service:
        town = _town(tmp_path, "ozg_data_hub_csv", service, HUB)
        town.text = town.text.replace('delimiter = ";"', f'delimiter = "{delimiter}"')
        rows = town.landed()
        assert len(rows) == 6 and len(service.asked) == 2
        assert rows[0]["ozg_id"] == "10000" and rows[0]["aktiv"] is True
        wrong = ";" if delimiter == "," else ","
        town.text = town.text.replace(f'delimiter = "{delimiter}"', f'delimiter = "{wrong}"')
        assert _reason(town) == "missing_column"


def test_an_export_that_is_too_large_is_refused_with_its_status(tmp_path: Path) -> None:
    with Service(as_json({}, 413)) as service:
        failure = _town(tmp_path, "ozg_data_hub_csv", service, HUB).land().failure
    assert failure is not None and failure.code == "http_refused" and "413" in failure.reason


FIM = "https://fimportal.de/api"


def _profile(number: int, **more: Any) -> dict[str, Any]:
    return {
        "leistungsschluessel": [f"99{number:012d}"],
        "title": f"Leistung {number}",
        "typisierung": ["2", "3"],
        "leistungsadressat": ["001"],
        "freigabe_status": 6,
        "ozg": [{"id": 10000 + number, "themenfeld": "bauen", "themenfeld_label": "Bauen & Wohnen"}],
        **more,
    }


def test_the_fim_portal_is_read_to_its_end_and_left_alone_when_it_asks_for_it(tmp_path: Path) -> None:
    stock = [_profile(n) for n in range(450)] + [_profile(450, ozg=[], rechtsgrundlagen="§ 1 BauGB")]
    busy: list[int] = []

    def give(asked: Asked) -> Any:
        assert asked.path == "/v1/leistung-steckbriefe"
        assert asked.query["order_by"] == "leistungsschluessel_asc"
        if asked.query["offset"] == "200" and not busy:
            busy.append(1)
            return as_json({"detail": "rate"}, 429, Retry_After="0")
        start, size = int(asked.query["offset"]), int(asked.query["limit"])
        items = stock[start : start + size]
        assert size <= 200
        counts = {"offset": start, "limit": size, "count": len(items), "total_count": len(stock)}
        return {"items": items, **counts}

    with Answers(give) as service:
        town = _town(tmp_path, "fim_portal", service, FIM)
        town.tries = 2
        rows = town.landed()
        assert len(service.asked) == 4
    assert len(rows) == 451
    assert rows[0] == {
        "leika_schluessel": "99000000000000",
        "bezeichnung": "Leistung 0",
        "leika_typ": "2; 3",
        "ozg_id": "10000",
        "rechtsgrundlage": None,
        "themenfeld": "Bauen & Wohnen",
        "adressat": "001",
    }
    assert (rows[-1]["ozg_id"], rows[-1]["rechtsgrundlage"]) == (None, "§ 1 BauGB")


PVOG = "https://pvog.fitko.net/suchdienst/api"


def test_the_search_of_the_pvog_gives_services_online_services_and_units(tmp_path: Path) -> None:
    found = [{"id": f"L1.LB.{n}", "name": f"Leistung {n}", "description": "…"} for n in range(230)]

    def give(asked: Asked) -> Any:
        assert asked.headers["pvog-sud-api-client-id"] == "kennung-1"
        match asked.path.removeprefix("/"):
            case "v7/servicedescriptions/019990001001":
                start = int(asked.query["page"]) * 100
                page = {"content": found[start : start + 100], "totalElements": len(found)}
                return {"serviceDescriptions": page}
            case "v3/servicedescriptions/leikaid":
                links = [{"title": "Antrag", "uri": f"https://dienst.example/{asked.query['leikaIds']}"}]
                without = {"id": "L1.LB.2", "onlineServiceLinks": []}
                return {"content": [{"id": "L1.LB.1", "onlineServiceLinks": links}, without]}
            case "v2/organisationunits/titles":
                return [
                    {"id": "L1.OE.868", "title": "Bürgerbüro", "role": "Zuständige Stelle"},
                    {"id": "L1.OE.868", "title": "Bürgerbüro", "role": "Ansprechpunkt"},
                ]
        return as_json({}, 404)

    with Answers(give) as service:
        town = _town(tmp_path, "pvog_suchdienst", service, PVOG, PVOG_CLIENT_ID="kennung-1")
        assert len(town.landed(1)) == 230
        online, units = town.landed(2), town.landed(3)
    assert [row["url"] for row in online] == [
        "https://dienst.example/99041006017000",
        "https://dienst.example/99050012104000",
    ]
    assert online[0]["online_service_id"] == "L1.LB.1 https://dienst.example/99041006017000"
    assert {row["rolle_name"] for row in units} == {"Zuständige Stelle", "Ansprechpunkt"}
    assert {row["description_id"] for row in units} == {"L100042.LB.101954"}


def test_a_version_of_the_search_that_was_switched_off_is_told(tmp_path: Path) -> None:
    with Service(as_json({}, 410)) as service:
        town = _town(tmp_path, "pvog_suchdienst", service, PVOG, PVOG_CLIENT_ID="k")
        findings = town.connector.check()
    assert {finding.code for finding in findings} == {"http_refused"}
    assert all("410" in finding.what for finding in findings)


def test_matomo_gives_whole_months_for_a_token_that_no_log_keeps(tmp_path: Path) -> None:
    def give(asked: Asked) -> Any:
        form = asked.form
        assert (asked.method, asked.path, asked.query) == ("POST", "/index.php", {})
        assert (form["date"], form["period"], form["filter_limit"]) == ("previous24", "month", "-1")
        if form["token_auth"] != "t" * 32:
            return {"result": "error", "message": "Kein Zugriff"}
        if form["method"] == "Goals.get":
            return {"2026-04": {"nb_conversions": 17}, "2026-05": {"nb_conversions": 0}}
        visits = {"1": 1523, "2": 9000}[form["idSite"]]
        return {
            "2026-04": [],
            "2026-05": {"nb_visits": visits, "bounce_rate": "45%", "avg_time_on_site": 1.5},
        }

    with Answers(give) as service:
        secrets = {"MATOMO_URL": service.url, "MATOMO_TOKEN": "t" * 32}
        text = find_recipe("matomo").text.replace('url = "$', 'allow_http = true\nurl = "$')
        town = WebTown.of_recipe(tmp_path, text, secrets)
        visits, goals = town.landed(1), town.landed(2)
        assert "t" * 32 not in str([asked.query for asked in service.asked])
        town.secrets["MATOMO_TOKEN"] = "falsch"
        assert _reason(town) == "service_reports_error"
    assert visits == [
        {"indicator": "Besuche Serviceportal", "month": date(2026, 5, 1), "value_sum": Decimal(1523),
         "method": "gemessen"},
        {"indicator": "Besuche Website", "month": date(2026, 5, 1), "value_sum": Decimal(9000),
         "method": "gemessen"},
    ]  # fmt: skip
    assert [row["value_sum"] for row in goals] == [Decimal(17), Decimal(0)]


RIS = "https://ris.musterstadt.example/oparl/v1.1"


class CouncilSystem(Answers):
    """OParl 1.1: a body that names its list of meetings; external lists in pages of two."""

    def __init__(self) -> None:
        super().__init__(self._give)
        self.meetings = [
            self._meeting(1, start="2026-06-09T18:00:00+02:00", location={"description": "Ratssaal"}),
            self._meeting(2, start="2026-06-30T23:30:00Z"),
            self._meeting(3, start="2026-07-01T18:00:00+02:00", cancelled=True),
            {"id": "x/meeting/4", "type": "https://schema.oparl.org/1.1/Meeting", "deleted": True},
            self._meeting(5, start="2026-07-02T18:00:00+02:00"),
        ]

    def _meeting(self, number: int, **more: Any) -> dict[str, Any]:
        kind = "https://schema.oparl.org/1.1/Meeting"
        return {"id": f"x/meeting/{number}", "type": kind, "name": f"{number}. Sitzung", **more}

    def _give(self, asked: Asked) -> Any:
        if asked.path == "/body/1":
            body = {"type": "https://schema.oparl.org/1.1/Body", "meeting": f"{self.url}/body/1/meeting"}
            return {"id": f"{self.url}/body/1", **body}
        number = int(asked.query.get("page", 1))
        links = {"self": f"{self.url}{asked.path}?page={number}"}
        if number * 2 < len(self.meetings):
            links["next"] = f"{self.url}{asked.path}?page={number + 1}"
        data = self.meetings[number * 2 - 2 : number * 2]
        return {"data": data, "pagination": {"totalElements": len(self.meetings)}, "links": links}


def test_meetings_come_from_the_list_the_body_names_without_cancelled_and_deleted_ones(
    tmp_path: Path,
) -> None:
    with CouncilSystem() as service:
        town = _town(tmp_path, "oparl", service, RIS)
        rows = town.landed()
        assert service.paths == ["/body/1", *["/body/1/meeting"] * 3]
        town.text = town.text.replace("# total =", "total =")
        assert len(town.landed()) == 3
    assert [(row["appointment_id"], row["on_date"], row["title"], row["detail"]) for row in rows] == [
        ("x/meeting/1", date(2026, 6, 9), "1. Sitzung", "Ratssaal"),
        ("x/meeting/2", date(2026, 7, 1), "2. Sitzung", None),
        ("x/meeting/5", date(2026, 7, 2), "5. Sitzung", None),
    ]


def test_a_body_that_no_longer_names_its_meetings_is_told(tmp_path: Path) -> None:
    with Answers(lambda asked: {"id": "x", "meetings": "y"}) as service:
        failure = _town(tmp_path, "oparl", service, RIS).land().failure
    assert failure is not None and failure.code == "missing_records"
    assert "meetings" in failure.reason
