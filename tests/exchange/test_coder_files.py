"""A coder's CSV or workbook becomes codings of that coder, or says line by line why not."""

import csv
import datetime
import io
import re

import openpyxl
import pytest
import small
import workbooks
from hypothesis import given
from hypothesis import strategies as st

from positions.exchange import coder_files, formats, merge
from positions.exchange.coder_files import CoderOptions
from positions.exchange.formats import ImportOptions
from positions.exchange.ids import Ids
from positions.exchange.imported import Carried, Place, loss, lost_table
from positions.exchange.mapping import Declared, read_declarations
from positions.study import csv_cells, load
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
    return workbooks.raw(made)


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
    found = read("c.xlsx", workbooks.raw(made)).problems
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


# --- columns, names and words of the coder's own ---------------------------------------------


def mapped(*lines, stances=()):
    rows = "\n".join(["table,name,column,value", *lines]) + "\n"
    return read_declarations({"m.csv": rows.encode()}, {}, (), stances)


def test_columns_names_and_words_are_declared_in_a_map(tmp_path):
    text = (
        "Who,On what,Where,View,How,Words\n"
        "Providers,Voice,The briefing,Strongly against,in words,a seat that counts\n"
    )
    declared = mapped(
        "columns,Who,column,body_id", "columns,On what,column,proposition_id",
        "columns,Where,column,source_id", "columns,View,column,stance",
        "columns,How,column,basis", "columns,Words,column,quote",
        "bodies,Providers,body_id,nhsp", "propositions,Voice,proposition_id,voice",
        "sources,The briefing,source_id,nhsp-brief", "words,in words,basis,stated",
        stances=["Strongly against=-2"],
    )  # fmt: skip
    taken = brought(tmp_path, "a.csv", text, declared, coder="ann")
    assert said(taken) == ""
    assert taken.lost == []
    row = "nhsp,voice,nhsp-brief,ann,-2,stated,a seat that counts,,,"
    assert taken.files["codings.csv"].decode().endswith(f"\n{row}\n")


def test_a_declared_column_that_no_header_has_is_named(tmp_path):
    declared = mapped("columns,Whom,column,body_id")
    taken = brought(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n", declared, coder="ann")
    assert [(p.rule, p.value) for p in taken.lost] == [("declared-unused", "Whom")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nhsp,voice", "NHS Providers,voice", "«NHS Providers» no such body_id in the study, nor "
         "in the file; did you mean nhsp?\n    fix: write nhsp, or declare it: "
         "bodies,NHS Providers,body_id,nhsp"),
        ("nhsp,voice", "nhsp,Council voice", "did you mean voice?"),
        ("nhsp,voice", "nhsp,Councils should have a voice.", "did you mean voice?"),
        ("nhsp-brief", "nhsp-breif", "did you mean nhsp-brief?"),
        ("nhsp,voice", "somebody else,voice", "fix: add it to the study's bodies.csv"),
        ("body_id,", "bodyid,", "«bodyid» no column of codings; did you mean body_id?\n    fix: "
         "declare it: columns,bodyid,column,body_id, or leave it with --lenient"),
    ],
)  # fmt: skip
def test_what_was_meant_is_suggested_for_a_name_a_label_or_a_slip(old, new, words, tmp_path):
    text = f"{HEADER}\n{ROW}\n".replace(old, new, 1)
    assert words in said(brought(tmp_path, "a.csv", text, coder="ann"))


def test_a_lenient_import_takes_names_that_only_one_row_of_the_study_has(tmp_path):
    header = "Body-ID,Proposition ID, source id ,STANCE,Basis,quote"
    row = "nhs  providers,Council Voice,Briefing,-1,stated,a seat that counts"
    taken = brought(tmp_path, "a.csv", f"{header}\n{row}\n", coder="ann", lenient=True)
    assert said(taken) == ""
    assert taken.files["codings.csv"].decode().endswith("\nnhsp,voice,nhsp-brief,ann,-1,stated,"
                                                        "a seat that counts,,,\n")  # fmt: skip


def test_a_lenient_import_takes_numbers_and_days_as_they_show_and_no_formula(tmp_path):
    header, row = HEADER.split(","), ["nhsp", "voice", "nhsp-brief", -1, "stated", 2021]
    day = datetime.datetime(2021, 2, 11)
    raw = book({"ann": [[*header, "note", "Seen"], [*row, day, "=NOW()"]]})
    taken = brought(tmp_path, "a.xlsx", raw, coder="ann", lenient=True)
    assert said(taken) == ""
    assert taken.files["codings.csv"].decode().endswith(",ann,-1,stated,2021,,,2021-02-11\n")
    assert [(p.column, p.value) for p in taken.lost] == [("Seen", "Seen")]
    strict = said(brought(tmp_path, "b.xlsx", raw, coder="ann"))
    for rule in ("number-cell", "date-cell", "formula-cell"):
        assert rule in strict
    read_too = book({"ann": [header, [*row[:5], "=NOW()"]]})
    assert "a.xlsx#ann:2 [quote]: error: formula-cell" in (
        said(brought(tmp_path, "a.xlsx", read_too, coder="ann", lenient=True))
    )


def test_a_sheet_is_no_coder_unless_the_study_knows_the_name_or_somebody_says_so(tmp_path):
    rows = [HEADER.split(","), ["nhsp", "voice", "nhsp-brief", -1, "stated", "a seat"]]
    raw = book({"Sheet1": rows})
    assert said(brought(tmp_path, "a.xlsx", raw)) == (
        "a.xlsx#Sheet1:1 [coder]: error: coder: «Sheet1» nobody says who coded\n    fix: add a "
        "column `coder`, or import with --coder NAME; if the sheets are named by their coders, "
        "with --sheets or --map: coders,Sheet1,coder,<name>"
    )
    with open(tmp_path / "study" / "coders.csv", "a", encoding="utf-8", newline="") as file:
        file.write("cee,person,Cee,,,1,\n")
    for taken in (
        brought(tmp_path, "a.xlsx", raw, unresolved=True, coder="cee"),
        brought(tmp_path, "a.xlsx", raw, mapped("coders,Sheet1,coder,cee"), unresolved=True),
        brought(tmp_path, "a.xlsx", book({"cee": rows}), unresolved=True, sheets=True),
    ):
        assert said(taken) == ""
        assert ",cee,-1," in taken.files["codings.csv"].decode()
    # ben has codings in the study; cee is described in its coders.csv alone
    for name in ("ben", "cee"):
        known = brought(tmp_path, "a.xlsx", book({name: rows}), unresolved=True)
        assert f",nhsp-brief,{name},-1," in known.files["codings.csv"].decode()


def test_a_coder_whom_the_study_does_not_describe_is_refused_while_it_describes_others(tmp_path):
    taken = brought(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n", coder="cee", unresolved=True)
    assert said(taken) == (
        "a.csv:2 [coder]: error: coder-unknown: «cee» coders.csv does not say who this is (in the "
        "study's codings.csv)\n    fix: add a row: person or model, the name as printed"
    )
    (tmp_path / "study" / "coders.csv").unlink()
    taken = brought(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n", coder="cee", unresolved=True)
    assert [p.rule for p in taken.problems if p.severity == "error"] == []
    assert ",cee," in taken.files["codings.csv"].decode()


@pytest.mark.parametrize(("name", "words"), [
    ("a.xlsx", "not an .xlsx file: it is protected by a password"),
    ("a.csv", "it is protected by a password"),
])  # fmt: skip
def test_a_workbook_with_a_password_is_said_to_have_one(name, words, tmp_path):
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert words in said(brought(tmp_path, name, raw, coder="ann"))


def test_rows_struck_through_are_noted(tmp_path):
    made = openpyxl.load_workbook(io.BytesIO(book({"ann": [HEADER.split(","), ROW.split(",")]})))
    made["ann"]["A2"].font = openpyxl.styles.Font(strike=True)
    made["ann"]["D2"].value = -1
    taken = brought(tmp_path, "a.xlsx", workbooks.raw(made))
    assert said(taken) == ""
    assert as_text(taken.notes).startswith("a.xlsx#ann:2: warning: struck-through (record 1): ")


# --- for a spreadsheet ---------------------------------------------------------------------

RUN = ("=cmd|' /C calc'!A0", "+1+1", "-1+1|cmd", "@SUM(1)", "\tx", "\uff1d1", "'=1", "''@x")
LEFT = ("-1", "+2", "1.5", "'tis so", "plain", "", "a=b", "''", "-0.5")


def test_a_cell_that_a_spreadsheet_would_run_is_made_inert_and_comes_back():
    for cell in RUN:
        assert csv_cells.inert(cell) == f"'{cell}"
    for cell in LEFT:
        assert csv_cells.inert(cell) == cell


@given(st.text(st.sampled_from("'=+-@\t1a .\uff1d")))
def test_making_inert_and_plain_again_changes_nothing(cell):
    assert csv_cells.plain(csv_cells.inert(cell)) == cell
    assert not re.match("[=@\t\uff1d]", csv_cells.inert(cell))


def test_an_export_holds_no_cell_that_runs_and_is_read_back_the_same(tmp_path):
    quote, note = "=cmd|' /C calc'!A0", "@SUM(A1)"
    old = small.TABLES["codings.csv"]
    changed = old.replace("a welcome step,,,", f'"{quote}",,,{note}')
    folder = small.write(tmp_path / "study", {"codings.csv": changed})
    loaded = load.read(folder)
    raw = formats.codings_csv(loaded.codings)
    cells = [cell for row in csv.reader(io.StringIO(raw.decode())) for cell in row]
    assert f"'{quote}" in cells
    assert f"'{note}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "\t"))]
    taken = brought(tmp_path, "c.csv", raw)
    assert taken.same == {"codings": 7}
    assert taken.lost == taken.conflicts == []


def test_the_list_of_what_was_lost_holds_no_cell_that_runs():
    listed = lost_table([loss(Place("f", 2, "=x"), "=1+1", "why")]).decode()
    assert listed.splitlines()[1] == (
        "f:2,,'=x,'=1+1,why,\"nothing to do, unless the study should have it\","
    )
