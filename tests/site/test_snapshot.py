"""A report is of the study as it was read, whatever becomes of its files meanwhile."""

import pytest
import village
import workbooks
from folders import contents
from nbformat.v4 import new_code_cell, new_markdown_cell
from village_report import notebooks

from positions.cli.main import main
from positions.site import snapshot
from positions.study import load

CHANGES = """
import pathlib
import shutil
import positions as ps
shutil.rmtree({folder!r})
study = ps.read(STUDY)
print(len(study.bodies), "bodies are read from", STUDY)
print((pathlib.Path(STUDY) / "notes.txt").read_text(), (pathlib.Path(STUDY).exists()))
"""


@pytest.mark.slow
def test_a_study_that_is_deleted_during_the_build_is_reported_as_it_was_read(tmp_path):
    folder = village.write(tmp_path / "village")
    (folder / "notes.txt").write_text("a note beside the tables")
    cells = [
        new_markdown_cell("# Who is there?"),
        new_code_cell("STUDY = '../data'", metadata={"tags": ["parameters"]}),
        new_code_cell(CHANGES.format(folder=str(folder))),
    ]
    out, place = tmp_path / "site", notebooks(tmp_path / "notebooks", cells, "1-who")
    assert main(["report", str(folder), "--out", str(out), "--notebooks", str(place)]) == 0
    assert not folder.exists()
    page = (out / "1-who.html").read_text("utf-8")
    assert "4 bodies are read from village\na note beside the tables True" in page
    assert str(tmp_path) not in page
    assert {path.name for path in tmp_path.iterdir()} == {"notebooks", "site", ".site.lock"}


def test_a_snapshot_reads_as_the_study_does(tmp_path):
    folder = village.write(tmp_path / "village")
    study = load.read(folder)
    (folder / "bodies.csv").write_text("changed since")
    kept = snapshot.take(study, tmp_path / "kept")
    assert kept.name == "village"
    assert load.read(kept).digests == study.digests


def test_rows_added_in_memory_are_in_the_snapshot(tmp_path):
    study = load.read(village.write(tmp_path / "village"))
    more = study.with_rows("bodies", [{"body_id": "delta", "name": "Delta", "kind": "guild"}])
    kept = load.read(snapshot.take(more, tmp_path / "kept"))
    assert list(kept.bodies["body_id"]) == ["alpha", "beta", "delta", "gamma", "maker"]


def test_a_workbook_becomes_a_folder_with_the_same_tables(tmp_path):
    study = load.read(workbooks.saved(workbooks.book(), tmp_path))
    kept = load.read(snapshot.take(study, tmp_path / "kept"))
    for name in workbooks.CONTRACT:
        assert getattr(kept, name).equals(getattr(study, name)), name
    assert (kept.title, kept.reference_model) == (study.title, study.reference_model)


def test_answers_and_files_beside_the_tables_are_copied_but_no_link_and_no_other_folder(tmp_path):
    folder = village.write(tmp_path / "village")
    for name in ("README.md", "responses/a.csv", "texts/a.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(name)
    (folder / "link.csv").symlink_to("bodies.csv")
    study = load.read(folder)
    kept = contents(snapshot.take(study, tmp_path / "kept"))
    assert set(contents(folder)) - set(kept) == {"texts/a.txt", "link.csv"}
    assert kept["responses/a.csv"] == b"responses/a.csv"
