"""Proposals and comments over the web: who may, what two people see, what a double click does."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboard.components.remarks import remark_section
from dashboard.frame.remarks import remark_panel
from dashboard.pages import anmerkungen, start, termine, vorschlag
from dashboard.remarks import remarks
from dashboard.shell import layout as frame
from tests.example_city import ExampleCity
from tests.notes_city import NotesCity, make_notes_city
from tests.services_city import words
from tests.web_city import ORIGIN
from warehouse.ledger import CommentDraft

WRITE, CHANGE, WITHDRAW = "/anmerkungen/schreiben", "/anmerkungen/aendern", "/anmerkungen/zuruecknehmen"
SAVE, RESOLVE = "/vorschlag/speichern", "/vorschlag/entscheiden"
OZG, QUOTA = "ozg_online_share", "application_online_share"
REMARK = {"kennzahl": OZG, "einheit": "", "monat": "2026-03", "art": "anmerkung", "text": "Ein Wort dazu."}
PROPOSAL = {
    "kennzahl": OZG, "einheit": "", "titel": "Rückstand abbauen", "text": "Zwei Stellen mehr.",
    "frist": "30.06.2026", "stelle": "FD 10",
}  # fmt: skip
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "{{7*7}} ${7*7} {0.__class__}",
    "</textarea><script>alert(1)</script>",
    "<b>fett</b> &lt;i&gt;",
    "]]>--><style>*{display:none}</style>",
)


@pytest.fixture
def city(tmp_path: Path, example_city: ExampleCity) -> Iterator[NotesCity]:
    found = make_notes_city(tmp_path, example_city)
    yield found
    found.ledger.close()


def _texts(city: NotesCity, login: str, *metrics: str) -> list[str]:
    return [item.comment.text for item in remarks(city.services, city.viewer(login), metrics or (OZG,))]


@pytest.mark.parametrize(
    ("login", "fields", "status"),
    [
        ("controlling", {}, 303),
        ("controlling", {"einheit": "FD50"}, 303),
        ("leitung", {}, 403),
        ("verwaltung", {}, 403),
        ("dez1", {}, 404),  # the figure of the whole city is not theirs
        ("dez1", {"einheit": "DEZ1"}, 303),
        ("dez1", {"einheit": "FD10"}, 303),
        ("dez1", {"einheit": "FD50"}, 404),
        ("dez1", {"kennzahl": QUOTA, "einheit": "FD10"}, 403),  # seen, but another unit answers for it
        ("dez3", {"einheit": "FD50"}, 403),
        ("controlling", {"einheit": "FD999"}, 404),
        ("controlling", {"kennzahl": "gibt_es_nicht"}, 404),
        ("controlling", {"einheit": "*"}, 404),
    ],
)
def test_h5_who_writes_a_comment_on_which_cut(
    city: NotesCity, login: str, fields: dict[str, str], status: int
) -> None:
    assert city.post(login, WRITE, {**REMARK, **fields}).status_code == status
    assert len(city.ledger.comments()) == (status == 303)


def test_h5_a_comment_of_another_department_is_the_same_404_as_none_and_is_logged(
    city: NotesCity, caplog: pytest.LogCaptureFixture
) -> None:
    city.post("controlling", WRITE, {**REMARK, "einheit": "FD50"})
    (theirs,) = city.ledger.comments()
    caplog.set_level(logging.INFO, "isek.web")
    for thread in (theirs.thread, "gibtesnicht", "*", "null", "0", "-1"):
        for path in (CHANGE, WITHDRAW):
            assert city.post("dez1", path, {**REMARK, "faden": thread, "fassung": "1"}).status_code == 404
    assert city.ledger.comments() == [theirs]
    assert sum("status=404" in record.getMessage() for record in caplog.records) == 12


def test_who_reads_a_comment_is_who_sees_its_figure(city: NotesCity) -> None:
    for unit in ("", "DEZ1", "FD10", "FD50"):
        city.ledger.write_comment(
            CommentDraft(OZG, unit, date(2026, 3, 1), "anmerkung", f"zu {unit}"),
            author="x",
            number=unit or "0",
        )
    assert _texts(city, "leitung") == ["zu ", "zu DEZ1", "zu FD10", "zu FD50"]
    assert _texts(city, "dez1") == ["zu DEZ1", "zu FD10"]
    assert _texts(city, "dez3") == ["zu FD50"]
    assert _texts(city, "verwaltung") == []


def test_one_function_gives_a_report_the_comments_of_its_period(city: NotesCity) -> None:
    for number, month in enumerate((date(2025, 12, 1), date(2026, 1, 1), date(2026, 6, 1), date(2026, 7, 1))):
        city.ledger.write_comment(
            CommentDraft(OZG, "", month, "ereignis", f"{month:%m}"), author="controlling", number=str(number)
        )
    half_year = (date(2026, 1, 1), date(2026, 6, 30))
    found = remarks(city.services, city.viewer("leitung"), (OZG,), units=("",), between=half_year)
    assert [(item.comment.text, item.author) for item in found] == [
        ("01", "Person controlling"),
        ("06", "Person controlling"),
    ]


@pytest.mark.parametrize("path", [WRITE, CHANGE, WITHDRAW, SAVE, RESOLVE])
def test_a_form_without_the_token_of_the_session_changes_nothing(city: NotesCity, path: str) -> None:
    for token in ("", "falsch"):
        fields = {**REMARK, **PROPOSAL, "csrf": token}
        assert city.post("controlling", path, fields).status_code == 403
    assert city.client("controlling").post(path, data=REMARK).status_code == 403
    assert city.server.test_client().post(path, data=REMARK, headers=ORIGIN).status_code in (303, 401)
    assert city.ledger.comments() == [] and city.ledger.proposals() == []


def test_n2_a_double_click_keeps_one_comment_and_one_proposal(city: NotesCity) -> None:
    for _ in range(3):
        sent = {"nummer": "immer-dieselbe-nummer"}
        assert city.post("controlling", WRITE, {**REMARK, **sent}).status_code == 303
        sent = {"nummer": "auch-immer-dieselbe"}
        assert city.post("controlling", SAVE, {**PROPOSAL, **sent}).status_code == 303
    assert len(city.ledger.comments()) == len(city.ledger.proposals()) == 1


def test_n1_the_second_of_two_sees_both_comments_and_decides(city: NotesCity) -> None:
    city.post("controlling", WRITE, REMARK)
    (made,) = city.ledger.comments()
    change = {**REMARK, "faden": made.thread, "fassung": "1"}
    assert city.post("controlling", CHANGE, {**change, "text": "Fassung der Ersten."}).status_code == 303
    answer = city.post("zweite", CHANGE, {**change, "text": "Fassung der <Zweiten>."})
    assert answer.status_code == 409
    assert "Fassung der Ersten." in answer.text and "Person controlling" in answer.text
    assert "Fassung der &lt;Zweiten&gt;." in answer.text and 'name="fassung" value="2"' in answer.text
    assert _texts(city, "leitung") == ["Fassung der Ersten."]
    again = {**change, "fassung": "2", "text": "Fassung der <Zweiten>."}
    assert city.post("zweite", CHANGE, again).status_code == 303
    assert _texts(city, "leitung") == ["Fassung der <Zweiten>."]
    assert len(city.ledger.comment_versions(made.thread)) == 3


def test_n1_the_second_of_two_sees_both_proposals_and_decides(city: NotesCity) -> None:
    first = {**PROPOSAL, "text": "Vorschlag der Ersten."}
    second = {**PROPOSAL, "text": "Vorschlag der Zweiten."}
    assert city.post("controlling", SAVE, first).status_code == 303
    answer = city.post("zweite", SAVE, second)
    assert answer.status_code == 409
    assert "Vorschlag der Ersten." in answer.text and "Vorschlag der Zweiten." in answer.text
    entry = city.ledger.proposals()[-1].entry
    assert f'name="grundlage" value="{entry}"' in answer.text
    assert city.post("zweite", SAVE, {**second, "grundlage": str(entry)}).status_code == 303
    assert [p.text for p in city.ledger.proposals()] == ["Vorschlag der Ersten.", "Vorschlag der Zweiten."]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "x" * 301}, "auf 300 Zeichen kürzen"),
        ({"text": " \u200b "}, "Bitte den Vorschlag eingeben"),
        ({"frist": "31.02.2026"}, "als TT.MM.JJJJ"),
        ({"frist": "01.01.2020"}, "vom 09.06.2026"),
        ({"stelle": "FD 0815"}, "Diese Stelle gibt es nicht"),
    ],
)
def test_n5_m10_a_fault_is_named_at_its_field_and_what_was_typed_is_kept(
    city: NotesCity, fields: dict[str, str], told: str
) -> None:
    answer = city.post("controlling", SAVE, {**PROPOSAL, **fields})
    assert answer.status_code == 422 and told in answer.text
    (name,) = fields
    assert f'<a href="#{name}">' in answer.text and f'aria-describedby="{name}-fehler"' in answer.text
    assert "Rückstand abbauen" in answer.text
    assert city.ledger.proposals() == []


@pytest.mark.parametrize("fields", [{"text": "x" * 301}, {"monat": "1999-01"}, {"art": "witz"}, {"text": ""}])
def test_n5_a_comment_beyond_its_limits_is_refused_by_the_server(
    city: NotesCity, fields: dict[str, str]
) -> None:
    assert city.post("controlling", WRITE, {**REMARK, **fields}).status_code == 422
    assert city.ledger.comments() == []


@pytest.mark.parametrize(
    ("login", "fields", "status"),
    [
        ("controlling", {}, 303),
        ("leitung", {}, 403),
        ("verwaltung", {}, 403),
        ("dez1", {}, 404),
        ("dez1", {"einheit": "DEZ1"}, 303),
        ("dez1", {"einheit": "FD50"}, 404),
        ("dez3", {"einheit": "FD50"}, 303),
        ("controlling", {"kennzahl": "gibt_es_nicht"}, 404),
    ],
)
def test_h5_who_proposes_for_which_figure(
    city: NotesCity, login: str, fields: dict[str, str], status: int
) -> None:
    assert city.post(login, SAVE, {**PROPOSAL, **fields}).status_code == status
    assert len(city.ledger.proposals()) == (status == 303)


def test_only_the_head_of_the_town_notes_and_decides(city: NotesCity) -> None:
    city.post("controlling", SAVE, PROPOSAL)
    entry = city.ledger.proposals()[-1].entry
    sent = {"kennzahl": OZG, "einheit": "", "grundlage": str(entry), "am": "09.06.2026", "bemerkung": ""}
    for login in ("controlling", "dez1", "verwaltung"):
        assert city.post(login, RESOLVE, {**sent, "art": "beschluss"}).status_code in (403, 404)
    assert city.ledger.proposals()[-1].resolutions == ()
    assert city.post("leitung", RESOLVE, {**sent, "art": "kenntnis"}).status_code == 303
    assert city.post("leitung", RESOLVE, {**sent, "art": "beschluss", "grundlage": "99"}).status_code == 404
    assert city.post("leitung", RESOLVE, {**sent, "art": "beschluss"}).status_code == 303
    assert city.ledger.proposals()[-1].decided is not None


def test_a_proposal_stands_on_start_and_leaves_when_it_is_decided(city: NotesCity) -> None:
    leitung = city.viewer("leitung")
    assert "Rückstand abbauen" not in words(start.layout(city.services, leitung, {}))
    city.post("controlling", SAVE, PROPOSAL)
    shown = words(start.layout(city.services, leitung, {}))
    assert "Rückstand abbauen" in shown and "FD 10 · bis 30.06.2026" in shown
    entry = str(city.ledger.proposals()[-1].entry)
    decided = {"kennzahl": OZG, "grundlage": entry, "am": "09.06.2026", "art": "beschluss"}
    city.post("leitung", RESOLVE, decided)
    assert "Rückstand abbauen" not in words(start.layout(city.services, leitung, {}))
    versions = words(vorschlag.layout(city.services, leitung, {"kennzahl": OZG}))
    assert "beschlossen am 09.06.2026" in versions


def test_a_proposal_about_a_figure_in_plan_is_not_on_the_list(city: NotesCity) -> None:
    city.post("controlling", SAVE, {**PROPOSAL, "kennzahl": "dms_workplace_share", "titel": "Schon erledigt"})
    assert len(city.ledger.proposals()) == 1
    assert "Schon erledigt" not in words(start.layout(city.services, city.viewer("leitung"), {}))


def test_h5_the_page_of_a_foreign_proposal_is_that_of_one_that_does_not_exist(city: NotesCity) -> None:
    city.post("controlling", SAVE, {**PROPOSAL, "einheit": "FD50", "titel": "Geheimes Vorhaben"})
    dez1 = city.viewer("dez1")
    pages = [
        words(vorschlag.layout(city.services, dez1, params))
        for params in ({"kennzahl": OZG, "einheit": "FD50"}, {"kennzahl": OZG, "einheit": "FD999"})
    ]
    assert pages[0] == pages[1] and "Geheimes" not in pages[0]
    assert "Geheimes" not in words(vorschlag.layout(city.services, dez1, {}))
    assert "Geheimes Vorhaben" in words(
        vorschlag.layout(city.services, city.viewer("dez3"), {"kennzahl": OZG, "einheit": "FD50"})
    )


def test_l1_every_action_leaves_its_line_with_old_and_new_words(city: NotesCity) -> None:
    city.post("controlling", SAVE, PROPOSAL)
    entry = str(city.ledger.proposals()[-1].entry)
    city.post("controlling", SAVE, {**PROPOSAL, "text": "Anders.", "grundlage": entry})
    city.post("controlling", WRITE, REMARK)
    (made,) = city.ledger.comments()
    city.post("controlling", WITHDRAW, {"faden": made.thread})
    lines = [e for e in city.ledger.audit_events() if e.what.startswith(("proposal.", "comment."))]
    assert [e.what for e in lines] == [
        "comment.withdrawn", "comment.written", "proposal.written", "proposal.written",
    ]  # fmt: skip
    assert (lines[2].detail["old"]["text"], lines[2].detail["new"]["text"]) == (
        "Zwei Stellen mehr.",
        "Anders.",
    )
    assert {e.who for e in lines} == {"controlling"} and city.ledger.verify_audit_chain() is None


def _components(root: Any) -> Iterator[Component]:
    if isinstance(root, Component):
        yield root
        root = getattr(root, "children", None)
    if isinstance(root, list | tuple):
        for child in root:
            yield from _components(child)
    elif isinstance(root, Component):
        yield from _components(root)


def test_i5_what_people_type_is_text_wherever_it_is_shown(city: NotesCity) -> None:
    for number, payload in enumerate(PAYLOADS):
        draft = CommentDraft(OZG, "", date(2026, 3, 1), ("anmerkung", "ereignis")[number % 2], payload)
        city.ledger.write_comment(draft, author="controlling", number=str(number))
        city.post(
            "controlling",
            SAVE,
            {**PROPOSAL, "titel": payload[:80], "text": payload, "nummer": f"n{number:020d}"},
        )
    viewer, services = city.viewer("controlling"), city.services
    with city.server.test_request_context("/"):
        panel = remark_panel(services, viewer, "/", {"zahl": OZG})
        assert panel is not None
        shown = [
            remark_section(panel),
            anmerkungen.layout(services, viewer, {}),
            start.layout(services, viewer, {}),
            vorschlag.layout(services, viewer, {"kennzahl": OZG}),
        ]
    found = [component for page in shown for component in _components(page)]
    kinds = {type(component).__name__ for component in found}
    assert not kinds & {"Markdown", "Script", "Iframe", "DangerouslySetInnerHTML"}
    for component in found:
        for name, value in component.to_plotly_json()["props"].items():
            if name in ("href", "src", "action", "id"):
                assert "alert(1)" not in str(value) and "<" not in str(value)
    (graph,) = [c for c in found if type(c).__name__ == "Graph" and "annotations" in json.dumps(c.figure)]
    labels = [note["text"] for note in graph.figure["layout"]["annotations"]]
    assert not [label for label in labels if "<script" in label or "<img" in label or "<svg" in label]


def test_marks_stand_in_drawing_sentence_table_and_list(city: NotesCity) -> None:
    city.post(
        "controlling", WRITE, {**REMARK, "art": "ereignis", "monat": "2025-02", "text": "Einführung Portal"}
    )
    city.post("controlling", WRITE, {**REMARK, "monat": "2026-03"})
    page = start.layout(city.services, city.viewer("leitung"), {})
    (graph,) = [c for c in _components(page) if type(c).__name__ == "Graph"]
    notes = [note["text"] for note in graph.figure["layout"]["annotations"]]
    assert any(text.startswith("1") for text in notes) and "2" in notes
    told = words(page)
    assert "1 Ereignis 02/2025: Einführung Portal." in told and "2 Anmerkung 03/2026: Ein Wort dazu." in told
    tables = [c for c in _components(page) if "chart-table" in str(getattr(c, "className", ""))]
    assert "1 Ereignis 02/2025: Einführung Portal" in str(tables[0].to_plotly_json()["props"])


def test_the_origin_panel_offers_the_form_to_those_who_may_write_only(city: NotesCity) -> None:
    city.post("controlling", WRITE, REMARK)
    shown: dict[str, bool] = {}
    for login in ("controlling", "leitung"):
        with city.server.test_request_context("/"):
            viewer = city.viewer(login)
            page = frame(
                city.services, viewer, start.PAGE, {"zahl": OZG}, start.layout(city.services, viewer, {})
            )
        assert "Ein Wort dazu." in words(page)
        shown[login] = "Anmerkung schreiben" in words(page)
    assert shown == {"controlling": True, "leitung": False}


def test_dates_of_both_calendars_stand_on_one_page_and_what_was_cancelled_does_not(city: NotesCity) -> None:
    viewer = city.viewer("leitung")
    ahead = words(termine.layout(city.services, viewer, {}))
    assert "14.07.2026" in ahead and "15.07.2026" in ahead and "Digitalbeirat" in ahead
    past = words(
        termine.layout(city.services, viewer, {"zeitraum": "vergangene", "gremium": "Digitalbeirat"})
    )
    assert "22.10.2025" in past and "15.10.2025" not in past and "15.04.2026" not in past
