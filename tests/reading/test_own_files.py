"""A coder's own files: saved act by act, and nothing lost whoever writes beside."""

import subprocess
import sys

import pytest
from folders import rows

from positions import _files
from positions.reading.own_files import CHECKS, CODINGS, DeskError, OwnFiles

ROW = {
    "body_id": "alpha", "proposition_id": "p1", "source_id": "brief", "coder": "cleo",
    "stance": "2", "basis": "stated", "quote": "=we back it", "start": "0", "end": "11", "note": "",
}  # fmt: skip


def more(**cells):
    row = ROW | cells
    return lambda rows: [*rows, row]


def read(own):
    return rows(own.path(CODINGS))


def test_a_row_is_on_the_disk_once_it_is_saved_and_no_spreadsheet_runs_it(tmp_path):
    own = OwnFiles(tmp_path, "cleo")
    assert not own.path(CODINGS).exists()
    own.change(CODINGS, more())
    assert read(own)[0]["quote"] == "'=we back it"
    assert OwnFiles(tmp_path, "cleo").rows(CODINGS) == [ROW]


def test_git_takes_no_own_file_by_accident_of_a_folder_that_the_desk_begins(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    OwnFiles(tmp_path / "study-readings", "cleo").change(CODINGS, more())
    (tmp_path / "seen.txt").touch()
    (tmp_path / "mine").mkdir()
    OwnFiles(tmp_path / "mine", "cleo").change(CODINGS, more())  # one's own folder is left alone
    asked = ["git", "-C", tmp_path, "status", "--porcelain", "--untracked-files=all"]
    found = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
    assert sorted(found) == ["?? mine/.cleo.lock", "?? mine/cleo/codings.csv", "?? seen.txt"]


def test_what_two_windows_save_is_all_kept_and_told(tmp_path):
    one, other = OwnFiles(tmp_path, "cleo"), OwnFiles(tmp_path, "cleo")
    assert not one.change(CODINGS, more())
    assert other.change(CODINGS, more(start="5")) or len(read(one)) == 2
    assert one.refresh() == [CODINGS]
    assert [row["start"] for row in one.rows(CODINGS)] == ["0", "5"]
    assert one.change(CODINGS, more(start="9")) is False
    assert other.change(CODINGS, more(start="12")) is True
    assert [row["start"] for row in read(one)] == ["0", "5", "9", "12"]


@pytest.mark.slow
def test_four_writers_at_once_lose_nothing(tmp_path):
    code = (
        "import sys; sys.path[:0] = sys.argv[3:]; import test_own_files as t\n"
        "from positions.reading.own_files import CODINGS, OwnFiles\n"
        "own = OwnFiles(sys.argv[1], 'cleo')\n"
        "for n in range(5): own.change(CODINGS, t.more(start=str(100 * int(sys.argv[2]) + n)))\n"
    )
    here = __file__.rpartition("/")[0]
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n), here, f"{here}/.."])
        for n in range(4)
    ]
    assert [one.wait(60) for one in running] == [0] * 4
    starts = {int(row["start"]) for row in OwnFiles(tmp_path, "cleo").rows(CODINGS)}
    assert starts == {100 * n + k for n in range(4) for k in range(5)}


def test_a_window_that_still_writes_is_named_and_nothing_is_saved(tmp_path, monkeypatch):
    own = OwnFiles(tmp_path, "cleo")
    own.change(CODINGS, more())
    monkeypatch.setattr("positions.reading.own_files._WAIT", 0.0)
    said = "nothing was saved: another window of the workbench is at work"
    with _files.alone(own.folder), pytest.raises(DeskError, match=said):
        own.change(CODINGS, more(start="5"))
    assert len(read(own)) == 1


def test_a_file_that_was_taken_away_is_not_silently_begun_anew(tmp_path):
    own = OwnFiles(tmp_path, "cleo")
    own.change(CODINGS, more())
    own.path(CODINGS).rename(tmp_path / "kept.csv")
    with pytest.raises(DeskError, match="was moved or deleted while you worked"):
        own.change(CODINGS, more(start="5"))
    assert own.rows(CODINGS) == [ROW]


@pytest.mark.parametrize("coder", ["", "../x", "a/b", ".x", "x.", "con", "a b", "a\n", "é" * 70])
def test_a_name_that_no_folder_can_have_is_refused(tmp_path, coder):
    with pytest.raises(DeskError, match="write a name of letters"):
        OwnFiles(tmp_path, coder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",2,", ",7,", r"codings.csv:2 \[stance\]"),
        ("cleo", "ben", r"codings.csv:2 \[coder\] 'ben': this file is cleo's own"),
        ("note", "notes", r"not the columns of the table"),
        ("stated,", "stated,,", r"the row has 11 fields, the header has 10"),
        ("alpha", "", r"\[body_id\] the cell is empty; write the body_id"),
    ],
)
def test_an_own_file_that_was_damaged_is_refused_with_its_place(tmp_path, old, new, words):
    own = OwnFiles(tmp_path, "cleo")
    own.change(CODINGS, more())
    text = own.path(CODINGS).read_text("utf-8")
    own.path(CODINGS).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DeskError, match=words):
        OwnFiles(tmp_path, "cleo")


def test_a_row_that_breaks_a_rule_is_not_saved(tmp_path):
    own = OwnFiles(tmp_path, "cleo")
    own.change(CODINGS, more())
    before = own.path(CODINGS).read_bytes()
    with pytest.raises(DeskError, match=r"\[stance\]"):
        own.change(CODINGS, more(stance="3", start="5"))
    with pytest.raises(DeskError, match=r"\[quote\]"):
        own.change(CODINGS, more(quote="a\x00b", start="5"))
    assert own.path(CODINGS).read_bytes() == before
    assert own.rows(CODINGS) == [ROW]


def test_a_link_in_the_place_of_a_file_is_refused(tmp_path):
    (tmp_path / "cleo").mkdir()
    (tmp_path / "elsewhere.csv").write_text("x")
    (tmp_path / "cleo" / "checks.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(DeskError, match="is not a regular file"):
        OwnFiles(tmp_path, "cleo")
    assert CHECKS == "checks"
