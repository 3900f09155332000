"""Bytes become records of one width, or a problem that says where they do not."""

import csv

import pytest

from positions.study.csv_reader import Parsed, ReadLimits, Record, decode, parse, reporter, shape
from positions.study.problems import as_text

COLUMNS = ["a", "b"]


def fields(raw: bytes, **options) -> list[list[str]]:
    """The header and records of a sound table."""
    parsed, problems = parse(raw, "t.csv", COLUMNS, **options)
    assert as_text(problems) == ""
    assert parsed.header is not None
    assert parsed.misfits == []
    return [parsed.header.fields, *(record.fields for record in parsed.records)]


def words(raw: bytes, limits: ReadLimits | None = None) -> str:
    return as_text(parse(raw, "t.csv", COLUMNS, limits)[1])


def test_a_table_is_split_into_a_header_and_records_with_their_lines():
    parsed, problems = parse(b'a,b\n1,"x\ny"\n2,z\n', "t.csv", COLUMNS)
    assert problems == []
    assert parsed == Parsed(
        Record(1, 0, ["a", "b"]), [Record(2, 1, ["1", "x\ny"]), Record(4, 2, ["2", "z"])], []
    )
    assert parsed.read == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n1,2\n",
        b"a,b\r\n1,2\r\n",
        b"\xef\xbb\xbfa,b\n1,2\n",
        b'"a","b"\n"1","2"\n',
        b'a,b\n1,"2"\r\n',
    ],
)
def test_line_ends_a_byte_order_mark_and_quotation_marks_change_nothing(raw):
    assert fields(raw) == [["a", "b"], ["1", "2"]]


def test_a_file_without_a_final_line_end_is_read_whole_and_noted():
    parsed, problems = parse(b"a,b\n1,2\n3,4", "t.csv", COLUMNS)
    assert [record.fields for record in parsed.records] == [["1", "2"], ["3", "4"]]
    assert as_text(problems) == (
        "t.csv:3: note: no-line-end: the last line has no line end (was the file cut short?)\n"
        "    fix: end it with a line feed"
    )


def test_line_ends_within_a_field_are_read_as_line_feeds():
    assert fields(b'a,b\r\n1,"x\r\ny\r\n"\r\n') == [["a", "b"], ["1", "x\ny\n"]]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b'a,b\n1,"say ""no"""\n', 'say "no"'),
        (b'a,b\n1,""""\n', '"'),
        (b'a,b\n1,""\n', ""),
        (b'a,b\n1,"x,y"\n', "x,y"),
        (b'a,b\n1,"\n"\n', "\n"),
        ("a,b\n1,\u2028x\x85\n".encode(), "\u2028x\x85"),
        (b"a,b\n1, x \n", " x "),
        (b"a,b\n1,NA\n", "NA"),
        (b"a,b\n1,'x\n", "'x"),
    ],
)
def test_a_field_is_read_as_it_is_written(raw, field):
    assert fields(raw)[1] == ["1", field]


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'a,b\n1,x"y\n', "t.csv:2: error: stray-quote (record 1): «1,x\"y<U+000A>»"),
        (b'a,b\n1,2\n"x\ny", "z"\n', "t.csv:3: error: stray-quote (record 2): «\"x<U+000A>y\", "),
        (b'a,b\n1, "2"\n', "t.csv:2: error: stray-quote (record 1): «1, \"2\"<U+000A>»"),
    ],
)  # fmt: skip
def test_a_quotation_mark_inside_an_unquoted_field_is_a_fault(raw, place):
    assert words(raw).startswith(place)
    parsed = parse(raw, "t.csv", COLUMNS)[0]
    assert len(parsed.misfits) == 1
    assert parsed.read == raw.count(b"\n") - 1 - raw.count(b'"x\ny')


def test_a_header_with_a_stray_quotation_mark_gives_no_table():
    parsed, problems = parse(b'a,b"\n1,2\n', "t.csv", COLUMNS)
    assert parsed == Parsed()
    assert [(p.rule, p.line, p.record) for p in problems] == [("stray-quote", 1, 0)]


def test_records_before_a_broken_quotation_mark_are_kept_and_those_after_are_not_guessed():
    parsed, problems = parse(b'a,b\n1,2\n3,x"y\n5,"6\n7,8\n', "t.csv", COLUMNS)
    assert [record.fields for record in parsed.records] == [["1", "2"]]
    assert [(p.rule, p.line, p.record) for p in problems] == [
        ("stray-quote", 3, 2), ("quoting", 4, 3),
    ]  # fmt: skip


def test_records_of_another_width_are_set_aside_and_the_rows_add_up():
    parsed, problems = parse(b"a,b\n1\n1,2\n1,2,3\n\n , \na,b\n", "t.csv", COLUMNS)
    assert [record.fields for record in parsed.records] == [["1", "2"]]
    assert [record.number for record in parsed.misfits] == [1, 3, 4, 5, 6]
    assert parsed.read == 6
    assert [(p.rule, p.line, p.record, p.value) for p in problems] == [
        ("field-count", 2, 1, "1"),
        ("field-count", 4, 3, "1,2,3"),
        ("blank-row", 5, 4, ""),
        ("blank-row", 6, 5, " , "),
        ("double-header", 7, 6, "a,b"),
    ]


def test_a_header_of_columns_in_another_order_is_a_header_wherever_it_stands():
    assert "t.csv:2: error: double-header (record 1): «B , A» " in words(b"a,b\nB , A\n")


def test_a_row_of_a_column_name_and_a_value_is_a_row():
    assert fields(b"a,b\na,2\n")[1] == ["a", "2"]


def test_a_header_in_capitals_is_no_title():
    parsed, problems = parse(b"A, B\n1,2\n", "t.csv", COLUMNS)
    assert problems == []
    assert parsed.header == Record(1, 0, ["A", " B"])


def test_a_first_line_that_names_nothing_and_is_too_narrow_is_left_to_the_header_check():
    parsed, problems = parse(b"x,\n1,2\n", "t.csv", COLUMNS)
    assert problems == []
    assert parsed.header == Record(1, 0, ["x", ""])


def test_a_header_after_a_title_is_found_only_where_it_is_whole():
    assert "the header stands in line 3" in words(b"T\na,x\na,b\n1,2\n")
    assert "preamble" not in words(b"T\na,x\n")


def test_a_letter_beside_a_name_is_part_of_it():
    assert "separated by" not in words(b"Xa;b\n")


@pytest.mark.parametrize("first", [b"a;b", b'"a";"b"', b"A; B", b"a|b", b"a\tb"])
def test_another_delimiter_is_told_by_the_columns(first):
    assert "delimiter: the columns are separated by " in words(first + b"\n1;2\n")


def test_a_semicolon_in_one_name_is_no_delimiter():
    assert "separated by" not in words(b"a;x,b\n")


@pytest.mark.parametrize(
    ("limits", "raw", "expected"),
    [
        (
            ReadLimits(bytes_per_file=7), b"a,b\n1,2\n",
            "t.csv: error: limit-bytes-per-file: the file has 8 bytes; the limit is 7\n"
            "    fix: make it smaller, or allow more with --limit bytes_per_file=NUMBER",
        ),
        (
            ReadLimits(records=1), b"a,b\n1,2\n3,4\n",
            "t.csv:3: error: limit-records: there are more records; the limit is 1\n"
            "    fix: make it smaller, or allow more with --limit records=NUMBER",
        ),
        (
            ReadLimits(columns=1), b"a,b\n1,2\n",
            "t.csv:1: error: limit-columns: there are 2 columns; the limit is 1\n"
            "    fix: make it smaller, or allow more with --limit columns=NUMBER",
        ),
        (
            ReadLimits(characters_per_field=3), b"a,b\n1,123\n1,1234\n",
            "t.csv:3: error: limit-characters-per-field (record 2): «1,1234» a field has 4 "
            "characters; the limit is 3\n"
            "    fix: shorten it, or allow more with --limit characters_per_field=NUMBER",
        ),
        (
            ReadLimits(problems_per_file=2), b"a,b\n1\n1\n1\n1\n",
            "t.csv:2: error: field-count (record 1): «1» the row has 1 fields, the header has 2\n"
            '    fix: a field with a comma needs quotation marks: "a, b"\n'
            "t.csv:3: error: field-count (record 2): «1» the row has 1 fields, the header has 2\n"
            '    fix: a field with a comma needs quotation marks: "a, b"\n'
            "t.csv:4: error: limit-problems-per-file: there are more rows that do not fit; the "
            "limit is 2\n    fix: make it smaller, or allow more with --limit "
            "problems_per_file=NUMBER",
        ),
    ],
)  # fmt: skip
def test_what_exceeds_a_limit_is_refused_by_the_name_of_the_limit(limits, raw, expected):
    assert words(raw, limits) == expected


@pytest.mark.parametrize(
    ("raw", "limits"),
    [
        (b"a,b\n1,2\n", ReadLimits(columns=1)),
        (b"title\na,b\n1,2\n", ReadLimits()),
        (b"1,2\n3,4\n", ReadLimits()),
    ],
)
def test_without_a_header_to_go_by_no_record_is_kept(raw, limits):
    assert parse(raw, "t.csv", COLUMNS, limits)[0] == Parsed()


@pytest.mark.parametrize(
    ("limits", "raw"),
    [
        (ReadLimits(bytes_per_file=8), b"a,b\n1,2\n"),
        (ReadLimits(records=1), b"a,b\n1,2\n"),
        (ReadLimits(columns=2), b"a,b\n1,2\n"),
        (ReadLimits(characters_per_field=4), b"a,b\n1,1234\n"),
    ],
)
def test_what_just_fits_a_limit_is_read(limits, raw):
    assert len(fields(raw, limits=limits)) == 2


def test_a_field_longer_than_the_reader_takes_is_refused_at_its_record():
    raw = b"a,b\n1,2\n3," + b"x" * 131_073 + b"\n"
    assert words(raw, ReadLimits(characters_per_field=10)) == (
        "t.csv:3: error: limit-characters-per-field (record 2): a field is longer than the reader "
        "takes (an unclosed quotation mark?)\n"
        "    fix: close the quotation mark, or allow more with --limit characters_per_field=NUMBER"
    )
    assert "a field has 131072 characters" in words(raw[:-2], ReadLimits(characters_per_field=10))


def test_a_raised_limit_lets_a_longer_field_in_and_leaves_the_reader_as_it_was():
    before = csv.field_size_limit()
    raw = b"a,b\n1," + b"x" * 200_000 + b"\n"
    assert len(fields(raw, limits=ReadLimits(characters_per_field=200_000))[1][1]) == 200_000
    assert csv.field_size_limit() == before


def test_very_many_columns_are_refused():
    assert "there are 1000001 columns; the limit is 200" in words(b"a" + b",a" * 1_000_000 + b"\n")


def test_a_problem_carries_at_most_a_thousand_characters_of_its_value():
    problem = parse(b"a,b\n" + b"x," * 600 + b"\n", "t.csv", COLUMNS)[1][0]
    assert len(problem.value) == 1000


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xef\xbb\xbf\xef\xbb\xbfa", "\ufeffa"),
        (b"a\x93", "a\udc93"),
        (b"", ""),
        (b"\x00abc", "\x00abc"),
        ("é".encode(), "é"),
    ],
)
def test_bytes_become_text_and_what_is_no_utf_8_keeps_its_place(raw, text):
    problems = []
    assert decode(raw, reporter("t", problems), ReadLimits()) == text
    assert problems == []


def test_a_quarter_of_nul_bytes_may_be_text_and_more_is_not():
    assert "UTF-16" not in words(b"\x00abc")
    assert "the file is UTF-16, or no text" in words(b"\x00ab")
    first = b"\x00" * 250 + b"a" * 750
    assert "UTF-16" not in words(first + b"\x00" * 9)
    assert "UTF-16" in words(b"\x00" + first)


def test_lone_carriage_returns_are_counted_and_the_first_is_placed():
    assert words(b"a,b\r\n1,2\n1,\r2\r3\n") == (
        "t.csv:3: error: lone-cr: «<U+000D>» a carriage return without a line feed, 2 in all\n"
        "    fix: end lines with LF or CRLF"
    )


def test_records_without_a_header_have_no_shape():
    problems = []
    report = reporter("t", problems)
    assert shape([], COLUMNS, report, ReadLimits()) == Parsed()
    assert shape([Record(2, 1, ["a", "b"])], COLUMNS, report, ReadLimits()) == Parsed()
    assert problems == []
