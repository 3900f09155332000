"""A coder's CSV or workbook becomes codings of that coder, or says line by line why not."""

import io

import openpyxl
import pytest
import small

from positions.exchange import coder_files, formats, merge
from positions.exchange.coder_files import CoderOptions
from positions.exchange.formats import ImportOptions
from positions.exchange.ids import Ids
from positions.exchange.imported import Carried
from positions.exchange.mapping import Declared
from positions.study import load
from positions.study.problems import as_text

HEADER = "body_id,proposition_id,source_id,stance,basis,quote"
ROW = "nhsp,voice,nhsp-brief,-1,stated,a seat that counts"


def book(sheets):
    """A workbook's bytes: each sheet a list of rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def brought(tmp_path, name, content, declared=None, *, unresolved=False, replace=False, **coder):
    """What an import of this file into the small study comes to."""
    folder = tmp_path / "study"
    if not folder.exists():
        small.write(folder)
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    options = ImportOptions(CoderOptions(**coder), unresolved=unresolved, replace=replace)
    return formats.bring("coder", file, folder, declared or Declared(), options)[0]


def read(name, raw, **coder):
    """What a coder's file says, with no study at hand."""
    carried = Carried()
    coder_files.read_coder_file(name, raw, Ids({}, Declared(), carried), CoderOptions(**coder))
    return carried


def said(taken):
    return as_text([*taken.problems, *taken.conflicts, *taken.to_fill])


def test_a_csv_without_coder_and_offsets_is_taken_with_the_coder_named(tmp_path):
    taken = brought(tmp_path, "ann.csv", f"{HEADER}\n{ROW}\n", coder="ann")
    assert said(taken) == ""
    assert taken.lost == []
    assert taken.added["codings"] == 1
    assert taken.files["codings.csv"].decode() == (
        small.TABLES["codings.csv"] + "nhsp,voice,nhsp-brief,ann,-1,stated,a seat that counts,,,\n"
    )


def test_a_workbook_has_one_sheet_a_coder(tmp_path):
    row = ["nhsp", "voice", "nhsp-brief", -1, "stated", "a seat that counts"]
    header = HEADER.split(",")
    raw = book({"ann": [header, row], "ben": [[*header, "coder"], [*row[:3], -2, *row[4:], "ben"]]})
    found = read("coders.xlsx", raw, sheets=True)
    assert found.problems == []
    rows = [(said.cells["coder"], said.cells["stance"], said.place.file, said.place.line)
            for said in found.rows["codings"]]  # fmt: skip
    assert rows == [("ann", "-1", "coders.xlsx#ann", 2), ("ben", "-2", "coders.xlsx#ben", 2)]


def test_a_sheet_of_one_coder_with_rows_of_another_is_refused(tmp_path):
    header = [*HEADER.split(","), "coder"]
    raw = book({"ann": [header, [*ROW.split(",")[:3], -1, "stated", "a seat", "ben"]]})
    problems = read("coders.xlsx", raw, coder="ann").problems
    assert as_text(problems).startswith(
        "coders.xlsx#ann:2 [coder]: error: coder: «ben» --coder says 'ann'"
    )


def test_a_hidden_sheet_is_not_read_in_silence(tmp_path):
    made = openpyxl.load_workbook(io.BytesIO(book({"ann": [HEADER.split(",")], "ben": [["x"]]})))
    made["ben"].sheet_state = "hidden"
    held = io.BytesIO()
    made.save(held)
    found = read("c.xlsx", held.getvalue()).problems
    assert any(p.rule == "hidden-sheet" and p.file == "c.xlsx#ben" for p in found)


def test_without_a_coder_nobody_is_made_up(tmp_path):
    taken = brought(tmp_path, "ann.csv", f"{HEADER}\n{ROW}\n")
    assert said(taken).startswith("ann.csv:1 [coder]: error: coder: nobody says who coded")
    assert taken.files == taken.base


def test_headers_in_capitals_and_further_columns_are_errors_unless_they_are_allowed(tmp_path):
    text = f"{HEADER.upper()},Mood\n{ROW},glad\n"
    strict = said(brought(tmp_path, "ann.csv", text, coder="ann"))
    assert "ann.csv:1 [Mood]: error: header: «Mood» no column of codings" in strict
    assert "ann.csv:1 [stance]: error: header: the column is missing" in strict
    taken = brought(tmp_path, "ann.csv", text, coder="ann", lenient=True)
    assert said(taken) == ""
    (lost,) = taken.lost
    assert (lost.file, lost.line, lost.value) == ("ann.csv", 1, "Mood")
    assert taken.added["codings"] == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",-1,", ",for,", "ann.csv:2 [stance]: error: integer: «for» not a whole number"),
        (",-1,", ",3,", "ann.csv:2 [stance]: error: range: «3» out of range"),
        ("nhsp,", "nhps,", "ann.csv:2 [body_id]: error: foreign-key: «nhps» no such body_id"),
        ("a seat that counts", "word " * 26 + "end", "error: quote-length"),
        ("stated", "guessed", "ann.csv:2 [basis]: error: enum: «guessed»"),
    ],
)
def test_a_fault_is_named_where_it_stands_in_the_coder_s_file(old, new, words, tmp_path):
    text = f"{HEADER}\n{ROW.replace(old, new, 1)}\n"
    taken = brought(tmp_path, "ann.csv", text, coder="ann")
    assert words in said(taken)
    assert "ann.csv:2" in said(taken)


def test_an_empty_cell_that_must_be_filled_is_said_to_be_one(tmp_path):
    text = f"{HEADER}\n{ROW.replace('stated', '')}\n"
    taken = brought(tmp_path, "ann.csv", text, coder="ann")
    assert taken.problems == []
    (problem,) = taken.to_fill
    assert problem.where() == "ann.csv:2 [basis]"
    assert problem.fix == "write the basis"


def test_a_new_disagreement_of_coders_waits_for_a_decision_and_can_be_allowed(tmp_path):
    text = f"{HEADER},start,end\nkonp,body,konp-letter,2,stated,halt the bill,5,18\n"
    taken = brought(tmp_path, "ben.csv", text, coder="ben")
    assert [problem.rule for problem in taken.to_fill] == ["unadjudicated"]
    allowed = brought(tmp_path, "ben.csv", text, coder="ben", unresolved=True)
    assert allowed.to_fill == allowed.problems == []


def test_the_same_file_twice_gives_the_same_study_byte_for_byte(tmp_path):
    folder = tmp_path / "study"
    text = f"{HEADER}\n{ROW}\n"
    merge.write(folder, brought(tmp_path, "ann.csv", text, coder="ann"))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = brought(tmp_path, "ann.csv", text, coder="ann")
    merge.write(folder, again)
    assert not again.written
    assert again.same == {"codings": 1}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert len(load.read(folder).codings) == 8


def test_another_stance_of_the_same_coding_is_a_conflict_and_replaces_only_when_asked(tmp_path):
    text = f"{HEADER}\nkonp,body,konp-letter,-1,stated,halt the bill\n"
    taken = brought(tmp_path, "ann.csv", text, coder="ann")
    assert as_text(taken.conflicts) == (
        "ann.csv:2 [stance]: error: conflict: «-1» konp / body / konp-letter / ann has '-2' "
        "already\n    fix: correct one of the two, or import with --replace"
    )
    assert taken.problems == []
    replaced = brought(tmp_path, "ann.csv", text, coder="ann", replace=True)
    merge.write(tmp_path / "study", replaced)
    codings = load.read(tmp_path / "study").codings
    row = codings[(codings["body_id"] == "konp") & (codings["proposition_id"] == "body")]
    assert row[["stance", "start", "end"]].to_numpy().tolist() == [[-1, 5, 18]]
    assert len(codings) == 7


def test_a_file_that_contradicts_itself_is_refused(tmp_path):
    text = f"{HEADER}\n{ROW}\n{ROW.replace(',-1,', ',1,')}\n"
    taken = brought(tmp_path, "ann.csv", text, coder="ann")
    assert "ann.csv:3: error: duplicate" in said(taken)
    assert "also in ann.csv:2" in said(taken)


def test_a_file_that_repeats_itself_is_taken_once_and_says_so(tmp_path):
    taken = brought(tmp_path, "ann.csv", f"{HEADER}\n{ROW}\n{ROW}\n", coder="ann")
    assert taken.added["codings"] == 1
    assert [problem.message for problem in taken.lost] == ["the same as ann.csv:2"]
