"""Every route as nobody and as each role; headers, errors and forged requests."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_city import CANARY, ORIGIN, PEOPLE, WebCity, callback, make_web_city, navigate

from dashboard.app import route_table
from dashboard.settings import load_settings
from warehouse.errors import ConfigError

ROLES = [login for login, _, _ in PEOPLE]
# Route → answer to nobody, leitung, fachbereich, controlling, verwaltung. A new route has to be added here.
GET: dict[str, tuple[int, int, int, int, int]] = {
    "/": (303, 200, 200, 200, 303),
    "/budget": (303, 200, 403, 200, 403),
    "/quellen": (303, 200, 200, 200, 200),
    "/gibt-es-nicht": (303, 404, 404, 404, 404),
    "/_dash-layout": (401, 200, 200, 200, 200),
    "/_dash-dependencies": (401, 200, 200, 200, 200),
    "/_reload-hash": (401, 200, 200, 200, 200),
    "/_favicon.ico": (401, 200, 200, 200, 200),
    "/_dash-component-suites/dash/deps/nichts.js": (401, 404, 404, 404, 404),
    "/_dash-update-component": (401, 404, 404, 404, 404),
    "/_dash-gibt-es-nicht": (401, 404, 404, 404, 404),
    "/assets/gibt-es-nicht.js": (401, 404, 404, 404, 404),
    "/assets/gibt-es-nicht.css": (404, 404, 404, 404, 404),
    "/wappen": (401, 404, 404, 404, 404),
    "/_suche": (401, 200, 200, 200, 200),
    "/healthz": (200, 200, 200, 200, 200),
    "/anmelden": (200, 303, 303, 303, 303),
    "/anmelden/link": (303, 404, 404, 404, 404),
    "/anmelden/link/irgendetwas": (200, 200, 200, 200, 200),
    "/abmelden": (303, 404, 404, 404, 404),
    "/ausfuhr/": (303, 400, 400, 400, 403),
    "/ausfuhr/budget": (303, 400, 403, 400, 403),
    "/ausfuhr/quellen?als=csv&karte=nichts": (303, 404, 404, 404, 404),
    "/ausfuhr/gibt-es-nicht": (303, 404, 404, 404, 404),
    "/ausfuhr/auftraege/stand": (303, 404, 404, 404, 404),
    "/ausfuhr/auftraege": (303, 404, 404, 404, 404),
    "/ausfuhr/auftraege/irgendetwas/datei": (303, 404, 404, 404, 404),
    "/ausfuhr/auftraege/irgendetwas/abbrechen": (303, 404, 404, 404, 404),
    "/puls": (401, 200, 200, 200, 200),
    "/sitzung/verlaengern": (303, 404, 404, 404, 404),
    "/explorer/abbrechen": (303, 404, 404, 404, 404),
    "/_mcp": (303, 404, 404, 404, 404),
    # The session of a browser opens nothing for programs.
    "/api": (401, 401, 401, 401, 401),
    "/api/": (401, 401, 401, 401, 401),
    "/api/v1": (401, 401, 401, 401, 401),
    "/api/v1/metrics": (401, 401, 401, 401, 401),
    "/api/v1/metrics/ozg_online_share": (401, 401, 401, 401, 401),
    "/api/v1/lists": (401, 401, 401, 401, 401),
    "/api/v1/lists/services": (401, 401, 401, 401, 401),
    "/api/v1/explore": (401, 401, 401, 401, 401),
    "/api/v1/status": (401, 401, 401, 401, 401),
    "/api/v1/gibt-es-nicht": (401, 401, 401, 401, 401),
    "/api/v1/openapi.json": (200, 200, 200, 200, 200),
}
RULES = {
    "/",
    "/<path:path>",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-update-component",
    "/_reload-hash",
    "/_favicon.ico",
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    "/assets/<path:filename>",
    "/wappen",
    "/_suche",
    "/healthz",
    "/anmelden",
    "/anmelden/link",
    "/anmelden/link/<token>",
    "/abmelden",
    "/ausfuhr/",
    "/ausfuhr/<path:place>",
    "/ausfuhr/auftraege",
    "/ausfuhr/auftraege/stand",
    "/ausfuhr/auftraege/<order_id>/datei",
    "/ausfuhr/auftraege/<order_id>/abbrechen",
    "/ausfuhr/auftraege/<order_id>/loeschen",
    "/puls",
    "/sitzung/verlaengern",
    "/api",
    "/api/<path:rest>",
    "/api/v1/metrics",
    "/api/v1/metrics/<metric_id>",
    "/api/v1/lists",
    "/api/v1/lists/<list_id>",
    "/api/v1/explore",
    "/api/v1/status",
    "/api/v1/openapi.json",
    "/explorer/abbrechen",
}


@pytest.fixture
def web(tmp_path: Path) -> WebCity:
    return make_web_city(tmp_path)


def _clients(web: WebCity) -> list[FlaskClient]:
    return [web.client(), *(web.signed_in(login) for login in ROLES)]


def test_every_route_answers_each_role_exactly_as_the_table_says(web: WebCity) -> None:
    clients = _clients(web)
    found = {path: tuple(c.get(path).status_code for c in clients) for path in GET}
    assert found == GET


def test_there_is_no_route_the_table_does_not_know(web: WebCity) -> None:
    assert set(route_table(web.server)) == RULES


def test_head_and_options_tell_nobody_more_than_get(web: WebCity) -> None:
    client = web.client()
    for path in ("/", "/budget", "/_dash-layout", "/gibt-es-nicht"):
        assert client.head(path).status_code in (303, 401)
        assert client.options(path).status_code in (303, 401)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused_everywhere(web: WebCity, method: str) -> None:
    client = web.signed_in("leitung")
    assert {client.open(path, method=method).status_code for path in GET} == {405}


def test_a_role_without_start_page_begins_with_its_first_page(web: WebCity) -> None:
    assert web.signed_in("verwaltung").get("/").headers["Location"] == "/quellen"


def test_people_are_led_to_the_sign_in_page_and_back(web: WebCity) -> None:
    response = web.client().get("/budget?jahr=2026")
    assert response.headers["Location"] == "/anmelden?ziel=/budget%3Fjahr%3D2026"


@pytest.mark.parametrize("login", ROLES)
def test_callbacks_follow_the_rights_of_their_page(web: WebCity, login: str) -> None:
    client = web.signed_in(login)
    expected = {path: GET[path][1 + ROLES.index(login)] for path in ("/", "/budget", "/quellen")}
    expected["/"] = 403 if login == "verwaltung" else 200
    assert callback(client, "start").status_code == expected["/"]
    assert callback(client, "budget").status_code == expected["/budget"]
    assert callback(client, "quellen").status_code == expected["/quellen"]
    assert {path: navigate(client, path).status_code for path in expected} == expected


def test_nobody_gets_no_callback(web: WebCity) -> None:
    client = web.client()
    assert callback(client, "quellen").status_code == 401
    assert navigate(client, "/quellen").status_code == 401
    assert web.drawn == []


def test_a_forged_role_in_the_request_changes_nothing(web: WebCity) -> None:
    client = web.signed_in("verwaltung")
    answer = callback(
        client, "quellen", {"role": "leitung"}, **{"X-Remote-User": "leitung", "X-Role": "leitung"}
    )
    assert answer.json == {
        "response": {"quellen-aus": {"children": "verwaltung:{'role': 'leitung'}"}},
        "multi": True,
    } or ("verwaltung:" in answer.text)
    body = {
        "output": "budget-aus.children",
        "outputs": {"id": "budget-aus", "property": "children"},
        "inputs": [{"id": "budget-ein", "property": "value", "value": 1}],
        "state": [{"id": "rolle", "property": "data", "value": "leitung"}],
        "changedPropIds": [],
    }
    assert client.post("/_dash-update-component", json=body, headers=ORIGIN).status_code == 400
    del body["state"]
    assert client.post("/_dash-update-component", json=body, headers=ORIGIN).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"output": "gibt-es-nicht.children"},
        {"output": 5},
        {"inputs": []},
        {"inputs": [{"id": "anderes", "property": "value", "value": 1}]},
        {"inputs": "x"},
        {"inputs": [None]},
        {"outputs": None},
        {"outputs": []},
        {"outputs": [7]},
        {"changedPropIds": [1]},
    ],
    ids=str,
)
def test_a_callback_that_does_not_fit_is_a_400_without_a_traceback(
    web: WebCity, change: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    client = web.signed_in("leitung")
    body: dict[str, object] = {
        "output": "start-aus.children",
        "outputs": {"id": "start-aus", "property": "children"},
        "inputs": [{"id": "start-ein", "property": "value", "value": 1}],
        "state": [],
        "changedPropIds": [],
    }
    with caplog.at_level(logging.INFO):
        response = client.post("/_dash-update-component", json={**body, **change}, headers=ORIGIN)
    assert response.status_code == 400
    assert "Traceback" not in response.text and not any(r.exc_info for r in caplog.records)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"'])
def test_a_body_that_is_no_callback_is_a_400(web: WebCity, body: bytes) -> None:
    client = web.signed_in("leitung")
    response = client.post(
        "/_dash-update-component", data=body, content_type="application/json", headers=ORIGIN
    )
    assert response.status_code == 400


@pytest.mark.parametrize("value", [None, 5, ["/"], {"$ne": 1}])
def test_an_address_of_another_type_is_a_400(web: WebCity, value: object) -> None:
    assert navigate(web.signed_in("leitung"), value).status_code == 400  # type: ignore[arg-type]


def test_an_address_with_too_many_parameters_is_a_400(web: WebCity) -> None:
    search = "?" + "&".join(f"p{n}=1" for n in range(60))
    assert navigate(web.signed_in("leitung"), "/", search).status_code == 400


def test_names_of_forbidden_pages_appear_nowhere(web: WebCity) -> None:
    client = web.signed_in("verwaltung")
    for path in ("/quellen", "/_dash-layout", "/_dash-dependencies"):
        text = client.get(path).text
        assert not any(word in text for word in ("Budget streng", '"/budget"', "budget-aus", CANARY))
    assert "budget-aus" in web.signed_in("leitung").get("/_dash-dependencies").text


def test_the_scope_of_a_page_is_that_of_the_session(web: WebCity) -> None:
    navigate(web.signed_in("fachbereich"), "/", "?scope=STADT&role=leitung")
    _, viewer, params = web.drawn[-1]
    assert viewer.scope.units == frozenset({"DEZ4"})
    assert viewer.role == "fachbereichsleitung"
    assert params["role"] == "leitung"


def test_the_title_of_the_index_is_that_of_the_page(web: WebCity) -> None:
    text = web.signed_in("leitung").get("/budget").text
    assert "<title>Budget streng – Steuerungsportal Webstadt</title>" in text
    assert '<html lang="de">' in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://boese.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost.boese.example"},
        {},
    ],
    ids=str,
)
def test_a_writing_request_from_elsewhere_is_refused_on_every_route(
    web: WebCity, headers: dict[str, str]
) -> None:
    client = web.signed_in("leitung")
    body = {"output": "start-aus.children", "outputs": {}, "inputs": []}
    assert client.post("/_dash-update-component", json=body, headers=headers).status_code == 403
    for path in ("/anmelden", "/anmelden/link", "/abmelden", "/", "/quellen"):
        assert client.post(path, data={"csrf": "x"}, headers=headers).status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_callbacks_take_json_only(web: WebCity, kind: str) -> None:
    client = web.signed_in("leitung")
    response = client.post("/_dash-update-component", data="{}", content_type=kind, headers=ORIGIN)
    assert response.status_code == 415


def test_a_body_over_one_megabyte_is_refused(web: WebCity) -> None:
    client = web.signed_in("leitung")
    assert callback(client, "start", "x" * 1_100_000).status_code == 413


def test_a_foreign_host_name_is_refused(web: WebCity) -> None:
    assert web.client().get("/anmelden", headers={"Host": "portal.boese.example"}).status_code == 400
    assert web.client().get("/anmelden", headers={"Host": "127.0.0.1:8050"}).status_code == 200


def test_every_answer_carries_the_security_headers(web: WebCity) -> None:
    for client in (web.client(), web.signed_in("leitung")):
        answers = [client.get(path) for path in GET]
        answers += [client.post("/abmelden"), callback(client, "start", "bruch"), client.put("/")]
        for answer in answers:
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src 'self' 'sha256-" in policy and "unsafe-eval" not in policy
            assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
            for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
                assert part in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            for name in ("Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"):
                assert answer.headers[name]
            assert "Strict-Transport-Security" not in answer.headers


def test_data_is_never_stored_by_the_browser(web: WebCity) -> None:
    client = web.signed_in("leitung")
    for answer in (
        client.get("/"),
        client.get("/_dash-layout"),
        navigate(client, "/budget"),
        client.get("/nein"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"


def test_https_adds_strict_transport_security_and_the_host_cookie(tmp_path: Path) -> None:
    portal = '[web]\nbehind_proxy = true\npublic_url = "https://portal.example"\n'
    web = make_web_city(tmp_path, portal)
    answer = web.client().get("/anmelden", headers={"Host": "portal.example"})
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-isek") and "Secure" in cookie and "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie and "Path=/" in cookie and "Domain" not in cookie


@pytest.mark.parametrize("kind", ["unerwartet", "einstellung"])
def test_a_page_that_breaks_shows_a_sentence_and_a_number_and_nothing_internal(
    web: WebCity, kind: str
) -> None:
    answer = navigate(web.signed_in("leitung"), "/", f"?bruch={kind}")
    assert answer.status_code == 200
    assert "Vorgangsnummer" in answer.text and "Lagebild" in answer.text
    assert "inneres" not in answer.text and "Traceback" not in answer.text


def test_a_callback_that_breaks_answers_with_a_number_that_stands_in_the_log(
    web: WebCity, caplog: pytest.LogCaptureFixture
) -> None:
    answer = callback(web.signed_in("leitung"), "start", "bruch")
    assert answer.status_code == 500 and answer.json is not None
    assert answer.json["vorgang"] in caplog.text
    assert "ZeroDivision" not in answer.text and "inneres" not in answer.text


def test_the_health_route_says_nothing_but_ok(web: WebCity) -> None:
    assert web.client().get("/healthz").data == b"ok"


def test_a_weak_secret_keeps_the_server_from_starting(tmp_path: Path) -> None:
    web = make_web_city(tmp_path)
    settings = load_settings(tmp_path, {"ISEK_SECRET": "zu kurz"})
    from dashboard.app import create_app

    with pytest.raises(ConfigError) as caught:
        create_app(settings, web.server, ())  # type: ignore[arg-type]
    assert caught.value.code == "weak_secret"


def test_production_switches_are_set(web: WebCity) -> None:
    assert not web.server.debug
    config = web.signed_in("leitung").get("/").text.split('id="_dash-config"')[1].split("</script>")[0]
    assert '"suppress_callback_exceptions":true' in config
    assert '"hot_reload"' not in config and '"ui":true' not in config


def test_getting_pages_twice_changes_nothing_in_the_ledger(web: WebCity) -> None:
    client = web.signed_in("leitung")
    before = web.ledger.audit_head()
    for path in (*GET, *GET):
        client.get(path)
    assert web.ledger.audit_head() == before
