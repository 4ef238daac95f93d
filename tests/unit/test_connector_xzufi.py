"""XZuFi messages in the versions 2.2 and 2.3: what becomes a row, what a deletion, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.base import Context, SourceSpec
from connectors.formats.xzufi_element import Element
from connectors.formats.xzufi_rows import OBJECT_KINDS
from connectors.formats.xzufi_stream import MessageReader
from connectors.formats.xzufi_values import changed_at, chosen, day, moment, plain, validity, web_address
from connectors.land import Landed, land_source
from connectors.registry import load_source
from warehouse.contract import Column
from warehouse.errors import ConfigError, ContractError
from warehouse.subjects import load_subjects

FIXTURES = Path(__file__).parents[1] / "fixtures/xzufi"
AS_OF = datetime(2026, 6, 9, 3, 15, tzinfo=UTC)
SUBJECTS = load_subjects(None)
FEEDS = {
    "leistung": "service_description",
    "onlinedienst": "online_service",
    "zustaendigkeit": "responsibility",
    "organisationseinheit": "service_unit",
}
HEAD = (
    '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2"><nachrichtenkopf>'
    "<erstelltDatumZeit>2026-06-01T12:00:00Z</erstelltDatumZeit></nachrichtenkopf>\n"
)
VERSIONS = ("2_2_0", "2_3_1")


class Town:
    """A city folder whose source reads all four kinds of objects."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "inbox").mkdir()
        (folder / "sources").mkdir()

    def deliver(self, body: str, name: str = "1.xml") -> None:
        (self.folder / "inbox" / name).write_text(f"{HEAD}{body}</n>", encoding="utf-8")

    def take(self, version: str) -> None:
        shutil.copy(FIXTURES / f"nachricht_{version}.xml", self.folder / "inbox/1.xml")

    def spec(self, *objects: str, extra: str = "", path: str = "inbox/*.xml") -> SourceSpec:
        tables = "".join(
            f'[[table]]\nobject = "{name}"\nfeeds = "{FEEDS[name]}"\n{extra}' for name in objects or FEEDS
        )
        file = self.folder / "sources/portal.toml"
        file.write_text(
            'title = "Portal"\nowner = "FD 10"\nkind = "xzufi"\nnature = "beispiel"\n'
            f'[connection]\ntransport = "file"\npath = "{path}"\n{tables}',
            encoding="utf-8",
        )
        return load_source(file, SUBJECTS, {})

    def land(self, *objects: str, extra: str = "allow_rejected = 0.9\n") -> Landed:
        spec = self.spec(*objects, extra=extra)
        context = Context(self.folder, AS_OF)
        return land_source(spec, context, SUBJECTS, {}, self.folder / "landing", "r1")

    def rows(self, name: str) -> dict[Any, dict[str, Any]]:
        landed = self.land(name)
        assert landed.failure is None, landed.failure
        key = OBJECT_KINDS[name].key
        return {row[key]: row for row in pq.read_table(landed.deliveries[0].rows_path).to_pylist()}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    yield Town(tmp_path)


@pytest.mark.parametrize("name", list(FEEDS))
def test_every_column_of_the_subject_is_filled_by_its_object_and_the_other_way(name: str) -> None:
    assert set(OBJECT_KINDS[name].columns) == set(SUBJECTS[FEEDS[name]].columns)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_service_is_read_with_everything_steering_needs(town: Town, version: str) -> None:
    town.take(version)
    row = town.rows("leistung")["S00001:101"]
    expected = {
        "redaktion_id": "S00001",
        "leika_schluessel": "99012001012000",
        "leika_weitere": "99012002012000",
        "leistungstyp": "lov",
        "bezeichnung": "Baugenehmigung beantragen",
        "bezeichnung_2": None,
        "sprache": "de",
        "sprachen": "de en",
        "typisierung": "2/3, 4",
        "adressat": "001 002",
        "vertrauensniveau": "30",
        "schriftform": True,
        "sdg_bereiche": "1070300",
        "portallagen": "1070200",
        "textmodule": "02 05 07 14",
        "hat_bezeichnung": True,
        "hat_kurztext": True,
        "hat_volltext": False,
        "hat_formular": True,
        "rechtsgrundlage": "§ 64 Bauordnung",
        "frist_anzahl": 1,
        "frist_typ": "002",
        "frist_von": 3,
        "frist_bis": None,
        "frist_einheit": "JAHR",
        "bearbeitungsdauer_anzahl": 1,
        "bearbeitungsdauer_von": 6,
        "bearbeitungsdauer_bis": 12,
        "bearbeitungsdauer_einheit": "WOCHE",
        "kosten_anzahl": 2,
        "kostenfrei": False,
        "kosten_von_eur": Decimal("50.00"),
        "kosten_bis_eur": Decimal("1250.50"),
        "freigegeben_am": date(2026, 2, 3),
        "gebiet_ids": "019990000000",
        "valid_from": date(2025, 1, 1),
        "valid_to": date(9999, 12, 31),
        "changed_at": datetime(2026, 6, 1, 1, 15),
    }
    assert {name: row[name] for name in expected} == expected


def test_what_the_versions_say_differently_stays_as_delivered(town: Town) -> None:
    town.take("2_2_0")
    old = town.rows("leistung")["S00001:101"]
    town.take("2_3_1")
    new = town.rows("leistung")["S00001:101"]
    differing = {name for name in old if old[name] != new[name]} - {"_line"}
    assert differing == {"einheitliche_stelle", "status_katalog", "status_bibliothek"}
    assert (old["einheitliche_stelle"], new["einheitliche_stelle"]) == ("false", "00")
    assert (new["status_katalog"], new["status_bibliothek"]) == ("6", "5")


@pytest.mark.parametrize("name", ["onlinedienst", "zustaendigkeit", "organisationseinheit"])
def test_both_versions_give_the_same_rows_of_the_other_objects(town: Town, name: str) -> None:
    town.take("2_2_0")
    old = town.rows(name)
    town.take("2_3_1")
    new = town.rows(name)
    assert old and [{**row, "_line": 0} for row in old.values()] == [
        {**row, "_line": 0} for row in new.values()
    ]


def test_a_service_without_key_keeps_what_stands_there_beside_the_column_of_keys(town: Town) -> None:
    town.take("2_2_0")
    row = town.rows("leistung")["S00001:102"]
    assert (row["leika_schluessel"], row["leika_weitere"]) == (None, "nicht im LeiKa")
    assert (row["bezeichnung"], row["bezeichnung_2"]) == (None, "Straßenfest anmelden")


def test_the_maturity_is_an_estimate_from_what_is_there(town: Town) -> None:
    town.take("2_2_0")
    written = {key: row["reifegrad_geschaetzt"] for key, row in town.rows("leistung").items()}
    assert written == {"S00001:101": 2, "S00001:102": 1, "S00001:999": None}
    online = {key: row["reifegrad_geschaetzt"] for key, row in town.rows("onlinedienst").items()}
    assert online == {"S00001:201": 3, "S00001:202": None}
    for subject in ("service_description", "online_service"):
        assert "geschätzt" in SUBJECTS[subject].columns["reifegrad_geschaetzt"].title


def test_an_online_service_has_its_address_of_the_web_in_the_language_asked_for(town: Town) -> None:
    town.take("2_2_0")
    row = town.rows("onlinedienst")["S00001:201"]
    assert (row["url"], row["link_typ"], row["link_anzahl"]) == ("https://stadt.example/bauantrag", "01", 2)
    assert row["changed_at"] == datetime(2026, 5, 1, 8, 0)


def test_responsibilities_come_as_objects_or_inside_the_one_who_is_responsible(town: Town) -> None:
    town.take("2_2_0")
    rows = town.rows("zustaendigkeit")
    told = ("parent_id", "parent_kind", "description_id", "gebiet_ids", "rolle", "rolle_name")
    assert [tuple(row[name] for name in told) for row in rows.values()] == [
        ("S00001:201", "onlinedienst", "S00001:101", "019990001001 019990001002", None, None),
        (
            "S00001:301",
            "organisationseinheit",
            "S00001:101",
            "019990001001",
            "01",
            "Zuständige Stelle",
        ),
    ]
    inside = town.rows("onlinedienst")["S00001:202"]
    assert (inside["description_ids"], inside["gebiet_ids"]) == ("S00001:102", "019990001001")


def test_a_unit_is_read_with_its_keys(town: Town) -> None:
    town.take("2_2_0")
    row = town.rows("organisationseinheit")["S00001:301"]
    told = (row["name"], row["ort"], row["ags"], row["ars"])
    assert told == ("Bauaufsicht Musterstadt", "Musterstadt", "01999001", "019990001001")


def test_names_of_editors_never_land(town: Town) -> None:
    town.take("2_2_0")
    town.land()
    kept = b"".join(path.read_bytes() for path in (town.folder / "landing").rglob("*.parquet"))
    texts = str([pq.read_table(p).to_pylist() for p in (town.folder / "landing").rglob("*.parquet")])
    assert "Mustermann" not in texts and "Ministerium" not in texts and b"Mustermann" not in kept


def test_all_tables_land_from_one_delivery_and_unread_objects_are_told_once(town: Town) -> None:
    town.take("2_2_0")
    landed = town.land()
    assert landed.failure is None
    counts = [(d.subject, d.read, d.accepted) for d in landed.deliveries]
    assert counts == [
        ("service_description", 3, 3),
        ("online_service", 2, 2),
        ("responsibility", 2, 2),
        ("service_unit", 1, 1),
    ]
    assert [(f.code, f.what) for f in landed.findings] == [
        ("unread_objects", "nicht gelesene Objekte: 1 spezialisierung")
    ]


def test_the_state_of_the_data_is_the_moment_the_sender_wrote(town: Town) -> None:
    town.deliver("", "1.xml")
    town.take("2_2_0")
    assert town.land("leistung").deliveries[0].as_of == datetime(2026, 6, 7, 20, 30, tzinfo=UTC)


def test_later_messages_replace_earlier_ones_and_a_deletion_ends_an_object(town: Town) -> None:
    one = "<schreibe><onlinedienst><id>{}</id><bezeichnung>{}</bezeichnung></onlinedienst></schreibe>"
    gone = '<loesche klasse="Onlinedienst"><id>{}</id></loesche>'
    town.deliver(one.format(1, "alt") + one.format(2, "bleibt"), "1.xml")
    town.deliver(one.format(1, "neu") + gone.format(2) + one.format(3, "kurz") + gone.format(3), "2.xml")
    town.deliver(one.format(3, "wieder da"), "3.xml")
    rows = town.rows("onlinedienst")
    assert {key: (row["bezeichnung"], row["_deleted"]) for key, row in rows.items()} == {
        "1": ("neu", False),
        "2": (None, True),
        "3": ("wieder da", False),
    }


def test_a_broken_object_is_refused_with_its_line_and_the_rest_counts(town: Town) -> None:
    town.deliver(
        "<schreibe><leistung><id>1</id></leistung></schreibe>\n"
        "<schreibe>\n<leistung><modulText/></leistung></schreibe>\n"
        "<schreibe><leistung><id>3</id><modulKosten><kosten><betrag>-5.00</betrag></kosten></modulKosten>"
        "</leistung></schreibe>\n"
        "<loesche klasse='Leistung'/>\n<loesche><id>4</id></loesche>\n"
        "<schreibe><leistung><id>5</id></leistung></schreibe>"
    )
    landed = town.land("leistung")
    assert landed.failure is None
    delivery = landed.deliveries[0]
    refused = pq.read_table(delivery.rejected_path).to_pylist()
    assert [(r["file"], r["line"], r["column_name"], r["reason_code"]) for r in refused] == [
        ("1.xml", 4, "description_id", "required_missing"),
        ("1.xml", 5, "kosten_von_eur", "below_minimum"),
        ("1.xml", 6, "description_id", "required_missing"),
        ("1.xml", 7, "klasse", "value_not_allowed"),
    ]
    assert (delivery.read, delivery.accepted, delivery.rejected) == (6, 2, 4)


def test_a_single_object_without_a_message_around_it_is_read(town: Town) -> None:
    text = '<x:leistung xmlns:x="http://xoev.de/schemata/xzufi/2_2_0"><x:id>7</x:id></x:leistung>'
    (town.folder / "inbox/1.xml").write_text(text, encoding="utf-8")
    assert list(town.rows("leistung")) == ["7"]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_c1_the_encoding_stated_in_the_message_decides(town: Town, encoding: str) -> None:
    body = (
        "<schreibe><onlinedienst><id>1</id><bezeichnung>Größe Straße</bezeichnung></onlinedienst></schreibe>"
    )
    text = f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}{body}</n>'
    (town.folder / "inbox/1.xml").write_bytes(text.encode(encoding))
    assert town.rows("onlinedienst")["1"]["bezeichnung"] == "Größe Straße"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "half_file"),
        (HEAD, "half_file"),
        (f"{HEAD}<schreibe></n>", "malformed_file"),
        (f"{HEAD}</n><n/>", "malformed_file"),
        (f"{HEAD}&auml;</n>", "malformed_file"),
        (f'<?xml version="1.0" encoding="utf-7"?>{HEAD}</n>', "malformed_file"),
        ("<html><body>Wartungsarbeiten</body></html>", "not_the_declared_format"),
        ('<n xmlns="http://xoev.de/schemata/xzufi/1_0_0"/>', "unknown_version"),
        ('<n xmlns="urn:xzufi" xzufiVersion="3.0.0"/>', "unknown_version"),
    ],
)
def test_what_is_no_readable_message_is_refused_as_a_whole(town: Town, text: str, code: str) -> None:
    town.deliver("<schreibe><leistung><id>1</id></leistung></schreibe>", "0.xml")
    (town.folder / "inbox/1.xml").write_text(text, encoding="utf-8")
    landed = town.land("leistung")
    assert landed.failure is not None and landed.failure.code == code
    assert "inbox/1.xml" in landed.failure.reason and landed.deliveries == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_c6_a_message_cut_anywhere_is_complete_or_refused(version: str) -> None:
    whole = (FIXTURES / f"nachricht_{version}.xml").read_bytes()
    cuts = {*range(len(whole) - 500, len(whole)), *(len(whole) * share // 100 for share in range(100))}
    end = whole.rstrip().rindex(b">") + 1
    for cut in sorted(cuts):
        try:
            items = len(list(MessageReader("x").items([whole[:cut]])))
        except ContractError as error:
            assert error.code == "half_file", (cut, error)
        else:
            assert cut >= end and items == 9, cut


def test_the_version_before_is_read_where_it_is_the_same(town: Town) -> None:
    text = HEAD.replace("2_2_0", "2_1_0").replace('"2.2"', '"2.1.0"')
    text += "<schreibe><leistung><id>1</id></leistung></schreibe></n>"
    (town.folder / "inbox/1.xml").write_text(text, encoding="utf-8")
    assert list(town.rows("leistung")) == ["1"]


def test_only_what_is_wanted_is_built(town: Town) -> None:
    reader = MessageReader("x", ["onlinedienst"])
    items = list(reader.items([(FIXTURES / "nachricht_2_2_0.xml").read_bytes()]))
    assert [item.element.name for item in items] == ["onlinedienst"] * 2 + ["loesche"] * 2
    assert reader.version == "2.2"


@pytest.mark.parametrize(
    ("extra", "hint"),
    [
        ('cursor = "changed_at"\nfirst_date = 2026-01-01\n', "Zeiger"),
        ('write = "append"\n', "merge"),
        ('deleted_when = { column = "x", equals = "y" }\n', "deleted_when"),
    ],
)
def test_settings_that_mean_nothing_here_are_refused(town: Town, extra: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        town.spec("leistung", extra=extra)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"key": ("bezeichnung",)}, "Der Schlüssel muss description_id sein"),
        ({"columns": {"vorhanden": Column(title="x", type="text", required=True)}}, "leistung liefert"),
    ],
)
def test_a_subject_that_services_cannot_fill_is_refused_with_the_line(
    town: Town, changed: dict[str, Any], hint: str
) -> None:
    built_in = SUBJECTS["service_description"]
    columns = {**built_in.columns, **changed.get("columns", {})}
    other = built_in.model_copy(update={**changed, "columns": columns})
    town.spec("leistung")
    with pytest.raises(ConfigError) as caught:
        load_source(town.folder / "sources/portal.toml", {"service_description": other}, {})
    assert hint in str(caught.value.next_step)
    assert str(caught.value.where).endswith("portal.toml:10")


def test_a_subject_of_the_town_takes_the_columns_it_knows(town: Town) -> None:
    built_in = SUBJECTS["online_service"]
    few = {name: built_in.columns[name] for name in ("online_service_id", "url")}
    subjects = {"online_service": built_in.model_copy(update={"columns": few})}
    town.take("2_2_0")
    spec = load_source(town.spec("onlinedienst") and town.folder / "sources/portal.toml", subjects, {})
    landed = land_source(spec, Context(town.folder, AS_OF), subjects, {}, town.folder / "landing", "r1")
    assert landed.deliveries[0].columns == ("online_service_id", "url")


def _element(text: str) -> Element:
    return next(
        MessageReader("x").items([f"{HEAD}<schreibe><leistung>{text}</leistung></schreibe></n>"])
    ).element


def test_texts_are_taken_in_the_language_asked_for_else_in_what_there_is() -> None:
    def pick(*texts: tuple[str, str]) -> str | None:
        element = _element("".join(f'<inhalt languageCode="{code}">{text}</inhalt>' for code, text in texts))
        return plain(chosen(element.children, "de"))

    assert pick(("de-x-ls", "leicht"), ("en", "E"), ("de", "D")) == "D"
    assert pick(("en", "E"), ("de-DE", "D")) == "D"
    assert pick(("en", "E"), ("de-x-ls", "leicht")) == "leicht"
    assert pick(("en", "E"), ("", "ohne")) == "ohne"
    assert pick(("pl", "P"), ("de", " ")) == "P"
    assert pick() is None


def test_moments_are_told_on_the_clock_of_the_town_hall() -> None:
    local = Context(Path(), AS_OF).local
    assert moment("2026-03-29T00:59:59Z", local) == "2026-03-29T01:59:59.000000"
    assert moment("2026-03-29T01:00:00Z", local) == "2026-03-29T03:00:00.000000"
    assert moment("2026-01-01T10:00:00.1234567", local) == "2026-01-01T10:00:00.123456"
    assert moment("9999-12-31T23:59:59Z", local) == "9999-12-31T23:59:59.000000"
    assert moment("0001-01-01T00:00:00+01:00", local) == "0001-01-01T00:00:00.000000"
    assert moment("gestern", local) == "gestern"
    assert moment(None, local) is None
    assert day("2026-05-01+02:00", local) == "2026-05-01"
    assert day("2026-04-30T22:00:00Z", local) == "2026-05-01"
    assert day("unbekannt", local) == "unbekannt"


def test_a_validity_that_is_open_on_one_side_stays_open() -> None:
    local = Context(Path(), AS_OF).local
    period = "<gueltigkeit><beginn>{}</beginn><ende>{}</ende></gueltigkeit>"
    two = period.format("2026-01-01", "2026-06-30") + period.format("2025-01-01", "2025-12-31")
    assert validity(_element(two), local) == ("2025-01-01", "2026-06-30")
    endless = two + "<gueltigkeit><beginn>2027-01-01</beginn></gueltigkeit>"
    assert validity(_element(endless), local) == ("2025-01-01", None)
    assert validity(_element(""), local) == (None, None)
    assert changed_at(_element(""), local) is None


def test_mark_up_becomes_plain_text_and_a_text_of_brackets_costs_nothing() -> None:
    def said(text: str) -> str | None:
        element = _element("<inhalt/>").children[0]
        element.pieces.append(text)
        return plain(element)

    assert said("<p>a&nbsp;&lt;b&gt;</p><!-- x --> 3 < 4") == "a <b> 3 < 4"
    assert said("<p> </p>") is None
    assert said("ä" * 3000) == "ä" * 1999 + "…"
    assert said("<" * 200_000) is not None
    assert said("<a" * 200_000) is not None


def test_only_addresses_of_the_web_are_addresses() -> None:
    assert web_address("https://a.example/x?y=1") == "https://a.example/x?y=1"
    for text in ("javascript:alert(1)", "mailto:a@b.example", "file:///etc/passwd", "https://a b", "", None):
        assert web_address(text) is None
