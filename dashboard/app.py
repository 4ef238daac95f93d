"""The application: one factory that turns settings and services into a Flask server with Dash on it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dash
from dash import Dash, Input, Output, dcc, html
from flask import Flask, Response, abort, request, send_file
from werkzeug.exceptions import HTTPException

from dashboard import asked, texts
from dashboard.answers import FRAME_ID, Answers, drawing_viewer, read_address
from dashboard.api.route import install as install_programs
from dashboard.auth.forms import Forms
from dashboard.auth.guard import CALLBACK_PATH, LOCATION_ID, Guard, current_viewer
from dashboard.auth.headers import apply_headers, content_security_policy
from dashboard.auth.passwords import Passwords
from dashboard.auth.pulse import Pulse
from dashboard.auth.refusals import install_refusals, new_incident
from dashboard.auth.rights import may_open
from dashboard.auth.routes import Entrance
from dashboard.auth.sessions import Sessions, SignIn
from dashboard.auth.viewer import Viewer
from dashboard.city_theme import palettes, require_theme, style
from dashboard.cockpits.places import keep_notes
from dashboard.cockpits.selection import UNIT_LEVEL
from dashboard.cockpits.stichtag import gone
from dashboard.components.states import failed
from dashboard.compression import Compression
from dashboard.dimension_words import speak
from dashboard.explorer.cancel_route import install as install_cancel
from dashboard.export.offer import EXPORT, offer
from dashboard.export.route import Exports
from dashboard.export.throttle import Turns
from dashboard.frame.run import run_words
from dashboard.markup import written
from dashboard.page import Page, PageModule, path_params, resolve
from dashboard.search.route import install as install_search
from dashboard.settings import Settings, require_secret
from dashboard.stichtag import REPORTED, begin, carry, is_gone, leads_on, reported_day, sticky, without
from dashboard.theme import PALETTES, wear
from dashboard.town_pages import portal_pages
from dashboard.warmer import Warmer
from metrics.older import is_older
from warehouse.errors import IsekError

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.services import Services

Frame = Callable[["Services", Viewer, Page, Mapping[str, str], "Component"], "Component"]
DrawPage = Callable[[str, Mapping[str, str]], "Component"]
MAX_REQUEST_BYTES = 1_000_000
NO_PAGE = "Unter dieser Adresse gibt es keine Seite."
WARMER, ANSWERS = "isek.warmer", "isek.answers"
ASSETS = Path(__file__).parent / "assets"
_INDEX = """<!DOCTYPE html>
<html lang="de">
<head>
{%metas%}
<title>{%title%}</title>
{%favicon%}
{%css%}
{%ahead%}
</head>
<body>
{%app_entry%}
<noscript>Das Portal braucht JavaScript.</noscript>
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""
_ENTRY = """<div id="react-entry-point"></div>
<div class="first-load" role="status" aria-busy="true">
<div class="first-load-strip"></div><div class="first-load-header"></div>
<div class="first-load-main"><div class="first-load-title"></div>
<div class="first-load-tiles">%s</div>
<p class="first-load-words">Wird geladen …</p>
<p class="first-load-words first-load-slow">Das dauert länger als üblich. Bitte laden Sie die Seite neu.</p>
</div></div>""" % ('<div class="first-load-tile"></div>' * 8)

_FONT = '<link rel="preload" as="font" type="font/woff2" href="/assets/fonts/%s?m=1" crossorigin>'
# Told early, so that nobody waits for one file after the other.
_AHEAD = tuple(_FONT % f"fira-sans-{weight}.woff2" for weight in (400, 500, 600))
# No page has a table of Dash; the portal writes its own.
_UNUSED = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>\n?')


class PortalDash(Dash):
    """Dash with a German index page whose title is that of the page asked for."""

    portal_pages: Sequence[PageModule] = ()
    city_style: str = ""
    portal_arms = False

    def interpolate_index(self, **parts: Any) -> Any:  # type: ignore[override]
        """Write the index; the title never names a page the viewer may not open (the guard refused)."""
        item = resolve(self.portal_pages, request.path) if request else None
        title = f"{item.page.title} – {parts['title']}" if item else parts["title"]
        parts |= {"title": escape(title), "app_entry": _ENTRY, "scripts": _UNUSED.sub("", parts["scripts"])}
        if self.portal_arms:
            parts["favicon"] = '<link rel="icon" type="image/svg+xml" href="/wappen">'
        index: Any = super().interpolate_index
        parts["css"] += f"<style>{self.city_style}</style>" if self.city_style else ""
        return index(**parts).replace("{%ahead%}", "\n".join(_AHEAD))


def create_app(
    settings: Settings,
    services: Services,
    pages: Sequence[PageModule] | None = None,
    frame: Frame | None = None,
) -> Flask:
    """Return a server for one city; refuses a weak secret. Call it after the fork, never before."""
    secret = require_secret(settings)
    require_theme(settings)
    found = portal_pages(services) if pages is None else tuple(pages)
    server = Flask("dashboard", static_folder=None)
    server.config.update(MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES, SECRET_KEY=secret, TRAP_HTTP_EXCEPTIONS=False)
    sessions, dress = Sessions(services.ledger, settings.identity), _dressing(settings)
    page = _drawing(services, found, frame or _shell())
    answers = Answers(services, page, _person(), dress)
    warmer = Warmer(services, found, answers)
    server.extensions |= {WARMER: warmer, ANSWERS: answers}
    owners, portal = dict[str, str](), list[Any]()
    guard = Guard(
        web=settings.web,
        sessions=sessions,
        pages=found,
        owners=owners,
        callbacks=lambda: portal[0].callback_map,
        programs=install_programs(server, services, answers.heavy),
    )
    # Order matters: the guard has to stand in front of everything Dash adds to the server.
    server.before_request(guard.check)
    server.before_request(dress)
    server.before_request(lambda: _pin(services, warmer))
    server.teardown_request(lambda _: _forget(services))
    portal.append(_make_dash(server, settings, found))
    _register(portal[0], services, found, owners, page)
    answers.install(server)
    forms = Forms.of(settings)
    _install_entrance(server, settings, services, sessions, secret, forms)
    Exports(services, guard, forms, Turns()).install(server)
    _install_pulse(server, services, sessions)
    _install_own_routes(server, settings, portal[0], guard)
    install_search(server, services, found)
    Compression().install(server)
    _install_headers(server, settings, portal[0])
    _answer_once(server, portal[0])
    return server


def _dressing(settings: Settings) -> Callable[[], None]:
    """Draw and speak as this city does, as long as a request lasts."""
    look, own_words = palettes(settings.theme), {UNIT_LEVEL: settings.terms.unit}

    def dress() -> None:
        wear(look)
        speak(own_words)

    return dress


def _forget(services: Services) -> None:
    """Leave nothing of a request to the next one of the same thread."""
    wear(PALETTES)
    speak({})
    services.unpin()


def _pin(services: Services, warmer: Warmer) -> None:
    """Follow the pointer once per request that draws something, so that a page is of one snapshot."""
    if request.path != CALLBACK_PATH and not request.path.startswith(f"{EXPORT}/"):
        return
    try:
        warmer.notice(services.pin().name)
    except IsekError:
        # Without a snapshot the page says so itself; signing in and out has to work anyway.
        services.unpin()


def _make_dash(server: Any, settings: Settings, pages: Sequence[PageModule]) -> Any:
    # Dash's own signatures are only partly typed; from here on the app is Any on purpose.
    make: Any = PortalDash
    app = make(
        "dashboard",
        server=server,
        assets_folder=str(ASSETS),
        title=f"{settings.product_title} {settings.name}",
        update_title=None,
        index_string=_INDEX,
        suppress_callback_exceptions=True,
        enable_mcp=False,
        use_pages=False,
        serve_locally=True,
        compress=False,
        include_pages_meta=False,
        add_log_handler=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    # Without this, variables of the environment like DASH_UI would switch them on.
    app.enable_dev_tools(
        debug=False,
        dev_tools_ui=False,
        dev_tools_props_check=False,
        dev_tools_serve_dev_bundles=False,
        dev_tools_hot_reload=False,
        dev_tools_validate_callbacks=False,
        dev_tools_disable_version_check=True,
        first_run=False,
    )
    app.portal_pages, app.portal_arms = pages, bool(settings.theme.arms)
    app.city_style = style(settings.theme)
    app.layout = html.Div([dcc.Location(id=LOCATION_ID, refresh=False), html.Div(id=FRAME_ID)])
    return app


def _drawing(services: Services, pages: Sequence[PageModule], frame: Frame) -> DrawPage:
    return lambda path, params: draw(services, pages, frame, drawing_viewer(), path, params)


def _shell() -> Frame:
    from dashboard import shell

    return shell.layout


def _person() -> Callable[[Viewer], Component]:
    from dashboard.frame import header

    return header.person


def _register(
    app: Any, services: Services, pages: Sequence[PageModule], owners: dict[str, str], draw_page: DrawPage
) -> None:
    """Let every page add its callbacks and note which page each output belongs to."""
    _register_routing(app, draw_page)
    for item in pages:
        before = set(app.callback_map)
        item.module.register(app, services)
        owners.update(dict.fromkeys(set(app.callback_map) - before, item.page.id))


def _register_routing(app: Any, draw_page: DrawPage) -> None:
    @app.callback(  # type: ignore[untyped-decorator]
        Output(FRAME_ID, "children"), Input(LOCATION_ID, "pathname"), Input(LOCATION_ID, "search")
    )
    def show(pathname: object, search: object) -> Component:
        return written(draw_page(*read_address(pathname, search)))


def draw(
    services: Services,
    pages: Sequence[PageModule],
    frame: Frame,
    viewer: Viewer,
    path: str,
    params: Mapping[str, str],
) -> Component:
    """Return the whole frame for one address; no figure is computed here."""
    item = resolve(pages, path)
    if item is not None and not may_open(viewer.role, item.page):
        abort(403)
    if item is None:
        # Its links lead to the start: the path asked for may read like the address of another host.
        page = Page(id="fehlt", path="/", title="Seite nicht gefunden")
        return frame(services, viewer, page, params, _content(None, services, viewer, params))
    # Links of the frame stay on the address that was asked for, not on the page it begins with.
    page = replace(item.page, path=path) if item.page.parts else item.page
    wanted, instead = _of_its_day(services, page, params)
    content = instead or _content(item, services, viewer, {**wanted, **path_params(item.page, path)})
    content = offer(content, page.path, params)
    drawn = frame(services, viewer, page, wanted, content)
    carry(drawn, path, sticky(services), lambda href: leads_on(pages, href))
    return drawn


def _of_its_day(
    services: Services, page: Page, params: Mapping[str, str]
) -> tuple[Mapping[str, str], Component | None]:
    """Pin the report an address asks for; what to say instead of the page when it cannot be shown."""
    try:
        return begin(services, page, params), None
    except IsekError as error:
        kept = without(params, REPORTED)
        day = reported_day(params)
        return kept, gone(services, page, kept, day) if day and is_gone(error) else _failed(error)


def _content(
    item: PageModule | None, services: Services, viewer: Viewer, params: Mapping[str, str]
) -> Component:
    if item is None:
        parts = [html.H1("Seite nicht gefunden"), html.P(NO_PAGE, role="alert")]
        return html.Section(parts, className="meldung")
    try:
        with asked.recorded() as notes:
            content: Component = item.module.layout(services, viewer, params)
        keep_notes(services, item.page, viewer, params, notes)
        return content
    except HTTPException:
        raise
    except IsekError as error:
        return _failed(error)
    except Exception as error:  # noqa: BLE001 - navigation has to stay usable whatever a page does
        return _failed(error)


def _failed(error: Exception) -> Component:
    """Number and retry; the frame around keeps working."""
    why = f"{texts.OLDER} " if is_older(error) else ""
    words = f"{why}Bleibt es dabei, nennen Sie der Fachadministration die Vorgangsnummer."
    parts = [html.H1("Diese Seite kann gerade nicht gezeigt werden", id="titel", tabIndex=-1)]
    return html.Section(
        [*parts, failed(words, incident=new_incident(error), retry=True)], className="meldung page-failed"
    )


def _install_entrance(
    server: Flask, settings: Settings, services: Services, sessions: Sessions, secret: str, forms: Forms
) -> None:
    passwords = Passwords(settings.run_dir)
    entrance = Entrance(forms, sessions, SignIn(services.ledger, passwords), settings.web, secret)
    entrance.install(server)
    install_refusals(server, forms)


def _install_pulse(server: Flask, services: Services, sessions: Sessions) -> None:
    def name() -> str | None:
        with suppress(IsekError):
            return services.reader.current().name
        return None

    Pulse(sessions, name, lambda: run_words(services, datetime.now(UTC))).install(server)
    install_cancel(server, services)


def _install_own_routes(server: Flask, settings: Settings, app: Any, guard: Guard) -> None:
    def arms() -> Response:
        path = (settings.city / (settings.theme.arms or "")).resolve()
        if path.suffix != ".svg" or not path.is_relative_to(settings.city.resolve()) or not path.is_file():
            abort(404)
        return send_file(path, mimetype="image/svg+xml")

    def dependencies() -> Response:
        """Only the callbacks of pages the viewer may open; names alone already tell what exists."""
        viewer = current_viewer()
        shown = [item for item in app._callback_list if guard.visible(viewer, item["output"])]
        to_json: Any = dash._utils.to_json
        return Response(to_json(shown), mimetype="application/json")

    server.add_url_rule("/wappen", "arms", arms, methods=["GET"])
    server.view_functions["/_dash-dependencies"] = dependencies


def _install_headers(server: Flask, settings: Settings, app: Any) -> None:
    app._setup_server()  # collects the inline scripts that the policy has to name
    policy = content_security_policy(app.csp_hashes())

    @server.after_request
    def add_headers(response: Response) -> Response:
        apply_headers(
            response.headers,
            path=request.path,
            policy=policy,
            https=settings.web.https,
            status=response.status_code,
            versioned=response.status_code == 200 and "m" in request.args,
        )
        return response


def _answer_once(server: Flask, app: Any) -> None:
    """Draw the index once before people ask for it.

    A Dash worker that had answered nothing yet was once seen to refuse its own libraries.
    """
    # Plotly looks at pandas while it writes answers; half loaded by another thread it would break one.
    importlib.import_module("pandas")
    with server.test_request_context("/"):
        app.index()
        app.serve_layout()
    with server.test_client() as client:
        client.get("/healthz")


def route_table(server: Flask) -> dict[str, Any]:
    """Rules and methods of the server, for the test that walks them all."""
    return {rule.rule: sorted(rule.methods or ()) for rule in server.url_map.iter_rules()}
