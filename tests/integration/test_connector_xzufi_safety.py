"""Hostile XML in XZuFi messages: refused before it can read, fetch or fill anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.town import Town

ROOT = Path(__file__).resolve().parents[2]

# Every attack runs in a process of its own that notes each file and address it opens, and how much
# processor time and memory it took.
PROGRAM = """
import json, resource, sys, time
from connectors.formats.xzufi_stream import MessageReader
from tests.memory import forget_peak, peak_mb
from warehouse.errors import ContractError

HEAD = '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><schreibe><leistung><id>'
TAIL = '</id></leistung></schreibe></n>'
ENTITY = '<!DOCTYPE n [<!ENTITY a {}>]>' + HEAD + '&a;' + TAIL
lols = ''.join(f'<!ENTITY l{n} "{("&l%d;" % (n - 1)) * 10}">' for n in range(1, 10))
ATTACKS = {
    "entity from a file": ENTITY.format('SYSTEM "file:///etc/passwd"'),
    "entity from an address": ENTITY.format('SYSTEM "http://127.0.0.1:9/x"'),
    "parameter entity": '<!DOCTYPE n [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>' + HEAD + TAIL,
    "external definition": '<!DOCTYPE n SYSTEM "http://127.0.0.1:9/x.dtd">' + HEAD + TAIL,
    "public definition": '<!DOCTYPE n PUBLIC "-//X//Y" "file:///etc/hosts">' + HEAD + TAIL,
    "inclusion": '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0" xmlns:i="http://www.w3.org/2001/XInclude">'
    '<i:include href="file:///etc/passwd"/><schreibe><leistung><id><i:include href="/etc/passwd"/></id>'
    '</leistung></schreibe></n>',
    "billion laughs": '<!DOCTYPE n [<!ENTITY l0 "lol">' + lols + ']>' + HEAD + '&l9;' + TAIL,
    "quadratic blow-up": '<!DOCTYPE n [<!ENTITY a "' + 'x' * 100_000 + '">]>' + HEAD + '&a;' * 100_000 + TAIL,
    "deep nesting": HEAD + '<a>' * 100_000 + '</a>' * 100_000 + TAIL,
    "deep nesting outside": '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0">' + '<a>' * 100_000,
    "endless token": HEAD + '<a b="' + 'x' * 60_000_000,
    "endless comment": HEAD + '<!--' + 'x' * 60_000_000,
    "endless text": HEAD + 'x' * 60_000_000,
    "endless elements": HEAD + '<a/>' * 10_000_000,
    "long attributes": HEAD + ('<a b="' + 'x' * 60_000 + '"/>') * 1000,
    "endless address": '<n xmlns="' + 'xzufi' * 180_000 + '"/>',
    "endless attributes": HEAD + '<a ' + ' '.join(f'b{n}="1"' for n in range(1_000_000)) + '/>',
}
def honest():
    # Sixty megabytes, never there at once.
    service = ('<schreibe><leistung><id>{}</id><modulText><leikaTextmodul><code>06</code></leikaTextmodul>'
               '<inhalt languageCode="de">' + 'Text ' * 4000 + '</inhalt></modulText></leistung></schreibe>')
    yield '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0">'
    for number in range(3000):
        yield service.format(number)
    yield '</n>'

text = ATTACKS.get(sys.argv[1], '')
pieces = honest() if not text else [text[at : at + 65536] for at in range(0, len(text), 65536)]
del text, ATTACKS
opened, armed = [], False

def watch(event, arguments):
    if armed and event.split('.')[0] in ('open', 'socket', 'urllib', 'subprocess', 'os'):
        opened.append(f'{event} {arguments!r}'[:200])

sys.addaudithook(watch)
forget_peak()
before = peak_mb()
resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 4,) * 2)
armed, code, found = True, None, None
try:
    found = [item.element.at('id') for item in MessageReader('x').items(pieces)][-2:]
except ContractError as error:
    code = error.code
armed = False
grown = peak_mb() - before
print(json.dumps([code, found, opened, grown]))
"""


def _attack(name: str) -> tuple[str | None, object, list[str], float]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stderr)
    code, found, opened, grown = json.loads(done.stdout)
    return code, found, opened, grown


@pytest.mark.parametrize(
    "name",
    [
        "entity from a file",
        "entity from an address",
        "parameter entity",
        "external definition",
        "public definition",
    ],
)
def test_c18_entities_and_definitions_are_refused_without_opening_anything(name: str) -> None:
    code, found, opened, _ = _attack(name)
    assert (code, found, opened) == ("unsafe_xml", None, [])


def test_c18_an_inclusion_is_only_an_unknown_element() -> None:
    code, found, opened, _ = _attack("inclusion")
    assert (code, found, opened) == (None, [None], [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("billion laughs", "unsafe_xml"),
        ("quadratic blow-up", "unsafe_xml"),
        ("deep nesting", "too_large"),
        ("deep nesting outside", "too_large"),
        ("endless token", "too_large"),
        ("endless comment", "too_large"),
        ("endless text", "too_large"),
        ("endless elements", "too_large"),
        ("endless attributes", "too_large"),
        ("long attributes", "too_large"),
        ("endless address", "unknown_version"),
    ],
)
def test_c19_bombs_are_refused_within_bounds_of_time_and_memory(name: str, expected: str) -> None:
    code, found, opened, grown_mb = _attack(name)
    assert (code, found, opened) == (expected, None, [])
    assert grown_mb < 200


def test_c17_an_honest_delivery_of_any_size_is_read_in_bounded_memory() -> None:
    code, found, opened, grown_mb = _attack("honest")
    assert (code, found, opened) == (None, ["2998", "2999"], [])
    assert grown_mb < 30


def test_c18_a_hostile_delivery_costs_only_its_night(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.declare(
        "portal",
        'kind = "xzufi"\n[connection]\ntransport = "file"\npath = "inbox/x.xml"\n'
        '[[table]]\nobject = "leistung"\nfeeds = "service_description"\n',
    )
    good = '<n xmlns="http://xoev.de/schemata/xzufi/2_2_0"><schreibe><leistung><id>1</id></leistung></schreibe></n>'
    town.deliver("inbox/x.xml", good)
    assert town.night("portal").state == "aktuell"
    town.deliver("inbox/x.xml", f'<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/passwd">]>{good}')
    loaded = town.night("portal")
    assert (loaded.state, loaded.reason_code) == ("fehlgeschlagen", "unsafe_xml")
    assert "DOCTYPE" in str(loaded.reason) and "inbox/x.xml" in str(loaded.reason)
    assert town.rows("SELECT description_id FROM stage.service_description") == [("1",)]
    town.con.close()
