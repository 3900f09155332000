"""Records become rows of values; headers, totals and limits are judged on the way."""

import pytest

from positions.study.csv_reader import Parsed, ReadLimits, Record
from positions.study.fields import Column
from positions.study.problems import Problem
from positions.study.schema import TableSchema
from positions.study.validate import Reading, read_rows

TABLE = TableSchema(
    "things",
    "things.csv",
    (Column("thing_id", "string", True), Column("size", "integer"), Column("note", "string")),
    ("thing_id",),
    (),
)
HEADER = Record(1, 0, ["thing_id", "size", "note"])


def reading(*rows: list[str], header: Record | None = HEADER, misfits=(), **limits) -> Reading:
    found = Reading(ReadLimits(**limits))
    records = [Record(n + 2, n + 1, row) for n, row in enumerate(rows)]
    read_rows(TABLE, Parsed(header, records, list(misfits)), found)
    return found


def told(found: Reading) -> list[tuple[str, int, str, str]]:
    return [(p.rule, p.line, p.column, p.value) for p in found.problems]


def test_each_cell_becomes_its_columns_kind_of_value():
    found = reading(["a", "1", ""], ["b", "", "x"])
    assert found.rows == {
        "things": [
            {"thing_id": "a", "size": 1, "note": ""},
            {"thing_id": "b", "size": None, "note": "x"},
        ]
    }
    assert [record.line for record in found.lines["things"]] == [2, 3]
    assert found.read == {"things": 2}
    assert found.known == {"things": {"a", "b"}}
    assert found.perhaps == {"things": set()}
    assert found.problems == []
    assert not found.faulty(TABLE)


def test_columns_may_stand_in_another_order():
    found = reading(["x", "b", "2"], header=Record(1, 0, ["note", "thing_id", "size"]))
    assert found.rows["things"] == [{"note": "x", "thing_id": "b", "size": 2}]
    assert found.known == {"things": {"b"}}


def test_ids_are_known_in_one_unicode_form_also_from_faulty_rows():
    found = reading(["cafe\u0301", "x", ""])
    assert found.rows["things"] == []
    assert found.lines["things"] == []
    assert found.known == {"things": {"caf\u00e9"}}
    assert told(found) == [
        ("unicode-form", 2, "thing_id", "cafe\u0301"), ("integer", 2, "size", "x"),
    ]  # fmt: skip
    assert found.faulty(TABLE)


def test_records_set_aside_are_counted_and_their_fields_remembered():
    found = reading(["a", "", ""], misfits=[Record(3, 2, ["b", "c"]), Record(4, 3, ["d"])])
    assert found.read == {"things": 3}
    assert found.perhaps == {"things": {"b", "c", "d"}}


def test_without_a_header_there_are_no_rows_and_nothing_to_add():
    found = reading(header=None, misfits=[Record(2, 1, ["x"])])
    assert (found.rows, found.known, found.problems) == ({"things": []}, {}, [])
    assert found.read == {"things": 1}


def test_every_fault_of_a_header_is_told():
    found = reading(["a", "b", "c"], header=Record(1, 0, ["thing_id", "thing_id", "sice"]))
    assert found.rows["things"] == []
    assert [(p.column, p.value, p.message, p.fix) for p in found.problems] == [
        ("thing_id", "thing_id", "the column stands there 2 times", "keep one of them"),
        ("sice", "sice", "no column of this table", "write 'size'"),
        ("size", "", "the column is missing",
         "add the column; the columns are: thing_id, size, note"),
        ("note", "", "the column is missing",
         "add the column; the columns are: thing_id, size, note"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        (" SIZE ", "write 'size'"),
        ("sizes", "write 'size'"),
        ("si", "delete the column; the columns are: thing_id, size, note"),
        ("siz" + "x" * 3, "delete the column; the columns are: thing_id, size, note"),
    ],
)
def test_a_near_name_is_offered_and_a_far_one_is_not(name, fix):
    found = reading(header=Record(1, 0, ["thing_id", "size", "note", name]))
    assert [p.fix for p in found.problems] == [fix]


def test_a_long_name_is_carried_by_its_first_hundred_characters():
    found = reading(header=Record(1, 0, ["thing_id", "size", "note", "n" * 200]))
    assert [(p.column, p.value) for p in found.problems] == [("n" * 100, "n" * 200)]


@pytest.mark.parametrize(
    "text",
    ["Total", "totals", "GRAND TOTAL", "Sub-total:", "subtotal", "Sum", "Average", "mean",
     "Total (n=12)"],
)  # fmt: skip
def test_a_row_of_totals_is_told_and_left_out(text):
    found = reading(["a", "1", ""], [f" {text} ", "1", ""])
    assert told(found) == [("totals-row", 3, "thing_id", f" {text} ")]
    assert len(found.rows["things"]) == 1


def test_totals_are_looked_for_in_the_first_cell_that_holds_something():
    assert told(reading(["", "total", ""])) == [("totals-row", 2, "size", "total")]
    assert told(reading(["a", "", "total"])) == []


@pytest.mark.parametrize("text", ["total-triangle", "meaning", "sums", "in-total"])
def test_an_id_that_begins_like_a_total_is_an_id(text):
    assert told(reading([text, "", ""])) == []


def test_every_faulty_cell_of_a_row_is_told():
    assert told(reading(["", "x", "\x07"])) == [
        ("required", 2, "thing_id", ""),
        ("integer", 2, "size", "x"),
        ("control-character", 2, "note", "\x07"),
    ]


def test_a_doubt_is_a_warning_and_the_row_is_kept():
    found = reading(["a", "", "x\u200b"])
    assert [(p.severity, p.rule, p.column) for p in found.problems] == [
        ("warning", "hidden-character", "note")
    ]
    assert len(found.rows["things"]) == 1
    assert not found.faulty(TABLE)


def test_bytes_that_are_no_utf_8_are_written_out_in_the_value():
    assert told(reading(["a", "", "x\udc93y\udcffz"])) == [
        ("encoding", 2, "note", "x<0x93>y<0xff>z")
    ]
    assert told(reading(["a", "", "\ud800\udfff"]))[0][3] == "<U+D800><U+DFFF>"
    assert told(reading(["a", "", "\x07\ud7ff\ue000"]))[0][3] == "\x07\ud7ff\ue000"


def test_reading_stops_after_so_many_problems_of_one_table():
    found = Reading(ReadLimits(problems_per_file=2))
    found.problems += [Problem("note", "other.csv", 0, 0, "", "r", "", "m", "f")] * 5
    records = [Record(n + 2, n + 1, ["a", "x", ""]) for n in range(5)]
    read_rows(TABLE, Parsed(HEADER, records), found)
    assert [(p.rule, p.line) for p in found.problems[5:]] == [
        ("integer", 2), ("integer", 3), ("limit-problems-per-file", 4),
    ]  # fmt: skip
    last = found.problems[-1]
    assert (last.file, last.message) == ("things.csv", "there are more problems; the limit is 2")


def test_the_time_is_looked_at_before_the_first_row_and_then_every_thousand():
    found = reading(["a", "x", ""], seconds=0)
    assert found.rows["things"] == []
    assert [(p.rule, p.file, p.message) for p in found.problems] == [
        ("limit-seconds", "things.csv", "reading takes longer; the limit is 0")
    ]

    class Late(Reading):
        asked = 0

        def late(self, file: str) -> bool:
            self.asked += 1
            return self.asked > 2

    late = Late(ReadLimits())
    records = [Record(n + 2, n + 1, [f"a{n}", "", ""]) for n in range(3000)]
    read_rows(TABLE, Parsed(HEADER, records), late)
    assert len(late.rows["things"]) == 2000


def test_that_the_time_is_up_is_said_once():
    found = Reading(ReadLimits(seconds=0))
    assert found.late("a.csv")
    assert found.late("b.csv")
    assert [(p.rule, p.file) for p in found.problems] == [("limit-seconds", "a.csv")]
    assert not Reading(ReadLimits(seconds=1000)).late("a.csv")


def test_a_table_without_rows_because_of_another_is_faulty():
    found = reading(["a", "", ""])
    found.partial.add("things")
    assert found.faulty(TABLE)


def test_a_problem_may_be_of_the_file_as_a_whole_and_its_value_is_bounded():
    found = Reading(ReadLimits())
    found.add("a.csv", "rule", "message", "fix", value="v" * 1001)
    found.add("a.csv", "rule", "message", "fix", Record(5, 3, []), "column", "v", "note")
    assert found.problems == [
        Problem("error", "a.csv", 0, 0, "", "rule", "v" * 1000, "message", "fix"),
        Problem("note", "a.csv", 5, 3, "column", "rule", "v", "message", "fix"),
    ]


def test_a_cell_that_a_spreadsheet_would_run_is_warned_of():
    found = reading(["a", "1", "=1+1"], ["b", "2", "-1"], ["c", "3", ""])
    assert told(found) == [("runs", 2, "note", "=1+1")]
    assert [p.severity for p in found.problems] == ["warning"]


def test_rows_swallowed_by_a_quotation_mark_are_told_whatever_their_ids():
    found = reading(["a", "1", "open\n7,2,\n8 b,3,x"], ["c", "3", ""])
    assert told(found) == [("swallowed-rows", 2, "note", "open\n7,2,\n8 b,3,x")]
    assert found.cut(TABLE)


def test_an_id_that_is_read_in_a_form_of_its_own_is_noted():
    found = reading(["cafe\u0301", "1", ""])
    assert found.rows["things"][0]["thing_id"] == "caf\u00e9"
    assert [(p.severity, p.rule, p.value) for p in found.problems] == [
        ("note", "unicode-form", "cafe\u0301")
    ]
