"""A cell holds its column's kind of value, or says why not and what to write."""

import datetime as dt

import pytest

from positions.study import fields
from positions.study.fields import Column, Fault, cell, dates

ID = Column("body_id", "string", required=True)
TEXT = Column("note", "string")
WHOLE = Column("stance", "integer", required=True, minimum=-2, maximum=2)
SIZE = Column("characters", "integer", minimum=1)
NUMBER = Column("weight", "number", minimum=0)
PLAIN = "write it in plain digits: no words, thousands marks, exponents or units"


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("-2", WHOLE, -2),
        ("+2", WHOLE, 2),
        ("0", WHOLE, 0),
        ("999999999999999999", SIZE, 999999999999999999),
        ("", SIZE, None),
        ("", NUMBER, None),
        ("", TEXT, ""),
        ("2", NUMBER, 2.0),
        ("0.5", NUMBER, 0.5),
        ("+10.25", NUMBER, 10.25),
        ("0", NUMBER, 0.0),
        ("NA", TEXT, "NA"),
        ("None", TEXT, "None"),
        ("007", TEXT, "007"),
        ("1-2", TEXT, "1-2"),
        (" x ", TEXT, " x "),
        ("007", ID, "007"),
        ("NA", ID, "NA"),
        ("cafe\u0301", ID, "caf\u00e9"),
        ("cafe\u0301", TEXT, "cafe\u0301"),
        ("a\u200bb", TEXT, "a\u200bb"),
        ("2021-02", Column("published", "string"), "2021-02"),
        ("x", Column("basis", "string", enum=("x", "y")), "x"),
        ("ab", Column("code", "string", pattern="a|ab"), "ab"),
        ("a/b", Column("coder", "string"), "a/b"),
        ("n" * 100, ID, "n" * 100),
    ],
)
def test_a_sound_cell_holds_its_value(text, column, value):
    found = cell(text, column)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "column", "fix"),
    [
        ("1.00", WHOLE, "write 1"),
        ("1.", NUMBER, "write 1"),
        ("02.0", NUMBER, "write 2"),
        ("-0", WHOLE, "write 0 in plain digits, without spaces or zeros in front"),
        ("+00", WHOLE, "write 0 in plain digits, without spaces or zeros in front"),
        ("-007", SIZE, "write a number at least 1"),
        ("\u0661", WHOLE, "write 1 in plain digits, without spaces or zeros in front"),
        ("50%", WHOLE, "write a number from -2 to 2"),
        ("1" * 19, SIZE, PLAIN),
        (
            " " + "1" * 18,
            SIZE,
            f"write {'1' * 18} in plain digits, without spaces or zeros in front",
        ),
        (" " + "1" * 19, SIZE, PLAIN),
        ("0,5", NUMBER, "write 0.5 (a point, no comma)"),
        ("1,5,0", NUMBER, PLAIN),
        ("1.000,5", NUMBER, PLAIN),
        ("12 %", NUMBER, PLAIN),
        ("05%", NUMBER, "write 5"),
        ("1.5", WHOLE, PLAIN),
        ("1e3", NUMBER, PLAIN),
        ("nan", NUMBER, "leave the cell empty"),
        (" N/A ", NUMBER, "leave the cell empty"),
        ("-", WHOLE, "silence has no row: delete the row"),
        ("?", WHOLE, "silence has no row: delete the row"),
        ("1_0", SIZE, PLAIN),
        ("0x10", SIZE, PLAIN),
    ],
)
def test_a_number_written_otherwise_is_refused_with_the_nearest_plain_one(text, column, fix):
    found = cell(text, column)
    assert isinstance(found, Fault)
    assert found.fix == fix
    assert found.message == ("not a whole number" if column.type == "integer" else "not a number")


@pytest.mark.parametrize(
    ("text", "column", "fix"),
    [
        ("0", SIZE, "write a number at least 1"),
        ("3", WHOLE, "write a number from -2 to 2"),
        ("-0.1", NUMBER, "write a number at least 0"),
        ("9", Column("n", "integer", maximum=8), "write a number at most 8"),
    ],
)
def test_a_number_out_of_range_is_refused(text, column, fix):
    assert cell(text, column) == Fault("range", "out of range", fix)


@pytest.mark.parametrize(
    ("text", "column", "rule"),
    [
        ("", ID, "required"),
        (" \u00a0", TEXT, "required"),
        ("\u200b", TEXT, "required"),
        (" lga", ID, "white-space"),
        ("x ", Column("theme", "string"), "white-space"),
        ("lga\tx", ID, "hidden-character"),
        ("sta\u200bted", Column("basis", "string", enum=("stated",)), "hidden-character"),
        ("2021\u200b", Column("proposed", "string"), "hidden-character"),
        ("a\x07", TEXT, "control-character"),
        ("1\x00", WHOLE, "nul"),
        ("a/b", Column("follows", "string"), "id-form"),
        ("a:b", ID, "id-form"),
        ("a\nb,c,d", TEXT, "swallowed-rows"),
        ("a\nx-1,,", TEXT, "swallowed-rows"),
        ("ab ", Column("code", "string", pattern="ab"), "pattern"),
        ("Jan-21", ID, "spreadsheet-value"),
        ("12-Dec-2021", ID, "spreadsheet-value"),
        ("1.5E+05", ID, "spreadsheet-value"),
        ("#REF!", ID, "spreadsheet-value"),
    ],
)
def test_a_text_that_breaks_its_rule_is_refused(text, column, rule):
    found = cell(text, column)
    assert isinstance(found, Fault)
    assert found.rule == rule


@pytest.mark.parametrize(
    "text",
    ["one\ntwo, three, four", "one\n1,000,000 people", "one\nsee a,b", "one\na, b,c", "x,y,z"],
)
def test_prose_with_commas_is_no_swallowed_row(text):
    assert cell(text, TEXT) == text


@pytest.mark.parametrize(
    ("text", "width", "swallowed"),
    [
        ("open\n2,Second,council,more", 4, True),
        ("open\nBorough Council,Second,council,\nrest", 4, True),
        ("open\n2,Second, council,more", 4, False),
        ("open\n2,Second,council", 4, False),
        ("open\n1,000,000 people", 3, False),
        ("open\na,b", 2, False),
        ("2,Second,council,more", 4, False),
    ],
)
def test_a_line_with_the_fields_of_a_row_is_a_swallowed_row_whatever_its_id(text, width, swallowed):
    assert fields.holds_rows(text, width) is swallowed


def test_a_pattern_that_is_not_kept_is_said_with_what_belongs_there():
    column = Column("url", "string", pattern="https?://.+", description="Public address")
    assert cell("ftp://x", column) == Fault(
        "pattern", "not of the form https?://.+", "Public address"
    )


def test_characters_that_cannot_stand_in_an_id_are_listed_once():
    assert cell("b/a/b?", ID) == Fault(
        "id-form", "/ ? cannot stand in an id",
        "ids become file names and page addresses: use letters, digits, -",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["con", "NUL", "com1", "aux.2021"])
def test_an_id_that_no_file_of_windows_can_have_is_refused(text):
    assert cell(text, ID).message == "a name that Windows keeps for a device"
    assert cell(f"x-{text}", ID) == f"x-{text}"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2021-02-11", "2021-02-11", "2021-02-11"),
        ("2020-11-26/2021-01-08", "2020-11-26", "2021-01-08"),
        ("2021-01/2021", "2021-01-01", "2021-12-31"),
        ("1800", "1800-01-01", "1800-12-31"),
        ("2199-12-31", "2199-12-31", "2199-12-31"),
    ],
)
def test_a_date_is_the_days_it_can_mean(text, first, last):
    assert dates(text) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2021-02-30", "not a date in ISO form"),
        ("2021-00", "not a date in ISO form"),
        ("0000", "not a date in ISO form"),
        ("2021-2-1", "not a date in ISO form"),
        ("20210211", "not a date in ISO form"),
        ("2021/2022/2023", "not a date in ISO form"),
        ("2021/", "not a date in ISO form"),
        ("\u0662\u0660\u0662\u0661", "not a date in ISO form"),
        ("2021-02/2021-01", "the interval ends before it begins"),
        ("1799-12-31", "a year outside 1800-2199"),
        ("2200", "a year outside 1800-2199"),
        ("1700/2021", "a year outside 1800-2199"),
    ],
)
def test_a_date_that_is_none_says_why(text, message):
    found = dates(text)
    assert isinstance(found, Fault)
    assert (found.rule, found.message) == ("date", message)


def test_columns_know_what_they_hold():
    assert ID.is_id
    assert Column("coder", "string").is_id
    assert Column("follows", "string").is_id
    assert not TEXT.is_id
    assert Column("published", "string").is_date
    assert Column("proposed", "string").is_date
    assert not ID.is_date
    labels = ["name", "kind", "theme", "label", "title", "publisher", "statement", "published"]
    assert all(Column(name, "string").is_label for name in labels)
    assert not TEXT.is_label
    assert Column("basis", "string", enum=("a",)).is_label
