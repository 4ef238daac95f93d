"""Small pages outside the application: sign-in, link confirmation, errors. Plain HTML, all values escaped.

They share the style sheet of the portal and work without any script.
"""

from __future__ import annotations

import hashlib
import hmac
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.city_theme import style

if TYPE_CHECKING:
    from dashboard.settings import Settings

_ASSETS = Path(__file__).parents[1] / "assets"
_PAGE = """<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {product}</title>
{styles}
</head>
<body class="vorraum">
<main class="vorraum-karte">
<p class="vorraum-stadt">{product} · {city}</p>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


class Forms:
    """Renders the small pages of one city; `styles` are addresses of style sheets in load order.

    `own` is CSS of the city's colours, made of checked values only.
    """

    def __init__(self, *, city: str, product: str, styles: tuple[str, ...], own: str = "") -> None:
        self._city, self._product = escape(city), escape(product)
        self._styles = "\n".join(f'<link rel="stylesheet" href="{escape(s, quote=True)}">' for s in styles)
        self._styles += f"\n<style>{own}</style>" if own else ""

    @classmethod
    def of(cls, settings: Settings) -> Forms:
        """The small pages of a city, with all style sheets of the portal."""
        found = sorted(_ASSETS.rglob("*.css"))
        styles = tuple(f"/assets/{path.relative_to(_ASSETS).as_posix()}" for path in found)
        return cls(
            city=settings.name, product=settings.product_title, styles=styles, own=style(settings.theme)
        )

    def page(self, title: str, body: str) -> str:
        """Return a whole page; `body` is HTML made by this module."""
        return _PAGE.format(
            title=escape(title), body=body, city=self._city, product=self._product, styles=self._styles
        )

    def sign_in(self, *, csrf: str, target: str, problem: str | None = None, login: str = "") -> str:
        """The sign-in page; `target` is where to go afterwards (own paths only)."""
        fault = ' aria-invalid="true" aria-describedby="fehler"' if problem else ""
        body = f"""{_alert(problem)}
<form method="post" action="/anmelden">
{_hidden("csrf", csrf)}{_hidden("ziel", target)}
<p><label for="login">Anmeldename</label>
<input id="login" name="login" value="{escape(login, quote=True)}" autocomplete="username"
 required autofocus{fault}></p>
<p><label for="passwort">Passwort</label>
<input id="passwort" name="passwort" type="password" autocomplete="current-password" required{fault}></p>
<p><button type="submit">Anmelden</button></p>
</form>
<p class="vorraum-hinweis">Kein Passwort? Die Fachadministration stellt einen Einmal-Link aus,
der höchstens eine Stunde gilt.</p>"""
        return self.page("Anmelden", body)

    def confirm_link(self, *, csrf: str, token: str) -> str:
        """Asks for one click, so that a mail scanner opening the address does not use up the link."""
        body = f"""<p>Mit diesem Einmal-Link melden Sie sich an. Er gilt nur einmal.</p>
<form method="post" action="/anmelden/link">
{_hidden("csrf", csrf)}{_hidden("token", token)}
<p><button type="submit" autofocus>Jetzt anmelden</button></p>
</form>"""
        return self.page("Anmelden", body)

    def message(self, title: str, sentence: str, *, incident: str | None = None, home: bool = True) -> str:
        """A page with one sentence, for example of an error; `incident` helps to find the log line."""
        number = f"<p>Vorgangsnummer: <strong>{escape(incident)}</strong></p>" if incident else ""
        link = '<p><a href="/">Zur Startseite</a></p>' if home else ""
        return self.page(title, f"<p>{escape(sentence)}</p>{number}{link}")


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'


def _alert(text: str | None) -> str:
    return f'<p role="alert" id="fehler" class="vorraum-fehler">{escape(text)}</p>' if text else ""


def form_signature(secret: str, nonce: str) -> str:
    """Token for forms shown before a session exists, bound to the nonce cookie of the same browser."""
    return hmac.new(secret.encode(), b"form:" + nonce.encode(), hashlib.sha256).hexdigest()


def own_path(target: str | None) -> str:
    """Return `target` when it is a plain path of this portal, else „/“ (no open redirects)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if any(ord(char) < 32 or char == "\\" for char in target):
        return "/"
    return target
