"""A comparison on a terminal and as lines for a changelog: nothing hidden, nothing run."""

import pytest
from editions import compared, with_cell

from positions.compare import text as change_text


def test_the_text_gives_the_summary_first_and_then_every_record(tmp_path):
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    lines = change_text.as_text(found).splitlines()
    assert lines[0] == f"From {tmp_path}/old to {tmp_path}/new:"
    assert lines[1] == "- 3 published numbers moved."
    assert lines[-3:] == ["Codings:", "  changed alpha / p3 / brief / ann", "    stance: 1 -> -1"]
    at = lines.index("Agreement with “The plan”: one body's numbers moved")
    assert lines[at + 3].startswith("Alpha  75.0% (was 91.7%)  -16.7   56.2% to 81.2% (was 68.8%")


def test_a_long_value_stands_on_lines_of_its_own_as_a_diff_shows_it(tmp_path):
    statement = "A bridge should be built of stone, and by nobody but the council itself."
    found = compared(tmp_path, with_cell("propositions", ("p1",), "statement", statement))
    assert change_text.as_text(found).splitlines()[-3:] == [
        "    statement:", "      - A bridge should be built.", f"      + {statement}"
    ]  # fmt: skip


def test_a_cell_that_was_emptied_is_said_to_be_empty(tmp_path):
    found = compared(tmp_path, with_cell("bodies", ("alpha",), "about", ""))
    assert "    about: Traders. -> (empty)" in change_text.as_text(found)


def test_what_shows_nothing_on_a_terminal_is_shown_by_its_code_point(tmp_path):
    found = compared(tmp_path, with_cell("bodies", ("alpha",), "name", "Al\u202epha\u200b"))
    text = change_text.as_text(found)
    assert "Al<U+202E>pha<U+200B>" in text
    assert not {"\u202e", "\u200b", "\x1b"} & set(text)


def test_identical_studies_need_one_line(tmp_path):
    found = compared(tmp_path)
    assert change_text.as_markdown(found) == (
        "- Nothing differs: both hold the same records, and every published number is the same."
    )


def test_the_changelog_says_which_score_moved_by_how_much_and_on_what(tmp_path):
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    lines = change_text.as_markdown(found).splitlines()
    assert lines[:2] == [
        "- 3 published numbers moved.",
        "- Alpha, agreement with “The plan”: 91.7% to 75.0% (-16.7 points): “Mend the mill” -16.7 "
        "(position -1 (was +1); brief: read -1 (was +1) by ann).",
    ]


def test_other_models_have_a_line_each(tmp_path):
    # alpha on p1: +2 to +1: against standstill (-2) from 0 to 1/4
    found = compared(tmp_path, with_cell("codings", ("alpha", "p1"), "stance", 1))
    assert "- Agreement with “Standstill”, in points: Alpha +25.0." in change_text.as_markdown(
        found
    )


@pytest.mark.parametrize(
    "name",
    ["[x](javascript:alert(1))", "<script>alert(1)</script>", "*a* _b_ `c` # d", "a | b & c"],
)
def test_a_name_with_marks_in_it_is_printed_by_markdown_as_it_stands(tmp_path, name):
    bodies = with_cell("bodies", ("alpha",), "name", name)
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1), bodies)
    line = change_text.as_markdown(found).splitlines()[1]
    bare = line.replace("\\", "")
    assert f"- {name}, agreement" in bare
    for mark in "`*_[]<>#|&":
        assert line.count(f"\\{mark}") == line.count(mark)


def test_a_line_of_a_changelog_stays_one_line_and_is_not_cut(tmp_path):
    wording = "Alpha agrees " + "on most of it and " * 40 + "on all"
    claims = [["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
              ["most", "above", "alpha", "", 0.8, wording]]  # fmt: skip
    found = compared(
        tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1), {"claims": claims}
    )
    lines = change_text.as_markdown(found).splitlines()
    assert all(line.startswith("- ") for line in lines)
    assert any(wording in line for line in lines)
