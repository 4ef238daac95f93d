"""XZuFi services for tests: the Bereitstelldienst, a list of files, and a town that reads them."""

from __future__ import annotations

from datetime import datetime

from connectors.land import Landed, land_source
from connectors.load import Loaded, cursors
from tests.town import Town
from tests.web_services import Asked, Reply, Service, as_json, as_text, web_context

HEAD = '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0">'
SECRET = "streng-geheim-4711"


def written(*numbers: int, label: str = "x") -> str:
    """A message that writes online services."""
    inner = "".join(
        f"<schreibe><onlinedienst><id>{n}</id><bezeichnung>{label}</bezeichnung></onlinedienst></schreibe>"
        for n in numbers
    )
    return f"{HEAD}{inner}</n>"


def deleted(*numbers: int) -> str:
    """A message that deletes online services."""
    inner = "".join(f'<loesche klasse="Onlinedienst"><id>{n}</id></loesche>' for n in numbers)
    return f"{HEAD}{inner}</n>"


class WebTown(Town):
    """A town whose nights may reach this machine, with one attempt per request."""

    def night(self, source: str = "portal", since: datetime | None = None) -> Loaded:
        self.nights += 1
        return self.take_over(source, self.land(source, since))

    def land(self, source: str = "portal", since: datetime | None = None) -> Landed:
        known = cursors(self.con, source)
        context = web_context(self.folder, tries=1)
        run = f"run-{self.nights}"
        return land_source(
            self.spec(source), context, self.subjects, known, self.folder / "landing", run, since
        )

    def cursor(self) -> dict[int, str]:
        """Where each table has arrived, without the mark of the query it arrived with."""
        return {table: text.rpartition("@")[0] for table, text in cursors(self.con, "portal").items()}


class Bereitstelldienst(Service):
    """Pages by index; each holds a message, and the last says that this is all."""

    def __init__(self, *messages: str | None) -> None:
        super().__init__()
        self.messages: list[str | None] = list(messages)
        self.faults: dict[str, Reply] = {}
        self.tokens = 0

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            self.tokens += 1
            good = asked.headers.get("authorization", "").startswith("Basic ")
            return as_json({"access_token": "abc", "token_type": "Bearer"} if good else {}, 200)
        if asked.headers.get("authorization") != "Bearer abc":
            return as_json({"error": "unauthorized"}, 401)
        if fault := self.faults.get(asked.query["index"]):
            return fault
        return self.page(int(asked.query["index"]))

    def page(self, index: int) -> Reply:
        at = min(index // 10, len(self.messages))
        last = at >= len(self.messages) - 1
        following = len(self.messages) * 10 if last else (at + 1) * 10
        return as_json(
            {
                "xzufiObjekte": self.messages[at] if at < len(self.messages) else None,
                "naechsterIndex": following,
                "naechsteAnfrageUrl": f"http://elsewhere.example/?index={following}",
                "vollstaendig": last,
            }
        )

    @property
    def indexes(self) -> list[str]:
        return [asked.query["index"] for asked in self.asked if asked.path == "/v2/objekte"]

    def declare(self, town: Town, *objects: str, write: str = "merge", ars: str = "019990001001") -> None:
        feeds = {"onlinedienst": "online_service", "leistung": "service_description"}
        tables = "".join(
            f'[[table]]\nobject = "{name}"\nfeeds = "{feeds[name]}"\nwrite = "{write}"\n'
            for name in objects or ("onlinedienst",)
        )
        town.declare(
            "portal",
            f'kind = "xzufi"\n[connection]\ntransport = "pvog"\nurl = "{self.url}/v2/objekte"\n'
            f'allow_http = true\nparams = {{ ars = "{ars}" }}\n'
            f'[connection.auth]\ntype = "oauth2"\ntoken_url = "{self.url}/token"\n'
            'client_id = "stadt"\nclient_secret = "${PVOG_SECRET}"\n' + tables,
        )


class Editorial(Service):
    """A list of files and the files."""

    def __init__(self, **files: str) -> None:
        super().__init__()
        self.files = {name.replace("_", "."): text for name, text in files.items()}
        self.listed: list[str] | None = None

    def answer(self, asked: Asked) -> Reply:
        name = asked.path.removeprefix("/xzufi/")
        if name == "index.txt":
            return as_text("\r\n".join(self.listed or self.files) + "\r\n", "text/plain")
        if name not in self.files:
            return as_json({}, 404)
        return as_text(self.files[name], "application/xml")

    def declare(self, town: Town, write: str = "merge") -> None:
        town.declare(
            "portal",
            f'kind = "xzufi"\n[connection]\ntransport = "index"\nurl = "{self.url}/xzufi/"\n'
            'allow_http = true\n[[table]]\nobject = "onlinedienst"\nfeeds = "online_service"\n'
            f'write = "{write}"\n',
        )

    @property
    def fetched(self) -> list[str]:
        return [path.removeprefix("/xzufi/") for path in self.paths]
