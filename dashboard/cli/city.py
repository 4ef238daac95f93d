"""`isek init` and `isek check`: a new city, and whether a city is ready to run."""

from __future__ import annotations

import shutil
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.city_theme import theme_errors
from dashboard.cli.errors import FINDINGS, OK
from dashboard.cli.output import print_json
from dashboard.cli.stores import read_settings
from dashboard.settings import Settings, create_secret, require_secret
from warehouse.errors import ConfigError, IsekError

if TYPE_CHECKING:
    from connectors.base import SourceSpec

TEMPLATE = Path(__file__).parents[1] / "templates" / "city"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of `isek check`."""

    area: str
    where: str
    what: str
    next_step: str = ""
    level: str = "error"


def run_init(args: Namespace) -> int:
    """Write a commented, empty city into a new or empty folder."""
    folder = Path(args.folder).expanduser().resolve()
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(
            "Der Ordner ist nicht leer",
            code="not_empty",
            where=str(folder),
            next_step="einen neuen Ordner nennen",
        )
    write_empty_city(folder)
    print(f"Leere Stadt angelegt: {folder}")
    print("Als Nächstes: portal.toml ausfüllen, dann")
    print(f"  isek check --city {folder}\n  isek user add LOGIN --name … --role leitung --city {folder}")
    return OK


def write_empty_city(folder: Path) -> None:
    """Copy the template; sources come switched off as `.toml.example`."""
    for name in (
        "sources",
        "subjects",
        "metrics",
        "models",
        "rankings",
        "reifegrad/models",
        "cockpits",
        "inbox",
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in (
        "portal.toml",
        "targets.toml",
        "parameters.toml",
        "claims.toml",
        "withdrawn.toml",
        "organisation.csv",
    ):
        shutil.copyfile(TEMPLATE / name, folder / name)
    for path in sorted((TEMPLATE / "sources").glob("*.toml")):
        shutil.copyfile(path, folder / "sources" / f"{path.name}.example")
    (folder / ".gitignore").write_text("var/\n", encoding="utf-8")
    create_secret(folder)


def run_check(args: Namespace) -> int:
    """Check settings, sources and metrics; print every finding; exit 1 when there is one."""
    settings = read_settings(args)
    problems = list(_problems(settings, args.source))
    errors = [p for p in problems if p.level == "error"]
    if args.json:
        print_json({"city": settings.name, "findings": [asdict(p) for p in problems]})
    else:
        _print_problems(problems)
        print(f"{len(errors)} Befunde" if errors else f"In Ordnung: {settings.name}")
    return FINDINGS if errors else OK


def _print_problems(problems: Sequence[Problem]) -> None:
    """Print errors one by one; a remark that many files share is printed once."""
    seen = Counter((p.area, p.what) for p in problems if p.level != "error")
    for problem in problems:
        if problem.level == "error":
            print(f"[{problem.area}] {problem.where}: {problem.what}")
            if problem.next_step:
                print(f"    nächster Schritt: {problem.next_step}")
        elif count := seen.pop((problem.area, problem.what), 0):
            more = f" (und {count - 1} weitere Stellen)" if count > 1 else ""
            print(f"Hinweis [{problem.area}] {problem.where}: {problem.what}{more}")


def _problems(settings: Settings, only: str | None) -> Iterator[Problem]:
    checks: list[tuple[str, Callable[[], Iterator[Problem]]]] = [
        ("Reifegrad", lambda: _check_rulers(settings)),
        ("Parameter", lambda: _check_decided(settings)),
        ("Quellen", lambda: _check_sources(settings, only)),
    ]
    if only is None:
        checks = [
            ("Einstellungen", lambda: _check_settings(settings)),
            ("Kennzahlen", lambda: _check_metrics(settings)),
            ("Modelle", lambda: _check_meaning(settings)),
            ("Cockpits", lambda: _check_cockpits(settings)),
            *checks,
        ]
    for area, check in checks:
        try:
            yield from check()
        except IsekError as error:
            yield as_problem(area, error)


def as_problem(area: str, error: IsekError) -> Problem:
    """Turn an error into a finding."""
    found = f" (gefunden: {error.found})" if error.found not in (None, "") else ""
    allowed = f" (erlaubt: {error.allowed})" if error.allowed else ""
    return Problem(area, error.where or "–", f"{error.what}{found}{allowed}", error.next_step or "")


def _check_settings(settings: Settings) -> Iterator[Problem]:
    require_secret(settings)
    arms = settings.theme.arms
    if arms and not (settings.city / arms).is_file():
        yield Problem("Einstellungen", "portal.toml [theme] arms", f"Die Datei {arms} fehlt")
    yield from (as_problem("Einstellungen", error) for error in theme_errors(settings))
    yield from _check_mail(settings)
    for name in ("secret", "secrets.env"):
        path = settings.var / name
        if path.is_file() and path.stat().st_mode & 0o077:
            yield Problem(
                "Einstellungen", str(path), "Andere Nutzer können die Datei lesen", f"chmod 600 {path}"
            )


def _check_mail(settings: Settings) -> Iterator[Problem]:
    if settings.mail is None:
        if settings.example:
            return
        what = "Niemand bekommt Post, wenn eine Quelle oder ein Lauf scheitert: [mail] fehlt"
        yield Problem("Einstellungen", "portal.toml", what, level="warning")
        return
    # Raises when the secret is not there.
    _ = settings.mail_password
    authority = settings.mail.ca_file
    if authority and not (settings.city / authority).is_file():
        yield Problem("Einstellungen", "portal.toml [mail] ca_file", f"Die Datei {authority} fehlt")


def _check_metrics(settings: Settings) -> Iterator[Problem]:
    from metrics.catalog import load_catalog
    from warehouse.errors import did_you_mean

    faults: list[ConfigError] = []
    catalog = load_catalog(settings.city, on_fault=lambda _, error: faults.append(error))
    yield from (as_problem("Kennzahlen", error) for error in faults)
    for figure in settings.leitkennzahlen:
        if figure.metric not in catalog.metrics:
            yield Problem(
                "Kennzahlen",
                "portal.toml [[leitkennzahlen]]",
                f"„{figure.metric}“ gibt es nicht",
                did_you_mean(figure.metric, catalog.metrics) or "isek metrics",
            )


def _check_meaning(settings: Settings) -> Iterator[Problem]:
    """Models and rules for statements: they name each other and metrics."""
    from metrics.catalog import load_catalog
    from metrics.contradictions.rules import CostCheck, LiveCheck, ModelCheck, load_rules
    from metrics.models.library import load_models

    faults: list[ConfigError] = []
    models = load_models(settings.city, on_fault=faults.append)
    yield from (as_problem("Modelle", error) for error in faults)
    known = load_catalog(settings.city, on_fault=lambda *_: None).metrics
    for check in load_rules(settings.city).checks:
        if isinstance(check, ModelCheck | CostCheck) and check.model not in models:
            yield Problem("Modelle", f"claims.toml {check.id}", f"Das Modell „{check.model}“ gibt es nicht")
        if isinstance(check, LiveCheck) and check.metric not in known:
            yield Problem("Modelle", f"claims.toml {check.id}", f"„{check.metric}“ gibt es nicht")


def _check_cockpits(settings: Settings) -> Iterator[Problem]:
    """Every fault of every page the town declares; faulty metrics and models are told by their own checks."""
    from dashboard.cockpits.town_load import all_faults
    from metrics.catalog import load_catalog
    from metrics.models.library import load_models

    catalog = load_catalog(settings.city, on_fault=lambda *_: None)
    models = load_models(settings.city, on_fault=lambda _: None)
    yield from (as_problem("Cockpits", error) for error in all_faults(settings.city, catalog, models))
    yield from _unknown_cockpits(settings)


def _unknown_cockpits(settings: Settings) -> Iterator[Problem]:
    """Cockpits a Leitkennzahl names that neither the house nor the town has: its tile would lead nowhere."""
    from dashboard.page import cockpit_named, discover_pages

    pages = [item.page for item in discover_pages()]
    own = {path.stem for path in (settings.city / "cockpits").glob("*.toml")}
    for figure in settings.leitkennzahlen:
        if figure.cockpit and figure.cockpit not in own and cockpit_named(pages, figure.cockpit) is None:
            names = ", ".join(sorted({*own, *(page.id for page in pages if page.group == "Cockpits")}))
            what = f"Das Cockpit „{figure.cockpit}“ gibt es nicht"
            yield Problem("Cockpits", f"portal.toml {figure.metric}", what, names)


def _check_sources(settings: Settings, only: str | None) -> Iterator[Problem]:
    from connectors.registry import load_sources
    from dashboard.jobs.apart import check_sources
    from warehouse.subjects import load_subjects

    subjects = load_subjects(settings.city)
    broken: list[ConfigError] = []
    sources = load_sources(settings.city, subjects, settings.plain_secrets(), broken)
    yield from (as_problem("Quellen", error) for error in broken)
    if only is not None and only not in sources and not broken:
        yield Problem("Quellen", only, "Diese Quelle gibt es nicht", ", ".join(sorted(sources)))
    wanted = [spec for spec in sources.values() if only in (None, spec.id)]
    for spec in wanted:
        yield from _check_owner(settings, spec)
    for source, answer in check_sources(settings, wanted, subjects).items() if wanted else ():
        for finding in answer.findings:
            yield Problem("Quellen", finding.where or source, finding.what, level=finding.level)
        if answer.failure is not None:
            yield Problem("Quellen", source, answer.failure.reason)


def _check_rulers(settings: Settings) -> Iterator[Problem]:
    from warehouse.reifegrad.files import load_rulers

    load_rulers(settings.city)
    yield from ()


def _check_decided(settings: Settings) -> Iterator[Problem]:
    from warehouse.decided.files import load_decided

    faults: list[ConfigError] = []
    load_decided(settings.city, on_fault=faults.append)
    yield from (as_problem("Parameter", error) for error in faults)


def _check_owner(settings: Settings, spec: SourceSpec) -> Iterator[Problem]:
    if settings.mail and not spec.owner_mail and spec.owner not in settings.mail.owners:
        what = f"Für „{spec.owner}“ ist keine Adresse hinterlegt; von Störungen erfährt nur der Betrieb"
        yield Problem("Quellen", spec.id, what, "[mail.owners] in portal.toml ergänzen", level="warning")
