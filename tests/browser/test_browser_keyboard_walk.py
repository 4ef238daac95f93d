"""One morning without a mouse: from the sign-in page to signing out. Every stop on the way is seen.

After each key the focus has a ring and lies before everything else (WCAG 2.4.7, 2.4.11); nothing holds it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESKTOP, MOBILE, Desk, Person, seat
from tests.browser.examine import focus_faults
from tests.browser.portal import ISEK

PASSWORD = "Regenschirm tanzt im Ratssaal 7"
LOGIN = "tastatur"
TEXT = "Nur mit der Tastatur geschrieben."
_ACTIVE = "document.activeElement.matches(%r)"


class Hands:
    """Ten fingers on a keyboard; counts the stops and notes each that cannot be seen."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        self.unseen: list[str] = []
        self.stops = 0

    def press(self, key: str) -> None:
        """Press a key; where the focus is afterwards has to be seen."""
        self.page.keyboard.press(key)
        if self.page.evaluate("document.activeElement !== document.body"):
            self.stops += 1
            self.unseen += [f"{self.page.url} {key}: {fault}" for fault in focus_faults(self.page)]

    def tab_to(self, selector: str, most: int = 150, key: str = "Tab") -> None:
        """Go on until the wanted stop is reached."""
        for _ in range(most):
            self.press(key)
            if self.page.evaluate(_ACTIVE % selector):
                return
        raise AssertionError(f"{selector} is not reached with {key} on {self.page.url}")

    def go(self, key: str = "Enter") -> None:
        """Press a key that leads to another view and wait for it."""
        self.person.do(lambda: self.page.keyboard.press(key))

    def has(self, selector: str) -> None:
        """The focus comes to rest on this element."""
        self.page.wait_for_function(f"() => {_ACTIVE % selector}")
        self.unseen += [f"{self.page.url}: {fault}" for fault in focus_faults(self.page)]


@pytest.fixture
def hands(desk: Desk) -> Iterator[Hands]:
    """Somebody with an account of their own who is not signed in yet."""
    command = [*ISEK, "user", "add", LOGIN, "--name", "T. Probe", "--function", "Probe"]
    command += ["--role", "controlling", "--password-stdin", "--city", str(desk.portal.folder)]
    subprocess.run(command, input=PASSWORD + "\n", capture_output=True, text=True, check=True)
    context = desk.browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="de-DE")
    found = Hands(seat(context, desk.portal))
    yield found
    context.close()


def test_m3_everything_a_day_needs_is_done_by_keyboard_and_every_stop_is_seen(hands: Hands) -> None:
    for part in (
        _sign_in,
        _skip,
        _navigate,
        _filter,
        _table,
        _export,
        _panel,
        _write,
        _search,
        _drill,
        _leave,
    ):
        part(hands)
    assert hands.stops > 100
    assert hands.unseen == []
    assert hands.person.trouble.everything() == []


def _sign_in(hands: Hands) -> None:
    page = hands.page
    page.goto(hands.person.portal.base + "/anmelden")
    hands.has("#login")
    page.keyboard.type(LOGIN)
    hands.press("Tab")
    page.keyboard.type(PASSWORD)
    hands.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    hands.person.wait()


def _skip(hands: Hands) -> None:
    hands.press("Tab")
    assert hands.page.evaluate("document.activeElement.textContent") == "Zum Inhalt"
    hands.press("Enter")
    hands.has("#titel")
    hands.press("Tab")
    assert hands.page.evaluate("Boolean(document.activeElement.closest('#inhalt'))")


def _navigate(hands: Hands) -> None:
    hands.tab_to(".nav-item[href='/ozg-fortschritt']", key="Shift+Tab")
    hands.go()
    hands.has("#titel")
    assert hands.page.url.endswith("/ozg-fortschritt")


def _filter(hands: Hands) -> None:
    page = hands.page
    hands.tab_to(".filter-bar details.menu > summary")
    hands.press("Enter")
    hands.press("ArrowDown")
    hands.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.innerText").strip()
    hands.go()
    hands.has(".filter-bar details.menu > summary")
    assert chosen in page.evaluate("document.activeElement.innerText") and "?" in page.url


def _table(hands: Hands) -> None:
    hands.tab_to(".table-button[data-chart='ozg-verlauf']")
    for key, state in (("Enter", "true"), (" ", "false")):
        hands.press("Space" if key == " " else key)
        expect(hands.page.locator(".table-button[data-chart='ozg-verlauf']")).to_have_attribute(
            "aria-pressed", state
        )
        hands.has(".table-button[data-chart='ozg-verlauf']")


def _export(hands: Hands) -> None:
    page = hands.page
    hands.tab_to(".chart-card .export-menu > summary")
    hands.press("Enter")
    hands.press("ArrowDown")
    hands.press("ArrowDown")
    with page.expect_download() as fetched:
        page.keyboard.press("Enter")
    assert fetched.value.suggested_filename.endswith(".csv")
    hands.press("Escape")
    hands.has(".chart-card .export-menu > summary")


def _panel(hands: Hands) -> None:
    page = hands.page
    page.goto(hands.person.portal.base + "/ozg-fortschritt")
    hands.person.wait()
    hands.tab_to("#inhalt a[data-origin]")
    # Another link of the page leads to the same panel; the focus comes back to this one.
    opener = page.evaluate("document.activeElement.innerText")
    hands.go()
    hands.page.wait_for_function("() => document.activeElement.closest('.drawer')")
    first = hands.page.locator(".drawer a, .drawer button, .drawer summary").count()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(first + 2):
            hands.press(key)
            assert page.evaluate("document.activeElement === document.body || "
                                 "Boolean(document.activeElement.closest('.drawer'))"), key  # fmt: skip
    hands.go("Escape")
    hands.has("a[data-origin]")
    assert page.evaluate("document.activeElement.innerText") == opener


def _write(hands: Hands) -> None:
    page = hands.page
    page.goto(hands.person.portal.base + "/ozg-fortschritt?zahl=ozg_online_share")
    hands.person.wait()
    hands.tab_to(".remark-open")
    hands.press("Enter")
    hands.tab_to("#anmerkung-text", 6)
    page.keyboard.type(TEXT)
    hands.tab_to(".remark-form button", 4)
    _sent(hands, lambda: page.keyboard.press("Enter"))
    expect(page.locator(".remarks")).to_contain_text(TEXT)
    hands.go("Escape")


def _sent(hands: Hands, action: Callable[[], object]) -> None:
    page: Page = hands.page
    page.evaluate("window.before = true")
    action()
    page.wait_for_function("() => !window.before && document.readyState === 'complete'", timeout=20_000)
    hands.person.wait()


def _search(hands: Hands) -> None:
    page = hands.page
    hands.press("Control+k")
    hands.has("#suche")
    page.keyboard.type("ozg 01")
    expect(page.locator("#suche-treffer [role=option]").first).to_be_visible()
    hands.press("ArrowDown")
    hands.go()
    hands.has("#titel")
    expect(page.locator("#titel")).to_contain_text("OZG-01")


def _drill(hands: Hands) -> None:
    page, trail = hands.page, [hands.page.url]
    hands.tab_to(".drill-ways a[href*='/datensaetze/services']")
    hands.go()
    hands.has("#titel")
    trail.append(page.url)
    hands.tab_to(".table-records .row-link")
    hands.go()
    hands.has("#titel")
    expect(page.locator("#inhalt")).to_contain_text("Prüfsumme der Lieferung")
    for address in reversed(trail):
        hands.person.do(page.go_back)
        assert page.url == address


def _leave(hands: Hands) -> None:
    hands.page.goto(hands.person.portal.base + "/hilfe")
    hands.person.wait()
    hands.tab_to("summary.person")
    hands.press("Enter")
    hands.tab_to(".person-menu form button", 10)
    hands.page.keyboard.press("Enter")
    hands.page.wait_for_url("**/anmelden")
    hands.has("#login")


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/", MOBILE),
        ("/massnahmen?ansicht=liste", MOBILE),
        ("/ressourcen", (320, 256)),
        ("/datenquellen", DESKTOP),
    ],
    ids=["start-phone", "list-phone", "ressourcen-400-percent", "sources-desk"],
)
def test_m3_no_stop_is_hidden_on_the_way_down_or_up(desk: Desk, path: str, size: tuple[int, int]) -> None:
    with desk.person("controlling", size) as person:
        person.open(path)
        hands = Hands(person)
        hands.page.keyboard.press("Tab")
        for key in ("Tab", "Shift+Tab"):
            for _ in range(MOST):
                hands.press(key)
                if hands.page.evaluate("document.activeElement === document.body"):
                    break
        assert hands.stops > 50
        assert hands.unseen == []


MOST = 120
