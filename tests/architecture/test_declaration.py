"""The declaration of accessibility claims what tests show: each sentence names the tests that would fail."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dashboard.pages.barrierefreiheit import TESTED

TESTS = Path(__file__).parents[1]
EVERY, STATES = "browser/test_browser_every_page.py", "browser/test_browser_states.py"
ENTRANCE, OPENED = "browser/test_browser_entrance.py", "browser/test_browser_opened.py"
WALK, KEYS = "browser/test_browser_keyboard_walk.py", "browser/test_browser_keyboard.py"
CONTRAST = ("unit/test_dashboard_theme.py", "test_contrast_is_what_the_guide_promises")
PLAIN = (EVERY, "test_m12_nothing_is_lost_in_forced_colours_moves_or_speaks_by_colour_alone")
NO_WIDER = (EVERY, "test_no_page_scrolls_sideways")
COMMENT = (ENTRANCE, "test_a_comment_without_words_is_named_at_its_field_and_what_was_chosen_is_kept")
SIGN_IN = (ENTRANCE, "test_the_sign_in_page_before_and_after_a_wrong_password")
# Beginning of a sentence, and the tests that show what it says.
PROVED: dict[str, tuple[tuple[str, str], ...]] = {
    "Kontraste": (CONTRAST, ("unit/test_city_theme.py", "test_every_hue_keeps_every_contrast")),
    "Bewertungen": (PLAIN,),
    "Jedes Diagramm": (
        ("browser/test_browser_charts.py",
         "test_each_chart_is_named_described_and_has_a_table_with_its_values"),
    ),
    "Jede Seite wird": (
        (EVERY, "test_axe_finds_nothing_in_light_dark_and_narrow"),
        SIGN_IN,
        (ENTRANCE, "test_a_one_time_link_and_one_that_is_used_up"),
        (ENTRANCE, "test_a_page_that_is_forbidden_one_that_is_missing_and_a_file_that_is_refused"),
        COMMENT,
        (OPENED, "test_axe_finds_nothing_in_what_is_opened"),
        (OPENED, "test_axe_finds_nothing_on_the_pages_of_other_roles"),
        (STATES, "test_a_card_that_fails_says_so_with_a_number_and_a_retry_while_the_rest_works"),
    ),
    "Ein Arbeitsgang": (
        (WALK, "test_m3_everything_a_day_needs_is_done_by_keyboard_and_every_stop_is_seen"),
        (WALK, "test_m3_no_stop_is_hidden_on_the_way_down_or_up"),
        (KEYS, "test_tab_walks_from_the_skip_links_to_the_cards_and_is_always_visible"),
        (KEYS, "test_the_origin_panel_is_opened_read_and_closed_by_keyboard"),
    ),
    "Bei 200 %": (NO_WIDER, (EVERY, "test_no_text_is_cut_off_or_sticks_out_of_its_card")),
    "Mit erzwungenen Farben": (PLAIN,),
    "Klickziele": ((EVERY, "test_m6_targets_are_24_pixels_or_stand_apart"),),
    "Jede Seite nennt": (
        (EVERY, "test_m7_language_title_tables_and_drawings_are_named"),
        (EVERY, "test_headings_begin_with_the_title_and_leave_out_no_level"),
        ("browser/test_browser_network.py",
         "test_k14_a_click_through_asks_nobody_else_breaks_no_policy_and_makes_no_error"),
    ),
    "Fehler in einem Formular": (SIGN_IN, COMMENT),
    "Vor dem Ende": (
        (STATES, "test_m9_the_end_of_a_session_is_told_and_one_key_keeps_it_with_what_was_typed"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", TESTED, ids=lambda sentence: sentence[:24])
def test_every_claim_of_the_declaration_names_tests_that_exist_and_run(sentence: str) -> None:
    (tests,) = [tests for beginning, tests in PROVED.items() if sentence.startswith(beginning)]
    assert tests
    for place, name in tests:
        assert name in _runs(TESTS / place), f"{place}::{name} does not exist or is skipped"


def test_no_test_is_named_for_a_claim_nobody_makes() -> None:
    assert len(PROVED) == len(TESTED)
    assert all(any(sentence.startswith(beginning) for sentence in TESTED) for beginning in PROVED)


def _runs(path: Path) -> set[str]:
    """Return the tests of a file that are neither skipped nor expected to fail."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {
        test.name for test in tests if not any("skip" in mark or "xfail" in mark for mark in _marks(test))
    }


def _marks(test: ast.FunctionDef) -> list[str]:
    return [ast.unparse(mark) for mark in test.decorator_list]
