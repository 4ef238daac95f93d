"""The end of a session in front of an open page: to the sign-in page and back to where one was."""

from __future__ import annotations

import subprocess

from tests.browser.chromium import Desk
from tests.browser.portal import ISEK

PASSWORD = "Regenschirm tanzt im Ratssaal 7"


def test_an_open_page_whose_session_ended_leads_to_the_sign_in_and_back(desk: Desk) -> None:
    _add_account(desk, "sitzung")
    with desk.person("sitzung") as person:
        person.open("/reifegrad")
        person.page.context.clear_cookies(name="isek")
        person.page.locator("#navigation a[href='/budget']").click()
        person.page.wait_for_url("**/anmelden?ziel=%2Fbudget")
        person.page.fill("#login", "sitzung")
        person.page.fill("#passwort", PASSWORD)
        person.page.click("button[type=submit]")
        person.page.wait_for_url("**/budget")
        person.wait()
        assert "Budget" in person.page.inner_text("#inhalt h1")


def test_after_signing_out_the_back_button_shows_nothing(desk: Desk) -> None:
    # The session ends for good: it must not be the one that other tests share.
    _add_account(desk, "abgemeldet")
    with desk.person("abgemeldet") as person:
        person.open("/budget")
        person.page.click("summary.person")
        person.page.get_by_role("button", name="Abmelden").click()
        person.page.wait_for_url("**/anmelden")
        person.page.go_back()
        person.page.wait_for_url("**/anmelden?ziel=/budget")
        assert "111240" not in person.page.inner_text("body")


def _add_account(desk: Desk, login: str) -> None:
    command = [*ISEK, "user", "add", login, "--name", "S. Probe", "--function", "Probe", "--role", "leitung"]
    command += ["--password-stdin", "--city", str(desk.portal.folder)]
    done = subprocess.run(command, input=PASSWORD + "\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
