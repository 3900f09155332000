"""A file is called plain only where the careful reader finds what the quick one would."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from positions.responses import consultation, plain, records
from positions.responses.backend import NotResponses

PLAIN = [
    "a,b,c\n1,2,3\n,,\n",
    "a,b,c\r\n1,2,3\r\n",
    "a,b,c\n1,2,3",
    'a,b,c\n1,"2, and 3",3\n',
    'a,b,c\n1,"two\nlines",3\n',
    'a,b,c\n"","say ""yes""",""\n"x","""",3\n',
    "a,b,c\n\u00e9,\u2019,3\n",
    "\ufeffa,b,c\n1,2,3\n",
]
NOT_PLAIN = [
    "a,b,c\n1,2\n",
    "a,b,c\n1,2,3,\n",
    "a,b,c\n1,2,3\n\n",
    "a,b,c\n1,2,3\r\n",
    "a,b,c\r\n1,2,3\n",
    "a,b,c\n1,2\r,3\n",
    "a,b,c\n1,2\0,3\n",
    'a,b,c\n1,2"x",3\n',
    'a,b,c\n1,"2"x,3\n',
    'a,b,c\n1,"2,3\n',
    'a,b,c\n1,"2" ,3\n',
    'a,b,c\n1,x""y,3\n',
    'a,b,c\n1,"2"\r,3\n',
    "a,b,c\n1,+-2,3\n",
]


def prove(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return plain.proof(path, ",", 1, 3)


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("block", [4, 11, 1_000_000])
def test_a_sound_file_is_plain_wherever_its_blocks_end(tmp_path, text, block, monkeypatch):
    monkeypatch.setattr(plain, "BLOCK", block)
    found = prove(tmp_path / "a.csv", text)
    assert found is not None
    assert found.records == len(list(csv.reader(io.StringIO(text, newline="")))) - 1
    assert found.several_lines == ("two\nlines" in text)


@pytest.mark.parametrize("text", [*NOT_PLAIN, b"a,b,c\n1,\xff,3\n"])
@pytest.mark.parametrize("block", [4, 1_000_000])
def test_a_file_with_any_fault_is_not_plain(tmp_path, text, block, monkeypatch):
    monkeypatch.setattr(plain, "BLOCK", block)
    assert prove(tmp_path / "a.csv", text) is None


def test_a_line_without_end_is_not_plain(tmp_path):
    long = "x" * (2 * records.LONGEST)
    assert prove(tmp_path / "a.csv", f'a,b,c\n1,"{long}",3\n' + "1,2,3\n" * 10) is None


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab,"\n\r\0\u00e9', max_size=24), st.integers(1, 30))
def test_what_is_proved_plain_is_read_without_a_fault(tmp_path_factory, text, block):
    path = tmp_path_factory.mktemp("plain") / "a.csv"
    whole = plain.BLOCK
    plain.BLOCK = block
    try:
        found = prove(path, "a,b,c\n" + text)
    finally:
        plain.BLOCK = whole
    if found is None:
        return
    rows = list(records.records(path, ","))[1:]
    assert [fault for _, _, fault in rows] == [""] * found.records
    assert [len(fields) for _, fields, _ in rows] == [3] * found.records
    strict = csv.reader(io.StringIO("a,b,c\n" + text, newline=""), strict=True)
    assert [fields for _, fields, _ in rows] == list(strict)[1:]


def test_a_quotation_mark_that_swallows_lines_ends_the_reading(tmp_path):
    path = tmp_path / "a.csv"
    for text, line in (
        ('a,b\n1,"x\n2,y\n', 2),
        ('a,b\n1,"x\n2,y"z\n3,w\n', 2),
        ('a,b\n1,2\n2,x"y\n3,"z"\n4,w\n', 3),
    ):
        path.write_text(text)
        with pytest.raises(NotResponses, match=f"a.csv:{line}: a quotation mark"):
            list(records.records(path, ","))


def test_a_mark_misplaced_within_its_line_costs_that_line_alone(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,agree"some, text"\n2,"x"\n')
    assert list(records.records(path, ",")) == [
        (1, ["a", "b"], ""), (2, ["1", 'agree"some', ' text"'], "quotes"), (3, ["2", "x"], ""),
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["r\r\n-1", "r\r-1", "r\n-1", 'r"\r\n"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_break_within_the_first_field_is_no_end_of_a_line(tmp_path, field, end):
    asked = pd.DataFrame(
        {"question_id": ["a"], "proposition_id": "p", "answers": "codes", "reversed": ""}
    )
    path = tmp_path / "a.csv"
    quoted = '"' + field.replace('"', '""') + '"'
    lines = ["respondent,a", f"{quoted},1", *(f"r{i},2" for i in range(30)), "bad"]
    for some in (lines, lines[:-1]):
        path.write_bytes((end.join(some) + end).encode())
        found = consultation.count_files([path], asked, asked.assign(position=2, weight=1.0))
        assert found.read == len(some) - 1
        assert found.counted.groupby("code")["n"].sum().to_dict() == {1: 1, 2: 30}
