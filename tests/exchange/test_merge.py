"""Rows from elsewhere come into a study all or not at all, and what was there stays as it was."""

import subprocess
import sys
import time

import pytest
import small

from positions import _files
from positions.exchange import merge
from positions.exchange.imported import Carried, Place
from positions.exchange.mapping import Declared, read_declarations
from positions.study import holdings, load
from positions.study.problems import as_text

NEW = {
    "body_id": "nhsp", "proposition_id": "voice", "source_id": "nhsp-brief", "coder": "ann",
    "stance": "-1", "basis": "stated", "quote": "a seat, that counts",
}  # fmt: skip


def carrying(**rows):
    carried = Carried()
    for table, cells in rows.items():
        for at, row in enumerate(cells):
            carried.say(table, row, Place("there.csv", at + 2))
    return carried


def test_the_old_rows_keep_their_bytes_whatever_their_order_ends_and_columns(tmp_path):
    old = small.TABLES["codings.csv"].replace("\n", "\r\n").removesuffix("\r\n")
    old = "\ufeff" + old.replace("quote,start,end,note", "quote,start,end,note")
    folder = small.write(tmp_path / "study", {"codings.csv": old})
    taken = merge.take(folder, carrying(codings=[NEW]), Declared())
    assert as_text(taken.problems) == ""
    merge.write(folder, taken)
    assert (folder / "codings.csv").read_bytes() == (
        old + '\nnhsp,voice,nhsp-brief,ann,-1,stated,"a seat, that counts",,,\n'
    ).encode()
    assert len(load.read(folder).codings) == 8


def test_new_rows_come_by_key_whatever_their_order_in_the_file(tmp_path):
    folder = small.write(tmp_path / "study")
    rows = [NEW, {**NEW, "body_id": "konp", "source_id": "nhsp-brief"}]
    one = merge.take(folder, carrying(codings=rows), Declared())
    other = merge.take(folder, carrying(codings=rows[::-1]), Declared())
    assert one.files == other.files


def test_a_study_that_is_not_there_is_begun_with_a_header_a_table(tmp_path):
    taken = merge.take(tmp_path / "new", carrying(bodies=[{"body_id": "a", "name": "A"}]),
                        Declared())  # fmt: skip
    assert {problem.rule for problem in taken.to_fill} == {"required"}
    assert as_text(taken.problems) == ""
    merge.write(tmp_path / "new", taken)
    assert (tmp_path / "new" / "bodies.csv").read_text() == (
        "body_id,name,kind,about,overlaps\na,A,,,\n"
    )
    problems = load.check(tmp_path / "new")[1]
    assert {(p.file, p.column) for p in problems if p.rule == "required"} == {
        ("bodies.csv", "kind")
    }


def test_facts_are_declared_for_empty_cells_and_by_name_for_any(tmp_path):
    folder = small.write(tmp_path / "study")
    declared = read_declarations(
        {"m.csv": b"table,name,column,value\nbodies,Bee,kind,trusts\nbodies,,kind,charity\n"
                  b"bodies,Cee,kind,none of these\n"}, {}, ["bodies.about=Not much"],
    )  # fmt: skip
    rows = [{"body_id": "b", "name": "Bee", "kind": "x"}, {"body_id": "c", "name": "Dee"}]
    taken = merge.take(folder, carrying(bodies=rows), declared)
    assert (
        taken.files["bodies.csv"]
        .decode()
        .endswith("b,Bee,trusts,Not much\nc,Dee,charity,Not much\n")
    )
    assert [p.value for p in taken.lost] == ["Cee"]
    assert taken.lost[0].message == "nothing of bodies in the file has this name"


def test_a_fact_declared_for_all_does_not_contradict_a_coding_of_the_study(tmp_path):
    folder = small.write(tmp_path / "study")
    said = {"body_id": "lga", "proposition_id": "voice", "source_id": "lga-view", "coder": "ann",
            "stance": "-1", "quote": "questionable, in its form"}  # fmt: skip
    declared = read_declarations({}, {}, ["codings.basis=stated"])
    taken = merge.take(folder, carrying(codings=[said]), declared)
    assert (taken.conflicts, taken.same) == ([], {"codings": 1})
    assert taken.files == taken.base


def test_a_fact_of_the_study_stays_and_the_other_is_listed(tmp_path):
    folder = small.write(tmp_path / "study")
    rows = [{"body_id": "lga", "name": "L.G.A.", "kind": "local government"}]
    taken = merge.take(folder, carrying(bodies=rows), Declared())
    assert taken.files == taken.base
    assert as_text(taken.lost).startswith(
        "there.csv:2 [name]: warning: not-carried: «L.G.A.» the study has 'Local Government "
        "Association', which stays"
    )


def test_a_broken_study_is_not_written_into(tmp_path):
    folder = small.write(tmp_path / "study", {"codings.csv": "body_id,coder\na,b\n"})
    taken = merge.take(folder, carrying(codings=[NEW]), Declared())
    assert "codings.csv" in as_text(taken.problems)
    assert taken.files == taken.base


def test_a_study_changed_meanwhile_is_not_written_over(tmp_path):
    folder = small.write(tmp_path / "study")
    taken = merge.take(folder, carrying(codings=[NEW]), Declared())
    (folder / "bodies.csv").write_text(small.TABLES["bodies.csv"] + "x,X,campaign,\n")
    with pytest.raises(_files.SwitchError, match=r"bodies\.csv was changed meanwhile"):
        merge.write(folder, taken)
    assert (folder / "codings.csv").read_text() == small.TABLES["codings.csv"]


def test_other_files_of_the_folder_stay_and_a_link_is_not_followed(tmp_path):
    folder = small.write(tmp_path / "study")
    (folder / "README.md").write_text("read me")
    merge.write(folder, merge.take(folder, carrying(codings=[NEW]), Declared()))
    assert (folder / "README.md").read_text() == "read me"
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(_files.SwitchError, match="symbolic link"):
        merge.write(tmp_path / "link", merge.take(folder, carrying(bodies=[
            {"body_id": "n", "name": "N", "kind": "campaign"}]), Declared()))  # fmt: skip


KILLED = """
import pathlib, sys
from positions import _files as switch
folder = pathlib.Path(sys.argv[1])
with switch.revising(folder) as fresh:
    (fresh / "bodies.csv").write_text("half")
    print("half", flush=True)
    sys.stdin.read()
"""


def test_an_import_that_is_killed_leaves_the_study_as_it_was(tmp_path):
    folder = small.write(tmp_path / "study")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"half\n"
        with (
            pytest.raises(_files.SwitchError, match="another build is at work"),
            _files.revising(folder),
        ):
            time.sleep(0)
        process.kill()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with _files.revising(folder) as fresh:
        (fresh / "bodies.csv").write_text("whole")
    assert (folder / "bodies.csv").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir() if "-new-" in path.name] == []


def test_tables_beside_the_contract_are_added_to_and_never_changed_in_silence(tmp_path):
    folder = small.write(tmp_path / "study")
    rows = [["question_id", "question"], ["a", "A?"]]

    def take(rows, **options):
        return merge.take(
            folder, Carried(), Declared(), besides={"responses/town.csv": rows}, **options
        )

    merge.write(folder, take(rows))
    assert take(rows).files == take(rows).base
    more = take([rows[0], ["b", "B?"]])
    assert more.files["responses/town.csv"] == b"question_id,question\na,A?\nb,B?\n"
    other = take([rows[0], ["a", "Another?"]])
    assert other.files == other.base
    assert as_text(other.conflicts).startswith(
        "responses/town.csv: error: conflict: «a,Another?» responses/town.csv has a different row "
        "of this key"
    )
    replaced = take([rows[0], ["a", "Another?"]], replace=True)
    assert replaced.files["responses/town.csv"] == b"question_id,question\na,Another?\n"


def test_what_lies_in_the_folder_is_read_as_it_lies(tmp_path):
    mine = holdings.known(small.write(tmp_path / "study"))
    assert mine.problems == []
    assert mine.files["bodies.csv"].decode() == small.TABLES["bodies.csv"]
    assert mine.rows["propositions"][2]["note"] == "as worded,\nin the first draft"
