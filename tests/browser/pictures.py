"""Make a picture of every page: 1440 light and dark, 1024, 390, and what a browser prints.

make pictures OUT=var/pictures    writes an example city of its own, or looks at one that is served already:
python -m tests.browser.pictures var/pictures --city FOLDER --port 8050 --only budget,start
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, TimeoutError

from tests.browser.chromium import Desk, Person, chromium, executable
from tests.browser.portal import Portal, running

# Name of the files, address, who looks.
PLACES = (
    ("start", "/", "leitung"),
    ("ozg-fortschritt", "/ozg-fortschritt", "leitung"),
    ("reifegrad", "/reifegrad", "controlling"),
    ("budget", "/budget", "controlling"),
    ("budget-finanzplan", "/budget?plan_art=finanzplan", "controlling"),
    ("wirkungen", "/wirkungen", "leitung"),
    ("dms-rollout", "/dms-rollout", "leitung"),
    ("massnahmen", "/massnahmen", "controlling"),
    ("massnahmen-liste", "/massnahmen?ansicht=liste", "controlling"),
    ("massnahmen-fahrplan", "/massnahmen?ansicht=fahrplan", "controlling"),
    ("massnahmen-tafel", "/massnahmen?ansicht=tafel", "controlling"),
    ("ressourcen", "/ressourcen", "leitung"),
    ("stadt-bauantraege", "/cockpit/bauantraege", "leitung"),
    ("stadt-buergerservice", "/cockpit/buergerservice", "leitung"),
    ("datenquellen", "/datenquellen", "verwaltung"),
    ("datenquellen-quelle", "/datenquellen?quelle=wirkungsmessung", "verwaltung"),
    ("kennzahlen", "/kennzahlen", "controlling"),
    ("kennzahlen-eine", "/kennzahlen?kennzahl=ozg_online_share", "controlling"),
    ("herkunft", "/?zahl=ozg_online_share", "leitung"),
    ("aufgliederung", "/aufgliederung/ozg_online_share?einheit=DEZ4", "leitung"),
    ("datensaetze", "/datensaetze/services", "leitung"),
    ("datensatz", "/datensatz/services/MS-012008001000", "leitung"),
    (
        "explorer",
        "/explorer?zeilen=themenfeld,fachdienst&spalten=bucket&auf=Bauen+%26+Wohnen"
        "&werte=reifegrad_distribution.zaehler,ozg_online_share&zelle=Bauen+%26+Wohnen|FD63;2;0",
        "controlling",
    ),
    ("explorer-liste", "/explorer?daten=liste:services&ansicht=liste", "controlling"),
    ("explorer-diagramm", "/explorer?ansicht=diagramm", "controlling"),
    ("explorer-filter", "/explorer?bearbeiten=themenfeld", "controlling"),
    ("vorlagen", "/vorlagen", "leitung"),
    ("modelle", "/modelle", "leitung"),
    ("modelle-eines", "/modelle?modell=bielefeld_ozg", "leitung"),
    ("datenmodell", "/datenmodell", "verwaltung"),
    ("termine", "/termine", "leitung"),
    ("anmerkungen", "/anmerkungen", "leitung"),
    ("zugang", "/zugang", "leitung"),
    ("ansichten", "/ansichten", "leitung"),
    ("mein-cockpit", "/mein-cockpit", "leitung"),
    ("hilfe", "/hilfe", "leitung"),
    ("barrierefreiheit", "/barrierefreiheit", "leitung"),
    ("barriere-melden", "/barriere-melden", "leitung"),
)
SETTINGS = {
    "1440-light": ((1440, 900), "light"),
    "1440-dark": ((1440, 900), "dark"),
    "1024-light": ((1024, 1250), "light"),
    "390-light": ((390, 844), "light"),
}
PRINT = "print"
ONE_SCREEN = ("herkunft",)
"""Taken as large as the window: a panel beside the page ends with it."""


def take(desk: Desk, out: Path, only: Sequence[str] = (), settings: Sequence[str] = ()) -> None:
    """Write the pictures of all places, or of those named, into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    places = [place for place in PLACES if not only or place[0] in only]
    for setting in settings or (*SETTINGS, PRINT):
        for login in dict.fromkeys(login for _, _, login in places):
            size, theme = SETTINGS.get(setting, SETTINGS["1440-light"])
            with desk.person(login, size, theme) as person:
                for name, path, _ in (place for place in places if place[2] == login):
                    person.page.set_viewport_size({"width": size[0], "height": size[1]})
                    _take_one(person, path, out / f"{name}-{setting}")
        if not only:
            _entrance(desk, out, setting)


def _take_one(person: Person, path: str, target: Path) -> None:
    page = _patiently(person, path)
    if target.name.endswith(PRINT):
        _sheet(page, target)
    else:
        if not target.name.startswith(ONE_SCREEN):
            _whole(person)
        page.screenshot(path=f"{target}.png", scale="css")


def _whole(person: Person) -> None:
    """Make the window as long as the page: so drawings stand and what clings to its foot is at the foot."""
    size = person.page.viewport_size or {"width": 1440, "height": 900}
    height = int(person.page.evaluate("document.documentElement.scrollHeight"))
    if height > size["height"]:
        person.resize(size["width"], height)


def _patiently(person: Person, path: str) -> Page:
    """Open a page; on a busy machine it may need a second time, and then it is taken as it stands."""
    for _ in range(2):
        try:
            return person.open(path)
        except TimeoutError:
            print(f"{path}: not ready after 20 s")
    return person.page


def _sheet(page: Page, target: Path) -> None:
    """Print the page; a picture of the first sheet lies beside it where pdftoppm is installed."""
    page.pdf(path=f"{target}.pdf", prefer_css_page_size=True, print_background=True)
    if shutil.which("pdftoppm"):
        command = ("pdftoppm", "-png", "-singlefile", "-r", "110", f"{target}.pdf", str(target))
        subprocess.run(command, check=True, timeout=60)


def _entrance(desk: Desk, out: Path, setting: str) -> None:
    """Take the page nobody is signed in on."""
    if setting == PRINT:
        return
    (width, height), theme = SETTINGS[setting]
    window = desk.browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
    )
    window.goto(f"{desk.portal.base}/anmelden")
    window.screenshot(path=out / f"anmelden-{setting}.png", full_page=True, scale="css")
    window.close()


@contextmanager
def portal_of(city: Path | None, port: int) -> Iterator[Portal]:
    """Return the portal somebody serves already, or serve an example city of our own."""
    if city is not None:
        yield Portal(city, port)
        return
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "musterstadt") as portal:
        yield portal


def main(words: Sequence[str] | None = None) -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--city", type=Path)
    parser.add_argument("--port", type=int, default=8050)
    parser.add_argument("--only", type=lambda text: text.split(","), default=())
    parser.add_argument("--settings", type=lambda text: text.split(","), default=())
    asked = parser.parse_args(words)
    browser_path = executable()
    if browser_path is None:
        raise SystemExit("Chromium is not installed")
    with portal_of(asked.city, asked.port) as portal, chromium(browser_path) as browser:
        take(Desk(portal, browser), asked.out, asked.only, asked.settings)
    print(f"{asked.out}: {len(list(asked.out.glob('*.png')))} pictures")


if __name__ == "__main__":
    main()
