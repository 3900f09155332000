"""A problem is located, shown without invisible characters, sorted and counted."""

import dataclasses
import json

import pandas as pd
import pytest

from positions.study.problems import (
    ERROR,
    NOTE,
    WARNING,
    Problem,
    StudyError,
    as_json,
    as_table,
    as_text,
    count,
    in_order,
)

BAD = Problem(ERROR, "codings.csv", 12, 9, "stance", "range", "3", "out of range", "write 2")
ODD = Problem(WARNING, "a.csv", 2, 1, "", "doubt", "L\u200bG", "odd\u202e", "look\x07")
ASIDE = Problem(NOTE, "a.csv", 0, 0, "", "aside", "", "so it is", "leave it")


def test_a_problem_says_where_it_is_as_an_editor_understands_it():
    assert BAD.where() == "codings.csv:12 [stance]"
    assert ODD.where() == "a.csv:2"
    assert ASIDE.where() == "a.csv"


def test_a_place_does_not_write_to_the_terminal():
    forged = Problem(ERROR, "a\x1b.csv", 1, 0, "b\u202ec", "header", "", "", "")
    assert forged.where() == "a<U+001B>.csv:1 [b<U+202E>c]"


def test_a_long_column_is_shown_up_to_two_hundred_characters():
    wide = Problem(ERROR, "a.csv", 1, 0, "c" * 300, "header", "", "", "")
    assert len(wide.where()) == 199
    just = Problem(ERROR, "a.csv", 1, 0, "c" * 190, "header", "", "", "")
    assert just.where() == f"a.csv:1 [{'c' * 190}]"
    over = Problem(ERROR, "a.csv", 1, 0, "c" * 191, "header", "", "", "")
    assert "…" in over.where()


def test_people_read_two_lines_for_each_problem():
    assert as_text([BAD, ODD, ASIDE]) == (
        "codings.csv:12 [stance]: error: range (record 9): «3» out of range\n"
        "    fix: write 2\n"
        "a.csv:2: warning: doubt (record 1): «L<U+200B>G» odd<U+202E>\n"
        "    fix: look<U+0007>\n"
        "a.csv: note: aside: so it is\n"
        "    fix: leave it"
    )
    assert as_text([]) == ""


def test_colour_is_put_round_the_severity_and_the_rule_only_when_asked_for():
    assert as_text([BAD, ODD, ASIDE], colour=True).split("\n")[::2] == [
        "codings.csv:12 [stance]: \033[31merror: range\033[0m (record 9): «3» out of range",
        "a.csv:2: \033[33mwarning: doubt\033[0m (record 1): «L<U+200B>G» odd<U+202E>",
        "a.csv: \033[36mnote: aside\033[0m: so it is",
    ]
    assert "\033" not in as_text([BAD])


def test_a_long_message_is_cut_in_the_middle_at_four_hundred_characters():
    long = Problem(ERROR, "a", 0, 0, "", "r", "", "m" * 500, "f" * 500)
    message, fix = as_text([long]).split("\n")
    assert message == f"a: error: r: {'m' * 198} … {'m' * 198}"
    assert fix == f"    fix: {'f' * 198} … {'f' * 198}"
    just = Problem(ERROR, "a", 0, 0, "", "r", "", "m" * 400, "f" * 400)
    assert "…" not in as_text([just])
    over = Problem(ERROR, "a", 0, 0, "", "r", "", "m" * 401, "f" * 401)
    assert as_text([over]).count("…") == 2
    assert f" {'m' * 400}\n" in as_text([just])
    assert as_table([over]).loc[0, ["message", "fix"]].str.contains("…").all()


def test_machines_read_every_field_and_only_ascii():
    written = as_json([BAD, ODD])
    assert json.loads(written) == [
        {
            "severity": "error", "file": "codings.csv", "line": 12, "record": 9,
            "column": "stance", "rule": "range", "value": "3", "message": "out of range",
            "fix": "write 2",
        },
        {
            "severity": "warning", "file": "a.csv", "line": 2, "record": 1, "column": "",
            "rule": "doubt", "value": "L\u200bG", "message": "odd\u202e", "fix": "look\x07",
        },
    ]  # fmt: skip
    assert written.isascii()
    assert "\\u200b" in written
    assert as_json([dataclasses.replace(BAD, value="\u00e9")]).isascii()
    assert written.startswith('[\n {\n  "severity": "error",')
    assert as_json([]) == "[]"


def test_a_notebook_shows_a_table_worst_first():
    expected = pd.DataFrame(
        [
            ["error", "range", "codings.csv", 12, 9, "stance", "3", "out of range", "write 2"],
            ["warning", "doubt", "a.csv", 2, 1, "", "L<U+200B>G", "odd<U+202E>", "look<U+0007>"],
            ["note", "aside", "a.csv", 0, 0, "", "", "so it is", "leave it"],
        ],
        columns=["severity", "rule", "file", "line", "record", "column", "value", "message", "fix"],
    )
    for name in expected.columns.difference(["line", "record"]):
        expected[name] = expected[name].astype("str")
    pd.testing.assert_frame_equal(as_table([ASIDE, ODD, BAD]), expected)


def test_a_table_without_problems_has_the_same_columns_and_types():
    empty, full = as_table([]), as_table([BAD])
    assert empty.dtypes.equals(full.dtypes)
    assert len(empty) == 0


def test_a_table_cuts_values_sooner_than_messages():
    row = as_table([Problem(ERROR, "a", 0, 0, "", "r", "v" * 90, "m" * 90, "f" * 500)]).iloc[0]
    assert row["value"] == f"{'v' * 38} … {'v' * 38}"
    assert row["message"] == "m" * 90
    assert row["fix"] == f"{'f' * 198} … {'f' * 198}"


def at(severity=ERROR, file="b", line=2, record=2, column="b", rule="b", value="b", message="b"):
    return Problem(severity, file, line, record, column, rule, value, message, "fix")


@pytest.mark.parametrize(
    "earlier",
    [
        at(file="a", line=9), at(line=1, record=9), at(record=1, column="c"),
        at(column="a", rule="c"), at(rule="a", value="c"), at(value="a", message="c"),
        at(message="a"),
    ],
)  # fmt: skip
def test_problems_are_sorted_by_file_line_record_column_rule_and_value(earlier):
    assert in_order([at(), earlier]) == [earlier, at()]


def test_errors_stand_before_warnings_and_warnings_before_notes():
    found = in_order([at(NOTE, "a"), at(WARNING, "b"), at(ERROR, "c")])
    assert [problem.severity for problem in found] == ["error", "warning", "note"]


def test_a_problem_found_twice_is_said_once():
    assert in_order([BAD, ASIDE, BAD]) == [BAD, ASIDE]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], "no problem"),
        ([BAD], "1 error"),
        ([BAD, ODD, ODD, ASIDE], "1 error, 2 warnings, 1 note"),
        ([ASIDE, ASIDE, BAD, BAD, BAD], "3 errors, 2 notes"),
    ],
)
def test_problems_are_counted_in_words(found, words):
    assert count(found) == words


def test_a_refusal_shows_the_errors_and_keeps_every_problem():
    refused = StudyError([ASIDE, BAD, ODD])
    assert str(refused) == (
        "the study is refused: 1 error\n"
        "codings.csv:12 [stance]: error: range (record 9): «3» out of range\n"
        "    fix: write 2"
    )
    assert refused.problems == [BAD, ODD, ASIDE]


def missing(value, *places):
    return [
        Problem(ERROR, file, line, line - 1, "body_id", "foreign-key", value,
                "no such body_id in bodies.csv", "add it to bodies.csv")
        for file, line in places
    ]  # fmt: skip


def test_the_same_fault_in_many_rows_is_written_once_with_its_rows():
    rows = [("a.csv", 2), ("codings.csv", 5), ("codings.csv", 9)]
    assert as_text(missing("bma", *rows), whole=False) == (
        "a.csv:2 [body_id]: error: foreign-key (record 1): «bma» no such body_id in bodies.csv\n"
        "    the same in 2 other rows: codings.csv:5,9\n"
        "    fix: add it to bodies.csv"
    )
    assert as_text(missing("bma", *rows)).count("\n") == 5


def test_of_many_faults_of_one_kind_three_are_written_and_the_others_counted():
    few = [p for n in range(5) for p in missing(f"b{n}", ("a.csv", n + 2))]
    assert as_text(few, whole=False) == as_text(few)
    many = [*few, *missing("b5", ("a.csv", 7))]
    lines = as_text(many, whole=False, hint=" (here)").split("\n")
    assert lines[:6] == as_text(many[:3]).split("\n")
    assert lines[6:] == [
        "a.csv [body_id]: error: foreign-key: 3 more like these (here): «b3», «b4», «b5»"
    ]


def test_a_fault_of_a_file_is_read_before_what_may_follow_from_it():
    torn = at(file="z.csv", rule="quoting")
    assert in_order([at(rule="foreign-key"), torn, at(rule="range")])[0] == torn


def test_whatever_is_folded_every_problem_is_kept_in_the_refusal():
    many = [p for n in range(9) for p in missing(f"b{n}", ("a.csv", n + 2))]
    refused = StudyError(many)
    assert len(refused.problems) == 9
    assert str(refused).endswith(
        "6 more like these (problems holds them): «b3», «b4», «b5», «b6», «b7», «b8»"
    )
