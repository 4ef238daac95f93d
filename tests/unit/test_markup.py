"""Pages as text: the same elements, words and attributes as the components, and nothing that runs."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import dash
import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.markup import NeedsRendererError, Written, write, written
from dashboard.wire import to_json

ANY = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)


class Read(HTMLParser):
    """What a browser would find: elements with attributes, and the words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words += data


def read(node: Any) -> Read:
    """Write and read again."""
    return Read(write(node).html)


@given(ANY, ANY, ANY)
def test_whatever_a_text_or_an_attribute_holds_it_is_read_as_it_was_given(a: str, b: str, c: str) -> None:
    found = read(html.Div([a, html.Span(b, title=c, **{"data-table": a})], className=b, id=c))
    assert found.words == a + b
    assert found.elements == [("div", {"class": b, "id": c}), ("span", {"title": c, "data-table": a})]


def test_names_and_values_are_those_of_html() -> None:
    found = read(
        [
            html.Label("x", htmlFor="f", tabIndex=-1),
            html.Td(1.5, colSpan=2, hidden=True, **{"aria-hidden": True, "aria-expanded": False}),
            html.Details(open=False, style={"maxHeight": 240, "--anteil": 3, "opacity": 1, "left": "2%"}),
            html.Button("a", n_clicks=0, disabled=None, key="k"),
            html.Img(src="data:image/svg+xml,%3Csvg/%3E", alt=""),
        ]
    )
    assert found.elements == [
        ("label", {"for": "f", "tabindex": "-1"}),
        ("td", {"colspan": "2", "hidden": None, "aria-hidden": "true", "aria-expanded": "false"}),
        ("details", {"style": "max-height:240px;--anteil:3;opacity:1;left:2%"}),
        ("button", {}),
        ("img", {"src": "data:image/svg+xml,%3Csvg/%3E", "alt": ""}),
    ]
    assert found.words == "x1.5a"


def test_nothing_true_false_and_nested_lists_are_drawn_as_react_draws_them() -> None:
    assert read(html.P([None, True, False, 0, ["a", ["b"]], ("c",)])).words == "0abc"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript:x", "vbscript:x", "data:text/html,x"]
)
def test_an_address_that_would_run_something_is_left_out(address: str) -> None:
    assert read(html.A("x", href=address)).elements == [("a", {})]


@pytest.mark.parametrize(
    "address", ["/budget?a=b:c", "https://a.example/x", "#titel", "mailto:a@b.example", "?x=1"]
)
def test_an_address_that_leads_somewhere_stays(address: str) -> None:
    assert read(html.A("x", href=address)).elements == [("a", {"href": address})]


def test_fields_keep_their_value_and_hidden_ones_have_no_frame() -> None:
    found = read(
        [
            dcc.Input(type="hidden", name="csrf", value='a"b'),
            dcc.Input(id="f", type="search", value="<b>", className="field", maxLength=80, required=True),
            dcc.Textarea(id="t", name="text", value="\n<i>zwei", rows=3, className="field area"),
        ]
    )
    assert found.elements == [
        ("input", {"type": "hidden", "name": "csrf", "value": 'a"b'}),
        ("div", {"class": "dash-input-container dash-input field"}),
        ("input", {"autocomplete": "off", "id": "f", "type": "search", "value": "<b>", "maxlength": "80",
                   "class": "dash-input-element", "required": None}),
        ("div", {"class": "dash-textarea-container"}),
        ("textarea", {"id": "t", "name": "text", "rows": "3", "class": "dash-textarea field area"}),
    ]  # fmt: skip
    # A browser swallows the first of the two line breaks.
    assert found.words == "\n\n<i>zwei"


def test_a_chart_leaves_a_place_and_travels_beside_the_text() -> None:
    figure = {"data": [{"y": [1]}], "layout": {"height": 172}}
    page = write(
        html.Div([dcc.Graph(figure=figure, config={"locale": "de"}, responsive=True, className="graph")] * 2)
    )
    places = [found for tag, found in Read(page.html).elements if "data-figure" in found]
    assert [place["data-figure"] for place in places] == ["0", "1"]
    assert {place["class"] for place in places} == {"dash-graph graph"}
    assert page.figures == [{**figure, "config": {"locale": "de", "responsive": True}}] * 2


def test_what_needs_the_renderer_is_left_to_it() -> None:
    page = html.Div([html.P("a"), dcc.Dropdown(id="x")])
    assert written(page) is page
    for risky in (html.Script("alert(1)"), html.Iframe(src="/x")):
        with pytest.raises(NeedsRendererError):
            write(risky)


def test_the_answer_is_what_dash_would_write_and_numbers_that_are_none_are_null() -> None:
    page = write(html.P("ä"))
    assert isinstance(page, Written)
    nan = {"page": html.Div([page, html.Span(float("nan"), **{"data-x": "1"})], id="a")}
    for value in ({"page": html.Div(["x", page], className="c")}, nan):
        assert json.loads(to_json(value)) == json.loads(dash._utils.to_json(value))  # type: ignore[attr-defined]
