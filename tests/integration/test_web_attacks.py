"""Attacks that once worked against the running portal, and answers that leave it compressed."""

from __future__ import annotations

import gzip
import json
import logging
import os
import stat
from pathlib import Path

import pytest
from web_city import CANARY, ORIGIN, PASSWORD, WebCity, callback, make_web_city, navigate

from dashboard.auth.callbacks import fits, parse_body
from dashboard.auth.passwords import PasswordHasher, Passwords
from dashboard.jobs.supervisor import web_command
from dashboard.settings import forget_framework_variables
from warehouse.errors import ConfigError
from warehouse.ledger import Ledger

CALLBACK = "/_dash-update-component"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> WebCity:
    return make_web_city(tmp_path_factory.mktemp("stadt"))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"1" * 100_000,
        b'{"output": "a.b"}'.decode().encode("utf-16"),
        b"\xff\xfe",
    ],
    ids=["open", "lists", "objects", "number", "utf16", "bytes"],
)
def test_a_body_made_to_break_the_reader_is_a_400_and_no_incident(
    web: WebCity, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for client in (web.client(), web.signed_in("leitung")):
        answer = client.post(CALLBACK, data=body, content_type="application/json", headers=ORIGIN)
        assert answer.status_code == 400
    assert not any(record.levelno >= logging.ERROR for record in caplog.records)


@pytest.mark.parametrize(
    ("path", "search"), [("/\ud800", ""), ("/", "?suche=\ud800"), ("/", "?a=\udfff&b=1")]
)
def test_half_a_character_in_an_address_is_a_400(web: WebCity, path: str, search: str) -> None:
    assert navigate(web.signed_in("leitung"), path, search).status_code == 400


@pytest.mark.parametrize("path", ["//boese.example", "/\\boese.example", "//boese.example/zahl"])
def test_links_of_a_page_that_is_missing_lead_into_the_portal(web: WebCity, path: str) -> None:
    answer = navigate(web.signed_in("leitung"), path, "?zahl=nirgends")
    assert answer.status_code == 200 and "Seite nicht gefunden" in str(json.loads(answer.text))
    assert "boese" not in answer.text


def test_a_whole_character_outside_the_usual_plane_is_fine(web: WebCity) -> None:
    assert navigate(web.signed_in("leitung"), "/", "?suche=%F0%9F%9A%B2 \U0001f6b2").status_code == 200


def test_an_address_longer_than_any_browser_sends_is_a_400(web: WebCity) -> None:
    assert navigate(web.signed_in("leitung"), "/", "?suche=" + "a" * 5000).status_code == 400


@pytest.mark.parametrize(
    "outputs",
    [
        {"id": "anderes", "property": "children"},
        {"id": "budget-aus", "property": "value"},
        [{"id": "budget-aus", "property": "children"}],
        [{"id": "budget-aus", "property": "children"}] * 3,
        [[{"id": "budget-aus", "property": "children"}]],
        {"id": {"a": 1}, "property": "children"},
        {"id": None, "property": None},
        {"id": ["budget-aus"], "property": "children"},
    ],
    ids=str,
)
def test_forged_outputs_are_a_400_and_write_nothing_of_the_page_into_the_log(
    web: WebCity, outputs: object, caplog: pytest.LogCaptureFixture
) -> None:
    body = {
        "output": "budget-aus.children",
        "outputs": outputs,
        "inputs": [{"id": "budget-ein", "property": "value", "value": CANARY}],
        "state": [],
        "changedPropIds": [],
    }
    with caplog.at_level(logging.INFO):
        answer = web.signed_in("leitung").post(CALLBACK, json=body, headers=ORIGIN)
    assert answer.status_code == 400 and CANARY not in caplog.text


def test_callbacks_with_several_outputs_and_patterns_still_fit() -> None:
    several = {
        "output": "..a.children...b.value..",
        "outputs": [{"id": "a", "property": "children"}, {"id": "b", "property": "value"}],
    }
    pattern = {
        "output": '{"index":["MATCH"],"type":"zeile"}.children',
        "outputs": {"id": {"index": 3, "type": "zeile"}, "property": "children"},
    }
    spec = {"inputs": [], "state": []}
    for sent in (several, pattern):
        body = parse_body(json.dumps({**sent, "inputs": [], "state": []}).encode())
        assert body is not None and fits(body, spec)
    swapped = parse_body(json.dumps({**several, "outputs": several["outputs"][::-1], "inputs": []}).encode())
    assert swapped is not None and not fits(swapped, spec)


@pytest.mark.parametrize("path", ["/anmelden/link/a/b", "/anmelden/link/a/../../budget", "/anmelden/link/"])
def test_only_a_one_time_link_itself_is_public(web: WebCity, path: str) -> None:
    assert web.client().get(path).status_code == 303
    assert web.signed_in("leitung").get("/anmelden/link/a/b").status_code == 404


def test_a_one_time_link_never_stands_in_the_log(web: WebCity, caplog: pytest.LogCaptureFixture) -> None:
    token = web.token("leitung")
    with caplog.at_level(logging.INFO):
        assert web.client().put(f"/anmelden/link/{token}").status_code == 405
        assert web.client().post(f"/anmelden/link/{token}", headers=ORIGIN).status_code == 401
    assert "/anmelden/link/…" in caplog.text and token not in caplog.text


def test_a_refusal_gives_its_reason_to_the_log_and_none_to_the_person(
    web: WebCity, caplog: pytest.LogCaptureFixture
) -> None:
    account = web.ledger.account_by_login("verwaltung")
    assert account
    with caplog.at_level(logging.INFO):
        answer = callback(web.signed_in("verwaltung"), "budget")
    assert answer.status_code == 403 and "budget" not in answer.text
    assert f"account={account.id} reason='callback of budget for verwaltung'" in caplog.text


@pytest.mark.parametrize(
    "path", ["/assets/gibt-es-nicht.css", "/assets/gibt-es-nicht.js", "/_dash-component-suites/x/y.js"]
)
def test_a_refusal_below_the_files_is_not_kept_by_any_cache(web: WebCity, path: str) -> None:
    for client in (web.client(), web.signed_in("leitung")):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_files_with_a_version_are_kept_for_a_year_and_others_are_asked_for_again(web: WebCity) -> None:
    client = web.signed_in("leitung")
    kept = client.get("/assets/portal.js?m=1").headers["Cache-Control"]
    assert "max-age=31536000" in kept and "private" in kept
    assert client.get("/assets/portal.js").headers["Cache-Control"] == "no-cache"


def test_files_and_callbacks_leave_compressed_when_the_browser_can_read_it(web: WebCity) -> None:
    client = web.signed_in("leitung")
    plain = client.get("/assets/portal.js")
    for _ in range(2):
        packed = client.get("/assets/portal.js", headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.data) == plain.data
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
        assert packed.headers["ETag"].startswith("W/") and "Accept-Encoding" in packed.headers["Vary"]
    known = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get("/assets/portal.js", headers=known).status_code == 304
    answer = callback(client, "start", "ä" * 4000, **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "ä" * 4000 in json.dumps(
        json.loads(gzip.decompress(answer.data)), ensure_ascii=False
    )


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", "*;q=0"])
def test_who_does_not_ask_for_gzip_gets_plain_text(web: WebCity, accepted: str) -> None:
    answer = web.signed_in("leitung").get("/assets/portal.js", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers and b"function" in answer.data


def test_forms_with_a_token_are_never_compressed(web: WebCity) -> None:
    answer = web.client().get(f"/anmelden?ziel=/{'a' * 3000}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers and 'name="csrf"' in answer.text


def test_the_first_unknown_login_of_a_process_costs_no_more_hashes_than_a_known_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(PasswordHasher, "hash", lambda self, p: calls.append("hash") or "x")
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, h, p: calls.append("verify") or True)
    work = []
    for stored in ("$argon2id$bekannt", None):
        calls.clear()
        Passwords(tmp_path).verify(stored, PASSWORD)
        work.append(list(calls))
    assert work[0] == work[1] == ["hash", "verify"]


def test_no_client_can_rename_the_path_or_the_scheme_for_the_web_server(web: WebCity) -> None:
    command = list(web_command(web.settings))
    assert command[command.index("--forwarded-allow-ips") + 1] == ""


def test_everything_below_var_is_for_the_own_user_only(tmp_path: Path) -> None:
    from dashboard.__main__ import main

    before = os.umask(0o022)
    try:
        assert main(["init", str(tmp_path / "stadt")], {}) == 0
        (tmp_path / "stadt" / "var").chmod(0o755)
        assert main(["user", "list", "--city", str(tmp_path / "stadt")], {}) == 0
    finally:
        os.umask(before)
    var = tmp_path / "stadt" / "var"
    found = {p.relative_to(var).as_posix(): stat.S_IMODE(p.stat().st_mode) for p in (var, *var.rglob("*"))}
    assert found["."] == 0o700 and "ledger.sqlite" in found
    assert {name: oct(mode) for name, mode in found.items() if mode & 0o077} == {}


@pytest.mark.parametrize(
    "url", ["postgresql://isek:Kana@rien:77x@127.0.0.1/x", "erfunden://isek:Kanarien77x@h/x", "Kanarien77x"]
)
def test_an_unreadable_ledger_address_is_explained_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Ledger(url).accounts()
    said = " ".join(str(part) for part in (caught.value, *vars(caught.value).values()))
    assert caught.value.code == "bad_ledger_url" and "77x" not in said and "Kana" not in said


def test_an_unreadable_source_address_is_refused_without_what_looks_like_a_port() -> None:
    from connectors.sql import SqlConnection

    with pytest.raises(ValueError, match="Keine Datenbankadresse") as caught:
        SqlConnection(url="postgresql://isek:Kana@rien:77x@127.0.0.1/x")  # type: ignore[arg-type]
    assert "77x" not in str(caught.value)


def test_variables_of_the_environment_do_not_switch_on_development_tools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DEBUG", "UI", "PROPS_CHECK", "HOT_RELOAD", "SERVE_DEV_BUNDLES", "MCP_ENABLED"):
        monkeypatch.setenv(f"DASH_{name}", "true")
    city = make_web_city(tmp_path)
    client = city.signed_in("leitung")
    config = client.get("/").text.split('id="_dash-config"')[1].split("</script>")[0]
    assert '"ui":false' in config and '"props_check":false' in config and '"hot_reload"' not in config
    assert not city.server.debug and client.get("/_mcp").status_code == 404
    assert client.get("/_reload-hash").json["reloadHash"] is None  # type: ignore[index]


def test_a_worker_forgets_switches_of_the_frameworks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASH_ASSETS_EXTERNAL_PATH", "https://fremd.example/")
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setenv("ISEK_CITY", "/stadt")
    forget_framework_variables()
    assert not [name for name in os.environ if name.startswith(("DASH_", "FLASK_"))]
    assert os.environ["ISEK_CITY"] == "/stadt"


def test_arms_outside_the_city_folder_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "fremd.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "stadt").mkdir()
    city = make_web_city(tmp_path / "stadt", '[theme]\narms = "../fremd.svg"\n')
    assert city.signed_in("leitung").get("/wappen").status_code == 404
