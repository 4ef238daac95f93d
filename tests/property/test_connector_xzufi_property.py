"""Whatever messages come in whatever order: what stands in the end is what they say one after another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.formats.xzufi_element import Element
from connectors.formats.xzufi_stream import MessageReader
from tests.town import Town
from warehouse.errors import ContractError

HEAD = '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0">'
DECLARED = """
kind = "xzufi"
[connection]
transport = "file"
path = "inbox/{}/*.xml"
[[table]]
object = "onlinedienst"
feeds = "online_service"
"""
_IDS = st.sampled_from(["1", "2", "3", "ä<&>"])
_LABELS = st.sampled_from(["a", "b", "ß € „x“", ""])
_WRITE = st.tuples(st.just("schreibe"), _IDS, _LABELS)
_DELETE = st.tuples(st.just("loesche"), _IDS, st.sampled_from(["Onlinedienst", "Leistung"]))
_NIGHTS = st.lists(
    st.lists(st.lists(st.one_of(_WRITE, _DELETE), max_size=6), min_size=1, max_size=2), min_size=1, max_size=3
)
Operation = tuple[str, str, str]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _message(operations: list[Operation]) -> str:
    parts = []
    for action, number, word in operations:
        key = f'<id schemeAgencyID="S">{_escaped(number)}</id>'
        if action == "schreibe":
            label = f'<bezeichnung languageCode="de">{_escaped(word)}</bezeichnung>'
            parts.append(f"<schreibe><onlinedienst>{key}{label}</onlinedienst></schreibe>")
        else:
            parts.append(f'<loesche klasse="{word}">{key}</loesche>')
    return f"{HEAD}{''.join(parts)}</n>"


def _applied(state: dict[str, str | None], operations: list[Operation]) -> None:
    for action, number, word in operations:
        if action == "schreibe":
            state[f"S:{number}"] = word or None
        elif word == "Onlinedienst":
            state.pop(f"S:{number}", None)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    place = Town(tmp_path_factory.mktemp("town"))
    yield place
    place.con.close()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_NIGHTS)
@example([[[("schreibe", "1", "a")]], [[("loesche", "1", "Onlinedienst"), ("schreibe", "1", "b")]]])
@example([[[("loesche", "1", "Onlinedienst")], []]])
def test_messages_applied_in_their_order_leave_what_a_dictionary_would_hold(
    town: Town, nights: list[list[list[Operation]]]
) -> None:
    # A source of its own for each example: a town is dear, a source is cheap.
    source = f"portal_{town.nights}"
    town.declare(source, DECLARED.format(source))
    state: dict[str, str | None] = {}
    for files in nights:
        for old in (town.folder / "inbox" / source).glob("*.xml"):
            old.unlink()
        for number, operations in enumerate(files):
            town.deliver(f"inbox/{source}/{number}.xml", _message(operations))
            _applied(state, operations)
        loaded = town.night(source)
        assert loaded.state == "aktuell", loaded.reason
        assert loaded.read == loaded.published + loaded.rejected + loaded.duplicates
        kept = f"SELECT online_service_id, bezeichnung FROM stage.online_service WHERE _source = '{source}'"
        assert dict(town.rows(kept)) == state


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_WRITE, _DELETE), max_size=5), st.lists(st.integers(1, 40), min_size=1))
def test_it_does_not_matter_in_which_pieces_a_message_arrives(
    operations: list[Operation], sizes: list[int]
) -> None:
    raw = _message(operations).encode()
    pieces, at, turn = [], 0, 0
    while at < len(raw):
        pieces.append(raw[at : at + sizes[turn % len(sizes)]])
        at, turn = at + len(pieces[-1]), turn + 1
    whole = [_told(item.element) for item in MessageReader("x").items([raw])]
    assert [_told(item.element) for item in MessageReader("x").items(pieces)] == whole
    assert len(whole) == len(operations)


def _told(element: Element) -> list[tuple[str, int, dict[str, str], str]]:
    return [(one.name, one.line, one.attributes, one.text) for one in element.walk()]


_SCRAPS = st.sampled_from(
    [
        HEAD,
        "<schreibe>",
        "</schreibe>",
        "<leistung>",
        "</leistung>",
        "<id>1</id>",
        "</n>",
        "<!DOCTYPE n>",
        "<![CDATA[",
        "]]>",
        "&#0;",
        "<?x?>",
        "<loesche klasse='Leistung'>",
        "</loesche>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_SCRAPS.map(str.encode), st.binary(max_size=20)), max_size=12))
def test_c24_any_bytes_are_a_message_or_refused_with_a_reason(scraps: list[bytes]) -> None:
    reader = MessageReader("x")
    try:
        items = list(reader.items(scraps))
    except ContractError as error:
        assert error.code in {
            "half_file",
            "malformed_file",
            "unsafe_xml",
            "not_the_declared_format",
            "unknown_version",
        }
    else:
        assert reader.version == "2.2" and all(item.element.line >= 1 for item in items)
